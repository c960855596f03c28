"""What a date is called in a patient's plan."""

from datetime import date

from schedule.engine.cycles import cycle_starts
from schedule.model.notation import DayLabel, day_number
from schedule.model.plan import Dates, Plan, Standing
from schedule.model.protocol import Protocol
from schedule.model.timing import BASES


def day_name(protocol: Protocol, zero: date, dates: Dates, day: date) -> DayLabel:
    """What a day is called: `Day −5`; in a protocol with cycles `Cycle 2 Day 4`, and `Day 57` after the last."""
    plain = protocol.label((day - zero).days)
    starts = cycle_starts(protocol, zero, dates)
    begun = [(start, number) for number, start in starts.items() if start <= day]
    if not begun or protocol.cycles is None:
        return plain
    start, number = max(begun)
    into = (day - start).days
    if into >= protocol.cycles.length and number == max(starts):
        return plain
    return DayLabel(number=day_number(into, protocol.numbering), numbering=protocol.numbering, cycle=number)


def label_of(plan: Plan, day: date) -> DayLabel:
    """`Day −5`: what a date is called in this plan. A day on which something is settled keeps its planned name."""
    if plan.standing is None:
        raise ValueError("a plan without a day 0 has no sheets")
    return label_on(plan.standing, plan.protocol, plan.case.dates, day)


def label_on(standing: Standing, protocol: Protocol, dates: Dates, day: date) -> DayLabel:
    """The same, of where a patient stands, without a plan laid out."""
    for event in standing.settled if standing.begun else ():
        activity = protocol.activities.get(event.activity)
        own_clock = activity is not None and activity.base not in BASES
        if event.on == day and event.status != "cancelled" and event.category != "milestone" and not own_clock:
            return event.label
    return day_name(protocol, standing.day_zero.on, dates, day)
