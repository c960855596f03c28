"""What the packages ical (the strictest) and vobject read, each: uid, start in UTC, sequence. Run by the clients' own Python."""
import sys
from datetime import UTC, datetime

import vobject
from ical.calendar_stream import IcsCalendarStream

which = sys.argv[1]
for path in sys.argv[2:]:
    text = open(path, encoding="utf-8", newline="").read()
    if which == "ical":
        rows = [(e.uid, e.dtstart, e.sequence) for e in IcsCalendarStream.calendar_from_ics(text).events]
    else:
        root = vobject.readOne(text)
        root.validate(raiseException=True)
        rows = [(e.uid.value, e.dtstart.value, e.sequence.value) for e in root.vevent_list]
    for uid, start, sequence in rows:
        at = start.astimezone(UTC) if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
        print(uid, f"{at:%Y-%m-%dT%H:%M:%S}", sequence)
