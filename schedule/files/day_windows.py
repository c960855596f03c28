"""The window that stands after a day: a tolerance on either side, or the first and the last day or hour."""

import re

from msgspec import Struct
from msgspec.structs import replace

from schedule.files.grammar import ANCHOR, GrammarError, read_offset, read_unit
from schedule.model.notation import Numbering, Unit
from schedule.model.timing import AfterActivity, Days, Occurrence, Window

_TOLERANCE = r"(.+?) ± ?(\d{1,3})(?: ([a-z]+))?"
_WITHIN = rf"(.+?) within ([+-]?\d{{1,4}})(?: ([a-z]+))? to ([+-]?\d{{1,4}})(?: ([a-z]+)(?: after ({ANCHOR}))?)?"
_IN_HOURS: dict[Unit, int] = {"hours": 1, "days": 24, "weeks": 168}
_IN_MONTHS: dict[Unit, int] = {"months": 1, "years": 12}
OUTSIDE = 'write "+28 within +21 to +35", or "4 h after cells within 2 to 6 h"'


class StatedWindow(Struct, frozen=True):
    """A window as it was written: `text` is the whole part, `first` and `last` its numbers as texts, each with its
    unit where one was written; `after` is what it names. `around` is a tolerance, and then `last` its width."""

    text: str
    around: bool
    first: tuple[str, str | None]
    last: tuple[str, str | None]
    after: str | None = None


def parted(text: str) -> tuple[str, StatedWindow | None]:
    """What stands before the window, and the window; the whole text where it has none."""
    if "±" in text and (match := re.fullmatch(_TOLERANCE, text, re.ASCII)):
        return match[1], StatedWindow(text, True, (match[2], match[3]), (match[2], match[3]))
    if " within " in text and (match := re.fullmatch(_WITHIN, text, re.ASCII)):
        return match[1], StatedWindow(text, False, (match[2], match[3] or match[5]), (match[4], match[5]), match[6])
    return text, None


def windowed(days: Days, stated: StatedWindow, numbering: Numbering) -> Days:
    """The days, each with that window. GrammarError where the two do not go together."""
    has_one = days.window if isinstance(days, AfterActivity) else any(one.window for one in days.occurrences)
    if has_one:
        raise GrammarError(f"{stated.text!r} gives a day two windows", "leave one of them out")
    if isinstance(days, AfterActivity):
        return replace(days, window=_around(days, stated) if stated.around else _within(days, stated))
    found = tuple(replace(one, window=_of_day(one, stated, numbering)) for one in days.occurrences)
    return replace(days, occurrences=found)


def between(text: str, days: AfterActivity, first: tuple[int, Unit], last: tuple[int, Unit]) -> AfterActivity:
    """The same, to be done no earlier than `first` and no later than `last` after what it is counted from."""
    least, aim, most = lengths(first, (days.count, days.unit), last)
    if not (least[1] <= aim[0] and aim[1] <= most[0]):
        raise GrammarError(f"{text!r} has its day outside the window", OUTSIDE)
    if first[1] == last[1]:
        return replace(days, window=Window(frame="base", first=first[0], last=last[0], unit=first[1]))
    measure = next((one for one in (_IN_HOURS, _IN_MONTHS) if first[1] in one and last[1] in one), None)
    if measure is None:
        raise GrammarError(f"{text!r} has a window in two units", "write its first and its last day in one unit")
    unit = min(first[1], last[1], key=lambda one: measure[one])  # "from 12 h to 2 days": in the shorter of the two
    ends = [count * measure[its] // measure[unit] for count, its in (first, last)]
    return replace(days, window=Window(frame="base", first=ends[0], last=ends[1], unit=unit))


def _of_day(one: Occurrence, stated: StatedWindow, numbering: Numbering) -> Window:
    """The window of a day that is counted from day 0 or from a date."""
    if stated.around:
        unit = read_unit(stated.first[1]) if stated.first[1] else "days"
        if unit == "hours":
            raise GrammarError(f"{stated.text!r} is missed by hours", 'a day without an hour has days: "±2"')
        return Window(frame="target", first=-int(stated.first[0]), last=int(stated.last[0]), unit=unit)
    if stated.last[1] or one.months:
        raise GrammarError(f"{stated.text!r} mixes days and distances", 'write two days: "+28 within +21 to +35"')
    first, last = (read_offset(number, numbering) for number, _ in (stated.first, stated.last))
    if not first <= one.offset <= last:
        raise GrammarError(f"{stated.text!r} has its day outside the window", OUTSIDE)
    return Window(frame="base", first=first, last=last, unit="days")


def _around(days: AfterActivity, stated: StatedWindow) -> Window:
    """A tolerance of what is counted from an activity; after hours its unit must be said."""
    unit = read_unit(stated.first[1]) if stated.first[1] else None
    is_hours = days.unit == "hours"
    if (unit is None and is_hours) or (unit == "hours" and not is_hours):
        missed = f"is missed by {unit}" if unit else "does not say whether it is missed by hours or days"
        raise GrammarError(f"{stated.text!r} {missed}", 'write "±1 h" for hours, "±2" for days')
    return Window(frame="target", first=-int(stated.first[0]), last=int(stated.last[0]), unit=unit or "days")


def _within(days: AfterActivity, stated: StatedWindow) -> Window | None:
    """The first and the last distance from what the day is counted from."""
    if stated.after and stated.after.removeprefix("first ") != anchor_text(days):
        raise GrammarError(
            f"{stated.text!r} has its window after something else", f"count both from {anchor_text(days)}"
        )
    if days.times > 1 and not days.rolling:
        raise GrammarError(f"{stated.text!r} has one window for several", 'write how far each may lie off: "±2"')
    numbers = [number for number, _ in (stated.first, stated.last)]
    if any(not number.isdecimal() for number in numbers):
        raise GrammarError(f"{stated.text!r} mixes days and distances", OUTSIDE)
    if stated.first[1] is None and days.unit != "days":
        remedy = f'write it: "{stated.text} {days.unit}"'
        raise GrammarError(f"{stated.text!r} does not say in which unit its window is", remedy)
    first, last = (
        (int(number), read_unit(unit) if unit else days.unit) for number, unit in (stated.first, stated.last)
    )
    return between(stated.text, days, first, last).window


def anchor_text(days: AfterActivity) -> str:
    """What days are counted from, as it is written: `cells`, `last il2`, `nk-infusion ends`."""
    which = "" if days.which == "first" else f"{days.which} "
    return f"{which}{days.activity}{' ends' if days.ends else ''}"


def lengths(*spans: tuple[int, Unit]) -> list[tuple[int, int]]:
    """The least and the greatest length of each span in one measure: months where all are, else hours; a month has 28
    to 31 days, a year 365 or 366."""
    if all(unit in _IN_MONTHS for _, unit in spans):
        return [(count * _IN_MONTHS[unit],) * 2 for count, unit in spans]
    found = []
    for count, unit in spans:
        years, months = divmod(count * _IN_MONTHS.get(unit, 0), 12)
        exact = count * _IN_HOURS.get(unit, 0)
        found.append((exact + 24 * (365 * years + 28 * months), exact + 24 * (366 * years + 31 * months)))
    return found
