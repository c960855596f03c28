"""How far day 0 may slip from planned day 0: no other module works a limit out, or a moment from it."""

from datetime import date, datetime, tzinfo

from schedule.engine.places import DAYS_IN
from schedule.model.dates import add, last_start
from schedule.model.days_zero import SlipLimit
from schedule.model.moment import Moment, order_of
from schedule.model.move import Limit
from schedule.model.notation import MonthRule
from schedule.model.plan import Finding, Plan, standing_of
from schedule.model.timing import Bound


def limit_from(bound: Bound, planned: Moment, months: MonthRule) -> SlipLimit:
    """The limit that a bound sets for a planned day 0."""
    if bound.unit != "hours":
        last, until = add(planned.on, bound.count, bound.unit, months), None
    elif planned.at is None:
        last, until = sure_until(bound, planned), None
    else:
        until = last_start(planned.at, bound.count)
        last = until.date()
    return SlipLimit(bound=bound, planned=planned, last=last, until=until)


def sure_until(bound: Bound, planned: Moment) -> date:
    """The last day, included, on which a limit in hours is kept whatever the two hours are."""
    return add(planned.on, bound.count // 24 - 1, "days", "clamp")


def hangs_on_hours(bound: Bound, planned: Moment, day_zero: Moment, zone: tzinfo | None) -> bool:
    """Whether a limit is in hours, an hour is not known, and it is kept at some hours of the two dates only."""
    if bound.unit != "hours" or (planned.at is not None and day_zero.at is not None):
        return False
    (first, last), (early, late) = _reach(planned, zone), _reach(day_zero, zone)
    return bound.allows(early - last, bound.count * 3600) != bound.allows(late - first, bound.count * 3600)


def _reach(moment: Moment, zone: tzinfo | None) -> tuple[float, float]:
    """The first and the last minute that it may be, in seconds since 1970."""
    start = order_of(moment, zone).timestamp()
    if moment.at is not None:
        return start, start
    return start, order_of(Moment(on=add(moment.on, 1, "days", "clamp")), zone).timestamp() - 60


def limit_of(plan: Plan, cycle: int = 1) -> tuple[Finding, SlipLimit] | None:
    """The finding about how far day 0 of a cycle may lie from planned day 0, and that limit; None if the protocol
    states no limit."""
    found = (one for one in plan.findings if one.cycle == cycle)
    return next(((finding, finding.limit) for finding in found if finding.limit is not None), None)


def how_far(after: Plan, cycle: int = 1) -> Limit | None:
    """The limit of a plan, and how much of it day 0 as it stands uses up; None if the protocol states no limit."""
    found, standing = limit_of(after, cycle), standing_of(after)
    if found is None:
        return None
    day_zero = standing.of(cycle).day_zero
    limit, bound = found[1], found[1].bound
    if bound.unit != "hours":
        hours = 24 * bound.count * DAYS_IN[bound.unit]
        return Limit(hours=hours, by_date=True, last=limit.last, until=None, used=None, left=None)
    used = left = until = None
    if limit.planned.at is not None and limit.until is not None and day_zero.at is not None:
        until = limit.until
        used, left = _elapsed(limit.planned.at, day_zero.at), _elapsed(day_zero.at, until)
    return Limit(hours=bound.count, by_date=False, last=limit.last, until=until, used=used, left=left)


def _elapsed(start: datetime, end: datetime) -> float:
    """Elapsed hours, to the minute."""
    minutes = (end.timestamp() - start.timestamp()) / 60
    return round(minutes) / 60
