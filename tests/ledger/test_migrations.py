"""A ledger of an earlier version: it gets the tables of this one, and goes on; or stays as it was. In a file it is copied whole
first, which a server has its own backups for.

There is no earlier version yet: one that is whole meets a step that was invented for these tests.
"""

import hashlib
import multiprocessing
import os
import re
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from shared.failures import said, told
from shared.forks import Forks, strace  # noqa: F401
from shared.invented_step import INVENTED, WITH_IT
from shared.killed import killed_at, not_killed
from shared.slip_once import CODE, create_patient, meta, slip
from shared.stores import asked, copied

from schedule.ledger.opening import open_store
from schedule.ledger.server import close_kept
from schedule.ledger.sqlite import SqliteStore
from schedule.ledger.steps import STEPS
from schedule.model.acts import Note
from schedule.model.errors import NotDone
from schedule.model.kept import FeedAct
from schedule.model.server_address import ServerAddress
from schedule.service.acts import perform
from schedule.service.restore import JUMP, restore
from schedule.service.revisions import calendar_entries, newest, revision_of
from schedule.service.verify import faults_of_rows, verify

AT = datetime(2026, 6, 11, 17, 0, tzinfo=UTC)
COPY = "ledger.sqlite.before-version-2"
MADE = FeedAct(
    token="a" * 64, kind="made", label="Nurse A", code=CODE, level="minimal", expires=date(2026, 12, 1), by="nurse", at=AT
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What version 1 leaves on a disk: one patient, planned, slipped, slipped back, and a note."""
    place = tmp_path_factory.mktemp("version-1") / "ledger.sqlite"
    with SqliteStore(place) as store:
        create_patient(store)
        slip(store, 1)
        slip(store, 2)
        perform(store, CODE, Note(text="pharmacy told"), meta(3))
    return place


def goes_on(monkeypatch, steps=WITH_IT):
    """From now on the program is one that has these steps."""
    for module in ("migrations", "postgres"):
        monkeypatch.setattr(f"schedule.ledger.{module}.STEPS", steps)
    close_kept()


@pytest.fixture
def path(tmp_path, whole, monkeypatch):
    """That ledger in a file, met by a program that has taken one step more."""
    place = copied(whole, tmp_path / "ledger.sqlite")
    goes_on(monkeypatch)
    return place


@pytest.fixture
def earlier(either, whole):
    """That ledger, wherever it lies."""
    return copied(whole, either)


@pytest.fixture
def old(earlier, monkeypatch):
    """The same, met by that program."""
    goes_on(monkeypatch)
    return earlier


def version(place):
    """How many steps a ledger has taken."""
    on_a_server = isinstance(place, ServerAddress)
    return asked(place, "SELECT max(version) FROM ledger_version" if on_a_server else "PRAGMA user_version")[0][0]


SCHEMA = """
SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default FROM information_schema.columns
    WHERE table_schema = 'public'
UNION ALL SELECT indexname, indexdef, '', '', '', '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tgname, pg_get_triggerdef(oid), '', '', '', tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2
"""


def schema(place):
    """Every table, index and trigger, as the database itself says it."""
    in_a_file = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    return asked(place, SCHEMA if isinstance(place, ServerAddress) else in_a_file)


def held(place):
    """Version, tables and rows of a file, and what SQLite says of it."""
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        return version, whole, "\n".join(connection.iterdump())


def names(folder):
    return sorted(one.name for one in folder.iterdir() if not one.name.endswith(("-wal", "-shm")))


def test_a_ledger_of_an_earlier_version_opens_is_whole_and_goes_on(old):
    assert version(old) == 1
    with open_store(old) as store:
        assert [row.act.kind for row in store.history(CODE)] == ["plan", "slip", "slip", "note"]
        assert verify(store).faults == []
        assert slip(store, 60).after.revision == 5
        assert store.append_feed_act(MADE)
        assert verify(store).faults == [] and store.faults() == []
    assert version(old) == len(WITH_IT) == 2


def test_every_calendar_entry_of_a_ledger_of_an_earlier_version_dates_from_the_revision_it_dated_from(old):
    """Worked out by hand: the infusion moved in revisions 2 and 3, so fludarabine lay off the day of its label in revision 2,
    and on it again from revision 3 on."""
    with open_store(old) as store:
        since = {entry.id: entry.since for entry in calendar_entries(store, revision_of(store, CODE, 4))}
    assert since["nk-infusion-1"] == 3
    assert since["fludarabine-1"] == 3


def test_the_ledger_is_copied_whole_before_its_tables_change(path):
    before = held(path)
    with SqliteStore(path):
        pass
    assert names(path.parent) == ["ledger.sqlite", COPY]
    assert held(path.parent / COPY) == before
    assert before[0] == len(STEPS) == 1


def test_the_rows_and_hashes_of_a_migrated_ledger_are_those_it_had(old):
    def rows():
        return [asked(old, f"SELECT * FROM {table} ORDER BY 1") for table in ("acts", "texts", "projections")]

    before = rows()
    with open_store(old):
        pass
    assert rows() == before and all(before)


def test_a_migrated_ledger_has_the_tables_of_a_new_one(old, tmp_path, request):
    new = tmp_path / "new.sqlite" if isinstance(old, type(tmp_path)) else request.getfixturevalue("filled")()
    for place in (old, new):
        with open_store(place):
            pass
    assert schema(old) == schema(new) and "wards_name" in str(schema(old))


def test_a_migrated_ledger_is_opened_again_without_another_copy(path):
    with SqliteStore(path):
        pass
    copy = (path.parent / COPY).stat()
    with SqliteStore(path) as store:
        slip(store, 60)
    with SqliteStore(path):
        pass
    assert names(path.parent) == ["ledger.sqlite", COPY]
    assert (path.parent / COPY).stat() == copy


def test_a_new_ledger_makes_no_copy(tmp_path):
    with SqliteStore(tmp_path / "ledger.sqlite"):
        pass
    assert names(tmp_path) == ["ledger.sqlite"]


def test_acts_that_are_in_the_log_alone_are_in_the_copy(path):
    """As a process leaves the ledger that was killed: the last act lies in the -wal."""
    aside = path.parent / "aside"
    aside.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("INSERT INTO texts VALUES ('x', 'in the log alone')")
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", aside / f"ledger.sqlite{suffix}")
    assert b"in the log alone" not in (aside / "ledger.sqlite").read_bytes()
    with SqliteStore(aside / "ledger.sqlite"):
        pass
    assert "in the log alone" in held(aside / COPY)[2]


def test_a_copy_that_is_there_already_and_holds_the_same_is_kept(path):
    shutil.copy(path, path.parent / COPY)
    with SqliteStore(path):
        pass
    assert names(path.parent) == ["ledger.sqlite", COPY]


@pytest.mark.parametrize("other", [b"This is a letter.", b"", "another ledger"])
def test_another_file_under_the_copys_name_is_never_overwritten(other, path):
    if other == "another ledger":
        shutil.copy(path, path.parent / COPY)
        with closing(sqlite3.connect(path.parent / COPY, isolation_level=None)) as connection:
            connection.execute("INSERT INTO texts VALUES ('x', 'another')")
    else:
        (path.parent / COPY).write_bytes(other)
    kept, before = (path.parent / COPY).read_bytes(), held(path)
    with SqliteStore(path):
        pass
    assert (path.parent / COPY).read_bytes() == kept
    assert held(path.parent / f"{COPY}.2") == before


def refused(place):
    with pytest.raises(NotDone) as caught, open_store(place):
        pass
    return said(caught.value)


@pytest.mark.parametrize("number", range(1, len(re.findall(r"CREATE", INVENTED.script)) + 1))
def test_a_migration_that_fails_at_any_statement_leaves_the_ledger_as_it_was(number, earlier, monkeypatch):
    statements = re.findall(r"CREATE.*?(?=CREATE|\Z)", INVENTED.script, re.DOTALL)
    wrong = "".join([*statements[: number - 1], "CREATE TABLE acts (nonsense TEXT);\n", *statements[number - 1 :]])
    before = version(earlier), schema(earlier), asked(earlier, "SELECT * FROM acts ORDER BY id")
    goes_on(monkeypatch, (*STEPS, replace(INVENTED, script=wrong)))
    assert ("already exists" if isinstance(earlier, ServerAddress) else "cannot be opened") in refused(earlier)
    assert (version(earlier), schema(earlier), asked(earlier, "SELECT * FROM acts ORDER BY id")) == before
    goes_on(monkeypatch)
    with open_store(earlier) as store:
        assert verify(store).faults == []
    if not isinstance(earlier, ServerAddress):
        assert names(earlier.parent) == ["ledger.sqlite", COPY]


@pytest.mark.parametrize("how", ["no room", "no permission"])
def test_a_ledger_that_cannot_be_copied_is_left_as_it_was_and_the_way_out_is_named(how, path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device") if how == "no room" else PermissionError(13, "Permission denied")

    before = held(path)
    monkeypatch.setattr("schedule.ledger.migrations.os.link", fail)
    message = refused(path)
    assert "could not be copied before they are changed" in message
    assert "Nothing was changed" in message
    assert held(path) == before
    assert names(path.parent) == ["ledger.sqlite"]


def test_a_damaged_ledger_is_not_migrated(path):
    data = bytearray(path.read_bytes())
    data[3 * 4096 : 4 * 4096] = bytes(range(256)) * 16
    path.write_bytes(data)
    assert re.search("damaged|malformed", refused(path))
    assert path.read_bytes() == data
    assert names(path.parent) == ["ledger.sqlite"]


def test_a_ledger_of_an_earlier_version_that_was_tampered_with_is_migrated_and_verify_tells(earlier, monkeypatch):
    on_a_server = isinstance(earlier, ServerAddress)
    without = "ALTER TABLE acts DISABLE TRIGGER USER" if on_a_server else "DROP TRIGGER acts_stay"
    asked(earlier, without, "UPDATE acts SET who = 'x' WHERE id = 2")
    goes_on(monkeypatch)
    with open_store(earlier) as store:
        assert told(faults_of_rows(store)) == [f"{CODE} revision 2: it was changed after it was written."]


def _open(place, start, answers):
    start.wait()
    try:
        with open_store(place) as store:
            answers.put((verify(store).faults, len(store.history(CODE))))
    except BaseException as error:
        answers.put(f"{type(error).__name__}: {said(error)}")


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
def test_several_processes_that_open_an_old_ledger_at_once_migrate_it_once(old):
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(6), context.SimpleQueue()
    processes = [context.Process(target=_open, args=(old, start, answers)) for _ in range(6)]
    for process in processes:
        process.start()
    found = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    assert found == [([], 4)] * 6
    if isinstance(old, ServerAddress):
        assert asked(old, "SELECT count(*), max(version) FROM ledger_version") == [(1, 2)]
    else:
        assert names(old.parent) == ["ledger.sqlite", COPY]


def test_a_migration_killed_at_any_statement_leaves_the_old_ledger_or_the_new_one_whole(emptied, whole, monkeypatch):
    """On a server; where the process is killed once COMMIT is sent, the server may or may not be done when it is looked at."""

    def migrate(_):
        with open_store(place):
            pass

    def old_again():
        with monkeypatch.context() as before:
            goes_on(before, STEPS)
            return copied(whole, emptied())

    place = old_again()
    goes_on(monkeypatch)
    calls = not_killed(migrate)["END"]
    assert calls > 30
    place, versions = old_again(), set()
    for call in range(1, calls + 1, 1 if os.environ.get("DAYZERO_FULL") else 2):
        assert killed_at(call, migrate) == []
        versions.add(found := version(place))
        if found == 2:
            with open_store(place) as store:
                assert verify(store).faults == [] and slip(store, 60).saved
            place = old_again()
    with open_store(place) as store:
        assert verify(store).faults == [] and slip(store, 60).saved
    assert versions == {1, 2}


def test_a_migration_killed_at_any_write_leaves_the_old_ledger_or_the_new_one_whole(path, tmp_path, strace):
    calls = {"pwrite64", "fdatasync", "link", "linkat", "unlink", "rename", "fsync"}

    def a_copy(name):
        (tmp_path / name).mkdir()
        return Path(shutil.copy(path, tmp_path / name))

    with Forks(strace, "shared.invented_step", "taken", a_copy("rehearsed")) as forks:
        _, made = forks.run(tmp_path, "whole", calls, (), a_copy("whole"))
        counted = Counter(call.partition("(")[0] for call in made)
        points = [(call, number) for call in sorted(calls) for number in range(1, counted[call] + 1)]
        assert len(points) > 15
        versions = set()
        for call, number in points[:: 1 if os.environ.get("DAYZERO_FULL") else 3]:
            place = a_copy(f"{call}-{number}")
            _, made = forks.run(tmp_path, f"{call}-{number}", calls, ("-e", f"inject={call}:signal=SIGKILL:when={number}"), place)
            assert "killed by SIGKILL" in made[-1]
            version, whole, _ = held_after_a_kill(place)
            versions.add(version)
            assert whole == "ok"
            with SqliteStore(place) as store:
                assert verify(store).faults == []
                assert slip(store, 60).saved
            assert COPY in names(place.parent)
        assert versions == {1, 2}


def held_after_a_kill(place):
    """As `held`, of a copy: looking at a file with a log changes the log."""
    aside = place.parent / "look"
    aside.mkdir()
    for one in place.parent.iterdir():
        if one.name.startswith("ledger.sqlite") and "before" not in one.name:
            shutil.copy(one, aside / one.name)
    with closing(sqlite3.connect(aside / "ledger.sqlite")) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        return version, connection.execute("PRAGMA integrity_check").fetchone()[0], ""


def test_a_backup_of_an_earlier_version_can_be_restored_and_is_left_as_it_is(either, whole, tmp_path, monkeypatch):
    backup = tmp_path / "backup.sqlite"
    with closing(sqlite3.connect(whole)) as connection, closing(sqlite3.connect(backup)) as target:
        connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    goes_on(monkeypatch)
    before = hashlib.sha256(backup.read_bytes()).hexdigest()
    place = either if isinstance(either, ServerAddress) else tmp_path / "new" / "ledger.sqlite"
    assert restore(place, backup, meta(100)).made == ((CODE, 4 + JUMP),)
    assert hashlib.sha256(backup.read_bytes()).hexdigest() == before
    if not isinstance(place, ServerAddress):
        assert names(place.parent) == ["ledger.sqlite"]
    with open_store(place) as store:
        assert verify(store).faults == []
        assert newest(store, CODE).act.revision == 4 + JUMP


def test_each_step_has_a_name_of_its_own_and_makes_the_tables_it_names():
    assert len({step.name for step in WITH_IT}) == len(WITH_IT)
    for step in WITH_IT:
        assert step.tables == set(re.findall(r"CREATE TABLE (\w+)", step.script))
