"""What is true of a site and of one patient. Frozen; made by `files/site_file` and `files/case_file`.

A patient is a study code. Absent is not "no": a known date is there, or is `NEVER`, or its key is missing.
"""

from datetime import date, datetime, time, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from schedule.model.moment import Moment, moment_at
from schedule.model.timing import ClockTime, Days, OnDays

NEVER: tuple[date, ...] = ()
"""The value of a known date that never was."""

RulingOutcome = Literal["allowed", "not-allowed"]


class Task(Struct, frozen=True, kw_only=True):
    """A care task of the site's own, beside the protocol's activities."""

    id: str
    title: str
    days: OnDays
    at: ClockTime | None
    donor: bool


class Closure(Struct, frozen=True, kw_only=True):
    """Days, both ends included, on which the site does not work; holidays are told apart."""

    first: date
    last: date
    holiday: bool


TasksShown = Literal["none", "daily", "each"]
WindowsShown = Literal["last day", "span", "none"]


class CalendarChoice(Struct, frozen=True, kw_only=True):
    """What a calendar shows beside what the protocol dates: the site's tasks (`daily`: one entry a day lists them), and
    windows and deadlines (`last day`: on that day alone)."""

    tasks: TasksShown = "none"
    windows: WindowsShown = "last day"


WEEKEND = frozenset((5, 6))
"""Saturday and Sunday, as `date.weekday` counts: the weekend of a site that names no other."""


class Site(Struct, frozen=True, kw_only=True, eq=False):
    """What the trial leaves open and one site decides. Without a site file: no zone, nothing given.

    `weekend` are the weekdays on which the site does not work, 0 for Monday. `lengths` are the minutes that an activity
    takes, `alarm` the minutes before each entry. Equal only to itself, as a protocol is.
    """

    name: str = ""
    zone: ZoneInfo | None = None
    closures: tuple[Closure, ...] = ()
    weekend: frozenset[int] = WEEKEND
    days: dict[str, Days] = field(default_factory=dict)
    windows: dict[str, tuple[int, int]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    times: dict[str, ClockTime] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    alarm: int | None = None
    calendar: CalendarChoice = CalendarChoice()
    sha256: str | None = None


NO_SITE = Site()


class Attested(Struct, frozen=True, kw_only=True):
    """A statement made on a date, and by whom if that was written down."""

    on: date
    by: str


class RuledValues(Struct, frozen=True, kw_only=True):
    """What a ruling was made on, about one point of its rule in one cycle: the values of both ends of every bound that
    it judged, by date, by hour only for a bound in hours; as text, ends without a value empty."""

    point: str
    cycle: int
    values: tuple[str, ...]


class Ruling(Struct, frozen=True, kw_only=True):
    """The principal investigator's word on a rule, for one day 0 (None: any, where none is planned), and for the values
    that it was made on."""

    rule: str
    outcome: RulingOutcome
    by: str
    on: date
    reason: str
    day_zero: date | None
    made_on: tuple["RuledValues", ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """One patient. `planned_time` is the wall time on `planned_day_zero`, `planned_moment` the same with its offset.

    `dates` holds dates earliest first, NEVER for "never", and no key for what is not known. `hours` are the moments, in
    the site's zone, of those dates whose hour is known. `choices`: the option by the choice. `ward`: empty where
    none is named.
    """

    code: str
    protocol: str
    planned_day_zero: date | None
    planned_time: time | None
    planned_moment: datetime | None
    dates: dict[str, tuple[date, ...]]
    attestations: dict[str, Attested]
    rulings: tuple[Ruling, ...]
    sha256: str
    choices: dict[str, str] = field(default_factory=dict)
    hours: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    ward: str = ""

    def ward_at(self, site: Site) -> str:
        """The ward that the patient is on: by default it is called as the site."""
        return self.ward or site.name

    def in_zone(self, zone: tzinfo | None) -> "Case":
        """The same under a site's zone, which may be another than when it was typed: every wall time stays."""
        typed = [at for times in self.hours.values() for at in times]
        typed += [self.planned_moment] if self.planned_moment is not None else []
        if zone is None or all(at.tzinfo is zone for at in typed):
            return self
        hours = {name: tuple(at.replace(tzinfo=zone) for at in times) for name, times in self.hours.items()}
        return replace(
            self, hours=hours, planned_moment=self.planned_moment and self.planned_moment.replace(tzinfo=zone)
        )

    def moments_of(self, name: str) -> tuple[Moment, ...]:
        """The dates under a name, each with its hour where one is known; none for "never" and for what is not known."""
        return moments_in(self.dates.get(name, ()), self.hours.get(name, ()))


def moments_in(dates: tuple[date, ...], hours: tuple[datetime, ...]) -> tuple[Moment, ...]:
    """Dates, each with its hours where some are known."""
    found: list[Moment] = []
    for day in dates:
        found += [moment_at(at) for at in hours if at.date() == day] or [Moment(on=day)]
    return tuple(found)
