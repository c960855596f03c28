"""Plan -> what stands on each day's sheet, as values: which tasks, what falls due, what is open, what comes next.

Two revisions are compared by these values, never by the words made of them: that is how a printed sheet is found void.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time

from schedule.engine.entries import due_findings
from schedule.engine.labels import day_name, label_of
from schedule.engine.slip import limit_of
from schedule.model.dates import add
from schedule.model.notation import DayLabel
from schedule.model.plan import Event, Finding, Plan, SlipLimit
from schedule.model.reasons.basis import FromDayZero, FromPlannedDayZero
from schedule.model.reasons.gaps import NotStated
from schedule.model.timing import KnownDatePoint
from schedule.words.plan import infusion_word, zero_of

LONGEST_SPAN = 60
"""A span of more days than this makes a sheet on its first and last day only; sheets between that exist show it."""
PARTS = (time(12, 0), time(18, 0), time.max)
"""Where the parts of a day end; what has no hour comes after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """What must still come: the known date's own title, if it is one, the rules that ask for it, and the finding."""

    known: str | None
    refs: str
    finding: Finding

    @property
    def shows(self) -> tuple[object, ...]:
        """What of it is printed."""
        return self.known, self.finding.title, self.refs, self.finding.earliest, self.finding.latest, self.finding.flags


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfInfusion:
    """What the sheet of day 0 says beside its tasks: how late the infusion may start, and what nobody has stated."""

    limit: SlipLimit | None
    by: Finding | None
    gaps: tuple[NotStated, ...]

    @property
    def shows(self) -> tuple[object, ...]:
        """What of it is printed."""
        return self.limit, self.by and (self.by.ref, self.by.basis), self.gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDay:
    """One day of the patient's, or of the donor's: the values of its sheet.

    `unit` is the protocol's word for what is done on day 0. `planned_as`:
    the day keeps the label it was planned under. `tasks` are in order of time, each with the number of its part of the
    day; `next_tasks` are the next day's, `later` the next day that has a sheet.
    """

    on: date
    donor: bool
    day: DayLabel
    day_zero: date
    zero_label: DayLabel
    unit: str
    infusion_word: str
    planned_as: bool
    tasks: tuple[tuple[int, Event], ...]
    infusion: DayOfInfusion | None
    due: tuple[OpenPoint, ...]
    windows: tuple[OpenPoint, ...]
    going_on: tuple[Event, ...]
    next_day: DayLabel
    next_tasks: tuple[Event, ...]
    later: tuple[DayLabel, date] | None

    @property
    def shows(self) -> tuple[object, ...]:
        """All that is printed of the day: where it differs, the sheet printed before is void."""
        return (
            self.on, self.donor, self.day, self.day_zero, self.zero_label, self.unit, self.planned_as,
            tuple((part, printed_of(event, self.day_zero)) for part, event in self.tasks),
            self.infusion and self.infusion.shows,
            tuple(one.shows for one in (*self.due, *self.windows)), len(self.due),
            tuple((event.title, event.on, _clock(event)) for event in self.going_on), self.next_day,
            tuple((event.title, _clock(event)) for event in self.next_tasks), self.later,
        )  # fmt: skip


def is_at_foot(event: Event, day_zero: date) -> bool:
    """Whether an event's arithmetic is the one that the foot of its sheet shows: days from day 0 where it stands."""
    counted = event.basis.counted
    in_days = all(unit == "days" for _, unit in counted.shifts)
    return isinstance(counted.anchor, FromDayZero | FromPlannedDayZero) and counted.on == day_zero and in_days


def printed_of(event: Event, day_zero: date) -> tuple[object, ...]:
    """What is printed of a task: its time, title, days, what was recorded, and what its date rests on."""
    basis: tuple[object, ...] = ()
    if not event.task:
        record = event.record
        basis = event.basis.ground, event.basis.through, record and (record.outcome, record.at, record.timed)
        if not is_at_foot(event, day_zero):
            basis = (*basis, event.label, event.basis.counted)
    status = event.status if event.status not in ("planned", "unconfirmed") else None
    return (
        _clock(event), event.title, event.on, event.last_date, status, event.window, event.tolerance, event.flags,
        event.task, event.verify, event.category == "treatment" and event.of > 1, basis,
    )  # fmt: skip


def _clock(event: Event) -> tuple[object, ...]:
    """Start and end as wall times, with the date of an end on another day."""
    if event.start is None or event.end is None:
        return ()
    return event.start.time(), event.end.time(), (event.end.date() - event.start.date()).days


