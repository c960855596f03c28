"""The network of bounds: what narrows every open time point, and which days 0 keep every rule.

Washouts, screening windows, gaps, deadlines and expiry are one thing, a bound on the distance between two time
points (a simple temporal network: Dechter, Meiri and Pearl 1991). Here they are links between *bases* - planned
day 0, day 0 and the known dates - because an activity dated in days is a base plus a shift. Everything is computed
on ordinals (`date.toordinal`), with -INFINITY and +INFINITY for an open end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal, assert_never

from schedule.engine.points import place_of
from schedule.model.case import Site
from schedule.model.dates import add_to_ordinal
from schedule.model.notation import MonthRule, Unit
from schedule.model.protocol import JudgedBound, Protocol, RuleBound, ShownDistance, SiteWindow, UnstatedLimit
from schedule.model.timing import BASES, Bound, Point

INFINITY = 10**9
Reading = Literal["safe", "literal"]
READINGS: tuple[Reading, ...] = ("safe", "literal")
Span = tuple[int, int]
Choices = Mapping[Point, tuple[int, ...]]
"""Base -> its date, or the dates of several tests, as ordinals. A base that is not there is open."""

P, D = BASES


@dataclass(frozen=True, slots=True)
class Link:
    """`point + point_shift` lies on or after (`lower`), or on or before, `anchor + anchor_shift` + count units +
    `extra` days."""

    rule: str
    point: Point
    point_shift: int
    anchor: Point
    anchor_shift: int
    lower: bool
    count: int
    unit: Unit
    extra: int
    months: MonthRule

    def limit(self, anchor: int) -> int:
        """Where the point's border lies for the anchor on that ordinal."""
        if abs(anchor) >= INFINITY:
            return anchor
        reached = add_to_ordinal(anchor + self.anchor_shift, self.count, self.unit, self.months)
        return reached + self.extra - self.point_shift

    def anchor_limit(self, point: int) -> int:
        """The other way round: the last anchor (`lower`; else the first) that the point on that ordinal allows.

        Months are never subtracted: the monotone sum is searched.
        """
        if abs(point) >= INFINITY:
            return point
        if self.unit == "days":
            return point + self.point_shift - self.extra - self.count - self.anchor_shift
        about = self.count * {"weeks": 7, "months": 30, "years": 365}[self.unit]
        guess = point + self.point_shift - self.extra - self.anchor_shift - about
        slack = 40 + self.count * 2
        around = range(max(1 - self.anchor_shift, guess - slack), guess + slack)
        if self.lower:
            return around[bisect_right(around, point, key=self.limit) - 1]
        return around[bisect_left(around, point, key=self.limit)]

    def holds(self, values: Mapping[Point, int]) -> bool:
        border = self.limit(values[self.anchor])
        return values[self.point] >= border if self.lower else values[self.point] <= border


@dataclass(frozen=True, slots=True)
class LinkedBound:
    """One rule's bounds about one point, as links in both readings.

    `dates` are the known dates it speaks of. `stated` is False while a site parameter that it needs is missing.
    Where `note` holds, the finding carries the bound's note.
    """

    rule: str
    bound: RuleBound
    safe: tuple[Link, ...]
    literal: tuple[Link, ...]
    dates: tuple[Point, ...]
    stated: bool
    note: Link | None

    @property
    def needs_day_zero(self) -> bool:
        return any(end in BASES for link in (*self.safe, *self.literal) for end in (link.point, link.anchor))

    def links(self, reading: Reading) -> tuple[Link, ...]:
        return self.safe if reading == "safe" else self.literal


@dataclass(frozen=True, slots=True)
class Window:
    """Earliest and latest ordinal of an open point, both included, and the rules that set each end, cause first."""

    first: int = -INFINITY
    last: int = INFINITY
    first_by: tuple[str, ...] = ()
    last_by: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.first > self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasible:
    """The days 0 that keep every rule, as ordinals.

    `met` and `allowed` are spans, earliest first: every safe reading kept, every literal one. `binding` are the rules
    that make the first met day the first, `following` those behind them.
    """

    met: tuple[Span, ...]
    allowed: tuple[Span, ...]
    binding: tuple[str, ...]
    following: tuple[str, ...]


