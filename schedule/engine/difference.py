"""What differs between two plans of one patient:
what moves, what stays, what must be repeated, which verdicts change.
"""

from dataclasses import dataclass
from datetime import UTC

from schedule.model.plan import Event, Finding, Person, Plan
from schedule.model.reasons.findings import Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One event with its place before and after."""

    before: Event
    after: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One finding before and after; `before` is None where there was none."""

    before: Finding | None
    after: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`stays` are the settled events, `vanished` those now cancelled, in order of time."""

    stays: tuple[Event, ...]
    moves: tuple[Moved, ...]
    added: tuple[Event, ...]
    vanished: tuple[Event, ...]
    repeats: tuple[Repeat, ...]
    findings: tuple[Changed, ...]


def place(event: Event) -> tuple[object, ...]:
    """Where an event lies, to be compared: in UTC, because two moments of one zone compare by their wall times."""
    moments = (moment.astimezone(UTC) if moment is not None else None for moment in (event.start, event.end))
    return (event.on, event.last_date, *moments)


def differences(before: Plan, after: Plan) -> Difference:
    """What becomes of `before` in `after`."""
    old = {event.id: event for event in before.events if event.status != "cancelled"}
    new = {event.id: event for event in after.events if event.status != "cancelled"}
    settled = {event.id for event in after.standing.settled} if after.standing else set()
    both = [(old[event_id], event) for event_id, event in new.items() if event_id in old]
    verdicts = {(finding.ref, finding.point): finding for finding in before.findings}
    changed = []
    for finding in after.findings:
        was = verdicts.get((finding.ref, finding.point))
        if was is None or was.status != finding.status:
            changed.append(Changed(before=was, after=finding))
    return Difference(
        stays=tuple(event for event in new.values() if event.id in settled),
        moves=tuple(Moved(before=was, after=now) for was, now in both if place(was) != place(now)),
        added=tuple(event for event_id, event in new.items() if event_id not in old),
        vanished=tuple(event for event_id, event in old.items() if event_id not in new),
        repeats=tuple(f.repeat for f in after.findings if f.status == "violated" and f.repeat is not None),
        findings=tuple(changed),
    )


def who_must_be_told(difference: Difference, after: Plan, held: Event | None = None) -> tuple[Person, ...]:
    """Who depends on what has moved or was held."""
    moved = [pair.after for pair in difference.moves] + list(difference.vanished) + list(difference.added)
    moved += [held] if held is not None else []
    if not moved and not difference.repeats:
        return ()
    tell: list[Person] = ["principal investigator", "nurses", "coordinator", "patient"]
    if any(event.verify for event in moved):
        tell.append("pharmacy")
    if any(event.activity == after.protocol.day_zero for event in moved):
        tell.append("cell laboratory")
    if any(event.donor for event in moved) or any(e.donor and e.status == "unconfirmed" for e in difference.stays):
        tell.append("donor")
    if any(event.category == "test" for event in moved) or difference.repeats:
        tell.append("laboratory")
    return tuple(tell)
