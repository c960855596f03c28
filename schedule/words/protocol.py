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
from schedule.model.timing import (
    BASES,
    AfterActivity,
    Days,
    Occurrence,
    OnDays,
    Only,
    Window,
    step_of,
    times_of,
    window_of,
)

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
        case LeftToSite(parameter=parameter, series=series):
            text = f"site parameter {parameter}" + (f", {_after_the_first(series)}" if series else "")
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
        which = ", ".join(map(str, activity.cycles))
        text += f", in {'cycle' if len(activity.cycles) == 1 else 'cycles'} {which}"
    if activity.base not in BASES:
        text += f", from {activity.base}"
    return text + (f", {_only(activity.only)}" if activity.only else "")


def _only(only: tuple[Only, ...]) -> str:
    return f"only if {' and '.join(map(str, only))}"


def days_in_words(days: Days, found: Protocol) -> str:
    """`Day −5, Day −4`, or what the days are counted from; each with its window."""
    if isinstance(days, AfterActivity):
        which = "" if days.which == "first" else f"{days.which} "
        ends = " ends" if days.ends else ""
        start = f"{plural(days.count, days.unit)} after {which}{days.activity}{ends}"
        return f"{_every(days)}{start}{_window(days.window)}"
    return ", ".join(_occurrence(occurrence, found) for occurrence in days.occurrences)


def _every(days: AfterActivity) -> str:
    """`every 8 to 12 hours x 6 from `; nothing where there is one."""
    if days.times == 1:
        return ""
    clock = " at that hour" if days.unit == "hours" != days.step_unit else ""
    least = plural(days.step, days.step_unit)
    step = f"{days.step} to {plural(days.rolling.last, days.rolling.unit)}" if days.rolling else least
    return f"every {step}{clock} x {days.times} from "


def _window(window: Window | None, found: Protocol | None = None) -> str:
    """` ±3 days`, ` within 2 to 6 hours`, ` within Day +21 to Day +35`."""
    if window is None:
        return ""
    if window.frame == "target":
        return f" ±{plural(window.last, window.unit)}"
    if found is not None:
        return f" within {found.label(window.first)} to {found.label(window.last)}"
    return f" within {window.first} to {plural(window.last, window.unit)}"


def _occurrence(occurrence: Occurrence, found: Protocol) -> str:
    text = str(found.label(occurrence.offset))
    if occurrence.months:
        text += f" + {plural(occurrence.months, 'months')}"
    return text + _window(occurrence.window, found)


def _after_the_first(series: OnDays | AfterActivity) -> str:
    """`every 2 days x 7 after the first`."""
    step, unit = step_of(series)
    return f"every {plural(step, unit)} x {times_of(series)} after the first{_window(window_of(series))}"


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
                yield f"{bound.point}: within the site's {parameter}"
            case ShownDistance():
                yield f"{bound.point}: shown, never judged"
            case UnstatedLimit():
                yield "limit not stated"
            case _:
                assert_never(bound)
    for one in rule.spacing:
        yield f"{one.activity} {one.asked}"
    for statement in rule.statements:
        yield f"{statement.kind} {statement.attestation or ''}".strip()