@lru_cache(maxsize=256)
def parts(protocol: Protocol, site: Site, fixed: frozenset[Point] = frozenset()) -> tuple[LinkedBound, ...]:
    """Every rule's bounds as links, in the protocol's order. `fixed` are completions and
    occurrences that lie elsewhere than the days say: points of their own, with a date."""
    return tuple(
        _part(protocol, site, fixed, rule.id, bound) for rule in protocol.rules.values() for bound in rule.bounds
    )


def _part(protocol: Protocol, site: Site, fixed: frozenset[Point], rule: str, bound: RuleBound) -> LinkedBound:
    match bound:
        case JudgedBound(safe=safe, literal=literal):
            stated = True
        case SiteWindow(parameter=parameter):
            stated = parameter in site.windows
            first, last = site.windows.get(parameter, (0, 0))
            safe = literal = (
                Bound(point=bound.point, relation="at least", count=first, unit="days", anchor=D),
                Bound(point=bound.point, relation="at most", count=last, unit="days", anchor=D),
            )
        case ShownDistance() | UnstatedLimit():
            stated, safe, literal = False, (), ()
        case _:
            assert_never(bound)
    links: dict[Reading, tuple[Link, ...]] = {}
    for reading, bounds in zip(READINGS, (safe, literal), strict=True):
        found = [_link(protocol, site, fixed, rule, b, reading) for b in bounds]
        stated = stated and None not in found
        links[reading] = tuple(link for link in found if link is not None)
    named = [end for link in (*links["safe"], *links["literal"]) for end in (link.point, link.anchor)]
    dates = tuple(dict.fromkeys(name for name in named if name not in BASES))
    note = _link(protocol, site, fixed, rule, bound.note.holds, "safe") if bound.note else None
    return LinkedBound(rule, bound, links["safe"], links["literal"], dates, stated, note)


def _link(
    protocol: Protocol, site: Site, fixed: frozenset[Point], rule: str, bound: Bound, reading: Reading
) -> Link | None:
    point, anchor = ((end, 0) if end in fixed else place_of(protocol, site, end) for end in (bound.point, bound.anchor))
    if point is None or anchor is None:
        return None
    lower = bound.is_lower
    unit: Unit = bound.unit
    count, extra = bound.count, bound.extra
    if unit == "hours":
        # Two moments on dates d days apart are more than 24(d-1) and less than 24(d+1) hours apart: the safe
        # reading keeps the bound at every hour of the two dates, the literal one at some.
        whole, started = count // 24, -(-count // 24)
        sure = reading == "safe"
        count = (started + 1 if sure else whole) if lower else (whole - 1 if sure else started)
        unit, extra = "days", 0
    return Link(rule, *point, *anchor, lower, count, unit, extra, protocol.months)


def tighten(links: Iterable[Link], known: Choices, *, planning: bool) -> dict[Point, Window]:
    """Narrow [earliest, latest] of every open base to a fixpoint, and say which rules narrowed it.

    Of several tests, the loosest counts, since each rule may be served by its own. While `planning`, planned day 0
    and day 0 are one point. A base for which nothing is left has an empty window; it takes nothing from the others,
    because earliest days follow from earliest days alone, and latest from latest. So the order of links does not
    matter.
    """
    alias: dict[Point, Point] = {P: D} if planning else {}
    bases: dict[Point, int] = {}
    ends: Ends = []
    for link in links:
        point, anchor = (bases.setdefault(alias.get(base, base), len(bases)) for base in (link.point, link.anchor))
        if point != anchor:
            ends.append((link, point, anchor))
    fixed = [known.get(base) or () for base in bases]
    spans = [[min(dates), max(dates)] if dates else [-INFINITY, INFINITY] for dates in fixed]
    moving = set(range(len(spans)))
    for _ in range(len(spans) + 1):
        moving = {
            base
            for link, point, anchor in ends
            for base, other in ((point, anchor), (anchor, point))
            if not fixed[base] and _narrowed(spans[base], *_border(link, base == point, spans[other]))
        }
        if not moving:
            break
    for number in moving:  # a ring of bounds that pushes its points ever further: no date can keep it
        spans[number] = [INFINITY, -INFINITY]
    return {
        base: Window(first, last, _causes(number, 0, ends, spans, fixed), _causes(number, 1, ends, spans, fixed))
        for (base, number), (first, last) in zip(bases.items(), spans, strict=True)
    }


