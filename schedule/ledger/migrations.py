"""The ledger's tables, version by version. Each step has a name, and copies the ledger beside it before it begins.

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

from msgspec import Struct

from schedule.ledger.place import make_private
from schedule.model.errors import NotDone
from schedule.model.reasons.failures import Damaged, NoLedger, NotCopied, OfNewerDayzero


class Migration(Struct, frozen=True, kw_only=True):
    """One change of the tables: its name, the tables it makes, and its statements."""

    name: str
    tables: frozenset[str]
    script: str


STEPS = (
    Migration(
        name="acts, texts, projections, feeds, channels",
        tables=frozenset(
            {
                "acts",
                "texts",
                "projections",
                "feed_acts",
                "fetches",
                "channels",
                "deliveries",
                "delivered_heads",
                "form_keys",
            }
        ),
        script="""
CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE acts (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, revision INTEGER NOT NULL, based_on INTEGER NOT NULL,
    kind TEXT NOT NULL, deed TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, site_time TEXT NOT NULL,
    as_of TEXT NOT NULL, reason TEXT NOT NULL, lasting TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (code, revision));
CREATE INDEX acts_hash ON acts (hash);
CREATE TABLE projections (id INTEGER PRIMARY KEY, form INTEGER NOT NULL, content TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX projections_form ON projections (form);
CREATE TRIGGER texts_stay BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_last BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER acts_new BEFORE INSERT ON acts
    WHEN EXISTS (SELECT 1 FROM acts WHERE id = NEW.id OR (code = NEW.code AND revision = NEW.revision))
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_new BEFORE INSERT ON texts WHEN EXISTS (SELECT 1 FROM texts WHERE sha256 = NEW.sha256)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER acts_last BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TABLE feed_acts (
    id INTEGER PRIMARY KEY, token TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, code TEXT NOT NULL,
    ward TEXT NOT NULL, level TEXT NOT NULL, expires TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    reason TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX feed_acts_token ON feed_acts (token);
CREATE TRIGGER feed_acts_stay BEFORE UPDATE ON feed_acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER feed_acts_new BEFORE INSERT ON feed_acts WHEN EXISTS (SELECT 1 FROM feed_acts WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER feed_acts_last BEFORE DELETE ON feed_acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TABLE fetches (token TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE channels (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL, holder TEXT NOT NULL DEFAULT '', lease TEXT NOT NULL DEFAULT '');
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, code TEXT NOT NULL, head TEXT NOT NULL, uid TEXT NOT NULL,
    method TEXT NOT NULL, hash TEXT NOT NULL, starts TEXT NOT NULL, infusion INTEGER NOT NULL, remote TEXT NOT NULL,
    sequence INTEGER NOT NULL, stamp TEXT NOT NULL, there INTEGER NOT NULL, shows TEXT NOT NULL,
    was_infusion INTEGER NOT NULL, state TEXT NOT NULL, tried TEXT NOT NULL, tries INTEGER NOT NULL,
    after TEXT NOT NULL, error TEXT NOT NULL, by_hand INTEGER NOT NULL, print TEXT NOT NULL,
    newest INTEGER NOT NULL);
CREATE INDEX deliveries_newest ON deliveries (channel, newest, code);
CREATE INDEX deliveries_tried ON deliveries (channel, tried);
CREATE TABLE delivered_heads (
    channel INTEGER NOT NULL, code TEXT NOT NULL, head TEXT NOT NULL, PRIMARY KEY (channel, code)) WITHOUT ROWID;
CREATE TABLE form_keys (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL);
""",
    ),
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that the ledger at `path` has not taken; all of them where it is new. `connection` is its own.

    A ledger that holds something is copied whole beside it first. NotDone, with the ledger as it was, if it is a newer
    Dayzero's or another program's, or if it cannot be copied.
    """
    last = len(STEPS)
    version = _version(connection)
    if version > last:
        raise NotDone(OfNewerDayzero(path=str(path), version=version))
    there = _tables(connection)
    if version != _version(connection):  # somebody has just taken the steps
        version, there = _version(connection), _tables(connection)
    expected = frozenset[str]().union(*(step.tables for step in STEPS[:version]))
    if (version == 0 and there) or not expected <= there:
        raise NotDone(NoLedger(path=str(path)))
    if version == last:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # somebody else may have taken the steps meanwhile
        if 0 < version < last:
            keep_copy(path, version + 1)
        for step in STEPS[version:]:
            for statement in _statements(step.script):
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
                raise NotDone(Damaged(path=str(path)))
            for number in count(1):
                kept = path.with_name(f"{path.name}.before-version-{version}" + (f".{number}" if number > 1 else ""))
                with suppress(FileExistsError):
                    os.link(copy, kept)
                    _sync_folder(path.parent)
                    return kept
                if _content(kept) == held:
                    return kept
    except (sqlite3.Error, OSError) as error:
        raise NotDone(NotCopied(path=str(path), cause=str(error))) from error
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
