"""Plan -> its timeline in plain characters, for a terminal: day numbers on top, a lane for each course, activity and
window.

One column is one day. What lies beyond the columns has an arrow at the edge; its date stands in the list below.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from schedule.model.notation import MINUS
from schedule.model.plan import Event, Plan
from schedule.model.timing import KnownDatePoint
from schedule.words.plan import zero_of
from schedule.words.timeline import LEGEND

LABEL = 22
EARLIEST = -28


def chart(plan: Plan, width: int = 80) -> list[str]:
    """The lines of the picture, none longer than `width`."""
    zero = zero_of(plan)
    lanes = list(_lanes(plan, zero))
    days = [day for _, cells in lanes for day in cells] or [0]
    room = max(width - LABEL - 1, 15)
    first = max(min(*days, 0) - 1, EARLIEST)
    last = min(max(*days, 0) + 1, first + room - 1)
    columns = range(first, last + 1)
    found = list(_heads(plan, columns))
    for label, cells in lanes:
        row = {day: mark for day, mark in cells.items() if day in columns}
        before, after = (day < first for day in cells), (day > last for day in cells)
        if any(before):
            row[first] = "<"
        if any(after):
            row[last] = ">"
        found.append((_label(label) + "".join(row.get(day, " ") for day in columns)).rstrip())
    return [*found, "", *LEGEND]


def _label(text: str) -> str:
    """The words before the first comma or bracket, as far as there is room, and a blank."""
    indent = text[: len(text) - len(text.lstrip())]
    text = indent + text.strip().split(",")[0].split(" (")[0]
    return (text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…").ljust(LABEL + 1)


def _heads(plan: Plan, columns: range) -> Iterator[str]:
    """The numbers of every seventh day, and a stroke under each."""
    numbers, strokes = [" "] * len(columns), [" "] * len(columns)
    for place, day in enumerate(columns):
        if day % 7:
            continue
        number = plan.protocol.number(day)
        sign = MINUS if number < 0 else "+" if number > 0 and plan.protocol.numbering == "day-zero" else ""
        text = f"{sign}{abs(number)}"
        start = min(max(place - len(text) // 2, 0), len(columns) - len(text))
        if all(cell == " " for cell in numbers[max(start - 1, 0) : start + len(text) + 1]):
            numbers[start : start + len(text)] = text
            strokes[place] = "|"
    yield (_label("Day") + "".join(numbers)).rstrip()
    yield (_label("") + "".join(strokes)).rstrip()


TextLane = tuple[str, dict[int, str]]
"""Its words, and the character of each day that is marked, days counted from day 0."""


def _lanes(plan: Plan, zero: date) -> Iterator[TextLane]:
    by_activity: dict[str, list[Event]] = defaultdict(list)
    for event in plan.events:
        if not event.task and event.status != "cancelled":
            by_activity[event.activity].append(event)
    protocol = plan.protocol
    done: set[str] = set()
    for activity in protocol.activities.values():
        members = [activity.id]
        if activity.course is not None:
            members = [other.id for other in protocol.activities.values() if other.course == activity.course]
        dated = [name for name in members if name in by_activity and name not in done]
        if activity.course is not None and len(dated) > 1:
            course = protocol.courses[activity.course]
            marked = [day for name in dated for day in _events(by_activity[name], zero)]
            yield course.title, dict.fromkeys(range(min(marked), max(marked) + 1), "=")
        indent = "  " if len(dated) > 1 else ""
        for name in dated:
            done.add(name)
            donor = "donor: " if protocol.activities[name].donor else ""
            yield f"{indent}{donor}{protocol.activities[name].title}", _events(by_activity[name], zero)
    yield from _windows(plan, zero)


def _events(events: list[Event], zero: date) -> dict[int, str]:
    cells: dict[int, str] = {}
    for event in events:
        day = (event.on - zero).days
        if event.earliest is not None and event.latest is not None and event.earliest.on < event.latest.on:
            first, last = (event.earliest.on - zero).days, (event.latest.on - zero).days
            for inside in range(first, last + 1):
                cells.setdefault(inside, "(" if inside == first else ")" if inside == last else "-")
        if event.last_date is not None:
            cells |= dict.fromkeys(range(day, (event.last_date - zero).days + 1), "=")
        else:
            cells[day] = "x"
    return cells


def _windows(plan: Plan, zero: date) -> Iterator[TextLane]:
    """When the known dates that the rules speak of must lie: all rules about one together."""
    for name, known in plan.protocol.dates.items():
        about = [
            finding for finding in plan.findings if finding.point == KnownDatePoint(name) and finding.latest is not None
        ]
        if not about:
            continue
        last = min(finding.latest for finding in about if finding.latest is not None)
        firsts = [finding.earliest for finding in about if finding.earliest is not None]
        end = (last - zero).days
        start = (max(firsts) - zero).days if firsts else min(end, EARLIEST) - 1
        yield known.title, {day: "[" if day == start else "]" if day == end else "-" for day in range(start, end + 1)}
