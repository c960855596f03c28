"""How the points of the network depend on day 0: of two plans that differ by where day 0 lies, and by nothing else."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from schedule.engine.begun import turns_of_times
from schedule.engine.days_left import EVERY_DAY, KeptDays, Span, best, less, meet, merged
from schedule.engine.laid import Laid
from schedule.engine.links import HourLink, Link, Node
from schedule.engine.network import D, LinkedBound
from schedule.engine.replay import moved
from schedule.engine.stamps import INFINITY, Value, clock_of, moment_of, value_of
from schedule.model.dates import add
from schedule.model.moment import Moment
from schedule.model.sizes import PIECES
from schedule.model.timing import ClockTime, KnownDatePoint

if TYPE_CHECKING:
    from schedule.engine.evidence import Evidence

NEAR, BEYOND = 60, 4000
"""Days on either side of day 0 that are tried one by one, and days beyond them on which it may turn."""
FAR, STEP = 400, 28
"""Days from now to the first of the two days 0, and from there to the second: what has happened lies behind both."""


class PlacedEnd(Struct, frozen=True):
    """An end of a link: its base; where it moves with day 0 the days that it lies from it, and its hour as a fraction.
    Not `regular`: it lies so far from it on some days 0 only."""

    base: Node
    shift: int = 0
    clock: int | None = None
    regular: bool = True


class TwoDays:
    """A plan with day 0 of one cycle on two days, and what was asked of: where points lie, with their values where they
    stay; and the bounds between them, each with the days 0 that keep what of it moves with day 0, and the rest."""

    def __init__(self, first: Laid, second: Laid, cycle: int) -> None:
        self.first, self.second = first, second
        self.zeros = tuple(laid.day_zero(cycle).on.toordinal() for laid in (first, second))
        self.ends: dict[tuple[Node, int], tuple[PlacedEnd | None, tuple[Value, ...]]] = {}
        self.parts: dict[tuple[LinkedBound, int], LinkedBound] = {}
        self.parted: dict[LinkedBound, tuple[KeptDays | None, LinkedBound]] = {}


class Moving:
    """What moves with day 0 of one cycle, and how. `first` and `second` are the plan with day 0 on two days; `known`
    are the dates that do not move, of the patient's and of the points that were asked of."""

    def __init__(self, two: TwoDays, cycle: int) -> None:
        self.two, self.first, self.second, self.zeros, self.cycle = two, two.first, two.second, two.zeros, cycle
        self.known: dict[Node, tuple[Value, ...]] = {}
        self.laid: dict[int, Laid] = {}

    def end_of(self, evidence: "Evidence", end: Node) -> PlacedEnd | None:
        """A point in the cycle of the evidence; None where it has no date."""
        found: PlacedEnd | None
        if isinstance(end, KnownDatePoint):
            found, values = PlacedEnd(end), evidence.known.get(end, ())
        else:
            key = (end, evidence.cycle)
            if key not in self.two.ends:
                self.two.ends[key] = self._end_of(evidence, end)
            found, values = self.two.ends[key]
        if found is not None and values:
            self.known[found.base] = values
        return found

    def _end_of(self, evidence: "Evidence", end: Node) -> tuple[PlacedEnd | None, tuple[Value, ...]]:
        one, other = (evidence.moments_in(laid, end)[-1:] for laid in (self.first, self.second))
        if not one or not other:
            return None, ()
        days = [at.on.toordinal() for at in (*one, *other)]
        if days[0] == days[1]:
            return PlacedEnd((end, evidence.cycle)), (value_of(one[0]),)
        shift, clock = days[0] - self.zeros[0], clock_of(one[0]) or clock_of(other[0])
        regular = days[1] - days[0] == self.zeros[1] - self.zeros[0] and self._is_there(evidence, end, shift)
        return PlacedEnd(D, shift, clock, regular), ()

    def _is_there(self, evidence: "Evidence", end: Node, shift: int) -> bool:
        """Whether a point lies so far from day 0 as it now stands, too."""
        if evidence.day_zero is None:
            return True
        zero = evidence.laid.day_zero(self.cycle).on.toordinal()
        return [at.on.toordinal() for at in evidence.moments_in(evidence.laid, end)[-1:]] == [zero + shift]

    def placed(self, evidence: "Evidence") -> tuple[list[LinkedBound], list[KeptDays]]:
        """The bounds that apply, of known dates, constants and day 0; and those that are kept or broken on every day,
        since both of their points move with it."""
        found, more = [], []
        for part in evidence.applicable:
            ends = [self.end_of(evidence, end) for end in part.ends]
            if not all(end is None or end.regular for end in ends) and all(one in evidence.known for one in part.dates):
                more.append(self.by_trial(evidence, part))
                continue
            kept, free = self.kept_and_rest(self.placed_part(evidence, part))
            more += [kept] if kept is not None else []
            found.append(free)
        return found, more

    def kept_and_rest(self, placed: LinkedBound) -> tuple[KeptDays | None, LinkedBound]:
        """The days 0 that keep what of a bound lies between two points that move with day 0, None where every one does;
        and the bound without it."""
        if placed not in self.two.parted:
            rigid, free = parted(placed)
            safe, literal = (self.kept_days(one) for one in rigid)
            kept = KeptDays(placed.rule, safe, tuple(merged((*safe, *literal))))
            self.two.parted[placed] = (None if safe == literal == EVERY_DAY else kept), free
        return self.two.parted[placed]

    def placed_part(self, evidence: "Evidence", part: LinkedBound) -> LinkedBound:
        """A bound whose points are known dates, constants and day 0."""
        ends, key = tuple([self.end_of(evidence, end) for end in part.ends]), (part, evidence.cycle)
        if key not in self.two.parts:
            self.two.parts[key] = placed_with(part, ends)
        return self.two.parts[key]

    # By trial ---------------------------------------------------------------------------------------------------------

    def by_trial(self, evidence: "Evidence", part: LinkedBound) -> KeptDays:
        """The days 0 that keep a bound whose points move otherwise than day by day with it, each tried around day 0
        as it stands; further away, where the verdict turns once at the most."""
        zero = evidence.laid.day_zero(self.cycle).on.toordinal()
        near = range(zero - NEAR, zero + NEAR + 1)
        spans: list[tuple[Span, int]] = [((day, day), self.grade(evidence, part, day)) for day in near]
        spans += self._beyond(evidence, part, near[0] - 1, -1) + self._beyond(evidence, part, near[-1] + 1, 1)
        safe, allowed = (tuple(merged(span for span, grade in spans if grade >= least)) for least in (2, 1))
        return KeptDays(part.rule, safe, allowed)

    def grade(self, evidence: "Evidence", part: LinkedBound, day: int) -> int:
        """What a bound comes to with day 0 there: 2 kept in the safe reading, 1 in the literal one alone, 0 in none."""
        laid = self.at(day)  # laid out once for all who have the same first plan: known dates are this patient's
        values = {
            end: evidence.known.get(end, ()) if isinstance(end, KnownDatePoint)
            else tuple(value_of(at) for at in evidence.moments_in(laid, end)) for end in part.ends
        }  # fmt: skip
        return best(part, values)[0] if all(values.values()) else 2

    def _beyond(self, evidence: "Evidence", part: LinkedBound, start: int, step: int) -> list[tuple[Span, int]]:
        """The verdicts from a day on, to the one side."""
        far = start + step * BEYOND
        here, there = self.grade(evidence, part, start), self.grade(evidence, part, far)
        turn = bisect_left(range(BEYOND), True, key=lambda n: self.grade(evidence, part, start + step * n) != here)
        if here == there:
            turn = BEYOND
        border = start + step * turn
        if step > 0:
            return [((start, border - 1), here), ((border, INFINITY), there)]
        return [((border + 1, start), here), ((-INFINITY, border), there)]

    def at(self, day: int) -> Laid:
        """The plan with day 0 there."""
        if day not in self.laid:
            self.laid[day] = self._at(day)
        return self.laid[day]

    def _at(self, day: int) -> Laid:
        new = self.first.copy(self.first.facts)
        first, second = self.first, self.second
        pairs = ((new.planned_zero, first.planned_zero, second.planned_zero), (new.stands, first.stands, second.stands))
        for zeros, one, other in pairs:
            for cycle, at in one.items():
                if at.on != other[cycle].on:
                    to = date.fromordinal(at.on.toordinal() + day - self.zeros[0])
                    zeros[cycle] = new.clocked(to, ClockTime(start=at.at.time()) if at.at is not None else None)
        return new

    # Both points with day 0 -------------------------------------------------------------------------------------------

    def kept_days(self, links: Iterable[Link]) -> tuple[Span, ...]:
        """The days 0 on which links hold whose two points move with it: every one or none, but for those beside a
        change of the clocks."""
        kept = EVERY_DAY
        for link in links:
            beside = set(self._beside_clocks(link))
            usual = self.holds(link)
            spans = [(day, day) for day in sorted(beside) if link.holds({D: day}) != usual]
            kept = tuple(meet(kept, less(EVERY_DAY, spans) if usual else spans))
        return kept

    def holds(self, link: Link) -> bool:
        """Whether a link between two points that move with day 0 is kept where no clock changes between them."""
        beside = set(self._beside_clocks(link))
        return link.holds({D: next((zero for zero in self.zeros if zero not in beside), self.zeros[0])})

    def own_hour(self, link: HourLink, is_point: bool) -> tuple[time | None, bool]:
        """The hour of day 0 that keeps a link to something that moves with it, None where that is on another day; and
        whether it is the first such hour, not the last."""
        zero = self.zeros[0]
        if is_point:
            border = replace(link, point_clock=None, point_shift=0).limit(zero)
        else:
            border = replace(link, anchor_clock=None, anchor_shift=0).anchor_limit(zero)
        at = moment_of(border, link.zone).at if int(border) == zero else None
        return at.time() if at is not None else None, link.lower == is_point

    def _beside_clocks(self, link: Link) -> Iterator[int]:
        """The days 0 for which the clocks change between the two points of a link in hours, in the years around."""
        if not isinstance(link, HourLink) or not isinstance(link.zone, ZoneInfo):
            return
        first, last = sorted((link.point_shift, link.anchor_shift))
        for day in clock_changes(link.zone, self.first.day_zero(self.cycle).on.year):
            yield from range(day - last - 1, day - first + 2)


