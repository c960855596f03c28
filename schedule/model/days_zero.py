"""How late day 0 may lie, and on which days it can."""

from datetime import date, datetime, time
from typing import Literal

from msgspec import Struct

from schedule.model.moment import Moment
from schedule.model.timing import Bound

DayStatus = Literal["met", "boundary", "due"]


class SlipLimit(Struct, frozen=True, kw_only=True):
    """How far day 0 may slip from planned day 0, as `bound` says. `last` is the last day, included. `until`, the
    last moment for the infusion to start, is None where the bound is in days, or the hour of planned day 0 is not
    known."""

    bound: Bound
    planned: Moment
    last: date
    until: datetime | None


class DayZeroes(Struct, frozen=True, kw_only=True):
    """The feasible days 0 of `cycle`, the first whose infusion is not recorded. `earliest` and `latest` are of `met`
    days; None is unbounded, or no such day.

    `intervals` holds first and last day, both included (None is unbounded), and the status of every day between: `due`
    in place of `met` where nothing is known of the patient, and `missing` names the dates and the choices without
    which it cannot be judged. `start` is from when to when, by the clock and both included, it would have to start to
    keep what is counted in hours from something that moves with it, where at its own hour it does not. `hangs_on` names
    the choices not made and the site's parameters not given without which some rule cannot be judged.
    """

    earliest: date | None
    latest: date | None
    intervals: tuple[tuple[date | None, date | None, DayStatus], ...]
    binding: tuple[str, ...]
    next: tuple[str, ...]
    assumes: tuple[str, ...]
    hangs_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    start: tuple[time | None, time | None] = (None, None)
    cycle: int = 1
