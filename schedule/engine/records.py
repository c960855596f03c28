"""Whether a record can be, and whether it looks wrong; and from which as-of an act may be made.

All records are looked at together, whichever is typed last: a correction that makes another record impossible is as
wrong as that record would be.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from schedule.engine.counts import title_of
from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.engine.slots import Slot
from schedule.model.acts import Amend, Cancel, ChangeWard, Choose, Deed, Move, Note, RecordEvent, Restore, SetClock
from schedule.model.errors import Refused
from schedule.model.moment import Moment, is_by, is_earlier, seconds_apart
from schedule.model.plan import Record
from schedule.model.reasons.records import (
    AfterCells,
    BeforeCells,
    BeforeEarlierOne,
    BeforeWhatItFollows,
    Doubt,
    EndsBeforeStart,
    FarFromDue,
    FarOutsideWindow,
    FollowerIsRecorded,
    FollowsCells,
    HourIsNeeded,
    LooksWrong,
    NothingRecorded,
    NotOnDayZero,
    Recorded,
    RecordedLater,
)
from schedule.model.reasons.refusals import AsOfBeforeMove, AsOfBeforeRecord, Refusal
from schedule.model.titles import Title

DAY = 86400.0
FAR = 3 * DAY
"""How far, in seconds, a record may lie from when it was due where no window is stated and no series by hours."""


def refused(laid: Laid, *refusals: Refusal) -> Refused:
    """What an act that cannot be is refused with."""
    return Refused(*refusals, code=laid.case.code, zero=laid.protocol.zero)


def recorded_of(laid: Laid, place: Place) -> Recorded:
    """What is recorded of an occurrence."""
    return Recorded(title=title_of(laid, place), outcome=laid.records[place].outcome, at=laid.recorded(place))


# As-of ----------------------------------------------------------------------------------------------------------------


def check_as_of(before: Laid, deed: Deed, now: datetime) -> None:
    """Refused where as-of is earlier than that of an earlier move, each in the zone that it was made in; and, for a
    move of day 0, an amendment or a choice, where it is earlier than anything recorded given or done."""
    if isinstance(deed, ChangeWard | SetClock | Note | Cancel | Restore):
        return
    for moment in before.moments:
        if now.timestamp() < moment.timestamp():
            raise refused(before, AsOfBeforeMove(as_of=now, made=moment.astimezone(now.tzinfo)))
    if isinstance(deed, Move | Amend | Choose):
        later = [place for place in before.records if before.is_given(place) and not is_by(before.recorded(place), now)]
        if later:
            last = max(later, key=lambda place: before.order(before.recorded(place)))
            raise refused(before, AsOfBeforeRecord(record=recorded_of(before, last)))


# Records that cannot be -----------------------------------------------------------------------------------------------


def check_records(
    before: Laid, after: Laid, typed: Mapping[Place, RecordEvent], now: datetime, without: Callable[[Place], Laid]
) -> None:
    """Refused for every record that cannot be, and for every one that looks wrong and is not confirmed; one refusal for
    each. `after` is the plan with all of them, `without` the one with all but that of a place."""
    found: dict[str, Refusal] = {}
    for place, deed in typed.items():
        if (refusal := _by_itself(before, after, place, deed, now)) is not None:
            found[deed.event] = refusal
    for event, refusal in _out_of_order(after, {place: deed.event for place, deed in typed.items()}):
        found.setdefault(event, refusal)
    for place, deed in typed.items():
        if deed.event not in found and (refusal := _wrong_looking(without, place, deed)) is not None:
            found[deed.event] = refusal
    if found:
        raise refused(before, *(found[deed.event] for deed in typed.values() if deed.event in found))


def _by_itself(before: Laid, after: Laid, place: Place, deed: RecordEvent, now: datetime) -> Refusal | None:
    """Why a record cannot be, whatever else is recorded: by its own times, or since what follows the cells keeps
    them."""
    record = deed.record
    if record is None:
        if place not in before.records:
            return NothingRecorded(event=deed.event)
        return _still_recorded(before, after, place, deed.event)
    wrong = next(_wrong_times(before, deed.event, record, now), None)
    if wrong is not None:
        return wrong
    if record.outcome == "held":
        return _still_recorded(before, after, place, deed.event)
    return None if record.timed else hour_needed(before, place, deed.event)


def _wrong_looking(without: Callable[[Place], Laid], place: Place, deed: RecordEvent) -> Refusal | None:
    """Why a record that is not confirmed looks wrong in the plan as it is without it."""
    record = deed.record
    if record is None or record.outcome == "held" or deed.confirmed:
        return None
    laid = without(place)
    if place not in laid.slots:
        return None
    at = laid.here(record.start)
    doubt = next(_doubts(laid, place, at), None)
    return LooksWrong(event=deed.event, at=at, doubt=doubt) if doubt is not None else None


def _wrong_times(laid: Laid, event: str, record: Record, now: datetime) -> Iterator[Refusal]:
    """Whether it lies in the future, a hold too, or would end before it begins."""
    start = laid.here(record.start)
    end = laid.here(record.end) if record.end is not None else None
    for at in (start, end) if end is not None else (start,):
        if at.on > now.date() if at.at is None else not is_by(at, now):
            yield RecordedLater(event=event, at=at)
    if end is not None and is_earlier(end, start):
        yield EndsBeforeStart(event=event, start=start, end=end)


def hour_needed(laid: Laid, place: Place, event: str) -> HourIsNeeded | None:
    """Why the date alone of an occurrence does not do: hours are counted from it or to it; or it is the infusion, and
    planned day 0 has an hour. None where it does."""
    if place not in laid.slots:
        return None
    if (other := hangs_on_hour(laid, place)) is not None:
        return HourIsNeeded(event=event, follower=Title(text=laid.slots[other].activity.title))
    if laid.is_infusion(place) and laid.with_hour(laid.planned_zero[place.in_cycle]).at is not None:
        return HourIsNeeded(event=event, follower=None)
    return None


def hangs_on_hour(laid: Laid, place: Place) -> Place | None:
    """An occurrence that is counted in hours from this one, or this one where it is counted in hours itself."""
    for other, slot in laid.slots.items():
        counted = slot.spot.timed and slot.spot.target == place.activity
        if counted and (slot.spot.which != "first" or laid.leader(other) == place):
            return other
    return place if laid.slots[place].spot.timed else None


def _still_recorded(before: Laid, after: Laid, place: Place, event: str) -> FollowerIsRecorded | None:
    """Whether a recorded infusion would be taken back, or held, while anything that follows it and does not lie before
    it bears a record still."""
    if not before.is_infusion(place) or not before.is_given(place):
        return None
    for other in before.records:
        if other in before.slots and place in before.followed(other) and other in after.records:
            at = before.when(other)
            if at is None or not is_earlier(at, before.recorded(place)):
                return FollowerIsRecorded(event=event, follower=recorded_of(before, other))
    return None


def _out_of_order(laid: Laid, typed: Mapping[Place, str]) -> Iterator[tuple[str, Refusal]]:
    """Where a treatment that follows the infusion, or what such a treatment is counted from, is recorded while the
    infusion is not, or before it; or lymphodepletion after it: the event whose record is to blame, and why. That is the
    one out of order where it was typed now; else the infusion, or else what was typed first."""
    first = next(iter(typed.values()))
    for place in laid.records:
        slot = laid.slots.get(place)
        if slot is None:
            continue
        named = None if place in typed else recorded_of(laid, place)
        actual = laid.recorded(place) if laid.is_given(place) else None
        infusion = next((other for other in laid.followed(place) if laid.is_infusion(other)), None)
        if infusion is not None and (slot.activity.category == "treatment" or _leads_treatment(laid, place)):
            event = typed.get(place) or typed.get(infusion, first)
            if not laid.is_given(infusion):
                yield event, FollowsCells(event=event, follower=named)
                continue
            cells = laid.recorded(infusion)
            if actual is not None and is_earlier(actual, cells):
                yield event, BeforeCells(event=event, follower=named, cells=cells)
        if slot.is_lymphodepletion and actual is not None and laid.is_infused(place.in_cycle):
            cells = laid.day_zero(place.in_cycle)
            if is_earlier(cells, actual):
                zero = (event for other, event in typed.items() if laid.is_infusion(other))
                event = typed.get(place) or next(zero, first)
                yield event, AfterCells(event=event, dose=named, cells=cells)


def _leads_treatment(laid: Laid, place: Place) -> bool:
    """Whether a treatment is counted from an occurrence, directly or through others."""
    return any(
        slot.activity.category == "treatment" and place in laid.followed(other) for other, slot in laid.slots.items()
    )


# Records that look wrong ----------------------------------------------------------------------------------------------


def _doubts(laid: Laid, place: Place, at: Moment) -> Iterator[Doubt]:
    """Why a record of something given or done at that time looks wrong."""
    if laid.is_infusion(place):
        day_zero = laid.day_zero(place.in_cycle)
        if at.on != day_zero.on:
            yield NotOnDayZero(day_zero=day_zero)
    yield from _far(laid, place, at)
    yield from _before_earlier(laid, place, at)
    for leader in laid.followed(place):
        if (laid.is_held(leader) and not laid.is_infusion(leader)) or _planned_before_cells(laid, place, leader):
            continue
        given = laid.is_given(leader)
        if not given or is_earlier(at, laid.recorded(leader)):
            yield BeforeWhatItFollows(leader=title_of(laid, leader), recorded=given, when=laid.when(leader))


def _planned_before_cells(laid: Laid, place: Place, leader: Place) -> bool:
    """Whether the plan itself has it before the cells that it is counted from: weighed at 06:00 of day 0, cells at
    10:00."""
    due, cells = laid.due(place), laid.when(leader)
    return laid.is_infusion(leader) and due is not None and cells is not None and is_earlier(due, cells)


def _far(laid: Laid, place: Place, at: Moment) -> Iterator[Doubt]:
    """Whether it lies outside its window by more than the window's width; without a window, far from when it is due."""
    window, due = laid.window(place), laid.due(place)
    if window is not None:
        first, last = window
        beyond = seconds_apart(at, first) if is_earlier(at, first) else 0.0
        beyond = max(beyond, seconds_apart(last, at) if is_earlier(last, at) else 0.0)
        if beyond > seconds_apart(first, last):
            yield FarOutsideWindow(first=first, last=last)
    elif due is not None:
        step = series_step(laid, laid.slots[place])
        if seconds_apart(at, due) > (FAR if step is None else step * 1800.0):
            yield FarFromDue(due=due)


