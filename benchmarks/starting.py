"""Commands from nothing: each a process of its own, as a person types it."""

import tempfile
from itertools import count
from pathlib import Path

from benchmarks.measure import CLICK, CLICK_WORK, MEMORY, Line, Run, Side, peak, process, used
from benchmarks.patients import CASE, SITE

FLOOR = ("-c", "import click, jinja2, icalendar")
FLOOR_WORK = "a process that only imports click, jinja2 and icalendar"
PLAN_WORK = "`dayzero plan` of the example: read protocol, site and case, judge every rule, keep the act durably, write every file"
AS_OF = "2026-05-26"
LINES = (
    Line("cold-plan", "cold `plan` / importing the libraries", 1.5, "2.2 to 2.4", PLAN_WORK, FLOOR_WORK),
    Line("cold-memory", "peak memory of it / the same", 1.3, "1.31", PLAN_WORK, FLOOR_WORK, MEMORY),
    Line("cold-slip", "cold `slip --dry-run` / importing the libraries", None, "-",
         "`dayzero slip --dry-run` of the stored example: lay out before and after, judge, say what would change", FLOOR_WORK),
    Line("help", "`--help` / importing click", 1.67, "6.2", "`dayzero --help`", CLICK_WORK),
    Line("feasible", "`feasible` / importing click", 2.7, "6.0",
         "`dayzero feasible` of the example: read three files, find every allowed day 0", CLICK_WORK),
    Line("check", "`check` / importing click", 2.7, "6.0",
         "`dayzero check` of the example: read three files, judge every rule", CLICK_WORK),
)  # fmt: skip


def measure(run: Run) -> None:
    example = (str(CASE), "--site", str(SITE))
    with tempfile.TemporaryDirectory() as folder:
        numbers = count()

        def fresh() -> tuple[str, ...]:
            there = Path(folder) / str(next(numbers))
            return (
                "cli.py",
                "plan",
                *example,
                "--out",
                str(there),
                "--as-of",
                AS_OF,
                "--store",
                str(there / "ledger.sqlite"),
            )

        def plan() -> float:
            return used(*fresh(), allowed=(0, 1)).seconds

        def memory() -> float:
            return used(*fresh(), allowed=(0, 1)).memory

        run.row("cold-plan", plan, process(*FLOOR))
        run.row("cold-memory", memory, peak(*FLOOR), run.sizes.slow)
        run.row("cold-slip", _slip(Path(folder)), process(*FLOOR))
    run.row("help", process("cli.py", "--help"), CLICK)
    as_of = ("--as-of", AS_OF)
    run.row("feasible", process("cli.py", "feasible", *example, *as_of, allowed=(0, 1)), CLICK)
    run.row("check", process("cli.py", "check", *example, *as_of, allowed=(0, 1)), CLICK)


def _slip(folder: Path) -> Side:
    """A slip of the example that is not saved, on a ledger that holds it."""
    store = ("--store", str(folder / "slip.sqlite"))
    used(
        "cli.py", "plan", str(CASE), "--site", str(SITE), "--out", str(folder), "--as-of", AS_OF, *store, allowed=(0, 1)
    )
    asked = ("CIML-017", "--to", "2026-06-16 10:00", "--cause", "illness", "--as-of", "2026-06-12 08:00", "--dry-run")
    return process("cli.py", "slip", *asked, *store, allowed=(0, 1))
