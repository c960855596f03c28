"""Plan -> what stands on each day's sheet, as values: which tasks, what falls due, what is open, what comes next.

Two revisions are compared by these values, never by the words made of them: that is how a printed sheet is found void.
"""

from collections import defaultdict
from datetime import date, time
from functools import cached_property

from msgspec import Struct

from schedule.engine.day_names import is_off_its_label, label_of
from schedule.engine.entries import due_findings
from schedule.engine.moved import MovedDayZero, moved_on_sheet
from schedule.engine.sheet_dates import days_with_a_sheet, events_of, goes_over_midnight, is_span
from schedule.engine.slip import limit_of
from schedule.model.dates import add
from schedule.model.days_zero import SlipLimit
from schedule.model.moment import Moment, moment_at
from schedule.model.notation import DayLabel
from schedule.model.plan import Event, Finding, Plan, standing_of
from schedule.model.reasons.basis import FromDayZero, FromPlannedDayZero
from schedule.model.reasons.gaps import NotStated
from schedule.model.timing import KnownDatePoint
from schedule.words.places import lies_elsewhere

PARTS = (time(12, 0), time(18, 0), time.max)
"""Where the parts of a day end; what has no hour comes after the last."""


class OpenPoint(Struct, frozen=True, kw_only=True):
    """What must still come: the known date's own title, if it is one, the rules that ask for it, and the finding."""

    known: str | None
    refs: str
    finding: Finding

    @property
    def shows(self) -> tuple[object, ...]:
        """What of it is printed."""
        return self.known, self.finding.title, self.refs, self.finding.asked, self.finding.flags


class DayOfInfusion(Struct, frozen=True, kw_only=True):
    """What the sheet of day 0 says beside its tasks: how late the infusion may start, and what nobody has stated."""

    limit: SlipLimit | None
    by: Finding | None
    gaps: tuple[NotStated, ...]

    @property
    def shows(self) -> tuple[object, ...]:
        """What of it is printed."""
        until = self.limit and self.limit.until and moment_at(self.limit.until)
        return self.limit, until, self.by and (self.by.ref, self.by.basis), self.gaps


class CourseDay(Struct, frozen=True, kw_only=True):
    """Which of the days of a course it is, from 1; `daily` where they follow one another without a gap."""

    title: str
    number: int
    of: int
    daily: bool


class HeadOfSheet(Struct, frozen=True, kw_only=True):
    """What the head says of the day: its label, or the planned one of what stands there off its label; the courses it
    belongs to; how it lies to day 0, which was `planned` on another date if it has moved."""

    label: DayLabel
    planned_label: DayLabel | None
    courses: tuple[CourseDay, ...]
    day_zero: date
    planned: date | None
    unit: str


class SheetDay(Struct, frozen=True, kw_only=True):
    """One day of the patient's, or of the donor's: the values of its sheet.

    `tasks` are in order of time, each with the number of its part of the day; `running` went on at midnight;
    `next_tasks` are the next day's, `later` the next day that has a sheet, by its label and date. `moved` says that
    day 0 moved a short time ago: the sheet shows it, and is not void when it no longer does. Of a `cancelled` plan it
    is what happened: no start of the infusion, nothing of the next day.
    """

    on: date
    donor: bool
    cancelled: bool
    head: HeadOfSheet
    moved: MovedDayZero | None
    tasks: tuple[tuple[int, Event], ...]
    infusion: DayOfInfusion | None
    due: tuple[OpenPoint, ...]
    windows: tuple[OpenPoint, ...]
    running: tuple[Event, ...]
    next_head: HeadOfSheet
    next_tasks: tuple[Event, ...]
    later: date | None

    @property
    def shows(self) -> tuple[object, ...]:
        """All that is printed of the day: where it differs, the sheet printed before is void."""
        return (
            self.on, self.donor, self.cancelled, self.head,
            tuple((part, printed_of(event, self.day_zero)) for part, event in self.tasks),
            self.infusion and self.infusion.shows,
            tuple(one.shows for one in (*self.due, *self.windows)), len(self.due),
            tuple((event.title, event.on, clock_shown(event)) for event in self.running), self.next_head,
            tuple((event.title, clock_due(event), event.status == "held") for event in self.next_tasks), self.later,
        )  # fmt: skip

    @property
    def day_zero(self) -> date:
        return self.head.day_zero


