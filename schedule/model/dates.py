"""Dates, months and wall times: the only date arithmetic in the project.

A wrong day harms a patient, so everything that adds, compares or spells a date is here, is pure, and is
tested against an independent oracle. Untimed things are dates from end to end. Timed things are wall times
in a zone; elapsed hours go through UTC, because aware datetimes plus 48 hours is wall-clock arithmetic.
"""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta

from schedule.model.notation import MonthRule, Unit
from schedule.model.reasons.wall_times import OtherOffset, ShownTwice, Skipped, WallTimeFault
from schedule.model.sizes import PIECES


class WallTimeError(ValueError):
    """A wall time that does not exist, or happens twice, in its zone; `fault` says which."""

    def __init__(self, fault: WallTimeFault) -> None:
        super().__init__(fault)
        self.fault = fault


def add(start: date, count: int, unit: Unit, months: MonthRule) -> date:
    """The date `count` units after `start` (before it, if negative). Weeks are 7 days; a month is never 30.

    Months and years keep the day of the month. Where that day does not exist, `next-first` gives the first
    of the following month (31 Dec + 2 months = 1 Mar), `clamp` the last day of the month (28 Feb).
    `hours` are not a matter of dates and are refused with ValueError.
    """
    if unit == "days":
        return start + timedelta(count)
    if unit == "weeks":
        return start + timedelta(7 * count)
    if unit == "hours":
        raise ValueError("hours are added to a moment, not to a date")
    clamped: date = start + relativedelta(months=count if unit == "months" else 12 * count)
    if months == "next-first" and clamped.day != start.day:
        return clamped + timedelta(days=1)
    return clamped


@lru_cache(maxsize=PIECES)
def add_to_ordinal(start: int, count: int, unit: Unit, months: MonthRule) -> int:
    """`add` on ordinals (day 1 is 1 Jan of year 1): what the network of bounds computes with."""
    if unit == "days":
        return start + count
    return add(date.fromordinal(start), count, unit, months).toordinal()


_ZONE = re.compile(r"(?!(?:posix|right|Factory)(?:/|\Z)|posixrules|localtime)[A-Za-z][A-Za-z0-9_+/-]{1,63}\Z", re.ASCII)
"""What a name of the IANA database looks like, not that of a file of one computer beside it."""


def zone(name: str) -> ZoneInfo:
    """The zone of that name in the IANA database, the same on every computer. ValueError if there is none."""
    if not _ZONE.match(name):
        raise ValueError(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(name) from error


def at_wall_time(day: date, clock: time, where: ZoneInfo, offset: timedelta | None = None) -> datetime:
    """The moment at which the clocks in `where` show `clock` on `day`, aware, in that zone.

    WallTimeError if the clocks skip that time, or show it twice and `offset` (from UTC) does not say which.
    An `offset` that the zone does not have at that time is a WallTimeError as well.
    """
    early, late = (datetime.combine(day, clock, where).replace(fold=fold) for fold in (0, 1))
    offsets = [moment.utcoffset() or timedelta() for moment in (early, late)]
    if offsets[0] == offsets[1]:
        if offset is not None and offset != offsets[0]:
            raise WallTimeError(_other_offset(day, clock, where, offsets[:1]))
        return early
    if early.astimezone(UTC).astimezone(where).replace(tzinfo=None) != early.replace(tzinfo=None):
        raise WallTimeError(Skipped(day=day, clock=clock, zone=where.key))
    for moment in (early, late):
        if offset is not None and moment.utcoffset() == offset:
            return moment
    if offset is not None:
        raise WallTimeError(_other_offset(day, clock, where, offsets))
    raise WallTimeError(ShownTwice(day=day, clock=clock, zone=where.key))


def is_skipped(at: datetime) -> bool:
    """Whether the clocks of its zone never show an aware datetime, since they are put forward over it."""
    first, second = (at.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return first < second


def _other_offset(day: date, clock: time, where: ZoneInfo, offsets: list[timedelta]) -> OtherOffset:
    seconds = tuple(int(offset / timedelta(seconds=1)) for offset in offsets)
    return OtherOffset(day=day, clock=clock, zone=where.key, offsets=seconds)


def add_hours(moment: datetime, hours: int) -> datetime:
    """The moment that many elapsed hours later, in the zone of `moment`: through UTC, so right across clock changes."""
    return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(moment.tzinfo)


def add_minutes(moment: datetime, minutes: int) -> datetime:
    """The same in minutes."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def add_seconds(moment: datetime, seconds: int) -> datetime:
    """The same in seconds."""
    return (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(moment.tzinfo)


def last_start(planned: datetime, hours: int) -> datetime:
    """The last moment that lies within `hours` of the planned one: as elapsed time and, for whole days, by the clock as
    well.

    The earlier of the two, in the zone of `planned`. A wall time that the clocks skip is the one they jump to.
    """
    elapsed = add_hours(planned, hours)
    if hours % 24:
        return elapsed
    same_clock = planned.replace(tzinfo=None) + timedelta(days=hours // 24)
    early, late = (same_clock.replace(tzinfo=planned.tzinfo, fold=fold).astimezone(UTC) for fold in (0, 1))
    by_clock = early if early <= late else _jump(late, early, planned.tzinfo)
    return min(elapsed.astimezone(UTC), by_clock).astimezone(planned.tzinfo)


def _jump(before: datetime, after: datetime, where: tzinfo | None) -> datetime:
    """The first minute, in UTC, at which the clocks in `where` have been put forward between the two moments."""
    offset = after.astimezone(where).utcoffset()
    minutes = range(int((after - before) / timedelta(minutes=1)) + 1)
    jumped = bisect_left(
        minutes, True, key=lambda n: (before + timedelta(minutes=n)).astimezone(where).utcoffset() == offset
    )
    return before + timedelta(minutes=jumped)
