"""What a calendar entry says: its title and its text, made of its values when it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from schedule.model.entries import Asked, Entry, EntryKind, MadeFrom
from schedule.model.plan import Event
from schedule.words import calendar as words
from schedule.words.alerts import banner_of, heading
from schedule.words.basis import basis_of
from schedule.words.days_off import days_off_of
from schedule.words.findings import flags_in_words, reasons_in_words
from schedule.words.titles import full_title


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedEntry:
    """An entry as a calendar file holds it. `last` is included; `start` and `end` are UTC, None where untimed."""

    id: str
    kind: EntryKind
    title: str
    first: date
    last: date
    start: datetime | None
    end: datetime | None
    text: str
    cancelled: bool
    alarm: int | None
    since: int
    changed: datetime


def worded(entries: Iterable[Entry]) -> tuple[WordedEntry, ...]:
    """The entries with their titles and texts."""
    return tuple(
        WordedEntry(
            id=one.id,
            kind=one.kind,
            title=title_of(one),
            first=one.first,
            last=one.last,
            start=one.start,
            end=one.end,
            text=text_of(one),
            cancelled=one.cancelled,
            alarm=one.alarm,
            since=one.since,
            changed=one.changed,
        )
        for one in entries
    )


def title_of(entry: Entry) -> str:
    """All that a month view shows: the first alert, the code, the day, what is on it. Outlook ignores the status of an
    entry, so the title of a cancelled one says it."""
    subject, code = entry.subject, entry.made.code
    head = f"{heading(subject.alert)} - {code}" if subject.alert else code
    if entry.cancelled and entry.gone_in is None:
        head = words.cancelled_title(code)
    if entry.event is not None and subject.title is not None:
        title = words.event_title(head, str(subject.label), full_title(subject.title), donor=entry.donor)
    elif entry.asked is not None and subject.title is not None:
        again = subject.asked == "to repeat"
        title = words.open_title(head, full_title(subject.title), subject.earliest, entry.last, again=again)
    else:
        title = f"{head} {subject.label}"
    return title if entry.gone_in is None else words.cancelled_title(title)


def text_of(entry: Entry) -> str:
    """What stands in the entry, a line for each thing:
    the banner, the hour, what it rests on, and what it dates from.
    """
    made = entry.made
    if entry.event is not None:
        text = _text(made, *_of_event(entry.event, made))
    elif entry.asked is not None:
        text = _text(made, *_of_asked(entry.asked, made))
    else:
        text = words.day_text(made.revision, made.when)
    return text if entry.gone_in is None else words.cancelled_text(text, entry.gone_in)


def _text(made: MadeFrom, *lines: str) -> str:
    return "\n".join(line for line in (banner_of(made.alerts, made.zero), *lines, *words.last_lines(made)) if line)


def _of_event(event: Event, made: MadeFrom) -> tuple[str, ...]:
    moment = ""
    if event.start is not None and event.end is not None and made.zone is not None:
        moment = words.local_time(event.start, event.end, made.zone)
    window = words.window_of(*event.window) if event.window else ""
    if event.tolerance:
        window = words.within_hours(event.tolerance)
    return moment, f"{basis_of(event, made.zero)}.", window, words.falls_on(days_off_of(event)) if event.flags else ""


def _of_asked(asked: Asked, made: MadeFrom) -> tuple[str, ...]:
    flags = f"{'; '.join(flags_in_words(asked.flags))}." if asked.flags else ""
    return reasons_in_words(asked.basis, made.zero), words.aim_at(*asked.aim) if asked.aim else "", flags
