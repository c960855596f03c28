"""What a calendar entry says: its title and the lines of its text."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from schedule.model.entries import WARNINGS, EntryMark, MadeFrom, TaskLine
from schedule.model.moment import Moment
from schedule.model.notation import DayLabel, signed_number, spell, spell_clock, spell_moment, spell_range
from schedule.model.titles import Title
from schedule.words.dates import NOT_PLANNED, spell_day_zero, spell_moments, zero_in_cycle
from schedule.words.titles import short as head_of_words

AID = "Schedule aid, not an order."
MARKS: Mapping[EntryMark, str] = {
    "violated": "!",
    "to-decide": "?",
    "held": "HELD",
    "given": "GIVEN",
    "done": "DONE",
    "not-done": "NOT DONE",
    "cancelled": "CANCELLED:",
}
"""What stands first in a title. Without a mark nothing is said: nobody has recorded anything."""
TASKS = "tasks of the day"
WITHDRAWN = "withdrawn"
ASK = "Ask the ward."
NOT_MARKED = "Not marked GIVEN does not mean not given: look at the chart."
NO_END = "End not stated; the calendar shows 15 minutes."


# titles


def of_patient(mark: str, told: str, code: str) -> str:
    """`? D−5 fludarabine, dose 1 of 3 · CIML-017`: in the calendar of one patient."""
    return _joined(mark, f"{told} · {code}")


def of_ward(mark: str, told: str, code: str) -> str:
    """The same in a calendar of several patients: the code comes first."""
    return _joined(code, mark, told)


def of_donor(mark: str, told: str, code: str) -> str:
    """The same in the donor's own calendar."""
    return _joined(mark, f"{told} · donor of {code}")


def of_day(day: str, code: str, mark: str, *, of_ward: bool) -> str:
    """`CIML-017 D−5`: all that a calendar of days alone says. A locked phone shows it."""
    return _joined(code, mark, day) if of_ward else _joined(mark, code, day)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def day_in_title(label: DayLabel, *, off: bool, own_clock: bool = True) -> str:
    """`D−5`, `C2 D4`; in brackets where the day is a planned one and the entry stands on another. A start date of the
    patient's that it counts from is named, where the calendar may: it can tell the treatment."""
    day = f"D{signed_number(label.number, label.numbering)}"
    if label.cycle:
        day = f"C{label.cycle} {day}"
    if label.clock and own_clock:
        day = f"{day} from {label.clock}"
    return f"({day})" if off else day


def name_of(title: Title, short: str) -> str:
    """The protocol's short name, or the first words of its own."""
    return short or head_of_words(title.text)


def what_in_title(title: Title, short: str, *, partly: bool = False) -> str:
    """`fludarabine, dose 1 of 3`: never in figures alone, which read as a date or a dose."""
    numbered = title.numbered
    which = f", {numbered.unit} {numbered.number} of {numbered.of}" if numbered else ""
    return f"{name_of(title, short)}{which}{', partly' if partly else ''}"


def last_day_of(name: str, *, again: bool) -> str:
    """`last day: echocardiogram`."""
    return f"last day to repeat: {name}" if again else f"last day: {name}"


# texts


def what_to_do(title: str, mark: EntryMark | None, *, planned: str, dose: bool, partly: bool = False) -> str:
    """The first lines of an event's text: what to do, or what became of it; `planned` is where it was planned, in
    words, where that is not where it stands."""
    beside = f", {planned}" if planned else ""
    match mark:
        case None | "violated" | "to-decide":
            first = f"To do: {title}{beside}."
            asked = f"{ASK[:-1]} first." if mark in WARNINGS else ""
            return "\n".join(line for line in (first, asked, NOT_MARKED if dose else "") if line)
        case "held":
            return f"Do not give: {title}{beside}. It is held; ask the principal investigator."
        case "not-done":
            return f"Not done: {title}{beside}."
        case "given":
            if partly:
                return f"Only partly given: {title}{beside}. {ASK}"
            return f"Nothing to do: {title} was given{beside}."
        case "done":
            return f"Nothing to do: {title} was done{beside}."
        case "cancelled":
            return f"Do not do: {title}{beside}. It is cancelled."


