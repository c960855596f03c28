"""Why a calendar did not get a message. No answer of a server is kept in its own words: one may repeat a title."""

from dataclasses import dataclass
from typing import Literal

from schedule.model.reasons import Reason

# what a channel cannot be


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNamed(Reason):
    """There is a channel of that name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SameCalendar(Reason):
    """Another channel, of that name, shows a patient of this one in the same mailbox or calendar."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAbsent(Reason):
    """There is no channel of that name; `known` are those that there are."""

    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedOne(Reason):
    """It is paused, so that its entries cannot be withdrawn."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingWrong(Reason):
    """A setting is missing, or is not what it must be."""

    setting: str


ChannelRefusal = ChannelNamed | SameCalendar | ChannelAbsent | PausedOne | SettingWrong

# of the whole channel: no other message would fare better


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable(Reason):
    """The server does not answer at all; `cause` is the operating system's own text."""

    server: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenOff(Reason):
    """The server ended the conversation before it had acknowledged the message."""

    server: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEncryption(Reason):
    """The server offers none, and the message would cross the network for everybody to read."""

    server: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRefused(Reason):
    """The server's certificate does not prove that it is the server; `cause` is what is wrong with it."""

    server: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused(Reason):
    """The user and the password or secret are not taken."""

    server: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUnusable(Reason):
    """The file of the password: it is not there, others can read it, or it is empty."""

    path: str
    why: Literal["missing", "open", "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRefused(Reason):
    """The relay does not take mail from that sender; `status` is the number of its answer."""

    sender: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRefused(Reason):
    """There is no such mailbox, or it takes nothing from us; `status` is the number of the answer."""

    mailbox: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAbsent(Reason):
    """There is no such calendar."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPermitted(Reason):
    """We are known, and may not write there."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFast(Reason):
    """The server asks us to wait so many seconds."""

    server: str
    seconds: int


# of one message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(Reason):
    """The server did not take this message; `status` is the number of its answer."""

    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBackOtherwise(Reason):
    """The server took it, and holds something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeUnknown(Reason):
    """Dayzero was ended while it was sent: it may have come or not, and is sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Reason):
    """The mailbox answered that it does not take the entry."""


ChannelFault = (
    Unreachable | BrokenOff | NoEncryption | CertificateRefused | SignInRefused | SecretUnusable | SenderRefused
    | MailboxRefused | CalendarAbsent | NotPermitted | TooFast
)  # fmt: skip
MessageFault = MessageRefused | ReadBackOtherwise | OutcomeUnknown | Declined
DeliveryFault = ChannelFault | MessageFault
