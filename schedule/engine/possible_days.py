"""Plan -> the days 0 around the present one, each with what a move to it would come to, for each kind of cause.

Each day is judged as the act itself would judge it: the plan is laid out with day 0 there, and nothing is kept.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

from schedule.engine.move import IfDayZero, if_moved, is_allowed, now_at, stands_against
from schedule.engine.records import check_as_of
from schedule.engine.replay import replay
from schedule.engine.site_days import closed_because
from schedule.model.acts import Cause, Move
from schedule.model.dates import WallTimeError, add, at_wall_time
from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.model.plan import Finding, Plan, standing_of
from schedule.model.reasons.days_off import Closed
from schedule.model.reasons.findings import Repeat
from schedule.model.reasons.records import HourIsNeeded
from schedule.model.reasons.refusals import BeyondLimit, MoveRefusal, NewlyViolated, WaitsForRuling

Prospect = Literal["met", "slip", "asks", "still-violated", "violated", "refused", "unknown"]
"""What a day 0 comes to: every rule met; a slip that nothing stands against; the principal investigator must
decide; a slip that breaks only what was broken before; a rule broken; a move that is not allowed; no judgement, since
nothing is known of the patient."""
CauseClass = Literal["illness", "other"]
"""The causes that verdicts tell apart: a critical illness of the patient, and any other."""
BEFORE, AFTER, AFTER_BEGUN = 4, 16, 11
"""Days before and after the present day 0 that are looked at, fewer once treatment has begun; whole weeks are shown."""
MOST_WEEKS = 6


class Graded(Struct, frozen=True, kw_only=True):
    """What a move of day 0 comes to. `findings` are those that it depends on, `repeats` what is to be done again,
    `refusal` why it is not allowed: no hour, where the clocks skip or double that of day 0 on that day."""

    prospect: Prospect
    findings: tuple[Finding, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    refusal: MoveRefusal | HourIsNeeded | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The references of the rules that it depends on."""
        return tuple(dict.fromkeys(finding.ref for finding in self.findings))


class PossibleDay(Struct, frozen=True, kw_only=True):
    """One day 0. `apart` counts the days from day 0 as it stands, 0 for that itself. `is_past`: it lies before
    as-of's date, and is not judged. `closed` is why the site does not work that day."""

    on: date
    apart: int
    is_past: bool
    closed: Closed | None
    graded: Mapping[CauseClass, Graded]


class Weeks(NamedTuple):
    """Which days are looked at: whole weeks, of which the first and the last day are given."""

    first: date
    last: date


def open_cycles(plan: Plan) -> tuple[int, ...]:
    """The cycles whose day 0 may still move: none whose infusion is recorded, none of a plan that is cancelled."""
    if plan.history is None or standing_of(plan).cancelled:
        return ()
    laid = replay(plan.history)
    return tuple(one for one in laid.cycles if not laid.is_infused(one))


def weeks_around(plan: Plan, cycle: int, begin: date | None = None) -> Weeks:
    """Whole weeks from some days before day 0 of a cycle to two or three weeks after it; or as many from the week of
    `begin` on as a calendar has at most."""
    assert plan.history is not None
    zero, months = replay(plan.history).day_zero(cycle).on, plan.protocol.months
    after = AFTER_BEGUN if standing_of(plan).of(cycle).begun else AFTER
    first = begin or add(zero, -BEFORE, "days", months)
    last = add(first, 7 * (MOST_WEEKS - 1), "days", months) if begin else add(zero, after, "days", months)
    return Weeks(add(first, -first.weekday(), "days", months), add(last, 6 - last.weekday(), "days", months))


def possible_days(
    plan: Plan,
    as_of: datetime,
    weeks: Weeks | None = None,
    *,
    cycle: int | None = None,
    clock: time | None = None,
    repeat: bool = False,
) -> tuple[PossibleDay, ...]:
    """Days 0 of a cycle, by default the first whose infusion is not recorded, in the weeks around the present one; none
    once day 0 no longer moves. `clock` is the hour that day 0 would have, by default its present one; `repeat`: with
    lymphodepletion given once more. Refused where as-of is too early for any act.
    """
    cycles = open_cycles(plan)
    if not cycles or cycle not in (*cycles, None):
        return ()
    around = _Around(plan, as_of, cycle or cycles[0], clock, repeat=repeat)
    first, last = weeks or weeks_around(plan, around.cycle)
    months = plan.protocol.months
    return tuple(around.possible(add(first, n, "days", months)) for n in range((last - first).days + 1))


