"""What keeps its date once an act is done, what is open again, and which number an occurrence gets."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from schedule.engine.begun import (
    Giving,
    any_given,
    by_course,
    clock_of,
    given_with,
    has_begun,
    is_day_zero,
    moves_with_day_zero,
)
from schedule.engine.plan import lay_out
from schedule.model.plan import Event, Plan, Record, Standing, standing_of


def settle(plan: Plan, records: Mapping[str, Record], as_of: datetime) -> tuple[Event, ...]:
    """The events that keep their dates from now on: recorded, due by `as_of`, or of a course that has begun.

    Until the infusion is recorded, the clock settles nothing that moves with day 0: nothing on day 0 or after it.
    What a begun course had settled is open again once every dose due is recorded held: the course has not begun.
    """
    standing, courses = standing_of(plan), by_course(plan)
    by_clock = {
        given for given, events in courses.items()
        if has_begun(events, records, as_of)
        and (standing.infused or not moves_with_day_zero(plan, events[0]) or any_given(events, records))
    }  # fmt: skip
    before = {event.id for event in standing.settled}
    called_off = {
        event.id for events in courses.values() if not has_begun(events, records, as_of) for event in events
        if event.status != "cancelled" and not standing.infused
    }  # fmt: skip

    def is_settled(event: Event) -> bool:
        if event.id in records or given_with(plan, event) in by_clock:
            return True
        if event.id in before and event.id not in called_off:
            return True
        waits = not standing.infused and event.on >= standing.day_zero.on and moves_with_day_zero(plan, event)
        return event.moment <= as_of and not waits

    return tuple(event for event in plan.events if not is_day_zero(plan, event) and is_settled(event))


def let_go(plan: Plan, standing: Standing, name: str) -> Standing:
    """The standing once a start date is another: what only the clock had settled of what is counted from it is open
    again. What is recorded stays, and so does the rest of a course of which something is recorded given."""
    given: set[Giving | None] = {
        given_with(plan, event) for event in plan.events
        if event.id in standing.records and standing.records[event.id].outcome != "held"
    }  # fmt: skip
    kept = (
        event for event in standing.settled
        if clock_of(plan, event) != name or event.id in standing.records or event.status == "cancelled"
        or given_with(plan, event) in given - {None}
    )  # fmt: skip
    standing = replace(standing, settled=tuple(kept))
    held = {
        event.id for event in plan.events
        if event.status == "held" and clock_of(plan, event) == name and given_with(plan, event) not in given - {None}
    }  # fmt: skip
    return renumber(plan, standing, lambda event: event.id in held)


def renumber(plan: Plan, standing: Standing, is_spent: Callable[[Event], bool]) -> Standing:
    """Give every settled occurrence that is spent (held, cancelled) a fresh number for when it is planned anew."""
    renumbered, settled = dict(standing.renumbered), {event.id: event for event in standing.settled}
    highest: dict[str, int] = defaultdict(int)
    for event in (*plan.events, *standing.settled):
        highest[event.activity] = max(highest[event.activity], event.number)
    for event in standing.settled:
        for ordinal in range(1, max(event.of, event.number) + 1):
            key = f"{event.activity}-{ordinal}"
            if f"{event.activity}-{renumbered.get(key, ordinal)}" == event.id and is_spent(settled[event.id]):
                highest[event.activity] += 1
                renumbered[key] = highest[event.activity]
    return replace(standing, renumbered=renumbered)


def with_vanished(before: Plan, after: Plan) -> Plan:
    """The plan with what is no longer in it as cancelled: its number is never used again."""
    now = {event.id for event in after.events}
    gone = [replace(event, status="cancelled") for event in before.events if event.id not in now]
    if not gone:
        return after
    standing = standing_of(after)
    return lay_out(
        after.protocol,
        after.site,
        after.case,
        after.as_of,
        revision=after.revision,
        schedule_id=after.schedule_id,
        standing=replace(standing, settled=(*standing.settled, *gone)),
    )
