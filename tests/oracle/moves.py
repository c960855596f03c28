"""The acts that move a plan: day 0, amendments, choices, start dates, bookings, re-dating."""

from .acts import NotAllowed, Patient, after_moves, after_records, hours_matter, moment
from .begun import earliest_dose, follows, treatment_begun
from .dates import Impossible, Time, before, by, past, show
from .files import read_text, values_of
from .grammar import MINUTES, read_bound
from .history import lay
from .judge import SOME, ask, judge, point_of
from .judge import values_of as bound_values
from .layout import Key, Plan
from .ledger import Move


def first_plan(patient: Patient, act: dict, now: Time) -> int:
    """`plan CASE`: a first plan that violates a rule is made all the same."""
    if patient.ledger.moves:
        raise Impossible("there is a plan already")
    zero = values_of(patient.case["planned-day-zero"])[0]
    moment(patient, zero)
    patient.ledger.moves.append(Move(patient.count, "plan", act["as_of"], patient.text(), to=zero))
    plan = patient.plan()
    for ruling in patient.case.get("rulings", []):
        _rule(patient, plan, ruling["rule"], ruling["outcome"])
    return broken(patient, patient.plan(), now)


def broken(patient: Patient, plan: Plan, now: Time) -> int:
    """1 where a rule is violated."""
    return int(any(f["status"] == "violated" for f in judge(plan, patient.context(now))))


# Day 0 ---------------------------------------------------------------------------------------------------------------


def cycle_of(patient: Patient, plan: Plan, act: dict) -> int:
    """“A move names its cycle (else the first whose infusion is not recorded)”."""
    open_ones = [c for c in range(1, plan.text.count + 1) if c not in plan.never and not _recorded(plan, c)]
    cycle = act.get("cycle") or (open_ones[0] if open_ones else 1)
    if cycle not in open_ones:
        # "After a cycle's infusion is recorded its day 0 is corrected, not moved."
        raise NotAllowed("the infusion is recorded: day 0 no longer moves")
    return cycle


def _recorded(plan: Plan, cycle: int) -> bool:
    """Whether the infusion of a cycle is recorded given."""
    key = plan.infusion(cycle)
    return key is not None and plan.is_given(key)


def move_zero(patient: Patient, act: dict, now: Time) -> tuple[int, str]:
    """A move of day 0: re-plan or slip, told apart by the facts."""
    to = moment(patient, act["to"])
    old = patient.plan()
    after_moves(patient, now)
    after_records(patient, now)
    cycle = cycle_of(patient, old, act)
    if to.hour is None and old.infusion(cycle) and hours_matter(old, old.infusion(cycle)):
        raise Impossible("write the hour")
    kind = "slip" if treatment_begun(old, cycle, now) else "re-plan"
    why = refusal(old, cycle, to, now, kind)
    if why:
        raise NotAllowed(why)
    move = Move(patient.count, "zero", act["as_of"], patient.text(), cycle, act["to"], kind, act.get("cause", ""))
    trial = patient.copy()
    trial.ledger.moves.append(move)
    new = trial.plan()
    before_findings = judge(old, patient.context(now))
    findings = judge(new, trial.context(now))
    if kind == "slip":
        why = blocked(before_findings, findings, new, cycle)
        if why:
            raise NotAllowed(why)
    exit_code = int(kind == "re-plan" and any(f["status"] == "violated" for f in findings))
    # "A move to where P and D both stand already is answered as any move, refusals included, and not kept."
    stood = (old.planned_zero[cycle], old.stands[cycle])
    if stood != ((to, to) if kind == "re-plan" else (old.planned_zero[cycle], to)):
        patient.ledger = trial.ledger
    return exit_code, kind


def refusal(old: Plan, cycle: int, to: Time, now: Time, kind: str) -> str:
    """Why a move of day 0 is not allowed, whatever the rules say."""
    zone = old.text.zone
    if before(to, now, zone):
        return "day 0 would be earlier than as-of"
    stands = old.day_zero(cycle)
    infusion = old.infusion(cycle)
    for key in old.known.records:
        # "… where something that follows the infusion is recorded given or done at or after the old day 0 and
        # before the
        # new one."
        if key in old.occurrences and infusion and old.is_given(key) and follows(old, key, infusion):
            at = old.actual(key)
            if not before(at, stands, zone) and before(at, to, zone):
                return "something that follows the infusion is recorded before the new day 0"
    if kind == "re-plan":
        # "A re-plan whose earliest place of such treatment before day 0 would lie at or before as-of is refused."
        start = earliest_dose(old.text, cycle, to)
        return "its first dose would lie at or before as-of" if start and by(start, now, zone) else ""
    return "a slip to before planned day 0" if before(to, old.planned_zero[cycle], zone) else ""


