"""What is a file's alone: nothing is changed in it unseen, it is refused where it is not safe, and it comes back from a backup.
What holds wherever a ledger lies is in `test_every_store`, what is a server's alone in `test_postgres`.

Everything is done to real files: what a test tampers with, it tampers with through SQLite, as somebody with the file could.
"""

import json
import multiprocessing
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any

import pytest
from shared.failures import not_done, said
from shared.slip_once import AS_OF, CODE, START, create_patient, meta, slip
from shared.stores import backed_up, dayzero, differences, faults, forced

from schedule.ledger.chain import ACT_COLUMNS, PROJECTED
from schedule.ledger.place import place_fault
from schedule.ledger.sqlite import SqliteStore
from schedule.model.errors import NotDone
from schedule.output import folder
from schedule.service.export import export
from schedule.service.restore import JUMP, restore
from schedule.service.revisions import newest, revision_of
from schedule.words.failures import place_in_words

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and users")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of one patient and two slips: three acts; and `out`, with the files of each."""
    folder = tmp_path_factory.mktemp("made")
    with SqliteStore(folder / "ledger.sqlite") as store:
        create_patient(store)
        slip(store, 1)
        slip(store, 2)
        for revision in (1, 2, 3):
            export(store, revision_of(store, CODE, revision), folder / "out")
    assert differences(folder / "ledger.sqlite", folder / "out") == []
    return folder


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of that ledger."""
    return Path(shutil.copy(made / "ledger.sqlite", tmp_path))


def words_of(path: Path) -> str:
    """The words with which a ledger is refused."""
    with pytest.raises(NotDone) as caught, SqliteStore(path) as store:
        create_patient(store)
    return said(caught.value)


# append-only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE acts SET who = 'somebody else'",
        "UPDATE acts SET lasting = '{}' WHERE revision = 2",
        "UPDATE acts SET id = id + 100",
        "DELETE FROM acts",
        "DELETE FROM acts WHERE id = (SELECT MAX(id) FROM acts)",
        "UPDATE texts SET text = text || ' '",
        "DELETE FROM texts",
        "INSERT OR REPLACE INTO acts SELECT id, code, revision, based_on, kind, deed, 'somebody else', at, site_time, as_of, "
        "reason, lasting, previous, hash FROM acts WHERE id = 2",
        "INSERT OR REPLACE INTO texts SELECT sha256, text || ' ' FROM texts",
    ],
    ids=lambda statement: statement[:40],
)
def test_nothing_in_the_ledger_is_updated_deleted_or_replaced(statement: str, path: Path) -> None:
    with SqliteStore(path) as store:
        before = store.connection.execute("SELECT * FROM acts").fetchall(), store.connection.execute("SELECT * FROM texts").fetchall()  # fmt: skip
        try:
            store.connection.execute(statement)
        except sqlite3.Error as error:
            assert "append-only" in str(error)
        after = store.connection.execute("SELECT * FROM acts").fetchall(), store.connection.execute("SELECT * FROM texts").fetchall()  # fmt: skip
        assert after == before
        assert store.faults() == []


# the chain of hashes


@pytest.mark.parametrize(
    "value", ["'nonsense'", "''", "'[]'", "'{}'", "'null'", "X'00FF'", "CAST(X'FF' AS TEXT)", "17"]
)
def test_whatever_a_field_is_overwritten_with_is_told_in_words(value: str, path: Path) -> None:
    whole, wrong = path.read_bytes(), []
    for column in (*ACT_COLUMNS, "hash"):
        path.write_bytes(whole)
        with forced(path) as connection:
            connection.execute(f"UPDATE acts SET {column} = {value} WHERE id = 2")
        for check in (faults, differences):
            try:
                if not check(path):
                    wrong.append(f"{column}: not told by {check.__name__}")
            except Exception as error:
                wrong.append(f"{column}: {check.__name__} ends with {type(error).__name__}: {error}")
    assert wrong == []


@pytest.mark.parametrize("column", PROJECTED)
@pytest.mark.parametrize(
    "value", ["'nonsense'", "''", "'[]'", "'{}'", "'null'", "X'00FF'", "CAST(X'FF' AS TEXT)", "17", "0"]
)
def test_whatever_is_put_over_what_an_act_gave_is_told_in_words(value: str, column: str, path: Path) -> None:
    with forced(path) as connection:
        connection.execute(f"UPDATE projections SET {column} = {value} WHERE id = 2")
    for check in (faults, differences):
        assert any(f"{CODE} revision 2: " in line or "cannot be read" in line for line in check(path))


def test_a_text_that_is_no_text_any_more_is_told(path: Path) -> None:
    with forced(path) as connection:
        connection.execute("UPDATE texts SET text = X'00FF'")
    assert faults(path)
    assert differences(path)


def test_a_page_that_was_overwritten_on_the_disk_is_told(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[2 * 4096 : 3 * 4096] = bytes(4096)
    path.write_bytes(data)
    assert faults(path)
    assert differences(path)


# what comes out again


# the files under --out


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "out", tmp_path / "out"))


def change_file(revision: Path) -> str:
    file = revision / "plan.csv"
    file.write_bytes(file.read_bytes() + b" ")
    return "plan.csv"


def remove_file(revision: Path) -> str:
    (revision / "calendar.ics").unlink()
    return "calendar.ics"


def add_file(revision: Path) -> str:
    (revision / "notes.txt").write_text("x", encoding="utf-8")
    return "notes.txt"


def add_folder(revision: Path) -> str:
    (revision / "old").mkdir()
    (revision / "old" / "plan.csv").write_text("x", encoding="utf-8")
    return "old"


def mix_revisions(revision: Path) -> str:
    shutil.copy(revision.with_name("rev-1") / "sheets.html", revision / "sheets.html")
    return "sheets.html"


def remove_manifest(revision: Path) -> str:
    (revision / folder.MANIFEST).unlink()
    return "rev-2"


def garble_manifest(revision: Path) -> str:
    (revision / folder.MANIFEST).write_text("{", encoding="utf-8")
    return "rev-2"


def empty_manifest(revision: Path) -> str:
    (revision / folder.MANIFEST).write_text('{"files": {}}', encoding="utf-8")
    return "rev-2"


def change_manifest(revision: Path) -> str:
    file = revision / folder.MANIFEST
    values = json.loads(file.read_text(encoding="utf-8"))
    values["as_of"] = "2026-01-01T00:00:00"
    file.write_text(json.dumps(values), encoding="utf-8")
    return "rev-2"


def replace_by_another_revision(revision: Path) -> str:
    shutil.rmtree(revision)
    shutil.copytree(revision.with_name("rev-1"), revision)
    return "rev-2"


def replace_by_a_file(revision: Path) -> str:
    shutil.rmtree(revision)
    revision.write_text("x", encoding="utf-8")
    return "rev-2"


def add_a_revision(revision: Path) -> str:
    shutil.copytree(revision, revision.with_name("rev-9"))
    return "rev-9"


def add_a_nameless_revision(revision: Path) -> str:
    shutil.copytree(revision, revision.with_name("rev-copy"))
    return "rev-copy"


def add_another_patient(revision: Path) -> str:
    shutil.copytree(revision, revision.parent.with_name("OTHER-1") / "rev-2")
    return "OTHER-1"


def empty_a_link(revision: Path) -> str:
    (revision / "plan.csv").unlink()
    (revision / "plan.csv").symlink_to("nowhere")
    return "plan.csv"


@pytest.mark.parametrize(
    "harm",
    [
        change_file, remove_file, add_file, add_folder, mix_revisions, remove_manifest, garble_manifest, empty_manifest,
        change_manifest, replace_by_another_revision, replace_by_a_file, add_a_revision, add_a_nameless_revision,
        add_another_patient, empty_a_link,
    ],
    ids=lambda harm: harm.__name__.replace("_", " "),
)  # fmt: skip
def test_files_that_are_not_as_they_were_written_are_told_by_name(harm: Any, path: Path, out: Path) -> None:
    name = harm(out / CODE / "rev-2")
    told = differences(path, out)
    assert told
    assert all(name in line for line in told), told


def test_verify_ends_with_0_or_with_1_and_counts(path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dayzero("verify", "--store", path, "--out", out) == 0
    assert "whole. 3 acts" in capsys.readouterr().out
    change_file(out / CODE / "rev-2")
    assert dayzero("verify", "--store", path, "--out", out) == 1
    assert "1 difference" in capsys.readouterr().out


@pytest.mark.parametrize("harm", [remove_manifest, garble_manifest, empty_manifest, replace_by_a_file], ids=lambda harm: harm.__name__.replace("_", " "))  # fmt: skip
def test_an_export_puts_what_it_finds_damaged_aside_and_writes_the_folder_anew(harm: Any, path: Path, out: Path) -> None:
    before = {one.name: one.read_bytes() for one in (out / CODE / "rev-2").iterdir()}
    harm(out / CODE / "rev-2")
    with SqliteStore(path) as store:
        written = export(store, revision_of(store, CODE, 2), out)
    assert {one.name: one.read_bytes() for one in written.iterdir()} == before
    assert (out / CODE / "damaged-rev-2").exists()


# where a ledger may lie

ROOT_MOUNT = "/dev/vda / ext4 rw,relatime 0 0\n"
MOUNTS = ROOT_MOUNT + "".join(
    f"{source} {point} {kind} rw 0 0\n"
    for source, point, kind in (
        ("server:/export", "/mnt/nfs", "nfs"), ("server:/export", "/mnt/nfs4", "nfs4"), ("//server/share", "/mnt/cifs", "cifs"),
        ("//server/share", "/mnt/smb", "smb3"), ("share", "/mnt/9p", "9p"), ("me@server:/", "/mnt/sshfs", "fuse.sshfs"),
        ("C:\\134", "/mnt/c", "9p"), ("//server/share", "/mnt/ward\\040share", "cifs"), ("/dev/sdb", "/mnt/nfs/local", "ext4"),
        ("overlay", "/var/lib/box2", "overlay"), ("tmpfs", "/dev/shm", "tmpfs"), ("server:/home", "/home/nurse", "nfs4"),
        ("/dev/sdc", "/mnt/over", "ext4"), ("server:/x", "/mnt/over", "nfs"),
        ("server:/x", "/mnt/under", "nfs"), ("/dev/sdc", "/mnt/under", "xfs"),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (r"\\server\share\ledger.sqlite", "network share"),
        (r"\\?\UNC\server\share\ledger.sqlite", "network share"),
        ("//server/share/ledger.sqlite", "network share"),
        (r"C:\Users\nurse\OneDrive\ledger.sqlite", "synchronised"),
        (r"C:\Users\nurse\OneDrive - Hospital\Trials\ledger.sqlite", "synchronised"),
        (r"C:\Users\nurse\onedrive - hospital\ledger.sqlite", "synchronised"),
        (r"C:\Users\nurse\Dropbox\ledger.sqlite", "synchronised"),
        (r"C:\Users\nurse\Dropbox (Hospital)\ledger.sqlite", "synchronised"),
        (r"C:\Users\nurse\iCloudDrive\ledger.sqlite", "synchronised"),
        (r"C:\Users\nurse\Google Drive\ledger.sqlite", "synchronised"),
        (r"G:\My Drive\ledger.sqlite", "synchronised"),
        ("/Users/nurse/Library/CloudStorage/OneDrive-Hospital/ledger.sqlite", "synchronised"),
        ("/Users/nurse/Library/CloudStorage/GoogleDrive-nurse@example.org/My Drive/ledger.sqlite", "synchronised"),
        ("/Users/nurse/Library/Mobile Documents/com~apple~CloudDocs/ledger.sqlite", "synchronised"),
        ("/Users/nurse/iCloud Drive/ledger.sqlite", "synchronised"),
        ("/home/nurse2/Dropbox/ledger.sqlite", "synchronised"),
        ("/home/nurse2/Nextcloud/deep/down/ledger.sqlite", "synchronised"),
        ("/mnt/nfs/ledger.sqlite", "network file system (nfs)"),
        ("/mnt/nfs/deep/down/ledger.sqlite", "network file system (nfs)"),
        ("/mnt/nfs4/ledger.sqlite", "network file system (nfs4)"),
        ("/mnt/cifs/ledger.sqlite", "network file system (cifs)"),
        ("/mnt/smb/ledger.sqlite", "network file system (smb3)"),
        ("/mnt/9p/ledger.sqlite", "network file system (9p)"),
        ("/mnt/c/Users/ledger.sqlite", "network file system (9p)"),
        ("/mnt/sshfs/ledger.sqlite", "network file system (fuse.sshfs)"),
        ("/mnt/ward share/ledger.sqlite", "network file system (cifs)"),
        ("/home/nurse/ledger.sqlite", "network file system (nfs4)"),
        ("/mnt/over/ledger.sqlite", "network file system (nfs)"),
        (r"C:\Users\nurse\AppData\Local\dayzero\ledger.sqlite", None),
        (r"D:\ledger.sqlite", None),
        ("/ledger.sqlite", None),
        ("/home/nurse2/.local/share/dayzero/ledger.sqlite", None),
        ("/home/nurse2/dropbox-notes/ledger.sqlite", None),
        ("/home/nurse2/boxes/ledger.sqlite", None),
        ("/mnt/nfs/local/ledger.sqlite", None),
        ("/mnt/nfs5/ledger.sqlite", None),
        ("/mnt/ward/ledger.sqlite", None),
        ("/mnt/under/ledger.sqlite", None),
        ("/var/lib/box2/ledger.sqlite", None),
        ("/dev/shm/ledger.sqlite", None),
    ],
)
def test_a_ledger_is_refused_where_its_locks_fail_or_a_sync_program_copies_it(place: str, why: str | None) -> None:
    path: Any = PureWindowsPath(place) if "\\" in place else PurePath(place) if place.startswith("//") else Path(place)
    fault = place_fault(path, MOUNTS)
    found = place_in_words(fault) if fault is not None else None
    assert found is None if why is None else found is not None and why in found


def test_without_a_list_of_mounts_only_the_names_count() -> None:
    assert place_fault(Path("/mnt/nfs/ledger.sqlite"), "") is None
    assert place_fault(Path("/mnt/nfs/ledger.sqlite"), "nonsense\n\nx y\n") is None
    assert place_fault(Path("/home/nurse/Dropbox/ledger.sqlite"), "") is not None


def test_a_refused_ledger_names_the_reason_and_the_way_out_and_nothing_is_made(tmp_path: Path) -> None:
    place = tmp_path / "OneDrive - Hospital" / "ledger.sqlite"
    message = words_of(place)
    assert "synchronised (OneDrive - Hospital)" in message
    assert "--store" in message and "DAYZERO_STORE" in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("link", ["folder", "file"])
def test_a_link_into_a_refused_place_is_refused_as_well(link: str, tmp_path: Path) -> None:
    real = tmp_path / "Dropbox"
    real.mkdir()
    if link == "folder":
        (tmp_path / "data").symlink_to(real)
        place = tmp_path / "data" / "ledger.sqlite"
    else:
        place = tmp_path / "ledger.sqlite"
        place.symlink_to(real / "ledger.sqlite")
    assert "Dropbox" in words_of(place)
    assert list(real.iterdir()) == []


# the clock


def test_an_act_on_another_patient_while_this_one_is_being_confirmed_is_no_wrong_clock(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(100, 200))
    monkeypatch.setattr("schedule.commands.acting.now", lambda: START + timedelta(seconds=next(seconds)))
    with SqliteStore(path) as store:
        create_patient(store, 50, "CIML-018")

    def confirm(*_: object) -> None:
        with SqliteStore(path) as colleague:
            slip(colleague, next(seconds), code="CIML-018")

    monkeypatch.setattr("schedule.commands.acting.Acting.confirm", confirm)
    asked = ("--to", "2026-06-16 10:00", "--reason", "late", "--as-of", f"{AS_OF:%Y-%m-%d %H:%M}", "--confirm", CODE)
    assert dayzero("slip", CODE, *asked, "--store", path, "--out", path.parent / "out") == 0


# files that cannot be a ledger


@pytest.mark.parametrize(("waits", "written"), [(True, True), (False, True), (True, False)], ids=["acts", "feeds", "reads"])
def test_no_connection_keeps_more_than_256_kb_of_the_file(
    waits: bool, written: bool, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server has dozens; each would keep 2 MB, and the more of it the longer the ledger is."""
    monkeypatch.setattr("schedule.ledger.sqlite.may_be_written", lambda _: written)
    with SqliteStore(path, waits=waits) as store:
        assert store.connection.execute("PRAGMA cache_size").fetchone() == (-256,)


