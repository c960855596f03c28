"""A calendar entry as Microsoft Graph takes it: names, types and enumerations of `microsoft.graph.event`."""

from datetime import UTC, date, datetime, time
from typing import Any, Literal

from schedule.model.dates import add
from schedule.model.publishing import Delivery
from schedule.model.text import printable
from schedule.output.ics import short_title
from schedule.pages.calendar import WordedEntry

UID_PROPERTY = "String {9a1f1c5e-0a0b-4a51-9a43-2d5f0c6f7b11} Name DayzeroUid"
"""Under which name the entry keeps our UID, whatever becomes of its id."""
NOON = 12


def event_values(entry: WordedEntry, sent: Delivery, zone: str | None) -> dict[str, Any]:
    """The event without attendees, so that no mail goes out. An all-day one lies from midnight to midnight in the
    site's zone; whether it reminds is always said, since the mailbox has a default of its own."""
    alarm = None if entry.cancelled else entry.alarm
    return {
        "subject": short_title(printable(entry.title)),
        "body": {"contentType": "text", "content": printable(entry.text, lines=True)},
        **_times(entry, zone or "UTC"),
        "showAs": "free" if entry.free else "busy",
        "isReminderOn": alarm is not None,
        "reminderMinutesBeforeStart": alarm or 0,
        "categories": [entry.kind],
        "sensitivity": "normal",
        "recurrence": None,
        "responseRequested": False,
        "allowNewTimeProposals": False,
        "singleValueExtendedProperties": [{"id": UID_PROPERTY, "value": sent.uid}],
    }


def new_event_values(entry: WordedEntry, sent: Delivery, zone: str | None) -> dict[str, Any]:
    """The same for an entry that is not there yet: asked twice, the server makes one."""
    return event_values(entry, sent, zone) | {"transactionId": f"{sent.uid}-{sent.sequence}"}


def _times(entry: WordedEntry, zone: str) -> dict[str, Any]:
    if entry.start is None or entry.end is None:
        end = add(entry.last, 1, "days", "clamp")
        return {"start": _midnight(entry.first, zone), "end": _midnight(end, zone), "isAllDay": True}
    return {"start": _instant(entry.start), "end": _instant(entry.end), "isAllDay": False}


def _midnight(day: date, zone: str) -> dict[str, str]:
    return {"dateTime": datetime.combine(day, time.min).isoformat(), "timeZone": zone}


def _instant(at: datetime) -> dict[str, str]:
    return {"dateTime": at.astimezone(UTC).replace(tzinfo=None).isoformat(), "timeZone": "UTC"}


def moment_of(event: Any, end: Literal["start", "end"]) -> date | datetime:
    """When an event that was read back in UTC begins or ends: a date, or a moment in UTC. KeyError, TypeError or
    ValueError if it does not say so. The midnight of an all-day one may be told as UTC's: east of Greenwich that is the
    day before."""
    found = datetime.fromisoformat(event[end]["dateTime"][:19]).replace(tzinfo=UTC)
    if event["isAllDay"]:
        return add(found.date(), 1 if found.hour >= NOON else 0, "days", "clamp")
    return found
