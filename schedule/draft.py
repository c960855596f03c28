"""An author's answers -> a commented protocol file, in which every number has a place for its quotation.

What was not answered stands in the file as a comment, so that the linter asks for it; nothing is filled in by the
program. “not stated” is an answer: it becomes a parameter, which the site fills.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schedule.abbreviations import doses, refused
from schedule.days import Numbering, plural
from schedule.errors import InputError, Mistake
from schedule.grammar import GrammarError, OnDays, read_bound, read_days, read_window
from schedule.shape import Table

OPEN = "not stated"
"""The answer to a question that the source leaves open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: the key of its answer, its words, an example, and what the file says beside it."""

    key: str
    words: str
    example: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Things of one kind, asked for until there are no more. `when` is the question after the title."""

    key: str
    title: Asked
    when: Asked
    several: bool = True


TOP = (
    Asked(key="id", words="The trial's number", example="NCT04290546", note="a case file names it"),
    Asked(key="title", words="The trial's title", example="CIML NK Cell in Head and Neck Cancer", note="for people"),
    Asked(key="version", words="Which version of its text", example="amendment 2 of 2026-01-15", note="printed on every sheet; change it with every change of the text"),
    Asked(key="date", words="The date of that version", example="2026-01-15", note="of that version"),
    Asked(key="jurisdiction", words="Where the text applies", example="United States", note="a trial can differ from one country to the next"),
    Asked(key="numbering", words="Is there a day 0 (day-zero: -1, 0, +1), or not (day-one: -1, 1, 2)", example="day-zero", note='"day-zero": …, -1, 0, +1. "day-one": …, -1, 1, 2'),
    Asked(key="months", words="31 December + 2 months: 1 March (next-first) or the last of February (clamp)", example="next-first", note='"next-first": 31 December + 2 months = 1 March. "clamp": the last day of February'),
)  # fmt: skip
SOURCE = (
    Asked(key="title", words="The source, as it is cited", example="Abstract CT540, AACR 2022", note="as it is cited"),
    Asked(key="address", words="Where it can be read", example="https://doi.org/…", note="where it can be read"),
    Asked(key="date", words="The date of that text", example="2022-06-15", note="of that text"),
)
_DAYS = "its days, as the source counts them"
GROUPS = (
    Group(
        key="infusion", several=False,
        title=Asked(key="title", words="What is given on day 0", example="CIML NK cells, intravenous infusion", note="generic names in full, no dose"),
        when=Asked(key="days", words="On which day", example="0", note="the day that all others are counted from"),
    ),
    Group(
        key="lymphodepletion",
        title=Asked(key="title", words="A drug of the lymphodepletion", example="fludarabine, intravenous infusion", note="generic names in full, no dose"),
        when=Asked(key="days", words="Its days", example="-5 to -3", note=_DAYS),
    ),
    Group(
        key="treatments",
        title=Asked(key="title", words="Another treatment", example="N-803, subcutaneous injection", note="generic names in full, no dose"),
        when=Asked(key="days", words="Its days", example="every 21 days x 4 from +1", note=_DAYS),
    ),
    Group(
        key="visits",
        title=Asked(key="title", words="A test or visit after the cells", example="assessment of response", note="for people"),
        when=Asked(key="days", words="Its days", example="+29, +84", note=_DAYS),
    ),
    Group(
        key="tests",
        title=Asked(key="title", words="A test that must be done before the cells", example="echocardiogram", note="a noun phrase that begins with a small letter"),
        when=Asked(key="window", words="First and last day for it", example="-28 to -1", note="first and last day for the test"),
    ),
    Group(
        key="washouts",
        title=Asked(key="title", words="Something that must have ended before the cells", example="last dose of a systemic corticosteroid", note="a noun phrase that begins with a small letter"),
        when=Asked(key="gap", words="How long before, at least", example="4 weeks", note="at least so long before"),
    ),
    Group(
        key="delay", several=False,
        title=Asked(key="title", words="", example="", note=""),
        when=Asked(key="limit", words="How far may the cells be delayed", example="7 days", note="how far the cells may be delayed"),
    ),
)  # fmt: skip
MORE = (
    Asked(key="quote", words="The source's own words for that, exactly", example="on days -6 to -2", note="the source's own words, exactly"),
    Asked(key="criterion", words="Where in the source they stand", example="Patients and methods", note="where in the source they stand"),
)  # fmt: skip
MISSING = Asked(
    key="missing", words="What the source leaves open, in a sentence", note="what the plan says until the site has given the days",
    example="The abstract does not say which drug on which day; enter the days in the site file.",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing with its days, window or gap as written; empty texts are questions not answered."""

    title: str = ""
    when: str = ""
    quote: str = ""
    criterion: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All answers so far. `items` are by the key of their group; `origin` is the day of the infusion as days from day 0."""

    top: Mapping[str, str]
    source: Mapping[str, str]
    items: Mapping[str, tuple[Item, ...]]
    numbering: Numbering
    origin: int


def read_draft(data: Mapping[str, Any], name: str) -> Draft:
    """The answers in `data`. InputError with every answer that cannot be one."""
    mistakes: list[Mistake] = []
    table = Table(dict(data), name, mistakes)
    if "format" in table:
        table.has_format_1()
    chosen = table.choice("numbering", ("day-zero", "day-one")) if "numbering" in table else None
    numbering: Numbering = "day-one" if chosen == "day-one" else "day-zero"
    if "months" in table:
        table.choice("months", ("next-first", "clamp"))
    found_id = table.text("id")
    if found_id and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", found_id, re.ASCII):
        table.mistake("id", "this is not a protocol id", "write letters, digits and hyphens, such as NCT04024761")
    top = {
        asked.key: _day(table, "date") if asked.key == "date" else _own(table, asked.key, printed=asked.key == "title")
        for asked in TOP
    }
    holder = table.table("source")
    source = {one.key: _day(holder, "date") if one.key == "date" else holder.text(one.key) for one in SOURCE}
    holder.close()
    items: dict[str, tuple[Item, ...]] = {}
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


def _own(table: Table, key: str, *, printed: bool = True) -> str:
    text = table.text(key)
    for word, instead in refused(text) if printed else ():
        table.mistake(key, f'"{word}" is on the "Do Not Use" list', f"write {instead}")
    for word in doses(text) if printed else ():
        table.mistake(key, f'"{word}" is a dose', "leave it out: doses belong to the signed order")
    return text


def _day(table: Table, key: str) -> str:
    day = table.day(key)
    return day.isoformat() if day else ""


def _item(row: Table, group: Group, numbering: Numbering, origin: int) -> Item:
    when = row.text(group.when.key)
    readers: dict[str, Callable[[str], object]] = {
        "days": lambda text: read_days(text, numbering), "window": lambda text: _before(text, numbering, origin),
        "gap": _gap, "limit": _limit,
    }  # fmt: skip
    if when and not (when == OPEN and group.key not in ("infusion", "washouts")):
        row.apply(group.when.key, readers[group.when.key], when)
    found = Item(
        title=_own(row, "title") if group.key != "delay" else "", when=when, quote=row.text("quote"),
        criterion=row.text("criterion"), missing=_own(row, "missing") if group.key not in ("infusion", "washouts", "delay") else "",
    )  # fmt: skip
    row.close()
    return found


def _origin(table: Table, infusion: Item, numbering: Numbering) -> int:
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


def _before(text: str, numbering: Numbering, origin: int) -> tuple[int, int]:
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


# The file --------------------------------------------------------------------------------------------------------------


def file_of(draft: Draft) -> str:
    """The text of the protocol file."""
    return "\n".join(line.rstrip() for line in _Writer(draft).lines()) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _key(key: str, value: str, note: str = "", *, bare: bool = False) -> str:
    """`key = "value"  # note`; a question not answered is a comment, which the linter misses."""
    shown = f"{key} = {value if bare else _text(value)}" if value else f'# {key} = "…"'
    return f"{shown.ljust(43)} # {note}" if note and len(shown) <= 43 else shown


_COURSE = (
    "", "[courses.lymphodepletion]", 'title = "Lymphodepletion"',
    _key("from", "planned-day-zero", "once begun, it stays where it is when day 0 slips"),
)  # fmt: skip


def _heading(words: str) -> list[str]:
    return ["", "", f"# {words} {'-' * (110 - len(words))}"]


class _Writer:
    """The parts of the file, each thing under an id of its own."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.taken: set[str] = {"planned-day-zero", "day-zero", "code", "protocol"}
        self.ids = {
            key: [self.id_of(item.title, key) for item in items] for key, items in draft.items.items() if key != "delay"
        }

    def id_of(self, title: str, kind: str) -> str:
        """A short name from the first words of a title, as no other thing has it."""
        plain = unicodedata.normalize("NFKD", title.split(",")[0]).encode("ascii", "ignore").decode().lower()
        if kind == "washouts":
            plain = re.sub(r"^(?:last|final) (?:doses? of )?(?:an? |the )?", "", plain) + " last" * bool(plain)
        words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        while len(words) > 30:
            words = words.rpartition("-")[0] or words[:30]
        words = words if words[:1].isalpha() else f"{kind.rstrip('s')}-{words}".strip("-")
        name, letter = words, "b"
        while name in self.taken:
            name, letter = f"{words}-{letter}", chr(ord(letter) + 1)
        self.taken |= {name, f"{name}-days", f"{name}-window"}
        return name

    def of(self, key: str) -> Iterator[tuple[str, Item]]:
        return zip(self.ids[key], self.draft.items[key], strict=True)

    def lines(self) -> Iterator[str]:
        draft = self.draft
        yield "# A protocol file: what one version of one trial says about time. docs/protocol-format.md explains every key."
        yield "#"
        yield "# A line that begins with “# key =” is a question still open: take the # away and answer it. A number comes with the words"
        yield '# it was read from (quote), exactly as the source has them; where it follows from other words, write derivation = "…" instead.'
        yield "# What the source leaves open is a parameter, never a guess. Then: dayzero protocol lint THIS-FILE"
        yield ""
        yield _key("format", "1", "the version of this file format, always first", bare=True)
        for asked in TOP:
            yield _key(asked.key, draft.top[asked.key], asked.note, bare=asked.key == "date")
        yield _key("day-zero", self.ids["infusion"][0], "the activity whose first day all others are counted from")
        yield _key("source", "record", "where quotations come from, unless an entry names another source")
        yield from _heading("Sources")
        yield from ["", "[sources.record]"]
        for asked in SOURCE:
            yield _key(asked.key, draft.source[asked.key], asked.note, bare=asked.key == "date")
        yield from self.dates()
        yield from self.parameters()
        yield from self.activities()
        yield from self.rules()

    def dates(self) -> Iterator[str]:
        yield from _heading("Known dates of a patient")
        for key in ("tests", "washouts"):
            for name, item in self.of(key):
                yield from _date(key, name, item)
            if not self.draft.items[key]:
                yield from _sample(key, _date)

    def parameters(self) -> Iterator[str]:
        yield from _heading("What the source leaves to the site")
        for key in ("lymphodepletion", "treatments", "visits", "tests"):
            kind = "window" if key == "tests" else "days"
            for name, item in self.of(key):
                if item.when == OPEN:
                    yield from ["", f"[parameters.{name}-{kind}]"]
                    yield _key("title", f"{kind} of: {item.title}" if item.title else "", "what it is, for people")
                    yield _key("kind", kind)
                    yield _key("missing", item.missing, MISSING.note)

    def activities(self) -> Iterator[str]:
        yield from _heading("Courses and activities")
        if self.draft.items["lymphodepletion"]:
            yield from _COURSE
        for key in ("lymphodepletion", "infusion", "treatments", "visits"):
            for name, item in self.of(key):
                yield from _activity(key, name, item)
            if not self.draft.items[key]:
                yield from _sample(key, _activity)
                if key == "lymphodepletion":
                    yield from (f"#   {line}" for line in _COURSE if line)

    def rules(self) -> Iterator[str]:
        yield from _heading("Rules")
        ids = [name for key in ("lymphodepletion", "infusion", "treatments", "visits") for name in self.ids[key]]
        yield from ["", "[rules.DAYS]", 'title = "The days of this trial"']
        yield 'derivation = "the words stand with each activity"'
        yield f"events = [{', '.join(map(_text, ids))}]"
        for number, (name, item) in enumerate(self.of("tests"), 1):
            yield from self.test(f"TEST{number}", name, item)
        if not self.draft.items["tests"]:
            yield from _sample("tests", lambda _, name, item: self.test("TEST1", name, item))
        for number, (name, item) in enumerate(self.of("washouts"), 1):
            yield from _washout(f"LAST{number}", name, item)
        if not self.draft.items["washouts"]:
            yield from _sample("washouts", lambda _, name, item: _washout("LAST1", name, item))
        yield from _delay(self.draft.items["delay"][0])

    def test(self, rule: str, name: str, item: Item) -> Iterator[str]:
        yield from ["", f"[rules.{rule}]", _key("title", _sentence(item.title, "within its window before the cells"))]
        yield from _words(item)
        yield from [f"[[rules.{rule}.bounds]]", f"point = {_text(name)}"]
        if item.when == OPEN:
            yield _key("window", f"{name}-window", "the source leaves the window open")
        elif item.when:
            first, last = _before(item.when, self.draft.numbering, self.draft.origin)
            bounds = f"at least {plural(-last, 'days')}", f"at most {plural(-first, 'days')}"
            yield f"safe = [{', '.join(_text(f'day-zero {bound} after {name}') for bound in bounds)}]"
        else:
            yield f'# safe = ["day-zero at least 1 day after {name}", "day-zero at most … days after {name}"]'
        yield '# if-broken = "repeat"                      # when a slip breaks it. Left out: the slip is refused; "ask": until it is allowed'
        yield '# repeat = "…"                              # with "repeat": what is to be repeated'


def _sample(key: str, lines: Callable[[str, str, Item], Iterable[str]]) -> Iterator[str]:
    """What one thing of a group looks like, as a comment."""
    group = next(group for group in GROUPS if group.key == key)
    item = Item(title=group.title.example, when=group.when.example, quote="…", criterion="…")
    yield from ["", f"# {group.title.words}? There is none yet; one looks like this:"]
    yield from (f"#   {line}" for line in lines(key, "NAME", item) if line)


def _date(key: str, name: str, item: Item) -> Iterator[str]:
    yield from ["", f"[dates.{name}]", _key("title", item.title, "completes “… no later than Sun 17-May-2026”")]
    if key == "tests":
        yield _key("kind", "test", "each rule may be served by its own date")
        yield "required = true                             # “never” is then a mistake: the trial cannot do without it"
    else:
        yield _key("kind", "last", "of several, the latest counts")


def _activity(key: str, name: str, item: Item) -> Iterator[str]:
    yield from ["", f"[activities.{name}]", _key("title", item.title, "no dose: doses belong to the signed order")]
    unit = {"infusion": "infusion", "visits": "visit"}.get(key, "dose")
    yield _key("unit", unit, "as in “dose 2 of 3”")
    if key == "lymphodepletion":
        yield _key("course", "lymphodepletion")
    if item.when == OPEN:
        yield _key("parameter", f"{name}-days", "the source leaves the days open")
    else:
        yield _key("days", item.when, _DAYS)
    yield _key("category", "test" if key == "visits" else "treatment", "treatment, test, visit or milestone")
    if key != "visits":
        yield "verify = true                               # the sheet has room for a second person's initials"
    yield from _words(item)


def _washout(rule: str, name: str, item: Item) -> Iterator[str]:
    yield from ["", f"[rules.{rule}]", _key("title", _sentence(item.title, "long enough before the cells"))]
    yield from _words(item)
    if item.when:
        note = f"Exactly {item.when} can be read either way; the principal investigator confirms."
        yield _key("note", note, "take it out, with literal, where the source leaves no doubt")
    yield from [f"[[rules.{rule}.bounds]]", f"point = {_text(name)}"]
    if item.when:
        yield f'safe = ["day-zero more than {item.when} after {name}"]'
        yield f'literal = ["day-zero at least {item.when} after {name}"]'
    else:
        yield f'# safe = ["day-zero more than … weeks after {name}"]'


def _delay(item: Item) -> Iterator[str]:
    yield from ["", "[rules.DELAY]", 'title = "How far the cells may be delayed"']
    if item.when == OPEN and not item.quote:
        yield 'derivation = "the source states no limit of a delay"'
    else:
        yield from _words(item)
    yield from ["[[rules.DELAY.bounds]]", 'point = "day-zero"']
    if item.when == OPEN:
        yield _key("limit", OPEN, "any slip is for the principal investigator to confirm")
    elif item.when:
        yield f'safe = ["day-zero at most {item.when} after planned-day-zero"]'
        yield _key("if-broken", "refuse", '"ask": refused until the principal investigator has allowed it')
    else:
        yield '# limit = "not stated"                      # or: safe = ["day-zero at most 7 days after planned-day-zero"]'


def _sentence(title: str, rest: str) -> str:
    return f"{title[0].upper()}{title[1:]}: {rest}" if title else ""


def _words(item: Item) -> Iterable[str]:
    yield _key("criterion", item.criterion, MORE[1].note)
    yield _key("quote", item.quote, MORE[0].note)
