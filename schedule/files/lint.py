"""What an author should look at in a protocol file:
the line of each mistake, and what can be read but is hardly meant.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from msgspec.structs import replace

from schedule.files.abbreviations import doubted
from schedule.files.never import Steps, members_of
from schedule.files.table import MOST_PARTS
from schedule.model.errors import Mistake, PathStep, Where, counted_step, key_step, named_step, table_step
from schedule.model.protocol import (
    Activity,
    ByChoice,
    LeftToSite,
    Protocol,
    RuleBound,
    SiteWindow,
    UnstatedLimit,
    bounds_in,
)
from schedule.model.timing import BASES, DAY_ZERO, PLANNED_DAY_ZERO, AfterActivity, Bound, OnDays, Only, times_of

_HEADER = re.compile(r"\s*+(\[\[?)([^\[\]]++)\]\]?\s*+(?:#.*)?\Z")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_LONG = ('"""', "'''")
Path = tuple[str | int, ...]


# Lines ----------------------------------------------------------------------------------------------------------------


def lines_of(text: str) -> dict[Path, int]:
    """Where in a TOML text each table and key stands: its path to the number of its line, from 1.
    Entries of lists of tables are counted from 1; what stands inside an inline table has no line of its own."""
    found: dict[Path, int] = {}
    here: Path = ()
    counts: dict[Path, int] = {}
    until = ""
    for number, line in enumerate(text.split("\n"), 1):
        if until:
            until = "" if until in line else until
            continue
        if header := _HEADER.match(line):
            here = ()
            parts = [part.strip("\"'") for part in islice(_PART.findall(header[2]), MOST_PARTS)]
            for depth, part in enumerate(parts, 1):
                here = (*here, part)
                if header[1] == "[[" and depth == len(parts):
                    counts[here] = counts.get(here, 0) + 1
                if here in counts:
                    here = (*here, counts[here])
            found.setdefault(here, number)
        elif key := _KEY.match(line):
            path = here
            for part in islice(_PART.findall(key[1]), MOST_PARTS):
                path = (*path, part.strip("\"'"))
                found.setdefault(path, number)
        for mark in _LONG:
            if line.count(mark) % 2:
                until = mark
    return found


def line_of(mistake: Mistake, lines: dict[Path, int]) -> int | None:
    """The line of a mistake's key or, where the key is missing, of its table; None where the text shows neither."""
    path = mistake.place.keys
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def with_line(mistake: Mistake, line: int | None) -> str:
    """The mistake in words, with its line where there is one."""
    if line is None:
        return str(mistake)
    place = replace(mistake.place, path=(PathStep(f"line {line}"), *mistake.place.path))
    return str(replace(mistake, place=place))


# Warnings -------------------------------------------------------------------------------------------------------------


def warnings(found: Protocol, name: str) -> tuple[Mistake, ...]:
    """What can be read but is hardly meant, in the order of the file's parts."""
    made = [
        *_words(found), *_lasting(found), *_unused(found), *_alone(found), *_loose(found), *_delay(found),
        *_never_binds(found),
    ]  # fmt: skip
    return tuple(
        Mistake(place=Where(file=name, path=path), message=message, remedy=remedy) for path, message, remedy in made
    )


Warned = tuple[Steps, str, str]


def _words(found: Protocol) -> Iterator[Warned]:
    for place, text in _printed(found):
        for word, instead in doubted(text):
            yield place, f'"{word}" is easily misread', f"write {instead}"


def _lasting(found: Protocol) -> Iterator[Warned]:
    """How many a series gives that is said to fill a time: not everybody reads its end as not included."""
    for activity in found.activities.values():
        series = activity.days.series if isinstance(activity.days, LeftToSite) else None
        for days in (*activity.stated_days, *((series,) if series else ())):
            if not days.lasting:
                continue
            times = times_of(days)
            yield (
                (named_step("activities", "activity", activity.id), key_step("days")),
                f'"for {days.lasting}" gives {times}: it is counted from the start, the end not included',
                f'write "x {times}" to leave no doubt, or "x {times + 1}" if the source means both ends',
            )


