"""What a date is called in a patient's plan, counted from day 0 as it now stands; and where an event's label, which
names its place in the schedule, is another."""

from collections.abc import Mapping
from datetime import date

from schedule.model.dates import add
from schedule.model.notation import DayLabel, day_number, day_offset
from schedule.model.plan import AnyPlan, Dates, ListedEvent, Standing, standing_of
from schedule.model.protocol import Protocol


def label_of(plan: AnyPlan, day: date) -> DayLabel:
    """`Day −5`: what a date is called in this plan; no two dates are called the same."""
    return label_on(standing_of(plan), plan.protocol, day, starts_early(plan))


def starts_early(plan: AnyPlan) -> Mapping[int, date]:
    """From when on dates are called by a later cycle before its first day: from the earliest place that it has there,
    or the earliest treatment that is given there."""
    found: dict[int, date] = {}
    for event in plan.events if plan.protocol.cycles else ():
        cycle, number = event.label.cycle, event.label.number
        start = _cycle_start(standing_of(plan), plan.protocol, cycle) if cycle and number < 0 else None
        if start is not None:
            place = add(start, day_offset(number, event.label.numbering), "days", "clamp")
            on = min(place, event.on) if event.category == "treatment" else place
            found[cycle] = min(on, found.get(cycle, on))
    return found


def label_on(standing: Standing, protocol: Protocol, day: date, early: Mapping[int, date]) -> DayLabel:
    """The same, of where a patient stands, without a plan laid out: `Day −5`; in a protocol with cycles
    `Cycle 2 Day 4`, and `Day 57` after the last. `early`: from when on a cycle's name holds before its first day."""
    plain = protocol.label((day - standing.day_zero.on).days)
    if protocol.cycles is None:
        return plain
    starts = _cycle_starts(standing, protocol)
    begun = [(start, number) for number, start in starts.items() if min(start, early.get(number, start)) <= day]
    if not begun:
        return plain
    start, number = max(begun)
    into = (day - start).days
    if into >= protocol.cycles.length and number == max(starts):
        return plain
    return DayLabel(number=day_number(into, protocol.numbering), numbering=protocol.numbering, cycle=number)


def _cycle_starts(standing: Standing, protocol: Protocol) -> Mapping[int, date]:
    """The first day of each cycle that is given."""
    found = {number: _cycle_start(standing, protocol, number) for number in (1, *standing.cycles)}
    return {number: start for number, start in found.items() if start is not None}


def _cycle_start(standing: Standing, protocol: Protocol, number: int) -> date | None:
    """The first day of a cycle; None where it is not given."""
    if number != 1 and number not in standing.cycles:
        return None
    return add(standing.of(number).day_zero.on, -protocol.origin, "days", "clamp")


def is_off_its_label(plan: AnyPlan, event: ListedEvent) -> bool:
    """Whether an event's date is called otherwise than its label, so that the label names a planned day only."""
    if not event.label.clock:
        start = _cycle_start(standing_of(plan), plan.protocol, event.label.cycle or 1)
        return start is None or (event.on - start).days != day_offset(event.label.number, event.label.numbering)
    started = _start_of(event.label, plan.protocol, plan.case.dates)
    if started is None:
        return event.planned is not None and event.planned.on != event.on
    return day_number((event.on - started).days, event.label.numbering) != event.label.number


def _start_of(label: DayLabel, protocol: Protocol, dates: Dates) -> date | None:
    """The patient's start date that a label counts from; None where it is not known."""
    names = [name for name, known in protocol.dates.items() if known.title == label.clock]
    found = [day for name in names for day in dates.get(name, ())]
    return found[-1] if found else None
