"""Where an event lies, in words."""

from schedule.model.notation import spell_moment, spell_range
from schedule.model.plan import Event


def spell_place(event: Event) -> str:
    """Where an event lies, with its hour if it has one."""
    return spell_moment(event.start) if event.start else spell_range(event.on, event.last_date or event.on)
