"""The network against its own definition: every round through all links, every path of causes, every choice of tests.

The definitions are plain and take time that doubles with each bound; what runs must give the same, in the same order,
and its steps must grow no faster than the square of the bounds. Steps are counted, not seconds.
"""

from datetime import date
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedule.engine import days_left, network
from schedule.engine.days_left import best, expiry, feasible_day_zero, own_span
from schedule.engine.links import Link
from schedule.engine.network import READINGS, LinkedBound, kept, tighten
from schedule.engine.stamps import INFINITY
from schedule.model.protocol import JudgedBound
from schedule.model.timing import BASES, KnownDatePoint

P, D = BASES
ZERO = date(2026, 1, 29).toordinal()


# The definitions -----------------------------------------------------------------------------------------------------


def border_of(link, is_point, other):
    end = (0 if link.lower else 1) if is_point else (1 if link.lower else 0)
    return end, link.limit(other[end]) if is_point else link.anchor_limit(other[end])


def narrowed_by(span, end, border):
    if border > span[0] if end == 0 else border < span[1]:
        span[end] = border
        return True
    return False


def tightened_in_rounds(links, known):
    """Base -> (first, last, first by, last by): all links in each round, and every path without a repeat."""
    bases, ends = {}, []
    for link in links:
        point, anchor = (bases.setdefault(base, len(bases)) for base in (link.point, link.anchor))
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
            if not fixed[base] and narrowed_by(spans[base], *border_of(link, base == point, spans[other]))
        }
        if not moving:
            break
    for number in moving:
        spans[number] = [INFINITY, -INFINITY]

    def causes(base, end, seen=()):
        if fixed[base] or abs(spans[base][end]) >= INFINITY or base in seen:
            return ()
        found = {}
        for link, point, anchor in ends:
            for one, other in ((point, anchor), (anchor, point)):
                if one == base and border_of(link, base == point, spans[other]) == (end, spans[base][end]):
                    found |= dict.fromkeys((*causes(other, end, (*seen, base)), link.rule))
        return tuple(found)

    return {base: (*spans[n], causes(n, 0), causes(n, 1)) for base, n in bases.items()}


def every_choice(part, known):
    several = [name for name in part.dates if len(known[name]) > 1]
    single = {name: values[0] for name, values in known.items() if values}
    for values in product(*(known[name] for name in several)):
        yield {**single, **dict(zip(several, values, strict=True))}


def best_of_every_choice(part, known):
    found = None
    for values in every_choice(part, known):
        safe, literal = kept(part.safe, values), kept(part.literal, values)
        rank = (2 if safe else 1 if literal else 0, values.get(part.bound.point, 0), values)
        if found is None or rank[:2] >= found[:2]:
            found = rank
    asked = (*part.ends, part.bound.point)
    return found[0], {name: value for name, value in found[2].items() if name in asked}


def spans_of_every_choice(part, reading, known):
    spans = []
    for values in every_choice(part, known):
        links = part.links(reading)
        fixed = [link for link in links if link.point in values and link.anchor in values]
        if kept(fixed, values):
            first, last = own_span((link for link in links if link not in fixed), D, values)
            if first <= last:
                spans.append((first, last))
    return days_left.merged(spans)


# The same, in the same order --------------------------------------------------------------------------------------------


def a_link(point, anchor, *, lower=True, count=0, rule="R", unit="days", shifts=(0, 0), months="clamp"):
    return Link(rule, point, shifts[0], anchor, shifts[1], lower, count, unit, 0, months)


OPEN = "abcde"
TIES = st.builds(
    Link, st.sampled_from("RSTUVWX"), st.sampled_from([*OPEN, D]), st.sampled_from([0, 0, 0, 1, -2]),
    st.sampled_from([*OPEN, P, D]), st.sampled_from([0, 0, 0, 1]), st.booleans(), st.sampled_from([0, 0, 0, 0, 1, -1, 2]),
    st.sampled_from(["days", "days", "days", "days", "weeks", "months"]), st.sampled_from([0, 0, 0, 1]),
    st.sampled_from(["next-first", "clamp"]),
)  # fmt: skip
"""Small shifts and counts: many bounds are equal, and hold each other in rings."""
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        base: st.lists(st.integers(ZERO - 3, ZERO + 3), min_size=1, max_size=3).map(tuple) for base in ("a", "b", P, D)
    },
)


