"""`verify` from one act on, with one patient in its hands at a time; the files that it misses, and `export` that mends them;
and a row that was tampered with is noticed by whoever reads it."""

import shutil
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from shared.failures import not_done, told
from shared.slip_once import CODE, create_patient, meta, slip
from shared.stores import dayzero, forced

from schedule.engine import replay
from schedule.ledger.chain import ACT_COLUMNS, row_hash
from schedule.ledger.opening import open_store
from schedule.model.acts import Note
from schedule.model.errors import NotThere
from schedule.model.moment import Moment
from schedule.model.records import is_same
from schedule.model.server_address import ServerAddress
from schedule.service import verify as verifying
from schedule.service.acts import perform
from schedule.service.export import export
from schedule.service.revisions import newest
from schedule.service.verify import verify

OTHER = "CIML-019"


@pytest.fixture
def path(place):
    """A ledger with two patients: the first slipped twice, with a note; five acts."""
    with open_store(place) as store:
        create_patient(store)
        slip(store, 1)
        create_patient(store, 2, OTHER)
        slip(store, 3)
        perform(store, CODE, Note(text="pharmacy told"), meta(4))
    return place


def force(place, *statements):
    """Statements of somebody who takes the triggers out first."""
    with forced(place) as connection:
        for statement in statements:
            connection.execute(statement)


# Since an act ---------------------------------------------------------------------------------------------------------


def test_later_acts_are_laid_out_upon_what_was_found_whole(path):
    with open_store(path) as store:
        middle = store.at(CODE, 2).hash
        found = verify(store, since=middle)
        assert (found.faults, found.acts, found.head) == ([], 3, store.tips()[0])
        assert (verify(store, since=found.head).acts, verify(store).acts) == (0, 5)


def test_a_change_in_a_later_act_is_told_and_one_before_is_not_looked_for(path):
    with open_store(path) as store:
        middle = store.at(CODE, 2).hash
    force(path, "UPDATE acts SET reason = 'other' WHERE id = 4")
    with open_store(path) as store:
        assert "revision 3: it was changed after it was written." in " ".join(told(verify(store, since=middle).faults))
    force(path, "UPDATE acts SET reason = 'cells late' WHERE id = 4", "UPDATE acts SET reason = 'other' WHERE id = 1")
    with open_store(path) as store:
        assert verify(store, since=middle).faults == []
        assert "revision 1: it was changed after it was written." in " ".join(told(verify(store).faults))


def test_an_act_put_in_after_the_mark_does_not_pass(path):
    """Somebody copies the row of another patient behind the newest, with a hash of its own and right."""
    with open_store(path) as store:
        mark = store.tips()[0]
    with forced(path) as connection:
        row = dict(zip(ACT_COLUMNS, connection.execute(f"SELECT {', '.join(ACT_COLUMNS)} FROM acts WHERE id = 4").fetchone(), strict=True))
        row |= {"revision": 9, "previous": "0" * 64}
        values = (*row.values(), row_hash(row))
        connection.execute(f"INSERT INTO acts (id, {', '.join(ACT_COLUMNS)}, hash) VALUES (6, {', '.join('?' * len(values))})", values)
    with open_store(path) as store:
        assert "chain of hashes is broken before it" in " ".join(told(verify(store, since=mark).faults))


