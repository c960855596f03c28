"""The ledger in a PostgreSQL database: how it is opened, written by one at a time, and copied.

Whoever writes takes one lock of the whole database first, for as long as the transaction lasts: an advisory one, since
it needs no right on a table, waits for no vacuum and goes with the connection. Without it two acts could stand on the
same one before them. Then each statement must see what the last writer has kept: READ COMMITTED, for in REPEATABLE READ
the wait for the lock would itself fix what is seen. Whoever reads much reads in REPEATABLE READ: one moment's ledger.

Texts have the collation C, so that codes are in the same order as in a file, whatever the server's language.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from schedule.ledger.server import ServerConnection, given_back, marked, taken
from schedule.ledger.sql_store import SqlStore
from schedule.ledger.sqlite import SqliteStore, written_aside
from schedule.ledger.steps import APPENDED, STEPS, check_tables, in_postgres
from schedule.ledger.store import Store
from schedule.model.errors import NotDone
from schedule.model.kept import OwnTime, Running
from schedule.model.reasons.failures import BackupNotWritten, Failure, LedgerGone, NotOpened, NotReplaced
from schedule.model.reasons.server_failures import NoRight, NotLetIn, OnlyRead, SavedOrNot, ServerAway
from schedule.model.server_address import ServerAddress

LOCK = 0x6461797A65726F
"""The lock of whoever writes: “dayzero” in ASCII."""
AT_ONCE = 100
"""Rows that are fetched at once where there are many."""
TO_WRITE = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = '60s'; "
    f"SELECT pg_advisory_xact_lock({LOCK})"
)
"""A writer that hangs or whose computer is gone keeps the others waiting no longer than that."""
TO_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
VERSION = "ledger_version"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
HOME = """
SELECT concat_ws(' ', system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()),
    to_regclass('channels')::oid,
    CASE WHEN pg_is_in_recovery() THEN '' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END)
FROM pg_control_system()
"""
"""The server's data, the database in them, the table of the channels in that (another after a dump was put back), and
the timeline: another one after a promotion, or after a restore to a point in time."""
STATES: dict[str, Callable[[str, str], Failure]] = {
    "42501": lambda path, cause: NoRight(path=path, cause=cause),
    "25006": lambda path, cause: OnlyRead(path=path),
}
"""What the server's SQLSTATE says that it says in its own language only."""
UNKNOWN_OUTCOMES = ("08", "57", "58")
"""The classes of SQLSTATE after which nobody knows whether a COMMIT has been done: the connection, the operator, the
system. After any other the transaction was undone."""


