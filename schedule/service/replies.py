"""What a mailbox answers: whether it shows what it was asked to show. Anything else that lies there is left alone."""

from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

from icalendar import Calendar

from schedule.service.links import Reply

ANSWERS = {"ACCEPTED": True, "DECLINED": False}


def reply_in(content: bytes, mailbox: str) -> Reply | None:
    """The answer of that mailbox in a mail; None where the mail is none, or says neither yes nor no."""
    found: Message = message_from_bytes(content, policy=policy.default)
    for part in found.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() == "text/calendar":
            try:
                answer = _answer(Calendar.from_ical(part.get_content()), mailbox)
            except (ValueError, LookupError, UnicodeError):
                return None
            if answer is not None:
                return answer
    return None


def _answer(calendar: Any, mailbox: str) -> Reply | None:
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        return None
    for event in calendar.walk("VEVENT"):
        people = event.get("ATTENDEE", [])
        for one in people if isinstance(people, list) else [people]:
            said = ANSWERS.get(str(one.params.get("PARTSTAT", "")).upper())
            if said is not None and str(one).casefold() == f"mailto:{mailbox}".casefold():
                return Reply(uid=str(event["UID"]), sequence=int(event.get("SEQUENCE", 0)), accepted=said)
    return None
