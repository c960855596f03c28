"""What is kept beside an act is enough to show it: after a restart the readers of stored plans lay nothing out."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from shared.failures import not_done
from shared.slip_once import CODE, START, create_patient, meta, slip
from shared.stores import KINDS, dayzero, forced
from shared.web_ward import HOST, ORIGIN

from schedule.commands.typed import moment
from schedule.engine import replay as engine
from schedule.ledger import packed
from schedule.ledger.opening import open_store
from schedule.model.acts import Note
from schedule.model.server_address import ServerAddress
from schedule.service import feeds, printed, revisions
from schedule.service.acts import perform, record_of
from schedule.service.published import Published
from schedule.service.remembered import Remembered
from schedule.service.revisions import calendar_entries, newest, plan_of, shown_plan, stored_plan
from schedule.service.verify import verify
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
    monkeypatch.setattr(engine.Laying, "lay_out", stopped)


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


# a long history


def laid_out(monkeypatch):
    """The step of each move that is laid out from now on, as a list that grows; but for days 0 that are only looked at."""
    found, lay_out = [], engine.Laying.lay_out

    def noted(laying):
        if laying.turn.step != engine.LAST:
            found.append(laying.turn.step)
        return lay_out(laying)

    monkeypatch.setattr(engine.Laying, "lay_out", noted)
    return found


@contextmanager
def as_another_process(monkeypatch):
    """Nothing that is read or laid out is remembered for this one."""
    with monkeypatch.context() as patch:
        patch.setattr(revisions, "_HISTORIES", Remembered(64))
        yield


def moves_after(store, count, begin):
    """So many moves of day 0, a note after each."""
    for number in range(count):
        slip(store, begin + 2 * number)
        perform(store, CODE, Note(text="told"), meta(begin + 2 * number + 1))


@pytest.fixture
def long(place):
    """A ledger with a patient whose acts 0, 1, 3 and 5 lay the plan out, 2, 4 and 6 do not."""
    with open_store(place) as store:
        create_patient(store)
        moves_after(store, 3, 1)
        plan_of(store, newest(store, CODE))
        yield store


def test_what_came_since_is_laid_out_upon_what_is_known(long, monkeypatch):
    with as_another_process(monkeypatch):
        moves_after(long, 2, 10)
    found = laid_out(monkeypatch)
    upon = plan_of(long, newest(long, CODE))
    assert found == [7, 9]
    with as_another_process(monkeypatch):
        assert plan_of(long, newest(long, CODE)) == upon and found == [7, 9, 0, 1, 3, 5, 7, 9]
    assert verify(long).faults == []


def test_what_tells_more_of_what_was_is_laid_out_from_the_beginning(long, monkeypatch):
    with as_another_process(monkeypatch):
        at = moment(plan_of(long, newest(long, CODE)), "2026-06-10 09:00", "--at")
        perform(long, CODE, record_of("fludarabine-1", "given", at, "", confirmed=True), meta(20))
        slip(long, 21)
    found = laid_out(monkeypatch)
    again = plan_of(long, newest(long, CODE))
    assert found == [0, 1, 3, 5, 8] and again == stored_plan(long, newest(long, CODE))


def test_a_text_that_was_changed_or_lost_since_it_was_read_is_noticed(long, place):
    row = newest(long, CODE)
    with forced(place) as other:
        other.execute("UPDATE texts SET text = replace(text, 'America/New_York', 'America/Chicago')")
    assert plan_of(long, row).site.zone.key == "America/Chicago"
    slip(long, 30)
    with forced(place) as other:
        other.execute("DELETE FROM texts")
    for one in (row, newest(long, CODE)):
        with not_done("is missing from the ledger"):
            plan_of(long, one)
