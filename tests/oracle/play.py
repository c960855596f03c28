"""`play`: a protocol, a site, a case and a list of acts give one outcome per act, as plain data."""

from dataclasses import replace
from datetime import date, timedelta

from .acts import NotAllowed, Patient, moment, record, whole_day
from .begun import treatment_begun, unrecorded
from .dates import Impossible, Time, past, show
from .files import read_case, values_of
from .grammar import Unknown, read_bound
from .judge import Context, judge
from .layout import Key, Plan
from .moves import (
    amend,
    attest,
    blocked,
    book,
    choose,
    cycle_of,
    fact,
    first_plan,
    move_zero,
    re_date,
    refusal,
    rule,
    what_if,
)

Outcome = dict


def start(protocol: str, site: str, case: str) -> Patient:
    """A patient of whom only the case file is known."""
    tables = read_case(case)
    patient = Patient(protocol, site, tables, dict(tables.get("choices", {})))
    for name, value in tables.get("dates", {}).items():
        if patient.text().dates.get(name, {}).get("kind") == "start" or name.startswith("cycle-"):
            patient.ledger.starts.append((-1, name, values_of(value)))
        else:
            patient.ledger.dates[name] = values_of(value)
    for name, value in tables.get("attestations", {}).items():
        patient.attested[name] = values_of(value["date"] if isinstance(value, dict) else value)[0]
    return patient


def play(protocol: str, site: str, case: str, acts: list[dict], findings: bool = True) -> list[Outcome]:
    """One outcome for each act: exit code, whether it was saved, slip or re-plan, why not, and the plan after it."""
    patient = start(protocol, site, case)
    outcomes = []
    for count, act in enumerate(acts):
        patient, outcome = answered(patient, act, count, findings)
        outcomes.append(outcome)
    return outcomes


def answered(patient: Patient, act: dict, count: int, findings: bool = True) -> tuple[Patient, Outcome]:
    """One act: the patient after it, and its outcome with the plan."""
    patient, outcome = step(patient, act, count)
    return patient, {**outcome, "plan": report(patient, act, findings) if patient.ledger.moves else None}


def final(protocol: str, site: str, case: str, acts: list[dict]) -> Patient:
    """The patient after all acts."""
    patient = start(protocol, site, case)
    for count, act in enumerate(acts):
        patient, _ = step(patient, act, count)
    return patient


def step(patient: Patient, act: dict, count: int) -> tuple[Patient, Outcome]:
    """One act: the patient after it (the same as before where nothing was saved), and its outcome."""
    trial = patient.copy()
    trial.count = count
    outcome: Outcome = {"act": act["act"], "exit": 0, "saved": False, "kind": None, "why": ""}
    try:
        # An amendment's as-of is a time of the amended zone.
        now = moment(replace(trial, site=act.get("site") or trial.site), act["as_of"])
        if trial.cancelled:
            raise NotAllowed("the plan is cancelled")
        if act["act"] != "plan" and not trial.ledger.moves:
            raise Impossible("there is no plan yet")
        outcome["exit"], outcome["kind"] = _do(trial, act, now)
        trial.number(trial.plan())
        return trial, {**outcome, "saved": True}
    except NotAllowed as error:
        return patient, {**outcome, "exit": 1, "why": str(error)}
    except (Impossible, Unknown) as error:
        return patient, {**outcome, "exit": 2, "why": str(error)}


def _do(patient: Patient, act: dict, now: Time) -> tuple[int, str | None]:
    """The act by its name."""
    if act["act"] == "plan":
        return first_plan(patient, act, now), None
    if act["act"] == "move":
        return move_zero(patient, act, now)
    if act["act"] == "cancel":
        patient.cancelled = True
        return 0, None
    names = {
        "record": record,
        "day": whole_day,
        "book": book,
        "fact": fact,
        "attest": attest,
        "choose": choose,
        "amend": amend,
        "re-date": re_date,
        "rule": rule,
    }
    names[act["act"]](patient, act, now)
    return 0, None


# What a plan looks like ----------------------------------------------------------------------------------------------


def report(patient: Patient, act: dict, findings: bool = True) -> dict:
    """The plan as plain data: day 0 of each cycle, every occurrence by its id, and the findings."""
    plan = patient.plan()
    zone = plan.text.zone
    try:
        now = moment(patient, act["as_of"])
    except Impossible:
        now = patient.ledger.moves[-1].now()
    cycles = range(1, plan.text.count + 1)
    told = {
        "planned_day_zero": [None if c in plan.never else show(plan.planned_zero[c], zone) for c in cycles],
        "day_zero": [None if c in plan.never else show(plan.day_zero(c), zone) for c in cycles],
        "occurrences": {patient.id(k): occurrence(patient, plan, k, now) for k in patient.numbers},
    }
    if findings:
        told["findings"] = [tell(patient, plan, f) for f in judge(plan, patient.context(now))]
    return told


def occurrence(patient: Patient, plan: Plan, key: Key, now: Time) -> dict:
    """One occurrence: planned, booked, actual, end, the one that counts, its window and its status."""
    zone = plan.text.zone
    if key not in plan.occurrences:
        return {
            "status": "held" if plan.is_held(key) else "cancelled",
            "planned": None,
            "booked": None,
            "actual": None,
            "end": None,
            "when": None,
            "earliest": None,
            "latest": None,
            "replaced": False,
            "fixed": False,
        }
    window = plan.window(key) or (None, None)
    found = plan.occurrences[key]
    return {
        "status": status(patient, plan, key, now),
        "planned": show(plan.planned(key), zone),
        "booked": show(plan.booked(key), zone),
        "actual": show(plan.actual(key), zone),
        "end": show(plan.end(key), zone),
        "when": show(plan.when(key), zone),
        "earliest": show(window[0], zone),
        "latest": show(window[1], zone),
        "replaced": found.replaced,
        "fixed": found.fixed,
    }


