"""Plan -> lanes: one for an activity, a screening window or a washout, in three groups, each with its marks on days.

What happened is filled, what is planned is hollow, what was held is crossed; nothing is said by colour.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from schedule.model.dates import add
from schedule.model.plan import Event, Finding, Plan
from schedule.model.timing import KnownDatePoint
from schedule.words import timeline as words
from schedule.words.plan import zero_of
from schedule.words.titles import short

LaneGroup = Literal["before", "treatment", "after"]
GROUPS: tuple[LaneGroup, ...] = ("before", "treatment", "after")
Shape = Literal[
    "given", "planned", "not-recorded", "held", "cells", "cells-given", "test", "test-done", "flag", "bar", "bar-given",
    "last", "window", "washout", "last-allowed", "was",
]  # fmt: skip
"""What a mark looks like. `last` is the last dose of something before the trial, `was` the date that a thing had before
day 0 moved."""


class Mark(Struct, frozen=True, kw_only=True):
    """One mark of a lane, on a day, or from the first to the last of several, both included."""

    shape: Shape
    first: date
    last: date


class Lane(Struct, frozen=True, kw_only=True):
    """One thing over time: its name, how often it is, the date told beside it, all that its marks say in words, and the
    marks, those underneath first."""

    group: LaneGroup
    name: str
    often: str
    when: str
    words: str
    marks: tuple[Mark, ...]


def on_day(shape: Shape, day: date) -> Mark:
    return Mark(shape=shape, first=day, last=day)


def lanes_of(plan: Plan, before: Iterable[Event] = ()) -> tuple[Lane, ...]:
    """Every lane, group after group, in the order in which they are read. `before` is where everything lay before day 0
    moved, if that is to be shown."""
    was = {event.id: event.on for event in before}
    found = (*_washouts(plan), *_windows(plan), *_activities(plan, was))
    return tuple(lane for group in GROUPS for lane in found if lane.group == group)


# Activities -----------------------------------------------------------------------------------------------------------


def _activities(plan: Plan, was: dict[str, date]) -> Iterator[Lane]:
    by_activity: dict[str, list[Event]] = defaultdict(list)
    for event in plan.events:
        if not event.task and event.status != "cancelled":
            by_activity[event.activity].append(event)
    order = list(plan.protocol.activities)
    for name in sorted(by_activity, key=lambda name: order.index(name) if name in order else len(order)):
        yield _activity(plan, name, by_activity[name], was)


def _activity(plan: Plan, name: str, events: list[Event], was: dict[str, date]) -> Lane:
    known = plan.protocol.activities.get(name)  # an amendment may have dropped it
    title, first = known.title if known else events[0].title.text, events[0]
    brief = known.short if known and known.short else short(title)
    marks = [on_day("was", was[event.id]) for event in events if event.id in was and was[event.id] != event.on]
    marks += [
        Mark(shape="window", first=event.earliest.on, last=event.latest.on)
        for event in events
        if event.earliest is not None and event.latest is not None and event.earliest.on != event.latest.on
        and event.actual is None
    ]  # fmt: skip
    marks += [_mark(plan, event) for event in events]
    days = [day for event in events for day in (event.on, event.last_date or event.on)]
    unit = first.title.numbered.unit if first.title.numbered else ""
    whose = words.donors if first.donor else str
    return Lane(
        group=_group(plan, events),
        name=whose(brief),
        often=words.how_often(len(events), unit),
        when=words.brief_date(first.on, zero_of(plan).year),
        words=words.activity_lane(whose(title), [(event.on, _said(event)) for event in events], max(days)),
        marks=tuple(marks),
    )


def _group(plan: Plan, events: Iterable[Event]) -> LaneGroup:
    events = list(events)
    if any(event.category == "treatment" for event in events):
        return "treatment"
    return "before" if all(event.on < zero_of(plan) for event in events) else "after"


def _said(event: Event) -> str:
    """What was recorded of an event, or that it is past and nothing was; empty where it is planned."""
    return "" if event.status == "planned" else event.status


def _mark(plan: Plan, event: Event) -> Mark:
    last = event.last_date or event.on
    return Mark(shape=_shape(plan, event), first=event.on, last=last)


def _shape(plan: Plan, event: Event) -> Shape:
    happened = event.status in ("given", "done")
    if event.status == "held":
        return "held"
    if event.last_date is not None and event.last_date > event.on:
        return "bar-given" if happened else "bar"
    if event.activity == plan.protocol.day_zero and event.number == 1:
        return "cells-given" if happened else "cells"
    if event.category == "milestone":
        return "flag"
    if event.category == "test":
        return "test-done" if happened else "not-recorded" if event.status == "unconfirmed" else "test"
    return "given" if happened else "not-recorded" if event.status == "unconfirmed" else "planned"


# Known dates ----------------------------------------------------------------------------------------------------------


def _points_of(plan: Plan, *, tests: bool) -> dict[str, list[Finding]]:
    """The findings about each known date of that kind that has anything to show, in the protocol's order; of a
    cancelled plan those of what was done, or is known."""
    found: dict[str, list[Finding]] = defaultdict(list)
    cancelled = _is_cancelled(plan)
    for one in plan.findings:
        if (
            isinstance(one.point, KnownDatePoint)
            and one.status not in ("not applicable", "not stated")
            and (one.actual or (one.latest and not cancelled))
        ):
            found[one.point.name].append(one)
    return {name: found[name] for name, known in plan.protocol.dates.items() if name in found and known.test == tests}


def _is_cancelled(plan: Plan) -> bool:
    return plan.standing is not None and plan.standing.cancelled


def _window(plan: Plan, findings: list[Finding]) -> tuple[date | None, date | None]:
    """What all the rules about one point leave of it; of a cancelled plan nothing is asked any more."""
    if _is_cancelled(plan):
        return None, None
    firsts = [f.earliest for f in findings if f.earliest is not None]
    lasts = [f.latest for f in findings if f.latest is not None]
    return (max(firsts) if firsts else None), (min(lasts) if lasts else None)


def _windows(plan: Plan) -> Iterator[Lane]:
    today, year = plan.as_of.date(), zero_of(plan).year
    for name, findings in _points_of(plan, tests=True).items():
        known, (first, last) = plan.protocol.dates[name], _window(plan, findings)
        days = sorted({f.actual for f in findings if f.actual is not None})
        done, planned = [day for day in days if day <= today], [day for day in days if day > today]
        due = any(f.status == "due" for f in findings)
        again = not _is_cancelled(plan) and any(f.status == "violated" and f.repeat is not None for f in findings)
        marks: list[Mark] = []
        if last is not None and (first is None or first <= last):
            marks.append(Mark(shape="window", first=first or date.min, last=last))
        marks += [on_day("test-done", day) for day in done] + [on_day("test", day) for day in planned]
        if (due or again) and last is not None and not planned:
            marks.append(on_day("test", last))
        when = words.due_by(last, year) if (due or again) and last else words.brief_date(days[-1], year) if days else ""
        yield Lane(
            group="before",
            name=words.to_repeat(known.short or short(known.title), again=again),
            often="",
            when=when,
            words=words.window_lane(known.title, done, planned, first, last, again=again),
            marks=tuple(marks),
        )


def _washouts(plan: Plan) -> Iterator[Lane]:
    zero = zero_of(plan)
    doses = [event.on for event in plan.events if event.category == "treatment" and not event.donor]
    begin = min([zero, *doses])
    for name, findings in _points_of(plan, tests=False).items():
        known, last = plan.protocol.dates[name], _window(plan, findings)[1]
        done = max((f.actual for f in findings if f.actual is not None), default=None)
        marks: list[Mark] = []
        if done is not None:
            if done < begin:
                marks.append(Mark(shape="washout", first=done, last=add(begin, -1, "days", "clamp")))
            marks.append(on_day("last", done))
        if last is not None:
            marks.append(on_day("last-allowed", last))
        yield Lane(
            group="before",
            name=known.short or short(known.title),
            often="",
            when=words.brief_date(done, zero.year) if done else words.due_by(last, zero.year) if last else "",
            words=words.washout_lane(known.title, done, last),
            marks=tuple(marks),
        )
