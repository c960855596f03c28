"""A soak of `dayzero serve`: `python -m benchmarks.soak 10`, in minutes, from the project's folder.

Eight clients on real HTTP read the pages of a ward and act among the reads; each second the server's resident memory,
its open descriptors and its threads are noted. The criterion was stated before anything was measured:

- every act that was acknowledged is in the ledger, once, with its own words, nothing else is, and `dayzero verify`
  calls the ledger whole;
- no request is answered by 5xx, and none is left without an answer;
- a line through the second half of the time rises by less than 1 descriptor; no thread is added; and after the clients
  have left there are no more descriptors than when they came, but for two for each client (SQLite closes a file later
  while another connection of the process has locks on it);
- a line through the resident memory of the second half rises by less than 3 % of its mean over that half.

Before the time begins every thread has answered a feed, since each keeps a connection for feeds, and all clients have
asked for a long page at once, since SQLite keeps as many files open as connections were ever at work together.

Ends with 1 where one of these does not hold.
"""

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.patients import CASE, ROOT, SHIPPED, SITE, ZERO, moved
from schedule.files.case_file import read_case
from schedule.model.acts import Act, Note
from schedule.model.text import sha256
from schedule.service.create import Meta, create
from schedule.service.feeds import make_feed
from schedule.service.inputs import Inputs, open_case, site_time
from schedule.service.place import open_ledger
from schedule.service.wards import all_wards
from schedule.web.server import THREADS

CLIENTS, PATIENTS = 8, 40
ACTS = 0.1
"""The part of what a client does that is an act; each of these is three requests: the form, its check, the save."""
THOUGHT = 0.4
"""The most seconds between two things that a client does."""
RISE = 0.03
"""The part of its mean by which the resident memory may rise over the second half."""


# The ward ------------------------------------------------------------------------------------------------------------


def make_ward(path: Path, patients: int = PATIENTS) -> list[str]:
    """A ledger of patients around today, one a day; the secrets of the ward's feeds and of some patients'."""
    opened, now = open_case(CASE, SITE), datetime.now(UTC).replace(microsecond=0)
    shared = {sha256(text): text for text in (SHIPPED.read_text("utf-8"), SITE.read_text("utf-8"))}
    wall = site_time(now, opened.site)
    with open_ledger(path) as store:
        for number in range(patients):
            planned = wall.date() + timedelta(days=number % 30 - 8)
            text = moved(CASE.read_text("utf-8"), (planned - ZERO).days, f"S-{number}")
            case = read_case(text, "case", opened.protocol, opened.site)
            inputs = Inputs(protocol=opened.protocol, site=opened.site, case=case)
            create(store, inputs, shared | {sha256(text): text}, Meta(by="soak", at=now, as_of=wall, site_time=wall))
        (ward,) = all_wards(store)
        known: Any = {"expires": date(2199, 1, 1), "by": "soak", "at": now}
        asked = [(code, level) for code in (None, "S-1", "S-2", "S-3") for level in ("minimal", "steps")]
        return [
            make_feed(store, label=f"feed {n}", code=code, ward=ward, level=level, **known)[0]
            for n, (code, level) in enumerate(asked)
        ]