def blocked(first: list[dict], second: list[dict], plan: Plan, cycle: int) -> str:
    """What a slip breaks: "refuse", and "ask" until the principal investigator has allowed it for that day 0."""
    # "Refused until the principal investigator allows that rule for that day 0": for the next day 0 it is asked again.
    was = {(f["rule"], f["point"], f["cycle"]): f["status"] for f in first
           if f["broken"] != "ask" or f.get("ruling") != "allowed"}  # fmt: skip
    for f in second:
        # "What was violated before the slip is shown again and blocks nothing."
        new = f["status"] == "violated" and was.get((f["rule"], f["point"], f["cycle"])) != "violated"
        if new and (f["broken"] == "refuse" or (f["broken"] == "ask" and f.get("ruling") != "allowed")):
            return f["rule"]
        # "Where the kind is `ask` a slip waits for the ruling."
        if f["status"] == "boundary" and f["broken"] == "ask":
            return f["rule"]
    for rule, entry in plan.text.rules.items():
        for bound in entry.get("bounds", []):
            for sentence in (read_bound(t) for t in bound.get("safe", [])):
                # "If either time is missing: P+2 is refused until both hours are entered."
                limit = (sentence.later, sentence.earlier) == (
                    "day-zero",
                    "planned-day-zero",
                ) and sentence.unit in MINUTES
                if limit and ask(sentence, plan.day_zero(cycle), plan.planned_zero[cycle], plan) == SOME:
                    return rule
    return ""


# Amendments, choices, dates ------------------------------------------------------------------------------------------


def amend(patient: Patient, act: dict, now: Time) -> None:
    """`amend CODE [--protocol F] [--site F]`."""
    protocol, site = act.get("protocol") or patient.protocol, act.get("site") or patient.site
    text = read_text(protocol, site, patient.choices)
    after_moves(patient, now)
    after_records(patient, now)
    # "A move … to the same text is answered as any move, and not kept."
    if (protocol, site) != (patient.protocol, patient.site):
        patient.protocol, patient.site = protocol, site
        patient.ledger.moves.append(Move(patient.count, "amend", act["as_of"], text))


def choose(patient: Patient, act: dict, now: Time) -> None:
    """`choose CODE NAME OPTION`."""
    options = patient.text().options
    if act["option"] not in options.get(act["name"], []):
        raise Impossible(f"{act['option']} is not known")
    after_moves(patient, now)
    after_records(patient, now)
    if patient.choices.get(act["name"]) != act["option"]:
        patient.choices[act["name"]] = act["option"]
        patient.ledger.moves.append(Move(patient.count, "choose", act["as_of"], patient.text()))


def fact(patient: Patient, act: dict, now: Time) -> None:
    """`fact CODE NAME DATE|never`. A start date is a move; any other is a truth about the world."""
    dates = patient.text().dates
    name, value = act["name"], values_of(act["value"])
    if name == "planned-day-zero":
        _add_hour(patient, act, value, now)
        return
    later = {f"cycle-{n}": n for n in range(2, patient.text().count + 1)}
    if name not in dates and name not in later:
        raise Impossible(f"the protocol has no {name}")
    if value == "never" and name in dates and dates[name].get("required"):
        raise Impossible("never would switch a required rule off")
    for entry in value if isinstance(value, list) else []:
        moment(patient, entry)
    after_moves(patient, now)
    if name in later or dates[name]["kind"] == "start":
        patient.ledger.starts.append((patient.count, name, value))
        move = Move(patient.count, "start", act["as_of"], patient.text(), later.get(name, 0))
        patient.ledger.moves.append(move)
    else:
        patient.ledger.dates[name] = value


def _add_hour(patient: Patient, act: dict, value: list[str] | str, now: Time) -> None:
    """The hour of planned day 0, where it has none."""
    planned, to = patient.plan().planned_zero[1], moment(patient, value[0])
    if to.hour is None or planned.hour is not None or to.day != planned.day:
        raise Impossible("it adds a missing hour and never changes the date")
    after_moves(patient, now)
    patient.ledger.moves.append(Move(patient.count, "hour", act["as_of"], patient.text(), to=value[0]))


def attest(patient: Patient, act: dict, now: Time) -> None:
    """`attest CODE NAME`."""
    if act["name"] not in patient.text().attestations:
        raise Impossible(f"the protocol has no {act['name']}")
    after_moves(patient, now)
    patient.attested[act["name"]] = act["as_of"]


# Rulings -------------------------------------------------------------------------------------------------------------


