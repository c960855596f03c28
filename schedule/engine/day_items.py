"""What can be recorded of a day: what is due, what is not yet, what is older, what has a record."""

from collections.abc import Collection, Iterable
from datetime import date

from msgspec import Struct

from schedule.engine.need import not_recorded
from schedule.engine.replay import replay
from schedule.engine.turns import places_by_id
from schedule.model.plan import Event, Plan


class DayItems(Struct, frozen=True, kw_only=True):
    """What can be recorded of a day, each in order of time: `earlier` are from before it, as `not_recorded` says; `due`
    of the day, due by the plan's as-of and not recorded; `later` of the day, and not due yet; `recorded` is what has a
    record already."""

    earlier: tuple[Event, ...]
    due: tuple[Event, ...]
    later: tuple[Event, ...]
    recorded: tuple[Event, ...]


def items_of_day(plan: Plan, day: date) -> DayItems:
    """What can be recorded of a day and of the time before it: not what is cancelled, nor a milestone."""
    events = sorted(
        (one for one in plan.events if one.category != "milestone" and one.status != "cancelled" and one.on <= day),
        key=lambda one: (*one.in_order, one.id),
    )
    today = [one for one in events if one.on == day]
    return DayItems(
        earlier=tuple(one for one in not_recorded(plan) if one.on < day),
        due=tuple(one for one in today if one.status == "unconfirmed"),
        later=tuple(one for one in today if one.status == "planned"),
        recorded=tuple(one for one in today if one.record is not None),
    )


def may_be_as_planned(plan: Plan, event: Event) -> bool:
    """Whether something due may be recorded at its planned time without its hour being typed: not the infusion, whose
    start becomes day 0, nor what goes on until a record ends it."""
    return event.activity != plan.protocol.day_zero and event.title.until is None


def infusion_open(plan: Plan, day: date) -> bool:
    """Whether an infusion of that day is due and not recorded."""
    return any(one.activity == plan.protocol.day_zero for one in items_of_day(plan, day).due)


def end_counts(plan: Plan, event: Event) -> bool:
    """Whether anything is counted from the end of an event."""
    spots = replay(plan.history).text.spots.values() if plan.history is not None else ()
    return any(spot.ends and spot.target == event.activity for many in spots for spot in many)


def follow_any(plan: Plan, events: Iterable[str], others: Collection[str]) -> frozenset[str]:
    """Those of the events, by their ids, that follow any of the others: what they are counted from, directly or through
    others, and the infusion of what counts from day 0 and lies on it or later."""
    if plan.history is None:
        return frozenset()
    laid, places = replay(plan.history), places_by_id(plan.history.numbers)
    leaders = {places[one] for one in others if one in places}
    known = ((one, places[one]) for one in events if places.get(one) in laid.slots)
    return frozenset(one for one, place in known if leaders & {*laid.followed(place)})
