"""The board: what each patient has on each day, in few words; worked out once and kept for as long as it holds."""

from datetime import date, datetime

import pytest
from shared.ward import Ward

from schedule.engine.need import holds_until
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel
from schedule.pages.board import DAYS, SOFT_HYPHEN, WORD_JOINER, _divided, board, strip_of
from schedule.service.revisions import newest, plan_of

TIMES = {"fludarabine": "09:00", "cyclophosphamide": "11:00", "il2": "20:00"}
WEDNESDAY = date(2026, 6, 10)


def plain(words):
    return words.replace(SOFT_HYPHEN, "").replace(WORD_JOINER, "").replace("\u00a0", " ")


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


def row_of(ward, as_of, first=WEDNESDAY):
    found = board([strip_of(seen(ward, as_of))], first, first)
    assert len(found.rows) == 1
    return found.rows[0]


def things(cell):
    return [plain(thing.words) for thing in cell.things]


def test_a_row_has_two_weeks_and_says_what_each_day_holds(ward):
    row = row_of(ward, "2026-06-10 10:00")
    assert DAYS == len(row.cells) == 14
    assert [(cell.label, things(cell)) for cell in row.cells[:7]] == [
        ("−5", ["fludarabine given", "cyclophosphamide"]),
        ("−4", ["fludarabine", "cyclophosphamide"]),
        ("−3", ["fludarabine"]),
        ("", []),
        ("−1", ["donor: collection"]),
        ("0", ["CIML NK cells 10:00"]),
        ("+1", ["interleukin-2"]),
    ]
    assert [cell.zero for cell in row.cells].index(True) == 5
    assert [cell.things[0].kind for cell in row.cells[4:7]] == ["donor", "infusion", "dose"]
    assert (row.zero, row.alert, row.notes) == ("Mon 15-Jun-2026 10:00", "", ())


def test_a_dose_due_and_not_recorded_is_said_in_its_cell_and_beside_the_code(ward):
    row = row_of(ward, "2026-06-11 10:00")
    assert things(row.cells[0]) == ["fludarabine given", "cyclophosphamide not recorded"]
    assert things(row.cells[1]) == ["fludarabine not recorded", "cyclophosphamide"]
    assert row.notes == ("Not recorded: 2, since Wed 10-Jun-2026",)


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
    assert "bone marrow examination expires" in things(cells[5])
    assert "last day: tests of organ function" in things(cells[4])


def test_several_tests_that_expire_on_one_day_are_counted(ward):
    """Chimerism and marrow of 25-May serve a day 0 up to 22-Jun (28 days), organ function and echo of 8-Jun too (14), and so
    does the assessment, which counts from planned day 0: the day before lymphodepletion that still moves."""
    assert things(row_of(ward, "2026-06-09 10:00").cells[12]) == ["interleukin-2", "5 tests expire"]


def test_after_the_infusion_no_test_expires(made):
    ward = made("CELLS-1")
    for event, when in (("fludarabine-1", "2026-06-10 09:00"), ("nk-infusion-1", "2026-06-15 10:10")):
        ward.record(event, "given", when)
    row = row_of(ward, "2026-06-15 12:00", date(2026, 6, 15))
    assert things(row.cells[0]) == ["CIML NK cells 10:10 given"]
    assert not [thing for cell in row.cells for thing in cell.things if thing.kind == "expires"]


def test_a_day_with_several_infusions_says_how_many(made, ward):
    other = made("OTHER-1")
    alone = made("ALONE-1", planned="2026-06-16T10:00:00")
    found = board([strip_of(seen(one, "2026-06-10 10:00")) for one in (ward, other, alone)], WEDNESDAY, WEDNESDAY)
    assert {day.on: plain(day.crowd) for day in found.days if day.crowd} == {"15-Jun": "2 on day 0"}
    assert [row.code for row in found.rows] == ["ALONE-1", "CASE-1", "OTHER-1"]


def test_an_alert_and_a_ruling_to_come_stand_beside_the_code(made):
    ward = made("SLIPS-1")
    ward.slip("2026-06-16 10:00", "2026-06-12 08:00", cause="donor")
    assert row_of(ward, "2026-06-12 08:00").alert == "PRINCIPAL INVESTIGATOR MUST DECIDE: T36"
    wrong = made("WRONG-1", dates={"taper-completed": "2026-06-10"})
    assert row_of(wrong, "2026-06-08 08:00").alert == "NOT ALLOWED AS PLANNED: T7"


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
    assert holds_until(plan) == datetime.fromisoformat(until)


@pytest.mark.parametrize("day", range(1, 29))
def test_as_long_as_it_holds_a_strip_is_what_it_would_be_anew(ward, day):
    """Laid out at the first and at the last minute for which it is said to hold, it is the same."""
    start = datetime(2026, 6, day, 0, 0)
    while start.day == day:
        first = seen(ward, start.isoformat())
        until = holds_until(first)
        last = seen(ward, until.replace(hour=(until.hour - 1) % 24, minute=59, day=day).isoformat())
        assert strip_of(first) == strip_of(last), start
        start = until


@pytest.mark.parametrize(
    ("words", "divided"),
    [
        ("cyclophosphamide", "cyclophos-phamide"), ("fludarabine", "fluda-rabine"), ("interleukin-2", "inter-leukin~2"),
        ("examination", "exami-nation"), ("assessment", "assess-ment"), ("chimerism", "chime-rism"),
        ("lymphodepletion", "lympho-depletion"), ("CIML NK cells", "CIML NK cells"), ("echo", "echo"),
        ("donor: collection", "donor: collec-tion"), ("BCR-ABL", "BCR-ABL"), ("xxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxx"),
    ],
)  # fmt: skip
def test_a_long_word_may_be_divided_at_a_syllable_and_before_no_number(words, divided):
    shown = _divided(words).replace(f"-{WORD_JOINER}", "~").replace(SOFT_HYPHEN, "-")
    assert shown == divided
    assert plain(_divided(words)) == words


def test_a_crowd_of_one_is_none(ward):
    found = board([strip_of(seen(ward, "2026-06-10 10:00"))], WEDNESDAY, WEDNESDAY)
    assert {day.crowd for day in found.days} == {""}
