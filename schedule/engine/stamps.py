"""Moments as numbers, with which the network of bounds computes: the ordinal of the date, and the hour as a fraction
of it. A whole number is a date without an hour."""

from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.moment import Moment
from schedule.model.notation import is_shown_twice
from schedule.model.sizes import PIECES

INFINITY = 10**9
Value = float
"""A date, or a moment on it. Of two of one date, an hour lies after the date alone."""

PARTS = 4096
FIRST_HOUR, LAST_HOUR = 1, 1 + 2 * (24 * 60 - 1)
"""The fractions, in parts, of 00:00 and 23:59; one more for the second time that the clocks show an hour."""


def clock_of(moment: Moment) -> int:
    """The hour of a moment as a fraction, in parts; 0 where none is known."""
    return 0 if moment.at is None else 1 + 2 * (60 * moment.at.hour + moment.at.minute) + moment.at.fold


def moment_in_text(moment: Moment, *, timed: bool) -> str:
    """What a ruling keeps of a moment: its date; where hours are asked its hour, with the offset from UTC where the
    clocks show it twice."""
    if moment.at is None or not timed:
        return moment.on.isoformat()
    return (moment.at if is_shown_twice(moment.at) else moment.wall).isoformat(" ", "minutes")


def value_of(moment: Moment) -> Value:
    """A moment of the site's as a number."""
    clock = clock_of(moment)
    return moment.on.toordinal() + clock / PARTS if clock else moment.on.toordinal()


def moment_of(value: Value, zone: tzinfo | None) -> Moment:
    """The moment that a number is."""
    day, clock = int(value), round(value % 1 * PARTS)
    on = date.fromordinal(day)
    return Moment(on=on, at=_at(on, clock, zone) if clock else None)


def end_of(value: Value, zone: tzinfo | None) -> Moment | None:
    """The moment that a number is, as an end of a span; None for an open one."""
    return None if abs(value) >= INFINITY else moment_of(value, zone)


def date_of(value: Value) -> date | None:
    """The date of a number; None for an open end."""
    return None if abs(value) >= INFINITY else date.fromordinal(int(value))


def is_timed(value: Value) -> bool:
    """Whether a number has an hour."""
    return value != int(value)


def latest(value: Value) -> Value:
    """A number as the end of a span: a date alone is over when its day is."""
    return value if is_timed(value) else value + 1 - 1 / PARTS


def _at(on: date, clock: int, zone: tzinfo | None) -> datetime:
    minutes, fold = divmod(clock - 1, 2)
    return datetime.combine(on, time(minutes // 60, minutes % 60, fold=fold), zone or UTC)


@lru_cache(maxsize=PIECES)
def minutes_of(value: Value, zone: tzinfo | None) -> int:
    """A number that has an hour in elapsed minutes, on the clock of UTC."""
    return round(_at(date.fromordinal(int(value)), round(value % 1 * PARTS), zone).timestamp()) // 60


@lru_cache(maxsize=PIECES)
def value_at(minutes: int, zone: tzinfo | None) -> Value:
    """The number of a moment in elapsed minutes."""
    at = datetime.fromtimestamp(60 * minutes, zone or UTC)
    return value_of(Moment(on=at.date(), at=at))


@lru_cache(maxsize=PIECES)
def on_clock(day: int, clock: int, zone: tzinfo | None) -> Value:
    """That day at an hour; the day alone where the clocks skip the hour or show it twice."""
    if not clock:
        return day
    if isinstance(zone, ZoneInfo):
        minutes = (clock - 1) // 2
        try:
            at_wall_time(date.fromordinal(day), time(minutes // 60, minutes % 60), zone)
        except WallTimeError:
            return day
    return day + (clock - (clock - 1) % 2) / PARTS
