"""What a calendar shows: each dated event, deadline and screening window, with the revision it dates from.

An entry whose start, end, title and status have not changed is carried over whole, so that it keeps its bytes and no
calendar is told of a change that is none. What vanishes stays, cancelled: an entry that is simply gone from a file
stays in the calendars that have it.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

from schedule.model.plan import Entry, Finding, Plan
from schedule.model.timing import Point


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


def with_since(plan: Plan, entries: tuple[Entry, ...]) -> Plan:
    """The plan with each event's `since` as its entry has it."""
    since = {entry.id: entry.since for entry in entries}
    events = (
        event if event.since == since[event.id] else replace(event, since=since[event.id]) for event in plan.events
    )
    return replace(plan, events=tuple(events))
