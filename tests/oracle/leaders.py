"""A leader recorded, corrected or taken back: the infusion above all."""

from dataclasses import replace
from datetime import timedelta

from .begun import Course, begun, clock_fixes, follows, held_by, is_infusion, members, recorded_by
from .dates import Time, apart, before
from .layout import GIVEN, Occurrence, Plan, anchored
from .ledger import Move


def hangs(move: Move, old: Plan, o: Occurrence) -> bool:
    """“Of the infusion, everything counted from day 0; of another leader, what is counted from it”."""
    if follows(old, o.key, move.key):
        return True
    if not is_infusion(old, move.key):
        return False
    head, cycle = anchored(o, old), max(move.key.cycle, 1)
    mine = max(head.key.cycle, 1)
    if mine == cycle:
        return head.spot.target is None and head.activity.base == "day-zero" and head.key.root() != move.key.root()
    later = mine > cycle and not any(c in old.own for c in range(cycle + 1, mine + 1))
    return later and head.activity.base in ("day-zero", "planned-day-zero")


def at_leader(move: Move, old: Plan, first: Plan, plan: Plan, o: Occurrence, stands: bool) -> str:
    """“When a leader is recorded, corrected or taken back, only what hangs on it is laid out”."""
    now = move.now()
    if not hangs(move, old, o):
        return "as-was"
    if stands and o.course and _course_follows(move, old, o.course):
        return "kept" if old_dates(move, old, plan, o.course) else "anew"
    if follows(old, o.key, move.key):
        # "What follows it, the clock does not fix".
        if recorded_by(old, o.key, now):
            return "kept"
        return "held" if held_by(old, o.key, now) else "anew"
    # "What does not follow it is fixed by rules 1 to 3 at the leader's own time, in the plan before that leader's first
    # record."
    if held_by(old, o.key, now):
        return "held"
    if move.word is None or move.word.word not in GIVEN:
        was = first.occurrences.get(o.key) if first else None
        return "first" if was and was.fixed else "anew"
    at = old.typed(move.word.at)
    view = first if o.key in first.occurrences else old
    course = view.occurrences[o.key].course
    if recorded_by(view, o.key, at) or (course and begun(view, course, at)) or clock_fixes(view, o.key, at):
        return "first"
    return "anew"


def _course_follows(move: Move, old: Plan, course: Course) -> bool:
    """Whether any of its doses follows the leader."""
    return any(follows(old, o.key, move.key) for o in members(old, course))


def old_dates(move: Move, old: Plan, plan: Plan, course: Course) -> bool:
    """“On the old dates or the new, whichever those given lie nearer to in sum, the old if equal, and the old only
    where
    none of them lies before the leader”."""
    zone, old_sum, new_sum = plan.text.zone, timedelta(0), timedelta(0)
    start = old.typed(move.word.at) if move.word else plan.when(move.key) if move.key in plan.occurrences else None
    doses = [o for o in members(old, course) if not o.replaced]
    for o in doses:
        was, new = old.planned(o.key), _new_time(plan, o)
        if was is None or new is None:
            continue
        if start and follows(old, o.key, move.key) and before(was, start, zone):
            return False
        if recorded_by(old, o.key, move.now()):
            old_sum += apart(old.actual(o.key), was, zone)
            new_sum += apart(old.actual(o.key), new, zone)
    return old_sum <= new_sum


def _new_time(plan: Plan, o: Occurrence) -> Time | None:
    """Where a dose would lie if its course were laid out anew."""
    shadow = replace(plan, occurrences={**{k: v for k, v in plan.occurrences.items()}, o.key: o})
    return shadow.place_time(replace(o, fixed=False, kept=None))
