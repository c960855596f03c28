"""A protocol played through on example days, for a patient of whom nothing is known: what its own days break."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from itertools import islice

from schedule.engine.plan import lay_out
from schedule.model.case import Case, Site
from schedule.model.dates import add, at_wall_time, zone
from schedule.model.plan import Finding
from schedule.model.protocol import Protocol
from schedule.model.reasons.bounds import BorderKept, BoundsAsked, HoursKept
from schedule.model.reasons.findings import NoDateLeft
from schedule.model.reasons.never import Never, NeverKept, NeverLeft
from schedule.model.timing import Bound, Point

_ZONE, _HOUR = "America/New_York", time(10)
EXAMPLE_DAYS = (date(2026, 3, 5), date(2026, 3, 12), date(2026, 10, 29), date(2026, 11, 5))
"""Days 0 on each side of both clock changes of New York, Sun 08-Mar-2026 and Sun 01-Nov-2026."""

MOST_OPTIONS = 100
"""Options that are tried; a file with more of them is hardly a trial's."""

_Key = tuple[str, Point | None, int]
_Chosen = Mapping[str, str]


def never_in(protocol: Protocol) -> tuple[Never, ...]:
    """The rules that the protocol's own days break, and the dates that its rules do not leave, on every example day;
    each option of each choice is tried once, and what is so in each cycle is told once."""
    usual, *others = option_sets(protocol)
    cases = _broken(protocol, usual)
    found: dict[_Key, tuple[str, str] | None] = dict.fromkeys(cases)
    always = set(cases)
    for chosen in others:
        ((name, option),) = [pair for pair in chosen.items() if pair not in usual.items()]
        also = _broken(protocol, chosen)
        found |= {key: (name, option) for key in also if key not in found}
        found |= {key: (name, usual[name]) for key in always if key not in also}
        cases |= {key: finding for key, finding in also.items() if key not in cases}
    return tuple(dict.fromkeys(_told(key, cases[key], option) for key, option in found.items()))


def option_sets(protocol: Protocol) -> Iterator[_Chosen]:
    """What may be chosen for a patient: first the first option of each choice, then every other option once, as far as
    a linter has the time."""
    usual = {name: next(iter(choice.options)) for name, choice in protocol.choices.items()}
    others = (
        {**usual, name: option} for name, choice in protocol.choices.items() for option in list(choice.options)[1:]
    )
    yield usual
    yield from islice(others, MOST_OPTIONS)


def _broken(protocol: Protocol, chosen: _Chosen) -> dict[_Key, Finding]:
    """What is violated, or has no date left, on each of the example days."""
    first, *days = EXAMPLE_DAYS
    found = _impossible(protocol, chosen, first)
    for day in days:
        if found:
            there = _impossible(protocol, chosen, day)
            found = {key: finding for key, finding in found.items() if key in there}
    return found


def _impossible(protocol: Protocol, chosen: _Chosen, day: date) -> dict[_Key, Finding]:
    where = zone(_ZONE)
    case = Case(
        code="EXAMPLE",
        protocol=protocol.id,
        planned_day_zero=day,
        planned_time=_HOUR,
        planned_moment=at_wall_time(day, _HOUR, where),
        dates={},
        attestations={},
        rulings=(),
        sha256=protocol.sha256,
        choices=dict(chosen),
    )
    plan = lay_out(protocol, Site(zone=where), case, datetime.combine(add(day, -365, "days", "clamp"), time.min))
    found = [one for one in plan.findings if one.status == "violated" or _leaves_nothing(one, protocol)]
    return {(one.rule, one.point, one.cycle): one for one in found if one.rule in protocol.rules}


def _leaves_nothing(finding: Finding, protocol: Protocol) -> bool:
    """Whether no reading leaves a date for what a finding is about; several rules about a test may be served by several
    tests."""
    known = protocol.date_at(finding.point)
    left = _none_left(finding)
    return left is not None and left.asked is None and not (known and known.test and set(left.rules) != {finding.rule})


def _none_left(finding: Finding) -> NoDateLeft | None:
    return next((reason for reason in finding.basis if isinstance(reason, NoDateLeft)), None)


def _told(key: _Key, finding: Finding, chosen: tuple[str, str] | None) -> Never:
    left = _none_left(finding)
    if left is not None and key[1] is not None:
        return NeverLeft(rule=key[0], point=key[1], rules=left.rules, chosen=chosen)
    bound, apart = _not_kept(finding)
    return NeverKept(rule=key[0], point=key[1], bound=bound, apart=apart, chosen=chosen)


def _not_kept(finding: Finding) -> tuple[Bound | None, int | None]:
    """The first bound of a finding that is not kept, and the days from its anchor to its point."""
    asked = [one.bound for reason in finding.basis if isinstance(reason, BoundsAsked) for one in reason.bounds]
    borders = [reason for reason in finding.basis if isinstance(reason, BorderKept | HoursKept)]
    if len(asked) == len(borders):
        for bound, border in zip(asked, borders, strict=True):
            if not border.kept:
                apart = (border.point - border.anchor).days if isinstance(border, BorderKept) else None
                return bound, apart
    return None, None
