"""How an act turns one plan into the next: settle what has happened, lay the open rest out anew, and judge a new day 0.

A re-plan moves planned day 0 itself; it is what a new day 0 means before lymphodepletion has begun. A slip, after
that, leaves planned day 0 and what has begun where they are and moves the infusion and all that hangs on it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import assert_never

from schedule.engine.plan import lay_out
from schedule.engine.settled import is_spent
from schedule.engine.tailor import tailored
from schedule.model.acts import (
    Amend,
    Attest,
    Cancel,
    Choose,
    Create,
    Deed,
    Fact,
    Move,
    Note,
    PlannedHour,
    RecordEvent,
    Restore,
    Rule,
)
from schedule.model.case import Case, Site
from schedule.model.errors import InputError, Mistake, Place, key_step
from schedule.model.notation import spell, spell_moment
from schedule.model.plan import DayZero, Event, Plan, Record, Standing, in_words, standing_of
from schedule.model.protocol import Activity, Protocol, cycle_name
from schedule.model.text import nearest
from schedule.model.timing import DAY_ZERO, PLANNED_DAY_ZERO, AfterActivity, KnownDatePoint


def has_begun(events: Iterable[Event], records: Mapping[str, Record], as_of: datetime) -> bool:
    """Whether a course has begun: a dose of it is recorded given, even partly, or its first dose was due by `as_of`,
    unless every dose due so far is recorded held."""
    events = [event for event in events if event.status != "cancelled"]
    outcomes = {event.id: records[event.id].outcome for event in events if event.id in records}
    if any(outcome != "held" for outcome in outcomes.values()):
        return True
    due = [event for event in events if event.moment <= as_of]
    return any(outcomes.get(event.id) != "held" for event in due)


def any_given(events: Iterable[Event], records: Mapping[str, Record]) -> bool:
    """Whether something of it is recorded given or done; held is not begun."""
    return any(event.id in records and records[event.id].outcome != "held" for event in events)


def settle(plan: Plan, records: Mapping[str, Record], as_of: datetime) -> tuple[Event, ...]:
    """The events that keep their dates from now on: recorded, due by `as_of`, or of a course that has begun.

    Until the infusion is recorded, the clock settles nothing that moves with day 0: nothing on day 0 or after it. What a
    begun course had settled is open again once every dose due is recorded held: the course has not begun.
    """
    standing, courses = standing_of(plan), by_course(plan)
    by_clock = {
        given for given, events in courses.items()
        if has_begun(events, records, as_of)
        and (standing.infused or not moves_with_day_zero(plan, events[0]) or any_given(events, records))
    }  # fmt: skip
    before = {event.id for event in standing.settled}
    called_off = {
        event.id for events in courses.values() if not has_begun(events, records, as_of) for event in events
        if event.status != "cancelled" and not standing.infused
    }  # fmt: skip

    def is_settled(event: Event) -> bool:
        if event.id in records or given_with(plan, event) in by_clock:
            return True
        if event.id in before and event.id not in called_off:
            return True
        waits = not standing.infused and event.on >= standing.day_zero.on and moves_with_day_zero(plan, event)
        return event.moment <= as_of and not waits

    return tuple(event for event in plan.events if not is_day_zero(plan, event) and is_settled(event))


Given = tuple[str, int, bool]
"""What begins together: a course, its cycle, and whether it is the one that was given before it was planned anew."""


def given_with(plan: Plan, event: Event) -> Given | None:
    """What an event begins with; None for one of no course."""
    activity = plan.protocol.activities.get(event.activity)
    if activity is None or activity.course is None:
        return None
    return activity.course, max(event.cycle, 1), is_spent(standing_of(plan), event)


def root_of(plan: Plan, event: Event) -> Activity | None:
    """The activity that an event is counted from, by way of others; its own where it is counted from a date; None for a task."""
    activity = plan.protocol.activities.get(event.activity)
    seen: set[str] = set()
    while activity is not None and isinstance(activity.days, AfterActivity) and activity.id not in seen:
        seen.add(activity.id)
        activity = plan.protocol.activities.get(activity.days.activity)
    return activity


def by_course(plan: Plan) -> Mapping[Given, list[Event]]:
    """The events that begin together, those of no course left out."""
    courses: dict[Given, list[Event]] = defaultdict(list)
    for event in plan.events:
        if (given := given_with(plan, event)) is not None:
            courses[given].append(event)
    return courses


def begun_courses(plan: Plan, records: Mapping[str, Record], as_of: datetime) -> set[Given]:
    """What has begun, by a record or by the clock."""
    return {given for given, events in by_course(plan).items() if has_begun(events, records, as_of)}


def moves_with_day_zero(plan: Plan, event: Event) -> bool:
    """Whether an event is counted from day 0 itself, not from planned day 0 or a date of the patient's own."""
    root = root_of(plan, event)
    if event.cycle > 1:
        return cycle_name(event.cycle) not in plan.case.dates
    return root is None or root.base == DAY_ZERO


