"""What a line of the table is, and how it is measured: both sides in turn, in one run, by the CPU seconds they take.

A figure is the median of the ratios of interleaved rounds, after one round of both that is not counted, so that byte
code, templates and caches that a process keeps on disk are there on both sides. Seconds stand beside it only to be
plausible: they are those of the machine of the day.
"""

import os
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from benchmarks.patients import ROOT

Side = Callable[[], float]
"""One side of a line: does its work once and gives what it cost."""
SECONDS, ELAPSED, MEMORY = "CPU s", "elapsed s", "MiB"
PYTHON = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of a process that is measured: it may keep its byte code."""


class Line(NamedTuple):
    """A line of the table: its name, the ratio that is aimed at (None: shown only), the figure of the first version or
    of the usual way, and the work of both sides in a sentence each. `at_least`: the goal is a lower bound."""

    key: str
    name: str
    goal: float | None
    first: str
    ours: str
    other: str
    unit: str = SECONDS
    at_least: bool = False

    @property
    def aim(self) -> str:
        """The goal in words."""
        return "-" if self.goal is None else f"{'at least' if self.at_least else 'at most'} {self.goal:.3g}"

    def reached(self, found: float) -> bool | None:
        """Whether a figure is at the goal or better; None where there is none."""
        if self.goal is None:
            return None
        return found >= self.goal if self.at_least else found <= self.goal


class Sizes(NamedTuple):
    """How much is measured: rounds of what is quick and of what is slow, plans, patients of the ward and of
    the cohorts."""

    rounds: int
    slow: int
    plans: int
    ward: int
    cohort: int
    large: int


SHORT = Sizes(rounds=1, slow=1, plans=20, ward=4, cohort=52, large=0)
NORMAL = Sizes(rounds=5, slow=3, plans=100, ward=500, cohort=1_000, large=0)
FULL = NORMAL._replace(large=10_000)


class Result(NamedTuple):
    """A line with what was found: the median ratio, and the median cost of each side."""

    line: Line
    ratio: float
    ours: float
    other: float
    rounds: int


class Run:
    """One run: measures lines, prints each at once, and remembers what was found and what could not be measured."""

    def __init__(self, sizes: Sizes, lines: Iterable[Line], chosen: str = "") -> None:
        self.sizes, self.lines, self.chosen = sizes, {line.key: line for line in lines}, chosen
        self.results: list[Result] = []
        self.died: list[str] = []

    def part(self, measure: Callable[["Run"], None]) -> None:
        """One module's lines; where it dies, what it said is shown and the others go on."""
        try:
            measure(self)
        except Exception:
            traceback.print_exc()
            self.died.append(measure.__module__)

    def row(self, key: str, ours: Side, other: Side, rounds: int | None = None, *, warm: bool = True) -> None:
        """Measure a line: a round that is not counted, unless both sides are warm already, then both sides in turn."""
        if self.chosen not in ("", key):
            return
        line = self.lines[key]
        if warm:
            ours()
            other()
        pairs = [(ours(), other()) for _ in range(rounds or self.sizes.rounds)]
        ratio = statistics.median(a / b for a, b in pairs)
        first, second = (statistics.median(pair[n] for pair in pairs) for n in (0, 1))
        self.results.append(Result(line, ratio, first, second, len(pairs)))
        print(f"{line.name:<76} {ratio:8.3f}   goal {line.aim:<15} ({first:.4g} against {second:.4g} {line.unit})")
        print(f"    ours:  {line.ours}\n    other: {line.other}", flush=True)

    @property
    def missing(self) -> list[str]:
        """The lines that have no figure."""
        there = {result.line.key for result in self.results}
        return [key for key in self.lines if key not in there and self.chosen in ("", key)]


def _timed(clock: Callable[[], float], action: Callable[[], Any]) -> Side:
    def measure() -> float:
        start = clock()
        action()
        return clock() - start

    return measure


def spent(action: Callable[[], Any]) -> Side:
    """The CPU seconds that an action takes in this process."""
    return _timed(time.process_time, action)


def elapsed(action: Callable[[], Any]) -> Side:
    """The seconds until an action is done: for what waits for the disk, or works on several cores."""
    return _timed(time.perf_counter, action)


class Used(NamedTuple):
    """What a process and those it waited for have used: CPU seconds, the peak memory of the largest, in MiB; and the
    seconds until it ended."""

    seconds: float
    memory: float
    elapsed: float


_LAUNCHER = """
import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
"""A process begins with the peak memory of the one that started it: this one has the least that Python can have."""


def used(*arguments: str, allowed: tuple[int, ...] = (0,)) -> Used:
    """Run Python with these arguments. RuntimeError where it ends with another exit code: a process that died has done
    no work to be measured."""
    start = time.perf_counter()
    command = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=PYTHON, capture_output=True, text=True, errors="replace", check=True)
    code, seconds, memory = map(float, done.stdout.split())
    if code not in allowed:
        raise RuntimeError(f"{arguments} ended with {code:.0f}: {done.stderr[-2000:]}")
    return Used(seconds, memory, time.perf_counter() - start)


def process(*arguments: str, allowed: tuple[int, ...] = (0,)) -> Side:
    """The CPU seconds of a whole Python process."""
    return lambda: used(*arguments, allowed=allowed).seconds


def peak(*arguments: str, allowed: tuple[int, ...] = (0,)) -> Side:
    """The peak memory of a whole Python process, in MiB."""
    return lambda: used(*arguments, allowed=allowed).memory


def printed(*arguments: str) -> tuple[float, ...]:
    """The figures that a Python process prints on its last line."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=PYTHON, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}: {done.stderr[-2000:]}")
    return tuple(map(float, done.stdout.splitlines()[-1].split()))


CLICK = process("-c", "import click")
"""What many lines are divided by: starting Python and importing click, in the same run."""
CLICK_WORK = "a Python process that imports click and ends"
