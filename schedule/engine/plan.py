"""lay_out(protocol, site, case, as_of) -> one patient's plan: dated events and a finding for every rule.

A pure function: the same inputs give the same plan, whatever the clock, the machine's zone or its language.
"""

import uuid
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial

from msgspec.structs import replace

from schedule.engine.alerts import alerts_of
from schedule.engine.begun import turns_of_times
from schedule.engine.by_clock import clock_of, findings_by_clock, moments_that_tell
from schedule.engine.events import Layout, laid_events, number_new
from schedule.engine.feasible import feasible_days
from schedule.engine.judge import Judge, rule_findings
from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.engine.replay import remember, replay
from schedule.engine.rulings import made_on
from schedule.engine.standing import standing_in
from schedule.engine.tailor import tailored
from schedule.engine.zero_moves import laid_before, moves_in
from schedule.model.acts import Create
from schedule.model.case import Case, Ruling, Site
from schedule.model.days_zero import DayZeroes
from schedule.model.history import History, Step
from schedule.model.ids import derived_schedule_id
from schedule.model.moment import Moment
from schedule.model.plan import ClockChanges, Event, Finding, Plan
from schedule.model.protocol import Protocol
from schedule.model.reasons.gaps import NotStated, ParameterMissing


def lay_out(
    protocol: Protocol,
    site: Site,
    case: Case,
    as_of: datetime,
    *,
    revision: int = 1,
    schedule_id: uuid.UUID | None = None,
) -> Plan:
    """A new patient's plan. Only findings without a planned day 0."""
    schedule_id = schedule_id or derived_schedule_id(protocol, case.code)
    if case.planned_day_zero is None:
        return _made(protocol, site, case, as_of, revision, schedule_id, None, None)
    return plan_from(first_history(protocol, site, case, as_of), as_of, revision=revision, schedule_id=schedule_id)


def first_history(
    protocol: Protocol, site: Site, case: Case, as_of: datetime, numbers: Mapping[str, int] | None = None
) -> History:
    """The history of a new patient: the first plan alone. The rulings of the case file are made on what that plan
    has."""
    deed = Create(protocol=protocol.sha256, site=site.sha256, case=case.sha256)
    step = Step(deed=deed, as_of=as_of, protocol=protocol, site=site)
    history = History(case=case, steps=(step,), numbers=numbers or {})
    if not case.rulings:
        return history
    laid = replay(history)
    now = as_of.replace(tzinfo=laid.where)
    rulings = tuple(replace(one, made_on=made_on(laid, one.rule, _said_of(one), now)) for one in case.rulings)
    return replace(history, case=replace(case, rulings=rulings))


def _said_of(ruling: Ruling) -> Moment | None:
    """The day 0 that a ruling of the case file speaks of."""
    return Moment(on=ruling.day_zero) if ruling.day_zero is not None else None


def plan_from(history: History, as_of: datetime, *, revision: int, schedule_id: uuid.UUID, whole: bool = True) -> Plan:
    """The plan that a history gives, as seen at `as_of` (a wall time of the site, without zone). Places that had no
    number have one in the plan's own `history`. Unless `whole` it has no events, and of findings those alone that
    decide about its days 0: all that is asked of a day 0 that is only looked at."""
    laid = replay(history)
    numbers = number_new(laid, history.numbers)
    if numbers is not history.numbers:
        numbered = History(case=history.case, steps=history.steps, numbers=numbers)
        remember(numbered, history)
        history = numbered
    last = history.steps[-1]
    if not whole:
        return _looked_at(laid, history, as_of, revision, schedule_id)
    return _made(last.protocol, last.site, laid.case, as_of, revision, schedule_id, laid, history)


def _made(
    protocol: Protocol,
    site: Site,
    case: Case,
    as_of: datetime,
    revision: int,
    schedule_id: uuid.UUID,
    laid: Laid | None,
    history: History | None,
) -> Plan:
    own = tailored(protocol, case.choices)
    layout, standing, places = Layout(), None, dict[Place, Event]()
    if laid is not None and history is not None:
        standing = standing_in(laid, history.numbers, as_of)
        layout, places = _shown(laid, history.numbers, as_of)
    open_zero = laid is None
    laid = laid or _on_any_day(protocol, site, case, as_of)
    now = as_of.replace(tzinfo=laid.where)
    judge = lru_cache(maxsize=1)(partial(_judge_at, laid, layout=layout, places=places, open_zero=open_zero))
    found_at = partial(_judged, judge)
    findings_at = findings_by_clock(history, laid, layout.events, found_at) if history is not None else found_at
    findings = findings_at(now)
    days_zero = lru_cache(maxsize=1)(partial(_days_zero, laid, now, findings, judge))
    gaps: dict[NotStated, None] = dict.fromkeys(layout.not_stated)
    for name, parameter in own.parameters.items():
        if name not in site.texts:
            gaps.setdefault(ParameterMissing(parameter=name, text=parameter.missing))
    order = [*protocol.parameters, *(gap.parameter for gap in gaps)]
    return Plan(
        protocol=protocol,
        site=site,
        case=case,
        as_of=as_of,
        revision=revision,
        schedule_id=schedule_id,
        standing=standing,
        events=tuple(layout.events),
        findings=findings,
        dates_missing=lambda: found.missing if (found := days_zero()) is not None else (),
        days_zero=days_zero,
        not_stated=tuple(sorted(gaps, key=lambda gap: order.index(gap.parameter))),
        alerts=alerts_of(standing, findings, layout.undated),
        undated=tuple(layout.undated),
        doses_before=_doses_before(places, laid),
        turns_of_clock=partial(clock_of, history, laid, now, findings, findings_at),
        zero_moves=lambda: moves_in(history) if history else (),
        laid_before=lambda step: laid_before(history, step) if history else (),
        made_from=lambda: history,
    )


