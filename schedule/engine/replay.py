"""The plan after all of a patient's moves, laid out move by move: each with the texts and the zone it was made with,
and with all facts known today."""

from datetime import datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from msgspec import Struct, field
from msgspec.structs import replace

from schedule.engine.laid import Laid
from schedule.engine.laying import Laying
from schedule.engine.places import Spot, Text
from schedule.engine.slots import Facts, slot_at
from schedule.engine.turns import (
    DayZeroMoved,
    FirstPlan,
    LeaderRecorded,
    MovesAndFacts,
    Turn,
    told,
    told_since,
)
from schedule.engine.untouched import keep_events
from schedule.model.acts import Cause, Move, Note, Restore
from schedule.model.history import History, Step
from schedule.model.moment import Moment
from schedule.model.records import PartlyCompared
from schedule.model.sizes import WHOLES

LAST = 10**9
ZERO_MOVES = Move | Note | Restore
"""Acts that tell no more of what was: the plan before them stays as it was laid out."""
_known: "WeakKeyDictionary[History, Replayed]" = WeakKeyDictionary()


class Replayed(Struct, frozen=True):
    """What a history gives: the plan after its last move, without and with the bookings and records of today; and, once
    somebody has asked, what was `booked` by the facts of whoever asked last, since a further move may know others."""

    bare: Laid
    laid: Laid
    told: MovesAndFacts
    booked: list[Laid] = field(default_factory=list)

    def before(self, facts: Facts) -> Laid:
        """The plan that a move of day 0 is laid out upon: the same for each with the same facts."""
        found = next((one for one in self.booked if one.facts == facts), None)
        if found is None:
            found = with_bookings(self.bare, facts)
            self.booked[:] = [found]
        return found


def replay(history: History, before: History | None = None) -> Laid:
    """The plan that a history gives; worked out once for each. `before` is a beginning of it, where one is known: moves
    of day 0 since are then laid out upon what that gives, and what tells nothing leaves it as it is."""
    if history not in _known:
        known = _known.get(before) if before is not None else None
        since = _since(history, before) if before is not None else ()
        if known is not None and all(isinstance(step.deed, Note | Restore) for step in since):
            _known[history] = known
        else:
            stays = known if all(isinstance(step.deed, ZERO_MOVES) for step in since) else None
            moves = told(history) if stays is None or before is None else told_since(stays.told, before, since)
            _known[history] = found = _replayed(moves, stays)
            if known is not None:
                keep_events(known.laid, found.laid)
    return _known[history].laid


def carry_on(history: History, before: History) -> None:
    """Lay a history out upon a beginning of it, where that is laid out and stays as it is; else leave it for whoever
    asks."""
    if before in _known and all(isinstance(step.deed, ZERO_MOVES) for step in _since(history, before)):
        replay(history, before)


def _since(history: History, before: History) -> tuple[Step, ...]:
    return history.steps[len(before.steps) :]


def remember(history: History, same: History) -> None:
    """That a history gives what another gives: the same acts with more places numbered."""
    _known[history] = _known[same]


def _replayed(found: MovesAndFacts, known: Replayed | None) -> Replayed:
    first = _first_plan(found)
    if first is not None:
        laid, whole = (_laid_first(first).like(first.facts) for _ in range(2))
    else:
        laid = _laid_in_order(found) if known is None else _laid_upon(known, found)
        whole = _with_recorded(with_bookings(laid, found.facts(len(found.turns) - 1, LAST)))
    whole.moments = tuple(turn.now for turn in found.turns)
    whole.cancelled = found.cancelled and found.cancelled.replace(tzinfo=whole.where)
    return Replayed(laid, whole, found)


class _FirstPlan(PartlyCompared, frozen=True, eq=False):
    """A first plan of a patient of whom nothing is recorded or booked: equal to that of another patient where day 0 and
    every date that days are counted from are the same, down to the offsets of their hours."""

    not_compared = frozenset({"turn", "facts"})

    text: Text
    to: tuple[Moment, bool]
    starts: tuple[tuple[str, object, tuple[str, ...]], ...]
    turn: Turn
    facts: Facts