def status(patient: Patient, plan: Plan, key: Key, now: Time) -> str:
    """planned, unconfirmed, given, done, held or cancelled."""
    word = plan.known.records[key].word if key in plan.known.records else ""
    if word:
        return "given" if word == "partly" else word
    if patient.cancelled or plan.ended(key) or plan.occurrences[key].replaced:
        return "cancelled"
    time = plan.when(key)
    # What follows something not yet recorded "can only be expected, not overdue".
    waits = any(unrecorded(plan, k, now) for k in plan.followed(key))
    milestone = plan.occurrences[key].activity.category == "milestone"
    if time is not None and past(time, now, plan.text.zone) and not waits and not milestone:
        return "unconfirmed"
    return "planned"


def tell(patient: Patient, plan: Plan, finding: dict) -> dict:
    """A finding as plain data."""
    point = finding["point"]
    name = patient.id(point) if isinstance(point, Key) else point
    return {"rule": finding["rule"], "point": name, "cycle": finding["cycle"], "status": finding["status"]}


# Feasible days -------------------------------------------------------------------------------------------------------


def feasible(
    protocol: str,
    site: str,
    case: str,
    acts: list[dict],
    first: date,
    last: date,
    as_of: str,
    cause: str = "",
    cycle: int | None = None,
) -> dict[str, dict] | None:
    """“What would the verdict be if day 0 were X?”, asked of every day. None after the infusion is recorded."""
    patient = final(protocol, site, case, acts)
    if not patient.ledger.moves:
        patient.case.setdefault("planned-day-zero", first)
        patient, _ = step(patient, {"act": "plan", "as_of": as_of}, len(acts))
    plan, now = patient.plan(), moment(patient, as_of)
    try:
        cycle = cycle_of(patient, plan, {"cycle": cycle})
    except NotAllowed:
        return None
    hour = plan.day_zero(cycle).hour
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {day.isoformat(): verdict(patient, plan, cycle, Time(day, hour), now, as_of, cause) for day in days}


def verdict(patient: Patient, plan: Plan, cycle: int, to: Time, now: Time, as_of: str, cause: str) -> dict:
    """The verdict about one day 0: its status, and whether the act would be allowed."""
    kind = "slip" if treatment_begun(plan, cycle, now) else "re-plan"
    why = refusal(plan, cycle, to, now, kind)
    trial = patient.copy()
    trial.count += 1
    new = what_if(trial, plan, cycle, to, as_of)
    context = patient.context(now)
    if kind == "slip":
        context.causes[cycle] = cause
        context.on_the_day[cycle] = now.day == plan.planned_zero[cycle].day
        context.ill_slip = context.ill_slip or cause == "illness"
    context.illness += [now] if cause == "illness" else []
    found = [f for f in judge(new, context) if f["broken"]]
    if not why and kind == "slip":
        why = blocked(judge(plan, patient.context(now)), found, new, cycle)
    worst = _worst([f["status"] for f in found] + _dates_left(new, context, cycle))
    # "A patient of whom nothing is known is not every rule met: cannot be judged"; of another the missing dates
    # are assumed.
    worst = "met" if worst == "due" and any(name in plan.text.dates for name in plan.known.dates) else worst
    return {
        "status": worst,
        "allowed": not why,
        "kind": kind,
        "why": why,
        "violated": sorted({f["rule"] for f in found if f["status"] == "violated"}),
    }


def _worst(statuses: list[str]) -> str:
    """The worst of the statuses that decide about a day 0."""
    for status in ("violated", "boundary", "ruled", "met", "due"):
        if status in statuses:
            return "met" if status == "ruled" else status
    return "met"


def _dates_left(plan: Plan, context: Context, cycle: int) -> list[str]:
    """“A day 0 for which even the literal reading leaves no date is not possible”: every date of a required test
    that is
    missing is tried."""
    answers = []
    for name, entry in plan.text.dates.items():
        if not entry.get("required") or name in plan.known.dates:
            continue
        best = "violated"
        zero = plan.day_zero(cycle).day
        for day in (zero + timedelta(days=n) for n in range(-400, 40)):
            for text in _texts(name, plan, zero, day):
                best = min(
                    best, _with_date(plan, context, cycle, name, text), key=["met", "boundary", "violated"].index
                )
            if best == "met":
                break
        answers += [best] if best != "met" else []
    return answers


def _texts(name: str, plan: Plan, zero: date, day: date) -> list[str]:
    """The date without an hour, and near day 0 every half hour where a sentence about it counts hours."""
    sentences = [
        read_bound(t) for r in plan.text.rules.values() for b in r.get("bounds", []) for t in b.get("safe", [])
    ]
    hours = any(name in (s.later, s.earlier) and s.unit in ("h", "hour", "minute") for s in sentences)
    if not hours or abs((zero - day).days) > 8:
        return [day.isoformat()]
    return [f"{day.isoformat()} {n // 2:02d}:{n % 2 * 30:02d}" for n in range(48)]


def _with_date(plan: Plan, context: Context, cycle: int, name: str, text: str) -> str:
    """How the rules about one date would stand if it lay there."""
    known = replace(plan.known, dates={**plan.known.dates, name: [text]})
    found = judge(replace(plan, known=known), context)
    mine = [f["status"] for f in found if f["point"] == name and f["cycle"] == cycle]
    return "violated" if "violated" in mine else "boundary" if "boundary" in mine else "met"
