"""The cases worked out by hand: how their files are read, and what they expect. See tests/cases/history/README.md."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "cases" / "history"
TIME = r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?:[+-]\d\d:\d\d)?)?)"
EXPECTED = ["when", "planned", "booked", "actual", "end", "window", "status"]


@dataclass
class Case:
    """One case: the three texts, the acts with the exit code of each, and what is expected at the end."""

    name: str
    protocol: str
    site: str
    case: str
    acts: list[dict]
    exits: list[tuple[int, str | None]]
    expected: dict = field(default_factory=dict)
    why: str = ""


def read_file(path: Path) -> list[Case]:
    """All cases of one file."""
    common = tomllib.loads((FOLDER / "common.toml").read_text(encoding="utf-8"))
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    protocols = {**common["protocols"], **file.get("protocols", {})}
    sites = {**common["sites"], **file.get("sites", {})}
    texts = {name: whole(common, text) for name, text in protocols.items()}
    return [_case(path, entry, texts, {n: common["site-head"] + t for n, t in sites.items()}) for entry in file["case"]]


def whole(common: dict, text: str) -> str:
    """A protocol with the head that all share, and with the rule that states no limit of the delay unless it has
    its own."""
    head = "" if text.startswith("format") else common["head"]
    numbering = "day-one" if "# day-one" in text else "day-zero"
    months = "clamp" if "# clamp" in text else "next-first"
    tail = "" if "[rules.DELAY]" in text else common["tail"]
    return head.replace("NUMBERING", numbering).replace("MONTHS", months) + text + tail


def _case(path: Path, entry: dict, texts: dict[str, str], sites: dict[str, str]) -> Case:
    """One entry of a file."""
    lines = [f'format = 1\ncode = "TEST-01"\nprotocol = "trial.toml"\nplanned-day-zero = {_toml_time(entry["zero"])}']
    for table in ("dates", "choices", "attestations"):
        if table in entry:
            lines += [f"[{table}]", *(f"{key} = {_toml(value)}" for key, value in entry[table].items())]
    lines += entry.get("rulings", [])
    acts, exits = [], []
    for line in entry["acts"]:
        act, result = read_act(line, texts, sites)
        acts.append(act)
        exits.append(result)
    expected = {
        key: entry[key]
        for key in entry
        if key not in ("name", "protocol", "site", "zero", "dates", "choices", "acts", "why")
    }
    return Case(f"{path.stem}: {entry['name']}", texts[entry["protocol"]], sites[entry.get("site", "new-york")],
                "\n".join(lines) + "\n", acts, exits, expected, entry["why"])  # fmt: skip


def _toml_time(text: str) -> str:
    """2026-06-15 10:00 as TOML writes it."""
    return text if len(text) == 10 else f"{text[:10]}T{text[11:16]}:00{text[16:]}"


def _toml(value: object) -> str:
    """A date, a list of dates, or a text."""
    if isinstance(value, list):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return _toml_time(value) if re.fullmatch(TIME, str(value)) else f'"{value}"'


def read_act(line: str, texts: dict[str, str], sites: dict[str, str]) -> tuple[dict, tuple[int, str | None]]:
    """“AS-OF | words of the act | EXIT [slip or re-plan]”; without a result it is 0."""
    as_of, words, *rest = (part.strip() for part in line.split("|"))
    result = rest[0].split() if rest else ["0"]
    verb, _, tail = words.partition(" ")
    act: dict = {"act": verb, "as_of": as_of}
    options = dict(re.findall(rf"(\w+)=({TIME[1:-1]}|[\w-]+)", tail))
    tail = re.sub(rf" ?\b\w+=(?:{TIME[1:-1]}|[\w-]+)", "", tail).strip()
    for name, value in options.items():
        act[name] = (
            texts[value]
            if name == "protocol"
            else sites[value]
            if name == "site"
            else int(value)
            if name == "cycle"
            else value
        )
    act.update(_words(verb, tail))
    return act, (int(result[0]), result[1] if len(result) > 1 else None)


def _words(verb: str, tail: str) -> dict:
    """What stands after the verb."""
    if verb == "day":
        on, _, items = tail.partition(" ")
        return {"on": on, "records": [_words("record", item.strip()) for item in items.split(";")]}
    if verb == "record":
        match = re.fullmatch(rf"(\S+) (\S+)(?: {TIME})?(?: to {TIME})?( confirm)?", tail)
        found = {"event": match[1], "word": match[2], "confirm": bool(match[5])}
        return found | ({"at": match[3]} if match[3] else {}) | ({"end": match[4]} if match[4] else {})
    if verb == "move":
        return {"to": tail}
    if verb == "book":
        event, _, at = tail.partition(" ")
        return {"event": event, "at": at}
    if verb in ("fact", "choose", "rule"):
        name, _, value = tail.partition(" ")
        key = {"fact": "value", "choose": "option", "rule": "outcome"}[verb]
        return {"rule" if verb == "rule" else "name": name, key: value}
    return {"attest": {"name": tail}, "re-date": {"course": tail}}.get(verb, {})


def differences(case: Case, outcomes: list[dict], feasible) -> list[str]:
    """Where the outcomes of a case differ from what it expects. `feasible` answers about days 0."""
    found = []
    for number, (outcome, (code, kind)) in enumerate(zip(outcomes, case.exits, strict=True)):
        if outcome["exit"] != code or (kind and outcome["kind"] != kind):
            found.append(
                f"act {number + 1}: {outcome['exit']} {outcome['kind'] or ''} ({outcome['why']}), not {code} {kind or ''}"
            )
    plan = outcomes[-1]["plan"]
    for key in EXPECTED:
        for event, right in case.expected.get(key, {}).items():
            found += _differs(f"{key} of {event}", _value(plan, key, event), right)
    for event in case.expected.get("gone", []):
        found += _differs(f"status of {event}", plan["occurrences"].get(event, {}).get("status"), "cancelled")
    for event in case.expected.get("absent", []):
        found += [f"{event} is there"] if event in plan["occurrences"] else []
    for key in ("day-zero", "planned-day-zero"):
        right = case.expected.get(key)
        if right is not None:
            found += _differs(key, plan[key.replace("-", "_")], right if isinstance(right, list) else [right])
    for name, right in case.expected.get("findings", {}).items():
        found += _differs(f"finding {name}", status_of(plan, name), right)
    return found + _days(case, feasible)


def _value(plan: dict, key: str, event: str) -> str | None:
    """One value of one occurrence."""
    occurrence = plan["occurrences"].get(event)
    if occurrence is None:
        return "not there"
    if key == "window":
        return f"{occurrence['earliest']} to {occurrence['latest']}"
    return occurrence[key] or "none"


def status_of(plan: dict, name: str) -> str:
    """The status of "RULE", "RULE point" or "RULE point cycle"."""
    parts = name.split()
    number = int(parts.pop()) if parts[-1].isdigit() else None
    rule, point = parts[0], " ".join(parts[1:])
    mine = [
        f
        for f in plan["findings"]
        if f["rule"] == rule and (not point or f["point"] == point) and number in (None, f["cycle"])
    ]
    return mine[0]["status"] if mine else "none"


def _differs(what: str, found: object, right: object) -> list[str]:
    """A line where two values differ."""
    return [] if found == right else [f"{what}: {found}, not {right}"]


def _days(case: Case, feasible) -> list[str]:
    """Where the verdicts about days 0 differ: "2026-06-15" = "met", "boundary no" where the act would not be allowed,
    "no" where nothing else matters."""
    days = case.expected.get("feasible")
    if days is None:
        return []
    acts = [a for a, (code, kind) in zip(case.acts, case.exits, strict=True) if code != 2]
    as_of = case.expected.get("feasible-as-of", case.acts[-1]["as_of"])
    if days == "none":
        return _differs(
            "feasible",
            feasible(case.protocol, case.site, case.case, acts, date(2026, 6, 1), date(2026, 6, 1), as_of),
            None,
        )
    found = []
    for day, right in days.items():
        answer = feasible(
            case.protocol, case.site, case.case, acts, date.fromisoformat(day), date.fromisoformat(day), as_of
        )[day]
        said = answer["status"] + ("" if answer["allowed"] else " no")
        said = "no" if right == "no" and not answer["allowed"] else said
        found += _differs(f"feasible {day}", said, right)
    return found
