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
from typing import Literal

from schedule.case import Site
from schedule.days import MonthRule, Unit, add_to_ordinal
from schedule.grammar import Bound, Days, OnDays
from schedule.protocol import BASES, Protocol, RuleBound

INFINITY = 10**9
Reading = Literal["safe", "literal"]
READINGS: tuple[Reading, ...] = ("safe", "literal")
Span = tuple[int, int]
Choices = Mapping[str, tuple[int, ...]]
"""Base -> its date, or the dates of several tests, as ordinals. A base that is not there is open."""

P, D = BASES


@dataclass(frozen=True, slots=True)
class Link:
    """`point + point_shift` lies on or after (`lower`), or on or before, `anchor + anchor_shift` + count units + `extra` days."""

    rule: str
    point: str
    point_shift: int
    anchor: str
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
        guess = point - self.count * {"weeks": 7, "months": 30, "years": 365}[self.unit]
        slack = 40 + self.count * 2
        around = range(max(1 - self.anchor_shift, guess - slack), guess + slack)
        if self.lower:
            return around[bisect_right(around, point, key=self.limit) - 1]
        return around[bisect_left(around, point, key=self.limit)]

    def holds(self, values: Mapping[str, int]) -> bool:
        border = self.limit(values[self.anchor])
        return values[self.point] >= border if self.lower else values[self.point] <= border


@dataclass(frozen=True, slots=True)
class Part:
    """One rule's bounds about one point, as links in both readings.

    `dates` are the known dates it speaks of. `stated` is False while a site parameter that it needs is missing.
    Where `note` holds, the finding carries the bound's note.
    """

    rule: str
    bound: RuleBound
    safe: tuple[Link, ...]
    literal: tuple[Link, ...]
    dates: tuple[str, ...]
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


@lru_cache(maxsize=64)
def parts(protocol: Protocol, site: Site) -> tuple[Part, ...]:
    """Every rule's bounds as links, in the protocol's order."""
    return tuple(_part(protocol, site, rule.id, bound) for rule in protocol.rules.values() for bound in rule.bounds)


def days_of(protocol: Protocol, site: Site, activity_id: str) -> Days | None:
    """The days of an activity, the site's where the protocol leaves them open; None while nobody has given any."""
    activity = protocol.activities[activity_id]
    return activity.days if activity.parameter is None else site.days.get(activity.parameter)


def _part(protocol: Protocol, site: Site, rule: str, bound: RuleBound) -> Part:
    stated = not bound.shown
    safe, literal = bound.safe, bound.literal
    if bound.window is not None:
        stated = bound.window in site.windows
        first, last = site.windows.get(bound.window, (0, 0))
        safe = literal = (
            Bound(point=bound.point, relation="at least", count=first, unit="days", anchor=D),
            Bound(point=bound.point, relation="at most", count=last, unit="days", anchor=D),
        )
    links: dict[Reading, tuple[Link, ...]] = {}
    for reading, bounds in zip(READINGS, (safe, literal), strict=True):
        found = [_link(protocol, site, rule, b, reading) for b in bounds]
        stated = stated and None not in found
        links[reading] = tuple(link for link in found if link is not None)
    named = [end for link in (*links["safe"], *links["literal"]) for end in (link.point, link.anchor)]
    dates = tuple(dict.fromkeys(name for name in named if name not in BASES))
    note = _link(protocol, site, rule, bound.note_when, "safe") if bound.note_when else None
    return Part(rule, bound, links["safe"], links["literal"], dates, stated, note)


def _link(protocol: Protocol, site: Site, rule: str, bound: Bound, reading: Reading) -> Link | None:
    point, anchor = _place(protocol, site, bound.point), _place(protocol, site, bound.anchor)
    if point is None or anchor is None:
        return None
    lower = bound.relation in ("at least", "more than")
    unit: Unit = bound.unit
    count, extra = bound.count, {"more than": 1, "less than": -1}.get(bound.relation, 0)
    if unit == "hours":
        # Two moments on dates d days apart are more than 24(d-1) and less than 24(d+1) hours apart: the safe
        # reading keeps the bound at every hour of the two dates, the literal one at some.
        whole, started = count // 24, -(-count // 24)
        sure = reading == "safe"
        count = (started + 1 if sure else whole) if lower else (whole - 1 if sure else started)
        unit, extra = "days", 0
    return Link(rule, *point, *anchor, lower, count, unit, extra, protocol.months)


