"""The ledger in one SQLite file: where it may lie, how it is opened, synced, written by one at a time, and copied."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schedule.ledger.last_sent import last_sent, note_sent
from schedule.ledger.migrations import migrate
from schedule.ledger.place import make_private, may_be_written, place_fault
from schedule.ledger.sql_store import SqlStore
from schedule.ledger.store import Store
from schedule.model import reasons
from schedule.model.errors import NotDone
from schedule.model.text import sha256

if TYPE_CHECKING:
    from schedule.model.publishing import Delivery

PATIENCE = 30
"""Seconds to wait for somebody else's write."""
CANNOT_WRITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""What SQLite says where the disk is full or cannot be written."""
IMPATIENCE = 0.2
"""The same, where nothing but the time of a fetch is to be written."""
PAGES = 256 * 1024
"""Bytes of the file that a connection keeps: of a server each thread has one for good, and each request one of its own.
SQLite alone would keep 2 MB for each, of a long ledger sooner than of a short one, a page here and a page there among
what stays. The system keeps them all the same."""


class SqliteStore(SqlStore):
    """A ledger in a file. Open it with `with`: it is closed at the end.

    One that does not wait is for feeds: it writes nothing but when they were fetched, and waits neither for the disk
    nor for somebody else's write. What others write through their own is as safe as ever. `rebuild` replaces what acts
    gave, and is asked to where that is of an earlier form.
    """

    def __init__(
        self,
        path: Path,
        *,
        waits: bool = True,
        arriving: bool = False,
        rebuild: Callable[[Store], None] | None = None,
    ) -> None:
        self.path, self.waits, self.arriving, self.rebuild = path, waits, arriving, rebuild

    @property
    def name(self) -> str:
        return str(self.path)

    connection: sqlite3.Connection

    def __enter__(self) -> "SqliteStore":
        path = self.path.absolute()
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            mounts = ""
        wrong = place_fault(path, "") or place_fault(path.resolve(), mounts)
        if wrong:
            raise NotDone(reasons.failures.UnsafePlace(path=str(path), why=wrong))
        try:
            only_reads = path.is_file() and not may_be_written(path)
            self._connect(path) if not only_reads else self._connect_to_read(path)
        except (sqlite3.Error, OSError) as error:
            raise NotDone(reasons.failures.NotOpened(path=str(path), cause=str(error))) from error
        self._file = _file_at(path)
        try:
            only_reads = self._prepared(path, only_reads=only_reads)
            if not self.arriving:
                self._refuse_moved(arriving=True)
            if self.rebuild is not None and self.is_of_an_earlier_form():
                if only_reads:
                    raise NotDone(reasons.failures.CopyFirst(path=str(path), why="form"))
                self.rebuild(self)
        except sqlite3.Error as error:
            self.connection.close()
            raise NotDone(reasons.failures.NotOpened(path=str(path), cause=str(error))) from error
        except BaseException:
            self.connection.close()
            raise
        return self

    def _connect(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        make_private(path)
        patience = PATIENCE if self.waits else IMPATIENCE
        self.connection = sqlite3.connect(path, timeout=patience, isolation_level=None)

    def _connect_to_read(self, path: Path) -> None:
        """Where nothing can be written: the file as it is. NotDone if its newest acts lie beside it, since SQLite would
        have to write to read them."""
        beside = path.with_name(f"{path.name}-wal")
        if beside.exists() and beside.stat().st_size:
            raise NotDone(reasons.failures.CopyFirst(path=str(path), why="wal"))
        self.connection = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True, isolation_level=None)

    def _prepared(self, path: Path, *, only_reads: bool) -> bool:
        """With the tables of this version, synced and write-ahead; or, on a full disk, to be read alone. Whether it is
        that."""
        try:
            self.connection.execute(f"PRAGMA cache_size={-PAGES // 1024}")
            if only_reads:
                migrate(self.connection, path)
            else:
                self._prepare()
        except sqlite3.OperationalError as error:
            if only_reads or error.sqlite_errorcode & 0xFF not in CANNOT_WRITE or not path.stat().st_size:
                raise
            self.connection.close()
            self._connect_to_read(path)
            return self._prepared(path, only_reads=True)
        return only_reads

    def _prepare(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._value("PRAGMA journal_mode") != "wal":
            try:
                self.connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:  # another opens the new file; this pragma alone does not wait
                if error.sqlite_errorcode & 0xFF in CANNOT_WRITE or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        self.connection.execute(f"PRAGMA synchronous={'FULL' if self.waits else 'NORMAL'}")
        migrate(self.connection, self.path)

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def lies_there(self) -> bool:
        return self._file == _file_at(self.path)

    def _begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def _hold(self) -> None:
        """A file sets no end to it."""

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def _stream(self, statement: str, *values: object) -> Iterator[Any]:
        return self.connection.execute(statement, values)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def _damage(self) -> "Iterator[reasons.faults.LedgerFault]":
        state = self._value("PRAGMA integrity_check")
        if state != "ok":
            yield reasons.faults.DamagedFile(cause=state)

    def begin_delivery(self, one: "Delivery", holder: str, now: datetime) -> bool:
        may = super().begin_delivery(one, holder, now)
        if may:
            note_sent(self.path, one.channel, self._message(one.id) or "")
        return may

    def home(self, channel: int) -> str:
        """The file's path and its number on the disk, and the message last sent from there if this file lacks it."""
        path, last = self.path.absolute(), last_sent(self.path, channel)
        place = f"{path} {path.stat().st_ino}"
        if not last:
            return place
        return place if self._message(last.partition(" ")[0]) == last else f"{place} without {last}"

    def _message(self, number: object) -> str | None:
        """What a message is known by: its number, and a hash of its UID, SEQUENCE and DTSTAMP; None if there is none of
        that number."""
        query = "SELECT uid, sequence, stamp FROM deliveries WHERE id = ?"
        with self._asking():
            row = self.connection.execute(query, (number,)).fetchone()
        return None if row is None else f"{number} {sha256(' '.join(map(str, row)))}"

    def forget_sent(self, channel: int) -> None:
        note_sent(self.path, channel, "")

    def backup(self, target: Path) -> None:
        def write(copy: Path) -> None:
            with closing(sqlite3.connect(copy)) as made:
                self.connection.backup(made)

        written_aside(target, write)

    def take_over(self, other: SqlStore) -> None:
        """From a file page by page, whatever this one holds; from a server only into a ledger that holds no act."""
        try:
            if isinstance(other, SqliteStore):
                other.connection.backup(self.connection)
            else:
                with self._writing():
                    self._fill_from(other)
        except (sqlite3.Error, NotDone) as error:
            raise NotDone(
                reasons.failures.NotReplaced(path=self.name, cause=self._cause(error.__cause__ or error))
            ) from error


def _file_at(path: Path) -> tuple[int, int] | None:
    """What tells a file from another of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def written_aside(target: Path, write: Callable[[Path], None]) -> None:
    """A new ledger in a file, whole or not at all: `write` fills it. NotDone if there is a file of that name already,
    or it cannot be written."""
    try:
        if target.exists():
            raise NotDone(reasons.failures.NameTaken(path=str(target)))
        with tempfile.TemporaryDirectory(dir=target.parent) as aside:
            copy = Path(aside) / "copy"
            make_private(copy)
            write(copy)
            with closing(sqlite3.connect(copy)) as made:
                made.execute("PRAGMA journal_mode=DELETE")
            os.link(copy, target)
    except FileExistsError as error:
        raise NotDone(reasons.failures.NameTaken(path=str(target))) from error
    except (sqlite3.Error, OSError) as error:
        raise NotDone(reasons.failures.BackupNotWritten(path=str(target), cause=str(error))) from error
