"""What a change leaves to be asked about or seen to, and what neither a single date nor a verdict shows: what has come
to lie in the past, what may be given already, what is planned again, and what is missing where things no longer move
together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise

from msgspec import Struct

from schedule.engine.laid import Laid
from schedule.engine.places import place_from
from schedule.engine.replay import replay
from schedule.engine.slots import Made
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.moment import is_earlier, is_past
from schedule.model.plan import Event, Plan
from schedule.model.reasons.wall_times import WallTimeFault


class TwoEvents(Struct, frozen=True, kw_only=True):
    """Two events that are told together; which is which says the place where they stand."""

    one: Event
    other: Event


class CameApart(Struct, frozen=True, kw_only=True):
    """Two occurrences of one activity that were on two days in a row, as the schedule has it, and are no more: the last
    before the hole and the first after it; `moved` is that of the two which has moved."""

    one: Event
    other: Event
    moved: Event


class Turned(Struct, frozen=True, kw_only=True):
    """A move of day 0 that is now of another kind than it was, because of what was recorded since."""

    was: Made
    now: Made


class Undone(Struct, frozen=True, kw_only=True):
    """`past` was laid at or before as-of: was it done? `today` was for that day, without an hour, and has moved: was it
    given already? `again` was held, and is planned again: is it still needed?

    `holes` are days in a row that have come apart; `twice` two days of the schedule that now share a date; `bare` doses
    whose day no longer has what was done on it, and that; `early` what lies before that from which it is counted, and
    that. `hanging` is counted from something of which everything is held now, and one of that. `dropped` are
    treatments that are no longer planned, since the cells are given: were they given? `turned` are moves that were
    another kind of move.
    """

    past: tuple[Event, ...] = ()
    today: tuple[TwoEvents, ...] = ()
    again: tuple[TwoEvents, ...] = ()
    holes: tuple[CameApart, ...] = ()
    twice: tuple[TwoEvents, ...] = ()
    bare: tuple[TwoEvents, ...] = ()
    early: tuple[TwoEvents, ...] = ()
    hanging: tuple[TwoEvents, ...] = ()
    dropped: tuple[Event, ...] = ()
    turned: tuple[Turned, ...] = ()


def undone(
    before: Plan, after: Plan, moved: Iterable[Event], vanished: Iterable[Event], recorded: Collection[Event]
) -> Undone:
    """What is left by what has `moved` or is new, what has `vanished`, and what was `recorded`, between two plans."""
    if before.history is None or after.history is None:
        return Undone()
    old = {event.id: event for event in before.events if event.status != "cancelled"}
    new = {event.id: event for event in after.events if event.status != "cancelled"}
    laid, was = replay(after.history), replay(before.history)
    now = after.as_of.replace(tzinfo=after.site.zone or UTC)
    moving = [event for event in moved if event.category != "milestone"]
    shifted = {event.id for event in moving}
    laid_anew = shifted | set(_that_follow(after, laid, {event.id for event in recorded}))
    infused = any(event.activity == after.protocol.day_zero and event.actual is not None for event in recorded)
    return Undone(
        past=tuple(e for e in new.values() if e.id in laid_anew and _is_open(e) and is_past(e.when, now)),
        today=tuple(_was_today(old, moving, now)),
        again=tuple(_again(after, laid, old, new)),
        holes=tuple(_holes(old, new, shifted)),
        twice=tuple(pair for pair in _twice(old, new) if shifted & {pair.one.id, pair.other.id}),
        bare=tuple(pair for pair in _bare(old, new, now.date()) if pair.other.id in shifted),
        early=tuple(_early(_followers(after, laid, new), _followers(before, was, old), shifted)),
        hanging=tuple(_hanging(_all_held(after, laid, new), _all_held(before, was, old))),
        dropped=tuple(event for event in vanished if infused and event.category == "treatment" and not event.donor),
        turned=tuple(
            Turned(was=one, now=other) for one, other in zip(was.moves, laid.moves, strict=False)
            if one.kind != other.kind
        ),
    )  # fmt: skip


def _is_open(event: Event) -> bool:
    """Whether nothing is recorded of it, and it is still to be done."""
    return event.status in ("planned", "unconfirmed")


def _was_today(old: dict[str, Event], moving: Iterable[Event], now: datetime) -> Iterator[TwoEvents]:
    """What was for today without an hour, was not recorded, and is for a later day."""
    for event in moving:
        was = old.get(event.id)
        if was is not None and was.start is None and _is_open(event) and was.on == now.date() < event.on:
            yield TwoEvents(one=was, other=event)


def _ids(plan: Plan) -> dict[str, str]:
    """Event ids by the places' texts."""
    assert plan.history is not None
    return {text: f"{place_from(text).activity}-{number}" for text, number in plan.history.numbers.items()}


def _that_follow(plan: Plan, laid: Laid, leaders: set[str]) -> Iterator[str]:
    """The ids of what follows one of these events, milestones left out: a record of it lays them out."""
    ids = _ids(plan)
    for place, slot in laid.slots.items() if leaders else ():
        if slot.activity.category != "milestone" and any(ids.get(str(one)) in leaders for one in laid.followed(place)):
            yield ids[str(place)]


def _again(after: Plan, laid: Laid, old: dict[str, Event], new: dict[str, Event]) -> Iterator[TwoEvents]:
    """What was held, and what is planned in its place and was not before."""
    ids = _ids(after)
    for place, slot in laid.slots.items():
        held, again = new.get(ids.get(str(place), "")), ids.get(str(place.again), "")
        if slot.replaced and held is not None and again in new and again not in old:
            yield TwoEvents(one=held, other=new[again])


