"""One patient's plan as values: occurrences, findings, where the patient stands."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import astuple, replace

from schedule.model.case import Case, Ruling, Site
from schedule.model.days_zero import DayZeroes, SlipLimit
from schedule.model.moment import Moment, in_zone
from schedule.model.notation import DayLabel
from schedule.model.protocol import Category, IfBroken, Protocol
from schedule.model.reasons.alerts import Alert
from schedule.model.reasons.basis import Basis
from schedule.model.reasons.days_off import DayOff
from schedule.model.reasons.findings import FindingReason, FindingSource, FindingTitle, LastDayClosed, Repeat
from schedule.model.reasons.gaps import NotStated
from schedule.model.reasons.wall_times import WallTimeFault
from schedule.model.records import PartlyCompared
from schedule.model.timing import OccurrencePoint, Point
from schedule.model.titles import Title

if TYPE_CHECKING:
    from schedule.model.history import History

E = TypeVar("E", bound="ListedEvent", covariant=True)
F = TypeVar("F", bound="ListedFinding", covariant=True)

Status = Literal["planned", "unconfirmed", "given", "done", "held", "cancelled"]
Provenance = Literal["stated", "derived", "site"]
Outcome = Literal["given", "done", "held"]
NO_HOUR = datetime.max.replace(tzinfo=UTC)


class ListedEvent(Struct, frozen=True, kw_only=True, array_like=True):
    """One dated thing, as much of it as a list of many patients shows. `on` is the local date; `last_date`, included,
    ends a span; `start` and `end` are moments in the site's zone, equal where no end is known, None where untimed.

    All four are those of the time that counts: `actual`, else `booked`, else `planned`. `planned` is the target, of a
    fixed event the one it had when it was fixed; `booked` is chosen by a person, inside the window; `actual` is when it
    was given, done or begun.

    `day`, the number of the day as the label's clock counts it, and `label` name the place in the schedule, not the
    date. `cycle` is 0 where the days count through. `record` is what was recorded of it.
    """

    id: str
    activity: str
    title: Title
    day: int
    label: DayLabel
    on: date
    last_date: date | None
    start: datetime | None
    end: datetime | None
    donor: bool
    status: Status
    category: Category
    task: bool
    planned: Moment | None
    booked: Moment | None = None
    actual: Moment | None = None
    cycle: int = 0
    record: "Record | None" = None

    @property
    def when(self) -> Moment:
        """The time that counts."""
        return Moment(on=self.on, at=self.start)

    @property
    def lasts(self) -> bool:
        """Whether it is known when it ends. Compared in UTC: it may last from one of two equal hours to the other."""
        return self.start is not None and self.end is not None and self.start.astimezone(UTC) < self.end.astimezone(UTC)

    @property
    def moment(self) -> datetime:
        """When it is due, as a wall time of the site without zone; an untimed event from the start of its date."""
        return self.start.replace(tzinfo=None) if self.start else datetime.combine(self.on, time.min)

    @property
    def in_order(self) -> tuple[date, bool, datetime]:
        """What events are sorted by: the date, then the hour, in UTC; what has none comes after what has one."""
        return self.on, self.start is None, self.start.astimezone(UTC) if self.start else NO_HOUR

    @property
    def happens_as(self) -> Outcome:
        """What it is recorded as once it has happened: treatment is given, a test, a visit or a task is done."""
        return "given" if self.category == "treatment" and not self.task else "done"


class Event(ListedEvent, frozen=True, kw_only=True):
    """The whole of it. `number` of how many the protocol asks for (`of`) it is. `earliest` and `latest` (included) are
    the window, None where none is stated. `replaced`: it was held, and is planned again under another number.
    """

    number: int
    of: int
    since: int
    provenance: Provenance
    basis: Basis
    verify: bool
    flags: tuple[DayOff, ...]
    earliest: Moment | None = None
    latest: Moment | None = None
    replaced: bool = False


class Record(PartlyCompared, frozen=True, kw_only=True, array_like=True, eq=False):
    """What a person recorded about an event, and when that was. Two are the same only at one instant.

    `at` is a wall time of the site, 00:00 where not `timed`; `moment` is the same in the site's zone, where both hour
    and zone are known, and `pinned` says that it was written with an offset. `end` is when it ended, where recorded.
    `partly`: not all of it was given.
    """

    outcome: Outcome
    at: datetime
    timed: bool
    reason: str
    moment: datetime | None = None
    pinned: bool = False
    end: Moment | None = None
    partly: bool = False

    def _compared(self) -> tuple[object, ...]:
        return *astuple(self), self.start

    @property
    def start(self) -> Moment:
        """When it was."""
        return Moment(on=self.at.date(), at=self.moment, pinned=self.pinned)

    def in_zone(self, zone: tzinfo | None) -> "Record":
        """The same under a site's zone, which may be another than when it was recorded."""
        start, end = in_zone(self.start, zone), self.end and in_zone(self.end, zone)
        at = start.wall if self.timed else self.at
        return self if start.at is self.moment and end is self.end else replace(self, at=at, moment=start.at, end=end)