def clock_of(plan: Plan, event: Event) -> str | None:
    """The start date that an event is counted from, by way of others: `randomisation`, `cycle-2`; None for day 0's own."""
    if event.cycle > 1:
        return cycle_name(event.cycle)
    root = root_of(plan, event)
    return root.base.name if root is not None and isinstance(root.base, KnownDatePoint) else None


def _check_start(plan: Plan, deed: Fact, records: Mapping[str, Record], as_of: datetime) -> None:
    """InputError where what is counted from a start date has begun, and is said never to be."""
    begun = begun_courses(plan, records, as_of) if not deed.dates else set()
    for event in plan.events:
        given = given_with(plan, event)
        if clock_of(plan, event) == deed.name and given is not None and given in begun and event.status != "cancelled":
            title = plan.protocol.courses[given[0]].title
            raise _refuse(
                plan, deed.name, f"{title} has begun, so it cannot be never", "record what was due of it held first"
            )


def let_go(plan: Plan, standing: Standing, name: str) -> Standing:
    """The standing once a start date is another: what only the clock had settled of what is counted from it is open again.
    What is recorded stays, and so does the rest of a course of which something is recorded given."""
    given: set[Given | None] = {
        given_with(plan, event) for event in plan.events
        if event.id in standing.records and standing.records[event.id].outcome != "held"
    }  # fmt: skip
    kept = (
        event for event in standing.settled
        if clock_of(plan, event) != name or event.id in standing.records or event.status == "cancelled"
        or given_with(plan, event) in given - {None}
    )  # fmt: skip
    standing = replace(standing, settled=tuple(kept))
    held = {
        event.id for event in plan.events
        if event.status == "held" and clock_of(plan, event) == name and given_with(plan, event) not in given - {None}
    }  # fmt: skip
    return renumber(plan, standing, lambda event: event.id in held)


def is_day_zero(plan: Plan, event: Event) -> bool:
    """Whether the event is the infusion whose start is day 0: it lies where day 0 lies, and is never settled."""
    return event.activity == plan.protocol.day_zero and event.number == 1


def lymphodepletion(plan: Plan) -> list[Event]:
    """The events of every course that counts from planned day 0, of the first cycle; not those it was given by before it was
    planned anew."""
    courses = {course.id for course in plan.protocol.courses.values() if course.base == PLANNED_DAY_ZERO}
    return [
        event
        for event in plan.events
        if (given := given_with(plan, event)) is not None and given[0] in courses and given[1:] == (1, False)
    ]


