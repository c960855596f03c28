"""What an installed Dayzero must do with the oldest packages that pyproject.toml allows, without pytest: every module is
imported, every command says its help, a patient is planned and moved, her calendar read, the pages shown.

python tests/oldest.py, by the Python into which they are installed, from a folder in which nothing of Dayzero lies.
"""

import importlib
import io
import pkgutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import icalendar

import schedule
from schedule.commands import main
from schedule.commands.listed import COMMANDS
from schedule.web.app import make_app
from schedule.web.settings import Settings

CODE = "CIML-017"
AS_OF = ("--as-of", "2026-05-26 08:00")
HOST = "127.0.0.1:8000"


def run(*argv):
    """Exit code and what a command says."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main([str(word) for word in argv])
        except SystemExit as ended:
            return ended.code or 0, said.getvalue()
    raise AssertionError("main ends with its exit code")


def check(found, what):
    if not found:
        sys.exit(f"with the oldest packages: {what}")


def imports():
    for module in pkgutil.walk_packages(schedule.__path__, "schedule."):
        importlib.import_module(module.name)


def commands():
    for name in ("", *COMMANDS):
        code, said = run(*([name] if name else []), "--help")
        check(code == 0 and "Usage: dayzero" in said, f"dayzero {name} --help says {said[-300:]}")


def plan(folder):
    examples = Path(schedule.__path__[0]) / "examples"
    store = ("--store", folder / "ledger.sqlite")
    code, said = run("plan", examples / "ciml-017.toml", "--site", examples / "site.toml", *AS_OF, *store, "--out", folder / "out")
    check(code in (0, 1) and said.startswith(f"Planned {CODE}: day 0 Mon 15-Jun-2026 10:00."), said[-500:])
    code, said = run("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "illness", "--dry-run", *AS_OF, *store)
    check("day 0 from Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00" in said, said[-500:])
    content = (folder / "out" / CODE / "rev-1" / "calendar.ics").read_bytes()
    starts = {event.start for event in icalendar.Calendar.from_ical(content).walk("VEVENT")}
    check(datetime(2026, 6, 15, 14, tzinfo=UTC) in starts, "the infusion is not in the calendar")
    code, said = run("verify", *store)
    check(code == 0 and "whole. 1 act" in said, said)


def pages(folder):
    settings = Settings(
        store=folder / "ledger.sqlite", site=None, protocols=(), user="nurse", proxy_header=None, hosts=frozenset({HOST}),
        origins=frozenset({f"http://{HOST}"}), read_only=False, now=lambda: datetime.now(UTC).replace(microsecond=0), secret=b"0" * 32,
    )  # fmt: skip
    client = make_app(settings).test_client()
    for path in ("/", "/board", f"/p/{CODE}", f"/p/{CODE}/slip", "/new/NCT04024761", "/protocols", "/css/web.css"):
        check(client.get(path, headers={"Host": HOST}).status_code == 200, path)


if __name__ == "__main__":
    imports()
    commands()
    with tempfile.TemporaryDirectory() as made:
        plan(Path(made))
        pages(Path(made))
    print(f"the oldest packages do: icalendar {icalendar.__version__}")
