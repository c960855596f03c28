"""The product held against the oracle: the same acts on both, and the first value in which they differ.

python -m oracle.compare --seed 0 --count 2000
"""

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from shared.player import Player

from schedule.model.errors import Refused

from .generate import world
from .lives import World, smaller
from .play import feasible, play

TIMES = ("planned", "booked", "actual", "end", "when", "earliest", "latest", "status")
BESIDE = ("window", "place", "booking", "surplus", "near", "amended")
"""Findings that stand beside the rules; each side has its own."""


def differences(made: World, acts: list[dict] | None = None, days: bool = False) -> list[str]:
    """What differs after the first act after which anything does: the act, then a line for each value. Of a world's own
    acts, or of others. `days`: the verdicts about other days 0 at the end, too."""
    player = Player(made.protocol, made.site, made.case)
    outcomes = made.outcomes if acts is None else play(made.protocol, made.site, made.case, acts)
    acts = made.acts if acts is None else acts
    for number, (act, right) in enumerate(zip(acts, outcomes, strict=True), 1):
        before, found = player.plan, player.act(act)
        lines = list(_outcomes(right, found))
        if not lines and player.plan is not before:
            lines = list(_plans(right["plan"], player.report()))
        if lines:
            return [f"act {number}: {told(act)}", *lines]
    lines = list(_days(made, acts, player)) if days else []
    return [f"days 0 as of: {told(acts[-1])}", *lines] if lines else []


def _days(made: World, acts: list[dict], player: Player) -> Iterator[str]:
    """Where the verdicts about the days 0 around the present one differ. Where a required date is missing the oracle
    tries every date for it, so that those are not asked here."""
    plan, as_of = player.plan, acts[-1]["as_of"]
    if any(known.required and name not in plan.case.dates for name, known in plan.protocol.dates.items()):
        return
    first, last = plan.day_zero - timedelta(days=2), plan.day_zero + timedelta(days=6)
    right = feasible(made.protocol, made.site, made.case, acts, first, last, as_of, "product", 1)
    for day, verdict in (right or {}).items():
        try:
            found = player.verdict(date.fromisoformat(day), as_of, "product", 1)
        except Refused:
            return  # day 0 has no hour, and something is counted in hours from it
        # of a re-plan that would begin in the past the rules need not be asked
        asked = verdict["allowed"] or verdict["kind"] == "slip"
        for key in ("allowed", "kind", "status") if asked else ("allowed",):
            yield from _value(f"day 0 on {day} {key}", verdict[key], found[key])


def _outcomes(right: dict, found: dict) -> Iterator[str]:
    """Exit code, and slip or re-plan."""
    if right["exit"] != found["exit"]:
        yield f"exit: {right['exit']} ({right['why']}), not {found['exit']} ({found['why']})"
    elif right["saved"] and right["kind"] != found["kind"]:
        yield f"kind: {right['kind']}, not {found['kind']}"


def _plans(right: dict, found: dict) -> Iterator[str]:
    """Days 0, times and statuses by id, findings of the file's rules."""
    for key in ("planned_day_zero", "day_zero"):
        yield from _value(key, right[key], found[key])
    for name in sorted({*right["occurrences"], *found["occurrences"]}):
        one, other = right["occurrences"].get(name), found["occurrences"].get(name, {"status": "cancelled"})
        if one is None:
            yield f"{name}: is not there, but is {other['status']}, {other['when']}"
        elif "cancelled" in (one["status"], other["status"]):
            yield from _value(f"{name} status", _said(one), _said(other))
        elif one["status"] == "held" and one["when"] is None:
            yield from _value(
                f"{name} status", one["status"], other["status"]
            )  # its place is gone: no times of its own
        else:
            for key in TIMES:
                yield from _value(f"{name} {key}", one[key], other[key])
    if "findings" in right:
        yield from _findings(right["findings"], found["findings"])


def _said(occurrence: dict) -> str:
    """The status of an occurrence, with its time where it has one."""
    status = occurrence["status"]
    return status if status == "cancelled" else f"{status}, {occurrence['when']}"


def _findings(right: list[dict], found: list[dict]) -> Iterator[str]:
    """The verdicts of the file's rules, by rule, point and cycle."""
    mine, theirs = _statuses(right), _statuses(found)
    for key in sorted({*mine, *theirs}):
        yield from _value("finding " + " ".join(map(str, key)), mine.get(key), theirs.get(key))


def _statuses(findings: list[dict]) -> dict[tuple[str, str, int], list[str]]:
    """The statuses of each (rule, point, cycle), in the file's order."""
    statuses: dict[tuple[str, str, int], list[str]] = {}
    for one in findings:
        if one["point"] and one["rule"] not in BESIDE and one.get("asked", True):
            key = (one["rule"], one["point"].removesuffix(".each"), one["cycle"])
            statuses.setdefault(key, []).append(one["status"])
    return statuses


def _value(what: str, right: object, found: object) -> Iterator[str]:
    if right != found:
        yield f"{what}: {right}, not {found}"


# By hand ---------------------------------------------------------------------------------------------------------------


def told(act: dict) -> str:
    """An act in a line, as the files of cases have it; of an amendment only what is amended."""
    words = [
        str(act[key]) for key in ("event", "word", "name", "rule", "course", "to", "value", "option") if key in act
    ]
    words += [str(act[key]) for key in ("at", "outcome") if key in act]
    words += [f"to {act['end']}"] if act.get("end") else []
    words += [f"{key}={act[key]}" for key in ("cause", "cycle", "next", "for") if act.get(key)]
    words += [key for key in ("protocol", "site") if key in act] + (["confirm"] if act.get("confirm") else [])
    return f"{act['as_of']} | {act['act']} {' '.join(words)}"


def first_line(lines: list[str]) -> str:
    """What kind of difference it is, for counting."""
    kind = lines[1].partition(":")[0].split()
    return f"{lines[0].split('|')[1].split()[0]}: {kind[-1] if kind[0] != 'finding' else ' '.join(kind[:2])}"


def shrunk(made: World) -> list[dict]:
    """The acts that a difference needs."""
    return smaller(made.acts, lambda acts: bool(differences(made, acts, days=True)))


def tell(made: World) -> None:
    """A difference with the three files, as small as it could be made."""
    acts = shrunk(made)
    print(made.protocol, made.site, made.case, sep="\n---\n", end="\n---\n")
    for act in acts:
        print(told(act))
        for key in ("protocol", "site"):
            if key in act:
                print("    " + act[key].replace("\n", "\n    "))
    print(*differences(made, acts, days=True), sep="\n  ")


def main(arguments: Namespace) -> int:
    """How many of the histories differ; the first of them is printed, or the kinds of all."""
    kinds: Counter[str] = Counter()
    seeds: dict[str, int] = {}
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        made = world(seed, arguments.length, arguments.more)
        lines = differences(made, days=arguments.days)
        if lines and not arguments.kinds:
            print(f"seed {seed}")
            tell(made)
            return 1
        if lines:
            kinds[first_line(lines)] += 1
            seeds.setdefault(first_line(lines), seed)
    for kind, number in kinds.most_common():
        print(f"{number:6} {kind}, first seed {seeds[kind]}")
    print(f"{kinds.total()} of {arguments.count} histories differ")
    return int(bool(kinds))


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--length", type=int, default=12)
    parser.add_argument("--days", action="store_true", help="compare verdicts about other days 0, too")
    parser.add_argument("--more", action="store_true", help="more forms in the protocols")
    parser.add_argument("--kinds", action="store_true", help="count the kinds of all differences instead")
    sys.exit(main(parser.parse_args()))
