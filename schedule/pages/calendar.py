"""What a calendar entry says: its title and its text."""

from datetime import UTC, datetime

from schedule.engine.entries import open_points
from schedule.model.plan import Entry, EntryKind, Event, Finding, Plan, Subject
from schedule.model.titles import Title
from schedule.words import calendar as words
from schedule.words.alerts import banner, first_heading
from schedule.words.basis import basis_of
from schedule.words.days_off import days_off_of
from schedule.words.findings import finding_basis, finding_flags
from schedule.words.titles import full_title

CATEGORY_KINDS: dict[str, EntryKind] = {
    "treatment": "Treatment",
    "test": "Test",
    "visit": "Visit",
    "milestone": "Milestone",
}


def entries_of(plan: Plan, when: datetime) -> tuple[Entry, ...]:
    """The plan's entries as of its own revision, made at `when`, earliest first."""
    found = [_of_event(plan, event, when) for event in plan.events]
    found += [_of_deadline(plan, point, finding, when) for point, finding in open_points(plan).items()]
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.start is not None, entry.start or when, entry.id)))


def _head(plan: Plan) -> str:
    """The code, with the first words of the banner before it where there is one: the title is all that a month view shows."""
    head = first_heading(plan)
    return f"{head} - {plan.case.code}" if head else plan.case.code


def _text(plan: Plan, when: datetime, *lines: str) -> str:
    return "\n".join(line for line in (banner(plan) or "", *lines, *words.last_lines(plan, when)) if line)


def _of_event(plan: Plan, event: Event, when: datetime) -> Entry:
    kind: EntryKind = CATEGORY_KINDS[event.category]
    kind = "Site task" if event.task else "Donor" if event.donor else kind
    moment = ""
    if event.start is not None and event.end is not None and plan.site.zone is not None:
        moment = words.local_time(event.start, event.end, plan.site.zone.key)
    alert = plan.alerts[0].kind if plan.alerts and event.status == "planned" else None
    head = _head(plan) if event.status == "planned" else plan.case.code
    head = words.cancelled_title(plan.case.code) if event.status == "cancelled" else head
    flags = words.falls_on(days_off_of(event)) if event.flags else ""
    window = words.window_of(*event.window) if event.window else ""
    if event.tolerance:
        window = words.within_hours(event.tolerance)
    return Entry(
        id=event.id, kind=kind, subject=Subject(alert=alert, label=event.label, title=event.title), title=words.event_title(head, str(event.label), full_title(event.title), donor=event.donor),
        first=event.on, last=event.last_date or event.on, start=event.start.astimezone(UTC) if event.start else None,
        end=event.end.astimezone(UTC) if event.end else None,
        text=_text(plan, when, moment, f"{basis_of(event, plan.protocol.zero)}.", window, flags), cancelled=event.status == "cancelled",
        alarm=None if event.category == "milestone" else plan.site.alarm, since=plan.revision, changed=when,
        donor=event.donor,
    )  # fmt: skip


def _of_deadline(plan: Plan, point: str, finding: Finding, when: datetime) -> Entry:
    assert finding.latest is not None
    known = plan.protocol.dates[point]
    is_window = known.test and finding.earliest is not None
    first = finding.earliest if is_window and finding.earliest else finding.latest
    aim = words.aim_at(*finding.aim) if finding.aim else ""
    flags = f"{'; '.join(finding_flags(finding))}." if finding.flags else ""
    subject = Subject(
        alert=plan.alerts[0].kind if plan.alerts else None, title=Title(text=known.title),
        asked="due" if finding.status == "due" else "to repeat", earliest=finding.earliest,
    )  # fmt: skip
    return Entry(
        id=f"due/{point}", kind="Screening window" if is_window else "Deadline", subject=subject,
        title=words.open_title(_head(plan), known.title, finding.earliest, finding.latest, again=finding.status != "due"),
        first=first, last=finding.latest, start=None, end=None,
        text=_text(plan, when, finding_basis(finding, plan.protocol.zero), aim, flags), cancelled=False, alarm=None,
        since=plan.revision, changed=when,
    )  # fmt: skip
