"""Points in words."""

from dataclasses import replace
from typing import assert_never

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
            return _of_activity("first", activity, title)
        case LastOf(activity):
            return _of_activity("last", activity, title)
        case EachOf(activity):
            return _of_activity("each", activity, title)
        case OccurrencePoint(activity, number):
            return _of_activity(str(number), activity, title)
        case _:
            assert_never(named.point)


def _of_activity(which: str, activity: str, title: str | None) -> str:
    return activity if title is None else f"{which} {title.split(',')[0]}"
