"""Plan -> the days 0 around the present one, each with what a move to it would mean.

Each day is judged as the act itself would judge it: the plan is laid out with day 0 there, and nothing is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from schedule.engine.history import apply
from schedule.engine.move import is_allowed, judge_move
from schedule.engine.site_days import closed_because
from schedule.model.acts import Cause, Move
from schedule.model.dates import WallTimeError, add, at_wall_time
from schedule.model.moment import Moment
from schedule.model.plan import Finding, Plan, standing_of
from schedule.model.reasons.days_off import Closed
from schedule.model.reasons.findings import Repeat
from schedule.model.reasons.refusals import MoveRefusal

Prospect = Literal["met", "slip", "asks", "still-violated", "violated", "refused"]
"""What a day 0 comes to: every rule met; a slip that nothing stands against; the principal investigator must
decide; a slip that breaks only what was broken before; a rule broken; a move that is not allowed."""
BEFORE, AFTER = 4, 21
"""Days before and after the present day 0 that are looked at; whole weeks are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleDay:
    """One day 0. `apart` counts the days from day 0 as it stands, 0 for that itself. `is_past`: it lies before
    as-of's date. `closed` is why the site does not work that day.

    `findings` are those that the prospect depends on, `repeats` what is to be done again, `refusal` why a move is not
    allowed.
    """

    on: date
    apart: int
    is_past: bool
    closed: Closed | None
    prospect: Prospect
    findings: tuple[Finding, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    refusal: MoveRefusal | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The references of the rules that it depends on."""
        return tuple(dict.fromkeys(finding.ref for finding in self.findings))


def possible_days(plan: Plan, as_of: datetime, cause: Cause = "other") -> tuple[PossibleDay, ...]:
    """Whole weeks of days 0, from some days before the present one to three weeks after it; none once day 0 no
    longer moves."""
    standing, months = standing_of(plan), plan.protocol.months
    if standing.infused or standing.cancelled:
        return ()
    zero = standing.day_zero.on
    first, last = add(zero, -BEFORE, "days", months), add(zero, AFTER, "days", months)
    first, last = add(first, -first.weekday(), "days", months), add(last, 6 - last.weekday(), "days", months)
    days = (add(first, n, "days", months) for n in range((last - first).days + 1))
    return tuple(_possible(plan, day, as_of, cause) for day in days)


def _possible(plan: Plan, day: date, as_of: datetime, cause: Cause) -> PossibleDay:
    """What a move to that day would come to, as the act would judge it."""
    if day == standing_of(plan).day_zero.on:
        return _graded(plan, plan, day, as_of)
    deed = Move(to=_same_hour(plan, day), cause=cause)
    after = apply(plan, deed, as_of, plan.revision + 1)
    verdict = judge_move(plan, after, deed, as_of)
    if verdict.allowed:
        return _graded(plan, after, day, as_of, slipped=verdict.kind == "slip")
    return _day(plan, day, as_of, "refused", findings=verdict.findings, refusal=verdict.refusals[0])


def _day(
    plan: Plan,
    day: date,
    as_of: datetime,
    prospect: Prospect,
    *,
    findings: Iterable[Finding] = (),
    repeats: tuple[Repeat, ...] = (),
    refusal: MoveRefusal | None = None,
) -> PossibleDay:
    return PossibleDay(
        on=day,
        apart=(day - standing_of(plan).day_zero.on).days,
        is_past=day < as_of.date(),
        closed=closed_because(plan.site, day),
        prospect=prospect,
        findings=tuple(findings),
        repeats=repeats,
        refusal=refusal,
    )


def _same_hour(plan: Plan, day: date) -> Moment:
    """That day at the hour of the present day 0; the day alone where no hour is known, or the clocks skip or double
    it."""
    at = standing_of(plan).day_zero.at
    if at is None or plan.site.zone is None:
        return Moment(on=day)
    try:
        return Moment(on=day, at=at_wall_time(day, at.time(), plan.site.zone))
    except WallTimeError:
        return Moment(on=day)


def _graded(plan: Plan, after: Plan, day: date, as_of: datetime, *, slipped: bool = False) -> PossibleDay:
    """The worst of a plan whose day 0 may stand there. What was violated before a slip does not forbid it; what is
    to be repeated, or was allowed by a ruling, forbids nothing."""
    begun = standing_of(after).begun
    again = [finding for finding in after.findings if finding.status == "violated" and finding.repeat and begun]
    hard = [f for f in after.findings if f.status == "violated" and not is_allowed(f) and f not in again]
    open_ = [finding for finding in after.findings if finding.status == "boundary"]
    repeats = tuple(finding.repeat for finding in again if finding.repeat)
    if hard:
        return _day(plan, day, as_of, "still-violated" if slipped else "violated", findings=hard, repeats=repeats)
    if open_:
        return _day(plan, day, as_of, "asks", findings=open_, repeats=repeats)
    return _day(plan, day, as_of, "slip" if slipped else "met", findings=again, repeats=repeats)
