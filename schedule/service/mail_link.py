"""The way to a mailbox: by the hospital's mail relay, and back by the mailbox to which it answers."""

import imaplib
import ipaddress
import smtplib
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NoReturn
from urllib.parse import urlsplit

from schedule.model.errors import NotDelivered
from schedule.model.publishing import Channel
from schedule.model.reasons.deliveries import (
    BrokenOff,
    CertificateRefused,
    DeliveryFault,
    MailboxRefused,
    MessageRefused,
    NoEncryption,
    SenderRefused,
    SignInRefused,
    Unreachable,
)
from schedule.output.mail import mail
from schedule.service.links import Held, Message, Reply, Sent
from schedule.service.replies import reply_in
from schedule.service.secrets_on_disk import secret_in

PATIENCE_OF_RELAY = 20
"""Seconds for each answer of a server."""
IMAP, IMAPS = 143, 993
"""The ports of a mailbox's server, where none is given."""
CLOSING = 421
"""A relay's answer before it breaks off."""
MOST_REPLIES = 500
"""How many answers are read at once."""


def is_this_computer(host: str) -> bool:
    """Whether what is sent there stays on this computer."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


class MailLink:
    """One channel's mailbox. `relay` is smtp://host:port (STARTTLS, unless it is this computer), lmtp://host:port of
    this computer, or lmtp:/socket. Settings: relay, sender, people (answers are not asked for), user, secret-file;
    replies as imap://user@host:port, replies-secret-file."""

    def __init__(self, *, channel: Channel) -> None:
        self.channel = channel
        self._relay: smtplib.SMTP | None = None
        self._mailbox: imaplib.IMAP4 | None = None
        self._read: list[bytes] = []

    @property
    def _server(self) -> str:
        found = urlsplit(self.channel.settings["relay"])
        return found.hostname or found.path

    def send(self, message: Message) -> Sent:
        settings, mailbox = self.channel.settings, self.channel.address
        content = mail(message.delivery, message.entry, settings["sender"], mailbox, answers="people" not in settings)
        self.post(mailbox, content)
        return Sent()

    def post(self, mailbox: str, content: bytes) -> None:
        """Hand a whole mail to the relay. NotDelivered if it does not take it."""
        with self._talking():
            self._opened().sendmail(self.channel.settings["sender"], [mailbox], content)

    def check(self) -> None:
        """As far as the mailbox, and no message."""
        with self._talking():
            relay, sender = self._opened(), self.channel.settings["sender"]
            relay.ehlo_or_helo_if_needed()
            code, said = relay.mail(sender)
            if code != 250:
                raise smtplib.SMTPSenderRefused(code, said, sender)
            code, said = relay.rcpt(self.channel.address)
            if code not in (250, 251):
                raise smtplib.SMTPRecipientsRefused({self.channel.address: (code, said)})
            relay.rset()
        if "replies" in self.channel.settings:
            self._answers()

    def held(self) -> Mapping[str, Held] | None:
        return None

    def replies(self) -> Iterable[Reply]:
        if "replies" not in self.channel.settings:
            return ()
        return tuple(self._answers())

    def close(self) -> None:
        """Let go of both; the answers that were read are marked as seen."""
        if self._relay is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._relay.quit()
        if self._mailbox is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                for number in self._read:
                    self._mailbox.store(number.decode(), "+FLAGS", r"(\Seen)")
                self._mailbox.logout()
        self._relay, self._mailbox, self._read = None, None, []

    # the relay

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """NotDelivered for whatever the relay does not do. A conversation that has failed is not gone on with."""
        try:
            yield
        except (smtplib.SMTPException, OSError) as error:
            relay, self._relay = self._relay, None
            if relay is not None:
                relay.close()
            self._refuse(error)

    def _refuse(self, error: Exception) -> NoReturn:
        server, settings = self._server, self.channel.settings
        fault: DeliveryFault
        match error:
            case ssl.SSLCertVerificationError():
                fault = CertificateRefused(server=server, cause=error.verify_message)
            case smtplib.SMTPNotSupportedError():
                fault = NoEncryption(server=server)
            case smtplib.SMTPAuthenticationError():
                fault = SignInRefused(server=server)
            case smtplib.SMTPSenderRefused():
                fault = SenderRefused(sender=settings["sender"], status=error.smtp_code)
            case smtplib.SMTPRecipientsRefused():
                status = next(iter(error.recipients.values()))[0]
                fault = MailboxRefused(mailbox=self.channel.address, status=status)
            case smtplib.SMTPConnectError():
                fault = Unreachable(server=server, cause=str(error.smtp_code))
            case smtplib.SMTPResponseException() if error.smtp_code != CLOSING and error.smtp_code > 0:
                fault = MessageRefused(status=error.smtp_code)
            case smtplib.SMTPException() | ConnectionError() | TimeoutError() if not isinstance(
                error, ConnectionRefusedError
            ):
                fault = BrokenOff(server=server)
            case _:
                fault = Unreachable(server=server, cause=getattr(error, "strerror", None) or type(error).__name__)
        raise NotDelivered(fault) from error

    def _opened(self) -> smtplib.SMTP:
        if self._relay is None:
            self._relay = self._connected()
        return self._relay

    def _connected(self) -> smtplib.SMTP:
        settings = self.channel.settings
        found = urlsplit(settings["relay"])
        if found.scheme == "lmtp":
            local = found.path if found.hostname is None else found.hostname
            return smtplib.LMTP(local, found.port or smtplib.LMTP_PORT, timeout=PATIENCE_OF_RELAY)
        host = found.hostname or ""
        relay = smtplib.SMTP(host, found.port or smtplib.SMTP_PORT, timeout=PATIENCE_OF_RELAY)
        try:
            relay.ehlo()
            if relay.has_extn("starttls") or not is_this_computer(host):
                relay.starttls(context=ssl.create_default_context())
            if "user" in settings:
                relay.ehlo_or_helo_if_needed()
                if not relay.has_extn("auth"):
                    raise smtplib.SMTPAuthenticationError(0, "")
                relay.login(settings["user"], secret_in(settings["secret-file"]))
        except BaseException:
            relay.close()
            raise
        return relay

    # the answers

    def _answers(self) -> Iterator[Reply]:
        found = urlsplit(self.channel.settings["replies"])
        host = found.hostname or ""
        try:
            box = self._mailbox = self._mailbox or self._signed_in(host, found.port, found.username or "")
            box.select("INBOX")
            _, listed = box.search(None, "UNSEEN")
            for number in listed[0].split()[:MOST_REPLIES]:
                _, parts = box.fetch(number.decode(), "(BODY.PEEK[])")
                content = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                self._read.append(number)
                answer = reply_in(content, self.channel.address)
                if answer is not None:
                    yield answer
        except ssl.SSLCertVerificationError as error:
            raise NotDelivered(CertificateRefused(server=host, cause=error.verify_message)) from error
        except (imaplib.IMAP4.error, OSError) as error:
            raise NotDelivered(BrokenOff(server=host)) from error

    def _signed_in(self, host: str, port: int | None, user: str) -> imaplib.IMAP4:
        secret = secret_in(self.channel.settings["replies-secret-file"])
        box: imaplib.IMAP4
        if is_this_computer(host) and port != IMAPS:
            box = imaplib.IMAP4(host, port or IMAP, timeout=PATIENCE_OF_RELAY)
        else:
            secure = ssl.create_default_context()
            box = imaplib.IMAP4_SSL(host, port or IMAPS, ssl_context=secure, timeout=PATIENCE_OF_RELAY)
        try:
            box.login(user, secret)
        except imaplib.IMAP4.error as error:
            raise NotDelivered(SignInRefused(server=host)) from error
        return box
