"""That day 0 moved a short time ago: for 72 hours everybody who was not there is told, by one answer."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time

from msgspec import Struct

from schedule.engine.shown_days import days_of_span
from schedule.model.dates import add, add_minutes
from schedule.model.moment import Moment, instant_at
from schedule.model.plan import AnyPlan, E, F, ListedEvent, ListedPlan, Standing, ZeroMove, standing_of

TOLD_FOR = 72
"""Elapsed hours for which a move of day 0 is told, from its as-of on."""


class MovedDayZero(Struct, frozen=True, kw_only=True):
    """Day 0 of `cycle` was `was` and is `now`, since the last move, as of `at` (aware, in the site's zone). `by` made
    it; empty where nobody is named."""

    cycle: int
    was: Moment
    now: Moment
    at: datetime
    by: str


def moved_day_zero(plan: AnyPlan, now: datetime | None = None) -> MovedDayZero | None:
    """The moves that are told at `now` (a wall time of the site; the plan's as-of if not given), as one."""
    when = now or plan.as_of
    return _told(plan, when, when)


def moved_on_sheet(plan: AnyPlan, day: date) -> MovedDayZero | None:
    """The moves that are told at some moment of a day, as one: what the sheet of that day says at its head, whenever
    it is printed."""
    return _told(plan, datetime.combine(day, time.min), datetime.combine(day, time(23, 59)))


def _told(plan: AnyPlan, first: datetime, last: datetime) -> MovedDayZero | None:
    """The moves that are told at some moment between two wall times of the site (both included), as one, from the first
    to the last; of several cycles the one that moved last. None where there is none, the plan is cancelled, day 0 is
    where it was, or the infusion of the cycle is recorded."""
    standing = standing_of(plan)
    cells = (event for event in plan.events if event.activity == plan.protocol.day_zero and event.actual is not None)
    infused = {max(event.cycle, 1) for event in cells}
    found: dict[int, list[ZeroMove]] = {}
    for one in _lately(plan, first, last):
        found.setdefault(one.cycle, []).append(one)
    for cycle, moves in sorted(found.items(), key=lambda pair: pair[1][-1].step, reverse=True):
        now, was = _day_zero(standing, cycle), moves[0].was
        if not (standing.cancelled or cycle in infused or now is None or was.is_same(now)):
            at = moves[-1].at.astimezone(plan.site.zone or UTC)
            return MovedDayZero(cycle=cycle, was=was, now=now, at=at, by=moves[-1].by)
    return None


def told_until(plan: AnyPlan) -> datetime | None:
    """The first moment, in UTC, at which a move that is told at the plan's as-of is told no longer."""
    lately = _lately(plan, plan.as_of, plan.as_of)
    ends = [add_minutes(one.at.astimezone(UTC), TOLD_FOR * 60 + 1) for one in lately]
    return min(ends, default=None)


def events_before_the_move(plan: ListedPlan[E, F]) -> tuple[E, ...]:
    """Where everything lay before day 0 of the first cycle moved a short time ago; nothing where it did not."""
    moved = moved_day_zero(plan)
    return () if moved is None or moved.cycle > 1 else _laid_before(plan, moved)


def days_left_empty(plan: AnyPlan) -> Mapping[date, date]:
    """The days on which something was before day 0 moved a short time ago, and on which nothing is now: each with the
    date to which the day of that name has moved."""
    moved = moved_day_zero(plan)
    if moved is None:
        return {}
    before, now = (_days(events) for events in (_laid_before(plan, moved), plan.events))
    return {day: add(moved.now.on, (day - moved.was.on).days, "days", "clamp") for day in sorted(before - now)}


def _laid_before(plan: ListedPlan[E, F], moved: MovedDayZero) -> tuple[E, ...]:
    """Where everything lay before the first of the moves that are told as one."""
    return plan.laid_before(next(one for one in _lately(plan, plan.as_of, plan.as_of) if one.cycle == moved.cycle).step)


def _days(events: Iterable[ListedEvent]) -> set[date]:
    there = (event for event in events if event.status != "cancelled")
    return {day for event in there for day in days_of_span(event.on, event.last_date or event.on)}


def _day_zero(standing: Standing, cycle: int) -> Moment | None:
    if cycle == 1:
        return standing.day_zero
    later = standing.cycles.get(cycle)
    return later.day_zero if later is not None else None


def _lately(plan: AnyPlan, first: datetime, last: datetime) -> Iterator[ZeroMove]:
    """The moves that are told at some moment between the two."""
    zone = plan.site.zone
    begins, ends = (instant_at(moment, zone) for moment in (first, last))
    for one in plan.moves:
        at = one.at.astimezone(UTC)
        if at <= ends and begins <= add_minutes(at, TOLD_FOR * 60):
            yield one
