"""What a calendar shows: each dated event, deadline and screening window, with the revision it dates from.

An entry that shows what it showed is carried over whole, so that it keeps its bytes and no calendar is told of a change
that is none. What vanishes stays, cancelled: an entry that is simply gone from a file stays in the calendars that have
it. What happened stands where it happened.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Literal

from msgspec.structs import replace

from schedule.engine.day_names import is_off_its_label, label_of
from schedule.engine.site_days import last_working_day
from schedule.model.case import CalendarChoice
from schedule.model.dates import add_minutes
from schedule.model.entries import Asked, Entry, EntryKind, EntryMark, MadeFrom, Subject, TaskLine, mark_of
from schedule.model.ids import WARNING_ID, WITHOUT_DATE_ID, due_entry_id, tasks_entry_id
from schedule.model.moment import is_by
from schedule.model.plan import E, Event, F, Finding, ListedPlan, Plan
from schedule.model.protocol import Category, KnownDate
from schedule.model.reasons.alerts import AlertKind
from schedule.model.reasons.findings import TitledEvent
from schedule.model.timing import Point
from schedule.model.titles import Title

KINDS: dict[Category, EntryKind] = {
    "treatment": "Treatment", "test": "Test", "visit": "Visit", "milestone": "Milestone",
}  # fmt: skip
UNSTATED = 15
"""Minutes that an entry takes in the calendar where nobody has stated its end: a strict server refuses one without an
end, and every program would invent another."""
FAR = 400
"""How many days before its last day a window's last working day is looked for."""


def entries_of(plan: Plan, when: datetime, known: Collection[str] = ()) -> tuple[Entry, ...]:
    """The plan's entries as of its own revision, made at `when` (UTC), earliest first. `known` are the ids that a
    calendar may have from before: a date that was asked for and has come stands there as done."""
    made = made_from(plan, when)
    warning = mark_of(tuple(alert.kind for alert in plan.alerts))
    found = [_of_event(plan, event, made, warning) for event in plan.events]
    asked = open_points(plan)
    found += [_of_open(plan, plan.protocol.dates[name], finding, made, warning) for name, finding in asked.items()]
    came = (one for name, one in plan.protocol.dates.items() if name not in asked and due_entry_id(name) in known)
    found += [_of_come(plan, one, made) for one in came if plan.case.dates.get(one.name)]
    found += _warnings(plan, made, warning)
    if plan.site.calendar.tasks == "daily":
        found += _of_tasks(plan, made)
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.start is not None, entry.start or when, entry.id)))


def in_calendar(entry: Entry, choice: CalendarChoice) -> bool:
    """Whether a calendar of a site that has chosen so shows the entry: not every one that is there is shown."""
    match entry.kind:
        case "Site task":
            return choice.tasks == "each" or (choice.tasks == "daily" and bool(entry.tasks))
        case "Deadline" | "Screening window":
            return choice.windows != "none"
        case _:
            return True


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


def _counted(plan: Plan, made: MadeFrom, cycle: int) -> MadeFrom:
    """The same of what a later cycle counts from: day 0 of that cycle."""
    later = plan.standing.cycles.get(cycle) if plan.standing else None
    return replace(made, cycle=cycle, day_zero=later.day_zero) if later is not None else made


def _of_event(plan: Plan, event: Event, made: MadeFrom, warning: EntryMark | None) -> Entry:
    kind: EntryKind = "Site task" if event.task else "Donor" if event.donor else KINDS[event.category]
    activity = plan.protocol.activities.get(event.activity)
    mark = _mark_of(event, warning)
    is_ahead = mark is None or mark in ("violated", "to-decide")
    start, end, stated = _span(plan, event)
    return Entry(
        id=event.id,
        kind=kind,
        subject=Subject(
            mark=mark,
            label=event.label,
            off=plan.standing is not None and is_off_its_label(plan, event),
            title=event.title,
            short=activity.short if activity else "",
            partly=mark == "given" and event.record is not None and event.record.partly,
        ),
        first=event.on,
        last=event.last_date or event.on,
        start=start,
        end=end,
        end_stated=stated,
        alarm=plan.site.alarm if is_ahead and event.category != "milestone" else None,
        since=plan.revision,
        changed=made.when,
        made=_counted(plan, made, event.cycle),
        donor=event.donor,
        event=event,
    )


