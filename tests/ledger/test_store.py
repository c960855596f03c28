"""The ledger's file: nothing is changed in it unseen, it is refused where it is not safe, and it comes back from a backup.

Everything is done to real files: what a test tampers with, it tampers with through SQLite, as somebody with the file could.
"""

import json
import multiprocessing
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any

import pytest
from msgspec.structs import replace
from shared.failures import not_done, said, told
from shared.slip_once import AS_OF, CODE, START, create_patient, meta, slip

from schedule.commands import main
from schedule.ledger.chain import ACT_COLUMNS, PROJECTED, projection_hash, row_hash
from schedule.ledger.packed import projection_in, projection_to_text
from schedule.ledger.place import place_fault
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Fact, Note
from schedule.model.errors import NotDone, Stale
from schedule.model.kept import Row
from schedule.model.moment import Moment
from schedule.model.plan import Event
from schedule.model.projection import Projection
from schedule.output import folder
from schedule.service.acts import perform
from schedule.service.export import export
from schedule.service.restore import JUMP, restore
from schedule.service.revisions import calendar_entries, newest, revision_of
from schedule.service.verify import faults_of_rows, verify
from schedule.words.failures import place_in_words

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and users")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with one patient and two slips: three acts."""
    path = tmp_path / "ledger.sqlite"
    with SqliteStore(path) as store:
        create_patient(store)
        slip(store, 1)
        slip(store, 2)
    return path


