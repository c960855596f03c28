"""Every file of six revisions is read alike, to the second, by the parsers that calendar programs are built on."""

import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from shared import TESTS
from shared.calendar_readers import (
    as_midnight,
    icalendar_events,
    icaljs_events,
    libical_complaints,
    libical_events,
    missing,
    needs_icaljs,
)
from shared.calendar_ward import CalendarWard, life
from shared.foreign import client_tool, needs_program, run

from clients.table import revisions
from schedule.ledger.sqlite import SqliteStore

VALIDATORS = TESTS / "validators"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The calendar and the changes of each revision, as files."""
    folder = tmp_path_factory.mktemp("files")
    with SqliteStore(tmp_path_factory.mktemp("ledger") / "ledger.sqlite") as store:
        ward = CalendarWard(store)
        for act in life(ward):
            for name in ("calendar.ics", "changes.ics"):
                data = ward.file(name)
                if data is not None:
                    (folder / f"{act.replace(' ', '-')}-{name}").write_bytes(data)
    return sorted(folder.iterdir())


def written(paths):
    """What is to be read: (uid, start in UTC, sequence) of each entry of all files."""
    found = []
    for path in paths:
        for uid, start, _, number in icalendar_events(path.read_bytes()):
            at = as_midnight(start) if not isinstance(start, datetime) else start.astimezone(UTC)
            found.append((uid, f"{at:%Y-%m-%dT%H:%M:%S}", str(number)))
    return sorted(found)


def lines(text):
    assert "WARN" not in text, text
    return sorted(tuple(re.fullmatch(r"(\S+) (\S+) (\d+)", line).groups()) for line in text.splitlines())


def sabre(paths):
    needs_program("php", "php-cli php-sabre-vobject")
    return run("php", VALIDATORS / "sabre.php", *paths)


def node_ical(paths):
    needs_icaljs()
    if not (TESTS / "node_modules" / "node-ical").is_dir():
        missing("node-ical", "npm ci --prefix tests")
    done = subprocess.run(
        [shutil.which("node"), "validators/check_nodeical.mjs", *map(str, paths)], cwd=TESTS, capture_output=True, text=True, check=False,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def python_reader(which):
    return lambda paths: run(client_tool("python"), VALIDATORS / "python_readers.py", which, *paths)


@pytest.mark.parametrize(
    "read", [sabre, node_ical, python_reader("ical"), python_reader("vobject")], ids=["sabre/vobject", "node-ical", "ical", "vobject"]
)
def test_a_reader_reads_every_entry_as_it_was_written(read, files):
    assert lines(read(files)) == written(files)


def test_libical_and_icaljs_read_every_entry_with_its_end(files):
    assert libical_complaints(files[0].parent) == []
    theirs = icaljs_events(files)
    ours = [event for path in files for event in icalendar_events(path.read_bytes())]
    assert theirs == [(uid, as_midnight(start), as_midnight(end), number) for uid, start, end, number in ours]
    for path in files:
        assert libical_events(path.read_bytes()) == icalendar_events(path.read_bytes())


def test_the_files_are_those_of_six_revisions(files, tmp_path):
    """So that nothing above passes by reading little: the changes of every act, and the calendar after each."""
    assert len(files) == 11
    assert len(revisions(tmp_path)) == 6
