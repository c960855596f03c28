"""What the timeline says in words: its title, its summary, and what stands on each lane."""

from collections.abc import Sequence
from datetime import date

from schedule.model.notation import spell, spell_range, spell_span

NO_DATE_YET = "no date yet"
LEGEND = "x a day   = every day   (-x-) a target's window", "[-] when a test must be done   < > more beyond"
"""What the signs of the timeline in plain characters mean, in two lines."""

TODAY = "today"


def zero_is_today(zero: str) -> str:
    """What stands over the line of day 0 on that day."""
    return f"{zero}, {TODAY}"


def timeline_title(code: str, number: int, of: int) -> str:
    """The picture's name; which of several it is, where the lanes need more than one."""
    return f"Timeline of {code}" + (f", part {number} of {of}" if of > 1 else "")


def timeline_summary(first: date, last: date, zero: str, lanes: int) -> str:
    """What the picture shows, for who cannot see it."""
    return (
        f"{spell_span(first, last)}. {zero}, the days on which it is feasible, and {lanes} lanes "
        "for courses, tests, screening windows and washouts. The list after the picture says the same in words."
    )


def feasible_in_picture(zero: str, met: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """`Feasible day 0: Fri 12-Jun-2026 to Thu 18-Jun-2026`, and the days that a ruling would allow."""
    text = f"Feasible {zero}: {'; '.join(met) if met else 'none'}"
    return (text, f"If the principal investigator allows it: {'; '.join(asked)}") if asked else (text,)


GROUP_TITLES = {"before": "Before", "treatment": "Treatment", "after": "After"}
"""The headings over the lanes of the timeline."""

SIGNS: tuple[tuple[str, str], ...] = (
    ("given", "given, or a last dose"),
    ("planned", "planned"),
    ("not-recorded", "past, not recorded"),
    ("held", "held"),
    ("was", "was planned here"),
    ("test-done", "window of a test, done"),
    ("test", "window of a test, due"),
    ("washout", "interval; stroke: last day"),
    ("may", "allowed · needs a decision"),
    ("dose", "day with a dose"),
)
"""What the marks of the timeline and of its months mean."""


def brief_date(day: date, year: int) -> str:
    """`Wed 10-Jun`, with the year where it is not the one that stands above the picture."""
    text = spell(day)
    return text[:-5] if day.year == year else text


def due_by(day: date, year: int) -> str:
    """`by Mon 15-Jun`."""
    return f"by {brief_date(day, year)}"


def to_repeat(name: str, *, again: bool) -> str:
    """A test that must come again says so."""
    return f"{name}: repeat" if again else name


def how_often(count: int, unit: str) -> str:
    """`3 doses`, `3 times`; empty for once."""
    if count == 1:
        return ""
    return f"{count} {unit}s" if unit and unit.isalpha() else f"{count} times"


def donors(name: str) -> str:
    """What the donor does, not the patient."""
    return f"donor: {name}"


def activity_lane(title: str, days: Sequence[tuple[date, str]], last: date) -> str:
    """`fludarabine: Wed 10-Jun-2026 given, Thu 11-Jun-2026 held, Fri 12-Jun-2026`."""
    told = [f"{spell(day)} {_said(said)}".rstrip() for day, said in days]
    until = f" to {spell(last)}" if len(days) == 1 and last > days[0][0] else ""
    return f"{title}: {', '.join(told)}{until}"


def _said(said: str) -> str:
    return "not recorded" if said == "unconfirmed" else said


def window_lane(
    title: str, done: Sequence[date], planned: Sequence[date], first: date | None, last: date | None, *, again: bool
) -> str:
    """What a test's lane says: when it was done or is planned, or that it is due, and its window."""
    told = [f"done on {spell(day)}" for day in done] + [f"planned for {spell(day)}" for day in planned]
    if again or not told:
        told.append("to be repeated" if again else "due")
    window = f"; window {spell_range(first, last)}" if first or last else ""
    return f"{title}: {', '.join(told)}{window}"


def washout_lane(title: str, done: date | None, last: date | None) -> str:
    """What a washout's lane says: the date, and the last one allowed."""
    return f"{title}: {spell(done) if done else NO_DATE_YET}" + (f"; no later than {spell(last)}" if last else "")