@contextmanager
def forced(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in the hands of somebody who takes the triggers out first."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
    finally:
        connection.close()


def rehash(connection: sqlite3.Connection) -> None:
    """Make the chain whole again, as a clever forger would."""
    previous = "0" * 64
    for number, *fields in connection.execute(f"SELECT id, {', '.join(ACT_COLUMNS)} FROM acts ORDER BY id").fetchall():
        values = {**dict(zip(ACT_COLUMNS, fields, strict=True)), "previous": previous}
        previous = row_hash(values)
        chained = values["previous"], previous, number
        connection.execute("UPDATE acts SET previous = ?, hash = ? WHERE id = ?", chained)
        form, content = connection.execute("SELECT form, content FROM projections WHERE id = ?", (number,)).fetchone()
        beside = projection_hash(form, content, previous), number
        connection.execute("UPDATE projections SET hash = ? WHERE id = ?", beside)


def differences(path: Path, out: Path | None = None) -> list[str]:
    """What `verify` says, each a plain sentence."""
    with SqliteStore(path) as store:
        found = told(verify(store, out).faults)
    for line in found:
        assert ": " in line or line.endswith("."), line
        assert not re.search(r"\w+Error\b|Traceback|<\w+ object", line), line
    return found


def faults(path: Path) -> list[str]:
    with SqliteStore(path) as store:
        return told(faults_of_rows(store))


def words_of(path: Path) -> str:
    """The words with which a ledger is refused."""
    with pytest.raises(NotDone) as caught, SqliteStore(path) as store:
        create_patient(store)
    return said(caught.value)


def dayzero(*arguments: object) -> int:
    """A command, in this process; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


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


def test_a_ledger_that_nobody_touched_is_whole(path: Path, tmp_path: Path) -> None:
    with SqliteStore(path) as store:
        for revision in (1, 2, 3):
            export(store, revision_of(store, CODE, revision), tmp_path / "out")
    assert faults(path) == []
    assert differences(path, tmp_path / "out") == []


@pytest.mark.parametrize("row", [1, 2, 3])
@pytest.mark.parametrize("column", [*ACT_COLUMNS, "hash"])
def test_a_row_with_one_field_changed_is_told(column: str, row: int, path: Path) -> None:
    changed = f"{column} + 1000" if column in ("revision", "based_on") else f"{column} || ' '"
    with forced(path) as connection:
        connection.execute(f"UPDATE acts SET {column} = {changed} WHERE id = ?", (row,))
    name = f"revision {row + 1000 if column == 'revision' else row}:"
    told = faults(path)
    assert any(name in line and "changed after it was written" in line for line in told), told
    assert set(told) <= set(differences(path))


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


def test_what_an_act_gave_is_told_where_it_is_missing_or_stands_beside_another_act(path: Path) -> None:
    with forced(path) as connection:
        connection.execute("UPDATE projections SET id = id + 1 WHERE id = 3")
        connection.execute("UPDATE projections SET id = 3 WHERE id = 2")
    assert faults(path) == [
        "What act 4 gave is kept, but there is no such act.",
        f"{CODE} revision 2: what it gave is missing.", f"{CODE} revision 3: it was changed after it was written.",
    ]  # fmt: skip


def test_a_text_that_was_changed_is_told(path: Path) -> None:
    with forced(path) as connection:
        (sha256,) = connection.execute("SELECT sha256 FROM texts LIMIT 1").fetchone()
        connection.execute("UPDATE texts SET text = text || ' ' WHERE sha256 = ?", (sha256,))
    assert faults(path) == [f"The text {sha256[:12]}… was changed after it was written."]
    assert differences(path)


def test_a_text_whose_hash_was_changed_is_told(path: Path) -> None:
    with forced(path) as connection:
        connection.execute("UPDATE texts SET sha256 = 'f' || substr(sha256, 2) WHERE substr(sha256, 1, 1) <> 'f'")
    assert faults(path)
    assert differences(path)


def test_a_text_that_is_no_text_any_more_is_told(path: Path) -> None:
    with forced(path) as connection:
        connection.execute("UPDATE texts SET text = X'00FF'")
    assert faults(path)
    assert differences(path)


@pytest.mark.parametrize("which", [0, 1, 2], ids=["first", "second", "third"])
def test_a_text_that_was_taken_out_is_told(which: int, path: Path) -> None:
    with forced(path) as connection:
        (sha256,) = connection.execute("SELECT sha256 FROM texts ORDER BY sha256 LIMIT 1 OFFSET ?", (which,)).fetchone()
        connection.execute("DELETE FROM texts WHERE sha256 = ?", (sha256,))
    assert any(sha256[:12] in line and "missing" in line for line in differences(path))


@pytest.mark.parametrize("row", [1, 2])
def test_a_row_that_was_taken_out_is_told(row: int, path: Path) -> None:
    with forced(path) as connection:
        connection.execute("DELETE FROM acts WHERE id = ?", (row,))
    assert [line for line in faults(path) if f"revision {row + 1}: the chain of hashes is broken" in line]
    assert differences(path)


def test_a_last_row_that_was_taken_out_is_told_by_its_files(path: Path, tmp_path: Path) -> None:
    with SqliteStore(path) as store:
        kept = export(store, newest(store, CODE), tmp_path / "out")
    with forced(path) as connection:
        connection.execute("DELETE FROM acts WHERE id = 3")
    assert any(str(kept) in line for line in differences(path, tmp_path / "out"))


@pytest.mark.parametrize("between", [1, 2])
def test_a_row_that_was_put_in_is_told_even_with_a_right_hash(between: int, path: Path) -> None:
    with forced(path) as connection:
        connection.execute("UPDATE acts SET id = -id - 1 WHERE id > ?", (between,))
        connection.execute("UPDATE acts SET id = -id WHERE id < 0")
        fields = connection.execute(f"SELECT {', '.join(ACT_COLUMNS)}, hash FROM acts WHERE id = ?", (between,)).fetchone()
        *values, previous = fields
        forged = {**dict(zip(ACT_COLUMNS, values, strict=True)), "revision": 77, "previous": previous}
        connection.execute(
            f"INSERT INTO acts (id, {', '.join(ACT_COLUMNS)}, hash) VALUES ({', '.join('?' * (len(ACT_COLUMNS) + 2))})",
            (between + 1, *forged.values(), row_hash(forged)),
        )
        assert connection.execute("SELECT COUNT(*) FROM acts").fetchone() == (4,)
    assert [line for line in faults(path) if "the chain of hashes is broken" in line]
    assert differences(path)


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (1, 3)])
def test_two_rows_that_were_swapped_are_told(one: int, other: int, path: Path) -> None:
    with forced(path) as connection:
        connection.execute("UPDATE acts SET id = -1 WHERE id = ?", (one,))
        connection.execute("UPDATE acts SET id = ? WHERE id = ?", (one, other))
        connection.execute("UPDATE acts SET id = ? WHERE id = -1", (other,))
    assert [line for line in faults(path) if "the chain of hashes is broken" in line]
    assert differences(path)


def test_a_page_that_was_overwritten_on_the_disk_is_told(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[2 * 4096 : 3 * 4096] = bytes(4096)
    path.write_bytes(data)
    assert faults(path)
    assert differences(path)


# what comes out again


def forge(path: Path, column: str, change: Callable[[Any], None], row: int = 2) -> None:
    """Change what a row holds, or what stands beside it, and make the chain whole again."""
    table = "projections" if column == "content" else "acts"
    with forced(path) as connection:
        text = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()[0]
        if column == "content":
            text = projection_to_text(change(projection_in(text)))
        else:
            value = json.loads(text)
            change(value)
            text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (text, row))
        rehash(connection)
    assert faults(path) == []


def put(*keys: Any, to: Any) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        for key in keys[:-1]:
            value = value[key]
        assert value[keys[-1]] != to
        value[keys[-1]] = to

    return change


def first_with(name: str, **changes: Any) -> Callable[[Projection], Projection]:
    """The first event or finding of what an act gave is another."""

    def change(given: Projection) -> Projection:
        first, *rest = getattr(given, name)
        assert replace(first, **changes) != first
        return replace(given, **{name: (replace(first, **changes), *rest)})

    return change


def other(**changes: Any) -> Callable[[Projection], Projection]:
    def change(given: Projection) -> Projection:
        assert replace(given, **changes) != given
        return replace(given, **changes)

    return change


def stands(**changes: Any) -> Callable[[Projection], Projection]:
    return lambda given: replace(given, standing=replace(given.standing, **changes))


def of_case(**changes: Any) -> Callable[[Projection], Projection]:
    return lambda given: replace(given, case=replace(given.case, **changes))


def pinned(event: Event) -> Moment:
    assert event.planned is not None and not event.planned.pinned
    return replace(event.planned, pinned=True)


FIRST_OF_JUNE = Moment(on=date(2026, 6, 1))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(first_with("events", on=date(2026, 6, 1)), id="an event's date"),
        pytest.param(first_with("events", status="cancelled"), id="an event's status"),
        pytest.param(first_with("events", planned=FIRST_OF_JUNE), id="an event's planned date"),
        pytest.param(first_with("events", booked=FIRST_OF_JUNE), id="a booking"),
        pytest.param(first_with("findings", status="violated"), id="a verdict"),
        pytest.param(other(feasible=None), id="the days 0 that are possible"),
        pytest.param(lambda given: replace(given, events=given.events[:-1]), id="an event less"),
        pytest.param(lambda given: replace(given, clock=replace(given.clock, begins=FIRST_OF_JUNE)), id="what the clock does"),
        pytest.param(
            lambda given: replace(given, events=(*given.events[:-1], replace(given.events[-1], planned=pinned(given.events[-1])))),
            id="whether a moment was written with an offset",
        ),
    ],
)
def test_a_plan_that_does_not_come_out_again_is_told_even_with_right_hashes(change: Any, path: Path) -> None:
    forge(path, "content", change)
    assert any(f"{CODE} revision 2" in line and "replaying its acts gives other dates" in line for line in differences(path))


def test_numbers_that_were_given_to_other_occurrences_are_told_even_with_right_hashes(path: Path) -> None:
    def swap(lasting: Any) -> None:
        one, other, *_ = [place for place in lasting["numbers"] if place.startswith("il2|")]
        numbers = lasting["numbers"]
        numbers[one], numbers[other] = numbers[other], numbers[one]

    forge(path, "lasting", swap)
    assert any(f"{CODE} revision 2" in line and "replaying its acts gives other dates" in line for line in differences(path))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(put("to", "at", to="2026-06-16T11:00:00-04:00"), id="another hour"),
        pytest.param(put("cause", to="illness"), id="another cause"),
    ],
)
def test_a_deed_that_does_not_give_the_plan_is_told_even_with_right_hashes(change: Any, path: Path) -> None:
    forge(path, "deed", change)
    assert differences(path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(stands(day_zero=FIRST_OF_JUNE), id="day 0"),
        pytest.param(stands(planned=FIRST_OF_JUNE), id="planned day 0"),
        pytest.param(stands(fixed=frozenset()), id="what is fixed"),
        pytest.param(stands(phase="infused"), id="whether the cells are in"),
        pytest.param(of_case(dates={"marrow": (date(2026, 6, 1),)}), id="a known date"),
        pytest.param(of_case(planned_day_zero=date(2026, 6, 14)), id="the case's day 0"),
        pytest.param(other(site=None), id="the site file"),
    ],
)
@pytest.mark.parametrize("row", [2, 3], ids=["in between", "newest"])
def test_a_state_that_the_acts_do_not_give_is_told_even_with_right_hashes(row: int, change: Any, path: Path) -> None:
    forge(path, "content", change, row)
    assert any(f"{CODE} revision {row}" in line for line in differences(path))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(put("since", "nk-infusion-1", "since", to=1), id="since when a calendar entry is as it is"),
        pytest.param(lambda lasting: lasting["since"].pop("nk-infusion-1"), id="a calendar entry less"),
        pytest.param(put("schedule_id", to="00000000-0000-4000-8000-000000000000"), id="whose calendar it is"),
        pytest.param(put("numbers", to={"fludarabine-1": 4}), id="the number of an occurrence"),
    ],
)
@pytest.mark.parametrize("row", [2, 3], ids=["in between", "newest"])
def test_what_lasts_is_told_where_the_acts_do_not_give_it_even_with_right_hashes(row: int, change: Any, path: Path) -> None:
    forge(path, "lasting", change, row)
    assert any(f"{CODE} revision {row}" in line for line in differences(path))


def test_a_history_written_anew_with_right_hashes_is_told_by_the_files_made_from_it(path: Path, tmp_path: Path) -> None:
    with SqliteStore(path) as store:
        kept = [export(store, revision_of(store, CODE, n), tmp_path / "out") for n in (1, 2, 3)]
    with forced(path) as connection:
        connection.execute("UPDATE acts SET who = 'somebody else' WHERE id = 2")
        rehash(connection)
    told = differences(path, tmp_path / "out")
    assert not any(str(kept[0]) in line for line in told)
    assert all(any(str(one) in line for line in told) for one in kept[1:])


# the files under --out


@pytest.fixture
def out(path: Path, tmp_path: Path) -> Path:
    out = tmp_path / "out"
    with SqliteStore(path) as store:
        for revision in (1, 2, 3):
            export(store, revision_of(store, CODE, revision), out)
    assert differences(path, out) == []
    return out


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


def test_a_clock_that_is_earlier_than_the_last_act_is_refused_with_both_times(path: Path) -> None:
    with SqliteStore(path) as store:
        with not_done("clock says 2026-06-11 16:00:01 UTC, but the last act was at 2026-06-11 16:00:02 UTC"):  # fmt: skip
            slip(store, 1)
        assert len(store.history(CODE)) == 3
        assert slip(store, 2).saved, "the same second is no fault"


def test_the_clock_is_compared_with_the_last_act_on_any_patient(path: Path) -> None:
    with SqliteStore(path) as store:
        with not_done("clock"):
            create_patient(store, 1, "CIML-018")
        assert store.codes() == [CODE]


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


def test_the_loser_of_a_race_is_told_who_did_what_when_and_why(path: Path) -> None:
    with SqliteStore(path) as store:
        perform(store, CODE, Note(text="x"), meta(60, by="Dr. A", reason="asked by phone"))
        with pytest.raises(Stale) as caught:
            slip(store, 120, based_on=3)
        assert len(store.history(CODE)) == 4
    for word in (CODE, "revision 4", "Dr. A", "2026-06-11 16:01 UTC", "note", "asked by phone", f"dayzero show {CODE}"):
        assert word in said(caught.value)
    assert caught.value.newest.act.by == "Dr. A"
    assert caught.value.exit_code == 3


def test_an_act_that_was_overtaken_while_it_was_worked_out_is_refused_though_it_named_no_revision(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = SqliteStore.append

    def overtaken(store: SqliteStore, *values: Any) -> Row:
        monkeypatch.setattr(SqliteStore, "append", append)
        with SqliteStore(path) as colleague:
            perform(colleague, CODE, Note(text="first"), meta(60, by="Dr. A"))
        return append(store, *values)

    monkeypatch.setattr(SqliteStore, "append", overtaken)
    with SqliteStore(path) as store:
        with not_done(r"revision 4 was made meanwhile by Dr\. A", Stale):
            slip(store, 120, based_on=None)
        assert [row.act.kind for row in store.history(CODE)] == ["plan", "slip", "slip", "note"]


def test_two_that_plan_one_patient_at_once_make_one_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, append = tmp_path / "ledger.sqlite", SqliteStore.append

    def overtaken(store: SqliteStore, *values: Any) -> Row:
        monkeypatch.setattr(SqliteStore, "append", append)
        with SqliteStore(place) as colleague:
            create_patient(colleague)
        return append(store, *values)

    monkeypatch.setattr(SqliteStore, "append", overtaken)
    with SqliteStore(place) as store:
        with pytest.raises(Stale):
            create_patient(store)
        assert len(store.history(CODE)) == 1


# what is kept


def test_a_text_is_kept_once_however_many_patients_are_planned_by_it(path: Path) -> None:
    with SqliteStore(path) as store:
        create_patient(store, 10, "CIML-018")
        create_patient(store, 11, "CIML-019")
        assert store.connection.execute("SELECT COUNT(*) FROM texts").fetchone() == (2 + 3,)
        assert store.faults() == []


def test_two_ledgers_with_the_same_acts_have_the_same_hashes(path: Path, tmp_path: Path) -> None:
    with SqliteStore(path) as store:
        rows = store.history(CODE)
        texts = dict(store.connection.execute("SELECT sha256, text FROM texts"))
    with SqliteStore(tmp_path / "again.sqlite") as again:
        for row in rows:
            again.append(row.act, row.lasting, row.projection, dict(reversed(texts.items())))
        assert [kept.hash for kept in again.chain()] == [row.hash for row in rows]
        assert again.history(CODE) == rows


def test_the_same_acts_done_anew_have_the_same_hashes_but_for_the_schedules_random_name(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteStore(path) as store:
        rows = store.history(CODE)
    monkeypatch.setattr("uuid.uuid4", lambda: rows[0].lasting.schedule_id)
    with SqliteStore(tmp_path / "again.sqlite") as again:
        create_patient(again)
        slip(again, 1)
        slip(again, 2)
        assert [kept.hash for kept in again.chain()] == [row.hash for row in rows]


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


def sent(store: SqliteStore, code: str = CODE) -> dict[str, int]:
    """The highest SEQUENCE that any revision of the ledger gave each calendar entry."""
    found: dict[str, int] = {}
    for row in store.history(code):
        for entry in calendar_entries(store, row):
            found[entry.id] = max(found.get(entry.id, 0), entry.since)
    return found


@pytest.fixture
def backup(path: Path, tmp_path: Path) -> Path:
    """A backup of the ledger at revision 3; the ledger itself goes on to revision 6."""
    target = tmp_path / "backup.sqlite"
    with SqliteStore(path) as store:
        store.backup(target)
        for second in (3, 4, 5):
            slip(store, second)
    return target


def test_a_restored_ledger_goes_on_100_above_what_was_there_and_is_whole(path: Path, backup: Path) -> None:
    with SqliteStore(path) as store:
        before = sent(store)
    assert restore(path, backup, meta(100, reason="disk failed")).made == ((CODE, 6 + JUMP),)
    with SqliteStore(path) as store:
        assert [row.act.revision for row in store.history(CODE)] == [1, 2, 3, 6 + JUMP]
        after = {entry.id: entry.since for entry in calendar_entries(store, newest(store, CODE))}
        assert {key for key in before if after.get(key, 0) <= before[key]} == set()
        assert slip(store, 101).after.revision == 7 + JUMP
    assert differences(path) == []


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


def test_entries_that_were_cancelled_are_higher_than_before_as_well(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"
    with SqliteStore(path) as store:
        perform(store, CODE, Fact(name="echo", dates=(date(2026, 6, 8),), instead=False), meta(10))
        struck = {entry.id for entry in calendar_entries(store, newest(store, CODE)) if entry.cancelled}
        assert struck, "an entry is struck before the backup"
        store.backup(target)
        slip(store, 20)
        before = sent(store)
    restore(path, target, meta(100))
    with SqliteStore(path) as store:
        after = {entry.id: entry.since for entry in calendar_entries(store, newest(store, CODE))}
    assert {key for key in struck if after[key] <= before[key]} == set()


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


def test_patients_that_the_backup_does_not_know_are_named(
    path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with SqliteStore(path) as store:
        create_patient(store, 50, "CIML-018")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(START.timestamp()) + 100))
    assert dayzero("restore", backup, "--reason", "disk", "--confirm", "RESTORE", "--store", path) == 0
    assert "CIML-018" in capsys.readouterr().out
