"""Why a calendar did not get a message. No answer of a server is kept in its own words: one may repeat a title."""

from typing import Literal

from schedule.model.reasons import Reason

# what a channel cannot be


class ChannelNamed(Reason, frozen=True, kw_only=True):
    """There is a channel of that name."""

    name: str


class SameCalendar(Reason, frozen=True, kw_only=True):
    """Another channel, of that name, shows a patient of this one in the same mailbox or calendar."""

    name: str


class ChannelAbsent(Reason, frozen=True, kw_only=True):
    """There is no channel of that name; `known` are those that there are."""

    name: str
    known: tuple[str, ...]


class PausedOne(Reason, frozen=True, kw_only=True):
    """It is paused, so that its entries cannot be withdrawn."""

    name: str


class SettingWrong(Reason, frozen=True, kw_only=True):
    """A setting is missing, or is not what it must be."""

    setting: str


ChannelRefusal = ChannelNamed | SameCalendar | ChannelAbsent | PausedOne | SettingWrong

# of the whole channel: no other message would fare better


class Unreachable(Reason, frozen=True, kw_only=True):
    """The server does not answer at all; `cause` is the operating system's own text."""

    server: str
    cause: str


class BrokenOff(Reason, frozen=True, kw_only=True):
    """The server ended the conversation before it had acknowledged the message."""

    server: str


class NoEncryption(Reason, frozen=True, kw_only=True):
    """The server offers none, and the message would cross the network for everybody to read."""

    server: str


class CertificateRefused(Reason, frozen=True, kw_only=True):
    """The server's certificate does not prove that it is the server; `cause` is what is wrong with it."""

    server: str
    cause: str


class SignInRefused(Reason, frozen=True, kw_only=True):
    """The user and the password or secret are not taken."""

    server: str


class SecretUnusable(Reason, frozen=True, kw_only=True):
    """The file of the password: it is not there, others can read it, or it is empty."""

    path: str
    why: Literal["missing", "open", "empty"]


class SenderRefused(Reason, frozen=True, kw_only=True):
    """The relay does not take mail from that sender; `status` is the number of its answer."""

    sender: str
    status: int


class MailboxRefused(Reason, frozen=True, kw_only=True):
    """There is no such mailbox, or it takes nothing from us; `status` is the number of the answer."""

    mailbox: str
    status: int


class CalendarAbsent(Reason, frozen=True, kw_only=True):
    """There is no such calendar."""

    address: str


class NotPermitted(Reason, frozen=True, kw_only=True):
    """We are known, and may not write there."""

    address: str


class TooFast(Reason, frozen=True, kw_only=True):
    """The server asks us to wait so many seconds."""

    server: str
    seconds: int


class ExtraMissing(Reason, frozen=True, kw_only=True):
    """Dayzero was installed without what this kind of channel takes; `extra` is its name."""

    extra: str


# of one message


class MessageRefused(Reason, frozen=True, kw_only=True):
    """The server did not take this message; `status` is the number of its answer."""

    status: int


class ReadBackOtherwise(Reason, frozen=True, kw_only=True):
    """The server took it, and holds something else."""


class OutcomeUnknown(Reason, frozen=True, kw_only=True):
    """Dayzero was ended while it was sent: it may have come or not, and is sent again."""


class Declined(Reason, frozen=True, kw_only=True):
    """The mailbox answered that it does not take the entry."""


ChannelFault = (
    Unreachable | BrokenOff | NoEncryption | CertificateRefused | SignInRefused | SecretUnusable | SenderRefused
    | MailboxRefused | CalendarAbsent | NotPermitted | TooFast
    | ExtraMissing
)  # fmt: skip
MessageFault = MessageRefused | ReadBackOtherwise | OutcomeUnknown | Declined
DeliveryFault = ChannelFault | MessageFault
