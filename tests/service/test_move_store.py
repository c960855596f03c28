"""A ledger that is moved to another place: all of it arrives as it was, and at no moment are there two that take acts."""

import os
import sqlite3
import threading
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from shared.failures import said
from shared.slip_once import CODE, START, create_patient, slip

from schedule.ledger import sqlite
from schedule.ledger.opening import open_store
from schedule.ledger.server import ServerConnection
from schedule.ledger.sqlite import SqliteStore
from schedule.model.errors import NotDone
from schedule.model.publishing import Delivery
from schedule.service.acts import Meta
from schedule.service.channels import add_channel, resume_channel
from schedule.service.feeds import all_feeds, make_feed, revoke_feed
from schedule.service.move_store import called, move_store
from schedule.service.restore import restore
from schedule.service.verify import verify

AT = START + timedelta(days=1)
TABLES = {
    "acts": "id", "texts": "sha256", "projections": "id", "feed_acts": "id", "fetches": "token", "deliveries": "id",
    "delivered_heads": "code", "form_keys": "id",
}  # fmt: skip
PLACES = ("file", "server")
WAYS = [(one, other) for one in PLACES for other in PLACES]


@pytest.fixture
def place(tmp_path, request):
    """A new place of a kind."""

    def make(kind, name="ledger"):
        if kind == "file":
            return tmp_path / f"{name}.sqlite"
        return request.getfixturevalue("filled" if name == "old" else "emptied")()

    return make


def fill(place):
    """Two patients, feeds of which one was fetched and one revoked, a channel with a message that was sent, a form key."""
    with open_store(place) as store:
        create_patient(store)
        create_patient(store, 1, code="OTHER-1")
        slip(store, 2)
        known = {"level": "minimal", "expires": date(2026, 12, 31), "by": "nurse", "at": START}
        make_feed(store, label="Nurse Kim", code=CODE, **known)
        make_feed(store, label="Nurse Lee, “tablet” µ", code=None, **known)
        revoke_feed(store, all_feeds(store)[1], by="nurse", at=START, reason="lost")
        store.note_fetch(all_feeds(store)[0].token, START)
        channel = add_channel(
            store, name="Ward", kind="imip", code=None, level="minimal", address="ward@hospital.example", settings={},
            by="it", at=START,
        )  # fmt: skip
        resume_channel(store, channel)
        head = store.head(CODE)
        message = Delivery(
            channel=channel.id, code=CODE, head=head, uid="u@dayzero", method="show", hash="0" * 64,
            starts=date(2026, 6, 16), infusion=True,
        )  # fmt: skip
        store.queue(channel.id, {CODE: head}, [message], [])
        store.form_key(b"k" * 32)


def rows(place):
    """Every row as the database itself gives it."""
    with open_store(place, arriving=True) as store:
        return {
            table: [tuple(row) for row in store.connection.execute(f"SELECT * FROM {table} ORDER BY {order}")]
            for table, order in TABLES.items()
        }


def takes_acts(place):
    """Whether somebody can open the ledger there and act in it; False where there is none."""
    try:
        with open_store(place, make=False) as store:
            if not store.codes():
                return False
            slip(store, at=AT + timedelta(days=1))
    except NotDone:
        return False
    return True


def moved(source, target):
    return move_store(source, target, "kim", AT)


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_everything_arrives_as_it_was_and_the_channels_are_paused(one, other, place):
    source, target = place(one, "old"), place(other, "new")
    fill(source)
    before = rows(source)
    done = moved(source, target)
    assert (done.source, done.target) == (called(source), called(target))
    assert (done.codes, done.paused) == ((CODE, "OTHER-1"), ("Ward",))
    assert rows(target) == before == rows(source)
    with open_store(target) as store, open_store(source) as old:
        assert store.tips() == old.tips()
        assert verify(store).faults == []
        (channel,) = store.channels()
        assert (channel.paused, channel.pause_cause, channel.home) == (AT, "moved", "")
        assert old.channels()[0].paused is None
        assert store.moved() is None
        sequence = store.highest_sequence([channel.id])
        assert resume_channel(store, channel).floor >= sequence + 1000  # nothing is lower than what was sent
        assert slip(store, 60 * 60 * 24 + 1).row.act.revision == 3


@pytest.mark.parametrize("kind", PLACES)
def test_the_closed_one_is_read_and_verified_takes_nothing_and_says_where_it_went(kind, place):
    source, target = place(kind, "old"), place("file", "new")
    fill(source)
    moved(source, target)
    with open_store(source) as old:
        assert [row.act.revision for row in old.history(CODE)] == [1, 2]
        assert verify(old).faults == []
        feed = all_feeds(old)[0]
        for act in (
            lambda: slip(old, 60 * 60 * 24), lambda: create_patient(old, 9, code="THIRD-1"),
            lambda: revoke_feed(old, feed, by="x", at=AT), lambda: old.change_channel(1, {"paused": None}),
            lambda: old.take_lease(1, "x", AT, AT), lambda: old.queue(1, {}, [], []),
        ):  # fmt: skip
            with pytest.raises(NotDone) as error:
                act()
            assert said(error.value) == (
                f"{old.name}: this ledger was moved to {target} by kim, Fri 12-Jun-2026 16:00 UTC, and is closed. "
                "Nothing was saved. Use that one: --store, or DAYZERO_STORE."
            )


