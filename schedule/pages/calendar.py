"""What a calendar entry says: its title and its text, made of its values when it is written."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from schedule.model.entries import Asked, Entry, EntryKind, EntryMark
from schedule.model.plan import Event
from schedule.words import calendar as words
from schedule.words.alerts import banner_of, heading
from schedule.words.basis import basis_of
from schedule.words.days_off import days_off_of
from schedule.words.findings import flags_in_words, reasons_in_words
from schedule.words.places import spell_planned, spell_window
from schedule.words.titles import full_title

Reader = Literal["patient", "ward", "donor"]
"""Whose calendar it is: one patient's, several patients', or the donor's own, which tells nothing of the patient's
treatment."""


class WordedEntry(Struct, frozen=True, kw_only=True):
    """An entry as a calendar file holds it. `last` is included; `start` and `end` are UTC, None where untimed. `free`:
    it does not block the time."""

    id: str
    kind: EntryKind
    title: str
    first: date
    last: date
    start: datetime | None
    end: datetime | None
    text: str
    cancelled: bool
    free: bool
    alarm: int | None
    since: int
    changed: datetime


def worded(entries: Iterable[Entry], reader: Reader = "patient") -> tuple[WordedEntry, ...]:
    """The entries with their titles and texts, as that reader sees them."""
    return tuple(
        WordedEntry(
            id=one.id,
            kind=one.kind,
            title=title_of(one, reader),
            first=one.first,
            last=one.last,
            start=one.start,
            end=one.end,
            text=text_of(one, reader),
            cancelled=one.cancelled,
            free=one.start is None or one.mark in ("cancelled", "held", "not-done"),
            alarm=one.alarm,
            since=one.since,
            changed=one.changed,
        )
        for one in entries
    )


def title_of(entry: Entry, reader: Reader = "patient") -> str:
    """All that a month view shows, most specific first: the mark, the day, what is on it, which of how many, whose.
    Outlook ignores the status of an entry, so the title of a cancelled one says it."""
    code = entry.made.code
    if entry.kind == "Day":
        return words.of_day(_day(entry), code, _mark(entry.mark), of_ward=reader == "ward")
    parts = (_what(entry),) if reader == "donor" else (_day(entry), _what(entry))
    told = " ".join(part for part in parts if part)
    match reader:
        case "patient":
            return words.of_patient(_mark(entry.mark), told, code)
        case "ward":
            return words.of_ward(_mark(entry.mark), told, code)
        case "donor":
            return words.of_donor(_mark(entry.mark), told, code)


def _mark(mark: EntryMark | None) -> str:
    return words.MARKS[mark] if mark is not None else ""


def _day(entry: Entry) -> str:
    label = entry.subject.label
    return words.day_in_title(label, off=entry.subject.off, own_clock=entry.kind != "Day") if label else ""


def _what(entry: Entry) -> str:
    subject = entry.subject
    if entry.withdrawn:
        return words.WITHDRAWN
    if subject.alert is not None:
        return heading(subject.alert)
    if subject.title is None:
        return words.TASKS
    if subject.asked is not None:
        return words.last_day_of(words.name_of(subject.title, subject.short), again=subject.asked == "to repeat")
    return words.what_in_title(subject.title, subject.short, partly=subject.partly)


def text_of(entry: Entry, reader: Reader = "patient") -> str:
    """What stands in the entry, a line for each thing: what to do, the warning, day 0 used, what it rests on, and when
    it changed last."""
    made = entry.made
    if entry.withdrawn:
        return words.withdrawn(made.code)
    if entry.kind == "Day":
        return _lines(words.day_to_do(entry.mark), words.changed_last(made.revision, made.when))
    if reader == "donor":
        to_do = _to_do(entry)
        return _lines(to_do, words.changed_last(entry.since, entry.changed))
    gone = words.gone_in(entry.gone_in) if entry.gone_in is not None else ""
    banner = banner_of(made.alerts, made.zero) if entry.warns else ""
    rests: tuple[str, ...] = ()
    if entry.event is not None:
        rests = _of_event(entry.event, made.zero, off=entry.subject.off)
    elif entry.asked is not None and not entry.cancelled:
        rests = _of_asked(entry.asked, made.zero)
    return _lines(gone, _to_do(entry), banner, words.day_zero_used(made), *rests, *words.last_lines(made))


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _to_do(entry: Entry) -> str:
    """The first thing that the text says: what to do, or what has been done."""
    event, made = entry.event, entry.made
    if entry.tasks:
        return "\n".join(words.task_line(one) for one in entry.tasks)
    if event is None:
        title = entry.subject.title
        name = full_title(title) if title else ""
        if entry.asked is not None:
            asked = entry.asked
            if entry.cancelled:
                return words.no_longer_asked(name)
            return words.to_come(name, asked.first, asked.last, asked.last_working)
        return words.came(name) if name else words.ASK
    moment = ""
    if event.start is not None and entry.end is not None and made.zone is not None:
        end = entry.end.astimezone(event.start.tzinfo)
        moment = words.local_time(event.start, end, made.zone, stated=entry.end_stated)
    dose = event.category == "treatment" and not event.task
    planned, partly = spell_planned(event), entry.subject.partly
    to_do = words.what_to_do(full_title(event.title), entry.mark, planned=planned, dose=dose, partly=partly)
    return _lines(to_do, moment)


def _of_event(event: Event, zero: str, *, off: bool) -> tuple[str, ...]:
    window = spell_window(event)
    flags = words.falls_on(days_off_of(event)) if event.flags else ""
    return f"{basis_of(event, zero, off=off)}.", words.window_is(window) if window else "", flags


def _of_asked(asked: Asked, zero: str) -> tuple[str, ...]:
    flags = f"{'; '.join(flags_in_words(asked.flags))}." if asked.flags else ""
    return reasons_in_words(asked.basis, zero), words.aim_at(*asked.aim) if asked.aim else "", flags
