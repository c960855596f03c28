"""Random small protocols and random histories, from a seed. Every protocol is one that an author may write."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from .acts import Patient
from .dates import Time, elapsed, show
from .layout import Plan
from .play import start, step

HEAD = """format = 1
id = "RANDOM-1"
title = "An invented trial"
version = "{version}"
date = 2026-01-01
jurisdiction = "nowhere"
numbering = "day-zero"
months = "{months}"
day-zero = "cells"
source = "text"

[sources.text]
title = "an invented text"
address = "none"
date = 2026-01-01
"""
ZONES = ["America/New_York", "Europe/Berlin", "Europe/London", "UTC"]
SAMPLES = [
    "4 h after cells ±1 h",
    "from 3 h to 8 h after cells",
    "every 8 to 12 hours x 3 from 2 h after cells",
    "4 h after cells within 2 to 6 h",
]
CALLS = [
    "3 days after last drug-b",
    "1 month after first drug-b",
    "1 day after each drug-b",
    "3 weeks after cells within 2 to 4 weeks",
    "28 days after drug-x ±2",
]
HOURS = ["06:00", "08:30", "14:00", "20:00", "22:00 to 01:00", "09:00 to 11:30"]
# The days 0 lie anywhere in the year, and often near a clock change, a leap day or a month's end.
NEAR = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2028, 2, 29),
    date(2026, 1, 31),
]


@dataclass
class World:
    """One random patient: the texts, the amended texts, and the acts."""

    protocol: str
    site: str
    case: str
    protocols: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    acts: list[dict] = field(default_factory=list)


def world(seed: int, length: int = 12) -> World:
    """A random patient with so many acts. The same seed always gives the same."""
    random = Random(seed)
    shape = _shape(random)
    protocols = [protocol_text(random, shape, str(n)) for n in range(2)]
    sites = [site_text(random, shape) for _ in range(2)]
    zero = (
        random.choice(NEAR) + timedelta(days=random.randint(-6, 6))
        if random.random() < 0.5
        else date(2026, 1, 1) + timedelta(days=random.randint(20, 330))
    )
    hour = random.choice(["10:00", "12:30", "16:00"]) if shape["hours"] or random.random() < 0.5 else None
    made = World(protocols[0], sites[0], case_text(random, shape, zero, hour), protocols, sites)
    _live(random, shape, made, zero, hour, length)
    return made


def _shape(random: Random) -> dict:
    """What kind of protocol it is."""
    cycles = random.random() < 0.25
    return {
        "cycles": cycles,
        "hours": not cycles and random.random() < 0.5,
        "chain": random.random() < 0.5,
        "donor": random.random() < 0.4,
        "choice": random.random() < 0.3,
        "across": random.random() < 0.2,
        "limit": random.choice(["none", "days", "hours"]),
        "dates": random.random() < 0.5,
        "lone": random.random() < 0.2,
        "months": random.choice(["next-first", "clamp"]),
        "seed": random.randint(0, 10**6),
    }


def _activity(name: str, days: str, category: str, **more: str) -> str:
    """An activity's table."""
    lines = [f"[activities.{name}]", f'title = "{name.replace("-", " ")}"']
    lines += [days if "=" in days else f'days = "{days}"', f'category = "{category}"', 'quote = "as the text says"']
    lines += [f'{key} = "{value}"' for key, value in more.items()]
    return "\n".join(lines) + "\n"


def protocol_text(random: Random, shape: dict, version: str) -> str:
    """A protocol of that shape; another version has other days."""
    cycles = {"cycles": "1 to 2"} if shape["cycles"] else {}
    parts = [HEAD.format(version=version, months=shape["months"])]
    if shape["cycles"]:
        parts.append('[cycles]\nlength = "28 days"\ncount = 2\nquote = "28-day cycles"\n')
    parts.append('[courses.before]\ntitle = "Treatment before the cells"\nfrom = "planned-day-zero"\n')
    parts.append('[courses.after]\ntitle = "Treatment after the cells"\n')
    first, more = random.choice([-6, -5, -4]), random.randint(0, 2)
    days = f"{first} to {first + more}" if more else f"{first}"
    parts.append(_activity("drug-a", days, "treatment", course="before", **cycles))
    if random.random() < 0.4:
        parts.append(_activity("drug-c", f"{first + 1}", "treatment", course="before", **cycles))
    parts.append(_activity("cells", "0", "treatment", **cycles))
    parts.append(_activity("drug-b", _after_days(random, shape), "treatment", course="after", **cycles))
    parts.append(_activity("weight", random.choice(["-1", "-2", "-3 to -1"]), "test"))
    window = random.choice(["+14 ±2", "+10 within +8 to +15", "+7, +14, each ±1", "+20"])
    parts.append(_activity("visit", window, "visit"))
    parts += _some_more(random, shape)
    parts += _rules(random, shape)
    return "\n".join(parts)


