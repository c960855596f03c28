"""Protocol + site + day 0 -> dated events, each with its arithmetic and what it rests on.

Nothing is dated unless the protocol states it, it follows from what is stated, or the site has entered it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from schedule.engine.cycles import cycle_starts
from schedule.engine.labels import day_name
from schedule.engine.points import IN_DAYS, days_of
from schedule.engine.settled import Settled
from schedule.engine.site_days import why_off
from schedule.model.case import NEVER, Site, Task
from schedule.model.dates import WallTimeError, add, add_hours, at_wall_time
from schedule.model.notation import DayLabel, Unit, day_number
from schedule.model.plan import ClockFault, Dates, Event, Standing
from schedule.model.protocol import Activity, ByChoice, Protocol
from schedule.model.reasons.basis import (
    Anchor,
    Basis,
    CountedFrom,
    DerivedAs,
    FromActivity,
    FromCycle,
    FromDayZero,
    FromPlannedDayZero,
    FromStartDate,
    Ground,
    SiteParameter,
    SiteTask,
    StatedIn,
)
from schedule.model.reasons.gaps import (
    ChoiceMissing,
    DateMissing,
    EndMissing,
    HourMissing,
    NotStated,
    ParameterMissing,
)
from schedule.model.timing import (
    DAY_ZERO,
    AfterActivity,
    ClockTime,
    Days,
    DayZeroPoint,
    KnownDatePoint,
    Occurrence,
    OccurrencePoint,
    OnDays,
    PlannedDayZeroPoint,
)
from schedule.model.titles import Numbered, Title, Until

Moments = tuple[datetime | None, datetime | None]
UNTIMED: Moments = (None, None)


@dataclass(slots=True, kw_only=True)
class Layout:
    """What laying out gives: events in order of time, what could not be dated, and clock faults."""

    events: list[Event] = field(default_factory=list)
    not_stated: list[NotStated] = field(default_factory=list)
    faults: list[ClockFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """Which occurrence of an activity: `number` of `of` in the protocol, `shown` of `total` as the title says it."""

    number: int = 1
    of: int = 1
    shown: int = 1
    total: int = 1
    cycle: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """Where an occurrence lies, and by which sum. `from_site`: the sum begins with days that the site gave."""

    on: date
    counted: CountedFrom
    window: tuple[date, date] | None = None
    moments: Moments = UNTIMED
    tolerance: tuple[int, int] | None = None
    from_site: bool = False


def gap_of(protocol: Protocol, activity: Activity, days: Days | None, dates: Dates) -> NotStated | None:
    """What an activity has no date for want of: a parameter of the site's, a choice, or the date it is counted from."""
    if days is None and isinstance(activity.days, ByChoice):
        choice = protocol.choices[activity.days.choice]
        return ChoiceMissing(parameter=choice.name, title=activity.title, choice=choice.title)
    if days is None:
        parameter = protocol.parameters[activity.parameter or ""]
        return ParameterMissing(parameter=parameter.name, text=parameter.missing)
    base = activity.base
    if isinstance(base, KnownDatePoint) and base.name not in dates:
        known = protocol.dates[base.name]
        return DateMissing(parameter=known.name, title=activity.title, known=known.title)
    return None


def lay_out_events(
    protocol: Protocol, site: Site, standing: Standing, as_of: datetime, dates: Dates | None = None
) -> Layout:
    """Every event of the plan, in order of time; what is settled stays as it is.

    `as_of` is a wall time of the site, without zone: what was due by then and is not recorded is `unconfirmed`.
    `dates` are the patient's known dates, from which some days are counted.
    """
    return _Laying(protocol, site, standing, as_of, dates or {}).lay_out()


def _as_activity(task: Task) -> Activity:
    return Activity(
        id=task.id,
        title=task.title,
        unit="",
        category="visit",
        base=DAY_ZERO,
        course=None,
        days=task.days,
        continuous=False,
        until=None,
        donor=task.donor,
        verify=False,
        quotation=None,
        derivation=None,
    )


