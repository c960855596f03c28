"""Reading writes nothing: a ledger on a medium that is only read, or on a full disk, is shown, checked and given to calendars.

The medium is a mount without the right to write where the tests run as root, a folder without it elsewhere; the disk is full
for a process that may make no file longer.
"""

import os
import resource
import shutil
import subprocess
import sys
from datetime import date

import pytest
from shared import ROOT
from shared.slip_once import CODE, START, create_patient, slip

from schedule.ledger.sqlite import SqliteStore
from schedule.service.feeds import make_feed

READING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from schedule.web.app import make_app
from schedule.web.settings import Settings
ledger, *addresses = sys.argv[1:]
settings = Settings(
    store=Path(ledger), site=None, protocols=(), user="nurse1", proxy_header=None, hosts=frozenset({"localhost"}),
    origins=frozenset({"http://localhost"}), read_only=True, now=lambda: datetime(2026, 6, 12, 14, tzinfo=UTC), secret=b"0" * 32,
)
client = make_app(settings).test_client()
for address in addresses:
    print(client.get(address, headers={"Host": "localhost"}).status_code, address)
"""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs mounts, and a limit of files")
COMMANDS = (["show", CODE], ["history", CODE], ["today", "--date", "2026-06-12"], ["verify"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A ledger that nobody has open, and the secret of a feed of it."""
    place = tmp_path_factory.mktemp("kept") / "ledger.sqlite"
    with SqliteStore(place) as store:
        create_patient(store)
        slip(store, 1)
        secret, _ = make_feed(store, label="x", code=CODE, level="steps", expires=date(2026, 12, 31), by="nurse1", at=START)
    assert [one.name for one in place.parent.iterdir()] == ["ledger.sqlite"]
    return place, secret


@pytest.fixture
def kept(whole, tmp_path):
    """The same, in a folder of its own."""
    folder = tmp_path / "archive"
    folder.mkdir()
    return shutil.copy(whole[0], folder / "ledger.sqlite"), whole[1]


def programs(ledger, secret):
    """Each reader as a process: what is run, and what it must say."""
    for command in COMMANDS:
        yield [str(ROOT / "cli.py"), *command, "--store", str(ledger)], ""
    addresses = ["/", "/board", f"/p/{CODE}", f"/p/{CODE}/history", f"/p/{CODE}/rev-1/plan.json", "/sheets/today.html", f"/feed/{secret}/x.ics"]
    yield ["-c", READING, str(ledger), *addresses], "".join(f"200 {address}\n" for address in addresses)


def ran(arguments, before="", **keys):
    words = [sys.executable, *arguments]
    if before:
        words = ["unshare", "-m", "sh", "-c", f'{before} && exec "$@"', "sh", *words]
    return subprocess.run(
        words, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, check=False, **keys
    )  # fmt: skip


@LINUX
def test_a_ledger_on_a_medium_that_is_only_read_is_read(kept):
    ledger, secret = kept
    folder, before = ledger.parent, ""
    if os.geteuid() == 0:
        before = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
    else:
        ledger.chmod(0o400)
        folder.chmod(0o500)
    was = ledger.read_bytes()
    for arguments, said in programs(ledger, secret):
        found = ran(arguments, before)
        assert (found.returncode, found.stdout if said else "") == (0, said), (arguments, found.stderr)
    found = ran([str(ROOT / "cli.py"), "note", CODE, "x", "--clock-is-right", "--store", str(ledger)], before)
    assert found.returncode == 3 and "Nothing was saved" in found.stderr
    folder.chmod(0o700)
    assert (ledger.read_bytes(), [one.name for one in folder.iterdir()]) == (was, ["ledger.sqlite"])


@LINUX
def test_a_ledger_on_a_full_disk_is_read(kept):
    ledger, secret = kept
    was = ledger.read_bytes()

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    for arguments, said in programs(ledger, secret):
        found = ran(arguments, preexec_fn=full)
        assert (found.returncode, found.stdout if said else "") == (0, said), (arguments, found.stdout, found.stderr)
    found = ran([str(ROOT / "cli.py"), "note", CODE, "x", "--clock-is-right", "--store", str(ledger)], preexec_fn=full)
    assert found.returncode == 3 and "Nothing was saved" in found.stderr
    assert ledger.read_bytes() == was


@LINUX
def test_a_ledger_whose_newest_acts_lie_beside_it_is_to_be_copied_first(kept):
    """It was copied to the medium while it was in use."""
    ledger, _ = kept
    with SqliteStore(ledger) as store:
        slip(store, 2)
        beside = {one.name: one.read_bytes() for one in ledger.parent.iterdir() if one.name.endswith("-wal")}
    assert list(beside) == ["ledger.sqlite-wal"]
    folder, before = ledger.parent, ""
    (folder / "ledger.sqlite-wal").write_bytes(beside["ledger.sqlite-wal"])
    if os.geteuid() == 0:
        before = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
    else:
        folder.chmod(0o500)
    found = ran([str(ROOT / "cli.py"), "show", CODE, "--store", str(ledger)], before)
    folder.chmod(0o700)
    assert found.returncode == 3
    assert "nothing can be written there, and its newest acts lie in the -wal file beside it. Copy all its files elsewhere" in found.stderr
