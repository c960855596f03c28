"""What the grammar says, as records: points, days of an activity, bounds, spacings, choices, clock times."""

from datetime import time
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from schedule.model.notation import Unit, apart, at_most_in, plural, rest_days
from schedule.model.records import PartlyCompared

Relation = Literal["at least", "more than", "at most", "less than"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
Which = Literal["first", "last", "each"]


# Points ---------------------------------------------------------------------------------------------------------------
#
# `str` of a point is its notation, as a protocol file, a JSON key and an id have it.


class PlannedDayZeroPoint(Struct, frozen=True, tag=True):
    """The day on which day 0 was planned when treatment began."""

    def __str__(self) -> str:
        return "planned-day-zero"


class DayZeroPoint(Struct, frozen=True, tag=True):
    """The anchor day itself."""

    def __str__(self) -> str:
        return "day-zero"


class KnownDatePoint(Struct, frozen=True, tag=True):
    """A known date of the patient's, by its name."""

    name: str

    def __str__(self) -> str:
        return self.name


class FirstOf(Struct, frozen=True, tag=True):
    """The first occurrence of an activity: `il2.first`."""

    activity: str

    def __str__(self) -> str:
        return f"{self.activity}.first"


class LastOf(Struct, frozen=True, tag=True):
    """The last occurrence of an activity: `il2.last`."""

    activity: str

    def __str__(self) -> str:
        return f"{self.activity}.last"


class EachOf(Struct, frozen=True, tag=True):
    """All occurrences of an activity: `il2.each`. No bound names it."""

    activity: str

    def __str__(self) -> str:
        return f"{self.activity}.each"


class OccurrencePoint(Struct, frozen=True, tag=True):
    """One occurrence of an activity, from 1: `il2-3`."""

    activity: str
    number: int

    def __str__(self) -> str:
        return f"{self.activity}-{self.number}"


class CompletionOf(Struct, frozen=True, tag=True):
    """The last day of a course: `lymphodepletion.completed`."""

    course: str

    def __str__(self) -> str:
        return f"{self.course}.completed"


class EndOf(Struct, frozen=True, tag=True):
    """The end of an occurrence, or of the first or last of an activity or course: `nk-infusion.last ends`."""

    of: "FirstOf | LastOf | EachOf | OccurrencePoint | DayZeroPoint"

    def __str__(self) -> str:
        return f"{self.of} ends"


ActivityPoint = FirstOf | LastOf | EachOf | OccurrencePoint
Base = PlannedDayZeroPoint | DayZeroPoint | KnownDatePoint
"""What days are counted from: planned day 0, day 0, or a known date of kind "start"."""
Point = Base | ActivityPoint | CompletionOf | EndOf

PLANNED_DAY_ZERO, DAY_ZERO = PlannedDayZeroPoint(), DayZeroPoint()
BASES = (PLANNED_DAY_ZERO, DAY_ZERO)


# Days -----------------------------------------------------------------------------------------------------------------


class Window(Struct, frozen=True, kw_only=True):
    """The first and the last distance allowed, both included, in one unit: from the `target`, from the `base` that the
    target is counted from, or from the `previous` occurrence of its series."""

    frame: Literal["target", "base", "previous"]
    first: int
    last: int
    unit: Unit


class Occurrence(Struct, frozen=True, kw_only=True):
    """One time an activity is due: `offset` days from the anchor day, then `months` calendar months on."""

    offset: int
    months: int = 0
    window: Window | None = None


class OnDays(PartlyCompared, frozen=True, kw_only=True, eq=False):
    """Days counted from the anchor day, earliest first. `lasting` is the time that a series was said to fill, as it
    was written: `5 days`.
    """

    not_compared = frozenset({"lasting"})

    occurrences: tuple[Occurrence, ...]
    lasting: str = ""


class AfterActivity(PartlyCompared, frozen=True, kw_only=True, eq=False):
    """`count` units after the start of the first, last or each occurrence of another activity, or after its end where
    it `ends`; there `times` times, `step` of `step_unit` apart. `rolling`: each of the series is counted from the one
    before, `step` the least, and its window says the most; `window` is that of the first then, or of every one.

    In hours with a step in days, the first is dated by elapsed hours and the others are on later days at that wall
    time. The time that a series fills has become `times`; `lasting` is that time as it was written.
    """

    not_compared = frozenset({"lasting"})

    count: int
    unit: Unit
    activity: str
    which: Which = "first"
    times: int = 1
    step: int = 0
    step_unit: Unit = "days"
    ends: bool = False
    window: Window | None = None
    rolling: Window | None = None
    lasting: str = ""


Days = OnDays | AfterActivity


def times_of(days: Days) -> int:
    """How often they come; where they follow each of another activity, after each of them."""
    return days.times if isinstance(days, AfterActivity) else len(days.occurrences)


def step_of(series: OnDays | AfterActivity) -> tuple[int, Unit]:
    """How far one of an even series lies from the next; 0 days where there is one."""
    if isinstance(series, AfterActivity):
        return series.step, series.step_unit
    second = series.occurrences[1] if len(series.occurrences) > 1 else series.occurrences[0]
    first = series.occurrences[0]
    months = second.months - first.months
    return (months, "months") if months else (second.offset - first.offset, "days")


def window_of(series: OnDays | AfterActivity) -> Window | None:
    """The window of the first of a series, which is that of all of it."""
    return series.window if isinstance(series, AfterActivity) else series.occurrences[0].window


def shifted(days: Days, by: int) -> Days:
    """The days counted from a point that lies `by` days later."""
    if not by or isinstance(days, AfterActivity):
        return days
    return replace(days, occurrences=tuple(_earlier(one, by) for one in days.occurrences))


def _earlier(one: Occurrence, by: int) -> Occurrence:
    window = one.window
    if window is not None and window.frame == "base":
        window = replace(window, first=window.first - by, last=window.last - by)
    return replace(one, offset=one.offset - by, window=window)


# Bounds and conditions ------------------------------------------------------------------------------------------------


class Bound(Struct, frozen=True, kw_only=True):
    """`point` lies at least / more than / at most / less than `count` `unit` after `anchor`.

    The sum is always added to the anchor. Days to years compare dates; hours compare moments. `rest` says that the days
    were written as rest days between, which are one fewer than the difference that `count` is.
    """

    point: Point
    relation: Relation
    count: int
    unit: Unit
    anchor: Point
    rest: bool = False

    @property
    def distance(self) -> str:
        """`29 days`, `1 month`, `2 rest days`: the distance as it was written."""
        return rest_days(self.count - 1) if self.rest else plural(self.count, self.unit)

    @property
    def is_lower(self) -> bool:
        """Whether it keeps its point from lying too early: at least, more than."""
        return self.relation in ("at least", "more than")

    @property
    def extra(self) -> int:
        """The whole days by which a bound in days or longer units lies beyond its distance: more than, less than."""
        return {"more than": 1, "less than": -1}.get(self.relation, 0)

    def allows(self, apart: float, asked: float) -> bool:
        """Whether its points may lie so far apart, where its distance comes to `asked` in the same unit."""
        if self.is_lower:
            return apart > asked if self.extra else apart >= asked
        return apart < asked if self.extra else apart <= asked

    @property
    def limits_slip(self) -> bool:
        """Whether it says, in hours, days or weeks, how long after planned day 0 day 0 may lie."""
        far = self.relation == "at most" and (self.point, self.anchor) == (DAY_ZERO, PLANNED_DAY_ZERO)
        return far and self.unit in ("hours", "days", "weeks")

    def __str__(self) -> str:
        return f"{self.point} {self.relation} {self.distance} after {self.anchor}"


class Apart(Struct, frozen=True, kw_only=True, tag=True):
    """One occurrence and the next lie at least `count` days or hours apart; or at most, within each cycle."""

    count: int
    unit: Literal["days", "hours"]
    relation: Literal["at least", "at most"] = "at least"

    def __str__(self) -> str:
        return apart(self.relation, self.count, self.unit)


class AtMost(Struct, frozen=True, kw_only=True, tag=True):
    """No more than `count` occurrences in any `days` days in a row."""

    count: int
    days: int

    def __str__(self) -> str:
        return at_most_in(self.count, self.days)


class Only(Struct, frozen=True, kw_only=True):
    """Only for patients for whom one of the options of a choice was chosen."""

    choice: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.choice} is {' or '.join(self.options)}"


class ClockTime(Struct, frozen=True, kw_only=True):
    """A wall time, with its end where the site gives one: on the next day where it is no later than the start."""

    start: time
    end: time | None = None

    @property
    def ends_next_day(self) -> bool:
        """Whether it goes over midnight, or to it."""
        return self.end is not None and self.end <= self.start
