"""The days of an activity, as a nurse would say them: the one language of `days`, of a site's days and of its tasks.

Text becomes `Days` here and nowhere else; GrammarError says what is wrong with it and what to write instead.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from schedule.files.grammar import (
    ID_FORM,
    LAST_DAY,
    MOST_COUNT,
    GrammarError,
    as_written,
    plain_text,
    read_offset,
    read_unit,
)
from schedule.model.notation import Numbering, Unit
from schedule.model.timing import AfterActivity, Days, Occurrence, OnDays, Which

MOST_OCCURRENCES = 400

_EVERY = re.compile(
    r"every (?:(\d{1,4}) )?([a-z]+)(?: x (\d{1,4}))?(?: for (\d{1,4}) ([a-z]+))? "
    r"from (.+?)(?: ± ?(\d{1,3})(?: ([a-z]+))?)?\Z",
    re.ASCII,
)
_AT_THAT_HOUR = re.compile(r"\A(every (?:\d{1,4} )?(?:day|week)s?) at that hour\b", re.ASCII)
_AFTER = re.compile(rf"(\d{{1,4}}) ([a-z]+) after (?:(first|last|each) )?({ID_FORM})\Z", re.ASCII)
_WINDOW = re.compile(
    rf"(.+? after .+?)(?: ± ?(\d{{1,3}})(?: ([a-z]+))?"
    rf"| within (\d{{1,4}}) to (\d{{1,4}})(?: ([a-z]+))?(?: after ((?:(?:first|last|each) )?{ID_FORM}))?)\Z",
    re.ASCII,
)
_FROM_TO = re.compile(r"from (\d{1,4})(?: ([a-z]+))? to (\d{1,4}) ([a-z]+) after (.+)\Z", re.ASCII)
_RANGE_AFTER = re.compile(r"(\d{1,4})(?: [a-z]+)? to (\d{1,4}) ([a-z]+) after (.+)\Z", re.ASCII)
_RANGE_EVERY = re.compile(r"every (\d{1,4}) to (\d{1,4}) ([a-z]+)\b.* from (.+)\Z", re.ASCII)
_CHAIN = re.compile(r"\d{1,4} [a-z]+ (after|before)\b", re.ASCII)
_ITEM = re.compile(r"([+-]?\d{1,4})(?: to ([+-]?\d{1,4}))?(?: (?!to\b)(.+))?\Z", re.ASCII)


def _item(text: str, numbering: Numbering) -> Iterator[Occurrence]:
    if chain := _CHAIN.match(text):
        raise _not_chained(text, chain[1])
    match = _ITEM.match(text)
    if match is None:
        raise GrammarError(
            f"{text!r} is not a day", 'write days such as "-5 to -3", "+28 ±3" or "every 2 days x 7 from +1"'
        )
    first, last, rest = read_offset(match[1], numbering), match[2], match[3]
    if last is None:
        if rest is None:
            yield Occurrence(offset=first)
        elif even := re.fullmatch(r"± ?(\d{1,3})(?: days?)?", rest, re.ASCII):
            yield Occurrence(offset=first, before=int(even[1]), after=int(even[1]))
        elif within := re.fullmatch(r"within ([+-]?\d{1,4}) to ([+-]?\d{1,4})", rest, re.ASCII):
            yield _within(text, first, read_offset(within[1], numbering), read_offset(within[2], numbering))
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
    end = read_offset(last, numbering)
    if end <= first:
        raise GrammarError(f"{text!r} runs backwards", "write the earlier day first")
    if (end - first) % step:
        raise GrammarError(
            f"{text!r} does not end on a day of its own",
            f"from {match[1]}, every {step} days does not fall on {last}; end the range on one of the days",
        )
    for offset in range(first, end + 1, step):
        yield Occurrence(offset=offset)


def _not_chained(text: str, word: str) -> GrammarError:
    """What is wrong with a text that counts from an activity, after it or before it."""
    if word == "before":
        return GrammarError(f"{text!r} counts back from an activity", 'write days counted from day 0, such as "-3"')
    if _AFTER.match(text):
        return GrammarError(
            f"{text!r} cannot stand in a list", "what is counted from another activity is an entry of its own"
        )
    return GrammarError(
        f"{text!r} is not a distance from an activity",
        'write "4 h after cells", "4 months after last il2" or "28 days after cells ±2"',
    )


def _within(text: str, day: int, first: int, last: int) -> Occurrence:
    if not first <= day <= last:
        raise GrammarError(f"{text!r} has its day outside the window", 'write "+28 within +21 to +35"')
    return Occurrence(offset=day, before=day - first, after=last - day)


_HOURS_IN: dict[Unit, int] = {"hours": 1, "days": 24, "weeks": 168}


def _times(match: re.Match[str], step: int, unit: Unit) -> int:
    """How often a series comes: by its count, by the time that it fills (from the start, the end not included), or by
    the fewer of the two.
    """
    caps = [int(match[3])] if match[3] else []
    if match[4]:
        length, length_unit = int(match[4]), read_unit(match[5])
        if unit not in _HOURS_IN or length_unit not in _HOURS_IN:
            raise GrammarError(f"{match[0]!r} is capped by months or years", "write how often: x 5")
        caps.append(-(-length * _HOURS_IN[length_unit] // (max(step, 1) * _HOURS_IN[unit])))
    if not caps:
        raise GrammarError(f"{match[0]!r} has no end", 'write how often ("x 14"), or how long ("for 5 days")')
    if step < 1 or not 1 <= min(caps) <= MOST_OCCURRENCES:
        raise GrammarError(f"{match[0]!r} gives no days", f"repeat 1 to {MOST_OCCURRENCES} times, at least 1 apart")
    return min(caps)


def _every(match: re.Match[str], numbering: Numbering, *, at_that_hour: bool) -> Days:
    step, unit, start = int(match[1] or 1), read_unit(match[2]), match[6]
    times, after = _times(match, step, unit), _AFTER.match(start)
    slack, by_hours = int(match[7] or 0), at_that_hour or unit == "hours"
    if match[7]:
        slack_unit = read_unit(match[8]) if match[8] else "days"
        if slack_unit != ("hours" if by_hours else "days"):
            raise GrammarError(f"{match[0]!r} is missed by {slack_unit}", 'write "±1 h" for hours, "±2" for days')
    if by_hours:
        if after is None or read_unit(after[2]) != "hours":
            raise GrammarError(
                f"{start!r} has no hour", 'hours are counted from a moment: "every 8 hours x 14 from 6 h after cells"'
            )
        return _after(after, times=times, step=step, step_unit=unit, before=slack, after=slack)
    if after is not None:
        if read_unit(after[2]) == "hours":
            raise GrammarError(
                f"{start!r} has an hour, the series has none", 'write "every day at that hour x 5 from …"'
            )
        return _after(after, times=times, step=step, step_unit=unit, before=slack, after=slack)
    first = read_offset(start, numbering)
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


_DAYS_IN: dict[Unit, int] = {"days": 1, "weeks": 7}


def _windowed(text: str, match: re.Match[str], target: re.Match[str]) -> AfterActivity:
    """A day counted from another activity, with what stands after it: a tolerance, or the first and last day."""
    unit = read_unit(target[2])
    if match[2]:
        slack, slack_unit = int(match[2]), read_unit(match[3]) if match[3] else "days"
        if unit == slack_unit == "hours":
            return _after(target, before=slack, after=slack)
        if unit == "hours" or slack_unit not in _DAYS_IN:
            raise GrammarError(f"{text!r} is missed by {slack_unit}", 'write "±1 h" for hours, "±2" for days')
        width = slack * _DAYS_IN[slack_unit]
        return _after(target, before=width, after=width)
    if match[7] and match[7].removeprefix("first ") != target[0].partition(" after ")[2].removeprefix("first "):
        raise GrammarError(f"{text!r} has its window after something else", f"count both from {target[4]}")
    both = read_unit(match[6]) if match[6] else unit
    return _between(text, target, (int(match[4]), both), (int(match[5]), both))


def _from_to(text: str, match: re.Match[str]) -> AfterActivity:
    """A first and a last distance from an activity; the target is the first."""
    target = _AFTER.match(f"{match[1]} {match[2] or match[4]} after {match[5]}")
    if target is None:
        raise _not_chained(text, "after")
    return _between(text, target, (int(match[1]), read_unit(target[2])), (int(match[3]), read_unit(match[4])))


def _between(text: str, target: re.Match[str], first: tuple[int, Unit], last: tuple[int, Unit]) -> AfterActivity:
    """A distance with the first and the last one allowed, in hours, or in days and weeks."""
    day = int(target[1]), read_unit(target[2])
    widths = _HOURS_IN if day[1] == "hours" else _DAYS_IN
    for _, unit in (day, first, last):
        if unit not in widths:
            raise GrammarError(f"{text!r} has a window in {unit}", f'write it in days: "{target[0]} ±14"')
    least, aim, most = (count * widths[unit] for count, unit in (first, day, last))
    if not least <= aim <= most:
        remedy = 'write "28 days after cells within 21 to 35 days"'
        raise GrammarError(f"{text!r} has its day outside the window", remedy)
    return _after(target, before=aim - least, after=most - aim)


def _after(
    match: re.Match[str],
    *,
    times: int = 1,
    step: int = 0,
    step_unit: Unit = "days",
    before: int = 0,
    after: int = 0,
) -> AfterActivity:
    unit, count = read_unit(match[2]), int(match[1])
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
    )


def _check_range(text: str) -> None:
    """GrammarError for a range of distances of which none is the target."""
    if match := _RANGE_AFTER.match(text):
        raise GrammarError(
            f"{text!r} does not say which of them is planned",
            f'write "from {match[0]}", which plans the first, or give the target too: '
            f'"{match[1]} {match[3]} after {match[4]} within {match[1]} to {match[2]} {match[3]}"',
        )
    if match := _RANGE_EVERY.match(text):
        raise GrammarError(
            f"{text!r} is no series with one interval",
            f'write the least, "every {match[1]} {match[3]}", and a rule with spacing, apart = '
            f'"at most {match[2]} {match[3]}"',
        )


def _usual(text: str) -> str:
    """The text in its usual words: `every 2 days` for `every other day`, small letters, a blank before ±."""
    plain = re.sub(r"^(Every|Yearly)\b", lambda word: word[0].lower(), plain_text(text))
    plain = re.sub(r"^yearly x ", "every year x ", re.sub(r"(?<=\S)±", " ±", plain))
    return re.sub(r"\bevery other (day|week|month|year)\b", r"every 2 \1s", plain)


def read_days(text: str, numbering: Numbering = "day-zero") -> Days:
    """The days in `0`, `-5, -4`, `-5 to -3`, `+1 to +13 every 2 days`, `every 2 days x 7 from +1`, `+28 ±3`,
    `+28 within +21 to +35`, `+8 ±1, +15 ±2`, `+7, +14, each ±2`, `yearly x 5 from +365`, `every day for 5 days from
    +1`, `4 h after nk-infusion`, `4 months after last il2`, `28 days after cells ±2`, `3 weeks after cells within 3 to
    12 weeks`, `from 3 h to 24 h after cells`, `every day x 3 from 1 day after each cells`, `every day at that hour x 3
    from 3 h after cells`, `every 8 hours x 14 from 6 h after cells ±1 h`.

    Day numbers are the protocol's; the offsets returned are days from its day 0, or day 1 where it has no day 0.
    A range means each day of it.
    """
    plain = _usual(text)
    series, at_that_hour = _AT_THAT_HOUR.subn(r"\1", plain)
    if match := _EVERY.match(series):
        return replace(
            _every(match, numbering, at_that_hour=bool(at_that_hour)),
            lasting=f"{match[4]} {match[5]}" if match[4] else "",
        )
    if match := _AFTER.match(plain):
        return _after(match)
    if (match := _WINDOW.match(plain)) and (target := _AFTER.match(match[1])):
        return _windowed(plain, match, target)
    if match := _FROM_TO.match(plain):
        return _from_to(plain, match)
    _check_range(plain)
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
