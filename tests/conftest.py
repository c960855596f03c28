"""What all tests share: how far hypothesis searches, the shipped protocol, and short ways to a site, a case and a plan.

Sites and cases come through the real readers, so that a test cannot hold what a file cannot.
"""

import gc
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from shared import SHIPPED, TESTS
from shared.stores import either, emptied, filled, ledger, place, postgres, three_acts  # noqa: F401

from schedule.commands import common
from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case_tables
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.case import NO_SITE

settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=200, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
settings.register_profile("release", parent=settings.get_profile("ci"), derandomize=False, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


LONGEST_FIRST = (
    "engine/test_history_machine.py", "web/test_flow.py", "web/test_pages.py", "pages/test_paper.py",
    "ledger/test_durability.py", "ledger/test_writers.py", "model/test_dates.py", "engine/test_network.py", "engine/test_forms_machine.py",
    "web/test_feeds.py", "pages/test_firefox.py",
)  # fmt: skip
"""Files that take half a minute or more: begun first, so that no core waits for the last of them."""


def pytest_collection_modifyitems(items):
    place = {str(TESTS / name): number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(str(item.path), len(place)))


def pytest_collection_finish():
    """All tests and modules are there, and stay: the garbage collector need not go through them every few seconds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


MEMORY = Path("/dev/shm")


def keep_temporary_files_in_memory():
    """Where a folder in memory has room and lets programs run: ten thousand ledgers and exported folders are synced
    there at no cost. No test asks the disk itself: processes are killed, and power cuts have a disk of their own."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < 4 << 30:
        return
    if not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        os.environ.setdefault("TMPDIR", str(MEMORY))  # for the workers, and whatever a test starts
        tempfile.tempdir = None


keep_temporary_files_in_memory()


def clock_of_the_tests():
    """The commands' clock stands at SOURCE_DATE_EPOCH where a test has set it. Their own knows no such variable."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.now(UTC) if epoch is None else datetime.fromtimestamp(int(epoch), UTC)


common.clock = clock_of_the_tests
common.uptime = lambda: None  # a clock that a test sets has no computer that runs beside it


def toml_value(value):
    """A value as TOML writes it: texts in double quotes, tables inline, dates bare."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {toml_value(item)}' for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.fixture(scope="session")
def protocol_text():
    """The shipped trial, as its file stands."""
    return SHIPPED.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def protocol(protocol_text):
    """The shipped trial."""
    return read_protocol(protocol_text, "nct04024761.toml")


@pytest.fixture(scope="session")
def site_of(protocol):
    """A site made from parameters and times, through the real reader; `more` is TOML for the top of the file."""

    def make(parameters=None, times=None, more="", zone="America/New_York", protocol=protocol):
        lines = ["format = 1", f'zone = "{zone}"', more, "[parameters]"]
        lines += [f"{key} = {toml_value(value)}" for key, value in (parameters or {}).items()]
        lines += ["[times]", *(f"{key} = {toml_value(value)}" for key, value in (times or {}).items())]
        return read_site("\n".join(lines), "site.toml", protocol)

    return make


@pytest.fixture(scope="session")
def case_of(protocol):
    """A case made from the keys of its file (`planned_day_zero` for `planned-day-zero`), through the real reader."""

    def make(site=NO_SITE, protocol=protocol, **keys):
        data = {"format": 1, "code": "CASE-1", "protocol": "NCT04024761"}
        data |= {key.replace("_", "-"): value for key, value in keys.items()}
        return read_case_tables(data, "case.toml", protocol, site, "0" * 64)

    return make


@pytest.fixture(scope="session")
def plan_of(protocol, case_of):
    """The plan of a case made from the keys of its file."""

    def make(site=NO_SITE, protocol=protocol, as_of=datetime(2026, 1, 1), **keys):
        return lay_out(protocol, site, case_of(site, protocol, **keys), as_of)

    return make
