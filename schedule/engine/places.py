"""Where the texts put things: the places of each activity's occurrences, each by what it is counted from and how far.

A place is what an occurrence is: two versions of a protocol speak of the same occurrence where they give it the same
place, whatever clock time the site gives. It is kept as text beside the number that it was given.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple, assert_never
from zoneinfo import ZoneInfo

from msgspec import Struct

from schedule.engine.tailor import tailored
from schedule.model.case import NEVER, Site, Task
from schedule.model.notation import Unit
from schedule.model.plan import Dates
from schedule.model.protocol import Activity, ByChoice, LeftToSite, Protocol, cycle_name
from schedule.model.reasons.gaps import ChoiceMissing, DateMissing, NotStated, ParameterMissing
from schedule.model.sizes import PIECES, TEXTS
from schedule.model.timing import (
    DAY_ZERO,
    AfterActivity,
    Base,
    ClockTime,
    Days,
    KnownDatePoint,
    OnDays,
    Which,
    Window,
)

Shifts = tuple[tuple[int, Unit], ...]
"""What is added to an anchor, in order: counts, none of them 0, with their units."""


class Place(NamedTuple):
    """An occurrence's place. `cycle` is 0 where the days count through; `order` tells apart several at one spot; `each`
    is the occurrence that it is counted from, where there is one for each: it is of that one's cycle. `turn` counts how
    often it was planned again."""

    activity: str
    cycle: int
    spot: str
    order: int = 0
    turn: int = 0
    each: "Place | None" = None

    @property
    def root(self) -> "Place":
        """The place, however often it was planned again."""
        return self._replace(turn=0) if self.turn else self

    @property
    def again(self) -> "Place":
        """The same place, planned once more."""
        return self._replace(turn=self.turn + 1)

    @property
    def in_cycle(self) -> int:
        """The cycle whose day 0 it counts from; the first where the days count through."""
        return max(self.cycle, 1)

    def __str__(self) -> str:
        cycle = self.cycle if self.each is None else 0  # which stands behind, with the one that it is counted from
        own = f"{self.activity}|{cycle}|{self.spot}|{self.order}|{self.turn}"
        return own if self.each is None else f"{own}>{self.each}"


@lru_cache(maxsize=PIECES)
def place_from(text: str) -> Place:
    """The place that `str` wrote."""
    own, _, behind = text.partition(">")
    activity, cycle, spot, order, turn = own.split("|")
    each = place_from(behind) if behind else None
    return Place(activity, each.cycle if each else int(cycle), spot, int(order), int(turn), each)


class Spot(Struct, frozen=True, kw_only=True, dict=True):
    """How far an occurrence lies from what: from a date (`base`), or from occurrences of the activity `target`.

    `ends`: from their end. `lead` are the days that come before months. `later` are days at the same wall time, after
    elapsed hours. `link` is how many come before it in a rolling series, where each is counted from the one before; -1
    in any other.
    """

    base: Base | None
    target: str | None = None
    which: Which = "first"
    ends: bool = False
    shifts: Shifts = ()
    lead: int = 0
    later: int = 0
    link: int = -1
    window: Window | None = None

    @property
    def is_zero(self) -> bool:
        """Whether it is day 0 itself."""
        return self.base == DAY_ZERO and not self.shifts

    @cached_property
    def timed(self) -> bool:
        """Whether its hour comes from the sum."""
        return any(unit == "hours" for _, unit in self.shifts)

    @cached_property
    def text(self) -> str:
        """What it is counted from and the distance, the same however the distance is written: 2 weeks are 14 days."""
        source = str(self.base) if self.target is None else f"{self.target}.{self.which}{'.end' if self.ends else ''}"
        sums = {"days": 0, "months": 0, "hours": 0}
        for count, unit in self.shifts:
            name, factor = _IN[unit]
            sums[name] += count * factor
        sums["days"] -= self.lead
        distance = f"{self.lead}d{sums['months']}m{sums['days']}d{sums['hours']}h{self.later}"
        return f"{source} {distance}{'' if self.link < 0 else f' #{self.link}'}"


_IN: dict[Unit, tuple[str, int]] = {
    "days": ("days", 1), "weeks": ("days", 7), "months": ("months", 1), "years": ("months", 12), "hours": ("hours", 1),
}  # fmt: skip
DAYS_IN: dict[Unit, int] = {"days": 1, "weeks": 7}


class Duration(Struct, frozen=True):
    """How long something lasts that is one event: days from its first to its last, None where its end is open."""

    days: int | None


class Text:
    """A protocol as it applies to one patient, with what the site gives: every activity and task, and their spots.

    `activities` has the site's tasks too; `spots` has no key for what is not dated. `spans` are those that
    are one span. `order` has leaders before what follows them. `starts` are the known dates that its days rest on.
    """

    def __init__(self, protocol: Protocol, site: Site) -> None:
        self.protocol, self.site = protocol, site
        self.zone: ZoneInfo | None = site.zone
        self.tasks = frozenset(task.id for task in site.tasks)
        self.activities = {**protocol.activities, **{task.id: as_activity(task) for task in site.tasks}}
        self.clocks: dict[str, ClockTime | None] = {name: site.times.get(name) for name in protocol.activities}
        self.clocks |= {task.id: task.at for task in site.tasks}
        self.spots: dict[str, tuple[Spot, ...]] = {}
        self.spans: dict[str, Duration] = {}
        for activity in self.activities.values():
            self._read(activity)
        self._drop_orphans()
        self.targets = {name: self._targets(name) for name in self.spots}
        self.starts = self._starts()
        zero, names = protocol.day_zero, list(self.spots)
        self.order = sorted(names, key=lambda name: (name != zero, len(self.targets[name]), names.index(name)))

    def _read(self, activity: Activity) -> None:
        days = self.days_of(activity)
        if days is None:
            return
        spots = tuple(spots_in(days, activity.base))
        if isinstance(activity.days, LeftToSite) and activity.days.series is not None:
            spots = tuple(_series_from(spots[0], activity.days.series))
        if isinstance(days, OnDays) and (activity.continuous or activity.until):
            whole = days.occurrences[-1].offset - days.occurrences[0].offset
            self.spans[activity.id] = Duration(days=None if activity.until and len(spots) == 1 else whole)
            spots = spots[:1]
        if spots:
            self.spots[activity.id] = spots

    def days_of(self, activity: Activity) -> Days | None:
        """The days of an activity or a task; None while nobody has given any."""
        if activity.id in self.tasks:
            return activity.days if isinstance(activity.days, OnDays) else None
        return days_of(self.protocol, self.site, activity.id)

    def _drop_orphans(self) -> None:
        """What is counted from something that is not dated is not dated either."""
        while lost := [name for name, spots in self.spots.items() if any(self._hangs_loose(spot) for spot in spots)]:
            for name in lost:
                del self.spots[name]

    def _starts(self) -> tuple[str, ...]:
        """The known dates that days are counted from, and those that begin a later cycle."""
        bases = (one.base.name for one in self.activities.values() if isinstance(one.base, KnownDatePoint))
        later = range(2, (self.protocol.cycles.count if self.protocol.cycles else 1) + 1)
        return tuple(dict.fromkeys((*bases, *map(cycle_name, later))))

    def _hangs_loose(self, spot: Spot) -> bool:
        return spot.target is not None and spot.target not in self.spots

    def _targets(self, name: str) -> frozenset[str]:
        """What an activity is counted from, directly or through others."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for spot in self.spots[waiting.pop()]:
                if spot.target is not None and spot.target not in found:
                    found.add(spot.target)
                    waiting.append(spot.target)
        return frozenset(found)

    def cycles_of(self, name: str) -> frozenset[int]:
        """The cycles in which an activity comes: its own, or those of what it is counted from each of; none where its
        days count through."""
        each = (spot.target for spot in self.spots.get(name, ()) if spot.which == "each" and spot.target is not None)
        return frozenset(self.activities[name].cycles).union(*map(self.cycles_of, each))

    def is_zero(self, place: Place) -> bool:
        """Whether a place is day 0 itself: that of a cycle's infusion."""
        spots = self.spots.get(place.activity, ()) if place.activity == self.protocol.day_zero else ()
        return any(spot.is_zero and spot.text == place.spot for spot in spots)

    def leads(self, name: str) -> bool:
        """Whether a course is counted from an activity, directly or through others; not a dose of the same course. From
        one that the option chosen leaves out none is, though a dose of it may be recorded."""
        own = self.activities.get(name)
        return own is not None and any(
            name in targets and self.activities[other].course not in (None, own.course)
            for other, targets in self.targets.items()
        )

    def members(self, course: str) -> tuple[str, ...]:
        """The treatments of a course."""
        return tuple(one.id for one in self.activities.values() if one.course == course and one.category == "treatment")


