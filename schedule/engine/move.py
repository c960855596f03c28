"""May day 0 move there? A re-plan or a slip, and what stands against it."""

from collections.abc import Iterator
from datetime import datetime

from schedule.engine.begun import lymphodepletion, lymphodepletion_has_begun
from schedule.engine.slip import hangs_on_hours, how_far, limit_of
from schedule.model.acts import Move
from schedule.model.moment import Moment
from schedule.model.move import MoveKind, MoveVerdict
from schedule.model.plan import Finding, Plan, standing_of
from schedule.model.reasons.refusals import (
    BeforePlanned,
    BeyondLimit,
    FirstDoseIsPast,
    HoursMissing,
    InfusionIsRecorded,
    MoveRefusal,
    NewDayIsPast,
    NewlyViolated,
    NoRepeatKnown,
    NothingToRepeat,
    PlanIsCancelled,
    RepeatUnderWay,
)
from schedule.model.timing import PLANNED_DAY_ZERO


def judge_move(before: Plan, after: Plan, deed: Move, as_of: datetime) -> MoveVerdict:
    """Whether day 0 may move as `deed` says; `after` is what `apply` makes of it."""
    old, new = standing_of(before), standing_of(after)
    kind: MoveKind = "slip" if new.begun and not (old.infused and deed.repeat) else "re-plan"
    same_day = deed.to.at is None and deed.to.on == old.day_zero.on  # a date alone takes no hour away
    if (same_day or old.day_zero.is_same(deed.to)) and not old.infused and not old.cancelled:
        return MoveVerdict(kind=kind, refusals=(), unchanged=True, limit=how_far(after))
    refusals = tuple(_refusals(before, after, deed, as_of, kind))
    return MoveVerdict(kind=kind, refusals=refusals, unchanged=False, limit=how_far(after))


def _refusals(before: Plan, after: Plan, deed: Move, as_of: datetime, kind: MoveKind) -> Iterator[MoveRefusal]:
    """Everything that stands against a move."""
    old = standing_of(before)
    if old.cancelled:
        yield PlanIsCancelled()
    if old.infused:
        yield InfusionIsRecorded(day_zero=old.day_zero)
    elif deed.repeat and (wrong := _why_no_repeat(before, as_of)) is not None:
        yield wrong
    elif kind == "re-plan":
        doses = [event for event in lymphodepletion(after) if event.status in ("planned", "unconfirmed")]
        first = min(doses, key=lambda event: event.moment, default=None)
        if (first.moment if first else _start(deed.to)) <= as_of:
            yield FirstDoseIsPast(due=Moment(on=first.on, at=first.start) if first else deed.to)
    else:
        yield from _slip_refusals(before, after, deed, as_of)


def _why_no_repeat(before: Plan, as_of: datetime) -> MoveRefusal | None:
    """Why the courses before the infusion cannot be given once more; None if they can."""
    courses = [course for course in before.protocol.courses.values() if course.base == PLANNED_DAY_ZERO]
    standing = standing_of(before)
    if not courses or not all(course.repeatable for course in courses):
        return NoRepeatKnown()
    if not standing.begun and not lymphodepletion_has_begun(before, standing.records, as_of):
        return NothingToRepeat()
    ahead = [event for event in lymphodepletion(before) if event.moment > as_of and event.status == "planned"]
    return RepeatUnderWay(title=ahead[-1].title) if ahead else None


def _start(day_zero: Moment) -> datetime:
    """Its wall time at the site; the start of the date where no hour is known."""
    midnight = datetime.combine(day_zero.on, datetime.min.time())
    return midnight if day_zero.at is None else day_zero.at.replace(tzinfo=None)


def _is_before(one: Moment, other: Moment) -> bool:
    if one.instant is not None and other.instant is not None:
        return one.instant < other.instant
    return one.on < other.on


def _slip_refusals(before: Plan, after: Plan, deed: Move, as_of: datetime) -> Iterator[MoveRefusal]:
    planned, to = standing_of(before).planned, deed.to
    late = _start(to) < as_of if to.at is not None else to.on < as_of.date()
    if _is_before(to, planned):
        yield BeforePlanned(to=to, planned=planned)
    elif late:
        yield NewDayIsPast(to=to, as_of=as_of)
    else:
        yield from _beyond_limit(after, to)
        yield from _newly_violated(before, after)


def _beyond_limit(after: Plan, to: Moment) -> Iterator[MoveRefusal]:
    """What the limit of the slip says against a new day 0, unless it is for the principal investigator to allow."""
    found = limit_of(after)
    if found is None or to.is_same(found[1].planned):
        return
    finding, limit = found
    if finding.status == "violated" and finding.if_broken != "ask":
        yield BeyondLimit(finding=finding)
    elif finding.status != "violated" and hangs_on_hours(limit, to):
        yield HoursMissing(finding=finding, limit=limit, to=to)


def _newly_violated(before: Plan, after: Plan) -> Iterator[MoveRefusal]:
    """The rules that a slip would break: not those broken before, nor what is to be repeated, nor what was allowed."""
    found = limit_of(after)
    limit = found and (found[0].ref, found[0].point)
    broken_before = {(f.ref, f.point) for f in before.findings if f.status == "violated" and not is_allowed(f)}
    repeatable = any(course.repeatable for course in before.protocol.courses.values())
    for finding in after.findings:
        place, asks = (finding.ref, finding.point), finding.if_broken == "ask"
        if finding.status != "violated" or place in broken_before or finding.if_broken == "repeat":
            continue
        if is_allowed(finding) if asks else place == limit:
            continue
        yield NewlyViolated(finding=finding, may_be_ruled=asks, may_be_repeated=repeatable)


def is_allowed(finding: Finding) -> bool:
    """Whether the principal investigator has allowed it for this day 0. What was violated without that before a slip
    blocks nothing; what was allowed for one day 0 must be allowed again for another."""
    return finding.ruling is not None and finding.ruling.outcome == "allowed"
