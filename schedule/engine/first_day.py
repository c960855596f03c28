"""The first day 0 that a patient who is not planned yet can be given: every rule kept, and no dose in the past."""

from datetime import UTC, date, datetime

from msgspec.structs import replace

from schedule.engine.begun import first_dose
from schedule.engine.plan import first_history
from schedule.engine.replay import replay
from schedule.model.dates import add
from schedule.model.moment import Moment, is_by
from schedule.model.plan import Plan


def first_day_zero(plan: Plan, as_of: datetime) -> date | None:
    """The earliest day 0 from as-of's day on that keeps every rule, with all treatment before it still ahead. None
    where there is none, or where it cannot be judged."""
    found, now = plan.feasible, as_of.replace(tzinfo=plan.site.zone or UTC)
    if found is None or found.missing:
        return None
    for first, last, status in found.intervals:
        day = max(first or now.date(), now.date())
        if status == "met" and (last is None or day <= last):
            day = _with_treatment_ahead(plan, day, now)
            if last is None or day <= last:
                return day
    return None


def _with_treatment_ahead(plan: Plan, day: date, now: datetime) -> date:
    """That day 0, or the first after it before which no dose is past: one whose hour is not known counts from 00:00."""
    case = replace(plan.case, planned_day_zero=day, planned_time=None, planned_moment=None)
    laid = replay(first_history(plan.protocol, plan.site, case, now.replace(tzinfo=None)))
    dose = first_dose(laid, 1, Moment(on=day))
    while dose is not None and is_by(dose, now):
        day = add(day, max((now.date() - dose.on).days, 1), "days", "clamp")
        dose = first_dose(laid, 1, Moment(on=day))
    return day
