"""Plan -> lanes: one for a course, an activity, a screening window or a washout, with its shapes on a scale of days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from schedule.model.dates import add
from schedule.model.notation import spell, spell_span
from schedule.model.plan import Event, Finding, Plan
from schedule.model.timing import KnownDatePoint
from schedule.words.plan import zero_of
from schedule.words.timeline import washout_lane, window_lane
from schedule.words.titles import full_title

Shape = Literal["bar", "window", "washout", "dot", "diamond", "ring", "tick", "more-left", "more-right"]

WIDTH = 680
LEFT, RIGHT = 6, WIDTH - 6
DAYS_BEFORE, DAYS_AFTER = 49, 45
"""How far the scale reaches from day 0 at most; what lies beyond has an arrow and its date in words."""


class Mark(NamedTuple):
    """One shape of a lane, from `x`, `width` wide (0 for a point)."""

    shape: Shape
    x: float
    width: float


MarkedLane = tuple[str, str, tuple[Mark, ...]]
"""A lane before it has its place: what, when, and its shapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Dates on the x axis: from the first to the last day shown, that day included."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """The left edge of a day; the middle is half a day on. Days off the scale lie on its edge."""
        length = (self.last - self.first).days + 1
        into = min(max((day - self.first).days, 0), length)
        return round(LEFT + (RIGHT - LEFT) * into / length, 1)

    def middle(self, day: date) -> float:
        return round((self.x(day) + self.x(add(day, 1, "days", "clamp"))) / 2, 1)

    def shows(self, day: date) -> bool:
        return self.first <= day <= self.last


def scale_of(plan: Plan) -> Scale:
    """The days that the plan's events and tests need, within limits."""
    zero = zero_of(plan)
    days = [event.on for event in plan.events if not event.task]
    days += [day for f in plan.findings for day in (f.earliest, f.actual) if day is not None and _is_test(plan, f)]
    earliest, latest = add(zero, -DAYS_BEFORE, "days", "clamp"), add(zero, DAYS_AFTER, "days", "clamp")
    first = min([add(zero, -14, "days", "clamp"), *(day for day in days if day >= earliest)])
    last = max([add(zero, 14, "days", "clamp"), *(day for day in days if day <= latest)])
    return Scale(first=add(first, -3, "days", "clamp"), last=add(last, 3, "days", "clamp"))


def _is_test(plan: Plan, finding: Finding) -> bool:
    known = plan.protocol.date_at(finding.point)
    return known is not None and known.test


def strips(plan: Plan, scale: Scale) -> Iterator[MarkedLane]:
    """Every lane's words and shapes, in the order in which they are read."""
    yield from _courses(plan, scale)
    yield from _activities(plan, scale)
    yield from _windows(plan, scale)
    yield from _washouts(plan, scale)


def _courses(plan: Plan, scale: Scale) -> Iterator[MarkedLane]:
    for course in plan.protocol.courses.values():
        doses = [e for e in plan.events if _course_of(plan, e) == course.id and e.status != "cancelled"]
        yield from _given(course.title, [e for e in doses if e.replaced], scale)
        yield from _given(course.title, [e for e in doses if not e.replaced], scale)


def _given(title: str, doses: list[Event], scale: Scale) -> Iterator[MarkedLane]:
    """A course as it was given, or is to be given, once."""
    if doses:
        first, last = min(e.on for e in doses), max(e.last_date or e.on for e in doses)
        bar = Mark("bar", scale.x(first), round(scale.x(add(last, 1, "days", "clamp")) - scale.x(first), 1))
        days = sorted({e.on for e in doses})
        yield title, spell_span(first, last), (bar, *_points("dot", days, scale))


def _course_of(plan: Plan, event: Event) -> str | None:
    activity = plan.protocol.activities.get(event.activity)
    return activity.course if activity else None


def _activities(plan: Plan, scale: Scale) -> Iterator[MarkedLane]:
    by_activity: dict[str, list[Event]] = defaultdict(list)
    for event in plan.events:
        infusion = event.activity == plan.protocol.day_zero and event.of == 1
        alone = not event.task and _course_of(plan, event) is None and not infusion
        if alone and event.status != "cancelled":
            by_activity[event.activity].append(event)
    for name, events in by_activity.items():
        days = [event.on for event in events]
        known = plan.protocol.activities.get(name)  # an amendment may have dropped it
        title = ("donor: " if events[0].donor else "") + (known.title if known else full_title(events[0].title))
        span = events[0].last_date
        if span is not None and span > events[0].on:
            bar = Mark("bar", scale.x(days[0]), round(scale.x(add(span, 1, "days", "clamp")) - scale.x(days[0]), 1))
            yield title, spell_span(days[0], span), (bar,)
        else:
            yield title, ", ".join(spell(day) for day in days), _points("dot", days, scale)


def _points(shape: Shape, days: Iterable[date], scale: Scale) -> tuple[Mark, ...]:
    """A point for every day on the scale, and one arrow at an edge that days lie beyond."""
    found = []
    for day in days:
        if scale.shows(day):
            found.append(Mark(shape, scale.middle(day), 0))
        else:
            found.append(Mark("more-left", LEFT, 0) if day < scale.first else Mark("more-right", RIGHT, 0))
    return tuple(dict.fromkeys(found))


def _points_of(plan: Plan, *, tests: bool) -> dict[str, list[Finding]]:
    """The findings about each known date of that kind that has anything to show, in the protocol's order."""
    found: dict[str, list[Finding]] = {}
    for name, known in plan.protocol.dates.items():
        about = [
            f
            for f in plan.findings
            if f.point == KnownDatePoint(name)
            and f.status not in ("not applicable", "not stated")
            and (f.latest or f.actual)
        ]
        if about and known.test == tests:
            found[name] = about
    return found


def _window(findings: list[Finding]) -> tuple[date | None, date | None]:
    """What all the rules about one point leave of it."""
    firsts = [f.earliest for f in findings if f.earliest is not None]
    lasts = [f.latest for f in findings if f.latest is not None]
    return (max(firsts) if firsts else None), (min(lasts) if lasts else None)


def _windows(plan: Plan, scale: Scale) -> Iterator[MarkedLane]:
    for name, findings in _points_of(plan, tests=True).items():
        first, last = _window(findings)
        marks: list[Mark] = []
        if last is not None and (first is None or first <= last):
            left = scale.x(first or scale.first)
            marks.append(Mark("window", left, round(scale.x(add(last, 1, "days", "clamp")) - left, 1)))
        done = sorted({f.actual for f in findings if f.actual is not None})
        marks += _points("diamond", done, scale)
        planned = bool(done) and done[-1] > plan.as_of.date()
        yield plan.protocol.dates[name].title, window_lane(done, first, last, planned=planned), tuple(marks)


def _washouts(plan: Plan, scale: Scale) -> Iterator[MarkedLane]:
    zero = zero_of(plan)
    for name, findings in _points_of(plan, tests=False).items():
        last = _window(findings)[1]
        done = max((f.actual for f in findings if f.actual is not None), default=None)
        marks: list[Mark] = []
        if done is not None:
            left = scale.x(done)
            marks.append(Mark("washout", left, round(max(scale.middle(zero) - left, 0), 1)))
            marks += _points("dot", [done], scale)
        if last is not None:
            marks += [mark for mark in _points("tick", [last], scale) if mark.shape == "tick"]
        yield plan.protocol.dates[name].title, washout_lane(done, last), tuple(marks)
