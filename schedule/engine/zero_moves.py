"""The moves of day 0 in a history, and where everything lay before each: what is told of a move for some days."""

from collections.abc import Iterator
from datetime import UTC

from msgspec.structs import replace

from schedule.engine.events import laid_events
from schedule.engine.laid import Laid
from schedule.engine.replay import replay
from schedule.model.acts import Move, PlannedHour
from schedule.model.history import History
from schedule.model.moment import Moment, in_zone, moment_at
from schedule.model.plan import Event, ZeroMove


def cycle_of(laid: Laid, deed: Move) -> int:
    """The cycle whose day 0 is to move: the one named, else the first whose infusion is not recorded."""
    return deed.cycle or next((one for one in laid.cycles if not laid.is_infused(one)), 1)


def moves_in(history: History) -> tuple[ZeroMove, ...]:
    """Every move of day 0, oldest first."""
    zone = history.steps[-1].site.zone
    return tuple(replace(move, was=in_zone(move.was, zone)) for move in _moves(history))


def laid_before(history: History, step: int) -> tuple[Event, ...]:
    """Every event as it lay before the act with that number."""
    act = history.steps[step]
    earlier = History(case=history.case, steps=history.steps[:step], numbers=history.numbers)
    return tuple(laid_events(replay(earlier), history.numbers, act.as_of).events)


def _moves(history: History) -> Iterator[ZeroMove]:
    """Every move of day 0. Where it stood is known from the acts alone, but in a protocol with cycles."""
    case = history.case
    if case.planned_day_zero is None:
        return
    stands = Moment(on=case.planned_day_zero, at=case.planned_moment)
    for number, step in enumerate(history.steps):
        made = step.as_of.replace(tzinfo=step.site.zone or UTC)
        match step.deed:
            case Move() as deed if step.protocol.cycles is not None:
                laid = replay(History(case=case, steps=history.steps[:number], numbers=history.numbers))
                cycle = cycle_of(laid, deed)
                yield ZeroMove(step=number, cycle=cycle, was=laid.day_zero(cycle), at=made, by=step.by)
            case Move(to=to):
                yield ZeroMove(step=number, cycle=1, was=stands, at=made, by=step.by)
                stands = to
            case PlannedHour(moment=moment):
                stands = moment_at(moment)
            case _:
                pass
