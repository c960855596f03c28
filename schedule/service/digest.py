"""The morning's mail to those who look after a ward: what is open, what is not recorded, what did not move."""

from collections.abc import Callable
from datetime import datetime

from schedule.engine.day_names import label_of
from schedule.ledger.store import Store
from schedule.model.publishing import Channel
from schedule.output.mail import plain_mail
from schedule.service.channels import heads_for
from schedule.service.listing import ListedPatient, OpenToday
from schedule.service.mail_link import MailLink
from schedule.service.standings import publishing_lines
from schedule.service.ward_now import ward_now
from schedule.words.digest import DigestRow, digest_subject, digest_text


def send_digest(store: Store, channel: Channel, mailbox: str, now: datetime) -> None:
    """Mail the digest of a channel's patients to a mailbox, by that channel's relay. NotDelivered if it does not go
    out; nothing of it is kept."""
    subject, text = digest_of(store, channel, now)
    link = MailLink(channel=channel)
    try:
        link.post(mailbox, plain_mail(subject, text, channel.settings["sender"], mailbox, now))
    finally:
        link.close()


def digest_of(store: Store, channel: Channel, now: datetime) -> tuple[str, str]:
    """Its subject and its text, at a moment (UTC)."""
    codes = tuple(heads_for(store, channel))
    patients = ward_now(store, now, codes=codes)
    day = min((one.wall.date() for one in patients), default=now.date())
    lines = publishing_lines(store, now, codes, channel.ward)
    missing = _rows(patients, lambda found: len(found.unconfirmed), 0)
    today = _rows(patients, lambda found: len(found.today), 0)
    tomorrow = _rows(patients, lambda found: len(found.tomorrow), 1)
    return digest_subject(day, missing, lines), digest_text(day, missing, today, tomorrow, lines)


def _rows(patients: tuple[ListedPatient, ...], count: Callable[[OpenToday], int], ahead: int) -> tuple[DigestRow, ...]:
    """The patients that have any, each with what the day is called."""
    rows = (DigestRow(one.code, label_of(one.plan, one.day(ahead)), count(one.open_today)) for one in patients)
    return tuple(row for row in rows if row.items)
