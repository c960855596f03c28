"""The days of an activity, as a nurse would say them: the one language of `days`, of a site's days and of its tasks.

A text is a list of parts. Each part is a body (a day, a range, a series, a distance from an activity) and, after it,
its window; `day_windows` reads that. Text becomes `Days` here and nowhere else; GrammarError says what is wrong with it
and what to write instead.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from schedule.files.day_windows import between, parted, windowed
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
from schedule.model.timing import AfterActivity, Days, Occurrence, OnDays, Which, Window

MOST_OCCURRENCES = 400

_AFTER = rf"(\d{{1,4}}) ([a-z]+) after (?:(first|last|each) )?({ID_FORM})( ends)?"
_RANGE = r"(?:from )?(\d{1,4})(?: ([a-z]+))? to (\d{1,4}) ([a-z]+) after (.+)"
_EVERY = (
    r"every (?:(\d{1,4}) to )?(?:(\d{1,4}) )?([a-z]+)( at that hour)?(?: x (\d{1,4}))?(?: for (\d{1,4}) ([a-z]+))? "
    r"(?:from (.+)|(after the first))"
)
_ITEM = r"([+-]?\d{1,4})(?: to ([+-]?\d{1,4}))?(?: (?!to\b)(.+))?"
_WORDS = (
    r"(?ai)\b(every|other|daily|weekly|monthly|yearly|at that hour|hours?|days?|weeks?|months?|years?|x|for|from|to|"
    r"after|the|end|of|first|last|each|ends|within)\b|\bx(?=\d)"
)
"""The words of the forms above, whose case does not matter; that of an id does."""
_HOURS_IN: dict[Unit, int] = {"hours": 1, "days": 24, "weeks": 168}
_MONTHS_IN: dict[Unit, int] = {"months": 1, "years": 12}
_DAYS_IN: dict[Unit, int] = {"days": 1, "weeks": 7}


def read_days(text: str, numbering: Numbering = "day-zero") -> Days:
    """The days in `0`, `-5, -4`, `-5 to -3`, `+1 to +13 every 2 days`, `every 2 days x 7 from +1`, `+28 ±3`,
    `+28 within +21 to +35`, `+8 ±1, +15 ±2`, `+7, +14, each ±2`, `yearly x 5 from +365`, `every day for 5 days from
    +1`, `4 h after nk-infusion`, `10 days after nk-infusion ends`, `4 months after last il2`, `28 days after cells ±2`,
    `3 weeks after cells within 3 to 12 weeks`, `from 3 h to 24 h after cells`, `every day x 3 from 1 day after each
    cells`, `every day at that hour x 3 from 3 h after cells`, `every 8 hours x 14 from 6 h after cells ±1 h`, `every 8
    to 12 hours x 6 from 2 h after cells`.

    Day numbers are the protocol's; the offsets returned are days from its day 0, or day 1 where it has no day 0.
    A range means each day of it.
    """
    plain = _usual(text)
    plain, each, slack = plain.partition(", each ±")
    parts = [part.strip() for part in plain.split(",")]
    if len(parts) == 1:
        found = _part(parts[0], numbering)
    else:
        found = OnDays(occurrences=tuple(_listed(text, parts, numbering)))
    _check_order(text, found)
    if each:
        if not re.fullmatch(r" ?\d{1,3}(?: [a-z]+)?", slack, re.ASCII):
            raise GrammarError(f"I don't understand {slack!r} after “each ±”", 'write "+7, +14, each ±2"')
        _, stated = parted(f"{parts[-1]} ±{slack}")
        assert stated is not None
        found = windowed(found, replace(stated, text=f"{plain}{each}{slack}"), numbering)
    return found


def read_series(text: str) -> OnDays | AfterActivity:
    """The series in `every 2 days x 7 after the first`, counted from a first day or hour that somebody else gives: the
    days from it on; in hours, an `AfterActivity` that names no activity."""
    body, stated = parted(_usual(text))
    match = re.fullmatch(_EVERY, body, re.ASCII)
    if match is None or not match[9] or match[1] or match[4]:
        remedy = 'beside a parameter write "every 2 days x 7 after the first", or leave one of the two out'
        raise GrammarError(f"{as_written(text)} does not go on from a first dose", remedy)
    step, unit, times = _step(match)
    found: OnDays | AfterActivity = (
        AfterActivity(count=0, unit="hours", activity="", times=times, step=step, step_unit="hours")
        if unit == "hours"
        else _on_days(match, 0, step, unit, times)
    )
    found = replace(found, lasting=_lasting(match))
    return windowed(found, stated, "day-zero") if stated else found


def _usual(text: str) -> str:
    """The text in its usual words: `every 2 days` for `every other day`, `X ends` for `the end of X`, its
    words in small letters, a blank before ±, after x and between a number and its unit."""
    plain = plain_text(text).replace("+/-", "±")
    if plain != plain.lower():
        plain = re.sub(_WORDS, lambda word: word[0].lower(), plain)
    plain = re.sub(r"(?<=\S)±", " ±", plain)
    plain = re.sub(r" x(?=\d)", " x ", plain)
    if often := re.match(r"(dai|week|month|year)ly (?=x |for )", plain, re.ASCII):
        plain = f"every {'day' if often[1] == 'dai' else often[1]} {plain[often.end() :]}"
    plain = re.sub(r"(?<![\w-])(\d+)(h|hours?|days?|weeks?|months?|years?)\b", r"\1 \2", plain)
    if "after the end of " in plain:
        ends = rf"\bafter the end of (?:the )?((?:(?:first|last|each) )?{ID_FORM})"
        plain = re.sub(ends, r"after \1 ends", plain, flags=re.ASCII)
    if "every other " in plain:
        plain = re.sub(r"\bevery other (day|week|month|year)\b", r"every 2 \1s", plain)
    return plain


def _listed(text: str, parts: list[str], numbering: Numbering) -> Iterator[Occurrence]:
    """The days of a list, each part of it counted from day 0 or a date."""
    count = 0
    for part in parts:
        found = _part(part, numbering)
        if isinstance(found, AfterActivity):
            remedy = "what is counted from another activity is an entry of its own"
            raise GrammarError(f"{part!r} cannot stand in a list", remedy)
        count += len(found.occurrences)
        if count > MOST_OCCURRENCES:
            raise GrammarError(f"{as_written(text)} gives more than {MOST_OCCURRENCES} days", "name fewer days")
        yield from found.occurrences


def _check_order(text: str, days: Days) -> None:
    if isinstance(days, AfterActivity):
        return
    if len(days.occurrences) > MOST_OCCURRENCES:
        raise GrammarError(f"{as_written(text)} gives more than {MOST_OCCURRENCES} days", "name fewer days")
    places = [(one.offset, one.months) for one in days.occurrences]
    if places != sorted(set(places)):
        raise GrammarError(f"the days of {as_written(text)} are not in order", "name each day once, earliest first")


def _part(text: str, numbering: Numbering) -> Days:
    """One part of a list, with its window."""
    body, stated = parted(text)
    days = _body(body, numbering)
    return windowed(days, stated, numbering) if stated else days


def _body(text: str, numbering: Numbering) -> Days:
    if text.startswith("every ") and (match := re.fullmatch(_EVERY, text, re.ASCII)):
        return _every(match, numbering)
    if " after " in text:
        if match := re.fullmatch(_AFTER, text, re.ASCII):
            return _after(match)
        if match := re.fullmatch(_RANGE, text, re.ASCII):
            return _from_to(text, match)
    return OnDays(occurrences=tuple(_item(text, numbering)))


# Days by their numbers ------------------------------------------------------------------------------------------------


def _item(text: str, numbering: Numbering) -> Iterator[Occurrence]:
    if ("after" in text or "before" in text) and (
        chain := re.match(r"\d{1,4} [a-z]+ (after|before)\b", text, re.ASCII)
    ):
        raise _not_chained(text, chain[1])
    match = re.fullmatch(_ITEM, text, re.ASCII)
    if match is None or (match[3] or "").startswith(("- ", "hourly ")):
        raise _no_day(text)
    first, last, rest = read_offset(match[1], numbering), match[2], match[3]
    if last is None:
        if rest is not None and rest.startswith("and "):
            raise GrammarError(f"{text!r} has “and” between two days", 'write a comma between them: "+1, +3, +5"')
        if rest is not None:
            raise GrammarError(
                f"I don't understand {rest!r} after the day",
                'after the day I expect a window such as "±3" or "within +21 to +35"',
            )
        yield Occurrence(offset=first)
        return
    step = 1
    if rest is not None:
        every = re.fullmatch(r"every (?:(\d{1,3}) days|day)", rest, re.ASCII)
        if every is None or int(every[1] or 1) < 1:
            raise GrammarError(f"I don't understand {rest!r}", 'after the range I expect "every N days"')
        step = int(every[1] or 1)
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


def _no_day(text: str) -> GrammarError:
    """What is wrong with a text that is in none of the forms."""
    if re.fullmatch(r"[+-]?\d+ ?-(?: ?[+-]?\d+)", text, re.ASCII):
        return GrammarError(f"{text!r} has a dash between two days", 'write "to" between them, such as "-5 to -3"')
    if re.match(r"within \d+ [a-z]+ after ", text, re.ASCII):
        remedy = f'write from when to when: "from 0 {text.split()[2]} to {text.removeprefix("within ")}"'
        return GrammarError(f"{text!r} does not say from when", remedy)
    if often := re.match(r"(?:q ?(\d+) ?h\b|(\d+)[ -]?hourly\b)", text, re.ASCII):
        remedy = f'write "every {often[1] or often[2]} hours x 3 from 4 h after cells"'
        return GrammarError(f"{as_written(text)} is not a series", remedy)
    if re.match(r"every .* x \d+\Z", text, re.ASCII):
        remedy = 'write "from +1" after it; or "after the first" beside a parameter by which the site dates that'
        return GrammarError(f"{text!r} does not say from when", remedy)
    return GrammarError(
        f"{text!r} is not a day", 'write days such as "-5 to -3", "+28 ±3" or "every 2 days x 7 from +1"'
    )


# Days counted from an activity ----------------------------------------------------------------------------------------


def _not_chained(text: str, word: str) -> GrammarError:
    """What is wrong with a text that counts from an activity, after it or before it."""
    if word == "before":
        return GrammarError(f"{text!r} counts back from an activity", 'write days counted from day 0, such as "-3"')
    if re.fullmatch(_AFTER, text.lower(), re.ASCII):
        return _not_small(text)
    return GrammarError(
        f"{text!r} is not a distance from an activity",
        'write "4 h after cells", "4 months after last il2", "10 days after cells ends" or "28 days after cells ±2"',
    )


def _not_small(text: str) -> GrammarError:
    """What is wrong with a distance from an activity whose id has capitals."""
    return GrammarError(f"{text!r} names no activity: an id has small letters", f'write "{text.lower()}"')


def _after(match: re.Match[str]) -> AfterActivity:
    count, unit = int(match[1]), read_unit(match[2])
    if count > MOST_COUNT[unit] // 10:
        raise GrammarError(f"{count} {unit} is out of range", f"at most {MOST_COUNT[unit] // 10} {unit}")
    which: Which = "last" if match[3] == "last" else "each" if match[3] == "each" else "first"
    return AfterActivity(count=count, unit=unit, activity=match[4], which=which, ends=bool(match[5]))


def _from_to(text: str, match: re.Match[str]) -> AfterActivity:
    """A first and a last distance from an activity; the target is the first."""
    target = re.fullmatch(_AFTER, f"{match[1]} {match[2] or match[4]} after {match[5]}", re.ASCII)
    if target is None:
        raise _not_chained(text, "after")
    days = _after(target)
    return between(text, days, (days.count, days.unit), (int(match[3]), read_unit(match[4])))


# Series ---------------------------------------------------------------------------------------------------------------


def _step(match: re.Match[str]) -> tuple[int, Unit, int]:
    """How far apart a series comes, the least of a range; and how often: by its count, by the time that it fills (from
    the start, the end not included), or by the fewer of the two."""
    step, unit = int(match[1] or match[2] or 1), read_unit(match[3])
    caps = [int(match[5])] if match[5] else []
    if match[6]:
        if match[1]:
            raise GrammarError(f"{match[0]!r} fills its time by more than one number", "write how often: x 6")
        caps.append(_fill(match[0], step, unit, (int(match[6]), read_unit(match[7]))))
    if not caps:
        raise GrammarError(f"{match[0]!r} has no end", 'write how often ("x 14"), or how long ("for 5 days")')
    if step < 1 or not 1 <= min(caps) <= MOST_OCCURRENCES:
        raise GrammarError(f"{match[0]!r} gives no days", f"repeat 1 to {MOST_OCCURRENCES} times, at least 1 apart")
    return step, unit, min(caps)


def _fill(text: str, step: int, unit: Unit, length: tuple[int, Unit]) -> int:
    """How many of a series begin before a length of time is over."""
    for measure in (_HOURS_IN, _MONTHS_IN):
        if unit in measure and length[1] in measure:
            return -(-length[0] * measure[length[1]] // (max(step, 1) * measure[unit]))
    raise GrammarError(f"{text!r} fills {length[1]} with {unit}", "write how often: x 5")


def _every(match: re.Match[str], numbering: Numbering) -> Days:
    text = match[0]
    if match[9]:
        remedy = 'write parameter = "…" beside it, by which the site dates the first; or "from +1"'
        raise GrammarError(f"{text!r} does not say when the first is", remedy)
    step, unit, times = _step(match)
    start = re.fullmatch(_AFTER, match[8], re.ASCII)
    if start is not None:
        found: Days = _in_series(match, _after(start), step, unit, times)
    elif match[1] or match[4] or unit == "hours":
        raise _no_hour(match)
    else:
        found = _on_days(match, read_offset(match[8], numbering), step, unit, times)
    return replace(found, lasting=_lasting(match))


def _lasting(match: re.Match[str]) -> str:
    """The time that a series is said to fill, as it was written; empty where there is none."""
    return f"{match[6]} {match[7]}" if match[6] else ""


def _no_hour(match: re.Match[str]) -> GrammarError:
    """Why a series that needs a moment, or what it is counted from to be an activity, cannot begin where it does."""
    if match[1] and read_unit(match[3]) != "hours":
        remedy = f'count from one: "every {match[1]} to {match[2]} {match[3]} x 6 from 1 day after cells"'
        return GrammarError(f"{match[8]!r} is no activity", remedy)
    if re.fullmatch(_AFTER, match[8].lower(), re.ASCII) and not re.fullmatch(_AFTER, match[8], re.ASCII):
        return _not_small(match[8])
    remedy = 'hours are counted from a moment: "every 8 hours x 14 from 6 h after cells"'
    return GrammarError(f"{match[8]!r} has no hour", remedy)


def _on_days(match: re.Match[str], first: int, step: int, unit: Unit, times: int) -> OnDays:
    if unit in _DAYS_IN:
        found = tuple(Occurrence(offset=first + step * _DAYS_IN[unit] * index) for index in range(times))
    else:
        found = tuple(Occurrence(offset=first, months=step * _MONTHS_IN[unit] * index) for index in range(times))
    if found[-1].offset > LAST_DAY or found[-1].months > MOST_COUNT["months"] // 10:
        raise GrammarError(f"{match[0]!r} runs past day +{LAST_DAY}", "repeat it less often")
    return OnDays(occurrences=found)


def _in_series(match: re.Match[str], first: AfterActivity, step: int, unit: Unit, times: int) -> AfterActivity:
    """The first of a series, and all that follow it."""
    in_hours, same_hour = first.unit == "hours", bool(match[4])
    if step * times > MOST_COUNT[unit] // 10:
        raise GrammarError(f"{match[0]!r} is repeated for too long", f"at most {MOST_COUNT[unit] // 10} {unit}")
    if not in_hours and (unit == "hours" or same_hour):
        raise _no_hour(match)
    if in_hours and unit != "hours" and not same_hour:
        remedy = 'write "every day at that hour x 5 from …"'
        raise GrammarError(f"{match[8]!r} has an hour, the series has none", remedy)
    if same_hour and unit not in _DAYS_IN:
        raise GrammarError(f"{match[0]!r} goes on by {unit}, not by days", 'leave out "at that hour"')
    if match[1] is None:
        return replace(first, times=times, step=step, step_unit=unit)
    most = int(match[2] or 0)
    if same_hour or most < step:
        remedy = 'write the least first: "every 8 to 12 hours x 6 from …"'
        raise GrammarError(f"{match[0]!r} has no least and greatest interval", remedy)
    rolling = Window(frame="previous", first=step, last=most, unit=unit)
    return replace(first, times=times, step=step, step_unit=unit, rolling=rolling)