def apply(
    plan: Plan,
    deed: Deed,
    as_of: datetime,
    revision: int,
    *,
    protocol: Protocol | None = None,
    site: Site | None = None,
) -> Plan:
    """The plan after a deed. `protocol` and `site` are those an amendment brings. InputError if the deed cannot be.

    Whether a new day 0 is allowed is not asked here, but of `judge_move`.
    """
    standing, case = standing_of(plan), plan.case
    if standing.cancelled:
        if isinstance(deed, RecordEvent):  # what was given before the plan was given up
            check_record(plan, deed, as_of)
            standing = replace(standing, records={**standing.records, deed.event: deed.record})
        return lay_out(
            plan.protocol, plan.site, case, as_of, revision=revision, schedule_id=plan.schedule_id, standing=standing
        )
    records = dict(standing.records)
    if isinstance(deed, RecordEvent):
        check_record(plan, deed, as_of)
        records[deed.event] = deed.record
    settled = settle(plan, records, as_of)
    standing = replace(
        standing,
        records=records,
        settled=settled,
        begun=not standing.planned.is_same(standing.day_zero) or has_begun(lymphodepletion(plan), records, as_of),
    )
    standing = renumber(plan, standing, lambda event: event.status == "cancelled")
    match deed:
        case RecordEvent() if is_infusion(plan, deed.event):
            standing = _infused(plan, standing, deed)
        case Fact():
            case = with_fact(plan, case, deed)
            if plan.protocol.dates[deed.name].start:
                _check_start(plan, deed, records, as_of)
                standing = let_go(plan, standing, deed.name)
        case PlannedHour():
            case, standing = _with_hour(plan, case, standing, deed)
        case Attest():
            case = replace(case, attestations={**case.attestations, deed.name: deed.attested})
        case Choose():
            case = with_choice(plan, case, deed)
        case Rule():
            case = replace(case, rulings=(*case.rulings, deed.ruling))
        case Move():
            case, standing = _moved(plan, case, standing, deed, as_of)
        case Cancel():
            ahead = (event.moment > as_of and event.id not in records for event in standing.settled)
            struck = (
                replace(event, status="cancelled") if is_ahead else event
                for event, is_ahead in zip(standing.settled, ahead, strict=True)
            )
            standing = replace(standing, cancelled=True, settled=tuple(struck))
        case RecordEvent() | Create() | Amend() | Note() | Restore():
            pass
        case _:
            assert_never(deed)
    after = _with_vanished(plan, lay_out(
        protocol or plan.protocol, site or plan.site, case, as_of,
        revision=revision, schedule_id=plan.schedule_id, standing=standing,
    ))  # fmt: skip
    if isinstance(deed, Choose):
        _check_choice(plan, after, deed, as_of)
    return after


def _check_choice(before: Plan, after: Plan, deed: Choose, as_of: datetime) -> None:
    """InputError where an option comes too late: what was given would not be part of it, a course that has begun would get
    doses that nobody planned, or doses would be dated in the past."""
    records = standing_of(after).records
    now = tailored(after.protocol, after.case.choices).activities
    old = {event.id for event in before.events if event.status != "cancelled"}
    begun = begun_courses(before, records, as_of)
    for event in before.events:
        record = records.get(event.id)
        if event.activity in now or event.task or event.status == "cancelled":
            continue
        if record is not None and record.outcome != "held":
            said = f"{event.id} is recorded {record.outcome}, and is not part of that option"
            raise _refuse(before, deed.name, said, "correct the record first")
        if record is None and given_with(before, event) in begun:
            said = f"{event.title} belongs to a course that has begun, and is not part of that option"
            raise _refuse(before, deed.name, said, "record what was due of it held first")
    for event in after.events:
        if event.id in old or event.status == "cancelled" or event.category != "treatment":
            continue
        course = given_with(after, event)
        if course in begun and course is not None:
            title = after.protocol.courses[course[0]].title
            said = f"{title} has begun, and {event.title} would be new in it"
            raise _refuse(before, deed.name, said, "ask the principal investigator; what has begun keeps its doses")
        if event.moment <= as_of:
            said = f"{event.title} would be dated {spell(event.on)}, which is past"
            raise _refuse(before, deed.name, said, "if it was chosen earlier, say as of when: --as-of")


def _with_vanished(before: Plan, after: Plan) -> Plan:
    """The plan with what is no longer in it as cancelled: its number is never used again."""
    now = {event.id for event in after.events}
    gone = [replace(event, status="cancelled") for event in before.events if event.id not in now]
    if not gone:
        return after
    standing = standing_of(after)
    return lay_out(
        after.protocol, after.site, after.case, after.as_of, revision=after.revision, schedule_id=after.schedule_id,
        standing=replace(standing, settled=(*standing.settled, *gone)),
    )  # fmt: skip


def is_infusion(plan: Plan, event_id: str) -> bool:
    return event_id == f"{plan.protocol.day_zero}-1"


def _refuse(plan: Plan, place: str, message: str, remedy: str) -> InputError:
    return InputError(
        Mistake(place=Place(file=plan.case.code, path=(key_step(place),)), message=message, remedy=remedy)
    )