def _looked_at(laid: Laid, history: History, as_of: datetime, revision: int, schedule_id: uuid.UUID) -> Plan:
    last = history.steps[-1]
    return Plan(
        protocol=last.protocol,
        site=last.site,
        case=laid.case.in_zone(laid.zone),
        as_of=as_of,
        revision=revision,
        schedule_id=schedule_id,
        standing=standing_in(laid, history.numbers, as_of),
        events=(),
        findings=tuple(rule_findings(laid, as_of.replace(tzinfo=laid.where))),
        days_zero=lambda: None,
        not_stated=(),
        alerts=(),
        turns_of_clock=lambda: ClockChanges(lacks_from={}),
        dates_missing=lambda: (),
        zero_moves=lambda: (),
        laid_before=lambda step: (),
        made_from=lambda: history,
    )


def _judge_at(
    laid: Laid, instant: datetime, *, layout: Layout, places: Mapping[Place, Event], open_zero: bool
) -> Judge:
    """What judges a plan at an instant, in UTC: of the plan's zone two moments may be equal to Python, and not one."""
    return Judge(laid, instant.astimezone(laid.where), layout, places, open_zero=open_zero)


def _judged(judge: Callable[[datetime], Judge], at: datetime) -> tuple[Finding, ...]:
    """The findings of a plan at a moment, an aware datetime of its zone."""
    return tuple(judge(at.astimezone(UTC)).findings())


def _days_zero(
    laid: Laid, now: datetime, findings: tuple[Finding, ...], judge: Callable[[datetime], Judge]
) -> DayZeroes | None:
    """The feasible days 0 of a state of a plan; worked out once for as long as the clock changes nothing of it."""
    starts = tuple(max(laid.day_zero(cycle).on, now.date()) for cycle in laid.cycles)
    known, key = laid.found["feasible"], (bisect_right(moments_that_tell(laid), now.astimezone(UTC)), starts)
    if key not in known:
        known[key] = feasible_days([one.evidence for one in judge(now.astimezone(UTC)).cycles.values()], findings)
    found: DayZeroes | None = known[key]
    return found


def _doses_before(places: Mapping[Place, Event], laid: Laid) -> dict[int, tuple[str, ...]]:
    """The ids of the doses of the patient's before the cells, by cycle."""
    found: dict[int, tuple[str, ...]] = {}
    for place, event in places.items():
        if laid.slots[place].is_lymphodepletion:
            found[place.in_cycle] = (*found.get(place.in_cycle, ()), event.id)
    return found


def _shown(laid: Laid, numbers: Mapping[str, int], as_of: datetime) -> tuple[Layout, dict[Place, Event]]:
    """What is laid out, and the events by their places: of a first plan the same between two turns of its times."""

    def show() -> tuple[Layout, dict[Place, Event]]:
        layout = laid_events(laid, numbers, as_of)
        return layout, places_of(laid, numbers, layout)

    if numbers is not laid.memo["numbers"].get(()):
        return show()
    turn = bisect_right(turns_of_times(laid), as_of.replace(tzinfo=laid.where).astimezone(UTC))
    return laid.once("shown", show, (turn, laid.cancelled and laid.cancelled.astimezone(UTC)))


def places_of(laid: Laid, numbers: Mapping[str, int], layout: Layout) -> dict[Place, Event]:
    """The events that are shown, by their places."""
    events = {event.id: event for event in layout.events}
    ids = {place: f"{place.activity}-{numbers[str(place)]}" for place in laid.slots}
    return {place: events[name] for place, name in ids.items() if name in events}


def _on_any_day(protocol: Protocol, site: Site, case: Case, as_of: datetime) -> Laid:
    """The plan of a patient of whom no day 0 is planned, on some day: how things depend on it is all that counts."""
    return replay(first_history(protocol, site, replace(case, planned_day_zero=as_of.date()), as_of))
