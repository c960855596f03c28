"""Dates and hours as people type them, in a form of a page or on the command line: many ways to write one, none that
could mean another.

A date in numbers alone is read with the year first and in no other order: half the world swaps day and month.
"""

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

from msgspec import Struct

from schedule.model.dates import at_wall_time
from schedule.model.moment import Moment
from schedule.model.notation import (
    FIRST_DATE,
    LAST_DATE,
    MONTHS_IN_FULL,
    NO_BREAK,
    WEEKDAYS,
    WEEKDAYS_IN_FULL,
    read_typed_clock,
    spell,
)

_HYPHENS = "[\u2010-\u2013\u2212]"
"""What a word processor makes of a hyphen."""
_WEEKDAYS = tuple(name.lower() for name in WEEKDAYS)
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = rf"({'|'.join(_WEEKDAYS)})[a-z]*\.?,? +(?=\S)"
_YEAR_FIRST = r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
_DAY_FIRST = rf"{_ORDINAL}[-/. ]*([a-z]{{3,9}})\.?[-/., ]*(\d{{4}})"
_MONTH_FIRST = rf"([a-z]{{3,9}})\.?[-/. ]*{_ORDINAL}[-/., ]+(\d{{4}})"
_NUMBERS = r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})"
_SHORT_YEAR = r"(\d{1,2}[-/. ]*[a-z]{3,9}|[a-z]{3,9}[-/. ]*\d{1,2}|\d{1,2}[-/. ]\d{1,2})[-/., ]+\d\d"
_CLOCK = (
    r"(.+?)(?:,? +(?:at +)?|[Tt]) *((?:\d\d?[:.h]\d\d|\d{4})(?: ?hr?s?)?)"
    r"(?: *(?:([+-])([01]\d|2[0-3]):?([0-5]\d)|(Z)))?"
)
_OWN_COMMAS = (
    rf"\b([a-z]{{3,9}}\.? *{_ORDINAL}), *(?=\d{{4}}\b)",
    rf"\b((?:{'|'.join(_WEEKDAYS)})[a-z]*\.?), *",
    r"(\b\d{4}), *(?=(?:at +)?\d\d?[:.h]\d\d\b(?![.\d]))",
)
"""Commas that belong to one date: `Mar 12, 2026`, `Thu, 12 Mar 2026`, `12 Mar 2026, 09:10`."""


class TypedTime(Struct, frozen=True, kw_only=True):
    """A date, the hour if one was typed, and its offset from UTC if that was."""

    on: date
    clock: time | None = None
    offset: timedelta | None = None

    @property
    def wall(self) -> datetime:
        """The wall time; 00:00 where no hour was typed."""
        return datetime.combine(self.on, self.clock or time.min)

    def at(self, where: ZoneInfo) -> Moment:
        """The same in that zone. WallTimeError for an hour that the clocks do not show once."""
        if self.clock is None:
            return Moment(on=self.on)
        at = at_wall_time(self.on, self.clock, where, self.offset)
        return Moment(on=self.on, at=at, pinned=self.offset is not None)


def typed_date(text: str) -> date:
    """The date in `12 Mar 2026`, `12mar2026`, `12-March-2026`, `Mar 12, 2026`, `2026-03-12`, `2026/3/12`, with its
    weekday in front or not. ValueError, saying what is wrong, for anything else, for a date that does not exist, for a
    weekday that is not that date's, and outside 1900 to 2199."""
    typed = " ".join(re.sub(_HYPHENS, "-", text.replace(NO_BREAK, " ")).split())
    lowered = typed.lower() if typed.isascii() else ""
    named = re.match(_WEEKDAY, lowered)
    found = _in_any_order(lowered[named.end() :] if named else lowered, typed[:40])
    if named is not None and found.weekday() != _WEEKDAYS.index(named[1]):
        raise ValueError(f"“{typed[:40]}”: that date is a {WEEKDAYS_IN_FULL[found.weekday()]}")
    if not FIRST_DATE <= found <= LAST_DATE:
        raise ValueError(f"“{typed[:40]}” is outside {FIRST_DATE.year} to {LAST_DATE.year}")
    return found


def _in_any_order(text: str, shown: str) -> date:
    """The date in a text of small letters, without weekday."""
    if found := re.fullmatch(_YEAR_FIRST, text):
        return _real(shown, int(found[1]), int(found[3]), int(found[4]))
    if found := re.fullmatch(_DAY_FIRST, text):
        return _real(shown, int(found[3]), _month(found[2]), int(found[1]))
    if found := re.fullmatch(_MONTH_FIRST, text):
        return _real(shown, int(found[3]), _month(found[1]), int(found[2]))
    if found := re.fullmatch(_NUMBERS, text):
        _refuse_numbers(shown, int(found[4]), int(found[1]), int(found[3]))
    if found := re.fullmatch(_SHORT_YEAR, text):
        raise ValueError(f"“{shown}” has a year of two digits: write all four")
    raise ValueError(f"“{shown}” is not a date")


def _month(name: str) -> int:
    """The month of a name, short or in full."""
    for number, full in enumerate(MONTHS_IN_FULL, 1):
        if name in (full.lower(), full[:3].lower()) or (name, number) == ("sept", 9):
            return number
    raise ValueError(f"“{name}” is not a month")


def _real(shown: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"“{shown}” is not a real date") from error


def _refuse_numbers(shown: str, year: int, first: int, second: int) -> NoReturn:
    """ValueError with the dates that two numbers and a year can be, so that one of them is typed instead."""
    found = set()
    for month, day in ((first, second), (second, first)):
        with suppress(ValueError):
            found.add(date(year, month, day))
    if not found:
        raise ValueError(f"“{shown}” is not a real date")
    either = " or ".join(map(spell, sorted(found)))
    raise ValueError(f"“{shown}” can be {either}: write the month by its name")


def typed_time(text: str) -> TypedTime:
    """A date and, where one was typed, its hour: `2026-06-15 10:00`, `15 Jun 2026 0910`, `2026-11-01 01:30-05:00`.
    ValueError, as for a date, for anything else."""
    text = text.strip()
    try:
        return TypedTime(on=typed_date(text))
    except ValueError as error:
        with_clock = re.fullmatch(_CLOCK, text, re.ASCII)
        if with_clock is None:
            raise
        whole = error
    day, clock, sign, hours, minutes, is_utc = with_clock.groups()
    offset = timedelta(0) if is_utc else None
    if sign is not None:
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        on = typed_date(day)
    except ValueError as error:
        raise (error if re.search(r"\d{4}", day) else whole) from error
    return TypedTime(on=on, clock=read_typed_clock(clock), offset=offset)


def typed_times(text: str) -> tuple[TypedTime, ...]:
    """All that stand on one line, parted by commas or semicolons, in the order in which they were typed. ValueError
    where one of them is none, and where there is none at all."""
    for comma in _OWN_COMMAS:
        text = re.sub(comma, r"\1 ", text, flags=re.IGNORECASE)
    return tuple(typed_time(part) for part in re.split(r"[;,]", text) if part.strip()) or (typed_time(text),)