def _loose(found: Protocol) -> Iterator[Warned]:
    """Treatment before day 0 that no course holds together: once it has begun, the rest of it moves with day 0."""
    for activity in found.activities.values():
        if activity.course is None and _is_treatment_before(activity):
            yield (
                (named_step("activities", "activity", activity.id),),
                f"it is treatment before {found.zero}, and in no course: nothing holds its doses together when "
                f"{found.zero} moves",
                'write course = "…", and the course with from = "planned-day-zero"',
            )


def _is_treatment_before(activity: Activity) -> bool:
    """Whether a patient has a dose of it before day 0, counted from there or from planned day 0."""
    if activity.category != "treatment" or activity.donor or activity.base not in BASES:
        return False
    stated = [days for days in activity.stated_days if isinstance(days, OnDays)]
    return any(one.offset < 0 and not one.months for days in stated for one in days.occurrences)


def _delay(found: Protocol) -> Iterator[Warned]:
    """A trial says how far day 0 may be delayed, or that it does not say. What holds the cells to planned day 0, or to
    treatment counted from it, is such a limit."""
    for rule in found.rules.values():
        for bound in rule.bounds:
            if isinstance(bound, UnstatedLimit) or any(_holds_day_zero(one, found) for one in bounds_in(bound)[0]):
                return
    yield (
        (),
        f"no rule says how far {found.zero} may be delayed",
        'write a rule with point = "day-zero" and safe = ["day-zero at most 7 days after planned-day-zero"], '
        'or limit = "not stated"',
    )


def _holds_day_zero(bound: Bound, found: Protocol) -> bool:
    if {bound.point, bound.anchor} == {DAY_ZERO, PLANNED_DAY_ZERO}:
        return True
    far = bound.point == DAY_ZERO and not bound.is_lower
    return far and any(_is_treatment_before(one) for one in members_of(bound.anchor, found))


def _never_binds(found: Protocol) -> Iterator[Warned]:
    """A limit of the delay where no treatment before day 0 can begin, for anybody or with an option that is chosen:
    then every move of day 0 is a new plan."""
    pairs = [("", ""), *((name, option) for name, choice in found.choices.items() for option in choice.options)]
    idle = [pair for pair in pairs if not _begins(found, *pair)]
    for rule in found.rules.values() if idle else ():
        own = [(choice, option) for choice, option in idle if not _leaves_out(rule.only, choice, option)]
        where = " where " + " or ".join(f"{choice} is {option}" for choice, option in own)
        remedy = "give the treatment before it its days there too, or say with only-if for whom it holds"
        if ("", "") in idle:
            where, remedy = "", 'give the treatment before it its days, or write limit = "not stated"'
        wrong = f"it limits nothing{where}: no treatment before {found.zero} begins, and so every move is a new plan"
        for number, bound in enumerate(rule.bounds, 1):
            if own and any(one.limits_slip for one in bounds_in(bound)[0]):
                yield (named_step("rules", "rule", rule.id), counted_step("bounds", "bound", number)), wrong, remedy


def _begins(found: Protocol, choice: str, option: str) -> bool:
    """Whether treatment before day 0 can begin for a patient for whom that option was chosen."""
    for activity in found.activities.values():
        days = activity.days
        if isinstance(days, ByChoice) and days.choice == choice and option in days.options:
            days = days.options[option]
        there = replace(activity, days=days)
        if not _leaves_out(activity.only, choice, option) and (_is_treatment_before(there) or _may_be_before(there)):
            return True
    return False


def _leaves_out(conditions: Iterable[Only], choice: str, option: str) -> bool:
    """Whether something is not for a patient for whom that option was chosen."""
    return any(only.choice == choice and option not in only.options for only in conditions)


def _may_be_before(activity: Activity) -> bool:
    """Whether the site may put treatment of the patient before day 0."""
    of_patient = activity.category == "treatment" and not activity.donor and activity.base in BASES
    return of_patient and activity.parameter is not None


