"""What a protocol file names for the rest of it to speak of: sources, known dates, parameters, statements, choices,
cycles, courses.
"""

from datetime import date

from schedule.files.checks import check_id, is_known, printed_text, short_name
from schedule.files.grammar import read_length, read_only
from schedule.files.table import Table
from schedule.model.protocol import (
    Attestation,
    Choice,
    Course,
    Cycles,
    DateKind,
    DaysParameter,
    KnownDate,
    Parameter,
    Quotation,
    Source,
    StatedCount,
    WindowParameter,
    cycle_name,
)
from schedule.model.timing import BASES, DAY_ZERO, PLANNED_DAY_ZERO, Base, KnownDatePoint, Only

RESERVED = (*map(str, BASES), "code", "protocol")
_DATE_KINDS: tuple[DateKind, ...] = ("last", "event", "test", "start")


class Names:
    """The names of one protocol file, in the order in which they refer to one another, and what is read with their
    help.
    """

    def __init__(self, top: Table) -> None:
        self.top = top
        self.sources: dict[str, Source] = {}
        self.dates: dict[str, KnownDate] = {}
        self.parameters: dict[str, Parameter] = {}
        self.attestations: dict[str, Attestation] = {}
        self.choices: dict[str, Choice] = {}
        self.cycles: Cycles | None = None
        self.courses: dict[str, Course] = {}
        self.default_source = top.text("source", required=True)
        for read in (
            self.read_sources, self.read_dates, self.read_parameters, self.read_attestations, self.read_choices,
            self.read_cycles, self.read_courses,
        ):  # fmt: skip
            read()

    def read_sources(self) -> None:
        for name, table in self.top.each_table("sources", "source"):
            check_id(table, name)
            day = table.day("date", required=True)
            title, address = table.text("title", required=True), table.text("address", required=True)
            self.sources[name] = Source(id=name, title=title, address=address, date=day or date.max)
            table.close()
        if self.default_source:
            is_known(self.top, "source", self.default_source, self.sources, "source")

    def read_dates(self) -> None:
        for name, table in self.top.each_table("dates", "date"):
            check_id(table, name)
            if name in RESERVED:
                table.mistake("", "this name has a meaning of its own", "give the date another name")
            kind, title = table.choice("kind", _DATE_KINDS), printed_text(table, "title")
            self.dates[name] = KnownDate(
                name=name,
                title=title,
                short=short_name(table, title, [one.short for one in self.dates.values()]),
                kind=kind or "last",
                required=table.flag("required"),
            )
            table.close()

    def read_parameters(self) -> None:
        for name, table in self.top.each_table("parameters", "parameter"):
            check_id(table, name)
            form = table.choice("kind", ("days", "window"))
            count = table.whole("count", 1, 400)
            if count is not None and "quote" not in table:
                table.mistake("quote", "is missing", "quote the words that state the count")
            title = printed_text(table, "title")
            stated = StatedCount(number=count, quotation=self.quotation(table)) if count is not None else None
            missing = printed_text(table, "missing")
            self.parameters[name] = (
                WindowParameter(name=name, title=title, missing=missing) if form == "window"
                else DaysParameter(name=name, title=title, missing=missing, count=stated)
            )  # fmt: skip
            table.close()

    def read_attestations(self) -> None:
        for name, table in self.top.each_table("attestations", "attestation"):
            check_id(table, name)
            if name in RESERVED:
                table.mistake("", "this name has a meaning of its own", "give the attestation another name")
            self.attestations[name] = Attestation(name=name, title=printed_text(table, "title"))
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
                check_id(Table({}, holder.at(option[:60]), self.top.mistakes), option)
                options[option] = printed_text(holder, option)
            if len(options) < 2:
                table.mistake("options", f"{len(options)} is not a choice", "name two options or more")
            self.choices[name] = Choice(name=name, title=printed_text(table, "title"), options=options)
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
            self.courses[name] = Course(id=name, title=printed_text(table, "title"), base=base, repeatable=repeatable)
            table.close()

    # What other parts say with these names ----------------------------------------------------------------------------

    def quotation(self, table: Table) -> Quotation | None:
        words, section = table.text("quote"), table.text("criterion")
        name = table.text("source", default=self.default_source)
        source = self.sources.get(name)
        if source is None:
            if name or words:
                is_known(table, "source", name, self.sources, "source")
            return None
        return Quotation(source=source, section=section, words=words)

    def parameter(self, table: Table, key: str, name: str) -> Parameter | None:
        """The parameter that `key` names; None, and a mistake, where there is none with that name."""
        return self.parameters[name] if is_known(table, key, name, self.parameters, "parameter") else None

    def need_words(self, table: Table) -> tuple[Quotation | None, str | None]:
        """The quotation or derivation that a part must have; a mistake where it has neither."""
        quotation = self.quotation(table)
        derivation = printed_text(table, "derivation", required=False) or None
        quoted = quotation.words if quotation is not None else table.text("quote")
        if derivation is None and not quoted:
            table.mistake("quote", "is missing", "quote the source's words, or give a derivation")
        return quotation, derivation

    def base(self, table: Table) -> Base:
        bases: dict[str, Base] = {str(base): base for base in BASES}
        bases |= {name: KnownDatePoint(name) for name, known in self.dates.items() if known.start}
        return bases[table.choice("from", bases, str(DAY_ZERO)) or str(DAY_ZERO)]

    def only(self, table: Table) -> tuple[Only, ...]:
        """The conditions under `only-if`, of choices and options that there are."""
        found = []
        for text in table.texts("only-if"):
            only = table.apply("only-if", read_only, text)
            if only and is_known(table, "only-if", only.choice, self.choices, "choice"):
                options = self.choices[only.choice].options
                for option in only.options:
                    is_known(table, "only-if", option, options, "option")
                found.append(only)
        return tuple(found)