Phase = Literal["ahead", "begun", "infused"]
"""How far a cycle has come: everything is ahead; lymphodepletion has begun; the infusion is recorded."""


class CycleStanding(Struct, frozen=True, kw_only=True):
    """Where planned day 0 and day 0 of a cycle stand, and how far it has come."""

    planned: Moment
    day_zero: Moment
    phase: Phase = "ahead"

    @property
    def begun(self) -> bool:
        """Whether planned day 0 stays, and only day 0 moves."""
        return self.phase != "ahead"

    @property
    def infused(self) -> bool:
        """Whether day 0 is where the recorded infusion was, and no longer moves."""
        return self.phase == "infused"


class Standing(CycleStanding, frozen=True, kw_only=True):
    """The same of the first cycle, and of the others that are given; the last words by the event's id; and the ids of
    the events that the last move left where they were."""

    cancelled: bool = False
    records: Mapping[str, Record] = field(default_factory=dict)
    cycles: Mapping[int, CycleStanding] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()

    def of(self, cycle: int) -> CycleStanding:
        """A cycle's own; the first's where the days count through."""
        return self.cycles.get(cycle, self)

    @property
    def in_hand(self) -> int:
        """The cycle whose day 0 is asked for now: the first whose infusion is not given, else the last; of a cancelled
        plan the last whose infusion is, else the first."""
        cycles = (1, *sorted(self.cycles))
        if self.cancelled:
            return max((one for one in cycles if self.of(one).infused), default=1)
        return next((one for one in cycles if not self.of(one).infused), cycles[-1])


class ClockFault(Struct, frozen=True, kw_only=True):
    """A time that the clocks do not show once on an event's date, which is untimed until mended; `kept` where a person
    gave it and another zone's clocks skip it: the event has it still."""

    event: OccurrencePoint
    on: date
    fault: WallTimeFault
    kept: bool = False


class Undated(Struct, frozen=True, kw_only=True):
    """One thing of the plan that has no date for want of what `gap` says. It keeps its id, and is never cancelled."""

    id: str
    activity: str
    number: int
    title: Title
    donor: bool
    cycle: int
    category: Category
    gap: NotStated
    since: int = 1


Dates = Mapping[str, tuple[date, ...]]

Verdict = Literal["met", "boundary", "violated", "due", "not stated", "not applicable", "ruled"]


class ListedFinding(Struct, frozen=True, kw_only=True, array_like=True):
    """One rule's verdict about one point, as much of it as a list of many patients shows. `earliest` and `latest`
    (included) are what the safe reading allows the point; `earliest_at` and `latest_at` their hours, where what limits
    them is counted in hours.

    `ruling` is the principal investigator's word for this day 0. `expires` is the last day 0 that a test already done
    can serve. `overdue`: a test or an event that is due, and the day has passed. `cycle` is 1 where the days count
    through.
    """

    rule: str
    ref: str
    point: Point | None
    status: Verdict
    title: FindingTitle
    earliest: date | None = None
    latest: date | None = None
    repeat: Repeat | None = None
    expires: date | None = None
    overdue: bool = False
    ruling: Ruling | None = None
    earliest_at: datetime | None = None
    latest_at: datetime | None = None
    cycle: int = 1

    @property
    def asked(self) -> tuple[Moment | None, Moment | None]:
        """From when to when the safe reading allows the point."""
        ends = ((self.earliest, self.earliest_at), (self.latest, self.latest_at))
        first, last = (Moment(on=on, at=at) if on is not None else None for on, at in ends)
        return first, last

    @property
    def is_listed(self) -> bool:
        """Whether a list shows it at all."""
        return self.status in ("violated", "boundary", "due") or self.expires is not None


class Finding(ListedFinding, frozen=True, kw_only=True):
    """The whole of it. `if_broken` is what a slip that breaks the rule must do. `aim` is advice. `limit` is how late
    day 0 may lie. `basis` is what the verdict rests on, in the order in which it is told.
    """

    actual: date | None = None
    aim: tuple[date, date] | None = None
    if_broken: IfBroken | None = None
    flags: tuple[LastDayClosed, ...] = ()
    limit: SlipLimit | None = None
    basis: tuple[FindingReason, ...]
    source: FindingSource


