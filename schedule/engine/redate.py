"""The way out of a fixed course: what of it is neither recorded nor past is laid out once more."""

from datetime import datetime

from msgspec.structs import replace

from schedule.engine.begun import members
from schedule.engine.laid import Laid
from schedule.engine.slots import CycleCourse, Slot
from schedule.engine.turns import CourseReDated
from schedule.model.dates import add, add_minutes
from schedule.model.moment import Moment, is_past, moment_at
from schedule.model.timing import ClockTime


def course_to_re_date(what: CourseReDated, laid: Laid) -> CycleCourse:
    """The course, in the cycle that is named; else the first that has it."""
    cycles = sorted(slot.place.cycle for slot in laid.slots.values() if slot.activity.course == what.course)
    return what.course, what.cycle if what.cycle is not None else cycles[0] if cycles else 0


def re_date(what: CourseReDated, old: Laid, new: Laid, now: datetime) -> None:
    """Fix in `new` what of the course is recorded or past where it was in `old`, and leave the rest where the text puts
    it; or put the next dose at `what.next`, and the others at the text's distances from it."""
    open_ones: list[tuple[Moment, Slot]] = []
    for slot in list(members(new, course_to_re_date(what, old))):
        place, time = slot.place, new.place_time(slot.place)
        was = old.when(place) if place in old.slots else None
        if place in old.slots and (place in new.records or (was is not None and is_past(was, now))):
            new.slots[place] = replace(slot, fixed=True, kept=old.planned(place))
        elif place not in old.slots and time is not None and is_past(time, now):
            del new.slots[place]
        elif time is not None:
            open_ones.append((time, slot))
    new.memo.clear()
    if what.next is not None and open_ones:
        _from_next(new, sorted(open_ones, key=lambda pair: new.order(pair[0])), new.here(what.next))
    new.memo.clear()


def _from_next(new: Laid, open_ones: list[tuple[Moment, Slot]], to: Moment) -> None:
    """The first of the open doses at a moment; each other as far from it as in the text: elapsed hours in a series by
    hours, else days, at its own hour."""
    start = open_ones[0][0]
    for number, (time, slot) in enumerate(open_ones):
        kept = to
        if number and slot.spot.timed and to.at is not None and time.instant is not None and start.instant is not None:
            kept = moment_at(add_minutes(to.at, int((time.instant - start.instant).total_seconds() // 60)))
        elif number:
            day = add(to.on, (time.on - start.on).days, "days", "clamp")
            clock = ClockTime(start=time.at.time()) if time.at is not None else None
            kept = new.clocked(day, clock)
        new.slots[slot.place] = replace(slot, fixed=True, kept=kept)
