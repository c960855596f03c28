"""What a feed is called, and what a day says where a feed shows days alone: nothing of what is done on it."""

from collections.abc import Iterable

from schedule.model.acts import Act
from schedule.model.kept import Row
from schedule.model.notation import plural, spell
from schedule.words.alerts import heading


def first_heading(row: Row) -> str:
    """The heading of the first alert, which names no rule and no treatment; nothing where there is none."""
    return next(map(heading, row.projection.alerts), "")


def calendar_name(row: Row) -> str:
    """What the calendar of one patient is called."""
    head = first_heading(row)
    return f"{row.act.code} revision {row.act.revision}" + (f" - {head}" if head else "")


def calendar_description(act: Act) -> str:
    """What is said of the calendar of one patient's days."""
    return f"{act.code}: {_made(act)}."


def ward_name(count: int, names: Iterable[str]) -> str:
    """What the calendar of the whole ward is called."""
    return f"Ward, {plural(count, 'patients')}: {ward_description(names)}"


def ward_description(names: Iterable[str]) -> str:
    """Whose calendars they are."""
    return "; ".join(names)


def _made(act: Act) -> str:
    return f"revision {act.revision} of {spell(act.at.date())} {act.at:%H:%M} UTC"
