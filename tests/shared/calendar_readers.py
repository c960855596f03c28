"""Other people's readers of calendar files: libical (Evolution), ical.js (Thunderbird), and icalendar itself.

Each gives (uid, start, end, sequence) for every event, the instants in UTC; an untimed day is its date. A file they
complain about is an AssertionError. Many files go into one call, because starting a reader costs more than reading.
"""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from shared import TESTS

VEVENT = 4


def missing(tool, hint):
    """Skip a test whose tool is missing, saying what to install; where CI is set, fail it."""
    if os.environ.get("CI"):
        pytest.fail(f"{tool} is missing: {hint}")
    pytest.skip(f"{tool} is missing: {hint}")


def needs_libical():
    try:
        return ctypes.CDLL("libical.so.3")
    except OSError:
        return missing("libical", "apt-get install libical3")


def needs_icaljs():
    if shutil.which("node") is None:
        missing("node", "install Node.js, then npm ci --prefix tests")
    if not (TESTS / "node_modules" / "ical.js").is_dir():
        missing("ical.js", "npm ci --prefix tests")


class _Time(ctypes.Structure):
    """libical 3's icaltimetype."""

    _fields_ = [
        ("year", ctypes.c_int), ("month", ctypes.c_int), ("day", ctypes.c_int), ("hour", ctypes.c_int),
        ("minute", ctypes.c_int), ("second", ctypes.c_int), ("is_date", ctypes.c_int), ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]  # fmt: skip


def libical_complaints(folder):
    """What tests/validators/check_libical.py says of the files in a folder that it does not find in order."""
    needs_libical()
    files = sorted(map(str, folder.glob("*.ics")))
    run = subprocess.run(
        [sys.executable, TESTS / "validators" / "check_libical.py", *files], capture_output=True, text=True, check=False
    )
    lines = run.stdout.splitlines()
    assert len(lines) == len(files), run.stderr
    return [line for line in lines if not line.endswith(" ok")] + run.stderr.splitlines()


def libical_events(data):
    """The events of one file as libical understands them; `end` is None where there is no DTEND."""
    library = needs_libical()
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    for name in ("get_first_component", "get_next_component"):
        function = getattr(library, f"icalcomponent_{name}")
        function.restype, function.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]
    for name, kind in (
        ("get_uid", ctypes.c_char_p), ("get_sequence", ctypes.c_int), ("get_dtstart", _Time), ("get_dtend", _Time),
    ):  # fmt: skip
        function = getattr(library, f"icalcomponent_{name}")
        function.restype, function.argtypes = kind, [ctypes.c_void_p]
    library.icaltime_is_utc.restype, library.icaltime_is_utc.argtypes = ctypes.c_int, [_Time]
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]

    def moment(found):
        if found.is_date or not found.year:
            return date(found.year, found.month, found.day) if found.year else None
        assert library.icaltime_is_utc(found), "a time that is not UTC"
        return datetime(found.year, found.month, found.day, found.hour, found.minute, found.second, tzinfo=UTC)

    root = library.icalparser_parse_string(data)
    assert root, "libical cannot parse the file"
    events = []
    event = library.icalcomponent_get_first_component(root, VEVENT)
    while event:
        start, end = (moment(getattr(library, f"icalcomponent_get_{name}")(event)) for name in ("dtstart", "dtend"))
        uid = library.icalcomponent_get_uid(event).decode()
        events.append((uid, start, end, library.icalcomponent_get_sequence(event)))
        event = library.icalcomponent_get_next_component(root, VEVENT)
    library.icalcomponent_free(root)
    return events


def icaljs_events(paths):
    """The events of many files, in order, as ical.js in strict mode understands them (a date as its midnight UTC)."""
    needs_icaljs()
    run = subprocess.run(
        ["node", "validators/check_icaljs.mjs", *map(str, paths)],
        cwd=TESTS, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    rows = [re.fullmatch(r"(\S+) (\S+) (\S+) (\d+)", line).groups() for line in run.stdout.splitlines()]
    return [(uid, datetime.fromisoformat(s), datetime.fromisoformat(e), int(n)) for uid, s, e, n in rows]


def icalendar_events(data):
    """The events of one file as the icalendar package reads them back, with everything it complains of as a failure."""
    root = icalendar.Calendar.from_ical(data)
    for component in root.walk():
        assert not component.errors
        assert all(name in component for name in component.required)
    assert root.get_missing_tzids() == set()
    events = []
    for event in root.walk("VEVENT"):
        end = event["DTEND"].dt if "DTEND" in event else None
        events.append((str(event["UID"]), event["DTSTART"].dt, end, int(event["SEQUENCE"])))
    return events


def as_midnight(moment):
    """A date as the midnight, UTC, with which ical.js shows it; a moment as it is."""
    if isinstance(moment, datetime):
        return moment
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def day_after(day):
    return day + timedelta(days=1)
