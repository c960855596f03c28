"""One move of a plan: which occurrences stay where they were, and which are laid out anew.

An occurrence is fixed, and keeps the planned time that it had before, where it was recorded given or done by then,
where its course had begun, or where it was past and followed nothing unrecorded. All else is laid out anew.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC

from msgspec.structs import replace

from schedule.engine.begun import (
    given_by,
    has_begun,
    is_fixed_by_clock,
    is_held_by,
    is_recorded_by,
    members,
)
from schedule.engine.laid import Laid
from schedule.engine.leaders import LeaderTurn, hangs_on
from schedule.engine.places import Place, Spot
from schedule.engine.redate import course_to_re_date, re_date
from schedule.engine.slots import CycleCourse, Facts, Slot, own_slots, slot_at
from schedule.engine.turns import CourseReDated, DayZeroMoved, LeaderRecorded, Turn
from schedule.engine.zeros import Zeros
from schedule.model.moment import in_zone, is_past
from schedule.model.timing import BASES, KnownDatePoint


class Laying:
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
        self.staying: dict[CycleCourse, bool] = {}
        self.theirs: dict[str, list[Slot]] = {}
        for slot in old.slots.values() if old is not None else ():
            self.theirs.setdefault(slot.place.activity, []).append(slot)

    def lay_out(self) -> Laid:
        """The plan after the move."""
        Zeros(self.turn, self.then, self.old, self.new, self.leader).set_all()
        self.new.slots = dict(self._slots())
        if self.old is not None:
            lost = {place: self.old for place in self.old.slots if place not in self.new.slots}
            self.new.gone = {**self.old.gone, **lost}
        if isinstance(self.turn.what, CourseReDated) and self.old is not None:
            re_date(self.turn.what, self.old, self.new, self.now)
        return self.new

    def _slots(self) -> Mapping[Place, Slot]:
        """The occurrences after the move. Of a move of day 0 they are the same whichever day it is to, where nothing is
        held that may be planned again there: remembered for the last moment asked of."""
        old, what = self.old, self.turn.what
        if old is None or not isinstance(what, DayZeroMoved) or not self._is_as_known_before(old):
            return self._settled_all()
        known, key = old.memo["moved"], (self.text, self.then.astimezone(UTC), self.then.tzinfo, what.repeat)
        slots: Mapping[Place, Slot] | None = known.get(key)
        if slots is None:
            slots = self._settled_all()
            known.clear()
            known[key] = slots
        return slots

    def _is_as_known_before(self, old: Laid) -> bool:
        """Whether the same is recorded and dated as before the move, and nothing is held."""
        new = self.new
        alike = new.records == old.records and new.case.dates == old.case.dates
        return alike and not any(map(old.is_held, old.records))

    def _settled_all(self) -> dict[Place, Slot]:
        """Every activity's occurrences, settled one after the other."""
        new = self.new
        for name in self._names():
            new.slots |= self._settled(name)
            if name == self.text.protocol.day_zero:
                new.memo.clear()
        return new.slots

    def _names(self) -> list[str]:
        """The activities, leaders first; then those that are no longer in the text."""
        return list(dict.fromkeys([*self.text.order, *self.theirs]))

    # Occurrences ------------------------------------------------------------------------------------------------------

    def _settled(self, name: str) -> Mapping[Place, Slot]:
        """What becomes of the occurrences of one activity: fixed, laid out anew, planned again, new or gone."""
        mine = self.places(name)
        if self.old is None:
            return mine
        found: dict[Place, Slot] = {}
        for slot in self.theirs.get(name, ()):
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
            return {place: self._rezoned(replace(slot, replaced=False) if back else slot)}
        if self._is_given_again(slot):
            new = {} if text is None else {place.again: replace(text, place=place.again)}
            return {place: self._kept(replace(slot, repeated=True), old), **new}
        how = self._decide(slot, stands)
        if how == "untouched":
            return {place: self._rezoned(slot)}
        if how == "anew":
            if text is not None or stands:
                return {place: slot.open}
            return {place: self._kept(slot, old)} if place in self.new.records else {}
        source = self.first if how == "first" and self.first is not None and place in self.first.slots else old
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

    def stays(self, course: CycleCourse) -> bool:
        """Whether a course keeps its places at this move."""
        if course not in self.staying:
            self.staying[course] = self._stays(course)
        return self.staying[course]

    def _stays(self, course: CycleCourse) -> bool:
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

    def places(self, name: str) -> Mapping[Place, Slot]:
        """Every place of an activity in the text in force; where it is counted from each of another's occurrences, one
        for each of those in the plan so far."""
        text, activity = self.text, self.text.activities.get(name)
        if activity is None or name not in text.spots or not self._has_anchor(name):
            return {}
        found: dict[Place, Slot] = {}
        for cycle in (one for one in activity.cycles or (0,) if one not in self.new.never):
            own = own_slots(text, name, cycle)
            found |= own if own is not None else {slot.place: slot for slot in self._of_each(name, cycle)}
        return found

    def _of_each(self, name: str, cycle: int) -> Iterator[Slot]:
        """The same of an activity that is counted from each of another's occurrences, in one cycle."""
        seen: dict[tuple[str, Place | None], int] = {}
        for spot in self.text.spots[name]:
            for each in self._eaches(spot, cycle):
                order = seen[spot.text, each] = seen.get((spot.text, each), -1) + 1
                of = each.cycle if each is not None else cycle
                yield slot_at(self.text, Place(name, of, spot.text, order, 0, each), spot)

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
