"""On which date an hour was that was typed alone; all worked out by hand. Due on Fri 12-Jun-2026, New York."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from schedule.model.moment import Moment, moment_at
from schedule.model.typed_hours import dates_meant

ZONE = ZoneInfo("America/New_York")
THU, FRI, SAT = date(2026, 6, 11), date(2026, 6, 12), date(2026, 6, 13)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due", "typed", "now", "right"),
    [
        ("2026-06-12 09:00", "09:10", "2026-06-12 14:00", (FRI,)),
        ("2026-06-12 20:00", "23:55", "2026-06-13 07:00", (FRI,)),  # 3 h 55 min late
        ("2026-06-12 20:00", "00:15", "2026-06-13 07:00", (FRI, SAT)),  # 4 h 15 min late, or 19 h 45 min early
        ("2026-06-12 20:00", "00:15", "2026-06-12 21:00", (FRI,)),  # the night has not come yet
        ("2026-06-12 12:00", "00:15", "2026-06-13 07:00", (FRI,)),  # 11 h 45 min early is nearer than 12 h 15 min late
        ("2026-06-12 12:30", "00:15", "2026-06-13 07:00", (FRI, SAT)),  # 12 h 15 min early, or 11 h 45 min late
        ("2026-06-12 00:30", "23:50", "2026-06-12 07:00", (THU,)),  # 40 min early; that of Friday is still to come
        ("2026-06-12 00:30", "23:50", "2026-06-13 07:00", (THU, FRI)),
        ("2026-06-12", "14:00", "2026-06-13 07:00", (FRI,)),
        ("2026-06-12", "03:59", "2026-06-13 07:00", (FRI, SAT)),  # the night before it, or the one after
        ("2026-06-12", "04:00", "2026-06-13 07:00", (FRI,)),
        ("2026-06-12", "03:59", "2026-06-12 07:00", (FRI,)),
        ("2026-06-12", "20:00", "2026-06-12 07:00", (THU,)),  # still to come on Friday
        ("2026-06-12", "19:59", "2026-06-12 07:00", (FRI,)),  # told as still to come
        ("2026-06-12", "20:00", "2026-06-13 07:00", (FRI,)),
    ],
)
def test_an_hour_is_of_its_own_date_unless_another_is_nearer(due, typed, now, right):
    moment = moment_at(at(due)) if " " in due else Moment(on=date.fromisoformat(due))
    assert dates_meant(moment, time.fromisoformat(typed), at(now)) == right


def test_elapsed_time_counts_across_a_clock_change():
    """New York puts the clocks back on Sun 01-Nov-2026 at 02:00. Due on Sat 31-Oct at 14:00: 01:30 is 12 h 30 min early, or,
    the first of the two, 11 h 30 min late. Due at 13:00 and typed as 02:00: 11 h early on Saturday, 14 h late on Sunday."""
    now, first, second = at("2026-11-01 09:00"), date(2026, 10, 31), date(2026, 11, 1)
    assert dates_meant(moment_at(at("2026-10-31 14:00")), time(1, 30), now) == (first, second)
    assert dates_meant(moment_at(at("2026-10-31 13:00")), time(2), now) == (first,)
    # due at 14:15: 02:00 is 12 h 15 min early, or 12 h 45 min late, not 11 h 45 min: an hour came twice
    assert dates_meant(moment_at(at("2026-10-31 14:15")), time(2), now) == (first,)
