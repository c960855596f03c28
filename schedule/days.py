"""Dates, months, wall times and their spelling: the only date arithmetic in the project.

A wrong day harms a patient, so everything that adds, compares or spells a date is here, is pure, and is
tested against an independent oracle. Untimed things are dates from end to end. Timed things are wall times
in a zone; elapsed hours go through UTC, because aware datetimes plus 48 hours is wall-clock arithmetic.
"""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta

MonthRule = Literal["next-first", "clamp"]
Unit = Literal["hours", "days", "weeks", "months", "years"]
Numbering = Literal["day-zero", "day-one"]

UNITS: tuple[Unit, ...] = ("hours", "days", "weeks", "months", "years")
FIRST_DATE = date(1900, 1, 1)
LAST_DATE = date(2199, 12, 31)

MINUS = "\u2212"
NO_BREAK = "\u00a0"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS_IN_FULL = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_IN_FULL = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class WallTimeError(ValueError):
    """A wall time that does not exist, or happens twice, in its zone; the text says which."""


def add(start: date, count: int, unit: Unit, months: MonthRule) -> date:
    """The date `count` units after `start` (before it, if negative). Weeks are 7 days; a month is never 30.

    Months and years keep the day of the month. Where that day does not exist, `next-first` gives the first
    of the following month (31 Dec + 2 months = 1 Mar), `clamp` the last day of the month (28 Feb).
    `hours` are not a matter of dates and are refused with ValueError.
    """
    if unit == "days":
        return start + timedelta(days=count)
    if unit == "weeks":
        return start + timedelta(days=7 * count)
    if unit == "hours":
        raise ValueError("hours are added to a moment, not to a date")
    clamped: date = start + relativedelta(months=count if unit == "months" else 12 * count)
    if months == "next-first" and clamped.day != start.day:
        return clamped + timedelta(days=1)
    return clamped


@lru_cache(maxsize=65536)
def add_to_ordinal(start: int, count: int, unit: Unit, months: MonthRule) -> int:
    """`add` on ordinals (day 1 is 1 Jan of year 1): what the network of bounds computes with."""
    if unit == "days":
        return start + count
    return add(date.fromordinal(start), count, unit, months).toordinal()


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def at_wall_time(day: date, clock: time, where: ZoneInfo, offset: timedelta | None = None) -> datetime:
    """The moment at which the clocks in `where` show `clock` on `day`, aware, in that zone.

    WallTimeError if the clocks skip that time, or show it twice and `offset` (from UTC) does not say which.
    An `offset` that the zone does not have at that time is a WallTimeError as well.
    """
    early, late = (datetime.combine(day, clock, where).replace(fold=fold) for fold in (0, 1))
    shown = f"{clock:%H:%M} on {spell(day)}"
    if early.utcoffset() == late.utcoffset():
        if offset is not None and offset != early.utcoffset():
            raise WallTimeError(f"{shown} in {where.key} is {early:%z} from UTC, not as written")
        return early
    if early.astimezone(UTC).astimezone(where).replace(tzinfo=None) != early.replace(tzinfo=None):
        raise WallTimeError(f"{shown} does not exist in {where.key}: the clocks are put forward")
    for moment in (early, late):
        if offset is not None and moment.utcoffset() == offset:
            return moment
    if offset is not None:
        raise WallTimeError(f"{shown} in {where.key} is {early:%z} or {late:%z} from UTC, not as written")
    raise WallTimeError(f"{shown} happens twice in {where.key}: the clocks are put back")


def add_hours(moment: datetime, hours: int) -> datetime:
    """The moment that many elapsed hours later, in the zone of `moment`: through UTC, so right across clock changes."""
    return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(moment.tzinfo)


def last_start(planned: datetime, hours: int) -> datetime:
    """The last moment that lies within `hours` of the planned one: as elapsed time and, for whole days, by the clock as well.

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


def spell(day: date) -> str:
    """`Thu 12-Mar-2026`: how every date is shown to staff, whatever the machine's language."""
    return f"{WEEKDAYS[day.weekday()]} {day.day:02d}-{MONTHS[day.month - 1]}-{day.year:04d}"


