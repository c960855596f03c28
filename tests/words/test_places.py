"""When an event is, in words: the planned time beside the one that counts, its window, another day than its label's."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from schedule.model.moment import Moment
from schedule.model.notation import NO_BREAK, DayLabel, spell_clock
from schedule.model.plan import CycleStanding, Event, Record, Standing
from schedule.model.reasons.basis import Basis, CountedFrom, FromDayZero, StatedIn
from schedule.model.titles import Numbered, Title
from schedule.words.dates import spell_moments
from schedule.words.places import beside, spell_place, spell_planned, spell_window
from schedule.words.titles import called, title_of

ZONE = ZoneInfo("America/New_York")


def at(text):
    """`2026-06-20`, or with its hour in New York."""
    if " " not in text:
        return Moment(on=date.fromisoformat(text))
    moment = datetime.fromisoformat(text).replace(tzinfo=ZONE)
    return Moment(on=moment.date(), at=moment)


def dose(when, *, day=5, status="planned", number=3, partly=False, **times):
    """Interleukin-2, dose 3 of 7, of day +5; planned for Sat 20-Jun-2026 20:00 unless the test says otherwise."""
    moments = {"planned": "2026-06-20 20:00", **times}
    found = at(when)
    record = Record(outcome="given", at=found.wall, timed=found.at is not None, reason="", partly=partly)
    return Event(
        id=f"il2-{number}", activity="il2", number=number, of=7,
        title=Title(text="interleukin-2", numbered=Numbered(unit="dose", number=number, of=7)),
        day=day, label=DayLabel(number=day), on=found.on, last_date=None, start=found.at, end=found.at, donor=False,
        status=status, since=1, provenance="stated",
        basis=Basis(counted=CountedFrom(anchor=FromDayZero(), on=date(2026, 6, 15)), ground=StatedIn(protocol="X", section="")),
        category="treatment", verify=True, task=False, flags=(), record=record if status in ("given", "done") else None,
        **{name: text and at(text) for name, text in moments.items()},
    )  # fmt: skip


class Stub(SimpleNamespace):
    """A plan with day 0 on Mon 15-Jun-2026 10:00, and a second cycle's on Mon 06-Jul-2026."""


PLAN = Stub(
    standing=Standing(
        planned=at("2026-06-15 10:00"),
        day_zero=at("2026-06-15 10:00"),
        cycles={2: CycleStanding(planned=at("2026-07-06"), day_zero=at("2026-07-06"))},
    ),
    protocol=SimpleNamespace(number=lambda apart: apart, label=lambda apart: DayLabel(number=apart)),
)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (dose("2026-06-20 20:00"), ()),
        (replace(dose("2026-07-28", day=22, planned="2026-07-28"), label=DayLabel(number=22, cycle=2)), ()),
        (dose("2026-06-20 20:00", status="given", actual="2026-06-20 20:00"), ("given",)),
        (dose("2026-06-20 20:40", status="given", actual="2026-06-20 20:40"), ("given", "planned 20:00")),
        (dose("2026-06-20", status="given", actual="2026-06-20"), ("given", "planned 20:00")),
        (dose("2026-06-20 20:40", status="given", planned="2026-06-20", actual="2026-06-20 20:40"), ("given",)),
        (
            dose("2026-06-21 22:30", status="given", actual="2026-06-21 22:30"),
            ("given on day +6", "planned Sat 20-Jun-2026 20:00"),
        ),
        (
            dose("2026-06-21 22:30", status="given", actual="2026-06-21 22:30", partly=True),
            ("given in part on day +6", "planned Sat 20-Jun-2026 20:00"),
        ),
        (dose("2026-06-21 09:00", booked="2026-06-21 09:00"), ("booked for day +6", "planned Sat 20-Jun-2026 20:00")),
        (dose("2026-06-20 09:00", booked="2026-06-20 09:00"), ("booked", "planned 20:00")),
        # a booking that no longer holds says nothing here: there is a finding about it
        (dose("2026-06-20 20:00", booked="2026-06-29 09:00"), ()),
        # fixed, and day 0 has moved: what stays is no longer where its label says
        (dose("2026-06-20 20:00", day=7), ("now day +5",)),
        (dose("2026-06-20 20:00", day=7, status="unconfirmed"), ("not recorded", "now day +5")),
        (dose("2026-06-20 20:00", day=7, status="given", actual="2026-06-20 20:00"), ("given", "now day +5")),
        # held: that stands before the title
        (dose("2026-06-20 20:00", status="held"), ()),
        (dose("2026-06-20 20:00", status="cancelled"), ("cancelled",)),
        # given although its place was taken away: nothing was planned
        (dose("2026-06-20 20:00", status="given", planned=None, actual="2026-06-20 20:00"), ("given",)),
    ],
)
def test_what_is_told_beside_a_date(event, told):
    assert tuple(text.replace(NO_BREAK, " ") for text in beside(PLAN, event)) == told