# broken off ------------------------------------------------------------------------------------------------------------


CHANGING = ("COMMIT", "INSERT INTO", "DELETE FROM moves")
"""What is killed at: before each of these; a COMMIT after it, too. What is only read leaves nothing behind."""


class Killed:
    """Ends this process at the n-th statement, without a word to anybody; until then it writes down what is asked."""

    def __init__(self, at=None):
        self.at, self.asked = at, []

    def tick(self, statement):
        self.asked.append(statement)
        if len(self.asked) == self.at:
            os._exit(9)

    def watch(self, inner):
        """A function that asks a database, counted before, and after a COMMIT as well."""

        def ask(connection, statement, *values):
            self.tick(statement)
            found = inner(connection, statement, *values)
            if statement == "COMMIT":
                self.tick("after COMMIT")
            return found

        return ask

    def install(self, patch):
        class Watched(sqlite3.Connection):
            execute = self.watch(sqlite3.Connection.execute)
            executemany = self.watch(sqlite3.Connection.executemany)

        connect = sqlite3.connect
        patch.setattr(sqlite.sqlite3, "connect", lambda *args, **more: connect(*args, **{"factory": Watched} | more))
        for name in ("execute", "executemany"):
            patch.setattr(ServerConnection, name, self.watch(getattr(ServerConnection, name)))


def killed_at(number, source, target, patch):
    """Move in a process of its own that is killed at that statement; whether it was."""
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            Killed(number).install(patch)
            moved(source, target)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


@pytest.mark.parametrize(("one", "other"), WAYS[:3])
def test_killed_at_any_statement_there_is_one_ledger_and_asking_again_ends_it(one, other, place, monkeypatch):
    source, target, patch = place(one, "old"), place(other, "new"), pytest.MonkeyPatch()
    fill(source)
    known = Killed()
    known.install(patch)
    moved(source, target)
    patch.undo()
    before, statements = rows(source), known.asked
    assert statements.count("COMMIT") >= 4
    changing = CHANGING if (one, other) == ("file", "file") else CHANGING[:1]
    points = [number for number, statement in enumerate(statements, 1) if any(word in statement for word in changing)]
    assert len(points) >= 8
    with open_store(source) as old:
        old.open_again()  # for each of the tries below
    for number in points:
        target = place(other, f"new-{number}")
        assert killed_at(number, source, target, monkeypatch), statements[number - 1]
        state = [is_open(one) for one in (source, target)]
        assert state in ([True, False], [False, False], [False, True]), (number, statements[number - 1])
        if state == [False, False]:  # all has arrived, and it only remains to be said
            assert rows(target) == before
        moved(source, target)
        assert [is_open(one) for one in (source, target)] == [False, True]
        assert rows(target) == before
        with open_store(source) as old, open_store(target) as new:
            assert new.channels()[0].pause_cause == "moved"
            old.open_again()


def is_open(place):
    """Whether a ledger that holds something takes acts there."""
    try:
        with open_store(place, make=False) as store:
            return store.moved() is None and bool(store.codes())
    except NotDone:
        return False


