"""Reading a ledger in an SQLite file: acts with what they gave, texts, and what has changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from schedule.ledger.chain import ACT_COLUMNS, FIRST_HASH
from schedule.ledger.codec import kept_from_plain, row_from_plain
from schedule.ledger.store import MOST_REVISION
from schedule.model.errors import NotDone
from schedule.model.kept import Kept, Row
from schedule.model.projection import FORM
from schedule.model.reasons.failures import NotRead, TextMissing

_NEWEST = "JOIN (SELECT code, max(revision) AS revision FROM acts GROUP BY code) USING (code, revision)"
"""Of each patient the newest act alone."""


class SqliteReading:
    """What is asked of the connection to a ledger."""

    path: Path
    connection: sqlite3.Connection

    @contextmanager
    def _asking(self, what: Literal["ledger", "feeds"] = "ledger", *, garbled: bool = False) -> Iterator[None]:
        """NotDone for what SQLite or the rows themselves do not give; `garbled`: then `verify` will say more."""
        try:
            yield
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            raise NotDone(NotRead(path=str(self.path), what=what, cause=str(error), garbled=garbled)) from error

    def _value(self, query: str, *values: object) -> Any:
        """The one value that a query gives."""
        return self.connection.execute(query, values).fetchone()[0]

    def _rows(self, where: str, *values: object) -> Iterator[Row]:
        columns = (*ACT_COLUMNS, "hash", "content")
        names = ", ".join(f"acts.{column}" for column in columns[:-1])
        query = f"SELECT {names}, content FROM acts LEFT JOIN projections USING (id) {where}"  # `where` is our own
        with self._asking(garbled=True):
            for fields in self.connection.execute(query, values):
                yield row_from_plain(dict(zip(columns, fields, strict=True)))

    def newest(self, code: str) -> Row | None:
        return next(self._rows("WHERE code = ? ORDER BY revision DESC LIMIT 1", code), None)

    def at(self, code: str, revision: int) -> Row | None:
        if revision > MOST_REVISION:
            return None
        return next(self._rows("WHERE code = ? AND revision = ?", code, revision), None)

    def history(self, code: str) -> list[Row]:
        return list(self._rows("WHERE code = ? ORDER BY revision", code))

    def everything(self) -> Iterator[Row]:
        yield from self._rows("ORDER BY acts.id")

    def chain(self) -> Iterator[Kept]:
        yield from self._kept("ORDER BY id")

    def newest_acts(self) -> Iterator[Kept]:
        yield from self._kept(f"{_NEWEST} ORDER BY code")

    def acts(self, code: str, last: int) -> list[Kept]:
        return list(self._kept("WHERE code = ? AND revision <= ? ORDER BY revision", code, last))

    def _kept(self, where: str, *values: object) -> Iterator[Kept]:
        columns = (*ACT_COLUMNS, "hash")
        query = f"SELECT {', '.join(columns)} FROM acts {where}"  # `where` is our own
        with self._asking(garbled=True):
            for fields in self.connection.execute(query, values).fetchall():
                yield kept_from_plain(dict(zip(columns, fields, strict=True)))

    def codes(self) -> list[str]:
        with self._asking():
            return [code for (code,) in self.connection.execute("SELECT DISTINCT code FROM acts ORDER BY code")]

    def text(self, sha256: str) -> str:
        with self._asking():
            found = self.connection.execute("SELECT text FROM texts WHERE sha256 = ?", (sha256,)).fetchone()
        if found is None or not isinstance(found[0], str):
            raise NotDone(TextMissing(path=str(self.path), sha256=sha256))
        text: str = found[0]
        return text

    def tips(self) -> tuple[str, str]:
        newest = "(SELECT hash FROM {} ORDER BY id DESC LIMIT 1)"
        query = f"SELECT {newest.format('acts')}, {newest.format('feed_acts')}"
        with self._asking():
            act, feed_act = self.connection.execute(query).fetchone()
        return act or FIRST_HASH, feed_act or FIRST_HASH

    def heads(self) -> dict[str, str]:
        with self._asking():
            return dict(self.connection.execute(f"SELECT code, hash FROM acts {_NEWEST} ORDER BY code").fetchall())

    def head(self, code: str) -> str | None:
        query = "SELECT hash FROM acts WHERE code = ? ORDER BY revision DESC LIMIT 1"
        with self._asking():
            found = self.connection.execute(query, (code,)).fetchone()
        return found[0] if found else None

    def last_changes(self) -> dict[str, datetime]:
        with self._asking():
            found = self.connection.execute("SELECT code, max(at) FROM acts GROUP BY code").fetchall()
            return {code: datetime.fromisoformat(at) for code, at in found}

    def is_of_an_earlier_form(self) -> bool:
        query = (
            "SELECT EXISTS (SELECT 1 FROM projections WHERE form < ?) "
            "OR (EXISTS (SELECT 1 FROM acts) AND NOT EXISTS (SELECT 1 FROM projections))"
        )
        with self._asking():
            return bool(self._value(query, FORM))
