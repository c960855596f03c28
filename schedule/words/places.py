"""When an event is, in words: the time that counts, and beside it what was planned, and its window."""

from schedule.model.notation import spell_clock, spell_moment, spell_range
from schedule.model.plan import AnyPlan, Event, ListedEvent
from schedule.words.dates import spell_day_zero, spell_moments
from schedule.words.statuses import status_in_words


def spell_place(event: ListedEvent) -> str:
    """Where an event lies, with its hour if it has one."""
    return spell_moment(event.start) if event.start else spell_range(event.on, event.last_date or event.on)


def spell_instant(event: Event) -> str:
    """The same with the offset from UTC: `Mon 15-Jun-2026 10:00 -0400`."""
    return spell_place(event) + (f" {event.start:%z}" if event.start else "")


def spell_planned(event: ListedEvent) -> str:
    """`planned Mon 06-Jul-2026`, or `planned 09:00` for another hour of the same date; empty where it lies as planned.

    What was planned without an hour has not moved by getting one.
    """
    planned = event.planned
    if planned is None or not lies_elsewhere(event):
        return ""
    if planned.at is not None and planned.on == event.on:
        return f"planned {spell_clock(planned.at)}"
    return f"planned {spell_day_zero(planned)}"


def lies_elsewhere(event: ListedEvent) -> bool:
    """Whether an event has another date than the planned one, or another hour where one was planned."""
    planned = event.planned
    if planned is None:
        return False
    return planned.on != event.on or (planned.at is not None and planned.instant != event.when.instant)


def spell_window(event: Event) -> str:
    """`Fri 03-Jul-2026 to Tue 07-Jul-2026`, `Mon 15-Jun-2026 13:00 to 15:00`: the window of an event, both ends
    included; empty where none is stated."""
    return spell_moments(event.earliest, event.latest) if event.earliest or event.latest else ""


def is_booked(event: ListedEvent) -> bool:
    """Whether it lies where a person has booked it."""
    return event.actual is None and event.booked is not None and event.booked.is_same(event.when)


def beside(plan: AnyPlan, event: ListedEvent) -> tuple[str, ...]:
    """What is told beside an event's date: `given on day +6`, `planned Sat 20-Jun-2026 20:00`. Nothing of what is
    planned and lies at its place; that it is held stands before its title."""
    day, said, now = _other_day(plan, event), _said(event), ""
    if day and is_booked(event):
        said = f"{said} for {day}"
    elif day and event.actual is not None and event.planned is not None and event.planned.on != event.on:
        said = f"{said} on {day}"
    elif day:
        now = f"now {day}"
    return tuple(text for text in (said, now, spell_planned(event)) if text)


def _said(event: ListedEvent) -> str:
    """What has become of it, in words; empty where it is planned, or held."""
    if event.status == "given" and event.record is not None and event.record.partly:
        return "given in part"
    if event.status in ("planned", "held"):
        return "booked" if is_booked(event) else ""
    return status_in_words(event.status)


def _other_day(plan: AnyPlan, event: ListedEvent) -> str:
    """`day +6`: how far its date lies from the day 0 of the cycle that its label names, where that names another
    day."""
    if plan.standing is None or event.label.clock or event.category == "milestone":
        return ""
    apart = (event.on - plan.standing.of(event.label.cycle or event.cycle).day_zero.on).days
    return "" if plan.protocol.number(apart) == event.day else plan.protocol.label(apart).within
