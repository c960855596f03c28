"""What a day sheet says beside its tasks: the head, the parts of the day, the notes below a task, what was recorded,
what falls due, what comes next."""

from datetime import date

from schedule.model.moment import Moment
from schedule.model.notation import DayLabel, plural, spell, spell_clock, spell_moment, spell_span
from schedule.model.plan import Event, Finding, ListedEvent, Record
from schedule.words.dates import spell_day_zero, spell_end, spell_latest
from schedule.words.days_off import days_off_of
from schedule.words.titles import full_title, held_word, numbered, parted

PART_TITLES = ("00:00 to 11:59", "12:00 to 17:59", "18:00 to 23:59", "No hour stated")
"""The parts of a day, in order."""
NOTHING_PLANNED = "nothing is planned"
ANY_TIME = "any time"
SITE = "site"
PLANNED_AGAIN = "planned again, later"
EMPTY_SIDE = "This side is empty: the next patient begins on a new sheet of paper."


def part_title(part: int, first: int, last: int) -> str:
    """The title of a block of tasks, which says which ones they are where the part has more than one block."""
    return PART_TITLES[part] + (f", continued: {first} to {last}" if first > 1 else "")


# The head -------------------------------------------------------------------------------------------------------------


def day_of_course(title: str, number: int, of: int, *, daily: bool) -> str:
    """`Lymphodepletion day 2 of 3`; `Interleukin-2, dose day 2 of 7` where days lie between."""
    return f"{title} day {number} of {of}" if daily else f"{title}, dose day {number} of {of}"


def day_of_the(infusion: str) -> str:
    """What day 0 is called in the head."""
    return f"Day of the {infusion}"


def planned_as(label: DayLabel) -> str:
    """The label of a day that day 0 has left."""
    return f"planned {label}"


def apart_in_words(apart: int, infusion: str, *, whose: str = "the") -> str:
    """`5 days before the infusion`, for -5: the sign of the label in words, so that a lost minus is noticed."""
    if apart == 0:
        return f"the day of {whose} {infusion}"
    return f"{plural(abs(apart), 'days')} {'before' if apart < 0 else 'after'} {whose} {infusion}"


def lies_to_zero(apart: int, infusion: str, day_zero: date, *, moved: bool) -> str:
    """`5 days before the infusion as it now stands (Mon 15-Jun-2026)`: how the day lies to day 0."""
    now = " as it now stands" if moved and apart < 0 else ""
    return f"{apart_in_words(apart, infusion)}{now} ({spell(day_zero)})"


def zero_planned_for(planned: date) -> str:
    """What the head of day 0 says where day 0 was planned on another date."""
    return f"planned for {spell(planned)}"


# A task ---------------------------------------------------------------------------------------------------------------


def hour_of(event: ListedEvent) -> str:
    """`09:00`, `09:00 to 10:30`, `22:00 to 02:00 next day`; of what was given the hour at which it was due."""
    if event.actual is not None:
        due = event.booked or event.planned
        return spell_clock(due.at) if due is not None and due.at is not None else ""
    if event.start is None or event.end is None:
        return ANY_TIME
    if not event.lasts:
        return spell_clock(event.start)
    days = (event.end.date() - event.start.date()).days
    then = "" if not days else " next day" if days == 1 else f" on {spell(event.end.date())}"
    return f"{spell_clock(event.start)} to {spell_clock(event.end)}{then}"


def more_of_title(event: Event) -> tuple[str, ...]:
    """What stands below the name of a task: the rest of its title, which of how many it is, and whose it is."""
    rest = (*parted(event.title)[1:], *((numbered(event.title.numbered),) if event.title.numbered else ()))
    return (*rest[:-1], " · ".join((*rest[-1:], SITE))) if event.task else rest


def span_day(event: Event, day: date) -> str:
    """`day 3 of 5: Tue 16-Jun-2026 to Sat 20-Jun-2026`, of something that lasts for days; else empty."""
    if event.last_date is None or event.last_date <= event.on:
        return ""
    total = (event.last_date - event.on).days + 1
    return f"day {(day - event.on).days + 1} of {total}: {spell_span(event.on, event.last_date)}"


