"""Which days 0 the bounds leave, and which of the tests done serve them: sets of spans of ordinals."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from schedule.engine.links import Link, Node
from schedule.engine.network import (
    READINGS,
    Choices,
    D,
    Domain,
    LinkedBound,
    Reading,
    border,
    kept,
    narrowed,
    tighten,
)
from schedule.engine.stamps import INFINITY, Value
from schedule.model.sizes import PIECES

SAMPLE = 738_000
"""A day that stands for any other: an ordinal of the year 2021."""
Span = tuple[Value, Value]
"""The first and the last day, both included."""
EVERY_DAY: tuple[Span, ...] = ((-INFINITY, INFINITY),)


class Feasible(Struct, frozen=True, kw_only=True):
    """The days 0 that keep every rule, as ordinals.

    `met` and `allowed` are spans, earliest first: every safe reading kept, every literal one. `binding` are the rules
    that make the first met day the first, `following` those behind them.
    """

    met: tuple[Span, ...]
    allowed: tuple[Span, ...]
    binding: tuple[str, ...]
    following: tuple[str, ...]


def best(part: LinkedBound, known: Choices) -> tuple[int, Mapping[Node, Value]]:
    """The best grade that the tests done give a part (2 kept in the safe reading, 1 in the literal one alone, 0 in
    none) and the dates that give it, of the part's own ends and point: of equals those with the latest point, then the
    last ones. Every base that the part speaks of is known."""
    return _best(part, tuple([known.get(end, ()) for end in (*part.ends, part.bound.point)]))


@lru_cache(maxsize=PIECES)
def _best(part: LinkedBound, dates: tuple[tuple[Value, ...], ...]) -> tuple[int, Mapping[Node, Value]]:
    """The same, of the dates of its ends, in their order, and of its point."""
    known: Choices = dict(zip((*part.ends, part.bound.point), dates, strict=True))
    names, values = _several(part, known), _singles(known, (*part.ends, part.bound.point))
    readings: tuple[tuple[int, tuple[Link, ...]], ...] = ((2, part.safe), (1, part.literal), (0, ()))
    for grade, links in readings:
        places = _serving(part, links, known, names, values)
        if places is not None:
            return grade, values | {name: known[name][place] for name, place in places.items()}
    raise AssertionError("where nothing is asked, every date serves")


def _several(part: LinkedBound, known: Choices) -> tuple[Node, ...]:
    """The bases of which several tests were done."""
    return tuple(name for name in part.dates if len(known[name]) > 1)


def _singles(known: Choices, ends: Iterable[Node]) -> dict[Node, Value]:
    """One date for each of these ends that has any."""
    return {end: dates[0] for end in ends if (dates := known.get(end))}


def _serving(
    part: LinkedBound, links: Iterable[Link], known: Choices, names: Sequence[Node], values: Mapping[Node, Value]
) -> dict[Node, int] | None:
    """Which date of each of the names keeps the links, by its place: those with the latest point, then the last ones.
    None where none keep them. `values` are the dates of all other bases."""
    found: dict[Node, int] = {}
    for group, together in _groups(names, links):
        if not group:
            if not kept(together, values):
                return None
            continue
        served: list[tuple[Value, list[int], dict[Node, int]]] = []
        for place, day in enumerate(known[group[0]]):
            rest = _serving(part, together, known, group[1:], {**values, group[0]: day})
            if rest is not None:
                places = {**rest, group[0]: place}
                at: Value = known[part.bound.point][places[part.bound.point]] if part.bound.point in places else 0
                served.append((at, [places[name] for name in part.dates if name in places], places))
        if not served:
            return None
        found |= max(served, key=lambda one: one[:2])[2]
    return found


def _groups(names: Sequence[Node], links: Iterable[Link]) -> Iterator[tuple[tuple[Node, ...], tuple[Link, ...]]]:
    """The names, parted into those that links tie to one another, each group with its links; last, without a name,
    the links that speak of none. Which date of a group serves does not depend on the other groups. First in its group
    stands the name of which most links speak: once its date is fixed, the others may part again."""
    links = tuple(links)
    if not names:
        yield (), links
        return
    group = {name: number for number, name in enumerate(names)}
    spoken = Counter(end for link in links for end in (link.point, link.anchor))
    for link in links:
        if link.point in group and link.anchor in group:
            one, other = group[link.point], group[link.anchor]
            group = {name: one if number == other else number for name, number in group.items()}
    for number in dict.fromkeys((*group.values(), None)):
        tied = sorted((name for name in group if group[name] == number), key=lambda name: -spoken[name])
        yield tuple(tied), tuple(link for link in links if group.get(link.point, group.get(link.anchor)) == number)


def own_span(links: Iterable[Link], name: Node, values: Mapping[Node, Value]) -> Span:
    """The values of `name`, both ends included, that these links alone allow, every other base being known."""
    span: list[Value] = [-INFINITY, INFINITY]
    for link in links:
        is_point, is_anchor = link.point == name, link.anchor == name
        if is_point != is_anchor:
            other = values[link.anchor if is_point else link.point]
            narrowed(span, 0 if link.lower == is_point else 1, border(link, is_point, other))
    return span[0], span[1]


def _kept_days(part: LinkedBound, known: Choices) -> "KeptDays":
    """The days 0 on which a part with all of its dates known is kept."""
    return _kept_with(part, tuple([known.get(end) for end in part.ends]))


@lru_cache(maxsize=PIECES)
def _kept_with(part: LinkedBound, dates: tuple[tuple[Value, ...] | None, ...]) -> "KeptDays":
    """The same, of the dates of its ends, in their order; None for day 0, of which none is known."""
    known = {end: of for end, of in zip(part.ends, dates, strict=True) if of is not None}
    names, values = _several(part, known), _singles(known, part.ends)
    safe, literal = (merged(_served_days(part.links(one), known, names, values)) for one in READINGS)
    return KeptDays(part.rule, tuple(safe), tuple(merged([*safe, *literal])))


def _served_days(
    links: Iterable[Link], known: Choices, names: Sequence[Node], values: Mapping[Node, Value]
) -> list[Span]:
    """The days 0 that keep the links with some date of each of the names; `values` are the dates of all other bases."""
    days: list[Span] = [(-INFINITY, INFINITY)]
    for group, together in _groups(names, links):
        spans: list[Span] = []
        if group:
            for day in known[group[0]]:
                spans += _served_days(together, known, group[1:], {**values, group[0]: day})
        else:
            fixed = [link for link in together if link.point in values and link.anchor in values]
            first, last = own_span((link for link in together if link not in fixed), D, values)
            spans += [(first, last)] if first <= last and kept(fixed, values) else []
        days = meet(days, merged(spans))
    return days


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days as spans that neither touch nor overlap, earliest first."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def meet(left: Iterable[Span], right: Collection[Span]) -> list[Span]:
    """What two sets of spans have in common."""
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) <= min(b, d)]


def less(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of `spans` without `taken`."""
    taken = list(taken)
    gaps = zip(
        [-INFINITY - 1, *(last for _, last in taken)], [*(first for first, _ in taken), INFINITY + 1], strict=True
    )
    return meet(spans, [(last + 1, first - 1) for last, first in gaps])


