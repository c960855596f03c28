"""One bound between two points: where each of them may lie, given the other."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping
from datetime import tzinfo

from msgspec import Struct

from schedule.engine.stamps import (
    FIRST_HOUR,
    INFINITY,
    LAST_HOUR,
    PARTS,
    Value,
    is_timed,
    minutes_of,
    moment_of,
    on_clock,
    value_at,
)
from schedule.model.dates import add_to_ordinal, last_start
from schedule.model.notation import MonthRule, Unit

Node = Hashable
"""A point of the network; one of a later cycle with the number of the cycle."""


class Link(Struct, frozen=True):
    """`point + point_shift` lies on or after (`lower`), or on or before, `anchor + anchor_shift` + count units +
    `extra` days."""

    rule: str
    point: Node
    point_shift: int
    anchor: Node
    anchor_shift: int
    lower: bool
    count: int
    unit: Unit
    extra: int
    months: MonthRule

    def limit(self, anchor: Value) -> Value:
        """Where the point's border lies for the anchor on that day."""
        if abs(anchor) >= INFINITY:
            return anchor
        reached = add_to_ordinal(int(anchor) + self.anchor_shift, self.count, self.unit, self.months)
        return reached + self.extra - self.point_shift

    def anchor_limit(self, point: Value) -> Value:
        """The other way round: the last anchor (`lower`; else the first) that the point on that day allows.

        Months are never subtracted: the monotone sum is searched.
        """
        if abs(point) >= INFINITY:
            return point
        point = int(point)
        if self.unit == "days":
            return point + self.point_shift - self.extra - self.count - self.anchor_shift
        about = self.count * {"weeks": 7, "months": 30, "years": 365}[self.unit]
        guess = point + self.point_shift - self.extra - self.anchor_shift - about
        slack = 40 + self.count * 2
        around = range(max(1 - self.anchor_shift, guess - slack), guess + slack)
        if self.lower:
            return around[bisect_right(around, point, key=self._limit_of_day) - 1]
        return around[bisect_left(around, point, key=self._limit_of_day)]

    def _limit_of_day(self, anchor: int) -> int:
        return int(self.limit(anchor))

    def holds(self, values: Mapping[Node, Value]) -> bool:
        border, point = self.limit(values[self.anchor]), int(values[self.point])
        return point >= border if self.lower else point <= border


class HourLink(Link, frozen=True):
    """The same in elapsed hours, `extra` of minutes. Where an hour is not known, `sure` keeps the bound at every hour
    of the date, else some hour is enough.

    An end that moves with day 0 has a clock: its hour as a fraction, in parts, 0 where it has none; other ends have
    None, and their values carry the hour. `clocked`: whole days are counted by the clock as well, and whichever ends
    first is the limit.
    """

    sure: bool
    clocked: bool
    zone: tzinfo | None
    point_clock: int | None = None
    anchor_clock: int | None = None

    def limit(self, anchor: Value) -> Value:
        return self._border(anchor, True)

    def anchor_limit(self, point: Value) -> Value:
        return self._border(point, False)

    def _there(self, value: Value, is_point: bool) -> Value:
        """Where an end lies, given its base."""
        shift, clock = self._end(is_point)
        return value if clock is None else on_clock(int(value) + shift, clock, self.zone)

    def _end(self, is_point: bool) -> tuple[int, int | None]:
        return (self.point_shift, self.point_clock) if is_point else (self.anchor_shift, self.anchor_clock)

    @property
    def _apart(self) -> int:
        return 60 * self.count + self.extra

    def _border(self, other: Value, is_point: bool) -> Value:
        """The border that the other end sets to the point, or else to the anchor."""
        if abs(other) >= INFINITY:
            return other
        first = self.lower == is_point
        at = self._there(other, not is_point)
        if not is_timed(at):
            at += (LAST_HOUR if first == self.sure else FIRST_HOUR) / PARTS
        minutes = self._until(at) if is_point else minutes_of(at, self.zone) - self._apart
        return self._base(value_at(minutes, self.zone), is_point, first)

    def _until(self, anchor: Value) -> int:
        """So many hours after the anchor; the earlier of that and the same wall time, where the clock counts."""
        minutes = minutes_of(anchor, self.zone) + self._apart
        at = moment_of(anchor, self.zone).at if self.clocked else None
        return minutes if at is None else min(minutes, round(last_start(at, self.count).timestamp()) // 60)

    def _base(self, border: Value, is_point: bool, first: bool) -> Value:
        """The border of the base of an end: of one that moves with day 0 the first, or the last, day that keeps it."""
        shift, clock = self._end(is_point)
        if clock is None:
            return border
        day = int(border)
        there = on_clock(day, clock, self.zone)
        if not is_timed(there):
            worst = FIRST_HOUR if first else LAST_HOUR
            there = day + worst / PARTS if self.sure else border
        apart = minutes_of(there, self.zone) - minutes_of(border, self.zone)
        step = (1 if apart < 0 else 0) if first else (-1 if apart > 0 else 0)
        return day - shift + step

    def holds(self, values: Mapping[Node, Value]) -> bool:
        point, anchor = self._there(values[self.point], True), self._there(values[self.anchor], False)
        if is_timed(point) and is_timed(anchor):
            return self._keeps(minutes_of(point, self.zone), self._until(anchor))
        late = self.lower != self.sure  # the hour of the point that the verdict rests on, where it has none
        point += 0 if is_timed(point) else (LAST_HOUR if late else FIRST_HOUR) / PARTS
        anchor += 0 if is_timed(anchor) else (FIRST_HOUR if late else LAST_HOUR) / PARTS
        return self._keeps(minutes_of(point, self.zone), minutes_of(anchor, self.zone) + self._apart)

    def _keeps(self, point: int, border: int) -> bool:
        return point >= border if self.lower else point <= border
