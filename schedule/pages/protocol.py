"""Protocol -> its tables in words, for the terminal and for a page; and an example of the dates that it gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from schedule.model.notation import plural, spell, spell_range, spell_span
from schedule.model.plan import Event, Plan
from schedule.model.protocol import (
    Activity,
    ByChoice,
    DaysParameter,
    JudgedBound,
    LeftToSite,
    Protocol,
    Rule,
    ShownDistance,
    SiteWindow,
    Source,
    UnstatedLimit,
)
from schedule.model.timing import BASES, AfterActivity, Days, KnownDatePoint, Occurrence, OnDays, Only
from schedule.words.gaps import gap_in_words
from schedule.words.titles import full_title

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table: its heading, the names of its columns, its rows."""

    heading: str
    columns: tuple[str, ...]
    rows: Rows


def sections(found: Protocol) -> tuple[Section, ...]:
    """Everything that the protocol says, as tables; those with nothing in them are left out."""
    quoted = ((rule.id, rule.quotation.section, "; ".join([rule.title, *asked(rule)])) for rule in found.rules.values())
    made = (
        ("Sources", ("id", "title and date", "address"), [
            (one.id, f"{one.title}. {spell(one.date)}", one.address) for one in sources(found)
        ]),
        ("Cycles", ("", ""), [("cycles", f"{found.cycles.count} of {plural(found.cycles.length, 'days')}")] if found.cycles else []),
        ("Choices, for [choices] in a case file", ("name", "options"), [
            (one.name, f"{one.title}: " + "; ".join(f"{option} = {words}" for option, words in one.options.items()))
            for one in found.choices.values()
        ]),
        ("Courses", ("id", "counted from", "title"), [
            (one.id, str(one.base), one.title + (", may be given once more" if one.repeatable else "")) for one in found.courses.values()
        ]),
        ("Activities", ("id", "days", "title"), [(one.id, days_of_activity(one, found), one.title) for one in found.activities.values()]),
        ("Rules", ("id", "section", "what it asks"), list(quoted)),
        ("Known dates, for [dates] in a case file", ("name", "title"), [(one.name, one.title) for one in found.dates.values()]),
        ("Parameters, for [parameters] in a site file", ("name", "title"), [(one.name, one.title) for one in found.parameters.values()]),
        ("Attestations, for [attestations] in a case file", ("name", "title"), [(one.name, one.title) for one in found.attestations.values()]),
    )  # fmt: skip
    return tuple(Section(heading=heading, columns=columns, rows=tuple(rows)) for heading, columns, rows in made if rows)


def sources(found: Protocol) -> list[Source]:
    """Every source that something is quoted from, in the order of the file's parts."""
    quoted = [one.quotation for one in found.activities.values()] + [one.quotation for one in found.rules.values()]
    counts = [one.count for one in found.parameters.values() if isinstance(one, DaysParameter)]
    quoted += [count.quotation for count in counts if count is not None]
    return list({one.source.id: one.source for one in quoted if one is not None}.values())


def days_of_activity(activity: Activity, found: Protocol) -> str:
    """Its days in words, with the cycles, the clock and the patients that they are for."""
    match activity.days:
        case LeftToSite(parameter=parameter):
            text = f"site parameter {parameter}"
        case ByChoice(choice=choice, options=options):
            text = "; ".join(f"{option}: {in_words(days, found)}" for option, days in options.items())
            text = f"by {choice}: {text}"
        case OnDays() | AfterActivity() as days:
            text = in_words(days, found)
        case _:
            assert_never(activity.days)
    if activity.continuous and isinstance(activity.days, OnDays):
        first, last = activity.days.occurrences[0], activity.days.occurrences[-1]
        text = f"{_occurrence(first, found)} to {_occurrence(last, found)}, one span"
    if activity.until:
        text += f" until {activity.until}"
    if activity.cycles:
        text += f", in cycles {', '.join(map(str, activity.cycles))}"
    if activity.base not in BASES:
        text += f", from {activity.base}"
    return text + _only(activity.only)


def _only(only: tuple[Only, ...]) -> str:
    return f", only if {' and '.join(map(str, only))}" if only else ""


def in_words(days: Days, found: Protocol) -> str:
    """`Day −5, Day −4`, or what the days are counted from."""
    if isinstance(days, AfterActivity):
        every = f"every {plural(days.step, days.step_unit)} x {days.times} from " if days.times > 1 else ""
        which = "" if days.which == "first" else f"{days.which} "
        slack = f" ±{plural(days.tolerance, 'hours')}" if days.tolerance else f" ±{days.before}" if days.before else ""
        return f"{every}{plural(days.count, days.unit)} after {which}{days.activity}{slack}"
    return ", ".join(_occurrence(occurrence, found) for occurrence in days.occurrences)


def _occurrence(occurrence: Occurrence, found: Protocol) -> str:
    text = str(found.label(occurrence.offset))
    if occurrence.months:
        text += f" + {occurrence.months} months"
    if occurrence.before or occurrence.after:
        text += f" ({occurrence.before} earlier to {occurrence.after} later)"
    return text


def asked(rule: Rule) -> Iterator[str]:
    """What a rule asks, a text for each of its bounds, distances and statements."""
    if rule.only:
        yield _only(rule.only).removeprefix(", ")
    for bound in rule.bounds:
        match bound:
            case JudgedBound(safe=safe, literal=literal):
                yield "; ".join(map(str, safe))
                if literal != safe:
                    yield "boundary if only " + ("; ".join(map(str, literal)) or "later events do not forbid it")
            case SiteWindow(parameter=parameter):
                yield f"{bound.point}: shown, or by the site's {parameter}"
            case ShownDistance():
                yield f"{bound.point}: shown, or by the site's None"
            case UnstatedLimit():
                yield "limit not stated"
            case _:
                assert_never(bound)
    for one in rule.spacing:
        yield f"{one.activity} {one.asked}"
    for statement in rule.statements:
        yield f"{statement.kind} {statement.attestation or ''}".strip()


def dates_of(plan: Plan) -> Rows:
    """Each of the protocol's events in a plan: its label, its date, its title."""
    return tuple(
        (str(event.label), _place(event), full_title(event.title) + (", donor" if event.donor else ""))
        for event in plan.events
    )


def _place(event: Event) -> str:
    day = spell_span(event.on, event.last_date) if event.last_date else spell(event.on)
    return day + (f" ({spell_span(*event.window)})" if event.window else "")


def windows_of(plan: Plan) -> Rows:
    """Each known date that the rules speak of: when it must lie, by which rules together, and what it is."""
    found = []
    for name, known in plan.protocol.dates.items():
        about = [finding for finding in plan.findings if finding.point == KnownDatePoint(name)]
        firsts = [finding.earliest for finding in about if finding.earliest is not None]
        lasts = [finding.latest for finding in about if finding.latest is not None]
        if firsts or lasts:
            refs = ", ".join(dict.fromkeys(finding.ref for finding in about))
            found.append((spell_range(max(firsts, default=None), min(lasts, default=None)), refs, known.title))
    return tuple(found)


def not_dated(plan: Plan) -> tuple[str, ...]:
    """What has no date in the plan, and why, in sentences."""
    return tuple(dict.fromkeys(gap_in_words(gap) for gap in plan.not_stated))
