"""One patient's plan as values: occurrences, findings, where the patient stands."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from schedule.model.case import Case, Ruling, Site
from schedule.model.moment import Moment
from schedule.model.notation import DayLabel
from schedule.model.protocol import Category, IfBroken, Protocol
from schedule.model.reasons.alerts import Alert
from schedule.model.reasons.basis import Basis
from schedule.model.reasons.days_off import DayOff
from schedule.model.reasons.findings import FindingReason, FindingSource, FindingTitle, LastDayClosed, Repeat
from schedule.model.reasons.gaps import NotStated
from schedule.model.reasons.wall_times import WallTimeFault
from schedule.model.records import PartlyCompared
from schedule.model.timing import Bound, OccurrencePoint, Point
from schedule.model.titles import Title

if TYPE_CHECKING:
    from schedule.model.history import History

Status = Literal["planned", "unconfirmed", "given", "done", "held", "cancelled"]
Provenance = Literal["stated", "derived", "site"]
Outcome = Literal["given", "done", "held"]


class Event(Struct, frozen=True, kw_only=True):
    """One dated thing. `on` is the local date; `last_date`, included, ends a span; `start` and `end` are moments in
    the site's zone, equal where no end is known, None where untimed.

    All four are those of the time that counts: `actual`, else `booked`, else `planned`. `planned` is the target, of a
    fixed event the one it had when it was fixed; `booked` is chosen by a person, inside the window; `actual` is when it
    was given, done or begun.

    `of` is how many occurrences the protocol asks for; `day`, the number of the day as the label's clock counts it, and
    `label` name the place in the schedule, not the date. `earliest` and `latest` (included) are the window, None where
    none is stated. `cycle` is 0 where the days count through. `record` is what was recorded of it. `replaced`: it was
    held, and is planned again under another number.
    """

    id: str
    activity: str
    number: int
    of: int
    title: Title
    day: int
    label: DayLabel
    on: date
    last_date: date | None
    start: datetime | None
    end: datetime | None
    donor: bool
    status: Status
    since: int
    provenance: Provenance
    basis: Basis
    category: Category
    verify: bool
    task: bool
    flags: tuple[DayOff, ...]
    planned: Moment | None
    booked: Moment | None = None
    actual: Moment | None = None
    earliest: Moment | None = None
    latest: Moment | None = None
    cycle: int = 0
    record: "Record | None" = None
    replaced: bool = False

    @property
    def when(self) -> Moment:
        """The time that counts."""
        return Moment(on=self.on, at=self.start)

    @property
    def moment(self) -> datetime:
        """When it is due, as a wall time of the site without zone; an untimed event from the start of its date."""
        return self.start.replace(tzinfo=None) if self.start else datetime.combine(self.on, time.min)

    @property
    def happens_as(self) -> Outcome:
        """What it is recorded as once it has happened: treatment is given, a test, a visit or a task is done."""
        return "given" if self.category == "treatment" and not self.task else "done"


class Record(Struct, frozen=True, kw_only=True):
    """What a person recorded about an event: its outcome, and when that was.

    `at` is a wall time of the site, 00:00 where not `timed`; `moment` is the same in the site's zone, where both hour
    and zone are known, and `pinned` says that it was written with an offset. `end` is when it ended, where that was
    recorded. `partly`: not all of it was given.
    """

    outcome: Outcome
    at: datetime
    timed: bool
    reason: str
    moment: datetime | None = None
    pinned: bool = False
    end: Moment | None = None
    partly: bool = False

    @property
    def start(self) -> Moment:
        """When it was."""
        return Moment(on=self.at.date(), at=self.moment, pinned=self.pinned)


Phase = Literal["ahead", "begun", "infused"]
"""How far a patient has come: everything is ahead; lymphodepletion has begun; the infusion is recorded."""


class CycleStanding(Struct, frozen=True, kw_only=True):
    """Where planned day 0 and day 0 of a later cycle stand."""

    planned: Moment
    day_zero: Moment


class Standing(Struct, frozen=True, kw_only=True):
    """How far a patient's schedule has come. A new plan has nothing but its planned day 0.

    `planned` and `day_zero` are those of the first cycle, `cycles` those of later ones that are given. `records` are
    the last words, by the event's id. `fixed` are the ids of the events that the last move left where they were.
    """

    planned: Moment
    day_zero: Moment
    phase: Phase = "ahead"
    cancelled: bool = False
    records: Mapping[str, Record] = field(default_factory=dict)
    cycles: Mapping[int, CycleStanding] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()

    @property
    def begun(self) -> bool:
        """Whether planned day 0 stays where it is, and only day 0 moves."""
        return self.phase != "ahead"

    @property
    def infused(self) -> bool:
        """Whether day 0 is where the recorded infusion was, and no longer moves."""
        return self.phase == "infused"


class ClockFault(Struct, frozen=True, kw_only=True):
    """A time of the site's that does not exist or happens twice on an event's date; the event is untimed until
    mended."""

    event: OccurrencePoint
    on: date
    fault: WallTimeFault


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
DayStatus = Literal["met", "boundary", "due"]


class SlipLimit(Struct, frozen=True, kw_only=True):
    """How far day 0 may slip from planned day 0, as `bound` says. `last` is the last day, included. `until`, the
    last moment for the infusion to start, is None where the bound is in days, or the hour of planned day 0 is not
    known."""

    bound: Bound
    planned: Moment
    last: date
    until: datetime | None


class Finding(Struct, frozen=True, kw_only=True):
    """One rule's verdict about one point. `earliest` and `latest` (included) are what the safe reading allows the
    point.

    `if_broken` is what a slip that breaks the rule must do. `ruling` is the principal investigator's word for this
    day 0. `aim` is advice. `expires` is the last day 0 that a test already done can serve. `overdue`: a test or an
    event that is due, and the day has passed. `limit` is how late day 0 may lie. `basis` is what the verdict rests
    on, in the order in which it is told.
    """

    rule: str
    ref: str
    point: Point | None
    status: Verdict
    title: FindingTitle
    actual: date | None = None
    earliest: date | None = None
    latest: date | None = None
    aim: tuple[date, date] | None = None
    repeat: Repeat | None = None
    expires: date | None = None
    overdue: bool = False
    if_broken: IfBroken | None = None
    ruling: Ruling | None = None
    flags: tuple[LastDayClosed, ...] = ()
    limit: SlipLimit | None = None
    basis: tuple[FindingReason, ...]
    source: FindingSource
    cycle: int = 1


class DayZeroes(Struct, frozen=True, kw_only=True):
    """The feasible days 0 of `cycle`, the first whose infusion is not recorded. `earliest` and `latest` are of `met`
    days; None is unbounded, or no such day.

    `intervals` holds first and last day, both included (None is unbounded), and the status of every day between: `due`
    in place of `met` where nothing is known of the patient, and `missing` names the dates and the choices without
    which it cannot be judged. `start` is from when to when, by the clock and both included, it would have to start to
    keep what is counted in hours from something that moves with it, where at its own hour it does not. `hangs_on` names
    the choices not made and the site's parameters not given without which some rule cannot be judged.
    """

    earliest: date | None
    latest: date | None
    intervals: tuple[tuple[date | None, date | None, DayStatus], ...]
    binding: tuple[str, ...]
    next: tuple[str, ...]
    assumes: tuple[str, ...]
    hangs_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    start: tuple[time | None, time | None] = (None, None)
    cycle: int = 1


class ZeroMove(Struct, frozen=True, kw_only=True):
    """A move of day 0: the number of its act in the history (0: the first), of which cycle, where day 0 stood before
    it, as of when it was made (a wall time of the site), and by whom."""

    step: int
    cycle: int
    was: Moment
    at: datetime
    by: str


class ClockTurn(Struct, frozen=True, kw_only=True):
    """From `at` (aware, of the site's zone) on these findings hold, each by its number: those of the plan come first,
    then those of its `ClockChanges`."""

    at: datetime
    findings: tuple[int, ...]


class ClockChanges(Struct, frozen=True, kw_only=True):
    """What the clock alone changes of a plan after its as-of, while nobody enters anything.

    `waits_for` has, by its id, each event that will not be recorded by itself once it is past, with the recorded times
    of what it follows: those must have come, too. `begins` is when treatment before day 0 begins. `turns` are the
    moments, earliest first, at which findings change, `findings` those that come new.
    """

    waits_for: Mapping[str, tuple[Moment, ...]]
    begins: Moment | None = None
    turns: tuple[ClockTurn, ...] = ()
    findings: tuple[Finding, ...] = ()


class Plan(PartlyCompared, frozen=True, kw_only=True, eq=False, dict=True):
    """One revision of one patient's schedule. `standing` is None only where just the feasible days were asked for.

    `as_of` is a wall time of the site, without zone. `revision` is 1 for the first. `alerts` is what every output
    must say, each kind once; that a newer revision has taken its place comes first. `undated` is what has no date yet.
    `doses_before` are the ids of the doses before the cells, by cycle.

    What few who read a plan ask for is worked out then: `days_zero` are the feasible days 0, `dates_missing` the dates
    and choices that they lack, `turns_of_clock` what the clock will change, `zero_moves` the moves of day 0;
    `laid_before` gives the events as they lay before an act, by its number in the history, and `made_from` that
    history.
    """

    not_compared = frozenset({"days_zero", "turns_of_clock", "dates_missing", "zero_moves", "laid_before", "made_from"})

    protocol: Protocol
    site: Site
    case: Case
    as_of: datetime
    revision: int
    schedule_id: uuid.UUID
    standing: Standing | None
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    days_zero: Callable[[], DayZeroes | None]
    not_stated: tuple[NotStated, ...]
    alerts: tuple[Alert, ...]
    undated: tuple[Undated, ...] = ()
    doses_before: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    turns_of_clock: Callable[[], ClockChanges]
    dates_missing: Callable[[], tuple[str, ...]]
    zero_moves: Callable[[], tuple[ZeroMove, ...]]
    laid_before: Callable[[int], tuple[Event, ...]]
    made_from: "Callable[[], History | None]"

    @cached_property
    def feasible(self) -> DayZeroes | None:
        """The feasible days 0; None once the infusion is recorded."""
        return self.days_zero()

    @cached_property
    def history(self) -> "History | None":
        """What the plan was made from; None only where just the feasible days were asked for."""
        return self.made_from()

    @property
    def missing(self) -> tuple[str, ...]:
        """The dates and choices without which no day 0 can be judged, of a patient of whom no date is known."""
        return self.dates_missing()

    @cached_property
    def moves(self) -> tuple[ZeroMove, ...]:
        """Every move of day 0, oldest first."""
        return self.zero_moves()

    @cached_property
    def clock(self) -> ClockChanges:
        """What the clock alone will change."""
        return self.turns_of_clock()

    @property
    def violated(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.status == "violated")

    @property
    def day_zero(self) -> date | None:
        return self.standing.day_zero.on if self.standing else None


def standing_of(plan: Plan) -> Standing:
    """Where the patient of a stored plan stands; a stored plan always has a planned day 0."""
    assert plan.standing is not None
    return plan.standing


Person = Literal[
    "principal investigator", "nurses", "coordinator", "patient", "pharmacy", "cell laboratory", "donor", "laboratory"
]  # fmt: skip
"""Who may have to be told of a change."""
