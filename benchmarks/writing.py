"""Writing calendars and sheets, and laying out the plans that they are of: the same patients on both sides."""

import json
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from html import escape
from pathlib import Path
from types import ModuleType

from icalendar import Calendar, Event

from benchmarks.measure import Line, Run, Side, spent
from benchmarks.patients import AS_OF, ROOT, WHEN, sample_plans
from schedule.engine import days_left, decided, placed, replay, stamps
from schedule.engine.entries import entries_of
from schedule.engine.plan import lay_out
from schedule.model.ids import entry_uid
from schedule.model.plan import Plan
from schedule.output import html, ics
from schedule.pages.calendar import WordedEntry, worded
from schedule.pages.sheets import Sheet, day_sheets
from schedule.words.plan import Frame, frame

PEERS = ROOT / ".venv-clients" / "bin" / "python"
"""Where the other libraries of PyPI are: `benchmarks/requirements.txt`."""
BULK = "the calendars of many patients, twenty to a day 0, from their worded entries; nothing kept from before"
LINES = (
    Line("ics-bulk", ".ics in bulk / icalendar by its manual", 1 / 12, "0.14 to 0.16", BULK,
         "the same entries of the same patients, written as icalendar's manual shows it: an Event, its properties added one by one"),
    Line("ics-one", "one plan's .ics / the same", 1 / 3.5, "0.40 to 0.43",
         "the calendar of one patient, nothing kept from before", "the same entries by icalendar's manual"),
    Line("ics-strings", ".ics in bulk / plain string formatting", 3.5, "36 is usual", BULK,
         "the same entries by f-strings, with an identity made of each and text escaped, and no line folded"),
    Line("ics-generator", ".ics in bulk / ical-generator (npm)", 0.1, "1 is usual", BULK, "the same entries by ical-generator"),
    Line("ics-ics", ".ics in bulk / ics (PyPI)", None, "-", BULK, "the same entries by ics"),
    Line("ics-ical", ".ics in bulk / ical (PyPI)", None, "-", BULK, "the same entries by ical"),
    Line("lay-out", "lay out / .ics in bulk", 1, "1.15",
         "laying out the plans, and reading every date, every finding and the feasible days 0", BULK + "; the same patients"),
    Line("sheets", "30 sheets through Jinja / f-strings of the same words", 3.5, "11.8 is usual",
         "the pages of 30 day sheets of several patients, from their values; nothing kept from before",
         "the words of the same sheets put into f-strings, escaped"),
)  # fmt: skip
Worded = Sequence[WordedEntry]


def forget(*modules: ModuleType) -> None:
    """Empty what the modules have remembered, so that a round begins as a new process does."""
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_clear") and value.__module__ == module.__name__:
                value.cache_clear()


def measure(run: Run) -> None:
    plans = sample_plans(run.sizes.plans)
    rows = [worded(entries_of(plan, WHEN)) for plan in plans]
    ids = [plan.schedule_id for plan in plans]
    pairs = list(zip(rows, ids, strict=True))
    bulk, one = spent(lambda: _ours(pairs)), spent(lambda: _ours(pairs[:1]))
    run.row("ics-bulk", bulk, spent(lambda: _by_the_manual(pairs)), run.sizes.slow)
    run.row("ics-one", one, spent(lambda: _by_the_manual(pairs[:1])), run.sizes.rounds * 3)
    run.row("ics-strings", bulk, spent(lambda: _formatted(pairs)))
    run.row("lay-out", spent(lambda: _laid_out(plans)), bulk)
    with _as_json(pairs) as path:
        if shutil.which("node") is not None and (ROOT / "benchmarks/node_modules/ical-generator").is_dir():
            run.row("ics-generator", bulk, _seconds("node", "benchmarks/generator.mjs", str(path)), run.sizes.slow)
        for name in ("ics", "ical") if PEERS.is_file() else ():
            run.row(f"ics-{name}", bulk, _seconds(str(PEERS), "benchmarks/peers.py", name, str(path)), run.sizes.slow)
    _sheets(run, plans)


