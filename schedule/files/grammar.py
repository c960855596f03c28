"""The small languages a nurse can read: days of an activity, a bound between two time points, a window, a clock time.

Text becomes a value here and nowhere else. Each reader returns the value or raises GrammarError, which holds
what is wrong and what to write instead. What a text means on the calendar is decided in the engine, not here.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import date

from schedule.model.notation import UNITS, Numbering, Unit, day_offset, read_clock, read_date
from schedule.model.timing import (
    BASES,
    AfterActivity,
    Apart,
    AtMost,
    Bound,
    ClockTime,
    CompletionOf,
    Days,
    FirstOf,
    KnownDatePoint,
    LastOf,
    Occurrence,
    OccurrencePoint,
    OnDays,
    Only,
    Point,
    Relation,
    Which,
)

FIRST_DAY, LAST_DAY = -365, 3650
MOST_OCCURRENCES = 400
MOST_COUNT: dict[Unit, int] = {"hours": 87_600, "days": 36_525, "weeks": 5_200, "months": 1_200, "years": 100}


class GrammarError(ValueError):
    """A text outside its grammar: `str()` says what is wrong, `remedy` what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_UNIT_WORDS = {
    "h": "hours", "hour": "hours", "hours": "hours", "day": "days", "days": "days", "week": "weeks",
    "weeks": "weeks", "month": "months", "months": "months", "year": "years", "years": "years",
}  # fmt: skip
_EVERY = re.compile(
    r"every (?:(\d{1,4}) )?([a-z]+)(?: x (\d{1,4}))?(?: for (\d{1,4}) ([a-z]+))? "
    r"from (.+?)(?: ± ?(\d{1,3})(?: ([a-z]+))?)?\Z",
    re.ASCII,
)
_AFTER = re.compile(rf"(\d{{1,4}}) ([a-z]+) after (?:(first|last|each) )?({_ID})\Z", re.ASCII)
_ITEM = re.compile(r"([+-]?\d{1,4})(?: to ([+-]?\d{1,4}))?(?: (?!to\b)(.+))?\Z", re.ASCII)
_POINT = rf"{_ID}(?:\.first|\.last|\.completed)?"
_BOUND = re.compile(
    rf"({_POINT}) (at least|more than|at most|less than) (\d{{1,5}}) (rest )?([a-z]+) after ({_POINT})\Z", re.ASCII
)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u2212", "-").replace("\u00a0", " ")).strip()


