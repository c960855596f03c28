"""A file's text -> Protocol, or every mistake in it at once. Sites and patients are read in `reading_case`.

Nothing is guessed: an unknown key is a mistake with the nearest known one, a value that cannot be read has no
default, and every id that a rule, a course or another activity names must exist.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from schedule.files.abbreviations import doses, refused
from schedule.files.grammar import (
    read_apart,
    read_at_most,
    read_bound,
    read_days,
    read_length,
    read_numbers,
    read_only,
    read_point,
    read_window,
)
from schedule.files.table import Table, tables_of
from schedule.model.errors import InputError, Mistake, Place, named_step
from schedule.model.notation import MonthRule, Numbering
from schedule.model.protocol import (
    Activity,
    Attestation,
    ByChoice,
    Category,
    Choice,
    Course,
    Cycles,
    DateKind,
    DaysParameter,
    IfBroken,
    JudgedBound,
    KnownDate,
    LeftToSite,
    Parameter,
    Protocol,
    Quotation,
    Rule,
    RuleBound,
    ShownDistance,
    SiteWindow,
    Source,
    Spacing,
    StatedCount,
    Statement,
    StatementKind,
    UnstatedLimit,
    WindowParameter,
    cycle_name,
)
from schedule.model.text import nearest, sha256
from schedule.model.timing import (
    BASES,
    DAY_ZERO,
    PLANNED_DAY_ZERO,
    AfterActivity,
    Base,
    Bound,
    CompletionOf,
    Days,
    DayZeroPoint,
    EachOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    OnDays,
    Only,
    PlannedDayZeroPoint,
    Point,
    shifted,
)

RESERVED = (*map(str, BASES), "code", "protocol")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", re.ASCII)
_RULE_ID = re.compile(r"[A-Z][A-Z0-9]{0,7}(-[A-Za-z0-9]+)*\Z", re.ASCII)
_CATEGORIES: tuple[Category, ...] = ("treatment", "test", "visit", "milestone")
_IF_BROKEN: tuple[IfBroken, ...] = ("refuse", "repeat", "ask")
_KINDS: tuple[StatementKind, ...] = ("attestation", "approval", "permission", "anchor")
_DATE_KINDS: tuple[DateKind, ...] = ("last", "test", "start")
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
    """Why the network of bounds cannot place the `number`-th of these days, or None. Days counted from another activity are
    placed with it."""
    if isinstance(days, AfterActivity):
        if "hours" in (days.unit, days.step_unit):
            return "is dated in hours from another activity"
        return "is dated in months" if {days.unit, days.step_unit} & {"months", "years"} else None
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


def _later(days: Days | LeftToSite | ByChoice, by: int) -> Days | LeftToSite | ByChoice:
    """The days an activity states, counted from a point that lies `by` days later."""
    match days:
        case OnDays() | AfterActivity():
            return shifted(days, by)
        case ByChoice(choice=choice, options=options):
            return ByChoice(choice=choice, options={name: shifted(one, by) for name, one in options.items()})
        case LeftToSite():
            return days
        case _:
            assert_never(days)


class _Reader:
    """The parts of one protocol file, in the order in which they refer to one another."""

    def __init__(self, data: dict[str, Any], name: str, digest: str) -> None:
        self.mistakes: list[Mistake] = []
        self.top = Table(data, Place(file=name), self.mistakes)
        self.digest = digest
        self.sources: dict[str, Source] = {}
        self.dates: dict[str, KnownDate] = {}
        self.parameters: dict[str, Parameter] = {}
        self.attestations: dict[str, Attestation] = {}
        self.choices: dict[str, Choice] = {}
        self.cycles: Cycles | None = None
        self.origin = 0
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
        self.read_choices()
        self.read_cycles()
        self.read_courses()
        self.read_activities()
        day_zero = top.text("day-zero", required=True)
        if day_zero and self.known(top, "day-zero", day_zero, self.activities, "activity"):
            self.count_from(day_zero)
        self.read_rules()
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
            choices=self.choices, cycles=self.cycles, origin=self.origin,
        )  # fmt: skip

    def read_sources(self) -> None:
        for name, table in self.top.each_table("sources", "source"):
            check_id(table, name)
            day = table.day("date", required=True)
            title, address = table.text("title", required=True), table.text("address", required=True)
            self.sources[name] = Source(id=name, title=title, address=address, date=day or date.max)
            table.close()
        if self.default_source:
            self.known(self.top, "source", self.default_source, self.sources, "source")

    def read_names(self) -> None:
        for name, table in self.top.each_table("dates", "date"):
            check_id(table, name)
            if name in RESERVED:
                table.mistake("", "this name has a meaning of its own", "give the date another name")
            kind = table.choice("kind", _DATE_KINDS)
            self.dates[name] = KnownDate(
                name=name, title=printed(table, "title"), kind=kind or "last", required=table.flag("required"),
            )  # fmt: skip
            table.close()
        for name, table in self.top.each_table("parameters", "parameter"):
            check_id(table, name)
            form = table.choice("kind", ("days", "window"))
            count = table.whole("count", 1, 400)
            if count is not None and "quote" not in table:
                table.mistake("quote", "is missing", "quote the words that state the count")
            title = printed(table, "title")
            stated = StatedCount(number=count, quotation=self.quotation(table)) if count is not None else None
            missing = printed(table, "missing")
            self.parameters[name] = (
                WindowParameter(name=name, title=title, missing=missing) if form == "window"
                else DaysParameter(name=name, title=title, missing=missing, count=stated)
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

    def read_choices(self) -> None:
        for name, table in self.top.each_table("choices", "choice"):
            check_id(table, name)
            if name in (*RESERVED, *self.dates, *self.attestations):
                table.mistake("", "this name is taken", "give the choice another name")
            holder = table.table("options")
            options = {}
            for option in holder.data:
                check_id(Table({}, holder.at(option[:60]), self.mistakes), option)
                options[option] = printed(holder, option)
            if len(options) < 2:
                table.mistake("options", f"{len(options)} is not a choice", "name two options or more")
            self.choices[name] = Choice(name=name, title=printed(table, "title"), options=options)
            table.close()

    def read_cycles(self) -> None:
        if "cycles" not in self.top:
            return
        table = self.top.table("cycles")
        length = table.read("length", read_length, required=True)
        count = table.whole("count", 2, 99)
        if count is None and "count" not in table:
            table.mistake("count", "is missing", "write count = 2")
        self.need_words(table)
        table.close()
        if length is None or count is None:
            return
        self.cycles = Cycles(length=length, count=count)
        for number in range(2, count + 1):
            name = cycle_name(number)
            if name in self.dates or name in self.attestations:
                table.mistake(
                    "", f'"{name}" is the date on which that cycle begins', "give the other thing another name"
                )
            title = f"first day of cycle {number}, if it is another than planned"
            self.dates[name] = KnownDate(name=name, title=title, kind="cycle-start", required=False)

    def need_words(self, table: Table) -> tuple[Quotation | None, str | None]:
        """The quotation or derivation that a part must have; a mistake where it has neither."""
        quotation = self.quotation(table)
        derivation = printed(table, "derivation", required=False) or None
        if derivation is None and (quotation is None or not quotation.words):
            table.mistake("quote", "is missing", "quote the source's words, or give a derivation")
        return quotation, derivation

    def base(self, table: Table) -> Base:
        bases: dict[str, Base] = {str(base): base for base in BASES}
        bases |= {name: KnownDatePoint(name) for name, known in self.dates.items() if known.start}
        return bases[table.choice("from", bases, str(DAY_ZERO)) or str(DAY_ZERO)]

    def read_courses(self) -> None:
        for name, table in self.top.each_table("courses", "course"):
            check_id(table, name)
            base, repeatable = self.base(table), table.flag("repeatable")
            if repeatable:
                self.need_words(table)
                if base != PLANNED_DAY_ZERO:
                    table.mistake(
                        "repeatable", "it is not counted from planned day 0", 'write from = "planned-day-zero"'
                    )
            self.courses[name] = Course(id=name, title=printed(table, "title"), base=base, repeatable=repeatable)
            table.close()

    def only(self, table: Table) -> tuple[Only, ...]:
        """The conditions under `only-if`, of choices and options that there are."""
        found = []
        for text in table.texts("only-if"):
            only = table.apply("only-if", read_only, text)
            if only and self.known(table, "only-if", only.choice, self.choices, "choice"):
                options = self.choices[only.choice].options
                for option in only.options:
                    self.known(table, "only-if", option, options, "option")
                found.append(only)
        return tuple(found)

    def days_by_option(self, table: Table) -> ByChoice | None:
        """The choice that an activity's days hang on, with the days of each option."""
        choice = table.text("choice") or None
        holder = table.table("days") if choice else None
        if choice is None or holder is None or not self.known(table, "choice", choice, self.choices, "choice"):
            return None
        found: dict[str, Days] = {}
        for option in self.choices[choice].options:
            days = holder.read(option, lambda text: read_days(text, self.numbering), required=True)
            if days is not None:
                found[option] = days
        holder.close()
        return ByChoice(choice=choice, options=found)

    def read_activities(self) -> None:
        for name, table in self.top.each_table("activities", "activity"):
            check_id(table, name)
            course = table.text("course") or None
            base = self.base(table)
            if course and self.known(table, "course", course, self.courses, "course"):
                if "from" in table:
                    table.mistake("from", "the course says what its days count from", "leave it out here")
                base = self.courses[course].base
            parameter = table.text("parameter") or None
            by_choice = self.days_by_option(table)
            days: Days | None = None
            if by_choice is None:
                days = table.read("days", lambda text: read_days(text, self.numbering))
            if ("days" in table) == (parameter is not None):
                table.mistake(
                    "days", "one of days and parameter is needed", 'write days = "-5 to -3", or parameter = "…"'
                )
            if (
                parameter
                and self.known(table, "parameter", parameter, self.parameters, "parameter")
                and isinstance(self.parameters[parameter], WindowParameter)
            ):
                table.mistake("parameter", f'"{parameter}" is a window, not days', "name a parameter of kind days")
            if days is not None or (by_choice and by_choice.options):
                quotation, derivation = self.need_words(table)
            else:
                quotation, derivation = self.quotation(table), printed(table, "derivation", required=False) or None
            cycles = table.read("cycles", read_numbers) or ()
            if cycles and (self.cycles is None or cycles[-1] > self.cycles.count):
                there = f"there are {self.cycles.count} cycles" if self.cycles else "the protocol has no cycles"
                table.mistake("cycles", there, 'write [cycles] with length = "28 days" and count = 2')
            self.activities[name] = Activity(
                id=name, title=printed(table, "title"), unit=printed(table, "unit", required=False) or "occurrence",
                category=table.choice("category", _CATEGORIES) or "visit", base=base, course=course,
                days=days if days is not None else by_choice or LeftToSite(parameter=parameter or ""), continuous=table.flag("continuous"),
                until=printed(table, "until", required=False) or None,
                donor=table.choice("who", ("patient", "donor"), "patient") == "donor", verify=table.flag("verify"),
                quotation=quotation if quotation and quotation.words else None, derivation=derivation,
                cycles=cycles, only=self.only(table),
            )  # fmt: skip
            self.check_span(table, self.activities[name])
            table.close()
        self.check_chains()

    def check_span(self, table: Table, activity: Activity) -> None:
        for days in activity.stated_days:
            wrong = why_no_span(days)
            if activity.until and wrong:
                remedy = 'write days = "+5", or "+5 to +35" with the latest day, and until = "counts recover"'
                table.mistake("until", f"the days {wrong}", remedy)
            if activity.continuous and wrong:
                table.mistake("continuous", f"the days {wrong}", 'write days = "+5 to +35"')
            if activity.cycles and isinstance(days, AfterActivity):
                table.mistake("cycles", "the days are counted from another activity", "leave one of the two out")
        if activity.until and activity.continuous:
            table.mistake("until", "a continuous range has its end", "leave one of the two out")
        if activity.cycles and (activity.continuous or activity.until):
            table.mistake("cycles", "a span does not come again", "write an activity for each cycle")
        if activity.cycles and activity.base not in BASES:
            table.mistake("cycles", f"cycles are not counted from {activity.base}", "leave one of the two out")

    def check_chains(self) -> None:
        for activity in self.activities.values():
            for days in activity.stated_days:
                self.check_chain(activity, days)

    def check_chain(self, activity: Activity, days: Days | LeftToSite | ByChoice) -> None:
        table = Table({}, self.top.place.to(named_step("activities", "activity", activity.id)), self.mistakes)
        seen = [activity.id]
        while isinstance(days, AfterActivity):
            if not self.known(table, "days", days.activity, self.activities, "activity"):
                break
            if days.activity in seen:
                table.mistake("days", f'it waits for "{days.activity}", which waits for it', "name an earlier activity")
                break
            seen.append(days.activity)
            days = self.activities[days.activity].days

    def count_from(self, day_zero: str) -> None:
        """Count all days from the first day of the anchor: day 0, or in a numbering without it any day from 1 on."""
        anchor = self.activities[day_zero]
        days = anchor.days
        first = days.occurrences[0].offset if isinstance(days, OnDays) else -1
        can_be = first >= 0 if self.numbering == "day-one" else first == 0
        if not isinstance(days, OnDays) or not can_be or anchor.base != DAY_ZERO or anchor.only:
            which = "day 0" if self.numbering == "day-zero" else "a day from 1 on"
            self.top.mistake(
                "day-zero", f'"{day_zero}" is not on the anchor day',
                f"name the activity, for every patient the same, whose first day is {which}",
            )  # fmt: skip
            return
        self.origin = first
        for name, activity in self.activities.items() if first else ():
            if activity.base in BASES:
                self.activities[name] = replace(activity, days=_later(activity.days, first))

    def is_point(self, table: Table, key: str, point: Point) -> bool:
        """A point that the network can place: a base, a known date, or an activity dated in days from a base."""
        match point:
            case PlannedDayZeroPoint() | DayZeroPoint():
                return True
            case KnownDatePoint(name):
                if name in self.dates:
                    return True
            case CompletionOf(course):
                members = [
                    one.id for one in self.activities.values() if one.course == course and not self.is_later(one)
                ]
                if not members:
                    return self.known(table, key, course, self.courses, "course with an activity")
                return all([self.is_placed(table, key, point, member) for member in members])
            case FirstOf(activity) | LastOf(activity) | EachOf(activity) | OccurrencePoint(activity):
                if activity in self.activities:
                    return self.is_placed(table, key, point, activity)
            case _:
                assert_never(point)
        firsts = (str(FirstOf(activity)) for activity in self.activities)
        completed = (str(CompletionOf(course)) for course in self.courses)
        return self.known(table, key, str(point), (*map(str, BASES), *self.dates, *firsts, *completed), "point")

    @staticmethod
    def is_later(activity: Activity) -> bool:
        return bool(activity.cycles) and activity.cycles[0] > 1

    def is_placed(self, table: Table, key: str, point: Point, activity_id: str) -> bool:
        """Whether the network can place an activity, by way of those it is counted from."""
        activity = self.activities.get(activity_id)
        if activity is None:
            return False  # a chain to nowhere, told elsewhere
        number = point.number if isinstance(point, OccurrencePoint) and point.activity == activity_id else 1
        if activity_id in self.in_bounds and number == 1:
            return True
        self.in_bounds.add(activity_id)
        if self.is_later(activity) or (len(activity.cycles) > 1 and not isinstance(point, FirstOf | CompletionOf)):
            table.mistake(
                key, f'"{point}" is in a later cycle', "a bound names what is dated in days of the first cycle"
            )
            return False
        for days in activity.stated_days:
            if wrong := why_no_point(days, number):
                table.mistake(key, f'"{point}" {wrong}', "a bound names what is dated in days")
                return False
            if isinstance(days, AfterActivity) and not self.is_placed(table, key, point, days.activity):
                return False
        return True

    def bounds(self, table: Table, key: str, texts: Iterable[str]) -> tuple[Bound, ...]:
        found = []
        for text in texts:
            bound = table.apply(key, lambda text: read_bound(text, self.dates), text)
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
            spacing = tuple(one for row in table.each_row("spacing", "spacing") if (one := self.spacing(row)))
            points = [str(bound.point) for bound in bounds] + [one.activity for one in spacing]
            for twice in sorted({point for point in points if points.count(point) > 1}):
                table.mistake("bounds", f'"{twice}" is judged twice', "put all that is asked of it in one entry")
            if not (events or bounds or statements or spacing):
                table.mistake("", "it checks nothing", "give it bounds, statements, spacing or events")
            title, note = printed(table, "title"), printed(table, "note", required=False)
            if quotation is not None:
                self.rules[name] = Rule(
                    id=name, title=title, quotation=quotation, derivation=derivation, note=note,
                    events=events, bounds=bounds, statements=statements, spacing=spacing, only=self.only(table),
                )  # fmt: skip
            table.close()
        refs = [statement.ref for rule in self.rules.values() for statement in rule.statements]
        for ref in {ref for ref in refs if refs.count(ref) > 1}:
            self.top.mistake("rules", f'the reference "{ref}" is used twice', "give each statement its own")

    def rule_bound(self, table: Table) -> RuleBound:
        named = table.text("point", required=True)
        point = read_point(named, self.dates)
        if named:
            self.is_point(table, "point", point)
        window, shown = table.text("window") or None, table.flag("shown")
        unlimited = "limit" in table and table.choice("limit", ("not stated",)) is not None
        if unlimited and point != DAY_ZERO:
            table.mistake("limit", "it speaks of day 0", 'write point = "day-zero"')
        safe = self.bounds(table, "safe", table.texts("safe"))
        literal = self.bounds(table, "literal", table.texts("literal")) if "literal" in table else safe
        if sum((window is not None, shown, "safe" in table, unlimited)) != 1:
            table.mistake(
                "safe", "one of safe, window, shown and limit is needed", 'write safe = ["day-zero at least …"]'
            )
        if "safe" in table and not table.texts("safe"):
            table.mistake("safe", "it asks nothing", "write what the rule asks, or make the rule a statement")
        if "literal" in table and "safe" not in table:
            table.mistake("literal", "it is the other reading of safe", "leave it out")
        if shown and named and not isinstance(point, FirstOf | LastOf):
            table.mistake("point", f'"{point}" cannot be shown', "name the first or the last of an activity")
        for key, needs in (("note-text", "note-when"), ("again-after-illness", "unless-attested")):
            if key in table and needs not in table:
                table.mistake(key, f"it goes with {needs}", "leave it out")
        if (
            window
            and self.known(table, "window", window, self.parameters, "parameter")
            and not isinstance(self.parameters[window], WindowParameter)
        ):
            table.mistake("window", f'"{window}" is not a window', "name a parameter of kind window")
        for bound in (*safe, *literal):
            if named and point not in (bound.point, bound.anchor):
                table.mistake("point", f'"{bound}" does not speak of "{point}"', "name one of its two points")
        repeat = printed(table, "repeat", required=False) or None
        if_broken = table.choice("if-broken", _IF_BROKEN) if "if-broken" in table else None
        if (if_broken == "repeat") != (repeat is not None):
            table.mistake("repeat", 'it goes with if-broken = "repeat"', "say what is to be repeated")
        repeat_course = table.text("repeat-course") or None
        if repeat_course and self.known(table, "repeat-course", repeat_course, self.courses, "course"):
            if not self.courses[repeat_course].repeatable:
                table.mistake(
                    "repeat-course", f'"{repeat_course}" is not repeatable', "write repeatable = true on the course"
                )
            if if_broken != "repeat":
                table.mistake("repeat-course", 'it goes with if-broken = "repeat"', "leave it out")
        if (
            if_broken == "repeat"
            and not repeat_course
            and not (isinstance(point, KnownDatePoint) and point.name in self.dates)
        ):
            table.mistake(
                "if-broken", f'"{point}" is no test that can be repeated', 'name a course: repeat-course = "…"'
            )
        unless_attested = table.text("unless-attested") or None
        if unless_attested:
            self.known(table, "unless-attested", unless_attested, self.attestations, "attestation")
        note_when = self.bounds(table, "note-when", table.texts("note-when"))
        when = table.choice("when", ("illness-slip",)) if "when" in table else None
        about: dict[str, Any] = {
            "point": point, "if_broken": if_broken, "repeat": repeat, "repeat_course": repeat_course,
            "aim": table.read("aim", self.window), "unless_attested": unless_attested,
            "again_after_illness": table.flag("again-after-illness"), "only_after_illness": when is not None,
            "note_when": note_when[0] if note_when else None,
            "note_text": printed(table, "note-text", required=bool(note_when)),
        }  # fmt: skip
        any_cause = table.flag("any-cause")
        if any_cause and not any(one.limits_slip for one in safe):
            table.mistake("any-cause", "it says something of a limit of the slip", "leave it out")
        found: RuleBound
        if window is not None:
            found = SiteWindow(**about, parameter=window)
        elif shown:
            found = ShownDistance(**about)
        elif unlimited:
            found = UnstatedLimit(**about)
        else:
            found = JudgedBound(**about, safe=safe, literal=literal, any_cause=any_cause)
        table.close()
        return found

    def spacing(self, table: Table) -> Spacing | None:
        activity = table.text("activity", required=True)
        there = bool(activity) and self.known(table, "activity", activity, self.activities, "activity")
        apart, most = table.read("apart", read_apart), table.read("most", read_at_most)
        if ("apart" in table) == ("most" in table):
            table.mistake("apart", "one of apart and most is needed", 'write apart = "at least 2 days"')
        if_broken = table.choice("if-broken", ("refuse", "ask")) if "if-broken" in table else None
        table.close()
        asked = apart or most
        if not there or asked is None:
            return None
        return Spacing(
            activity=activity,
            asked=asked,
            if_broken="refuse" if if_broken == "refuse" else "ask" if if_broken else None,
        )

    def window(self, text: str) -> tuple[int, int]:
        first, last = read_window(text, self.numbering)
        return first - self.origin, last - self.origin

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
