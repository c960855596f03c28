"""What is asked before a known date, a choice or the hour of planned day 0 is taken."""

from datetime import datetime

from schedule.engine.begun import has_begun
from schedule.engine.laid import Laid
from schedule.engine.records import refused
from schedule.engine.slots import Slot
from schedule.model.acts import Choose, Fact, PlannedHour
from schedule.model.moment import is_earlier, moment_at
from schedule.model.protocol import cycle_name
from schedule.model.reasons.refusals import (
    DayZeroIsBefore,
    HourIsKnown,
    HourOfAnotherDay,
    NeverIsNoAnswer,
    NoSuchChoice,
    NoSuchDate,
    NoSuchOption,
    StartHasBegun,
)
from schedule.model.timing import KnownDatePoint


def check_fact(before: Laid, deed: Fact, now: datetime) -> None:
    """Refused for a date that the protocol does not know, a "never" that would switch off what is required, and one
    that would take away a course that has begun."""
    known = before.protocol.dates.get(deed.name)
    if known is None:
        raise refused(before, NoSuchDate(name=deed.name, known=tuple(before.protocol.dates)))
    if not deed.dates and known.required:
        raise refused(before, NeverIsNoAnswer(name=deed.name))
    if deed.dates or not known.start:
        return
    for slot in before.slots.values():
        if start_date_of(before, slot) != deed.name or slot.course is None:
            continue
        if has_begun(before, slot.course, now):
            title = before.protocol.courses[slot.course[0]].title
            raise refused(before, StartHasBegun(name=deed.name, course=title))


def start_date_of(laid: Laid, slot: Slot) -> str | None:
    """The start date that an occurrence is counted from, by way of others: `randomisation`, `cycle-2`; None for day 0's
    own."""
    if slot.place.cycle > 1:
        return cycle_name(slot.place.cycle)
    while (leader := laid.leader(slot.place)) is not None:
        slot = laid.slots[leader]
    return slot.activity.base.name if isinstance(slot.activity.base, KnownDatePoint) else None


def check_planned_hour(before: Laid, deed: PlannedHour) -> None:
    """Refused for an hour of another date, for another hour where one is known, and for one after day 0."""
    planned, timed = before.planned_zero[1], moment_at(deed.moment)
    if timed.on != planned.on:
        raise refused(before, HourOfAnotherDay(planned=planned.on))
    if planned.at is not None:
        raise refused(before, HourIsKnown(planned=planned.at))
    there = before.stands[1]
    if there.at is not None and is_earlier(there, timed) and not before.is_infused(1):
        raise refused(before, DayZeroIsBefore(day_zero=there))


def check_option(before: Laid, deed: Choose) -> None:
    """Refused where the protocol has no such choice or option."""
    choice = before.protocol.choices.get(deed.name)
    if choice is None:
        raise refused(before, NoSuchChoice(name=deed.name, known=tuple(before.protocol.choices)))
    if deed.option not in choice.options:
        raise refused(before, NoSuchOption(choice=deed.name, option=deed.option, known=tuple(choice.options)))
