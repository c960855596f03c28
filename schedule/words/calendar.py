"""What a calendar entry says: its title and the lines of its text."""

from collections.abc import Iterable
from datetime import date, datetime

from schedule.model.entries import MadeFrom
from schedule.model.notation import plural, spell, spell_moment, spell_range
from schedule.words.dates import NOT_PLANNED, spell_day_zero

AID = "Schedule aid, not an order."
CANCELLED = "CANCELLED"


def cancelled_title(title: str) -> str:
    """The title of a cancelled entry: Outlook ignores the status of an entry, so the title says it."""
    return f"{CANCELLED}: {title}"


def cancelled_text(text: str, revision: int) -> str:
    """The text of an entry that a later revision has cancelled."""
    return f"Cancelled in revision {revision}.\n{text}"


def event_title(head: str, label: str, title: str, *, donor: bool) -> str:
    """What an event's entry is called."""
    return f"{head}{' (donor)' if donor else ''} {label}: {title}"


def open_title(head: str, what: str, first: date | None, last: date, *, again: bool) -> str:
    """What the entry of a date that must still come is called."""
    return f"{head} {'to be repeated' if again else 'due'}: {what}, {spell_range(first, last)}"


def local_time(start: datetime, end: datetime, zone: str) -> str:
    """The wall time at the site, since the entry itself is in UTC."""
    until = "" if end == start else f" to {end:%H:%M}" if end.date() == start.date() else f" to {spell_moment(end)}"
    return f"{spell_moment(start)}{until}, local time in {zone}."


def falls_on(days_off: Iterable[str]) -> str:
    """The days off that it falls on."""
    return f"Falls on: {'; '.join(days_off)}."


def window_of(first: date, last: date) -> str:
    """The days on which it may be."""
    return f"Window: {spell_range(first, last)}."


def within_hours(tolerance: tuple[int, int]) -> str:
    """The hours by which it may be missed."""
    return f"{missed_by(tolerance).capitalize()}."


def missed_by(tolerance: tuple[int, int]) -> str:
    """`no more than 1 hour earlier or later`, or by how much each, where the two differ."""
    earlier, later = tolerance
    if earlier == later:
        return f"no more than {plural(earlier, 'hours')} earlier or later"
    before = f"no more than {plural(earlier, 'hours')} earlier" if earlier else "not earlier"
    after = f"no more than {plural(later, 'hours')} later" if later else "not later"
    return f"{before}, {after}"


def aim_at(first: date, last: date) -> str:
    """The days to aim at."""
    return f"Aim: {spell_range(first, last)}."


def last_lines(made: MadeFrom) -> tuple[str, ...]:
    """What every entry's text ends with: day 0 used, the protocol, and the revision it dates from."""
    zone = f" ({made.zone})." if made.zone else "."
    day_zero = spell_day_zero(made.day_zero) if made.day_zero else NOT_PLANNED
    return (
        f"{made.zero.capitalize()} used: {day_zero}{zone}",
        f"Protocol {made.protocol}, {made.version}.",
        f"Dates from revision {made.revision} of {spell(made.when.date())} {made.when:%H:%M} UTC; "
        f"superseded if there is a newer one. {AID}",
    )


def day_text(revision: int, when: datetime) -> str:
    """What the entry of a day says that names no drug and no test."""
    return (
        f"What is to be done stands on the sheet of the day.\nFrom revision {revision} of "
        f"{spell(when.date())} {when:%H:%M} UTC; superseded if there is a newer one. {AID}"
    )