def _border(link: Link, is_point: bool, other: list[int]) -> tuple[int, int]:
    """Which end (0 earliest, 1 latest) of one base a link limits, and where, given the span of the other."""
    if is_point:
        end = 0 if link.lower else 1
        return end, link.limit(other[end])
    end = 1 if link.lower else 0
    return end, link.anchor_limit(other[end])


def _narrowed(span: list[int], end: int, border: int) -> bool:
    if border > span[0] if end == 0 else border < span[1]:
        span[end] = border
        return True
    return False


Ends = list[tuple[Link, int, int]]
"""Links between bases, each by its number."""


def _causes(
    base: int, end: int, ends: Ends, spans: list[list[int]], fixed: list[tuple[int, ...]], seen: tuple[int, ...] = ()
) -> tuple[str, ...]:
    """The rules that put an end of a base where it is, each chain from its cause on; of equals, all."""
    if fixed[base] or abs(spans[base][end]) >= INFINITY or base in seen:
        return ()
    found: dict[str, None] = {}
    for link, point, anchor in ends:
        for one, other in ((point, anchor), (anchor, point)):
            if one == base and _border(link, base == point, spans[other]) == (end, spans[base][end]):
                found |= dict.fromkeys((*_causes(other, end, ends, spans, fixed, (*seen, base)), link.rule))
    return tuple(found)


def kept(links: Iterable[Link], values: Mapping[Point, int]) -> bool:
    """Whether every link holds, all of its points being known."""
    return all(link.holds(values) for link in links)


def choices(part: LinkedBound, known: Choices) -> Iterable[dict[Point, int]]:
    """Every way in which the tests that were done can serve this part: one value for each base."""
    several = [name for name in part.dates if len(known[name]) > 1]
    single = {name: values[0] for name, values in known.items() if values}
    for values in product(*(known[name] for name in several)):
        yield {**single, **dict(zip(several, values, strict=True))}


def own_span(links: Iterable[Link], name: Point, values: Mapping[Point, int], *, planning: bool) -> Span:
    """The dates of `name`, both ends included, that these links alone allow, every other base being known."""
    open_bases: tuple[Point, ...] = BASES if planning and name == D else (name,)
    span = [-INFINITY, INFINITY]
    for link in links:
        is_point, is_anchor = link.point in open_bases, link.anchor in open_bases
        if is_point != is_anchor:
            other = values[link.anchor if is_point else link.point]
            _narrowed(span, *_border(link, is_point, [other, other]))
    return span[0], span[1]


def _spans_of(part: LinkedBound, reading: Reading, known: Choices) -> list[Span]:
    """The days 0 on which a part with all of its dates known is kept; planned day 0 is known, or moves with day 0."""
    planning = P not in known
    spans = []
    for values in choices(part, known):
        links = part.links(reading)
        fixed = [link for link in links if link.point in values and link.anchor in values]
        if kept(fixed, values):
            first, last = own_span((link for link in links if link not in fixed), D, values, planning=planning)
            if first <= last:
                spans.append((first, last))
    return _merged(spans)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def meet(left: Iterable[Span], right: list[Span]) -> list[Span]:
    """What two sets of spans have in common."""
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) <= min(b, d)]


