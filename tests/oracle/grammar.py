"""The day grammar and the bounds, read into plain records. One function for each form of sentence."""

import math
import re
from dataclasses import dataclass, replace

MINUTES = {"minute": 1, "hour": 60, "h": 60}
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}


class Unknown(Exception):
    """A sentence this model cannot read."""


@dataclass(frozen=True)
class Window:
    """The first and the last moment allowed, as two distances in one unit.

    `around` counts from the target, `base` from what the target is counted from, `prev` from the one before.
    """

    frame: str
    first: int
    last: int
    unit: str


@dataclass(frozen=True)
class Spot:
    """One place of an activity: what it is counted from, and the distance."""

    target: str | None = None  # the activity it is counted from; None: day 0, planned day 0 or a start date
    which: str = "first"  # first, last or each occurrence of that activity
    ends: bool = False  # counted from its end
    lead: int = 0  # days from day 0 to the place that months are counted from
    months: int = 0
    days: int = 0
    minutes: int = 0  # elapsed
    daily: int = 0  # days after the elapsed part, at the same wall time
    chain: int = -1  # the how-manieth of "every 8 to 12 hours"; it counts from the one before
    timed: bool = False  # its hour comes from the sentence
    window: Window | None = None

    def place(self) -> tuple:
        """Its place without the window: what it is counted from, and the distance in days or hours."""
        return (
            self.target,
            self.which,
            self.ends,
            self.lead,
            self.months,
            self.days,
            self.minutes,
            self.daily,
            self.chain,
        )


def clean(text: str) -> str:
    """Signs that look alike mean the same; the case of words does not matter in the first word."""
    text = re.sub("[−–—‑]", "-", text).replace("×", "x").replace("+/-", "±").strip()
    text = re.sub(r"\s*±\s*", " ±", text)
    text = re.sub(r"\s+", " ", text)
    return text[:1].lower() + text[1:] if text[:5].lower() == "every" or text[:6].lower() == "yearly" else text


def unit_of(word: str) -> str:
    """The singular of a unit of time."""
    word = "h" if word == "h" else word.rstrip("s")
    if word not in {**MINUTES, **DAYS, **MONTHS}:
        raise Unknown(f"{word} is not a unit of time")
    return word


def offset(number: str, numbering: str) -> int:
    """A study day as days from the first day of treatment: day-one numbering has no day 0."""
    day = int(number)
    if numbering == "day-one":
        if day == 0:
            raise Unknown("there is no day 0")
        return day - 1 if day > 0 else day
    return day


def distance(count: int, unit: str) -> dict[str, int]:
    """A length of time in the fields of a Spot."""
    if unit in MINUTES:
        return {"minutes": count * MINUTES[unit], "timed": True}
    return {"days": count * DAYS[unit]} if unit in DAYS else {"months": count * MONTHS[unit]}


def read_days(text: str, numbering: str, anchor: int = 0) -> list[Spot]:
    """All places of a text of days; offsets are counted from the anchor's day."""
    text = clean(text)
    if text == "none":
        return []
    each = re.fullmatch(r"(.+), each ±(\d+) ?(\w+)?", text)
    if each:
        return [replace(s, window=_around(each[2], each[3])) for s in read_days(each[1], numbering, anchor)]
    spots: list[Spot] = []
    for part in re.split(r", ?", text):
        spots += _part(part, numbering, anchor)
    return spots


def _around(count: str, unit: str | None) -> Window:
    """A tolerance on either side of the target."""
    return Window("around", -int(count), int(count), unit_of(unit) if unit else "day")


def _part(text: str, numbering: str, anchor: int) -> list[Spot]:
    """One part of a list, with its window taken off first."""
    window = None
    match = re.fullmatch(r"(.+) ±(\d+) ?(\w+)?", text)
    if match:
        text, window = match[1], _around(match[2], match[3])
    match = re.fullmatch(r"(.+) within ([+-]?\d+) to ([+-]?\d+)(?: (\w+)(?: after .+)?)?", text)
    if match:
        text = match[1]
        if match[4]:
            window = Window("base", int(match[2]), int(match[3]), unit_of(match[4]))
        else:
            first, last = (offset(match[n], numbering) - anchor for n in (2, 3))
            window = Window("base", first, last, "day")
    for form in (_range_of_hours, _daily, _rolling, _series, _after, _plain):
        spots = form(text, numbering, anchor)
        if spots is not None:
            return [replace(s, window=window) if window else s for s in spots]
    raise Unknown(f"{text!r} is not a day")


AFTER = r"(\d+) ?(\w+) after (?:(first|last|each) )?(?:the end of )?([a-z][a-z0-9-]*)( ends)?"


def _start(match: re.Match, base: int) -> Spot:
    """“N units after [first|last|each] X [ends]”."""
    ends = match[base + 4] is not None or "the end of" in match[0]
    return Spot(
        match[base + 3], match[base + 2] or "first", ends, **distance(int(match[base]), unit_of(match[base + 1]))
    )


def _range_of_hours(text: str, numbering: str, anchor: int) -> list[Spot] | None:
    """“from 3 h to 24 h after cells” (target the first, window both)."""
    match = re.fullmatch(r"(?:from )?(\d+)(?: ?(\w+))? to " + AFTER, text)
    if not match or (match[2] and unit_of(match[2]) != unit_of(match[4])):
        return None
    unit = unit_of(match[4])
    spot = _start(match, 3)
    spot = replace(spot, months=0, days=0, minutes=0)
    return [replace(spot, **distance(int(match[1]), unit), window=Window("base", int(match[1]), int(match[3]), unit))]


