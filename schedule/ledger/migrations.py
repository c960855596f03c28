"""The steps of a ledger in an SQLite file, which is copied beside itself before they begin.

The number of steps that a ledger has taken is its `user_version`. A step that fails leaves the ledger as it was.
"""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from schedule.ledger.place import make_private
from schedule.ledger.steps import STEPS, check_tables
from schedule.model import reasons
from schedule.model.errors import NotDone


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that the ledger at `path` has not taken; all of them where it is new. `connection` is its own.

    A ledger that holds something is copied whole beside it first. NotDone, with the ledger as it was, if it is a newer
    Dayzero's or another program's, or if it cannot be copied.
    """
    last = len(STEPS)
    version, there = _version(connection), _tables(connection)
    if version != _version(connection):  # somebody has just taken the steps
        version, there = _version(connection), _tables(connection)
    check_tables(STEPS, version, there, str(path))
    if version == last:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # somebody else may have taken the steps meanwhile
        if 0 < version < last:
            keep_copy(path, version + 1)
        for step in STEPS[version:]:
            for statement in _statements(step.script + step.sqlite):
                connection.execute(statement)
        if version < last:
            connection.execute(f"PRAGMA user_version = {last}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def keep_copy(path: Path, version: int) -> Path:
    """Copy the ledger to `<name>.before-version-<n>` beside it, and give the copy's path once it has been read back.

    A copy that is there already and holds the same is kept; one that holds something else is never overwritten, and
    the new one gets a number. Whoever calls it holds the ledger's write lock, so that nothing is added meanwhile.
    """
    try:
        with closing(sqlite3.connect(path)) as source, tempfile.TemporaryDirectory(dir=path.parent) as aside:
            copy = Path(aside) / "copy"
            make_private(copy)
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")
            held = _content(copy)
            if held is None or held != _content(path):
                raise NotDone(reasons.failures.Damaged(path=str(path)))
            for number in count(1):
                kept = path.with_name(f"{path.name}.before-version-{version}" + (f".{number}" if number > 1 else ""))
                with suppress(FileExistsError):
                    os.link(copy, kept)
                    _sync_folder(path.parent)
                    return kept
                if _content(kept) == held:
                    return kept
    except (sqlite3.Error, OSError) as error:
        raise NotDone(reasons.failures.NotCopied(path=str(path), cause=str(error))) from error
    raise AssertionError("count() ends")


def _content(path: Path) -> str | None:
    """A hash of the version and of all that the ledger's first tables hold; None where there is damage or no ledger."""
    digest = hashlib.sha256()
    try:
        with closing(sqlite3.connect(path)) as connection:
            digest.update(str(_version(connection)).encode())
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return None
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            for (table,) in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    digest.update(repr(row).encode())
    except sqlite3.Error:
        return None
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Wait until the name of the copy is on the disk. Windows has no such thing."""
    with suppress(PermissionError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _version(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