def stands(event: Event) -> str | None:
    """What was recorded of it: given, done or held; None where nothing was."""
    return event.status if event.status in ("given", "done", "held") else None


def elsewhere(event: Event) -> Moment | None:
    """The time that was planned, where the one that counts is another."""
    return event.planned if lies_elsewhere(event) else None


def is_at_foot(event: Event, day_zero: date) -> bool:
    """Whether an event's arithmetic is the one that the head of its sheet shows: days from day 0 where it stands."""
    counted = event.basis.counted
    in_days = all(unit == "days" for _, unit in counted.shifts)
    return isinstance(counted.anchor, FromDayZero | FromPlannedDayZero) and counted.on == day_zero and in_days


def is_dose(event: Event) -> bool:
    """Whether a treatment is given several times, so that one of them may be held."""
    return event.category == "treatment" and event.of > 1


def printed_of(event: Event, day_zero: date) -> tuple[object, ...]:
    """What is printed of a task: its time, title, days, window, what was recorded, and what its date rests on. Hours
    are compared as moments: to Python the two hours of one name are equal."""
    basis: tuple[object, ...] = ()
    if not event.task:
        basis = event.basis.ground, event.basis.through
        if not is_at_foot(event, day_zero):
            counted = event.basis.counted
            basis = (*basis, event.label, counted, counted.at and moment_at(counted.at))
    recorded = event.record if stands(event) else None
    return (
        clock_shown(event), event.title, event.on, event.last_date, stands(event), recorded, event.planned,
        event.booked, event.earliest, event.latest, event.flags, event.task, event.verify, is_dose(event),
        event.replaced, basis,
    )  # fmt: skip


def clock_shown(event: Event) -> tuple[object, ...]:
    """Start and end, where they are known."""
    if event.start is None or event.end is None:
        return ()
    return moment_at(event.start), moment_at(event.end)


def clock_due(event: Event) -> object:
    """When it was to begin: of what is given, its booked or planned hour."""
    return (event.booked or event.planned) if event.actual is not None else clock_shown(event)


def sheet_days(plan: Plan, *, donor: bool) -> tuple[SheetDay, ...]:
    """The patient's days that have a sheet, or the donor's, in order."""
    return _Days(plan, donor=donor).made()


