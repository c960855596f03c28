"""Speed as ratios inside one run: `python -m benchmarks`, from the project's folder; `--full` adds 10,000 patients.

Each line times two things in interleaved rounds and prints the median of their ratio beside the goal. Machines are noisy;
seconds are printed only to be plausible. Nothing here is a test: a benchmark never fails.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
WHEN = datetime(2026, 5, 26, 12, 0, tzinfo=UTC)
AS_OF = datetime(2026, 5, 26, 8, 0)


def ratio(name: str, goal: str, ours: Callable[[], float], other: Callable[[], float], rounds: int) -> None:
    """Run both in turn and print the median ratio of their costs."""
    pairs = [(ours(), other()) for _ in range(rounds)]
    found = statistics.median(a / b for a, b in pairs)
    first, second = (statistics.median(pair[n] for pair in pairs) for n in (0, 1))
    print(f"{name:<78} {found:6.2f}   goal {goal:<8} ({first:.4g} against {second:.4g})", flush=True)


def timed(action: Callable[[], Any]) -> Callable[[], float]:
    """How many seconds an action takes."""

    def measure() -> float:
        start = time.perf_counter()
        action()
        return time.perf_counter() - start

    return measure


def process(*arguments: str, memory: bool = False) -> Callable[[], float]:
    """The CPU seconds of a whole process, or its peak memory in MiB."""

    def measure() -> float:

        child = subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_maxrss / 1024 if memory else used.ru_utime + used.ru_stime

    return measure


def cold(rounds: int) -> None:
    """A cold command against a process that only imports what it cannot do without."""
    floor = ("-c", "import click, jinja2, icalendar")
    with tempfile.TemporaryDirectory() as folder:
        count = iter(range(10_000))

        def plan(memory: bool = False) -> Callable[[], float]:
            def measure() -> float:
                there = Path(folder) / str(next(count))
                case, site = str(EXAMPLES / "ciml-017.toml"), str(EXAMPLES / "site.toml")
                store = ("--store", str(there / "ledger.sqlite"))
                return process("cli.py", "plan", case, "--site", site, "--out", str(there), *store, memory=memory)()

            return measure

        ratio(
            "cold `plan`, all files and the durable write / importing the libraries",
            "<= 1.5",
            plan(),
            process(*floor),
            rounds,
        )
        ratio("  peak memory of the same", "<= 1.3", plan(memory=True), process(*floor, memory=True), 3)
        store = str(Path(folder) / "slip.sqlite")
        case, site = str(EXAMPLES / "ciml-017.toml"), str(EXAMPLES / "site.toml")
        base = (sys.executable, "cli.py")
        quiet: dict[str, Any] = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "check": False}
        subprocess.run([*base, "plan", case, "--site", site, "--out", folder, "--store", store], **quiet)
        slip = (
            "cli.py",
            "slip",
            "CIML-017",
            "--to",
            "2026-06-16 10:00",
            "--as-of",
            "2026-06-12 08:00",
            "--dry-run",
            "--store",
            store,
        )
        ratio("cold `slip --dry-run` / importing the libraries", "-", process(*slip), process(*floor), rounds)


def sample_plans(count: int) -> list[Any]:
    """Plans of different patients, twenty to a day 0 as in a cohort of ten thousand within two years: most lines repeat."""
    from msgspec.structs import replace

    from schedule.engine.plan import lay_out
    from schedule.service.inputs import open_case

    inputs = open_case(EXAMPLES / "ciml-017.toml", EXAMPLES / "site.toml")
    plans = []
    for number in range(count):
        day = date(2026, 6, 15) + timedelta(days=number % max(1, count // 20))
        case = replace(inputs.case, code=f"P-{number}", planned_day_zero=day, planned_moment=None)
        plans.append(lay_out(inputs.protocol, inputs.site, case, AS_OF))
    return plans


def calendars(rounds: int) -> None:
    """Writing calendars in bulk, against the library as its manual shows it and against string formatting."""
    from icalendar import Calendar, Event

    from schedule.engine.entries import entries_of
    from schedule.engine.plan import lay_out
    from schedule.model import ids as identities
    from schedule.output import ics
    from schedule.pages.calendar import worded

    plans = sample_plans(200)
    rows = [worded(entries_of(plan, WHEN)) for plan in plans]
    ids = [plan.schedule_id for plan in plans]

    def forget() -> None:
        for cached in (ics._text, ics._date, ics._moment, ics._duration):
            cached.cache_clear()

    def bulk(n: int = 200) -> None:
        forget()
        for entries, schedule_id in zip(rows[:n], ids[:n], strict=True):
            ics.calendar(entries, schedule_id=schedule_id, name="n", description="d")

    def manual(n: int = 20) -> None:
        for entries, schedule_id in zip(rows[:n], ids[:n], strict=True):
            calendar = Calendar()
            calendar.add("prodid", "-//x//x//EN")
            calendar.add("version", "2.0")
            for entry in entries:
                event = Event()
                event.add("uid", identities.entry_uid(schedule_id, entry.id))
                event.add("dtstamp", entry.changed)
                event.add("last-modified", entry.changed)
                event.add("sequence", entry.since - 1)
                event.add("dtstart", entry.start or entry.first)
                event.add("dtend", entry.end or entry.last + timedelta(days=1))
                event.add("summary", entry.title)
                event.add("description", entry.text)
                event.add("categories", [entry.kind])
                event.add("status", "CONFIRMED")
                event.add("transp", "TRANSPARENT")
                calendar.add_component(event)
            calendar.to_ical()

    def escape(text: str) -> str:
        return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")

    def formatted(n: int = 200) -> None:
        for entries, schedule_id in zip(rows[:n], ids[:n], strict=True):
            lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
            for entry in entries:
                end = entry.last + timedelta(days=1)
                lines.append(
                    f"BEGIN:VEVENT\r\nUID:{uuid.uuid5(schedule_id, entry.id)}\r\nDTSTAMP:{entry.changed:%Y%m%dT%H%M%SZ}\r\n"
                    f"LAST-MODIFIED:{entry.changed:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:{entry.since - 1}\r\n"
                    f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}\r\nDTEND;VALUE=DATE:{end:%Y%m%d}\r\n"
                    f"SUMMARY:{escape(entry.title)}\r\nDESCRIPTION:{escape(entry.text)}\r\nCATEGORIES:{entry.kind}\r\n"
                    "STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT"
                )
            "\r\n".join(lines).encode()

    per = timed(bulk)
    ratio(
        "writing .ics in bulk / icalendar as its manual shows it", "<= 0.083", lambda: per() / 10, timed(manual), rounds
    )
    ratio(
        "  one single plan, nothing kept from before",
        "<= 0.29",
        timed(lambda: bulk(1)),
        timed(lambda: manual(1)),
        rounds * 3,
    )
    ratio("  in bulk / plain string formatting", "<= 3.5", timed(bulk), timed(formatted), rounds)

    def one_calendar(n: int = 20) -> None:
        for plan in plans[:n]:
            forget()
            ics.calendar(worded(entries_of(plan, WHEN)), schedule_id=plan.schedule_id, name="n", description="d")

    def lay_out_some(n: int = 20) -> None:
        for plan in plans[:n]:
            lay_out(plan.protocol, plan.site, plan.case, AS_OF)

    ratio(
        "one patient's calendar: entries, words and bytes, nothing kept / laying out the plan",
        "<= 1",
        timed(one_calendar),
        timed(lay_out_some),
        rounds,
    )

    def lay_out_all() -> None:
        for plan in plans:
            lay_out(plan.protocol, plan.site, plan.case, AS_OF)

    ratio(
        "laying out a plan, every rule and feasible day 0 / writing its .ics in bulk",
        "<= 1",
        timed(lay_out_all),
        timed(bulk),
        rounds,
    )
    generator(rows, bulk, rounds)


def generator(rows: list[Any], bulk: Callable[[], None], rounds: int) -> None:
    """The same against ical-generator of npm, where it is installed: `npm ci --prefix benchmarks`."""
    if shutil.which("node") is None or not (ROOT / "benchmarks/node_modules/ical-generator").is_dir():
        print("  in bulk / ical-generator: not measured; install node, then: npm ci --prefix benchmarks")
        return
    events = [
        [
            {
                "id": e.id,
                "start": e.first.isoformat(),
                "end": e.last.isoformat(),
                "summary": e.title,
                "description": e.text,
            }
            for e in entries
        ]
        for entries in rows
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(events, file)
        file.flush()

        def other() -> float:
            done = subprocess.run(
                ["node", "benchmarks/generator.mjs", file.name], cwd=ROOT, capture_output=True, text=True, check=True
            )
            return float(done.stdout)

        ratio("  in bulk / ical-generator (npm)", "<= 0.1", timed(bulk), other, rounds)


def sheets(rounds: int) -> None:
    """Sheets through Jinja against f-strings that make the same text; the view is worked out for both."""
    from html import escape

    from schedule.output.html import page
    from schedule.pages.sheets import day_sheets
    from schedule.words.plan import frame

    plan = sample_plans(1)[0]
    shared = frame(plan, WHEN)
    view = (day_sheets(plan, shared) * 3)[:30]

    def jinja() -> None:
        page("sheets.html", frame=shared, title="Day sheets", view=view)

    def strings() -> None:
        parts = []
        for sheet in view:
            for one in sheet.pages:
                parts.append(
                    f"<section><h2>{escape(sheet.on)}</h2><p>{escape(sheet.head.title)}</p><p>{escape(sheet.head.sub)}</p>"
                    f"<p>{escape(shared.code)}</p><p>{escape(shared.revision)}</p><p>{escape(sheet.check)}</p>"
                )
                for block in one.blocks:
                    parts.append(f"<h3>{escape(block.title)}</h3>")
                    for row in block.rows:
                        notes = "".join(f"<p>{escape(note)}</p>" for note in (*row.more, *row.notes))
                        parts.append(
                            f"<tr><td></td><td>{escape(row.due)}</td><td>{escape(row.name)}{notes}</td><td></td></tr>"
                        )
                if one.foot:
                    parts += [
                        f"<li>{escape(str(text))}</li>"
                        for part in one.foot
                        for text in (part if isinstance(part, tuple) else (part,))
                    ]
                parts.append("</section>")
        "".join(parts)

    ratio("30 sheets through Jinja / f-strings of the same words", "<= 3.5", timed(jinja), timed(strings), rounds * 5)


def ledger(rounds: int) -> None:
    """One durable append of a real plan against a bare write and fdatasync of as many bytes."""
    from schedule.ledger.packed import projection_to_text
    from schedule.ledger.sqlite import SqliteStore
    from schedule.model.acts import Act, Note
    from schedule.model.projection import projection_of
    from schedule.service.revisions import first_lasting

    plan = sample_plans(1)[0]
    lasting, projection = first_lasting(plan, WHEN), projection_of(plan)
    size = len(projection_to_text(projection))
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "ledger.sqlite") as store:
        revisions = iter(range(1, 1_000_000))

        def append() -> None:
            revision = next(revisions)
            at = WHEN + timedelta(seconds=revision)
            known: Any = {"code": "P-1", "by": "b", "at": at, "site_time": AS_OF, "as_of": AS_OF, "reason": ""}
            act = Act(revision=revision, based_on=revision - 1, deed=Note(text="n"), **known)
            store.append(act, lasting, projection, {})

        bare = (Path(folder) / "bare").open("ab", buffering=0)

        def write() -> None:
            bare.write(b"x" * size)
            os.fdatasync(bare.fileno())

        ratio(
            "appending one revision, durable, with the chain of hashes / write + fdatasync",
            "<= 1.5",
            timed(append),
            timed(write),
            rounds * 20,
        )
        bare.close()


def protocol_of(tests: int, bounds: list[tuple[str, list[str]]]) -> Any:
    """A protocol with that many tests, and a rule for each of the bounds: its point and the sentences."""
    from schedule.files.protocol_file import read_protocol

    source = 'title = "made up"\naddress = "https://example.org"\ndate = 2026-01-02\n'
    text = (
        'format = 1\nid = "X-1"\ntitle = "made up"\nversion = "1"\ndate = 2026-01-02\njurisdiction = "nowhere"\n'
        f'numbering = "day-zero"\nmonths = "clamp"\nday-zero = "cells"\nsource = "record"\n[sources.record]\n{source}'
        '[activities.cells]\ntitle = "cells"\ndays = "0"\nquote = "day 0"\ncategory = "treatment"\n'
    )
    for n in range(tests):
        text += f'[dates.t{n}]\ntitle = "test {n}"\nkind = "test"\n'
    for n, (point, sentences) in enumerate(bounds):
        text += f'[rules.R{n}]\ntitle = "rule {n}"\nquote = "rule"\n'
        text += f'[[rules.R{n}.bounds]]\npoint = "{point}"\nsafe = {json.dumps(sentences)}\n'
    return read_protocol(text, "made-up.toml")


def rules(rounds: int) -> None:
    """Networks whose paths and choices double with each bound, against importing click; CPU seconds on both sides.

    Each network is narrowed, the causes of every window are read, and the feasible days 0 are worked out.
    """
    from schedule.engine.days_left import best, expiry, feasible_day_zero
    from schedule.engine.network import parts, tighten
    from schedule.model.case import NO_SITE
    from schedule.model.timing import BASES, KnownDatePoint, Point

    planned, day_zero = BASES
    zero = date(2026, 6, 15).toordinal()
    there: dict[Point, tuple[int, ...]] = {planned: (zero,), day_zero: (zero,)}
    done: dict[Point, tuple[int, ...]] = {KnownDatePoint(f"t{n}"): (zero - 40, zero - 20, zero - 7) for n in range(10)}

    def row(name: str, goal: str, action: Callable[[], None]) -> None:
        def measure() -> float:
            start = time.process_time()
            action()
            return time.process_time() - start

        measure()
        ratio(name, goal, measure, process("-c", "import click"), rounds)

    def open_network(rungs: int, bounds: int) -> Callable[[], None]:
        names = ["day-zero", *(f"t{n}" for n in range(rungs))]
        steps = [(name, [f"{name} at least 2 days after {names[n]}"]) for n, name in enumerate(names[1:])]
        found = parts(protocol_of(rungs, [step for step in steps for _ in range(bounds)]), NO_SITE)
        links = [link for part in found for link in part.safe]

        def narrow() -> None:
            for window in tighten(links, there).values():
                _ = window.first_by, window.last_by
            feasible_day_zero(found, {})

        return narrow

    sentences = [
        f"day-zero {relation} after t{n}" for n in range(10) for relation in ("at least 1 day", "at most 28 days")
    ]
    served = parts(protocol_of(10, [("day-zero", sentences)]), NO_SITE)

    def serve() -> None:
        feasible_day_zero(served, done)
        expiry(served[0], done)
        best(served[0], {**done, **there})

    row("a chain of 320 rules, every cause and feasible day 0 / importing click", "<= 0.42", open_network(320, 1))
    row("  a ladder of 50 rungs, two equal bounds each / the same", "<= 0.1", open_network(50, 2))
    row("  a rule about 10 tests with 3 dates each / the same", "<= 0.42", serve)


def cohort(count: int, rounds: int) -> None:
    """A cohort on two cores against the writers alone, and two processes against one."""
    header = "code,protocol,planned-day-zero,transplant,taper-completed,gvhd-prophylaxis-last,disease-assessment,marrow,chimerism\n"
    with tempfile.TemporaryDirectory() as folder:
        runs = iter(range(1_000))

        def table(patients: int) -> Path:
            path = Path(folder) / f"{patients}.csv"
            days = (date(2026, 6, 15) + timedelta(days=n % 200) for n in range(patients))
            path.write_text(
                header
                + "".join(
                    f"P-{n},NCT04024761,{day},2026-01-20,2026-04-01,2026-04-01,,,\n" for n, day in enumerate(days)
                )
            )
            return path

        def run(patients: int, workers: int) -> Callable[[], float]:
            path = table(patients)

            def measure() -> float:
                out = Path(folder) / f"out-{next(runs)}"
                start = time.perf_counter()
                arguments = [
                    "cohort",
                    str(path),
                    "--site",
                    str(EXAMPLES / "site.toml"),
                    "--out",
                    str(out),
                    "--workers",
                    str(workers),
                ]
                subprocess.run([sys.executable, "cli.py", *arguments], cwd=ROOT, capture_output=True, check=False)
                spent = time.perf_counter() - start
                shutil.rmtree(out, ignore_errors=True)
                return spent

            return measure

        def floor() -> float:
            start = time.perf_counter()
            code = f"from benchmarks.__main__ import write_only; write_only({count // 2})"
            children = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
            for child in children:
                child.wait()
            return time.perf_counter() - start

        ratio(
            f"cohort of {count}, everything / bulk .ics and pages alone, two cores",
            "<= 1.3",
            run(count, 2),
            floor,
            rounds,
        )
        ratio("  one process / two", ">= 1.8", run(count, 1), run(count, 2), rounds)
        if count >= 10_000:
            ratio("  10,000 / 1,000", "<= 10.5", run(10_000, 2), run(1_000, 2), 1)


def write_only(count: int) -> None:
    """The writers' floor: calendars and pages of plans that are made beforehand."""
    from schedule.engine.entries import entries_of
    from schedule.output.ics import calendar
    from schedule.output.outputs import pages
    from schedule.pages.calendar import worded

    plans = sample_plans(min(count, 100))
    for number in range(count):
        plan = plans[number % len(plans)]
        calendar(worded(entries_of(plan, WHEN)), schedule_id=plan.schedule_id, name="n", description="d")
        pages(plan, WHEN)


