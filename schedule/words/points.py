"""Points in words."""

from typing import assert_never

from msgspec.structs import replace

from schedule.model.reasons.bounds import NamedPoint
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
)


def name_of(named: NamedPoint, zero: str) -> str:
    """The title of a known date, `day 0`, `first fludarabine`; of what is not part of the treatment the bare id."""
    title = named.title
    match named.point:
        case EndOf(DayZeroPoint()):
            return f"end of {zero}"
        case EndOf(of):
            return f"end of {name_of(replace(named, point=of), zero)}"
        case PlannedDayZeroPoint():
            return f"planned {zero}"
        case DayZeroPoint():
            return zero
        case KnownDatePoint(name):
            return title or name
        case CompletionOf(course):
            return f"completion of {(title or course).lower()}"
        case FirstOf(activity):
            return _of_activity("first", activity, named)
        case LastOf(activity):
            return _of_activity("last", activity, named)
        case EachOf(activity):
            return _of_activity("each", activity, named)
        case OccurrencePoint(activity, number):
            return _of_activity(str(number), activity, named)
        case _:
            assert_never(named.point)


def _of_activity(which: str, activity: str, named: NamedPoint) -> str:
    """`first fludarabine`, `first dose of lymphodepletion`."""
    if named.title is None:
        return activity
    title = named.title.split(",")[0]
    return f"{which} dose of {title.lower()}" if named.of_course else f"{which} {title}"
