"""What a protocol says: its tables' headings, the days of an activity, what a rule asks."""

from collections.abc import Iterator
from typing import assert_never

from schedule.model.notation import plural
from schedule.model.protocol import (
    Activity,
    ByChoice,
    Course,
    Cycles,
    JudgedBound,
    LeftToSite,
    Protocol,
    Rule,
    ShownDistance,
    SiteWindow,
    UnstatedLimit,
)
from schedule.model.timing import BASES, AfterActivity, Days, Occurrence, OnDays, Only

SOURCES = "Sources", ("id", "title and date", "address")
CYCLES = "Cycles", ("", "")
CHOICES = "Choices, for [choices] in a case file", ("name", "options")
COURSES = "Courses", ("id", "counted from", "title")
ACTIVITIES = "Activities", ("id", "days", "title")
RULES = "Rules", ("id", "section", "what it asks")
DATES = "Known dates, for [dates] in a case file", ("name", "title")
PARAMETERS = "Parameters, for [parameters] in a site file", ("name", "title")
ATTESTATIONS = "Statements, for [attestations] in a case file", ("name", "title")
"""A table's heading, and the names of its columns."""
DONOR = ", donor"


def cycles_in_words(cycles: Cycles) -> str:
    """`6 of 28 days`."""
    return f"{cycles.count} of {plural(cycles.length, 'days')}"


def course_title(course: Course) -> str:
    """A course's title, and whether it may be given once more."""
    return course.title + (", may be given once more" if course.repeatable else "")


def days_of_activity(activity: Activity, found: Protocol) -> str:
    """Its days in words, with the cycles, the clock and the patients that they are for."""
    match activity.days:
        case LeftToSite(parameter=parameter):
            text = f"site parameter {parameter}"
        case ByChoice(choice=choice, options=options):
            text = "; ".join(f"{option}: {days_in_words(days, found)}" for option, days in options.items())
            text = f"by {choice}: {text}"
        case OnDays() | AfterActivity() as days:
            text = days_in_words(days, found)
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
    return text + (f", {_only(activity.only)}" if activity.only else "")


def _only(only: tuple[Only, ...]) -> str:
    return f"only if {' and '.join(map(str, only))}"


def days_in_words(days: Days, found: Protocol) -> str:
    """`Day −5, Day −4`, or what the days are counted from."""
    if isinstance(days, AfterActivity):
        clock = " at that hour" if days.unit == "hours" != days.step_unit else ""
        every = f"every {plural(days.step, days.step_unit)}{clock} x {days.times} from " if days.times > 1 else ""
        which = "" if days.which == "first" else f"{days.which} "
        return f"{every}{plural(days.count, days.unit)} after {which}{days.activity}{_slack(days)}"
    return ", ".join(_occurrence(occurrence, found) for occurrence in days.occurrences)


def _slack(days: AfterActivity) -> str:
    """` ±3`, ` ±1 hour`, or by how much earlier and later, where the two differ."""
    unit = "hours" if days.unit == "hours" else "days"
    if days.before == days.after:
        return f" ±{plural(days.before, unit) if unit == 'hours' else days.before}" if days.before else ""
    return f", {plural(days.before, unit)} earlier to {plural(days.after, unit)} later"


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
        yield _only(rule.only)
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
