"""How far day 0 may slip from planned day 0: no other module works a limit out, or a moment from it."""

from datetime import UTC, date, datetime

from schedule.engine.points import IN_DAYS
from schedule.model.dates import add, last_start
from schedule.model.moment import Moment
from schedule.model.move import Limit
from schedule.model.notation import MonthRule
from schedule.model.plan import Finding, Plan, SlipLimit, standing_of
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


def is_within(limit: SlipLimit, day_zero: Moment) -> bool | None:
    """Whether day 0 keeps a limit in hours; None where the limit is in days, or one of the hours is not known."""
    if limit.until is None or day_zero.at is None:
        return None
    return day_zero.at.astimezone(UTC) <= limit.until.astimezone(UTC)


def hangs_on_hours(limit: SlipLimit, day_zero: Moment) -> bool:
    """Whether the limit is in hours, an hour is not known, and day 0 lies so late that it depends on them."""
    known = limit.planned.at is not None and day_zero.at is not None
    return limit.bound.unit == "hours" and not known and day_zero.on > sure_until(limit.bound, limit.planned)


def limit_of(plan: Plan) -> tuple[Finding, SlipLimit] | None:
    """The finding about how far day 0 may lie from planned day 0, and that limit; None if the protocol states no
    limit."""
    return next(((finding, finding.limit) for finding in plan.findings if finding.limit is not None), None)


def how_far(after: Plan) -> Limit | None:
    """The limit of a plan, and how much of it day 0 as it stands uses up; None if the protocol states no limit."""
    found, day_zero = limit_of(after), standing_of(after).day_zero
    if found is None:
        return None
    limit, bound = found[1], found[1].bound
    if bound.unit != "hours":
        hours = 24 * bound.count * IN_DAYS[bound.unit]
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
