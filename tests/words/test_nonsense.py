"""Nothing is decided by words: with every sentence of ours nonsense, every date, status and identity is the same.

One patient with records, a slip, an amendment and a cancelled entry. Whatever leaves the house as a value is gathered twice,
with the true words and with nonsense, once the same for every sentence and once another each time.
"""

import re
import uuid
from datetime import UTC, date, datetime
from itertools import count, pairwise

import pytest
from shared.nonsense import alike, ever_new, nonsense, speaking
from shared.ward import CODE, PROTOCOL, Ward

from schedule.files.protocol_file import read_protocol
from schedule.ledger.codec import to_plain
from schedule.ledger.sqlite import SqliteStore
from schedule.output.data import plan_values
from schedule.output.ics import calendar
from schedule.pages.calendar import worded
from schedule.pages.protocol_diff import changes
from schedule.pages.sheets import day_sheets
from schedule.pages.void import printed_revision, void_sheets
from schedule.service.export import export
from schedule.service.feeds import make_feed
from schedule.service.published import Published
from schedule.service.revisions import calendar_entries, plan_of
from schedule.service.verify import verify
from schedule.words.plan import frame

GARBLERS = {"the same for every sentence": lambda: alike, "another each time": ever_new}
NOW = datetime(2026, 6, 20, 16, tzinfo=UTC)


def a_life(path):
    """The ledger of one patient with records, a slip, an amendment and a cancelled entry."""
    numbers = count(1)
    with pytest.MonkeyPatch.context() as patch, SqliteStore(path) as store:
        patch.setattr("uuid.uuid4", lambda: uuid.UUID(int=next(numbers)))
        ward = Ward(store)
        ward.fact("organ-function", "2026-06-05", as_of="2026-06-05 12:00")
        ward.record("fludarabine-1", "given", "2026-06-10 09:10")
        ward.record("fludarabine-2", "held", "2026-06-11")
        ward.slip("2026-06-16 10:00", "2026-06-11 12:00", "logistics")
        ward.amend("2026-06-12 08:00", site=ward.site(response_marrow=None))
        ward.record("nk-infusion-1", "given", "2026-06-16 10:20")
    return path


def blocks(body):
    """What each entry of a calendar file says but for its words."""
    lines = body.decode().replace("\r\n ", "").splitlines()
    kept = [line for line in lines if re.match(r"BEGIN|END|UID|SEQUENCE|DTSTART|DTEND|DTSTAMP|LAST|STATUS|TRANSP|TRIGGER|CATEG|X-WR-RELCALID", line)]
    return kept


def acts(store):
    return [(to_plain(row.act), to_plain(row.lasting), row.hash, row.content) for row in store.history(CODE)]


def entries(store):
    """Each calendar entry of each revision, but for its words."""
    return [
        [{key: value for key, value in to_plain(entry).items() if key not in ("title", "text", "about")} for entry in calendar_entries(store, row)]
        for row in store.history(CODE)
    ]  # fmt: skip


def calendars(store):
    return [
        blocks(calendar(worded(calendar_entries(store, row)), schedule_id=row.lasting.schedule_id, name="n", description="d"))
        for row in store.history(CODE)
    ]


def feed(code, level):
    def answer(store):
        secret, _ = make_feed(
            store, label="Tablet", code=code, level=level, expires=date(2027, 1, 1), by="PI", at=datetime(2026, 6, 19, tzinfo=UTC)
        )
        _, content = Published().answer(store, secret, NOW)
        return blocks(content.body)

    return answer


def check_codes(store):
    plans = [(plan_of(store, row), row.act.at) for row in store.history(CODE)]
    return [[(sheet.anchor, sheet.check) for sheet in day_sheets(plan, frame(plan, at))] for plan, at in plans]


def void(store):
    """The check codes of the sheets that each act makes void."""
    rows, found = store.history(CODE), []
    for before, after in pairwise(rows):
        void = void_sheets([printed_revision(plan_of(store, before))], plan_of(store, after), after.act.as_of)
        found.append([sheet.check for sheet in void.sheets] if void is not None else None)
    return found


def dates(store):
    """What plan.json says of each revision, but for its words."""
    words = ("title", "label", "basis", "banner", "alerts", "not_stated", "text", "what", "flags", "source", "assumes", "binding", "next")

    def bare(value):
        if isinstance(value, dict):
            return {key: bare(one) for key, one in value.items() if key not in words}
        return [bare(one) for one in value] if isinstance(value, list) else value

    return [bare(plan_values(plan_of(store, row))) for row in store.history(CODE)]


def difference(_):
    """Where two versions of a protocol differ."""
    old = read_protocol(PROTOCOL, "protocol")
    new = read_protocol(PROTOCOL.replace('"4 weeks"', '"5 weeks"').replace("-5 to -3", "-6 to -4"), "protocol")
    found = [(change.thing, change.key, change.what) for change in changes(old, new)]
    assert found
    return found


GATHERED = {
    "acts": acts, "entries": entries, "calendars": calendars, "check codes": check_codes, "void sheets": void, "dates": dates,
    "a patient's feed": feed(CODE, "steps"), "a patient's minimal feed": feed(CODE, "minimal"), "the ward's feed": feed(None, "steps"),
    "the ward's minimal feed": feed(None, "minimal"), "what two protocols differ in": difference,
}  # fmt: skip


@pytest.fixture(scope="module")
def true(tmp_path_factory):
    """The ledger made with the true words."""
    return a_life(tmp_path_factory.mktemp("true") / "ledger.sqlite")


@pytest.fixture(scope="module", params=GARBLERS.values(), ids=GARBLERS)
def garbler(request):
    return request.param


@pytest.fixture(scope="module")
def false(tmp_path_factory, garbler):
    """The ledger made with nonsense."""
    with nonsense(garbler()):
        return a_life(tmp_path_factory.mktemp("false") / "ledger.sqlite")


def test_the_words_that_are_made_nonsense_are_those_that_are_said():
    assert {"schedule.words.alerts.banner", "schedule.words.plan.frame", "schedule.words.titles.full_title"} <= speaking().keys()


def test_a_ledger_made_with_true_words_is_whole_under_nonsense(true, tmp_path, garbler):
    with SqliteStore(true) as store:
        assert verify(store).faults == []
        for row in store.history(CODE):
            export(store, row, tmp_path)
        with nonsense(garbler()):
            assert verify(store, tmp_path).faults == []


def test_a_ledger_made_with_nonsense_is_whole_under_true_words(false):
    with SqliteStore(false) as store:
        assert verify(store).faults == []


def test_a_ledger_holds_no_sentence_of_ours(false):
    with SqliteStore(false) as store:
        held = "\n".join(store.connection.iterdump())
    assert "CASE-1" in held and "blah" not in held


def test_a_manifest_holds_no_sentence_of_ours(false, tmp_path, garbler):
    with SqliteStore(false) as store, nonsense(garbler()):
        path = export(store, store.newest(CODE), tmp_path)
    assert "blah" not in (path / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("gather", GATHERED.values(), ids=GATHERED)
def test_nothing_but_words_is_changed_by_nonsense(gather, true, false, garbler):
    with SqliteStore(true) as store:
        expected = gather(store)
    with SqliteStore(false) as store, nonsense(garbler()):
        assert gather(store) == expected
    assert expected
