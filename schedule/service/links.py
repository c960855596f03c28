"""What a channel's calendar is to the worker, however it is reached: it takes a message, and may be read back."""

from collections.abc import Container, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from schedule.model.publishing import Delivery
from schedule.model.reasons.deliveries import (
    CalendarAbsent,
    DeliveryFault,
    MessageRefused,
    NotPermitted,
    SignInRefused,
    TooFast,
)
from schedule.model.text import sha256
from schedule.pages.calendar import WordedEntry

Opened = TypeVar("Opened", bound="Closable")


class Message(Struct, frozen=True, kw_only=True):
    """One message: what an entry shall show, None where it is withdrawn.

    `delivery` says whose it is, its SEQUENCE and DTSTAMP, and what an earlier one left behind; `zone` is the site's.
    """

    delivery: Delivery
    entry: WordedEntry | None
    zone: str | None = None


class Sent(Struct, frozen=True, kw_only=True):
    """A message was handed over: the server's own name of the entry, and whether it was read back as it was sent;
    `print` is that of what was read back."""

    remote: str = ""
    confirmed: bool = False
    print: str = ""


class Reply(Struct, frozen=True, kw_only=True):
    """What a mailbox answered to the message of that UID and SEQUENCE."""

    uid: str
    sequence: int
    accepted: bool


class Held(Struct, frozen=True, kw_only=True):
    """What a calendar holds of an entry: what it is called, from when until when it stands, and more: whether it blocks
    the time, whether it is cancelled, whether it recurs. Its text is left alone: people write notes there."""

    title: str
    starts: date | datetime | None
    ends: date | datetime | None
    more: tuple[str, ...] = ()

    @property
    def print(self) -> str:
        """The same for two that show the same, another for any that differ; no word can be read out of it."""
        parts = (self.title, _in_utc(self.starts), _in_utc(self.ends), *self.more)
        return sha256("\n".join(parts))


class CalendarLink(Protocol):
    """The way to one calendar. Whatever it cannot do is NotDelivered, and says why. None waits longer than a minute."""

    def send(self, message: Message) -> Sent:
        """Hand a message over. What was sent before under the same UID is replaced, whatever became of it."""

    def check(self) -> None:
        """See whether the calendar can be written to, without leaving anything behind that anybody must delete."""

    def held(self) -> Mapping[str, Held] | None:
        """What the calendar holds of ours, by UID; None where it cannot be read."""

    def replies(self) -> Iterable[Reply]:
        """What the mailbox has answered since this was last asked."""

    def close(self) -> None:
        """Let go of the server."""


class Closable(Protocol):
    """What is let go of by closing it."""

    def close(self) -> None: ...


class ReadBack(Generic[Opened]):
    """A calendar that is read back over one connection, which is made when it is needed: nobody answers by mail."""

    _open: Opened | None = None

    def replies(self) -> Iterable[Reply]:
        """Nobody's."""
        return ()

    def close(self) -> None:
        """Let go of the server."""
        if self._open is not None:
            self._open.close()
        self._open = None


def fault_of(
    status: int, retry_after: str | None, server: str, address: str, *, absent: Container[int] = (404,)
) -> DeliveryFault:
    """What an HTTP status that is no success says of a calendar; `absent` are those by which there is none."""
    match status:
        case 401:
            return SignInRefused(server=server)
        case 403:
            return NotPermitted(address=address)
        case 429 | 503:
            return TooFast(server=server, seconds=seconds_to_wait(retry_after))
        case _:
            return CalendarAbsent(address=address) if status in absent else MessageRefused(status=status)


def seconds_to_wait(retry_after: str | None) -> int:
    """How long a server asks to be left alone; half a minute where it does not say so in seconds."""
    return int(retry_after) if retry_after is not None and retry_after.isascii() and retry_after.isdigit() else 30


def _in_utc(at: date | datetime | None) -> str:
    if isinstance(at, datetime) and at.tzinfo is not None:
        return at.astimezone(UTC).isoformat()
    return at.isoformat() if at is not None else ""
