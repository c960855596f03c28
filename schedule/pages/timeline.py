"""Plan -> the values of the timeline picture: names at the left, lanes at the right, nothing printed over anything.

Nothing is said by colour, and every lane's words say all that its marks show: the list of them is the picture in text.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from schedule.engine.day_names import label_of
from schedule.model.dates import add
from schedule.model.notation import MONTHS, WEEKDAYS, spell_day_month, spell_range
from schedule.model.plan import Plan
from schedule.model.sizes import PIECES
from schedule.pages.lanes import GROUPS, Lane, Mark
from schedule.pages.page_breaks import em_width
from schedule.pages.time_scale import Stretch, TimeScale, scale_of
from schedule.words import timeline as words
from schedule.words.dates import day_zero_of, zero_in_cycle
from schedule.words.findings import feasible_in_words
from schedule.words.plan import zero_label, zero_of, zeros_of

EM = 13.34 / 100 * 0.92
"""A hundredth of an em of 10 point, for the regular face (`em_width` is of the bold one)."""
TOP, GROUP, LANE, LEAST_LANE, LINE = 80.0, 25.0, 21.5, 15.4, 14.6
WEEKDAY = 11.2
"""So wide is a column in which the first letter of a weekday does not reach that of its neighbour: T and W."""
GHOST, MARK = 8.0, 10.6
"""As far must the middle of a ghost be from that of a mark, and that of a mark of full size from that of the next."""
LONG = ("window", "washout", "bar", "bar-given")
"""Marks that reach over days, so that others stand on them."""


class Room(NamedTuple):
    """What a picture has: its width, its height, and where the lanes begin beside their names, in units of a 96th of an
    inch."""

    width: float
    height: float
    labels: float


class DrawnMark(NamedTuple):
    """A mark: its shape, and from where to where it reaches; the middle of its day, for what lies on one. `size` is 1,
    less where its neighbours are so near that it would touch them."""

    shape: str
    x: float
    end: float
    size: float = 1.0


class DrawnLane(NamedTuple):
    """A lane: the middle of its marks, the lines of its name with their baselines, the date beside it, its marks."""

    y: float
    name: tuple[tuple[float, str], ...]
    baseline: float
    when: str
    marks: tuple[DrawnMark, ...]


class AxisLabel(NamedTuple):
    """A text on the axis: where, which part of it lies there (its start, middle or end), and whether it is bold."""

    x: float
    text: str
    anchor: str
    strong: bool


class Picture(Struct, frozen=True, kw_only=True):
    """What the template draws, in units of a 96th of an inch. `zeros` (`zeros_of`) and `today` are lines over its
    whole height, with their words in `tops`; no `today` on paper, which is the same tomorrow, nor off the scale."""

    id: str
    title: str
    summary: str
    width: float
    height: float
    labels: float
    zeros: tuple[float, ...]
    today: float | None
    tops: tuple[AxisLabel, ...]
    weeks: tuple[tuple[float, float], ...]
    axes: tuple[tuple[float, float], ...]
    dates: tuple[AxisLabel, ...]
    weekdays: tuple[AxisLabel, ...]
    numbers: tuple[AxisLabel, ...]
    bands: tuple[tuple[float, float, bool], ...]
    groups: tuple[tuple[float, str], ...]
    lanes: tuple[DrawnLane, ...]
    words: tuple[str, ...]


def fits(lanes: Sequence[Lane], room: Room) -> bool:
    """Whether a picture of these lanes is no higher than its room."""
    return _height(lanes, LEAST_LANE, room) <= room.height


def _height(lanes: Sequence[Lane], lane_height: float, room: Room) -> float:
    groups = len({lane.group for lane in lanes})
    tall = (lane_height + LINE * (len(_lines(lane, room)) - 1) for lane in lanes)
    return TOP + GROUP * groups + sum(tall) + 4


def picture(
    plan: Plan,
    lanes: Sequence[Lane],
    room: Room,
    part: tuple[int, int] = (1, 1),
    today: date | None = None,
) -> Picture:
    """The picture of some lanes; they shrink where there is no room for them. `today` is marked where it is given."""
    scale = scale_of(plan, lanes, room.labels, room.width - 6)
    over = _height(lanes, LANE, room) - room.height
    tall = LANE if over <= 0 else max(LANE - over / max(len(lanes), 1), LEAST_LANE)
    zero, zeros, (number, of) = zero_of(plan), zeros_of(plan), part
    drawn, groups = _drawn(lanes, scale, tall, room)
    return Picture(
        id=f"timeline-{number}",
        title=words.timeline_title(plan.case.code, number, of),
        summary=words.timeline_summary(scale.first, scale.last, zero_label(plan), len(lanes)),
        width=room.width,
        height=round(_height(lanes, tall, room), 1),
        labels=room.labels,
        zeros=tuple(scale.middle(day) for day in zeros if scale.shows(day)),
        today=scale.middle(today) if today is not None and today not in zeros and scale.shows(today) else None,
        tops=tuple(_tops(plan, scale, today)),
        weeks=tuple(_weeks(scale, zero)),
        axes=tuple((round(one.x, 1), round(one.end, 1)) for one in scale.stretches),
        dates=tuple(_apart(_dates(scale, zero), room.labels, room.width)),
        weekdays=tuple(_weekdays(scale)),
        numbers=tuple(_apart(_numbers(plan, scale), room.labels, room.width)),
        bands=tuple(_bands(plan, scale)),
        groups=groups,
        lanes=drawn,
        words=(f"{zero_label(plan)}: {day_zero_of(plan)}", *feasible_words(plan), *(lane.words for lane in lanes)),
    )


def feasible_words(plan: Plan) -> tuple[str, ...]:
    """`Feasible day 0: Fri 12-Jun-2026 to Thu 18-Jun-2026`, and the days that a ruling would allow; nothing once the
    cells are given; of a patient of whom nothing is known, that it cannot be judged."""
    if plan.feasible is None:
        return ()
    if plan.feasible.missing:
        return (feasible_in_words(plan).removesuffix("."),)
    met = [spell_range(first, last) for first, last, status in plan.feasible.intervals if status == "met"]
    asked = [spell_range(first, last) for first, last, status in plan.feasible.intervals if status == "boundary"]
    return words.feasible_in_picture(zero_in_cycle(plan.protocol.zero, plan.feasible.cycle), met, asked)


def _tops(plan: Plan, scale: TimeScale, today: date | None) -> Iterator[AxisLabel]:
    """The words over the lines of day 0 of each cycle and of today, side by side where the days are near; one for
    days 0 that are too near to have each its own."""
    zero, half = plan.protocol.zero, width_of(plan.protocol.zero) * 0.55
    days: list[date] = []
    for day in zeros_of(plan):
        if scale.shows(day) and all(abs(scale.middle(day) - scale.middle(one)) >= 2 * half + 4 for one in days):
            days.append(day)
            said = words.zero_is_today(zero) if day == today else zero
            yield AxisLabel(scale.middle(day), said, "middle", True)
    if today is not None and scale.shows(today) and today not in days:
        x = scale.middle(today)
        near = min(days, key=lambda day: abs(scale.middle(day) - x), default=None)
        if near is None:
            yield AxisLabel(x, words.TODAY, "middle", True)
            return
        middle, before = scale.middle(near), today < near
        apart = half + width_of(words.TODAY) / 2 + 8
        if abs(x - middle) >= apart:
            yield AxisLabel(x, words.TODAY, "middle", True)
        else:
            beside = middle - half - 6 if before else middle + half + 6
            yield AxisLabel(round(beside, 1), words.TODAY, "end" if before else "start", True)


# Lanes ----------------------------------------------------------------------------------------------------------------


def _drawn(
    lanes: Sequence[Lane], scale: TimeScale, tall: float, room: Room
) -> tuple[tuple[DrawnLane, ...], tuple[tuple[float, str], ...]]:
    y, drawn, groups = TOP, [], []
    for group in GROUPS:
        some = [lane for lane in lanes if lane.group == group]
        if some:
            groups.append((round(y + 14, 1), words.GROUP_TITLES[group]))
            y += GROUP
        for lane in some:
            lines = _lines(lane, room)
            height = tall + LINE * (len(lines) - 1)
            middle = y + height / 2
            first = middle + 4.5 - LINE * (len(lines) - 1) / 2
            drawn.append(
                DrawnLane(
                    y=round(middle, 1),
                    name=tuple((round(first + LINE * number, 1), line) for number, line in enumerate(lines)),
                    baseline=round(middle + 4.5, 1),
                    when=lane.when,
                    marks=_in_their_size(
                        _apart_from_ghosts([one for mark in lane.marks for one in _mark(mark, scale)])
                    ),
                )
            )
            y += height
    return tuple(drawn), tuple(groups)


def _apart_from_ghosts(marks: Sequence[DrawnMark]) -> tuple[DrawnMark, ...]:
    """The marks, without ghosts that would lie under one of them where weeks are squeezed: the words have the dates."""
    taken = [one.x for one in marks if one.shape not in ("was", "window", "washout")]
    return tuple(one for one in marks if one.shape != "was" or all(abs(one.x - x) >= GHOST for x in taken))


def _in_their_size(marks: Sequence[DrawnMark]) -> tuple[DrawnMark, ...]:
    """The marks of a lane, all smaller where days are so narrow that they would touch."""
    places = sorted({one.x for one in marks if one.shape not in (*LONG, "was", "last-allowed")})
    nearest = min((other - one for one, other in pairwise(places)), default=MARK)
    size = round(min(nearest / MARK, 1), 2)
    return tuple(one if one.shape in LONG else one._replace(size=size) for one in marks)


def _mark(mark: Mark, scale: TimeScale) -> Iterator[DrawnMark]:
    if mark.shape in LONG:
        if mark.last < scale.first:
            yield DrawnMark("more-left", scale.left, scale.left)
        elif mark.first > scale.last:
            yield DrawnMark("more-right", scale.right, scale.right)
        else:
            yield DrawnMark(mark.shape, scale.x(mark.first), scale.end(mark.last))
    elif scale.shows(mark.first):
        yield DrawnMark(mark.shape, scale.middle(mark.first), scale.middle(mark.first))
    elif mark.shape not in ("was", "last-allowed"):
        earlier = mark.first < scale.first
        edge = scale.left if earlier else scale.right
        yield DrawnMark("more-left" if earlier else "more-right", round(edge, 1), round(edge, 1))


def width_of(text: str) -> float:
    """How wide a text is in the widest face that may print it, at 10 point."""
    return em_width(text) * EM


def _lines(lane: Lane, room: Room) -> tuple[str, ...]:
    """The name and how often, in lines that leave room for the date."""
    told = f"{lane.name}, {lane.often}" if lane.often else lane.name
    return _lines_within(told, room.labels - 22 - width_of(lane.when))


@lru_cache(maxsize=PIECES)
def _lines_within(told: str, most: float) -> tuple[str, ...]:
    """The words in lines that are no wider; one is broken only where it alone is."""
    found, line = list[str](), ""
    for word in told.split(" "):
        *whole, rest = _cut(word, most)
        if line and (whole or width_of(f"{line} {rest}") > most):
            found.append(line)
            line = ""
        found += whole
        line = f"{line} {rest}".strip()
    return (*found, line)


def _cut(word: str, room: float) -> list[str]:
    """A word in pieces that are no wider than the room."""
    if width_of(word) <= room:
        return [word]
    pieces, used = [""], 0.0
    for letter in word:
        used += width_of(letter)
        if used > room and pieces[-1]:
            pieces.append("")
            used = width_of(letter)
        pieces[-1] += letter
    return pieces


# The axis -------------------------------------------------------------------------------------------------------------


def _monday(day: date) -> date:
    return add(day, -day.weekday(), "days", "clamp")


def _weeks(scale: TimeScale, zero: date) -> Iterator[tuple[float, float]]:
    """Every second week, as a band."""
    for stretch in scale.stretches:
        monday = _monday(stretch.first)
        while monday <= stretch.last:
            if (monday - _monday(zero)).days // 7 % 2:
                first = max(monday, stretch.first)
                last = min(add(monday, 6, "days", "clamp"), stretch.last)
                left, right = _edges(stretch, first, last)
                yield round(left, 1), round(right - left, 1)
            monday = add(monday, 7, "days", "clamp")


def _edges(stretch: Stretch, first: date, last: date) -> tuple[float, float]:
    left = stretch.x + stretch.per_day * (first - stretch.first).days
    return left, left + stretch.per_day * ((last - first).days + 1)


def _dates(scale: TimeScale, zero: date) -> Iterator[AxisLabel]:
    """Mondays where a day has a column; elsewhere the first week, or the months at both ends."""
    for stretch in scale.stretches:
        if stretch is scale.treated:
            for day in stretch.days:
                if day.weekday() == 0:
                    yield AxisLabel(round(scale.x(day) + 1, 1), spell_day_month(day), "start", False)
        elif stretch.last < zero:
            monday = add(_monday(stretch.first), 7, "days", "clamp")
            yield AxisLabel(round(scale.x(monday), 1), spell_day_month(monday), "start", False)
        else:
            for end, anchor in ((stretch.first, "start"), (stretch.last, "end")):
                edge = stretch.x if anchor == "start" else stretch.end
                yield AxisLabel(round(edge, 1), MONTHS[end.month - 1], anchor, False)


def _weekdays(scale: TimeScale) -> Iterator[AxisLabel]:
    """The first letter of each day that has a column wide enough for it."""
    if scale.treated.per_day >= WEEKDAY:
        for day in scale.treated.days:
            yield AxisLabel(scale.middle(day), WEEKDAYS[day.weekday()][0], "middle", False)


def _numbers(plan: Plan, scale: TimeScale) -> Iterator[AxisLabel]:
    """Day 0 first, then the weeks around it, then the ends of what is squeezed: what comes first has the room."""
    zero = zero_of(plan)
    zeros = [day for day in zeros_of(plan) if scale.shows(day)]
    yield from (AxisLabel(scale.middle(day), label_of(plan, day).brief, "middle", True) for day in zeros)
    treated, others = scale.treated, [one for one in scale.stretches if one is not scale.treated]
    yield from (
        AxisLabel(scale.middle(day), label_of(plan, day).brief, "middle", False)
        for day in treated.days
        if day not in zeros and (day - zero).days % 7 == 0
    )
    for stretch in others:
        weeks = [day for day in stretch.days if (day - zero).days % 14 == 0]
        for day in (*weeks[:1], *weeks[-1:]):
            yield AxisLabel(scale.middle(day), label_of(plan, day).brief, "middle", False)


def _apart(told: Iterable[AxisLabel], left: float, right: float) -> Iterator[AxisLabel]:
    """The texts that do not lie on one that came before them, in the order of their places, none beyond the edges."""
    taken: list[tuple[float, float]] = []
    found = []
    for one in told:
        width = width_of(one.text) * (1.1 if one.strong else 1)
        begin = one.x - {"start": 0, "middle": width / 2, "end": width}[one.anchor]
        begin = round(min(max(begin, left), right - width), 1)
        if all(begin + width + 5 <= start or begin >= end for start, end in taken):
            taken.append((begin, begin + width + 5))
            found.append(one._replace(x=begin, anchor="start"))
    return iter(sorted(found))


def _bands(plan: Plan, scale: TimeScale) -> Iterator[tuple[float, float, bool]]:
    """The days 0 that would be allowed, and those that a ruling would allow, on the axis."""
    for first, last, status in plan.feasible.intervals if plan.feasible else ():
        if status == "due":
            continue
        begin, end = max(first or scale.first, scale.first), min(last or scale.last, scale.last)
        if begin <= end:
            yield scale.x(begin), scale.end(end), status == "boundary"
