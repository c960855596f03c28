"""The small languages a nurse can read: a bound between two time points, a window, a condition, a clock time.

Text becomes a value here and nowhere else. Each reader returns the value or raises GrammarError, which holds
what is wrong and what to write instead. What a text means on the calendar is decided in the engine, not here.
"""

import re
from collections.abc import Container
from datetime import date
from typing import assert_never

from schedule.model.notation import UNITS, Numbering, Unit, day_offset, plural, read_clock, read_date
from schedule.model.timing import (
    BASES,
    RELATIONS,
    Apart,
    AtMost,
    Bound,
    ClockTime,
    CompletionOf,
    DayZeroPoint,
    EachOf,
    EndOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    Only,
    PlannedDayZeroPoint,
    Point,
    Relation,
)

FIRST_DAY, LAST_DAY = -365, 3650
MOST_COUNT: dict[Unit, int] = {"hours": 87_600, "days": 36_525, "weeks": 5_200, "months": 1_200, "years": 100}


class GrammarError(ValueError):
    """A text outside its grammar: `str()` says what is wrong, `remedy` what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


ID_FORM = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
ANCHOR = rf"(?:(?:first|last|each) )?{ID_FORM}(?: ends)?"
"""What a distance is counted from: `cells`, `last il2`, `nk-infusion ends`."""
_UNIT_WORDS = {
    "h": "hours", "hour": "hours", "hours": "hours", "day": "days", "days": "days", "week": "weeks",
    "weeks": "weeks", "month": "months", "months": "months", "year": "years", "years": "years",
}  # fmt: skip
_POINT = rf"{ID_FORM}(?:\.(?:first|last|each|completed))?(?: ends)?"
_BOUND = re.compile(rf"({_POINT}) ({'|'.join(RELATIONS)}) (\d{{1,5}}) (rest )?([a-z]+) after ({_POINT})\Z", re.ASCII)


_NEGATIVE = rf"({_POINT}) (at least|more than|at most|less than) -(\d{{1,5}}) ([a-z]+) after ({_POINT})"
_TURNED = {"at least": "at most", "more than": "less than", "at most": "at least", "less than": "more than"}


_MINUSES = "\u2212\u2013\u2014\u2011"
TAKEN_AS_PLAIN = f"{_MINUSES}\u00d7\u00a0\u202f\u2007"
"""Signs that every reader takes for a hyphen, the letter x or a blank: what word processors put in their place."""


_PLAIN = str.maketrans({**dict.fromkeys(_MINUSES, "-"), "\u00d7": "x"})


def plain_text(text: str) -> str:
    """The text with plain dashes and crosses and single blanks."""
    return " ".join(text.translate(_PLAIN).split())


def as_written(text: str) -> str:
    """A text as it is quoted in a message."""
    return repr(text) if len(text) <= 60 else repr(text[:60] + "…")


def read_unit(word: str) -> Unit:
    for unit in UNITS:
        if _UNIT_WORDS.get(word) == unit:
            return unit
    raise GrammarError(f"{word!r} is not a unit of time", "write hours, days, weeks, months or years")


def read_offset(text: str, numbering: Numbering) -> int:
    try:
        offset = day_offset(int(text), numbering)
    except ValueError as error:
        if re.fullmatch(r"[+-]?\d+", text, re.ASCII):
            raise GrammarError(str(error), "write day 1 for the first day of treatment") from error
        raise GrammarError(f"{text!r} is not a day", "write a day number such as -5, 0 or +28") from error
    if not FIRST_DAY <= offset <= LAST_DAY:
        raise GrammarError(f"day {text} is out of range", f"days run from {FIRST_DAY} to +{LAST_DAY}")
    return offset


def read_window(text: str, numbering: Numbering = "day-zero") -> tuple[int, int]:
    """First and last offset, both included, of a window such as `-7 to -1`."""
    match = re.fullmatch(r"([+-]?\d{1,4}) to ([+-]?\d{1,4})", plain_text(text), re.ASCII)
    if match is None:
        raise GrammarError(f"{text!r} is not a window", 'write the first and the last day, such as "-7 to -1"')
    first, last = read_offset(match[1], numbering), read_offset(match[2], numbering)
    if last < first:
        raise GrammarError(f"{text!r} runs backwards", "write the earlier day first")
    return first, last


def read_point(text: str, dates: Container[str] = ()) -> Point:
    """The point in `day-zero`, `il2.first`, `il2-3`, `nk-infusion.last ends`, `lymphodepletion.completed`; anything
    else is a known date, there or not. `dates` are the known dates there are: one of the name `il2-3` is that, no third
    occurrence."""
    if (of := text.removesuffix(" ends")) != text:
        return _end(read_point(of), text)
    for base in BASES:
        if text == str(base):
            return base
    if text in dates:
        return KnownDatePoint(text)
    subject, dot, which = text.partition(".")
    if dot and which in _WHICH:
        return _WHICH[which](subject)
    if not dot and (match := re.fullmatch(r"(.+)-(\d{1,4})", text, re.ASCII)):
        return OccurrencePoint(match[1], int(match[2]))
    return KnownDatePoint(text)


def _end(of: Point, text: str) -> EndOf:
    match of:
        case FirstOf() | LastOf() | EachOf() | OccurrencePoint() | DayZeroPoint():
            return EndOf(of)
        case CompletionOf(course):
            return EndOf(LastOf(course))
        case PlannedDayZeroPoint() | KnownDatePoint() | EndOf():
            name = text.removesuffix(" ends")
            raise GrammarError(
                f"{text!r} does not say which one ends",
                f'write "{name}.first ends", "{name}.last ends" or "{name}-1 ends"',
            )
        case _:
            assert_never(of)


_WHICH: dict[str, type[FirstOf] | type[LastOf] | type[EachOf] | type[CompletionOf]] = {
    "first": FirstOf, "last": LastOf, "each": EachOf, "completed": CompletionOf,
}  # fmt: skip


def read_bound(text: str, dates: Container[str] = ()) -> Bound:
    """The bound in `day-zero at least 29 days after gvhd-steroid-last`; `dates` as for a point."""
    plain = plain_text(text)
    if "the end of " in plain:
        plain = re.sub(r"(?<![\w-])the end of (?:the )?(\S+)", r"\1 ends", plain)
    match = _BOUND.match(plain)
    if match is None and (turned := re.fullmatch(_NEGATIVE, plain, re.ASCII)):
        other, distance = _TURNED[turned[2]], plural(int(turned[3]), read_unit(turned[4]))
        raise GrammarError(
            f"{text!r} has a negative number",
            f'turn the sentence round: "{turned[5]} {other} {distance} after {turned[1]}"',
        )
    if match is None:
        remedy = f'write "POINT {"|".join(RELATIONS)} N days after POINT"'
        if re.search(r"\bbefore\b", text):
            remedy += "; there is no “before”, because subtracting months gives other days than adding them"
        raise GrammarError(f"{text!r} is not a bound", remedy)
    unit, count, rest = read_unit(match[5]), int(match[3]), bool(match[4])
    if rest and unit != "days":
        raise GrammarError(f"there are no rest {unit}", 'rest is counted in days: "2 rest days"')
    if count > MOST_COUNT[unit]:
        raise GrammarError(f"{count} {unit} is out of range", f"at most {MOST_COUNT[unit]} {unit}")
    relations: dict[str, Relation] = {one: one for one in RELATIONS}
    return Bound(
        point=read_point(match[1], dates),
        relation=relations[match[2]],
        count=count + rest,
        unit=unit,
        anchor=read_point(match[6], dates),
        rest=rest,
    )


def read_only(text: str) -> Only:
    """The condition in `indication is all or dlbcl`."""
    match = re.fullmatch(rf"({ID_FORM}) is ({ID_FORM}(?: or {ID_FORM})*)", plain_text(text), re.ASCII)
    if match is None:
        raise GrammarError(f"{as_written(text)} is not a condition", 'write "CHOICE is OPTION", or "CHOICE is A or B"')
    return Only(choice=match[1], options=tuple(match[2].split(" or ")))


def read_apart(text: str) -> Apart:
    """The distance in `at least 2 days`, `more than 1 week`, `at least 20 hours` or `at most 3 days`. More than 1 day
    is at least 2; hours have no such next number."""
    match = re.fullmatch(r"(at least|at most|more than|less than) (\d{1,4}) ([a-z]+)", plain_text(text), re.ASCII)
    unit, strict = read_unit(match[3]) if match else None, match is not None and match[1] in ("more than", "less than")
    count = int(match[2]) * (7 if unit == "weeks" else 1) if match else 0
    if match is not None and strict:
        count += 1 if match[1] == "more than" else -1
    if match is None or unit not in ("days", "hours", "weeks") or count < 1 or (strict and unit == "hours"):
        raise GrammarError(
            f"{as_written(text)} is not a distance", 'write "at least 2 days", "at least 20 hours" or "at most 3 days"'
        )
    return Apart(
        count=count,
        unit="hours" if unit == "hours" else "days",
        relation="at least" if match[1] in ("at least", "more than") else "at most",
    )


def read_at_most(text: str) -> AtMost:
    """The number in `3 in 7 days`."""
    match = re.fullmatch(r"(\d{1,3}) in (\d{1,3}) days", plain_text(text), re.ASCII)
    if match is None or not 1 <= int(match[1]) < int(match[2]):
        raise GrammarError(f"{as_written(text)} is not a number in days", 'write "3 in 7 days"')
    return AtMost(count=int(match[1]), days=int(match[2]))


def read_length(text: str) -> int:
    """The days in `28 days` or `4 weeks`: 1 to 365."""
    match = re.fullmatch(r"(\d{1,3}) (days|weeks)", plain_text(text), re.ASCII)
    days = int(match[1]) * (7 if match[2] == "weeks" else 1) if match else 0
    if not 1 <= days <= 365:
        raise GrammarError(f"{as_written(text)} is not a length", 'write "28 days"')
    return days


def read_numbers(text: str) -> tuple[int, ...]:
    """The numbers in `1`, `1 to 2` or `1, 3`: 1 to 99, rising."""
    found: list[int] = []
    for item in plain_text(text).split(","):
        match = re.fullmatch(r"(\d{1,2})(?: to (\d{1,2}))?", item.strip(), re.ASCII)
        if match is None or not int(match[1]):
            raise GrammarError(f"{as_written(text)} are not numbers", 'write "1", "1 to 2" or "1, 3"')
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    if not found or found != sorted(set(found)):
        raise GrammarError(f"{as_written(text)} are not in order", 'write "1", "1 to 2" or "1, 3"')
    return tuple(found)


def read_clock_time(text: str) -> ClockTime:
    """The time in `09:00`, or the block in `09:00 to 10:30`. `22:00 to 02:00` ends on the next day, `22:00 to 24:00` at
    its first minute.
    """
    start, found, end = plain_text(text).partition(" to ")
    try:
        clock = ClockTime(
            start=read_clock(start), end=read_clock("00:00" if end == "24:00" else end) if found else None
        )
    except ValueError as error:
        raise GrammarError(str(error), 'write "09:00", or "09:00 to 10:30"') from error
    if clock.end == clock.start:
        raise GrammarError(f"{text!r} ends when it starts", "leave the end out, or write a later one")
    return clock


def read_date_range(text: str) -> tuple[date, date]:
    """First and last date, both included, of `2026-12-24` or `2026-12-24 to 2027-01-01`."""
    start, found, end = plain_text(text).partition(" to ")
    try:
        first = read_date(start)
        last = read_date(end) if found else first
    except ValueError as error:
        raise GrammarError(str(error), 'write "2026-12-24" or "2026-12-24 to 2027-01-01"') from error
    if last < first:
        raise GrammarError(f"{text!r} runs backwards", "write the earlier date first")
    return first, last


def read_alarm(text: str) -> int:
    """Minutes before the start in `30 minutes before`, `15 hours before`, `1 day before`; at least 1."""
    match = re.fullmatch(r"(\d{1,3}) (minutes?|hours?|days?) before", plain_text(text), re.ASCII)
    minutes = int(match[1]) * {"m": 1, "h": 60, "d": 1440}[match[2][0]] if match else 0
    if not 1 <= minutes <= 14 * 1440:
        raise GrammarError(
            f"{text!r} is not a reminder", 'write "30 minutes before", "15 hours before" or "1 day before"'
        )
    return minutes


def read_duration(text: str) -> int:
    """Minutes in `30 minutes`, `4 hours`: 1 minute to 7 days."""
    match = re.fullmatch(r"(\d{1,4}) (minutes?|hours?)", plain_text(text), re.ASCII)
    minutes = int(match[1]) * (60 if match[2].startswith("h") else 1) if match else 0
    if not 1 <= minutes <= 7 * 1440:
        raise GrammarError(f"{as_written(text)} is not a length", 'write "30 minutes" or "4 hours"')
    return minutes