def test_another_day_counts_from_the_day_0_of_its_own_cycle():
    """Cycle 2: day 0 on Mon 06-Jul-2026, so Thu 09-Jul is day +3 of it."""
    event = dose("2026-07-09", day=1, planned="2026-07-07", booked="2026-07-09")
    assert beside(PLAN, replace(event, cycle=2)) == ("booked for day +3", "planned Tue 07-Jul-2026")


def test_what_counts_from_a_start_date_of_the_patients_is_no_day_of_day_0s():
    event = replace(dose("2026-06-20 20:00", day=30), label=DayLabel(number=30, clock="randomisation"))
    assert beside(PLAN, event) == ()


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (None, None, ""),
        ("2026-07-03", "2026-07-07", "Fri 03-Jul-2026 to Tue 07-Jul-2026"),
        ("2026-07-03", "2026-07-03", "Fri 03-Jul-2026"),
        ("2026-06-15 13:00", "2026-06-15 15:00", "Mon 15-Jun-2026 13:00 to 15:00"),
        ("2026-06-15 22:00", "2026-06-16 02:00", "Mon 15-Jun-2026 22:00 to Tue 16-Jun-2026 02:00"),
        ("2026-06-15 13:00", "2026-06-15 13:00", "Mon 15-Jun-2026 13:00"),
    ],
)
def test_a_window_is_told_with_its_hours_where_it_has_them(first, last, told):
    assert spell_window(dose("2026-06-20", earliest=first, latest=last)) == told


def test_held_stands_before_the_title_wherever_it_is_shown():
    held, planned = dose("2026-06-20 20:00", status="held"), dose("2026-06-20 20:00")
    assert called(held) == "HELD: interleukin-2 (dose 3 of 7)" == title_of(held).replace(NO_BREAK, " ")
    assert called(replace(held, task=True)) == "NOT DONE: interleukin-2 (dose 3 of 7)" == called(replace(held, category="test")).replace(NO_BREAK, " ")
    assert called(planned) == "interleukin-2 (dose 3 of 7)" == title_of(planned).replace(NO_BREAK, " ")


def test_a_place_is_the_time_that_counts():
    given = dose("2026-06-21 22:30", status="given", actual="2026-06-21 22:30")
    assert (spell_place(given), spell_planned(given)) == ("Sun 21-Jun-2026 22:30", "planned Sat 20-Jun-2026 20:00")


@pytest.mark.parametrize(
    ("moment", "said"),
    [  # New York puts its clocks back on Sun 01-Nov-2026 at 02:00, and forward on Sun 08-Mar-2026 at 02:00
        (datetime(2026, 11, 1, 1, 30, tzinfo=ZONE), "01:30 (1st)"),
        (datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZONE), "01:30 (2nd)"),
        (datetime(2026, 11, 1, 1, 59, tzinfo=ZONE), "01:59 (1st)"),
        (datetime(2026, 11, 1, 2, 0, tzinfo=ZONE), "02:00"),
        (datetime(2026, 11, 1, 0, 59, tzinfo=ZONE), "00:59"),
        (datetime(2026, 3, 8, 2, 30, tzinfo=ZONE), "02:30"),
        (datetime(2026, 3, 8, 2, 30, fold=1, tzinfo=ZONE), "02:30"),
        (datetime(2026, 4, 5, 1, 45, fold=1, tzinfo=ZoneInfo("Australia/Lord_Howe")), "01:45 (2nd)"),
        (datetime(2026, 11, 1, 1, 30, tzinfo=UTC), "01:30"),
        (datetime(2026, 11, 1, 1, 30, fold=1), "01:30 (2nd)"),
        (datetime(2026, 11, 1, 1, 30), "01:30"),
        (time(1, 30), "01:30"),
    ],
)
def test_an_hour_that_comes_twice_says_which_of_the_two_it_is(moment, said):
    assert spell_clock(moment) == said


def test_the_two_hours_of_one_name_are_two_in_a_window_and_beside_a_plan():
    first, second = (Moment(on=date(2026, 11, 1), at=datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=ZONE)) for fold in (0, 1))
    assert first != second and len({first, second}) == 2 and first == Moment(on=first.on, at=first.at.astimezone(ZONE))
    assert spell_moments(first, second) == "Sun 01-Nov-2026 01:30 (1st) to 01:30 (2nd)"
