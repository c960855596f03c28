"""One state of a patient's plan: which occurrences there are, and their planned, booked and actual times.

Nothing is stored but what was decided: where day 0 stands, which occurrences are fixed and at what time. All else is
worked out from that where somebody asks, and remembered.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from schedule.engine.decided import Decided, clocked_at, remembered
from schedule.engine.places import DAYS_IN, Place
from schedule.engine.slots import Slot
from schedule.model.dates import add, add_hours
from schedule.model.moment import Moment, is_earlier, moment_at
from schedule.model.notation import Unit
from schedule.model.timing import ClockTime, KnownDatePoint, PlannedDayZeroPoint, Window


class Laid(Decided):
    """A plan as it stands, with its times."""

    # The three times, and the one that counts -------------------------------------------------------------------------

    @remembered
    def planned(self, place: Place) -> Moment | None:
        """The target; of a fixed occurrence the one that it had when it was fixed."""
        slot = self.slots[place]
        return slot.kept if slot.fixed else self.place_time(place)

    @remembered
    def booked(self, place: Place) -> Moment | None:
        """The booking, while it lies in the window as that now stands."""
        typed = self.facts.bookings.get(place)
        if typed is None:
            return None
        at = self.here(typed)
        return at if self.fits(place, at) else None

    @remembered
    def actual(self, place: Place) -> Moment | None:
        """When it was given, done or begun; of what a record ends that record says the end alone."""
        if not self.is_given(place) or self.is_end(place):
            return None
        return self.recorded(place)

    def is_end(self, place: Place) -> bool:
        """Whether the record says when something ended that goes on until a record ends it."""
        slot, record = self.slots.get(place), self.records.get(place)
        return slot is not None and slot.activity.until is not None and record is not None and record.outcome == "done"

    @remembered
    def when(self, place: Place) -> Moment | None:
        """The time that counts."""
        return self.actual(place) or self.due(place)

    @remembered
    def due(self, place: Place) -> Moment | None:
        """When it is due: booked, else planned."""
        return self.booked(place) or self.planned(place)

    @remembered
    def end(self, place: Place) -> Moment | None:
        """The end that was recorded, else the start and the length that the site or the days state; none is
        invented."""
        slot, start, record = self.slots[place], self.when(place), self.records.get(place)
        if record is not None and record.outcome != "held":
            if self.is_end(place):
                return self.recorded(place)
            if record.end is not None:
                return self.here(record.end)
        if start is None or (slot.activity.until and slot.span is not None):
            return None
        if slot.span is not None and slot.span.days is not None:
            return Moment(on=add(start.on, slot.span.days, "days", "clamp"))
        return self.block_end(start, slot.clock) if slot.clock is not None and slot.clock.end is not None else None

    def block_end(self, start: Moment, clock: ClockTime) -> Moment | None:
        """The end of a block of the site's that begins at a moment: by the clock where it begins at the site's hour,
        else as long after its start."""
        if start.at is None or clock.end is None or self.zone is None:
            return None
        last = add(start.on, int(clock.ends_next_day), "days", "clamp")
        if start.at.time() == clock.start:
            shown = clocked_at(last, clock.end, self.zone)
            if shown.at is not None:
                return shown
        whole = datetime.combine(last, clock.end) - datetime.combine(start.on, clock.start)
        return moment_at((start.at.astimezone(UTC) + whole).astimezone(self.zone))

    # What counts, and from what ---------------------------------------------------------------------------------------

    @remembered
    def counts(self, place: Place) -> bool:
        """Whether something may be counted from it, and rules judge it: not what is held, planned again, cancelled."""
        slot = self.slots[place]
        return not (slot.replaced or slot.repeated or self.is_held(place) or self.is_ended(place))

    @remembered
    def is_ended(self, place: Place) -> bool:
        """Whether the recorded infusion has cancelled it: lymphodepletion after the cells that has no record."""
        infusion = self.infusion(place.in_cycle)
        if infusion is None or not self.slots[place].is_lymphodepletion or place in self.records:
            return False
        due = self.due(place) if self.is_given(infusion) else None
        return due is not None and is_earlier(self.recorded(infusion), due)

    @remembered
    def leader(self, place: Place) -> Place | None:
        """The occurrence that one is counted from; None where it counts from a date."""
        return self.leader_of(self.slots[place])

    def leader_of(self, slot: Slot) -> Place | None:
        place, spot = slot.place, slot.spot
        if spot.link > 0:
            before = (
                other for other, one in self.slots.items() if other.activity == place.activity
                and (other.cycle, other.each) == (place.cycle, place.each)
                and one.spot.link == spot.link - 1 and not one.replaced
            )  # fmt: skip
            return max(before, key=lambda other: other.turn, default=None)
        if spot.target is None:
            return None
        if place.each is not None:
            return place.each if place.each in self.slots else None
        return self.pick(spot.target, spot.which == "last", place.cycle)

    def pick(self, activity: str, last: bool, cycle: int) -> Place | None:
        """The first or the last of an activity's occurrences by the time that counts, of the same cycle where it has
        any there. Held and cancelled ones do not count; where all are, it is one of those."""
        every = [place for place, slot in self.slots.items() if place.activity == activity and not slot.replaced]
        own = [place for place in every if place.cycle in (cycle, 0)]
        timed = [(self.order(at), place) for place in own or every if (at := self.when(place)) is not None]
        pairs = [pair for pair in timed if self.counts(pair[1])] or timed
        if not pairs:
            return None
        return (max if last else min)(pairs, key=lambda pair: pair[0])[1]

    def base_of(self, slot: Slot) -> Moment | None:
        """The time that it is counted from."""
        place, spot, cycle = slot.place, slot.spot, slot.place.in_cycle
        if spot.target is not None:
            leader = self.leader_of(slot)
            if leader is None:
                return None
            ends = (spot.ends and spot.link <= 0) or self.slots[leader].span is not None
            return self.end(leader) if ends else self.when(leader)
        base = slot.activity.base
        if place.activity == self.protocol.day_zero and spot.is_zero:
            return self.stands[cycle]
        if isinstance(base, PlannedDayZeroPoint):
            return self.planned_zero[cycle]
        if isinstance(base, KnownDatePoint):
            known = self.case.moments_of(base.name)
            return self.here(known[-1]) if known else None
        return self.day_zero(cycle)

    def time_of(self, slot: Slot) -> Moment | None:
        """Where its place now lies; None where it cannot be dated."""
        base = self.base_of(slot)
        if base is None:
            return None
        if slot.spot.is_zero and slot.place.activity == self.protocol.day_zero:
            return self.with_hour(base)
        return self.counted(slot, base)

    @remembered
    def place_time(self, place: Place) -> Moment | None:
        """Where an occurrence's place now lies, fixed or not."""
        return self.time_of(self.slots[place])

    def counted(self, slot: Slot, base: Moment) -> Moment | None:
        """The sum: hours through UTC; days, months and years by date, at the site's hour for the activity."""
        spot = slot.spot
        if not spot.timed:
            return self.clocked(self.summed(base.on, spot.shifts), slot.clock)
        if base.at is None:
            return None
        start = add_hours(base.at, sum(count for count, unit in spot.shifts if unit == "hours"))
        if not spot.later:
            return moment_at(start)
        return self.clocked(add(start.date(), spot.later, "days", "clamp"), ClockTime(start=start.time()))

    def summed(self, day: date, shifts: tuple[tuple[int, Unit], ...]) -> date:
        """The date that a sum gives."""
        for count, unit in shifts:
            day = add(day, count, unit, self.protocol.months)
        return day

    # Windows ----------------------------------------------------------------------------------------------------------

    @remembered
    def window(self, place: Place) -> tuple[Moment, Moment] | None:
        """The first and the last time allowed, both included, counted like the target; None where none is stated. What
        comes after another may never come before it, however wide its tolerance."""
        slot = self.slots[place]
        window, target = slot.spot.window, self.place_time(place)
        if window is None or target is None:
            return None
        start = target if window.frame == "target" else self.base_of(slot)
        if start is None or (window.unit == "hours" and start.at is None):
            return None
        first, last = self.shifted(start, window.first, window), self.shifted(start, window.last, window)
        follows = self.base_of(slot) if slot.spot.target is not None else None
        if follows is not None and is_earlier(first, follows):
            first = follows if first.at is not None and follows.at is not None else Moment(on=follows.on)
        return first, last

    def shifted(self, start: Moment, count: int, window: Window) -> Moment:
        if window.unit == "hours" and start.at is not None:
            return moment_at(add_hours(start.at, count))
        return Moment(on=add(start.on, count, window.unit, self.protocol.months))

    def fits(self, place: Place, at: Moment) -> bool:
        """Whether a time lies in the window; where none is stated, whether it is on the planned date."""
        window = self.window(place)
        if window is None:
            planned = self.planned(place)
            return planned is not None and planned.on == at.on
        return not is_earlier(at, window[0]) and not is_earlier(window[1], at)

    # What follows what ------------------------------------------------------------------------------------------------

    @remembered
    def followed(self, place: Place) -> tuple[Place, ...]:
        """All that an occurrence follows, nearest first: what it is counted from, directly or through others; and of
        what counts from day 0 and lies on it or later, that cycle's infusion."""
        leader = self.leader(place)
        if leader is not None:
            return (leader, *self.followed(leader))
        infusion, slot = self.infusion(place.in_cycle), self.slots[place]
        if infusion is None or infusion.root == place.root or slot.spot.target is not None:
            return ()
        from_zero = not isinstance(slot.activity.base, PlannedDayZeroPoint | KnownDatePoint)
        return (infusion,) if from_zero and not self.lies_before(slot) else ()

    def lies_before(self, slot: Slot) -> bool:
        """Whether it lies before day 0: by its place, or as a dose of a course begun before day 0 that a slip has left
        there."""
        if slot.spot.lead < 0 and all(unit in DAYS_IN for _, unit in slot.spot.shifts):
            return True
        course, planned = slot.activity.course, self.planned(slot.place) if slot.fixed else None
        if course is None or planned is None or planned.on >= self.day_zero(slot.place.in_cycle).on:
            return False
        members = (one for one in self.text.activities.values() if one.course == course)
        return any(spot.lead < 0 for one in members for spot in self.text.spots.get(one.id, ()))

    # Many -------------------------------------------------------------------------------------------------------------

    def schedule_order(self, place: Place) -> tuple[Any, ...]:
        """What occurrences of an activity are sorted by, to count them: by cycle, then by where their places lie."""
        at = self.place_time(place)
        where = self.order(at) if at is not None else self.slots[place].spot.shifts
        return (place.cycle, at is None, where, place.order, place.turn, place.spot)

    def doses(self, name: str, cycle: int) -> list[Place]:
        """The occurrences of an activity, or the treatments of a course, of a cycle or counting through, in schedule
        order; not those that are planned again under another number."""
        course = name in self.protocol.courses
        return sorted(self._of(name, cycle, course=course), key=self.schedule_order)

    def _of(self, name: str, cycle: int, *, course: bool) -> Iterator[Place]:
        for place, slot in self.slots.items():
            if place.cycle not in (cycle, 0) or slot.replaced or slot.repeated:
                continue
            if (course and slot.activity.course == name and slot.activity.category == "treatment") or (
                not course and place.activity == name
            ):
                yield place
