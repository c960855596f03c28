"""In a file, nothing half-written, nothing acknowledged lost: kill -9 at every call of a slip, and power cuts.

Quick by default. DAYZERO_FULL=1 kills at every call and cuts 10,000 times. The product uses
SQLite's WAL only, so the other journal modes are not tried. Where strace or apsw is missing a test is skipped, except
where CI is set: there it fails.
"""

import os
import re
import shutil
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from shared.after_a_kill import wrong_after_a_kill
from shared.calendar_readers import missing
from shared.failures import said, told
from shared.forks import Forks, strace  # noqa: F401
from shared.slip_once import CODE, create_patient, slip

from schedule.ledger.codec import act_to_plain
from schedule.ledger.packed import projection_to_text
from schedule.ledger.sqlite import SqliteStore
from schedule.model.errors import NotDone
from schedule.model.kept import Row
from schedule.model.projection import Projection
from schedule.service.revisions import newest

FULL = bool(os.environ.get("DAYZERO_FULL"))
CALLS = (
    "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "unlink", "openat", "rename", "mkdir", "lseek", "fcntl", "close",
)  # fmt: skip
CHANGING = {"pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "rename", "mkdir"}
WORKERS = os.cpu_count() or 2


@pytest.fixture
def power_cut() -> Any:
    try:
        from shared import power_cut
    except ModuleNotFoundError as error:
        if error.name != "apsw":
            raise
        missing("apsw", "pip install apsw")
    return power_cut


def two_revisions(path: Path) -> None:
    with SqliteStore(path) as store:
        create_patient(store)
        slip(store, 1)


# kill -9


@dataclass(frozen=True)
class Point:
    """The n-th call of a name in the process, and the files it names there."""

    call: str
    number: int
    files: str


@dataclass
class Runs:
    """Slips in forks of one process under strace, in copies of one ledger."""

    forks: Forks
    base: Path
    scratch: Path

    def run(self, work: Path, *options: str) -> tuple[str, list[str]]:
        """One slip in a fresh copy: what it printed, and the calls it made."""
        shutil.copytree(self.base, work)
        return self.forks.run(self.scratch, work.name, CALLS, options, work / "ledger.sqlite", work / "out")

    def points(self) -> tuple[list[Point], str]:
        """Every call of a slip on the ledger or the files it writes, and the hash of the act that it makes."""
        work = self.scratch / "reference"
        output, calls = self.run(work)
        assert [line.split()[0] for line in output.splitlines()] == ["START", "ACK", "DONE"], output
        found, counted, begun = [], Counter[str](), False
        for line in calls:
            name = line.partition("(")[0]
            counted[name] += 1
            begun = begun or (name == "write" and '"START' in line)
            if begun and str(work) in line:
                found.append(Point(name, counted[name], files_in(line, work)))
        return found, output.split()[-1]


def some_of_each_row(points: list[Point]) -> list[Point]:
    """Of calls alike that follow one another on the same file the first, the one in the middle, and the last; of those
    that change nothing every third of these."""
    rows = [list(row) for _, row in groupby(points, lambda point: (point.call, point.files))]
    some = [row[n] for row in rows for n in sorted({0, len(row) // 2, len(row) - 1})]
    return [point for n, point in enumerate(some) if point.call in CHANGING or n % 3 == 0]


def files_in(line: str, work: Path) -> str:
    """The files that a call is given, but for what changes from run to run."""
    given = line.rpartition(") = ")[0] or line
    paths = re.findall(rf"{re.escape(str(work))}([^\">]*)", given)
    return " ".join(re.sub(r"\.rev-(\d+)-\w+", r".rev-\1-x", path) for path in paths)


def what_is_wrong(work: Path, output: str, expected: Row, before: int) -> list[str]:
    """Everything that a killed slip has broken; nothing, if all is well."""
    wrong = []
    ledger, out = work / "ledger.sqlite", work / "out"
    plain = sqlite3.connect(ledger)
    if (state := plain.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
        wrong.append(f"integrity_check: {state}")
    plain.close()
    return wrong + wrong_after_a_kill(ledger, out, output, expected, before)


def closed_ledger(base: Path) -> int:
    base.mkdir()
    two_revisions(base / "ledger.sqlite")
    return 2


def ledger_left_by_a_kill(base: Path) -> int:
    """Its last act is in the -wal alone, as a process leaves it that was killed: the next one has to recover it."""
    base.mkdir()
    aside = base.with_name("aside.sqlite")
    two_revisions(aside)
    with SqliteStore(aside) as store:
        slip(store, 2)
        for suffix in ("", "-wal"):
            shutil.copy(f"{aside}{suffix}", base / f"ledger.sqlite{suffix}")
    return 3


@pytest.mark.parametrize("make", [closed_ledger, ledger_left_by_a_kill], ids=["closed ledger", "ledger left by a kill"])
def test_a_slip_killed_at_any_call_is_whole_or_not_there_and_what_was_acknowledged_is_kept(
    make: Any, strace: str, tmp_path: Path, record_property: Any
) -> None:
    base, rehearsed = tmp_path / "base", tmp_path / "rehearsed"
    before = make(base)
    shutil.copytree(base, rehearsed)
    rehearsal = rehearsed / "ledger.sqlite", rehearsed / "out"
    with Forks(strace, "shared.slip_once", "slip_in_a_file", *rehearsal) as forks, ThreadPoolExecutor(WORKERS) as pool:
        runs = Runs(forks, base, tmp_path)
        points, expected_hash = runs.points()
        with SqliteStore(tmp_path / "reference" / "ledger.sqlite") as store:
            expected = newest(store, CODE)
        assert expected.hash == expected_hash
        assert {"pwrite64", "fdatasync", "openat", "mkdir", "rename", "write", "close"} <= {one.call for one in points}
        asked = points if make is closed_ledger else [point for point in points if "ledger" in point.files]
        tried = points if FULL else some_of_each_row(asked)

        def kill(number: int) -> tuple[Point, bool, list[str]]:
            point, work = tried[number], tmp_path / f"kill-{number}"
            output, calls = runs.run(work, "-e", f"inject={point.call}:signal=SIGKILL:when={point.number}")
            hit = (
                "+++ killed by SIGKILL" in calls[-1]
                and calls[-2].startswith(point.call)
                and files_in(calls[-2], work) == point.files
            )
            wrong = what_is_wrong(work, output, expected, before)
            shutil.rmtree(work)
            return point, hit, wrong

        results = list(pool.map(kill, range(len(tried))))
    record_property("kill points", f"{len(tried)} of {len(points)}")
    print(f"{len(tried)} of {len(points)} kill points")
    assert len(tried) >= (100 if FULL else 20)
    assert [(point, wrong) for point, _, wrong in results if wrong] == []
    assert [point for point, hit, _ in results if not hit] == [], "the call there was another one"


# power cuts


def kept_acts(path: Path, count: int) -> tuple[list[tuple[Row, Projection]], dict[str, str]]:
    """The acts of a real ledger with what they gave, and their texts, to be appended again and again."""
    with SqliteStore(path) as store:
        create_patient(store)
        for second in range(1, count):
            slip(store, second)
        texts = dict(store.connection.execute("SELECT sha256, text FROM texts"))
        return [(row, row.projection) for row in store.history(CODE)], texts


@dataclass
class Bench:
    """Appends the same acts over and over on a disk whose power is cut at a given operation, and reads what is left."""

    power_cut: Any
    monkeypatch: Any
    scratch: Path
    rows: list[tuple[Row, Projection]]
    texts: dict[str, str]
    base: bytes | None
    synchronous: str = "FULL"
    fold: int = 1000

    @property
    def first(self) -> int:
        """How many acts are in the ledger before."""
        return 2 if self.base is not None else 0

    def append(self, cut_at: int | None) -> tuple[Any, int]:
        """The disk after the cut, and how many acts had been acknowledged."""
        work = self.scratch / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        disk, acknowledged = self.power_cut.Disk(cut_at), self.first
        if self.base is not None:
            (work / "ledger.sqlite").write_bytes(self.base)
            disk.put("ledger.sqlite", self.base)
        with (
            self.power_cut.on_a_disk(disk, self.monkeypatch, self.synchronous, self.fold),
            SqliteStore(work / "ledger.sqlite") as store,
        ):
            for row, gave in self.rows[self.first :]:
                store.append(row.act, row.lasting, gave, self.texts)
                acknowledged += not disk.dead
                if disk.dead:
                    break
        return disk, acknowledged

    def found(self, survivors: dict[str, bytes], acknowledged: int) -> str | None:
        """What is wrong with what the power cut has left, or None."""
        left = self.scratch / "left"
        shutil.rmtree(left, ignore_errors=True)
        left.mkdir()
        for name, data in survivors.items():
            (left / name).write_bytes(data)
        try:
            with SqliteStore(left / "ledger.sqlite") as store:
                if faults := store.faults():
                    return f"damaged: {told(faults)[0]}"
                hashes = [kept.hash for kept in store.chain()]
                if hashes != [row.hash for row, _ in self.rows[: len(hashes)]]:
                    return "damaged: other acts"
                if len(hashes) < acknowledged:
                    return "lost"
                if len(hashes) > acknowledged + 1:
                    return "damaged: acts out of nowhere"
                for row, gave in self.rows[len(hashes) :][:1]:
                    store.append(row.act, row.lasting, gave, self.texts)
        except NotDone as error:
            return f"damaged: {said(error)}"
        return None

    def cut(self, times: int) -> Counter[str]:
        """Cut at every operation, several times each, at least `times` in all; "whole", "lost" or "damaged"."""
        operations = self.append(None)[0].operations
        results: Counter[str] = Counter()
        rounds = -(-times // operations)
        for cut_at in range(1, operations + 1):
            disk, acknowledged = self.append(cut_at)
            for chance in range(rounds):
                wrong = self.found(disk.survivors(Random(f"{cut_at} {chance}")), acknowledged)
                results[wrong.partition(":")[0] if wrong else "whole"] += 1
        return results


@pytest.fixture
def bench(power_cut: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    def make(*, fresh: bool = False, synchronous: str = "FULL", fold: int = 1000) -> Bench:
        rows, texts = kept_acts(tmp_path / "acts.sqlite", 5 if fresh else 8)
        contents = {id(gave): projection_to_text(gave) for _, gave in rows}  # written once: it is the disk that is tried
        monkeypatch.setattr("schedule.ledger.act_keeping.projection_to_text", lambda gave: contents[id(gave)])
        acts = {id(row.act): act_to_plain(row.act, row.lasting) for row, _ in rows}
        monkeypatch.setattr("schedule.ledger.act_keeping.act_to_plain", lambda act, _: acts[id(act)])
        base = None
        if not fresh:
            with SqliteStore(tmp_path / "base.sqlite") as store:
                for row, gave in rows[:2]:
                    store.append(row.act, row.lasting, gave, texts)
            base = (tmp_path / "base.sqlite").read_bytes()
        return Bench(power_cut, monkeypatch, tmp_path, rows, texts, base, synchronous, fold)

    return make


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="a ledger in use"),
        pytest.param({"fold": 8}, id="a ledger whose log is folded in after every act"),
        pytest.param({"fresh": True}, id="a ledger being made"),
    ],
)
def test_a_power_cut_leaves_no_act_half_written_and_loses_none_that_was_acknowledged(
    how: dict[str, Any], bench: Any, record_property: Any
) -> None:
    times = 4_000 if FULL else 600
    results = bench(**how).cut(times)
    record_property("power cuts", dict(results))
    print(f"{results.total()} power cuts: {dict(results)}")
    assert results.total() >= times
    assert set(results) == {"whole"}


@pytest.mark.parametrize(("synchronous", "seen"), [("OFF", "damaged"), ("NORMAL", "lost")])
def test_the_power_cuts_are_seen_to_do_harm_where_the_disk_is_not_waited_for(
    synchronous: str, seen: str, bench: Any
) -> None:
    results = bench(synchronous=synchronous).cut(200)
    print(f"synchronous={synchronous}, {results.total()} power cuts: {dict(results)}")
    assert results[seen] > 0
    assert results["lost"] > 0
    assert results["whole"] > 0
