"""Verdicts: every sentence of a file asked of one plan, plainly and one at a time."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import pairwise

from .dates import Time, add_months, instant
from .files import applies, window_of
from .grammar import DAYS, MINUTES, MONTHS, Sentence, read_apart, read_bound
from .layout import Plan, sort_key
from .windows import lost_bookings, off_place, surplus, windows

ALL, SOME, NONE = "all", "some", "none"


@dataclass
class Context:
    """What a verdict is asked about, beside the plan."""

    now: Time
    causes: dict[int, str] = field(default_factory=dict)  # the cause of the last slip of each cycle
    illness: list[Time] = field(default_factory=list)  # the as-of of each move for illness
    ill_slip: bool = False
    attested: dict[str, Time] = field(default_factory=dict)
    rulings: list[dict] = field(default_factory=list)
    on_the_day: dict[int, bool] = field(default_factory=dict)  # the last slip was made on the planned day


@dataclass
class Point:
    """One point of a sentence: its times (several for a test), or why there is none."""

    times: list[Time] = field(default_factory=list)
    why: str = ""  # due, never, not stated
    test: bool = False  # one of its times is enough
    each: bool = False  # every one of its times is asked


# Points --------------------------------------------------------------------------------------------------------------


def point_of(name: str, plan: Plan, cycle: int) -> Point:
    """“Points may be dates of the patient, occurrences, first, last and each of an activity or course, their ends,
    completion of a course - in every cycle”."""
    ends = name.endswith(" ends") or name.startswith("the end of ")
    name = name.removesuffix(" ends").removeprefix("the end of ")
    if name == "day-zero":
        if ends:
            end = plan.end(plan.infusion(cycle)) if plan.infusion(cycle) else None
            return Point([end]) if end else Point(why="not stated")
        return Point([plan.zero_moment(plan.day_zero(cycle))])
    if name == "planned-day-zero":
        return Point([plan.zero_moment(plan.planned_zero[cycle])])
    if name in plan.text.dates:
        return _date_point(name, plan)
    keys = _keys_of(name, plan, cycle)
    if keys is None:
        return Point(why="not stated")
    times = [(plan.when(k), plan.end(k) if ends else plan.when(k)) for k in keys if plan.counts(k) and plan.when(k)]
    # Held ones never count; "where every one is held, what hangs on them stays where it stood".
    times = times or [(plan.when(k), plan.end(k) if ends else plan.when(k)) for k in keys if plan.when(k)]
    if not times:
        return Point(why="not stated")
    if name.endswith(".each"):
        return Point([t for _, t in times if t], each=True)
    last = name.endswith((".last", ".completed"))
    chosen = (max if last else min)(times, key=lambda pair: instant(pair[0], plan.text.zone))[1]
    return Point([chosen]) if chosen else Point(why="not stated")


def _date_point(name: str, plan: Plan) -> Point:
    """A known date. Of last doses the latest counts; each rule may be served by its own test."""
    values = plan.known.dates.get(name)
    if values is None:
        return Point(why="due")
    if values == "never":
        return Point(why="never")
    times = [plan.typed(v) for v in values]
    if plan.text.dates[name]["kind"] == "test":
        return Point(times, test=True)
    return Point([max(times, key=lambda t: instant(t, plan.text.zone))])


def _keys_of(name: str, plan: Plan, cycle: int) -> list | None:
    """The occurrences that a point speaks of."""
    stem, _, _ = name.rpartition(".")
    everything = plan.occurrences.items()
    if not stem:
        stem, number = name.rsplit("-", 1)
        keys = [k for k, o in everything if k.activity == stem and k.cycle in (cycle, 0) and not o.replaced]
        keys.sort(key=lambda k: sort_key(plan, k))
        return [keys[int(number) - 1]] if len(keys) >= int(number) else None
    if stem in plan.text.courses:
        keys = [k for k, o in everything if o.activity.course == stem and k.cycle in (cycle, 0)
                and o.activity.category == "treatment" and not o.replaced]  # fmt: skip
    else:
        keys = [k for k, o in everything if k.activity == stem and k.cycle in (cycle, 0) and not o.replaced]
    return keys or None


# Sentences -----------------------------------------------------------------------------------------------------------


def add(start: Time, count: int, unit: str, months: str) -> date:
    """The sum, "always added to the point named last"."""
    if unit in MONTHS:
        return add_months(start.day, count * MONTHS[unit], months)
    return start.day + timedelta(days=count * DAYS[unit])


def compare(how: str, value, limit) -> bool:
    """The one place that knows what at least, more than, at most and less than mean."""
    return {
        "at least": value >= limit,
        "more than": value > limit,
        "at most": value <= limit,
        "less than": value < limit,
    }[how]


def ask(sentence: Sentence, later: Time, earlier: Time, plan: Plan) -> str:
    """“Hours by elapsed time where both moments are known, else by date with boundary for what some hour would allow;
    days by date”."""
    if sentence.unit == "rest day":
        return ALL if compare(sentence.how, (later.day - earlier.day).days, sentence.count + 1) else NONE
    if sentence.unit not in MINUTES:
        return (
            ALL
            if compare(sentence.how, later.day, add(earlier, sentence.count, sentence.unit, plan.text.months))
            else NONE
        )
    if (sentence.later, sentence.earlier) == ("day-zero", "planned-day-zero"):
        return ask_limit(sentence, later, earlier, plan)
    limit = timedelta(minutes=sentence.count * MINUTES[sentence.unit])
    if later.hour is not None and earlier.hour is not None:
        return ALL if compare(sentence.how, apart_signed(later, earlier, plan), limit) else NONE
    answers = {compare(sentence.how, gap, limit) for gap in gaps(later, earlier, plan)}
    return SOME if len(answers) > 1 else ALL if True in answers else NONE


def apart_signed(later: Time, earlier: Time, plan: Plan) -> timedelta:
    """Elapsed time from the one to the other."""
    return instant(later, plan.text.zone) - instant(earlier, plan.text.zone)


def gaps(later: Time, earlier: Time, plan: Plan) -> list[timedelta]:
    """The least and the greatest elapsed time that some hour of the two dates would give."""
    first = [instant(t, plan.text.zone) for t in (later, earlier)]
    last = [instant(t, plan.text.zone) if t.hour else instant(t.plus_days(1), plan.text.zone) - timedelta(minutes=1)
            for t in (later, earlier)]  # fmt: skip
    return [first[0] - last[1], last[0] - first[1]]


def ask_limit(sentence: Sentence, later: Time, earlier: Time, plan: Plan) -> str:
    """A limit of the delay in hours: "whole days are counted as elapsed time and by the clock, whichever ends
    first"."""
    hours, zone = sentence.count * MINUTES[sentence.unit] // 60, plan.text.zone
    limit = timedelta(hours=hours)
    if later.hour is None or earlier.hour is None:
        answers = {compare(sentence.how, gap, limit) for gap in gaps(later, earlier, plan)}
        return SOME if len(answers) > 1 else ALL if True in answers else NONE
    end = instant(earlier, zone) + limit
    if hours % 24 == 0:
        same = Time(earlier.day + timedelta(days=hours // 24), earlier.hour, earlier.fold)
        end = min(end, instant(same, zone))
    return ALL if compare(sentence.how, instant(later, zone), end) else NONE


# Entries -------------------------------------------------------------------------------------------------------------


def judge(plan: Plan, context: Context) -> list[dict]:
    """All findings of a plan."""
    found: list[dict] = []
    for rule, entry in plan.text.rules.items():
        for cycle in (c for c in range(1, plan.text.count + 1) if c not in plan.never):
            for bound in entry.get("bounds", []):
                if cycle == 1 or _in_cycle(bound, plan, cycle):
                    found.append(_finding(rule, entry, bound, plan, context, cycle))
            for spacing in entry.get("spacing", []):
                if cycle == 1 or cycle in _cycles_of(spacing["activity"], plan):
                    found.append(_spacing(rule, entry, spacing, plan, cycle))
        found += [_statement(rule, entry, s, plan, context) for s in entry.get("statements", [])]
    return found + windows(plan) + off_place(plan) + lost_bookings(plan) + surplus(plan)


def _cycles_of(activity: str, plan: Plan) -> tuple[int, ...]:
    return plan.text.activities[activity].cycles if activity in plan.text.activities else ()


def _in_cycle(bound: dict, plan: Plan, cycle: int) -> bool:
    """Whether an entry speaks of a later cycle: of its doses or courses, or of its day 0 alone."""
    names = {bound["point"]}
    for text in [*bound.get("safe", []), *bound.get("literal", [])]:
        names |= {read_bound(text).later, read_bound(text).earlier}
    names = {n.removesuffix(" ends").removeprefix("the end of ") for n in names}
    if bound.get("limit") or names <= {"day-zero", "planned-day-zero"}:
        return True
    stems = {n.rpartition(".")[0] or n.rsplit("-", 1)[0] for n in names if n not in plan.text.dates}
    return any(cycle in a.cycles for a in plan.text.activities.values() if a.id in stems or a.course in stems)


def _finding(rule: str, entry: dict, bound: dict, plan: Plan, context: Context, cycle: int) -> dict:
    """One finding of one entry."""
    status, values = _status(entry, bound, plan, context, cycle)
    point = bound["point"]
    finding = {
        "rule": rule,
        "point": point,
        "cycle": cycle,
        "status": status,
        "broken": bound.get("if-broken", "refuse"),
    }
    for ruling in context.rulings:
        # "A ruling holds for (rule, point, day 0, the values of both ends of the bounds it judged)".
        same = (ruling["rule"], ruling["point"], ruling["cycle"], ruling["zero"], ruling["values"])
        if same == (rule, point, cycle, plan.day_zero(cycle).day, values):
            finding["ruling"] = ruling["outcome"]
    if status == "boundary" and "ruling" in finding:
        finding["status"] = "ruled" if finding["ruling"] == "allowed" else "violated"
    return finding


def values_of(bound: dict, plan: Plan, cycle: int) -> tuple:
    """The values of both ends: by date, by hour only for a bound in hours."""
    found = []
    for text in bound.get("safe", []):
        sentence = read_bound(text)
        for name in (sentence.later, sentence.earlier):
            times = point_of(name, plan, cycle).times
            found.append(tuple((t.day, t.hour if sentence.unit in MINUTES else None) for t in times))
    return tuple(found)


def _status(entry: dict, bound: dict, plan: Plan, context: Context, cycle: int) -> tuple[str, tuple]:
    """The status of one entry, and the values that it was judged on."""
    values = values_of(bound, plan, cycle)
    # "A rule that is for another option is not applicable"; while the choice is open it is due.
    mine = applies(entry.get("only-if"), plan.text.choices)
    if mine is not True:
        return ("not applicable" if mine is False else "due"), values
    if bound.get("when") == "illness-slip" and not context.ill_slip:
        return "not applicable", values
    if bound.get("limit"):
        # "Nothing is asked as planned, and any slip is a boundary until the principal investigator has ruled."
        return ("boundary" if delayed(plan, cycle) else "not stated"), values
    if bound.get("shown"):
        return "not stated", values
    if _answered(bound, context):
        return "met", values
    if bound.get("window"):
        return _site_window(bound, plan, cycle), values
    status = _sentences(bound, plan, cycle)
    if status == "met" and _is_limit(bound) and not bound.get("any-cause") and delayed(plan, cycle):
        # "For any other cause, or earlier illness, a slip within the limit is allowed and carries an open boundary."
        status = "met" if context.causes.get(cycle) == "illness" and context.on_the_day.get(cycle) else "boundary"
    return status, values


def delayed(plan: Plan, cycle: int) -> bool:
    """Whether a slip has put day 0 later than planned, or the infusion was recorded on a later date."""
    planned, key = plan.planned_zero[cycle], plan.infusion(cycle)
    if key and plan.is_given(key):
        return plan.actual(key).day > planned.day
    return plan.stands[cycle] != planned


def _is_limit(bound: dict) -> bool:
    """Whether it is a limit of the delay."""
    return any((read_bound(t).later, read_bound(t).earlier) == ("day-zero", "planned-day-zero") for t in bound["safe"])


def _answered(bound: dict, context: Context) -> bool:
    """An attestation that answers the rule; an illness makes it due again where the file says so."""
    return "unless-attested" in bound and attested(bound["unless-attested"], bound.get("again-after-illness"), context)


def attested(name: str, again: bool | None, context: Context) -> bool:
    """Whether it has been attested by now, and since the last illness."""
    made = context.attested.get(name)
    if made is None or made.day > context.now.day:
        return False
    moment = (made.day, made.hour or time(0))
    return not (again and any(moment <= (ill.day, ill.hour or time(0)) for ill in context.illness))


def _site_window(bound: dict, plan: Plan, cycle: int) -> str:
    """The window that the site gives, counted from day 0, both ends included."""
    point, window = point_of(bound["point"], plan, cycle), window_of(plan.text, bound["window"])
    if point.why == "never":
        return "not applicable"
    if window is None:
        return "not stated"
    if not point.times:
        return "due"
    zero = plan.day_zero(cycle).day
    inside = [zero + timedelta(days=window[0]) <= t.day <= zero + timedelta(days=window[1]) for t in point.times]
    return "met" if any(inside) else "violated"


def _sentences(bound: dict, plan: Plan, cycle: int) -> str:
    """Safe kept: met. Only the literal kept, or only at some hours: boundary. Neither: violated."""
    safe = [read_bound(t) for t in bound["safe"]]
    literal = [read_bound(t) for t in bound["literal"]] if "literal" in bound else safe
    points = {n: point_of(n, plan, cycle) for s in [*safe, *literal] for n in (s.later, s.earlier)}
    reasons = {p.why for p in points.values()}
    for why, status in (("never", "not applicable"), ("due", "due"), ("not stated", "not stated")):
        if why in reasons:
            return status
    rank = ["met", "boundary", "violated"].index
    best = "violated"
    for one in _combinations(points, [n for n, p in points.items() if p.test]):
        fixed = {n: Point([t], each=points[n].each) if not points[n].each else points[n] for n, t in one.items()}
        worst = "met"
        for values in _combinations(fixed, [n for n, p in fixed.items() if p.each]):
            first = [ask(s, values[s.later], values[s.earlier], plan) for s in safe]
            second = [ask(s, values[s.later], values[s.earlier], plan) for s in literal]
            status = "met" if set(first) <= {ALL} else "boundary" if NONE not in second else "violated"
            worst = max(worst, status, key=rank)
        best = min(best, worst, key=rank)
    return best


def _combinations(points: dict[str, Point], tests: list[str]) -> list[dict[str, Time]]:
    """Each way to take one time of some points; of tests "each rule may be served by its own"."""
    ways: list[dict[str, Time]] = [{n: p.times[0] for n, p in points.items()}]
    for name in tests:
        ways = [{**way, name: t} for way in ways for t in points[name].times]
    return ways


def _spacing(rule: str, entry: dict, spacing: dict, plan: Plan, cycle: int) -> dict:
    """How far apart the occurrences of one activity lie; held ones do not count."""
    keys = [
        k
        for k, o in plan.occurrences.items()
        if k.activity == spacing["activity"] and k.cycle in (cycle, 0) and plan.counts(k)
    ]
    before = [
        k
        for k in plan.occurrences
        if k.activity == spacing["activity"] and 0 < k.cycle < cycle and plan.counts(k) and plan.when(k)
    ]
    own, earlier = (
        sorted((plan.when(k) for k in group if plan.when(k)), key=lambda t: instant(t, plan.text.zone))
        for group in (keys, before)
    )
    most = int(spacing["most"].split()[0]) if "most" in spacing else int(not spacing["apart"].startswith("at most"))
    times = sorted([*(earlier[-most:] if most else []), *own], key=lambda t: instant(t, plan.text.zone))
    status = "not stated"
    mine = applies(entry.get("only-if"), plan.text.choices)
    if mine is not True:
        status = "not applicable" if mine is False else "due"
    elif times and "apart" in spacing:
        how, count, unit = read_apart(spacing["apart"])
        sentence = Sentence("later", how, count, unit, "earlier")
        answers = {ask(sentence, b, a, plan) for a, b in pairwise(times)}
        status = "violated" if NONE in answers else "boundary" if SOME in answers else "met"
    elif times:
        days = int(spacing["most"].split()[2])
        crowded = any(sum(t.day <= u.day < t.day + timedelta(days=days) for u in times) > most for t in times)
        status = "violated" if crowded else "met"
    return {
        "rule": rule,
        "point": spacing["activity"],
        "cycle": cycle,
        "status": status,
        "broken": spacing.get("if-broken", "refuse"),
    }


def _statement(rule: str, entry: dict, statement: dict, plan: Plan, context: Context) -> dict:
    """A sentence that asks for something without a date."""
    status = "met"
    if applies(entry.get("only-if"), plan.text.choices) is False:
        status = "not applicable"
    elif statement["kind"] in ("attestation", "approval"):
        names = statement.get("only-if", [])
        if names and all(plan.known.dates.get(n) == "never" for n in names):
            status = "not applicable"
        elif not attested(statement["attestation"], statement.get("again-after-illness"), context):
            status = "due"
    return {"rule": statement["ref"], "point": "", "cycle": 1, "status": status, "broken": ""}
