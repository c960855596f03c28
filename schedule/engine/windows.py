"""Findings about points that have no date yet: the days that all rules leave for them, or that there is none."""

from dataclasses import replace
from datetime import date

from schedule.engine.evidence import Evidence, date_of
from schedule.engine.network import READINGS, LinkedBound, Window, tighten
from schedule.engine.site_days import closed_because, working_days
from schedule.model.case import Site
from schedule.model.dates import add
from schedule.model.plan import Finding, Verdict
from schedule.model.reasons.bounds import OfBounds
from schedule.model.reasons.findings import LastDayClosed, NoDateLeft, NoDateYet, WaitsForDates

NEAR = 14
"""Days before a deadline among which the last working day is looked for."""


def of_open(evidence: Evidence, finding: Finding, part: LinkedBound, asked: tuple[OfBounds, ...]) -> Finding:
    """A finding of which at least one point is still open: due, or no longer to be had in one reading or both.
    `asked` is what the part asks."""
    point = part.bound.point
    if point in evidence.with_day_zero:
        missing = WaitsForDates(points=evidence.all_named(one for one in part.dates if one not in evidence.known))
        return replace(finding, status="due", actual=evidence.latest_of(point), aim=None, basis=(missing, *asked))
    window = evidence.windows("safe").get(point, Window())
    if window.is_empty:
        return _lost(evidence, finding, part, asked, window)
    first, last = date_of(window.first), date_of(window.last)
    left = NoDateYet(point=evidence.named(point), first=first, last=last, rules=_rules(window))
    return replace(
        finding,
        status="due",
        earliest=first,
        latest=last,
        aim=_within(finding.aim, first, last),
        overdue=last is not None and last < evidence.as_of.date(),
        flags=deadline_flags(evidence.site, first, last),
        basis=(left, *asked),
    )


def _rules(window: Window) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*window.first_by, *window.last_by)))


def _within(aim: tuple[date, date] | None, first: date | None, last: date | None) -> tuple[date, date] | None:
    """What the window leaves of the days aimed at, if anything."""
    if aim is None:
        return None
    found = max(aim[0], first or aim[0]), min(aim[1], last or aim[1])
    return None if found[0] > found[1] else found


def _lost(
    evidence: Evidence, finding: Finding, part: LinkedBound, asked: tuple[OfBounds, ...], window: Window
) -> Finding:
    """A finding about a point for which the safe reading of all rules leaves no date. The rules at odds, and a rule
    that leaves none by itself, are boundary or violated as the literal reading has it; the others stay due."""
    point, by = part.bound.point, _rules(window)
    alone = {
        reading: tighten(part.links(reading), evidence.with_day_zero, planning=False).get(point, Window()).is_empty
        for reading in READINGS
    }
    status: Verdict = "due"
    if part.rule in by or alone["safe"]:
        left = evidence.windows("literal").get(point, Window())
        status = "violated" if left.is_empty or alone["literal"] else "boundary"
    first, last = date_of(window.first), date_of(window.last)
    none = NoDateLeft(point=evidence.named(point), first=first, last=last, rules=by or (part.rule,))
    return evidence.ruled(replace(finding, status=status, aim=None, basis=(none, *asked)))


def deadline_flags(site: Site, first: date | None, last: date | None) -> tuple[LastDayClosed, ...]:
    """That the site does not work on the last day of a window, if so."""
    reason = closed_because(site, last) if last else None
    if last is None or reason is None:
        return ()
    open_days = working_days(site, max(first or last, add(last, -NEAR, "days", "clamp")), last)
    return (LastDayClosed(because=reason, last_working=open_days[-1] if open_days else None),)
