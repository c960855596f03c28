"""What every ledger in a database is asked through: one connection, the same statements, one transaction for a write.

A statement marks its values by `?`. What a database says otherwise than the others (how a transaction begins, how many
rows are read at once) is said in the module of its name.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, Literal, Protocol

from schedule.model import reasons
from schedule.model.errors import NotDone
from schedule.model.moved import MovedLedger

AT_ONCE = 500
"""Rows that are written together."""
NEXT_ID = "(SELECT coalesce(max(id), 0) + 1 FROM {})"
"""The number of a table's next row: without gaps, since whoever writes is alone."""


class Cursor(Protocol):
    """The rows that a statement gives."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """An open connection that begins no transaction by itself."""

    @property
    def Error(self) -> type[Exception]:
        """What it raises where the database does not do what is asked."""

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Cursor: ...

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> Any: ...

    def close(self) -> None: ...


class Statements(ABC):
    """A ledger in a database, and how it is asked."""

    connection: Connection

    @property
    @abstractmethod
    def name(self) -> str:
        """What messages call the place where the ledger lies."""

    @abstractmethod
    def _begin(self) -> None:
        """Begin to write, and be alone in it."""

    def _commit(self) -> None:
        """Keep what was written: once this has returned, it is safe on the disk."""
        self.connection.execute("COMMIT")

    @abstractmethod
    def _hold(self) -> None:
        """Let the transaction that has begun last as long as it takes."""

    @abstractmethod
    def _roll_back(self) -> None:
        """Leave everything as it was, if the transaction has not ended already."""

    @abstractmethod
    def _snapshot(self) -> AbstractContextManager[None]:
        """What is read in it is of one moment, whatever others write meanwhile."""

    def _ask(self, statement: str, *values: object) -> Iterator[Any]:
        """The rows of a statement that gives few."""
        return iter(self.connection.execute(statement, values))

    @abstractmethod
    def _stream(self, statement: str, *values: object) -> Iterator[Any]:
        """The rows of a statement, a few at a time, however many they are."""

    def _handed_over(self, statement: str, *values: object) -> Iterator[Any]:
        """The same rows, for another ledger, whose database has errors of its own: NotDone for what is not given."""
        with self._asking():
            yield from self._stream(statement, *values)

    def _reason(self, error: Exception, otherwise: "reasons.failures.Failure") -> "reasons.failures.Failure":
        """What is told of an error, where the database knows more than that."""
        return otherwise

    def _cause(self, error: BaseException) -> str:
        """What an error says itself, on one line."""
        return " ".join(str(error).split())

    def _value(self, statement: str, *values: object) -> Any:
        """The one value that a statement gives."""
        return self.connection.execute(statement, values).fetchone()[0]

    def _fill(self, table: str, other: "Statements") -> None:
        """Put the rows of another ledger's table in the place of what is here."""
        self.connection.execute(f"DELETE FROM {table}")
        self._insert(table, other._handed_over(f"SELECT * FROM {table}"))

    def _insert(self, table: str, rows: Iterator[Any]) -> None:
        """Put whole rows into a table, some at a time, however many they are."""
        while some := list(islice(rows, AT_ONCE)):
            marks = ", ".join("?" * len(some[0]))
            self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", some)

    def moved(self) -> MovedLedger | None:
        with self._asking():
            row = self.connection.execute("SELECT place, who, at, arriving FROM moves").fetchone()
        if row is None:
            return None
        place, by, at, arriving = row
        return MovedLedger(place=place, by=by, at=datetime.fromisoformat(at), arriving=bool(arriving))

    def _refuse_moved(self, *, arriving: bool) -> None:
        """NotDone where this ledger was carried elsewhere; `arriving`: while another is being carried here."""
        mark = self.moved()
        if mark is not None and mark.arriving == arriving:
            failure = reasons.moving.LedgerArriving if arriving else reasons.moving.LedgerMoved
            raise NotDone(failure(path=self.name, mark=mark))

    @contextmanager
    def _asking(self, what: Literal["ledger", "feeds"] = "ledger", *, garbled: bool = False) -> Iterator[None]:
        """NotDone for what the database or the rows themselves do not give; `garbled`: then `verify` will say more."""
        try:
            yield
        except (self.connection.Error, KeyError, TypeError, ValueError) as error:
            failure = reasons.failures.NotRead(path=self.name, what=what, cause=self._cause(error), garbled=garbled)
            raise NotDone(self._reason(error, failure)) from error

    @contextmanager
    def _writing(self, *, moved: bool = False) -> Iterator[None]:
        """One transaction: whole, or not at all. NotDone if the disk does not do it, or this ledger was moved elsewhere
        and the write is not one for a `moved` one."""
        try:
            try:
                self._begin()
                if not moved:
                    self._refuse_moved(arriving=False)
                yield
            except BaseException:
                self._roll_back()
                raise
            self._commit()
        except self.connection.Error as error:
            raise NotDone(
                self._reason(error, reasons.failures.NotWritten(path=self.name, cause=self._cause(error)))
            ) from error
