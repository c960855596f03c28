"""That day 0 moved a short time ago, in words: one sentence for shift, board, patient, overview and sheet."""

from datetime import date

from schedule.engine.moved import MovedDayZero
from schedule.model.dates import add
from schedule.model.notation import NO_BREAK, WEEKDAYS, DayLabel, spell, spell_clock, spell_day_month, spell_moment
from schedule.model.protocol import Protocol
from schedule.words.dates import spell_day_zero

A_SHEET_IS_VOID = "An earlier sheet of this day is void."


def which_zero(moved: MovedDayZero, protocol: Protocol) -> str:
    """`Day 0`; of a cycle `Day 1 of cycle 2`."""
    zero = str(protocol.label(0))
    return zero if protocol.cycles is None else f"{zero} of cycle {moved.cycle}"


def moved_from(moved: MovedDayZero, protocol: Protocol) -> str:
    """`Day 0 moved from Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00`."""
    return f"{which_zero(moved, protocol)} moved from {spell_day_zero(moved.was)} to {spell_day_zero(moved.now)}"


def moved_when(moved: MovedDayZero) -> str:
    """`on Fri 12-Jun-2026 13:34, by a.keller`: as paper says it."""
    return f"on {spell_moment(moved.at)}{moved_by(moved)}"


def moved_lately(moved: MovedDayZero, today: date) -> str:
    """`today 13:34`, `yesterday 20:15`, `on Wed 10-Jun-2026 20:15`: as a page of that day says it."""
    if moved.at.date() == today:
        return f"today {spell_clock(moved.at)}"
    yesterday = moved.at.date() == add(today, -1, "days", "clamp")
    return f"yesterday {spell_clock(moved.at)}" if yesterday else f"on {spell_moment(moved.at)}"


def moved_to_and_fro(moved: MovedDayZero) -> str:
    """`Mon 15-Jun to Tue 16-Jun`, where the year stands beside it; `10:00 to 14:00` where the hour alone is another."""
    if moved.was.on != moved.now.on:
        return f"{_short(moved.was.on)} to {_short(moved.now.on)}"
    was, now = (spell_clock(one.at) if one.at is not None else "no hour" for one in (moved.was, moved.now))
    return f"{was} to {now} on {spell(moved.now.on)}"


def moved_in_short(moved: MovedDayZero, protocol: Protocol, today: date) -> str:
    """`Day 0 moved yesterday 20:15, Mon 15-Jun to Tue 16-Jun, by a.keller`: one line."""
    return moved_unsigned(moved, protocol, today) + moved_by(moved)


def moved_unsigned(moved: MovedDayZero, protocol: Protocol, today: date) -> str:
    """The same without who moved it: for a screen that everybody sees."""
    return f"{which_zero(moved, protocol)} moved {moved_lately(moved, today)}, {moved_to_and_fro(moved)}"


def moved_by(moved: MovedDayZero) -> str:
    """`, by a.keller`; nothing where nobody is named."""
    return f", by {moved.by}" if moved.by else ""


def nothing_on(label: DayLabel, now: date) -> str:
    """`nothing on: Day −2 is now Sun 14-Jun`: of a day that a move has emptied."""
    return f"nothing on: {label} is now {WEEKDAYS[now.weekday()]}{NO_BREAK}{spell_day_month(now)}"


def _short(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {spell_day_month(day)}"
