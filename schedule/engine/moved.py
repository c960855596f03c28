"""That day 0 moved a short time ago: for 72 hours everybody who was not there is told, by one answer."""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from msgspec import Struct

from schedule.engine.events import laid_events
from schedule.engine.move import cycle_of
from schedule.engine.replay import replay
from schedule.model.acts import Move, PlannedHour
from schedule.model.dates import add_minutes
from schedule.model.history import History
from schedule.model.moment import Moment, moment_at
from schedule.model.plan import Event, Plan, Standing, standing_of

TOLD_FOR = 72
"""Elapsed hours for which a move of day 0 is told, from its as-of on."""


class MovedDayZero(Struct, frozen=True, kw_only=True):
    """Day 0 of `cycle` was `was` and is `now`, since the last move, as of `at`: a wall time of the site. `by` made it;
    empty where nobody is named."""

    cycle: int
    was: Moment
    now: Moment
    at: datetime
    by: str


def moved_day_zero(plan: Plan, now: datetime | None = None) -> MovedDayZero | None:
    """The moves that are told at `now` (a wall time of the site, without zone; the plan's as-of if not given), as one:
    see `move_told`."""
    when = now or plan.as_of
    return _of_plan(plan, when, when)


def moved_on_sheet(plan: Plan, day: date) -> MovedDayZero | None:
    """The moves that are told at some moment of a day, as one: what the sheet of that day says at its head, whenever
    it is printed."""
    return _of_plan(plan, datetime.combine(day, time.min), datetime.combine(day, time(23, 59)))


def move_told(
    history: History, standing: Standing, infused: Container[int], first: datetime, last: datetime
) -> MovedDayZero | None:
    """The moves of a patient that are told at some moment between two wall times of the site (both included), as one,
    from the first to the last; of several cycles the one that moved last. None where there is none, the plan is
    cancelled, day 0 is where it was, or the infusion of the cycle (`infused` are such) is recorded."""
    found: dict[int, list[_Moved]] = {}
    for one in _lately(history, first, last):
        found.setdefault(one.cycle, []).append(one)
    for cycle, moves in sorted(found.items(), key=lambda pair: pair[1][-1].step, reverse=True):
        now, was = _day_zero(standing, cycle), moves[0].was
        if not (standing.cancelled or cycle in infused or now is None or was.is_same(now)):
            return MovedDayZero(cycle=cycle, was=was, now=now, at=moves[-1].at, by=moves[-1].by)
    return None


def told_until(plan: Plan) -> datetime | None:
    """The first wall time of the site at which a move that is told at the plan's as-of is told no longer."""
    if plan.history is None:
        return None
    zone = plan.site.zone or UTC
    ends = [
        add_minutes(one.at.replace(tzinfo=zone), TOLD_FOR * 60 + 1) for one in _lately(plan.history, *[plan.as_of] * 2)
    ]
    return min(ends).replace(tzinfo=None) if ends else None


def events_before_the_move(plan: Plan) -> tuple[Event, ...]:
    """Where everything lay before day 0 of the first cycle moved a short time ago; nothing where it did not."""
    moved = moved_day_zero(plan)
    if moved is None or moved.cycle > 1 or plan.history is None:
        return ()
    first = next(one for one in _lately(plan.history, plan.as_of, plan.as_of) if one.cycle == 1)
    earlier = History(case=plan.history.case, steps=plan.history.steps[: first.step], numbers=plan.history.numbers)
    return tuple(laid_events(replay(earlier), plan.history.numbers, first.at).events)


class _Moved(NamedTuple):
    """One move: which act it was, of which cycle, where day 0 stood before it, as of when it was made, and by whom."""

    step: int
    cycle: int
    was: Moment
    at: datetime
    by: str


def _of_plan(plan: Plan, first: datetime, last: datetime) -> MovedDayZero | None:
    if plan.history is None:
        return None
    cells = (event for event in plan.events if event.activity == plan.protocol.day_zero and event.actual is not None)
    return move_told(plan.history, standing_of(plan), {max(event.cycle, 1) for event in cells}, first, last)


def _day_zero(standing: Standing, cycle: int) -> Moment | None:
    if cycle == 1:
        return standing.day_zero
    later = standing.cycles.get(cycle)
    return later.day_zero if later is not None else None


def _lately(history: History, first: datetime, last: datetime) -> Iterator[_Moved]:
    """The moves that are told at some moment between the two."""
    zone = history.steps[-1].site.zone or UTC
    begins, ends = (moment.replace(tzinfo=zone).astimezone(UTC) for moment in (first, last))
    for one in _moves(history):
        at = one.at.replace(tzinfo=zone).astimezone(UTC)
        if at <= ends and begins <= add_minutes(at, TOLD_FOR * 60):
            yield one


def _moves(history: History) -> Iterator[_Moved]:
    """Every move of day 0. Where it stood is known from the acts alone, but in a protocol with cycles."""
    case = history.case
    if case.planned_day_zero is None:
        return
    stands = Moment(on=case.planned_day_zero, at=case.planned_moment)
    for number, step in enumerate(history.steps):
        match step.deed:
            case Move() as deed if step.protocol.cycles is not None:
                laid = replay(History(case=case, steps=history.steps[:number], numbers=history.numbers))
                cycle = cycle_of(laid, deed)
                yield _Moved(number, cycle, laid.day_zero(cycle), step.as_of, step.by)
            case Move(to=to):
                yield _Moved(number, 1, stands, step.as_of, step.by)
                stands = to
            case PlannedHour(moment=moment):
                stands = moment_at(moment)
            case _:
                pass