def to_come(name: str, first: Moment | None, last: Moment, last_working: date | None) -> str:
    """The same of a date that must still come: by when, and the last day on which the site works."""
    said = f"To do: {name}, {spell_moments(first, last)}."
    if last_working is None:
        return f"{said} No working day is left for it."
    return said if last_working == last.on else f"{said} Last working day: {spell(last_working)}."


def came(name: str) -> str:
    """The same of a date that has come."""
    return f"Nothing to do: {name} is entered."


def no_longer_asked(name: str) -> str:
    """The same of a date that need not come any more."""
    return f"Nothing to do: {name} is no longer asked for."


def task_line(task: TaskLine) -> str:
    """`06:00 weigh the patient`, `NOT DONE 06:00 weigh the patient`."""
    line = f"{spell_clock(task.start.at)} {task.title}" if task.start and task.start.at else task.title
    return f"{MARKS[task.mark]} {line}" if task.mark is not None else line


def local_time(start: datetime, end: datetime, zone: str, *, stated: bool = True) -> str:
    """The wall time at the site, since the entry itself is in UTC; `end` is later than `start`."""
    until = f" to {spell_clock(end)}" if end.date() == start.date() else f" to {spell_moment(end)}"
    shown = f"{spell_moment(start)}{until if stated else ''}, local time in {zone}."
    return shown if stated else f"{shown} {NO_END}"


def falls_on(days_off: Iterable[str]) -> str:
    """The days off that it falls on."""
    return f"Falls on: {'; '.join(days_off)}."


def window_is(window: str) -> str:
    """The days or hours within which it may be."""
    return f"Window: {window}."


def aim_at(first: date, last: date) -> str:
    """The days to aim at."""
    return f"Aim: {spell_range(first, last)}."


def day_zero_used(made: MadeFrom) -> str:
    """Which day 0 an entry was worked out from."""
    zone = f" ({made.zone})." if made.zone else "."
    day_zero = spell_day_zero(made.day_zero) if made.day_zero else NOT_PLANNED
    return f"{zero_in_cycle(made.zero, made.cycle).capitalize()} used: {day_zero}{zone}"


def last_lines(made: MadeFrom) -> tuple[str, ...]:
    """What every entry's text ends with: the protocol, and the revision in which it changed last."""
    return f"Protocol {made.protocol}, {made.version}.", changed_last(made.revision, made.when)


def changed_last(revision: int, when: datetime) -> str:
    """Since when an entry is as it is: it does not know whether there is a newer revision, and does not need to."""
    return f"Changed last in revision {revision} of {_moment(when)}. {AID}"


def gone_in(revision: int) -> str:
    """The first line of an entry that a later revision has cancelled."""
    return f"Cancelled in revision {revision}."


def withdrawn(code: str) -> str:
    """The text of an entry that is gone: a warning that no longer holds, a list that is no longer kept."""
    return f"{code}: this entry no longer holds. Delete it."


def day_to_do(mark: EntryMark | None) -> str:
    """What the entry of a day says that names no drug and no test."""
    match mark:
        case "violated":
            return f"A rule is violated: {ASK[:1].lower()}{ASK[1:]}"
        case "to-decide":
            return f"The principal investigator must decide: {ASK[:1].lower()}{ASK[1:]}"
        case "cancelled":
            return f"Cancelled: {ASK[:1].lower()}{ASK[1:]}"
        case _:
            return f"{ASK[:-1]} what is to be done; it stands on the sheet of the day."


def _moment(when: datetime) -> str:
    return f"{spell(when.date())} {when:%H:%M} UTC"
