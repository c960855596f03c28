"""A day's label beside an event: no label stands on two dates without the word `planned`."""

from schedule.engine.day_names import is_off_its_label
from schedule.model.notation import NO_BREAK
from schedule.model.plan import Event, Plan


def label_told(plan: Plan, event: Event) -> str:
    """`Day −3`; `planned Day −3` where the event stands on a date that is called otherwise."""
    return f"planned{NO_BREAK}{event.label}" if is_off_its_label(plan, event) else str(event.label)