@lru_cache(maxsize=PIECES)
def clock_changes(zone: ZoneInfo, year: int) -> tuple[int, ...]:
    """The days, as ordinals, on which the clocks change in that year, the two before and the one after it."""
    days = range(date(year - 2, 1, 1).toordinal(), date(year + 2, 1, 1).toordinal())
    offsets = [datetime.combine(date.fromordinal(day), time.min, zone).utcoffset() for day in (*days, days.stop)]
    return tuple(day for day, one, other in zip(days, offsets, offsets[1:], strict=False) if one != other)


@lru_cache(maxsize=PIECES)
def placed_with(part: LinkedBound, ends: tuple[PlacedEnd | None, ...]) -> LinkedBound:
    """A bound with its ends, in their order, in place of its points."""
    there = dict(zip(part.ends, ends, strict=True))
    safe, literal = (tuple(_placed(link, there) for link in one) for one in (part.safe, part.literal))
    return replace(part, safe=safe, literal=literal)


@lru_cache(maxsize=PIECES)
def parted(placed: LinkedBound) -> tuple[tuple[tuple[Link, ...], tuple[Link, ...]], LinkedBound]:
    """The links of a bound, in both readings, between two points that move with day 0; and the bound without them."""
    safe, literal = (tuple(filter(_is_rigid, one)) for one in (placed.safe, placed.literal))
    free = [tuple(link for link in one if not _is_rigid(link)) for one in (placed.safe, placed.literal)]
    return (safe, literal), replace(placed, safe=free[0], literal=free[1])


