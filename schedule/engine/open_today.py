"""What is open on a day: what is planned for it and the next, what is due soon, what expires soon, what was not
recorded."""

from datetime import date

from msgspec import Struct

from schedule.engine.entries import open_points
from schedule.engine.moved import MovedDayZero, moved_day_zero
from schedule.engine.need import not_recorded
from schedule.engine.settling import is_kept
from schedule.engine.shown_days import days_of_span
from schedule.model.dates import add
from schedule.model.plan import AnyPlan, E, F, ListedEvent, ListedFinding, ListedPlan

AHEAD = 7
"""Days for which deadlines and expiries are looked for."""


class OpenToday(Struct, frozen=True, kw_only=True):
    """What is open on a day. `deadlines` are known dates, by name, that must come within a week or are overdue;
    `expiring` are tests that serve day 0 for up to a week more. `unconfirmed` is what was due and has no record;
    `boundary` is what the principal investigator must decide; `moved` that day 0 moved a short time ago."""

    today: tuple[ListedEvent, ...]
    tomorrow: tuple[ListedEvent, ...]
    deadlines: tuple[tuple[str, ListedFinding], ...]
    expiring: tuple[ListedFinding, ...]
    unconfirmed: tuple[ListedEvent, ...]
    boundary: tuple[ListedFinding, ...]
    moved: MovedDayZero | None


def events_on(plan: ListedPlan[E, F], day: date) -> tuple[E, ...]:
    """What is planned or done on a day, spans that reach over it with it, a long one on its first and last day alone;
    nothing cancelled."""
    there = (e for e in plan.events if e.status != "cancelled" and e.on <= day <= (e.last_date or e.on))
    return tuple(e for e in there if day in days_of_span(e.on, e.last_date or e.on))


def open_on(plan: AnyPlan, day: date) -> OpenToday:
    """What is open on a day, in a plan laid out as of it."""
    soon = add(day, AHEAD, "days", "clamp")
    return OpenToday(
        today=events_on(plan, day),
        tomorrow=events_on(plan, add(day, 1, "days", "clamp")),
        deadlines=tuple(
            (point, f) for point, f in open_points(plan).items() if f.latest is not None and f.latest <= soon
        ),
        expiring=tuple(f for f in plan.findings if f.expires is not None and day <= f.expires <= soon),
        unconfirmed=not_recorded(plan),
        boundary=to_be_decided(plan),
        moved=moved_day_zero(plan),
    )


def to_be_decided(plan: ListedPlan[E, F]) -> tuple[F, ...]:
    """What the principal investigator must decide. Of what keeps its date off its place only treatment to come: what is
    past or recorded stays, and a task is the site's own."""
    ahead = {event.id for event in plan.events if event.status == "planned" and event.category == "treatment"}
    found = (finding for finding in plan.findings if finding.status == "boundary")
    return tuple(finding for finding in found if not is_kept(finding) or str(finding.point) in ahead)
