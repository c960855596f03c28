"""The board: what each patient has on each day, in few words; worked out once and kept for as long as it holds."""

import re
from datetime import date, datetime

import pytest
from shared.ward import Ward

from schedule.engine.need import holds_until
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel
from schedule.pages.board import DAYS, board, strip_of
from schedule.service.revisions import newest, plan_of

TIMES = {"fludarabine": "09:00", "cyclophosphamide": "11:00", "il2": "20:00"}
WEDNESDAY = date(2026, 6, 10)


def plain(words):
    return words.replace("\u00a0", " ")


@pytest.fixture
def made(tmp_path):
    """A way to make patients, each in a ledger of its own."""
    opened = []

    def make(code="CASE-1", **more):
        opened.append(SqliteStore(tmp_path / f"{code}.sqlite").__enter__())
        return Ward(opened[-1], times=TIMES, code=code, **more)

    yield make
    for store in opened:
        store.__exit__()


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """Day 0 Mon 15-Jun-2026 10:00; fludarabine on 10, 11, 12, cyclophosphamide on 10, 11; the first fludarabine given."""
    with SqliteStore(tmp_path_factory.mktemp("board") / "ledger.sqlite") as store:
        found = Ward(store, times=TIMES)
        found.record("fludarabine-1", "given", "2026-06-10 09:05")
        yield found


def seen(ward, as_of):
    return plan_of(ward.store, newest(ward.store, ward.code), as_of=datetime.fromisoformat(as_of))


def wall_until(plan):
    """Until which wall time of the site what is shown of a plan holds."""
    return holds_until(plan).astimezone(plan.site.zone).replace(tzinfo=None)


def row_of(ward, as_of, first=WEDNESDAY):
    found = board([strip_of(seen(ward, as_of))], first, first)
    assert len(found.rows) == 1
    return found.rows[0]


def things(cell):
    return [plain(thing.words) for thing in cell.things]


def test_a_row_has_two_weeks_and_says_the_kinds_of_each_day(ward):
    row = row_of(ward, "2026-06-10 10:00")
    assert DAYS == len(row.cells) == 14
    assert [(plain(cell.label), things(cell)) for cell in row.cells[:7]] == [
        ("Day −5", ["1 dose"]), ("Day −4", ["2 doses"]), ("Day −3", ["1 dose"]), ("", []), ("Day −1", ["donor"]),
        ("Day 0", ["cells 10:00"]), ("Day +1", ["1 dose"]),
    ]  # fmt: skip
    assert [cell.day for cell in row.cells[:2]] == [WEDNESDAY, date(2026, 6, 11)]
    assert [cell.things[0].kind for cell in row.cells[4:7]] == ["donor", "infusion", "dose"]
    assert (plain(row.today), row.zero, row.notes) == ("Day −5", "Mon 15-Jun-2026 10:00", ())


def test_no_drug_stands_on_the_board(ward):
    """A passer-by reads kinds alone."""
    shown = " ".join(thing.words for cell in row_of(ward, "2026-06-11 10:00").cells for thing in cell.things)
    assert not re.search("fludarabine|cyclophosphamide|interleukin|IL-2|NK", shown)


def test_what_was_due_and_has_no_record_is_counted_in_its_cell_and_beside_the_code(ward):
    """10:00 on 11-Jun: cyclophosphamide of the 10th and fludarabine of the 11th, 09:00; cyclophosphamide is due at 11:00."""
    row = row_of(ward, "2026-06-11 10:00")
    assert [(thing.kind, plain(thing.words)) for thing in row.cells[0].things] == [("not-recorded", "1"), ("dose", "1 given")]
    assert [(thing.kind, plain(thing.words)) for thing in row.cells[1].things] == [("not-recorded", "1"), ("dose", "1 dose")]
    assert [(note.kind, plain(note.words)) for note in row.notes] == [("not-recorded", "2 not recorded")]


def test_the_days_are_those_asked_for_and_today_is_marked(ward):
    found = board([strip_of(seen(ward, "2026-06-10 10:00"))], date(2026, 6, 8), WEDNESDAY)
    assert found.title == "Mon 08-Jun-2026 to Sun 21-Jun-2026"
    assert [(day.weekday, day.on) for day in found.days[:3]] == [("Mon", "08-Jun"), ("Tue", "09-Jun"), ("Wed", "10-Jun")]
    assert [day.full for day in found.days if day.today] == ["Wed 10-Jun-2026"]
    assert [day.on for day in found.days if day.weekend] == ["13-Jun", "14-Jun", "20-Jun", "21-Jun"]


def test_a_test_done_says_when_it_expires_and_a_test_due_its_last_day(made):
    """A marrow of 18-May serves a day 0 up to 15-Jun (28 days); organ function is due up to the day before day 0."""
    ward = made("TESTS-1", dates={"marrow": "2026-05-18", "organ-function": None})
    cells = row_of(ward, "2026-06-09 10:00").cells
    assert things(cells[5]) == ["cells 10:00", "expires"]
    assert things(cells[4]) == ["donor", "last day"]