def _placed(link: Link, there: Mapping[Node, PlacedEnd | None]) -> Link:
    """A link between what its two points depend on."""
    point, anchor = there[link.point], there[link.anchor]
    assert point is not None and anchor is not None
    found = replace(link, point=point.base, point_shift=point.shift, anchor=anchor.base, anchor_shift=anchor.shift)
    return replace(found, point_clock=point.clock, anchor_clock=anchor.clock) if isinstance(found, HourLink) else found


def _is_rigid(link: Link) -> bool:
    return link.point == link.anchor == D


def moving_of(laid: Laid, cycle: int, now: datetime, *, open_zero: bool = False) -> Moving:
    """What would move with day 0 of a cycle if somebody moved it as of `now`."""
    start = max(laid.day_zero(cycle).on, now.date())
    days = [_far_from(laid, cycle, add(start, FAR + more, "days", "clamp")) for more in (0, STEP)]
    if open_zero or _is_all_ahead(laid, now):
        known, key = laid.memo["moving"], (cycle, start, open_zero)
        if key not in known:
            known[key] = TwoDays(_shifted(laid, days[0]), _shifted(laid, days[1]), cycle)
        return Moving(known[key], cycle)
    one = moved(laid, cycle, days[0], "other", now)
    if len(laid.cycles) > 1:
        return Moving(TwoDays(one, moved(laid, cycle, days[1], "other", now), cycle), cycle)
    other = one.copy(one.facts)  # what stays and what moves is the same, and so far ahead nothing else hangs on the day
    moves_planned = one.planned_zero[cycle].is_same(one.stands[cycle])
    other.stands[cycle] = one.here(days[1])
    other.planned_zero[cycle] = other.stands[cycle] if moves_planned else one.planned_zero[cycle]
    return Moving(TwoDays(one, other, cycle), cycle)


def at_hour_of(laid: Laid, cycle: int, day: date) -> Moment:
    """That day at the hour of day 0; the day alone where it has none, or the clocks skip it or show it twice."""
    at = laid.stands[cycle].at
    return laid.clocked(day, ClockTime(start=at.time()) if at is not None else None)


def _far_from(laid: Laid, cycle: int, day: date) -> Moment:
    """That day at the hour of day 0, or the next on which the clocks show it once."""
    at = at_hour_of(laid, cycle, day)
    while at.at is None and laid.stands[cycle].at is not None:
        at = at_hour_of(laid, cycle, add(at.on, 1, "days", "clamp"))
    return at


def _is_all_ahead(laid: Laid, now: datetime) -> bool:
    """Whether nothing is recorded, fixed or due, so that all of the one cycle moves with day 0."""
    if laid.records or len(laid.cycles) > 1 or any(slot.fixed for slot in laid.slots.values()):
        return False
    ahead = all(now.astimezone(UTC) < at for at in turns_of_times(laid)[:1])
    return ahead and laid.planned_zero[1].is_same(laid.stands[1])


def _shifted(laid: Laid, to: Moment) -> Laid:
    """The same plan with planned day 0 and day 0 elsewhere."""
    new = laid.copy(laid.facts)
    new.planned_zero[1] = new.stands[1] = to
    return new
