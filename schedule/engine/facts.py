"""What is asked before a fact, a start date, a choice or the hour of planned day 0 is taken."""

from collections.abc import Mapping
from datetime import datetime

from schedule.engine.begun import has_begun
from schedule.engine.laid import Laid, Slot
from schedule.engine.places import Place
from schedule.engine.records import refused
from schedule.model.acts import Choose, Fact, PlannedHour
from schedule.model.moment import is_by, is_earlier, moment_at
from schedule.model.protocol import cycle_name
from schedule.model.reasons.refusals import (
    DayZeroIsBefore,
    HourIsKnown,
    HourOfAnotherDay,
    NeverIsNoAnswer,
    NoSuchChoice,
    NoSuchDate,
    NoSuchOption,
    OptionAddsToBegun,
    OptionIsPast,
    OptionLosesBegun,
    OptionLosesGiven,
    StartHasBegun,
)
from schedule.model.timing import KnownDatePoint
from schedule.model.titles import Title


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
        if clock_of(before, slot) != deed.name or slot.course is None:
            continue
        if has_begun(before, slot.course, now):
            title = before.protocol.courses[slot.course[0]].title
            raise refused(before, StartHasBegun(name=deed.name, course=title))


def clock_of(laid: Laid, slot: Slot) -> str | None:
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


def check_choice(before: Laid, after: Laid, ids: Mapping[Place, str], deed: Choose, now: datetime) -> None:
    """Refused where an option comes too late: what was given would not be part of it, a course that has begun would get
    or lose doses that nobody planned, or doses would be dated in the past."""
    begun = {course for slot in before.slots.values() if (course := slot.course) and has_begun(before, course, now)}
    for place, slot in before.slots.items():
        if slot.activity.id in after.text.activities:
            continue
        record = before.record(place)
        if record is not None and record.outcome != "held":
            raise refused(before, OptionLosesGiven(choice=deed.name, event=ids[place], outcome=record.outcome))
        if record is None and slot.course in begun:
            raise refused(before, OptionLosesBegun(choice=deed.name, title=Title(text=slot.activity.title)))
    for place, slot in after.slots.items():
        if place in before.slots or slot.activity.category != "treatment":
            continue
        title = Title(text=slot.activity.title)
        if slot.course in begun and slot.course is not None:
            name = after.protocol.courses[slot.course[0]].title
            raise refused(before, OptionAddsToBegun(choice=deed.name, course=name, title=title))
        at = after.when(place)
        if at is not None and is_by(at, now):
            raise refused(before, OptionIsPast(choice=deed.name, title=title, on=at.on))
