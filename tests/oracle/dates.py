"""Dates, wall times and elapsed time, with nothing but datetime and zoneinfo.

A time of a plan is a wall time of the site: a date, with or without an hour. Elapsed time goes through UTC.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Impossible(Exception):
    """An input that cannot be: exit 2."""


@dataclass(frozen=True)
class Time:
    """A wall time: a date, its hour or None, and which of the two it is in a doubled hour."""

    day: date
    hour: time | None = None
    fold: int = 0

    def plus_days(self, days: int) -> "Time":
        """The same hour so many days later."""
        return Time(self.day + timedelta(days=days), self.hour)

    def at(self, hour: time | None) -> "Time":
        """The same date at another hour, or at none."""
        return Time(self.day, hour)


def real(moment: Time, zone: ZoneInfo) -> bool:
    """Whether the clocks show this wall time at all."""
    if moment.hour is None:
        return True
    there = datetime.combine(moment.day, moment.hour, zone)
    back = there.astimezone(UTC).astimezone(zone)
    return (back.date(), back.time()) == (moment.day, moment.hour)


def doubled(moment: Time, zone: ZoneInfo) -> bool:
    """Whether the clocks show this wall time twice."""
    if moment.hour is None or not real(moment, zone):
        return False
    early, late = (datetime.combine(moment.day, moment.hour.replace(fold=f), zone).utcoffset() for f in (0, 1))
    return early != late


def instant(moment: Time, zone: ZoneInfo) -> datetime:
    """The moment in UTC. A time without an hour counts from 00:00 of its date."""
    hour = (moment.hour or time(0)).replace(fold=moment.fold)
    return datetime.combine(moment.day, hour, zone).astimezone(UTC)


def wall(moment: datetime, zone: ZoneInfo) -> Time:
    """What the clocks of the site show at a moment."""
    there = moment.astimezone(zone)
    return Time(there.date(), there.time().replace(fold=0), there.fold)


def elapsed(start: Time, minutes: int, zone: ZoneInfo) -> Time:
    """So many minutes of elapsed time later."""
    return wall(instant(start, zone) + timedelta(minutes=minutes), zone)


@cache
def clock(day: date, hour: time | None, zone: ZoneInfo) -> Time:
    """A wall time that no person typed. One that the clocks skip or show twice has no hour until somebody mends it."""
    moment = Time(day, hour)
    return moment if real(moment, zone) and not doubled(moment, zone) else Time(day)


def add_months(day: date, months: int, rule: str) -> date:
    """Months keep the day of the month; a short month gives its last day, or the first of the next month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = monthrange(year, month)[1]
    if day.day <= last:
        return date(year, month, day.day)
    if rule == "clamp":
        return date(year, month, last)
    return date(year + (month == 12), month % 12 + 1, 1)


@cache
def typed(text: object, zone: ZoneInfo) -> Time:
    """What a person typed, as a wall time of the zone. With an offset it is an instant, and keeps it."""
    if isinstance(text, datetime):
        text = text.isoformat(sep=" ", timespec="minutes")
    if isinstance(text, date):
        return Time(text)
    match = re.fullmatch(
        r"(\d{4}-\d\d-\d\d|\d\d?-[A-Z][a-z]{2}-\d{4})(?:[ T](\d\d:\d\d)(?::00)?(Z|[+-]\d\d:\d\d)?)?", str(text)
    )
    if not match:
        raise Impossible(f"{text!r} is not a date that has one meaning")
    day = _day(match[1])
    if match[2] is None:
        return Time(day)
    hour = time.fromisoformat(match[2])
    if match[3]:
        return wall(datetime.fromisoformat(f"{day.isoformat()}T{match[2]}{match[3].replace('Z', '+00:00')}"), zone)
    moment = Time(day, hour)
    # "A wall time that does not exist or happens twice: typed by a person - refused; an offset settles it."
    if not real(moment, zone):
        raise Impossible(f"{text} does not exist in {zone.key}")
    if doubled(moment, zone):
        raise Impossible(f"{text} happens twice in {zone.key}: write its offset")
    return moment


def _day(text: str) -> date:
    """A date as 2026-06-15 or 15-Jun-2026."""
    try:
        if text[4] == "-":
            return date.fromisoformat(text)
        day, month, year = text.split("-")
        return date(int(year), NAMES.index(month) + 1, int(day))
    except (ValueError, IndexError) as error:
        raise Impossible(f"{text!r} is not a real date") from error


def past(moment: Time, now: Time, zone: ZoneInfo) -> bool:
    """*Past* means at or before the moment; what has no hour is past only when its date is over."""
    if moment.hour is None:
        return moment.day < now.day
    return instant(moment, zone) <= instant(now, zone)


def by(moment: Time, now: Time, zone: ZoneInfo) -> bool:
    """*By then* means at or before the moment; in begun and in a record, no hour counts from 00:00 of its date."""
    return instant(moment, zone) <= instant(now, zone)


def before(first: Time, second: Time, zone: ZoneInfo) -> bool:
    """Strictly earlier: to the minute where both hours are known, else by date."""
    if first.hour is None or second.hour is None:
        return first.day < second.day
    return instant(first, zone) < instant(second, zone)


def order(moment: Time, zone: ZoneInfo) -> datetime:
    """A key to sort times by."""
    return instant(moment, zone)


def apart(first: Time, second: Time, zone: ZoneInfo) -> timedelta:
    """How far two times lie apart: elapsed time, by days where an hour is missing."""
    if first.hour is None or second.hour is None:
        return abs(timedelta(days=(first.day - second.day).days))
    return abs(instant(first, zone) - instant(second, zone))


def show(moment: Time | None, zone: ZoneInfo) -> str | None:
    """A time as text: 2026-06-15, or 2026-06-15 10:00, with its offset only where the hour comes twice."""
    if moment is None:
        return None
    if moment.hour is None:
        return moment.day.isoformat()
    text = f"{moment.day.isoformat()} {moment.hour:%H:%M}"
    if doubled(moment, zone):
        offset = datetime.combine(moment.day, moment.hour.replace(fold=moment.fold), zone).strftime("%z")
        text += f"{offset[:3]}:{offset[3:]}"
    return text