def _place(protocol: Protocol, site: Site, name: str) -> tuple[str, int] | None:
    """A point as a base and a shift in days; None where the site has not given the days it needs."""
    if name in BASES or name in protocol.dates:
        return name, 0
    activity, dot, which = name.partition(".")
    number = 0
    if not dot:
        activity, _, digits = name.rpartition("-")
        number = int(digits) - 1
    days = days_of(protocol, site, activity)
    if not isinstance(days, OnDays) or number >= len(days.occurrences):
        return None
    return protocol.activities[activity].base, days.occurrences[-1 if which == "last" else number].offset


def tighten(links: Iterable[Link], known: Choices, *, planning: bool) -> dict[str, Window]:
    """Narrow [earliest, latest] of every open base to a fixpoint, remembering which rules narrowed it.

    Of several tests, the loosest counts, since each rule may be served by its own. While `planning`, planned day 0
    and day 0 are one point. If nothing is left of some base, its window is empty and narrowing stops there.
    """
    links = tuple(links)
    windows: dict[str, Window] = {}
    names = {end for link in links for end in (link.point, link.anchor)}
    alias: dict[str, str] = {P: D} if planning else {}
    for name in names:
        base = alias.get(name, name)
        values = known.get(base)
        windows[base] = Window(min(values), max(values)) if values else Window()
    for _ in range(len(links) + 1):
        changed = False
        for link in links:
            point, anchor = alias.get(link.point, link.point), alias.get(link.anchor, link.anchor)
            if point == anchor:
                continue
            at, on = windows[point], windows[anchor]
            if not known.get(point):
                moved = _narrow(at, link, link.limit(on.first if link.lower else on.last), link.lower, on)
                changed, windows[point] = changed or moved is not at, moved
            if not known.get(anchor):
                border = link.anchor_limit(at.last if link.lower else at.first)
                moved = _narrow(on, link, border, not link.lower, at)
                changed, windows[anchor] = changed or moved is not on, moved
            if windows[point].is_empty or windows[anchor].is_empty:
                return windows
        if not changed:
            break
    return windows


def _narrow(window: Window, link: Link, border: int, lower: bool, by: Window) -> Window:
    if lower and border > window.first:
        return Window(border, window.last, _chain(by.first_by, link), window.last_by)
    if not lower and border < window.last:
        return Window(window.first, border, window.first_by, _chain(by.last_by, link))
    return window


def _chain(cause: tuple[str, ...], link: Link) -> tuple[str, ...]:
    return cause if link.rule in cause else (*cause, link.rule)


def kept(links: Iterable[Link], values: Mapping[str, int]) -> bool:
    """Whether every link holds, all of its points being known."""
    return all(link.holds(values) for link in links)


def choices(part: Part, known: Choices) -> Iterable[dict[str, int]]:
    """Every way in which the tests that were done can serve this part: one value for each base."""
    several = [name for name in part.dates if len(known[name]) > 1]
    single = {name: values[0] for name, values in known.items() if values}
    for values in product(*(known[name] for name in several)):
        yield {**single, **dict(zip(several, values, strict=True))}


def own_span(links: Iterable[Link], name: str, values: Mapping[str, int], *, planning: bool) -> Span:
    """The dates of `name`, both ends included, that these links alone allow, every other base being known."""
    others = {base: (value,) for base, value in values.items() if base != name}
    window = tighten(links, others, planning=planning).get(name, Window())
    return window.first, window.last


def _spans_of(part: Part, reading: Reading, known: Choices) -> list[Span]:
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


def _meet(left: Iterable[Span], right: list[Span]) -> list[Span]:
    return [
        (max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) <= min(b, d)
    ]  # fmt: skip


