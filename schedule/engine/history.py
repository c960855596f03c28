"""How an act turns one plan into the next: settle what has happened, lay the open rest out anew, and judge a new
day 0.

A re-plan moves planned day 0 itself; it is what a new day 0 means before lymphodepletion has begun. A slip, after
that, leaves planned day 0 and what has begun where they are and moves the infusion and all that depends on it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from schedule.engine.begun import (
    begun_courses,
    clock_of,
    given_with,
    is_infusion,
    lymphodepletion,
    phase_of,
)
from schedule.engine.plan import lay_out
from schedule.engine.records import check_record, infused, refused
from schedule.engine.settle import let_go, renumber, settle, with_vanished
from schedule.engine.tailor import tailored
from schedule.model.acts import (
    Amend,
    Attest,
    Cancel,
    Choose,
    Create,
    Deed,
    Fact,
    GiveRuling,
    Move,
    Note,
    PlannedHour,
    RecordEvent,
    Restore,
)
from schedule.model.case import Case, Site
from schedule.model.errors import NotAllowed
from schedule.model.moment import Moment
from schedule.model.plan import Plan, Record, Standing, standing_of
from schedule.model.protocol import Protocol
from schedule.model.reasons.refusals import (
    DayZeroIsBefore,
    HourIsKnown,
    HourOfAnotherDay,
    NeverIsNoAnswer,
    NoSuchChoice,
    NoSuchDate,
    NoSuchOption,
    OnlyNotesAndRecords,
    OptionAddsToBegun,
    OptionIsPast,
    OptionLosesBegun,
    OptionLosesGiven,
    StartHasBegun,
)


def apply(
    plan: Plan,
    deed: Deed,
    as_of: datetime,
    revision: int,
    *,
    protocol: Protocol | None = None,
    site: Site | None = None,
) -> Plan:
    """The plan after a deed. `protocol` and `site` are those an amendment brings. Refused if the deed cannot be.

    Whether a new day 0 is allowed is not asked here, but of `judge_move`.
    """
    check_cancelled(plan, deed)
    standing = standing_of(plan)
    records = dict(standing.records)
    if isinstance(deed, RecordEvent):
        check_record(plan, deed, as_of)
        records[deed.event] = deed.record
    standing, case = replace(standing, records=records), plan.case
    if not standing.cancelled:
        phase = "infused" if standing.infused else phase_of(plan, records, as_of)
        standing = replace(standing, settled=settle(plan, records, as_of), phase=phase)
        standing = renumber(plan, standing, lambda event: event.status == "cancelled")
        case, standing = _done(plan, standing, deed, as_of)
    after = lay_out(
        protocol or plan.protocol,
        site or plan.site,
        case,
        as_of,
        revision=revision,
        schedule_id=plan.schedule_id,
        standing=standing,
    )
    if standing_of(plan).cancelled:
        return after
    after = with_vanished(plan, after)
    if isinstance(deed, Choose):
        _check_choice(plan, after, deed, as_of)
    return after


def check_cancelled(plan: Plan, deed: Deed) -> None:
    """NotAllowed where the plan is cancelled, and the deed is not one that may still be done to it."""
    if not standing_of(plan).cancelled:
        return
    match deed:
        case RecordEvent() | Note() | Restore() | Move():  # what was given before; a move is judged, and not allowed
            pass
        case Create() | Fact() | PlannedHour() | Attest() | Choose() | GiveRuling() | Amend() | Cancel():
            raise NotAllowed(OnlyNotesAndRecords(), code=plan.case.code, zero=plan.protocol.zero)
        case _:
            assert_never(deed)


def _done(plan: Plan, standing: Standing, deed: Deed, as_of: datetime) -> tuple[Case, Standing]:
    """The case and the standing after a deed on a plan that is not cancelled; what has settled has done so already."""
    case = plan.case
    match deed:
        case RecordEvent():
            return case, infused(plan, standing, deed, as_of) if is_infusion(plan, deed.event) else standing
        case Fact():
            case = with_fact(plan, case, deed)
            if plan.protocol.dates[deed.name].start:
                _check_start(plan, deed, standing.records, as_of)
                standing = let_go(plan, standing, deed.name)
            return case, standing
        case PlannedHour():
            return _with_hour(plan, case, standing, deed)
        case Attest():
            return replace(case, attestations={**case.attestations, deed.name: deed.attested}), standing
        case Choose():
            return with_choice(plan, case, deed), standing
        case GiveRuling():
            return replace(case, rulings=(*case.rulings, deed.ruling)), standing
        case Move():
            return _moved(plan, case, standing, deed, as_of)
        case Cancel():
            return case, _cancelled(standing, as_of)
        case Create() | Amend() | Note() | Restore():
            return case, standing
        case _:
            assert_never(deed)


def _cancelled(standing: Standing, as_of: datetime) -> Standing:
    """Where the patient stands once the plan is cancelled: what is settled, still ahead and not recorded is
    cancelled."""
    settled = (
        replace(event, status="cancelled") if event.moment > as_of and event.id not in standing.records else event
        for event in standing.settled
    )
    return replace(standing, cancelled=True, settled=tuple(settled))


def _check_start(plan: Plan, deed: Fact, records: Mapping[str, Record], as_of: datetime) -> None:
    """Refused where what is counted from a start date has begun, and is said never to be."""
    begun = begun_courses(plan, records, as_of) if not deed.dates else set()
    for event in plan.events:
        given = given_with(plan, event)
        if clock_of(plan, event) == deed.name and given is not None and given in begun and event.status != "cancelled":
            raise refused(plan, StartHasBegun(name=deed.name, course=plan.protocol.courses[given[0]].title))


def _check_choice(before: Plan, after: Plan, deed: Choose, as_of: datetime) -> None:
    """Refused where an option comes too late: what was given would not be part of it, a course that has begun would
    get doses that nobody planned, or doses would be dated in the past."""
    records = standing_of(after).records
    now = tailored(after.protocol, after.case.choices).activities
    old = {event.id for event in before.events if event.status != "cancelled"}
    begun = begun_courses(before, records, as_of)
    for event in before.events:
        record = records.get(event.id)
        if event.activity in now or event.task or event.status == "cancelled":
            continue
        if record is not None and record.outcome != "held":
            raise refused(before, OptionLosesGiven(choice=deed.name, event=event.id, outcome=record.outcome))
        if record is None and given_with(before, event) in begun:
            raise refused(before, OptionLosesBegun(choice=deed.name, title=event.title))
    for event in after.events:
        if event.id in old or event.status == "cancelled" or event.category != "treatment":
            continue
        course = given_with(after, event)
        if course in begun and course is not None:
            title = after.protocol.courses[course[0]].title
            raise refused(before, OptionAddsToBegun(choice=deed.name, course=title, title=event.title))
        if event.moment <= as_of:
            raise refused(before, OptionIsPast(choice=deed.name, title=event.title, on=event.on))


def with_fact(plan: Plan, case: Case, deed: Fact) -> Case:
    """The case with a known date more. A test's dates add up, each rule is served by its own; others replace."""
    known = plan.protocol.dates.get(deed.name)
    if known is None:
        raise refused(plan, NoSuchDate(name=deed.name, known=tuple(plan.protocol.dates)))
    if not deed.dates and known.required:
        raise refused(plan, NeverIsNoAnswer(name=deed.name))
    dates = deed.dates
    if known.test and dates and not deed.instead:
        dates = tuple(sorted({*case.dates.get(deed.name, ()), *dates}))
    return replace(case, dates={**case.dates, deed.name: dates})


