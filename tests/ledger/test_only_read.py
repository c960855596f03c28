"""Reading writes nothing: a ledger on a medium that is only read, on a full disk, or on a server on which nothing may be written,
is shown, checked and given to calendars.

The medium is a mount without the right to write where the tests run as root, a folder without it elsewhere; the disk is full
for a process that may make no file longer. A server's disk cannot be filled here: there a trigger says what the server says then.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import UTC, date, datetime

import psycopg
import pytest
from shared import ROOT
from shared.failures import said as said_of
from shared.postgres import OWNER
from shared.slip_once import CODE, START, create_patient, slip
from shared.stores import asked, copied, dayzero, every_row

from schedule.ledger.opening import open_store
from schedule.ledger.server import close_kept
from schedule.ledger.sqlite import SqliteStore
from schedule.model.errors import NotDone
from schedule.model.server_address import ServerAddress
from schedule.service.feeds import make_feed
from schedule.service.verify import verify
from schedule.web.app import make_app
from schedule.web.settings import Settings

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


def pages(secret):
    return ["/", "/board", f"/p/{CODE}", f"/p/{CODE}/history", f"/p/{CODE}/rev-1/plan.json", "/sheets/today.html", f"/feed/{secret}/x.ics"]


def programs(ledger, secret):
    """Each reader as a process: what is run, and what it must say."""
    for command in COMMANDS:
        yield [str(ROOT / "cli.py"), *command, "--store", str(ledger)], ""
    addresses = pages(secret)
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


# on a server

READER = (
    "GRANT USAGE ON SCHEMA public TO reader", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
)  # fmt: skip


@pytest.fixture(scope="module")
def on_a_server(postgres, whole):
    """The same ledger in a database, and the secret."""
    address = ServerAddress(postgres.url(postgres.database()))
    yield copied(whole[0], address), whole[1]
    close_kept()


@pytest.fixture(scope="module")
def standby(postgres, on_a_server):
    """The same, in a running copy of the server."""
    address, _ = on_a_server
    made = postgres.standby(synchronous=False)
    yield ServerAddress(made.url(address.database))
    close_kept()
    made.stop("immediate")


@pytest.fixture(params=["a role that may only read", "a connection that may only read", "a standby"])
def only_read(request, postgres, on_a_server):
    """The ledger where nothing can be written, the secret, and how an act ends there."""
    address, secret = on_a_server
    match request.param:
        case "a role that may only read":
            with psycopg.connect(postgres.url(address.database, role=OWNER), autocommit=True) as owner:
                owner.execute("CREATE ROLE reader LOGIN")
                for right in READER:
                    owner.execute(right)
                yield ServerAddress(postgres.url(address.database, role="reader")), secret, "permission denied for table"
                close_kept()
                owner.execute("DROP OWNED BY reader")
                owner.execute("DROP ROLE reader")
        case "a connection that may only read":
            more = "options=-c%20default_transaction_read_only%3Don"
            yield ServerAddress(f"{address.url}?{more}"), secret, "this database server is only read, as a standby is."
        case _:
            yield request.getfixturevalue("standby"), secret, "this database server is only read, as a standby is."


def test_a_ledger_on_a_server_on_which_nothing_may_be_written_is_read(only_read, on_a_server, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    address, secret, why = only_read
    was = every_row(on_a_server[0])
    assert any(was) and every_row(address) == was
    for command in COMMANDS:
        assert dayzero(*command, "--store", address) == 0, capsys.readouterr()
    capsys.readouterr()
    settings = Settings(
        store=address, site=None, protocols=(), user="nurse1", proxy_header=None, hosts=frozenset({"localhost"}),
        origins=frozenset({"http://localhost"}), read_only=True, now=lambda: datetime(2026, 6, 12, 14, tzinfo=UTC), secret=b"0" * 32,
    )  # fmt: skip
    app = make_app(settings)
    for page in pages(secret):
        assert (app.test_client().get(page, headers={"Host": "localhost"}).status_code, page) == (200, page)
    app.extensions["dayzero-feeds"].store().__exit__()  # which this thread would keep
    assert dayzero("export", CODE, "--out", tmp_path / "out", "--store", address) == 0
    assert dayzero("backup", tmp_path / "backup.sqlite", "--store", address) == 0
    capsys.readouterr()
    assert dayzero("note", CODE, "x", "--clock-is-right", "--store", address, "--out", tmp_path / "out") == 3
    told = capsys.readouterr().err
    assert why in told and told.endswith("Nothing was saved.\n")
    assert every_row(on_a_server[0]) == was
    with open_store(tmp_path / "backup.sqlite") as copy, open_store(on_a_server[0]) as store:
        assert verify(copy).faults == [] and copy.holds_the_same(store)


def test_a_standby_shows_an_act_that_was_kept_meanwhile(standby, on_a_server):
    """Whoever has it open sees what comes: each question is of its own moment."""
    with open_store(standby) as reading, open_store(on_a_server[0]) as store:
        before = len(reading.history(CODE))
        slip(store, 60)
        end = time.monotonic() + 30
        while len(reading.history(CODE)) == before:
            assert time.monotonic() < end
        assert reading.history(CODE) == store.history(CODE)


@pytest.mark.parametrize("table", ["acts", "texts", "projections"])
def test_a_server_whose_disk_is_full_saves_nothing_says_so_and_the_next_act_goes_through(table, on_a_server):
    address, _ = on_a_server
    full = "BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END"
    asked(
        address, f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {full} $$",
        f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk()",
    )  # fmt: skip
    with open_store(address) as store:
        before = store.history(CODE)
        with pytest.raises(NotDone) as caught:
            create_patient(store, 120, "OTHER-1") if table == "texts" else slip(store, 120)
        assert said_of(caught.value).endswith("(could not extend file: No space left on device). Nothing was saved.")
        assert store.history(CODE) == before and store.codes() == [CODE]
        asked(address, f"DROP TRIGGER full_disk ON {table}", "DROP FUNCTION full_disk")
        assert slip(store, 120).saved and verify(store).faults == []
