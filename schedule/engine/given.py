"""What was given when: the day and the moment of a dose as recorded, else as planned, and when a course was completed.

Rules count from what happened. A dose recorded on another day than planned counts there; one that was held does not
count.
"""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import assert_never

from schedule.engine.layout import Layout
from schedule.engine.points import completion, offsets_of
from schedule.engine.settled import is_spent
from schedule.model.case import Site
from schedule.model.dates import add
from schedule.model.plan import Event, Standing
from schedule.model.protocol import Protocol
from schedule.model.timing import (
    BASES,
    Apart,
    AtMost,
    Base,
    CompletionOf,
    DayZeroPoint,
    EachOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    PlannedDayZeroPoint,
    Point,
)

P = BASES[0]


class Given:
    """A patient's events as they were given, or are planned."""

    def __init__(self, protocol: Protocol, site: Site, standing: Standing | None, layout: Layout) -> None:
        self.protocol, self.site, self.standing, self.layout = protocol, site, standing, layout

    def day(self, event: Event) -> date:
        """The day on which it was given, or is planned."""
        record = self.standing.records.get(event.id) if self.standing else None
        return record.at.date() if record is not None else event.on

    def moment(self, event: Event) -> datetime | None:
        """When it was given, or is planned, in UTC; None where an hour is not known."""
        record = self.standing.records.get(event.id) if self.standing else None
        if record is None:
            return event.start.astimezone(UTC) if event.start else None
        zone = self.site.zone
        return record.at.replace(tzinfo=zone).astimezone(UTC) if record.timed and zone is not None else None

    def doses(self, activity: str) -> list[Event]:
        """The occurrences of an activity that count, in the order in which they were given or are planned."""
        found = [e for e in self.layout.events if e.activity == activity and e.status not in ("held", "cancelled")]
        return sorted(found, key=self.order)

    def course(self, course: str) -> list[Event]:
        """The doses of a course of the first cycle as it now stands, not of one that is given once more."""
        found = []
        for event in self.layout.events:
            activity = self.protocol.activities.get(event.activity)
            of_course = activity is not None and activity.course == course and event.cycle <= 1
            spent = self.standing is not None and is_spent(self.standing, event)
            if of_course and not spent and event.status not in ("held", "cancelled"):
                found.append(event)
        return sorted(found, key=self.order)

    def order(self, event: Event) -> datetime:
        """Where it stands among others: by the hour at which it was given, else by that planned."""
        record = self.standing.records.get(event.id) if self.standing else None
        if record is None:
            return event.moment
        return record.at if record.timed else datetime.combine(record.at.date(), event.moment.time())

    def elsewhere(self) -> dict[Point, date]:
        """`lymphodepletion.completed`, `fludarabine.first` -> its date, for each such point that lies on another day
        than planned: recorded there, or because doses before or after it were held."""
        if self.standing is None or not (self.standing.records or self.standing.settled):
            return {}
        found: dict[Point, date] = {}
        for course in self.protocol.courses:
            placed, doses = completion(self.protocol, self.site, course), self.course(course)
            if placed is not None and doses:
                self.note(found, CompletionOf(course), placed, max(self.day(event) for event in doses))
        for activity in sorted(self.protocol.in_bounds & self.protocol.activities.keys()):
            offsets, doses = offsets_of(self.protocol, self.site, activity), self.current(activity)
            if offsets is not None and doses:
                days = [self.day(event) for event in doses]
                self.note(found, FirstOf(activity), (offsets[0], offsets[1][0]), min(days))
                self.note(found, LastOf(activity), (offsets[0], offsets[1][-1]), max(days))
        return found

    def note(self, found: dict[Point, date], point: Point, placed: tuple[Base, int], day: date) -> None:
        base, offset = placed
        if self.standing is None or base not in BASES:
            return
        anchor = self.standing.planned.on if base == P else self.standing.day_zero.on
        if day != add(anchor, offset, "days", "clamp"):
            found[point] = day

    def current(self, activity: str) -> list[Event]:
        """The doses of an activity in the first cycle as it now stands."""
        standing = self.standing
        doses = [event for event in self.doses(activity) if event.cycle <= 1]
        return [event for event in doses if standing is None or not is_spent(standing, event)]

    def hour_of(self, point: Point) -> datetime | None:
        """The moment of a point of the network, in UTC, where its hour is known."""
        match point:
            case PlannedDayZeroPoint():
                return self.standing.planned.instant if self.standing else None
            case DayZeroPoint():
                return self.standing.day_zero.instant if self.standing else None
            case KnownDatePoint():
                return None
            case CompletionOf(course):
                events, index = self.course(course), -1
            case FirstOf(activity) | EachOf(activity):
                events, index = self.doses(activity), 0
            case LastOf(activity):
                events, index = self.doses(activity), -1
            case OccurrencePoint(activity, number):
                events, index = self.doses(activity), number - 1
            case _:
                assert_never(point)
        return self.moment(events[index]) if events and index < len(events) else None

    def not_kept(self, activity: str, asked: Apart | AtMost) -> list[tuple[Event, Event]]:
        """The pairs of occurrences between which a spacing is not kept. Where an hour is not known, hours are kept only
        if they are at every hour of the two days."""
        doses = self.doses(activity)
        if isinstance(asked, AtMost):
            runs = zip(doses, doses[asked.count :], strict=False)
            return [(first, last) for first, last in runs if (self.day(last) - self.day(first)).days < asked.days]
        return [(one, other) for one, other in pairwise(doses) if not self.is_apart(one, other, asked)]

    def is_apart(self, one: Event, other: Event, asked: Apart) -> bool:
        days = (self.day(other) - self.day(one)).days
        most = asked.relation == "at most"
        if most and one.cycle != other.cycle:
            return True
        if asked.unit == "days":
            return days <= asked.count if most else days >= asked.count
        first, second = self.moment(one), self.moment(other)
        if first is None or second is None:
            return (days + 1) * 24 <= asked.count if most else (days - 1) * 24 >= asked.count
        seconds = (second - first).total_seconds()
        return seconds <= asked.count * 3600 if most else seconds >= asked.count * 3600
