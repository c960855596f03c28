"""A file's text -> Protocol, or every mistake in it at once. Sites and patients are read in `reading_case`.

Nothing is guessed: an unknown key is a mistake with the nearest known one, a value that cannot be read has no
default, and every id that a rule, a course or another activity names must exist.
"""

import re
from collections.abc import Iterable
from typing import Any

from schedule.abbreviations import doses, refused
from schedule.days import MonthRule, Numbering
from schedule.errors import InputError, Mistake
from schedule.grammar import (
    AfterActivity,
    Bound,
    Days,
    OnDays,
    read_bound,
    read_days,
    read_window,
)
from schedule.protocol import (
    BASES,
    Activity,
    Attestation,
    Base,
    Category,
    Course,
    IfBroken,
    KnownDate,
    Parameter,
    Protocol,
    Quotation,
    Rule,
    RuleBound,
    Source,
    Statement,
    StatementKind,
)
from schedule.shape import Table, nearest, sha256, tables_of

RESERVED = (*BASES, "code", "protocol")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", re.ASCII)
_RULE_ID = re.compile(r"[A-Z][A-Z0-9]{0,7}(-[A-Za-z0-9]+)*\Z", re.ASCII)
_CATEGORIES: tuple[Category, ...] = ("treatment", "test", "visit", "milestone")
_IF_BROKEN: tuple[IfBroken, ...] = ("refuse", "repeat", "ask")
_KINDS: tuple[StatementKind, ...] = ("attestation", "approval", "permission", "anchor")
_NUMBERINGS: tuple[Numbering, ...] = ("day-zero", "day-one")
_MONTH_RULES: tuple[MonthRule, ...] = ("next-first", "clamp")


def printed(table: Table, key: str, *, required: bool = True) -> str:
    """A text of the author's own that will be printed: without unsafe abbreviations and without doses."""
    text = table.text(key, required=required)
    for found, instead in refused(text):
        table.mistake(key, f'"{found}" is on the "Do Not Use" list', f"write {instead}")
    for found in doses(text):
        table.mistake(key, f'"{found}" is a dose', "leave it out: doses belong to the signed order")
    return text


def why_no_point(days: Days, number: int = 1) -> str | None:
    """Why the network of bounds cannot place the `number`-th of these days, or None."""
    if isinstance(days, AfterActivity):
        return "is dated from another activity"
    if any(occurrence.months for occurrence in days.occurrences):
        return "is dated in months"
    return None if 1 <= number <= len(days.occurrences) else f"is none of its {len(days.occurrences)}"


def why_no_span(days: Days) -> str | None:
    """Why these days are not one continuous span, or None."""
    if isinstance(days, AfterActivity):
        return "are dated from another activity"
    offsets = [occurrence.offset for occurrence in days.occurrences]
    is_range = offsets == list(range(offsets[0], offsets[0] + len(offsets)))
    plain = not any(o.before or o.after or o.months for o in days.occurrences)
    return None if is_range and plain else "are not one range"


def check_id(table: Table, name: str, kind: re.Pattern[str] = _ID) -> None:
    """An id is lower case and hyphens, at most 40 characters: calendar identities and file names hang on it."""
    if not kind.match(name) or len(name) > 40:
        table.mistake("", "this is not an id", "write small letters, digits and single hyphens, such as nk-infusion")