def _after_days(random: Random, shape: dict) -> str:
    """The days of the course after the cells."""
    if shape["hours"]:
        every, start = random.choice([6, 8, 12]), random.choice([2, 6])
        forms = [
            f"every {every} hours x 3 from {start} h after cells",
            f"every day at that hour x 3 from {start} h after cells",
            f"every {every} hours for 24 hours from {start} h after cells",
        ]
        return random.choice(forms)
    return random.choice(["+1, +3, +5", "+1 to +3", "every 2 days x 3 from +1", "+2, +4"])


def _some_more(random: Random, shape: dict) -> list[str]:
    """Chains, donors, choices, a course across day 0, a treatment in no course."""
    parts = []
    if shape["chain"]:
        parts.append(_activity("drug-x", "+8 ±1", "treatment"))
        parts.append('[courses.second]\ntitle = "Second course"\n')
        parts.append(_activity("drug-y", "every day x 2 from 2 days after drug-x", "treatment", course="second"))
        parts.append(_activity("call", random.choice(CALLS), "visit"))
        parts.append(_activity("rest", "1 day after weight", "visit"))
    if shape["hours"]:
        parts.append(_activity("sample", random.choice(SAMPLES), "test"))
    if shape["donor"]:
        parts.append(_activity("collection", "-1", "treatment", who="donor"))
    if shape["across"] and not shape["cycles"]:
        parts.append('[courses.across]\ntitle = "Course across day 0"\n')
        parts.append(_activity("drug-z", "-1, +1, +3", "treatment", course="across"))
    if shape["lone"]:
        parts.append(_activity("drug-l", "-2 to -1", "treatment"))
    if shape["choice"]:
        parts.append('[choices.arm]\ntitle = "arm"\n[choices.arm.options]\na = "arm A"\nb = "arm B"\n')
        parts.append(_activity("scan", 'choice = "arm"\ndays = { a = "+5", b = "+5, +12" }', "test"))
    return parts


NO_LIMIT = """[rules.DELAY]
title = "DELAY"
quote = "none"
[[rules.DELAY.bounds]]
point = "day-zero"
limit = "not stated"
"""
DATES = """[dates.drug-last]
title = "last dose"
kind = "last"
[dates.marrow]
title = "marrow"
kind = "test"
required = true
"""


def _bounds(name: str, point: str, safe: list[str], *more: str) -> str:
    """A rule with one entry."""
    quoted = ", ".join(f'"{text}"' for text in safe)
    lines = [f"[rules.{name}]", f'title = "{name}"', 'quote = "as the text says"', f"[[rules.{name}.bounds]]"]
    return "\n".join([*lines, f'point = "{point}"', f"safe = [{quoted}]", *more]) + "\n"


def _rules(random: Random, shape: dict) -> list[str]:
    """The limit of the delay, a gap, a washout, a test."""
    limit = {"days": "4 days", "hours": "72 hours"}.get(shape["limit"])
    parts = [NO_LIMIT]
    if limit:
        cause = ["any-cause = true"] if shape["seed"] % 2 else []
        parts = [_bounds("DELAY", "day-zero", [f"day-zero at most {limit} after planned-day-zero"], *cause)]
    gap = ["day-zero at least 1 day after before.completed", "day-zero at most 9 days after before.completed"]
    parts.append(_bounds("GAP", "day-zero", gap))
    if shape["dates"]:
        parts.append(DATES)
        literal = 'literal = ["day-zero at least 14 days after drug-last"]'
        parts.append(_bounds("R1", "drug-last", ["day-zero at least 15 days after drug-last"], literal))
        marrow = ["day-zero at least 1 day after marrow", "day-zero at most 28 days after marrow"]
        parts.append(_bounds("M1", "marrow", marrow, 'if-broken = "ask"'))
    return parts


def site_text(random: Random, shape: dict) -> str:
    """A site: a zone, some hours, a daily task."""
    lines = [f'format = 1\nname = "Example site"\nzone = "{random.choice(ZONES)}"', "[times]"]
    names = ["drug-a", "visit", "weight"] + ([] if shape["hours"] else ["drug-b"])
    lines += [f'{name} = "{random.choice(HOURS)}"' for name in names if random.random() < 0.5]
    if random.random() < 0.4:
        lines += [
            "[[tasks]]",
            'id = "chart"',
            'title = "chart prepared"',
            f'days = "{random.choice(["-2 to +1", "-1 to +2", "0, +2"])}"',
        ]
    return "\n".join(lines) + "\n"


