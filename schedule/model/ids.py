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
    """The identity of the donor's calendar: another than the patient's, so that opening the one never replaces the other."""
    return uuid.uuid5(schedule_id, "donor")


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def check_code(schedule_id: uuid.UUID, revision: int, day: date, *, donor: bool = False) -> str:
    """`7K3M-Q2TX`: differs from one revision of a day's sheet to the next, to be typed in: is this paper current?

    Crockford's base 32 (no I, L, O or U) of the first 40 bits of a SHA-256.
    """
    text = f"{schedule_id}|{revision}|{day.isoformat()}|{'donor' if donor else 'patient'}"
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:5], "big")
    code = "".join(CROCKFORD[number >> shift & 31] for shift in range(35, -5, -5))
    return f"{code[:4]}-{code[4:]}"