def _daily(text: str, numbering: str, anchor: int) -> list[Spot] | None:
    """“every day at that hour x 6 from 4 h after cells”: across a clock change the hour stays."""
    match = re.fullmatch(r"every (?:(\d+) )?days? at that hour x (\d+) from " + AFTER, text)
    if not match:
        return None
    first = _start(match, 3)
    return [replace(first, daily=k * int(match[1] or 1)) for k in range(int(match[2]))]


def _rolling(text: str, numbering: str, anchor: int) -> list[Spot] | None:
    """“every 8 to 12 hours x 6 from …”: each from the one before; target the least."""
    match = re.fullmatch(r"every (\d+) to (\d+) (\w+) x (\d+) from " + AFTER, text)
    if not match:
        return None
    unit = unit_of(match[3])
    spots = [replace(_start(match, 5), chain=0)]
    for k in range(1, int(match[4])):
        step = Spot(**distance(int(match[1]), unit), chain=k, window=Window("prev", int(match[1]), int(match[2]), unit))
        spots.append(replace(step, target=spots[0].target, which=spots[0].which, ends=spots[0].ends))
    return spots


def _series(text: str, numbering: str, anchor: int) -> list[Spot] | None:
    """“every 2 days x 7 from +1”, "every 8 hours for 24 hours from 1 h after cells", "yearly x 5 from +365"."""
    text = re.sub(r"^yearly", "every year", text)
    match = re.fullmatch(
        r"every (?:(\d+) |other )?(\w+) (?:x (\d+)|for (\d+) (\w+)) (?:from (.+)|after the first)", text
    )
    if not match:
        return None
    step = int(match[1] or (2 if "other" in text else 1))
    unit = unit_of(match[2])
    count = int(match[3]) if match[3] else _fill(step, unit, int(match[4]), unit_of(match[5]))
    if match[6] is None:
        return [_step(Spot(days=0), k * step, unit) for k in range(count)]
    after = re.fullmatch(AFTER, match[6])
    first = _start(after, 1) if after else Spot(lead=offset(match[6], numbering) - anchor)
    if first.timed != (unit in MINUTES):
        raise Unknown("a series in hours starts at an hour, and a series in days at a day")
    if not after and unit in DAYS:
        return [replace(first, lead=first.lead + k * step * DAYS[unit]) for k in range(count)]
    return [_step(first, k * step, unit) for k in range(count)]


def _fill(step: int, unit: str, length: int, length_unit: str) -> int:
    """“every day for 5 days” is five days, "every 8 hours for 24 hours" three doses: the end not included."""
    table = (
        {"month": 12, "year": 144} if unit in MONTHS else {"minute": 1, "hour": 60, "h": 60, "day": 1440, "week": 10080}
    )
    if unit not in table or length_unit not in table:
        raise Unknown("the two units do not go together")
    return math.ceil(length * table[length_unit] / (step * table[unit]))


def _step(first: Spot, count: int, unit: str) -> Spot:
    """The place so many units after the first place of a series."""
    if unit in MINUTES:
        return replace(first, minutes=first.minutes + count * MINUTES[unit], timed=True)
    if unit in DAYS:
        return replace(first, days=first.days + count * DAYS[unit])
    return replace(first, months=first.months + count * MONTHS[unit])


def _after(text: str, numbering: str, anchor: int) -> list[Spot] | None:
    """“4 months after last il2”, "4 h after cells", "10 days after x ends"."""
    match = re.fullmatch(AFTER, text)
    return [_start(match, 1)] if match else None


def _plain(text: str, numbering: str, anchor: int) -> list[Spot] | None:
    """“0”, "-5 to -3", "+1 to +13 every 2 days"."""
    match = re.fullmatch(r"([+-]?\d+)(?: to ([+-]?\d+)(?: every (?:(\d+) days|(other) day|day))?)?", text)
    if not match:
        return None
    first = offset(match[1], numbering) - anchor
    last = offset(match[2], numbering) - anchor if match[2] else first
    step = int(match[3] or 2 if match[3] or match[4] else 1)
    return [Spot(lead=day) for day in range(first, last + 1, step)]


@dataclass(frozen=True)
class Sentence:
    """“later at least 28 days after earlier”, with its two points."""

    later: str
    how: str
    count: int
    unit: str
    earlier: str


BOUND = r"(.+?) (at least|more than|at most|less than) (\d+) (rest day|\w+?)s? after (.+)"


def read_bound(text: str) -> Sentence:
    """One bound."""
    match = re.fullmatch(BOUND, re.sub(r"\s+", " ", text.strip()))
    if not match:
        raise Unknown(f"{text!r} is not a bound")
    unit = match[4] if match[4] == "rest day" else unit_of(match[4])
    return Sentence(match[1], match[2], int(match[3]), unit, match[5])


def read_apart(text: str) -> tuple[str, int, str]:
    """“at least 2 days”, "at most 30 hours"."""
    match = re.fullmatch(r"(at least|at most|more than|less than) (\d+) (\w+)", text)
    if not match:
        raise Unknown(f"{text!r} is not a distance")
    return match[1], int(match[2]), unit_of(match[3])