class ZeroMove(Struct, frozen=True, kw_only=True):
    """A move of day 0 of a cycle, by the act with that number in the history, from 0: where day 0 stood before it, as
    of when it was made (aware, of the site's zone then), and by whom."""

    step: int
    cycle: int
    was: Moment
    at: datetime
    by: str


class ClockTurn(Struct, frozen=True, kw_only=True, array_like=True):
    """From `at` (aware, of the site's zone) on these findings hold, each by its number: those of the plan come first,
    then those of its `ClockChanges`."""

    at: datetime
    findings: tuple[int, ...]


class ListedClock(Struct, frozen=True, kw_only=True, array_like=True):
    """What the clock alone changes of a plan after its as-of, while nobody enters anything.

    `lacks_from` has, by its id, each event that will not be recorded by itself, with the moment from which on it
    is not recorded: it is past, and so is what it follows. `begins` is when treatment before day 0 of each cycle
    begins. `turns` are the moments, earliest first, at which findings change, `findings` those that come new.
    """

    lacks_from: Mapping[str, datetime]
    begins: Mapping[int, Moment] = field(default_factory=dict)
    turns: tuple[ClockTurn, ...] = ()
    findings: tuple[ListedFinding, ...] = ()


class ClockChanges(ListedClock, frozen=True, kw_only=True):
    """The same of a whole plan. `feasible_until` is the first moment at which its feasible days 0 may be others."""

    findings: tuple[Finding, ...] = ()
    feasible_until: datetime | None = None


class ListedPlan(PartlyCompared, Generic[E, F], frozen=True, kw_only=True, eq=False, dict=True):
    """One patient's plan, as much of it as a list of many patients shows. `standing` is None only where just the
    feasible days were asked for.

    `as_of` is a wall time of the site, without zone. `alerts` is what every output must say, each kind once; that a
    newer revision has taken its place comes first. `undated` is what has no date yet.
    What few who read a plan ask for is worked out then: `dates_missing` gives the dates and choices without which its
    feasible days 0 cannot be judged, `turns_of_clock` what the clock will change, `zero_moves` the moves of day 0;
    `laid_before` gives the events as they lay before an act, by its number in the history.
    """

    not_compared = frozenset({"turns_of_clock", "dates_missing", "zero_moves", "laid_before"})

    protocol: Protocol
    site: Site
    case: Case
    as_of: datetime
    standing: Standing | None
    events: tuple[E, ...]
    findings: tuple[F, ...]
    alerts: tuple[Alert, ...]
    undated: tuple[Undated, ...] = ()
    turns_of_clock: Callable[[], ListedClock]
    dates_missing: Callable[[], tuple[str, ...]]
    zero_moves: Callable[[], tuple[ZeroMove, ...]]
    laid_before: Callable[[int], tuple[E, ...]]

    @property
    def missing(self) -> tuple[str, ...]:
        """The dates and choices without which no day 0 can be judged, of a patient of whom no date is known."""
        return self.dates_missing()

    @cached_property
    def moves(self) -> tuple[ZeroMove, ...]:
        """Every move of day 0, oldest first."""
        return self.zero_moves()

    @cached_property
    def clock(self) -> ListedClock:
        """What the clock alone will change."""
        return self.turns_of_clock()

    @property
    def violated(self) -> tuple[F, ...]:
        return tuple(finding for finding in self.findings if finding.status == "violated")

    @property
    def day_zero(self) -> date | None:
        return self.standing.day_zero.on if self.standing else None


AnyPlan = ListedPlan[ListedEvent, ListedFinding]
"""A plan of which no more is asked than lists show."""


class Plan(ListedPlan[Event, Finding], frozen=True, kw_only=True, eq=False, dict=True):
    """One revision of one patient's schedule, the whole of it. `revision` is 1 for the first. `doses_before` are the
    ids of the doses before the cells, by cycle. `days_zero` gives the feasible days 0, `made_from` the history.
    """

    not_compared = ListedPlan.not_compared | {"days_zero", "made_from"}

    revision: int
    schedule_id: uuid.UUID
    turns_of_clock: Callable[[], ClockChanges]
    days_zero: Callable[[], DayZeroes | None]
    not_stated: tuple[NotStated, ...]
    doses_before: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    made_from: "Callable[[], History | None]"

    @cached_property
    def feasible(self) -> DayZeroes | None:
        """The feasible days 0; None once the infusion is recorded."""
        return self.days_zero()

    @cached_property
    def clock(self) -> ClockChanges:
        """What the clock alone will change."""
        return self.turns_of_clock()

    @cached_property
    def history(self) -> "History | None":
        """What the plan was made from; None only where just the feasible days were asked for."""
        return self.made_from()


def standing_of(plan: AnyPlan) -> Standing:
    """Where the patient of a stored plan stands; a stored plan always has a planned day 0."""
    assert plan.standing is not None
    return plan.standing