def contains(spans: Iterable[Span], day: Value) -> bool:
    """Whether a day lies in one of the spans."""
    return any(first <= day <= last for first, last in spans)


class KeptDays(Struct, frozen=True):
    """The days 0 on which a rule is kept whatever the tests are, in the safe reading, and in it or the literal one."""

    rule: str
    safe: tuple[Span, ...]
    allowed: tuple[Span, ...]

    def spans(self, reading: Reading) -> tuple[Span, ...]:
        return self.safe if reading == "safe" else self.allowed


class _DaysLeft:
    """The days 0 that a set of parts leaves, in one reading, and which rules leave them."""

    def __init__(
        self, applicable: Iterable[LinkedBound], known: Choices, reading: Reading, more: Iterable[KeptDays]
    ) -> None:
        self.known, self.reading = known, reading
        self.chained: list[LinkedBound] = []
        self.each: list[tuple[str, tuple[Span, ...]]] = [(one.rule, one.spans(reading)) for one in more]
        for part in applicable:
            if all(name in known for name in part.dates):
                self.each.append((part.rule, _kept_days(part, known).spans(reading)))
            else:
                self.chained.append(part)
        self.work_out()

    def work_out(self) -> None:
        """Meet what the parts leave. An open point without any date left for it leaves no day 0."""
        links = [link for part in self.chained for link in part.links(self.reading)]
        windows = tighten(links, self.known)
        self.chain = windows.get(D, Domain())
        broken = any(window.is_empty for window in windows.values()) or self.is_contradiction(links)
        self.days: list[Span] = [] if broken else [(self.chain.first, self.chain.last)]
        for _, spans in self.each:
            self.days = meet(self.days, spans)

    def is_contradiction(self, links: list[Link]) -> bool:
        """Whether bounds on open points contradict each other wherever day 0 is: on one day that they leave for it."""
        if not links or D in self.known:
            return False
        first, last = self.chain.first, self.chain.last
        day = first if first > -INFINITY else last if last < INFINITY else SAMPLE
        return any(window.is_empty for window in tighten(links, {**self.known, D: (day,)}).values())

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
        before = [rule for rule, spans in self.each if not contains(spans, first - 1)]
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


def feasible_day_zero(applicable: Iterable[LinkedBound], known: Choices, more: Iterable[KeptDays] = ()) -> Feasible:
    """Which days 0 keep every applicable rule, which rules limit the earliest, and which would limit it next.

    Known dates stand as given; open ones are assumed to be in order, each on one date that serves all of its rules.
    """
    applicable, more = [part for part in applicable if part.stated], tuple(more)
    found = _DaysLeft(applicable, known, "safe", more)
    met, binding = tuple(found.days), found.binding()
    following: tuple[str, ...] = ()
    if met and binding:
        following = found.without(binding).binding()
    allowed = merged([*met, *_DaysLeft(applicable, known, "literal", more).days])
    return Feasible(met=met, allowed=tuple(allowed), binding=binding, following=following)


def expiry(part: LinkedBound, known: Choices) -> int | None:
    """The last day 0 that a test already done serves in the safe reading; None if it has no such end."""
    spans = _kept_days(part, known).safe
    return int(spans[-1][1]) if spans and spans[-1][1] < INFINITY else None
