"""The moves of a patient, and the plan that they give: "the plan is laid out move by move, each with the texts and zone
it was made with and all facts known today"."""

from dataclasses import replace
from datetime import timedelta

from .begun import (
    Course,
    begun,
    clock_fixes,
    earliest_dose,
    given_by,
    held_by,
    is_infusion,
    members,
    recorded_by,
    targets,
    treatment_begun,
)  # fmt: skip
from .dates import Time, apart, by, past
from .files import Activity, Text
from .grammar import Spot
from .layout import GIVEN, Key, Known, Occurrence, Plan
from .leaders import at_leader, hangs
from .ledger import Ledger, Move


def replay(ledger: Ledger) -> Plan:
    """The plan after all moves, with all facts known today."""
    moves = ledger.moves
    plans: list[Plan] = []
    for move in moves:
        befores = [p.with_bookings(ledger.booked(m.place)) for p, m in zip(plans, moves[1:], strict=False)]
        plans.append(lay(ledger, move, befores[-1] if befores else None, _first_before(move, moves, befores)))
    return plans[-1].with_bookings(ledger.booked(10**9))


def _first_before(move: Move, moves: list[Move], befores: list[Plan]) -> Plan | None:
    """The plan before the leader's first record."""
    for place, earlier in enumerate(moves[1:]):
        if earlier.place == move.first:
            return befores[place]
    return befores[-1] if befores else None


# Laying out ----------------------------------------------------------------------------------------------------------


def places(text: Text, plan: Plan | None, name: str | None = None) -> dict[Key, Occurrence]:
    """Every place of the text. "Each" gives one for each occurrence of the other activity in the plan so far."""
    found: dict[Key, Occurrence] = {}
    for activity in text.activities.values():
        if name not in (None, activity.id) or not _can_be_dated(activity, plan):
            continue
        for cycle in (c for c in activity.cycles or (0,) if plan is None or c not in plan.never):
            seen: dict[tuple, int] = {}
            for spot in activity.spots:
                base = activity.base if spot.target is None else ""
                place = (base, *spot.place())
                for each in _eaches(spot, cycle, plan):
                    seen[place, each] = seen.get((place, each), -1) + 1
                    key = Key(activity.id, cycle, place, seen[place, each], each)
                    found[key] = Occurrence(key, activity, spot)
    return found


def _can_be_dated(activity: Activity, plan: Plan | None) -> bool:
    """“Days counted from a start date have no date until the patient has that date; never takes them out.” The
    same holds
    for what is counted from such an activity."""
    if plan is None or (
        activity.base in ("day-zero", "planned-day-zero") and not any(s.target for s in activity.spots)
    ):
        return True
    wanted = {s.target for s in activity.spots if s.target}
    if wanted:
        return wanted <= {k.activity for k in plan.occurrences}
    return isinstance(plan.known.dates.get(activity.base), list)


def _eaches(spot: Spot, cycle: int, plan: Plan | None) -> list[Key | None]:
    """The occurrences that "each" speaks of."""
    if spot.target is None or spot.which != "each":
        return [None]
    keys = [k for k, o in plan.occurrences.items() if o.activity.id == spot.target and not o.replaced] if plan else []
    own = [k for k in keys if k.cycle in (cycle, 0)]
    return list(own or keys)


def in_order(text: Text) -> list[str]:
    """The activities, each after those that it is counted from."""
    return sorted(text.activities, key=lambda name: (len(targets(text, name)), list(text.activities).index(name)))


def lay(ledger: Ledger, move: Move, old: Plan | None, first: Plan | None) -> Plan:
    """The plan after one move."""
    known = Known(ledger.words(move.place), ledger.booked(move.place), ledger.known_dates(move.place))
    plan = Plan(move.text, known, {}, {}, dict(old.own) if old else {}, never=set(old.never) if old else set())
    _set_zero(move, old, first, plan)
    for name in _all_names(move.text, old):
        mine = places(move.text, plan, name)
        theirs = {k: o for k, o in (old.occurrences.items() if old else ()) if k.activity == name}
        plan.put(settle(move, old, first, plan, mine, theirs))
    if move.kind == "re-date":
        _re_date(move, old, plan)
    return plan


def _all_names(text: Text, old: Plan | None) -> list[str]:
    """The activities of the text in order, then those that are no longer in it."""
    names = in_order(text)
    gone = [k.activity for k in old.occurrences] if old else []
    return names + [n for n in dict.fromkeys(gone) if n not in names]


