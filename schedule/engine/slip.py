"""How far day 0 may slip, and whether it may move at all."""

from datetime import datetime

from schedule.engine.points import IN_DAYS
from schedule.model.dates import last_start
from schedule.model.plan import Finding, Limit, Plan, standing_of
from schedule.model.protocol import RuleBound
from schedule.model.timing import Bound


def slip_limit(bound: RuleBound) -> Bound | None:
    """The bound on how long after planned day 0 day 0 may lie, in hours, days or weeks, if that is what this one says."""
    for one in bound.safe:
        in_reach = one.relation == "at most" and (one.point, one.anchor) == ("day-zero", "planned-day-zero")
        if in_reach and one.unit in ("hours", "days", "weeks"):
            return one
    return None


def limit_of(plan: Plan) -> tuple[Finding, Bound] | None:
    """The finding about how far day 0 may lie from planned day 0, and that bound; None if the protocol states no limit."""
    for finding in plan.findings:
        rule = plan.protocol.rules.get(finding.rule)
        for bound in rule.bounds if rule and finding.point == "day-zero" and finding.latest else ():
            limit = slip_limit(bound)
            if limit is not None:
                return finding, limit
    return None


def how_far(after: Plan) -> Limit | None:
    found, standing = limit_of(after), standing_of(after)
    if found is None or found[0].latest is None:
        return None
    finding, bound = found
    last = finding.latest or standing.planned.on
    planned, day_zero = standing.planned.at, standing.day_zero.at
    if bound.unit != "hours":
        hours = 24 * bound.count * IN_DAYS[bound.unit]
        return Limit(hours=hours, by_date=True, last=last, until=None, used=None, left=None)
    if planned is None or day_zero is None:
        return Limit(hours=bound.count, by_date=False, last=last, until=None, used=None, left=None)
    until = last_start(planned, bound.count)
    used, left = _elapsed(planned, day_zero), _elapsed(day_zero, until)
    return Limit(hours=bound.count, by_date=False, last=last, until=until, used=used, left=left)


def _elapsed(start: datetime, end: datetime) -> float:
    """Elapsed hours, to the minute."""
    minutes = (end.timestamp() - start.timestamp()) / 60
    return round(minutes) / 60
