"""Why a wall time is no one moment of its zone."""

from dataclasses import dataclass
from datetime import date, time

from schedule.model.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped(Reason):
    """The clocks in `zone` are put forward over this time."""

    day: date
    clock: time
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTwice(Reason):
    """The clocks in `zone` are put back over this time, and nothing says which of the two moments is meant."""

    day: date
    clock: time
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherOffset(Reason):
    """The time was written with an offset that `zone` does not have then.
    `offsets` are those it has, in seconds east of UTC.
    """

    day: date
    clock: time
    zone: str
    offsets: tuple[int, ...]


WallTimeFault = Skipped | ShownTwice | OtherOffset