def _window(day: date, before: int, after: int) -> tuple[date, date] | None:
    """The first and last day on which it may be, or None where it is fixed."""
    if not before and not after:
        return None
    return add(day, -before, "days", "clamp"), add(day, after, "days", "clamp")


def _shifts(days: AfterActivity, step: int) -> tuple[tuple[int, Unit], ...]:
    """What is added to an anchor for the `step`-th thing, from 0: one sum where the units allow it."""
    first, more = (days.count, days.unit), (days.step * step, days.step_unit)
    sums: tuple[tuple[int, Unit], ...] = first, more
    if first[1] == more[1]:
        sums = ((first[0] + more[0], first[1]),)
    elif {first[1], more[1]} == {"months", "years"}:
        sums = ((sum(count * (12 if unit == "years" else 1) for count, unit in sums), "months"),)
    return tuple((count, unit) for count, unit in sums if count)


class _Laying:
    def __init__(self, protocol: Protocol, site: Site, standing: Standing, as_of: datetime, dates: Dates) -> None:
        self.protocol, self.site, self.standing, self.dates = protocol, site, standing, dates
        self.day_zero = standing.day_zero.on
        self.kept = Settled(protocol, site, standing, as_of)
        self.layout = Layout()
        self.dated: dict[str, list[Event]] = {}

    def lay_out(self) -> Layout:
        events = self.layout.events
        for activity_id in self.protocol.activities:
            events += self.of_activity(activity_id)
        for task in self.site.tasks:
            events += self.on_days(_as_activity(task), task.days, task.at)
        events += self.kept.unlaid({event.id for event in events})
        order = {name: n for n, name in enumerate((*self.protocol.activities, *(task.id for task in self.site.tasks)))}
        events.sort(
            key=lambda e: (e.on, e.start.time() if e.start else time.max, order.get(e.activity, len(order)), e.number)
        )
        return self.layout

    def of_activity(self, activity_id: str) -> list[Event]:
        if activity_id not in self.dated:
            activity = self.protocol.activities[activity_id]
            base, days = activity.base, days_of(self.protocol, self.site, activity_id)
            gap = gap_of(self.protocol, activity, days, self.dates)
            found: list[Event]
            if gap is not None:
                self.layout.not_stated.append(gap)
                found = []
            elif days is None or (isinstance(base, KnownDatePoint) and self.dates.get(base.name) == NEVER):
                found = []
            elif isinstance(days, OnDays):
                found = self.on_days(activity, days, self.site.times.get(activity_id))
            else:
                found = list(self.after(activity, days))
            self.dated[activity_id] = found
        return self.dated[activity_id]

    def on_days(self, activity: Activity, days: OnDays, clock: ClockTime | None) -> list[Event]:
        if activity.continuous or activity.until:
            return [self.span(activity, days.occurrences)]
        starts = cycle_starts(self.protocol, self.day_zero, self.dates) if activity.cycles else {0: self.day_zero}
        cycles = activity.cycles or (0,)
        each = [(cycle, one) for cycle in cycles for one in days.occurrences]
        given = [cycle <= 1 or cycle in starts for cycle, _ in each]
        found, shown, total = [], 0, sum(given)
        for number, (cycle, occurrence) in enumerate(each, 1):
            if not given[number - 1]:
                continue
            shown += 1
            turn = _Turn(number=number, of=len(each), shown=shown, total=total, cycle=cycle)
            if (settled := self.kept.settled_as(activity.id, number)) is not None:
                found.append(settled)
                continue
            day, counted = self.reckoned(activity, occurrence, cycle, starts)
            dated = _Dated(
                on=day,
                counted=counted,
                window=_window(day, occurrence.before, occurrence.after),
                moments=self.moments(activity, number, day, clock),
            )
            found.append(self.event(activity, turn, dated))
        return found

    def span(self, activity: Activity, occurrences: tuple[Occurrence, ...]) -> Event:
        """A range as one event: to its last day; or until a record ends it, at the latest on its last day, if any."""
        day, counted = self.reckoned(activity, occurrences[0], 0, {})
        event = self.event(activity, _Turn(), _Dated(on=day, counted=counted))
        if self.kept.settled_as(activity.id, 1):
            return event
        last = self.reckoned(activity, occurrences[-1], 0, {})[0] if len(occurrences) > 1 else None
        if activity.until:
            title = replace(event.title, until=Until(what=activity.until, latest=last))
            return self.kept.standing_of(replace(event, title=title, last_date=last))
        return replace(event, last_date=last, basis=replace(event.basis, through=last or event.on))

    def base_of(self, activity: Activity) -> tuple[Anchor, date]:
        match activity.base:
            case PlannedDayZeroPoint():
                return FromPlannedDayZero(), self.standing.planned.on
            case KnownDatePoint(name):
                return FromStartDate(title=self.protocol.dates[name].title), self.dates[name][-1]
            case DayZeroPoint():
                return FromDayZero(), self.day_zero

    def reckoned(
        self, activity: Activity, occurrence: Occurrence, cycle: int, starts: Mapping[int, date]
    ) -> tuple[date, CountedFrom]:
        """The date of an occurrence, and how it was reckoned."""
        anchor, base = self.base_of(activity)
        offset = occurrence.offset
        if cycle > 1:
            anchor, base, offset = FromCycle(cycle=cycle), starts[cycle], offset + self.protocol.origin
        sums: tuple[tuple[int, Unit], ...] = ((offset, "days"), (occurrence.months, "months"))
        return self.summed(CountedFrom(anchor=anchor, on=base, shifts=tuple(one for one in sums if one[0])))

    def summed(self, counted: CountedFrom) -> tuple[date, CountedFrom]:
        """The date that a sum of dates gives, and the sum."""
        day = counted.on
        for count, unit in counted.shifts:
            day = add(day, count, unit, self.protocol.months)
        return day, counted

    def after(self, activity: Activity, days: AfterActivity) -> Iterator[Event]:
        every = self.of_activity(days.activity)
        kept = [event for event in every if event.status != "held"]
        if not kept:
            return
        chosen = every if days.which == "each" else [kept[-1 if days.which == "last" else 0]]
        of, total = days.times * len(chosen), days.times * len([anchor for anchor in chosen if anchor in kept])
        shown = 0
        for place, anchor in enumerate(chosen):
            if anchor not in kept:
                continue
            if self.kept.is_open(anchor):
                gap: NotStated = EndMissing(parameter=anchor.activity, title=activity.title, anchor=anchor.title)
                self.layout.not_stated.append(gap)
                return
            if days.unit == "hours" and anchor.start is None:
                gap = HourMissing(
                    parameter=anchor.activity, title=activity.title, anchor=anchor.title, which=days.which
                )
                self.layout.not_stated.append(gap)
                return
            for step in range(days.times):
                shown += 1
                turn = _Turn(number=place * days.times + step + 1, of=of, shown=shown, total=total, cycle=anchor.cycle)
                yield self.event(activity, turn, self.dated_after(activity, days, anchor, step, turn.number))

    def dated_after(self, activity: Activity, days: AfterActivity, anchor: Event, step: int, number: int) -> _Dated:
        """The `step`-th thing, from 0, counted from an anchor: hours through UTC, days from there at that
        wall time, months from the anchor in one sum.
        """
        whose, from_site = FromActivity(title=anchor.title, which=days.which), anchor.provenance == "site"
        if days.unit == "hours" and anchor.start is not None:
            sums = _shifts(days, step)
            later = days.step * step * IN_DAYS.get(days.step_unit, 0)
            start = add_hours(anchor.start, sum(count for count, unit in sums if unit == "hours"))
            at, day = anchor.start.replace(tzinfo=None), add(start.date(), later, "days", "clamp")
            counted = CountedFrom(anchor=whose, on=at.date(), at=at, shifts=sums)
            clock = ClockTime(start=start.time().replace(fold=0))
            moments = self.moments(activity, number, day, clock) if later else (start, start)
            slack = (days.before, days.after) if days.before or days.after else None
            return _Dated(on=day, counted=counted, moments=moments, tolerance=slack, from_site=from_site)
        day, counted = self.summed(
            CountedFrom(anchor=whose, on=self.kept.counted_from(anchor), shifts=_shifts(days, step))
        )
        moments = self.moments(activity, number, day, self.site.times.get(activity.id))
        window = _window(day, days.before, days.after)
        return _Dated(on=day, counted=counted, window=window, moments=moments, from_site=from_site)

    def event(self, activity: Activity, turn: _Turn, dated: _Dated) -> Event:
        """The occurrence as an event: the settled one where there is one."""
        settled = self.kept.settled_as(activity.id, turn.number)
        if settled is not None:
            return settled
        number = self.kept.number_of(activity.id, turn.number)
        several = turn.total > 1 and activity.unit
        numbered = Numbered(unit=activity.unit, number=turn.shown, of=turn.total) if several else None
        day, label = self.named(activity, dated.on)
        task = activity.id not in self.protocol.activities
        by_site = task or activity.parameter or dated.from_site
        start, end = dated.moments
        milestone = activity.category == "milestone"
        event = Event(
            id=f"{activity.id}-{number}",
            activity=activity.id,
            number=number,
            of=turn.of,
            title=Title(text=activity.title, numbered=numbered),
            day=day,
            label=label,
            on=dated.on,
            last_date=None,
            window=dated.window,
            start=start,
            end=end,
            donor=activity.donor,
            status="planned",
            since=1,
            provenance="site" if by_site else "derived" if activity.derivation else "stated",
            basis=Basis(counted=dated.counted, ground=self.ground_of(activity)),
            category=activity.category,
            verify=activity.verify,
            task=task,
            flags=() if milestone else why_off(self.site, dated.on, dated.window),
            cycle=turn.cycle,
            tolerance=dated.tolerance,
        )
        return self.kept.standing_of(event)

    def ground_of(self, activity: Activity) -> Ground:
        """Who says when it is."""
        if activity.id not in self.protocol.activities:
            return SiteTask()
        if activity.parameter:
            return SiteParameter(name=activity.parameter, text=self.site.texts[activity.parameter])
        if activity.derivation:
            return DerivedAs(text=activity.derivation)
        return StatedIn(protocol=self.protocol.id, section=activity.quotation.section if activity.quotation else "")

    def named(self, activity: Activity, day: date) -> tuple[int, DayLabel]:
        """A day's number and label, as the clock of the activity counts them."""
        protocol, clock = self.protocol, activity
        while isinstance(
            days := days_of(protocol, self.site, clock.id) if clock.id in protocol.activities else None, AfterActivity
        ):
            clock = protocol.activities[days.activity]
        base = self.base_of(clock)[1]
        if isinstance(clock.base, KnownDatePoint):
            shown = day_number((day - base).days, protocol.numbering)
            title = protocol.dates[clock.base.name].title
            return shown, DayLabel(number=shown, numbering=protocol.numbering, clock=title)
        return protocol.number((day - base).days), day_name(protocol, base, self.dates, day)

    def moments(self, activity: Activity, number: int, day: date, clock: ClockTime | None) -> Moments:
        """Start and end on that day: day 0 at the hour planned for the patient, else at the site's time, if any."""
        at = self.standing.day_zero.at
        if activity.id == self.protocol.day_zero and number == 1 and (at is not None or self.standing.infused):
            return at, at
        if clock is None or self.site.zone is None:
            return UNTIMED
        on = day
        try:
            start = end = at_wall_time(day, clock.start, self.site.zone)
            if clock.end is not None:
                on = add(day, int(clock.ends_next_day), "days", "clamp")
                end = at_wall_time(on, clock.end, self.site.zone)
            return start, end
        except WallTimeError as error:
            event = OccurrencePoint(activity.id, self.kept.number_of(activity.id, number))
            self.layout.faults.append(ClockFault(event=event, on=on, fault=error.fault))
            return UNTIMED