def series_step(laid: Laid, slot: Slot) -> int | None:
    """The least hours between two of a series by hours; None in any other. A dose that an amendment has left on its
    old place is one of the old series."""
    if not slot.spot.timed:
        return None
    spots = laid.text.spots.get(slot.activity.id, ())
    if slot.spot not in spots:
        old = (one.spot for one in laid.slots.values() if one.activity.id == slot.activity.id)
        spots = tuple(spot for spot in old if spot not in spots)
    hours = [(sum(count for count, unit in spot.shifts if unit == "hours"), spot) for spot in spots if spot.timed]
    if slot.spot.link >= 0:
        return min((count for count, spot in hours if spot.link > 0), default=None)
    counts = sorted({count for count, spot in hours if not spot.later})
    return min((later - earlier for earlier, later in pairwise(counts)), default=None)


def _before_earlier(laid: Laid, place: Place, at: Moment) -> Iterator[Doubt]:
    """Whether it lies before one of its activity that comes earlier in the schedule."""
    for other in laid.slots:
        if other.activity != place.activity or other == place or not laid.counts(other):
            continue
        when = laid.when(other)
        if when is not None and is_earlier(at, when) and _comes_before(laid, other, place):
            yield BeforeEarlierOne(earlier=title_of(laid, other), when=when)


def _comes_before(laid: Laid, one: Place, other: Place) -> bool:
    """Whether the place of one lies before that of another in the schedule."""
    if one.cycle != other.cycle:
        return one.cycle < other.cycle
    first, second = laid.place_time(one), laid.place_time(other)
    return first is not None and second is not None and is_earlier(first, second)