def _set_zero(move: Move, old: Plan | None, first: Plan | None, plan: Plan) -> None:
    """Where planned day 0 and day 0 of each cycle stand."""
    if move.kind == "plan":
        plan.own[1] = (move.to, move.to)
    if move.kind == "zero":
        move.turned = turn(move, old)
        planned = old.own[move.cycle][0] if move.cycle in old.own else old.planned_zero[move.cycle].day.isoformat()
        # "A re-plan sets P and D, a slip D alone."
        plan.own[move.cycle] = (move.to if move.turned == "re-plan" else planned, move.to)
    if move.kind == "hour":
        # "`fact CODE planned-day-zero 'DATE HH:MM'` adds a missing hour and never changes the date."
        here = old.stands[1] == old.planned_zero[1]
        plan.own[1] = (move.to, move.to if here else old.own[1][1])
    for cycle in range(2, move.text.count + 1):
        # "The patient's own date `cycle-2` says otherwise: a date moves what is open of that cycle, never takes it out."
        if move.kind == "plan" or (move.kind == "start" and move.cycle == cycle):
            _own_date(
                plan,
                plan.known.dates.get(f"cycle-{cycle}"),
                cycle,
                old is not None and _own_begun(move, old, first, cycle),
            )
    last = 1
    for cycle in range(1, move.text.count + 1):
        if cycle in plan.own:
            # "A site file with another zone keeps every wall time, day 0 too; only a time typed with an offset
            # keeps its instant."
            plan.planned_zero[cycle], plan.stands[cycle] = (plan.typed(raw) for raw in plan.own[cycle])
        elif old and cycle in old.stands and _own_begun(move, old, first, cycle):
            # "… until a course of its own has begun; from then its first day and day 0 stay."
            plan.planned_zero[cycle], plan.stands[cycle] = old.planned_zero[cycle], old.stands[cycle]
        else:
            # "A later cycle counts from where the one before stands": its day 0 so many days later, without an hour.
            start = _recorded_zero(plan, old, last)
            plan.planned_zero[cycle] = plan.stands[cycle] = Time(
                start.day + timedelta(days=move.text.length * (cycle - last))
            )
        last = last if cycle in plan.never else cycle


def _own_date(plan: Plan, value: list[str] | str | None, cycle: int, begun: bool) -> None:
    """The first day of a cycle as somebody has entered it; once a course of the cycle has begun it stays."""
    if value == "never":
        plan.never.add(cycle)
    elif value and not begun:
        plan.never.discard(cycle)
        zero = (plan.typed(value[-1]).day + timedelta(days=plan.text.anchor_day)).isoformat()
        plan.own[cycle] = (zero, zero)


def _recorded_zero(plan: Plan, old: Plan | None, cycle: int) -> Time:
    """Day 0 of a cycle by the record of its infusion, else where it stands."""
    for key, record in plan.known.records.items():
        if (
            key.activity == plan.text.anchor
            and max(key.cycle, 1) == cycle
            and record.word in GIVEN
            and key.place[4] == 0
        ):
            return plan.typed(record.at)
    return plan.stands[cycle]


def _own_begun(move: Move, old: Plan, first: Plan | None, cycle: int) -> bool:
    """Whether a course of a later cycle has begun."""
    courses = {o.course for o in old.occurrences.values() if o.course and o.key.cycle == cycle}
    if move.kind != "leader":
        return any(begun(old, course, move.now()) for course in courses)
    at = old.typed(move.word.at) if move.word else None
    return any(given_by(old, c, move.now()) or (at and begun(first, c, at)) for c in courses)


def turn(move: Move, old: Plan) -> str:
    """“Facts turn moves”: slip or re-plan by what is known now."""
    if treatment_begun(old, move.cycle, move.now()):
        return "slip"
    start = earliest_dose(move.text, move.cycle, old.typed(move.to))
    if move.made == "slip" and start and by(start, move.now(), old.text.zone):
        # "… where that would put a first dose at or before its as-of it stays the slip it was made as."
        return "slip"
    return "re-plan"


def settle(
    move: Move, old: Plan | None, first: Plan | None, plan: Plan, mine: dict, theirs: dict
) -> dict[Key, Occurrence]:
    """What becomes of the occurrences of one activity: kept, laid out anew, planned again, new or gone."""
    found: dict[Key, Occurrence] = {}
    begun_courses = {o.course for o in theirs.values() if o.course and course_stays(move, old, o.course)}
    for key, o in theirs.items():
        stands = o.course in begun_courses
        text = mine.get(key.root())
        if text is not None and not stands:
            o = replace(o, activity=text.activity, spot=text.spot)
        if o.replaced and key == move.key and move.word and move.word.word in GIVEN:
            # "Corrected to given, the new one is cancelled."
            found[key] = replace(o, replaced=False)
            continue
        if o.replaced:
            found[key] = o
            continue
        fixed = decide(move, old, first, plan, o, stands)
        if fixed == "anew":
            if text is not None or stands:
                found[key] = replace(o, fixed=False, kept=None)
            elif key in plan.known.records:
                # "A place that is gone is cancelled unless fixed or recorded (held too)".
                found[key] = replace(o, fixed=True, kept=old.planned(key))
            continue
        found[key] = o if fixed == "as-was" else replace(o, fixed=True, kept=_kept(fixed, old, first, key))
        if fixed == "held" and not stands and text is not None and again(move, old, plan, found[key]):
            found[key] = replace(found[key], replaced=True)
            found[key.again()] = replace(o, key=key.again(), fixed=False, kept=None, replaced=False)
    found = {k: o for k, o in found.items() if not _superseded(move, plan, k)}
    roots = {k.root() for k in found}
    for key, o in mine.items():
        # "A begun course keeps its dates, and what the amendment would have added … is a finding."
        if key not in roots and not (
            o.course in begun_courses or (o.course and old and course_stays(move, old, o.course))
        ):
            found[key] = o
    return found


