"""What an act gave, in plain data: where the patient stands, what is planned when, and how it is judged.

It is derived. The acts give it again, `verify` compares the two, and it can be replaced whole; so it has a form of its
own, and stands outside the chain of hashes. It holds no sentence of ours: what it says is made when it is shown.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from schedule.model.case import Case
from schedule.model.dates import zone
from schedule.model.days_zero import DayZeroes
from schedule.model.plan import (
    ClockChanges,
    ClockTurn,
    Event,
    Finding,
    ListedClock,
    ListedEvent,
    ListedFinding,
    Plan,
    Standing,
    Undated,
    ZeroMove,
    standing_of,
)
from schedule.model.reasons.gaps import NotStated

T = TypeVar("T")
FORM = 13
"""Raise it with every change of what a projection holds; those of an earlier form are then made anew."""


class Projection(Struct, frozen=True, kw_only=True):
    """One revision's plan, as of its act: what its pages and files show without laying it out again.

    `protocol` and `site` are the hashes of their texts, `zone` is the name of the site's zone, None where none is
    known. `ward` is the patient's, empty where none is named. `clock` is what the clock alone changes later.
    """

    protocol: str
    site: str | None
    zone: str | None
    ward: str
    case: Case
    as_of: datetime
    standing: Standing
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    undated: tuple[Undated, ...]
    not_stated: tuple[NotStated, ...]
    doses_before: Mapping[int, tuple[str, ...]]
    feasible: DayZeroes | None
    clock: ClockChanges
    moves: tuple[ZeroMove, ...]


def projection_of(plan: Plan) -> Projection:
    """What is kept of a plan that has a planned day 0."""
    return Projection(
        protocol=plan.protocol.sha256,
        site=plan.site.sha256,
        zone=plan.site.zone.key if plan.site.zone is not None else None,
        ward=plan.case.ward_at(plan.site),
        case=plan.case,
        as_of=plan.as_of,
        standing=standing_of(plan),
        events=plan.events,
        findings=plan.findings,
        undated=plan.undated,
        not_stated=plan.not_stated,
        doses_before=plan.doses_before,
        feasible=plan.feasible,
        clock=plan.clock,
        moves=plan.moves,
    )


class ListedProjection(Struct, frozen=True, kw_only=True, array_like=True):
    """What a list of many patients needs of the same: what is on each day, and the findings that a list shows. What
    the clock changes of it is for its reader. Kept in a part of its own, since a ward has hundreds.
    Its moments, as-of too, are aware: read back, they have the offset from UTC that they had in the site's zone, and
    not the zone. Nothing is added to what a list shows.

    `missing` are the dates without which its feasible days 0 cannot be judged.
    """

    protocol: str
    site: str | None
    zone: str | None
    case: Case
    as_of: datetime
    standing: Standing
    events: tuple[ListedEvent, ...]
    findings: tuple[ListedFinding, ...]
    undated: tuple[Undated, ...]
    missing: tuple[str, ...]
    clock: ListedClock
    moves: tuple[ZeroMove, ...]


def listed_of(whole: Projection) -> ListedProjection:
    """What a list needs of what an act gave."""
    every = (*whole.findings, *whole.clock.findings)
    numbers = [number for number, one in enumerate(every) if one.is_listed]
    place = {number: at for at, number in enumerate(numbers)}
    now = sum(number < len(whole.findings) for number in numbers)
    found = _listed(tuple(every[number] for number in numbers), tuple[ListedFinding, ...])
    turns = (
        ClockTurn(at=turn.at, findings=tuple(place[number] for number in turn.findings if number in place))
        for turn in whole.clock.turns
    )
    return ListedProjection(
        protocol=whole.protocol,
        site=whole.site,
        zone=whole.zone,
        case=whole.case,
        as_of=whole.as_of.replace(tzinfo=zone(whole.zone) if whole.zone is not None else UTC),
        standing=whole.standing,
        events=_listed(whole.events, tuple[ListedEvent, ...]),
        findings=found[:now],
        undated=whole.undated,
        missing=whole.feasible.missing if whole.feasible is not None else (),
        clock=ListedClock(
            lacks_from=whole.clock.lacks_from, begins=whole.clock.begins, turns=tuple(turns), findings=found[now:]
        ),
        moves=whole.moves,
    )


def _listed(records: object, kind: type[T]) -> T:
    """As much of the records as the fields of that kind hold."""
    return msgspec.convert(records, kind, from_attributes=True)
