"""What holds of a ledger wherever it lies: nothing is changed in it unseen, each act stands on the one before, and it comes back
from a backup. Every test runs on a file and on a PostgreSQL server; what it tampers with, it tampers with through the database.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from shared.failures import not_done, said
from shared.slip_once import CODE, START, create_patient, meta, slip
from shared.stores import backed_up, dayzero, differences, faults, forced, rehash, sent
from shared.web_roles import OnWard
from shared.web_ward import Clock

from schedule.ledger.chain import ACT_COLUMNS, PROJECTED, row_hash
from schedule.ledger.opening import open_store
from schedule.ledger.packed import projection_in, projection_to_text
from schedule.ledger.sql_store import SqlStore
from schedule.model.acts import ChangeWard, Fact, Note
from schedule.model.errors import Stale
from schedule.model.kept import Row
from schedule.model.moment import Moment
from schedule.model.plan import Event
from schedule.model.projection import Projection
from schedule.service.acts import perform
from schedule.service.export import export
from schedule.service.history import last_move
from schedule.service.place import LedgerPlace
from schedule.service.restore import JUMP, restore
from schedule.service.revisions import calendar_entries, newest, revision_of
from schedule.service.wards import change_of_ward

WARDS = ("A", "B", "C", "nobody's")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE acts SET who = 'somebody else'", "UPDATE acts SET lasting = '{}' WHERE revision = 2",
        "UPDATE acts SET id = id + 100", "DELETE FROM acts", "DELETE FROM acts WHERE id = (SELECT MAX(id) FROM acts)",
        "UPDATE texts SET text = text || ' '", "DELETE FROM texts", "DELETE FROM feed_acts",
        "INSERT INTO acts SELECT id, code, revision, based_on, kind, deed, 'somebody else', at, site_time, as_of, reason, "
        "lasting, previous, hash FROM acts WHERE id = 2",
        "INSERT INTO texts SELECT sha256, text || ' ' FROM texts WHERE true ON CONFLICT (sha256) DO UPDATE SET text = excluded.text",
        "TRUNCATE acts", "TRUNCATE texts, feed_acts",
    ],
    ids=lambda statement: statement[:40],
)  # fmt: skip
def test_nothing_in_the_ledger_is_updated_deleted_or_replaced(statement: str, ledger: LedgerPlace) -> None:
    def held(store: Any) -> list[Any]:
        return [store.connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("acts", "texts")]

    with open_store(ledger) as store:
        found: Any = store
        before = held(store)
        with suppress(found.connection.Error):
            found.connection.execute(statement)
        assert held(store) == before
        assert store.faults() == []


def test_a_ledger_that_nobody_touched_is_whole(ledger: LedgerPlace, tmp_path: Path) -> None:
    with open_store(ledger) as store:
        for revision in (1, 2, 3):
            export(store, revision_of(store, CODE, revision), tmp_path / "out")
    assert faults(ledger) == []
    assert differences(ledger, tmp_path / "out") == []



@pytest.mark.parametrize("row", [1, 2, 3])
@pytest.mark.parametrize("column", [*ACT_COLUMNS, "hash"])
def test_a_row_with_one_field_changed_is_told(column: str, row: int, ledger: LedgerPlace) -> None:
    changed = f"{column} + 1000" if column in ("revision", "based_on") else f"{column} || ' '"
    with forced(ledger) as connection:
        connection.execute(f"UPDATE acts SET {column} = {changed} WHERE id = ?", (row,))
    name = f"revision {row + 1000 if column == 'revision' else row}:"
    told = faults(ledger)
    assert any(name in line and "changed after it was written" in line for line in told), told
    assert set(told) <= set(differences(ledger))



@pytest.mark.parametrize("value", ["'nonsense'", "''", "'[]'", "'{}'", "'null'", "'17'"])
def test_whatever_a_field_is_overwritten_with_is_told_in_words(value: str, ledger: LedgerPlace) -> None:
    wrong = []
    for column in (*ACT_COLUMNS, "hash"):
        if column in ("revision", "based_on"):
            continue
        with forced(ledger) as connection:
            (before,) = connection.execute(f"SELECT {column} FROM acts WHERE id = 2").fetchone()
            connection.execute(f"UPDATE acts SET {column} = {value} WHERE id = 2")
        for check in (faults, differences):
            try:
                if not check(ledger):
                    wrong.append(f"{column}: not told by {check.__name__}")
            except Exception as error:
                wrong.append(f"{column}: {check.__name__} ends with {type(error).__name__}: {error}")
        with forced(ledger) as connection:
            connection.execute(f"UPDATE acts SET {column} = ? WHERE id = 2", (before,))
    assert wrong == []


@pytest.mark.parametrize("column", PROJECTED)
@pytest.mark.parametrize("value", ["'0'", "'17'"])
def test_whatever_is_put_over_what_an_act_gave_is_told(value: str, column: str, ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        connection.execute(f"UPDATE projections SET {column} = {value} WHERE id = 2")
    for check in (faults, differences):
        assert any(f"{CODE} revision 2: " in line or "cannot be read" in line for line in check(ledger))


def test_what_an_act_gave_is_told_where_it_is_missing_or_stands_beside_another_act(ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        connection.execute("UPDATE projections SET id = id + 1 WHERE id = 3")
        connection.execute("UPDATE projections SET id = 3 WHERE id = 2")
    assert faults(ledger) == [
        "What act 4 gave is kept, but there is no such act.",
        f"{CODE} revision 2: what it gave is missing.", f"{CODE} revision 3: it was changed after it was written.",
    ]  # fmt: skip



def test_a_text_that_was_changed_is_told(ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        (sha256,) = connection.execute("SELECT sha256 FROM texts LIMIT 1").fetchone()
        connection.execute("UPDATE texts SET text = text || ' ' WHERE sha256 = ?", (sha256,))
    assert faults(ledger) == [f"The text {sha256[:12]}… was changed after it was written."]
    assert differences(ledger)



def test_a_text_whose_hash_was_changed_is_told(ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        connection.execute("UPDATE texts SET sha256 = 'f' || substr(sha256, 2) WHERE substr(sha256, 1, 1) <> 'f'")
    assert faults(ledger)
    assert differences(ledger)



@pytest.mark.parametrize("which", [0, 1, 2], ids=["first", "second", "third"])
def test_a_text_that_was_taken_out_is_told(which: int, ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        (sha256,) = connection.execute("SELECT sha256 FROM texts ORDER BY sha256 LIMIT 1 OFFSET ?", (which,)).fetchone()
        connection.execute("DELETE FROM texts WHERE sha256 = ?", (sha256,))
    assert any(sha256[:12] in line and "missing" in line for line in differences(ledger))



@pytest.mark.parametrize("row", [1, 2])
def test_a_row_that_was_taken_out_is_told(row: int, ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        connection.execute("DELETE FROM acts WHERE id = ?", (row,))
    assert [line for line in faults(ledger) if f"revision {row + 1}: the chain of hashes is broken" in line]
    assert differences(ledger)



def test_a_last_row_that_was_taken_out_is_told_by_its_files(ledger: LedgerPlace, tmp_path: Path) -> None:
    with open_store(ledger) as store:
        kept = export(store, newest(store, CODE), tmp_path / "out")
    with forced(ledger) as connection:
        connection.execute("DELETE FROM acts WHERE id = 3")
    assert any(str(kept) in line for line in differences(ledger, tmp_path / "out"))



@pytest.mark.parametrize("between", [1, 2])
def test_a_row_that_was_put_in_is_told_even_with_a_right_hash(between: int, ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
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
    assert [line for line in faults(ledger) if "the chain of hashes is broken" in line]
    assert differences(ledger)



@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (1, 3)])
def test_two_rows_that_were_swapped_are_told(one: int, other: int, ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        connection.execute("UPDATE acts SET id = -1 WHERE id = ?", (one,))
        connection.execute("UPDATE acts SET id = ? WHERE id = ?", (one, other))
        connection.execute("UPDATE acts SET id = ? WHERE id = -1", (other,))
    assert [line for line in faults(ledger) if "the chain of hashes is broken" in line]
    assert differences(ledger)



def forge(ledger: LedgerPlace, column: str, change: Callable[[Any], None], row: int = 2) -> None:
    """Change what a row holds, or what stands beside it, and make the chain whole again."""
    table = "projections" if column == "content" else "acts"
    with forced(ledger) as connection:
        text = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()[0]
        if column == "content":
            text = projection_to_text(change(projection_in(text)))
        else:
            value = json.loads(text)
            change(value)
            text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (text, row))
        rehash(connection)
    assert faults(ledger) == []



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
        pytest.param(lambda given: replace(given, clock=replace(given.clock, begins={1: FIRST_OF_JUNE})), id="what the clock does"),
        pytest.param(
            lambda given: replace(given, events=(*given.events[:-1], replace(given.events[-1], planned=pinned(given.events[-1])))),
            id="whether a moment was written with an offset",
        ),
    ],
)
def test_a_plan_that_does_not_come_out_again_is_told_even_with_right_hashes(change: Any, ledger: LedgerPlace) -> None:
    forge(ledger, "content", change)
    assert any(f"{CODE} revision 2" in line and "replaying its acts gives other dates" in line for line in differences(ledger))



def test_numbers_that_were_given_to_other_occurrences_are_told_even_with_right_hashes(ledger: LedgerPlace) -> None:
    def swap(lasting: Any) -> None:
        one, other, *_ = [place for place in lasting["numbers"] if place.startswith("il2|")]
        numbers = lasting["numbers"]
        numbers[one], numbers[other] = numbers[other], numbers[one]

    forge(ledger, "lasting", swap)
    assert any(f"{CODE} revision 2" in line and "replaying its acts gives other dates" in line for line in differences(ledger))



@pytest.mark.parametrize(
    "change",
    [
        pytest.param(put("to", "at", to="2026-06-16T11:00:00-04:00"), id="another hour"),
        pytest.param(put("cause", to="illness"), id="another cause"),
    ],
)
def test_a_deed_that_does_not_give_the_plan_is_told_even_with_right_hashes(change: Any, ledger: LedgerPlace) -> None:
    forge(ledger, "deed", change)
    assert differences(ledger)



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
def test_a_state_that_the_acts_do_not_give_is_told_even_with_right_hashes(row: int, change: Any, ledger: LedgerPlace) -> None:
    forge(ledger, "content", change, row)
    assert any(f"{CODE} revision {row}" in line for line in differences(ledger))



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
def test_what_lasts_is_told_where_the_acts_do_not_give_it_even_with_right_hashes(row: int, change: Any, ledger: LedgerPlace) -> None:
    forge(ledger, "lasting", change, row)
    assert any(f"{CODE} revision {row}" in line for line in differences(ledger))



def test_a_history_written_anew_with_right_hashes_is_told_by_the_files_made_from_it(ledger: LedgerPlace, tmp_path: Path) -> None:
    with open_store(ledger) as store:
        kept = [export(store, revision_of(store, CODE, n), tmp_path / "out") for n in (1, 2, 3)]
    with forced(ledger) as connection:
        connection.execute("UPDATE acts SET who = 'somebody else' WHERE id = 2")
        rehash(connection)
    told = differences(ledger, tmp_path / "out")
    assert not any(str(kept[0]) in line for line in told)
    assert all(any(str(one) in line for line in told) for one in kept[1:])



def test_a_clock_that_is_earlier_than_the_last_act_is_refused_with_both_times(ledger: LedgerPlace) -> None:
    with open_store(ledger) as store:
        with not_done("clock says 2026-06-11 16:00:01 UTC, but the last act was at 2026-06-11 16:00:02 UTC"):  # fmt: skip
            slip(store, 1)
        assert len(store.history(CODE)) == 3
        assert slip(store, 2).saved, "the same second is no fault"



def test_the_clock_is_compared_with_the_last_act_on_any_patient(ledger: LedgerPlace) -> None:
    with open_store(ledger) as store:
        with not_done("clock"):
            create_patient(store, 1, "CIML-018")
        assert store.codes() == [CODE]



def test_the_loser_of_a_race_is_told_who_did_what_when_and_why(ledger: LedgerPlace) -> None:
    with open_store(ledger) as store:
        perform(store, CODE, Note(text="x"), meta(60, by="Dr. A", reason="asked by phone"))
        with pytest.raises(Stale) as caught:
            slip(store, 120, based_on=3)
        assert len(store.history(CODE)) == 4
    for word in (CODE, "revision 4", "Dr. A", "2026-06-11 16:01 UTC", "note", "asked by phone", f"dayzero show {CODE}"):
        assert word in said(caught.value)
    assert caught.value.newest.act.by == "Dr. A"
    assert caught.value.exit_code == 3



def test_an_act_that_was_overtaken_while_it_was_worked_out_is_refused_though_it_named_no_revision(
    ledger: LedgerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = SqlStore.append

    def overtaken(store: Any, *values: Any) -> Row:
        monkeypatch.setattr(SqlStore, "append", append)
        with open_store(ledger) as colleague:
            perform(colleague, CODE, Note(text="first"), meta(60, by="Dr. A"))
        return append(store, *values)

    monkeypatch.setattr(SqlStore, "append", overtaken)
    with open_store(ledger) as store:
        with not_done(r"revision 4 was made meanwhile by Dr\. A", Stale):
            slip(store, 120, based_on=None)
        assert [row.act.kind for row in store.history(CODE)] == ["plan", "slip", "slip", "note"]



def test_two_that_plan_one_patient_at_once_make_one_plan(either: LedgerPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    place, append = either, SqlStore.append

    def overtaken(store: Any, *values: Any) -> Row:
        monkeypatch.setattr(SqlStore, "append", append)
        with open_store(place) as colleague:
            create_patient(colleague)
        return append(store, *values)

    monkeypatch.setattr(SqlStore, "append", overtaken)
    with open_store(place) as store:
        with pytest.raises(Stale):
            create_patient(store)
        assert len(store.history(CODE)) == 1



def test_a_text_is_kept_once_however_many_patients_are_planned_by_it(ledger: LedgerPlace) -> None:
    with open_store(ledger) as store:
        create_patient(store, 10, "CIML-018")
        create_patient(store, 11, "CIML-019")
        assert store.connection.execute("SELECT COUNT(*) FROM texts").fetchone() == (2 + 3,)
        assert store.faults() == []



def test_a_history_reads_what_an_act_gave_when_it_is_asked_for(
    ledger: LedgerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(ledger) as store:
        asked: list[int] = []
        read = type(store)._content_of
        monkeypatch.setattr(type(store), "_content_of", lambda self, act: asked.append(act.revision) or read(self, act))
        rows = store.history(CODE)
        assert asked == []
        assert [row.projection.as_of for row in rows] == [row.act.as_of for row in rows]
        assert asked == [row.act.revision for row in rows]


def test_two_ledgers_with_the_same_acts_have_the_same_hashes(ledger: LedgerPlace, tmp_path: Path) -> None:
    with open_store(ledger) as store:
        rows = store.history(CODE)
        given = [row.projection for row in rows]
        texts = dict(store.connection.execute("SELECT sha256, text FROM texts"))
    with open_store(tmp_path / "again.sqlite") as again:
        for row, projection in zip(rows, given, strict=True):
            again.append(row.act, row.lasting, projection, dict(reversed(texts.items())))
        assert [kept.hash for kept in again.chain()] == [row.hash for row in rows]
        assert again.history(CODE) == rows


def test_the_same_acts_done_anew_have_the_same_hashes_but_for_the_schedules_random_name(
    ledger: LedgerPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(ledger) as store:
        rows = store.history(CODE)
    monkeypatch.setattr("uuid.uuid4", lambda: rows[0].lasting.schedule_id)
    with open_store(tmp_path / "again.sqlite") as again:
        create_patient(again)
        slip(again, 1)
        slip(again, 2)
        assert [kept.hash for kept in again.chain()] == [row.hash for row in rows]



@pytest.fixture
def backup(ledger: LedgerPlace, tmp_path: Path) -> Path:
    return backed_up(ledger, tmp_path / "backup.sqlite")



def test_a_restored_ledger_goes_on_100_above_what_was_there_and_is_whole(ledger: LedgerPlace, backup: Path) -> None:
    with open_store(ledger) as store:
        before = sent(store)
    assert restore(ledger, backup, meta(100, reason="disk failed")).made == ((CODE, 6 + JUMP),)
    with open_store(ledger) as store:
        assert [row.act.revision for row in store.history(CODE)] == [1, 2, 3, 6 + JUMP]
        after = {entry.id: entry.since for entry in calendar_entries(store, newest(store, CODE))}
        assert {key for key in before if after.get(key, 0) <= before[key]} == set()
        assert slip(store, 101).after.revision == 7 + JUMP
    assert differences(ledger) == []



def test_entries_that_were_cancelled_are_higher_than_before_as_well(ledger: LedgerPlace, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"
    with open_store(ledger) as store:
        perform(store, CODE, Fact(name="echo", dates=(date(2026, 6, 8),), instead=False), meta(10))
        struck = {entry.id for entry in calendar_entries(store, newest(store, CODE)) if entry.cancelled}
        assert struck, "an entry is struck before the backup"
        store.backup(target)
        slip(store, 20)
        before = sent(store)
    restore(ledger, target, meta(100))
    with open_store(ledger) as store:
        after = {entry.id: entry.since for entry in calendar_entries(store, newest(store, CODE))}
    assert {key for key in struck if after[key] <= before[key]} == set()



def test_patients_that_the_backup_does_not_know_are_named(
    ledger: LedgerPlace, backup: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(ledger) as store:
        create_patient(store, 50, "CIML-018")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(START.timestamp()) + 100))
    assert dayzero("restore", backup, "--reason", "disk", "--confirm", "RESTORE", "--store", ledger) == 0
    assert "CIML-018" in capsys.readouterr().out


def test_a_ward_has_the_patients_who_are_on_it_now_and_one_that_all_have_left_is_none(ledger: LedgerPlace) -> None:
    with open_store(ledger) as store:
        (first,) = store.wards()
        create_patient(store, 10, "CIML-018")
        assert store.heads(first) == store.heads() and list(store.heads()) == [CODE, "CIML-018"]
        perform(store, CODE, ChangeWard(ward="Haematology"), meta(20))
        assert sorted(store.wards()) == sorted([first, "Haematology"])
        assert (list(store.heads(first)), list(store.heads("Haematology"))) == (["CIML-018"], [CODE])
        assert [kept.act.code for kept in store.newest_acts("Haematology")] == [CODE]
        perform(store, "CIML-018", ChangeWard(ward="Haematology"), meta(30))
        assert (store.wards(), store.heads(first), list(store.newest_acts(first))) == (["Haematology"], {}, [])
        assert store.heads("Haematology") == store.heads()
    assert differences(ledger) == []


def test_a_ward_that_a_forger_has_changed_with_its_hash_is_told(ledger: LedgerPlace) -> None:
    with forced(ledger) as connection:
        connection.execute("UPDATE projections SET ward = 'elsewhere' WHERE id = 3")
        rehash(connection)
    assert faults(ledger) == []
    assert any(f"{CODE} revision 3: " in line for line in differences(ledger))


def test_a_ward_has_changed_with_the_newest_act_of_who_is_on_it_or_by_which_somebody_left_it(either: LedgerPlace) -> None:
    with open_store(either) as store:
        clock = Clock(START)
        own, left, other = (OnWard(name, clock, store, code=code) for code, name in (("A-1", "A"), ("A-2", "A"), ("B-1", "B")))

        def after(act: Callable[[], object]) -> set[str]:
            before = store.last_changes_of_wards(WARDS)
            act()
            last, found = store.last_act_at(), store.last_changes_of_wards(WARDS)
            changed = {name for name in found if found[name] != before.get(name)}
            assert last is not None and all(found[name] == last for name in changed)
            return changed

        assert set(store.last_changes_of_wards(WARDS)) == {"A", "B"}, "nobody was ever on the other two"
        assert after(lambda: other.do(Note(text="x"), "2026-06-11 09:00")) == {"B"}
        assert after(lambda: left.do(Note(text="x"), "2026-06-11 09:10")) == {"A"}
        assert after(lambda: left.do(change_of_ward("B"), "2026-06-11 09:20", reason="bed")) == {"A", "B"}
        assert after(lambda: left.do(Note(text="x"), "2026-06-11 09:30")) == {"B"}
        elsewhere = own.site().replace('name = "A"', 'name = "C"')
        assert after(lambda: own.amend("2026-06-11 09:40", site=elsewhere)) == {"A", "C"}, "by its site file"
        assert after(lambda: own.do(Note(text="x"), "2026-06-11 09:50")) == {"C"}
        assert after(lambda: left.do(change_of_ward("A"), "2026-06-11 10:00", reason="bed")) == {"A", "B"}


def test_the_last_move_is_the_newest_act_that_moved_day_0(ledger: LedgerPlace) -> None:
    with open_store(ledger) as store:
        slip(store, 60)
        moved = newest(store, CODE).act.revision
        perform(store, CODE, Note(text="told"), meta(120))
        assert (last_move(store, CODE), newest(store, CODE).act.revision) == (moved, moved + 1)
        create_patient(store, 180, "CIML-018")
        assert [last_move(store, code) for code in ("CIML-018", "NOBODY")] == [0, 0]
