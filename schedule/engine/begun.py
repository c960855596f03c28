"""What begins together, whether it has begun, and what it is counted from: nothing else in the engine works that
out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from schedule.engine.settled import is_spent
from schedule.model.plan import Event, Phase, Plan, Record, standing_of
from schedule.model.protocol import Activity, cycle_name
from schedule.model.timing import DAY_ZERO, PLANNED_DAY_ZERO, AfterActivity, KnownDatePoint

Giving = tuple[str, int, bool]
"""What begins together: a course, its cycle, and whether it is the one that was given before it was planned anew."""


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


def given_with(plan: Plan, event: Event) -> Giving | None:
    """What an event begins with; None for one of no course."""
    activity = plan.protocol.activities.get(event.activity)
    if activity is None or activity.course is None:
        return None
    return activity.course, max(event.cycle, 1), is_spent(standing_of(plan), event)


def by_course(plan: Plan) -> Mapping[Giving, list[Event]]:
    """The events that begin together, those of no course left out."""
    courses: dict[Giving, list[Event]] = defaultdict(list)
    for event in plan.events:
        if (given := given_with(plan, event)) is not None:
            courses[given].append(event)
    return courses


def begun_courses(plan: Plan, records: Mapping[str, Record], as_of: datetime) -> set[Giving]:
    """What has begun, by a record or by the clock."""
    return {given for given, events in by_course(plan).items() if has_begun(events, records, as_of)}


def lymphodepletion(plan: Plan) -> list[Event]:
    """The events of every course that counts from planned day 0, of the first cycle; not those it was given by
    before it was planned anew."""
    courses = {course.id for course in plan.protocol.courses.values() if course.base == PLANNED_DAY_ZERO}
    return [
        event
        for event in plan.events
        if (given := given_with(plan, event)) is not None and given[0] in courses and given[1:] == (1, False)
    ]


def lymphodepletion_has_begun(plan: Plan, records: Mapping[str, Record], as_of: datetime) -> bool:
    """Whether lymphodepletion has begun, so that a new day 0 is a slip: by a dose, or because day 0 has slipped
    already."""
    standing = standing_of(plan)
    return not standing.planned.is_same(standing.day_zero) or has_begun(lymphodepletion(plan), records, as_of)


def phase_of(plan: Plan, records: Mapping[str, Record], as_of: datetime) -> Phase:
    """How far a patient has come whose infusion is not recorded."""
    return "begun" if lymphodepletion_has_begun(plan, records, as_of) else "ahead"


def is_day_zero(plan: Plan, event: Event) -> bool:
    """Whether the event is the infusion whose start is day 0: it lies where day 0 lies, and is never settled."""
    return event.activity == plan.protocol.day_zero and event.number == 1


def is_infusion(plan: Plan, event_id: str) -> bool:
    return event_id == f"{plan.protocol.day_zero}-1"


def root_of(plan: Plan, event: Event) -> Activity | None:
    """The activity that an event is counted from, by way of others; its own where it is counted from a date; None
    for a task."""
    activity = plan.protocol.activities.get(event.activity)
    seen: set[str] = set()
    while activity is not None and isinstance(activity.days, AfterActivity) and activity.id not in seen:
        seen.add(activity.id)
        activity = plan.protocol.activities.get(activity.days.activity)
    return activity


def moves_with_day_zero(plan: Plan, event: Event) -> bool:
    """Whether an event is counted from day 0 itself, not from planned day 0 or a date of the patient's own."""
    root = root_of(plan, event)
    if event.cycle > 1:
        return cycle_name(event.cycle) not in plan.case.dates
    return root is None or root.base == DAY_ZERO


def clock_of(plan: Plan, event: Event) -> str | None:
    """The start date that an event is counted from, by way of others: `randomisation`, `cycle-2`; None for day 0's
    own."""
    if event.cycle > 1:
        return cycle_name(event.cycle)
    root = root_of(plan, event)
    return root.base.name if root is not None and isinstance(root.base, KnownDatePoint) else None


def follows_cells(plan: Plan, event: Event) -> bool:
    """Whether an event can only be after the infusion: of the protocol's, counted from day 0, on a later day or, as
    part of a course, on day 0 itself."""
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
