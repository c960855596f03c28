"""What an act gave, in plain data: where the patient stands, what is planned when, and how it is judged.

It is derived. The acts give it again, `verify` compares the two, and it can be replaced whole; so it has a form of its
own, and stands outside the chain of hashes. It holds no sentence of ours: what it says is made when it is shown.
"""

from collections.abc import Mapping

from msgspec import Struct

from schedule.model.case import Case
from schedule.model.plan import ClockChanges, DayZeroes, Event, Finding, Plan, Standing, Undated, ZeroMove, standing_of
from schedule.model.reasons.gaps import NotStated

FORM = 8
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
