"""Plan -> the days 0 around the present one, each with what a move to it would mean.

Each day is judged as the act itself would judge it: the plan is laid out with day 0 there, and nothing is kept.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from schedule.engine.move import IfDayZero, if_day_zero, is_allowed
from schedule.engine.replay import replay
from schedule.engine.site_days import closed_because
from schedule.model.acts import Cause
from schedule.model.dates import WallTimeError, add, at_wall_time
from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.model.plan import Finding, Plan, standing_of
from schedule.model.reasons.days_off import Closed
from schedule.model.reasons.findings import Repeat
from schedule.model.reasons.records import HourIsNeeded
from schedule.model.reasons.refusals import MoveRefusal, WaitsForRuling

Prospect = Literal["met", "slip", "asks", "still-violated", "violated", "refused", "unknown"]
"""What a day 0 comes to: every rule met; a slip that nothing stands against; the principal investigator must
decide; a slip that breaks only what was broken before; a rule broken; a move that is not allowed; no judgement, since
nothing is known of the patient."""
BEFORE, AFTER = 4, 21
"""Days before and after the present day 0 that are looked at; whole weeks are shown."""


class PossibleDay(Struct, frozen=True, kw_only=True):
    """One day 0. `apart` counts the days from day 0 as it stands, 0 for that itself. `is_past`: it lies before
    as-of's date. `closed` is why the site does not work that day.

    `findings` are those that the prospect depends on, `repeats` what is to be done again, `refusal` why a move is not
    allowed: no hour, where the clocks skip or double that of day 0 on that day.
    """

    on: date
    apart: int
    is_past: bool
    closed: Closed | None
    prospect: Prospect
    findings: tuple[Finding, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    refusal: MoveRefusal | HourIsNeeded | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The references of the rules that it depends on."""
        return tuple(dict.fromkeys(finding.ref for finding in self.findings))


def possible_days(
    plan: Plan, as_of: datetime, cause: Cause = "other", cycle: int | None = None
) -> tuple[PossibleDay, ...]:
    """Whole weeks of days 0 of a cycle, by default the first whose infusion is not recorded, from some days before the
    present one to three weeks after it; none once day 0 no longer moves. Refused where as-of is too early for any act.
    """
    assert plan.history is not None
    laid, months = replay(plan.history), plan.protocol.months
    open_ones = [one for one in laid.cycles if not laid.is_infused(one) and cycle in (one, None)]
    if not open_ones or standing_of(plan).cancelled:
        return ()
    zero = laid.day_zero(open_ones[0])
    first, last = add(zero.on, -BEFORE, "days", months), add(zero.on, AFTER, "days", months)
    first, last = add(first, -first.weekday(), "days", months), add(last, 6 - last.weekday(), "days", months)
    around = _Around(plan, as_of, cause, open_ones[0], zero)
    return tuple(around.possible(add(first, n, "days", months)) for n in range((last - first).days + 1))


class _Around:
    """The days around day 0 of one cycle of a plan, each looked at as of one moment."""

    def __init__(self, plan: Plan, as_of: datetime, cause: Cause, cycle: int, zero: Moment) -> None:
        self.plan, self.as_of, self.cause, self.cycle, self.zero = plan, as_of, cause, cycle, zero

    def possible(self, day: date) -> PossibleDay:
        """What a move to that day would come to, as the act would judge it."""
        try:
            found = if_day_zero(self.plan, self.at_same_hour(day), self.as_of, self.cause, self.cycle)
        except Refused as error:
            why = error.refusals[0]
            if not isinstance(why, HourIsNeeded):
                raise
            return self.day(day, "refused", refusal=why)
        waits = tuple(one.finding for one in found.verdict.refusals if isinstance(one, WaitsForRuling))
        if waits and len(waits) == len(found.verdict.refusals):
            return self.day(day, "asks", findings=waits, refusal=found.verdict.refusals[0])
        if found.verdict.allowed:
            return self.graded(found, day)
        return self.day(day, "refused", findings=found.verdict.findings, refusal=found.verdict.refusals[0])

    def at_same_hour(self, day: date) -> Moment:
        """That day at the hour of the present day 0; the day alone where no hour is known, or the clocks skip or double
        it."""
        at, zone = self.zero.at, self.plan.site.zone
        if at is None or zone is None:
            return Moment(on=day)
        if day == self.zero.on:
            return self.zero
        try:
            return Moment(on=day, at=at_wall_time(day, at.time(), zone))
        except WallTimeError:
            return Moment(on=day)

    def graded(self, found: IfDayZero, day: date) -> PossibleDay:
        """The worst of a plan whose day 0 may stand there. What was violated before a slip does not forbid it; what is
        to be repeated, or was allowed by a ruling, forbids nothing."""
        begun = found.verdict.kind == "slip"
        slipped = begun and day != self.zero.on
        of_rules = [finding for finding in found.after.findings if finding.rule in self.plan.protocol.rules]
        broken = [finding for finding in of_rules if finding.status == "violated"]
        again = tuple(finding for finding in broken if finding.repeat and begun)
        hard = tuple(finding for finding in broken if not is_allowed(finding) and finding not in again)
        open_ = tuple(finding for finding in of_rules if finding.status == "boundary")
        repeats = tuple(finding.repeat for finding in again if finding.repeat)
        if hard:
            return self.day(day, "still-violated" if slipped else "violated", findings=hard, repeats=repeats)
        if open_:
            return self.day(day, "asks", findings=open_, repeats=repeats)
        unknown = self.plan.feasible is not None and bool(self.plan.feasible.missing)
        return self.day(day, "unknown" if unknown else "slip" if slipped else "met", findings=again, repeats=repeats)

    def day(
        self,
        day: date,
        prospect: Prospect,
        *,
        findings: tuple[Finding, ...] = (),
        repeats: tuple[Repeat, ...] = (),
        refusal: MoveRefusal | HourIsNeeded | None = None,
    ) -> PossibleDay:
        return PossibleDay(
            on=day,
            apart=(day - self.zero.on).days,
            is_past=day < self.as_of.date(),
            closed=closed_because(self.plan.site, day),
            prospect=prospect,
            findings=findings,
            repeats=repeats,
            refusal=refusal,
        )