def _named(found: Protocol) -> set[str]:
    """Every date, parameter, attestation, choice and point that something speaks of."""
    named: set[str] = set()

    def add(bound: Bound | None) -> None:
        if bound is not None:
            named.update((str(bound.point), str(bound.anchor)))

    def of(bound: RuleBound) -> None:
        for one in chain(*bounds_in(bound), (bound.note.holds if bound.note else None,)):
            add(one)
        named.update((str(bound.point), bound.unless.attestation if bound.unless else ""))
        if isinstance(bound, SiteWindow):
            named.add(bound.parameter)

    for rule in found.rules.values():
        named.update(only.choice for only in rule.only)
        for bound in rule.bounds:
            of(bound)
        for statement in rule.statements:
            named.update((*statement.only_if, statement.attestation or ""))
    for course in found.courses.values():
        named.add(str(course.base))
    for activity in found.activities.values():
        named.update((str(activity.base), activity.parameter or "", activity.course or ""))
        if isinstance(activity.days, ByChoice):
            named.add(activity.days.choice)
        named.update(only.choice for only in activity.only)
    return named


def _unused(found: Protocol) -> Iterator[Warned]:
    named = _named(found)
    cycles = {name for name, known in found.dates.items() if known.kind == "cycle-start"}
    for table, kind, names, missing in (
        ("dates", "date", found.dates, "no rule speaks of it, and nothing is counted from it"),
        ("parameters", "parameter", found.parameters, "no activity and no rule asks for it"),
        ("attestations", "attestation", found.attestations, "no rule waits for it"),
        ("choices", "choice", found.choices, "nothing depends on it"),
        ("courses", "course", found.courses, "no activity belongs to it"),
    ):
        for name in names:
            if name not in named and not (kind == "date" and name in cycles):
                yield (named_step(table, kind, name),), missing, "give it what it is for, or leave it out"


def _alone(found: Protocol) -> Iterator[Warned]:
    """Activities with days of the source's that nothing speaks of: no course holds them, no rule dates or judges them,
    nothing follows them. What the site dates may stand alone."""
    spoken = {name for rule in found.rules.values() for name in rule.events}
    spoken |= {one.activity for rule in found.rules.values() for one in rule.spacing}
    for activity in found.activities.values():
        for days in activity.stated_days:
            if isinstance(days, AfterActivity):
                spoken.add(days.activity)
    for activity in found.activities.values():
        if not (
            activity.parameter
            or activity.course
            or activity.id in spoken
            or activity.id in found.in_bounds
            or activity.base not in BASES
        ):
            remedy = "name it in a rule's events, or in a course"
            yield (named_step("activities", "activity", activity.id),), "it is in no course and no rule", remedy


def _printed(found: Protocol) -> Iterator[tuple[Steps, str]]:
    """Every text of the author's own that is printed, with its place."""
    yield (key_step("title"),), found.title
    for course in found.courses.values():
        yield (named_step("courses", "course", course.id), key_step("title")), course.title
    for activity in found.activities.values():
        for key in ("title", "unit", "until", "derivation"):
            yield (named_step("activities", "activity", activity.id), key_step(key)), getattr(activity, key) or ""
    for rule in found.rules.values():
        here = named_step("rules", "rule", rule.id)
        for key in ("title", "note", "derivation"):
            yield (here, key_step(key)), getattr(rule, key) or ""
        for number, bound in enumerate(rule.bounds, 1):
            there, once_more, note = counted_step("bounds", "bound", number), bound.once_more, bound.note
            yield (here, there, key_step("repeat")), once_more.what if once_more else ""
            yield (here, there, key_step("note-text")), note.text if note else ""
    for choice in found.choices.values():
        for option, words in choice.options.items():
            yield (named_step("choices", "choice", choice.name), table_step("options"), key_step(option)), words
    for parameter in found.parameters.values():
        yield (named_step("parameters", "parameter", parameter.name), key_step("missing")), parameter.missing
    named = (
        ("dates", "date", found.dates), ("parameters", "parameter", found.parameters),
        ("attestations", "attestation", found.attestations), ("choices", "choice", found.choices),
    )  # fmt: skip
    for table, kind, things in named:
        for name, thing in things.items():
            yield (named_step(table, kind, name), key_step("title")), thing.title
