"""The plan after all of a patient's moves, laid out move by move: each with the texts and the zone it was made with,
and with all facts known today.

At each move an occurrence is fixed, and keeps the planned time that it had before, where it was recorded given or done
by then, where its course had begun, or where it was past and followed nothing unrecorded. All else is laid out anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakKeyDictionary

from schedule.engine.begun import (
    first_dose,
    given_by,
    has_begun,
    is_fixed_by_clock,
    is_held_by,
    is_recorded_by,
    members,
    treatment_begun,
)
from schedule.engine.laid import Course, Facts, Laid, Made, Slot, slot_at
from schedule.engine.leaders import LeaderTurn, hangs_on
from schedule.engine.places import Place, Spot
from schedule.engine.redate import course_to_re_date, re_date
from schedule.engine.turns import (
    CourseReDated,
    DayZeroMoved,
    FirstPlan,
    HourAdded,
    LeaderRecorded,
    StartChanged,
    Told,
    Turn,
    told,
)
from schedule.model.acts import Cause
from schedule.model.case import NEVER
from schedule.model.dates import add
from schedule.model.history import History
from schedule.model.moment import Moment, in_zone, is_by, is_past
from schedule.model.protocol import cycle_name
from schedule.model.timing import BASES, KnownDatePoint

LAST = 10**9
_known: "WeakKeyDictionary[History, Replayed]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a history gives: the plan after its last move, without and with the bookings and records of today."""

    bare: Laid
    laid: Laid


def replay(history: History, before: History | None = None) -> Laid:
    """The plan that a history gives; worked out once for each. `before` is the history without its last act, where that
    is known: a move of day 0 is then laid out upon it."""
    if history not in _known:
        _known[history] = _replayed(told(history), _known.get(before) if before is not None else None)
    return _known[history].laid


def remember(history: History, same: History) -> None:
    """That a history gives what another gives: the same acts with more places numbered."""
    _known[history] = _known[same]


def _replayed(found: Told, known: Replayed | None) -> Replayed:
    last = found.turns[-1]
    if known is not None and isinstance(last.what, DayZeroMoved) and last.step == found.last:
        laid: Laid | None = _laid_upon(found, len(found.turns) - 1, known.bare, None)
    else:
        before: list[Laid | None] = []  # the plan before each turn
        laid = None
        for number in range(len(found.turns)):
            laid = _laid_upon(found, number, laid, before)
    assert laid is not None
    whole = _with_recorded(with_bookings(laid, found.facts(len(found.turns) - 1, LAST)))
    whole.cancelled = found.cancelled and found.cancelled.replace(tzinfo=whole.where)
    return Replayed(laid, whole)


def _laid_upon(found: Told, number: int, laid: Laid | None, before: list[Laid | None] | None) -> Laid:
    """The plan after the turn with that number, laid out upon the one before it. `before` are the plans before each
    earlier turn; this one's is added."""
    turn = found.turns[number]
    old = laid and with_bookings(laid, found.facts(number - 1, turn.step))
    first = old
    if before is not None:
        before.append(old)
        first = before[turn.what.first] if isinstance(turn.what, LeaderRecorded) else old
    return _Laying(turn, found.facts(number, turn.step), old, first).lay_out()


def moved(laid: Laid, cycle: int, to: Moment, cause: Cause, now: datetime) -> Laid:
    """The plan if day 0 of a cycle moved there as of that moment, an aware datetime of its zone; nothing is kept."""
    what = DayZeroMoved(to=to, cause=cause, cycle=cycle, repeat=False)
    turn = Turn(step=LAST, now=now, text=laid.text, what=what)
    return _with_recorded(_Laying(turn, laid.facts, laid, laid).lay_out())


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