@settings(max_examples=600)
@given(st.lists(TIES, min_size=1, max_size=12), KNOWN)
@example([a_link("a", D), a_link("b", "a", rule="S"), a_link("a", "b", rule="T"), a_link("c", "b", rule="U")], {D: (ZERO,)})
@example(
    [a_link("a", "b", rule="R"), a_link("b", "a", rule="S"), a_link("b", D, rule="T"), a_link("a", "c", rule="U"),
     a_link("c", "b", rule="V"), a_link("d", "c", rule="W"), a_link("d", "a", rule="X")],
    {D: (ZERO,)})  # fmt: skip
@example([a_link("a", "b", count=1), a_link("b", "a", count=1), a_link("a", D)], {D: (ZERO,)})
@example([a_link("a", "b", count=1, unit="months"), a_link("b", "a", count=-30), a_link("a", D)], {D: (ZERO,)})
def test_every_window_and_its_causes_are_those_of_all_rounds_and_all_paths(links, known):
    """Whichever window is read first: in the order of the bases, backwards, and each from a network of its own."""
    expected = tightened_in_rounds(links, known)
    forward, backward = (tighten(links, known) for _ in range(2))
    assert list(forward) == list(expected)
    for base in expected:
        window = forward[base]
        assert (base, window.first, window.last, window.first_by, window.last_by) == (base, *expected[base])
    for base in reversed(expected):
        window = backward[base]
        assert (base, window.last_by, window.first_by) == (base, expected[base][3], expected[base][2])
        alone = tighten(links, known)[base]
        assert (base, alone.last_by) == (base, expected[base][3])


TESTS = [KnownDatePoint(name) for name in ("bloods", "scan", "marrow", "echo")]
SERVED = st.builds(
    Link, st.just("R"), st.sampled_from([*TESTS, *BASES]), st.sampled_from([0, 0, 1, -2]), st.sampled_from([*TESTS, *BASES]),
    st.sampled_from([0, 0, 3]), st.booleans(), st.integers(-6, 6), st.sampled_from(["days", "days", "weeks"]), st.sampled_from([0, 1]),
    st.just("clamp"),
).filter(lambda link: link.point != link.anchor)  # fmt: skip
DATES = st.fixed_dictionaries(
    {test: st.lists(st.integers(ZERO - 20, ZERO + 5), min_size=1, max_size=3).map(tuple) for test in TESTS}
)


def a_part(safe, literal, point=D):
    bound = JudgedBound(
        point=point, safe=(), literal=(), any_cause=False, consequence=None, aim=None, unless=None, only_after_illness=False, note=None,
    )  # fmt: skip
    named = [end for link in (*safe, *literal) for end in (link.point, link.anchor)]
    dates = tuple(dict.fromkeys(name for name in named if name not in BASES))
    return LinkedBound("R", bound, tuple(safe), tuple(literal), dates, True, None)


@settings(max_examples=400)
@given(
    st.lists(SERVED, max_size=6), st.lists(SERVED, max_size=6), st.sampled_from([*TESTS, D]), DATES,
    st.integers(ZERO - 4, ZERO + 4), st.integers(ZERO - 4, ZERO + 4),
)  # fmt: skip
def test_what_the_tests_serve_is_what_trying_every_choice_of_them_finds(safe, literal, point, known, zero, planned):
    part = a_part(safe, literal, point)
    whole = {**known, D: (zero,), P: (planned,)}
    assert best(part, whole) == best_of_every_choice(part, whole)
    before = {**known, P: (planned,)}
    safe_days, more = (spans_of_every_choice(part, reading, before) for reading in READINGS)
    kept = days_left._kept_days(part, before)
    assert list(kept.spans("safe")) == safe_days
    assert list(kept.spans("literal")) == days_left.merged([*safe_days, *more])