def with_choice(plan: Plan, case: Case, deed: Choose) -> Case:
    """The case with an option chosen. Refused if the protocol has no such choice or option."""
    choice = plan.protocol.choices.get(deed.name)
    if choice is None:
        raise refused(plan, NoSuchChoice(name=deed.name, known=tuple(plan.protocol.choices)))
    if deed.option not in choice.options:
        raise refused(plan, NoSuchOption(choice=deed.name, option=deed.option, known=tuple(choice.options)))
    return replace(case, choices={**case.choices, deed.name: deed.option})


def _with_hour(plan: Plan, case: Case, standing: Standing, deed: PlannedHour) -> tuple[Case, Standing]:
    planned, timed = standing.planned, Moment(on=standing.planned.on, at=deed.moment)
    if deed.moment.date() != planned.on:
        raise refused(plan, HourOfAnotherDay(planned=planned.on))
    if planned.at is not None and not planned.is_same(timed):
        raise refused(plan, HourIsKnown(planned=planned.at))
    there = standing.day_zero
    if (
        there.instant is not None
        and timed.instant is not None
        and there.instant < timed.instant
        and not standing.infused
    ):
        raise refused(plan, DayZeroIsBefore(day_zero=there))
    late = there.at is not None and not there.is_same(timed)
    standing = replace(standing, silent=standing.silent or (late and not standing.illness))
    day_zero = timed if standing.day_zero.is_same(planned) and not standing.infused else standing.day_zero
    return replace(case, planned_moment=deed.moment), replace(standing, planned=timed, day_zero=day_zero)


def _moved(plan: Plan, case: Case, standing: Standing, deed: Move, as_of: datetime) -> tuple[Case, Standing]:
    records = {key: record for key, record in standing.records.items() if not is_infusion(plan, key)}
    standing = replace(standing, records=records)  # an infusion recorded held is to come on the new day
    if deed.cause == "illness":
        rules = plan.protocol.rules.values()
        void: set[str | None] = {
            b.unless.attestation for rule in rules for b in rule.bounds if b.unless and b.unless.again_after_illness
        }
        void |= {s.attestation for rule in rules for s in rule.statements if s.again_after_illness}
        case = replace(case, attestations={name: a for name, a in case.attestations.items() if name not in void})
    if deed.repeat:
        again, phase = {event.id for event in lymphodepletion(plan)}, standing.phase if standing.infused else "ahead"
        standing = renumber(plan, standing, lambda event: event.id in again)
        return case, replace(standing, planned=deed.to, day_zero=deed.to, phase=phase, silent=False, illness=False)
    if not standing.begun:
        standing = renumber(plan, standing, lambda event: event.status == "held")
        return case, replace(standing, planned=deed.to, day_zero=deed.to)
    planned, to = standing.planned, deed.to
    back = planned.instant == to.instant if planned.instant and to.instant else planned.on == to.on
    ill_on_the_day = deed.cause == "illness" and as_of.date() == standing.planned.on
    illness = standing.illness or deed.cause == "illness"
    return case, replace(standing, day_zero=to, illness=illness, silent=not back and not ill_on_the_day)