@contextmanager
def server(store: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`dayzero serve` on a ledger: the process, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "cli.py", "serve", "--store", str(store), "--port", str(port), "--user", "soak"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


# The clients ---------------------------------------------------------------------------------------------------------


class Fields(HTMLParser):
    """The fields of a page's form, as a browser has them, and the choices of each group of options."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "button" and name == "to":
            self.options.setdefault(name, []).append(found["value"])
        if tag != "input" or not name or kind in ("checkbox", "file"):
            return
        if kind == "radio":
            self.options.setdefault(name, []).append(found["value"])
        if kind != "radio" or "checked" in found:
            self.fields[name] = found.get("value", "")


Form = tuple[str, Callable[[Fields], dict[str, str]]]
"""The address of an act's form, and what is typed into it."""


class Kept(NamedTuple):
    """An act that was acknowledged: whose, the revision that the answer named, and words that no other act has."""

    code: str
    revision: int
    words: str


class Client:
    """One person at a browser: reads pages, and now and then acts; one connection, as a browser keeps it."""

    def __init__(self, number: int, port: int, feeds: list[str], codes: list[str], ended: threading.Event) -> None:
        self.number, self.port, self.feeds, self.codes, self.ended = number, port, feeds, codes, ended
        self.random = random.Random(number)
        self.kept: list[Kept] = []
        self.statuses: Counter[str] = Counter()
        self.unanswered: list[str] = []
        self.cookie, self.tags = "", dict[str, str]()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        """Until the time is over."""
        while not self.ended.is_set():
            self.ended.wait(self.random.random() * THOUGHT)
            try:
                if self.random.random() < ACTS:
                    self.act(self.random.choice(self.codes), self.random.choice(self.deeds))
                else:
                    self.read()
            except (OSError, http.client.HTTPException) as error:
                self.unanswered.append(repr(error))
                self.connection.close()
        self.connection.close()

    def ask(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> tuple[int, str, str]:
        """Status, body and Location of an answer."""
        sent = {"Cookie": self.cookie, **headers} if self.cookie else dict(headers)
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            origin = f"http://127.0.0.1:{self.port}"
            sent |= {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
        method = "GET" if form is None else "POST"
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.headers["Set-Cookie"]:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        if answer.headers["ETag"]:
            self.tags[path] = answer.headers["ETag"]
        self.statuses[f"{answer.status // 100}xx" if answer.status != 304 else "304"] += 1
        if answer.status >= 500:
            self.unanswered.append(f"{answer.status} to {method} {path}: {' '.join(text.split())[-400:]}")
        return answer.status, text, answer.headers["Location"] or ""

    @staticmethod
    def paths(code: str, secret: str) -> tuple[str, ...]:
        """What is read of a patient and of a feed; what is read oftener stands there oftener."""
        feed = f"/feed/{secret}/x.ics"
        return (
            "/", "/board", "/board?wall", f"/p/{code}", f"/p/{code}", f"/p/{code}/history", f"/p/{code}/slip",
            f"/p/{code}/rev-1/sheets.html", f"/p/{code}/rev-1/calendar.ics", f"/p/{code}/day", "/sheets/today.html",
            feed, feed, feed, "/css/web.css", "/sheet?code=1234", f"/p/{code}/record", "/p/NOBODY",
        )  # fmt: skip

    def read(self) -> None:
        """One of the pages, sheets and feeds."""
        path = self.random.choice(self.paths(self.random.choice(self.codes), self.random.choice(self.feeds)))
        known = {"If-None-Match": self.tags[path]} if path in self.tags and self.random.random() < 0.7 else {}
        self.ask(path, **known)

    @property
    def deeds(self) -> tuple[Callable[[str, str], Form], ...]:
        """The kinds of acts."""
        return self._note, self._record, self._slip

    def act(self, code: str, deed: Callable[[str, str], Form]) -> None:
        """One act as a person does it: the form, its check, and the save, which names the revision that it made."""
        words = f"soak {self.number} {time.monotonic_ns()}"
        path, typed = deed(code, words)
        _, page, _ = self.ask(path)
        shown = Fields(page)
        entered = typed(shown)
        _, checked, _ = self.ask(path, {**shown.fields, **entered, "do": "check"})
        found = Fields(checked).fields
        if "checked" not in found:
            self.statuses["not saved"] += 1
            return
        beside = self._beside(found, words)
        status, _, to = self.ask(path, {**found, **entered, **beside, "confirm": code, "do": "save"})
        if status == 303:
            self.kept.append(Kept(code, int(to.rpartition("/")[2]), words))
        self.statuses["act" if status == 303 else "not saved"] += 1

    @staticmethod
    def _beside(found: Mapping[str, str], words: str) -> dict[str, str]:
        """What is typed beside the patient's code, where a move asks for it."""
        more = {"decision": "allowed", "by": "PI"} if "by" in found else {}
        return {**more, "reason": words} if "reason" in found else more

    def _note(self, code: str, words: str) -> Form:
        return f"/p/{code}/note", lambda _: {"text": words}

    def _record(self, code: str, words: str) -> Form:
        event = self.random.choice(("fludarabine-1", "cyclophosphamide-1", "fludarabine-2", "weight-1", "weight-2"))

        def typed(page: Fields) -> dict[str, str]:
            days = [day for day in page.options.get("when-is", []) if day != "date"]
            return {"outcome": "given", "when-is": days[0] if days else "", "reason": words}

        return f"/p/{code}/record/{event}", typed

    def _slip(self, code: str, words: str) -> Form:
        def typed(page: Fields) -> dict[str, str]:
            days = page.options.get("to", [])
            return {"day": self.random.choice(days) if days else "", "cause": "illness", "repeat": "no"}

        return f"/p/{code}/slip", typed


# The server, seen from outside ---------------------------------------------------------------------------------------


class Sample(NamedTuple):
    """What the server has at a moment, in seconds from the first: resident memory in MiB, descriptors, threads."""

    at: float
    memory: float
    descriptors: int
    threads: int


def sample(pid: int, start: float) -> Sample:
    folder = Path(f"/proc/{pid}")
    pages = int((folder / "statm").read_text().split()[1])
    threads = len(os.listdir(folder / "task"))
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return Sample(time.monotonic() - start, memory, len(os.listdir(folder / "fd")), threads)


def rise(points: list[tuple[float, float]]) -> float:
    """By how much the line through the points rises from the first to the last."""
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    squares = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / squares if squares else 0.0
    return slope * (points[-1][0] - points[0][0])


class Soaked(NamedTuple):
    """What a soak has seen."""

    before: Sample
    samples: list[Sample]
    after: Sample
    kept: list[Kept]
    statuses: Counter[str]
    unanswered: list[str]
    lost: list[Kept]
    unasked: int
    whole: bool
    clients: int

    @property
    def second_half(self) -> list[Sample]:
        return [one for one in self.samples if one.at >= self.samples[-1].at / 2]

    def rise_of(self, what: str) -> float:
        """By how much the line through the second half rises."""
        return rise([(one.at, getattr(one, what)) for one in self.second_half])

    @property
    def mean_memory(self) -> float:
        return sum(one.memory for one in self.second_half) / len(self.second_half)

    @property
    def wrong(self) -> list[str]:
        """What of the criterion does not hold; of what only minutes can show by `rising`."""
        found = [f"lost: {one}" for one in self.lost]
        found += [f"{self.unasked} acts that nobody was told of"] if self.unasked else []
        found += [] if self.whole else ["the ledger is not whole"]
        found += [f"no answer: {one}" for one in self.unanswered]
        found += ["no act was saved"] if not self.kept else []
        if self.after.descriptors > self.before.descriptors + 2 * self.clients:
            found.append(f"{self.before.descriptors} descriptors before, {self.after.descriptors} after")
        if max(one.threads for one in self.samples) > self.before.threads:
            found.append("threads were added")
        return found

    @property
    def rising(self) -> list[str]:
        """What of the criterion's two lines does not hold."""
        part, descriptors = self.rise_of("memory") / self.mean_memory, self.rise_of("descriptors")
        found = [f"memory rises by {part:.1%} of its mean over the second half"] if part >= RISE else []
        return found + ([f"descriptors rise by {descriptors:.1f}"] if descriptors >= 1 else [])


def soak(folder: Path, seconds: float, patients: int = PATIENTS, clients: int = CLIENTS) -> Soaked:
    """A soak of so many seconds, on a new ledger in that folder."""
    store, ended, start = folder / "ledger.sqlite", threading.Event(), time.monotonic()
    feeds, codes = make_ward(store, patients), [f"S-{number}" for number in range(patients)]
    with server(store) as (process, port):
        made = [Client(number, port, feeds, codes, ended) for number in range(clients)]
        warm(made, feeds[0])
        before = settled(process.pid, start)
        threads = [threading.Thread(target=one.run) for one in made]
        for thread in threads:
            thread.start()
        samples = []
        until = time.monotonic() + seconds
        while time.monotonic() < until and process.poll() is None:
            samples.append(sample(process.pid, start))
            time.sleep(min(1.0, seconds / 20))
        ended.set()
        for thread in threads:
            thread.join()
        if process.poll() is not None:
            raise RuntimeError(f"the server ended meanwhile, with {process.returncode}")
        after = settled(process.pid, start)
    kept = [one for client in made for one in client.kept]
    statuses = sum((client.statuses for client in made), Counter[str]())
    lost, unasked = compared(store, kept)
    checked = subprocess.run(
        [sys.executable, "cli.py", "verify", "--store", str(store)], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    return Soaked(
        before, samples, after, kept, statuses, [one for client in made for one in client.unanswered], lost, unasked,
        checked.returncode == 0, clients,
    )  # fmt: skip


def warm(clients: list[Client], feed: str) -> None:
    """Let every thread answer a feed, and then all clients ask for the longest page at once, again and again."""
    for _ in range(2 * THREADS):
        clients[0].ask(f"/feed/{feed}/x.ics")
    gate = threading.Barrier(len(clients))

    def together(client: Client) -> None:
        for _ in range(5):
            gate.wait()
            client.ask("/sheets/today.html")

    threads = [threading.Thread(target=together, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def settled(pid: int, start: float) -> Sample:
    """What the server has once nobody is connected: the least descriptors within 3 seconds."""
    found = [sample(pid, start)]
    for _ in range(30):
        time.sleep(0.1)
        found.append(sample(pid, start))
    return min(found, key=lambda one: (one.descriptors, -one.at))


def compared(path: Path, kept: list[Kept]) -> tuple[list[Kept], int]:
    """The acts that were acknowledged and do not stand in the ledger once, as they were; how many stand there that
    nobody was told of."""
    with open_ledger(path) as store:
        acts = [one.act for one in store.chain() if one.act.revision > 1]
    there = Counter(Kept(act.code, act.revision, _words_of(act)) for act in acts)
    return [one for one in kept if there[one] != 1], sum((there - Counter(kept)).values())


def _words_of(act: Act) -> str:
    return act.deed.text if isinstance(act.deed, Note) else act.reason


def report(found: Soaked) -> str:
    """What was seen, in lines."""
    half, last = found.second_half, found.samples[-1]
    steps = [found.samples[len(found.samples) * part // 10] for part in range(10)] + [last]
    lines = [
        f"{len(found.samples)} samples in {last.at - found.samples[0].at:.0f} s",
        f"answers: {', '.join(f'{name} {count}' for name, count in sorted(found.statuses.items()))}",
        f"acts acknowledged: {len(found.kept)}; lost: {len(found.lost)}; nobody was told of: {found.unasked}; "
        f"the ledger is {'whole' if found.whole else 'NOT whole'}",
        f"resident memory, MiB: {' '.join(f'{one.memory:.0f}' for one in steps)}; over the second half the line rises "
        f"by {found.rise_of('memory'):.2f} of {found.mean_memory:.0f}",
        f"descriptors: before {found.before.descriptors}, at most {max(one.descriptors for one in found.samples)}, after "
        f"{found.after.descriptors}; over the second half the line rises by {rise([(s.at, s.descriptors) for s in half]):.2f}",
        f"threads: before {found.before.threads}, at most {max(one.threads for one in found.samples)}",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="A soak of `dayzero serve`: eight clients, acts among reads.")
    parser.add_argument("minutes", type=float, nargs="?", default=10.0)
    parser.add_argument("--samples", type=Path, metavar="FILE.json", help="Write every sample, too.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), arguments.minutes * 60)
    if arguments.samples is not None:
        arguments.samples.write_text(json.dumps([one._asdict() for one in found.samples]), encoding="utf-8")
    print(report(found))
    wrong = [*found.wrong, *found.rising]
    print("\n".join(wrong) if wrong else "the criterion holds")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