def case_text(random: Random, shape: dict, zero: date, hour: str | None) -> str:
    """A case."""
    planned = f"{zero}T{hour}:00" if hour else f"{zero}"
    lines = [f'format = 1\ncode = "TEST-01"\nprotocol = "trial.toml"\nplanned-day-zero = {planned}']
    if shape["dates"] and random.random() < 0.7:
        lines += [
            "[dates]",
            f"drug-last = {zero - timedelta(days=random.randint(12, 20))}",
            f"marrow = {zero - timedelta(days=random.randint(1, 29))}",
        ]
    if shape["choice"] and random.random() < 0.7:
        lines += ["[choices]", f'arm = "{random.choice("ab")}"']
    return "\n".join(lines) + "\n"


# A life --------------------------------------------------------------------------------------------------------------


def _live(random: Random, shape: dict, made: World, zero: date, hour: str | None, length: int) -> None:
    """Acts, one after the other, each from what the plan then shows."""
    now = (
        datetime.combine(zero, datetime.min.time())
        - timedelta(days=random.randint(6, 20))
        + timedelta(hours=random.randint(6, 18))
    )
    patient = start(made.protocol, made.site, made.case)
    for count in range(length):
        act: dict = {"act": "plan", "as_of": f"{now:%Y-%m-%d %H:%M}"}
        if count:
            now += timedelta(hours=random.choice([1, 5, 13, 24, 31, 55, 80]), minutes=random.choice([0, 7]))
            act = _act(random, shape, made, patient, now)
        made.acts.append(act)
        patient, _ = step(patient, act, count)


def _act(random: Random, shape: dict, made: World, patient: Patient, now: datetime) -> dict:
    """One act at a moment."""
    plan, as_of = patient.plan(), f"{now:%Y-%m-%d %H:%M}"
    verb = random.choices(["record", "move", "book", "amend", "other", "re-date"], [60, 16, 8, 7, 6, 3])[0]
    if verb == "move":
        to = (plan.day_zero(1) if random.random() < 0.5 else plan.planned_zero[1]).plus_days(random.randint(-2, 6))
        hours = to.hour is not None or shape["hours"]
        act = {
            "act": "move",
            "to": _typed(plan, to, hours),
            "cause": random.choice(["product", "illness"]),
            "as_of": as_of,
        }
        return act | ({"cycle": random.choice([1, 2])} if shape["cycles"] and random.random() < 0.6 else {})
    if verb == "amend":
        act = {"act": "amend", "as_of": as_of}
        return act | (
            {"protocol": random.choice(made.protocols)}
            if random.random() < 0.6
            else {"site": random.choice(made.sites)}
        )
    if verb == "re-date":
        return {"act": "re-date", "course": "after", "as_of": as_of} | (
            {"cycle": random.choice([1, 2])} if shape["cycles"] else {}
        )
    if verb == "other":
        if shape["choice"] and random.random() < 0.5:
            return {"act": "choose", "name": "arm", "option": random.choice("ab"), "as_of": as_of}
        if shape["dates"] and random.random() < 0.4:
            outcome = random.choice(["allowed", "allowed", "not-allowed"])
            return {"act": "rule", "rule": random.choice(["M1", "R1", "DELAY"]), "outcome": outcome, "as_of": as_of}
        if shape["dates"]:
            day = now.date() - timedelta(days=random.randint(0, 25))
            return {
                "act": "fact",
                "name": random.choice(["marrow", "drug-last"]),
                "value": day.isoformat(),
                "as_of": as_of,
            }
    return _about_one(random, patient, plan, now, book=verb == "book")


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
    word = "given" if word == "open" and not plan.known.records else word
    if word == "open" and plan.known.records:
        key = random.choice(sorted(plan.known.records, key=patient.id))
        return {"act": "record", "event": patient.id(key), "word": "open", "as_of": as_of}
    at = time.plus_days(random.choice([0, 0, 0, 0, 1, -1, 2]))
    at = at if at.day <= now.date() else Time(now.date() - timedelta(days=random.randint(0, 2)), at.hour)
    hours = time.hour is not None or random.random() < 0.3
    if plan.occurrences[key].activity.category != "treatment" and word == "given":
        word = "done"
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
    return show(Time(time.day, time.hour), plan.text.zone)
