"""The table of `docs/calendars.md`: what each program does with each act, measured.

    PYTHONPATH=..:. python -m clients.table        (from the folder tests: prints it; --write puts it into the manual)
"""

import sys
import tempfile
from pathlib import Path

from shared import ROOT
from shared.calendar_ward import CalendarWard, life
from shared.dav_servers import cyrus, radicale, xandikos
from shared.foreign import Calcurse, Evolution, Khal, Vdirsyncer, difference, shown

from schedule.ledger.sqlite import SqliteStore
from schedule.model.ids import tombstone_uid
from schedule.output.ics import tombstone
from schedule.words.feeds import ENDED

PAGE = ROOT / "docs" / "calendars.md"
END = "<!-- end of measured -->\n"
MARK = "python -m clients.table"
ACTS = ("plan", "again", "given late", "held", "slip", "amend", "cancel", "older", "ended")
OWN = "a calendar of its own"
PROGRAMS = {
    "Evolution, GNOME Calendar (evolution-data-server 3.46)": (Evolution, OWN),
    "khal 0.14": (Khal, OWN),
    "calcurse 4.7": (Calcurse, OWN),
    "vdirsyncer 0.21": (Vdirsyncer, "a feed"),
}
SERVERS = {"Radicale 3.9": radicale, "xandikos 0.4": xandikos, "Cyrus 3.6": cyrus}
SAME, NEW = "a file into the same calendar", "a file, each time a new calendar"
FEED, PUT = "a feed", "CalDAV: each entry put, what is gone deleted"


def revisions(folder):
    """Act -> the bytes of calendar.ics after it, of the example."""
    with SqliteStore(Path(folder) / "ledger.sqlite") as store:
        ward, found = CalendarWard(store), {}
        for act in life(ward):
            found[act] = ward.file("calendar.ics")
        return found


def ended():
    """What a feed gives that has ended."""
    from datetime import date

    return tombstone(tombstone_uid("0" * 64), ENDED, date(2026, 6, 17), date(2027, 6, 17))


def order(files):
    """Act -> what is given, and what should be held then: one after the other to the same calendar."""
    yield "plan", files["plan"], files["plan"]
    yield "again", files["plan"], files["plan"]
    for act in ("given late", "held", "slip", "amend", "cancel"):
        yield act, files[act], files[act]
    yield "older", files["slip"], files["cancel"]


def measured(program, files, *, anew=False):
    """Act -> what the program does, in few words; `anew`: its calendar is deleted before each newer file."""
    found = {}
    for act, given, wanted in order(files):
        if anew:
            program.anew()
        refused = program.take(given)
        found[act] = said(program.held(), shown(wanted), shown(given), act, refused)
    return found


def said(held, wanted, given, act, refused):
    wrong = difference(held, wanted)
    codes = [status for status in refused.values() if status >= 300] if isinstance(refused, dict) else []
    if codes:
        return f"**{len(codes)} refused**"
    if act == "older" and not difference(held, given):
        return "**goes back**"
    return f"**{wrong}**" if wrong else f"right, {len(held)}"


def of_programs(files, folder):
    """(program, way) -> act -> what it does."""
    rows = {}
    for name, (kind, _) in PROGRAMS.items():
        place = folder / kind.__name__
        place.mkdir()
        program = kind(place)
        try:
            if kind is Vdirsyncer:
                rows[name, FEED] = of_feed(program, files)
            else:
                rows[name, SAME] = measured(program, files)
                rows[name, NEW] = measured(program, files, anew=True)
        finally:
            program.close()
    return rows


def of_feed(program, files):
    """Act -> what a program does that fetches a feed again, the last being the end of the feed."""
    found = measured(program, files) | {"older": "-"}
    program.take(ended())
    emptied = [title for title, _ in program.held()] == [ENDED]
    return found | {"ended": "says so alone" if emptied else f"**keeps {len(program.held())}**"}


def of_servers(files, folder):
    rows = {}
    for name, server in SERVERS.items():
        place = folder / server.__name__
        place.mkdir()
        with server(place) as dav:
            rows[name, PUT] = measured(dav, files)
    return rows


def table():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = revisions(folder)
        return in_a_table(of_programs(files, folder) | of_servers(files, folder))


def in_a_table(rows):
    """What was measured, as it stands in the manual."""
    head = f"| Program | Way | {' | '.join(act.capitalize() for act in ACTS)} |"
    lines = [head, f"| --- | --- |{' --- |' * len(ACTS)}"]
    lines += [
        f"| {name} | {way} | {' | '.join(acts.get(act, '-') for act in ACTS)} |" for (name, way), acts in rows.items()
    ]
    return "\n".join(lines) + "\n"


def on_the_page(mark=MARK):
    """A table as it stands in the manual, by what measures it."""
    _, table, _ = parts(mark)
    return table.strip("\n") + "\n"


def write(found, mark=MARK):
    head, _, rest = parts(mark)
    PAGE.write_text(f"{head}\n\n{found}\n{rest}", encoding="utf-8")


def parts(mark):
    """The manual up to a table, the table, and what follows it."""
    head, start, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- measured: {mark}, from the folder tests -->")
    table, end, rest = rest.partition(END)
    return head + start, table, end + rest


if __name__ == "__main__":
    measured_table = table()
    print(measured_table)
    if "--write" in sys.argv:
        write(measured_table)
