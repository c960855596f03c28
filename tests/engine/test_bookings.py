"""Bookings that are not allowed, and what is said; the way out of a fixed course. Beside the cases of
tests/cases/history/bookings.toml. All dates are worked out by hand.

The trial "booking": cells on day 0 (Mon 15-Jun-2026), a visit on day +10 ±2, a scan on day +20, a first-day visit on day
+1 ±2, drug X on day +5 ±1, drug Y on 2 days, the first 2 days after drug X.
"""

import pytest
from shared.lines import SITE, played, refusal, texts_of

BOOKING, WHOLE = texts_of("bookings")["booking"], texts_of("bookings")["whole"]
NINE = SITE + '[times]\nvisit = "09:00"\n'
CELLS = "2026-06-15 12:00 | record cells-1 given 2026-06-15"


def event(player, name):
    return next(one for one in player.plan.events if one.id == name)


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (
            (),
            "2026-06-02 09:00 | book visit-1 2026-06-28",
            "visit-1: Sun 28-Jun-2026 lies outside its window, Tue 23-Jun-2026 to Sat 27-Jun-2026 - choose a time inside it",
        ),
        (
            (),
            "2026-06-02 09:00 | book scan-1 2026-07-06",
            "scan-1: Mon 06-Jul-2026 is another date than planned, and no window is stated - "
            "only an hour of Sun 05-Jul-2026 can be booked",
        ),
        (
            (),
            "2026-06-24 09:00 | book visit-1 2026-06-23",
            "visit-1: Tue 23-Jun-2026 is past: it is Wed 24-Jun-2026 09:00 - record what has happened; book what is ahead",
        ),
        (
            (),
            "2026-06-24 09:00 | book visit-1 2026-06-24 09:00",
            "visit-1: Wed 24-Jun-2026 09:00 is past: it is Wed 24-Jun-2026 09:00 - record what has happened; book what is ahead",
        ),
        (  # its place, 16-Jun, lies after day 0
            (),
            "2026-06-02 09:00 | book first-day-1 2026-06-15",
            "first-day-1: Mon 15-Jun-2026 is not after what it is counted from, Mon 15-Jun-2026 - choose a later time",
        ),
        (
            (CELLS, "2026-06-23 12:00 | record visit-1 done 2026-06-23"),
            "2026-06-23 13:00 | book visit-1 2026-06-26",
            "visit-1: it is recorded done on Tue 23-Jun-2026 - what has happened is not booked",
        ),
        (
            (),
            "2026-06-02 09:00 | book cells-1 2026-06-15 11:00",
            "cells-1: it is day 0 - another day or hour of it is a move of day 0: dayzero slip",
        ),
        (
            (CELLS, "2026-06-20 12:00 | record drug-y-1 given 2026-06-20 confirm"),
            "2026-06-20 13:00 | book drug-x-1 2026-06-21",
            "drug-x-1: drug Y (dose 1 of 2) is recorded given on Sat 20-Jun-2026, and is counted from it - record it as it was given",
        ),
        (
            (CELLS, "2026-06-25 12:00 | record visit-1 held 2026-06-25", "2026-06-25 13:00 | book visit-1 2026-06-27"),
            "2026-06-25 14:00 | book visit-1 2026-06-26",
            "visit-1: it is not planned: it is cancelled, or has another number now - look at the plan: dayzero show",
        ),
    ],
)
def test_a_booking_is_not_allowed_for_a_reason(lines, line, said):
    assert refusal(played(BOOKING, *lines), line) == (1, f"TEST-01, {said}")


def test_what_has_an_hour_is_booked_with_one():
    player = played(BOOKING, site=NINE)
    assert refusal(player, "2026-06-02 09:00 | book visit-1 2026-06-26") == (
        2, "TEST-01, visit-1: it is planned with an hour, and a date alone would lose it - write the hour",
    )  # fmt: skip


@pytest.mark.parametrize("day", ["2026-06-23", "2026-06-27"])
def test_both_ends_of_a_window_can_be_booked(day):
    player = played(BOOKING, f"2026-06-02 09:00 | book visit-1 {day}")
    assert (str(event(player, "visit-1").on), str(event(player, "visit-1").planned.on)) == (day, "2026-06-25")


def test_the_planned_time_takes_a_booking_back_even_in_the_past():
    """25-Jun 09:00 is past at 10:00: it books nothing, it takes back."""
    player = played(
        BOOKING, "2026-06-02 09:00 | book visit-1 2026-06-26 11:00", "2026-06-25 10:00 | book visit-1 2026-06-25 09:00", site=NINE
    )
    assert event(player, "visit-1").booked is None
    assert f"{event(player, 'visit-1').start:%d %H:%M}" == "25 09:00"


def test_a_held_one_booked_for_where_its_place_lies_is_planned_again():
    player = played(BOOKING, CELLS, "2026-06-25 12:00 | record visit-1 held 2026-06-25", "2026-06-25 13:00 | book visit-1 2026-06-25")
    again = event(player, "visit-2")
    assert (str(again.on), again.status, event(player, "visit-1").status) == ("2026-06-25", "planned", "held")


def test_a_booking_of_a_leader_lays_out_at_once_what_is_counted_from_it():
    player = played(BOOKING, "2026-06-02 09:00 | book drug-x-1 2026-06-21")
    assert [str(event(player, f"drug-y-{n}").on) for n in (1, 2)] == ["2026-06-23", "2026-06-24"]


# Re-dating ------------------------------------------------------------------------------------------------------------


def test_a_course_that_there_is_not_is_named():
    assert refusal(played(WHOLE), "2026-06-12 09:00 | re-date befor") == (
        2, 'TEST-01, course "befor": the protocol has no such course - did you mean "before"?',
    )  # fmt: skip


def test_the_next_dose_is_not_past():
    player = played(WHOLE, "2026-06-10 12:00 | record drug-a-1 given 2026-06-10")
    assert refusal(player, "2026-06-12 09:00 | re-date before next=2026-06-11") == (
        1, "TEST-01, before: Thu 11-Jun-2026 is past: it is Fri 12-Jun-2026 09:00 - give a day that is still ahead",
    )  # fmt: skip