def _goes_over_midnight(event: Event) -> bool:
    """Whether a block ends on the day after its start; one that ends at midnight does not."""
    if event.start is None or event.end is None:
        return False
    return event.end.date() > event.start.date() and event.end.time() > time.min


def sheet_days(plan: Plan, *, donor: bool) -> tuple[SheetDay, ...]:
    """The patient's days that have a sheet, or the donor's, in order."""
    return _Days(plan, donor=donor).made()


class _Days:
    """The days of the patient, or of the donor."""

    def __init__(self, plan: Plan, *, donor: bool) -> None:
        self.plan, self.donor, self.day_zero = plan, donor, zero_of(plan)
        self.events = [event for event in plan.events if event.donor == donor and event.status != "cancelled"]
        self.on: dict[date, list[Event]] = defaultdict(list)
        self.spans: list[Event] = []
        for event in self.events:
            if event.last_date is not None and event.last_date > event.on:
                self.spans.append(event)
            else:
                self.on[event.on].append(event)
        self.due = [] if donor else [
            OpenPoint(known=self.known(finding), refs=", ".join(refs), finding=finding)
            for finding, refs in due_findings(plan)
        ]  # fmt: skip
        last_days = (one.finding.latest for one in self.due)
        self.days = sorted(
            {*self.on, *self.days_of_spans(), *self.mornings(), *(day for day in last_days if day is not None)}
        )
        self.tasks_on = {day: self.tasks(day) for day in self.days}

    def known(self, finding: Finding) -> str | None:
        point = finding.point
        known = self.plan.protocol.dates.get(point.name) if isinstance(point, KnownDatePoint) else None
        return known.title if known else None

    def days_of_spans(self) -> set[date]:
        days: set[date] = set()
        for event in self.spans:
            last = event.last_date or event.on
            length = (last - event.on).days + 1
            days |= {event.on, last}
            if length <= LONGEST_SPAN:
                days |= {add(event.on, number, "days", "clamp") for number in range(length)}
        return days

    def mornings(self) -> set[date]:
        """The days into which something of the day before goes over midnight."""
        return {one.end.date() for one in self.events if _goes_over_midnight(one) and one.end is not None}

    def tasks(self, day: date) -> tuple[tuple[int, Event], ...]:
        spans = [event for event in self.spans if event.on <= day <= (event.last_date or event.on)]
        return tuple((part_of(event), event) for event in (*self.on.get(day, ()), *spans))

    def made(self) -> tuple[SheetDay, ...]:
        return tuple(self.of_day(day) for day in self.days)

    def of_day(self, day: date) -> SheetDay:
        plan, tomorrow = self.plan, add(day, 1, "days", "clamp")
        later = next((other for other in self.days if other > day), None)
        label = label_of(plan, day)
        return SheetDay(
            on=day,
            donor=self.donor,
            day=label,
            day_zero=self.day_zero,
            zero_label=label_of(plan, self.day_zero),
            unit=plan.protocol.activities[plan.protocol.day_zero].unit,
            infusion_word=infusion_word(plan),
            planned_as=label != day_name(plan.protocol, self.day_zero, plan.case.dates, day),
            tasks=self.tasks_on[day],
            infusion=self.infusion(day),
            due=tuple(one for one in self.due if one.finding.latest == day),
            windows=tuple(one for one in self.due if self.is_open(one.finding, day)),
            going_on=tuple(event for event in self.events if event.on < day and self.goes_on(event, day)),
            next_day=label_of(plan, tomorrow),
            next_tasks=tuple(event for _, event in self.tasks_on.get(tomorrow, ())),
            later=(label_of(plan, later), later) if later else None,
        )

    def infusion(self, day: date) -> DayOfInfusion | None:
        zero = self.plan.protocol.day_zero
        if not any(event.activity == zero and event.number == 1 for event in self.on.get(day, ())):
            return None
        by, limit = (limit_of(self.plan) if self.plan.standing is not None else None) or (None, None)
        return DayOfInfusion(limit=limit, by=by, gaps=self.plan.not_stated)

    @staticmethod
    def is_open(finding: Finding, day: date) -> bool:
        earliest, latest = finding.earliest, finding.latest
        return earliest is not None and latest is not None and earliest <= day < latest

    def goes_on(self, event: Event, day: date) -> bool:
        if _goes_over_midnight(event) and event.end is not None:
            return event.end.date() == day
        activity = self.plan.protocol.activities.get(event.activity)
        return activity is not None and activity.until is not None


def part_of(event: Event) -> int:
    """The number of the part of the day in which it begins; the last for what has no hour."""
    if event.start is None:
        return len(PARTS)
    clock = event.start.time()
    return next(number for number, end in enumerate(PARTS) if clock < end)
