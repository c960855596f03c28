"""What a calendar shows: each dated event, deadline and screening window, with the revision it dates from.

An entry whose start, end, title and status have not changed is carried over whole, so that it keeps its bytes and no
calendar is told of a change that is none. What vanishes stays, cancelled: an entry that is simply gone from a file
stays in the calendars that have it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from schedule.model.entries import Asked, Entry, EntryKind, MadeFrom, Subject
from schedule.model.plan import Event, Finding, Plan
from schedule.model.protocol import Category
from schedule.model.timing import Point
from schedule.model.titles import Title

KINDS: dict[Category, EntryKind] = {
    "treatment": "Treatment", "test": "Test", "visit": "Visit", "milestone": "Milestone",
}  # fmt: skip


def entries_of(plan: Plan, when: datetime) -> tuple[Entry, ...]:
    """The plan's entries as of its own revision, made at `when` (UTC), earliest first."""
    made = made_from(plan, when)
    found = [_of_event(plan, event, made) for event in plan.events]
    found += [_of_deadline(plan, point, finding, made) for point, finding in open_points(plan).items()]
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.start is not None, entry.start or when, entry.id)))


def made_from(plan: Plan, when: datetime) -> MadeFrom:
    """What every entry of a revision says of it."""
    protocol, zone = plan.protocol, plan.site.zone
    return MadeFrom(
        code=plan.case.code,
        revision=plan.revision,
        when=when,
        zero=protocol.zero,
        day_zero=plan.standing.day_zero if plan.standing else None,
        zone=zone.key if zone else None,
        protocol=protocol.id,
        version=protocol.version,
        alerts=plan.alerts,
    )


def _of_event(plan: Plan, event: Event, made: MadeFrom) -> Entry:
    kind: EntryKind = "Site task" if event.task else "Donor" if event.donor else KINDS[event.category]
    alert = plan.alerts[0].kind if plan.alerts and event.status == "planned" else None
    return Entry(
        id=event.id,
        kind=kind,
        subject=Subject(alert=alert, label=event.label, title=event.title),
        first=event.on,
        last=event.last_date or event.on,
        start=event.start.astimezone(UTC) if event.start else None,
        end=event.end.astimezone(UTC) if event.end else None,
        cancelled=event.status == "cancelled",
        alarm=None if event.category == "milestone" else plan.site.alarm,
        since=plan.revision,
        changed=made.when,
        made=made,
        donor=event.donor,
        event=event,
    )


def _of_deadline(plan: Plan, point: str, finding: Finding, made: MadeFrom) -> Entry:
    assert finding.latest is not None
    known = plan.protocol.dates[point]
    is_window = known.test and finding.earliest is not None
    subject = Subject(
        alert=plan.alerts[0].kind if plan.alerts else None,
        title=Title(text=known.title),
        asked="due" if finding.status == "due" else "to repeat",
        earliest=finding.earliest,
    )
    return Entry(
        id=f"due/{point}",
        kind="Screening window" if is_window else "Deadline",
        subject=subject,
        first=finding.earliest if is_window and finding.earliest else finding.latest,
        last=finding.latest,
        start=None,
        end=None,
        cancelled=False,
        alarm=None,
        since=plan.revision,
        changed=made.when,
        made=made,
        asked=Asked(basis=finding.basis, aim=finding.aim, flags=finding.flags),
    )


def open_points(plan: Plan) -> dict[str, Finding]:
    """The known dates that must still come by some day, each with the first finding about it: several rules about one
    point show the same window. A test to be repeated is one of them."""
    found: dict[str, Finding] = {}
    if plan.standing is not None and plan.standing.cancelled:
        return found
    for finding in plan.findings:
        asked = finding.status == "due" or (finding.status == "violated" and finding.repeat is not None)
        known = plan.protocol.date_at(finding.point)
        if asked and known is not None and finding.latest is not None:
            found.setdefault(known.name, finding)
    return found


def due_findings(plan: Plan) -> list[tuple[Finding, tuple[str, ...]]]:
    """The open points that have a last day, soonest first: the first finding about each, and all rules that ask for it.

    Several rules about one point show the same window; it is listed once.
    """
    by_point: dict[Point | str, list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        if finding.status == "due" and finding.latest is not None:
            by_point[finding.point or finding.ref].append(finding)
    found = [(group[0], tuple(dict.fromkeys(one.ref for one in group))) for group in by_point.values()]
    return sorted(found, key=lambda pair: (pair[0].latest or date.max, pair[0].ref))


def carry(previous: tuple[Entry, ...], current: tuple[Entry, ...], revision: int, when: datetime) -> tuple[Entry, ...]:
    """The entries of a new revision: unchanged ones as they were, vanished ones cancelled."""
    before = {entry.id: entry for entry in previous}
    kept = [before[e.id] if e.id in before and before[e.id].shows == e.shows else e for e in current]
    now = {entry.id for entry in current}
    gone = [entry.cancel(revision, when) for entry in previous if entry.id not in now]
    return tuple([*kept, *gone])


def with_since(plan: Plan, since: Mapping[str, int]) -> Plan:
    """The plan with each event's `since`: the revision by the event's id."""
    events = (
        event if event.since == since[event.id] else replace(event, since=since[event.id]) for event in plan.events
    )
    return replace(plan, events=tuple(events))
