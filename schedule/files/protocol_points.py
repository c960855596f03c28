"""The points that the bounds of a protocol file name: whether there is such a thing."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from schedule.files.checks import is_known, why_no_point
from schedule.files.grammar import read_bound, read_point
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
    EndOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    PlannedDayZeroPoint,
    Point,
)


class Points:
    """What is asked of the points of one protocol file. `in_bounds` are the activities that some bound has named so
    far, those that they are counted from included.
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

    def point(self, table: Table, key: str) -> Point | None:
        """The point that a key names; None, and a mistake, where there is none of that name."""
        named = table.text(key, required=True)
        point = table.apply(key, lambda text: read_point(text, self.dates), named) if named else None
        return point if point is not None and self.is_point(table, key, point) else None

    def is_point(self, table: Table, key: str, point: Point) -> bool:
        """Whether a point is one: a base, a known date, or of an activity or a course that there is."""
        match point:
            case PlannedDayZeroPoint() | DayZeroPoint():
                return True
            case KnownDatePoint(name):
                if name in self.dates:
                    return True
            case EndOf(of):
                return self.is_point(table, key, of)
            case CompletionOf(name) | FirstOf(name) | LastOf(name) | EachOf(name) if name in self.courses:
                return self.is_in_course(table, key, point, name)
            case FirstOf(name) | LastOf(name) | EachOf(name) | OccurrencePoint(name):
                if name in self.activities:
                    return self.is_there(table, key, point, name)
            case CompletionOf():
                pass
            case _:
                assert_never(point)
        firsts = (str(FirstOf(name)) for name in (*self.activities, *self.courses))
        completed = (str(CompletionOf(course)) for course in self.courses)
        return is_known(table, key, str(point), (*map(str, BASES), *self.dates, *firsts, *completed), "point")

    def is_in_course(self, table: Table, key: str, point: Point, course: str) -> bool:
        """Whether a point of a course is one: it has doses, and an activity of its name is among them alone."""
        doses = [one.id for one in self.activities.values() if one.course == course and one.category == "treatment"]
        if not doses:
            doses = [one.id for one in self.activities.values() if one.course == course]
        if not doses:
            return is_known(table, key, course, (), "course with an activity")
        if course in self.activities and doses != [course] and not isinstance(point, CompletionOf):
            message = f'"{course}" is a course and an activity, and "{point}" may be of either'
            table.mistake(key, message, "give one of them another name")
            return False
        return all([self.is_there(table, key, point, dose) for dose in doses])

    def is_there(self, table: Table, key: str, point: Point, name: str) -> bool:
        """Whether an activity has the occurrence that a point names, in each cycle counted from 1; what it is counted
        from is in bounds with it."""
        activity = self.activities.get(name)
        if activity is None:
            return False  # a chain to nowhere, told elsewhere
        number = point.number if isinstance(point, OccurrencePoint) and point.activity == name else None
        if name in self.in_bounds and number is None:
            return True
        self.in_bounds.add(name)
        for days in activity.stated_days:
            wrong = why_no_point(days, number) if number is not None else None
            if wrong:
                table.mistake(key, f'"{point}" {wrong}', "name one that there is")
                return False
            if isinstance(days, AfterActivity) and not self.is_there(table, key, point, days.activity):
                return False
        return True
