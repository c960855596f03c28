"""Where planned day 0 and day 0 of each cycle stand after a move."""

from datetime import datetime

from schedule.engine.begun import first_dose, has_begun, treatment_begun
from schedule.engine.laid import Laid
from schedule.engine.leaders import LeaderTurn
from schedule.engine.slots import Made
from schedule.engine.turns import DayZeroMoved, FirstPlan, HourAdded, StartChanged, Turn
from schedule.model.case import NEVER
from schedule.model.dates import add
from schedule.model.moment import Moment, in_zone, is_by
from schedule.model.protocol import cycle_name


class Zeros:
    """Puts day 0 of each cycle of a `new` plan in its place, from the plan before the move; `then` is the move's moment
    as a wall time of the zone of that plan."""

    def __init__(self, turn: Turn, then: datetime, old: Laid | None, new: Laid, leader: LeaderTurn | None) -> None:
        self.turn, self.then, self.old, self.new, self.leader = turn, then, old, new, leader

    def set_all(self) -> None:
        """Set planned day 0 and day 0 of every cycle."""
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
                self._begin(cycle)
        last = 1
        for cycle in range(1, count + 1):
            self._set(cycle, last)
            last = last if cycle in new.never else cycle

    def _set(self, cycle: int, before: int) -> None:
        """Day 0 of one cycle: as somebody has set it; where it stood, once a course of a later cycle has begun; else so
        many days after that of the cycle before."""
        new, old = self.new, self.old
        if cycle in new.own:
            new.planned_zero[cycle], new.stands[cycle] = (new.here(one) for one in new.own[cycle])
        elif old is not None and cycle in old.stands and self._has_begun(cycle):
            kept = (in_zone(one, new.zone) for one in (old.planned_zero[cycle], old.stands[cycle]))
            new.planned_zero[cycle], new.stands[cycle] = kept
        else:
            assert new.protocol.cycles is not None
            days = new.protocol.cycles.length * (cycle - before)
            start = Moment(on=add(self._recorded(before).on, days, "days", "clamp"))
            new.planned_zero[cycle] = new.stands[cycle] = start

    def _move(self, what: DayZeroMoved) -> None:
        """Day 0 moved by a slip, which leaves planned day 0 where it is, or by a re-plan."""
        new, old = self.new, self.old
        assert old is not None
        cycle = what.cycle or next((one for one in old.cycles if not old.is_infused(one)), 1)
        begun = not what.repeat and is_slip(old, cycle, what.to, self.then)
        planned = new.own[cycle][0] if cycle in new.own else Moment(on=old.planned_zero[cycle].on)
        new.own[cycle] = (planned if begun else what.to, what.to)
        made = Made(cycle=cycle, kind="slip" if begun else "re-plan", cause=what.cause, as_of=self.turn.now)
        new.moves = (*new.moves, made)

    def _begin(self, cycle: int) -> None:
        """The first day of a later cycle as somebody has entered it; once a course of it has begun it stays."""
        new, name = self.new, cycle_name(cycle)
        dates = new.case.dates.get(name)
        if dates is None:
            return
        if dates == NEVER:
            new.never |= {cycle}
        elif self.old is None or not self._has_begun(cycle):
            new.never -= {cycle}
            zero = Moment(on=add(dates[-1], new.protocol.origin, "days", "clamp"))
            new.own[cycle] = (zero, zero)

    def _recorded(self, cycle: int) -> Moment:
        """Day 0 of a cycle by the record of its infusion, else where it stands."""
        new = self.new
        for place in new.records:
            if place.in_cycle == cycle and new.text.is_zero(place) and new.is_given(place):
                return new.recorded(place)
        return new.stands[cycle]

    def _has_begun(self, cycle: int) -> bool:
        """Whether a course of a later cycle has begun."""
        assert self.old is not None
        courses = {slot.course for slot in self.old.slots.values() if slot.course and slot.place.cycle == cycle}
        if self.leader is not None:
            return any(self.leader.has_begun(course) for course in courses)
        return any(has_begun(self.old, course, self.then) for course in courses)


def is_slip(old: Laid, cycle: int, to: Moment, now: datetime) -> bool:
    """Whether a move of day 0 is a slip: treatment before it had begun by then; or, by what is known today, it would
    put a first dose at or before then, so that it was made as a slip."""
    if treatment_begun(old, cycle, now):
        return True
    start = first_dose(old, cycle, old.here(to))
    return start is not None and is_by(start, now)