class _Around:
    """The days around day 0 of one cycle of a plan, each looked at as of one moment."""

    def __init__(self, plan: Plan, as_of: datetime, cycle: int, clock: time | None, *, repeat: bool) -> None:
        assert plan.history is not None
        laid = replay(plan.history)
        self.plan, self.as_of, self.cycle, self.clock, self.repeat = plan, as_of, cycle, clock, repeat
        self.zero = laid.day_zero(cycle)
        check_as_of(laid, self.move_to(self.zero.on, "other"), now_at(plan, as_of))

    def move_to(self, day: date, cause: Cause) -> Move:
        return Move(to=self.at_hour(day), cause=cause, cycle=self.cycle, repeat=self.repeat)

    def possible(self, day: date) -> PossibleDay:
        """What a move to that day would come to, as the act would judge it."""
        past = day < self.as_of.date()
        return PossibleDay(
            on=day,
            apart=(day - self.zero.on).days,
            is_past=past,
            closed=closed_because(self.plan.site, day),
            graded={} if past else self.by_cause(day),
        )

    def by_cause(self, day: date) -> dict[CauseClass, Graded]:
        """The same for each kind of cause. What stands against it whatever the cause is worked out once: an illness
        asks for more statements, and is told apart by the limit of a slip alone, so that it mends no re-plan."""
        against = stands_against(self.plan, self.move_to(day, "other"), self.as_of)
        if against:
            return dict.fromkeys(get_args(CauseClass), Graded(prospect="refused", refusal=against[0]))
        other = self.for_cause(day, "other")
        whatever = isinstance(other.refusal, BeyondLimit | HourIsNeeded) or other.prospect == "violated"
        return {"illness": other if whatever else self.for_cause(day, "illness"), "other": other}

    def for_cause(self, day: date, cause: Cause) -> Graded:
        try:
            found = if_moved(self.plan, self.move_to(day, cause), self.as_of, self.plan.revision + 1, whole=False)
        except Refused as error:
            why = error.refusals[0]
            if not isinstance(why, HourIsNeeded):
                raise
            return Graded(prospect="refused", refusal=why)
        return graded(self.plan, found, moved=day != self.zero.on)

    def at_hour(self, day: date) -> Moment:
        """That day at the hour asked for, else that of the present day 0; the day alone where no hour is known, or the
        clocks skip or double it."""
        zone = self.plan.site.zone
        wall = self.clock or (self.zero.at.time() if self.zero.at is not None else None)
        if wall is None or zone is None:
            return Moment(on=day)
        if day == self.zero.on and self.clock is None:
            return self.zero
        try:
            return Moment(on=day, at=at_wall_time(day, wall, zone))
        except WallTimeError:
            return Moment(on=day)


def graded(plan: Plan, found: IfDayZero, *, moved: bool = True) -> Graded:
    """What a day 0 that was looked at comes to; `moved`: it is another than the present one."""
    refusals = found.verdict.refusals
    if refusals and all(may_be_ruled(one) for one in refusals):
        both = (*found.verdict.findings, *_open_rules(plan, found.after))
        asked = {(one.ref, one.point, one.cycle): one for one in both}
        return Graded(prospect="asks", findings=tuple(asked.values()), refusal=refusals[0])
    if refusals:
        return Graded(prospect="refused", findings=found.verdict.findings, refusal=refusals[0])
    return _worst(plan, found, moved=moved)


def may_be_ruled(refusal: MoveRefusal) -> bool:
    """Whether the principal investigator's word would let day 0 move."""
    return isinstance(refusal, WaitsForRuling) or (isinstance(refusal, NewlyViolated) and refusal.may_be_ruled)


def _worst(plan: Plan, found: IfDayZero, *, moved: bool) -> Graded:
    """The worst of a plan whose day 0 may stand there. What was violated before a slip does not forbid it; what is
    to be repeated, or was allowed by a ruling, forbids nothing."""
    begun = found.verdict.kind == "slip"
    slipped = begun and moved
    of_rules = [finding for finding in found.after.findings if finding.rule in plan.protocol.rules]
    broken = [finding for finding in of_rules if finding.status == "violated"]
    again = tuple(finding for finding in broken if finding.repeat and begun)
    hard = tuple(finding for finding in broken if not is_allowed(finding) and finding not in again)
    open_ = _open_rules(plan, found.after)
    repeats = tuple(finding.repeat for finding in again if finding.repeat)
    if hard:
        return Graded(prospect="still-violated" if slipped else "violated", findings=hard, repeats=repeats)
    if open_:
        return Graded(prospect="asks", findings=open_, repeats=repeats)
    prospect: Prospect = "unknown" if plan.missing else "slip" if slipped else "met"
    return Graded(prospect=prospect, findings=again, repeats=repeats)


def _open_rules(plan: Plan, after: Plan) -> tuple[Finding, ...]:
    """The findings of rules on which the principal investigator must decide."""
    return tuple(one for one in after.findings if one.rule in plan.protocol.rules and one.status == "boundary")


class DecisionAsked(NamedTuple):
    """The rules on which the principal investigator must decide for a new day 0; none where it depends on nobody's
    word, or is not allowed whatever is said. `waits`: day 0 does not move before she has."""

    rules: tuple[str, ...]
    waits: bool


def decision_asked(plan: Plan, deed: Move, as_of: datetime) -> DecisionAsked:
    """What she is asked where day 0 is to move as `deed` says."""
    found = graded(plan, if_moved(plan, deed, as_of, plan.revision + 1, whole=False))
    if found.prospect != "asks":
        return DecisionAsked((), waits=False)
    return DecisionAsked(tuple(dict.fromkeys(one.rule for one in found.findings)), waits=found.refusal is not None)
