"""Protocol + site + day 0 -> dated events, each with its arithmetic and the words it rests on.

Nothing is dated unless the protocol states it, it follows from what is stated, or the site has entered it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Literal

from schedule.case import Site, Task
from schedule.days import (
    MINUS,
    WEEKDAYS_IN_FULL,
    WallTimeError,
    add,
    add_hours,
    at_wall_time,
    day_label,
    day_number,
    plural,
    spell,
    spell_moment,
)
from schedule.grammar import AfterActivity, ClockTime, Occurrence, OnDays
from schedule.protocol import Activity, Category, Protocol
from schedule.rules import days_of

Status = Literal["planned", "unconfirmed", "given", "done", "held", "cancelled"]
Provenance = Literal["stated", "derived", "site"]
Outcome = Literal["given", "done", "held"]
Moments = tuple[datetime | None, datetime | None]
UNTIMED: Moments = (None, None)
RECORDED = "; recorded "


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One dated thing. `on` is the local date; `last_date` (included) ends a span; `start` and `end` are moments in the
    site's zone, equal where no end is known, None where untimed. `window` is the first and last day allowed.
    """

    id: str
    activity: str
    number: int
    of: int
    title: str
    day: int
    label: str
    on: date
    last_date: date | None
    window: tuple[date, date] | None
    start: datetime | None
    end: datetime | None
    donor: bool
    status: Status
    since: int
    provenance: Provenance
    basis: str
    category: Category
    verify: bool
    task: bool
    flags: tuple[str, ...]

    @property
    def moment(self) -> datetime:
        """When it is due, as a wall time of the site without zone; an untimed event from the start of its date."""
        return self.start.replace(tzinfo=None) if self.start else datetime.combine(self.on, time.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayZero:
    """A day 0: its date, and its moment in the site's zone where an hour is known.

    Two moments of one zone compare by their wall times in Python, so that the two 01:30 of an autumn night are equal;
    `instant`, in UTC, is what is to be compared.
    """

    on: date
    at: datetime | None = None

    @property
    def instant(self) -> datetime | None:
        return self.at.astimezone(UTC) if self.at is not None else None

    def is_same(self, other: "DayZero") -> bool:
        return (self.on, self.instant) == (other.on, other.instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a person recorded about an event: its outcome, and when that was, as a wall time of the site."""

    outcome: Outcome
    at: datetime
    timed: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a patient's schedule has come. A new plan has nothing but its planned day 0.

    `settled` events keep their id, label, date and basis, whatever else moves. `renumbered` gives a held dose that is
    planned anew the number of its new occurrence. `begun`: planned day 0 stays, only day 0 moves. `silent`: the protocol
    does not speak of this slip. `illness`: day 0 has slipped because of one.
    """

    planned: DayZero
    day_zero: DayZero
    infused: bool = False
    begun: bool = False
    illness: bool = False
    silent: bool = False
    cancelled: bool = False
    records: Mapping[str, Record] = field(default_factory=dict)
    settled: tuple[Event, ...] = ()
    renumbered: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStated:
    """Something neither the public record nor the site gives, and what to do about it."""

    parameter: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFault:
    """A time of the site's that does not exist, or happens twice, on an event's date; the event is untimed until mended."""

    event: str
    on: date
    text: str


@dataclass(slots=True, kw_only=True)
class Layout:
    """What laying out gives: events in order of time, what could not be dated, and clock faults."""

    events: list[Event] = field(default_factory=list)
    not_stated: list[NotStated] = field(default_factory=list)
    faults: list[ClockFault] = field(default_factory=list)


def spell_offset(count: int, unit: str = "days") -> str:
    """` − 5 days`, ` + 1 day`, and nothing for 0: what is added to an anchor."""
    if count == 0:
        return ""
    return f" {MINUS if count < 0 else '+'} {plural(abs(count), unit)}"


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


def lay_out_events(protocol: Protocol, site: Site, standing: Standing, as_of: datetime) -> Layout:
    """Every event of the plan, in order of time; what is settled stays as it is.

    `as_of` is a wall time of the site, without zone: what was due by then and is not recorded is unconfirmed.
    """
    return _Laying(protocol, site, standing, as_of).lay_out()


class _Laying:
    def __init__(self, protocol: Protocol, site: Site, standing: Standing, as_of: datetime) -> None:
        self.protocol, self.site, self.standing, self.as_of = protocol, site, standing, as_of
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
            id=task.id, title=task.title, unit="", category="visit", base="day-zero", course=None, days=task.days,
            parameter=None, continuous=False, until=None, donor=task.donor, verify=False, quotation=None, derivation=None,
        )  # fmt: skip

    def of_activity(self, activity_id: str) -> list[Event]:
        if activity_id not in self.dated:
            activity = self.protocol.activities[activity_id]
            days = days_of(self.protocol, self.site, activity_id)
            if days is None:
                parameter = self.protocol.parameters[activity.parameter or ""]
                self.layout.not_stated.append(NotStated(parameter=parameter.name, text=parameter.missing))
                found = []
            elif isinstance(days, OnDays):
                found = self.on_days(activity, days, self.site.times.get(activity_id))
            else:
                found = list(self.after(activity, days))
            self.dated[activity_id] = found
        return self.dated[activity_id]

    def on_days(self, activity: Activity, days: OnDays, clock: ClockTime | None) -> list[Event]:
        occurrences = days.occurrences
        if activity.continuous or activity.until:
            first = occurrences[0]
            event = self.event(activity, 1, 1, self.date_of(activity, first), self.arithmetic(activity, first))
            last = self.date_of(activity, occurrences[-1])
            if self.settled_as(activity, 1):
                return [event]
            if activity.until:
                return [replace(event, title=f"{event.title}, from this day until {activity.until}")]
            return [replace(event, last_date=last, basis=f"{event.basis}; until {spell(last)}, that day included")]
        found = []
        for number, occurrence in enumerate(occurrences, 1):
            if (settled := self.settled_as(activity, number)) is not None:
                found.append(settled)
                continue
            day = self.date_of(activity, occurrence)
            window = None
            if occurrence.before or occurrence.after:
                window = (add(day, -occurrence.before, "days", "clamp"), add(day, occurrence.after, "days", "clamp"))
            moments = self.moments(activity, number, day, clock)
            reckoning = self.arithmetic(activity, occurrence)
            found.append(self.event(activity, number, len(occurrences), day, reckoning, window=window, moments=moments))
        return found

    def base_of(self, activity: Activity) -> tuple[str, date]:
        if activity.base == "planned-day-zero":
            return "planned day 0", self.standing.planned.on
        return "day 0", self.day_zero

    def date_of(self, activity: Activity, occurrence: Occurrence) -> date:
        first = add(self.base_of(activity)[1], occurrence.offset, "days", self.protocol.months)
        return add(first, occurrence.months, "months", self.protocol.months) if occurrence.months else first

    def arithmetic(self, activity: Activity, occurrence: Occurrence) -> str:
        whose, base = self.base_of(activity)
        text = f"{whose} ({spell(base)}){spell_offset(occurrence.offset)}"
        return text + spell_offset(occurrence.months, "months")

    def after(self, activity: Activity, days: AfterActivity) -> Iterator[Event]:
        anchors = [event for event in self.of_activity(days.activity) if event.status != "held"]
        if not anchors:
            return
        anchor = anchors[-1 if days.last else 0]
        name = f"{'last ' if days.last else ''}{anchor.title}"
        from_site = anchor.provenance == "site"
        if days.unit != "hours":
            start_day = self.counted_from(anchor)
            day = add(start_day, days.count, days.unit, self.protocol.months)
            reckoning = f"{name} ({spell(start_day)}){spell_offset(days.count, days.unit)}"
            moments = self.moments(activity, 1, day, self.site.times.get(activity.id))
            yield self.event(activity, 1, 1, day, reckoning, moments=moments, from_site=from_site)
            return
        if anchor.start is None:
            hour = "enter its hour in the site file's [times]"
            text = f"{activity.title}: counted in hours from {name}, whose hour is not stated; {hour}."
            self.layout.not_stated.append(NotStated(parameter=anchor.activity, text=text))
            return
        for number in range(1, days.times + 1):
            hours = days.count + days.every_hours * (number - 1)
            start = add_hours(anchor.start, hours)
            reckoning = f"{name} ({spell_moment(anchor.start)}){spell_offset(hours, 'hours')}"
            moments = (start, start)
            yield self.event(
                activity, number, days.times, start.date(), reckoning, moments=moments, from_site=from_site
            )

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
    ) -> Event:
        protocol = self.protocol
        settled = self.settled_as(activity, number)
        if settled is not None:
            return settled
        ordinal, number = number, self.number_of(activity, number)
        shown = day_number((day - self.base_of(activity)[1]).days, protocol.numbering)
        label = day_label(shown, protocol.numbering)
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
        event = Event(
            id=f"{activity.id}-{number}", activity=activity.id, number=number, of=of,
            title=f"{activity.title} ({activity.unit} {ordinal} of {of})" if of > 1 and activity.unit else activity.title,
            day=shown, label=label, on=day, last_date=None, window=window, start=start, end=end, donor=activity.donor,
            status="planned", since=1, provenance=provenance,
            basis=f"{label} = {reckoning}; {reason}", category=activity.category, verify=activity.verify, task=task,
            flags=self.flags(activity, day, window),
        )  # fmt: skip
        return self.standing_of(event)

    def number_of(self, activity: Activity, ordinal: int) -> int:
        return self.standing.renumbered.get(f"{activity.id}-{ordinal}", ordinal)

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
        if record is not None:
            basis += (
                f"{RECORDED}{record.outcome}, {spell_moment(record.at) if record.timed else spell(record.at.date())}"
            )
        return event if (event.status, event.basis) == (status, basis) else replace(event, status=status, basis=basis)

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
