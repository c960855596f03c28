"""What the points of a protocol's rules are called: worked out once for each protocol."""

from functools import lru_cache
from typing import assert_never

from schedule.engine.points import subject_of
from schedule.model.protocol import Protocol
from schedule.model.reasons.bounds import NamedPoint
from schedule.model.sizes import PIECES
from schedule.model.timing import (
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


@lru_cache(maxsize=PIECES)
def named_in(protocol: Protocol, point: Point) -> NamedPoint:
    """A point with the title by which people know it."""
    return NamedPoint(point=point, title=_title_of(protocol, point), of_course=subject_of(point) in protocol.courses)


def _title_of(protocol: Protocol, point: Point) -> str | None:
    match point:
        case PlannedDayZeroPoint() | DayZeroPoint():
            return None
        case KnownDatePoint(name):
            return protocol.dates[name].title
        case EndOf(of=of):
            return _title_of(protocol, of)
        case CompletionOf(name) | FirstOf(name) | LastOf(name) | EachOf(name) | OccurrencePoint(name):
            if name in protocol.courses:
                return protocol.courses[name].title
            activity = protocol.activities.get(name)
            return None if activity is None else activity.title
        case _:
            assert_never(point)