class _Days:
    """The days of the patient, or of the donor."""

    def __init__(self, plan: Plan, *, donor: bool) -> None:
        self.plan, self.donor, self.standing = plan, donor, standing_of(plan)
        self.events = events_of(plan, donor=donor)
        self.on: dict[date, list[Event]] = defaultdict(list)
        self.spans = [event for event in self.events if is_span(event)]
        for event in self.events:
            if not is_span(event):
                self.on[event.on].append(event)
        self.due = [] if donor or self.standing.cancelled else [
            OpenPoint(known=self.known(finding), refs=", ".join(refs), finding=finding)
            for finding, refs in due_findings(plan)
        ]  # fmt: skip
        self.days = days_with_a_sheet(plan, donor=donor)
        self.tasks_on = {day: self.tasks(day) for day in self.days}
        self.to_come = {} if self.standing.cancelled else self.tasks_on

    def known(self, finding: Finding) -> str | None:
        point = finding.point
        known = self.plan.protocol.dates.get(point.name) if isinstance(point, KnownDatePoint) else None
        return known.title if known else None

    def tasks(self, day: date) -> tuple[tuple[int, Event], ...]:
        spans = [event for event in self.spans if event.on <= day <= (event.last_date or event.on)]
        return tuple((part_of(event), event) for event in (*self.on.get(day, ()), *spans))

    def made(self) -> tuple[SheetDay, ...]:
        return tuple(self.of_day(day) for day in self.days)

    def of_day(self, day: date) -> SheetDay:
        tomorrow = add(day, 1, "days", "clamp")
        return SheetDay(
            on=day,
            donor=self.donor,
            cancelled=self.standing.cancelled,
            head=self.head(day),
            moved=moved_on_sheet(self.plan, day),
            tasks=self.tasks_on[day],
            infusion=self.infusion(day),
            due=tuple(one for one in self.due if one.finding.latest == day),
            windows=tuple(one for one in self.due if self.is_open(one.finding, day)),
            running=tuple(event for event in self.lasting if event.on < day and self.goes_on(event, day)),
            next_head=self.head(tomorrow),
            next_tasks=tuple(event for _, event in self.to_come.get(tomorrow, ())),
            later=next((other for other in self.to_come if other > day), None),
        )

    def head(self, day: date) -> HeadOfSheet:
        standing, label = self.standing, label_of(self.plan, day)
        cycle = standing.of(label.cycle)
        zero, planned = cycle.day_zero, cycle.planned
        off = (one.label for one in self.on.get(day, ()) if not one.label.clock and is_off_its_label(self.plan, one))
        return HeadOfSheet(
            label=label,
            planned_label=next(off, None),
            courses=tuple(self.courses(day)),
            day_zero=zero.on,
            planned=planned.on if planned.on != zero.on else None,
            unit=self.plan.protocol.activities[self.plan.protocol.day_zero].unit,
        )

    def courses(self, day: date) -> list[CourseDay]:
        found: dict[tuple[str, int], CourseDay] = {}
        for event in self.on.get(day, ()):
            course = self.course_of(event)
            if course is not None and event.category == "treatment" and not event.replaced:
                days = self.days_of_courses[course]
                title = self.plan.protocol.courses[course[0]].title
                daily = (days[-1] - days[0]).days == len(days) - 1
                found[course] = CourseDay(title=title, number=days.index(day) + 1, of=len(days), daily=daily)
        return list(found.values())

    def course_of(self, event: Event) -> tuple[str, int] | None:
        activity = self.plan.protocol.activities.get(event.activity)
        return (activity.course, max(event.cycle, 1)) if activity and activity.course else None

    @cached_property
    def days_of_courses(self) -> dict[tuple[str, int], list[date]]:
        """The days on which each course is given, in order; what is held and planned again apart. A day keeps its
        number where the plan is cancelled."""
        found: dict[tuple[str, int], set[date]] = defaultdict(set)
        every = [one for one in self.plan.events if one.donor == self.donor]
        for event in every if self.standing.cancelled else self.events:
            course = self.course_of(event)
            if course is not None and event.category == "treatment" and not event.replaced:
                found[course].add(event.on)
        return {course: sorted(days) for course, days in found.items()}

    def infusion(self, day: date) -> DayOfInfusion | None:
        zero = self.plan.protocol.day_zero
        open_today = [one for one in self.on.get(day, ()) if one.activity == zero and stands(one) is None]
        if self.donor or self.standing.cancelled or not open_today:
            return None
        if day != self.head(day).day_zero:
            return DayOfInfusion(limit=None, by=None, gaps=())
        by, limit = limit_of(self.plan, max(open_today[0].cycle, 1)) or (None, None)
        return DayOfInfusion(limit=limit, by=by, gaps=self.plan.not_stated)

    @staticmethod
    def is_open(finding: Finding, day: date) -> bool:
        earliest, latest = finding.earliest, finding.latest
        return earliest is not None and latest is not None and earliest <= day < latest

    @cached_property
    def lasting(self) -> list[Event]:
        """What may still be running on a day after its own: over midnight, or until something is so; of a cancelled
        plan what was recorded alone."""
        known = [one for one in self.events if stands(one) is not None or not self.standing.cancelled]
        return [event for event in known if goes_over_midnight(event) or self.has_no_end(event)]

    def has_no_end(self, event: Event) -> bool:
        activity = self.plan.protocol.activities.get(event.activity)
        return activity is not None and activity.until is not None and event.status != "held"

    def goes_on(self, event: Event, day: date) -> bool:
        if goes_over_midnight(event) and event.end is not None:
            return event.end.date() >= day
        ended = event.record.end if event.record is not None else None
        return self.has_no_end(event) and (ended is None or ended.on >= day)


def part_of(event: Event) -> int:
    """The number of the part of the day in which it begins; the last for what has no hour."""
    if event.start is None:
        return len(PARTS)
    clock = event.start.time()
    return next(number for number, end in enumerate(PARTS) if clock < end)
