"""Protocol + site + day 0 -> dated events, each with its arithmetic and the words it rests on.

Nothing is dated unless the protocol states it, it follows from what is stated, or the site has entered it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache

from schedule.engine.points import days_of
from schedule.model.case import NEVER, Site, Task
from schedule.model.dates import WallTimeError, add, add_hours, at_wall_time
from schedule.model.notation import WEEKDAYS_IN_FULL, DayLabel, day_number, spell, spell_moment, spell_offset
from schedule.model.plan import ClockFault, Dates, Event, NotStated, Provenance, Standing, Status
from schedule.model.protocol import Activity, ByChoice, Protocol, cycle_name
from schedule.model.timing import (
    DAY_ZERO,
    AfterActivity,
    ClockTime,
    Days,
    DayZeroPoint,
    KnownDatePoint,
    Occurrence,
    OnDays,
    PlannedDayZeroPoint,
)
from schedule.model.titles import Numbered, Title, Until

Moments = tuple[datetime | None, datetime | None]
Place = tuple[int, int]
"""Which of how many, as a title says it."""
UNTIMED: Moments = (None, None)
RECORDED = "; recorded "
ANEW = 1000
"""Numbers from here on are those of occurrences whose own number was given to another one before."""


@dataclass(slots=True, kw_only=True)
class Layout:
    """What laying out gives: events in order of time, what could not be dated, and clock faults."""

    events: list[Event] = field(default_factory=list)
    not_stated: list[NotStated] = field(default_factory=list)
    faults: list[ClockFault] = field(default_factory=list)


@lru_cache(maxsize=4096)
def closed_because(site: Site, day: date) -> str | None:
    """`Saturday`, `holiday`, `site closed`, or None for a working day of the site."""
    for closure in site.closures:
        if closure.first <= day <= closure.last:
            return "holiday" if closure.holiday else "site closed"
    return WEEKDAYS_IN_FULL[day.weekday()] if day.weekday() >= 5 else None


def working_days(site: Site, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included, on which the site works."""
    days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    return [day for day in days if closed_because(site, day) is None]


def gap_of(protocol: Protocol, activity: Activity, days: Days | None, dates: Dates) -> NotStated | None:
    """What an activity has no date for want of: a parameter of the site's, a choice, or the date it is counted from."""
    if days is None and isinstance(activity.days, ByChoice):
        choice = protocol.choices[activity.days.choice]
        text = f"{activity.title}: hangs on the choice “{choice.title}”, which is not made; enter {choice.name} for the patient."
        return NotStated(parameter=choice.name, text=text)
    if days is None:
        parameter = protocol.parameters[activity.parameter or ""]
        return NotStated(parameter=parameter.name, text=parameter.missing)
    base = activity.base
    if isinstance(base, KnownDatePoint) and base.name not in dates:
        known = protocol.dates[base.name]
        text = (
            f"{activity.title}: counted from {known.title}, which has no date yet; enter {known.name} for the patient."
        )
        return NotStated(parameter=known.name, text=text)
    return None


def cycle_starts(protocol: Protocol, zero: date, dates: Dates) -> dict[int, date]:
    """The first day of each cycle: one length after the last one before it, or on the patient's own date; none for a cycle
    that is never given."""
    if protocol.cycles is None:
        return {}
    last = 1
    found = {1: add(zero, -protocol.origin, "days", "clamp")}
    for number in range(2, protocol.cycles.count + 1):
        own = dates.get(cycle_name(number))
        if own == NEVER:
            continue
        found[number] = own[-1] if own else add(found[last], protocol.cycles.length * (number - last), "days", "clamp")
        last = number
    return found


def day_name(protocol: Protocol, zero: date, dates: Dates, day: date) -> DayLabel:
    """What a day is called: `Day −5`; in a protocol with cycles `Cycle 2 Day 4`, and `Day 57` after the last."""
    plain = protocol.label((day - zero).days)
    starts = cycle_starts(protocol, zero, dates)
    begun = [(start, number) for number, start in starts.items() if start <= day]
    if not begun or protocol.cycles is None:
        return plain
    start, number = max(begun)
    into = (day - start).days
    if into >= protocol.cycles.length and number == max(starts):
        return plain
    return DayLabel(number=day_number(into, protocol.numbering), numbering=protocol.numbering, cycle=number)


def is_spent(standing: Standing, event: Event) -> bool:
    """Whether an event has been planned anew under another number: it was held, struck, or the course is given once more."""
    current = {
        number for key, number in standing.renumbered.items() if key.rpartition("-")[0] == event.activity
    }  # fmt: skip
    return event.id in standing.renumbered or (event.of < event.number < ANEW and event.number not in current)


