"""The days of a plan as a calendar of days alone shows them: the study code and what each day is called, no more.

A date is known by itself, for ever. What it is called comes from the occurrences that stand on it, so that the day on
which a dose was given keeps its name when day 0 moves; and what it was called last is kept, never worked out again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec.structs import replace

from schedule.engine.day_names import is_off_its_label, label_of
from schedule.model.dates import add
from schedule.model.entries import ShownDay, mark_of
from schedule.model.plan import Event, Plan

LONGEST_SPAN = 60
"""A span of more days than this makes a sheet on its first and last day only; sheets between that exist show it."""


def shown_days(plan: Plan, when: datetime, before: Mapping[str, ShownDay]) -> dict[str, ShownDay]:
    """What each date on which a plan has anything is called, by the date, made at `when` (UTC); dates that have nothing
    any more stay, cancelled. A date that shows what it showed `before` keeps the revision that it dates from."""
    on: dict[date, list[Event]] = defaultdict(list)
    for event in plan.events:
        for day in days_of_span(event.on, event.last_date or event.on):
            on[day].append(event)
    found = {day.isoformat(): _of_day(plan, day, events, when) for day, events in sorted(on.items())}
    for name, was in before.items():
        there = found.get(name)
        if there is None:
            gone = replace(was, mark="cancelled", off=True, since=plan.revision, changed=when)
            found[name] = was if was.mark == "cancelled" else gone
        elif (there.label, there.off, there.mark) == (was.label, was.off, was.mark):
            found[name] = was
    return dict(sorted(found.items()))


def dated_anew(days: Mapping[str, ShownDay], revision: int, when: datetime) -> dict[str, ShownDay]:
    """The same days, all of them changed in this revision, made at `when` (UTC)."""
    return {day: replace(one, since=revision, changed=when) for day, one in days.items()}


def days_of_span(first: date, last: date) -> tuple[date, ...]:
    """The days of a span that have a sheet: each, or of a long one the first and the last."""
    if first == last:
        return (first,)
    length = (last - first).days + 1
    if length > LONGEST_SPAN:
        return first, last
    return tuple(add(first, number, "days", "clamp") for number in range(length))


def _of_day(plan: Plan, day: date, events: Iterable[Event], when: datetime) -> ShownDay:
    """By whose label a day is called: first a treatment of the patient's, last a task; with a start date of its own or
    within a span, none has a say."""
    first = min((event for event in events if event.on == day and not event.label.clock), key=_rank, default=None)
    statuses = {event.status for event in events}
    warning = mark_of(tuple(alert.kind for alert in plan.alerts)) if "planned" in statuses else None
    return ShownDay(
        label=first.label if first else label_of(plan, day),
        off=first is not None and is_off_its_label(plan, first),
        mark="cancelled" if statuses == {"cancelled"} else warning,
        since=plan.revision,
        changed=when,
    )


def _rank(event: Event) -> tuple[bool, bool, bool, str]:
    return event.task, event.donor, event.category != "treatment", event.id
