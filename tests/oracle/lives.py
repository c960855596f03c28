"""Random histories: acts, one after the other, each from what the plan then shows. Also a way to make one smaller."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from .acts import Patient
from .dates import Time, elapsed, show
from .layout import Plan
from .play import answered, start, step


@dataclass
class World:
    """One random patient: the texts, the texts to amend with, the acts, and what comes of each."""

    protocol: str
    site: str
    case: str
    protocols: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    acts: list[dict] = field(default_factory=list)
    outcomes: list[dict] = field(default_factory=list)


def life(seed: int, protocol: str, site: str, case: str, length: int = 12) -> World:
    """A random history of a patient of a given protocol, such as a shipped one. The case has its planned day 0."""
    made = World(protocol, site, case, [protocol], [site])
    live(Random(seed), made, length)
    return made


def live(random: Random, made: World, length: int) -> None:
    """Acts, the first plan first."""
    patient = start(made.protocol, made.site, made.case)
    zero = str(patient.case["planned-day-zero"])[:10]
    now = datetime.combine(datetime.fromisoformat(zero), time(0)) - timedelta(days=random.randint(6, 20))
    now += timedelta(hours=random.randint(6, 18))
    for count in range(length):
        act: dict = {"act": "plan", "as_of": f"{now:%Y-%m-%d %H:%M}"}
        if count:
            now += timedelta(hours=random.choice([1, 5, 13, 24, 31, 55, 80]), minutes=random.choice([0, 7]))
            act = _act(random, made, patient, now)
        made.acts.append(act)
        patient, outcome = answered(patient, act, count)
        made.outcomes.append(outcome)


def smaller(acts: list[dict], differs: Callable[[list[dict]], bool]) -> list[dict]:
    """The same history without the acts that a difference does not need. The first plan stays."""
    while True:
        for place in range(len(acts) - 1, 0, -1):
            fewer = acts[:place] + acts[place + 1 :]
            if differs(fewer):
                acts = fewer
                break
        else:
            return acts


def _act(random: Random, made: World, patient: Patient, now: datetime) -> dict:
    """One act at a moment."""
    plan, as_of = patient.plan(), f"{now:%Y-%m-%d %H:%M}"
    verb = random.choices(["record", "move", "book", "amend", "other", "re-date"], [60, 16, 8, 7, 6, 3])[0]
    cycle = {"cycle": random.randint(1, plan.text.count)} if plan.text.count > 1 and random.random() < 0.6 else {}
    if verb == "move":
        to = (plan.day_zero(1) if random.random() < 0.5 else plan.planned_zero[1]).plus_days(random.randint(-2, 6))
        to = to.plus_days(plan.text.length * (cycle.get("cycle", 1) - 1))
        hours = to.hour is not None or any(o.spot.timed for o in plan.occurrences.values())
        cause = random.choice(["product", "illness"])
        return {"act": "move", "to": _typed(plan, to, hours), "cause": cause, "as_of": as_of} | cycle
    if verb == "amend":
        text = {"site": random.choice(made.sites)}
        if random.random() < 0.6:
            text = {"protocol": random.choice(made.protocols)}
        return {"act": "amend", "as_of": as_of} | text
    courses = sorted({o.course for o in plan.occurrences.values() if o.course})
    if verb == "re-date" and courses:
        name, number = random.choice(courses)
        return {"act": "re-date", "course": name, "as_of": as_of} | ({"cycle": number} if number else {})
    if verb == "other":
        other = _other(random, plan, now)
        if other:
            return other | {"as_of": as_of}
    return _about_one(random, patient, plan, now, book=verb == "book")


def _other(random: Random, plan: Plan, now: datetime) -> dict | None:
    """A choice, a ruling, an attestation, or a date of the patient."""
    text, found = plan.text, []
    for name, options in text.options.items():
        found.append({"act": "choose", "name": name, "option": random.choice(options)})
    rules = [name for name, entry in text.rules.items() if entry.get("bounds")]
    if rules and text.dates:
        outcome = random.choice(["allowed", "allowed", "not-allowed"])
        found.append({"act": "rule", "rule": random.choice(rules), "outcome": outcome})
    if text.attestations:
        found.append({"act": "attest", "name": random.choice(list(text.attestations))})
    for name in random.sample(list(text.dates), min(2, len(text.dates))):
        day = now.date() - timedelta(days=random.randint(0, 25))
        found.append({"act": "fact", "name": name, "value": day.isoformat()})
    return random.choice(found) if found else None


def _about_one(random: Random, patient: Patient, plan: Plan, now: datetime, book: bool) -> dict:
    """A record or a booking of one occurrence; mostly of one that is due about now."""
    as_of = f"{now:%Y-%m-%d %H:%M}"
    near = sorted(plan.occurrences, key=lambda k: _away(plan.when(k), now))
    key = random.choice(near[:4] if random.random() < 0.8 else near)
    time = plan.when(key) or Time(now.date())
    if book:
        at = time.plus_days(random.randint(-2, 2))
        return {"act": "book", "event": patient.id(key), "at": _typed(plan, at, time.hour is not None), "as_of": as_of}
    word = random.choices(["given", "held", "open"], [75, 15, 10])[0]
    if word == "open" and plan.known.records:
        key = random.choice(sorted(plan.known.records, key=patient.id))
        return {"act": "record", "event": patient.id(key), "word": "open", "as_of": as_of}
    at = time.plus_days(random.choice([0, 0, 0, 0, 1, -1, 2]))
    at = at if at.day <= now.date() else Time(now.date() - timedelta(days=random.randint(0, 2)), at.hour)
    hours = time.hour is not None or random.random() < 0.3
    if word != "held":
        word = "given" if plan.occurrences[key].activity.category == "treatment" else "done"
    act = {"act": "record", "event": patient.id(key), "word": word, "at": _typed(plan, at, hours), "as_of": as_of}
    if hours and at.hour is not None and word != "held" and random.random() < 0.2:
        end = elapsed(at, random.choice([30, 90, 200]), plan.text.zone)
        act["end"] = show(end, plan.text.zone)
    return act | {"confirm": random.random() < 0.9}


def _away(time: Time | None, now: datetime) -> float:
    """How far a time lies from now; what lies a little in the past comes first."""
    if time is None:
        return 1e9
    days = (time.day - now.date()).days
    return -days if days <= 0 else days * 3


def _typed(plan: Plan, time: Time, hours: bool) -> str:
    """A time as somebody types it."""
    if not hours:
        return time.day.isoformat()
    if time.hour is None:
        return f"{time.day} 11:00"
    return show(Time(time.day, time.hour), plan.text.zone) or ""


# In another order -----------------------------------------------------------------------------------------------------

MOVES = ("plan", "move", "amend", "choose", "re-date")


def lived(made: World) -> tuple[list[dict], Patient]:
    """The acts of a history that were saved, and the patient after them."""
    patient, saved = start(made.protocol, made.site, made.case), []
    for count, act in enumerate(made.acts):
        patient, outcome = step(patient, act, count)
        if outcome["saved"]:
            saved.append(act)
    return saved, patient


def shown(plan: dict) -> list:
    """What does not depend on numbers: times, statuses and findings without the ids."""
    occurrences = [
        (
            name.rsplit("-", 1)[0],
            *(o[k] or "" for k in ("planned", "booked", "actual", "when", "status", "earliest", "latest")),
        )
        for name, o in plan["occurrences"].items()
        if o["status"] != "cancelled"
    ]
    found = [(f["rule"], f["cycle"], f["status"]) for f in plan["findings"]]
    return [plan["planned_day_zero"], plan["day_zero"], sorted(occurrences), sorted(found)]


def is_move(act: dict, patient: Patient) -> bool:
    """Whether an act stands in the ledger as a move."""
    return act["act"] in MOVES or any(m.kind == "leader" and m.as_of == act["as_of"] for m in patient.ledger.moves)


def reordered(acts: list[dict], patient: Patient, random: Random) -> list[dict]:
    """The records between two moves in another order; of several about one occurrence only the last word is kept."""
    found: list[dict] = []
    block: dict[str, dict] = {}
    for act in [*acts, None]:
        if act is not None and act["act"] == "record" and not is_move(act, patient):
            block[act["event"]] = act
            continue
        found += random.sample(list(block.values()), len(block)) + ([act] if act else [])
        block = {}
    return found
