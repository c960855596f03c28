"""What the page of a shift says: how each thing of the day stands, and what is to be printed."""

from datetime import date

from schedule.model.notation import NO_BREAK, WEEKDAYS, plural, spell_clock, spell_day_month
from schedule.model.plan import ListedEvent
from schedule.model.titles import Title
from schedule.words.sheets import hour_of
from schedule.words.titles import numbered, parted

ANY_TIME = "any time"
NOT_RECORDED = "not recorded"
DUE = "due"
HELD = "held"
NOT_DONE = "not done"
LAST_DAY = "last day"


def must_decide(rules: str) -> str:
    """That the principal investigator has not decided, and on what."""
    return f"The principal investigator has not decided yet on {rules}."


def short_date(day: date) -> str:
    """`Thu 11-Jun`: where the year stands in the heading."""
    return f"{WEEKDAYS[day.weekday()]}{NO_BREAK}{spell_day_month(day)}"


def when_due(event: ListedEvent, today: date) -> str:
    """`09:00`; `Thu 11-Jun 20:00` of another day."""
    hour = hour_of(event)
    if event.on == today:
        return hour
    return short_date(event.on) if hour == ANY_TIME else f"{short_date(event.on)} {hour}"


def drug_and_dose(title: Title) -> str:
    """`fludarabine, dose 2 of 3`: how it is given stands on the sheet."""
    return ", ".join((parted(title)[0], *((numbered(title.numbered),) if title.numbered else ())))


def recorded_at(event: ListedEvent) -> str:
    """`given 09:20`, `done`, `partly given 09:20`, `given Thu 11-Jun 23:50`: how a thing stands that has happened."""
    record = event.record
    if record is None:
        return event.status
    partly = "partly " if record.partly else ""
    on = f" {short_date(record.at.date())}" if record.at.date() != event.on else ""
    return f"{partly}{record.outcome}{on}{f' {spell_clock(record.moment or record.at)}' if record.timed else ''}"


def is_now(zero: str, day: date) -> str:
    """`day 0 now Tue 16-Jun`."""
    return f"{zero} now {short_date(day)}"


def patients_and_items(patients: int, items: int) -> str:
    """`3 patients, 5 items that were due`."""
    return f"{plural(patients, 'patients')}, {plural(items, 'items')} that {'was' if items == 1 else 'were'} due"


def patients_on(today: int, tomorrow: int, zones: str) -> str:
    """`9 patients with something today or not recorded, 5 tomorrow. Times in America/New_York.`"""
    return f"{plural(today, 'patients')} with something today or not recorded, {tomorrow} tomorrow. Times in {zones}."


def print_sheets(day: str, count: int) -> str:
    """`Print today's 9 sheets`, `Print tomorrow's sheet`."""
    return f"Print {day}\u2019s {'sheet' if count == 1 else f'{count} sheets'}"
