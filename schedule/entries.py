"""What a calendar shows: each dated event, deadline and screening window, with the revision it dates from.

An entry whose start, end, title and status have not changed is carried over whole, so that it keeps its bytes and no
calendar is told of a change that is none. What vanishes stays, cancelled: an entry that is simply gone from a file
stays in the calendars that have it.
"""

from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from schedule.days import spell, spell_moment, spell_range
from schedule.events import Event
from schedule.plan import Plan
from schedule.verdicts import Finding

Kind = Literal[
    "Treatment", "Test", "Visit", "Milestone", "Donor", "Site task", "Deadline", "Screening window"
]  # fmt: skip
CATEGORY_KINDS: dict[str, Kind] = {"treatment": "Treatment", "test": "Test", "visit": "Visit", "milestone": "Milestone"}

AID = "Schedule aid, not an order."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One calendar entry. `last` is included. `start` and `end` are UTC, None where untimed.

    `since` is the revision in which start, end, title or status last changed, `changed` that revision's time.
    """

    id: str
    kind: Kind
    title: str
    first: date
    last: date
    start: datetime | None
    end: datetime | None
    text: str
    cancelled: bool
    since: int
    changed: datetime

    @property
    def shows(self) -> tuple[object, ...]:
        """What makes the entry a changed one if it differs."""
        return self.title, self.first, self.last, self.start, self.end, self.cancelled

    def cancel(self, revision: int, when: datetime) -> "Entry":
        """The same entry, struck: Outlook ignores the status of an entry, so the title says it."""
        if self.cancelled:
            return self
        text = f"Cancelled in revision {revision}.\n{self.text}"
        return replace(self, title=f"CANCELLED: {self.title}", text=text, cancelled=True, since=revision, changed=when)


def entries_of(plan: Plan, when: datetime) -> tuple[Entry, ...]:
    """The plan's entries as of its own revision, made at `when`, earliest first."""
    found = [_of_event(plan, event, when) for event in plan.events]
    open_points: dict[str, Finding] = {}
    for finding in plan.findings:
        if finding.status == "due" and finding.point in plan.protocol.dates and finding.latest is not None:
            open_points.setdefault(finding.point, finding)
    found += [_of_deadline(plan, finding, when) for finding in open_points.values()]
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.start is not None, entry.start or when, entry.id)))


def carry(previous: tuple[Entry, ...], current: tuple[Entry, ...], revision: int, when: datetime) -> tuple[Entry, ...]:
    """The entries of a new revision: unchanged ones as they were, vanished ones cancelled."""
    before = {entry.id: entry for entry in previous}
    kept = [before[e.id] if e.id in before and before[e.id].shows == e.shows else e for e in current]
    now = {entry.id for entry in current}
    gone = [entry.cancel(revision, when) for entry in previous if entry.id not in now]
    return tuple([*kept, *gone])


def with_since(plan: Plan, entries: tuple[Entry, ...]) -> Plan:
    """The plan with each event's `since` as its entry has it."""
    since = {entry.id: entry.since for entry in entries}
    events = (event if event.since == since[event.id] else replace(event, since=since[event.id]) for event in plan.events)
    return replace(plan, events=tuple(events))


def _head(plan: Plan) -> str:
    return f"NOT ALLOWED AS PLANNED - {plan.case.code}" if plan.banner else plan.case.code


def _text(plan: Plan, when: datetime, *lines: str) -> str:
    zone = plan.site.zone.key if plan.site.zone else None
    made = f"{spell(when.date())} {when:%H:%M} UTC"
    return "\n".join(
        line
        for line in (
            plan.banner or "",
            *lines,
            f"Day 0 used: {plan.day_zero_in_words}" + (f" ({zone})." if zone else "."),
            f"Protocol {plan.protocol.id}, {plan.protocol.version}.",
            f"Dates from revision {plan.revision} of {made}; superseded if there is a newer one. {AID}",
        )
        if line
    )


def _of_event(plan: Plan, event: Event, when: datetime) -> Entry:
    kind: Kind = CATEGORY_KINDS[event.category]
    kind = "Site task" if event.task else "Donor" if event.donor else kind
    moment = ""
    if event.start is not None and event.end is not None and plan.site.zone is not None:
        until = f" to {event.end:%H:%M}" if event.end != event.start else ""
        moment = f"{spell_moment(event.start)}{until}, local time in {plan.site.zone.key}."
    whose = " (donor)" if event.donor else ""
    flags = f"Falls on: {'; '.join(event.flags)}." if event.flags else ""
    window = f"Window: {spell_range(*event.window)}." if event.window else ""
    return Entry(
        id=event.id, kind=kind, title=f"{_head(plan)}{whose} {event.label}: {event.title}", first=event.on,
        last=event.last_date or event.on, start=event.start.astimezone(UTC) if event.start else None,
        end=event.end.astimezone(UTC) if event.end else None,
        text=_text(plan, when, moment, f"{event.basis}.", window, flags), cancelled=event.status == "cancelled",
        since=plan.revision, changed=when,
    )  # fmt: skip


def _of_deadline(plan: Plan, finding: Finding, when: datetime) -> Entry:
    assert finding.point is not None and finding.latest is not None
    known = plan.protocol.dates[finding.point]
    is_window = known.test and finding.earliest is not None
    first = finding.earliest if is_window and finding.earliest else finding.latest
    aim = f"Aim: {spell_range(*finding.aim)}, which survives a delay of 2 days." if finding.aim else ""
    flags = f"{'; '.join(finding.flags)}." if finding.flags else ""
    return Entry(
        id=f"due-{finding.point}", kind="Screening window" if is_window else "Deadline",
        title=f"{_head(plan)} due: {known.title}, {spell_range(finding.earliest, finding.latest)}", first=first,
        last=finding.latest, start=None, end=None,
        text=_text(plan, when, finding.basis, aim, flags), cancelled=False,
        since=plan.revision, changed=when,
    )  # fmt: skip


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """An entry as plain values for a revision's manifest."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(entry).items()}


def entry_from_json(data: dict[str, Any]) -> Entry:
    """The entry that `entry_to_json` wrote. ValueError or KeyError if it is none."""
    values = {field.name: data[field.name] for field in fields(Entry)}
    for key in ("first", "last"):
        values[key] = date.fromisoformat(values[key])
    for key in ("start", "end", "changed"):
        values[key] = datetime.fromisoformat(values[key]) if values[key] else None
    return Entry(**values)
