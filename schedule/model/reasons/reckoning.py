"""How this computer reckons otherwise than it did when Dayzero was made."""

from dataclasses import dataclass
from datetime import date

from schedule.model.notation import Unit
from schedule.model.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SumDiffers(Reason):
    """A date and a distance come to another date than `wanted`."""

    start: date
    count: int
    unit: Unit
    wanted: date
    found: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursDiffer(Reason):
    """So many hours from a wall time in a place end at another moment; all three are ISO texts."""

    hours: int
    start: str
    place: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayIsNamedOtherwise(Reason):
    """A day of the study is written otherwise than `wanted`."""

    day: int
    wanted: str
    found: str


Miscalculation = SumDiffers | HoursDiffer | DayIsNamedOtherwise
