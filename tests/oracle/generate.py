"""Random small protocols, from a seed. Every one is a protocol that an author may write. The histories are in lives.py."""

from datetime import date, timedelta
from random import Random

from .lives import World, live
from .more import day_one, more_text

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


def world(seed: int, length: int = 12, more: bool = False) -> World:
    """A random patient with so many acts, `more` with more forms in the protocol. The same seed always gives the same."""
    random = Random(seed)
    shape = _shape(random)
    protocols = [protocol_text(random, shape, str(n)) for n in range(2)]
    sites = [site_text(random, shape) for _ in range(2)]
    if more:
        protocols = [text + more_text(random, shape) for text in protocols]
        if random.random() < 0.3:
            protocols, sites = list(map(day_one, protocols)), list(map(day_one, sites))
    zero = (
        random.choice(NEAR) + timedelta(days=random.randint(-6, 6))
        if random.random() < 0.5
        else date(2026, 1, 1) + timedelta(days=random.randint(20, 330))
    )
    hour = random.choice(["10:00", "12:30", "16:00"]) if shape["hours"] or random.random() < 0.5 else None
    made = World(protocols[0], sites[0], case_text(random, shape, zero, hour), protocols, sites)
    live(random, made, length)
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