def broken_off(source, target):
    """A move that dies before the old ledger is closed, with everything at the new place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("schedule.service.move_store.verify", lambda store: (_ for _ in ()).throw(KeyboardInterrupt))
        with suppress(KeyboardInterrupt):
            moved(source, target)


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_what_was_done_after_it_was_broken_off_comes_along_when_it_is_asked_for_again(one, other, place):
    source, target = place(one, "old"), place(other, "new")
    fill(source)
    broken_off(source, target)
    with pytest.raises(NotDone) as error, open_store(target):
        pass
    assert said(error.value) == (
        f"{target}: the ledger of {called(source)} is being moved here since Fri 12-Jun-2026 16:00 UTC, and has not come "
        "whole yet. If nobody is moving it now, give the same dayzero move-store again."
    )
    with open_store(source) as old:
        slip(old, 3600)
        old.change_channel(1, {"fails": 2})
    moved(source, target)
    assert rows(target) == rows(source)
    assert [takes_acts(place) for place in (source, target)] == [False, True]


def test_to_ask_once_more_when_it_is_done_changes_nothing(place):
    source, target = place("file", "old"), place("file", "new")
    fill(source)
    moved(source, target)
    with open_store(target) as new:
        slip(new, 60 * 60 * 24 + 1)
    before = rows(target)
    assert moved(source, target).codes == (CODE, "OTHER-1")
    assert rows(target) == before


# what is refused -------------------------------------------------------------------------------------------------------


def refusal(source, target):
    with pytest.raises(NotDone) as error:
        moved(source, target)
    return said(error.value)


@pytest.mark.parametrize("kind", PLACES)
def test_there_is_a_ledger_already_or_none_or_it_is_the_same_place(kind, place, tmp_path):
    source, other = place(kind, "old"), place("file", "other")
    fill(source)
    with SqliteStore(other) as store:
        create_patient(store)
    taken = f"{other}: there is a ledger already. Nothing was moved. Name a place where there is none."
    assert refusal(source, other) == taken
    assert refusal(source, source) == f"{source}: both are the same place. Nothing was moved."
    nothing = tmp_path / "nothing.sqlite"
    assert refusal(nothing, tmp_path / "new.sqlite") == f"{nothing}: there is no ledger. Nothing was moved."
    assert not nothing.exists() and not (tmp_path / "new.sqlite").exists()
    assert takes_acts(source)


def test_an_empty_database_where_a_form_was_once_shown_is_a_place_where_there_is_none(place):
    source, target = place("file", "old"), place("file", "new")
    fill(source)
    with open_store(target) as store:
        store.form_key(b"n" * 32)
    moved(source, target)
    with open_store(target) as store:
        assert store.form_key(b"n" * 32) == b"k" * 32


def test_one_that_was_moved_goes_nowhere_else(place, tmp_path):
    source, target = place("file", "old"), place("file", "new")
    fill(source)
    moved(source, target)
    assert f"this ledger was moved to {target}" in refusal(source, tmp_path / "third.sqlite")
    assert not (tmp_path / "third.sqlite").exists()
    empty = tmp_path / "empty.sqlite"
    with SqliteStore(empty):
        pass
    assert f"this ledger was moved to {target}" in refusal(source, empty)


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_one_that_is_not_whole_stays_where_it_is_and_open(one, other, place):
    source, target = place(one, "old"), place(other, "new")
    fill(source)
    with open_store(source) as store:
        store.connection.execute("UPDATE projections SET content = upper(content) WHERE id = 1")
    told = refusal(source, target)
    assert f"{target}: what came here is not whole. {CODE} revision 1: it was changed after it was written." in told
    assert told.endswith("It is not used; the ledger is where it was, and open.")
    assert [is_open(one) for one in (source, target)] == [True, False]


# with others -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PLACES)
def test_whoever_acts_meanwhile_is_carried_along_or_told_that_it_moved(kind, place):
    source, target = place(kind, "old"), place("file", "new")
    fill(source)
    acknowledged, told, begun = [], [], threading.Event()

    def act():
        with open_store(source) as store:
            for second in range(60 * 60 * 24, 60 * 60 * 24 + 500):
                try:
                    acknowledged.append(slip(store, second).row.hash)
                except NotDone as error:
                    told.append(said(error))
                    return
                begun.set()

    writer = threading.Thread(target=act)
    writer.start()
    begun.wait(20)
    moved(source, target)
    writer.join()
    with open_store(target) as new:
        assert {row.hash for row in new.history(CODE)} >= set(acknowledged) and acknowledged
    assert len(told) == 1 and "this ledger was moved to" in told[0]


def test_two_who_move_it_at_once_move_it_once(place):
    source, targets = place("file", "old"), [place("file", name) for name in ("one", "two")]
    fill(source)
    results = []

    def move(target):
        try:
            results.append(moved(source, target).target)
        except NotDone as error:
            results.append(said(error))

    both = [threading.Thread(target=move, args=(target,)) for target in targets]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(map(is_open, [source, *targets])) == [False, False, True]
    (won,) = set(results) & {str(target) for target in targets}
    assert any(f"this ledger was moved to {won}" in result for result in results)


def test_no_backup_opens_a_closed_ledger_and_the_closed_one_is_a_backup_of_the_new(place, tmp_path):
    source, target, backup = place("file", "old"), place("file", "new"), tmp_path / "backup.sqlite"
    fill(source)
    with open_store(source) as store:
        store.backup(backup)
    moved(source, target)
    about = Meta(by="it", at=AT + timedelta(days=1), as_of=datetime(2026, 6, 13), site_time=datetime(2026, 6, 13), reason="disk")
    with pytest.raises(NotDone) as error:
        restore(source, backup, about)
    assert f"this ledger was moved to {target}" in said(error.value)
    target.unlink()
    restore(target, source, about)
    with open_store(target) as store:
        assert store.moved() is None and verify(store).faults == []
        assert store.newest(CODE).act.revision == 102
    assert not takes_acts(source)