def test_the_command_begins_where_the_last_one_ended(path, capsys):
    """Where a file lies, it is remembered beside it; of a server's ledger it is said, and typed the next time."""

    def since_last():
        return said[-1].rpartition(" ")[2] if isinstance(path, ServerAddress) else "last"

    assert dayzero("verify", "--since", "last", "--store", path) == 2
    assert "nothing says up to which act the ledger was whole" in capsys.readouterr().err
    assert dayzero("verify", "--store", path) == 0
    said = capsys.readouterr().out.splitlines()
    assert "5 acts" in said[0]
    with open_store(path) as store:
        perform(store, CODE, Note(text="and again"), meta(5))
        head = store.tips()[0]
    assert dayzero("verify", "--since", since_last(), "--store", path) == 0
    said = capsys.readouterr().out.splitlines()
    assert "1 act;" in said[0]
    kept = said[-1] if isinstance(path, ServerAddress) else (path.parent / "ledger.sqlite.verified").read_text()
    assert kept.removeprefix("Nothing can be written beside it. Next time: --since ").strip() == head
    force(path, "UPDATE acts SET reason = 'other' WHERE id = 6")
    assert dayzero("verify", "--since", since_last(), "--store", path) == 0  # what lies before the mark is not looked at
    assert dayzero("verify", "--store", path) == 1
    if isinstance(path, ServerAddress):
        assert "Next time" not in capsys.readouterr().out.splitlines()[-1]
        assert dayzero("verify", "--since", "last", "--store", path) == 2
    else:
        assert (path.parent / "ledger.sqlite.verified").read_text() == f"{head}\n"


def test_a_note_is_not_laid_out_again(path, monkeypatch):
    laid, lay_out = [], replay._replayed
    monkeypatch.setattr(replay, "_replayed", lambda *given: laid.append(given) or lay_out(*given))
    with open_store(path) as store:
        found = verify(store)
    assert (found.faults, found.acts, len(laid)) == ([], 5, 4)


def test_a_hash_that_no_act_has_is_refused(path):
    with open_store(path) as store, pytest.raises(NotThere):
        verify(store, since="f" * 64)


def test_memory_does_not_grow_with_the_patients(tmp_path):
    peaks = []
    for count in (4, 16):
        place = tmp_path / f"{count}.sqlite"
        with open_store(place) as store:
            for number in range(count):
                create_patient(store, number, f"P-{number}")
            verify(store)
            tracemalloc.start()
            assert verify(store).acts == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


def test_many_patients_are_looked_at_by_several_processes_which_find_the_same(path, monkeypatch):
    monkeypatch.setattr(verifying, "SHARE", 1)
    with open_store(path) as store:
        middle = store.at(CODE, 2).hash
        for since in (None, middle):
            whole = verify(store, since=since)
            assert verify(store, since=since, place=path) == whole
            assert whole.faults == []
    force(path, "UPDATE acts SET reason = 'other' WHERE id = 4", "DELETE FROM projections WHERE id = 3", "UPDATE acts SET deed = '{}' WHERE id = 5")
    with open_store(path) as store:
        alone, together = verify(store), verify(store, place=path)
        assert (told(together.faults), together.acts, together.head) == (told(alone.faults), alone.acts, alone.head)
        assert len(alone.faults) >= 3


NIGHT = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (NIGHT, True), (NIGHT.replace(fold=1), False), (NIGHT.astimezone(UTC).astimezone(NIGHT.tzinfo), True),
        (NIGHT.replace(tzinfo=timezone(timedelta(hours=-4))), False), (NIGHT + timedelta(minutes=1), False), (None, False),
    ],
)  # fmt: skip
def test_moments_that_are_equal_to_python_are_not_the_same(other, same):
    """On the night of Sun 1-Nov-2026 the clocks of New York show 01:30 twice."""
    for one, two in ((NIGHT, other), (Moment(on=NIGHT.date(), at=NIGHT), Moment(on=NIGHT.date(), at=other)), ({"x": (NIGHT,)}, {"x": (other,)})):
        assert (is_same(one, two), is_same(two, one)) == (same, same)


def test_a_note_beside_which_something_else_is_kept_is_told(path):
    """The patient's fourth act is a note and gave what the third gave; its text is changed for that of the second, with hashes that fit."""
    with open_store(path) as store:
        other = store.at(CODE, 2).projection
        store.replace_projections([(next(kept for kept in store.chain() if isinstance(kept.act.deed, Note)), other)])
        assert "revision 4: replaying its acts gives other dates, times or statuses" in " ".join(told(verify(store).faults))


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def out(path, tmp_path):
    """The files of every patient's newest revision, and of the first patient's first."""
    place = tmp_path / "out"
    with open_store(path) as store:
        export(store, store.at(CODE, 1), place)
        for code in (CODE, OTHER):
            export(store, newest(store, code), place)
        assert verify(store, place).faults == []
    return place


