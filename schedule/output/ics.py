"""Entries -> the bytes of an iCalendar file that Outlook, Thunderbird and Google read alike.

The icalendar package writes every content line (escaping, value types); each distinct line is encoded once, because
most lines of a cohort repeat. Only where a long line is folded is found here, as the library finds it. The reasons for
each property are in `docs/calendars.md`.
"""

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from icalendar import Parameters, vCalAddress, vDate, vDatetime, vDuration, vText
from icalendar.parser import Contentline

from schedule.model.ids import entry_uid
from schedule.model.sizes import PIECES
from schedule.model.text import printable
from schedule.pages.calendar import WordedEntry

MOST_TITLE = 255
"""Outlook cuts a title at 255 UTF-16 units; it is cut here where the cut can be seen."""

_NO_PARAMETERS = Parameters()
_AS_DATE = Parameters({"VALUE": "DATE"})
_AS_DURATION = Parameters({"VALUE": "DURATION"})


_PLAIN = re.compile(r"[A-Za-z0-9 .:()!?·+−-]*")
"""What needs no escaping: the library writes just the same, and takes ten times as long."""
MOST_OCTETS = 74
"""A line of more is folded."""


def _line(name: str, parameters: Parameters, value: Any) -> bytes:
    return folded(Contentline.from_parts(name, parameters, value).encode()) + b"\r\n"


def folded(line: bytes) -> bytes:
    """A line in UTF-8, folded where `Contentline.to_ical` folds it, which passes through it letter by letter: between
    two letters, and not behind the sign that an escape begins with."""
    parts, start = [], 0
    while len(line) - start > MOST_OCTETS:
        end = start + MOST_OCTETS
        while line[end] & 0xC0 == 0x80:
            end -= 1
        if line[end - 1] in b"\\^":
            end -= 1
        parts.append(line[start:end])
        start = end
    return b"\r\n ".join((*parts, line[start:]))


@lru_cache(maxsize=PIECES)
def _text(name: str, value: str) -> bytes:
    if _PLAIN.fullmatch(value):
        return folded(f"{name}:{value}".encode()) + b"\r\n"
    return _line(name, _NO_PARAMETERS, vText(printable(value, lines=True)))


@lru_cache(maxsize=PIECES)
def _date(name: str, value: date) -> bytes:
    return _line(name, _AS_DATE, vDate(value))


@lru_cache(maxsize=PIECES)
def _moment(name: str, value: datetime) -> bytes:
    return _line(name, _NO_PARAMETERS, vDatetime(value))


@lru_cache(maxsize=PIECES)
def _duration(name: str, value: timedelta, *, typed: bool) -> bytes:
    parameters = _AS_DURATION if typed else _NO_PARAMETERS
    return _line(name, parameters, vDuration(value))


_HEAD = (
    _text("BEGIN", "VCALENDAR"),
    _text("VERSION", "2.0"),
    _text("PRODID", "-//Dayzero//Dayzero//EN"),
    _text("CALSCALE", "GREGORIAN"),
)


def short_title(title: str) -> str:
    """At most 255 UTF-16 units, ending in `…` if something was cut."""
    if 2 * len(title) <= MOST_TITLE or len(title.encode("utf-16-le")) // 2 <= MOST_TITLE:
        return title
    cut = title.encode("utf-16-le")[: 2 * (MOST_TITLE - 1)].decode("utf-16-le", errors="ignore")
    return cut + "…"


def calendar(
    entries: Iterable[WordedEntry],
    *,
    schedule_id: uuid.UUID,
    name: str,
    description: str,
    calendar_id: uuid.UUID | None = None,
) -> bytes:
    """The whole calendar file of one patient. `calendar_id` is the calendar's identity where it is not the schedule's.

    The file holds a name only with two entries or more, or where it is a calendar of its own:
    a named file of one opens as such.
    """
    entries = tuple(entries)
    found, own = events(entries, schedule_id), calendar_id or schedule_id
    named = len(entries) > 1 or calendar_id is not None
    return framed(found, named=named, name=name, description=description, schedule_id=own)


def events(entries: Iterable[WordedEntry], schedule_id: uuid.UUID) -> bytes:
    """One patient's entries, to be framed."""
    return b"".join(line for entry in entries for line in _event(entry, entry_uid(schedule_id, entry.id)))


def alone(entry: WordedEntry, uid: str) -> bytes:
    """One entry as a file of its own."""
    return framed(b"".join(_event(entry, uid)), named=False, name="", description="", schedule_id=None)


