"""Speed as ratios inside one run: `python -m benchmarks`, from the project's folder.

Each line says what both sides do, and prints the ratio beside the goal. Nothing here is a test of speed: a run fails only
where a line has no figure, because it died or, with `--all`, because something that it is compared with is not installed
(`npm ci --prefix benchmarks`; `benchmarks/requirements.txt` in `.venv-clients`).
"""

import argparse
import json
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import keeping, many, ruling, serving, starting, writing
from benchmarks.measure import FULL, NORMAL, SHORT, Line, Result, Run, Sizes

PARTS: dict[str, Any] = {
    part.__name__.removeprefix("benchmarks."): part for part in (starting, writing, ruling, serving, keeping, many)
}
LARGE = ("cohort-large", "cohort-large-memory")
"""The lines that `--full` alone has."""
LINES: tuple[Line, ...] = tuple(line for part in PARTS.values() for line in part.LINES)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed as ratios inside one run.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--short", action="store_true", help="Every line once, on a few patients: that it can be measured."
    )
    size.add_argument("--full", action="store_true", help="10,000 patients, too.")
    size.add_argument(
        "--found", type=Path, nargs="+", metavar="FILE.json", help="Measure nothing: take what was found before."
    )
    parser.add_argument("--all", action="store_true", help="A line without a figure is a failure, whatever the reason.")
    parser.add_argument("--only", default="", metavar="NAME", help=f"{', '.join(PARTS)}; or the key of a line.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write what was found as JSON.")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="Write the tables of docs/evidence.md.")
    arguments = parser.parse_args()
    if arguments.found is not None:
        results, wrong = [one for path in arguments.found for one in from_json(path.read_text("utf-8"))], False
    else:
        sizes = SHORT if arguments.short else FULL if arguments.full else NORMAL
        results, wrong = measured(sizes, arguments.only, whole=arguments.all)
    if arguments.json is not None:
        arguments.json.write_text(as_json(results), encoding="utf-8")
    if arguments.markdown is not None:
        arguments.markdown.write_text(as_markdown(results), encoding="utf-8")
    sys.exit(1 if wrong else 0)


def measured(sizes: Sizes, only: str, *, whole: bool) -> tuple[list[Result], bool]:
    """Every line that is asked for, and whether something died; if the `whole` is asked for, whether a line has no
    figure."""
    parts = {
        name: part for name, part in PARTS.items() if only in ("", name) or only in [one.key for one in part.LINES]
    }
    lines = [line for part in parts.values() for line in part.LINES if line.key not in LARGE or sizes == FULL]
    run = Run(sizes, lines, "" if only in PARTS else only)
    for part in parts.values():
        run.part(part.measure)
    for key in run.missing:
        print(f"no figure: {run.lines[key].name}")
    return run.results, bool(run.died or (whole and run.missing))


def as_json(results: list[Result]) -> str:
    """What was found, with when and on what."""
    made = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "command": " ".join(sys.argv[1:]),
        "lines": [
            {
                "key": one.line.key, "name": one.line.name.strip(), "goal": one.line.goal, "ratio": one.ratio,
                "ours": one.ours, "other": one.other, "unit": one.line.unit, "rounds": one.rounds,
            }
            for one in results
        ],
    }  # fmt: skip
    return json.dumps(made, indent=1) + "\n"


def from_json(text: str) -> list[Result]:
    """What was found before; lines that there are no longer are left out."""
    lines = {line.key: line for line in LINES}
    return [
        Result(lines[one["key"]], one["ratio"], one["ours"], one["other"], one["rounds"])
        for one in json.loads(text)["lines"]
        if one["key"] in lines
    ]


def as_markdown(results: list[Result]) -> str:
    """The two tables of docs/evidence.md: the figures, and what both sides of each line do."""
    found = {one.line.key: one for one in results}
    rows = ["| what | goal | first version | today | both sides |", "| --- | --- | --- | --- | --- |"]
    for line in LINES:
        one = found.get(line.key)
        today, sides = "-", "-"
        if one is not None:
            mark = {True: "", False: " (not reached)", None: ""}[line.reached(one.ratio)]
            today = f"{one.ratio:.3g}{mark}"
            sides = f"{one.ours:.3g} / {one.other:.3g} {line.unit}"
        rows.append(f"| {line.name.strip()} | {line.aim} | {line.first} | {today} | {sides} |")
    rows += ["", "| what | Dayzero does | the other side does |", "| --- | --- | --- |"]
    rows += [f"| {line.name.strip()} | {line.ours} | {line.other} |" for line in LINES]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
