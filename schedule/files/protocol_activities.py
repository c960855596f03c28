"""The activities of a protocol file, and the anchor from which their days are counted."""

from typing import assert_never

from msgspec.structs import replace

from schedule.files.checks import check_id, is_known, printed_text, short_name, why_no_span
from schedule.files.days_grammar import read_days, read_series
from schedule.files.grammar import TAKEN_AS_PLAIN, GrammarError, read_numbers
from schedule.files.look_alikes import look_alike
from schedule.files.protocol_names import Names
from schedule.files.table import Table
from schedule.model.errors import named_step
from schedule.model.notation import Numbering
from schedule.model.protocol import Activity, ByChoice, Category, DaysParameter, LeftToSite, WindowParameter
from schedule.model.timing import BASES, DAY_ZERO, AfterActivity, Base, Days, OnDays, Only, shifted, times_of

_CATEGORIES: tuple[Category, ...] = ("treatment", "test", "visit", "milestone")


class Activities:
    """The activities of one protocol file; `numbering` is that of its days."""

    def __init__(self, top: Table, names: Names, numbering: Numbering) -> None:
        self.top, self.names, self.numbering = top, names, numbering
        self.found: dict[str, Activity] = {}
        for name, table in top.each_table("activities", "activity"):
            self.found[name] = self.activity(name, table)
        self.check_chains()

    def activity(self, name: str, table: Table) -> Activity:
        check_id(table, name)
        course, base = self.course(table)
        days = self.days(table)
        if isinstance(days, LeftToSite) or (isinstance(days, ByChoice) and not days.options):
            quotation, derivation = (
                self.names.quotation(table),
                printed_text(table, "derivation", required=False) or None,
            )
        else:
            quotation, derivation = self.names.need_words(table)
        cycles = self.cycles(table)
        title, category = printed_text(table, "title"), table.choice("category", _CATEGORIES) or "visit"
        taken = [one.short for one in self.found.values()]
        found = Activity(
            id=name,
            title=title,
            short=short_name(table, title, taken, of_treatment=category == "treatment"),
            unit=printed_text(table, "unit", required=False) or "occurrence",
            category=category,
            base=base,
            course=course,
            days=days,
            continuous=table.flag("continuous"),
            until=printed_text(table, "until", required=False) or None,
            donor=table.choice("who", ("patient", "donor"), "patient") == "donor",
            verify=table.flag("verify"),
            quotation=quotation if quotation and quotation.words else None,
            derivation=derivation,
            cycles=cycles,
            only=(*self.names.only(table), *self.where_there_are_days(days)),
        )
        check_span(table, found)
        table.close()
        return found

    def course(self, table: Table) -> tuple[str | None, Base]:
        """The course that an activity belongs to, and what its days count from."""
        course, base = table.text("course") or None, self.names.base(table)
        if course and is_known(table, "course", course, self.names.courses, "course"):
            if "from" in table:
                table.mistake("from", "the course says what its days count from", "leave it out here")
            base = self.names.courses[course].base
        return course, base

    def days(self, table: Table) -> Days | LeftToSite | ByChoice:
        """An activity's days; left to the site, too, where they cannot be read. Beside a parameter stands the series
        that goes on from the first day, which the site gives."""
        parameter = table.text("parameter") or None
        known = self.names.parameter(table, "parameter", parameter) if parameter else None
        if isinstance(known, WindowParameter):
            table.mistake("parameter", f'"{parameter}" is a window, not days', "name a parameter of kind days")
        if parameter:
            series = table.read("days", read_series)
            count = known.count if isinstance(known, DaysParameter) else None
            if series and count and count.number != times_of(series):
                wrong = f"it gives {times_of(series)}; the parameter states {count.number}"
                table.mistake("days", wrong, f"write x {count.number}")
            return LeftToSite(parameter=parameter, series=series)
        days: Days | ByChoice | None = self.days_by_option(table)
        if days is None:
            days = table.read("days", lambda text: read_days(text, self.numbering))
        if "days" not in table:
            table.mistake("days", "one of days and parameter is needed", 'write days = "-5 to -3", or parameter = "…"')
        return LeftToSite(parameter="") if days is None else days

    def where_there_are_days(self, days: Days | LeftToSite | ByChoice) -> tuple[Only, ...]:
        """The condition that an activity is for those options alone that give it days; none where all do."""
        if not isinstance(days, ByChoice) or not days.options:
            return ()
        all_of_them = set(days.options) == set(self.names.choices[days.choice].options)
        return () if all_of_them else (Only(choice=days.choice, options=tuple(days.options)),)

    def cycles(self, table: Table) -> tuple[int, ...]:
        """The cycles in which an activity comes again."""
        found, there = table.read("cycles", read_numbers) or (), self.names.cycles
        if found and (there is None or found[-1] > there.count):
            wrong = f"there are {there.count} cycles" if there else "the protocol has no cycles"
            table.mistake("cycles", wrong, 'write [cycles] with length = "28 days" and count = 2')
        return found

    def days_by_option(self, table: Table) -> ByChoice | None:
        """The choice that an activity's days depend on, with the days of each option."""
        choice = table.text("choice") or None
        holder = table.table("days") if choice else None
        if choice is None or holder is None or not is_known(table, "choice", choice, self.names.choices, "choice"):
            return None
        found: dict[str, Days] = {}
        for option in self.names.choices[choice].options:
            days = self.days_of_option(holder, option)
            if days is not None:
                found[option] = days
        holder.close()
        if holder.data and all(value == "none" for value in holder.data.values()):
            table.mistake("days", "no option has days", "give one of them days, or leave the activity out")
        return ByChoice(choice=choice, options=found)

    def days_of_option(self, holder: Table, option: str) -> Days | None:
        """The days for one option of a choice; None for "none", and where they are missing or cannot be read."""
        value = holder.get(option)
        if value == "none":
            return None
        if value in (None, ""):
            wrong = "is missing" if value is None else '"" is not a text'
            holder.mistake(option, wrong, f'add {option} = "…", or {option} = "none" where it is not done')
            return None
        words = holder.text(option)
        try:
            return read_days(words, self.numbering) if words else None
        except GrammarError as error:
            said = look_alike(words, plain=TAKEN_AS_PLAIN)
            holder.mistake(option, *(said or (str(error), f'{error.remedy}; or "none" where it is not done')))
            return None

    def check_chains(self) -> None:
        for activity in self.found.values():
            for days in activity.stated_days:
                self.check_chain(activity, days)

    def check_chain(self, activity: Activity, days: Days | LeftToSite | ByChoice) -> None:
        """Note where the activities that one waits for, by way of one another, are not there,
        or wait for one another.
        """
        table = Table({}, self.top.place.to(named_step("activities", "activity", activity.id)), self.top.mistakes)
        seen = [activity.id]
        while isinstance(days, AfterActivity):
            if not is_known(table, "days", days.activity, self.found, "activity"):
                break
            if days.activity in seen:
                whom = f'"{days.activity}", which waits for itself'
                if days.activity == activity.id:
                    whom = f'"{seen[1]}", which waits for it' if len(seen) > 1 else "itself"
                table.mistake("days", f"it waits for {whom}", "name an earlier activity")
                break
            seen.append(days.activity)
            days = self.found[days.activity].days

    def count_from(self, day_zero: str) -> int:
        """Count all days from the first day of the anchor, and give where that lies:
        on day 0, or in a numbering without it on any day from 1 on."""
        anchor = self.found[day_zero]
        days = anchor.days
        first = days.occurrences[0].offset if isinstance(days, OnDays) else -1
        can_be = first >= 0 if self.numbering == "day-one" else first == 0
        if not isinstance(days, OnDays) or not can_be or anchor.base != DAY_ZERO or anchor.only:
            which = "day 0" if self.numbering == "day-zero" else "a day from 1 on"
            self.top.mistake(
                "day-zero",
                f'"{day_zero}" is not on the anchor day',
                f"name the activity, for every patient the same, whose first day is {which}",
            )
            return 0
        for name, activity in self.found.items() if first else ():
            if activity.base in BASES:
                self.found[name] = replace(activity, days=_later(activity.days, first))
        return first


def check_span(table: Table, activity: Activity) -> None:
    """Note what keeps an activity from being one span, or from coming again in cycles."""
    for days in activity.stated_days:
        wrong = why_no_span(days)
        if activity.until and wrong:
            remedy = 'write days = "+5", or "+5 to +35" with the latest day, and until = "counts recover"'
            table.mistake("until", f"the days {wrong}", remedy)
        if activity.continuous and wrong:
            table.mistake("continuous", f"the days {wrong}", 'write days = "+5 to +35"')
        if activity.cycles and isinstance(days, AfterActivity):
            table.mistake("cycles", "the days are counted from another activity", "leave one of the two out")
    if isinstance(activity.days, LeftToSite) and activity.days.series and (activity.continuous or activity.until):
        table.mistake("days", "a series is not one range", "leave it out, and let the site give the whole range")
    if activity.until and activity.continuous:
        table.mistake("until", "a continuous range has its end", "leave one of the two out")
    if activity.cycles and (activity.continuous or activity.until):
        table.mistake("cycles", "a span does not come again", "write an activity for each cycle")
    if activity.cycles and activity.base not in BASES:
        table.mistake("cycles", f"cycles are not counted from {activity.base}", "leave one of the two out")


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
