"""Every file of a revision, by name."""

from collections.abc import Iterable
from datetime import datetime

from schedule.model.ids import donor_calendar_id
from schedule.model.notation import spell
from schedule.model.plan import Entry, Plan
from schedule.model.text import to_json
from schedule.output.data import plan_csv, plan_values
from schedule.output.html import pages
from schedule.output.ics import calendar
from schedule.words.alerts import banner, first_heading
from schedule.words.dates import day_zero_of


def calendar_of(plan: Plan, entries: Iterable[Entry], when: datetime) -> bytes:
    """A patient's calendar, named by code, protocol and revision."""
    return calendar(
        entries, schedule_id=plan.schedule_id, name=f"{plan.case.code} {_title_of(plan)}",
        description=_description_of(plan, when),
    )  # fmt: skip


def donor_calendar_of(plan: Plan, entries: Iterable[Entry], when: datetime) -> bytes | None:
    """The donor's days alone, as a calendar of its own; None where the donor has none."""
    donors = [entry for entry in entries if entry.donor]
    if not donors:
        return None
    return calendar(
        donors, schedule_id=plan.schedule_id, calendar_id=donor_calendar_id(plan.schedule_id),
        name=f"Donor of {plan.case.code} {_title_of(plan)}", description=_description_of(plan, when),
    )  # fmt: skip


def _title_of(plan: Plan) -> str:
    heading = first_heading(plan)
    return f"{plan.protocol.id} revision {plan.revision}{f' - {heading}' if heading else ''}"


def _description_of(plan: Plan, when: datetime) -> str:
    site_name = f", {plan.site.name}" if plan.site.name else ""
    return (
        f"{plan.case.code}{site_name}: revision {plan.revision} of {spell(when.date())} {when:%H:%M} UTC. "
        f"{plan.protocol.zero.capitalize()} {day_zero_of(plan)}. {banner(plan) or ''}"
    ).strip()


def output_files(plan: Plan, entries: Iterable[Entry], when: datetime) -> dict[str, bytes]:
    """Every file of a revision, by name."""
    entries = tuple(entries)
    donors = donor_calendar_of(plan, entries, when)
    return {
        "calendar.ics": calendar_of(plan, entries, when),
        **({"donor.ics": donors} if donors is not None else {}),
        "plan.json": to_json(plan_values(plan)).encode(),
        "plan.csv": plan_csv(plan).encode(),
        **{name: page.encode() for name, page in pages(plan, when).items()},
    }
