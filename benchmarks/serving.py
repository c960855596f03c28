"""A calendar program asks again: a feed that has not changed, by the real server, and by the same server's bare WSGI."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.measure import PYTHON, Line, Run
from benchmarks.patients import NOW, ROOT, make_ward
from schedule.service.feeds import make_feed
from schedule.service.place import open_ledger

LINES = (
    Line("unchanged", "a feed answered 304 / the same server's constant reply", 1.2, "2 is usual",
         "`dayzero serve`, asked for a patient's feed with its tag, each time on a new connection: the ledger's newest hashes "
         "are looked up, the time of the fetch is noted, and a line is logged",
         "the same server with a bare WSGI function that always answers 304, asked in the same way"),
)  # fmt: skip
REQUESTS = 300


def measure(run: Run) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ward.sqlite"
        make_ward(ledger, min(run.sizes.ward, 20))
        with open_ledger(ledger) as store:
            known = {"label": "x", "expires": date(2199, 1, 1), "by": "b", "at": NOW}
            secret, _ = make_feed(store, code="P-1", level="steps", **known)  # type: ignore[arg-type]
        requests = REQUESTS if run.sizes.rounds > 1 else 30
        path = f"/feed/{secret}/x.ics"
        with (
            serving("cli.py", "serve", "--store", str(ledger), "--port") as ours,
            serving("-m", "benchmarks.constant") as other,
        ):
            tag = _asked(ours[1], path)[1]
            run.row("unchanged", _cost(ours, path, tag, requests), _cost(other, path, tag, requests), run.sizes.rounds)


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[int, int]]:
    """A server that takes its port as the last argument: its process, and the port at which it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT, "env": PYTHON}
    process = subprocess.Popen([sys.executable, *arguments, str(port)], **quiet)  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 30
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{arguments} does not answer")
            time.sleep(0.02)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(20)


def _asked(port: int, path: str, tag: str = "") -> tuple[int, str]:
    """Status and tag of an answer, on a connection of its own, as calendar programs ask."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Connection": "close", **({"If-None-Match": tag} if tag else {})})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers["ETag"] or ""


def _cost(server: tuple[int, int], path: str, tag: str, requests: int) -> Callable[[], float]:
    """The CPU seconds that a server takes for so many requests."""
    pid, port = server

    def measure() -> float:
        start = cpu_of(pid)
        for _ in range(requests):
            assert _asked(port, path, tag) == (304, tag)
        return cpu_of(pid) - start

    return measure


def cpu_of(pid: int) -> float:
    """The CPU seconds that a process has taken so far: the clock that Linux keeps for each (CLOCK_PROCESS of a pid)."""
    return time.clock_gettime((~pid << 3) | 2)
