"""A disk whose power can be cut: an SQLite file system (apsw VFS) that knows what has been synced and what has not.

What is written goes to the real file, so SQLite reads it back; beside it the disk keeps what would survive. Until a file is
synced its writes are pending. At the cut every 512-byte sector of every pending write survives or is lost by chance, whatever
their order. Not modelled: a lost directory entry (a file that was created or deleted stays so), and a disk that lies about
syncing. apsw brings an SQLite of its own, another version than the standard library's; what is left over is read by that one.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import apsw

SECTOR = 512
NAME = "power-cut"


class Disk:
    """What is on the disk, by file name: synced bytes, and pending writes (offset, data) or cuts (size, None).

    `cut_at`: the write, truncation, sync or deletion, counted from 1, at which the power goes off; None for never. From
    then on the disk is `dead`: what is there stays as it is, whatever the program, which knows nothing, still does.
    """

    def __init__(self, cut_at: int | None = None) -> None:
        self.cut_at, self.operations, self.dead = cut_at, 0, False
        self.synced: dict[str, bytearray] = {}
        self.pending: dict[str, list[tuple[int, bytes | None]]] = defaultdict(list)

    def put(self, name: str, data: bytes) -> None:
        """A file that was there before."""
        self.synced[name] = bytearray(data)

    def create(self, name: str) -> None:
        if not self.dead:
            self.synced.setdefault(name, bytearray())

    def _step(self) -> None:
        """One operation more; the power may go off before it is done."""
        self.operations += 1
        self.dead = self.operations == self.cut_at

    def write(self, name: str, offset: int, data: bytes) -> None:
        if not self.dead:
            self.pending[name].append((offset, bytes(data)))
            self._step()

    def truncate(self, name: str, size: int) -> None:
        if not self.dead:
            self.pending[name].append((size, None))
            self._step()

    def sync(self, name: str) -> None:
        if not self.dead:
            self._step()
        if not self.dead:
            for offset, data in self.pending.pop(name, []):
                _put(self.synced[name], offset, data)

    def delete(self, name: str) -> None:
        if not self.dead:
            self._step()
        if not self.dead:
            self.synced.pop(name, None)
            self.pending.pop(name, None)

    def survivors(self, chance: Random) -> dict[str, bytes]:
        """What is found when the power is on again."""
        found = {}
        for name, synced in self.synced.items():
            image, kept = bytearray(synced), chance.choice((0.1, 0.5, 0.5, 0.9))
            for offset, data in self.pending.get(name, ()):
                if data is None:
                    if chance.random() < kept:
                        _put(image, offset, None)
                    continue
                start = 0
                while start < len(data):
                    end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
                    if chance.random() < kept:
                        _put(image, offset + start, data[start:end])
                    start = end
            found[name] = bytes(image)
        return found


def _put(image: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del image[offset:]
        return
    if len(image) < offset:
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data


class _File(apsw.VFSFile):
    """A file that tells its disk what is done to it. A nameless one is SQLite's own scratch paper."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        path = name.filename() if hasattr(name, "filename") else name
        self.disk, self.name = disk, Path(path).name if path else None
        if self.name is not None:
            disk.create(self.name)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        if self.name is not None:
            self.disk.write(self.name, offset, data)

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        if self.name is not None:
            self.disk.truncate(self.name, size)

    def xSync(self, flags: int) -> None:
        if self.name is not None:
            self.disk.sync(self.name)


class _FileSystem(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__(NAME, base="")
        self.disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(self.disk, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        self.disk.delete(Path(name).name)
        super().xDelete(name, sync_folder)


class Connection:
    """As much of a `sqlite3.Connection` as `Store` uses, on the disk that can be cut. With `synchronous` other than FULL
    it does not do what the store tells it, and says that it does. `fold`: pages in the log at which SQLite folds it into
    the file (by itself at 1,000, and when the last connection closes)."""

    def __init__(self, path: Path, synchronous: str, fold: int) -> None:
        self.db = apsw.Connection(str(path), vfs=NAME)
        self.db.wal_autocheckpoint(fold)
        self.synchronous = synchronous

    def execute(self, sql: str, values: Any = ()) -> Any:
        if re.fullmatch(r"\s*PRAGMA\s+synchronous\s*=\s*\w+\s*", sql, re.I):
            sql = f"PRAGMA synchronous={self.synchronous}"
        elif re.fullmatch(r"\s*PRAGMA\s+synchronous\s*", sql, re.I) and self.synchronous != "FULL":
            sql = "SELECT 2"
        try:
            return self.db.execute(sql, values)
        except apsw.Error as error:
            raise sqlite3.OperationalError(str(error)) from error

    @property
    def in_transaction(self) -> bool:
        return bool(self.db.in_transaction)

    def close(self) -> None:
        self.db.close(True)


@contextmanager
def on_a_disk(disk: Disk, monkeypatch: Any, synchronous: str = "FULL", fold: int = 1000) -> Iterator[None]:
    """Within it `Store` opens its ledgers on that disk."""
    file_system = _FileSystem(disk)

    def connect(path: Path, **_: object) -> Connection:
        return Connection(path, synchronous, fold)

    with monkeypatch.context() as patch:
        patch.setattr("schedule.ledger.sqlite.sqlite3", SimpleNamespace(**{**vars(sqlite3), "connect": connect}))
        try:
            yield
        finally:
            file_system.unregister()
