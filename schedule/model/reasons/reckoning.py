"""How this computer reckons otherwise than it did when Dayzero was made."""

from datetime import date

from schedule.model.notation import Unit
from schedule.model.reasons import Reason


class SumDiffers(Reason, frozen=True, kw_only=True):
    """A date and a distance come to another date than `wanted`."""

    start: date
    count: int
    unit: Unit
    wanted: date
    found: date


class HoursDiffer(Reason, frozen=True, kw_only=True):
    """So many hours from a wall time in a place end at another moment; all three are ISO texts."""

    hours: int
    start: str
    place: str
    wanted: str
    found: str


class DayIsNamedOtherwise(Reason, frozen=True, kw_only=True):
    """A day of the study is written otherwise than `wanted`."""

    day: int
    wanted: str
    found: str


Miscalculation = SumDiffers | HoursDiffer | DayIsNamedOtherwise
