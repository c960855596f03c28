"""A whole list of patients: the same patients planned by `dayzero cohort`, and their files written by the writers alone."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from benchmarks.measure import ELAPSED, MEMORY, PYTHON, Line, Run, Used, used
from benchmarks.patients import ROOT, SITE, WHEN, ZERO
from schedule.engine.entries import entries_of
from schedule.output.outputs import calendar_of, pages
from schedule.service.inputs import named_text
from schedule.service.patients import columns_named, different_patients
from schedule.service.planning import make_plan

AS_OF = "2026-05-26"
COHORT = "`dayzero cohort` of so many patients on two cores: read, plan, judge, write and hash every file, sync, rename"
ALONE = "calendar and pages of the very same patients, worked out beforehand, made and let go; on two cores, nothing written"
LINES = (
    Line("cohort", "cohort of 1,000 / its writers alone, same patients", 1.3, "about 1.75", COHORT, ALONE),
    Line("cohort-two", "cohort of 1,000 by one process / by two", 1.8, "-", "the same in one process", "in two", ELAPSED, at_least=True),
    Line("cohort-memory", "peak memory of its largest process / 150 MiB", 1, "-", COHORT, "150 MiB", MEMORY),
    Line("cohort-large", "cohort of 10,000 / of 1,000", 10.5, "-", COHORT, "1,000 of them"),
    Line("cohort-large-memory", "peak memory of the largest process at 10,000 / 150 MiB", 1, "-", COHORT, "150 MiB", MEMORY),
)  # fmt: skip
HEADER = "code,protocol,planned-day-zero,transplant,taper-completed,gvhd-prophylaxis-last,disease-assessment,marrow,chimerism\n"
WARM = 5
"""Patients for each process of the round that is not counted."""
AT_ONCE = 250
"""Plans that the writers alone hold at a time."""


def measure(run: Run) -> None:
    small, large = run.sizes.cohort, run.sizes.large
    with tempfile.TemporaryDirectory() as folder:
        few, run_of = _table(Path(folder), small), _cohort(Path(folder))
        run_of(_table(Path(folder), 2 * WARM), 2)
        _alone(few, 2 * WARM)
        planned = cache(lambda: run_of(few, 2))
        run.row("cohort", lambda: planned().seconds, lambda: _alone(few, small), 1, warm=False)
        run.row("cohort-two", lambda: run_of(few, 1).elapsed, lambda: planned().elapsed, 1, warm=False)
        run.row("cohort-memory", lambda: planned().memory, lambda: 150.0, 1, warm=False)
        if large:
            lot = _table(Path(folder), large)
            all_planned = cache(lambda: run_of(lot, 2))
            run.row("cohort-large", lambda: all_planned().seconds, lambda: planned().seconds, 1, warm=False)
            run.row("cohort-large-memory", lambda: all_planned().memory, lambda: 150.0, 1, warm=False)


def _table(folder: Path, patients: int) -> Path:
    """A list of so many patients, on 200 days."""
    path = folder / f"{patients}.csv"
    days = (ZERO + timedelta(days=n % 200) for n in range(patients))
    rows = (f"P-{n},NCT04024761,{day},2026-01-20,2026-04-01,2026-04-01,,,\n" for n, day in enumerate(days))
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def _cohort(folder: Path) -> Callable[[Path, int], Used]:
    """Plan a list with so many processes: what they used together. The files are thrown away, outside its time."""
    numbers = count()

    def plan(table: Path, workers: int) -> Used:
        out = folder / f"out-{next(numbers)}"
        found = used(
            "cli.py", "cohort", str(table), "--site", str(SITE), "--out", str(out), "--as-of", AS_OF, "--workers",
            str(workers), allowed=(0, 1),
        )  # fmt: skip
        shutil.rmtree(out)
        return found

    return plan


def _alone(table: Path, patients: int) -> float:
    """The CPU seconds of the writers, in two processes with half of the patients each."""
    code = "import sys; from benchmarks.many import write_only; write_only(*sys.argv[1:])"
    halves = ((0, patients // 2), (patients // 2, patients))
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(table), str(first), str(end)],
            cwd=ROOT, env=PYTHON, stdout=subprocess.PIPE, text=True,
        )
        for first, end in halves
    ]  # fmt: skip
    said = [child.communicate()[0] for child in children]
    if any(child.returncode for child in children):
        raise RuntimeError("the writers alone have died")
    return sum(map(float, said))


def write_only(table: str, first: str, end: str) -> None:
    """Print the CPU seconds that calendars and pages take of the patients from `first` to before `end` of a list."""
    jobs, _ = different_patients(Path(table))
    site = named_text(SITE)
    columns, chosen, spent = columns_named(jobs), jobs[int(first) : int(end)], 0.0
    for begin in range(0, len(chosen), AT_ONCE):
        plans = [
            make_plan(job.with_texts().inputs(site, columns), datetime.fromisoformat(AS_OF), 1)
            for job in chosen[begin : begin + AT_ONCE]
        ]
        entries = [entries_of(plan, WHEN) for plan in plans]
        assert all(plan.feasible is not None for plan in plans)
        start = time.process_time()
        for plan, known in zip(plans, entries, strict=True):
            calendar_of(plan, known, WHEN)
            pages(plan, WHEN)
        spent += time.process_time() - start
    print(spent)
