"""One state of a plan -> its events in order of time, each with its arithmetic and what it rests on; what has no date
yet; and what nobody has stated."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from schedule.engine.begun import is_unrecorded
from schedule.engine.counts import title_in
from schedule.engine.laid import Laid
from schedule.engine.place_labels import PlaceLabels
from schedule.engine.places import Place, Shifts, gap_of, is_never, place_from
from schedule.engine.site_days import why_off
from schedule.engine.slots import Slot, slot_at
from schedule.model.dates import WallTimeError, add, at_wall_time, is_skipped
from schedule.model.moment import Moment, is_past, moment_at
from schedule.model.plan import ClockFault, Event, Provenance, Status, Undated
from schedule.model.protocol import Activity, LeftToSite
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
from schedule.model.reasons.gaps import EndMissing, HourMissing, NotStated
from schedule.model.reasons.wall_times import Skipped
from schedule.model.timing import KnownDatePoint, OccurrencePoint, PlannedDayZeroPoint, step_of, times_of
from schedule.model.titles import Title, Until


class Layout(Struct, kw_only=True):
    """What laying out gives: events in order of time, what has no date yet, what is not stated, and clock faults."""

    events: list[Event] = field(default_factory=list)
    undated: list[Undated] = field(default_factory=list)
    not_stated: list[NotStated] = field(default_factory=list)
    faults: list[ClockFault] = field(default_factory=list)


def number_new(laid: Laid, numbers: Mapping[str, int]) -> Mapping[str, int]:
    """The numbers of all places once shown: those that were given before, and for each new one the next of its
    activity, in schedule order."""
    return _numbered(laid, numbers) if numbers else laid.once("numbers", lambda: _numbered(laid, numbers))


def _numbered(laid: Laid, numbers: Mapping[str, int]) -> Mapping[str, int]:
    new = [place for place in laid.slots if str(place) not in numbers]
    if not new:
        return numbers
    found, last = dict(numbers), dict[str, int]()
    for text, number in numbers.items():
        activity = text.partition("|")[0]
        last[activity] = max(last.get(activity, 0), number)
    for place in sorted(new, key=lambda place: laid.schedule_order(place)[:3]):
        last[place.activity] = found[str(place)] = last.get(place.activity, 0) + 1
    return found


def laid_events(laid: Laid, numbers: Mapping[str, int], as_of: datetime) -> Layout:
    """Every event of a plan. `as_of` is a wall time of the site, without zone: what was due by then, follows nothing
    unrecorded and is not recorded itself is `unconfirmed`."""
    shown = _Showing(laid, numbers, as_of)
    shown.show_all()
    layout, views = shown.layout, dict[int, _Showing]()
    for text in numbers:
        place = place_from(text)
        last = _as_it_was(laid, place) if place not in laid.slots else None
        if last is not None and last.when(place) is not None:
            view = views.setdefault(id(last), _Showing(last, numbers, as_of))
            event = view.event(last.slots[place])
            layout.events += [_cancelled(event, laid)] if event is not None else []
    order = {name: number for number, name in enumerate(laid.text.activities)}
    layout.events.sort(key=lambda e: (*e.in_order, order.get(e.activity, len(order)), e.number))
    return layout


def _cancelled(event: Event, laid: Laid) -> Event:
    """An event of an earlier plan as one that is cancelled, its wall times under the zone of today."""
    start, end = (laid.here(moment_at(at)).at if at is not None else None for at in (event.start, event.end))
    names = ("planned", "booked", "actual", "earliest", "latest")
    moments = {name: at and laid.here(at) for name in names for at in (getattr(event, name),)}
    return replace(event, status="cancelled", record=None, start=start, end=end, **moments)


def _as_it_was(laid: Laid, place: Place) -> Laid | None:
    """The last plan that had an occurrence; where by what is known today none ever had it, the plan with it, as the
    text in force would lay it; None where the text has it no more."""
    if place in laid.gone:
        return laid.gone[place]
    spot = next((spot for spot in laid.text.spots.get(place.activity, ()) if spot.text == place.spot), None)
    if spot is None:
        return None
    last = laid.copy(laid.facts)
    last.slots[place] = slot_at(laid.text, place, spot)
    return last


class _Showing:
    def __init__(self, laid: Laid, numbers: Mapping[str, int], as_of: datetime) -> None:
        self.laid, self.numbers = laid, numbers
        self.text, self.protocol, self.site = laid.text, laid.protocol, laid.site
        self.now = as_of.replace(tzinfo=laid.where)
        self.layout = Layout()
        self.labels = PlaceLabels(laid)

    def show_all(self) -> None:
        layout, dates = self.layout, self.laid.case.dates
        for activity in self.protocol.activities.values():
            gap = gap_of(self.protocol, activity, self.text.days_of(activity), dates)
            if gap is not None and not is_never(activity, dates):
                layout.not_stated.append(gap)
        for slot in self.laid.slots.values():
            event = self.event(slot)
            layout.events += [event] if event is not None else []

    def undated(self, slot: Slot, number: int) -> None:
        """Note what has no date, and why."""
        activity, gap = slot.activity, self.gap(slot)
        self.layout.not_stated.append(gap)
        undated = Undated(
            id=f"{activity.id}-{number}", activity=activity.id, number=number, title=self.title(slot),
            donor=activity.donor, cycle=slot.place.cycle, category=activity.category, gap=gap,
        )  # fmt: skip
        self.layout.undated.append(undated)

    def event(self, slot: Slot) -> Event | None:
        """The occurrence as an event; None where it has no date, which is noted. Of one state of a plan the clock
        changes nothing of it but its status: it is made once for each."""
        number, when = self.numbers[str(slot.place)], self.laid.when(slot.place)
        if when is None:
            self.undated(slot, number)
            return None
        known, key = self.laid.memo["events"], (slot.place, number, self.status(slot, when))
        if key not in known:
            known[key] = self._event(slot, when, *key[1:]), self._clock_fault(slot, when, number)
        event, fault = known[key]
        self.layout.faults += fault
        found: Event = event
        return found

    def _event(self, slot: Slot, when: Moment, number: int, status: Status) -> Event:
        laid, place, activity = self.laid, slot.place, slot.activity
        end = laid.end(place)
        span = slot.span is not None
        last = self.last_date(slot, when, end) if span else None
        window = laid.window(place)
        label = self.labels.of(slot)
        milestone = activity.category == "milestone"
        return Event(
            id=f"{activity.id}-{number}",
            activity=activity.id,
            number=number,
            of=self.asked(activity),
            title=self.title(slot, last),
            day=label.number,
            label=label,
            on=when.on,
            last_date=last,
            start=when.at,
            end=when.at if span or end is None or end.at is None else end.at,
            planned=laid.planned(place),
            booked=laid.booked(place),
            actual=laid.actual(place),
            earliest=window[0] if window else None,
            latest=window[1] if window else None,
            donor=activity.donor,
            status=status,
            since=1,
            provenance=self.provenance(slot),
            basis=self.basis(slot, last),
            category=activity.category,
            verify=activity.verify,
            task=activity.id in self.text.tasks,
            flags=() if milestone else why_off(self.site, when.on, (window[0].on, window[1].on) if window else None),
            cycle=place.cycle,
            record=laid.record(place),
            replaced=slot.replaced,
        )

    def asked(self, activity: Activity) -> int:
        """How many occurrences the protocol asks for."""
        cycles = [one for one in activity.cycles or (0,) if one not in self.laid.never]
        return max(len(self.text.spots.get(activity.id, ())) * len(cycles), 1)

    def last_date(self, slot: Slot, when: Moment, end: Moment | None) -> date | None:
        """The last day, included, of what is one span; the latest that it may have while its end is open."""
        if end is not None:
            return max(when.on, end.on)
        whole = slot.span.days if slot.span is not None else None
        return None if whole is None else add(when.on, whole, "days", "clamp")

    def title(self, slot: Slot, last: date | None = None) -> Title:
        activity = slot.activity
        until = Until(what=activity.until, latest=last) if activity.until and slot.span else None
        return replace(title_in(self.laid, slot), until=until)

    def status(self, slot: Slot, when: Moment) -> Status:
        """As recorded; cancelled; `unconfirmed` once past with nothing unrecorded before it; else planned."""
        laid, place, record = self.laid, slot.place, self.laid.record(slot.place)
        if record is not None:
            return record.outcome
        if laid.is_ended(place) or slot.replaced:
            return "cancelled"
        over = is_past(when, self.now) and slot.activity.category != "milestone"
        over = over and not any(is_unrecorded(laid, other, self.now) for other in laid.followed(place))
        if laid.cancelled is not None and not (over and is_past(when, laid.cancelled)):
            return "cancelled"
        return "unconfirmed" if over else "planned"

    def provenance(self, slot: Slot) -> Provenance:
        """Whether the site gave it, or what it is counted from; else whether the protocol states or implies it."""
        activity, leader = slot.activity, self.laid.leader(slot.place)
        from_site = leader is not None and self.provenance(self.laid.slots[leader]) == "site"
        if activity.id in self.text.tasks or activity.parameter or from_site:
            return "site"
        return "derived" if activity.derivation else "stated"

    # What a date rests on ---------------------------------------------------------------------------------------------

    def basis(self, slot: Slot, last: date | None) -> Basis:
        """The sum, and who says so."""
        laid, spot, activity = self.laid, slot.spot, slot.activity
        place_now, planned = laid.place_time(slot.place), laid.planned(slot.place)
        through = last if activity.continuous and not activity.until else None
        stays = slot.fixed and planned is not None and not planned.is_same(place_now)
        base = laid.base_of(slot)
        shifts = tuple((count, unit) for count, unit in spot.shifts if count)
        if spot.later:
            shifts = (*shifts, (spot.later, "days"))
        at = base.at.replace(tzinfo=None) if spot.timed and base is not None and base.at is not None else None
        on = base.on if base is not None else (planned or Moment(on=date.min)).on
        anchor = self.anchor(slot)
        if isinstance(anchor, FromCycle):
            on = add(on, -self.protocol.origin, "days", "clamp")
            shifts = self._from_first_day(shifts)
        counted = CountedFrom(anchor=anchor, on=on, at=at, shifts=shifts)
        return Basis(counted=counted, ground=self.ground(activity), through=through, stays=stays)

    def _from_first_day(self, shifts: Shifts) -> Shifts:
        """A sum from the anchor day of a cycle as one from its first day."""
        days = sum(count for count, unit in shifts if unit == "days") + self.protocol.origin
        rest = tuple((count, unit) for count, unit in shifts if unit != "days")
        return (*(((days, "days"),) if days else ()), *rest)

    def anchor(self, slot: Slot) -> Anchor:
        """What the date is counted from."""
        leader = self.laid.leader_of(slot)
        if leader is not None:
            ends = slot.spot.ends and slot.spot.link <= 0
            return FromActivity(title=self.title(self.laid.slots[leader]), which=slot.spot.which, ends=ends)
        match slot.activity.base:
            case KnownDatePoint(name):
                return FromStartDate(title=self.protocol.dates[name].title)
            case PlannedDayZeroPoint():
                return FromPlannedDayZero()
            case _:
                return FromCycle(cycle=slot.place.cycle) if slot.place.cycle > 1 else FromDayZero()

    def ground(self, activity: Activity) -> Ground:
        """Who says when it is."""
        if activity.id in self.text.tasks:
            return SiteTask()
        if activity.parameter:
            text = self.site.texts.get(activity.parameter, "")
            series = activity.days.series if isinstance(activity.days, LeftToSite) else None
            if series is None:
                return SiteParameter(name=activity.parameter, text=text)
            every = (step_of(series),)
            return SiteParameter(name=activity.parameter, text=text, every=every, times=times_of(series))
        if activity.derivation:
            return DerivedAs(text=activity.derivation)
        return StatedIn(protocol=self.protocol.id, section=activity.quotation.section if activity.quotation else "")

    # What is missing --------------------------------------------------------------------------------------------------

    def gap(self, slot: Slot) -> NotStated:
        """Why an occurrence has no date: what it is counted from has no end, or no hour."""
        laid, title = self.laid, slot.activity.title
        ahead, spot = slot, slot.spot
        while laid.when(ahead.place) is None:  # what it is counted from may itself have no date
            others = (place for place in laid.slots if place.activity == ahead.spot.target)
            leader = laid.leader_of(ahead) or next(others, None)
            if leader is None:
                break
            ahead, spot = laid.slots[leader], ahead.spot
        anchor, parameter = self.title(ahead), ahead.activity.id
        if (spot.ends or ahead.span is not None) and laid.end(ahead.place) is None:
            return EndMissing(parameter=parameter, title=title, anchor=anchor)
        return HourMissing(parameter=parameter, title=title, anchor=anchor, which=spot.which)

    def _clock_fault(self, slot: Slot, when: Moment, number: int) -> tuple[ClockFault, ...]:
        """That the site's hour does not exist on the date, or comes twice; nothing where it does, and once."""
        clock, zone, place = slot.clock, self.laid.zone, slot.place
        if zone is not None and when.at is not None and is_skipped(when.at) and place not in self.laid.records:
            fault = Skipped(day=when.on, clock=when.at.time(), zone=zone.key)
            return (ClockFault(event=OccurrencePoint(slot.activity.id, number), on=when.on, fault=fault, kept=True),)
        if clock is None or zone is None or slot.spot.timed or place in self.laid.records:
            return ()
        if when.at is not None and (when.at.time() != clock.start or clock.end is None):
            return ()
        on = when.on
        try:
            if when.at is None:
                at_wall_time(on, clock.start, zone)
            if clock.end is not None:
                on = add(on, int(clock.ends_next_day), "days", "clamp")
                at_wall_time(on, clock.end, zone)
        except WallTimeError as error:
            point = OccurrencePoint(slot.activity.id, number)
            return (ClockFault(event=point, on=on, fault=error.fault),)
        return ()
