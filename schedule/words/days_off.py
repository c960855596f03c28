"""Why the site does not work on a day, in words."""

from schedule.model.notation import spell
from schedule.model.plan import Event
from schedule.model.reasons.days_off import Closed, DayOff, is_weekend


def closed_in_words(closed: Closed) -> str:
    """`Saturday`, `holiday`, `site closed`."""
    return "site closed" if closed == "closure" else closed


def closure_in_words(closed: Closed | None) -> str:
    """The same for a calendar that shows weekends: `holiday`, `site closed`, or nothing."""
    return "" if closed is None or is_weekend(closed) else closed_in_words(closed)


def day_off_in_words(off: DayOff) -> str:
    """`Saturday`, `holiday; working days in its window: Mon 06-Jul-2026`."""
    closed = closed_in_words(off.because)
    if off.instead is None:
        return closed
    days = ", ".join(spell(day) for day in off.instead)
    return f"{closed}; " + (f"working days in its window: {days}" if days else "no working day in its window")


def days_off_of(event: Event) -> tuple[str, ...]:
    """The days off that an event falls on, in words."""
    return tuple(day_off_in_words(off) for off in event.flags)