def check_record(plan: Plan, deed: RecordEvent, as_of: datetime) -> None:
    """InputError for a record that cannot be: of no event, of the future, of what follows the cells before the cells."""
    events = {event.id: event for event in plan.events}
    event = events.get(deed.event)
    if event is None:
        raise _refuse(plan, f'event "{deed.event[:60]}"', "there is none of that name", nearest(deed.event, events))
    if event.status == "cancelled":
        raise _refuse(plan, deed.event, "it is cancelled", "look at the plan: dayzero show " + plan.case.code)
    last = as_of if deed.record.timed else datetime.combine(as_of.date(), datetime.max.time())
    if deed.record.at > last:
        raise _refuse(
            plan, deed.event, f"{spell_moment(deed.record.at)} is later than as-of", "record what has happened"
        )
    if is_infusion(plan, deed.event):
        _check_infusion(plan, deed)
        return
    standing = standing_of(plan)
    if deed.record.outcome == "held" or not follows_cells(plan, event):
        return
    if not standing.infused:
        first = f"{plan.protocol.day_zero}-1"
        raise _refuse(
            plan, deed.event, "it follows the cells, and the infusion is not recorded", f"record {first} first"
        )
    if is_earlier(deed.record, deed.moment, standing.day_zero):
        raise _refuse(
            plan, deed.event, f"it would lie before the cells ({in_words(standing.day_zero)})", "look at the date"
        )


def follows_cells(plan: Plan, event: Event) -> bool:
    """Whether an event can only be after the infusion: of the protocol's, counted from day 0, on a later day or, as part
    of a course, on day 0 itself."""
    activity = plan.protocol.activities.get(event.activity)
    if activity is None or is_day_zero(plan, event):
        return False
    if event.cycle > 1:
        return True
    if not moves_with_day_zero(plan, event):
        return False
    root, zero = root_of(plan, event), standing_of(plan).day_zero.on
    after_cells = root is not None and root.id == plan.protocol.day_zero and root.id != activity.id
    return event.on > zero or (event.on == zero and (activity.course is not None or after_cells))


def is_earlier(record: Record, moment: datetime | None, day_zero: DayZero) -> bool:
    """Whether what was recorded lies before day 0: by the hour where both are known, else by the date."""
    if moment is not None and day_zero.instant is not None:
        return moment.astimezone(UTC) < day_zero.instant
    return record.at.date() < day_zero.on


def _check_infusion(plan: Plan, deed: RecordEvent) -> None:
    """InputError where what follows the cells is recorded given, and the infusion would be held, or later than that."""
    day_zero = DayZero(on=deed.record.at.date(), at=deed.moment)
    records = standing_of(plan).records
    for event in lymphodepletion(plan) if deed.record.outcome != "held" else ():
        given = records.get(event.id)
        last = given.at.date() if given and given.outcome != "held" else event.on if event.number == 1 else None
        if last is not None and event.status != "cancelled" and day_zero.on < last:
            said = f"it would lie before lymphodepletion ({event.title}, {spell(last)})"
            raise _refuse(plan, deed.event, said, "look at the date")
    for event in plan.events:
        record = records.get(event.id)
        if record is None or record.outcome == "held" or not follows_cells(plan, event):
            continue
        if deed.record.outcome == "held" or record.at.date() < day_zero.on:
            raise _refuse(
                plan,
                deed.event,
                f"{event.id} is recorded {record.outcome} on {spell(record.at.date())}",
                "correct that first",
            )


def _infused(plan: Plan, standing: Standing, deed: RecordEvent) -> Standing:
    """Where the patient stands once the infusion is recorded: its start is day 0. Held: it is still to come."""
    open_again = {
        event.id for event in plan.events if event.id not in standing.records and event.status != "cancelled"
        and (follows_cells(plan, event) or (event.task and event.on >= standing.day_zero.on))
    }  # fmt: skip
    standing = replace(standing, settled=tuple(event for event in standing.settled if event.id not in open_again))
    if deed.record.outcome == "held":
        return replace(standing, infused=False)
    day_zero = DayZero(on=deed.record.at.date(), at=deed.moment)
    silent = standing.silent
    if day_zero.on != standing.day_zero.on:
        silent = day_zero.on > standing.planned.on
    return replace(standing, day_zero=day_zero, infused=True, silent=silent)


def with_fact(plan: Plan, case: Case, deed: Fact) -> Case:
    """The case with a known date more. A test's dates add up, each rule is served by its own; others replace."""
    known = plan.protocol.dates.get(deed.name)
    if known is None:
        raise _refuse(
            plan, f'date "{deed.name[:60]}"', "the protocol has no such date", nearest(deed.name, plan.protocol.dates)
        )
    if not deed.dates and known.required:
        raise _refuse(plan, deed.name, '"never" would switch a required rule off', "leave it due until there is a date")
    dates = deed.dates
    if known.test and dates and not deed.instead:
        dates = tuple(sorted({*case.dates.get(deed.name, ()), *dates}))
    return replace(case, dates={**case.dates, deed.name: dates})


