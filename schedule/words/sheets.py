"""What a day sheet says beside its tasks: the parts of the day, the notes below a task, what falls due, what comes
next.
"""

from datetime import date

from schedule.model.notation import DayLabel, plural, spell, spell_moment, spell_offset, spell_range, spell_span
from schedule.model.plan import Event, Finding
from schedule.words.basis import basis_of, ground_of
from schedule.words.calendar import missed_by
from schedule.words.days_off import days_off_of
from schedule.words.titles import full_title

PART_TITLES = ("00:00 to 11:59", "12:00 to 17:59", "18:00 to 23:59", "No hour stated")
"""The parts of a day, in order."""
NOTHING_PLANNED = "Nothing is planned."


def part_title(part: int, first: int, last: int) -> str:
    """The title of a block of tasks, which says which ones they are where the part has more than one block."""
    return PART_TITLES[part] + (f", continued: {first} to {last}" if first > 1 else "")


def notes_of(event: Event, day: date, zero: str, *, at_foot: bool, protocol: str) -> list[str]:
    """What stands below a task: how long it lasts, what to look out for, and the words its date rests on; the
    arithmetic too, unless the foot of the sheet shows it."""
    notes = []
    if event.last_date is not None and event.last_date > event.on:
        total = (event.last_date - event.on).days + 1
        notes.append(f"day {(day - event.on).days + 1} of {total}: {spell_span(event.on, event.last_date)}")
    if event.status not in ("planned", "unconfirmed"):
        notes.append(f"recorded: {event.status}")
    if event.window:
        notes.append(f"window: {spell_range(*event.window)}")
    if event.tolerance:
        notes.append(missed_by(event.tolerance))
    notes += [f"falls on: {off}" for off in days_off_of(event)]
    if not event.task:
        notes.append(ground_of(event, known=protocol) if at_foot else basis_of(event, zero))
    return notes


def last_day_today(finding: Finding) -> str:
    """What is said of a date whose last day is the day of the sheet."""
    if finding.earliest is None or finding.earliest == finding.latest:
        return "last day today"
    return f"last day today; open since {spell(finding.earliest)}"


def open_until(title: str, refs: str, last: date) -> str:
    """What is said of a date whose window is open."""
    return f"{title} ({refs}): until {spell(last)}"


def going_on_since(event: Event) -> str:
    """What is said of a thing that goes on until a record ends it, or over midnight."""
    title = full_title(event.title)
    if event.start is None or event.end in (None, event.start):
        return f"{title}; since {spell(event.on)}"
    return f"{title}; since {spell_moment(event.start)}, until {event.end:%H:%M}"


def and_more(count: int) -> str:
    """What stands below the first tasks of the next day, where there are more."""
    return f"and {count} more: see its sheet"


def next_sheet(later: tuple[DayLabel, date] | None) -> str:
    """Which sheet comes after a day with nothing on the next one."""
    return f"The next sheet is {later[0]}, {spell(later[1])}." if later else "This is the last sheet."


def apart_in_words(apart: int, infusion: str, *, whose: str = "the") -> str:
    """`5 days before the infusion`, for -5: the sign of the label in words, so that a lost minus is noticed."""
    if apart == 0:
        return f"the day of {whose} {infusion}"
    return f"{plural(abs(apart), 'days')} {'before' if apart < 0 else 'after'} {whose} {infusion}"


def day_reckoned(day: DayLabel, on: date, day_zero: date, zero: str, *, planned_as: bool, infusion: str) -> str:
    """`Day −5 = day 0 (Mon 15-Jun-2026) − 5 days`: the arithmetic that every date of the sheet rests on."""
    apart = (on - day_zero).days
    if apart == 0:
        return f"{day} = the day of the {infusion}"
    if planned_as:
        return f"Planned as {day}; now {apart_in_words(apart, infusion)}, {zero} ({spell(day_zero)})"
    return f"{day} = {zero} ({spell(day_zero)}){spell_offset(apart)}"
