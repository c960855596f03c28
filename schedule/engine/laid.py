"""One state of a patient's plan: which occurrences there are, and their planned, booked and actual times.

Nothing is stored but what was decided: where day 0 stands, which occurrences are fixed and at what time. All else is
worked out from that where somebody asks, and remembered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache, wraps
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from schedule.engine.places import DAYS_IN, Place, Span, Spot, Text
from schedule.model.acts import Cause
from schedule.model.case import Case
from schedule.model.dates import WallTimeError, add, add_hours, at_wall_time
from schedule.model.moment import Moment, in_zone, is_earlier, moment_at, order_of
from schedule.model.notation import Unit
from schedule.model.plan import Record
from schedule.model.protocol import Activity
from schedule.model.timing import ClockTime, KnownDatePoint, PlannedDayZeroPoint, Window

Course = tuple[str, int]
"""What begins together: a course, or a treatment in none, by its id; and its cycle, 0 where the days count through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One occurrence, as the text in force when it was laid out says it: `clock` is the site's hour, `span` how long
    what is one span lasts. `fixed`: it keeps the planned time `kept`, whatever its place now is; no time where its
    place was taken away and it stays for its record. `replaced`: it was held, and is planned again under another
    number. `repeated`: its course is given once more."""

    place: Place
    activity: Activity
    spot: Spot
    clock: ClockTime | None = None
    span: Span | None = None
    fixed: bool = False
    kept: Moment | None = None
    replaced: bool = False
    repeated: bool = False

    def said_by(self, other: "Slot") -> "Slot":
        """The same occurrence with what another text says of its place."""
        return replace(self, activity=other.activity, spot=other.spot, clock=other.clock, span=other.span)

    @property
    def course(self) -> Course | None:
        """The course that it belongs to."""
        return (self.activity.course, self.place.cycle) if self.activity.course else None

    @property
    def is_lymphodepletion(self) -> bool:
        """Whether it is treatment of the patient before day 0, counted from planned day 0 or day 0."""
        ours = self.activity.category == "treatment" and not self.activity.donor and self.spot.target is None
        return ours and self.spot.lead < 0 and not isinstance(self.activity.base, KnownDatePoint)


def slot_at(text: Text, place: Place, spot: Spot) -> Slot:
    """An occurrence as a text says it."""
    name = place.activity
    return Slot(
        place=place, activity=text.activities[name], spot=spot, clock=text.clocks.get(name), span=text.spans.get(name)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A move of day 0 as it is known today: whether it was a slip, why, and as of when."""

    cycle: int
    kind: Literal["slip", "re-plan"]
    cause: Cause
    as_of: datetime


@dataclass(slots=True, kw_only=True)
class Facts:
    """What is known of the world: the last word on each occurrence, and bookings, by place; the patient's case."""

    case: Case
    records: Mapping[Place, Record] = field(default_factory=dict)
    bookings: Mapping[Place, Moment] = field(default_factory=dict)


@lru_cache(maxsize=16384)
def _clocked(day: date, hour: time, zone: ZoneInfo) -> Moment:
    try:
        return Moment(on=day, at=at_wall_time(day, hour, zone))
    except WallTimeError:
        return Moment(on=day)


A = TypeVar("A")


def remembered(method: Callable[["Laid", Any], A]) -> Callable[["Laid", Any], A]:
    """A method worked out once for each occurrence or cycle."""
    name = method.__name__

    @wraps(method)
    def answer(laid: "Laid", of: Any) -> A:
        known: dict[Any, A] = laid.memo[name]
        try:
            return known[of]
        except KeyError:
            found = known[of] = method(laid, of)
            return found

    return answer


