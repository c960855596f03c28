"""Writes the calendars of a JSON file with another library of PyPI, and prints the CPU seconds of the second time.

Run in an environment that has `requirements.txt`, since nothing of it is needed elsewhere: `peers.py ics FILE.json`.
"""

import json
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any


def moment(text: str) -> date | datetime:
    """A date, or a moment with its offset."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def with_ics(rows: list[dict[str, Any]]) -> str:
    """As the manual of `ics` shows it."""
    from ics import Calendar, Event

    calendar = Calendar()
    for row in rows:
        event = Event(
            name=row["summary"], begin=row["start"], uid=row["id"], description=row["description"],
            last_modified=row["changed"], created=row["changed"], categories={row["kind"]}, status="CONFIRMED",
        )  # fmt: skip
        if "T" in row["start"]:
            event.end = row["end"]
        else:
            event.end = row["last"]
            event.make_all_day()
        calendar.events.add(event)
    return str(calendar.serialize())


def with_ical(rows: list[dict[str, Any]]) -> str:
    """As the manual of `ical` shows it."""
    from ical.calendar import Calendar
    from ical.calendar_stream import IcsCalendarStream
    from ical.event import Event

    calendar = Calendar()
    for row in rows:
        changed = datetime.fromisoformat(row["changed"])
        event = Event(
            summary=row["summary"], start=moment(row["start"]), end=moment(row["end"]), uid=row["id"], dtstamp=changed,
            last_modified=changed, sequence=row["sequence"], description=row["description"], categories=[row["kind"]],
        )  # fmt: skip
        calendar.events.append(event)
    return IcsCalendarStream.calendar_to_ics(calendar)


def main() -> None:
    write = {"ics": with_ics, "ical": with_ical}[sys.argv[1]]
    calendars = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    for _ in range(2):
        start = time.process_time()
        written = [write(rows) for rows in calendars]
        spent = time.process_time() - start
    events = sum(text.count("BEGIN:VEVENT") for text in written)
    assert events == sum(map(len, calendars)), "every entry is an event"
    print(spent)


if __name__ == "__main__":
    main()
