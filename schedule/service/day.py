"""A whole day recorded at once: what is taken as planned, beside what was typed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from schedule.engine.day_items import DayItems as DayItems
from schedule.engine.day_items import end_counts as end_counts
from schedule.engine.day_items import infusion_open as infusion_open
from schedule.engine.day_items import items_of_day as items_of_day
from schedule.engine.day_items import may_be_as_planned as may_be_as_planned
from schedule.engine.history import apply, history_of
from schedule.engine.plan import plan_from
from schedule.model.acts import RecordDay, RecordEvent, confirmed_in
from schedule.model.errors import Refused
from schedule.model.plan import Plan
from schedule.service.acts import record_of


def as_planned(
    plan: Plan, day: date, typed: Sequence[RecordEvent], entered: Collection[str], as_of: datetime
) -> tuple[RecordEvent, ...]:
    """The records of everything of a day that is due by as-of, not recorded, and not among the events `entered`, each
    at its planned time. What depends on a typed record is due where that puts it: once the
    infusion is typed, what follows it. Where what was typed cannot be, what is due without it.
    """
    taken: tuple[RecordEvent, ...] = ()
    while True:
        named = {*entered, *(one.event for one in (*typed, *taken))}
        seen = _with(plan, day, (*typed, *taken), as_of)
        due = [one for one in items_of_day(seen, day).due if one.id not in named and may_be_as_planned(seen, one)]
        if not due:
            return taken
        taken += tuple(record_of(one.id, one.happens_as, one.when, "") for one in due)


def _with(plan: Plan, day: date, records: Sequence[RecordEvent], as_of: datetime) -> Plan:
    """The plan with those records, as of that moment; without them where they cannot be."""
    if not records:
        return plan_from(history_of(plan), as_of, revision=plan.revision, schedule_id=plan.schedule_id)
    sure = confirmed_in(RecordDay(on=day, records=tuple(records)), {one.event for one in records})
    try:
        return apply(plan, sure, as_of, plan.revision)
    except Refused:
        return _with(plan, day, (), as_of)