def notes_of(event: Event, day: date, planned: Moment | None) -> list[str]:
    """What is to be looked out for: how long it lasts, when else it was planned, within which window, on which day
    off."""
    notes = [note for note in (span_day(event, day),) if note]
    if planned is not None:
        was = f"planned {spell_day_zero(planned)}"
        notes.append(f"booked; {was}" if event.actual is None and event.booked is not None else was)
    if event.actual is None and event.status != "held":
        if event.earliest is not None and event.latest is not None:
            notes.append(window_in_words(event.earliest, event.latest, day))
        notes += [f"falls on: {off}" for off in days_off_of(event)]
    return notes


def window_in_words(first: Moment, last: Moment, day: date) -> str:
    """`between 13:00 and 15:00`, `between Fri 10-Jul-2026 and Tue 14-Jul-2026`."""
    if first.at is not None and last.at is not None:
        if first.on == last.on == day:
            return f"between {spell_clock(first.at)} and {spell_clock(last.at)}"
        return f"between {spell_moment(first.at)} and {spell_moment(last.at)}"
    return f"on {spell(first.on)}" if first.on == last.on else f"between {spell(first.on)} and {spell(last.on)}"


def recorded_as(event: Event, record: Record) -> tuple[str, str]:
    """What stands in the place of the box, and at which hour: `GIVEN`, `09:20`; `HELD` or `NOT DONE` without one."""
    if event.status == "held":
        return held_word(event), ""
    return record.outcome.upper(), spell_clock(record.moment or record.at) if record.timed else ""


NO_BOX, NOT_RECORDED = "\u2013", "not recorded"
"""What stands in the place of the box, and of the outcome, of what has no record in a plan that is cancelled."""


def outcome_of(event: Event, record: Record) -> str:
    """What stands in the column of outcome and reason: `partly given; until 10:05; fever`. Empty where all is said."""
    ended = "" if record.end is None else f"until {spell_end(record.end, record.start.on)}"
    again = PLANNED_AGAIN if event.replaced else ""
    return "; ".join(part for part in ("partly given" if record.partly else "", ended, record.reason, again) if part)


# The foot -------------------------------------------------------------------------------------------------------------


def open_since(finding: Finding) -> tuple[str, ...]:
    """What is said of a date whose last day is the day of the sheet: until which hour, and since when it could be
    done."""
    first, last = finding.asked
    until = (f"until {spell_clock(last.at)}",) if last is not None and last.at is not None else ()
    if first is None or (first.on == finding.latest and first.at is None):
        return until
    since = (
        f"from {spell_end(first, first.on)}" if first.on == finding.latest else f"open since {spell_day_zero(first)}"
    )
    return (*until, since)


def open_until(title: str, refs: str, finding: Finding) -> str:
    """What is said of a date whose window is open."""
    return f"{title} ({refs}) until {spell_latest(finding)}"


def running_since(event: Event, day: date) -> str:
    """What is said of a thing that went on at midnight: `hydration: running since 22:00 yesterday, until 02:00`."""
    title = full_title(event.title)
    if event.start is None or event.end is None or not event.lasts:
        return f"{title}: running since {spell(event.on)}"
    since = spell_clock(event.start) if (day - event.on).days == 1 else spell_moment(event.start)
    until = spell_clock(event.end) if event.end.date() == day else spell_moment(event.end)
    return f"{title}: running since {since}{' yesterday' if (day - event.on).days == 1 else ''}, until {until}"


def and_more(count: int) -> str:
    """What stands after the first tasks of the next day, where there are more."""
    return f"and {count} more: see its sheet"


def next_sheet(later: date | None) -> str:
    """Which sheet comes after a day with nothing on the next one."""
    return f"the next sheet is of {spell(later)}" if later else "this is the last sheet"


def boilerplate(aid: str, protocol: str, zone: str, since: str) -> str:
    """What the sheet is and is not, from whose text, in which zone, and until when what was recorded is on it."""
    return f"{aid} {protocol}. {zone}. What was recorded by {since} is printed in."