def _superseded(move: Move, plan: Plan, key: Key) -> bool:
    """Planned again after a hold that has now been corrected to given."""
    back = move.key is not None and move.word is not None and move.word.word in GIVEN
    return back and key.root() == move.key.root() and key.turn > move.key.turn and key not in plan.known.records


def _kept(how: str, old: Plan, first: Plan | None, key: Key) -> Time | None:
    """The planned time of the plan before the move, or before the leader's first record."""
    plan = first if how == "first" and key in first.occurrences else old
    return plan.planned(key)


def course_stays(move: Move, old: Plan, course: Course) -> bool:
    """Whether a course keeps its places at this move."""
    if move.kind == "leader":
        # "A course that follows it with a dose given by the as-of stands where its doses show it; … places are neither
        # added nor dropped; one without a dose given is dated anew from the text."
        return given_by(old, course, move.now()) or not any(hangs(move, old, o) for o in members(old, course))
    if move.kind == "re-date" and course[0] == move.course and course[1] == move.cycle:
        return False
    return begun(old, course, move.now())


def decide(move: Move, old: Plan, first: Plan | None, plan: Plan, o: Occurrence, stands: bool) -> str:
    """Fixed or laid out anew: "at each move but the first an occurrence is fixed if …"."""
    now = move.now()
    if move.kind == "leader" and o.key == move.key:
        # "The infusion is fixed by its record alone (recorded means given)".
        return "kept" if move.word and move.word.word in GIVEN else "anew" if o.fixed and not move.word else "as-was"
    if move.kind == "leader":
        return at_leader(move, old, first, plan, o, stands)
    if recorded_by(old, o.key, now):
        return "kept"
    if is_infusion(old, o.key):
        return "held" if held_by(old, o.key, now) else "anew"
    if stands:
        return "kept"
    if held_by(old, o.key, now):
        return "held"
    return "kept" if clock_fixes(old, o.key, now) else "anew"


def again(move: Move, old: Plan, plan: Plan, o: Occurrence) -> bool:
    """“When day 0 moves, by an act or by the infusion's record, … where its place now falls on another time that is not
    past, it is planned again there”."""
    moved = move.kind == "zero" or (move.kind == "leader" and is_infusion(old, move.key))
    time = plan.place_time(o)
    return moved and time is not None and time != o.kept and not past(time, move.now(), plan.text.zone)


# The way out of a fixed course ---------------------------------------------------------------------------------------


def _re_date(move: Move, old: Plan, plan: Plan) -> None:
    """“Lays out what of it is neither recorded nor past from the text and day 0 as they now stand, or with its
    next dose
    at WHEN and the others at the text's distances”."""
    course, now, zone = (move.course, move.cycle), move.now(), plan.text.zone
    open_ones = []
    for o in members(plan, course):
        was = old.when(o.key) if o.key in old.occurrences else None
        time = plan.place_time(o)
        if o.key in old.occurrences and (plan.record(o.key) or (was and past(was, now, zone))):
            plan.put({o.key: replace(o, fixed=True, kept=old.planned(o.key))})
        elif o.key not in old.occurrences and time and past(time, now, zone):
            del plan.occurrences[o.key]
            plan.memo.clear()
        elif time:
            open_ones.append((time, o))
    if move.next and open_ones:
        open_ones.sort(key=lambda pair: (pair[0].day, str(pair[0].hour)))
        start, to = open_ones[0][0], plan.typed(move.next)
        for time, o in open_ones:
            if o is open_ones[0][1]:
                kept = to
            elif o.spot.timed and to.hour:
                minutes = apart(time, start, zone) // timedelta(minutes=1)
                kept = _later(to, minutes, plan)
            else:
                kept = Time(to.day + (time.day - start.day), time.hour)
            plan.put({o.key: replace(o, fixed=True, kept=kept)})


def _later(start: Time, minutes: int, plan: Plan) -> Time:
    """So many minutes later."""
    return plan.shift(start, minutes, "minute")