def as_written(text: str) -> str:
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
        elif even := re.fullmatch(r"± ?(\d{1,3})(?: days?)?", rest, re.ASCII):
            yield Occurrence(offset=first, before=int(even[1]), after=int(even[1]))
        elif within := re.fullmatch(r"within ([+-]?\d{1,4}) to ([+-]?\d{1,4})", rest, re.ASCII):
            yield _within(text, first, _offset(within[1], numbering), _offset(within[2], numbering))
        else:
            raise GrammarError(
                f"I don't understand {rest!r} after the day",
                'after the day I expect a window such as "±3" or "within +21 to +35"',
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


def _within(text: str, day: int, first: int, last: int) -> Occurrence:
    if not first <= day <= last:
        raise GrammarError(f"{text!r} has its day outside the window", 'write "+28 within +21 to +35"')
    return Occurrence(offset=day, before=day - first, after=last - day)


_HOURS_IN = {"hours": 1, "days": 24, "weeks": 168}


def _times(match: re.Match[str], step: int, unit: Unit) -> int:
    """How often a series goes on: by its count, by its time (the last no later than that after the first), or by what
    ends first.
    """
    caps = [int(match[3])] if match[3] else []
    if match[4]:
        length, length_unit = int(match[4]), _unit(match[5])
        if unit not in _HOURS_IN or length_unit not in _HOURS_IN:
            raise GrammarError(f"{match[0]!r} is capped by months or years", "write how often: x 5")
        caps.append(length * _HOURS_IN[length_unit] // (max(step, 1) * _HOURS_IN[unit]) + 1)
    if not caps:
        raise GrammarError(f"{match[0]!r} has no end", 'write how often ("x 14"), or how long ("for 5 days")')
    if step < 1 or not 1 <= min(caps) <= MOST_OCCURRENCES:
        raise GrammarError(f"{match[0]!r} gives no days", f"repeat 1 to {MOST_OCCURRENCES} times, at least 1 apart")
    return min(caps)


def _every(match: re.Match[str], numbering: Numbering) -> Days:
    step, unit, start = int(match[1] or 1), _unit(match[2]), match[6]
    times, after = _times(match, step, unit), _AFTER.match(start)
    slack = int(match[7] or 0)
    if match[7]:
        slack_unit = _unit(match[8]) if match[8] else "days"
        if slack_unit != ("hours" if unit == "hours" else "days"):
            raise GrammarError(f"{match[0]!r} is missed by {slack_unit}", 'write "±1 h" for hours, "±2" for days')
    if unit == "hours":
        if after is None or _unit(after[2]) != "hours":
            raise GrammarError(
                f"{start!r} has no hour", 'hours are counted from a moment: "every 8 hours x 14 from 6 h after cells"'
            )
        return _after(after, times=times, step=step, step_unit=unit, tolerance=slack)
    if after is not None:
        if _unit(after[2]) == "hours":
            raise GrammarError(f"{start!r} has an hour, the series has none", 'write "from 1 day after cells"')
        return _after(after, times=times, step=step, step_unit=unit, before=slack, after=slack)
    first = _offset(start, numbering)
    if unit in ("days", "weeks"):
        width = step * (7 if unit == "weeks" else 1)
        found = tuple(Occurrence(offset=first + width * index, before=slack, after=slack) for index in range(times))
    else:
        width = step * (12 if unit == "years" else 1)
        found = tuple(
            Occurrence(offset=first, months=width * index, before=slack, after=slack) for index in range(times)
        )
    last = found[-1]
    if last.offset > LAST_DAY or last.months > MOST_COUNT["months"] // 10:
        raise GrammarError(f"{match[0]!r} runs past day +{LAST_DAY}", "repeat it less often")
    return OnDays(occurrences=found)


def _after(
    match: re.Match[str],
    *,
    times: int = 1,
    step: int = 0,
    step_unit: Unit = "days",
    before: int = 0,
    after: int = 0,
    tolerance: int = 0,
) -> AfterActivity:
    unit, count = _unit(match[2]), int(match[1])
    if count > MOST_COUNT[unit] // 10:
        raise GrammarError(f"{count} {unit} is out of range", f"at most {MOST_COUNT[unit] // 10} {unit}")
    if step * times > MOST_COUNT[step_unit] // 10:
        raise GrammarError(
            f"{match[0]!r} is repeated for too long", f"at most {MOST_COUNT[step_unit] // 10} {step_unit}"
        )
    which: Which = "last" if match[3] == "last" else "each" if match[3] == "each" else "first"
    return AfterActivity(
        count=count,
        unit=unit,
        activity=match[4],
        which=which,
        times=times,
        step=step,
        step_unit=step_unit,
        before=before,
        after=after,
        tolerance=tolerance,
    )


def read_days(text: str, numbering: Numbering = "day-zero") -> Days:
    """The days in `0`, `-5, -4`, `-5 to -3`, `+1 to +13 every 2 days`, `every 2 days x 7 from +1`, `+28 ±3`,
    `+28 within +21 to +35`, `+7, +14, each ±2`, `yearly x 5 from +365`, `4 h after nk-infusion`, `4 months after last
    il2`, `every day x 3 from 1 day after each cells`, `every 8 hours x 14 from 6 h after cells ±1 h`, `every 8 hours
    for 5 days from …`.

    Day numbers are the protocol's; the offsets returned are days from its day 0, or day 1 where it has no day 0.
    A range means each day of it.
    """
    plain = re.sub(r"^yearly x ", "every year x ", _plain(text))
    if match := _EVERY.match(plain):
        return _every(match, numbering)
    if match := _AFTER.match(plain):
        return _after(match)
    plain, each, slack = plain.partition(", each ±")
    if each and not re.fullmatch(r" ?\d{1,3}(?: days?)?", slack, re.ASCII):
        raise GrammarError(f"I don't understand {slack!r} after “each ±”", 'write "+7, +14, each ±2"')
    found: list[Occurrence] = []
    for item in plain.split(","):
        found += _item(item.strip(), numbering)
        if len(found) > MOST_OCCURRENCES:
            raise GrammarError(f"{as_written(text)} gives more than {MOST_OCCURRENCES} days", "name fewer days")
    offsets = [occurrence.offset for occurrence in found]
    if offsets != sorted(set(offsets)):
        raise GrammarError(f"the days of {as_written(text)} are not in order", "name each day once, earliest first")
    if each:
        if any(occurrence.before or occurrence.after for occurrence in found):
            raise GrammarError(f"{as_written(text)} gives a day two windows", "leave one of them out")
        width = int(slack.split()[0])
        found = [replace(occurrence, before=width, after=width) for occurrence in found]
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


def read_point(text: str, dates: Container[str] = ()) -> Point:
    """The point in `day-zero`, `il2.first`, `il2-3`, `lymphodepletion.completed`; anything else is a known date, there
    or not. `dates` are the known dates there are: one of the name `il2-3` is that, no third occurrence."""
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


_WHICH: dict[str, type[FirstOf] | type[LastOf] | type[CompletionOf]] = {
    "first": FirstOf, "last": LastOf, "completed": CompletionOf,
}  # fmt: skip


def read_bound(text: str, dates: Container[str] = ()) -> Bound:
    """The bound in `day-zero at least 29 days after gvhd-steroid-last`; `dates` as for a point."""
    match = _BOUND.match(_plain(text))
    if match is None:
        remedy = 'write "POINT at least|more than|at most|less than N days after POINT"'
        if re.search(r"\bbefore\b", text):
            remedy += "; there is no “before”, because subtracting months gives other days than adding them"
        raise GrammarError(f"{text!r} is not a bound", remedy)
    unit, count, rest = _unit(match[5]), int(match[3]), bool(match[4])
    if rest and unit != "days":
        raise GrammarError(f"there are no rest {unit}", 'rest is counted in days: "2 rest days"')
    if count > MOST_COUNT[unit]:
        raise GrammarError(f"{count} {unit} is out of range", f"at most {MOST_COUNT[unit]} {unit}")
    relations: dict[str, Relation] = {r: r for r in ("at least", "more than", "at most", "less than")}
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
    match = re.fullmatch(rf"({_ID}) is ({_ID}(?: or {_ID})*)", _plain(text), re.ASCII)
    if match is None:
        raise GrammarError(f"{as_written(text)} is not a condition", 'write "CHOICE is OPTION", or "CHOICE is A or B"')
    return Only(choice=match[1], options=tuple(match[2].split(" or ")))


def read_apart(text: str) -> Apart:
    """The distance in `at least 2 days` or `at least 20 hours`."""
    match = re.fullmatch(r"at least (\d{1,4}) ([a-z]+)", _plain(text), re.ASCII)
    unit = _unit(match[2]) if match else None
    if match is None or unit not in ("days", "hours") or not int(match[1]):
        raise GrammarError(f"{as_written(text)} is not a distance", 'write "at least 2 days" or "at least 20 hours"')
    return Apart(count=int(match[1]), unit="days" if unit == "days" else "hours")


def read_at_most(text: str) -> AtMost:
    """The number in `3 in 7 days`."""
    match = re.fullmatch(r"(\d{1,3}) in (\d{1,3}) days", _plain(text), re.ASCII)
    if match is None or not 1 <= int(match[1]) < int(match[2]):
        raise GrammarError(f"{as_written(text)} is not a number in days", 'write "3 in 7 days"')
    return AtMost(count=int(match[1]), days=int(match[2]))


def read_length(text: str) -> int:
    """The days in `28 days` or `4 weeks`: 1 to 365."""
    match = re.fullmatch(r"(\d{1,3}) (days|weeks)", _plain(text), re.ASCII)
    days = int(match[1]) * (7 if match[2] == "weeks" else 1) if match else 0
    if not 1 <= days <= 365:
        raise GrammarError(f"{as_written(text)} is not a length", 'write "28 days"')
    return days


def read_numbers(text: str) -> tuple[int, ...]:
    """The numbers in `1`, `1 to 2` or `1, 3`: 1 to 99, rising."""
    found: list[int] = []
    for item in _plain(text).split(","):
        match = re.fullmatch(r"(\d{1,2})(?: to (\d{1,2}))?", item.strip(), re.ASCII)
        if match is None or not int(match[1]):
            raise GrammarError(f"{as_written(text)} are not numbers", 'write "1", "1 to 2" or "1, 3"')
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    if not found or found != sorted(set(found)):
        raise GrammarError(f"{as_written(text)} are not in order", 'write "1", "1 to 2" or "1, 3"')
    return tuple(found)


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
