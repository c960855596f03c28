"""Draft -> a commented protocol file, in which every number has a place for its quotation.

What was not answered stands in the file as a comment, so that the linter asks for it; nothing is filled in by the
program. What the source leaves open becomes a parameter, which the site fills.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from schedule.files.protocol_draft import (
    DAYS_NOTE,
    GROUPS,
    MISSING,
    MORE,
    OPEN,
    SOURCE,
    TOP,
    Draft,
    DraftItem,
    window_before,
)
from schedule.model.notation import plural


def drafted(draft: Draft) -> str:
    """The text of the protocol file."""
    return "\n".join(line.rstrip() for line in _Writer(draft).lines()) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _key(key: str, value: str, note: str = "", *, bare: bool = False) -> str:
    """`key = "value"  # note`; a question not answered is a comment, which the linter misses."""
    shown = f"{key} = {value if bare else _text(value)}" if value else f'# {key} = "…"'
    return f"{shown.ljust(43)} # {note}" if note and len(shown) <= 43 else shown


HEAD = (
    "# A protocol file: what one version of one trial says about time. docs/protocol-format.md explains every key.",
    "#",
    "# A line that begins with “# key =” is a question still open: take the # away and answer it. "
    "A number comes with the words",
    "# it was read from (quote), exactly as the source has them; "
    'where it follows from other words, write derivation = "…" instead.',
    "# What the source leaves open is a parameter, never a guess. Then: dayzero protocol lint THIS-FILE",
    "",
)
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

    def of(self, key: str) -> Iterator[tuple[str, DraftItem]]:
        return zip(self.ids[key], self.draft.items[key], strict=True)

    def lines(self) -> Iterator[str]:
        draft = self.draft
        yield from HEAD
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

    def test(self, rule: str, name: str, item: DraftItem) -> Iterator[str]:
        yield from ["", f"[rules.{rule}]", _key("title", _sentence(item.title, "within its window before the cells"))]
        yield from _words(item)
        yield from [f"[[rules.{rule}.bounds]]", f"point = {_text(name)}"]
        if item.when == OPEN:
            yield _key("window", f"{name}-window", "the source leaves the window open")
        elif item.when:
            first, last = window_before(item.when, self.draft.numbering, self.draft.origin)
            bounds = f"at least {plural(-last, 'days')}", f"at most {plural(-first, 'days')}"
            yield f"safe = [{', '.join(_text(f'day-zero {bound} after {name}') for bound in bounds)}]"
        else:
            yield f'# safe = ["day-zero at least 1 day after {name}", "day-zero at most … days after {name}"]'
        yield (
            '# if-broken = "repeat"                      '
            '# when a slip breaks it. Left out: the slip is not allowed; "ask": until it is allowed'
        )
        yield '# repeat = "…"                              # with "repeat": what is to be repeated'


def _sample(key: str, lines: Callable[[str, str, DraftItem], Iterable[str]]) -> Iterator[str]:
    """What one thing of a group looks like, as a comment."""
    group = next(group for group in GROUPS if group.key == key)
    item = DraftItem(title=group.title.example, when=group.when.example, quote="…", criterion="…")
    yield from ["", f"# {group.title.words}? There is none yet; one looks like this:"]
    yield from (f"#   {line}" for line in lines(key, "NAME", item) if line)


def _date(key: str, name: str, item: DraftItem) -> Iterator[str]:
    yield from ["", f"[dates.{name}]", _key("title", item.title, "completes “… no later than Sun 17-May-2026”")]
    if key == "tests":
        yield _key("kind", "test", "each rule may be served by its own date")
        yield "required = true                             # “never” is then a mistake: the trial cannot do without it"
    else:
        yield _key("kind", "last", "of several, the latest counts")


def _activity(key: str, name: str, item: DraftItem) -> Iterator[str]:
    yield from ["", f"[activities.{name}]", _key("title", item.title, "no dose: doses belong to the signed order")]
    unit = {"infusion": "infusion", "visits": "visit"}.get(key, "dose")
    yield _key("unit", unit, "as in “dose 2 of 3”")
    if key == "lymphodepletion":
        yield _key("course", "lymphodepletion")
    if item.when == OPEN:
        yield _key("parameter", f"{name}-days", "the source leaves the days open")
    else:
        yield _key("days", item.when, DAYS_NOTE)
    yield _key("category", "test" if key == "visits" else "treatment", "treatment, test, visit or milestone")
    if key != "visits":
        yield "verify = true                               # the sheet has room for a second person's initials"
    yield from _words(item)


def _washout(rule: str, name: str, item: DraftItem) -> Iterator[str]:
    yield from ["", f"[rules.{rule}]", _key("title", _sentence(item.title, "long enough before the cells"))]
    yield from _words(item)
    if item.when:
        note = f"Exactly {item.when} can be read either way; the principal investigator must decide."
        yield _key("note", note, "take it out, with literal, where the source leaves no doubt")
    yield from [f"[[rules.{rule}.bounds]]", f"point = {_text(name)}"]
    if item.when:
        yield f'safe = ["day-zero more than {item.when} after {name}"]'
        yield f'literal = ["day-zero at least {item.when} after {name}"]'
    else:
        yield f'# safe = ["day-zero more than … weeks after {name}"]'


def _delay(item: DraftItem) -> Iterator[str]:
    yield from ["", "[rules.DELAY]", 'title = "How far the cells may be delayed"']
    if item.when == OPEN and not item.quote:
        yield 'derivation = "the source states no limit of a delay"'
    else:
        yield from _words(item)
    yield from ["[[rules.DELAY.bounds]]", 'point = "day-zero"']
    if item.when == OPEN:
        yield _key("limit", OPEN, "any slip is for the principal investigator to decide")
    elif item.when:
        yield f'safe = ["day-zero at most {item.when} after planned-day-zero"]'
        yield _key("if-broken", "refuse", '"ask": refused until the principal investigator has allowed it')
    else:
        yield (
            '# limit = "not stated"                      '
            '# or: safe = ["day-zero at most 7 days after planned-day-zero"]'
        )


def _sentence(title: str, rest: str) -> str:
    return f"{title[0].upper()}{title[1:]}: {rest}" if title else ""


def _words(item: DraftItem) -> Iterable[str]:
    yield _key("criterion", item.criterion, MORE[1].note)
    yield _key("quote", item.quote, MORE[0].note)
