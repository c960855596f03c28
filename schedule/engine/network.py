"""The network of bounds: what narrows every open time point. Which days 0 it leaves is worked out in `days_left`.

Washouts, screening windows, gaps, deadlines and expiry are one thing, a bound on the distance between two time
points (a simple temporal network: Dechter, Meiri and Pearl 1991). Here they are links between points; what moves with
day 0 is day 0 plus a shift. Everything is computed on numbers (`stamps`): dates, or moments where hours are known,
with -INFINITY and +INFINITY for an open end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from heapq import heapify, heappop, heappush
from typing import Literal, assert_never

from msgspec import Struct

from schedule.engine.links import HourLink, Link, Node
from schedule.engine.stamps import INFINITY, Value, latest
from schedule.model.case import Site
from schedule.model.protocol import JudgedBound, Protocol, RuleBound, ShownDistance, SiteWindow, UnstatedLimit
from schedule.model.records import PartlyCompared
from schedule.model.sizes import TEXTS
from schedule.model.timing import BASES, Bound, EachOf, EndOf, KnownDatePoint

Reading = Literal["safe", "literal"]
READINGS: tuple[Reading, ...] = ("safe", "literal")
Choices = Mapping[Node, tuple[Value, ...]]
"""Point -> its date, or the dates of several tests, as numbers. One that is not there is open."""

P, D = BASES


def is_each(end: Node) -> bool:
    """Whether a point is one of each occurrence of something."""
    return isinstance(end, EachOf) or (isinstance(end, EndOf) and isinstance(end.of, EachOf))


class LinkedBound(Struct, dict=True, frozen=True, eq=False):
    """One rule's bounds about one point, as links in both readings. Equal only to itself.

    `dates` are the known dates it speaks of. `stated` is False while a site parameter that it needs is missing.
    Where `note` holds, the finding carries the bound's note.
    """

    rule: str
    bound: RuleBound
    safe: tuple[Link, ...]
    literal: tuple[Link, ...]
    dates: tuple[Node, ...]
    stated: bool
    note: Link | None

    def links(self, reading: Reading) -> tuple[Link, ...]:
        return self.safe if reading == "safe" else self.literal

    @cached_property
    def ends(self) -> tuple[Node, ...]:
        """The points that it speaks of, each once."""
        links = (*self.safe, *self.literal)
        return tuple(dict.fromkeys(end for link in links for end in (link.point, link.anchor)))

    @cached_property
    def spoken(self) -> tuple[Node, ...]:
        """The same with those of its note."""
        return (*self.ends, *((self.note.point, self.note.anchor) if self.note is not None else ()))

    @cached_property
    def is_about_each(self) -> bool:
        """Whether it speaks of each occurrence of something."""
        return any(map(is_each, self.ends))


def _no_causes(end: int) -> tuple[str, ...]:
    return ()


class Domain(PartlyCompared, frozen=True, eq=False):
    """Earliest and latest value of an open point, both included. `causes` gives the rules behind an end (0 or 1)."""

    not_compared = frozenset({"causes"})

    first: Value = -INFINITY
    last: Value = INFINITY
    causes: Callable[[int], tuple[str, ...]] = _no_causes

    @property
    def is_empty(self) -> bool:
        return self.first > latest(self.last)

    @property
    def first_by(self) -> tuple[str, ...]:
        """The rules that set the earliest date, cause first; worked out where they are read."""
        return self.causes(0)

    @property
    def last_by(self) -> tuple[str, ...]:
        """The same of the latest date."""
        return self.causes(1)


@lru_cache(maxsize=TEXTS)
def parts(protocol: Protocol, site: Site) -> tuple[LinkedBound, ...]:
    """Every rule's bounds as links, in the protocol's order."""
    return tuple(_part(protocol, site, rule.id, bound) for rule in protocol.rules.values() for bound in rule.bounds)


def _part(protocol: Protocol, site: Site, rule: str, bound: RuleBound) -> LinkedBound:
    stated = True
    safe: tuple[Bound, ...] = ()
    literal: tuple[Bound, ...] = ()
    match bound:
        case JudgedBound():
            safe, literal = bound.safe, bound.literal
        case SiteWindow(parameter=parameter):
            stated = parameter in site.windows
            first, last = site.windows.get(parameter, (0, 0))
            safe = literal = (
                Bound(point=bound.point, relation="at least", count=first, unit="days", anchor=D),
                Bound(point=bound.point, relation="at most", count=last, unit="days", anchor=D),
            )
        case ShownDistance() | UnstatedLimit():
            stated = False
        case _:
            assert_never(bound)
    links = [
        tuple(link_of(protocol, site, rule, one, sure=sure) for one in bounds)
        for sure, bounds in ((True, safe), (False, literal))
    ]
    named = (end for links_of in links for link in links_of for end in (link.point, link.anchor))
    dates = tuple(dict.fromkeys(end for end in named if isinstance(end, KnownDatePoint)))
    note = link_of(protocol, site, rule, bound.note.holds, sure=True) if bound.note else None
    return LinkedBound(rule, bound, links[0], links[1], dates, stated, note)


def link_of(protocol: Protocol, site: Site, rule: str, bound: Bound, *, sure: bool) -> Link:
    """A bound as a link between its two points. `sure`: hours are kept whatever hours are not known."""
    of = (rule, bound.point, 0, bound.anchor, 0, bound.is_lower, bound.count, bound.unit, bound.extra, protocol.months)
    return HourLink(*of, sure, bound.limits_slip, site.zone) if bound.unit == "hours" else Link(*of)


def tighten(links: Iterable[Link], known: Choices) -> dict[Node, Domain]:
    """Narrow [earliest, latest] of every open base to a fixpoint; each window tells which rules narrowed it.

    Of several tests, the loosest counts, since each rule may be served by its own. A base for which nothing is left has
    an empty window; it takes nothing from the others, because earliest days follow from earliest days alone, and latest
    from latest. So the order of links does not matter.
    """
    bases: dict[Node, int] = {}
    steps: list[OneWay] = []
    for link in links:
        point, anchor = (bases.setdefault(base, len(bases)) for base in (link.point, link.anchor))
        if point != anchor:
            end = 0 if link.lower else 1
            steps += [(link, True, point, anchor, end), (link, False, anchor, point, 1 - end)]
    fixed = [known.get(base) or () for base in bases]
    spans: list[list[Value]] = [[min(dates), max(dates)] if dates else [-INFINITY, INFINITY] for dates in fixed]
    steps = [step for step in steps if not fixed[step[2]]]
    for number in _narrow(steps, spans):  # a ring of bounds that pushes its points ever further: no date can keep it
        spans[number] = [INFINITY, -INFINITY]
    causes = Causes(steps, spans)
    return {
        base: Domain(first, last, partial(causes.of, number))
        for (base, number), (first, last) in zip(bases.items(), spans, strict=True)
    }


def border(link: Link, is_point: bool, other: Value) -> Value:
    """The border that a link sets to its point, or else to its anchor, given where the other of the two lies."""
    return link.limit(other) if is_point else link.anchor_limit(other)


def narrowed(span: list[Value], end: int, at: Value) -> bool:
    """Whether a border moves an end of a span inwards; it is moved."""
    if at > span[0] if end == 0 else latest(at) < latest(span[1]):
        span[end] = at
        return True
    return False


OneWay = tuple[Link, bool, int, int, int]
"""A link in one direction: whether it limits its point (or else its anchor), the number of the base that it limits,
that of the other, and which end of both it speaks of (0 earliest, 1 latest)."""


def _narrow(steps: list[OneWay], spans: list[list[Value]]) -> set[int]:
    """Narrow the spans in rounds through the steps, at most one round more than there are bases. Given back are the
    bases that the last round still moved.

    A step is taken again only after the end that it reads has moved: in the same round where it comes later, else in
    the next. What is left out would change nothing.
    """
    readers: dict[tuple[int, int], list[int]] = {}
    for number, (_, _, _, other, end) in enumerate(steps):
        readers.setdefault((other, end), []).append(number)
    due = [n for n, (_, _, _, other, end) in enumerate(steps) if abs(spans[other][end]) < INFINITY]
    moving: set[int] = set()
    for _ in range(len(spans) + 1):
        moving, after = set(), set()
        waiting = set(due)
        heapify(due)
        while due:
            number = heappop(due)
            waiting.discard(number)
            link, is_point, base, other, end = steps[number]
            if not narrowed(spans[base], end, border(link, is_point, spans[other][end])):
                continue
            moving.add(base)
            for reader in readers.get((base, end), ()):
                if reader <= number:
                    after.add(reader)
                elif reader not in waiting:
                    waiting.add(reader)
                    heappush(due, reader)
        if not moving:
            break
        due = list(after)
    return moving


End = tuple[int, int]
"""The number of a base, and which end of its span: 0 the earliest date, 1 the latest."""


class Visit(Struct):
    """An end on the way of a walk: the edges still to be followed, and the one by which the walk went on. Whoever lies
    in one ring shares the rules found so far, and the ends that were visited."""

    end: End
    rest: Iterator[tuple[End, str]]
    rules: dict[str, None]
    visited: set[End]
    through: str = ""


class Causes:
    """The rules that put an end of a base where it is, each chain from its cause on; of equals, all.

    They are edges of a graph of ends, which is walked in depth where somebody asks, once for each end. Bounds that hold
    each other make a ring of ends. What is found behind an end is kept, and serves whoever comes from outside its ring:
    inside, the order of the causes depends on where the ring was entered.
    """

    def __init__(self, steps: list[OneWay], spans: list[list[Value]]) -> None:
        self.steps, self.spans = steps, spans
        self.found: dict[End, tuple[str, ...]] = {}

    @cached_property
    def edges(self) -> dict[End, list[tuple[End, str]]]:
        """End -> the ends that hold it where it is, each with its rule, in the order of the steps."""
        edges: dict[End, list[tuple[End, str]]] = {}
        for link, is_point, base, other, end in self.steps:
            at = self.spans[base][end]
            if abs(at) < INFINITY and border(link, is_point, self.spans[other][end]) == at:
                edges.setdefault((base, end), []).append(((other, end), link.rule))
        return edges

    @cached_property
    def rings(self) -> dict[End, End]:
        """End -> one end that stands for its ring, most often itself (strongly connected components: Tarjan 1972)."""
        rings: dict[End, End] = {}
        inside: dict[End, int] = {}  # the ends whose ring is not known yet -> their places, in order
        low: dict[End, int] = {}
        rest: dict[End, Iterator[tuple[End, str]]] = {}
        for start in self.edges:
            path = [] if start in rings else [start]
            while path:
                here = path[-1]
                if here not in inside:
                    inside[here] = low[here] = len(inside)
                    rest[here] = iter(self.edges.get(here, ()))
                for other, _ in rest[here]:
                    if other in inside:
                        low[here] = min(low[here], inside[other])
                    elif other not in rings:
                        path.append(other)
                        break
                else:
                    path.pop()
                    if path:
                        low[path[-1]] = min(low[path[-1]], low[here])
                    while low[here] == inside.get(here):
                        rings[inside.popitem()[0]] = here
        return rings

    def of(self, base: int, end: int) -> tuple[str, ...]:
        """The rules behind the earliest (0) or the latest (1) date of a base."""
        start = (base, end)
        if start not in self.edges:
            return ()
        path = [] if start in self.found else [self._visit(start)]
        while path:
            here = path[-1]
            for other, rule in here.rest:
                within = here if self.rings[other] == self.rings[here.end] else None
                if other not in (within.visited if within else self.found):
                    here.through = rule
                    path.append(self._visit(other, within))
                    break
                here.rules |= dict.fromkeys((*(() if within else self.found[other]), rule))
            else:
                self._leave(path)
        return self.found[start]

    def _visit(self, end: End, within: Visit | None = None) -> Visit:
        """Go on to an end, in the ring of the one before or in another."""
        visit = Visit(
            end, iter(self.edges.get(end, ())), within.rules if within else {}, within.visited if within else set()
        )
        visit.visited.add(end)
        return visit

    def _leave(self, path: list[Visit]) -> None:
        """Go back to the end that the walk came from. What is found behind the entrance of a ring is kept."""
        left = path.pop()
        before = path[-1] if path else None
        if before is None or before.rules is not left.rules:
            self.found[left.end] = tuple(left.rules)
        if before is not None:
            if before.rules is not left.rules:
                before.rules |= left.rules
            before.rules[before.through] = None


def kept(links: Iterable[Link], values: Mapping[Node, Value]) -> bool:
    """Whether every link holds, all of its points being known."""
    return all(link.holds(values) for link in links)
