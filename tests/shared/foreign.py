"""Calendar programs that others wrote: what each holds after a file was given to it, or a feed fetched.

Each takes a calendar in a folder of its own, and gives back what it holds as (title, start), the start in UTC or a date.
"""

import os
import re
import shutil
import signal
import subprocess
import threading
from collections import Counter
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import icalendar

from shared import ROOT, TESTS
from shared.calendar_readers import missing

DEBIANS_PYTHON = "/usr/bin/python3"
"""The one that has Debian's bindings."""


def client_tool(name):
    """A program from the clients' own environment: `tests/clients/requirements.txt`, installed into `.venv-clients`."""
    folder = Path(os.environ.get("DAYZERO_CLIENTS", ROOT / ".venv-clients")) / "bin"
    if not (folder / name).exists():
        missing(name, "python3 -m venv .venv-clients && .venv-clients/bin/pip install -r tests/clients/requirements.txt")
    return str(folder / name)


def needs_program(name, package):
    if shutil.which(name) is None:
        missing(name, f"apt-get install {package}")
    return name


def whole_events(data):
    """UID -> the bytes of the entry, as they stand in a file."""
    found = {}
    for block in re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", data, re.S):
        found[re.search(rb"^UID:(.*?)\r$", block.replace(b"\r\n ", b""), re.M)[1].decode()] = block
    return found


def shown(*files):
    """What calendar files hold: (title, start) of each entry, in order."""
    found = []
    for data in files:
        for event in icalendar.Calendar.from_ical(data).walk("VEVENT"):
            start = event["DTSTART"].dt
            if isinstance(start, datetime):
                start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
            found.append((str(event.get("SUMMARY", "")), start.isoformat()))
    return sorted(found)


class Program:
    """What takes a calendar, and holds something."""

    def anew(self):
        """Delete the calendar, and go on with an empty one."""

    def close(self):
        """End what runs."""


class Khal(Program):
    """khal keeps a folder of files, one for each identity."""

    def __init__(self, folder):
        self.folder, self.kept = folder, folder / "kept"
        self.kept.mkdir()
        (folder / "config").write_text(
            f"[calendars]\n[[ward]]\npath = {self.kept}\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
            f"longdatetimeformat = %Y-%m-%d %H:%M\n[sqlite]\npath = {folder}/khal.db\n"
        )

    def anew(self):
        for path in self.kept.iterdir():
            path.unlink()

    def take(self, data):
        file = self.folder / "given.ics"
        file.write_bytes(data)
        run(client_tool("khal"), "-c", self.folder / "config", "import", "--batch", "-a", "ward", file)

    def held(self):
        return shown(*(path.read_bytes() for path in self.kept.glob("*.ics")))


class Calcurse(Program):
    """calcurse keeps no identity: what is imported is added."""

    def __init__(self, folder):
        needs_program("calcurse", "calcurse")
        self.folder = folder
        (folder / "kept").mkdir()

    def anew(self):
        shutil.rmtree(self.folder / "kept")
        (self.folder / "kept").mkdir()

    def take(self, data):
        file = self.folder / "given.ics"
        file.write_bytes(data)
        run("calcurse", "-D", self.folder / "kept", "-i", file)

    def held(self):
        data = re.sub(rb"(?<!\r)\n", b"\r\n", run("calcurse", "-D", self.folder / "kept", "--export=ical").encode())
        return shown(re.sub(rb"BEGIN:VALARM\r\n.*?END:VALARM\r\n", b"", data, flags=re.S))  # it writes triggers that are none


class Evolution:
    """evolution-data-server, as Evolution and GNOME Calendar import a file into a calendar of this computer."""

    def __init__(self, folder):
        needs_program("dbus-run-session", "dbus-daemon")
        if not os.path.exists("/usr/libexec/evolution-calendar-factory"):
            missing("evolution-data-server", "apt-get install evolution-data-server gir1.2-ecal-2.0 python3-gi dbus-daemon")
        self.folder = folder
        places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "CONFIG", "CACHE")}
        self.session = subprocess.Popen(
            ["dbus-run-session", "--", DEBIANS_PYTHON, str(TESTS / "validators" / "evolution.py")], text=True,
            env={**os.environ, "HOME": str(folder), **places}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def take(self, data):
        (self.folder / "given.ics").write_bytes(data)
        self.ask(f"{self.folder}/given.ics {self.folder}/held.ics")

    def anew(self):
        self.ask("new")

    def ask(self, line):
        self.session.stdin.write(f"{line}\n")
        self.session.stdin.flush()
        assert self.session.stdout.readline() == "ok\n", "evolution-data-server has ended"

    def held(self):
        return shown((self.folder / "held.ics").read_bytes())

    def close(self):
        os.killpg(self.session.pid, signal.SIGTERM)
        self.session.wait(20)
        self.session.stdin.close()
        self.session.stdout.close()


class Vdirsyncer(Program):
    """vdirsyncer fetches a feed and keeps a folder of files."""

    def __init__(self, folder):
        self.folder, self.kept = folder, folder / "kept"
        self.kept.mkdir()
        self.answer = (404, b"")
        self.server = feed_server(self)
        (folder / "config").write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n[pair ward]\na = "feed"\nb = "kept"\ncollections = null\n'
            f'conflict_resolution = "a wins"\n[storage feed]\ntype = "http"\nurl = "http://127.0.0.1:{self.server.server_port}/ward.ics"\n'
            f'[storage kept]\ntype = "filesystem"\npath = "{self.kept}"\nfileext = ".ics"\n'
        )
        self.is_known = False

    def take(self, data, status=200):
        self.answer = (status, data)
        command = (client_tool("vdirsyncer"), "-c", self.folder / "config")
        if not self.is_known:
            run(*command, "discover")
            self.is_known = True
        run(*command, "sync", may_fail=status != 200)

    def held(self):
        return shown(*(path.read_bytes() for path in self.kept.glob("*.ics")))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def feed_server(owner):
    """A server on this computer that gives `owner.answer` (status, bytes) to whoever asks."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, data = owner.answer
            self.send_response(status)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def run(*command, env=None, may_fail=False):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, timeout=120, env=env)
    assert may_fail or done.returncode == 0, f"{command[0]}: {done.stdout}\n{done.stderr}"
    return done.stdout


def difference(held, wanted):
    """What a program holds beside what it should hold, in few words: empty where the two are the same."""
    there, right = Counter(held), Counter(wanted)
    if there == right:
        return ""
    gone, added = sum((right - there).values()), sum((there - right).values())
    return f"{sum(there.values())}: {added} wrong or left over, {gone} missing"