def faults_under(path, out):
    with open_store(path) as store:
        return told(verify(store, out).faults)


def test_the_files_of_the_newest_revision_are_missed_and_export_writes_them(path, out):
    """As after a kill between an act and its files: only what it superseded is there."""
    shutil.rmtree(out / CODE / "rev-4")
    shutil.rmtree(out / OTHER)
    assert faults_under(path, out) == [
        f"{out / CODE / 'rev-4'}: is missing, and there is only superseded revision 1. Whoever looks there reads old dates. "
        f"Write them: dayzero export {CODE}",
        f"{out / OTHER / 'rev-1'}: is missing, and nothing of the patient is there. Whoever looks there reads old dates. "
        f"Write them: dayzero export {OTHER}",
    ]
    for code in (CODE, OTHER):
        assert dayzero("export", code, "--out", out, "--store", path) == 0
    assert faults_under(path, out) == []


@pytest.mark.parametrize("name", ["plan.csv", "manifest.json"])
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_export_puts_a_damaged_folder_aside_and_writes_it_anew(path, out, harm, name):
    there = out / CODE / "rev-4"
    whole = {one.name: one.read_bytes() for one in there.iterdir()}
    (there / name).write_bytes(b"x") if harm == "changed" else (there / name).unlink()
    assert str(there / name) in " ".join(faults_under(path, out))
    assert dayzero("export", CODE, "--out", out, "--store", path) == 0
    assert {one.name: one.read_bytes() for one in there.iterdir()} == whole
    aside = out / CODE / "damaged-rev-4"
    assert faults_under(path, out) == [f"{aside}: was not written from this ledger."]
    assert dayzero("export", CODE, "--out", out, "--store", path) == 0
    assert [one.name for one in sorted((out / CODE).iterdir())] == ["damaged-rev-4", "rev-1", "rev-4"]


def test_what_is_not_the_ledgers_is_told(path, out):
    """But for the folder of a revision that a kill has left half written: its name begins with a point, and nobody reads it."""
    (out / "notes.txt").write_text("x")
    (out / CODE / ".rev-4-left").mkdir()
    (out / CODE / "copy of rev-1").mkdir()
    (out / "SOMEBODY").mkdir()
    shutil.copytree(out / CODE / "rev-1", out / "SOMEBODY" / "rev-1")
    assert faults_under(path, out) == [
        f"{out / CODE / 'copy of rev-1'}: was not written from this ledger.",
        f"{out / 'SOMEBODY' / 'rev-1'}: the ledger has no such revision.",
        f"{out / 'notes.txt'}: was not written from this ledger.",
    ]


# A row that is read ---------------------------------------------------------------------------------------------------

TAMPERED = {
    "its as-of": "UPDATE acts SET as_of = '2026-06-10T12:00:00' WHERE id = 5",
    "what it gave": "UPDATE projections SET content = upper(content) WHERE id = 5",
    "the act before it": "DELETE FROM acts WHERE id = 4",
    "its place": "UPDATE acts SET previous = (SELECT hash FROM acts WHERE id = 3) WHERE id = 5",
}


@pytest.mark.parametrize("harm", TAMPERED)
def test_a_newest_row_that_was_changed_or_does_not_follow_is_noticed_when_it_is_read(path, harm):
    with open_store(path) as store:
        assert newest(store, CODE).act.revision == 4
    force(path, TAMPERED[harm])
    with open_store(path) as store, not_done("It is not shown. Run dayzero verify."):
        newest(store, CODE)
    with open_store(path) as store:
        assert newest(store, OTHER).act.revision == 1