class Laid:
    """A plan as it stands. `planned_zero` and `stands` are planned day 0 and day 0 of each cycle, as moves have put
    them; `own` has those cycles whose day 0 somebody has set. Cycles in `never` are not given. `gone` is what is no
    longer in the plan, with the last that had it; `cancelled` is when the plan was cancelled."""

    def __init__(self, text: Text, facts: Facts) -> None:
        self.text, self.facts = text, facts
        self.protocol, self.site, self.zone, self.case = text.protocol, text.site, text.zone, facts.case
        self.records: Mapping[Place, Record] = facts.records
        self.planned_zero: dict[int, Moment] = {}
        self.stands: dict[int, Moment] = {}
        self.own: dict[int, tuple[Moment, Moment]] = {}
        self.never: frozenset[int] = frozenset()
        self.slots: dict[Place, Slot] = {}
        self.moves: tuple[Made, ...] = ()
        self.gone: dict[Place, Laid] = {}
        self.cancelled: datetime | None = None
        self.memo: defaultdict[str, dict[Any, Any]] = defaultdict(dict)

    def copy(self, facts: Facts) -> "Laid":
        """A plan with the same decisions, for those facts."""
        new = Laid(self.text, facts)
        new.planned_zero, new.stands, new.own = dict(self.planned_zero), dict(self.stands), dict(self.own)
        new.never, new.slots, new.moves, new.gone = self.never, dict(self.slots), self.moves, self.gone
        return new

    # What was typed ---------------------------------------------------------------------------------------------------

    @property
    def cycles(self) -> tuple[int, ...]:
        """The cycles that are given."""
        count = self.protocol.cycles.count if self.protocol.cycles else 1
        return tuple(number for number in range(1, count + 1) if number not in self.never)

    @property
    def where(self) -> tzinfo:
        """The zone in which dates without an hour are compared."""
        return self.zone or UTC

    def order(self, moment: Moment) -> datetime:
        """What moments of this plan are sorted by."""
        return order_of(moment, self.zone)

    def here(self, moment: Moment) -> Moment:
        """What a person typed, as a wall time of this plan's zone."""
        return in_zone(moment, self.zone)

    def record(self, place: Place) -> Record | None:
        return self.records.get(place)

    def recorded(self, place: Place) -> Moment:
        """When something was recorded to have been."""
        return self.here(self.records[place].start)

    def is_given(self, place: Place) -> bool:
        """Whether it is recorded given, even partly, or done."""
        record = self.records.get(place)
        return record is not None and record.outcome != "held"

    def is_held(self, place: Place) -> bool:
        record = self.records.get(place)
        return record is not None and record.outcome == "held"

    # Day 0 ------------------------------------------------------------------------------------------------------------

    def is_infusion(self, place: Place) -> bool:
        """Whether it is the infusion of a cycle: that which lies on day 0."""
        slot = self.slots.get(place)
        return slot is not None and place.activity == self.protocol.day_zero and slot.spot.is_zero

    @remembered
    def infusion(self, cycle: int) -> Place | None:
        """The infusion whose start is a cycle's day 0: the recorded one, else the last that is planned."""
        found = [
            place for place in self.slots if place.activity == self.protocol.day_zero and place.in_cycle == cycle
            and self.is_infusion(place)
        ]  # fmt: skip
        given = [place for place in found if self.is_given(place)]
        return given[0] if given else max(found, key=lambda place: place.turn, default=None)

    @remembered
    def day_zero(self, cycle: int) -> Moment:
        """Day 0 of a cycle: the recorded start of its infusion, else where it stands."""
        infusion = self.infusion(cycle)
        return self.stands[cycle] if infusion is None or not self.is_given(infusion) else self.recorded(infusion)

    def is_infused(self, cycle: int) -> bool:
        """Whether a cycle's infusion is recorded given."""
        infusion = self.infusion(cycle)
        return infusion is not None and self.is_given(infusion)

    def with_hour(self, day_zero: Moment) -> Moment:
        """Day 0 at the hour that the site gives for the infusion, where nobody has given it one."""
        return day_zero if day_zero.at is not None else self.clocked(day_zero.on, self.clock(self.protocol.day_zero))

    def clock(self, activity: str) -> ClockTime | None:
        """The hour that the site gives for an activity."""
        return self.text.clocks.get(activity)

    def clocked(self, day: date, clock: ClockTime | None) -> Moment:
        """That day at the site's hour; without an hour where the clocks skip it, or show it twice."""
        if clock is None or self.zone is None:
            return Moment(on=day)
        return _clocked(day, clock.start, self.zone)

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
            shown = _clocked(last, clock.end, self.zone)
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
                and other.cycle == place.cycle and one.spot.link == spot.link - 1 and not one.replaced
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
        """The first and the last time allowed, both included, counted like the target; None where none is stated."""
        slot = self.slots[place]
        window, target = slot.spot.window, self.place_time(place)
        if window is None or target is None:
            return None
        start = target if window.frame == "target" else self.base_of(slot)
        if start is None or (window.unit == "hours" and start.at is None):
            return None
        return self.shifted(start, window.first, window), self.shifted(start, window.last, window)

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