def days_of(protocol: Protocol, site: Site, activity_id: str) -> Days | None:
    """The days of an activity, the site's where the protocol leaves them open; None while nobody has given any."""
    days = protocol.activities[activity_id].days
    match days:
        case OnDays() | AfterActivity():
            return days
        case LeftToSite(parameter=parameter):
            return site.days.get(parameter)
        case ByChoice():
            return None
        case _:
            assert_never(days)


def text_of(protocol: Protocol, site: Site, chosen: Mapping[str, str]) -> Text:
    """The text in force for a patient for whom those options were chosen."""
    return _text_of(tailored(protocol, chosen), site)


@lru_cache(maxsize=TEXTS)
def _text_of(protocol: Protocol, site: Site) -> Text:
    return Text(protocol, site)


def as_activity(task: Task) -> Activity:
    """A task of the site's own as an activity, counted from day 0."""
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


def spots_in(days: Days, base: Base) -> Iterator[Spot]:
    """The spots that days give, in their order; one for each occurrence that is counted from, where there are more."""
    match days:
        case OnDays(occurrences=occurrences):
            for one in occurrences:
                sums: Shifts = ((one.offset, "days"), (one.months, "months"))
                shifts = tuple(pair for pair in sums if pair[0])
                yield Spot(base=base, shifts=shifts, lead=one.offset, window=one.window)
        case AfterActivity():
            yield from _after(days)
        case _:
            assert_never(days)


