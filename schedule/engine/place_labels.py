"""What the place of an occurrence is called: its day as the schedule counts it, wherever it has come to lie."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from schedule.engine.laid import Laid
from schedule.engine.slots import Slot
from schedule.model.dates import add
from schedule.model.moment import Moment
from schedule.model.notation import DayLabel, day_number
from schedule.model.timing import KnownDatePoint, PlannedDayZeroPoint


class PlaceLabels:
    """The labels of one state of a plan."""

    def __init__(self, laid: Laid) -> None:
        self.laid = laid
        days_zero = {one: laid.day_zero(one) for one in laid.cycles}
        self.zeros = days_zero, {one: laid.planned_zero[one] for one in laid.cycles}

    def of(self, slot: Slot) -> DayLabel:
        """What the place is called: its day as the clock of its activity counts it, wherever it has come to lie."""
        laid, numbering = self.laid, self.laid.protocol.numbering
        head = slot
        while (leader := laid.leader_of(head)) is not None:
            head = laid.slots[leader]
        base, cycle = head.activity.base, head.place.in_cycle
        if isinstance(base, KnownDatePoint):
            known = laid.case.moments_of(base.name)
            start = known[-1].on if known else (laid.when(slot.place) or Moment(on=date.min)).on
            shown = day_number((self.nominal(slot, start) - start).days, numbering)
            return DayLabel(number=shown, numbering=numbering, clock=self.laid.protocol.dates[base.name].title)
        zeros = self.zeros[isinstance(base, PlannedDayZeroPoint)]
        zero = zeros.get(cycle, next(iter(zeros.values()))).on
        day = self.nominal(slot, zero)
        if slot.place.cycle:
            into = (day - add(zero, -self.laid.protocol.origin, "days", "clamp")).days
            return self._in_cycle(into, cycle, zeros, day)
        return self._counted_through(zeros, day)

    def _in_cycle(self, into: int, cycle: int, zeros: Mapping[int, Moment], day: date) -> DayLabel:
        """A day that is counted from the first day of its own cycle; before the first and after the last cycle they
        count through."""
        cycles = self.laid.protocol.cycles
        before, after = cycle == min(zeros), cycle == max(zeros)
        if cycles is None or (before and into < 0) or (after and into >= cycles.length):
            return self.laid.protocol.label((day - zeros[min(zeros)].on).days)
        return DayLabel(
            number=day_number(into, self.laid.protocol.numbering), numbering=self.laid.protocol.numbering, cycle=cycle
        )

    def _counted_through(self, zeros: Mapping[int, Moment], day: date) -> DayLabel:
        """A day of what counts through, called by the cycle that it falls in, where the protocol has any."""
        cycles, origin = self.laid.protocol.cycles, self.laid.protocol.origin
        starts = {number: add(zero.on, -origin, "days", "clamp") for number, zero in zeros.items()}
        begun = [(start, number) for number, start in starts.items() if start <= day]
        if cycles is None or not begun:
            return self.laid.protocol.label((day - zeros[min(zeros)].on).days)
        start, number = max(begun)
        return self._in_cycle((day - start).days, number, zeros, day)

    def nominal(self, slot: Slot, zero: date) -> date:
        """The date of a place as the schedule alone says it, everything before it being where it is planned to be."""
        spot = slot.spot
        leader = self.laid.leader_of(slot)
        days = tuple((count, unit) for count, unit in spot.shifts if unit != "hours")
        if leader is None:
            return self.laid.summed(zero, days)
        ahead = self.laid.slots[leader]
        start = self.nominal(ahead, zero)
        start = add(start, ahead.span.days or 0, "days", "clamp") if ahead.span else start
        if not spot.timed:
            return self.laid.summed(start, days)
        at, target = self.laid.when(leader), self.laid.time_of(replace(slot, fixed=False))
        into = (target.on - at.on).days if at is not None and target is not None else spot.later
        return add(start, into, "days", "clamp")
