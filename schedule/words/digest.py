"""What the mail of a morning says: codes, days and counts alone, since mail servers log subjects."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from schedule.model.notation import DayLabel, plural, spell
from schedule.words.calendar import day_in_title
from schedule.words.publishing import ChannelLine

NOTHING = "nobody"
AID = "Schedule aid, not an order. Codes and counts alone: look at the shift page for what it is."


class DigestRow(NamedTuple):
    """One patient on a day: what the day is called, and how many items there are."""

    code: str
    label: DayLabel
    items: int


def digest_subject(day: date, missing: Iterable[DigestRow], lines: Iterable[ChannelLine]) -> str:
    """`Dayzero, Fri 12-Jun-2026: 2 patients with something not recorded; a calendar did NOT move`."""
    count, wrong = len(tuple(missing)), any(line.loud for line in lines)
    said = f"{plural(count, 'patients')} with something not recorded" if count else "everything recorded"
    return f"Dayzero, {spell(day)}: {said}{'; a calendar did NOT move' if wrong else ''}"


def digest_text(
    day: date,
    missing: Iterable[DigestRow],
    today: Iterable[DigestRow],
    tomorrow: Iterable[DigestRow],
    lines: Iterable[ChannelLine],
) -> str:
    """The mail: what is not recorded, what is due today and tomorrow, and how the calendars stand."""
    parts = [
        f"As of the morning of {spell(day)}.",
        _listed("Not recorded", missing),
        _listed("Due today", today),
        _listed("Due tomorrow", tomorrow),
        "\n".join(["Calendars:", *(f"  {line}" for line in lines)]),
        AID,
    ]
    return "\n\n".join(parts)


def _listed(title: str, rows: Iterable[DigestRow]) -> str:
    said = [f"  {one.code}, {day_in_title(one.label, off=False)}: {plural(one.items, 'items')}" for one in rows]
    return "\n".join([f"{title}:", *(said or [f"  {NOTHING}"])])
