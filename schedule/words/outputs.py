"""What the files of a revision are called: titles of pages, names and descriptions of calendars."""

from collections.abc import Mapping
from datetime import datetime

from schedule.model.notation import spell
from schedule.model.plan import Plan
from schedule.words.alerts import banner, first_heading
from schedule.words.dates import day_zero_of

TITLES: Mapping[str, str] = {
    "sheets.html": "Day sheets",
    "go.html": "Go or no-go",
    "overview.html": "Overview",
    "deadlines.html": "Deadlines",
    "patient.html": "Your calendar",
    "index.html": "Schedule",
    "everything.html": "Everything",
    "change.html": "Change notice",
    "today.html": "Today's sheet",
}
"""The title of each page, by its file's name."""


def calendar_name(plan: Plan) -> str:
    """The name of a patient's calendar: code, protocol, revision, and the first alert."""
    return f"{plan.case.code} {_plan_in_short(plan)}"


def donor_calendar_name(plan: Plan) -> str:
    """The name of the donor's own calendar."""
    return f"Donor of {plan.case.code} {_plan_in_short(plan)}"


def _plan_in_short(plan: Plan) -> str:
    heading = first_heading(plan)
    return f"{plan.protocol.id} revision {plan.revision}{f' - {heading}' if heading else ''}"


def calendar_description(plan: Plan, when: datetime) -> str:
    """What a calendar says of itself: whose, from which revision, day 0 and the banner. `when` is UTC."""
    site_name = f", {plan.site.name}" if plan.site.name else ""
    return (
        f"{plan.case.code}{site_name}: revision {plan.revision} of {spell(when.date())} {when:%H:%M} UTC. "
        f"{plan.protocol.zero.capitalize()} {day_zero_of(plan)}. {banner(plan) or ''}"
    ).strip()


def changes_name(plan: Plan) -> str:
    """The name of the file that holds the changed entries alone."""
    return f"{plan.case.code} changes of revision {plan.revision}"


def changes_description(plan: Plan) -> str:
    """What the file of changed entries says of itself."""
    return f"What changed in revision {plan.revision}."