class PostgresStore(SqlStore):
    """A ledger in a database. Open it with `with`: its connection is kept for the next at the end.

    One that does not wait is for feeds, as in a file. Without `make` an empty database is no ledger.
    """

    connection: ServerConnection

    def __init__(
        self,
        place: ServerAddress,
        *,
        make: bool = True,
        waits: bool = True,
        arriving: bool = False,
        rebuild: Callable[[Store], None] | None = None,
    ) -> None:
        self.place, self.make, self.waits, self.arriving, self.rebuild = place, make, waits, arriving, rebuild
        self._cursors = count(1)

    @property
    def name(self) -> str:
        return str(self.place)

    def __enter__(self) -> "PostgresStore":
        try:
            self.connection = taken(self.place, waits=self.waits)
        except psycopg.Error as error:
            raise NotDone(self._reason(error, NotOpened(path=self.name, cause=self._cause(error)))) from error
        try:
            self._prepare()
            if not self.arriving:
                self._refuse_moved(arriving=True)
            if self.rebuild is not None and self.is_of_an_earlier_form():
                self.rebuild(self)
        except psycopg.Error as error:
            self.connection.close()
            raise NotDone(self._reason(error, NotOpened(path=self.name, cause=self._cause(error)))) from error
        except BaseException:
            self.connection.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        given_back(self.connection)

    def _prepare(self) -> None:
        """With the tables of this version; made where there are none, in one transaction."""
        version = self._version()
        if version == len(STEPS):
            return
        tables, before = self._tables(), version
        if (version := self._version()) != before:  # somebody has just taken the steps, whose tables may not be there
            tables = self._tables()
        check_tables(STEPS, version, tables, self.name, on_a_server=True)
        if version == 0 and not self.make:
            raise NotDone(LedgerGone())
        with self._writing(moved=True):
            version = self._version() if VERSION in self._tables() else 0  # somebody else may have taken the steps
            for step in STEPS[version:]:
                self.connection.execute(in_postgres(step))
            if version == 0:
                self.connection.execute(f"CREATE TABLE {VERSION} (version BIGINT NOT NULL)")
                self.connection.execute(f"INSERT INTO {VERSION} VALUES (?)", (len(STEPS),))
            self.connection.execute(f"UPDATE {VERSION} SET version = ?", (len(STEPS),))

    def _version(self) -> int:
        """How many steps the ledger has taken; 0 if it is none."""
        try:
            found: int = self._value(f"SELECT coalesce(max(version), 0) FROM {VERSION}")
        except psycopg.errors.UndefinedTable:
            return 0
        return found

    def _tables(self) -> list[str]:
        return [name for (name,) in self.connection.execute(TABLES)]

    # its sense of time

    def own_time(self, running: Running) -> OwnTime | None:
        with self._asking():
            return OwnTime(at=self._value("SELECT clock_timestamp()").astimezone(UTC), by="server")

    def _keep_running(self, at: datetime, running: Running | None) -> None:
        """The server's clock goes on by itself."""

    # one transaction

    def _begin(self) -> None:
        assert not self.connection.in_transaction
        self.connection.begin(TO_WRITE)

    def _commit(self) -> None:
        self.connection.warnings.clear()
        try:
            done = self.connection.commit()
        except psycopg.Error as error:
            if error.sqlstate is None or error.sqlstate[:2] in UNKNOWN_OUTCOMES:
                raise NotDone(SavedOrNot(path=self.name, cause=self._cause(error))) from error
            raise
        if done != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction(done)
        if self.connection.warnings:  # kept here, and perhaps not where the server's standby is
            raise NotDone(SavedOrNot(path=self.name, cause=" ".join(self.connection.warnings)))

    def _hold(self) -> None:
        self.connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

    def _roll_back(self) -> None:
        self.connection.roll_back()

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        if self.connection.in_transaction:
            yield
            return
        self.connection.begin(TO_READ)
        try:
            yield
        finally:
            self._roll_back()

    def _stream(self, statement: str, *values: object) -> Iterator[Any]:
        with self._snapshot(), self.connection.inner.cursor(name=f"rows{next(self._cursors)}") as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(marked(statement), values or None)
            yield from cursor

    def _reason(self, error: Exception, otherwise: Failure) -> Failure:
        """What is told of an error: what its SQLSTATE says, or that the server is gone."""
        if not isinstance(error, psycopg.Error):
            return otherwise
        if error.sqlstate in STATES:
            return STATES[error.sqlstate](self.name, self._cause(error))
        if not isinstance(error, psycopg.OperationalError) or error.sqlstate not in (None, "57P01", "57P02", "57P03"):
            return otherwise
        cause = self._cause(error)
        if "is read-only" in cause or "hot standby mode" in cause:
            return OnlyRead(path=self.name)
        if "FATAL" in cause and error.sqlstate is None and "starting up" not in cause:
            return NotLetIn(path=self.name, cause=cause)
        return ServerAway(path=self.name, cause=cause)

    def _cause(self, error: BaseException) -> str:
        """What the server or its library says, without the rows and statements that the server repeats below it."""
        told = error.diag.message_primary if isinstance(error, psycopg.Error) else None
        return told or super()._cause(error)

    # the whole

    def lies_there(self) -> bool:
        return True  # a connection that was lost is opened again

    def home(self, channel: int) -> str:
        """The server's data, the database, its table, the timeline: another text after a promotion or a dump, too."""
        with self._asking():
            return str(self._value(HOME))

    def forget_sent(self, channel: int) -> None:
        """Nothing is remembered elsewhere than in the ledger."""

    def backup(self, target: Path) -> None:
        """A copy as a ledger in a file."""

        def write(copy: Path) -> None:
            with SqliteStore(copy) as made:
                try:
                    made.take_over(self)
                except NotDone as error:
                    if not isinstance(error.failure, NotReplaced):
                        raise
                    raise NotDone(BackupNotWritten(path=str(target), cause=error.failure.cause)) from error

        written_aside(target, write)

    def take_over(self, other: SqlStore) -> None:
        try:
            with self._writing():
                for table in APPENDED:  # which its owner alone may
                    self.connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                self._fill_from(other)
                for table in APPENDED:
                    self.connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        except NotDone as error:
            raise NotDone(NotReplaced(path=self.name, cause=self._cause(error.__cause__ or error))) from error
