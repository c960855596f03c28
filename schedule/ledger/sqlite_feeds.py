"""What was done to feeds, and when each was last fetched, in an SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from schedule.ledger.chain import FEED_COLUMNS, FIRST_HASH, row_hash
from schedule.ledger.codec import feed_act_from_plain, feed_act_to_plain
from schedule.ledger.sqlite_reading import SqliteReading
from schedule.model.errors import NotDone
from schedule.model.kept import FeedAct
from schedule.model.reasons.failures import FetchNotNoted, NoSuchFeed, NotWritten


class FeedKeeping(SqliteReading):
    """The feeds' own chain of hashes, beside that of the acts."""

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: whole, or not at all. NotDone if the disk does not do it."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise NotDone(NotWritten(path=str(self.path), cause=str(error))) from error

    def form_key(self, fresh: bytes) -> bytes:
        query = "SELECT value FROM form_keys"
        with self._asking():
            found = self.connection.execute(query).fetchone()
        if found is None:
            with self._writing():
                self.connection.execute("INSERT OR IGNORE INTO form_keys (id, value) VALUES (1, ?)", (fresh,))
                found = self.connection.execute(query).fetchone()
        return bytes(found[0])

    def append_feed_act(self, act: FeedAct) -> bool:
        with self._writing():
            kinds = {before.kind for before in self.feed_acts(act.token)}
            if (act.kind == "made" and kinds) or (act.kind != "made" and "revoked" in kinds):
                return False
            if act.kind != "made" and not kinds:
                raise NotDone(NoSuchFeed(path=str(self.path)))
            last = self.connection.execute("SELECT hash FROM feed_acts ORDER BY id DESC LIMIT 1").fetchone()
            values = feed_act_to_plain(act) | {"previous": last[0] if last else FIRST_HASH}
            columns = (*FEED_COLUMNS, "hash")
            values["hash"] = row_hash(values, FEED_COLUMNS)
            self.connection.execute(
                f"INSERT INTO feed_acts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                tuple(values[column] for column in columns),
            )
        return True

    def feed_acts(self, token: str | None = None) -> list[FeedAct]:
        where, values = ("", ()) if token is None else ("WHERE token = ?", (token,))
        query = f"SELECT {', '.join(FEED_COLUMNS)} FROM feed_acts {where} ORDER BY id"
        with self._asking("feeds", garbled=True):
            rows = self.connection.execute(query, values)
            return [feed_act_from_plain(dict(zip(FEED_COLUMNS, row, strict=True))) for row in rows]

    def fetches(self) -> dict[str, datetime]:
        with self._asking("feeds"):
            found = self.connection.execute("SELECT token, at FROM fetches").fetchall()
            return {token: datetime.fromisoformat(at) for token, at in found}

    def note_fetch(self, token: str, at: datetime) -> None:
        try:
            self.connection.execute(
                "INSERT INTO fetches (token, at) VALUES (?, ?) "
                "ON CONFLICT (token) DO UPDATE SET at = excluded.at WHERE excluded.at > fetches.at",
                (token, at.isoformat()),
            )
        except sqlite3.Error as error:
            raise NotDone(FetchNotNoted(path=str(self.path), cause=str(error))) from error
