"""Plan -> the values of the timeline picture: lanes on one scale of days, each labelled where it stands.

One lane for a course, an activity, a screening window or a washout. Nothing is said by colour: bars are solid, hollow
or hatched, and every lane's words say all that its shapes show, so that the list of them is the picture in text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from schedule.engine.day_names import label_of
from schedule.model.dates import add
from schedule.model.notation import spell_day_month, spell_range
from schedule.model.plan import Plan
from schedule.pages.lanes import RIGHT, Mark, MarkedLane, Scale, scale_of, strips
from schedule.pages.page_breaks import PLAIN, lines
from schedule.words import timeline as words
from schedule.words.dates import day_zero_of
from schedule.words.plan import latest_start, zero_label, zero_of

LANE, TOP = 29, 138
MOST_LANES = 20
ROOM = 176.0
"""Millimetres for a lane's words in 11 point; nothing longer than LONGEST letters fits."""
LONGEST = 120


class Lane(NamedTuple):
    """One thing over time: its words in full, as much of them as fits in the picture, and its shapes."""

    y: int
    words: str
    label: str
    marks: tuple[Mark, ...]


class Band(NamedTuple):
    """Days 0 that are feasible; `boundary` ones only if the principal investigator says so."""

    x: float
    width: float
    boundary: bool


class Tick(NamedTuple):
    """A week's line: the day's label and, every second week, its date without the year."""

    x: float
    label: str
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What the template draws, in units of a 96th of an inch. `zero` and `limit` are the x of those lines."""

    id: str
    title: str
    summary: str
    height: int
    bottom: int
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    zero: float
    zero_words: str
    zeros: str
    limit: float | None
    limit_words: str
    feasible_words: tuple[str, ...]
    lanes: tuple[Lane, ...]


def pictures(plan: Plan) -> tuple[Picture, ...]:
    """The timeline, divided where it has more lanes than a page has room for."""
    scale = scale_of(plan)
    lanes = list(strips(plan, scale))
    parts = [lanes[first : first + MOST_LANES] for first in range(0, len(lanes), MOST_LANES)] or [[]]
    return tuple(_picture(plan, scale, part, number, len(parts)) for number, part in enumerate(parts, 1))


def _picture(plan: Plan, scale: Scale, lanes: list[MarkedLane], number: int, of: int) -> Picture:
    zero = zero_of(plan)
    bottom = TOP + LANE * len(lanes)
    limit = latest_start(plan)
    return Picture(
        id=f"timeline-{number}",
        title=words.timeline_title(plan.case.code, number, of),
        summary=words.timeline_summary(scale.first, scale.last, zero_label(plan), len(lanes)),
        height=bottom + 8,
        bottom=bottom,
        ticks=tuple(_ticks(plan, scale)),
        bands=tuple(_bands(plan, scale)),
        zero=scale.middle(zero),
        zeros=plan.protocol.zeros,
        zero_words=f"{zero_label(plan)}: {day_zero_of(plan)}",
        limit=scale.middle(limit[0].latest) if limit and limit[0].latest else None,
        limit_words=words.start_by(limit[1]) if limit else "",
        feasible_words=feasible_words(plan),
        lanes=tuple(
            Lane(TOP + LANE * place, f"{title}: {dates}", _cut(title, dates, zero.year), marks)
            for place, (title, dates, marks) in enumerate(lanes)
        ),
    )


def _cut(title: str, dates: str, year: int) -> str:
    """What fits in a lane: the dates whole, without the year of day 0, which stands above the picture; of the title the
    rest.
    """
    dates = dates.replace(f"-{year}", "")
    text = title[:LONGEST]
    while text and lines(f"{text}…: {dates}", ROOM, PLAIN) > 1:
        text = text[:-1].rstrip()
    whole = f"{text}: {dates}" if text == title else f"{text}…: {dates}"
    return whole[:LONGEST]


def _ticks(plan: Plan, scale: Scale) -> Iterator[Tick]:
    zero = zero_of(plan)
    weeks = range(-((zero - scale.first).days // 7), (scale.last - zero).days // 7 + 1)
    for week in weeks:
        day = add(zero, 7 * week, "days", "clamp")
        on = "" if week % 2 else spell_day_month(day)
        yield Tick(scale.middle(day), label_of(plan, day).brief, on)


def _bands(plan: Plan, scale: Scale) -> Iterator[Band]:
    for first, last, status in plan.feasible.intervals if plan.feasible else ():
        left = scale.x(first or scale.first)
        right = scale.x(add(last, 1, "days", "clamp")) if last else float(RIGHT)
        if right > left:
            yield Band(left, round(right - left, 1), status == "boundary")


def feasible_words(plan: Plan) -> tuple[str, ...]:
    """`Feasible day 0: Fri 12-Jun-2026 to Thu 18-Jun-2026`, and the days that a ruling would allow; nothing once the
    cells are given."""
    if plan.feasible is None:
        return ()
    met = [spell_range(first, last) for first, last, status in plan.feasible.intervals if status == "met"]
    asked = [spell_range(first, last) for first, last, status in plan.feasible.intervals if status == "boundary"]
    return words.feasible_in_picture(plan.protocol.zero, met, asked)