def test_a_newer_ledger_is_refused_and_left_as_it_is(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "newer Dayzero (ledger version 99)" in words_of(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT COUNT(*) FROM acts").fetchone() == (3,)
    connection.close()


def test_a_file_that_is_no_sqlite_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    place.write_text("This is a letter, not a ledger.\n" * 100, encoding="utf-8")
    assert str(place) in words_of(place)
    assert place.read_text(encoding="utf-8").startswith("This is a letter")


@pytest.mark.parametrize("version", [0, 1, 2])
def test_the_sqlite_file_of_another_program_is_refused_and_left_as_it_is(version: int, tmp_path: Path) -> None:
    place = tmp_path / "photos.sqlite"
    connection = sqlite3.connect(place)
    connection.execute("CREATE TABLE photos (name TEXT)")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    assert str(place) in words_of(place)
    connection = sqlite3.connect(place)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]
    connection.close()


def test_a_folder_in_the_ledgers_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").mkdir()
    assert "cannot be opened" in words_of(tmp_path / "ledger.sqlite")


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x", encoding="utf-8")
    assert "cannot be opened" in words_of(tmp_path / "data" / "ledger.sqlite")


def _as_nobody(place: Path, answers: Any) -> None:
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    try:
        with SqliteStore(place) as store:
            slip(store, 3600)
        answers.put("done")
    except BaseException as error:
        answers.put(f"{type(error).__name__}: {said(error)}")


@LINUX
@pytest.mark.parametrize(("file", "around"), [(0o000, 0o777), (0o444, 0o555), (0o444, 0o777), (0o666, 0o555)], ids=["file unreadable", "everything read-only", "file read-only", "folder read-only"])  # fmt: skip
def test_a_ledger_that_may_not_be_read_or_written_is_refused_in_words(file: int, around: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "data" / "ledger.sqlite"
        with SqliteStore(place) as store:
            create_patient(store)
        Path(name).chmod(0o755)
        place.chmod(file)
        place.parent.chmod(around)
        context = multiprocessing.get_context("fork")
        answers = context.SimpleQueue()
        process = context.Process(target=_as_nobody, args=(place, answers))
        process.start()
        answer = answers.get()
        process.join()
        place.parent.chmod(0o755)
        assert answer.startswith("NotDone: "), answer
        assert str(place) in answer
        assert faults(place) == []


@LINUX
def test_a_full_disk_saves_nothing_says_so_and_the_next_act_goes_through(path: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with SqliteStore(path) as store:
        for room in range(0, 24_000, 3_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
            try:
                with not_done("Nothing was saved"):
                    slip(store, 3)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            assert len(store.history(CODE)) == 3
            with SqliteStore(path) as colleague:
                assert len(colleague.history(CODE)) == 3
        assert slip(store, 3).saved
        assert store.faults() == []


# several at once


def _open_first(place: Path, start: Any, answers: Any) -> None:
    start.wait()
    try:
        with SqliteStore(place) as store:
            answers.put(f"schema {store.connection.execute('SELECT COUNT(*) FROM sqlite_master').fetchone()[0]}")
    except BaseException as error:
        answers.put(f"{type(error).__name__}: {said(error)}")


@LINUX
def test_several_processes_that_open_a_new_ledger_at_once_make_one(tmp_path: Path) -> None:
    context, at_once, rounds = multiprocessing.get_context("fork"), 8, 20
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    with SqliteStore(tmp_path / "alone.sqlite") as store:
        alone = store.connection.execute(schema).fetchall()
    for number in range(rounds):
        place = tmp_path / f"{number}" / "ledger.sqlite"
        start, answers = context.Barrier(at_once), context.SimpleQueue()
        processes = [context.Process(target=_open_first, args=(place, start, answers)) for _ in range(at_once)]
        for process in processes:
            process.start()
        found = {answers.get() for _ in processes}
        for process in processes:
            process.join()
        assert found == {f"schema {len(alone)}"}
        with SqliteStore(place) as store:
            assert store.connection.execute(schema).fetchall() == alone
            assert create_patient(store).saved
            assert store.faults() == []


# what is kept


# backup


def test_a_backup_is_a_whole_copy_that_can_be_read_alone_while_the_ledger_is_open(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "backup.sqlite"
    target.parent.mkdir()
    with SqliteStore(path) as store, SqliteStore(path) as colleague:
        slip(colleague, 3)
        colleague.connection.execute("BEGIN IMMEDIATE")
        colleague.connection.execute("INSERT INTO texts VALUES ('not', 'committed')")
        store.backup(target)
        colleague.connection.execute("ROLLBACK")
        assert os.listdir(target.parent) == ["backup.sqlite"]
        slip(store, 4)
        rows = store.history(CODE)
    alone = sqlite3.connect(f"file:{target}?mode=ro&immutable=1", uri=True)
    assert alone.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert alone.execute("SELECT COUNT(*) FROM acts").fetchone() == (4,)
    alone.close()
    assert differences(target) == []
    with SqliteStore(target) as copy:
        assert copy.history(CODE) == rows[:4]


def test_a_backup_never_overwrites_a_file(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"
    target.write_text("mine", encoding="utf-8")
    with SqliteStore(path) as store:
        with not_done("is there already"):
            store.backup(target)
        with not_done("is there already"):
            store.backup(path)
    assert target.read_text(encoding="utf-8") == "mine"
    assert faults(path) == []


@pytest.mark.parametrize("target", ["nowhere/backup.sqlite", "letter.txt/backup.sqlite"])
def test_a_backup_that_cannot_be_written_is_told_and_leaves_nothing(target: str, path: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    with SqliteStore(path) as store, not_done("could not be written"):
        store.backup(tmp_path / target)
    assert sorted(tmp_path.iterdir()) == before


# restore


@pytest.fixture
def backup(path: Path, tmp_path: Path) -> Path:
    return backed_up(path, tmp_path / "backup.sqlite")



def test_without_the_ledger_that_was_there_a_restored_one_jumps_from_the_backup(path: Path, backup: Path) -> None:
    path.unlink()
    assert restore(path, backup, meta(100)).made == ((CODE, 3 + JUMP),)
    assert differences(path) == []


def test_the_ledger_that_was_there_is_kept_beside_the_restored_one(path: Path, backup: Path) -> None:
    restore(path, backup, meta(100))
    kept = [one for one in path.parent.iterdir() if "before-restore" in one.name]
    assert len(kept) == 1
    with SqliteStore(kept[0]) as store:
        assert len(store.history(CODE)) == 6
    assert differences(kept[0]) == []
    assert not [one.name for one in path.parent.iterdir() if one.name.startswith(".")]


def test_acts_still_in_the_log_of_the_ledger_that_was_there_are_kept_as_well(path: Path, backup: Path) -> None:
    with SqliteStore(path) as colleague:
        slip(colleague, 6)
        try:
            made = restore(path, backup, meta(100)).made
        except NotDone:
            assert len(colleague.history(CODE)) == 7, "refused: somebody has the ledger open"
            return
    assert made == ((CODE, 7 + JUMP),)
    (kept,) = [one for one in path.parent.iterdir() if "before-restore" in one.name]
    with SqliteStore(kept) as store:
        assert len(store.history(CODE)) == 7


def test_an_act_acknowledged_to_somebody_who_had_the_ledger_open_is_not_lost_by_a_restore(
    path: Path, backup: Path
) -> None:
    with SqliteStore(path) as colleague:
        try:
            restore(path, backup, meta(100))
        except NotDone:
            return
        try:
            done = slip(colleague, 200)
        except NotDone:
            return
    assert done.row is not None
    found = []
    for one in path.parent.iterdir():
        if one.name == path.name or "before-restore" in one.name:
            with SqliteStore(one) as store:
                found += [row.hash for row in store.history(CODE)]
    assert done.row.hash in found


@pytest.mark.parametrize("harm", ["changed", "torn", "letter", "empty", "missing", "folder", "newer"])
def test_a_backup_that_is_not_whole_is_refused_by_its_name_with_nothing_changed(
    harm: str, path: Path, backup: Path
) -> None:
    data = backup.read_bytes()
    match harm:
        case "changed":
            with forced(backup) as connection:
                connection.execute("UPDATE acts SET who = 'x' WHERE id = 2")
        case "torn":
            backup.write_bytes(data[: len(data) // 2])
        case "letter":
            backup.write_text("This is a letter.\n" * 100, encoding="utf-8")
        case "empty":
            backup.write_bytes(b"")
        case "missing":
            backup.unlink()
        case "folder":
            backup.unlink()
            backup.mkdir()
        case "newer":
            with sqlite3.connect(backup) as connection:
                connection.execute("PRAGMA user_version = 99")
            connection.close()
    before, ledger = sorted(one.name for one in path.parent.iterdir()), path.read_bytes()
    with pytest.raises(NotDone) as caught:
        restore(path, backup, meta(100))
    assert str(backup) in said(caught.value)
    assert path.read_bytes() == ledger
    assert sorted(one.name for one in path.parent.iterdir()) == before


def test_a_restore_with_a_wrong_clock_is_refused_with_nothing_changed(path: Path, backup: Path) -> None:
    before, ledger = sorted(one.name for one in path.parent.iterdir()), path.read_bytes()
    with not_done("clock"):
        restore(path, backup, meta(0))
    assert path.read_bytes() == ledger
    assert sorted(one.name for one in path.parent.iterdir()) == before


def test_a_ledger_that_cannot_be_opened_any_more_can_be_replaced_by_its_backup(path: Path, backup: Path) -> None:
    path.write_text("The disk has failed.\n" * 1000, encoding="utf-8")
    assert restore(path, backup, meta(100)).made == ((CODE, 3 + JUMP),)
    assert differences(path) == []
    (kept,) = [one for one in path.parent.iterdir() if "before-restore" in one.name]
    assert kept.read_text(encoding="utf-8").startswith("The disk has failed.")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_restore_that_is_cut_short_leaves_a_ledger_in_its_place(
    number: int, path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    counted = 0
    for name in ("rename", "replace", "link", "unlink"):
        real = getattr(os, name)

        def counting(*values: Any, real: Any = real, **named: Any) -> Any:
            nonlocal counted
            counted += 1
            if counted >= number:
                raise Killed
            return real(*values, **named)

        monkeypatch.setattr(os, name, counting)
    with suppress(Killed):
        restore(path, backup, meta(100))
    monkeypatch.undo()
    assert path.exists()
    with SqliteStore(path) as store:
        assert newest(store, CODE).act.revision in (6, 6 + JUMP)
        assert store.faults() == []


def test_a_backup_is_left_as_it_is_by_a_restore(path: Path, backup: Path) -> None:
    before = backup.read_bytes()
    restore(path, backup, meta(100))
    assert backup.read_bytes() == before
    assert not [one for one in backup.parent.iterdir() if one.name.startswith("backup.sqlite-")]