def _first_plan(found: MovesAndFacts) -> _FirstPlan | None:
    """The first plan, where it is all that there is."""
    turn, facts = found.turns[0], found.facts(0, LAST)
    if len(found.turns) > 1 or facts.records or facts.bookings or not isinstance(turn.what, FirstPlan):
        return None
    to, case = turn.what.to, facts.case
    starts = tuple(
        (name, case.dates.get(name), tuple(map(repr, case.hours.get(name, ())))) for name in turn.text.starts
    )
    return _FirstPlan(turn.text, (to, to.pinned), starts, turn, facts)


@lru_cache(maxsize=WHOLES)
def _laid_first(first: _FirstPlan) -> Laid:
    return Laying(first.turn, first.facts, None, None).lay_out()


def _laid_in_order(found: MovesAndFacts) -> Laid:
    """The plan after the last turn, each laid out upon the one before it."""
    before: list[Laid | None] = []  # the plan before each turn
    laid: Laid | None = None
    for number, turn in enumerate(found.turns):
        before.append(laid and with_bookings(laid, found.facts(number - 1, turn.step)))
        old = before[-1]
        first = before[turn.what.first] if isinstance(turn.what, LeaderRecorded) else old
        laid = Laying(turn, found.facts(number, turn.step), old, first).lay_out()
    assert laid is not None
    return laid


def _laid_upon(known: Replayed, found: MovesAndFacts) -> Laid:
    """The plan after the last turn, where all turns since those that are known are moves of day 0."""
    laid = known.bare
    for number, turn in enumerate(found.turns[len(known.laid.moments) :], len(known.laid.moments)):
        facts = found.facts(number - 1, turn.step)
        old = known.before(facts) if laid is known.bare else with_bookings(laid, facts)
        laid = Laying(turn, found.facts(number, turn.step), old, old).lay_out()
    return laid


def moved(laid: Laid, cycle: int, to: Moment, cause: Cause, now: datetime) -> Laid:
    """The plan if day 0 of a cycle moved there as of that moment, an aware datetime of its zone; nothing is kept."""
    what = DayZeroMoved(to=to, cause=cause, cycle=cycle, repeat=False)
    turn = Turn(step=LAST, now=now, text=laid.text, what=what)
    return _with_recorded(Laying(turn, laid.facts, laid, laid).lay_out())


def with_bookings(laid: Laid, facts: Facts) -> Laid:
    """The same plan with the bookings made since. Booking a held occurrence plans it again under another number."""
    new = laid.copy(facts)
    for place in sorted(facts.bookings, key=lambda place: place.turn):
        if place in new.slots or not place.turn:
            continue
        earlier = [other for other in new.slots if other.root == place.root and other.turn < place.turn]
        last = max(earlier, key=lambda other: other.turn, default=None)
        if last is not None and new.is_held(last):
            slot = new.slots[last]
            new.slots[last] = replace(slot, replaced=True)
            new.slots[place] = replace(slot, place=place, fixed=False, kept=None, replaced=False)
    return new


def _with_recorded(laid: Laid) -> Laid:
    """What has a record never leaves the plan: where its place was taken away, it stays for its record."""
    for place in laid.records:
        activity = laid.text.activities.get(place.activity)
        if place in laid.slots or activity is None:
            continue
        spots = (spot for spot in laid.text.spots.get(activity.id, ()) if spot.text == place.spot)
        slot = slot_at(laid.text, place, next(spots, Spot(base=activity.base)))
        last = laid.gone.get(place)
        kept = None if laid.is_given(place) else (last and last.planned(place)) or laid.recorded(place)
        laid.slots[place] = replace(slot, fixed=True, kept=kept)
    return laid
