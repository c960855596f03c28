"""If day 0 were there: the plan that it would give, a re-plan or a slip, and what stands against it.

The calendar of possible days, the check of a move and the act itself all ask here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from schedule.engine.begun import first_dose, follows, treatment_begun
from schedule.engine.counts import title_of
from schedule.engine.history import apply
from schedule.engine.laid import Laid
from schedule.engine.records import check_as_of, hangs_on_hour, recorded_of, refused
from schedule.engine.replay import replay
from schedule.engine.slip import hangs_on_hours, how_far, limit_of
from schedule.engine.zero_moves import cycle_of
from schedule.model.acts import Move
from schedule.model.moment import is_by, is_earlier, moment_at
from schedule.model.move import MoveKind, MoveVerdict
from schedule.model.plan import Finding, Plan, standing_of
from schedule.model.reasons.records import HourIsNeeded
from schedule.model.reasons.refusals import (
    BeforePlanned,
    BeyondLimit,
    DoneInBetween,
    FirstDoseIsPast,
    HoursMissing,
    InfusionIsRecorded,
    MoveRefusal,
    NewDayIsPast,
    NewlyViolated,
    NoRepeatKnown,
    NoSuchCycle,
    NothingToRepeat,
    PlanIsCancelled,
    RepeatUnderWay,
    WaitsForRuling,
)
from schedule.model.timing import PLANNED_DAY_ZERO
from schedule.model.titles import Title


class IfDayZero(NamedTuple):
    """A day 0 looked at: the plan with it, and whether it may be."""

    after: Plan
    verdict: MoveVerdict


def if_moved(plan: Plan, deed: Move, as_of: datetime, revision: int, by: str = "", *, whole: bool = True) -> IfDayZero:
    """What would be if day 0 of a cycle (None: of the first whose infusion is not recorded) were there, by an act that
    makes `revision`, done `by` somebody; unless `whole` with nothing but what decides about it (see `plan_from`).
    Refused where as-of is too early, or the hour is missing.

    Where day 0 does not move at all, the plan is the one that there is.
    """
    assert plan.history is not None
    laid, now = replay(plan.history), now_at(plan, as_of)
    if standing_of(plan).cancelled:
        return IfDayZero(plan, _not_moved(PlanIsCancelled()))
    check_as_of(laid, deed, now)
    cycle = cycle_of(laid, deed)
    if cycle not in laid.cycles:
        return IfDayZero(plan, _not_moved(NoSuchCycle(cycle=cycle, cycles=laid.cycles)))
    if laid.is_infused(cycle):
        return IfDayZero(plan, _not_moved(InfusionIsRecorded(day_zero=laid.day_zero(cycle))))
    _check_hour(laid, deed, cycle)
    after = apply(plan, deed, as_of, revision, by=by, whole=whole)
    return IfDayZero(after, judge_move(plan, after, deed, as_of))


def now_at(plan: Plan, as_of: datetime) -> datetime:
    """As-of as a moment of the site; of a site without a zone, of UTC."""
    return as_of.replace(tzinfo=plan.site.zone or UTC)


def _not_moved(refusal: MoveRefusal) -> MoveVerdict:
    return MoveVerdict(kind="slip", refusals=(refusal,), unchanged=False, limit=None)


def _check_hour(laid: Laid, deed: Move, cycle: int) -> None:
    """Refused where something is counted in hours from the infusion, and the new day 0 has no hour."""
    infusion = laid.infusion(cycle)
    other = hangs_on_hour(laid, infusion) if infusion is not None and deed.to.at is None else None
    if other is not None:
        follower = Title(text=laid.slots[other].activity.title)
        raise refused(laid, HourIsNeeded(event=laid.protocol.zero, follower=follower))


def judge_move(before: Plan, after: Plan, deed: Move, as_of: datetime) -> MoveVerdict:
    """Whether day 0 may move as `deed` says; `after` is what `apply` makes of it."""
    assert before.history is not None and after.history is not None
    old, new, now = replay(before.history), replay(after.history), now_at(before, as_of)
    cycle, kind = cycle_of(old, deed), _kind_of(old, deed, now)
    stood = (old.planned_zero[cycle], old.stands[cycle])
    stands = (new.planned_zero[cycle], new.stands[cycle])
    unchanged = not deed.repeat and all(one.is_same(other) for one, other in zip(stood, stands, strict=True))
    refusals = [*_whatever_the_rules_say(old, deed, now)]
    if kind == "slip" and not refusals:
        refusals = [*_by_the_rules(before, after, new, cycle)]
    return MoveVerdict(kind=kind, refusals=tuple(refusals), unchanged=unchanged, limit=how_far(after, cycle))


def stands_against(plan: Plan, deed: Move, as_of: datetime) -> tuple[MoveRefusal, ...]:
    """What stands against a new day 0 before any rule is asked, and before anything is laid out."""
    assert plan.history is not None
    return tuple(_whatever_the_rules_say(replay(plan.history), deed, now_at(plan, as_of)))


def _kind_of(old: Laid, deed: Move, now: datetime) -> MoveKind:
    """A slip where treatment has begun and is not given once more."""
    return "slip" if treatment_begun(old, cycle_of(old, deed), now) and not deed.repeat else "re-plan"


def _whatever_the_rules_say(old: Laid, deed: Move, now: datetime) -> Iterator[MoveRefusal]:
    """The same, of what is laid out."""
    cycle, kind, to = cycle_of(old, deed), _kind_of(old, deed, now), old.here(deed.to)
    if deed.repeat and (wrong := _why_no_repeat(old, cycle, now)) is not None:
        yield wrong
    elif is_earlier(to, moment_at(now)):
        yield NewDayIsPast(to=to, as_of=now.replace(tzinfo=None))
    elif kind == "re-plan":
        first = first_dose(old, cycle, to)
        if first is not None and is_by(first, now):
            yield FirstDoseIsPast(due=first)
    elif is_earlier(to, old.planned_zero[cycle]):
        yield BeforePlanned(to=to, planned=old.planned_zero[cycle])
    infusion = old.infusion(cycle)
    for place in old.records:
        if infusion is None or place not in old.slots or not old.is_given(place) or not follows(old, place, infusion):
            continue
        at = old.recorded(place)
        if not is_earlier(at, old.day_zero(cycle)) and is_earlier(at, to):
            yield DoneInBetween(done=recorded_of(old, place))


def _why_no_repeat(old: Laid, cycle: int, now: datetime) -> MoveRefusal | None:
    """Why the courses before the infusion cannot be given once more; None if they can."""
    courses = [course for course in old.protocol.courses.values() if course.base == PLANNED_DAY_ZERO]
    if not courses or not all(course.repeatable for course in courses):
        return NoRepeatKnown()
    if not treatment_begun(old, cycle, now):
        return NothingToRepeat()
    ahead = [
        place for place, slot in old.slots.items()
        if slot.is_lymphodepletion and place.in_cycle == cycle and place not in old.records and old.counts(place)
        and (at := old.due(place)) is not None and not is_by(at, now)
    ]  # fmt: skip
    return RepeatUnderWay(title=title_of(old, max(ahead, key=old.schedule_order))) if ahead else None


def _by_the_rules(before: Plan, after: Plan, new: Laid, cycle: int) -> Iterator[MoveRefusal]:
    """What the rules say against a slip: what it would break that was not broken before and is not to be repeated (what
    was allowed for one day 0 must be allowed again for another); what the principal investigator must decide first; and
    a limit that depends on hours that are not known. What is open of another cycle whose cells are given stops none."""
    broken_before = {
        (one.ref, one.point, one.cycle) for one in before.findings
        if one.status == "violated" and not (one.if_broken == "ask" and is_allowed(one))
    }  # fmt: skip
    repeatable = any(course.repeatable for course in before.protocol.courses.values())
    for finding in after.findings:
        asks = finding.if_broken == "ask"
        is_over = finding.cycle != cycle and new.is_infused(finding.cycle)
        if finding.rule not in after.protocol.rules or finding.if_broken == "repeat" or is_over:
            continue
        if finding.status == "boundary" and asks:
            yield WaitsForRuling(finding=finding)
        elif finding.status != "violated" or (finding.ref, finding.point, finding.cycle) in broken_before:
            continue
        elif finding.limit is not None and not asks:
            yield BeyondLimit(finding=finding)
        elif not (asks and is_allowed(finding)):
            yield NewlyViolated(finding=finding, may_be_ruled=asks, may_be_repeated=repeatable)
    found = limit_of(after, cycle)
    if found is not None:
        finding, limit = found
        planned, to = new.planned_zero[cycle], new.stands[cycle]
        if hangs_on_hours(limit.bound, planned, to, new.zone):
            yield HoursMissing(finding=finding, limit=limit, to=to)


def is_allowed(finding: Finding) -> bool:
    """Whether the principal investigator has allowed it for this day 0."""
    return finding.ruling is not None and finding.ruling.outcome == "allowed"
