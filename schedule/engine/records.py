"""Whether a record can be, and where the patient stands once the infusion is recorded."""

from dataclasses import replace
from datetime import UTC, datetime

from schedule.engine.begun import follows_cells, is_infusion, lymphodepletion, phase_of
from schedule.model.acts import RecordEvent
from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.model.plan import Plan, Record, Standing, standing_of
from schedule.model.reasons.refusals import (
    BeforeCells,
    BeforeLymphodepletion,
    EventIsCancelled,
    FollowerIsRecorded,
    FollowsCells,
    NoSuchEvent,
    RecordedLater,
    Refusal,
)


def refused(plan: Plan, refusal: Refusal) -> Refused:
    """What an act on a patient's plan is refused with."""
    return Refused(refusal, code=plan.case.code, zero=plan.protocol.zero)


def check_record(plan: Plan, deed: RecordEvent, as_of: datetime) -> None:
    """Refused for a record that cannot be: of no event, of the future, of what follows the cells before the cells."""
    events = {event.id: event for event in plan.events}
    event = events.get(deed.event)
    if event is None:
        raise refused(plan, NoSuchEvent(event=deed.event, known=tuple(events)))
    if event.status == "cancelled":
        raise refused(plan, EventIsCancelled(event=deed.event))
    last = as_of if deed.record.timed else datetime.combine(as_of.date(), datetime.max.time())
    if deed.record.at > last:
        raise refused(plan, RecordedLater(event=deed.event, at=deed.record.at))
    if is_infusion(plan, deed.event):
        _check_infusion(plan, deed)
        return
    standing = standing_of(plan)
    if deed.record.outcome == "held" or not follows_cells(plan, event):
        return
    if not standing.infused:
        raise refused(plan, FollowsCells(event=deed.event, infusion=f"{plan.protocol.day_zero}-1"))
    if is_earlier(deed.record, deed.moment, standing.day_zero):
        raise refused(plan, BeforeCells(event=deed.event, day_zero=standing.day_zero))


def is_earlier(record: Record, moment: datetime | None, day_zero: Moment) -> bool:
    """Whether what was recorded lies before day 0: by the hour where both are known, else by the date."""
    if moment is not None and day_zero.instant is not None:
        return moment.astimezone(UTC) < day_zero.instant
    return record.at.date() < day_zero.on


def _check_infusion(plan: Plan, deed: RecordEvent) -> None:
    """Refused where what follows the cells is recorded given, and the infusion would be held, or later than that."""
    day_zero = Moment(on=deed.record.at.date(), at=deed.moment)
    records = standing_of(plan).records
    for event in lymphodepletion(plan) if deed.record.outcome != "held" else ():
        given = records.get(event.id)
        last = given.at.date() if given and given.outcome != "held" else event.on if event.number == 1 else None
        if last is not None and event.status != "cancelled" and day_zero.on < last:
            raise refused(plan, BeforeLymphodepletion(event=deed.event, title=event.title, last=last))
    for event in plan.events:
        record = records.get(event.id)
        if record is None or record.outcome == "held" or not follows_cells(plan, event):
            continue
        if deed.record.outcome == "held" or record.at.date() < day_zero.on:
            outcome, on = record.outcome, record.at.date()
            raise refused(plan, FollowerIsRecorded(event=deed.event, follower=event.id, outcome=outcome, on=on))


def infused(plan: Plan, standing: Standing, deed: RecordEvent, as_of: datetime) -> Standing:
    """Where the patient stands once the infusion is recorded: its start is day 0. Held: it is still to come."""
    open_again = {
        event.id for event in plan.events if event.id not in standing.records and event.status != "cancelled"
        and (follows_cells(plan, event) or (event.task and event.on >= standing.day_zero.on))
    }  # fmt: skip
    standing = replace(standing, settled=tuple(event for event in standing.settled if event.id not in open_again))
    if deed.record.outcome == "held":
        return replace(standing, phase=phase_of(plan, standing.records, as_of))
    day_zero = Moment(on=deed.record.at.date(), at=deed.moment)
    silent = standing.silent
    if day_zero.on != standing.day_zero.on:
        silent = day_zero.on > standing.planned.on
    return replace(standing, day_zero=day_zero, phase="infused", silent=silent)