def _ours(pairs: Sequence[tuple[Worded, uuid.UUID]]) -> None:
    forget(ics, stamps)
    for entries, schedule_id in pairs:
        ics.calendar(entries, schedule_id=schedule_id, name="n", description="d")


def _by_the_manual(pairs: Sequence[tuple[Worded, uuid.UUID]]) -> None:
    for entries, schedule_id in pairs:
        calendar = Calendar()
        calendar.add("prodid", "-//x//x//EN")
        calendar.add("version", "2.0")
        for entry in entries:
            event = Event()
            event.add("uid", entry_uid(schedule_id, entry.id))
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


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _times(entry: WordedEntry) -> tuple[str, str]:
    """Start and end as properties."""
    if entry.start is not None and entry.end is not None:
        return f"DTSTART:{entry.start:%Y%m%dT%H%M%SZ}", f"DTEND:{entry.end:%Y%m%dT%H%M%SZ}"
    end = entry.last + timedelta(days=1)
    return f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"


def _formatted(pairs: Sequence[tuple[Worded, uuid.UUID]]) -> None:
    for entries, schedule_id in pairs:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
        for entry in entries:
            start, end = _times(entry)
            lines.append(
                f"BEGIN:VEVENT\r\nUID:{uuid.uuid5(schedule_id, entry.id)}\r\nDTSTAMP:{entry.changed:%Y%m%dT%H%M%SZ}\r\n"
                f"LAST-MODIFIED:{entry.changed:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:{entry.since - 1}\r\n{start}\r\n{end}\r\n"
                f"SUMMARY:{_escaped(entry.title)}\r\nDESCRIPTION:{_escaped(entry.text)}\r\nCATEGORIES:{entry.kind}\r\n"
                "STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT"
            )
        "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _laid_out(plans: Sequence[Plan]) -> None:
    forget(replay, decided, days_left, placed, stamps)
    for plan in plans:
        made = lay_out(plan.protocol, plan.site, plan.case, AS_OF)
        assert made.events and made.findings and made.feasible is not None


@contextmanager
def _as_json(pairs: Sequence[tuple[Worded, uuid.UUID]]) -> Iterator[Path]:
    """The entries in a file, for what is not of this process: the identities are made beforehand."""
    calendars = [
        [
            {
                "id": str(entry_uid(schedule_id, entry.id)),
                "start": (entry.start or entry.first).isoformat(),
                "end": (entry.end or entry.last + timedelta(days=1)).isoformat(),
                "last": entry.last.isoformat(),
                "changed": entry.changed.isoformat(),
                "sequence": entry.since - 1,
                "summary": entry.title,
                "description": entry.text,
                "kind": entry.kind,
            }
            for entry in entries
        ]
        for entries, schedule_id in pairs
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calendars.json"
        path.write_text(json.dumps(calendars), encoding="utf-8")
        yield path


def _seconds(*command: str) -> Side:
    """The CPU seconds that another program says it took. RuntimeError where it fails."""

    def measure() -> float:
        done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr[-2000:]}")
        return float(done.stdout)

    return measure


def _sheets(run: Run, plans: Sequence[Plan]) -> None:
    """The sheets of as many patients as have 30 of them."""
    views, count = list[tuple[Frame, tuple[Sheet, ...]]](), 0
    for plan in plans:
        shared = frame(plan, WHEN)
        views.append((shared, day_sheets(plan, shared)[: 30 - count]))
        count += len(views[-1][1])
        if count == 30:
            break

    def jinja() -> None:
        html.fixed.cache_clear()
        for shared, view in views:
            html.page("sheets.html", frame=shared, title="Day sheets", view=view)

    def strings() -> None:
        for shared, view in views:
            _strings(view, shared)

    run.row("sheets", spent(jinja), spent(strings), run.sizes.rounds * 5)


def _strings(view: Sequence[Sheet], shared: Frame) -> str:
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
    return "".join(parts)
