"""Events told together: the doses of one activity that move alike in one row, every old and new date still in it.

A slip moves forty events. Forty rows are four pages, and the second page is not read at night; ten rows are half a
page.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct

from schedule.engine.difference import Moved
from schedule.model.notation import MONTHS, NO_BREAK, WEEKDAYS, spell
from schedule.model.plan import Event
from schedule.model.reasons.days_off import is_weekend
from schedule.words.days_off import day_off_in_words
from schedule.words.places import is_booked, spell_place, spell_planned
from schedule.words.plan import clock_of
from schedule.words.statuses import status_in_words
from schedule.words.titles import held_word, plain_title
from schedule.words.together import NO_HOUR, WEEKEND, day_off_mark

Thing = TypeVar("Thing")

LONG_RUN = 4
"""So many days on end are told as `daily Mon 15 to Sun 28-Jun-2026`."""
SHORT = 24
"""Letters that are kept together on a line: `dose 1 to 7`."""
OFF = "*"
"""Stands after a new date that falls on a weekend, a holiday or a closure."""


class Together(Struct, frozen=True, kw_only=True):
    """Events of one activity in one row. `was` is empty where nothing moves; `now` holds every date.

    `detail` has the numbers and the hour; `site` says that it is the site's own task.
    """

    what: str
    detail: str
    was: str
    now: str
    site: bool


def spell_days(days: Sequence[date], off: Iterable[date] = ()) -> str:
    """`Tue 16, Thu 18-Jun-2026`, `daily Mon 29-Jun to Sun 12-Jul-2026`: each date once, in order.

    The month and the year stand where they change. A date of `off` has the mark of a day off after it; in a daily run
    its last date bears the mark.
    """
    marked = set(off)
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    tokens: list[tuple[str, date, bool]] = []
    for run in runs:
        if len(run) >= LONG_RUN:
            tokens += [("daily ", run[0], False), (" to ", run[-1], any(day in marked for day in run))]
        else:
            tokens += [("", day, day in marked) for day in run]
    told = ""
    for number, (before, day, starred) in enumerate(tokens):
        following = tokens[number + 1][1] if number + 1 < len(tokens) else None
        text = f"{WEEKDAYS[day.weekday()]}{NO_BREAK}{day.day:02d}"
        if following is None or (following.year, following.month) != (day.year, day.month):
            text += f"-{MONTHS[day.month - 1]}"
        if following is None or following.year != day.year:
            text += f"-{day.year:04d}"
        told += before if before == " to " else (", " if told else "") + before
        told += text + (OFF if starred else "")
    return told


def spell_numbers(numbers: Sequence[int]) -> str:
    """`1 to 7`, `1 and 3`, `1, 2 and 5 to 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [
        part
        for run in runs
        for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def number_of(events: Sequence[Event]) -> str:
    """`dose 1 to 7`, `dose 2 of 3`, or nothing where an activity is done once or its times are not numbered."""
    first = events[0]
    if first.title.numbered is None:
        return ""
    unit = first.title.numbered.unit
    numbers = [event.number for event in events]
    whole = numbers == list(range(1, first.of + 1))
    told = f"{unit} {spell_numbers(numbers)}" + ("" if whole else f" of {first.of}")
    return told.replace(" ", NO_BREAK) if len(told) <= SHORT else told


def _alike(things: Iterable[Thing], key: Callable[[Thing], object]) -> list[list[Thing]]:
    """The things in groups of one key, each group where its first one stands."""
    groups: dict[object, list[Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return list(groups.values())


def _first_to_read(event: Event) -> int:
    """Treatment before tests and visits, the site's own tasks last."""
    return 2 if event.task else 0 if event.category == "treatment" else 1


def _key(event: Event) -> tuple[object, ...]:
    """What events of one row have in common. A span, and whatever is not numbered alike, stands alone."""
    alone = event.id if event.last_date is not None else None
    return (event.activity, event.donor, plain_title(event.title), event.of if not event.task else None, alone)


def moved_together(moves: Iterable[Moved], *, zoned: bool = False) -> tuple[Together, ...]:
    """A row for what moves alike: one activity, the same hours, the same number of days. `zoned`: hours are told with
    their offset from UTC, because the clocks of another zone show them now."""

    def key(pair: Moved) -> tuple[object, ...]:
        apart = (pair.after.on - pair.before.on).days
        return (*_key(pair.after), _hour(pair.before, zoned), _hour(pair.after, zoned), apart)

    ordered = sorted(moves, key=lambda pair: _first_to_read(pair.after))
    return tuple(_moved(group, zoned) for group in _alike(ordered, key))


def _hour(event: Event, zoned: bool) -> str:
    """Its hour, with the offset from UTC where that is told."""
    return clock_of(event) + (f" {event.start:%z}" if zoned and event.start else "")


def _moved(group: Sequence[Moved], zoned: bool) -> Together:
    before, after = [pair.before for pair in group], [pair.after for pair in group]
    first, hours = after[0], (_hour(before[0], zoned), _hour(after[0], zoned))
    same = hours[0] == hours[1]
    if len(group) == 1 and not zoned:
        planned = f" ({spell_planned(first)})" if is_booked(first) and not before[0].when.is_same(first.planned) else ""
        was, now = spell_place(before[0]), spell_place(first) + (OFF if first.flags else "") + planned
    else:
        was = spell_days([event.on for event in before])
        now = spell_days([event.on for event in after], [event.on for event in after if event.flags])
        if not same:
            was, now = f"{was}, {hours[0] or NO_HOUR}", f"{now}, {hours[1] or NO_HOUR}"
    hour = hours[1] if same and (len(group) > 1 or zoned) else ""
    detail = ", ".join(part for part in (number_of(after), hour) if part)
    return Together(what=plain_title(first.title), detail=detail, was=was, now=now, site=first.task)


def stays_together(events: Iterable[Event]) -> tuple[tuple[str, tuple[Together, ...]], ...]:
    """What stays, under `HELD`, `NOT DONE`, `given` and so on: a row for what is alike, one activity at one hour."""
    found: dict[str, list[Together]] = {}
    ordered = sorted(events, key=_first_to_read)
    for group in _alike(ordered, lambda event: (*_key(event), clock_of(event), event.status, spell_planned(event))):
        first = group[0]
        if len(group) == 1:
            now = spell_place(first)
        else:
            now = spell_days([event.on for event in group]) + (f", {clock_of(first)}" if first.start else "")
        now += f" ({planned})" if (planned := spell_planned(first)) else ""
        row = Together(what=plain_title(first.title), detail=number_of(group), was="", now=now, site=first.task)
        status = held_word(first) if first.status == "held" else status_in_words(first.status)
        found.setdefault(status, []).append(row)
    not_so_first = sorted(found.items(), key=lambda pair: not pair[0].isupper())
    return tuple((status, tuple(rows)) for status, rows in not_so_first)


def days_off(events: Iterable[Event]) -> str:
    """What the mark of a day off means here: `* day off: weekend; holiday Fri 19-Jun-2026.` Empty without one."""
    found: dict[str, set[date]] = {}
    for event in events:
        for off in event.flags:
            if off.instead is not None:
                found.setdefault(f"{plain_title(event.title)}, {spell(event.on)}, {day_off_in_words(off)}", set())
            elif is_weekend(off.because):
                found.setdefault(WEEKEND, set())
            else:
                found.setdefault(day_off_in_words(off), set()).add(event.on)
    parts = [f"{reason} {spell_days(sorted(days))}".rstrip() for reason, days in found.items()]
    return day_off_mark(OFF, parts) if parts else ""
