"""What moves, summed up in words."""

from collections.abc import Sequence
from datetime import date

from schedule.model.notation import plural, spell
from schedule.words.possible_days import apart_in_words

NO_HOUR_KNOWN = "no hour"


def all_move(label: str, on: date, by: int, excepted: Sequence[str]) -> str:
    """`Everything from Day −2 on (was Sat 13-Jun-2026) moves 1 day later, except …`"""
    return f"Everything from {label} on (was {spell(on)}) moves {apart_in_words(by)}{_except(excepted)}."


def some_move(count: int, by: int, excepted: Sequence[str]) -> str:
    """The same where less moves than stays."""
    what = "1 entry moves" if count == 1 else f"{plural(count, 'entries')} move"
    return f"{what} {apart_in_words(by)}{_except(excepted)}."


def _except(excepted: Sequence[str]) -> str:
    return f", except: {'; '.join(excepted)}" if excepted else ""


def stays(what: str, detail: str, now: str) -> str:
    """What does not move."""
    return f"{_named(what, detail)} stays, {now}"


def moves_otherwise(what: str, detail: str, now: str, by: int) -> str:
    """What moves by another number of days, or keeps its date and has another hour."""
    return f"{_named(what, detail)}, {apart_in_words(by) if by else 'the same day'}: {now}"


def _named(what: str, detail: str) -> str:
    return f"{what} ({detail})" if detail else what


def other_hour(what: str, was: str, now: str) -> str:
    """`CIML NK cells 10:00, now 09:30`."""
    return f"{what} {was or NO_HOUR_KNOWN}, now {now or NO_HOUR_KNOWN}"


def at_another_hour(told: Sequence[str]) -> str:
    """What is at another hour beside."""
    return f"At another hour: {'; '.join(told)}."


def only_hours(told: Sequence[str]) -> str:
    """Where no date moves."""
    return f"No date moves. {at_another_hour(told)}" if told else "No date moves."
