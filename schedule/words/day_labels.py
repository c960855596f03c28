"""A day's label beside an event or a date: no label stands on two dates without the word `planned`."""

from datetime import date

from schedule.engine.day_names import is_off_its_label, label_of
from schedule.model.notation import NO_BREAK, DayLabel
from schedule.model.plan import AnyPlan, ListedEvent


def label_told(plan: AnyPlan, event: ListedEvent) -> str:
    """`Day −3`; `planned Day −3` where the event stands on a date that is called otherwise."""
    return told(event.label, off=is_off_its_label(plan, event))


def told(label: DayLabel, *, off: bool) -> str:
    """The same of a label alone; `off`: what it names stands on a date that is called otherwise."""
    return f"planned{NO_BREAK}{label}" if off else str(label)


def day_named(plan: AnyPlan, day: date) -> str:
    """What a day is called: `Day −3`; `planned Day −3` where what is on it keeps the day it was planned for."""
    there = (one for one in plan.events if one.on == day and not (one.donor or one.label.clock))
    kept = next((one for one in there if is_off_its_label(plan, one)), None)
    return label_told(plan, kept) if kept is not None else str(label_of(plan, day))
