"""That day 0 moved a short time ago: for three days everybody who was not there is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from schedule.engine.events import laid_events
from schedule.engine.replay import replay
from schedule.model.acts import Move, PlannedHour
from schedule.model.history import History
from schedule.model.moment import Moment, moment_at
from schedule.model.plan import Event, Plan, standing_of

TOLD_FOR = 72
"""Hours, by the clock of the site, for which a move of day 0 is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDayZero:
    """Day 0 of the first cycle was `was` and is `now`, since the last move, as of `at`: a wall time of the site."""

    was: Moment
    now: Moment
    at: datetime


def moved_day_zero(plan: Plan, now: datetime | None = None) -> MovedDayZero | None:
    """The moves of the 72 hours before `now` (a wall time of the site, without zone; the plan's as-of if not given), as
    one; None where there is none, day 0 is where it was, or the infusion is recorded."""
    lately = _lately(plan, now or plan.as_of)
    if not lately:
        return None
    return MovedDayZero(was=lately[0].was, now=standing_of(plan).day_zero, at=lately[-1].at)


def events_before_the_move(plan: Plan) -> tuple[Event, ...]:
    """Where everything lay before day 0 moved a short time ago; nothing where it did not."""
    lately = _lately(plan, plan.as_of)
    if not lately or plan.history is None:
        return ()
    earlier = History(case=plan.history.case, steps=plan.history.steps[: lately[0].step], numbers=plan.history.numbers)
    return tuple(laid_events(replay(earlier), plan.history.numbers, lately[0].at).events)


class _Moved(NamedTuple):
    """One move: which act it was, where day 0 stood before it, and as of when it was made."""

    step: int
    was: Moment
    at: datetime


def _lately(plan: Plan, now: datetime) -> list[_Moved]:
    """The moves that are still told; none where day 0 is where it was, or no longer moves."""
    standing = standing_of(plan)
    if plan.history is None or standing.infused or standing.cancelled:
        return []
    found = [one for one in _moves(plan.history) if (now - one.at).total_seconds() <= TOLD_FOR * 3600]
    return [] if found and found[0].was.is_same(standing.day_zero) else found


def _moves(history: History) -> Iterator[_Moved]:
    """Every move of day 0 of the first cycle."""
    case = history.case
    if case.planned_day_zero is None:
        return
    stands = Moment(on=case.planned_day_zero, at=case.planned_moment)
    for number, step in enumerate(history.steps):
        match step.deed:
            case Move(to=to, cycle=None | 1):
                yield _Moved(number, stands, step.as_of)
                stands = to
            case PlannedHour(moment=moment):
                stands = moment_at(moment)
            case _:
                pass
