"""How the points of the network depend on day 0: of two plans that differ by where day 0 lies and nothing else."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from schedule.engine.days_left import EVERY_DAY, KeptDays
from schedule.engine.laid import Laid
from schedule.engine.links import Base, HourLink, Link
from schedule.engine.network import Choices, D, LinkedBound
from schedule.engine.points import moments_at
from schedule.engine.stamps import Value, clock_of, value_of
from schedule.model.moment import Moment
from schedule.model.timing import ClockTime, KnownDatePoint

if TYPE_CHECKING:
    from schedule.engine.evidence import Evidence


class End(NamedTuple):
    """An end of a link: its base; the days that it lies from day 0 and its hour as a fraction, where it moves with
    it."""

    base: Base
    shift: int = 0
    clock: int | None = None


class Moving:
    """What moves with day 0 of one cycle. `first` and `second` are the plan with day 0 on two days."""

    def __init__(self, first: Laid, second: Laid, cycle: int) -> None:
        self.first, self.second, self.cycle = first, second, cycle
        self.zero = first.day_zero(cycle).on.toordinal()
        self.step = second.day_zero(cycle).on.toordinal() - self.zero
        self.known: dict[Base, tuple[Value, ...]] = {}
        self.ends: dict[tuple[Base, int], End] = {}
