"""What an act gave, in plain data: where the patient stands, what is planned when, and how it is judged.

It is derived. The acts give it again, `verify` compares the two, and it can be replaced whole; so it has a form of its
own, and stands outside the chain of hashes. It holds no sentence of ours: what it says is made when it is shown.
"""

from datetime import date, datetime

from msgspec import Struct

from schedule.model.case import Case
from schedule.model.moment import Moment
from schedule.model.notation import DayLabel
from schedule.model.plan import Event, Plan, Standing, Status, Verdict, standing_of
from schedule.model.reasons.alerts import AlertKind

FORM = 4
"""Raise it with every change of what a projection holds; those of an earlier form are then made anew."""


class ProjectedOccurrence(Struct, frozen=True, kw_only=True):
    """When one event is, and how it stands: as in `Event`."""

    id: str
    day: int
    label: DayLabel
    cycle: int
    on: date
    last_date: date | None
    start: datetime | None
    end: datetime | None
    status: Status
    planned: Moment | None
    booked: Moment | None
    actual: Moment | None
    earliest: Moment | None
    latest: Moment | None


class Judgement(Struct, frozen=True, kw_only=True):
    """How one rule is judged about one point, and from when to when it may lie: as in `Finding`."""

    ref: str
    point: str | None
    cycle: int
    status: Verdict
    actual: date | None
    earliest: date | None
    latest: date | None
    expires: date | None


class Projection(Struct, frozen=True, kw_only=True):
    """One revision. `protocol` and `site` are the hashes of their texts;
    moments have the offset of their zone alone. `undated` are the ids of what has no date.
    """

    protocol: str
    site: str | None
    case: Case
    standing: Standing
    occurrences: tuple[ProjectedOccurrence, ...]
    judgements: tuple[Judgement, ...]
    alerts: tuple[AlertKind, ...]
    undated: tuple[str, ...]


def _occurrence(event: Event) -> ProjectedOccurrence:
    return ProjectedOccurrence(
        id=event.id,
        day=event.day,
        label=event.label,
        cycle=event.cycle,
        on=event.on,
        last_date=event.last_date,
        start=event.start,
        end=event.end,
        status=event.status,
        planned=event.planned,
        booked=event.booked,
        actual=event.actual,
        earliest=event.earliest,
        latest=event.latest,
    )


def projection_of(plan: Plan) -> Projection:
    """What is kept of a plan that has a planned day 0."""
    return Projection(
        protocol=plan.protocol.sha256,
        site=plan.site.sha256,
        case=plan.case,
        standing=standing_of(plan),
        occurrences=tuple(map(_occurrence, plan.events)),
        judgements=tuple(
            Judgement(
                ref=f.ref,
                point=str(f.point) if f.point else None,
                cycle=f.cycle,
                status=f.status,
                actual=f.actual,
                earliest=f.earliest,
                latest=f.latest,
                expires=f.expires,
            )
            for f in plan.findings
        ),
        alerts=tuple(alert.kind for alert in plan.alerts),
        undated=tuple(one.id for one in plan.undated),
    )
