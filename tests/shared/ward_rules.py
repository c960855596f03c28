"""What must hold of a plan and of a move, worked out anew: what has begun, what may not move, how far day 0 may slip, what a
calendar shows."""

from datetime import UTC, datetime, time, timedelta

LYMPHODEPLETION = ("fludarabine", "cyclophosphamide")


def place(event):
    """Where an event lies, its moments in UTC."""
    return event.on, event.last_date, *(moment and moment.astimezone(UTC) for moment in (event.start, event.end))


def due_at(event):
    return event.start.replace(tzinfo=None) if event.start else datetime.combine(event.on, time.min)


def live(plan):
    return {event.id: event for event in plan.events if event.status != "cancelled"}


def is_said_anew(before, after):
    """Whether another time was recorded of it, or one for the first time, or none any more."""
    if before.actual is None or after.actual is None:
        return before.actual is not after.actual
    return not after.actual.is_same(before.actual)


def begun(events, records, as_of):
    """A course has begun: a dose given by then, even partly; or a dose due by then that is not recorded held."""
    for event in events:
        record = records.get(event.id)
        if record is not None and record.outcome != "held" and record.at <= as_of:
            return True
        due = (event.booked or event.planned).wall
        if due <= as_of and (record is None or record.outcome != "held"):
            return True
    return False


def must_stay(before, as_of):
    """The events that a move of day 0 as of then may not move: what was given, what has begun before the cells, what is
    past before them and was not held."""
    records, zero = before.standing.records, before.standing.day_zero.on
    events = live(before)
    first = [event for event in events.values() if event.activity in LYMPHODEPLETION]
    stay = {event.id for event in first if event.status != "held"} if begun(first, records, as_of) else set()
    for event in events.values():
        record, past = records.get(event.id), event.on < as_of.date() or (event.start and due_at(event) <= as_of)
        passed = past and event.on < zero and event.activity not in LYMPHODEPLETION
        if passed if record is None else record.outcome != "held":
            stay.add(event.id)
    return stay - {"nk-infusion-1"}


def last_moment(planned):
    """48 elapsed hours, or the same wall time two days later: whichever ends first. None of the zones here skips it."""
    wall = (planned.replace(tzinfo=None) + timedelta(days=2)).replace(tzinfo=planned.tzinfo)
    return min(planned.astimezone(UTC) + timedelta(hours=48), wall.astimezone(UTC))


def calendar_lines(data):
    """UID -> the entry's lines, unfolded."""
    text = data.replace(b"\r\n ", b"")
    found = {}
    for block in text.split(b"BEGIN:VEVENT\r\n")[1:]:
        lines = block.partition(b"END:VEVENT")[0].split(b"\r\n")
        values = dict(line.partition(b":")[::2] for line in reversed(lines) if line)
        found[values[b"UID"]] = (values, block.partition(b"END:VEVENT")[0])
    return found