def invitation(entry: WordedEntry, uid: str, organizer: str, attendee: str, *, answers: bool) -> bytes:
    """One entry as an organizer asks a mailbox to show it; `answers`: the mailbox shall answer."""
    kind = {"CUTYPE": "RESOURCE"} if answers else {"CUTYPE": "INDIVIDUAL"}
    asked = Parameters({**kind, "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE" if answers else "FALSE"})
    people = _organizer(organizer), _line("ATTENDEE", asked, vCalAddress(f"mailto:{attendee}"))
    return _of_method("REQUEST", b"".join(_event(entry, uid, people)))


def withdrawal(
    uid: str, organizer: str, attendee: str, sequence: int, stamp: datetime, first: date | datetime
) -> bytes:
    """What takes the entry out of a mailbox again; `first` is when it may stand there."""
    lines = (
        _text("BEGIN", "VEVENT"),
        _text("UID", uid),
        _moment("DTSTAMP", stamp),
        _text("SEQUENCE", str(sequence)),
        _organizer(organizer),
        _line("ATTENDEE", _NO_PARAMETERS, vCalAddress(f"mailto:{attendee}")),
        _moment("DTSTART", first) if isinstance(first, datetime) else _date("DTSTART", first),
        _text("STATUS", "CANCELLED"),
        _text("END", "VEVENT"),
    )
    return _of_method("CANCEL", b"".join(lines))


def _organizer(address: str) -> bytes:
    return _line("ORGANIZER", _NO_PARAMETERS, vCalAddress(f"mailto:{address}"))


def _of_method(method: str, event: bytes) -> bytes:
    return b"".join((*_HEAD, _text("METHOD", method), event, _text("END", "VCALENDAR")))


def framed(events: bytes, *, named: bool, name: str, description: str, schedule_id: uuid.UUID | None) -> bytes:
    """The file that holds these events. `schedule_id` is the patient's; None where there are several patients.
    `named`: it says what it is, which makes it open as a calendar of its own."""
    lines = list(_HEAD)
    if named:
        lines += [_text("X-WR-CALNAME", short_title(name)), _text("X-WR-CALDESC", description)]
        lines += [_text("X-WR-RELCALID", str(schedule_id))] if schedule_id else []
        lines += [
            _duration("REFRESH-INTERVAL", timedelta(hours=1), typed=True),
            _duration("X-PUBLISHED-TTL", timedelta(hours=1), typed=False),
        ]
    return b"".join((*lines, events, _text("END", "VCALENDAR")))


def tombstone(uid: str, title: str, first: date, last: date) -> bytes:
    """The calendar of a feed that has ended: one entry of every day from `first` to `last`, both included, and nothing
    that says whose it was. Always the same bytes."""
    stamp = datetime.combine(first, time.min, UTC)
    lines = (
        _text("BEGIN", "VEVENT"),
        _text("UID", uid),
        _moment("DTSTAMP", stamp),
        _text("SEQUENCE", "0"),
        _date("DTSTART", first),
        _date("DTEND", last + timedelta(days=1)),
        _text("SUMMARY", title),
        _text("DESCRIPTION", title),
        _text("STATUS", "CONFIRMED"),
        _text("TRANSP", "TRANSPARENT"),
        _text("END", "VEVENT"),
    )
    return framed(b"".join(lines), named=False, name="", description="", schedule_id=None)


def _event(entry: WordedEntry, uid: str, people: Iterable[bytes] = ()) -> list[bytes]:
    lines = [
        _text("BEGIN", "VEVENT"),
        _text("UID", uid),
        _moment("DTSTAMP", entry.changed),
        _moment("LAST-MODIFIED", entry.changed),
        _text("SEQUENCE", str(entry.since - 1)),
        *people,
    ]
    if entry.start is None or entry.end is None:
        lines += [_date("DTSTART", entry.first), _date("DTEND", entry.last + timedelta(days=1))]
    else:
        lines += [_moment("DTSTART", entry.start), _moment("DTEND", entry.end)]
    lines += [
        _text("SUMMARY", short_title(printable(entry.title))),
        _text("DESCRIPTION", entry.text),
        _text("CATEGORIES", entry.kind),
        _text("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED"),
        _text("TRANSP", "TRANSPARENT" if entry.free else "OPAQUE"),
    ]
    if entry.alarm is not None and not entry.cancelled:
        lines += [
            _text("BEGIN", "VALARM"),
            _text("ACTION", "DISPLAY"),
            _text("DESCRIPTION", short_title(printable(entry.title))),
            _duration("TRIGGER", timedelta(minutes=-entry.alarm), typed=False),
            _text("END", "VALARM"),
        ]
    lines.append(_text("END", "VEVENT"))
    return lines
