"""Plans -> the board: patients as rows, two weeks of days as columns, in words short enough for a cell.

What a patient has on every day is worked out once (`strip_of`) and kept for as long as it holds
(`service/ward_kept`); a board of any two weeks is cut from the strips, so that a ward of hundreds is quick to show.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from schedule.engine.day_names import label_of
from schedule.engine.need import not_recorded
from schedule.engine.open_today import to_be_decided
from schedule.model.dates import add
from schedule.model.notation import NO_BREAK, WEEKDAYS, spell, spell_day_month, spell_range
from schedule.model.plan import Event, Plan
from schedule.model.reasons.alerts import OfFindings
from schedule.words import board as words
from schedule.words.alerts import banner_short
from schedule.words.dates import day_zero_of
from schedule.words.deadlines import donors, last_day
from schedule.words.findings import point_title
from schedule.words.plan import due_points, zero_of
from schedule.words.titles import cell_title, short

DAYS = 14
"""Columns of a board."""

Kind = Literal["infusion", "dose", "other", "donor", "last", "expires"]
SOFT_HYPHEN, WORD_JOINER = "\u00ad", "\u2060"
_NUMBERED = re.compile(r"(?<=[a-zA-Z])-(?=\d)")
_LONG, _LEAST = 9, 4
"""A word of so many letters may be divided, with so many on either side."""
_SYLLABLE = re.compile(r"(?<=[a-z])(?=(?:[cpst]h|[b-df-hj-np-tv-z])[aeiouy])")
"""Where a syllable begins: before a consonant with a vowel."""


class BoardEntry(NamedTuple):
    """One thing of a day: what it is, in a few words, and of which kind."""

    words: str
    kind: Kind


class BoardCell(NamedTuple):
    """A patient's day: `label` without the word Day, what is on it, and whether it is day 0."""

    label: str
    things: tuple[BoardEntry, ...]
    zero: bool


class Strip(Struct, frozen=True, kw_only=True):
    """What a patient has on every day of the schedule, as of one moment.

    `alert` is the banner in short; `notes` say what is open today: not recorded, to be ruled, overdue.
    """

    code: str
    named: str
    zero: date
    zero_words: str
    alert: str
    notes: tuple[str, ...]
    cancelled: bool
    things: Mapping[date, tuple[BoardEntry, ...]]
    labels: Mapping[date, str]


class BoardRow(NamedTuple):
    """One patient's line of the board."""

    code: str
    named: str
    zero: str
    alert: str
    notes: tuple[str, ...]
    cells: tuple[BoardCell, ...]


class BoardDay(NamedTuple):
    """The head of a column. `full` is the whole date; `crowd` says how many patients have their infusion then, if
    several.
    """

    weekday: str
    on: str
    full: str
    today: bool
    weekend: bool
    crowd: str


class Board(NamedTuple):
    """Two weeks of a ward. `rows` are the patients with something on these days or open; `quiet` have neither:
    code, and day 0 with its name; `gone` are those whose plan was cancelled.
    `named` is what day 0 is called, in each trial that there is."""

    title: str
    days: tuple[BoardDay, ...]
    rows: tuple[BoardRow, ...]
    quiet: tuple[tuple[str, str, str], ...]
    gone: tuple[str, ...]
    named: str


def strip_of(plan: Plan) -> Strip:
    """What the board keeps of a plan with a day 0."""
    things = _things(plan)
    return Strip(
        code=plan.case.code,
        named=plan.protocol.zero,
        zero=zero_of(plan),
        zero_words=day_zero_of(plan),
        alert=banner_short(plan),
        notes=tuple(_notes(plan)),
        cancelled=plan.standing is not None and plan.standing.cancelled,
        things={day: tuple(found) for day, found in things.items()},
        labels={day: label_of(plan, day).bare for day in things},
    )


def board(strips: Iterable[Strip], first: date, today: date) -> Board:
    """The board of the two weeks from `first` on, patients in the order of their codes."""
    days = [add(first, number, "days", "clamp") for number in range(DAYS)]
    rows, quiet, gone = [], [], []
    infusions: dict[date, list[str]] = defaultdict(list)
    named: dict[str, None] = {}
    for strip in sorted(strips, key=lambda strip: strip.code):
        named[strip.named] = None
        if strip.cancelled:
            gone.append(strip.code)
            continue
        cells = tuple(
            BoardCell(strip.labels.get(day, ""), strip.things.get(day, ()), day == strip.zero) for day in days
        )
        for day, cell in zip(days, cells, strict=True):
            if any(thing.kind == "infusion" for thing in cell.things):
                infusions[day].append(strip.named)
        if strip.alert or strip.notes or any(cell.things for cell in cells):
            rows.append(BoardRow(strip.code, strip.named, strip.zero_words, strip.alert, strip.notes, cells))
        else:
            quiet.append((strip.code, strip.named, strip.zero_words))
    heads = tuple(_head(day, today, infusions[day]) for day in days)
    return Board(spell_range(days[0], days[-1]), heads, tuple(rows), tuple(quiet), tuple(gone), _one_of(named))


