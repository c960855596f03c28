"""What an author is asked about a trial, and the answers -> Draft, or every answer that cannot be one.

“not stated” is an answer: the source leaves it open. An empty answer is a question still open.
`new_protocol` writes the file.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from schedule.files.checks import check_protocol_id, printed_text
from schedule.files.days_grammar import read_days
from schedule.files.grammar import GrammarError, read_bound, read_window
from schedule.files.table import Table
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.notation import Numbering
from schedule.model.timing import OnDays

OPEN = "not stated"
"""The answer to a question that the source leaves open."""


class Question(Struct, frozen=True, kw_only=True):
    """One question: the key of its answer, its words, an example, and what the file says beside it."""

    key: str
    words: str
    example: str
    note: str


class QuestionGroup(Struct, frozen=True, kw_only=True):
    """Things of one kind, asked for until there are no more. `when` is the question after the title."""

    key: str
    title: Question
    when: Question
    several: bool = True


TOP = (
    Question(key="id", words="The trial's number", example="NCT04290546", note="a case file names it"),
    Question(key="title", words="The trial's title", example="CIML NK Cell in Head and Neck Cancer", note="for people"),
    Question(
        key="version",
        words="Which version of its text",
        example="amendment 2 of 2026-01-15",
        note="printed on every sheet; change it with every change of the text",
    ),
    Question(key="date", words="The date of that version", example="2026-01-15", note="of that version"),
    Question(
        key="jurisdiction",
        words="Where the text applies",
        example="United States",
        note="a trial can differ from one country to the next",
    ),
    Question(
        key="numbering",
        words="Is there a day 0 (day-zero: -1, 0, +1), or not (day-one: -1, 1, 2)",
        example="day-zero",
        note='"day-zero": …, -1, 0, +1. "day-one": …, -1, 1, 2',
    ),
    Question(
        key="months",
        words="31 December + 2 months: 1 March (next-first) or the last of February (clamp)",
        example="next-first",
        note='"next-first": 31 December + 2 months = 1 March. "clamp": the last day of February',
    ),
)
SOURCE = (
    Question(
        key="title", words="The source, as it is cited", example="Abstract CT540, AACR 2022", note="as it is cited"
    ),
    Question(key="address", words="Where it can be read", example="https://doi.org/…", note="where it can be read"),
    Question(key="date", words="The date of that text", example="2022-06-15", note="of that text"),
)
DAYS_NOTE = "its days, as the source counts them"
GROUPS = (
    QuestionGroup(
        key="infusion",
        several=False,
        title=Question(
            key="title",
            words="What is given on day 0",
            example="CIML NK cells, intravenous infusion",
            note="generic names in full, no dose",
        ),
        when=Question(key="days", words="On which day", example="0", note="the day that all others are counted from"),
    ),
    QuestionGroup(
        key="lymphodepletion",
        title=Question(
            key="title",
            words="A drug of the lymphodepletion",
            example="fludarabine, intravenous infusion",
            note="generic names in full, no dose",
        ),
        when=Question(key="days", words="Its days", example="-5 to -3", note=DAYS_NOTE),
    ),
    QuestionGroup(
        key="treatments",
        title=Question(
            key="title",
            words="Another treatment",
            example="N-803, subcutaneous injection",
            note="generic names in full, no dose",
        ),
        when=Question(key="days", words="Its days", example="every 21 days x 4 from +1", note=DAYS_NOTE),
    ),
    QuestionGroup(
        key="visits",
        title=Question(
            key="title", words="A test or visit after the cells", example="assessment of response", note="for people"
        ),
        when=Question(key="days", words="Its days", example="+29, +84", note=DAYS_NOTE),
    ),
    QuestionGroup(
        key="tests",
        title=Question(
            key="title",
            words="A test that must be done before the cells",
            example="echocardiogram",
            note="a noun phrase that begins with a small letter",
        ),
        when=Question(
            key="window", words="First and last day for it", example="-28 to -1", note="first and last day for the test"
        ),
    ),
    QuestionGroup(
        key="washouts",
        title=Question(
            key="title",
            words="Something that must have ended before the cells",
            example="last dose of a systemic corticosteroid",
            note="a noun phrase that begins with a small letter",
        ),
        when=Question(key="gap", words="How long before, at least", example="4 weeks", note="at least so long before"),
    ),
    QuestionGroup(
        key="delay",
        several=False,
        title=Question(key="title", words="", example="", note=""),
        when=Question(
            key="limit",
            words="How far may the cells be delayed",
            example="7 days",
            note="how far the cells may be delayed",
        ),
    ),
)
MORE = (
    Question(
        key="quote",
        words="The source's own words for that, exactly",
        example="on days -6 to -2",
        note="the source's own words, exactly",
    ),
    Question(
        key="criterion",
        words="Where in the source they stand",
        example="Patients and methods",
        note="where in the source they stand",
    ),
)
MISSING = Question(
    key="missing",
    words="What the source leaves open, in a sentence",
    note="what the plan says until the site has given the days",
    example="The abstract does not say which drug on which day; enter the days in the site file.",
)


class DraftItem(Struct, frozen=True, kw_only=True):
    """One thing with its days, window or gap as written; empty texts are questions not answered."""

    title: str = ""
    when: str = ""
    quote: str = ""
    criterion: str = ""
    missing: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """All answers so far. `items` are by the key of their group; `origin` is the day of the infusion as days from day
    0.
    """

    top: Mapping[str, str]
    source: Mapping[str, str]
    items: Mapping[str, tuple[DraftItem, ...]]
    numbering: Numbering
    origin: int


def read_draft(data: Mapping[str, Any], name: str) -> Draft:
    """The answers in `data`. InputError with every answer that cannot be one."""
    mistakes: list[Mistake] = []
    table = Table(dict(data), Where(file=name), mistakes)
    if "format" in table:
        table.has_format_1()
    chosen = table.choice("numbering", ("day-zero", "day-one")) if "numbering" in table else None
    numbering: Numbering = "day-one" if chosen == "day-one" else "day-zero"
    if "months" in table:
        table.choice("months", ("next-first", "clamp"))
    check_protocol_id(table, table.text("id"))
    top = {
        asked.key: _day(table, "date")
        if asked.key == "date"
        else printed_text(table, "title", required=False)
        if asked.key == "title"
        else table.text(asked.key)
        for asked in TOP
    }
    holder = table.table("source")
    source = {one.key: _day(holder, "date") if one.key == "date" else holder.text(one.key) for one in SOURCE}
    holder.close()
    items: dict[str, tuple[DraftItem, ...]] = {}
    origin = 0
    for group in GROUPS:
        rows = table.each_row(group.key, f"{group.key},") if group.several else iter([table.table(group.key)])
        items[group.key] = tuple(_item(row, group, numbering, origin) for row in rows)
        if group.key == "infusion":
            origin = _origin(table.table(group.key), items[group.key][0], numbering)
    table.close()
    if mistakes:
        raise InputError(*mistakes)
    return Draft(top=top, source=source, items=items, numbering=numbering, origin=origin)


def _day(table: Table, key: str) -> str:
    day = table.day(key)
    return day.isoformat() if day else ""


def _item(row: Table, group: QuestionGroup, numbering: Numbering, origin: int) -> DraftItem:
    when = row.text(group.when.key)
    readers: dict[str, Callable[[str], object]] = {
        "days": lambda text: read_days(text, numbering), "window": lambda text: window_before(text, numbering, origin),
        "gap": _gap, "limit": _limit,
    }  # fmt: skip
    if when and not (when == OPEN and group.key not in ("infusion", "washouts")):
        row.apply(group.when.key, readers[group.when.key], when)
    found = DraftItem(
        title=printed_text(row, "title", required=False) if group.key != "delay" else "",
        when=when,
        quote=row.text("quote"),
        criterion=row.text("criterion"),
        missing=printed_text(row, "missing", required=False)
        if group.key not in ("infusion", "washouts", "delay")
        else "",
    )
    row.close()
    return found


def _origin(table: Table, infusion: DraftItem, numbering: Numbering) -> int:
    """The first day of the infusion as days from day 0, or from day 1 where there is none."""
    try:
        days = read_days(infusion.when, numbering) if infusion.when else None
    except GrammarError:
        return 0  # reported already
    if days is None:
        return 0
    first = days.occurrences[0].offset if isinstance(days, OnDays) else -1
    if first < 0 or (first > 0 and numbering == "day-zero"):
        table.mistake("days", f'"{infusion.when}" does not begin on day 0', 'write days = "0"')
        return 0
    return first


def window_before(text: str, numbering: Numbering, origin: int) -> tuple[int, int]:
    first, last = read_window(text, numbering)
    if last > origin:
        raise GrammarError(f"{text!r} reaches past the cells", "what comes after the cells is one of the visits")
    return first - origin, last - origin


def _gap(text: str) -> None:
    if not re.fullmatch(r"\d{1,4} (days?|weeks?|months?|years?)", text, re.ASCII):
        raise GrammarError(f"{text!r} is not a length of time", 'write "4 weeks", or "28 days"')
    read_bound(f"day-zero at least {text} after last")


def _limit(text: str) -> None:
    if not re.fullmatch(r"\d{1,4} (hours?|days?|weeks?)", text, re.ASCII):
        raise GrammarError(f"{text!r} is not a limit", 'write "7 days", "48 hours" or "not stated"')
    read_bound(f"day-zero at most {text} after planned-day-zero")
