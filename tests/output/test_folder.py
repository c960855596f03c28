"""A revision's folder: written aside, renamed whole, never overwritten, and nothing half-written whatever the disk does."""

import errno
import hashlib
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from shared.failures import not_done, said, told
from shared.snapshot import snapshot

from schedule.model.entries import Entry, MadeFrom, Subject
from schedule.model.errors import NotDone
from schedule.output import folder

WHEN = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
FILES = {"plan.json": b'{"a": 1}\n', "calendar.ics": b"BEGIN\r\n", "sheets.html": "Day −5\n".encode()}
ENTRY = Entry(
    id="a-1", kind="Visit", subject=Subject(), first=date(2026, 6, 10), last=date(2026, 6, 10), start=WHEN, end=WHEN,
    made=MadeFrom(code="CASE-1", revision=1, when=WHEN), alarm=30, since=1, changed=WHEN,
)  # fmt: skip


def manifest(revision=1, case="c" * 64, ledger=None):
    return folder.Manifest(
        revision=revision, when=WHEN, as_of=datetime(2026, 5, 1, 8, 0),
        inputs={"protocol": "a" * 64, "site": None, "case": case}, entries=(ENTRY,), ledger=ledger,
    )  # fmt: skip


def test_a_revision_holds_its_files_and_a_manifest_with_their_hashes(tmp_path):
    path = folder.write(tmp_path / "CASE-1", manifest(), FILES)
    assert path == tmp_path / "CASE-1" / "rev-1"
    assert {p.name: p.read_bytes() for p in path.iterdir() if p.name != "manifest.json"} == FILES
    data = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    assert data["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    assert (data["format"], data["revision"], data["time"], data["as_of"], data["ledger"]) == (
        1, 1, "2026-05-01T12:00:00+00:00", "2026-05-01T08:00:00", None,
    )  # fmt: skip


def test_a_revision_from_a_ledger_names_the_hash_of_its_act(tmp_path):
    path = folder.write(tmp_path / "CASE-1", manifest(ledger="e" * 64), FILES)
    assert json.loads((path / "manifest.json").read_text(encoding="utf-8"))["ledger"] == "e" * 64
    assert folder.read_manifest(path) == manifest(ledger="e" * 64)


@pytest.mark.skipif(os.name != "posix", reason="rights of other users are POSIX's")
def test_a_revision_may_be_read_by_everybody_who_may_read_its_folder(tmp_path):
    """A folder made aside is its maker's alone; the ward would not see the sheets."""
    path = folder.write(tmp_path / "CASE-1", manifest(), FILES)
    assert path.stat().st_mode & 0o777 == 0o755


def test_nothing_else_is_left_beside_a_revision(tmp_path):
    folder.write(tmp_path / "CASE-1", manifest(), FILES)
    assert [p.name for p in (tmp_path / "CASE-1").iterdir()] == ["rev-1"]


def test_the_newest_revision_is_read_back_as_it_was_written(tmp_path):
    for number in range(1, 12):
        folder.write(tmp_path / "CASE-1", manifest(number), FILES)
    assert folder.latest(tmp_path / "CASE-1") == manifest(11)


@pytest.mark.parametrize("names", [[], ["notes", "rev-x", ".rev-1-77", "rev-", "rev--1"]], ids=["empty", "strangers"])
def test_a_folder_without_a_revision_has_no_newest_one(tmp_path, names):
    for name in names:
        (tmp_path / name).mkdir()
    assert folder.latest(tmp_path) is None
    assert folder.latest(tmp_path / "not-there") is None


def test_what_somebody_keeps_beside_the_revisions_does_no_harm(tmp_path):
    folder.write(tmp_path, manifest(), FILES)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".rev-2-4711").mkdir()
    assert folder.latest(tmp_path) == manifest()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text(""),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text('{"revision": 1}'),
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: path.write_text(path.read_text().replace("2026-05-01T12", "2026-99-01T12")),
        lambda path: path.write_text(path.read_text().replace('"first"', '"erst"')),
        lambda path: path.write_text(path.read_text().replace('"ledger"', '"leger"')),
        lambda path: path.write_text(path.read_text()[:-30]),
    ],
    ids=[
        "missing", "empty", "a list", "keys missing", "not UTF-8", "no date", "an entry without a day", "no ledger", "cut off",
    ],
)  # fmt: skip
def test_a_revision_that_cannot_be_read_is_said_and_never_guessed(tmp_path, spoil):
    path = folder.write(tmp_path / "CASE-1", manifest(), FILES) / "manifest.json"
    spoil(path)
    with pytest.raises(NotDone) as caught:
        folder.latest(tmp_path / "CASE-1")
    assert caught.value.exit_code == 3
    assert str(path) in said(caught.value) and "Move that folder away" in said(caught.value)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ESTALE], ids=errno.errorcode.get)
def test_a_patients_folder_that_cannot_be_listed_is_said_and_not_taken_for_an_empty_one(tmp_path, monkeypatch, code):
    """Taken for empty it would begin again with revision 1."""
    def failing(path):
        raise OSError(code, os.strerror(code), str(path))

    folder.write(tmp_path, manifest(), FILES)
    monkeypatch.setattr(folder.os, "listdir", failing)
    with pytest.raises(NotDone) as caught:
        folder.latest(tmp_path)
    assert caught.value.exit_code == 3 and os.strerror(code) in said(caught.value) and str(tmp_path) in said(caught.value)


def test_a_file_in_the_place_of_a_revision_is_said(tmp_path):
    (tmp_path / "rev-1").write_text("not a folder")
    with pytest.raises(NotDone):
        folder.latest(tmp_path)