class _Laying:
    """One move: the plan before it, that before the first record of its leader, and the new one. `then` is its moment
    as a wall time of the zone of the plan before it, where an amendment brings another."""

    def __init__(self, turn: Turn, facts: Facts, old: Laid | None, first: Laid | None) -> None:
        self.turn, self.old, self.first = turn, old, first
        self.now, self.text = turn.now, turn.text
        self.then = turn.now.replace(tzinfo=old.where) if old is not None else turn.now
        self.new = Laid(turn.text, facts)
        if old is not None:
            self.new.own, self.new.never, self.new.moves = dict(old.own), old.never, old.moves
        self.leader = LeaderTurn(turn, old, first, self.new) if isinstance(turn.what, LeaderRecorded) and old else None

    def lay_out(self) -> Laid:
        """The plan after the move."""
        self._set_zeros()
        for name in self._names():
            self.new.slots |= self._settled(name)
            if name == self.text.protocol.day_zero:
                self.new.memo.clear()
        if self.old is not None:
            lost = {place: self.old for place in self.old.slots if place not in self.new.slots}
            self.new.gone = {**self.old.gone, **lost}
        if isinstance(self.turn.what, CourseReDated) and self.old is not None:
            re_date(self.turn.what, self.old, self.new, self.now)
        return self.new

    def _names(self) -> list[str]:
        """The activities, leaders first; then those that are no longer in the text."""
        gone = [place.activity for place in self.old.slots] if self.old else []
        return list(dict.fromkeys([*self.text.order, *gone]))

    # Day 0 ------------------------------------------------------------------------------------------------------------

    def _set_zeros(self) -> None:
        """Where planned day 0 and day 0 of each cycle stand."""
        new, what = self.new, self.turn.what
        cycles = new.protocol.cycles
        count = cycles.count if cycles else 1
        match what:
            case FirstPlan(to=to):
                new.own[1] = (to, to)
            case DayZeroMoved():
                self._move(what)
            case HourAdded(to=to):
                assert self.old is not None
                there = self.old.stands[1].is_same(self.old.planned_zero[1])
                new.own[1] = (to, to if there else new.own[1][1])
            case _:
                pass
        for cycle in range(2, count + 1):
            begins = isinstance(what, StartChanged) and what.cycle == cycle
            if isinstance(what, FirstPlan) or begins:
                self._begin_cycle(cycle)
        last = 1
        for cycle in range(1, count + 1):
            self._set_zero(cycle, last)
            last = last if cycle in new.never else cycle

    def _set_zero(self, cycle: int, before: int) -> None:
        """Day 0 of one cycle: as somebody has set it; where it stood, once a course of a later cycle has begun; else so
        many days after that of the cycle before."""
        new, old = self.new, self.old
        if cycle in new.own:
            new.planned_zero[cycle], new.stands[cycle] = (new.here(one) for one in new.own[cycle])
        elif old is not None and cycle in old.stands and self._cycle_begun(cycle):
            kept = (in_zone(one, new.zone) for one in (old.planned_zero[cycle], old.stands[cycle]))
            new.planned_zero[cycle], new.stands[cycle] = kept
        else:
            assert new.protocol.cycles is not None
            days = new.protocol.cycles.length * (cycle - before)
            start = Moment(on=add(self._recorded_zero(before).on, days, "days", "clamp"))
            new.planned_zero[cycle] = new.stands[cycle] = start

    def _move(self, what: DayZeroMoved) -> None:
        """Day 0 moved by a slip, which leaves planned day 0 where it is, or by a re-plan."""
        new, old = self.new, self.old
        assert old is not None
        cycle = what.cycle or next((one for one in old.cycles if not old.is_infused(one)), 1)
        begun = not what.repeat and is_slip(old, cycle, what.to, self.then)
        planned = new.own[cycle][0] if cycle in new.own else Moment(on=old.planned_zero[cycle].on)
        new.own[cycle] = (planned if begun else what.to, what.to)
        made = Made(cycle=cycle, kind="slip" if begun else "re-plan", cause=what.cause, as_of=self.now)
        new.moves = (*new.moves, made)

    def _begin_cycle(self, cycle: int) -> None:
        """The first day of a later cycle as somebody has entered it; once a course of it has begun it stays."""
        new, name = self.new, cycle_name(cycle)
        dates = new.case.dates.get(name)
        if dates is None:
            return
        if dates == NEVER:
            new.never |= {cycle}
        elif self.old is None or not self._cycle_begun(cycle):
            new.never -= {cycle}
            zero = Moment(on=add(dates[-1], new.protocol.origin, "days", "clamp"))
            new.own[cycle] = (zero, zero)

    def _recorded_zero(self, cycle: int) -> Moment:
        """Day 0 of a cycle by the record of its infusion, else where it stands."""
        new = self.new
        for place in new.records:
            zero = place.activity == new.protocol.day_zero and place.in_cycle == cycle and new.is_given(place)
            spots = new.text.spots.get(place.activity, ())
            if zero and any(spot.is_zero and spot.text == place.spot for spot in spots):
                return new.recorded(place)
        return new.stands[cycle]

    def _cycle_begun(self, cycle: int) -> bool:
        """Whether a course of a later cycle has begun."""
        assert self.old is not None
        courses = {slot.course for slot in self.old.slots.values() if slot.course and slot.place.cycle == cycle}
        if self.leader is not None:
            return any(self.leader.has_begun(course) for course in courses)
        return any(has_begun(self.old, course, self.then) for course in courses)

    # Occurrences ------------------------------------------------------------------------------------------------------

    def _settled(self, name: str) -> dict[Place, Slot]:
        """What becomes of the occurrences of one activity: fixed, laid out anew, planned again, new or gone."""
        mine = {slot.place: slot for slot in self.places(name)}
        old = self.old
        if old is None:
            return mine
        theirs = [slot for slot in old.slots.values() if slot.place.activity == name]
        found: dict[Place, Slot] = {}
        for slot in theirs:
            found |= self._one(slot, mine.get(slot.place.root))
        found = {place: slot for place, slot in found.items() if not self._is_needless(place)}
        there = {place.root for place in found}
        for place, slot in mine.items():
            if place not in there and not (slot.course is not None and self.stays(slot.course)):
                found[place] = slot
        return found

    def _one(self, slot: Slot, text: Slot | None) -> dict[Place, Slot]:
        """What becomes of one occurrence; `text` is what the text in force says of its place, None where it is gone."""
        assert self.old is not None
        place, old = slot.place, self.old
        stands = slot.course is not None and self.stays(slot.course)
        if text is not None and not stands:
            slot = slot.said_by(text)
        if slot.replaced or slot.repeated:
            back = slot.replaced and self.leader is not None and self.leader.place == place and self.leader.is_given
            return {place: replace(slot, replaced=False) if back else slot}
        if self._is_given_again(slot):
            new = {} if text is None else {place.again: replace(text, place=place.again)}
            return {place: self._kept(replace(slot, repeated=True), old), **new}
        how = self._decide(slot, stands)
        if how == "as it was":
            return {place: self._rezoned(slot)}
        if how == "anew":
            if text is not None or stands:
                return {place: replace(slot, fixed=False, kept=None)}
            return {place: self._kept(slot, old)} if place in self.new.records else {}
        source = self.first if how == "as first" and self.first is not None and place in self.first.slots else old
        kept = self._kept(slot, source)
        if how == "held" and not stands and text is not None and self._again(kept):
            anew = replace(slot, place=place.again, fixed=False, kept=None, replaced=False)
            return {place: replace(kept, replaced=True), place.again: anew}
        return {place: kept}

    def _decide(self, slot: Slot, stands: bool) -> str:
        """Whether an occurrence is fixed at this move, laid out anew, or neither."""
        assert self.old is not None
        if self.leader is not None:
            return self.leader.decide(slot, stands)
        place, old, now = slot.place, self.old, self.then
        if is_recorded_by(old, place, now):
            return "kept"
        held = is_held_by(old, place, now)
        if old.is_infusion(place):
            return "held" if held else "anew"
        if stands:
            return "kept"
        if held:
            return "held"
        return "kept" if is_fixed_by_clock(old, place, now) else "anew"

    def stays(self, course: Course) -> bool:
        """Whether a course keeps its places at this move."""
        old, what = self.old, self.turn.what
        assert old is not None
        if self.leader is not None:
            hangs = any(hangs_on(self.leader.place, old, slot) for slot in members(old, course))
            return not hangs or given_by(old, course, self.then)
        if isinstance(what, CourseReDated) and course == course_to_re_date(what, old):
            return False
        return has_begun(old, course, self.then)

    def _is_given_again(self, slot: Slot) -> bool:
        """Whether this move gives the course of an occurrence once more."""
        what, course = self.turn.what, slot.activity.course
        if not (isinstance(what, DayZeroMoved) and what.repeat) or course is None or slot.place.cycle > 1:
            return False
        return self.text.protocol.courses[course].base == BASES[0]

    def _again(self, kept: Slot) -> bool:
        """Whether an occurrence that is held is planned again: day 0 has moved, and its place falls on another time
        that is not past."""
        infusion = self.leader is not None and self.old is not None and self.old.is_infusion(self.leader.place)
        if not isinstance(self.turn.what, DayZeroMoved) and not infusion:
            return False
        time = self.new.time_of(kept)
        return time is not None and not time.is_same(kept.kept) and not is_past(time, self.now)

    def _is_needless(self, place: Place) -> bool:
        """Whether an occurrence was planned again for one that now is recorded given."""
        leader = self.leader
        if leader is None or not leader.is_given or place in self.new.records:
            return False
        return place.root == leader.place.root and place.turn > leader.place.turn

    def _kept(self, slot: Slot, source: Laid) -> Slot:
        """The occurrence fixed at the planned time of that plan, as a wall time of this move's zone."""
        kept = source.planned(slot.place)
        return replace(slot, fixed=True, kept=kept and in_zone(kept, self.text.zone))

    def _rezoned(self, slot: Slot) -> Slot:
        return replace(slot, kept=in_zone(slot.kept, self.text.zone)) if slot.kept is not None else slot

    # Places -----------------------------------------------------------------------------------------------------------

    def places(self, name: str) -> Iterator[Slot]:
        """Every place of an activity in the text in force; where it is counted from each of another's occurrences, one
        for each of those in the plan so far."""
        text, new = self.text, self.new
        activity = text.activities.get(name)
        if activity is None or name not in text.spots or not self._has_anchor(name):
            return
        for cycle in (one for one in activity.cycles or (0,) if one not in new.never):
            seen: dict[tuple[str, Place | None], int] = {}
            for spot in text.spots[name]:
                for each in self._eaches(spot, cycle):
                    order = seen[spot.text, each] = seen.get((spot.text, each), -1) + 1
                    place = Place(name, cycle, spot.text, order, 0, each)
                    yield slot_at(text, place, spot)

    def _has_anchor(self, name: str) -> bool:
        """Whether what an activity is counted from is there: a date that is known, an activity with occurrences."""
        targets = {spot.target for spot in self.text.spots[name] if spot.target is not None}
        if targets:
            return targets <= {place.activity for place in self.new.slots}
        base = self.text.activities[name].base
        return not isinstance(base, KnownDatePoint) or bool(self.new.case.dates.get(base.name))

    def _eaches(self, spot: Spot, cycle: int) -> list[Place | None]:
        if spot.target is None or spot.which != "each":
            return [None]
        every = [place for place, slot in self.new.slots.items() if place.activity == spot.target
                 and not slot.replaced and not slot.repeated]  # fmt: skip
        own = [place for place in every if place.cycle in (cycle, 0)]
        return [*(own or every)]


def is_slip(old: Laid, cycle: int, to: Moment, now: datetime) -> bool:
    """Whether a move of day 0 is a slip: treatment before it had begun by then; or, by what is known today, it would
    put a first dose at or before then, so that it was made as a slip."""
    if treatment_begun(old, cycle, now):
        return True
    start = first_dose(old, cycle, old.here(to))
    return start is not None and is_by(start, now)
