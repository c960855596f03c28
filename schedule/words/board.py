"""What a cell of the board says, in words short enough for it."""

from collections.abc import Iterable
from datetime import date

from schedule.model.notation import NO_BREAK, spell, spell_day_month

NOT_RECORDED = f"not{NO_BREAK}recorded"
HELD = "HELD"


def expires(what: str) -> str:
    """A test that no longer serves after the day."""
    return f"{what} expires"


def tests_expire(count: int) -> str:
    """Several such tests."""
    return f"{count} tests expire"


def planned_for(day: date) -> str:
    """The planned day of what lies on another."""
    return f"planned{NO_BREAK}{spell_day_month(day)}"


def not_recorded(count: int, since: date) -> str:
    """How many doses are past and not recorded."""
    return f"Not recorded: {count}, since {spell(since)}"


OF_OCCURRENCES = {
    "place": "dates off their place", "booking": "bookings", "near": "doses too near", "surplus": "doses too many",
    "window": "windows",
}  # fmt: skip


def of_occurrences(ref: str) -> str:
    """What is found of single occurrences; a rule by its number."""
    return OF_OCCURRENCES.get(ref, ref)


def to_be_ruled(refs: Iterable[str]) -> str:
    """Which rules the principal investigator must decide."""
    return f"To be ruled: {', '.join(refs)}"


def overdue(titles: Iterable[str]) -> str:
    """Which tests are overdue."""
    return f"Overdue: {', '.join(titles)}"