def rule(patient: Patient, act: dict, now: Time) -> None:
    """`rule CODE RULE allowed|not-allowed [--for WHEN]`."""
    after_moves(patient, now)
    plan = patient.plan()
    if act["rule"] not in plan.text.rules:
        raise Impossible(f"there is no rule {act['rule']}")
    if act.get("for"):
        to, cycle = moment(patient, act["for"]), cycle_of(patient, plan, act)
        if to.hour is None:
            to = to.at(plan.day_zero(cycle).hour)
        plan = what_if(patient, plan, cycle, to, act["as_of"])
    _rule(patient, plan, act["rule"], act["outcome"])


def _rule(patient: Patient, plan: Plan, name: str, outcome: str) -> None:
    """A ruling is made on the values of both ends of each bound; "a ruling cannot stand in for a test not done"."""
    for bound in plan.text.rules.get(name, {}).get("bounds", []):
        for cycle in range(1, plan.text.count + 1):
            values = bound_values(bound, plan, cycle)
            if all(values) and (bound["point"] == "day-zero" or point_of(bound["point"], plan, cycle).times):
                patient.rulings.append({"rule": name, "point": bound["point"], "cycle": cycle, "outcome": outcome,
                                        "zero": plan.day_zero(cycle).day, "values": values})  # fmt: skip
    patient.rulings[:] = list(
        {(r["rule"], r["point"], r["cycle"], r["zero"], r["values"]): r for r in patient.rulings}.values()
    )


def what_if(patient: Patient, plan: Plan, cycle: int, to: Time, as_of: str) -> Plan:
    """The plan if day 0 were there."""
    kind = "slip" if treatment_begun(plan, cycle, moment(patient, as_of)) else "re-plan"
    move = Move(patient.count, "zero", as_of, patient.text(), cycle, _raw(to, plan), kind)
    return lay(patient.ledger, move, plan, plan)


def _raw(time: Time, plan: Plan) -> str:
    """A time as a person would type it."""
    return show(Time(time.day, time.hour, time.fold), plan.text.zone) or ""


# Bookings ------------------------------------------------------------------------------------------------------------


def book(patient: Patient, act: dict, now: Time) -> None:
    """`book CODE EVENT --at WHEN`."""
    after_moves(patient, now)
    plan, key = patient.plan(), patient.key(act["event"])
    at = moment(patient, act["at"])
    _may_book(patient, plan, key)
    again = plan.is_held(key)
    if again:
        # "Booking a held one plans it again under a new number, its `planned` being its place as day 0 and the
        # text stand."
        key = key.again()
        plan = plan.with_bookings({**plan.known.bookings, key: act["at"]})
    planned = plan.planned(key)
    if planned is not None and planned.hour is not None and at.hour is None:
        raise Impossible("write the hour")
    if at == planned and not again:
        # "The planned hour takes a booking back."
        patient.ledger.bookings.append((patient.count, key, None))
        return
    why = _refused_booking(plan, key, at, now)
    if why:
        raise NotAllowed(why)
    patient.ledger.bookings.append((patient.count, key, act["at"]))


def _may_book(patient: Patient, plan: Plan, key: Key) -> None:
    """“What is given or done, and the infusion, cannot be booked”; nor what is cancelled, or has been planned again."""
    if key not in plan.occurrences or plan.ended(key) or plan.occurrences[key].replaced:
        raise NotAllowed("it is not planned")
    if plan.is_given(key) or plan.infusion(max(key.cycle, 1)) == key:
        raise NotAllowed("it cannot be booked")
    # "Booking a leader … once a dose of that is given it is not allowed."
    for other in plan.known.records:
        if other in plan.occurrences and plan.is_given(other) and follows(plan, other, key):
            raise NotAllowed("what is counted from it has been given")


def _refused_booking(plan: Plan, key: Key, at: Time, now: Time) -> str:
    """“A day or hour inside the window, after what it is counted from (where its place lies after it), not past”."""
    zone, o = plan.text.zone, plan.occurrences[key]
    if not plan.fits(key, at):
        return "it lies outside the window"
    if past(at, now, zone):
        return "it is past"
    base, place = plan.base(o), plan.place_time(o)
    if base and place and before(base, place, zone) and not before(base, at, zone):
        return "it lies before what it is counted from"
    return ""


def re_date(patient: Patient, act: dict, now: Time) -> None:
    """`re-date CODE COURSE [--next WHEN]`."""
    after_moves(patient, now)
    plan = patient.plan()
    if act["course"] not in plan.text.courses:
        raise Impossible(f"there is no course {act['course']}")
    cycles = sorted({o.key.cycle for o in plan.occurrences.values() if o.activity.course == act["course"]})
    cycle = act.get("cycle", cycles[0] if cycles else 0)
    if act.get("next") and past(moment(patient, act["next"]), now, plan.text.zone):
        raise NotAllowed("it is past")
    move = Move(
        patient.count, "re-date", act["as_of"], patient.text(), cycle, course=act["course"], next=act.get("next")
    )
    patient.ledger.moves.append(move)
