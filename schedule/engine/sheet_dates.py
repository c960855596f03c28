"""Which days of a patient have a day sheet, and what stands on one: for the sheets, and for whoever counts them."""

from datetime import date, time

from schedule.engine.entries import due_findings
from schedule.engine.shown_days import days_of_span
from schedule.model.plan import AnyPlan, E, F, ListedEvent, ListedPlan


def events_of(plan: ListedPlan[E, F], *, donor: bool) -> list[E]:
    """What the patient has, or the donor, in order of time; nothing cancelled."""
    return [event for event in plan.events if event.donor == donor and event.status != "cancelled"]


def is_span(event: ListedEvent) -> bool:
    """Whether it lasts for several days, each of which shows it."""
    return event.last_date is not None and event.last_date > event.on


def goes_over_midnight(event: ListedEvent) -> bool:
    """Whether a block ends on a day after its start; one that ends at midnight, or is held, does not."""
    if event.start is None or event.end is None or event.status == "held":
        return False
    days = (event.end.date() - event.start.date()).days
    return days > 1 or (days == 1 and event.end.time() > time.min)


def days_with_a_sheet(plan: AnyPlan, *, donor: bool) -> list[date]:
    """The days of the patient's, or of the donor's, in order, on which there is anything: what begins or lasts then, a
    block that goes on over midnight, the last day of what is due."""
    events = events_of(plan, donor=donor)
    days = {day for event in events for day in days_of_span(event.on, event.last_date or event.on)}
    days |= {event.end.date() for event in events if goes_over_midnight(event) and event.end is not None}
    if not donor:
        days |= {finding.latest for finding, _ in due_findings(plan) if finding.latest is not None}
    return sorted(days)
