"""What the timeline says in words: its title, its summary, and what stands on each lane."""

from collections.abc import Sequence
from datetime import date

from schedule.model.notation import spell, spell_range, spell_span

NO_DATE_YET = "no date yet"
LEGEND = "x a day   = every day   (-x-) a target's window", "[-] when a test must be done   < > more beyond"
"""What the signs of the timeline in plain characters mean, in two lines."""


def timeline_title(code: str, number: int, of: int) -> str:
    """The picture's name; which of several it is, where the lanes need more than one."""
    return f"Timeline of {code}" + (f", part {number} of {of}" if of > 1 else "")


def timeline_summary(first: date, last: date, zero: str, lanes: int) -> str:
    """What the picture shows, for who cannot see it."""
    return (
        f"{spell_span(first, last)}. {zero}, the days on which it is feasible, and {lanes} lanes "
        "for courses, tests, screening windows and washouts. The list after the picture says the same in words."
    )


def start_by(moment: str) -> str:
    """How late the infusion may start."""
    return f"start by {moment}"


def feasible_in_picture(zero: str, met: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """`Feasible day 0: Fri 12-Jun-2026 to Thu 18-Jun-2026`, and the days that a ruling would allow."""
    text = f"Feasible {zero}: {'; '.join(met) if met else 'none'}"
    return (text, f"If the principal investigator allows it: {'; '.join(asked)}") if asked else (text,)


def window_lane(done: Sequence[date], first: date | None, last: date | None, *, planned: bool) -> str:
    """What stands beside a test's lane: when it was done or is planned, or that it is due, and its window."""
    days = ", ".join(spell(day) for day in done)
    state = f"{'planned' if planned else 'done'} {days}" if done else "due"
    return f"{state}; window {spell_range(first, last)}"


def washout_lane(done: date | None, last: date | None) -> str:
    """What stands beside a washout's lane: the date, and the last one allowed."""
    return (spell(done) if done else NO_DATE_YET) + (f"; no later than {spell(last)}" if last else "")
