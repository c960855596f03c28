"""Where a point lies: what an activity or a course is counted from and how many days from there."""

from typing import assert_never

from schedule.model.case import Site
from schedule.model.notation import Unit
from schedule.model.protocol import ByChoice, LeftToSite, Protocol
from schedule.model.timing import (
    AfterActivity,
    Base,
    CompletionOf,
    Days,
    DayZeroPoint,
    EachOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    OnDays,
    PlannedDayZeroPoint,
    Point,
)

IN_DAYS: dict[Unit, int] = {"days": 1, "weeks": 7}


def days_of(protocol: Protocol, site: Site, activity_id: str) -> Days | None:
    """The days of an activity, the site's where the protocol leaves them open; None while nobody has given any."""
    days = protocol.activities[activity_id].days
    match days:
        case OnDays() | AfterActivity():
            return days
        case LeftToSite(parameter=parameter):
            return site.days.get(parameter)
        case ByChoice():
            return None
        case _:
            assert_never(days)


def place_of(protocol: Protocol, site: Site, point: Point) -> tuple[Base, int] | None:
    """A point as a base and a shift in days; None where the days it needs are not given, or are not this patient's."""
    match point:
        case PlannedDayZeroPoint() | DayZeroPoint() | KnownDatePoint():
            return point, 0
        case CompletionOf(course):
            return completion(protocol, site, course)
        case FirstOf(activity) | EachOf(activity):
            index = 0
        case LastOf(activity):
            index = -1
        case OccurrencePoint(activity, number):
            index = number - 1
        case _:
            assert_never(point)
    placed = offsets_of(protocol, site, activity)
    if placed is None or index >= len(placed[1]):
        return None
    return placed[0], placed[1][index]


def completion(protocol: Protocol, site: Site, course: str) -> tuple[Base, int] | None:
    """The last day of a course, as its days say; None where they are not given."""
    members = [one for one in protocol.activities.values() if one.course == course and one.cycles[:1] in ((), (1,))]
    found = [placed for one in members if (placed := offsets_of(protocol, site, one.id)) is not None]
    if not members or len(found) < len(members) or len({base for base, _ in found}) > 1:
        return None
    return found[0][0], max(offset for _, offsets in found for offset in offsets)


def offsets_of(protocol: Protocol, site: Site, activity_id: str) -> tuple[Base, tuple[int, ...]] | None:
    """What an activity is counted from, by way of others, and the days from there, of the first cycle; None where it is
    not dated in days."""
    if activity_id not in protocol.activities:
        return None
    days = days_of(protocol, site, activity_id)
    if isinstance(days, OnDays):
        offsets = tuple(one.offset for one in days.occurrences if not one.months)
        return (protocol.activities[activity_id].base, offsets) if len(offsets) == len(days.occurrences) else None
    if days is None or not {days.unit, days.step_unit} <= set(IN_DAYS):
        return None
    counted = offsets_of(protocol, site, days.activity)
    if counted is None:
        return None
    base, anchors = counted
    spans = protocol.activities[days.activity].continuous
    chosen = anchors if days.which == "each" else anchors[-1:] if days.which == "last" or spans else anchors[:1]
    first, step = days.count * IN_DAYS[days.unit], days.step * IN_DAYS[days.step_unit]
    return base, tuple(anchor + first + step * number for anchor in chosen for number in range(days.times))
