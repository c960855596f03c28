"""Why a wall time is no one moment of its zone."""

from datetime import date, time

from schedule.model.reasons import Reason


class Skipped(Reason, frozen=True, kw_only=True):
    """The clocks in `zone` are put forward over this time."""

    day: date
    clock: time
    zone: str


class ShownTwice(Reason, frozen=True, kw_only=True):
    """The clocks in `zone` are put back over this time, and nothing says which of the two moments is meant."""

    day: date
    clock: time
    zone: str


class OtherOffset(Reason, frozen=True, kw_only=True):
    """The time was written with an offset that `zone` does not have then.
    `offsets` are those it has, in seconds east of UTC.
    """

    day: date
    clock: time
    zone: str
    offsets: tuple[int, ...]


WallTimeFault = Skipped | ShownTwice | OtherOffset