def spell_in_full(day: date) -> str:
    """`Thursday 12 March 2026`: how dates are shown to patients."""
    return f"{WEEKDAYS_IN_FULL[day.weekday()]} {day.day} {MONTHS_IN_FULL[day.month - 1]} {day.year}"


def spell_moment(moment: datetime) -> str:
    """`Thu 12-Mar-2026 10:00`: a date and its wall time on the 24-hour clock."""
    return f"{spell(moment.date())} {moment:%H:%M}"


def spell_span(first: date, last: date) -> str:
    """`Mon 18-May-2026 to Sun 14-Jun-2026`, or one date where the two are the same."""
    return spell(first) if first == last else f"{spell(first)} to {spell(last)}"


def spell_range(first: date | None, last: date | None) -> str:
    """The same for a range whose ends may be open: `from …`, `no later than …`, `any day`."""
    if first is not None and last is not None:
        return spell_span(first, last)
    if first is not None:
        return f"from {spell(first)}"
    return f"no later than {spell(last)}" if last is not None else "any day"


def day_number(offset: int, numbering: Numbering) -> int:
    """What a day is called that lies `offset` days from the anchor day: `day-one` numbering has no day 0."""
    return offset if numbering == "day-zero" or offset < 0 else offset + 1


def day_offset(number: int, numbering: Numbering) -> int:
    """The other way round. ValueError for day 0 in `day-one` numbering, which does not exist."""
    if numbering == "day-zero" or number < 0:
        return number
    if number == 0:
        raise ValueError("there is no day 0 in this protocol's numbering: -1 is followed by 1")
    return number - 1


def day_label(number: int, numbering: Numbering = "day-zero") -> str:
    """`Day −5`, `Day 0`, `Day +1`: with a real minus sign and a space that never breaks across lines.

    In `day-one` numbering days after the anchor have no plus sign: `Day 1`.
    """
    if number < 0:
        shown = f"{MINUS}{-number}"
    elif number > 0 and numbering == "day-zero":
        shown = f"+{number}"
    else:
        shown = str(number)
    return f"Day{NO_BREAK}{shown}"


def plural(count: int, unit: str) -> str:
    """`1 day`, `3 days`, for a unit given in the plural."""
    return f"{count} {unit[:-1] if abs(count) == 1 else unit}"


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_NAMED = re.compile(r"(?:([A-Za-z]{3}),? )?(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4})\Z", re.ASCII)


def read_date(text: str) -> date:
    """The date in `2026-03-12`, `12-Mar-2026`, `Thu 12-Mar-2026` or `12 March 2026`; nothing that can be read two ways.

    ValueError, saying what to write, for anything else, for a date that does not exist, for a weekday that
    is not that date's, and outside 1900 to 2199.
    """
    text = text.strip()
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
        weekday = None
    elif match := _NAMED.match(text):
        weekday, month_name = match[1], match[3].capitalize()
        names = MONTHS if len(month_name) == 3 else MONTHS_IN_FULL
        if month_name not in names:
            raise ValueError(f"{match[3]!r} is not a month")
        year, month, day = int(match[4]), names.index(month_name) + 1, int(match[2])
    else:
        raise ValueError(f"{text[:40]!r} is not a date that has one meaning")
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a real date") from error
    if weekday is not None and weekday.capitalize() != WEEKDAYS[found.weekday()]:
        raise ValueError(f"{text!r}: that date is a {WEEKDAYS_IN_FULL[found.weekday()]}")
    if not FIRST_DATE <= found <= LAST_DATE:
        raise ValueError(f"{text!r} is outside 1900 to 2199")
    return found


def read_clock(text: str) -> time:
    """The wall time in `09:00`, on the 24-hour clock, `00:00` to `23:59`. ValueError for anything else."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise ValueError(f"{text[:20]!r} is not a time")
    return time(int(text[:2]), int(text[3:]))