# How it grows ---------------------------------------------------------------------------------------------------------------


def chain(rungs):
    """Each date at least two days after the one before, the first after day 0."""
    names = [D, *(KnownDatePoint(f"test-{n}") for n in range(1, rungs + 1))]
    return [a_link(name, names[n], count=2, rule=f"R{n}") for n, name in enumerate(names[1:])]


def ladder(rungs):
    """Two equal bounds from each date to the next: 2 ** rungs paths."""
    return [link for link in chain(rungs) for _ in range(2)]


@pytest.fixture
def steps(monkeypatch):
    """How many borders have been worked out."""
    taken = []

    def counted(link, is_point, other):
        taken.append(link)
        return original(link, is_point, other)

    original = network.border
    monkeypatch.setattr(network, "border", counted)
    return taken


@pytest.mark.parametrize("links", [chain(320), chain(320)[::-1], ladder(50), ladder(50)[::-1]], ids=["chain", "backwards", "ladder", "down"])
def test_a_chain_and_a_ladder_take_a_few_steps_for_each_bound(steps, links):
    found = tighten(links, {D: (ZERO,)})
    assert len(steps) <= 3 * len(links)
    last = max(found.values(), key=lambda window: window.first)
    rules = len({link.rule for link in links})
    assert (last.first, last.first_by) == (ZERO + 2 * rules, tuple(f"R{n}" for n in range(rules)))
    assert all(window.last_by == () for window in found.values())
    assert len(steps) <= 5 * len(links)


def test_dates_that_all_hold_each_other_name_the_rules_of_the_whole_ring():
    """Each date exactly two days after the one before: every end depends on every other."""
    names = [KnownDatePoint(f"test-{n}") for n in range(41)]
    ring = [a_link(name, names[n], count=2, lower=low, rule=f"R{n}") for n, name in enumerate(names[1:]) for low in (True, False)]
    found = tighten([*ring, a_link(names[20], D, rule="S")], {D: (ZERO,)})
    for n, name in enumerate(names):
        assert found[name].first == ZERO + 2 * (n - 20)
        assert set(found[name].first_by) == {"S", *(f"R{number}" for number in range(40))}
        assert found[name].last_by == ()


def test_causes_that_nobody_reads_are_not_worked_out(monkeypatch):
    monkeypatch.setattr(network.Causes, "of", lambda *_: pytest.fail("nobody asked"))
    assert tighten(chain(5), {D: (ZERO,)})[KnownDatePoint("test-5")].first == ZERO + 10


def window_of(point, anchor):
    return [a_link(point, anchor, count=1), a_link(point, anchor, lower=False, count=28)]


TEN = [KnownDatePoint(f"test-{n}") for n in range(10)]


@pytest.mark.parametrize(
    ("links", "days", "last"),
    [
        pytest.param([link for test in TEN for link in window_of(D, test)], ((ZERO - 39, ZERO + 12),), ZERO + 12, id="each with day 0"),
        pytest.param(
            [link for test in TEN[1:] for link in window_of(TEN[0], test)], ((-INFINITY, INFINITY),), None, id="each with the first"
        ),
    ],
)
def test_ten_tests_with_three_dates_each_are_decided_test_by_test(monkeypatch, links, days, last):
    part, known = a_part(links, links, TEN[0]), {test: (ZERO - 40 - n, ZERO - 20 - n, ZERO - 7 - n) for n, test in enumerate(TEN)}
    tried = []
    monkeypatch.setattr(days_left, "kept", lambda links, values: tried.append(1) or kept(links, values))
    found = feasible_day_zero([part], known)
    assert (found.met, expiry(part, known)) == (days, last)
    grade, values = best(part, {**known, D: (ZERO,), P: (ZERO,)})
    assert (grade, [values[test] for test in TEN]) == (2, [ZERO - 7 - n for n in range(10)])
    assert len(tried) < 1000