def less(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of `spans` without `taken`."""
    taken = list(taken)
    gaps = zip(
        [-INFINITY - 1, *(last for _, last in taken)], [*(first for first, _ in taken), INFINITY + 1], strict=True
    )
    return _meet(spans, [(last + 1, first - 1) for last, first in gaps])


def _contains(spans: Iterable[Span], day: int) -> bool:
    return any(first <= day <= last for first, last in spans)


class _Days:
    """The days 0 that a set of parts leaves, in one reading, and what each part contributes."""

    def __init__(self, applicable: Iterable[Part], known: Choices, reading: Reading) -> None:
        self.known, self.reading = known, reading
        self.closed = [part for part in applicable if all(name in known for name in part.dates)]
        self.chained = [part for part in applicable if any(name not in known for name in part.dates)]
        self.each = [(part.rule, _spans_of(part, reading, known)) for part in self.closed]
        self.work_out()

    def work_out(self) -> None:
        """Meet what the parts leave. An open point without any date left for it leaves no day 0."""
        links = [link for part in self.chained for link in part.links(self.reading)]
        windows = tighten(links, self.known, planning=P not in self.known)
        self.chain = windows.get(D, Window())
        broken = [window for window in windows.values() if window.is_empty]
        self.conflict = (*broken[0].first_by, *broken[0].last_by) if broken else ()
        self.days: list[Span] = [] if broken else [(self.chain.first, self.chain.last)]
        for _, spans in self.each:
            self.days = _meet(self.days, spans)

    def without(self, rules: Iterable[str]) -> None:
        rules = set(rules)
        self.each = [(rule, spans) for rule, spans in self.each if rule not in rules]
        self.chained = [part for part in self.chained if part.rule not in rules]
        self.work_out()

    def binding(self) -> tuple[str, ...]:
        """The rules that are not kept on the day before the first day; where there is no day, those in conflict."""
        if not self.days:
            never = [rule for rule, spans in self.each if not spans]
            if never or self.conflict:
                return tuple(dict.fromkeys((*never, *self.conflict)))
            ends: list[tuple[int, int, tuple[str, ...]]]
            ends = [(spans[0][0], spans[-1][1], (rule,)) for rule, spans in self.each]
            ends += [
                (self.chain.first, INFINITY, self.chain.first_by),
                (-INFINITY, self.chain.last, self.chain.last_by),
            ]
            latest_start, earliest_end = max(first for first, _, _ in ends), min(last for _, last, _ in ends)
            at_odds = [rules for first, last, rules in ends if first == latest_start or last == earliest_end]
            return tuple(dict.fromkeys(rule for rules in at_odds for rule in rules))
        first = self.days[0][0]
        if first == -INFINITY:
            return ()
        before = [rule for rule, spans in self.each if not _contains(spans, first - 1)]
        chain = self.chain.first_by if self.chain.first == first else ()
        return tuple(dict.fromkeys((*before, *chain)))


def feasible_day_zero(applicable: Iterable[Part], known: Choices) -> Feasible:
    """Which days 0 keep every applicable rule, which rule binds the earliest, and which is next behind it.

    Planned day 0 moves with day 0, unless it is known. Known dates stand as given; open ones are assumed to be in order,
    each on one date that serves all of its rules.
    """
    applicable = [part for part in applicable if part.stated]
    found = _Days(applicable, known, "safe")
    met, binding = tuple(found.days), found.binding()
    following: tuple[str, ...] = ()
    if met and binding:
        found.without(binding)
        following = found.binding()
    allowed = _merged([*met, *_Days(applicable, known, "literal").days])
    return Feasible(met=met, allowed=tuple(allowed), binding=binding, following=following)


def expiry(part: Part, known: Choices) -> int | None:
    """The last day 0 that a test already done can still serve, in either reading; None if it has no such end."""
    spans = _merged([span for reading in READINGS for span in _spans_of(part, reading, known)])
    return spans[-1][1] if spans and spans[-1][1] < INFINITY else None
