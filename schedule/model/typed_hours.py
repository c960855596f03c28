"""On which date an hour was that was typed without one: near midnight it may be the next day's, or the one's before."""

from datetime import UTC, date, datetime, time

from schedule.model.dates import add
from schedule.model.moment import Moment

NIGHT_ENDS, NIGHT_BEGINS = time(4), time(20)
"""Of what has no hour itself: until when an hour may be of the night after its date, from when of the one before."""


def dates_meant(due: Moment, clock: time, now: datetime) -> tuple[date, ...]:
    """The dates on which a clock time may have been that was typed of what was `due`, as of `now` (an aware datetime in
    the site's zone). Its own date alone, unless that time lies nearer on the day before or after; what has no hour has
    a night before and a night after. Of several, dates that are still to come are left out."""
    own = due.on
    other = [day for day in (_next(own, -1), _next(own, 1)) if _may_be(day, due, clock, now)]
    if not other:
        return (own,)
    return tuple(sorted([*other, *([own] if _at(own, clock, now) <= now.astimezone(UTC) else [])]))


def _may_be(day: date, due: Moment, clock: time, now: datetime) -> bool:
    """Whether the day before or after may be meant rather than the date itself."""
    at, own, present = _at(day, clock, now), _at(due.on, clock, now), now.astimezone(UTC)
    if at > present:
        return False
    if due.instant is not None:
        return abs(at - due.instant) < abs(own - due.instant)
    return clock < NIGHT_ENDS if day > due.on else clock >= NIGHT_BEGINS and own > present


def _next(day: date, by: int) -> date:
    return add(day, by, "days", "clamp")


def _at(day: date, clock: time, now: datetime) -> datetime:
    """A clock time on a date, in UTC; one that comes twice is the first, one that the clocks skip is as if they did
    not."""
    return datetime.combine(day, clock, now.tzinfo).astimezone(UTC)
