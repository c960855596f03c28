"""Findings about points that have no date yet: the days that all rules leave for them, or that there is none."""

from datetime import date

from msgspec.structs import replace

from schedule.engine.evidence import Evidence
from schedule.engine.network import Domain, LinkedBound
from schedule.engine.site_days import closed_because, last_working_day
from schedule.engine.stamps import date_of, end_of
from schedule.model.case import Site
from schedule.model.dates import add
from schedule.model.plan import Finding
from schedule.model.protocol import Protocol
from schedule.model.reasons.bounds import OfBounds
from schedule.model.reasons.findings import LastDayClosed, NoDateLeft, NoDateYet, WaitsForDates
from schedule.model.timing import Point

NEAR = 14
"""Days before a deadline among which the last working day is looked for."""


def of_open(evidence: Evidence, finding: Finding, part: LinkedBound, asked: tuple[OfBounds, ...]) -> Finding:
    """A finding of which at least one point is still open: due, whatever the rules leave. `asked` is what the part
    asks."""
    point, finding = part.bound.point, replace(finding, status="due")
    if point in evidence.known or point not in part.dates:
        missing = WaitsForDates(points=evidence.all_named(one for one in part.dates if one not in evidence.known))
        return replace(finding, actual=evidence.latest_of(point), aim=None, basis=(missing, *asked))
    window = evidence.windows("safe").get(point, Domain())
    if window.is_empty:
        return replace(finding, aim=None, basis=(_none_left(evidence, part, window), *asked))
    first, last = date_of(window.first), date_of(window.last)
    ends = [end_of(one, evidence.laid.zone) for one in (window.first, window.last)]
    left = NoDateYet(point=evidence.named(point), first=ends[0], last=ends[1], rules=_rules(window))
    return replace(
        finding,
        earliest=first,
        latest=last,
        earliest_at=ends[0].at if ends[0] is not None else None,
        latest_at=ends[1].at if ends[1] is not None else None,
        aim=_within(finding.aim, first, last),
        overdue=last is not None and last < evidence.today and can_be_late(evidence.protocol, point),
        flags=deadline_flags(evidence.site, first, last),
        basis=(left, *asked),
    )


def can_be_late(protocol: Protocol, point: Point | None) -> bool:
    """Whether somebody can be late with a point: with a test that is to be done. What was, or never was, and nobody has
    entered can only be missing."""
    known = protocol.date_at(point)
    return known is not None and known.test


def _rules(window: Domain) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*window.first_by, *window.last_by)))


def _within(aim: tuple[date, date] | None, first: date | None, last: date | None) -> tuple[date, date] | None:
    """What the window leaves of the days aimed at, if anything."""
    if aim is None:
        return None
    found = max(aim[0], first or aim[0]), min(aim[1], last or aim[1])
    return None if found[0] > found[1] else found


def _none_left(evidence: Evidence, part: LinkedBound, window: Domain) -> NoDateLeft:
    """That the safe reading of all rules leaves no date, and what the literal one leaves."""
    point = part.bound.point
    literal = evidence.windows("literal").get(point, Domain())
    left = () if literal.is_empty else tuple(end_of(one, evidence.laid.zone) for one in (literal.first, literal.last))
    return NoDateLeft(
        point=evidence.named(point),
        first=end_of(window.first, evidence.laid.zone),
        last=end_of(window.last, evidence.laid.zone),
        rules=_rules(window) or (part.rule,),
        asked=(left[0], left[1]) if left else None,
    )


def deadline_flags(site: Site, first: date | None, last: date | None) -> tuple[LastDayClosed, ...]:
    """That the site does not work on the last day of a window, if so."""
    reason = closed_because(site, last) if last else None
    if last is None or reason is None:
        return ()
    near = max(first or last, add(last, -NEAR, "days", "clamp"))
    return (LastDayClosed(because=reason, last_working=last_working_day(site, near, last)),)
