"""Identities that leave the house: of schedules, calendars, entries, printed sheets. Their input never changes."""

import hashlib
import uuid
from datetime import date

from schedule.model.protocol import Protocol

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:dayzero:schedule")


def derived_schedule_id(protocol: Protocol, code: str) -> uuid.UUID:
    """The schedule's identity where no store keeps one drawn at random: from the protocol and the patient's code."""
    return uuid.uuid5(NAMESPACE, f"{protocol.id.upper()}/{code}")


def entry_uid(schedule_id: uuid.UUID, entry_id: str) -> str:
    """The entry's identity in every calendar, for ever: opaque, and the same in every revision."""
    return str(uuid.uuid5(schedule_id, entry_id))


def donor_calendar_id(schedule_id: uuid.UUID) -> uuid.UUID:
    """The identity of the donor's calendar: not the patient's, so that opening the one never replaces the other."""
    return uuid.uuid5(schedule_id, "donor")


def days_calendar_id(schedule_id: uuid.UUID) -> uuid.UUID:
    """The identity of a patient's minimal calendar: another than that of the whole one, whose identity is on paper."""
    return uuid.uuid5(schedule_id, "days")


WARNING_ID, WITHOUT_DATE_ID = "warning", "without-date"
"""The ids of the entries on day 0 that stand for a warning, and for what has no date and so no entry of its own."""


def due_entry_id(name: str) -> str:
    """The id of the entry of a date that must still come, by the date's name."""
    return f"due/{name}"


def tasks_entry_id(day: date) -> str:
    """The id of the entry that lists a day's tasks: the date's, whatever the day is called."""
    return f"tasks/{day.isoformat()}"


def day_entry_id(day: date) -> str:
    """The id of a date in a calendar of days alone, whatever the day is called."""
    return f"day/{day.isoformat()}"


def tombstone_uid(token: str) -> str:
    """The identity of the one entry of a feed that has ended, by the hash of its secret."""
    return str(uuid.uuid5(NAMESPACE, f"ended/{token}"))


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def check_code(schedule_id: uuid.UUID, revision: int, day: date, *, donor: bool = False) -> str:
    """`7K3M-Q2TX`: differs from one revision of a day's sheet to the next, to be typed in: is this paper current?

    Crockford's base 32 (no I, L, O or U) of the first 40 bits of a SHA-256.
    """
    text = f"{schedule_id}|{revision}|{day.isoformat()}|{'donor' if donor else 'patient'}"
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:5], "big")
    code = "".join(CROCKFORD[number >> shift & 31] for shift in range(35, -5, -5))
    return f"{code[:4]}-{code[4:]}"
