"""Messages to a channel's calendar: the mail that carries an entry, and the entry as its message numbers it."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from msgspec.structs import replace

from schedule.model.publishing import Delivery
from schedule.model.text import printable, sha256
from schedule.output.ics import invitation, short_title, withdrawal
from schedule.pages.calendar import WordedEntry
from schedule.words.calendar import withdrawn
from schedule.words.publishing import withdrawn_title


def numbered(entry: WordedEntry, sent: Delivery) -> WordedEntry:
    """The entry under the SEQUENCE and the DTSTAMP of its message."""
    assert sent.stamp is not None
    return replace(entry, since=sent.sequence + 1, changed=sent.stamp)


def mail(sent: Delivery, entry: WordedEntry | None, sender: str, mailbox: str, *, answers: bool) -> bytes:
    """The whole mail by which a mailbox shows an entry, or takes it out again where there is none.

    A cancelled entry is asked to be shown as such, free and without an alarm: told to cancel it, programs leave title
    and alarm as they were.
    """
    assert sent.stamp is not None
    if entry is None:
        title, text, method = withdrawn_title(sent.code), withdrawn(sent.code), "CANCEL"
        first = sent.shows or sent.starts
        content = withdrawal(sent.uid, sender, mailbox, sent.sequence, sent.stamp, first)
    else:
        title, text, method = entry.title, entry.text, "REQUEST"
        shown = replace(numbered(entry, sent), cancelled=False, alarm=None if entry.cancelled else entry.alarm)
        content = invitation(shown, sent.uid, sender, mailbox, answers=answers)
    return _framed(sent, sender, mailbox, short_title(printable(title)), printable(text, lines=True), content, method)


def plain_mail(subject: str, text: str, sender: str, mailbox: str, at: datetime) -> bytes:
    """A mail of words alone, written at that moment (UTC)."""
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"], found["Subject"] = sender, mailbox, short_title(printable(subject))
    found["Date"] = format_datetime(at)
    found["Message-ID"] = f"<{sha256(f'{at} {mailbox}')[:32]}@{sender.rpartition('@')[2]}>"
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(printable(text, lines=True) + "\n", cte="quoted-printable")
    return found.as_bytes()


def _framed(sent: Delivery, sender: str, mailbox: str, subject: str, text: str, content: bytes, method: str) -> bytes:
    stamp: datetime | None = sent.stamp
    assert stamp is not None
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"], found["Subject"] = sender, mailbox, subject
    found["Date"] = format_datetime(stamp)
    found["Message-ID"] = f"<{sent.uid}.{sent.sequence}@{sender.rpartition('@')[2]}>"
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(text + "\n", cte="quoted-printable")
    found.add_alternative(content.decode(), subtype="calendar", params={"method": method}, cte="base64")
    found.set_boundary(sha256(f"{sent.uid} {sent.sequence}")[:32])
    return found.as_bytes()
