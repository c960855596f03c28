"""Which days 0 a patient can have, with what is known of them, at the hour that day 0 has.

What moves with day 0 is asked of the plan itself, laid out with day 0 elsewhere; the days are then worked out by
the network. Where something else than the dates decides, a ruling or how day 0 now stands, the day is judged as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time

from schedule.engine.begun import treatment_begun
from schedule.engine.days_left import EVERY_DAY, Feasible, KeptDays, Span, feasible_day_zero, less, meet, merged
from schedule.engine.evidence import Evidence
from schedule.engine.judge import rule_findings
from schedule.engine.laid import Laid
from schedule.engine.links import HourLink
from schedule.engine.network import D, LinkedBound, P
from schedule.engine.placed import Moving, at_hour_of
from schedule.engine.points import subject_of
from schedule.engine.replay import moved
from schedule.engine.spacing import kept_days
from schedule.engine.stamps import INFINITY, date_of
from schedule.engine.tailor import holds
from schedule.model.days_zero import DayStatus, DayZeroes
from schedule.model.plan import Finding
from schedule.model.protocol import JudgedBound, SiteWindow, UnstatedLimit, bounds_in
from schedule.model.reasons.findings import NoDateLeft
from schedule.model.timing import KnownDatePoint

DayGrade = DayStatus | str


def feasible_days(cycles: Sequence[Evidence], findings: Iterable[Finding]) -> DayZeroes | None:
    """The days 0 of the first cycle whose infusion is not recorded; None where there is none. `cycles` are what is
    known in each, `findings` those of the plan as it stands."""
    laid = cycles[0].laid
    own = next((one for one in cycles if one.open_zero or not laid.is_infused(one.cycle)), None)
    return None if own is None or laid.cancelled is not None else _Days(cycles, own, findings).found()


def day_status(findings: Iterable[Finding]) -> DayGrade:
    """What findings about rules come to for the day 0 that they were made for: `met`, `boundary`, `violated`; `due`
    where nothing but missing dates speaks."""
    grades = {_grade(finding) for finding in findings}
    return next((grade for grade in ("violated", "boundary", "met", "due") if grade in grades), "met")


def _grade(finding: Finding) -> str:
    """A date that is missing rules a day out where even the literal readings leave it none."""
    for reason in finding.basis:
        if isinstance(reason, NoDateLeft):
            return "violated" if reason.asked is None else "boundary"
    return "met" if finding.status == "ruled" else finding.status


class _Days:
    """The days 0 of one cycle of a plan."""

    def __init__(self, cycles: Sequence[Evidence], own: Evidence, findings: Iterable[Finding]) -> None:
        self.evidence, self.own, self.findings = cycles, own, findings
        self.laid, self.now, self.cycle, self.open_zero = own.laid, own.now, own.cycle, own.open_zero
        self.moving: Moving = own.moving
        self.slips = not own.open_zero and treatment_begun(own.laid, own.cycle, own.now)
        self.planned = own.laid.planned_zero[own.cycle]

    def found(self) -> DayZeroes:
        network = self.of_network()
        first: Span = (self.planned.on.toordinal() if self.slips else -INFINITY, INFINITY)
        met, allowed = meet(network.met, [first]), meet(network.allowed, [first])
        for day, status in self.as_they_are():
            one = [(day, day)]
            met, allowed = less(met, one), less(allowed, one)
            met = merged([*met, *(one if status in ("met", "due") else [])])
            allowed = merged([*allowed, *(one if status != "violated" else [])])
        missing = self.missing()
        fine: DayStatus = "due" if missing else "met"
        spans: list[tuple[float, float, DayStatus]] = [(one, other, fine) for one, other in met]
        spans = sorted(spans + [(one, other, "boundary") for one, other in less(allowed, met)])
        known = met if not missing else []
        return DayZeroes(
            earliest=date_of(known[0][0]) if known else None,
            latest=date_of(known[-1][1]) if known else None,
            intervals=tuple((date_of(one), date_of(other), status) for one, other, status in spans),
            binding=network.binding,
            next=network.following,
            assumes=self.assumes(),
            hangs_on=self.hangs_on(),
            missing=missing,
            start=self.start(),
            cycle=self.cycle,
        )

    # By the network ---------------------------------------------------------------------------------------------------

    def of_network(self) -> Feasible:
        """What every bound in every cycle leaves, all of them together."""
        found: list[LinkedBound] = []
        more = [*self.of_delay()]
        for evidence in self.evidence:
            parts, rigid = self.moving.placed(evidence)
            found += [part for part in parts if not self.is_optional(part, evidence)]
            more += rigid
            more += self.of_spacings(evidence)
        return feasible_day_zero(found, self.moving.known, more)

    def is_optional(self, part: LinkedBound, evidence: Evidence) -> bool:
        """Whether a bound speaks of a missing date that need not be there at all."""
        dates = evidence.protocol.dates
        missing = (
            point.name for point in part.dates if isinstance(point, KnownDatePoint) and point not in evidence.known
        )
        return any(not dates[name].required for name in missing)

    def of_spacings(self, evidence: Evidence) -> Iterator[KeptDays]:
        """The days that keep each spacing."""
        for rule in evidence.protocol.rules.values():
            if holds(rule.only, evidence.case.choices) != "holds":
                continue
            for spacing in rule.spacing:
                activity = evidence.protocol.activities.get(spacing.activity)
                if activity is None or (evidence.cycle > 1 and evidence.cycle not in activity.cycles):
                    continue
                kept = kept_days(evidence, rule.id, spacing, self.moving)
                if kept is not None:
                    yield kept

    def of_delay(self) -> Iterator[KeptDays]:
        """Once treatment before day 0 has begun, any day 0 but the planned one is the principal investigator's where
        the source states no limit of the delay, or speaks of another cause."""
        if not self.slips:
            return
        planned, day = self.planned, self.planned.on.toordinal()
        same = at_hour_of(self.laid, self.cycle, planned.on).is_same(planned)
        safe: tuple[Span, ...] = ((day, day),) if same else ()
        for rule in self.laid.protocol.rules.values():
            silent = any(_is_silent_on_delay(bound) for bound in rule.bounds)
            if silent and holds(rule.only, self.laid.case.choices) == "holds":
                yield KeptDays(rule.id, safe, EVERY_DAY)

    # By how the plan stands -------------------------------------------------------------------------------------------

    def as_they_are(self) -> Iterator[tuple[int, DayGrade]]:
        """The days that are judged as they are: where day 0 stands, and those that a ruling was given for."""
        if self.open_zero:
            return
        now = self.laid.day_zero(self.cycle)
        moves_planned = not self.slips and not self.planned.is_same(self.laid.stands[self.cycle])
        found = rule_findings(self.if_moved(now.on), self.now) if moves_planned else self.findings
        yield now.on.toordinal(), day_status(one for one in found if one.rule in self.laid.protocol.rules)
        rulings = (
            one.day_zero for one in self.laid.case.rulings if one.day_zero is not None and one.on <= self.now.date()
        )
        for day in dict.fromkeys(rulings):
            if day != now.on and (not self.slips or day >= self.planned.on):
                yield day.toordinal(), day_status(rule_findings(self.if_moved(day), self.now))

    def if_moved(self, day: date) -> Laid:
        """The plan with day 0 there, as a move for another cause than illness would make it."""
        return moved(self.laid, self.cycle, at_hour_of(self.laid, self.cycle, day), "other", self.now)

    # What is not known ------------------------------------------------------------------------------------------------

    def missing(self) -> tuple[str, ...]:
        """The dates that are missing of a patient of whom none is known, and the choices not made without which some
        rule is not judged."""
        protocol, case = self.own.protocol, self.own.case
        asked = [name for name, known in protocol.dates.items() if not known.start]
        if any(name in case.dates for name in asked):
            return ()
        judged = (rule for rule in protocol.rules.values() if any(isinstance(one, JudgedBound) for one in rule.bounds))
        waiting = any(holds(rule.only, case.choices) == "open" for rule in judged)
        waiting = waiting or any(self.own.unstated(part) for part in self.own.parts)
        choices = [name for name in protocol.choices if waiting and name not in case.choices]
        return (*(asked if self.assumes() else ()), *choices)

    def start(self) -> tuple[time | None, time | None]:
        """From when to when on its day it would keep the bounds in hours on what moves with it."""
        first: list[time] = []
        last: list[time] = []
        pairs = (
            pair for evidence in self.evidence for part in evidence.applicable
            for pair in zip(part.safe, self.moving.placed_part(evidence, part).safe, strict=True)
        )  # fmt: skip
        for link, placed in pairs:
            moves = placed.point == placed.anchor == D
            moves = moves and D in (link.point, link.anchor)
            if moves and isinstance(placed, HourLink) and not self.moving.holds(placed):
                border, later = self.moving.own_hour(placed, link.point == D)
                (first if later else last).extend([border] if border is not None else [])
        return max(first, default=None), min(last, default=None)

    def assumes(self) -> tuple[str, ...]:
        """The dates that are assumed to be in order."""
        parts = (part for evidence in self.evidence for part in evidence.applicable)
        open_ones = {point for part in parts for point in part.dates if point not in self.own.known}
        return tuple(name for name in self.own.protocol.dates if KnownDatePoint(name) in open_ones)

    def hangs_on(self) -> tuple[str, ...]:
        """The choices not made, and the site's parameters not given that a rule about day 0 needs."""
        protocol, evidence = self.own.protocol, self.own
        unstated = [part for part in evidence.parts if isinstance(part.bound, JudgedBound | SiteWindow)
                    and (not part.stated or evidence.unstated(part))]  # fmt: skip
        points = {point for part in unstated for one in bounds_in(part.bound)[0] for point in (one.point, one.anchor)}
        named = {subject_of(point) for point in points} - {None}
        asked = {one.parameter for one in protocol.activities.values() if {one.id, one.course} & named}
        asked |= {part.bound.parameter for part in unstated if isinstance(part.bound, SiteWindow)}
        open_ones = [name for name in protocol.choices if name not in evidence.case.choices]
        named_here = (name for name in protocol.parameters if name in asked and name not in evidence.site.texts)
        return (*open_ones, *named_here)


def _is_silent_on_delay(bound: object) -> bool:
    """Whether a bound leaves a delay to the principal investigator."""
    if isinstance(bound, UnstatedLimit):
        return True
    limits = isinstance(bound, JudgedBound) and any((one.point, one.anchor) == (D, P) for one in bound.safe)
    return limits and isinstance(bound, JudgedBound) and not bound.any_cause
