"""Before an act: is this computer's clock possible, and does this Python still reckon as it did when Dayzero was
made?"""

from datetime import UTC, date, datetime
from functools import lru_cache

from schedule.model import reasons
from schedule.model.dates import add, add_hours, last_start, zone
from schedule.model.errors import NotDone, Reckoning
from schedule.model.notation import Unit, day_label, spell

BUILT = datetime(2026, 1, 2, tzinfo=UTC)
"""No clock can be earlier: the registry record that the shipped protocol quotes is of this day. Raise it with a
release."""

SUMS: tuple[tuple[date, int, Unit, date], ...] = (
    (date(2026, 6, 15), -5, "days", date(2026, 6, 10)),
    (date(2026, 6, 15), 28, "days", date(2026, 7, 13)),
    (date(2026, 12, 30), 3, "days", date(2027, 1, 2)),
    (date(2028, 2, 28), 1, "days", date(2028, 2, 29)),
    (date(2027, 2, 28), 1, "days", date(2027, 3, 1)),
    (date(2026, 3, 1), -1, "days", date(2026, 2, 28)),
    (date(2026, 5, 18), 4, "weeks", date(2026, 6, 15)),
    (date(2026, 1, 20), 2, "months", date(2026, 3, 20)),
    (date(2026, 12, 31), 2, "months", date(2027, 3, 1)),
    (date(2027, 12, 31), 2, "months", date(2028, 3, 1)),
    (date(2026, 6, 28), 4, "months", date(2026, 10, 28)),
    (date(2026, 1, 31), 1, "months", date(2026, 3, 1)),
    (date(2028, 2, 29), 1, "years", date(2029, 3, 1)),
)
"""Worked by hand on a calendar, with the month rule of the trial: 31 Dec + 2 months = 1 Mar."""

LIMITS: tuple[tuple[str, str], ...] = (
    ("2026-06-15T10:00-04:00", "2026-06-17T10:00-04:00"),
    ("2026-03-07T10:00-05:00", "2026-03-09T10:00-04:00"),
    ("2026-10-31T10:00-04:00", "2026-11-02T09:00-05:00"),
    ("2026-10-30T01:30-04:00", "2026-11-01T01:30-04:00"),
    ("2026-03-06T02:30-05:00", "2026-03-08T03:00-04:00"),
)
"""48 hours in New York, over both changes of the clocks, as elapsed time and by the clock, whichever ends first."""


def check_clock(now: datetime) -> None:
    """NotDone if the clock says a time before Dayzero was made."""
    if now < BUILT:
        raise NotDone(reasons.failures.ClockImpossible(today=now.date(), made=BUILT.date()))


@lru_cache(maxsize=1)
def check_reckoning() -> None:
    """Reckoning if one of the cases comes out differently. Run once in a process."""
    for start, count, unit, wanted in SUMS:
        found = add(start, count, unit, "next-first")
        if found != wanted:
            raise Reckoning(
                reasons.reckoning.SumDiffers(start=start, count=count, unit=unit, wanted=wanted, found=found)
            )
    new_york = zone("America/New_York")
    for planned, wanted_text in LIMITS:
        begin = datetime.fromisoformat(planned).astimezone(new_york)
        until = last_start(begin, 48).isoformat(timespec="minutes")
        if until != datetime.fromisoformat(wanted_text).isoformat(timespec="minutes"):
            raise _hours(48, planned, wanted_text, until)
    later = add_hours(datetime(2026, 10, 31, 10, tzinfo=new_york), 24).isoformat(timespec="minutes")
    if later != "2026-11-01T09:00-05:00":
        raise _hours(24, "2026-10-31 10:00", "2026-11-01T09:00-05:00", later)
    if (label := day_label(-5)) != "Day\u00a0\u22125" or spell(date(2026, 6, 15)) != "Mon 15-Jun-2026":
        raise Reckoning(reasons.reckoning.DayIsNamedOtherwise(day=-5, wanted="Day\u00a0\u22125", found=label))


def _hours(hours: int, start: str, wanted: str, found: str) -> Reckoning:
    return Reckoning(
        reasons.reckoning.HoursDiffer(hours=hours, start=start, place="New York", wanted=wanted, found=found)
    )


def ready(now: datetime) -> None:
    """What every act asks first: a possible clock, and cases worked by hand that still come out."""
    check_clock(now)
    check_reckoning()
