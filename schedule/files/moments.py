"""A date as a file has it, with or without its hour: a TOML date or date-time, or the same as text."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from msgspec import Struct

from schedule.files.table import as_date
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.notation import FIRST_DATE, LAST_DATE, read_clock, read_date, spell, spell_utc_offset
from schedule.model.reasons.wall_times import OtherOffset, ShownTwice, Skipped, WallTimeFault

_MOMENT = re.compile(r"(\S+?)[ T](\d\d:\d\d)(?::00)?([+-]\d\d:\d\d)?\Z", re.ASCII)


class WrittenMoment(Struct, frozen=True):
    """A date, the wall time on it, and its offset from UTC, as far as they were written."""

    day: date
    clock: time | None = None
    offset: timedelta | None = None

    def __str__(self) -> str:
        """`2026-06-14`, `2026-06-14T15:00` or `2026-06-14T15:00-04:00`."""
        text = self.day.isoformat() + (f"T{self.clock:%H:%M}" if self.clock else "")
        if self.offset is None:
            return text
        minutes = int(self.offset.total_seconds() // 60)
        return f"{text}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


class HourWithoutMoment(ValueError):
    """An hour of which no moment can be made: `str()` says why, `remedy` what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def as_written_moment(value: Any) -> WrittenMoment:
    """What a TOML value or a text stands for. ValueError says what is wrong with it."""
    if isinstance(value, str) and (match := _MOMENT.match(value.strip())):
        offset = None
        if match[3]:
            hours, minutes = match[3][1:].split(":")
            offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if match[3][0] == "-" else 1)
        return WrittenMoment(read_date(match[1]), read_clock(match[2]), offset)
    if isinstance(value, datetime):
        if value.second or value.microsecond:
            raise ValueError(f"{value} has seconds")
        if not FIRST_DATE <= value.date() <= LAST_DATE:
            raise ValueError(f"{spell(value.date())} is outside 1900 to 2199")
        return WrittenMoment(value.date(), value.time().replace(tzinfo=None), value.utcoffset())
    return WrittenMoment(as_date(value))


def moment_in(written: WrittenMoment, where: ZoneInfo | None) -> datetime | None:
    """The moment in the site's zone; None without an hour. HourWithoutMoment where there is no zone, or where the
    clocks do not show that time once."""
    if written.clock is None:
        return None
    if where is None:
        remedy = "add --site SITE.toml, or leave the hour out"
        raise HourWithoutMoment("an hour needs the site's time zone", remedy)
    try:
        return at_wall_time(written.day, written.clock, where, written.offset)
    except WallTimeError as error:
        raise HourWithoutMoment(*_fault_in_words(error.fault)) from error


def _fault_in_words(fault: WallTimeFault) -> tuple[str, str]:
    """What is wrong with a wall time, and what to write instead."""
    shown = f"{fault.clock:%H:%M} on {spell(fault.day)}"
    match fault:
        case Skipped():
            said = f"{shown} does not exist in {fault.zone}: the clocks are put forward"
        case ShownTwice():
            said = f"{shown} happens twice in {fault.zone}: the clocks are put back"
            return said, "write the time with its offset from UTC"
        case OtherOffset():
            offsets = " or ".join(map(spell_utc_offset, fault.offsets))
            said = f"{shown} in {fault.zone} is {offsets} from UTC, not as written"
        case _:
            assert_never(fault)
    return said, "write a time that the clocks show"