def test_after_the_infusion_no_test_expires(made):
    ward = made("CELLS-1")
    for event, when in (("fludarabine-1", "2026-06-10 09:00"), ("nk-infusion-1", "2026-06-15 10:10")):
        ward.record(event, "given", when)
    row = row_of(ward, "2026-06-15 12:00", date(2026, 6, 15))
    assert things(row.cells[0]) == ["cells given 10:10"]
    assert not [thing for cell in row.cells for thing in cell.things if thing.kind == "expires"]


def test_a_day_with_several_infusions_says_how_many(made, ward):
    other = made("OTHER-1")
    alone = made("ALONE-1", planned="2026-06-16T10:00:00")
    found = board([strip_of(seen(one, "2026-06-10 10:00")) for one in (ward, other, alone)], WEDNESDAY, WEDNESDAY)
    assert {day.on: plain(day.crowd) for day in found.days if day.crowd} == {"15-Jun": "2 with cells"}
    assert [row.code for row in found.rows] == ["OTHER-1", "CASE-1", "ALONE-1"], "not recorded since 09:00; a dose at 11:00; tomorrow"


def test_a_move_a_decision_to_come_and_what_is_not_allowed_stand_beside_the_code(made):
    ward = made("SLIPS-1")
    ward.slip("2026-06-16 10:00", "2026-06-12 08:00", cause="donor")
    found = {note.kind: (plain(note.words), note.signed) for note in row_of(ward, "2026-06-13 08:00").notes}
    assert found == {
        "not-recorded": ("5 not recorded", ""),  # 10-Jun: 2, 11-Jun: 2, 12-Jun: 1
        "moved": ("Day 0 moved yesterday 08:00, Mon 15-Jun to Tue 16-Jun", ", by PI"),
        "decides": ("PI decides: T36 Cells within 48 hours of the planned day 0", ""),
    }
    wrong = made("WRONG-1", dates={"taper-completed": "2026-06-10"})
    assert [note.words for note in row_of(wrong, "2026-06-08 08:00").notes] == ["not allowed: T7 At least 2 weeks after the end of the immune suppression taper"]


def test_a_moved_day_0_is_told_for_72_hours_there_too(made):
    ward = made("SLIPS-1")
    ward.slip("2026-06-16 10:00", "2026-06-09 20:15", cause="donor")
    for now, told in (("2026-06-12 20:15", True), ("2026-06-12 20:16", False)):
        assert ("moved" in {note.kind for note in row_of(ward, now).notes}) is told


def test_rows_stand_in_the_order_of_need_and_then_of_what_is_next(made):
    """Fri 12-Jun-2026, 08:00. CELLS-9: the cells today; NEXT-5: lymphodepletion from tomorrow; FAR-1: in twelve days."""
    wards = [made("FAR-1", planned="2026-06-24T10:00:00"), made("NEXT-5", planned="2026-06-18T10:00:00"), made("CELLS-9", planned="2026-06-12T10:00:00")]
    found = board([strip_of(seen(one, "2026-06-06 08:00")) for one in wards], date(2026, 6, 6), date(2026, 6, 6))
    assert [row.code for row in found.rows] == ["CELLS-9", "NEXT-5", "FAR-1"]


def test_who_has_nothing_on_these_days_or_was_given_up_is_listed_apart(made):
    far = made("FAR-1", planned="2026-09-14T10:00:00")
    gone = made("GONE-1")
    gone.do(Cancel(), "2026-06-01 09:00", reason="withdrawn")
    found = board([strip_of(seen(one, "2026-06-10 10:00")) for one in (far, gone)], WEDNESDAY, WEDNESDAY)
    assert (found.rows, found.quiet, found.gone) == ((), (("FAR-1", "day 0", "Mon 14-Sep-2026 10:00"),), ("GONE-1",))


@pytest.mark.parametrize(
    ("as_of", "until"),
    [
        ("2026-06-10 08:00", "2026-06-10 09:05"),  # the next dose, when it was given
        ("2026-06-10 10:00", "2026-06-10 11:00"),
        ("2026-06-10 11:00", "2026-06-11 00:00"),  # no more of the day: the day ends
        ("2026-06-13 00:00", "2026-06-14 00:00"),
        ("2026-06-16 19:59", "2026-06-16 20:00"),
        ("2026-06-16 20:00", "2026-06-17 00:00"),
    ],
)
def test_a_strip_holds_until_something_falls_due_or_the_day_ends(ward, as_of, until):
    plan = seen(ward, as_of)
    assert wall_until(plan) == datetime.fromisoformat(until)


@pytest.mark.parametrize("day", range(1, 29))
def test_as_long_as_it_holds_a_strip_is_what_it_would_be_anew(ward, day):
    """Laid out at the first and at the last minute for which it is said to hold, it is the same."""
    start = datetime(2026, 6, day, 0, 0)
    while start.day == day:
        first = seen(ward, start.isoformat())
        until = wall_until(first)
        last = seen(ward, until.replace(hour=(until.hour - 1) % 24, minute=59, day=day).isoformat())
        assert strip_of(first) == strip_of(last), start
        start = until


def test_a_crowd_of_one_is_none(ward):
    found = board([strip_of(seen(ward, "2026-06-10 10:00"))], WEDNESDAY, WEDNESDAY)
    assert {day.crowd for day in found.days} == {""}
