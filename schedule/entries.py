"""What a calendar shows: each dated event, deadline and screening window, with the revision it dates from.

An entry whose start, end, title and status have not changed is carried over whole, so that it keeps its bytes and no
calendar is told of a change that is none. What vanishes stays, cancelled: an entry that is simply gone from a file
stays in the calendars that have it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from schedule.days import plural, spell, spell_moment, spell_range
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

    `alarm` is minutes before the start. `since` is the revision in which what it shows last changed, `changed` that
    revision's time.
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
    alarm: int | None
    since: int
    changed: datetime
    donor: bool = False

    @property
    def shows(self) -> tuple[object, ...]:
        """What makes the entry a changed one if it differs."""
        return self.title, self.first, self.last, self.start, self.end, self.cancelled, self.alarm

    def cancel(self, revision: int, when: datetime) -> "Entry":
        """The same entry, struck: Outlook ignores the status of an entry, so the title says it."""
        if self.cancelled:
            return self
        text = f"Cancelled in revision {revision}.\n{self.text}"
        return replace(self, title=f"CANCELLED: {self.title}", text=text, cancelled=True, since=revision, changed=when)


def entries_of(plan: Plan, when: datetime) -> tuple[Entry, ...]:
    """The plan's entries as of its own revision, made at `when`, earliest first."""
    found = [_of_event(plan, event, when) for event in plan.events]
    found += [_of_deadline(plan, point, finding, when) for point, finding in open_points(plan).items()]
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.start is not None, entry.start or when, entry.id)))


def open_points(plan: Plan) -> dict[str, Finding]:
    """The known dates that must still come by some day, each with the first finding about it: several rules about one
    point show the same window. A test to be repeated is one of them."""
    found: dict[str, Finding] = {}
    if plan.standing is not None and plan.standing.cancelled:
        return found
    for finding in plan.findings:
        asked = finding.status == "due" or (finding.status == "violated" and finding.repeat is not None)
        if asked and finding.point in plan.protocol.dates and finding.latest is not None:
            found.setdefault(finding.point, finding)
    return found


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
    events = (
        event if event.since == since[event.id] else replace(event, since=since[event.id]) for event in plan.events
    )
    return replace(plan, events=tuple(events))


def _head(plan: Plan) -> str:
    """The code, with the first words of the banner before it where there is one: the title is all that a month view shows."""
    return f"{plan.alerts[0][0]} - {plan.case.code}" if plan.alerts else plan.case.code


def _text(plan: Plan, when: datetime, *lines: str) -> str:
    zone = plan.site.zone.key if plan.site.zone else None
    made = f"{spell(when.date())} {when:%H:%M} UTC"
    return "\n".join(
        line
        for line in (
            plan.banner or "",
            *lines,
            f"{plan.protocol.zero.capitalize()} used: {plan.day_zero_in_words}" + (f" ({zone})." if zone else "."),
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
    head = _head(plan) if event.status == "planned" else plan.case.code
    head = f"CANCELLED: {plan.case.code}" if event.status == "cancelled" else head
    whose = " (donor)" if event.donor else ""
    flags = f"Falls on: {'; '.join(event.flags)}." if event.flags else ""
    window = f"Window: {spell_range(*event.window)}." if event.window else ""
    if event.tolerance:
        window = f"No more than {plural(event.tolerance, 'hours')} earlier or later."
    return Entry(
        id=event.id, kind=kind, title=f"{head}{whose} {event.label}: {event.title}", first=event.on,
        last=event.last_date or event.on, start=event.start.astimezone(UTC) if event.start else None,
        end=event.end.astimezone(UTC) if event.end else None,
        text=_text(plan, when, moment, f"{event.basis}.", window, flags), cancelled=event.status == "cancelled",
        alarm=None if event.category == "milestone" else plan.site.alarm, since=plan.revision, changed=when,
        donor=event.donor,
    )  # fmt: skip


def _of_deadline(plan: Plan, point: str, finding: Finding, when: datetime) -> Entry:
    assert finding.latest is not None
    known = plan.protocol.dates[point]
    is_window = known.test and finding.earliest is not None
    first = finding.earliest if is_window and finding.earliest else finding.latest
    aim = f"Aim: {spell_range(*finding.aim)}." if finding.aim else ""
    flags = f"{'; '.join(finding.flags)}." if finding.flags else ""
    return Entry(
        id=f"due/{point}", kind="Screening window" if is_window else "Deadline",
        title=f"{_head(plan)} {'due' if finding.status == 'due' else 'to be repeated'}: {known.title}, {spell_range(finding.earliest, finding.latest)}", first=first,
        last=finding.latest, start=None, end=None,
        text=_text(plan, when, finding.basis, aim, flags), cancelled=False, alarm=None,
        since=plan.revision, changed=when,
    )  # fmt: skip