def _holes(old: dict[str, Event], new: dict[str, Event], shifted: set[str]) -> Iterator[CameApart]:
    """What was on two days in a row, as the schedule has it, and is no more, since one of the two has moved. A day on
    which it was held, and which is planned again, is no hole."""
    for before, other in _neighbours(new.values()):
        held = (e for e in new.values() if e.replaced and e.activity == other.activity and before.on < e.on < other.on)
        one = max(held, key=lambda event: event.on, default=before)
        moved = next((event for event in (other, before) if event.id in shifted), None)
        was = old.get(before.id), old.get(other.id)
        came_apart = was[0] is None or was[1] is None or (was[1].on - was[0].on).days <= 1
        if moved is not None and (other.on - one.on).days > 1 and came_apart:
            yield CameApart(one=one, other=other, moved=moved)


def _twice(old: dict[str, Event], new: dict[str, Event]) -> Iterator[TwoEvents]:
    """What the schedule has on two days, and is now on one date, and was not before."""
    for one, other in _neighbours(new.values()):
        was = old.get(one.id), old.get(other.id)
        together = was[0] is not None and was[1] is not None and was[0].on == was[1].on
        if one.on == other.on and not together:
            yield TwoEvents(one=one, other=other)


def _neighbours(events: Iterable[Event]) -> Iterator[tuple[Event, Event]]:
    """Occurrences of one activity whose days follow each other in the schedule."""
    found: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in events:
        if not event.replaced and event.last_date is None:
            found[event.activity, event.cycle].append(event)
    for group in found.values():
        yield from ((a, b) for a, b in pairwise(sorted(group, key=lambda event: event.day)) if b.day - a.day == 1)


def _bare(old: dict[str, Event], new: dict[str, Event], today: date) -> Iterator[TwoEvents]:
    """The first dose still to be given on each day that it had before, and each test or task that left that day."""
    things = {(event.activity, event.donor, event.on) for event in new.values()}
    doses: dict[tuple[date, bool], Event] = {}
    for dose in new.values():
        was = old.get(dose.id)
        if dose.category == "treatment" and _is_open(dose) and was is not None and today <= dose.on == was.on:
            doses.setdefault((dose.on, dose.donor), dose)
    told = set()
    for event in old.values():
        beside = doses.get((event.on, event.donor)) if event.task or event.category == "test" else None
        place = event.activity, event.donor, event.on
        if beside is not None and event.id in new and place not in things and place not in told:
            told.add(place)
            yield TwoEvents(one=beside, other=event)


Following = tuple[Event, Event]
"""An event, and another that it follows."""


def _followers(plan: Plan, laid: Laid, events: dict[str, Event]) -> list[Following]:
    """What lies before that from which it is counted, and that; nothing held."""
    ids, found = _ids(plan), []
    for place in laid.slots:
        event = events.get(ids.get(str(place), ""))
        for other in laid.followed(place):
            leader = events.get(ids.get(str(other), ""))
            if event is None or leader is None or "held" in (event.status, leader.status):
                continue
            if is_earlier(event.when, leader.when):
                found.append((event, leader))
                break
    return found


def _all_held(plan: Plan, laid: Laid, events: dict[str, Event]) -> list[Following]:
    """What is still to be done and is counted from something of which everything is held, and one of that; not what is
    counted from an infusion, or from the dose before it."""
    ids, found = _ids(plan), []
    for place, slot in laid.slots.items():
        leader, event = laid.leader(place), events.get(ids.get(str(place), ""))
        if leader is None or event is None or not _is_open(event) or slot.spot.link > 0 or laid.is_infusion(leader):
            continue
        held = events.get(ids.get(str(leader), ""))
        if held is not None and laid.is_held(leader):
            found.append((event, held))
    return found


def _hanging(found: Iterable[Following], before: Iterable[Following]) -> Iterator[TwoEvents]:
    """Those of which that was not so before."""
    known = {event.id for event, _ in before}
    yield from (TwoEvents(one=event, other=held) for event, held in found if event.id not in known)


def _early(found: Iterable[Following], before: Iterable[Following], shifted: set[str]) -> Iterator[TwoEvents]:
    """Those that did not lie so before, where one of the two has moved."""
    known = {event.id for event, _ in before}
    for event, leader in found:
        if event.id not in known and shifted & {event.id, leader.id}:
            yield TwoEvents(one=event, other=leader)


def not_one_moment(before: Plan, after: Plan) -> Iterator[tuple[Event, WallTimeFault]]:
    """What keeps its wall time under another zone, whose clocks skip that time or show it twice, and why."""
    zone, old = after.site.zone, {event.id: event.start for event in before.events}
    for event in after.events:
        start, was = event.start, old.get(event.id)
        if zone is None or start is None or was is None or start.astimezone(UTC) == was.astimezone(UTC):
            continue
        try:
            at_wall_time(was.date(), was.time(), zone)
        except WallTimeError as error:
            yield event, error.fault


class GapToCells(Struct, frozen=True, kw_only=True):
    """The days from the last dose before the cells to day 0, and the doses that count: none held."""

    days: int
    doses: tuple[Event, ...]


def gaps_to_cells(plan: Plan) -> dict[int, GapToCells]:
    """The gap of each cycle that has such doses, by the cycle's number: 1 where the days count through."""
    events = {event.id: event for event in plan.events if event.status not in ("held", "cancelled")}
    found: dict[int, GapToCells] = {}
    for cycle, ids in plan.doses_before.items():
        doses = tuple(events[one] for one in ids if one in events)
        if doses and plan.standing is not None:
            zero = plan.standing.of(cycle).day_zero
            found[cycle] = GapToCells(days=(zero.on - max(dose.on for dose in doses)).days, doses=doses)
    return found
