"""What a protocol file says that can never be, as far as its words alone show it: an activity counted from one that the
patient's option leaves out, one that comes after another and may come before it, a repeat of which nothing says when it
would serve.

A plan can still be made of such a file; the linter refuses it.
"""

from collections.abc import Iterable, Iterator
from typing import assert_never

from schedule.files.day_windows import anchor_text, lengths
from schedule.model.errors import Mistake, PathStep, Where, counted_step, key_step, named_step
from schedule.model.protocol import Activity, ByChoice, JudgedBound, Protocol, RuleBound, SiteWindow
from schedule.model.timing import (
    AfterActivity,
    CompletionOf,
    DayZeroPoint,
    EachOf,
    EndOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    Only,
    PlannedDayZeroPoint,
    Point,
    Window,
)

Steps = tuple[PathStep, ...]


def contradictions(found: Protocol, name: str) -> tuple[Mistake, ...]:
    """What can never be, in the order of the file's parts."""
    made = (*_orphans(found), *_before_what_they_follow(found), *_repeats(found))
    return tuple(
        Mistake(place=Where(file=name, path=path), message=message, remedy=remedy) for path, message, remedy in made
    )


def _orphans(found: Protocol) -> Iterator[tuple[Steps, str, str]]:
    """Days counted from an activity that some option leaves out which has these days."""
    for activity in found.activities.values():
        for only, days in _with_conditions(activity):
            if not isinstance(days, AfterActivity) or days.activity not in found.activities:
                continue
            for condition in found.activities[days.activity].only:
                if left_out := _left_out(condition, only, found):
                    path = (named_step("activities", "activity", activity.id), key_step("days"))
                    options = " or ".join(left_out)
                    yield (
                        path,
                        f'it is counted from "{days.activity}", which a patient does not have for whom '
                        f"{condition.choice} is {options}",
                        f'write only-if = "{condition}" here too, or days of its own for {options}',
                    )


def _before_what_they_follow(found: Protocol) -> Iterator[tuple[Steps, str, str]]:
    """Days counted from an activity with a tolerance that reaches back beyond it."""
    for activity in found.activities.values():
        for _, days in _with_conditions(activity):
            if not isinstance(days, AfterActivity) or days.window is None or days.window.frame != "target":
                continue
            window = days.window
            distance, back = lengths((days.count, days.unit), (-window.first, window.unit))
            if distance[1] < back[0]:
                yield (
                    (named_step("activities", "activity", activity.id), key_step("days")),
                    f'it comes after "{days.activity}", and its window begins before that',
                    _smaller(days, window),
                )


def _smaller(days: AfterActivity, window: Window) -> str:
    """What to write instead of a tolerance that is wider than the distance."""
    if days.unit != window.unit:
        return "write a smaller one"
    unit = " h" if days.unit == "hours" else "" if days.unit == "days" else f" {days.unit}"
    said = f"write at most ±{days.count}{unit}"
    if days.times > 1:
        return said
    span = f"within 0 to {days.count + window.last}{unit or ' days'}"
    return f'{said}, or "{days.count} {unit.strip() or "days"} after {anchor_text(days)} {span}"'


def _with_conditions(activity: Activity) -> Iterator[tuple[tuple[Only, ...], object]]:
    """The days that an activity states, each with all that must hold for a patient who has them."""
    if isinstance(activity.days, ByChoice):
        for option, days in activity.days.options.items():
            yield (*activity.only, Only(choice=activity.days.choice, options=(option,))), days
    else:
        yield activity.only, activity.days


def _left_out(condition: Only, only: Iterable[Only], found: Protocol) -> tuple[str, ...]:
    """The options of a choice with which the one is done and the other, which has this condition, is not."""
    options = set(found.choices[condition.choice].options)
    for own in only:
        if own.choice == condition.choice:
            options &= set(own.options)
    return tuple(name for name in found.choices[condition.choice].options if name in options - set(condition.options))


def _repeats(found: Protocol) -> Iterator[tuple[Steps, str, str]]:
    """Bounds that ask for something once more, and say nothing of when that would serve."""
    for rule in found.rules.values():
        for number, bound in enumerate(rule.bounds, 1):
            once_more = bound.once_more
            if once_more is None or once_more.course is None or _speaks_of(bound, once_more.course, found):
                continue
            path = (named_step("rules", "rule", rule.id), counted_step("bounds", "bound", number))
            yield (
                (*path, key_step("repeat-course")),
                f'nothing here says when "{once_more.course}" would have to be given once more',
                f'write a bound on it, such as "day-zero at most 4 weeks after {once_more.course}.completed"',
            )


def _speaks_of(bound: RuleBound, course: str, found: Protocol) -> bool:
    """Whether a bound names the course, or an activity of it."""
    safe = bound.safe if isinstance(bound, JudgedBound) else ()
    points = [bound.point] if isinstance(bound, SiteWindow) else [p for one in safe for p in (one.point, one.anchor)]
    return any(one.course == course for point in points for one in members_of(point, found))


def members_of(point: Point, found: Protocol) -> tuple[Activity, ...]:
    """The activities that a point is of: those of a course, or one."""
    match point:
        case EndOf(of):
            return members_of(of, found)
        case FirstOf(name) | LastOf(name) | EachOf(name) | OccurrencePoint(name) | CompletionOf(name):
            one = found.activities.get(name)
            in_course = tuple(other for other in found.activities.values() if other.course == name)
            return in_course or ((one,) if one else ())
        case PlannedDayZeroPoint() | DayZeroPoint() | KnownDatePoint():
            return ()
        case _:
            assert_never(point)
