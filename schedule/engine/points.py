"""Where a point of a rule lies: what its activity or course was given at, or is planned for, in one state of a plan."""

from collections.abc import Iterator
from typing import assert_never

from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.model.moment import Moment
from schedule.model.timing import (
    Bound,
    CompletionOf,
    DayZeroPoint,
    EachOf,
    EndOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    PlannedDayZeroPoint,
    Point,
)


def moments_at(laid: Laid, point: Point, cycle: int) -> tuple[Moment, ...]:
    """The moments of a point in one cycle: several for each occurrence of an activity and for a test; none where it is
    not dated. What was held does not count; where all of it was, it counts where it stands."""
    match point:
        case KnownDatePoint(name):
            known = tuple(laid.here(one) for one in laid.case.moments_of(name))
            return known if laid.protocol.dates[name].test else known[-1:]
        case PlannedDayZeroPoint():
            return (laid.with_hour(laid.planned_zero[cycle]),)
        case DayZeroPoint():
            return (laid.with_hour(laid.day_zero(cycle)),)
        case EndOf(of=DayZeroPoint()):
            infusion = laid.infusion(cycle)
            end = laid.end(infusion) if infusion is not None else None
            return (end,) if end is not None else ()
        case EndOf(of=of):
            ends = (laid.end(place) for place in places_at(laid, of, cycle))
            return tuple(end for end in ends if end is not None)
        case _:
            times = (laid.when(place) for place in places_at(laid, point, cycle))
            return tuple(at for at in times if at is not None)


def places_at(laid: Laid, point: Point, cycle: int) -> tuple[Place, ...]:
    """The occurrences that a point names: one, all of them for each, none where there is none with a date."""
    match point:
        case OccurrencePoint(activity, number):
            doses = _doses(laid, activity, cycle)
            return _dated(laid, doses[number - 1 : number]) if number > 0 else ()
        case EachOf(name):
            return _dated(laid, _doses(laid, name, cycle))
        case FirstOf(name):
            found = _dated(laid, _doses(laid, name, cycle))
            return (min(found, key=lambda place: _order(laid, place)),) if found else ()
        case LastOf(name) | CompletionOf(name):
            found = _dated(laid, _doses(laid, name, cycle)) if _is_whole(laid, name) else ()
            return (max(found, key=lambda place: _order(laid, place)),) if found else ()
        case PlannedDayZeroPoint() | DayZeroPoint() | KnownDatePoint() | EndOf():
            return ()
        case _:
            assert_never(point)


def _is_whole(laid: Laid, name: str) -> bool:
    """Whether nothing of a course waits for a choice or the site's days: nobody knows yet when it is completed."""
    return name not in laid.protocol.courses or all(one in laid.text.spots for one in laid.text.members(name))


def _doses(laid: Laid, name: str, cycle: int) -> list[Place]:
    """The occurrences of an activity or a course in a cycle; worked out once for each state of a plan."""
    known = laid.memo["doses"]
    if (name, cycle) not in known:
        known[name, cycle] = laid.doses(name, cycle)
    found: list[Place] = known[name, cycle]
    return found


def _dated(laid: Laid, places: list[Place]) -> tuple[Place, ...]:
    """Those that count, or all where none does, as far as they have a date."""
    dated = [place for place in places if laid.when(place) is not None]
    return tuple([place for place in dated if laid.counts(place)] or dated)


def _order(laid: Laid, place: Place) -> float:
    at = laid.when(place)
    assert at is not None
    return laid.order(at).timestamp()


def subject_of(point: Point) -> str | None:
    """The activity or the course that a point is of; None for day 0 and for a known date."""
    match point:
        case FirstOf(name) | LastOf(name) | EachOf(name) | OccurrencePoint(name) | CompletionOf(name):
            return name
        case EndOf(of=of):
            return subject_of(of)
        case PlannedDayZeroPoint() | DayZeroPoint() | KnownDatePoint():
            return None
        case _:
            assert_never(point)


def ends_of(bound: Bound) -> Iterator[Point]:
    """The two points of a bound."""
    yield bound.point
    yield bound.anchor