def test_a_revision_is_never_overwritten_and_the_second_writer_is_told(tmp_path):
    folder.write(tmp_path, manifest(case="1" * 64), FILES)
    before = snapshot(tmp_path)
    with not_done("somebody else has just written this revision") as caught:
        folder.write(tmp_path, manifest(case="2" * 64), {"plan.json": b"other"})
    assert caught.value.exit_code == 3
    assert snapshot(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["rev-1"]


@pytest.mark.parametrize("place", ["out", "out/CASE-1"], ids=["the output folder", "the patient's folder"])
def test_a_file_where_a_folder_should_be_is_not_done_and_stays(tmp_path, place):
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("I was here first")
    with not_done("could not be written") as caught:
        folder.write(tmp_path / "out" / "CASE-1", manifest(), FILES)
    assert caught.value.exit_code == 3
    assert (tmp_path / place).read_text() == "I was here first"


CALLS = ["mkdir", "mkdtemp", "chmod", *(f"write {n}" for n in range(len(FILES) + 1)), "rename"]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO], ids=errno.errorcode.get)
def test_a_disk_that_fails_leaves_nothing_half_written(tmp_path, monkeypatch, call, code):
    folder.write(tmp_path / "CASE-1", manifest(), FILES)
    before = snapshot(tmp_path)
    name, _, number = call.partition(" ")
    owner, method = (folder.tempfile, name) if name == "mkdtemp" else (Path, "write_bytes" if name == "write" else name)
    real, done = getattr(owner, method), []

    def failing(*args, **keys):
        done.append(args)
        if len(done) > int(number or 0):
            if method == "write_bytes":
                real(args[0], args[1][: len(args[1]) // 2])
            raise OSError(code, os.strerror(code), str(tmp_path))
        return real(*args, **keys)

    monkeypatch.setattr(owner, method, failing)
    with pytest.raises(NotDone) as caught:
        folder.write(tmp_path / "CASE-1", manifest(2), FILES)
    monkeypatch.undo()
    assert caught.value.exit_code == 3 and os.strerror(code) in said(caught.value)
    assert len(done) == int(number or 0) + 1
    assert snapshot(tmp_path) == before
    assert [p.name for p in (tmp_path / "CASE-1").iterdir()] == ["rev-1"]
    assert folder.write(tmp_path / "CASE-1", manifest(2), FILES).is_dir()


def test_what_a_killed_run_left_aside_is_no_revision(tmp_path):
    """The power goes between the first file and the rename: the next run sees revision 1 and writes revision 2."""
    folder.write(tmp_path, manifest(), FILES)
    aside = tmp_path / ".rev-2-1"
    aside.mkdir()
    (aside / "plan.json").write_bytes(b"{")
    assert folder.latest(tmp_path).revision == 1
    folder.write(tmp_path, manifest(2), FILES)
    assert folder.latest(tmp_path) == manifest(2)


def test_a_run_that_was_killed_with_the_same_process_number_does_not_stop_the_next(tmp_path):
    """In a container every run may have process number 1: what the killed one left must not be in the way."""
    (tmp_path / f".rev-1-{os.getpid()}").mkdir(parents=True)
    (tmp_path / f".rev-1-{os.getpid()}" / "plan.json").write_bytes(b"{")
    assert folder.write(tmp_path, manifest(), FILES).is_dir()
    assert folder.latest(tmp_path) == manifest()


def test_two_runs_never_write_aside_into_one_folder(tmp_path, monkeypatch):
    """Two threads, or two computers on one share, can have the same process number: each writes into a folder of its own."""
    asides = []
    real = folder.tempfile.mkdtemp

    def meanwhile(*args, **keys):
        found = real(*args, **keys)
        asides.append(found)
        if len(asides) == 1:
            folder.write(tmp_path, manifest(case="1" * 64), {"plan.json": b"first"})
        return found

    monkeypatch.setattr(folder.tempfile, "mkdtemp", meanwhile)
    with not_done("somebody else has just written this revision"):
        folder.write(tmp_path, manifest(case="2" * 64), {"plan.json": b"second"})
    assert len(set(asides)) == 2 and all(Path(aside).parent == tmp_path for aside in asides)
    assert (tmp_path / "rev-1" / "plan.json").read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["rev-1"]


# What was done to it afterwards ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda p: None, []),
        (lambda p: (p / "plan.json").write_bytes(b"{}"), ["plan.json: was changed after it was written."]),
        (lambda p: (p / "plan.json").unlink(), ["plan.json: is missing."]),
        (lambda p: (p / "manifest.json").write_text((p / "manifest.json").read_text().replace("2026-05-01", "2026-05-02")),
         ["manifest.json: was changed after it was written."]),
        (lambda p: (p / "more").mkdir(), ["more: does not belong to this revision."]),
        (lambda p: (p / "old.html").write_bytes(b""), ["old.html: does not belong to this revision."]),
        (lambda p: (p / "calendar.ics").rename(p / "c.ics"),
         ["calendar.ics: is missing.", "c.ics: does not belong to this revision."]),
    ],
    ids=["nothing", "changed", "missing", "the manifest", "a folder", "a stranger", "renamed"],
)  # fmt: skip
def test_a_folder_that_is_not_as_it_was_written_is_told_by_its_files(tmp_path, harm, said):
    path = folder.write(tmp_path, manifest(), FILES)
    harm(path)
    assert told(folder.faults(path)) == [f"{path}{os.sep}{line}" for line in said]


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"files": []}', "\ud800"], ids=repr)
def test_a_folder_without_a_readable_manifest_is_said(tmp_path, text):
    path = folder.write(tmp_path, manifest(), FILES)
    if text is None:
        (path / "manifest.json").unlink()
    else:
        (path / "manifest.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    found = told(folder.faults(path))
    assert found and all(str(path) in line for line in found)