def _after(days: AfterActivity) -> Iterator[Spot]:
    for step in range(days.times):
        later, link = 0, -1
        if days.rolling is not None:
            link = step
            sums: Shifts = ((days.step, days.step_unit),) if step else ((days.count, days.unit),)
        elif days.unit == "hours" and days.step_unit in DAYS_IN:
            sums, later = ((days.count, days.unit),), days.step * step * DAYS_IN[days.step_unit]
        else:
            sums = joined((days.count, days.unit), (days.step * step, days.step_unit))
        yield Spot(
            base=None,
            target=days.activity,
            which=days.which,
            ends=days.ends,
            shifts=tuple((count, unit) for count, unit in sums if count or unit == "hours"),
            later=later,
            link=link,
            window=days.rolling if link > 0 else days.window,
        )


def joined(first: tuple[int, Unit], more: tuple[int, Unit]) -> Shifts:
    """Two distances as one sum where their units allow it."""
    if first[1] == more[1]:
        return ((first[0] + more[0], first[1]),)
    if {first[1], more[1]} == {"months", "years"}:
        return ((sum(count * (12 if unit == "years" else 1) for count, unit in (first, more)), "months"),)
    return first, more


def _series_from(first: Spot, series: Days) -> Iterator[Spot]:
    """A series whose first dose the site dates."""
    for step in spots_in(series, DAY_ZERO):
        shifts: Shifts = first.shifts
        for pair in step.shifts:
            shifts = (*shifts[:-1], *joined(shifts[-1], pair)) if shifts else (pair,)
        lead = sum(count * DAYS_IN.get(unit, 0) for count, unit in shifts) if first.target is None else 0
        yield Spot(
            base=first.base, target=first.target, which=first.which, ends=first.ends,
            shifts=tuple(pair for pair in shifts if pair[0] or pair[1] == "hours"), lead=lead, later=first.later,
            window=step.window,
        )  # fmt: skip


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


def is_never(activity: Activity, dates: Dates) -> bool:
    """Whether an activity is counted from a date that never was."""
    return isinstance(activity.base, KnownDatePoint) and dates.get(activity.base.name) == NEVER