def _mark_of(event: Event, warning: EntryMark | None) -> EntryMark | None:
    match event.status:
        case "planned":
            return warning
        case "unconfirmed":
            return None
        case "held":
            return "held" if event.category == "treatment" and not event.task else "not-done"
        case "given" | "done" | "cancelled" as status:
            return status


def _span(plan: Plan, event: Event) -> tuple[datetime | None, datetime | None, bool]:
    """From when to when it stands in a calendar, in UTC, and whether somebody has stated the end."""
    if event.start is None:
        return None, None, True
    start = event.start.astimezone(UTC)
    if event.end is not None and event.lasts:
        return start, event.end.astimezone(UTC), True
    length = plan.site.lengths.get(event.activity)
    return start, add_minutes(start, length or UNSTATED), length is not None


def _of_open(plan: Plan, known: KnownDate, finding: Finding, made: MadeFrom, warning: EntryMark | None) -> Entry:
    """A date that must still come: one entry on its last day, or over all its days where the site wants that."""
    earliest, latest = finding.asked
    assert finding.latest is not None and latest is not None
    is_window = known.test and finding.earliest is not None
    spans = is_window and plan.site.calendar.windows == "span"
    first = finding.earliest if spans and finding.earliest else finding.latest
    since = max(finding.earliest or date.min, date.fromordinal(finding.latest.toordinal() - FAR))
    return Entry(
        id=due_entry_id(known.name),
        kind="Screening window" if is_window else "Deadline",
        subject=Subject(
            mark=warning,
            title=Title(text=known.title),
            short=known.short,
            asked="due" if finding.status == "due" else "to repeat",
        ),
        first=first,
        last=finding.latest,
        start=None,
        end=None,
        alarm=None,
        since=plan.revision,
        changed=made.when,
        made=_counted(plan, made, finding.cycle),
        asked=Asked(
            basis=finding.basis,
            aim=finding.aim,
            flags=finding.flags,
            first=earliest,
            last=latest,
            last_working=last_working_day(plan.site, since, finding.latest),
        ),
    )


def _of_come(plan: Plan, known: KnownDate, made: MadeFrom) -> Entry:
    """A date that was asked for and has come: done on its day, or still ahead."""
    came = max(plan.case.moments_of(known.name), key=lambda moment: (moment.on, moment.wall))
    start = came.at.astimezone(UTC) if came.at is not None else None
    now = plan.as_of.replace(tzinfo=plan.site.zone or UTC)
    return Entry(
        id=due_entry_id(known.name),
        kind="Test" if known.test else "Milestone",
        subject=Subject(mark="done" if is_by(came, now) else None, title=Title(text=known.title), short=known.short),
        first=came.on,
        last=came.on,
        start=start,
        end=add_minutes(start, UNSTATED) if start else None,
        end_stated=start is None,
        alarm=None,
        since=plan.revision,
        changed=made.when,
        made=made,
    )


def _warnings(plan: Plan, made: MadeFrom, warning: EntryMark | None) -> list[Entry]:
    """The warning that marks the entries, once in full, on day 0 of the cycle in hand; and that something has no date,
    so no entry."""
    if plan.standing is None or plan.standing.cancelled:
        return []
    kinds = [alert.kind for alert in plan.alerts]
    marking = next((kind for kind in kinds if warning and mark_of((kind,)) == warning), None)
    found: dict[str, AlertKind | None] = {
        WARNING_ID: marking,
        WITHOUT_DATE_ID: "without-date" if "without-date" in kinds else None,
    }
    counted = _counted(plan, made, plan.standing.in_hand)
    on = counted.day_zero.on if counted.day_zero is not None else plan.standing.day_zero.on
    return [
        Entry(
            id=name,
            kind="Milestone",
            subject=Subject(mark=warning if kind == marking else None, label=label_of(plan, on), alert=kind),
            first=on,
            last=on,
            start=None,
            end=None,
            alarm=None,
            since=plan.revision,
            changed=made.when,
            made=counted,
        )
        for name, kind in found.items()
        if kind is not None
    ]