def _one_of(named: Iterable[str]) -> str:
    """What day 0 is called, in each of several trials."""
    return " or ".join(sorted(set(named))) or "day 0"


def _head(day: date, today: date, infusions: list[str]) -> BoardDay:
    return BoardDay(
        weekday=WEEKDAYS[day.weekday()],
        on=spell_day_month(day),
        full=spell(day),
        today=day == today,
        weekend=day.weekday() >= 5,
        crowd=f"{len(infusions)} on {_one_of(infusions).replace(' ', NO_BREAK)}" if len(infusions) > 1 else "",
    )


def _things(plan: Plan) -> dict[date, list[BoardEntry]]:
    """The protocol's events, the last days of what is due, and the days from which a test no longer serves; the site's
    own tasks are on the sheets."""
    found: dict[date, list[BoardEntry]] = defaultdict(list)
    for event in plan.events:
        if event.task or event.status == "cancelled":
            continue
        found[event.on].append(_thing(plan, event))
        if event.last_date is not None and event.last_date > event.on:
            found[event.last_date].append(BoardEntry(last_day(_divided(cell_title(event.title))), _kind(plan, event)))
    for finding, _ in due_points(plan):
        if finding.latest is not None:
            found[finding.latest].append(BoardEntry(last_day(_divided(short(point_title(plan, finding)))), "last"))
    if plan.standing is not None and not plan.standing.infused:
        for day, titles in _expiries(plan).items():
            one = words.expires(_divided(short(titles[0])))
            what = words.tests_expire(len(titles)) if len(titles) > 1 else one
            found[day].append(BoardEntry(what, "expires"))
    return {day: list(dict.fromkeys(things)) for day, things in found.items()}


def _expiries(plan: Plan) -> dict[date, list[str]]:
    """The last day 0 that a test already done can serve, from today on, with the titles of such tests; where several
    rules ask for a test, the first to end counts."""
    last: dict[str, date] = {}
    for finding in plan.findings:
        if finding.expires is not None and finding.expires >= plan.as_of.date():
            title = point_title(plan, finding)
            last[title] = min(last.get(title, finding.expires), finding.expires)
    found: dict[date, list[str]] = defaultdict(list)
    for title, day in last.items():
        found[day].append(title)
    return found


def _kind(plan: Plan, event: Event) -> Kind:
    if event.donor:
        return "donor"
    if event.activity == plan.protocol.day_zero:
        return "infusion"
    return "dose" if event.category == "treatment" else "other"


def _thing(plan: Plan, event: Event) -> BoardEntry:
    kind = _kind(plan, event)
    known = plan.protocol.activities.get(event.activity)  # an amendment may have dropped it
    unit = known.unit if known else ""
    text = donors(_divided(unit)) if kind == "donor" else _divided(cell_title(event.title))
    if kind == "infusion" and event.start is not None:
        text += f" {event.start:%H:%M}"
    if event.status == "held":
        text = f"{words.HELD} {text}"
    elif event.status == "unconfirmed" and event.category == "treatment":
        text += f" {words.NOT_RECORDED}"
    elif event.status in ("given", "done"):
        text += f" {event.status}"
    if event.planned is not None and event.planned.on != event.on:
        text += f", {words.planned_for(event.planned.on)}"
    return BoardEntry(text, kind)


def _notes(plan: Plan) -> list[str]:
    """What is open as of now and would not be seen on a day to come."""
    notes = []
    missing = not_recorded(plan)
    if missing:
        notes.append(words.not_recorded(len(missing), missing[0].on))
    alerted = {one.ref for alert in plan.alerts if isinstance(alert, OfFindings) for one in alert.findings}
    refs = [words.of_occurrences(f.ref) for f in to_be_decided(plan) if f.ref not in alerted]
    if refs:
        notes.append(words.to_be_ruled(dict.fromkeys(refs)))
    overdue = [short(point_title(plan, finding)) for finding, _ in due_points(plan) if finding.overdue]
    if overdue:
        notes.append(words.overdue(overdue))
    return notes


def _divided(words: str) -> str:
    """The words, the long ones with a soft hyphen next to the middle:
    a narrow cell may divide them there, and not before the number of a name such as interleukin-2."""
    return " ".join(_divide(word) for word in _NUMBERED.sub(f"-{WORD_JOINER}", words).split(" "))


def _divide(word: str) -> str:
    length = len(word.partition("-")[0])
    places = [found.start() for found in _SYLLABLE.finditer(word) if _LEAST <= found.start() <= length - _LEAST]
    if length < _LONG or not places:
        return word
    place = min(places, key=lambda n: abs(2 * n - length))
    return f"{word[:place]}{SOFT_HYPHEN}{word[place:]}"
