"""Findings that stand beside the rules: windows of occurrences, fixed ones off their place, bookings that no
longer fit,
and more doses given than asked."""

from .begun import is_infusion
from .dates import Time, apart, before
from .layout import Key, Plan, lymphodepletion


def finding(rule: str, key: Key, status: str) -> dict:
    """A finding about one occurrence. It never refuses a move."""
    return {"rule": rule, "point": key, "cycle": max(key.cycle, 1), "status": status, "broken": ""}


def inside(plan: Plan, key: Key, at: Time) -> str:
    """Whether a time lies in the window: met, violated, or boundary where only some hour of its date would."""
    first, last = plan.window(key)
    if first.hour is None or at.hour is not None:
        outside = before(at, first, plan.text.zone) or before(last, at, plan.text.zone)
        return "violated" if outside else "met"
    return "boundary" if first.day <= at.day <= last.day else "violated"


def windows(plan: Plan) -> list[dict]:
    """“`+28 ±3`, `within`, `±1 h` each give a finding per occurrence: due with its window, met, violated when what
    happened (or the date it now stands on) lies outside”."""
    found = []
    for key, o in plan.occurrences.items():
        at = plan.when(key)
        if plan.window(key) is None or at is None or o.replaced or plan.is_held(key) or plan.ended(key):
            continue
        status = inside(plan, key, at)
        if not plan.is_given(key) and status == "met":
            status = "due"
        found.append(finding("window", key, status))
    return found


def off_place(plan: Plan) -> list[dict]:
    """“A fixed one off its place is a `boundary`”."""
    found = []
    for key, o in plan.occurrences.items():
        place = plan.place_time(o)
        if (
            o.fixed
            and o.kept
            and place
            and place != o.kept
            and not o.replaced
            and not is_infusion(plan, key)
            and not plan.ended(key)
        ):
            found.append(finding("place", key, "boundary"))
    return found


def lost_bookings(plan: Plan) -> list[dict]:
    """“Outside, `when` is planned again and a finding says: was booked for …, book again”."""
    return [finding("booking", key, "boundary") for key in plan.known.bookings
            if key in plan.occurrences and plan.booked(key) is None and not plan.record(key)]  # fmt: skip


def surplus(plan: Plan) -> list[dict]:
    """“The surplus is a finding (4 doses given, 3 asked); so is an open dose nearer to a dose given than half their
    distance in the schedule”."""
    found = []
    for key, o in plan.occurrences.items():
        if o.fixed and o.kept is None and plan.is_given(key):
            found.append(finding("surplus", key, "violated"))
        if o.activity.category == "treatment" and not plan.record(key) and plan.counts(key) and _near(plan, key):
            found.append(finding("near", key, "boundary"))
    return found


def _near(plan: Plan, key: Key) -> bool:
    """Whether an open dose lies too near to one given."""
    mine, at = plan.occurrences[key], plan.when(key)
    place = plan.place_time(mine)
    for other, o in plan.occurrences.items():
        if (
            (other.activity, other.cycle) != (key.activity, key.cycle)
            or not plan.is_given(other)
            or at is None
            or place is None
        ):
            continue
        theirs = plan.place_time(o)
        if theirs is None or theirs == place:
            continue
        if apart(at, plan.actual(other), plan.text.zone) * 2 < apart(place, theirs, plan.text.zone):
            return True
    return False


def cancelled(plan: Plan, key: Key) -> bool:
    """Lymphodepletion that the recorded infusion has ended."""
    return lymphodepletion(plan.occurrences[key]) and plan.ended(key)
