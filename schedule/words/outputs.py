"""What the files of a revision are called: titles of pages, names and descriptions of calendars, and what
the index says of each."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from schedule.model.notation import spell
from schedule.model.plan import Plan
from schedule.words.alerts import banner, first_heading
from schedule.words.dates import day_zero_of, zero_in_hand

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


def ward_title(day: date) -> str:
    """The title of the sheets of one day of the whole ward."""
    return f"Day sheets of the ward, {spell(day)}"


class OnIndex(NamedTuple):
    """Files that stand together on the index: the name of each with the words that lead to it, and what they hold."""

    links: tuple[tuple[str, str], ...]
    about: str


ON_INDEX = (
    OnIndex((("sheets.html", "Day sheets"),), "One page a day, to tick and sign"),
    OnIndex((("go.html", "Go / no-go"),), "What is open before lymphodepletion and before the cells"),
    OnIndex((("deadlines.html", "Deadlines"),), "What must be true or done by when, and why"),
    OnIndex((("overview.html", "Overview"),), "Timeline and month grids"),
    OnIndex((("patient.html", "For the patient"),), "Large print, plain words"),
    OnIndex((("calendar.ics", "Calendar"),), "For Outlook and others: doses, visits, tests and last days"),
    OnIndex((("donor.ics", "Donor's calendar"),), "The donor's days alone, for the donor centre"),
    OnIndex(
        (("plan.csv", "Table"), ("plan.json", "JSON")),
        "Every date for a spreadsheet; the whole plan for programs",
    ),
)
"""What the index leads to, in its order."""


def on_index(files: Collection[str]) -> tuple[OnIndex, ...]:
    """What the index says of these files of a revision; nothing of what there is not."""
    found = (one._replace(links=tuple(link for link in one.links if link[0] in files)) for one in ON_INDEX)
    return tuple(one for one in found if one.links)


def calendar_name(plan: Plan) -> str:
    """The name of a patient's calendar file: code, protocol, revision, and the first alert."""
    return f"{plan.case.code} {_plan_in_short(plan)}"


def donor_calendar_name(plan: Plan) -> str:
    """The name of the donor's own calendar: nothing of the patient's treatment."""
    return f"Donor of {plan.case.code} revision {plan.revision}"


def _plan_in_short(plan: Plan) -> str:
    heading = first_heading(plan)
    return f"{plan.protocol.id} revision {plan.revision}{f' - {heading}' if heading else ''}"


def feed_name(code: str) -> str:
    """The name of a patient's feed: constant, since a program reads it once."""
    return f"Dayzero {code}"


def calendar_description(plan: Plan, when: datetime, *, is_feed: bool = False) -> str:
    """What a calendar says of itself: whose, from which revision, day 0, what is left out, and the banner. `when` is
    UTC."""
    site_name = f", {plan.site.name}" if plan.site.name else ""
    whose = f"{plan.case.code}{site_name}: revision {plan.revision} of {spell_utc(when)}."
    zero = f"{zero_in_hand(plan).capitalize()} {day_zero_of(plan)}."
    parts = (as_of(when) if is_feed else "", whose, zero, left_out(plan), banner(plan))
    return " ".join(part for part in parts if part)


def as_of(when: datetime) -> str:
    """Up to when a feed is right: as long as it is fetched."""
    return f"As of {spell_utc(when)}: this calendar is current while it is updated."


def left_out(plan: Plan) -> str:
    """What stands on the sheets and in the tables, and not in the calendar; empty where that is nothing."""
    choice, found = plan.site.calendar, []
    tasks = sum(event.task for event in plan.events)
    if choice.tasks == "none" and tasks:
        found.append(f"the site's tasks ({tasks})")
    if choice.windows == "none":
        found.append("deadlines and screening windows")
    return f"Left out: {' and '.join(found)}; sheets and plan.csv have them." if found else ""


def donor_description(plan: Plan, when: datetime) -> str:
    """What the donor's calendar says of itself, with the heading of the first alert, and nothing of the treatment."""
    said = first_heading(plan)
    return f"Donor of {plan.case.code}: revision {plan.revision} of {spell_utc(when)}.{f' {said}.' if said else ''}"


def spell_utc(when: datetime) -> str:
    """`Tue 26-May-2026 12:00 UTC`."""
    return f"{spell(when.date())} {when:%H:%M} UTC"


def changes_name(plan: Plan) -> str:
    """The name of the file that holds the changed entries alone."""
    return f"{plan.case.code} changes of revision {plan.revision}"


def changes_description(plan: Plan) -> str:
    """What the file of changed entries says of itself."""
    return f"What changed in revision {plan.revision}."
