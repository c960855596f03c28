"""What is kept: the cost of an act, and of whoever reads a ward of 500 with 20 revisions each, 10,000 real acts."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from msgspec.structs import replace

from benchmarks.measure import CLICK, CLICK_WORK, ELAPSED, MEMORY, Line, Run, Side, elapsed, printed, process, used
from benchmarks.patients import NOW, Lived, life, make_ward
from schedule.service.acts import perform
from schedule.service.create import Meta
from schedule.service.place import Store, open_ledger

APPENDED = "one act of a patient's life, kept durably: the act in the chain of hashes, and all that it gave beside it"
BARE = "as many bytes written to the end of a file that is there, and fdatasync"
WARD = "of 500 patients with 20 real acts each"
FIRST = "in a process that has shown one page without patients"
LINES = (
    Line("append", "appending one revision / a bare write and fdatasync", 1.5, "2 to 5 is usual", APPENDED, BARE, ELAPSED),
    Line("act", "one act whole / the same", None, "-",
         "the ledger opened, the plan before and after laid out, judged and kept durably, the ledger closed", BARE, ELAPSED),
    Line("board", "board of 500, first view after a restart / importing click", 6.25, "54 to 104",
         f"the board {WARD}, {FIRST}", CLICK_WORK),
    Line("shift", "shift of 500, first view after a restart / importing click", None, "-",
         f"the page of the shift {WARD}, {FIRST}", CLICK_WORK),
    Line("today", "`today` with 500 patients / importing click", 10.4, "79", f"`dayzero today` {WARD}", CLICK_WORK),
    Line("feed", "ward feed of 500 x 20 revisions, days only, first time / importing click", 20.8, "323 to 373",
         f"the days of the ward {WARD}, {FIRST}", CLICK_WORK),
    Line("feed-steps", "the same with every step / importing click", None, "-", f"every step {WARD}, {FIRST}", CLICK_WORK),
    Line("verify", "`verify` of 10,000 acts, whole / importing click", 208, "2,790",
         "`dayzero verify`: every hash, and every revision laid out again from its acts", CLICK_WORK),
    Line("verify-since", "`verify` since the last one / importing click", 20.8, "-",
         "`dayzero verify --since` the 20th act before the newest", CLICK_WORK),
    Line("verify-memory", "peak memory of `verify`, whole / 100 MiB", 1, "10.5", "the same process as above", "100 MiB", MEMORY),
    Line("patient", "patient page / importing click", 0.625, "1.1",
         "a patient's page in a process that has shown another's: median of 10 patients", CLICK_WORK),
    Line("what-if", "what-if / importing click", 0.83, "2.7",
         "the page with six weeks of possible days 0 of a patient ahead of the infusion: median of 10", CLICK_WORK),
    Line("history", "history of 20 revisions / importing click", 0.625, "2.3",
         "a patient's history in a process that has shown another's: median of 10 patients", CLICK_WORK),
)  # fmt: skip
ONE = 10
"""Patients whose pages are looked at, each for the first time."""


def measure(run: Run) -> None:
    _acts(run)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ward.sqlite"
        make_ward(ledger, run.sizes.ward)
        for what, rounds in (("board", 3), ("shift", 3), ("feed", 3), ("feed-steps", 1), *((one, 3) for one in PAGES)):
            run.row(what, _reader(ledger, what), CLICK, min(rounds, run.sizes.slow))
        store = ("--store", str(ledger))
        later = (NOW + timedelta(days=1)).date()
        run.row("today", process("cli.py", "today", "--date", f"{later}", *store), CLICK, run.sizes.slow)
        with closing(sqlite3.connect(ledger)) as acts:  # in the order in which they were done, of whichever patient
            (since,) = acts.execute("SELECT hash FROM acts ORDER BY id DESC LIMIT 1 OFFSET 20").fetchone()
        run.row("verify-since", process("cli.py", "verify", *store, "--since", since), CLICK, run.sizes.slow)
        whole = cache(lambda: used("cli.py", "verify", *store))
        run.row("verify", lambda: whole().seconds, CLICK, 1, warm=False)
        run.row("verify-memory", lambda: whole().memory, lambda: 100.0, 1, warm=False)


# One act -------------------------------------------------------------------------------------------------------------


def _acts(run: Run) -> None:
    """The same acts kept alone and done whole, each beside a bare write of as many bytes."""
    lived = life(20)
    rounds = 1 if run.sizes.rounds == 1 else 20 * run.sizes.rounds
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "bare").open("ab", buffering=0) as bare:
        size = [0]

        def write() -> None:
            bare.write(b"x" * size[0])
            os.fdatasync(bare.fileno())

        with open_ledger(Path(folder) / "kept.sqlite") as store:
            run.row("append", _appending(store, lived, size), elapsed(write), rounds)
        run.row("act", _acting(Path(folder), lived), elapsed(write), rounds)


def _appending(store: Store, lived: list[Lived], size: list[int]) -> Side:
    """Keep one act after the other, of one patient after the other; `size` is told how many bytes the last one was."""
    acts = ((number, one) for number in count() for one in lived)

    def measure() -> float:
        number, one = next(acts)
        act = replace(one.act, code=f"P-{number}", at=NOW)
        start = time.perf_counter()
        row = store.append(act, one.lasting, one.projection, {})
        spent = time.perf_counter() - start
        size[0] = len((row.content or "").encode())
        return spent

    return measure


def _acting(folder: Path, lived: list[Lived]) -> Side:
    """Do the acts of a life, each as a person does it on the ledger as it then is; the first plan is made aside."""
    acts: Iterator[tuple[Path, Lived]] = (
        (_begun(folder / f"act-{number}.sqlite"), one) if n == 0 else (folder / f"act-{number}.sqlite", one)
        for number in count()
        for n, one in enumerate(lived[1:])
    )

    def measure() -> float:
        path, one = next(acts)
        act = one.act
        meta = Meta(by=act.by, at=act.at, as_of=act.as_of, site_time=act.site_time, reason=act.reason)
        start = time.perf_counter()
        with open_ledger(path) as store:
            assert perform(store, act.code, act.deed, meta).row is not None
        return time.perf_counter() - start

    return measure


def _begun(path: Path) -> Path:
    """A ledger with the first plan of the life."""
    life(20, 1, path)
    return path


# Readers -------------------------------------------------------------------------------------------------------------

PAGES: dict[str, str] = {"patient": "/p/{}", "what-if": "/p/{}/slip", "history": "/p/{}/history"}
"""Pages of one patient: what they are called here, and their addresses."""


def _reader(ledger: Path, what: str) -> Side:
    """The CPU seconds of a reader, the first in a process of its own."""
    code = f"from benchmarks.keeping import once; once({str(ledger)!r}, {what!r})"
    return lambda: printed("-c", code)[0]


def once(ledger: str, what: str) -> None:
    """Read as a page or a feed is read, in this process, and print the CPU seconds; imports are done before."""
    from schedule.web.app import Settings, make_app

    settings = Settings(
        store=Path(ledger), site=None, protocols=(), user="b", proxy_header=None, hosts=frozenset({"localhost"}),
        origins=frozenset({"http://localhost"}), read_only=False, now=lambda: NOW, secret=b"x" * 32,
    )  # fmt: skip
    client = make_app(settings).test_client()

    def ask(path: str) -> Any:
        answer = client.get(path, headers={"Host": "localhost"})
        assert answer.status_code == 200, (path, answer.status)
        return answer

    ask("/protocols")
    if what in PAGES:
        codes = _ahead(Path(ledger))
        ask(PAGES[what].format(codes[0]))
        print(median(_spent(lambda code=code: ask(PAGES[what].format(code))) for code in codes[1:] or codes))
        return
    address = {"board": "/board", "shift": "/"}.get(what) or _feed(Path(ledger), what)
    found: list[Any] = []
    spent = _spent(lambda: found.append(ask(address)))
    with open_ledger(Path(ledger)) as store:
        codes = store.codes()
    assert what == "shift" or all(code in found[0].text for code in codes), "every patient is shown"
    print(spent)


def _spent(action: Callable[[], Any]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def _ahead(ledger: Path) -> list[str]:
    """Patients whose infusion is ahead, one to look at first and those that are measured."""
    with open_ledger(ledger) as store:
        zeros = {kept.act.code: store.newest(kept.act.code) for kept in store.newest_acts()}
    found = [code for code, row in zeros.items() if row and row.projection.standing.day_zero.on > NOW.date()]
    return found[: ONE + 1]


def _feed(ledger: Path, what: str) -> str:
    """The address of a new feed of the ward."""
    from schedule.service.feeds import make_feed
    from schedule.service.wards import all_wards

    level: Any = "minimal" if what == "feed" else "steps"
    with open_ledger(ledger) as store:
        (ward,) = all_wards(store)
        known: Any = {"label": "x", "expires": date(2199, 1, 1), "by": "b", "at": NOW}
        secret, _ = make_feed(store, code=None, ward=ward, level=level, **known)
    return f"/feed/{secret}/x.ics"
