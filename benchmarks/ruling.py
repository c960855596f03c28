"""Networks of rules whose paths and choices double with each bound; and dates alone."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from dateutil.rrule import DAILY, rrule

from benchmarks.measure import CLICK, CLICK_WORK, Line, Run, spent
from benchmarks.patients import AS_OF, ZERO, sample_plans
from benchmarks.writing import forget
from schedule.engine import replay
from schedule.engine.days_left import best, expiry, feasible_day_zero
from schedule.engine.network import parts, tighten
from schedule.engine.plan import lay_out
from schedule.files.protocol_file import read_protocol
from schedule.model.case import NO_SITE
from schedule.model.plan import Plan
from schedule.model.timing import BASES, KnownDatePoint, Point

NARROWED = "narrowing every window, reading what limits each, and the feasible days 0"
LINES = (
    Line("chain", "rules: a chain of 320 / importing click", 0.417, "120", NARROWED, CLICK_WORK),
    Line("ladder", "rules: a ladder of 50 with two equal bounds each / importing click", 0.104, "11", NARROWED, CLICK_WORK),
    Line("served", "rules: one about 10 tests with 3 dates each / importing click", 0.417, "24",
         "the feasible days 0, when the rule expires, and which dates serve it best", CLICK_WORK),
    Line("rrule", "the dates of a plan, judged / dateutil.rrule, the dates alone", None, "-",
         "laying out the example: every date with its window, every rule judged",
         "a recurrence rule for each evenly spaced run of an activity's days, and its dates; nothing judged"),
)  # fmt: skip


def protocol_of(tests: int, bounds: list[tuple[str, list[str]]]) -> Any:
    """A protocol with that many tests, and a rule for each of the bounds: its point and the sentences."""
    source = 'title = "made up"\naddress = "https://example.org"\ndate = 2026-01-02\n'
    text = (
        'format = 1\nid = "X-1"\ntitle = "made up"\nversion = "1"\ndate = 2026-01-02\njurisdiction = "nowhere"\n'
        f'numbering = "day-zero"\nmonths = "clamp"\nday-zero = "cells"\nsource = "record"\n[sources.record]\n{source}'
        '[activities.cells]\ntitle = "cells"\ndays = "0"\nquote = "day 0"\ncategory = "treatment"\n'
    )
    for n in range(tests):
        text += f'[dates.t{n}]\ntitle = "test {n}"\nkind = "test"\n'
    for n, (point, sentences) in enumerate(bounds):
        text += f'[rules.R{n}]\ntitle = "rule {n}"\nquote = "rule"\n'
        text += f'[[rules.R{n}.bounds]]\npoint = "{point}"\nsafe = {json.dumps(sentences)}\n'
    return read_protocol(text, "made-up.toml")


def measure(run: Run) -> None:
    run.row("chain", spent(_network(320, 1)), CLICK)
    run.row("ladder", spent(_network(50, 2)), CLICK)
    run.row("served", spent(_served()), CLICK)
    plan = sample_plans(1)[0]
    runs = list(_runs(plan))
    assert sorted(day for one in runs for day in _dates(*one)) == sorted(event.on for event in plan.events)
    run.row("rrule", spent(lambda: [_laid_out_anew(plan) for _ in range(20)]), spent(lambda: [_dates(*one) for _ in range(20) for one in runs]))


def _laid_out_anew(plan: Plan) -> None:
    forget(replay)
    assert lay_out(plan.protocol, plan.site, plan.case, AS_OF).events


def _runs(plan: Plan) -> Iterator[tuple[date, int, int]]:
    """The first day, the distance and the number of each evenly spaced run of an activity's days."""
    days: dict[str, list[date]] = {}
    for event in plan.events:
        days.setdefault(event.activity, []).append(event.on)
    for found in map(sorted, days.values()):
        begin = 0
        while begin < len(found):
            end = begin + 1
            step = (found[end] - found[begin]).days if end < len(found) else 1
            while step and end < len(found) and (found[end] - found[end - 1]).days == step:
                end += 1
            yield found[begin], step or 1, max(end - begin, 1)
            begin = max(end, begin + 1)


def _dates(first: date, step: int, number: int) -> list[date]:
    rule = rrule(DAILY, dtstart=datetime.combine(first, time()), interval=step, count=number)
    return [moment.date() for moment in rule]


def _network(rungs: int, bounds: int) -> Callable[[], None]:
    planned, day_zero = BASES
    there: dict[Point, tuple[int, ...]] = {planned: (ZERO.toordinal(),), day_zero: (ZERO.toordinal(),)}
    names = ["day-zero", *(f"t{n}" for n in range(rungs))]
    steps = [(name, [f"{name} at least 2 days after {names[n]}"]) for n, name in enumerate(names[1:])]
    found = parts(protocol_of(rungs, [step for step in steps for _ in range(bounds)]), NO_SITE)
    links = [link for part in found for link in part.safe]

    def narrow() -> None:
        for window in tighten(links, there).values():
            _ = window.first_by, window.last_by
        feasible_day_zero(found, {})

    return narrow


def _served() -> Callable[[], None]:
    planned, day_zero = BASES
    zero = ZERO.toordinal()
    there: dict[Point, tuple[int, ...]] = {planned: (zero,), day_zero: (zero,)}
    done: dict[Point, tuple[int, ...]] = {KnownDatePoint(f"t{n}"): (zero - 40, zero - 20, zero - 7) for n in range(10)}
    sentences = [
        f"day-zero {relation} after t{n}" for n in range(10) for relation in ("at least 1 day", "at most 28 days")
    ]
    found = parts(protocol_of(10, [("day-zero", sentences)]), NO_SITE)

    def serve() -> None:
        feasible_day_zero(found, done)
        expiry(found[0], done)
        best(found[0], {**done, **there})

    return serve
