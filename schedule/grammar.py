"""The small languages a nurse can read: days of an activity, a bound between two time points, a window, a clock time.

Text becomes a value here and nowhere else. Each reader returns the value or raises GrammarError, which holds
what is wrong and what to write instead. What a text means on the calendar is decided in `events`, not here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from schedule.days import UNITS, Numbering, Unit, day_offset, read_clock, read_date

Relation = Literal["at least", "more than", "at most", "less than"]

FIRST_DAY, LAST_DAY = -365, 3650
MOST_OCCURRENCES = 400
MOST_COUNT: dict[Unit, int] = {"hours": 87_600, "days": 36_525, "weeks": 5_200, "months": 1_200, "years": 100}


class GrammarError(ValueError):
    """A text outside its grammar: `str()` says what is wrong, `remedy` what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time an activity is due: `offset` days from the anchor day, then `months` calendar months on.

    `before` and `after` are the days by which the target may be missed on either side; 0 is fixed.
    """

    offset: int
    months: int = 0
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDays:
    """Days counted from the anchor day, earliest first."""

    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterActivity:
    """`count` units after the start of the first or last occurrence of another activity; `times` times,
    `every_hours` elapsed hours apart."""

    count: int
    unit: Unit
    activity: str
    last: bool
    times: int = 1
    every_hours: int = 0


Days = OnDays | AfterActivity


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """`point` lies at least / more than / at most / less than `count` `unit` after `anchor`.

    The sum is always added to the anchor. Days to years compare dates; hours compare moments.
    """

    point: str
    relation: Relation
    count: int
    unit: Unit
    anchor: str

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.count == 1 else self.unit
        return f"{self.point} {self.relation} {self.count} {unit} after {self.anchor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """A wall time, with its end where the site gives one."""

    start: time
    end: time | None = None


_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_UNIT_WORDS = {
    "h": "hours", "hour": "hours", "hours": "hours", "day": "days", "days": "days", "week": "weeks",
    "weeks": "weeks", "month": "months", "months": "months", "year": "years", "years": "years",
}  # fmt: skip
_EVERY = re.compile(r"every (?:(\d{1,4}) )?([a-z]+) x (\d{1,4}) from (.+)\Z", re.ASCII)
_AFTER = re.compile(rf"(\d{{1,4}}) ([a-z]+) after (?:(first|last) )?({_ID})\Z", re.ASCII)
_ITEM = re.compile(r"([+-]?\d{1,4})(?: to ([+-]?\d{1,4}))?(?: (?!to\b)(.+))?\Z", re.ASCII)
_BOUND = re.compile(
    rf"({_ID}(?:\.first|\.last)?) (at least|more than|at most|less than) (\d{{1,5}}) ([a-z]+) after "
    rf"({_ID}(?:\.first|\.last)?)\Z",
    re.ASCII,
)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u2212", "-").replace("\u00a0", " ")).strip()


def shortened(text: str) -> str:
    """A text as it is quoted in a message."""
    return repr(text) if len(text) <= 60 else repr(text[:60] + "…")


def _unit(word: str) -> Unit:
    for unit in UNITS:
        if _UNIT_WORDS.get(word) == unit:
            return unit
    raise GrammarError(f"{word!r} is not a unit of time", "write hours, days, weeks, months or years")


def _offset(text: str, numbering: Numbering) -> int:
    try:
        offset = day_offset(int(text), numbering)
    except ValueError as error:
        if re.fullmatch(r"[+-]?\d+", text, re.ASCII):
            raise GrammarError(str(error), "write day 1 for the first day of treatment") from error
        raise GrammarError(f"{text!r} is not a day", "write a day number such as -5, 0 or +28") from error
    if not FIRST_DAY <= offset <= LAST_DAY:
        raise GrammarError(f"day {text} is out of range", f"days run from {FIRST_DAY} to +{LAST_DAY}")
    return offset


def _item(text: str, numbering: Numbering) -> Iterator[Occurrence]:
    match = _ITEM.match(text)
    if match is None:
        raise GrammarError(
            f"{text!r} is not a day", 'write days such as "-5 to -3", "+28 ±3" or "every 2 days x 7 from +1"'
        )
    first, last, rest = _offset(match[1], numbering), match[2], match[3]
    if last is None:
        if rest is None:
            yield Occurrence(offset=first)
        elif window := re.fullmatch(r"± ?(\d{1,3})(?: days?)?", rest, re.ASCII):
            yield Occurrence(offset=first, before=int(window[1]), after=int(window[1]))
        else:
            raise GrammarError(
                f"I don't understand {rest!r} after the day", 'after the day I expect a window such as "±3"'
            )
        return
    step = 1
    if rest is not None:
        every = re.fullmatch(r"every (\d{1,3}) days", rest, re.ASCII)
        if every is None or int(every[1]) < 1:
            raise GrammarError(f"I don't understand {rest!r}", 'after the range I expect "every N days"')
        step = int(every[1])
    end = _offset(last, numbering)
    if end <= first:
        raise GrammarError(f"{text!r} runs backwards", "write the earlier day first")
    if (end - first) % step:
        raise GrammarError(
            f"{text!r} does not end on a day of its own",
            f"from {match[1]}, every {step} days does not fall on {last}; end the range on one of the days",
        )
    for offset in range(first, end + 1, step):
        yield Occurrence(offset=offset)


def _every(match: re.Match[str], numbering: Numbering) -> Days:
    step, unit, times, start = int(match[1] or 1), _unit(match[2]), int(match[3]), match[4]
    if step < 1 or not 1 <= times <= MOST_OCCURRENCES:
        raise GrammarError(f"{match[0]!r} gives no days", f"repeat 1 to {MOST_OCCURRENCES} times, at least 1 apart")
    if unit == "hours":
        after = _AFTER.match(start)
        if after is None or _unit(after[2]) != "hours":
            raise GrammarError(
                f"{start!r} has no hour", 'hours are counted from a moment: "every 8 hours x 14 from 6 h after cells"'
            )
        return _after(after, times=times, every_hours=step)
    first = _offset(start, numbering)
    if unit in ("days", "weeks"):
        width = step * (7 if unit == "weeks" else 1)
        found = tuple(Occurrence(offset=first + width * index) for index in range(times))
    else:
        width = step * (12 if unit == "years" else 1)
        found = tuple(Occurrence(offset=first, months=width * index) for index in range(times))
    last = found[-1]
    if last.offset > LAST_DAY or last.months > MOST_COUNT["months"] // 10:
        raise GrammarError(f"{match[0]!r} runs past day +{LAST_DAY}", "repeat it less often")
    return OnDays(occurrences=found)


def _after(match: re.Match[str], *, times: int = 1, every_hours: int = 0) -> AfterActivity:
    unit, count = _unit(match[2]), int(match[1])
    if count > MOST_COUNT[unit] // 10:
        raise GrammarError(f"{count} {unit} is out of range", f"at most {MOST_COUNT[unit] // 10} {unit}")
    return AfterActivity(
        count=count, unit=unit, activity=match[4], last=match[3] == "last",
        times=times, every_hours=every_hours,
    )  # fmt: skip


def read_days(text: str, numbering: Numbering = "day-zero") -> Days:
    """The days in `0`, `-5, -4`, `-5 to -3`, `+1 to +13 every 2 days`, `every 2 days x 7 from +1`, `+28 ±3`,
    `yearly x 5 from +365`, `4 h after nk-infusion`, `4 months after last il2`, `every 8 hours x 14 from 6 h after cells`.

    Day numbers are the protocol's; the offsets returned are days from its anchor day. A range means each day of it.
    """
    plain = re.sub(r"^yearly x ", "every year x ", _plain(text))
    if match := _EVERY.match(plain):
        return _every(match, numbering)
    if match := _AFTER.match(plain):
        return _after(match)
    found: list[Occurrence] = []
    for item in plain.split(","):
        found += _item(item.strip(), numbering)
        if len(found) > MOST_OCCURRENCES:
            raise GrammarError(f"{shortened(text)} gives more than {MOST_OCCURRENCES} days", "name fewer days")
    offsets = [occurrence.offset for occurrence in found]
    if offsets != sorted(set(offsets)):
        raise GrammarError(f"the days of {shortened(text)} are not in order", "name each day once, earliest first")
    return OnDays(occurrences=tuple(found))


def read_window(text: str, numbering: Numbering = "day-zero") -> tuple[int, int]:
    """First and last offset, both included, of a window such as `-7 to -1`."""
    match = re.fullmatch(r"([+-]?\d{1,4}) to ([+-]?\d{1,4})", _plain(text), re.ASCII)
    if match is None:
        raise GrammarError(f"{text!r} is not a window", 'write the first and the last day, such as "-7 to -1"')
    first, last = _offset(match[1], numbering), _offset(match[2], numbering)
    if last < first:
        raise GrammarError(f"{text!r} runs backwards", "write the earlier day first")
    return first, last


def read_bound(text: str) -> Bound:
    """The bound in `day-zero at least 29 days after gvhd-steroid-last`."""
    match = _BOUND.match(_plain(text))
    if match is None:
        remedy = 'write "POINT at least|more than|at most|less than N days after POINT"'
        if re.search(r"\bbefore\b", text):
            remedy += "; there is no “before”, because subtracting months gives other days than adding them"
        raise GrammarError(f"{text!r} is not a bound", remedy)
    unit, count = _unit(match[4]), int(match[3])
    if count > MOST_COUNT[unit]:
        raise GrammarError(f"{count} {unit} is out of range", f"at most {MOST_COUNT[unit]} {unit}")
    relations: dict[str, Relation] = {r: r for r in ("at least", "more than", "at most", "less than")}
    return Bound(point=match[1], relation=relations[match[2]], count=count, unit=unit, anchor=match[5])


def read_clock_time(text: str) -> ClockTime:
    """The time in `09:00`, or the block in `09:00 to 10:30`."""
    start, found, end = _plain(text).partition(" to ")
    try:
        clock = ClockTime(start=read_clock(start), end=read_clock(end) if found else None)
    except ValueError as error:
        raise GrammarError(str(error), 'write "09:00", or "09:00 to 10:30"') from error
    if clock.end is not None and clock.end <= clock.start:
        raise GrammarError(f"{text!r} ends before it starts", "a block lies within one day")
    return clock


def read_date_range(text: str) -> tuple[date, date]:
    """First and last date, both included, of `2026-12-24` or `2026-12-24 to 2027-01-01`."""
    start, found, end = _plain(text).partition(" to ")
    try:
        first = read_date(start)
        last = read_date(end) if found else first
    except ValueError as error:
        raise GrammarError(str(error), 'write "2026-12-24" or "2026-12-24 to 2027-01-01"') from error
    if last < first:
        raise GrammarError(f"{text!r} runs backwards", "write the earlier date first")
    return first, last


_ALARM = re.compile(r"(\d{1,3}) (minutes?|hours?|days?) before\Z", re.ASCII)


def read_alarm(text: str) -> int:
    """Minutes before the start in `30 minutes before`, `15 hours before`, `1 day before`; at least 1."""
    match = _ALARM.match(_plain(text))
    minutes = int(match[1]) * {"m": 1, "h": 60, "d": 1440}[match[2][0]] if match else 0
    if not 1 <= minutes <= 14 * 1440:
        raise GrammarError(
            f"{text!r} is not a reminder", 'write "30 minutes before", "15 hours before" or "1 day before"'
        )
    return minutes
