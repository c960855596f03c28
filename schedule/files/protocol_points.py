"""The points that the bounds of a protocol file name, and whether the network of bounds can place them."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from schedule.files.checks import is_known, why_no_point
from schedule.files.grammar import read_bound
from schedule.files.protocol_names import Names
from schedule.files.table import Table
from schedule.model.protocol import Activity
from schedule.model.timing import (
    BASES,
    AfterActivity,
    Bound,
    CompletionOf,
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


class Points:
    """What is asked of the points of one protocol file. `in_bounds` are the activities that some bound has named so
    far.
    """

    def __init__(self, names: Names, activities: Mapping[str, Activity]) -> None:
        self.dates, self.courses, self.activities = names.dates, names.courses, activities
        self.in_bounds: set[str] = set()

    def bounds(self, table: Table, key: str, texts: Iterable[str]) -> tuple[Bound, ...]:
        """The bounds in these texts, as far as they are bounds between points that there are."""
        found = []
        for text in texts:
            bound = table.apply(key, lambda text: read_bound(text, self.dates), text)
            if bound and self.is_point(table, key, bound.point) and self.is_point(table, key, bound.anchor):
                found.append(bound)
        return tuple(found)

    def is_point(self, table: Table, key: str, point: Point) -> bool:
        """A point that the network can place: a base, a known date, or an activity dated in days from a base."""
        match point:
            case PlannedDayZeroPoint() | DayZeroPoint():
                return True
            case KnownDatePoint(name):
                if name in self.dates:
                    return True
            case CompletionOf(course):
                members = [one.id for one in self.activities.values() if one.course == course and not _is_later(one)]
                if not members:
                    return is_known(table, key, course, self.courses, "course with an activity")
                return all([self.is_placed(table, key, point, member) for member in members])
            case FirstOf(activity) | LastOf(activity) | EachOf(activity) | OccurrencePoint(activity):
                if activity in self.activities:
                    return self.is_placed(table, key, point, activity)
            case _:
                assert_never(point)
        firsts = (str(FirstOf(activity)) for activity in self.activities)
        completed = (str(CompletionOf(course)) for course in self.courses)
        return is_known(table, key, str(point), (*map(str, BASES), *self.dates, *firsts, *completed), "point")

    def is_placed(self, table: Table, key: str, point: Point, activity_id: str) -> bool:
        """Whether the network can place an activity, by way of those it is counted from."""
        activity = self.activities.get(activity_id)
        if activity is None:
            return False  # a chain to nowhere, told elsewhere
        number = point.number if isinstance(point, OccurrencePoint) and point.activity == activity_id else 1
        if activity_id in self.in_bounds and number == 1:
            return True
        self.in_bounds.add(activity_id)
        if _is_later(activity) or (len(activity.cycles) > 1 and not _is_of_the_first_cycle(point, activity)):
            table.mistake(
                key, f'"{point}" is in a later cycle', "a bound names what is dated in days of the first cycle"
            )
            return False
        for days in activity.stated_days:
            if wrong := why_no_point(days, number):
                table.mistake(key, f'"{point}" {wrong}', "a bound names what is dated in days")
                return False
            if isinstance(days, AfterActivity) and not self.is_placed(table, key, point, days.activity):
                return False
        return True


def _is_of_the_first_cycle(point: Point, activity: Activity) -> bool:
    """Whether a point of an activity that comes in several cycles lies in the first of them."""
    if not isinstance(point, OccurrencePoint):
        return isinstance(point, FirstOf | CompletionOf)
    return all(isinstance(days, OnDays) and point.number <= len(days.occurrences) for days in activity.stated_days)


def _is_later(activity: Activity) -> bool:
    """Whether it is not given in the first cycle."""
    return bool(activity.cycles) and activity.cycles[0] > 1
