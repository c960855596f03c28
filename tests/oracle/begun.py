"""Begun, due, past and followed: questions about one course or one occurrence of one plan."""

from datetime import timedelta

from .dates import Time, by, past
from .files import Text
from .grammar import Spot
from .layout import GIVEN, Key, Occurrence, Plan, lymphodepletion

Course = tuple[str, int]


def members(plan: Plan, course: Course) -> list[Occurrence]:
    """The doses of a course; a course named by an activity is that activity alone."""
    name, cycle = course
    return [o for o in plan.occurrences.values() if o.key.cycle == cycle and o.activity.category == "treatment"
            and (o.activity.course == name or (o.activity.course is None and o.activity.id == name))]  # fmt: skip


def given_by(plan: Plan, course: Course, now: Time) -> bool:
    """“A dose of it given, even partly, by then, under whatever number”."""
    name, cycle = course
    for key, record in plan.known.records.items():
        activity = plan.text.activities.get(key.activity)
        mine = activity and (activity.course == name or (activity.course is None and activity.id == name))
        treatment = activity and activity.category == "treatment"
        if (
            mine
            and treatment
            and key.cycle == cycle
            and record.word in GIVEN
            and by(plan.typed(record.at), now, plan.text.zone)
        ):
            return True
    return False


def begun(plan: Plan, course: Course, now: Time, clock: bool = True) -> bool:
    """“One function of (course, plan before the move, facts, moment)”."""
    if given_by(plan, course, now):
        return True
    return clock and any(due(plan, o.key, now) for o in members(plan, course))


def due(plan: Plan, key: Key, now: Time) -> bool:
    """“A dose whose booked or planned time lies at or before then and that is not recorded held; what follows an
    infusion or another leader not recorded given or done is never due”."""
    time = plan.booked_or_planned_raw(key)
    if time is None or not plan.counts(key) or is_infusion(plan, key):
        return False
    return by(time, now, plan.text.zone) and not waits(plan, key)


def waits(plan: Plan, key: Key) -> bool:
    """Whether it follows an infusion or another leader that is not recorded given or done."""
    return any(not plan.is_given(k) for k in plan.followed(key) if is_leader(plan, k))


def follows(plan: Plan, key: Key, leader: Key) -> bool:
    """Whether it follows that leader, under whatever number the leader is planned."""
    return any(k.root() == leader.root() for k in plan.followed(key))


def is_infusion(plan: Plan, key: Key) -> bool:
    """Whether it is the infusion of a cycle."""
    found = plan.occurrences[key]
    return found.activity.id == plan.text.anchor and found.spot == Spot(window=found.spot.window)


def is_leader(plan: Plan, key: Key) -> bool:
    """“An occurrence that a course is counted from: the infusion above all”, directly or through others."""
    if is_infusion(plan, key):
        return True
    mine = plan.occurrences[key].activity
    for other in plan.text.activities.values():
        if other.course and other.course != mine.course and mine.id in targets(plan.text, other.id):
            return True
    return False


def targets(text: Text, activity: str) -> set[str]:
    """The activities that one is counted from, directly or through others."""
    found: set[str] = set()
    for spot in text.activities[activity].spots:
        if spot.target and spot.target not in found and spot.target in text.activities:
            found |= {spot.target} | targets(text, spot.target)
    return found


def courses_before_zero(plan: Plan, cycle: int) -> set[Course]:
    """“Any course (a treatment in none counts as one of its own; for the patient, not the donor) counted from planned
    day 0 or day 0 with a dose before it”."""
    return {(o.activity.course or o.activity.id, o.key.cycle) for o in plan.occurrences.values()
            if lymphodepletion(o) and max(o.key.cycle, 1) == cycle}  # fmt: skip


def treatment_begun(plan: Plan, cycle: int, now: Time) -> bool:
    """“By its as-of, treatment before day 0 had begun”."""
    return any(begun(plan, course, now) for course in courses_before_zero(plan, cycle))


def earliest_dose(text: Text, cycle: int, to: Time) -> Time | None:
    """The earliest place of treatment before day 0, of the text in force, held ones included, if day 0 were there."""
    found = []
    for activity in text.activities.values():
        if cycle in (activity.cycles or (1,)):
            for spot in activity.spots:
                o = Occurrence(Key(activity.id, cycle, (), 0, None), activity, spot)
                if lymphodepletion(o):
                    found.append(Time(to.day + timedelta(days=spot.lead), activity.hour))
    return min(found, key=lambda t: (t.day, t.hour is not None, t.hour), default=None)


def recorded_by(plan: Plan, key: Key, now: Time) -> bool:
    """“It was recorded given or done with a time at or before the move”."""
    return plan.is_given(key) and by(plan.actual(key), now, plan.text.zone)


def clock_fixes(plan: Plan, key: Key, now: Time) -> bool:
    """“It was past by then, is not held, and follows nothing that was itself still unrecorded then”."""
    time = plan.when(key)
    if time is None or plan.is_held(key) or plan.is_given(key) or not past(time, now, plan.text.zone):
        return False
    return not any(unrecorded(plan, k, now) for k in plan.followed(key))


def unrecorded(plan: Plan, key: Key, now: Time) -> bool:
    """Not recorded by then. Of an infusion or another leader only given or done is a record."""
    record = plan.record(key)
    if record is None or not by(plan.typed(record.at), now, plan.text.zone):
        return True
    return is_leader(plan, key) and record.word not in GIVEN


def held_by(plan: Plan, key: Key, now: Time) -> bool:
    """Held, and its record or its `when` lies at or before then."""
    if not plan.is_held(key):
        return False
    time = plan.when(key)
    return by(plan.typed(plan.record(key).at), now, plan.text.zone) or (
        time is not None and by(time, now, plan.text.zone)
    )
