"""A leader recorded, corrected or taken back, the infusion above all: only what depends on it is laid out anew."""

from typing import Literal

from msgspec.structs import replace

from schedule.engine.begun import (
    follows,
    given_by,
    has_begun,
    is_fixed_by_clock,
    is_held_by,
    is_recorded_by,
    members,
)
from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.engine.slots import CycleCourse, Slot
from schedule.engine.turns import LeaderRecorded, Turn
from schedule.model.moment import Moment, is_earlier, seconds_apart
from schedule.model.timing import DAY_ZERO, KnownDatePoint

Decision = Literal["untouched", "anew", "kept", "held", "first"]
"""What becomes of an occurrence: untouched, laid out anew, fixed where it was, fixed because it is held, or
fixed where it was before the leader's first record."""


def head_of(laid: Laid, slot: Slot) -> Slot:
    """The occurrence at the head of its chain, which counts from a date."""
    leader = laid.leader(slot.place)
    return slot if leader is None else head_of(laid, laid.slots[leader])


def hangs_on(leader: Place, old: Laid, slot: Slot) -> bool:
    """Whether an occurrence is laid out anew with a leader: what is counted from it; of the infusion everything that is
    counted from day 0, in its cycle and in those that count on from it."""
    if follows(old, slot.place, leader):
        return True
    if not old.is_infusion(leader):
        return False
    head = head_of(old, slot)
    mine, cycle = head.place.in_cycle, leader.in_cycle
    if mine == cycle:
        from_zero = head.spot.target is None and head.activity.base == DAY_ZERO
        return from_zero and head.place.root != leader.root
    counts_on = mine > cycle and not any(one in old.own for one in range(cycle + 1, mine + 1))
    return counts_on and not isinstance(head.activity.base, KnownDatePoint)


class LeaderTurn:
    """What one record of a leader does: `old` is the plan before it, `first` that before the leader's first record,
    `new` the plan that is being laid out."""

    def __init__(self, turn: Turn, old: Laid, first: Laid | None, new: Laid) -> None:
        assert isinstance(turn.what, LeaderRecorded)
        self.place, self.record, self.now = turn.what.place, turn.what.record, turn.now
        self.old, self.first, self.new = old, first or old, new

    @property
    def is_given(self) -> bool:
        """Whether the leader now is recorded given or done."""
        return self.record is not None and self.record.outcome != "held"

    def own_time(self, laid: Laid) -> Moment | None:
        """When the leader was, by this record."""
        return laid.here(self.record.start) if self.record is not None else None

    def has_begun(self, course: CycleCourse) -> bool:
        """Whether a course had begun: by a dose given until now, or by the leader's own time in the plan before its
        first record."""
        at = self.own_time(self.first)
        moment = at.at or at.wall.replace(tzinfo=self.first.where) if at is not None else None
        return given_by(self.old, course, self.now) or (moment is not None and has_begun(self.first, course, moment))

    def decide(self, slot: Slot, stands: bool) -> Decision:
        """What becomes of one occurrence; `stands` where its course keeps its places."""
        place, old = slot.place, self.old
        if place == self.place:
            if self.is_given:
                return "kept"
            return "anew" if slot.fixed and self.record is None else "untouched"
        if not hangs_on(self.place, old, slot):
            return "untouched"
        if stands and slot.course is not None and self._course_follows(slot.course):
            return "kept" if self._old_dates(slot.course) else "anew"
        if follows(old, place, self.place):
            if is_recorded_by(old, place, self.now):
                return "kept"
            return "held" if is_held_by(old, place, self.now) else "anew"
        return self._before_leader(slot)

    def _before_leader(self, slot: Slot) -> Decision:
        """What does not follow the leader: fixed at the leader's own time, in the plan before its first record."""
        place = slot.place
        if is_held_by(self.old, place, self.now):
            return "held"
        at = self.own_time(self.first) if self.is_given else None
        if at is None:
            was = self.first.slots.get(place)
            return "first" if was is not None and was.fixed else "anew"
        moment = at.at or at.wall.replace(tzinfo=self.first.where)
        view = self.first if place in self.first.slots else self.old
        course = view.slots[place].course
        begun = course is not None and has_begun(view, course, moment)
        if is_recorded_by(view, place, moment) or begun or is_fixed_by_clock(view, place, moment):
            return "first"
        return "anew"

    def _course_follows(self, course: CycleCourse) -> bool:
        return any(follows(self.old, slot.place, self.place) for slot in members(self.old, course))

    def _old_dates(self, course: CycleCourse) -> bool:
        """Whether a course with a dose given stands on its old dates or on the new ones: on those to which the doses
        given lie nearer in sum, the old if equal; never on old ones of which one lies before the leader."""
        old, new = self.old, self.new
        start = self.own_time(old) if self.record is not None else None
        if start is None and self.place in new.slots:
            start = new.when(self.place)
        to_old = to_new = 0.0
        for slot in members(old, course):
            was = old.planned(slot.place)
            now = new.time_of(replace(slot, fixed=False, kept=None))
            if slot.replaced or was is None or now is None:
                continue
            if start is not None and follows(old, slot.place, self.place) and is_earlier(was, start):
                return False
            if is_recorded_by(old, slot.place, self.now):
                to_old += seconds_apart(old.recorded(slot.place), was)
                to_new += seconds_apart(old.recorded(slot.place), now)
        return to_old <= to_new