def _of_tasks(plan: Plan, made: MadeFrom) -> list[Entry]:
    """The site's tasks, those of a day in one entry; its identity is the date's, and its text changes."""
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in plan.events:
        if event.task:
            by_day[event.on].append(event)
    found = []
    for day, events in by_day.items():
        lines = (
            TaskLine(title=event.title.text, start=event.when if event.start else None, mark=_mark_of(event, None))
            for event in sorted(events, key=lambda event: (event.start is not None, event.in_order, event.id))
        )
        mark: EntryMark | None = "cancelled" if all(event.status == "cancelled" for event in events) else None
        found.append(
            Entry(
                id=tasks_entry_id(day),
                kind="Site task",
                subject=Subject(mark=mark, label=label_of(plan, day)),
                first=day,
                last=day,
                start=None,
                end=None,
                alarm=None,
                since=plan.revision,
                changed=made.when,
                made=made,
                tasks=tuple(lines),
            )
        )
    return found


def open_points(plan: ListedPlan[E, F]) -> dict[str, F]:
    """The known dates that must still come by some day, each with the first finding about it: several rules about one
    point show the same window. A test to be repeated is one of them."""
    found: dict[str, F] = {}
    if plan.standing is not None and plan.standing.cancelled:
        return found
    for finding in plan.findings:
        asked = finding.status == "due" or (finding.status == "violated" and finding.repeat is not None)
        known = plan.protocol.date_at(finding.point)
        if asked and known is not None and finding.latest is not None:
            found.setdefault(known.name, finding)
    return found


def due_findings(plan: ListedPlan[E, F]) -> list[tuple[F, tuple[str, ...]]]:
    """The open points that have a last day, soonest first: the first finding about each, and all rules that ask for it.

    Several rules about one point show the same window; it is listed once. An occurrence that is due in its window is in
    the schedule, and not here. Of a cancelled plan nothing is due.
    """
    if plan.standing is not None and plan.standing.cancelled:
        return []
    by_point: dict[Point | str, list[F]] = defaultdict(list)
    for finding in plan.findings:
        if finding.status == "due" and finding.latest is not None and not isinstance(finding.title, TitledEvent):
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


CalendarChange = Literal["none", "recorded", "ahead"]
SETTLED: tuple[EntryMark, ...] = ("given", "done", "held", "not-done")


def changes_in_calendar(before: Plan, after: Plan, today: date) -> CalendarChange:
    """What of all that a calendar shows an act changes that made one plan of the other: only how things of today and
    before are recorded, or anything else, which a calendar that does not move would go on showing."""
    when = datetime.min.replace(tzinfo=UTC)
    old = entries_of(before, when)
    known = {entry.id for entry in old}
    was, now = ({e.id: e for e in entries if in_calendar(e, after.site.calendar)} for entries in (
        old, entries_of(after, when, known),
    ))  # fmt: skip
    pairs = [(was.get(name), now.get(name)) for name in {**was, **now}]
    changed = [pair for pair in pairs if pair[0] is None or pair[1] is None or pair[0].shows != pair[1].shows]
    if not changed:
        return "none"
    recorded = all(one and other and one.last <= today and other.mark in SETTLED for one, other in changed)
    return "recorded" if recorded else "ahead"


def with_since(plan: Plan, since: Mapping[str, int]) -> Plan:
    """The plan with each event's `since`: the revision by the event's id."""
    events = (
        event if event.since == since[event.id] else replace(event, since=since[event.id]) for event in plan.events
    )
    return replace(plan, events=tuple(events))
