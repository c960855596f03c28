"""May day 0 move there? A re-plan or a slip, and what stands against it."""

from datetime import datetime

from schedule.engine.history import has_begun, lymphodepletion
from schedule.engine.slip import hangs_on_hours, how_far, limit_of
from schedule.model.acts import Move
from schedule.model.notation import spell, spell_moment
from schedule.model.plan import DayZero, Finding, MoveKind, MoveVerdict, Plan, SlipLimit, in_words, standing_of
from schedule.model.timing import PLANNED_DAY_ZERO
from schedule.words.findings import finding_basis, finding_source, finding_title


def judge_move(before: Plan, after: Plan, deed: Move, as_of: datetime) -> MoveVerdict:
    """Whether day 0 may move as `deed` says; `after` is what `apply` makes of it."""
    old, new = standing_of(before), standing_of(after)
    kind: MoveKind = "slip" if new.begun else "re-plan"
    same_day = deed.to.at is None and deed.to.on == old.day_zero.on  # a date alone takes no hour away
    if (same_day or old.day_zero.is_same(deed.to)) and not old.infused and not old.cancelled:
        return MoveVerdict(kind=kind, refusals=(), unchanged=True, limit=how_far(after))
    refusals: list[str] = []
    if old.cancelled:
        refusals.append("The plan is cancelled.")
    if old.infused:
        refusals.append(f"The infusion is recorded, {in_words(old.day_zero)}: {before.protocol.zero} no longer moves.")
    elif deed.repeat and (wrong := _why_no_repeat(before, as_of)):
        refusals.append(wrong)
    elif kind == "re-plan":
        doses = [event for event in lymphodepletion(after) if event.status in ("planned", "unconfirmed")]
        first = min(doses, key=lambda event: event.moment, default=None)
        if (first.moment if first else _start(deed.to)) <= as_of:
            when = in_words(deed.to) if first is None else spell_moment(first.start) if first.start else spell(first.on)
            refusals.append(f"The first dose of lymphodepletion would be due on {when}, which is past.")
    else:
        refusals += _slip_refusals(before, after, deed, as_of)
    return MoveVerdict(kind=kind, refusals=tuple(refusals), unchanged=False, limit=how_far(after))


def _why_no_repeat(before: Plan, as_of: datetime) -> str | None:
    """Why the courses before the infusion cannot be given once more, in words; None if they can."""
    courses = [course for course in before.protocol.courses.values() if course.base == PLANNED_DAY_ZERO]
    doses = lymphodepletion(before)
    if not courses or not all(course.repeatable for course in courses):
        return "The protocol does not speak of giving lymphodepletion once more."
    if not standing_of(before).begun and not has_begun(doses, standing_of(before).records, as_of):
        return "Lymphodepletion has not begun: there is nothing to repeat. A new day without --repeat is a re-plan."
    ahead = [event for event in doses if event.moment > as_of and event.status == "planned"]
    if ahead:
        return f"Lymphodepletion is under way: {ahead[-1].title} is still to come. Record it given or held first."
    return None


def _start(day_zero: DayZero) -> datetime:
    return (
        datetime.combine(day_zero.on, datetime.min.time()) if day_zero.at is None else day_zero.at.replace(tzinfo=None)
    )


def _is_before(one: DayZero, other: DayZero) -> bool:
    if one.instant is not None and other.instant is not None:
        return one.instant < other.instant
    return one.on < other.on


def _slip_refusals(before: Plan, after: Plan, deed: Move, as_of: datetime) -> list[str]:
    planned, to = standing_of(before).planned, deed.to
    if _is_before(to, planned):
        zero = before.protocol.zero
        return [f"{in_words(to)} is before planned {zero}, {in_words(planned)}: lymphodepletion has begun."]
    late = _start(to) < as_of if to.at is not None else to.on < as_of.date()
    if late:
        return [f"{in_words(to)} is past: it is {spell_moment(as_of)}."]
    refusals = []
    limit = limit_of(after)
    if limit is not None and not to.is_same(planned):
        finding, far = limit
        if finding.status == "violated" and finding.if_broken != "ask":
            refusals.append(f"{finding.ref}: {finding_basis(finding, before.protocol.zero)} {finding_source(finding)}")
        elif finding.status != "violated" and hangs_on_hours(far, to):
            refusals.append(f"{finding.ref}: {_hours_missing(before, far, to)} {finding_source(finding)}")
    broken_before = {(f.ref, f.point) for f in before.findings if f.status == "violated" and not is_allowed(f)}
    for finding in after.findings:
        newly = finding.status == "violated" and (finding.ref, finding.point) not in broken_before
        is_limit = limit is not None and (finding.ref, finding.point) == (limit[0].ref, limit[0].point)
        if not newly or finding.if_broken == "repeat" or (is_limit and finding.if_broken != "ask"):
            continue
        if finding.if_broken == "ask" and is_allowed(finding):
            continue
        ask = (
            f" The principal investigator may allow it for this {before.protocol.zero}: dayzero rule."
            if finding.if_broken == "ask"
            else ""
        )
        if any(course.repeatable for course in before.protocol.courses.values()):
            ask += " Or lymphodepletion is given once more: dayzero slip … --repeat."
        refusals.append(
            f"{finding.ref}: {finding_title(finding.title, before.protocol.zero)}. {finding_basis(finding, before.protocol.zero)} {finding_source(finding)}{ask}"
        )
    return refusals


def is_allowed(finding: Finding) -> bool:
    """Whether the principal investigator has allowed it for this day 0. What was violated without that before a slip
    blocks nothing; what was allowed for one day 0 must be allowed again for another."""
    return finding.ruling is not None and finding.ruling.outcome == "allowed"


def _hours_missing(before: Plan, limit: SlipLimit, to: DayZero) -> str:
    hours = limit.bound.count
    if limit.until is not None:
        by = f"it would have to start by {spell_moment(limit.until)}; give the new hour"
    else:
        by = f"on {spell(to.on)} it would have to start by the hour planned for {spell(limit.planned.on)}; enter that hour first (dayzero fact … planned-day-zero)"
    return f"Within {hours} hours of planned {before.protocol.zero} or not hangs on both hours: {by}."