class _Reader:
    """The parts of one protocol file, in the order in which they refer to one another."""

    def __init__(self, data: dict[str, Any], name: str, digest: str) -> None:
        self.mistakes: list[Mistake] = []
        self.top = Table(data, name, self.mistakes)
        self.digest = digest
        self.sources: dict[str, Source] = {}
        self.dates: dict[str, KnownDate] = {}
        self.parameters: dict[str, Parameter] = {}
        self.attestations: dict[str, Attestation] = {}
        self.courses: dict[str, Course] = {}
        self.activities: dict[str, Activity] = {}
        self.rules: dict[str, Rule] = {}
        self.in_bounds: set[str] = set()

    def known(self, table: Table, key: str, name: str, known: Iterable[str], kind: str) -> bool:
        known = tuple(known)
        if name in known:
            return True
        table.mistake(key, f'there is no {kind} "{name[:60]}"', nearest(name, known))
        return False

    def quotation(self, table: Table) -> Quotation | None:
        words, section = table.text("quote"), table.text("criterion")
        name = table.text("source", default=self.default_source)
        source = self.sources.get(name)
        if source is None:
            if name or words:
                self.known(table, "source", name, self.sources, "source")
            return None
        return Quotation(source=source, section=section, words=words)

    def read(self) -> Protocol:
        top = self.top
        top.has_format_1()
        self.numbering: Numbering = top.choice("numbering", _NUMBERINGS) or "day-zero"
        months: MonthRule = top.choice("months", _MONTH_RULES) or "next-first"
        self.default_source = top.text("source", required=True)
        self.read_sources()
        self.read_names()
        self.read_activities()
        self.read_rules()
        day_zero = top.text("day-zero", required=True)
        if day_zero and self.known(top, "day-zero", day_zero, self.activities, "activity"):
            self.check_anchor(day_zero)
        version_date = top.day("date", required=True)
        values = {
            "id": top.text("id", required=True),
            "title": printed(top, "title"),
            "version": top.text("version", required=True),
            "jurisdiction": top.text("jurisdiction", required=True),
        }
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", values["id"] or "A", re.ASCII):
            top.mistake("id", "this is not a protocol id", "write letters, digits and hyphens, such as NCT04024761")
        top.close()
        if self.mistakes or version_date is None:
            raise InputError(*self.mistakes)
        return Protocol(
            **values, date=version_date, sha256=self.digest, numbering=self.numbering, months=months,
            day_zero=day_zero, dates=self.dates, parameters=self.parameters, attestations=self.attestations,
            courses=self.courses, activities=self.activities, rules=self.rules, in_bounds=frozenset(self.in_bounds),
        )  # fmt: skip

    def read_sources(self) -> None:
        for name, table in self.top.each_table("sources", "source"):
            check_id(table, name)
            day = table.day("date", required=True)
            title, address = table.text("title", required=True), table.text("address", required=True)
            if day:
                self.sources[name] = Source(id=name, title=title, address=address, date=day)
            table.close()
        if self.default_source:
            self.known(self.top, "source", self.default_source, self.sources, "source")

    def read_names(self) -> None:
        for name, table in self.top.each_table("dates", "date"):
            check_id(table, name)
            if name in RESERVED:
                table.mistake("", "this name has a meaning of its own", "give the date another name")
            kind = table.choice("kind", ("last", "test"))
            self.dates[name] = KnownDate(
                name=name, title=printed(table, "title"), test=kind == "test", required=table.flag("required")
            )
            table.close()
        for name, table in self.top.each_table("parameters", "parameter"):
            check_id(table, name)
            kind = table.choice("kind", ("days", "window"))
            count = table.whole("count", 1, 400)
            if count is not None and "quote" not in table:
                table.mistake("quote", "is missing", "quote the words that state the count")
            self.parameters[name] = Parameter(
                name=name, title=printed(table, "title"), window=kind == "window", count=count,
                count_source=self.quotation(table) if count is not None else None, missing=printed(table, "missing"),
            )  # fmt: skip
            table.close()
        for name, table in self.top.each_table("attestations", "attestation"):
            check_id(table, name)
            if name in RESERVED:
                table.mistake("", "this name has a meaning of its own", "give the attestation another name")
            self.attestations[name] = Attestation(name=name, title=printed(table, "title"))
            if name in self.dates:
                table.mistake("", "a known date has the same name", "give one of them another name")
            table.close()
        for name, table in self.top.each_table("courses", "course"):
            check_id(table, name)
            base: Base = table.choice("from", BASES, "day-zero") or "day-zero"
            self.courses[name] = Course(id=name, title=printed(table, "title"), base=base)
            table.close()

    def read_activities(self) -> None:
        for name, table in self.top.each_table("activities", "activity"):
            check_id(table, name)
            course = table.text("course") or None
            base: Base = table.choice("from", BASES, "day-zero") or "day-zero"
            if course and self.known(table, "course", course, self.courses, "course"):
                if "from" in table:
                    table.mistake("from", "the course says what its days count from", "leave it out here")
                base = self.courses[course].base
            parameter = table.text("parameter") or None
            days: Days | None = table.read("days", lambda text: read_days(text, self.numbering))
            if ("days" in table) == (parameter is not None):
                table.mistake(
                    "days", "one of days and parameter is needed", 'write days = "-5 to -3", or parameter = "…"'
                )
            if (
                parameter
                and self.known(table, "parameter", parameter, self.parameters, "parameter")
                and (self.parameters[parameter].window)
            ):
                table.mistake("parameter", f'"{parameter}" is a window, not days', "name a parameter of kind days")
            quotation = self.quotation(table)
            derivation = printed(table, "derivation", required=False) or None
            if days is not None and not derivation and (quotation is None or not quotation.words):
                table.mistake("quote", "is missing", "quote the source's words, or give a derivation")
            self.activities[name] = Activity(
                id=name, title=printed(table, "title"), unit=printed(table, "unit", required=False) or "occurrence",
                category=table.choice("category", _CATEGORIES) or "visit", base=base, course=course, days=days,
                parameter=parameter, continuous=table.flag("continuous"),
                until=printed(table, "until", required=False) or None,
                donor=table.choice("who", ("patient", "donor"), "patient") == "donor", verify=table.flag("verify"),
                quotation=quotation if quotation and quotation.words else None, derivation=derivation,
            )  # fmt: skip
            self.check_span(table, self.activities[name])
            table.close()
        self.check_chains()

    def check_span(self, table: Table, activity: Activity) -> None:
        days = activity.days
        if activity.until and not (isinstance(days, OnDays) and len(days.occurrences) == 1):
            table.mistake("until", "an open end needs one first day", 'write days = "+5" and until = "counts recover"')
        if activity.until and activity.continuous:
            table.mistake("until", "a continuous range has its end", "leave one of the two out")
        if activity.continuous and days is not None and (wrong := why_no_span(days)):
            table.mistake("continuous", f"the days {wrong}", 'write days = "+5 to +35"')

    def check_chains(self) -> None:
        for activity in self.activities.values():
            table = Table({}, f'{self.top.place}, activity "{activity.id}"', self.mistakes)
            seen = [activity.id]
            days = activity.days
            while isinstance(days, AfterActivity):
                if not self.known(table, "days", days.activity, self.activities, "activity"):
                    break
                if days.activity in seen:
                    table.mistake(
                        "days", f'it waits for "{days.activity}", which waits for it', "name an earlier activity"
                    )
                    break
                seen.append(days.activity)
                days = self.activities[days.activity].days

    def check_anchor(self, day_zero: str) -> None:
        days, base = self.activities[day_zero].days, self.activities[day_zero].base
        if not isinstance(days, OnDays) or days.occurrences[0].offset != 0 or base != "day-zero":
            self.top.mistake(
                "day-zero", f'"{day_zero}" is not on the anchor day', "name the activity whose first day is day 0"
            )

    def is_point(self, table: Table, key: str, name: str) -> bool:
        """A point that the network can place: a base, a known date, or an activity dated in days from a base."""
        if name in BASES or name in self.dates:
            return True
        activity_id, number = name.partition(".")[0], 1
        if "." not in name and (match := re.fullmatch(r"(.+)-(\d{1,4})", name, re.ASCII)):
            activity_id, number = match[1], int(match[2])
        elif "." not in name:
            activity_id = ""
        activity = self.activities.get(activity_id)
        if activity is None:
            firsts = (f"{activity}.first" for activity in self.activities)
            return self.known(table, key, name, (*BASES, *self.dates, *firsts), "point")
        if activity.days is not None and (wrong := why_no_point(activity.days, number)):
            table.mistake(key, f'"{name}" {wrong}', "a bound names what is dated in days")
            return False
        self.in_bounds.add(activity_id)
        return True

    def bounds(self, table: Table, key: str, texts: Iterable[str]) -> tuple[Bound, ...]:
        found = []
        for text in texts:
            bound = table.apply(key, read_bound, text)
            if bound and self.is_point(table, key, bound.point) and self.is_point(table, key, bound.anchor):
                found.append(bound)
        return tuple(found)

    def read_rules(self) -> None:
        for name, table in self.top.each_table("rules", "rule"):
            check_id(table, name, _RULE_ID)
            quotation = self.quotation(table)
            derivation = printed(table, "derivation", required=False) or None
            if quotation is None or (not quotation.words and derivation is None):
                table.mistake("quote", "is missing", "quote the source's words, or give a derivation")
            events = table.texts("events")
            for event in events:
                self.known(table, "events", event, self.activities, "activity")
            bounds = tuple(self.rule_bound(row) for row in table.each_row("bounds", "bound"))
            statements = tuple(self.statement(row) for row in table.each_row("statements", "statement"))
            points = [bound.point for bound in bounds]
            for twice in sorted({point for point in points if points.count(point) > 1}):
                table.mistake("bounds", f'"{twice}" is judged twice', "put all that is asked of it in one entry")
            if not (events or bounds or statements):
                table.mistake("", "it checks nothing", "give it bounds, statements or events")
            title, note = printed(table, "title"), printed(table, "note", required=False)
            if quotation is not None:
                self.rules[name] = Rule(
                    id=name, title=title, quotation=quotation, derivation=derivation, note=note,
                    events=events, bounds=bounds, statements=statements,
                )  # fmt: skip
            table.close()
        refs = [statement.ref for rule in self.rules.values() for statement in rule.statements]
        for ref in {ref for ref in refs if refs.count(ref) > 1}:
            self.top.mistake("rules", f'the reference "{ref}" is used twice', "give each statement its own")

    def rule_bound(self, table: Table) -> RuleBound:
        point = table.text("point", required=True)
        if point:
            self.is_point(table, "point", point)
        window, shown = table.text("window") or None, table.flag("shown")
        safe = self.bounds(table, "safe", table.texts("safe"))
        literal = self.bounds(table, "literal", table.texts("literal")) if "literal" in table else safe
        if sum((window is not None, shown, "safe" in table)) != 1:
            table.mistake("safe", "one of safe, window and shown is needed", 'write safe = ["day-zero at least …"]')
        if "safe" in table and not table.texts("safe"):
            table.mistake("safe", "it asks nothing", "write what the rule asks, or make the rule a statement")
        if "literal" in table and "safe" not in table:
            table.mistake("literal", "it is the other reading of safe", "leave it out")
        if shown and point and not point.endswith((".first", ".last")):
            table.mistake("point", f'"{point}" cannot be shown', "name the first or the last of an activity")
        for key, needs in (("note-text", "note-when"), ("again-after-illness", "unless-attested")):
            if key in table and needs not in table:
                table.mistake(key, f"it goes with {needs}", "leave it out")
        if (
            window
            and self.known(table, "window", window, self.parameters, "parameter")
            and (not self.parameters[window].window)
        ):
            table.mistake("window", f'"{window}" is not a window', "name a parameter of kind window")
        for bound in (*safe, *literal):
            if point and point not in (bound.point, bound.anchor):
                table.mistake("point", f'"{bound}" does not speak of "{point}"', "name one of its two points")
        repeat = printed(table, "repeat", required=False) or None
        if_broken = table.choice("if-broken", _IF_BROKEN) if "if-broken" in table else None
        if (if_broken == "repeat") != (repeat is not None):
            table.mistake("repeat", 'it goes with if-broken = "repeat"', "say what is to be repeated")
        unless_attested = table.text("unless-attested") or None
        if unless_attested:
            self.known(table, "unless-attested", unless_attested, self.attestations, "attestation")
        note_when = self.bounds(table, "note-when", table.texts("note-when"))
        when = table.choice("when", ("illness-slip",)) if "when" in table else None
        found = RuleBound(
            point=point, safe=safe, literal=literal, window=window, shown=shown, if_broken=if_broken, repeat=repeat,
            aim=table.read("aim", lambda text: read_window(text, self.numbering)), unless_attested=unless_attested,
            again_after_illness=table.flag("again-after-illness"), only_after_illness=when is not None,
            note_when=note_when[0] if note_when else None, note_text=printed(table, "note-text", required=bool(note_when)),
        )  # fmt: skip
        table.close()
        return found

    def statement(self, table: Table) -> Statement:
        kind = table.choice("kind", _KINDS) or "attestation"
        attestation = table.text("attestation") or None
        if (kind in ("attestation", "approval")) != (attestation is not None):
            table.mistake("attestation", "it goes with kind attestation or approval", 'write attestation = "…"')
        if attestation:
            self.known(table, "attestation", attestation, self.attestations, "attestation")
        only_if = table.texts("only-if")
        for key in ("only-if", "again-after-illness"):
            if key in table and attestation is None:
                table.mistake(key, "it goes with an attestation", "leave it out")
        for name in only_if:
            self.known(table, "only-if", name, self.dates, "known date")
        ref = table.text("ref", required=True)
        if ref:
            check_id(table, ref, _RULE_ID)
        found = Statement(
            ref=ref, kind=kind, attestation=attestation, words=table.text("words", required=True),
            only_if=only_if, again_after_illness=table.flag("again-after-illness"),
        )  # fmt: skip
        table.close()
        return found


def read_protocol(text: str, name: str) -> Protocol:
    """The protocol in `text`; `name` is what messages call the file. InputError with every mistake there is."""
    return _Reader(tables_of(text, name), name, sha256(text)).read()
