"""Plan -> the days 0 around the present one, each with what a move to it would mean.

Each day is judged as the act itself would judge it: the plan is laid out with day 0 there, and nothing is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from schedule.engine.history import apply
from schedule.engine.move import is_allowed, judge_move
from schedule.engine.site_days import closed_because
from schedule.model.acts import Cause, Move
from schedule.model.dates import WallTimeError, add, at_wall_time
from schedule.model.notation import WEEKDAYS_IN_FULL, plural, spell
from schedule.model.plan import DayZero, Finding, Plan, standing_of
from schedule.model.reasons.findings import Repeat

Verdict = Literal["met", "asks", "refused"]
BEFORE, AFTER = 4, 21
"""Days before and after the present day 0 that are looked at; whole weeks are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleDay:
    """One day 0: `words` is its verdict, `rules` and `note` what that hangs on. `distance` counts from day 0 as it stands.
    `closed` is why the site does not work that day, if it is no weekend.
    """

    on: date
    spelt: str
    distance: str
    is_present: bool
    closed: str
    verdict: Verdict
    words: str
    rules: tuple[str, ...]
    note: str


class Judged(NamedTuple):
    """The verdict on one day, in words, with the rules and the note that it hangs on."""

    verdict: Verdict
    words: str
    rules: tuple[str, ...]
    note: str


def possible_days(plan: Plan, as_of: datetime, cause: Cause = "other") -> tuple[PossibleDay, ...]:
    """Whole weeks of days 0, from some days before the present one to three weeks after it; none once day 0 no longer moves."""
    standing, months = standing_of(plan), plan.protocol.months
    if standing.infused or standing.cancelled:
        return ()
    zero = standing.day_zero.on
    first, last = add(zero, -BEFORE, "days", months), add(zero, AFTER, "days", months)
    first, last = add(first, -first.weekday(), "days", months), add(last, 6 - last.weekday(), "days", months)
    days = (add(first, n, "days", months) for n in range((last - first).days + 1))
    return tuple(_possible(plan, day, as_of, cause) for day in days)


def _possible(plan: Plan, day: date, as_of: datetime, cause: Cause) -> PossibleDay:
    zero = standing_of(plan).day_zero.on
    apart = (day - zero).days
    closed = closed_because(plan.site, day) or ""
    judged = _moved(plan, _same_hour(plan, day), as_of, cause) if apart else _graded(plan)
    return PossibleDay(
        on=day, spelt=spell(day), is_present=not apart, closed=closed if closed not in WEEKDAYS_IN_FULL else "", verdict=judged.verdict,
        distance=f"{plural(abs(apart), 'days')} {'earlier' if apart < 0 else 'later'}" if apart else "day 0 as it stands",
        words=judged.words, rules=judged.rules, note=judged.note,
    )  # fmt: skip


def _same_hour(plan: Plan, day: date) -> DayZero:
    """That day at the hour of the present day 0; the day alone where no hour is known, or the clocks skip or double it."""
    at = standing_of(plan).day_zero.at
    if at is None or plan.site.zone is None:
        return DayZero(on=day)
    try:
        return DayZero(on=day, at=at_wall_time(day, at.time(), plan.site.zone))
    except WallTimeError:
        return DayZero(on=day)


def _moved(plan: Plan, to: DayZero, as_of: datetime, cause: Cause) -> Judged:
    """What the act would say to that day 0."""
    deed = Move(to=to, cause=cause)
    after = apply(plan, deed, as_of, plan.revision + 1)
    verdict = judge_move(plan, after, deed, as_of)
    if verdict.allowed:
        return _graded(after, slipped=verdict.kind == "slip")
    refs = {finding.ref for finding in after.findings}
    rules = [ref for ref in (line.partition(":")[0] for line in verdict.refusals) if ref in refs]
    early = verdict.kind == "slip" and to.on < standing_of(plan).planned.on
    note = (
        ""
        if rules
        else "before planned day 0"
        if early
        else "the first dose would be past"
        if to.on >= as_of.date()
        else "past"
    )
    return Judged("refused", "refused", tuple(dict.fromkeys(rules)), note)


def _graded(plan: Plan, *, slipped: bool = False) -> Judged:
    """The worst verdict of a plan whose day 0 may stand where it does. What was violated before a slip does not forbid it;
    what is to be repeated, or was allowed by a ruling, forbids nothing."""
    begun = standing_of(plan).begun
    again = [finding for finding in plan.findings if finding.status == "violated" and finding.repeat and begun]
    hard = [f for f in plan.findings if f.status == "violated" and not is_allowed(f) and f not in again]
    open_ = [finding for finding in plan.findings if finding.status == "boundary"]
    note = "to be repeated: " + ", ".join(dict.fromkeys(_again(f.repeat) for f in again if f.repeat)) if again else ""
    if hard:
        still = Judged("asks", "a slip is allowed; violated before, and still", _refs(hard), note)
        return still if slipped else Judged("refused", "not allowed as planned", _refs(hard), note)
    if open_:
        return Judged("asks", "the principal investigator must say", _refs(open_), note)
    return Judged("met", "allowed" if slipped else "every rule is met", _refs(again), note)


def _again(repeat: Repeat) -> str:
    return repeat.what + (" (its last dose)" if repeat.last_dose else "")


def _refs(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.ref for finding in findings))


def rules_named(plan: Plan, days: Iterable[PossibleDay]) -> tuple[tuple[str, str], ...]:
    """The rules that some of the days hang on, each with its title, in the order of the trial."""
    named = {ref for day in days for ref in day.rules}
    return tuple(dict.fromkeys((f.ref, plan.protocol.rules[f.rule].title) for f in plan.findings if f.ref in named))
