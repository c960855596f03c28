"""Begun, due, past and followed: what is asked of a course or an occurrence, of one state of the plan, at a moment.

`now` is an aware datetime in the zone of that state.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from schedule.engine.decided import remembered
from schedule.engine.laid import Laid
from schedule.engine.places import Place, Text
from schedule.engine.slots import CycleCourse, Slot, slot_at
from schedule.model.dates import add
from schedule.model.moment import Moment, is_by, is_past, order_of
from schedule.model.sizes import TEXTS
from schedule.model.timing import ClockTime, KnownDatePoint


def course_of(slot: Slot) -> CycleCourse:
    """What an occurrence begins with: its course, or itself alone."""
    return slot.activity.course or slot.activity.id, slot.place.cycle


def members(laid: Laid, course: CycleCourse) -> Iterator[Slot]:
    """The doses of a course, not of an earlier giving of it."""
    for slot in laid.slots.values():
        if slot.activity.category == "treatment" and not slot.repeated and course_of(slot) == course:
            yield slot


def given_at(laid: Laid, course: CycleCourse) -> Iterator[Moment]:
    """When doses of a course were given, even partly, under whatever number. One that the plan has no days for yet,
    since its choice was open, begins nothing that could keep its dates."""
    name, cycle = course
    for place in laid.records:
        if place.activity not in laid.text.spots:
            continue
        activity, slot = laid.text.activities.get(place.activity), laid.slots.get(place)
        if activity is None or activity.category != "treatment" or place.cycle != cycle or (slot and slot.repeated):
            continue
        if (activity.course or activity.id) == name and laid.is_given(place):
            yield laid.recorded(place)


def given_by(laid: Laid, course: CycleCourse, now: datetime) -> bool:
    """Whether a dose of a course was given by then."""
    return any(is_by(at, now) for at in given_at(laid, course))


def is_recorded_by(laid: Laid, place: Place, now: datetime) -> bool:
    """Whether it was recorded given or done with a time at or before then."""
    return laid.is_given(place) and is_by(laid.recorded(place), now)


def beginnings(laid: Laid, course: CycleCourse) -> Iterator[Moment]:
    """What each begins a course: a dose of it given, or due and not recorded held."""
    yield from given_at(laid, course)
    for slot in members(laid, course):
        at = due_from(laid, slot.place)
        if at is not None:
            yield at


def has_begun(laid: Laid, course: CycleCourse, now: datetime) -> bool:
    """Whether a course had begun by then."""
    known = laid.memo["begun"]
    key = course, now.tzinfo
    if key not in known:
        known[key] = min((order_of(at, now.tzinfo) for at in beginnings(laid, course)), default=None)
    return known[key] is not None and known[key] <= now.astimezone(UTC)


def due_from(laid: Laid, place: Place) -> Moment | None:
    """When a dose is due, as booked or planned. What follows an infusion or another leader that is not recorded given
    or done never is."""
    at = laid.due(place)
    if at is None or laid.is_infusion(place) or not laid.counts(place) or waits(laid, place):
        return None
    return at


def waits(laid: Laid, place: Place) -> bool:
    """Whether it follows an infusion or another leader that is not recorded given or done."""
    return any(is_leader(laid, other) and not laid.is_given(other) for other in laid.followed(place))


def follows(laid: Laid, place: Place, leader: Place) -> bool:
    """Whether it follows that leader, under whatever number the leader is planned."""
    return any(other.root == leader.root for other in laid.followed(place))


def is_leader(laid: Laid, place: Place) -> bool:
    """Whether a course is counted from an occurrence: the infusion above all."""
    return laid.is_infusion(place) or laid.text.leads(place.activity)


def leads_in(text: Text, place: Place) -> bool:
    """The same, asked of a place and a text alone."""
    return text.is_zero(place) or (place.activity in text.spots and text.leads(place.activity))


@remembered
def courses_before(laid: Laid, cycle: int) -> set[CycleCourse]:
    """What treatment before day 0 of a cycle begins with."""
    return {course_of(slot) for slot in laid.slots.values() if slot.is_lymphodepletion and not slot.repeated
            and slot.place.in_cycle == cycle}  # fmt: skip


def treatment_begun(laid: Laid, cycle: int, now: datetime) -> bool:
    """Whether treatment before day 0 of a cycle had begun by then, so that a new day 0 is a slip."""
    return any(has_begun(laid, course, now) for course in courses_before(laid, cycle))


def turns_of_times(laid: Laid) -> list[datetime]:
    """Every moment, in UTC and in order, at which something of a state of a plan becomes due, past, or recorded."""
    return laid.once("turns", lambda: _turns_of_times(laid))


def _turns_of_times(laid: Laid) -> list[datetime]:
    times = {at for place in laid.slots for at in (laid.when(place), laid.due(place)) if at is not None}
    times |= {laid.recorded(place) for place in laid.records}
    over = {Moment(on=add(at.on, 1, "days", "clamp")) for at in times if at.at is None}
    return sorted({laid.order(at) for at in (*times, *over)})


def first_dose(laid: Laid, cycle: int, to: Moment) -> Moment | None:
    """When treatment before day 0 would begin if day 0 of a cycle were there: the earliest place of the text in force,
    held ones included; None where there is no such treatment."""
    found = (laid.clocked(add(to.on, lead, "days", "clamp"), clock) for lead, clock in _places_before(laid.text, cycle))
    return min(found, key=laid.order, default=None)


@lru_cache(maxsize=TEXTS)
def _places_before(text: Text, cycle: int) -> tuple[tuple[int, ClockTime | None], ...]:
    """Where a text puts treatment before day 0 of a cycle: so many days from it, and at which hour."""
    found: dict[tuple[int, ClockTime | None], None] = {}
    for name, spots in text.spots.items():
        activity = text.activities[name]
        if cycle not in (activity.cycles or (1,)) or isinstance(activity.base, KnownDatePoint):
            continue
        for spot in spots:
            slot = slot_at(text, Place(name, cycle, spot.text), spot)
            if slot.is_lymphodepletion:
                found[spot.lead, slot.clock] = None
    return tuple(found)


def is_fixed_by_clock(laid: Laid, place: Place, now: datetime) -> bool:
    """Whether it was past by then, is not held, and follows nothing that was itself unrecorded then."""
    at = laid.when(place)
    if at is None or place in laid.records or not is_past(at, now):
        return False
    return not any(is_unrecorded(laid, other, now) for other in laid.followed(place))


def is_unrecorded(laid: Laid, place: Place, now: datetime) -> bool:
    """Whether nothing was recorded of it by then; of an infusion or another leader only given or done is a record."""
    if place not in laid.records or not is_by(laid.recorded(place), now):
        return True
    return is_leader(laid, place) and not laid.is_given(place)


def is_held_by(laid: Laid, place: Place, now: datetime) -> bool:
    """Whether it is held, and its record or the time that counts lies at or before then."""
    if not laid.is_held(place):
        return False
    at = laid.when(place)
    return is_by(laid.recorded(place), now) or (at is not None and is_by(at, now))
