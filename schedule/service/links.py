"""What a channel's calendar is to the worker, however it is reached: it takes a message, and may be read back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from schedule.model.publishing import Delivery
from schedule.pages.calendar import WordedEntry


class Message(Struct, frozen=True, kw_only=True):
    """One message: what an entry shall show, None where it is withdrawn.

    `delivery` says whose it is, its SEQUENCE and DTSTAMP, and what an earlier one left behind; `zone` is the site's.
    """

    delivery: Delivery
    entry: WordedEntry | None
    zone: str | None = None


class Sent(Struct, frozen=True, kw_only=True):
    """A message was handed over: the server's own name of the entry, and whether it was read back as it was sent."""

    remote: str = ""
    confirmed: bool = False


class Reply(Struct, frozen=True, kw_only=True):
    """What a mailbox answered to the message of that UID and SEQUENCE."""

    uid: str
    sequence: int
    accepted: bool


class Held(Struct, frozen=True, kw_only=True):
    """What a calendar holds of an entry: where it stands, and under which SEQUENCE, None where it does not say."""

    remote: str
    starts: date | datetime
    sequence: int | None = None


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