def ward_of(count: int, folder: Path) -> Path:
    """A ledger with that many patients, two of whom come in on a day."""
    from schedule.files.case_file import read_case
    from schedule.ledger.sqlite import SqliteStore
    from schedule.model.text import sha256
    from schedule.service.acts import Meta, create
    from schedule.service.inputs import Inputs, open_case

    path = folder / "ward.sqlite"
    opened = open_case(EXAMPLES / "ciml-017.toml", EXAMPLES / "site.toml")
    case_text = (EXAMPLES / "ciml-017.toml").read_text(encoding="utf-8")
    shipped = (ROOT / "schedule/protocols/nct04024761.toml").read_text(encoding="utf-8")
    texts = {sha256(text): text for text in (shipped, (EXAMPLES / "site.toml").read_text(encoding="utf-8"))}
    with SqliteStore(path) as store:
        store.connection.execute("PRAGMA synchronous=OFF")
        for number in range(count):
            day = date(2026, 6, 15) + timedelta(days=number // 2 % 180)
            text = case_text.replace("CIML-017", f"P-{number}").replace("2026-06-15", day.isoformat())
            case = read_case(text, "case", opened.protocol, opened.site)
            inputs = Inputs(protocol=opened.protocol, site=opened.site, case=case)
            create(store, inputs, {**texts, sha256(text): text}, Meta(by="b", at=WHEN, as_of=AS_OF, site_time=AS_OF))
    return path


def with_history(path: Path, revisions: int) -> None:
    """Notes for every patient of a ledger, until each has so many revisions."""
    from schedule.ledger.sqlite import SqliteStore
    from schedule.model.acts import Act, Note

    with SqliteStore(path) as store:
        store.connection.execute("PRAGMA synchronous=OFF")
        for code in store.codes():
            row = store.newest(code)
            assert row is not None
            for number in range(2, revisions + 1):
                known: Any = {"code": code, "by": "b", "at": WHEN, "site_time": AS_OF, "as_of": AS_OF, "reason": ""}
                act = Act(revision=number, based_on=number - 1, deed=Note(text="n"), **known)
                store.append(act, row.lasting, row.projection, {})


def feeds_of(path: Path) -> str:
    """How long the ward's feeds take, first time and then, printed in seconds; the secret of one patient's days."""
    from schedule.ledger.sqlite import SqliteStore
    from schedule.service.feeds import make_feed
    from schedule.service.published import Published

    with SqliteStore(path) as store:
        known: Any = {"label": "x", "expires": date(2199, 1, 1), "by": "b", "at": WHEN}
        secret, _ = make_feed(store, code="P-1", level="minimal", **known)
        whole, _ = make_feed(store, code=None, level="minimal", **known)
        steps, _ = make_feed(store, code=None, level="steps", **known)
        for asked, level, goal in ((whole, "days only", "< 1 s"), (steps, "every step", "-")):
            published = Published()
            for which in ("first time", "again, unchanged"):
                start = time.perf_counter()
                found = published.answer(store, asked, WHEN)
                spent = time.perf_counter() - start
                assert found is not None
                size = len(found[1].body) / 1e6
                print(f"the ward's feed of 500 patients with 20 revisions, {level}, {which}: {spent:.4f} s   goal {goal:<6} ({size:.1f} MB)")
    return secret


READERS = {"board": "/board", "shift": "/", "patient": "/p/P-1", "history": "/p/P-1/history"}
"""Pages that show what is kept: by what they are called in a row, their addresses."""


def once(ledger: str, what: str) -> None:
    """One reader in a process of its own: CPU seconds and peak memory in MiB, without what was imported before."""
    import resource

    from schedule.service.inputs import open_ledger
    from schedule.service.verify import verify
    from schedule.web.app import Settings, make_app

    settings = Settings(
        store=Path(ledger), site=None, protocols=(), user="b", proxy_header=None, hosts=frozenset({"localhost"}),
        origins=frozenset({"http://localhost"}), read_only=False, now=lambda: WHEN, secret=b"x" * 32,
    )  # fmt: skip
    client = make_app(settings).test_client()
    assert client.get("/protocols", headers={"Host": "localhost"}).status_code == 200
    start = time.process_time()
    if what == "verify":
        with open_ledger(Path(ledger)) as store:
            assert verify(store).faults == []
    else:
        assert client.get(READERS[what], headers={"Host": "localhost"}).status_code == 200
    print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def stored(rounds: int) -> None:
    """Readers of what is kept, each the first in its process, at 500 patients with 20 revisions; and `verify` of 1,000
    acts, and of 4,000: CPU seconds on both sides, memory in MiB."""

    def reader(path: Path, what: str, part: int = 0) -> Callable[[], float]:
        code = f"from benchmarks.__main__ import once; once({str(path)!r}, {what!r})"

        def measure() -> float:
            done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
            return float(done.stdout.split()[part])

        return measure

    click = process("-c", "import click")
    with tempfile.TemporaryDirectory() as name:
        path = ward_of(500, Path(name))
        with_history(path, 20)
        for what, goal in (("board", "<= 6.2"), ("shift", "<= 10"), ("patient", "<= 0.6"), ("history", "<= 0.6")):
            ratio(f"{what}, first view after a restart, 500 patients / importing click", goal, reader(path, what), click, rounds)
        few, many = (Path(name) / str(count) for count in (50, 200))
        for folder in (few, many):
            folder.mkdir()
            with_history(ward_of(int(folder.name), folder), 20)
        few, many = few / "ward.sqlite", many / "ward.sqlite"
        ratio("verify of 1,000 acts / importing click", "<= 21", reader(few, "verify"), click, 1)
        ratio("  4,000 acts / 1,000", "<= 4.2", reader(many, "verify"), reader(few, "verify"), 1)
        ratio("  peak memory of the same", "<= 1.1", reader(many, "verify", 1), reader(few, "verify", 1), 1)


def web(rounds: int) -> None:
    """A feed that has not changed against the same server's constant reply; the board and the ward's feed at 500 patients."""
    from http.client import HTTPConnection

    from schedule.web.app import Settings, make_app

    with tempfile.TemporaryDirectory() as name:
        path = ward_of(500, Path(name))
        with_history(path, 20)
        secret = feeds_of(path)
        port = 18765
        quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
        server = subprocess.Popen(
            [sys.executable, "cli.py", "serve", "--store", str(path), "--port", str(port)], **quiet
        )

        def ask(path: str, **headers: str) -> tuple[int, str | None]:
            connection = HTTPConnection("127.0.0.1", port)
            connection.request("GET", path, headers={"Connection": "close", **headers})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer.status, answer.headers["ETag"]

        try:
            for _ in range(200):
                try:
                    tag = ask(f"/feed/{secret}/x.ics")[1]
                    break
                except OSError:
                    time.sleep(0.05)
            known_tag = {"If-None-Match": str(tag)}
            assert ask(f"/feed/{secret}/x.ics", **known_tag)[0] == 304

            def unchanged() -> None:
                for _ in range(100):
                    ask(f"/feed/{secret}/x.ics", **known_tag)

            def constant() -> None:
                for _ in range(100):
                    ask("/robots.txt")

            ratio(
                "a feed answered 304 / the same server's constant reply",
                "<= 1.2",
                timed(unchanged),
                timed(constant),
                rounds * 3,
            )
        finally:
            server.terminate()
            server.wait()
        settings = Settings(
            store=path, site=None, protocols=(), user="b", proxy_header=None, hosts=frozenset({"localhost"}),
            origins=frozenset({"http://localhost"}), read_only=False, now=lambda: WHEN, secret=b"x" * 32,
        )  # fmt: skip

        def view(app: Any) -> None:
            assert app.test_client().get("/board", headers={"Host": "localhost"}).status_code == 200

        def first() -> float:
            app = make_app(settings)
            spent = timed(lambda: view(app))()
            apps.append(app)
            return spent

        apps: list[Any] = []
        first()
        ratio(
            "the board of 500 patients, seen again / seen first", "-",
            lambda: timed(lambda: view(apps[-1]))(), first, max(3, rounds // 2),
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed as ratios inside one run.")
    parser.add_argument("--full", action="store_true", help="10,000 patients, too; takes long")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    cold(arguments.rounds)
    calendars(arguments.rounds)
    sheets(arguments.rounds)
    ledger(arguments.rounds)
    rules(arguments.rounds)
    web(arguments.rounds)
    stored(arguments.rounds)
    cohort(1_000, 1)
    if arguments.full:
        cohort(10_000, 1)


if __name__ == "__main__":
    main()
