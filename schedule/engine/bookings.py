"""Whether another day or hour may be booked, and whether a course may be re-dated."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from schedule.engine.begun import follows
from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.engine.records import recorded_of, refused
from schedule.model.acts import Book, ReDate
from schedule.model.errors import NotAllowed
from schedule.model.moment import Moment, is_earlier, is_past
from schedule.model.reasons.records import (
    BookedInPast,
    BookedIsDayZero,
    BookedIsRecorded,
    BookedLeadsGiven,
    BookedTooEarly,
    BookingRefusal,
    HourIsNeeded,
    NotPlanned,
    OnAnotherDate,
    OutsideWindow,
)
from schedule.model.reasons.refusals import NextIsPast, NoSuchCourse


def as_booked(before: Laid, place: Place, deed: Book) -> Book:
    """A booking as it is kept: without a time where it is for the planned time, which takes an earlier booking back. A
    held occurrence is booked under a new number, planned where its place now lies."""
    if place not in before.slots:
        return deed
    planned = planned_to_book(before, place)
    if before.is_held(place):
        return replace(deed, at=deed.at or planned)
    back = deed.at is not None and before.here(deed.at).is_same(planned)
    return replace(deed, at=None) if back else deed


def planned_to_book(laid: Laid, place: Place) -> Moment | None:
    """The planned time of what a booking is for."""
    return laid.place_time(place) if laid.is_held(place) else laid.planned(place)


def check_booking(before: Laid, place: Place, deed: Book, now: datetime) -> None:
    """NotAllowed, or Refused where the hour is missing, for a booking (`as_booked`) that cannot be."""
    code, zero, event = before.case.code, before.protocol.zero, deed.event
    for why in _not_bookable(before, place, event):
        raise NotAllowed(why, code=code, zero=zero)
    if deed.at is None:
        return
    at, planned = before.here(deed.at), planned_to_book(before, place)
    if planned is not None and planned.at is not None and at.at is None:
        raise refused(before, HourIsNeeded(event=event, follower=None))
    for wrong in _wrong_time(before, place, event, at, planned, now):
        raise NotAllowed(wrong, code=code, zero=zero)


def _not_bookable(laid: Laid, place: Place, event: str) -> Iterator[BookingRefusal]:
    """Why an occurrence cannot be booked at all."""
    slot = laid.slots.get(place)
    if slot is None or slot.replaced or slot.repeated or laid.is_ended(place):
        yield NotPlanned(event=event)
        return
    if laid.is_given(place):
        yield BookedIsRecorded(event=event, booked=recorded_of(laid, place))
    if laid.infusion(place.in_cycle) == place:
        yield BookedIsDayZero(event=event)
    for other in laid.records:
        if other in laid.slots and laid.is_given(other) and follows(laid, other, place):
            yield BookedLeadsGiven(event=event, follower=recorded_of(laid, other))


def _wrong_time(
    laid: Laid, place: Place, event: str, at: Moment, planned: Moment | None, now: datetime
) -> Iterator[BookingRefusal]:
    """Why it cannot be booked for that time: outside its window, past, or before what it is counted from."""
    window, slot = laid.window(place), laid.slots[place]
    if window is not None and (is_earlier(at, window[0]) or is_earlier(window[1], at)):
        yield OutsideWindow(event=event, at=at, first=window[0], last=window[1])
    if window is None and (planned is None or planned.on != at.on):
        yield OnAnotherDate(event=event, at=at, planned=planned)
    if is_past(at, now):
        yield BookedInPast(event=event, at=at, as_of=now.replace(tzinfo=None))
    base, target = laid.base_of(slot), laid.place_time(place)
    if base is not None and target is not None and is_earlier(base, target) and not is_earlier(base, at):
        yield BookedTooEarly(event=event, at=at, base=base)


def check_re_date(before: Laid, deed: ReDate, now: datetime) -> None:
    """Refused where there is no such course; NotAllowed where its next dose would be past."""
    if deed.course not in before.protocol.courses:
        raise refused(before, NoSuchCourse(name=deed.course, known=tuple(before.protocol.courses)))
    if deed.next is not None and is_past(before.here(deed.next), now):
        why = NextIsPast(course=deed.course, at=before.here(deed.next), as_of=now.replace(tzinfo=None))
        raise NotAllowed(why, code=before.case.code, zero=before.protocol.zero)