def lay_out_events(
    protocol: Protocol, site: Site, standing: Standing, as_of: datetime, dates: Dates | None = None
) -> Layout:
    """Every event of the plan, in order of time; what is settled stays as it is.

    `as_of` is a wall time of the site, without zone: what was due by then and is not recorded is unconfirmed. `dates` are
    the patient's known dates, from which some days are counted.
    """
    return _Laying(protocol, site, standing, as_of, dates or {}).lay_out()


class _Laying:
    def __init__(self, protocol: Protocol, site: Site, standing: Standing, as_of: datetime, dates: Dates) -> None:
        self.protocol, self.site, self.standing, self.as_of, self.dates = protocol, site, standing, as_of, dates
        self.day_zero = standing.day_zero.on
        self.settled = {event.id: event for event in standing.settled}
        self.layout = Layout()
        self.dated: dict[str, list[Event]] = {}

    def lay_out(self) -> Layout:
        events = self.layout.events
        for activity_id in self.protocol.activities:
            events += self.of_activity(activity_id)
        for task in self.site.tasks:
            events += self.on_days(self.as_activity(task), task.days, task.at)
        laid = {event.id for event in events}
        events += [self.standing_of(event) for event in self.standing.settled if event.id not in laid]
        order = {name: n for n, name in enumerate((*self.protocol.activities, *(task.id for task in self.site.tasks)))}
        events.sort(
            key=lambda e: (e.on, e.start.time() if e.start else time.max, order.get(e.activity, len(order)), e.number)
        )
        return self.layout

    @staticmethod
    def as_activity(task: Task) -> Activity:
        return Activity(
            id=task.id, title=task.title, unit="", category="visit", base=DAY_ZERO, course=None, days=task.days,
            continuous=False, until=None, donor=task.donor, verify=False, quotation=None, derivation=None,
        )  # fmt: skip

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
        cycles = [cycle for cycle in activity.cycles or (0,) if cycle <= 1 or cycle in starts]
        of = len(days.occurrences) * len(activity.cycles or (0,))
        shown = 0, len(days.occurrences) * len(cycles)
        found = []
        for place, cycle in enumerate(activity.cycles or (0,)):
            for number, occurrence in enumerate(days.occurrences, 1 + place * len(days.occurrences)):
                if cycle not in cycles:
                    continue
                shown = shown[0] + 1, shown[1]
                if (settled := self.settled_as(activity, number)) is not None:
                    found.append(settled)
                    continue
                day, reckoning = self.reckoned(activity, occurrence, cycle, starts)
                moments = self.moments(activity, number, day, clock)
                window = self.window(day, occurrence.before, occurrence.after)
                found.append(
                    self.event(
                        activity, number, of, day, reckoning, window=window, moments=moments, cycle=cycle, shown=shown
                    )
                )
        return found

    def span(self, activity: Activity, occurrences: tuple[Occurrence, ...]) -> Event:
        """A range as one event: to its last day, or until a record ends it, at the latest on its last day if it has one."""
        first = occurrences[0]
        event = self.event(activity, 1, 1, *self.reckoned(activity, first, 0, {}))
        if self.settled_as(activity, 1):
            return event
        last = self.reckoned(activity, occurrences[-1], 0, {})[0] if len(occurrences) > 1 else None
        if activity.until:
            title = replace(event.title, until=Until(what=activity.until, latest=last))
            return self.standing_of(replace(event, title=title, last_date=last))
        return replace(
            event, last_date=last, basis=f"{event.basis}; until {spell(last or event.on)}, that day included"
        )

    @staticmethod
    def window(day: date, before: int, after: int) -> tuple[date, date] | None:
        """The first and last day on which it may be, or None where it is fixed."""
        if not before and not after:
            return None
        return add(day, -before, "days", "clamp"), add(day, after, "days", "clamp")

    def base_of(self, activity: Activity) -> tuple[str, date]:
        match activity.base:
            case PlannedDayZeroPoint():
                return f"planned {self.protocol.zero}", self.standing.planned.on
            case KnownDatePoint(name):
                return self.protocol.dates[name].title, self.dates[name][-1]
            case DayZeroPoint():
                return self.protocol.zero, self.day_zero

    def reckoned(
        self, activity: Activity, occurrence: Occurrence, cycle: int, starts: Mapping[int, date]
    ) -> tuple[date, str]:
        """The date of an occurrence, and how it was reckoned."""
        months = self.protocol.months
        whose, base = self.base_of(activity)
        offset = occurrence.offset
        if cycle > 1:
            whose, base, offset = f"first day of cycle {cycle}", starts[cycle], offset + self.protocol.origin
        day = add(base, offset, "days", months)
        if occurrence.months:
            day = add(day, occurrence.months, "months", months)
        text = f"{whose} ({spell(base)}){spell_offset(offset)}{spell_offset(occurrence.months, 'months')}"
        return day, text

    def after(self, activity: Activity, days: AfterActivity) -> Iterator[Event]:
        every = self.of_activity(days.activity)
        kept = [event for event in every if event.status != "held"]
        if not kept:
            return
        chosen = every if days.which == "each" else [kept[-1 if days.which == "last" else 0]]
        of = days.times * len(chosen)
        shown = 0, days.times * len([anchor for anchor in chosen if anchor in kept])
        hours_wanted = days.unit == "hours"
        for place, anchor in enumerate(chosen):
            if anchor not in kept:
                continue
            name = f"{'last ' if days.which == 'last' else ''}{anchor.title}"
            if self.is_open(anchor):
                text = f"{activity.title}: counted from the end of {anchor.title}; record that as done."
                self.layout.not_stated.append(NotStated(parameter=anchor.activity, text=text))
                return
            if hours_wanted and anchor.start is None:
                hour = "enter its hour in the site file's [times]"
                text = f"{activity.title}: counted in hours from {name}, whose hour is not stated; {hour}."
                self.layout.not_stated.append(NotStated(parameter=anchor.activity, text=text))
                return
            for step in range(days.times):
                number = place * days.times + step + 1
                shown = shown[0] + 1, shown[1]
                yield self.one_after(activity, days, anchor, name, step, number, of, shown)

    def is_open(self, event: Event) -> bool:
        """Whether something that goes on until a record ends it has not been ended."""
        record = self.standing.records.get(event.id)
        return self.protocol.activities[event.activity].until is not None and (
            record is None or record.outcome != "done"
        )

    def one_after(
        self,
        activity: Activity,
        days: AfterActivity,
        anchor: Event,
        name: str,
        step: int,
        number: int,
        of: int,
        shown: Place,
    ) -> Event:
        """The `step`-th thing, from 0, that is counted from an anchor: hours through UTC, months from the anchor in one sum."""
        from_site = anchor.provenance == "site"
        if days.unit == "hours" and anchor.start is not None:
            hours = days.count + days.step * step
            start = add_hours(anchor.start, hours)
            reckoning = f"{name} ({spell_moment(anchor.start)}){spell_offset(hours, 'hours')}"
            return self.event(
                activity, number, of, start.date(), reckoning, moments=(start, start), from_site=from_site,
                tolerance=days.tolerance, cycle=anchor.cycle, shown=shown,
            )  # fmt: skip
        start_day = self.counted_from(anchor)
        first, more = (days.count, days.unit), (days.step * step, days.step_unit)
        sums = [(first[0] + more[0], first[1])] if first[1] == more[1] else [first, more]
        if {first[1], more[1]} == {"months", "years"}:
            sums = [(sum(count * (12 if unit == "years" else 1) for count, unit in sums), "months")]
        day, text = start_day, ""
        for count, unit in sums:
            day = add(day, count, unit, self.protocol.months)
            text += spell_offset(count, unit)
        return self.event(
            activity, number, of, day, f"{name} ({spell(start_day)}){text}", from_site=from_site, cycle=anchor.cycle, shown=shown,
            moments=self.moments(activity, number, day, self.site.times.get(activity.id)),
            window=self.window(day, days.before, days.after),
        )  # fmt: skip

    def counted_from(self, anchor: Event) -> date:
        """The date that a chain counts from: the end of a span, and for a dose given late the day it was given."""
        record = self.standing.records.get(anchor.id)
        return max(anchor.last_date or anchor.on, record.at.date()) if record else anchor.last_date or anchor.on

    def event(
        self,
        activity: Activity,
        number: int,
        of: int,
        day: date,
        reckoning: str,
        *,
        window: tuple[date, date] | None = None,
        moments: Moments = UNTIMED,
        from_site: bool = False,
        cycle: int = 0,
        tolerance: int = 0,
        shown: Place | None = None,
    ) -> Event:
        protocol = self.protocol
        settled = self.settled_as(activity, number)
        if settled is not None:
            return settled
        ordinal, number = number, self.number_of(activity, number)
        place, total = shown or (ordinal, of)
        day_number_, label = self.named(activity, day)
        provenance: Provenance = "derived" if activity.derivation else "stated"
        task = activity.id not in protocol.activities
        if task or activity.parameter or from_site:
            provenance = "site"
        if task:
            reason = "a task of the site's own"
        elif activity.parameter:
            reason = f"site file, {activity.parameter} = “{self.site.texts[activity.parameter]}”"
        else:
            section = activity.quotation.section if activity.quotation else ""
            reason = activity.derivation or (f"{protocol.id}, {section}" if section else protocol.id)
        start, end = moments
        several = total > 1 and activity.unit
        numbered = Numbered(unit=activity.unit, number=place, of=total) if several else None
        event = Event(
            id=f"{activity.id}-{number}", activity=activity.id, number=number, of=of,
            title=Title(text=activity.title, numbered=numbered),
            day=day_number_, label=label, on=day, last_date=None, window=window, start=start, end=end, donor=activity.donor,
            status="planned", since=1, provenance=provenance,
            basis=f"{label} = {reckoning}; {reason}", category=activity.category, verify=activity.verify, task=task,
            flags=self.flags(activity, day, window), cycle=cycle, tolerance=tolerance,
        )  # fmt: skip
        return self.standing_of(event)

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

    def number_of(self, activity: Activity, ordinal: int) -> int:
        """The number of an occurrence: its own, unless it was planned anew, or its own was given to another one."""
        renumbered = self.standing.renumbered
        if not renumbered or f"{activity.id}-{ordinal}" in renumbered:
            return renumbered.get(f"{activity.id}-{ordinal}", ordinal)
        taken = {number for key, number in renumbered.items() if key.rpartition("-")[0] == activity.id}
        taken |= {e.number for e in self.standing.settled if e.activity == activity.id and is_spent(self.standing, e)}
        return ordinal + ANEW if ordinal in taken else ordinal

    def settled_as(self, activity: Activity, ordinal: int) -> Event | None:
        """The event that already stands for this occurrence, if it is settled."""
        event = self.settled.get(f"{activity.id}-{self.number_of(activity, ordinal)}")
        return None if event is None else self.standing_of(event)

    def standing_of(self, event: Event) -> Event:
        """The event with the status it now has: as recorded; unconfirmed once due and not recorded; else planned."""
        record = self.standing.records.get(event.id)
        status: Status = "planned"
        if record is not None:
            status = record.outcome
        elif event.status == "cancelled" or (self.standing.cancelled and event.id not in self.settled):
            status = "cancelled"
        elif event.category != "milestone" and event.moment <= self.as_of:
            status = "unconfirmed"
        basis = event.basis.partition(RECORDED)[0]
        last = event.last_date
        if record is not None:
            basis += (
                f"{RECORDED}{record.outcome}, {spell_moment(record.at) if record.timed else spell(record.at.date())}"
            )
            activity = self.protocol.activities.get(event.activity)
            if activity is not None and activity.until:
                last = max(event.on, record.at.date()) if record.outcome == "done" else self.latest_end(activity, event)
        if (event.status, event.basis, event.last_date) == (status, basis, last):
            return event
        return replace(event, status=status, basis=basis, last_date=last)

    def latest_end(self, activity: Activity, event: Event) -> date | None:
        """The day on which something ends at the latest, if it has one."""
        days = days_of(self.protocol, self.site, activity.id)
        if not isinstance(days, OnDays) or len(days.occurrences) == 1:
            return None
        return add(event.on, days.occurrences[-1].offset - days.occurrences[0].offset, "days", "clamp")

    def flags(self, activity: Activity, day: date, window: tuple[date, date] | None) -> tuple[str, ...]:
        reason = None if activity.category == "milestone" else closed_because(self.site, day)
        if reason is None:
            return ()
        if window is None:
            return (reason,)
        open_days = [spell(other) for other in working_days(self.site, *window)]
        instead = "working days in its window: " + ", ".join(open_days) if open_days else "no working day in its window"
        return (f"{reason}; {instead}",)

    def moments(self, activity: Activity, number: int, day: date, clock: ClockTime | None) -> Moments:
        """Start and end on that day: day 0 at the hour planned for the patient, else at the site's time, if any."""
        at = self.standing.day_zero.at
        if activity.id == self.protocol.day_zero and number == 1 and (at is not None or self.standing.infused):
            return at, at
        if clock is None or self.site.zone is None:
            return UNTIMED
        try:
            start = at_wall_time(day, clock.start, self.site.zone)
            return start, at_wall_time(day, clock.end, self.site.zone) if clock.end else start
        except WallTimeError as error:
            self.layout.faults.append(
                ClockFault(event=f"{activity.id}-{self.number_of(activity, number)}", on=day, text=str(error))
            )
            return UNTIMED