def less(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of `spans` without `taken`."""
    taken = list(taken)
    gaps = zip(
        [-INFINITY - 1, *(last for _, last in taken)], [*(first for first, _ in taken), INFINITY + 1], strict=True
    )
    return meet(spans, [(last + 1, first - 1) for last, first in gaps])


def _contains(spans: Iterable[Span], day: int) -> bool:
    return any(first <= day <= last for first, last in spans)


class _DaysLeft:
    """The days 0 that a set of parts leaves, in one reading, and which rules leave them."""

    def __init__(self, applicable: Iterable[LinkedBound], known: Choices, reading: Reading) -> None:
        self.known, self.reading = known, reading
        self.chained = [part for part in applicable if any(name not in known for name in part.dates)]
        self.each = [(part.rule, _spans_of(part, reading, known)) for part in applicable if part not in self.chained]
        self.work_out()

    def work_out(self) -> None:
        """Meet what the parts leave. An open point without any date left for it leaves no day 0."""
        links = [link for part in self.chained for link in part.links(self.reading)]
        windows = tighten(links, self.known, planning=P not in self.known)
        self.chain = windows.get(D, Window())
        broken = any(window.is_empty for window in windows.values())
        self.days: list[Span] = [] if broken else [(self.chain.first, self.chain.last)]
        for _, spans in self.each:
            self.days = meet(self.days, spans)

    def without(self, rules: Iterable[str]) -> "_DaysLeft":
        """The same with some rules taken away."""
        taken, left = set(rules), object.__new__(_DaysLeft)
        left.known, left.reading = self.known, self.reading
        left.each = [(rule, spans) for rule, spans in self.each if rule not in taken]
        left.chained = [part for part in self.chained if part.rule not in taken]
        left.work_out()
        return left

    def binding(self) -> tuple[str, ...]:
        """The rules that are not kept on the day before the first day; where there is no day, enough to leave none."""
        if not self.days:
            return self.conflict()
        first = self.days[0][0]
        if first == -INFINITY:
            return ()
        before = [rule for rule, spans in self.each if not _contains(spans, first - 1)]
        chain = self.chain.first_by if self.chain.first == first else ()
        return tuple(dict.fromkeys((*before, *chain)))

    def conflict(self) -> tuple[str, ...]:
        """Rules that together leave no day, none of which could be spared: each is taken away in turn.

        By name, the last first, so that the order of the file does not choose among several such sets.
        """
        rules = list(dict.fromkeys([*(rule for rule, _ in self.each), *(part.rule for part in self.chained)]))
        left, needed = self, set()
        for rule in sorted(rules, key=lambda rule: (len(rule), rule), reverse=True):
            fewer = left.without([rule])
            if fewer.days:
                needed.add(rule)
            else:
                left = fewer
        return tuple(rule for rule in rules if rule in needed)


def feasible_day_zero(applicable: Iterable[LinkedBound], known: Choices) -> Feasible:
    """Which days 0 keep every applicable rule, which rules limit the earliest, and which would limit it next.

    Planned day 0 moves with day 0, unless it is known. Known dates stand as given; open ones are assumed to be in
    order, each on one date that serves all of its rules.
    """
    applicable = [part for part in applicable if part.stated]
    found = _DaysLeft(applicable, known, "safe")
    met, binding = tuple(found.days), found.binding()
    following: tuple[str, ...] = ()
    if met and binding:
        following = found.without(binding).binding()
    allowed = _merged([*met, *_DaysLeft(applicable, known, "literal").days])
    return Feasible(met=met, allowed=tuple(allowed), binding=binding, following=following)


def expiry(part: LinkedBound, known: Choices) -> int | None:
    """The last day 0 that a test already done can still serve, in either reading; None if it has no such end."""
    readings = READINGS[:1] if part.safe == part.literal else READINGS
    spans = _merged([span for reading in readings for span in _spans_of(part, reading, known)])
    return spans[-1][1] if spans and spans[-1][1] < INFINITY else None
