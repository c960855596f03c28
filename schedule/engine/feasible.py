"""Which days 0 a patient can have, with what is known of them."""

from schedule.engine.days_left import feasible_day_zero, less, meet
from schedule.engine.evidence import Evidence, P, date_of
from schedule.engine.network import INFINITY
from schedule.engine.tailor import holds
from schedule.model.plan import DayStatus, DayZeroes
from schedule.model.protocol import JudgedBound, SiteWindow, UnstatedLimit, bounds_in
from schedule.model.timing import ActivityPoint, CompletionOf, KnownDatePoint


def feasible_days(evidence: Evidence) -> DayZeroes:
    """Which days 0 keep every rule. Once lymphodepletion has begun none before planned day 0, and where the source
    states no limit for a delay every later one is for the principal investigator."""
    known, standing = evidence.known, evidence.standing
    begun = standing is not None and standing.begun
    if begun:
        known = {**known, P: evidence.with_day_zero[P]}
    found = feasible_day_zero(evidence.applicable, known)
    reach = [(known[P][0], INFINITY)] if begun else [(-INFINITY, INFINITY)]
    safe = [(known[P][0], known[P][0])] if begun and _any_delay_is_asked(evidence) else reach
    met, allowed = meet(found.met, safe), meet(found.allowed, reach)
    days: list[tuple[int, int, DayStatus]] = [(first, last, "met") for first, last in met]
    spans = sorted(days + [(first, last, "boundary") for first, last in less(allowed, met)])
    assumed = {point for part in evidence.applicable for point in part.dates if point not in evidence.known}
    return DayZeroes(
        earliest=date_of(met[0][0]) if met else None,
        latest=date_of(met[-1][1]) if met else None,
        intervals=tuple((date_of(first), date_of(last), status) for first, last, status in spans),
        binding=found.binding,
        next=found.following,
        assumes=tuple(name for name in evidence.protocol.dates if KnownDatePoint(name) in assumed),
        hangs_on=_hangs_on(evidence),
    )


def _hangs_on(evidence: Evidence) -> tuple[str, ...]:
    """The choices not made, and the site's parameters not given that a rule about day 0 needs."""
    protocol, parts = evidence.protocol, evidence.parts
    unstated = [part for part in parts if not part.stated and isinstance(part.bound, JudgedBound | SiteWindow)]
    points = {point for part in unstated for one in bounds_in(part.bound)[0] for point in (one.point, one.anchor)}
    named = {one.activity for one in points if isinstance(one, ActivityPoint)}
    named |= {one.course for one in points if isinstance(one, CompletionOf)}
    asked = {one.parameter for one in protocol.activities.values() if {one.id, one.course} & named}
    asked |= {part.bound.parameter for part in unstated if isinstance(part.bound, SiteWindow)}
    open_ones = [name for name in protocol.choices if name not in evidence.case.choices]
    return (*open_ones, *(name for name in protocol.parameters if name in asked and name not in evidence.site.texts))


def _any_delay_is_asked(evidence: Evidence) -> bool:
    """Whether the source states no limit for a delay of day 0, so that any has to be confirmed."""
    choices = evidence.case.choices
    rules = (rule for rule in evidence.protocol.rules.values() if holds(rule.only, choices) == "holds")
    return any(isinstance(bound, UnstatedLimit) for rule in rules for bound in rule.bounds)
