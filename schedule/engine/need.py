"""In which order the patients of a ward are needed: one order for shift, board, printed sheets and terminal. And what
of each was due and has no record: one answer for all of them, and for the patient's page."""

from datetime import date, datetime, time
from typing import NamedTuple

from schedule.engine.moved import told_until
from schedule.engine.sheet_dates import days_with_a_sheet
from schedule.model.dates import add
from schedule.model.moment import Moment, instant_at, order_of
from schedule.model.plan import AnyPlan, E, F, ListedEvent, ListedPlan, standing_of

OPEN = ("planned", "unconfirmed")
NEVER = datetime.max


class Need(NamedTuple):
    """What a patient's place in the order depends on, first things first: something is not recorded, and since when;
    what is the most that is open on the day (0: the infusion, 1: another treatment, 2: anything else, 3: nothing); the
    first hour of that; where nothing is open, what comes next; day 0; the code. Moments are wall times of the site."""

    all_recorded: bool
    not_recorded_since: datetime
    weight: int
    hour: time
    next: datetime
    day_zero: date
    code: str


def not_recorded(plan: ListedPlan[E, F]) -> tuple[E, ...]:
    """What was due by the plan's as-of and has no record, oldest first, what has no hour last on its date. Of the
    site's own tasks those of yesterday and today: what a shift before that left out is on its sheet, and no dose. Of a
    cancelled plan nothing."""
    if standing_of(plan).cancelled:
        return ()
    since = add(plan.as_of.date(), -1, "days", "clamp")
    found = (one for one in plan.events if one.status == "unconfirmed" and (not one.task or one.on >= since))
    return tuple(sorted(found, key=_age))


def _age(event: ListedEvent) -> tuple[date, bool, datetime, str]:
    return *event.in_order, event.id


def need(plan: AnyPlan, day: date | None = None) -> Need:
    """A patient's place in the order of today, by the plan's as-of; or of another `day`, for which what is not recorded
    until now does not count. The least comes first."""
    open_since = [event.moment for event in not_recorded(plan)] if day is None else []
    on = day or plan.as_of.date()
    there = [event for event in plan.events if event.status in OPEN and event.on == on]
    weights = {event.id: _weight(plan, event) for event in there}
    weight = min(weights.values(), default=3)
    ahead = (_by_its_end(one) for one in plan.events if one.status == "planned" and one.on > on and not one.task)
    after = min(ahead, default=NEVER) if weight == 3 else NEVER
    return Need(
        all_recorded=not open_since,
        not_recorded_since=min(open_since, default=NEVER),
        weight=weight,
        hour=min((one.start.time() for one in there if one.start and weights[one.id] == weight), default=time.max),
        next=after,
        day_zero=standing_of(plan).day_zero.on,
        code=plan.case.code,
    )


def holds_until(plan: AnyPlan) -> datetime:
    """The next moment, in UTC, at which what a page of the ward shows of the plan may differ: something falls due, a
    move is no longer told, or the day ends. As wall times they would not do: in an autumn night one comes twice."""
    zone, today = plan.site.zone, plan.as_of.date()
    now, midnight = instant_at(plan.as_of, zone), order_of(Moment(on=add(today, 1, "days", "clamp")), zone)
    due = (order_of(event.when, zone) for event in plan.events if event.on == today)
    return min(*(at for at in due if now < at), told_until(plan) or midnight, midnight, midnight)


def sheets_on_day(plan: AnyPlan, day: date) -> int:
    """How many sheets a day has: the patient's, the donor's. None where the plan is cancelled."""
    if standing_of(plan).cancelled:
        return 0
    return sum(day in days_with_a_sheet(plan, donor=donor) for donor in (False, True))


def _by_its_end(event: ListedEvent) -> datetime:
    """When it comes; what has no hour comes after what has one on its date."""
    return event.moment if event.start is not None else datetime.combine(event.on, time.max)


def _weight(plan: AnyPlan, event: ListedEvent) -> int:
    if event.donor or event.task or event.category != "treatment":
        return 2
    return 0 if event.activity == plan.protocol.day_zero else 1
