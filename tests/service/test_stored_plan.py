"""What is kept beside an act is enough to show it: after a restart the readers of stored plans lay nothing out."""

from datetime import UTC, date, datetime

import pytest
from shared.slip_once import CODE, START, create_patient, meta, slip
from shared.stores import KINDS, dayzero
from shared.web_ward import HOST, ORIGIN

from schedule.engine import replay as engine
from schedule.ledger import packed
from schedule.ledger.opening import open_store
from schedule.model.acts import Note
from schedule.model.server_address import ServerAddress
from schedule.service import feeds, printed
from schedule.service.acts import perform
from schedule.service.published import Published
from schedule.service.revisions import calendar_entries, newest, plan_of, shown_plan, stored_plan
from schedule.web.app import make_app
from schedule.web.settings import Settings

NOW = datetime(2026, 6, 12, 14, 0, tzinfo=UTC)
"""Fri 12-Jun-2026 10:00 at the site: lymphodepletion has begun, and nothing of it is recorded."""


@pytest.fixture(scope="module", params=KINDS)
def path(request, tmp_path_factory):
    """A ledger with two patients, one slipped twice and noted, and a feed of the ward and of each kind."""
    if request.param == "sqlite":
        place = tmp_path_factory.mktemp("stored") / "ledger.sqlite"
    else:
        server = request.getfixturevalue("postgres")
        place = ServerAddress(server.url(server.database()))
    with open_store(place) as store:
        create_patient(store)
        slip(store, 1)
        create_patient(store, 2, "CIML-019")
        slip(store, 3)
        perform(store, CODE, Note(text="pharmacy told"), meta(4))
    return place


@pytest.fixture
def after_a_restart(monkeypatch):
    """Nothing is remembered, and whoever lays a plan out is stopped."""

    def stopped(*_, **__):
        raise AssertionError("a plan was laid out")

    packed.projection_in.cache_clear()
    printed._REVISIONS.forget()
    monkeypatch.setattr(engine, "_known", {})
    monkeypatch.setattr(engine, "_replayed", stopped)
    monkeypatch.setattr(engine._Laying, "lay_out", stopped)


def test_whoever_lays_out_is_stopped(path, after_a_restart):
    with open_store(path) as store, pytest.raises(AssertionError, match="laid out"):
        plan_of(store, newest(store, "CIML-019"))


@pytest.fixture
def get(path):
    settings = Settings(
        store=path, site=None, protocols=(), user="nurse1", proxy_header=None, hosts=frozenset({HOST}),
        origins=frozenset({ORIGIN}), read_only=False, now=lambda: NOW, secret=b"0" * 32,
    )  # fmt: skip
    client = make_app(settings).test_client()
    return lambda address: client.get(address, headers={"Host": HOST})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/", "CIML-019"),
        ("/board", "CIML-019"),
        ("/board?from=2026-06-15", "CIML-017"),
        ("/sheets/today.html", "fludarabine"),
        ("/sheets/tomorrow.html", "CIML-017"),
        (f"/p/{CODE}/history", "pharmacy told"),
        (f"/p/{CODE}/rev-1/index.html", "superseded"),
        (f"/p/{CODE}/rev-2/everything.html", "superseded"),
        (f"/p/{CODE}/rev-2/plan.json", '"fludarabine"'),
        (f"/p/{CODE}/rev-4/calendar.ics", "BEGIN:VEVENT"),
    ],
)
def test_a_page_shows_what_is_kept(get, after_a_restart, address, said):
    answer = get(address)
    assert answer.status_code == 200
    assert said.lower() in answer.get_data(as_text=True).lower()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("today", "--date", "2026-06-12"), "fludarabine"),
        (("show", CODE, "--revision", "2"), "SUPERSEDED"),
        (("history", CODE), "pharmacy told"),
    ],
)
def test_a_command_says_what_is_kept(path, after_a_restart, arguments, said, capsys):
    assert dayzero(*arguments, "--store", path) == 0
    assert said.lower() in capsys.readouterr().out.lower()


@pytest.mark.parametrize("code", [None, CODE])
@pytest.mark.parametrize("level", ["minimal", "steps"])
def test_a_feed_gives_what_is_kept(path, after_a_restart, code, level):
    with open_store(path) as store:
        known = {"label": "x", "expires": date(2026, 12, 31), "by": "nurse1", "at": START}
        known |= {} if code else {"ward": newest(store, CODE).ward}
        secret, _ = feeds.make_feed(store, code=code, level=level, **known)
        _, content = Published().answer(store, secret, NOW)
    assert content.body.count(b"BEGIN:VEVENT") > 10


def test_a_plan_read_back_has_every_value_and_its_zone(path):
    with open_store(path) as store:
        for row in store.history(CODE):
            laid, kept = plan_of(store, row), stored_plan(store, row)
            assert kept == laid
            assert (kept.feasible, kept.clock, kept.moves) == (laid.feasible, laid.clock, laid.moves)
            assert {one.start.tzinfo for one in kept.events if one.start} == {kept.site.zone}
            assert kept.laid_before(2) == laid.laid_before(2) if row.act.revision > 2 else True
            assert shown_plan(store, row).events and calendar_entries(store, row)
