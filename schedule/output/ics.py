"""Entries -> the bytes of an iCalendar file that Outlook, Thunderbird and Google read alike.

A line is what the icalendar package writes, byte for byte, which `tests/output/test_ics.py` holds: it folds letter by
letter, and takes a third of the time of a whole `plan` to be imported. The reasons for each property are in
`docs/calendars.md`.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from schedule.model.ids import entry_uid
from schedule.model.text import printable
from schedule.pages.calendar import WordedEntry

MOST_TITLE = 255
"""Outlook cuts a title at 255 UTF-16 units; it is cut here where the cut can be seen."""
MOST_OCTETS = 75
"""A line that would have as many, or more, goes on in another."""
_FIRST_HALVES = b"\\^"
"""What an escaped letter begins with: some readers unescape before they put folded lines together."""


def _line(content: str) -> bytes:
    """A content line (RFC 5545, 3.1), folded without splitting a letter, or an escape from its backslash."""
    data, start, parts = content.encode(), 0, []
    while len(data) - start >= MOST_OCTETS:
        end = start + MOST_OCTETS - 1
        while data[end] & 0xC0 == 0x80:  # in the middle of a letter
            end -= 1
        if data[end - 1] in _FIRST_HALVES:
            end -= 1
        parts.append(data[start:end])
        start = end
    parts.append(data[start:])
    return b"\r\n ".join(parts) + b"\r\n"


def _text(name: str, value: str) -> bytes:
    """A property that holds a text (3.3.11)."""
    kept = printable(value, lines=True).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _line(f"{name}:" + kept.replace("\n", "\\n"))


def _day(value: date) -> str:
    return f"{value.year:04}{value.month:02}{value.day:02}"


def _moment(value: datetime) -> str:
    """An aware moment, in UTC."""
    at = value.astimezone(UTC)
    return f"{_day(at)}T{at.hour:02}{at.minute:02}{at.second:02}Z"


def _when(name: str, value: date | datetime) -> bytes:
    kept = f":{_moment(value)}" if isinstance(value, datetime) else f";VALUE=DATE:{_day(value)}"
    return f"{name}{kept}\r\n".encode()


def _before(minutes: int) -> str:
    """How long before the start, as a duration (3.3.6): a day is one of 24 hours."""
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    clock = (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
    return f"-P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


_HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Dayzero//Dayzero//EN\r\nCALSCALE:GREGORIAN\r\n"
_EACH_HOUR = b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
_END = b"END:VCALENDAR\r\n"


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
    return b"".join([_event(entry, entry_uid(schedule_id, entry.id)) for entry in entries])


def alone(entry: WordedEntry, uid: str) -> bytes:
    """One entry as a file of its own."""
    return framed(_event(entry, uid), named=False, name="", description="", schedule_id=None)


def invitation(entry: WordedEntry, uid: str, organizer: str, attendee: str, *, answers: bool) -> bytes:
    """One entry as an organizer asks a mailbox to show it; `answers`: the mailbox shall answer."""
    kind, answer = ("RESOURCE", "TRUE") if answers else ("INDIVIDUAL", "FALSE")
    asked = f"ATTENDEE;CUTYPE={kind};PARTSTAT=NEEDS-ACTION;RSVP={answer}"
    return _of_method("REQUEST", _event(entry, uid, _person("ORGANIZER", organizer) + _person(asked, attendee)))


def withdrawal(
    uid: str, organizer: str, attendee: str, sequence: int, stamp: datetime, first: date | datetime
) -> bytes:
    """What takes the entry out of a mailbox again; `first` is when it may stand there."""
    lines = (
        b"BEGIN:VEVENT\r\n",
        _text("UID", uid),
        _when("DTSTAMP", stamp),
        b"SEQUENCE:%d\r\n" % sequence,
        _person("ORGANIZER", organizer),
        _person("ATTENDEE", attendee),
        _when("DTSTART", first),
        b"STATUS:CANCELLED\r\nEND:VEVENT\r\n",
    )
    return _of_method("CANCEL", b"".join(lines))


def _person(name: str, address: str) -> bytes:
    return _line(f"{name}:mailto:{printable(address)}")


def _of_method(method: str, event: bytes) -> bytes:
    return b"".join((_HEAD, _text("METHOD", method), event, _END))


def framed(events: bytes, *, named: bool, name: str, description: str, schedule_id: uuid.UUID | None) -> bytes:
    """The file that holds these events. `schedule_id` is the patient's; None where there are several patients.
    `named`: it says what it is, which makes it open as a calendar of its own."""
    lines = [_HEAD]
    if named:
        lines += [_text("X-WR-CALNAME", short_title(name)), _text("X-WR-CALDESC", description)]
        lines += [_text("X-WR-RELCALID", str(schedule_id))] if schedule_id else []
        lines.append(_EACH_HOUR)
    return b"".join((*lines, events, _END))


def tombstone(uid: str, title: str, first: date, last: date) -> bytes:
    """The calendar of a feed that has ended: one entry of every day from `first` to `last`, both included, and nothing
    that says whose it was. Always the same bytes."""
    lines = (
        b"BEGIN:VEVENT\r\n",
        _text("UID", uid),
        _when("DTSTAMP", datetime.combine(first, time.min, UTC)),
        b"SEQUENCE:0\r\n",
        _when("DTSTART", first),
        _when("DTEND", last + timedelta(days=1)),
        _text("SUMMARY", title),
        _text("DESCRIPTION", title),
        b"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n",
    )
    return framed(b"".join(lines), named=False, name="", description="", schedule_id=None)


def _event(entry: WordedEntry, uid: str, people: bytes = b"") -> bytes:
    changed, title = _moment(entry.changed), short_title(printable(entry.title))
    timed = entry.start is not None and entry.end is not None
    status, free = "CANCELLED" if entry.cancelled else "CONFIRMED", "TRANSPARENT" if entry.free else "OPAQUE"
    lines = (
        b"BEGIN:VEVENT\r\n",
        _text("UID", uid),
        f"DTSTAMP:{changed}\r\nLAST-MODIFIED:{changed}\r\nSEQUENCE:{entry.since - 1}\r\n".encode(),
        people,
        _when("DTSTART", entry.start if timed and entry.start else entry.first),
        _when("DTEND", entry.end if timed and entry.end else entry.last + timedelta(days=1)),
        _text("SUMMARY", title),
        _text("DESCRIPTION", entry.text),
        _text("CATEGORIES", entry.kind),
        f"STATUS:{status}\r\nTRANSP:{free}\r\n".encode(),
        _alarm(entry, title),
        b"END:VEVENT\r\n",
    )
    return b"".join(lines)


def _alarm(entry: WordedEntry, title: str) -> bytes:
    if entry.alarm is None or entry.cancelled:
        return b""
    return b"".join(
        (
            b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n",
            _text("DESCRIPTION", title),
            f"TRIGGER:{_before(entry.alarm)}\r\nEND:VALARM\r\n".encode(),
        )
    )
