"""A connection to a PostgreSQL server, asked as SQLite's is: opened again when it was lost, and kept for the next.

Connections are kept here, and not by a pool that opens them in threads of its own: such a one tells whoever waits that
time is up, and not why the server does not let him in.
"""

import atexit
import os
import time
from collections.abc import Generator, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from schedule.ledger.newest_server import ASKED_AGAIN, newest_of
from schedule.model.errors import NotDone
from schedule.model.reasons.server_failures import UnfitServer
from schedule.model.server_address import ServerAddress
from schedule.model.sizes import TEXTS

R = TypeVar("R")
PATIENCE = "30s"
"""How long somebody else's write is waited for."""
IMPATIENCE = "200ms"
"""The same, where nothing but the time of a fetch is to be written."""
ANSWERS_WITHIN = 60
"""Seconds in which a server answers a statement; one that does not is gone."""
DEFAULTS = {
    "application_name": "dayzero", "client_encoding": "utf8", "connect_timeout": "5", "tcp_user_timeout": "20000",
    "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
}  # fmt: skip
"""What holds where the address says nothing else: a server that is gone is noticed, not waited for."""
MOST_KEPT = 8
"""Connections that wait to be used again, for each address."""


class Unanswered(psycopg.OperationalError):
    """The server has not answered in time."""


class BoundedConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that does not wait for ever: a server that hangs, or whose standby is gone, answers nothing."""

    def wait(self, gen: Generator[Any, Any, R], *args: Any, **kwargs: Any) -> R:
        return super().wait(_until(gen, time.monotonic() + ANSWERS_WITHIN), *args, **kwargs)


def _until(inner: Generator[Any, Any, R], end: float) -> Generator[Any, Any, R]:
    """The same generator, ended by Unanswered once it is that late."""
    try:
        asked = next(inner)
        while True:
            ready = yield asked
            if not ready and time.monotonic() > end:
                raise Unanswered(f"timeout: {ANSWERS_WITHIN} s")
            asked = inner.send(ready)
    except StopIteration as ended:
        found: R = ended.value
        return found


class ServerConnection:
    """A connection that is opened again where it was lost between two transactions."""

    Error = psycopg.Error

    def __init__(self, address: ServerAddress, *, waits: bool) -> None:
        self.address, self.waits = address, waits
        self.warnings: list[str] = []
        """What the server has warned of since the list was last emptied."""
        self.in_transaction = False
        self.inner = self._opened()

    def _opened(self) -> BoundedConnection:
        """A new connection in which a ledger is safe. NotDone if the server's settings are such that it is not."""
        found = BoundedConnection.connect(self.full_address, autocommit=True)
        try:
            first, found = found, newest_of(str(self.address), self.full_address, found)
            if first is not found:
                first.close()
            self.checked = time.monotonic()
            encoding, commits = found.execute(
                "SELECT current_setting('server_encoding'), current_setting('synchronous_commit')"
            ).fetchone() or ("", "")
            for setting, value, wrong, needed in (
                ("server_encoding", encoding, encoding != "UTF8", "UTF8"),
                ("synchronous_commit", commits, commits == "off", "on"),
            ):
                if wrong:
                    raise NotDone(UnfitServer(path=str(self.address), setting=setting, value=value, needed=needed))
            found.execute(f"SET lock_timeout = '{PATIENCE if self.waits else IMPATIENCE}'")
            if not self.waits:
                found.execute("SET synchronous_commit = off")
        except BaseException:
            found.close()
            raise
        found.add_notice_handler(self._noticed)
        return found

    @property
    def full_address(self) -> str:
        """The address with what holds where it says nothing."""
        given = conninfo_to_dict(self.address.url)
        return make_conninfo(self.address.url, **{k: v for k, v in DEFAULTS.items() if k not in given})

    def check_again(self) -> None:
        """Where it was kept for a while: lead to the server that is the newest now. NotDone if there is none."""
        if time.monotonic() - self.checked < ASKED_AGAIN:
            return
        try:
            found = newest_of(str(self.address), self.full_address, self.inner, kept=True)
            self.checked = time.monotonic()
            if found is self.inner:
                return
            found.close()
        except psycopg.OperationalError:  # it is lost, and opened anew by whoever asks it
            return
        except NotDone:
            self.inner.close()
            raise
        self.inner.close()
        self.inner = self._opened()

    def _noticed(self, notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self.warnings.append(notice.message_primary or "")

    @property
    def is_idle(self) -> bool:
        """Whether it is open, and in no transaction."""
        return not self.in_transaction and self.inner.info.transaction_status == TransactionStatus.IDLE

    @property
    def is_lost(self) -> bool:
        """Whether it is closed, or in the middle of what will never be answered."""
        return self.inner.info.transaction_status in (TransactionStatus.UNKNOWN, TransactionStatus.ACTIVE)

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[tuple[Any, ...]]:
        try:
            return self.inner.execute(marked(statement), values or None)
        except Unanswered:
            self.inner.close()
            raise
        except psycopg.OperationalError:
            if self.in_transaction or not self.is_lost:
                raise
        self.inner.close()
        self.inner = self._opened()  # nothing was begun: it is asked once more
        return self.inner.execute(marked(statement), values or None)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> None:
        with self.inner.cursor() as cursor:
            cursor.executemany(marked(statement), rows)

    def begin(self, statement: str) -> None:
        """Begin a transaction: until its end a connection that is lost stays so."""
        self.execute(statement)
        self.in_transaction = True

    def commit(self) -> str:
        """Keep what was done, and give what the server says of it."""
        try:
            return self.execute("COMMIT").statusmessage or ""
        finally:
            self.in_transaction = False

    def roll_back(self) -> None:
        """Leave everything as it was; a connection that cannot say so is closed."""
        self.in_transaction = False
        try:
            if self.inner.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                self.execute("ROLLBACK")
        except psycopg.Error:
            self.inner.close()
        if self.is_lost:
            self.inner.close()

    def close(self) -> None:
        self.inner.close()


@lru_cache(maxsize=TEXTS)
def marked(statement: str) -> Any:
    """A statement with its values marked as psycopg wants them."""
    return statement.replace("?", "%s")


_KEPT: dict[tuple[str, bool, int], list[ServerConnection]] = {}


def taken(address: ServerAddress, *, waits: bool) -> ServerConnection:
    """A connection that nobody uses, or a new one."""
    try:
        found = _KEPT[address.url, waits, os.getpid()].pop()
    except (KeyError, IndexError):
        return ServerConnection(address, waits=waits)
    found.check_again()
    return found


def given_back(connection: ServerConnection) -> None:
    """Keep a connection for whoever is next, or close it."""
    kept = _KEPT.setdefault((connection.address.url, connection.waits, os.getpid()), [])
    if connection.is_idle and len(kept) < MOST_KEPT:
        kept.append(connection)
    else:
        connection.close()


@atexit.register
def close_kept() -> None:
    """Close the connections that nobody uses."""
    for kept in _KEPT.values():
        while kept:
            kept.pop().close()
