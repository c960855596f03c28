"""What differs between two plans of one patient:
what moves, what stays, what must be repeated, which verdicts change.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC

from msgspec import Struct

from schedule.engine.settling import is_kept
from schedule.engine.undone import Undone, undone
from schedule.model.move import Person
from schedule.model.plan import Event, Finding, Plan, Undated
from schedule.model.reasons.findings import Repeat


class Moved(Struct, frozen=True, kw_only=True):
    """One event with its place before and after."""

    before: Event
    after: Event


class Changed(Struct, frozen=True, kw_only=True):
    """One finding before and after; `before` is None where there was none."""

    before: Finding | None
    after: Finding


class Difference(Struct, frozen=True, kw_only=True):
    """`stays` are the events that the last move left where they were, or that are recorded or past, `vanished` those
    now cancelled, in order of time.

    `recorded` are those of which a person has said, or taken back, when they were; if that is another time than before,
    they have not moved. `undated` are those that have lost their date.
    """

    stays: tuple[Event, ...]
    recorded: tuple[Moved, ...]
    moves: tuple[Moved, ...]
    undated: tuple[Undated, ...]
    added: tuple[Event, ...]
    vanished: tuple[Event, ...]
    repeats: tuple[Repeat, ...]
    findings: tuple[Changed, ...]
    undone: Undone

    @property
    def off_place(self) -> tuple[Finding, ...]:
        """What stays where it was, although its place in the schedule has moved."""
        return tuple(one.after for one in self.findings if is_kept(one.after))

    @property
    def verdicts(self) -> tuple[Changed, ...]:
        """The other findings that change."""
        return tuple(one for one in self.findings if not is_kept(one.after))

    @property
    def lays_out(self) -> bool:
        """Whether any date is another, new or gone."""
        return bool(self.moves or self.added or self.vanished or self.undated)

    @property
    def changes(self) -> bool:
        """Whether any date or verdict is another, beside what is recorded."""
        return bool(self.lays_out or self.verdicts or self.repeats)


def place(event: Event) -> tuple[object, ...]:
    """Where an event lies, to be compared: in UTC, because two moments of one zone compare by their wall times."""
    moments = (moment.astimezone(UTC) if moment is not None else None for moment in (event.start, event.end))
    return (event.on, event.last_date, *moments)


def differences(before: Plan, after: Plan) -> Difference:
    """What becomes of `before` in `after`."""
    old = {event.id: event for event in before.events if event.status != "cancelled"}
    new = {event.id: event for event in after.events if event.status != "cancelled"}
    fixed = after.standing.fixed if after.standing else frozenset()
    both = [Moved(before=old[event_id], after=event) for event_id, event in new.items() if event_id in old]
    said = {pair.after.id: pair for pair in both if _has_other_record(pair)}
    moves = tuple(p for p in both if place(p.before) != place(p.after) and p.after.id not in said)
    added = tuple(event for event_id, event in new.items() if event_id not in old)
    undated = tuple(one for one in after.undated if one.id in old)
    lost = {one.id for one in undated}
    vanished = tuple(event for event_id, event in old.items() if event_id not in new and event_id not in lost)
    return Difference(
        stays=tuple(event for event in new.values() if event.id in fixed or event.status != "planned"),
        recorded=tuple(said.values()),
        moves=moves,
        undated=undated,
        added=added,
        vanished=vanished,
        repeats=tuple(f.repeat for f in after.findings if f.status == "violated" and f.repeat is not None),
        findings=tuple(_verdicts(before, after)),
        undone=undone(
            before, after, (*(pair.after for pair in moves), *added), vanished, [pair.after for pair in said.values()]
        ),
    )


def _has_other_record(pair: Moved) -> bool:
    """Whether another time is recorded of it than before, or one for the first time, or none any more."""
    was, now = pair.before.actual, pair.after.actual
    return (was is None) != (now is None) or (was is not None and not was.is_same(now))


def _verdicts(before: Plan, after: Plan) -> Iterator[Changed]:
    """The findings that are new or have another status."""
    known = {(finding.ref, finding.point, finding.cycle): finding for finding in before.findings}
    for finding in after.findings:
        was = known.get((finding.ref, finding.point, finding.cycle))
        if was is None or was.status != finding.status:
            yield Changed(before=was, after=finding)


def who_must_be_told(difference: Difference, after: Plan, held: Iterable[Event] = ()) -> tuple[Person, ...]:
    """Who depends on what has moved or was held."""
    moved = [pair.after for pair in difference.moves] + list(difference.vanished) + list(difference.added)
    moved += held
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
