"""Carrying a whole ledger to another place, with every number and hash as it is; and the mark that says where it went.

The mark is at both ends: on the ledger that is being filled, which is nobody's to open until the other has been closed
(`arriving`), and on the one that was closed, which takes nothing more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any, Self

from schedule.ledger.statements import Statements
from schedule.model import reasons
from schedule.model.errors import NotDone
from schedule.model.moved import MovedLedger

CHAINS = ("acts", "feed_acts")
BESIDE = {
    "projections": "id",
    "fetches": "token",
    "channels": "id",
    "deliveries": "id",
    "delivered_heads": "channel,code",
    "form_keys": "id",
}
"""What stands beside the chains and may change, and the order of its rows."""
CONTENT = {"acts": "id", "feed_acts": "id", "texts": "sha256"} | BESIDE
"""All that a ledger holds."""


class Carrying(Statements):
    """A ledger that can be carried elsewhere, or filled from elsewhere."""

    def is_empty(self) -> bool:
        with self._asking():
            return not any(self._value(f"SELECT count(*) FROM {table}") for table in (*CHAINS, "texts", "channels"))

    @contextmanager
    def closing(self, mark: MovedLedger) -> Iterator[None]:
        with self._writing():
            self._hold()
            yield
            self._mark(mark)

    def bring(self, other: Self, mark: MovedLedger) -> None:
        with self._writing():
            if self.moved() is None and not self.is_empty():
                raise NotDone(reasons.moving.PlaceTaken(path=self.name))
            for table in CHAINS:
                self._continue(table, other)
            known = {sha256 for (sha256,) in self.connection.execute("SELECT sha256 FROM texts")}
            self._insert("texts", (row for row in other._handed_over("SELECT * FROM texts") if row[0] not in known))
            for table in BESIDE:
                self._fill(table, other)
            self._mark(mark)

    def _continue(self, table: str, other: Self) -> None:
        """Put the rest of a chain behind what has come of it. NotDone if what is there is no part of it."""
        last = self._value(f"SELECT coalesce(max(id), 0) FROM {table}")
        query = f"SELECT hash FROM {table} WHERE id = ?"
        if next(self._ask(query, last), None) != next(other._handed_over(query, last), None):
            raise NotDone(reasons.moving.PlaceTaken(path=self.name))
        self._insert(table, other._handed_over(f"SELECT * FROM {table} WHERE id > ? ORDER BY id", last))

    def holds_the_same(self, other: Self) -> bool:
        return all(mine == its for mine, its in zip_longest(self._content(), other._content()))

    def _content(self) -> Iterator[Any]:
        """Every row of every table, in order."""
        for table, order in CONTENT.items():
            for row in self._handed_over(f"SELECT * FROM {table} ORDER BY {order}"):
                yield table, *row

    def open_again(self) -> None:
        with self._writing(moved=True):
            self.connection.execute("DELETE FROM moves")

    def _mark(self, mark: MovedLedger) -> None:
        """Put the mark in the place of one that is there."""
        self.connection.execute("DELETE FROM moves")
        self.connection.execute(
            "INSERT INTO moves (id, place, who, at, arriving) VALUES (1, ?, ?, ?, ?)",
            (mark.place, mark.by, mark.at.isoformat(), int(mark.arriving)),
        )
