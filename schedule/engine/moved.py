"""That day 0 moved a short time ago: for three days everybody who was not there is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from schedule.model.acts import Move, PlannedHour
from schedule.model.history import History
from schedule.model.moment import Moment, moment_at
from schedule.model.plan import Plan, standing_of

TOLD_FOR = 72
"""Hours, by the clock of the site, for which a move of day 0 is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDayZero:
    """Day 0 of the first cycle was `was` and is `now`, since the last move, as of `at`: a wall time of the site."""

    was: Moment
    now: Moment
    at: datetime


def moved_day_zero(plan: Plan, now: datetime | None = None) -> MovedDayZero | None:
    """The moves of the 72 hours before `now` (a wall time of the site, without zone; the plan's as-of without one), told
    as one; None where there is none, day 0 is where it was, or the infusion is recorded."""
    standing, now = standing_of(plan), now or plan.as_of
    if plan.history is None or standing.infused or standing.cancelled:
        return None
    lately = [(was, at) for was, at in _moves(plan.history) if (now - at).total_seconds() <= TOLD_FOR * 3600]
    if not lately or lately[0][0].is_same(standing.day_zero):
        return None
    return MovedDayZero(was=lately[0][0], now=standing.day_zero, at=lately[-1][1])


def _moves(history: History) -> Iterator[tuple[Moment, datetime]]:
    """Where day 0 of the first cycle stood before each move, and when it was moved."""
    case = history.case
    if case.planned_day_zero is None:
        return
    stands = Moment(on=case.planned_day_zero, at=case.planned_moment)
    for step in history.steps:
        match step.deed:
            case Move(to=to, cycle=None | 1):
                yield stands, step.as_of
                stands = to
            case PlannedHour(moment=moment):
                stands = moment_at(moment)
            case _:
                pass