def with_choice(plan: Plan, case: Case, deed: Choose) -> Case:
    """The case with an option chosen. InputError if the protocol has no such choice or option."""
    choice = plan.protocol.choices.get(deed.name)
    if choice is None:
        known = nearest(deed.name, plan.protocol.choices)
        raise _refuse(plan, f'choice "{deed.name[:60]}"', "the protocol has no such choice", known)
    if deed.option not in choice.options:
        known = nearest(deed.option, choice.options)
        raise _refuse(plan, deed.name, f'"{deed.option[:60]}" is none of its options', known)
    return replace(case, choices={**case.choices, deed.name: deed.option})


def _with_hour(plan: Plan, case: Case, standing: Standing, deed: PlannedHour) -> tuple[Case, Standing]:
    planned, timed = standing.planned, DayZero(on=standing.planned.on, at=deed.moment)
    if deed.moment.date() != planned.on:
        raise _refuse(
            plan, "planned-day-zero", f"it is {spell(planned.on)}", "give its hour; a new date is a slip: dayzero slip"
        )
    if planned.at is not None and not planned.is_same(timed):
        raise _refuse(
            plan, "planned-day-zero", f"its hour is {planned.at:%H:%M} already", "a new time is a slip: dayzero slip"
        )
    there = standing.day_zero
    if (
        there.instant is not None
        and timed.instant is not None
        and there.instant < timed.instant
        and not standing.infused
    ):
        raise _refuse(
            plan,
            "planned-day-zero",
            f"{plan.protocol.zero} stands at {in_words(there)}, which is before it",
            "look at the hour",
        )
    late = there.at is not None and not there.is_same(timed)
    standing = replace(standing, silent=standing.silent or (late and not standing.illness))
    day_zero = timed if standing.day_zero.is_same(planned) and not standing.infused else standing.day_zero
    return replace(case, planned_moment=deed.moment), replace(standing, planned=timed, day_zero=day_zero)


def _moved(plan: Plan, case: Case, standing: Standing, deed: Move, as_of: datetime) -> tuple[Case, Standing]:
    records = {key: record for key, record in standing.records.items() if not is_infusion(plan, key)}
    standing = replace(standing, records=records)  # an infusion recorded held is to come on the new day
    if deed.cause == "illness":
        rules = plan.protocol.rules.values()
        void = {b.unless_attested for rule in rules for b in rule.bounds if b.again_after_illness}
        void |= {s.attestation for rule in rules for s in rule.statements if s.again_after_illness}
        case = replace(case, attestations={name: a for name, a in case.attestations.items() if name not in void})
    if deed.repeat:
        again = {event.id for event in lymphodepletion(plan)}
        standing = renumber(plan, standing, lambda event: event.id in again)
        return case, replace(standing, planned=deed.to, day_zero=deed.to, begun=False, silent=False, illness=False)
    if not standing.begun:
        standing = renumber(plan, standing, lambda event: event.status == "held")
        return case, replace(standing, planned=deed.to, day_zero=deed.to)
    planned, to = standing.planned, deed.to
    back = planned.instant == to.instant if planned.instant and to.instant else planned.on == to.on
    ill_on_the_day = deed.cause == "illness" and as_of.date() == standing.planned.on
    illness = standing.illness or deed.cause == "illness"
    return case, replace(standing, day_zero=to, illness=illness, silent=not back and not ill_on_the_day)


def renumber(plan: Plan, standing: Standing, is_spent: Callable[[Event], bool]) -> Standing:
    """Give every settled occurrence that is spent (held, cancelled) a fresh number for when it is planned anew."""
    renumbered, settled = dict(standing.renumbered), {event.id: event for event in standing.settled}
    highest: dict[str, int] = defaultdict(int)
    for event in (*plan.events, *standing.settled):
        highest[event.activity] = max(highest[event.activity], event.number)
    for event in standing.settled:
        for ordinal in range(1, max(event.of, event.number) + 1):
            key = f"{event.activity}-{ordinal}"
            if f"{event.activity}-{renumbered.get(key, ordinal)}" == event.id and is_spent(settled[event.id]):
                highest[event.activity] += 1
                renumbered[key] = highest[event.activity]
    return replace(standing, renumbered=renumbered)
