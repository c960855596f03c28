"""The ledger: every act, append-only, in one SQLite file with a chain of hashes; and beside each act what it gave.

An act and what it gave are one transaction, synced to disk before it is acknowledged. Every write names the revision
it was based on; the loser of a race is told who changed what. No act is ever updated or deleted.
What an act gave can be worked out again and replaced; when each feed was last fetched is no act.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from schedule.ledger.chain import ACT_COLUMNS, FIRST_HASH, projection_hash, row_hash
from schedule.ledger.codec import act_to_plain
from schedule.ledger.migrations import migrate
from schedule.ledger.packed import projection_to_text
from schedule.ledger.place import make_private, may_be_written, place_fault
from schedule.ledger.sqlite_channels import ChannelKeeping
from schedule.ledger.sqlite_faults import faults_of
from schedule.model.acts import Act, SetClock
from schedule.model.errors import ClockBehind, NotDone, Stale
from schedule.model.kept import Kept, Lasting, Row
from schedule.model.projection import FORM, Projection
from schedule.model.reasons.failures import (
    BackupNotWritten,
    ClockBack,
    CopyFirst,
    NameTaken,
    NotOpened,
    NotReplaced,
    UnsafePlace,
)
from schedule.model.reasons.faults import LedgerFault

PATIENCE = 30
"""Seconds to wait for somebody else's write."""
CANNOT_WRITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""What SQLite says where the disk is full or cannot be written."""
IMPATIENCE = 0.2
"""The same, where nothing but the time of a fetch is to be written."""


class SqliteStore(ChannelKeeping):
    """A ledger in a file. Open it with `with`: it is closed at the end.

    One that does not wait is for feeds: it writes nothing but when they were fetched, and waits neither for the disk
    nor for somebody else's write. What others write through their own is as safe as ever. `rebuild` replaces what acts
    gave, and is asked to where that is of an earlier form.
    """

    def __init__(
        self, path: Path, *, waits: bool = True, rebuild: Callable[["SqliteStore"], None] | None = None
    ) -> None:
        self.path, self.waits, self.rebuild = path, waits, rebuild

    def __enter__(self) -> "SqliteStore":
        path = self.path.absolute()
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            mounts = ""
        wrong = place_fault(path, "") or place_fault(path.resolve(), mounts)
        if wrong:
            raise NotDone(UnsafePlace(path=str(path), why=wrong))
        try:
            only_reads = path.is_file() and not may_be_written(path)
            self._connect(path) if not only_reads else self._connect_to_read(path)
        except (sqlite3.Error, OSError) as error:
            raise NotDone(NotOpened(path=str(path), cause=str(error))) from error
        try:
            only_reads = self._prepared(path, only_reads=only_reads)
            if self.rebuild is not None and self.is_of_an_earlier_form():
                if only_reads:
                    raise NotDone(CopyFirst(path=str(path), why="form"))
                self.rebuild(self)
        except sqlite3.Error as error:
            self.connection.close()
            raise NotDone(NotOpened(path=str(path), cause=str(error))) from error
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
            raise NotDone(CopyFirst(path=str(path), why="wal"))
        self.connection = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True, isolation_level=None)

    def _prepared(self, path: Path, *, only_reads: bool) -> bool:
        """With the tables of this version, synced and write-ahead; or, on a full disk, to be read alone. Whether it is
        that."""
        try:
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

    def append(self, act: Act, lasting: Lasting, projection: Projection, texts: Mapping[str, str]) -> Row:
        """Keep an act with what it gave. Stale if it is based on a revision that is no longer the newest; NotDone if
        the computer's clock is earlier than the last act, or the disk does not do it. Acknowledged means synced."""
        with self._writing():
            newest = self._value("SELECT max(revision) FROM acts WHERE code = ?", act.code)
            if newest is not None and newest != act.based_on:
                found = self.newest(act.code)
                assert found is not None
                raise Stale(found)
            last = self.connection.execute("SELECT at, hash FROM acts ORDER BY id DESC LIMIT 1").fetchone()
            late = not isinstance(act.deed, SetClock)
            if late and last is not None and act.at < (before := datetime.fromisoformat(last[0])):
                raise ClockBehind(ClockBack(now=act.at, last=before))
            for sha256, text in texts.items():
                self.connection.execute("INSERT INTO texts VALUES (?, ?)", (sha256, text))
            values = act_to_plain(act, lasting) | {"previous": last[1] if last else FIRST_HASH}
            values["hash"] = row_hash(values)
            columns = (*ACT_COLUMNS, "hash")
            self.connection.execute(
                f"INSERT INTO acts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                tuple(values[column] for column in columns),
            )
            content = self._project(values["hash"], projection)
        return Row(act=act, lasting=lasting, hash=values["hash"], content=content, given=lambda: projection)

    def _project(self, act_hash: str, projection: Projection) -> str:
        """Put what an act gave beside it, in the place of what is there, and give its text."""
        content = projection_to_text(projection)
        self.connection.execute(
            "INSERT OR REPLACE INTO projections (id, form, content, hash) SELECT id, ?, ?, ? FROM acts WHERE hash = ?",
            (FORM, content, projection_hash(FORM, content, act_hash), act_hash),
        )
        return content

    def replace_projections(self, projections: Iterable[tuple[Kept, Projection]]) -> tuple[Kept, ...]:
        query = "SELECT form, content, projections.hash FROM projections JOIN acts USING (id) WHERE acts.hash = ?"
        differing = []
        with self._writing():
            for kept, projection in projections:
                before = self.connection.execute(query, (kept.hash,)).fetchone()
                content = self._project(kept.hash, projection)
                if before != (FORM, content, projection_hash(FORM, content, kept.hash)):
                    differing.append(kept)
        return tuple(differing)

    def faults(self, *, whole: bool = True) -> list[LedgerFault]:
        return faults_of(self.connection, whole=whole)

    def backup(self, target: Path) -> None:
        try:
            if target.exists():
                raise NotDone(NameTaken(path=str(target)))
            with tempfile.TemporaryDirectory(dir=target.parent) as aside:
                make_private(Path(aside) / "copy")
                copy = sqlite3.connect(Path(aside) / "copy")
                try:
                    self.connection.backup(copy)
                    copy.execute("PRAGMA journal_mode=DELETE")
                finally:
                    copy.close()
                os.link(Path(aside) / "copy", target)
        except FileExistsError as error:
            raise NotDone(NameTaken(path=str(target))) from error
        except (sqlite3.Error, OSError) as error:
            raise NotDone(BackupNotWritten(path=str(target), cause=str(error))) from error

    def take_over(self, other: "SqliteStore") -> None:
        try:
            other.connection.backup(self.connection)
        except sqlite3.Error as error:
            raise NotDone(NotReplaced(path=str(self.path), cause=str(error))) from error
