"""What a finding about a bound rests on: what is asked, the sum of each border, the limit of a slip, a ruling."""

from dataclasses import dataclass
from datetime import date, datetime

from schedule.model.case import Ruling
from schedule.model.moment import Moment
from schedule.model.notation import Unit
from schedule.model.reasons import Reason
from schedule.model.timing import Bound, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPoint:
    """A point, and the title of the date, course or activity that it is of; None for day 0, and for an activity that
    is not part of the treatment."""

    point: Point
    title: str | None
    of_course: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBound:
    """A bound, with its two points by name."""

    point: NamedPoint
    bound: Bound
    anchor: NamedPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundsAsked(Reason):
    """What the safe reading asks, all of it."""

    bounds: tuple[AskedBound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAsked(Reason):
    """A window of days around day 0, as the site wrote it under its parameter."""

    parameter: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderKept(Reason):
    """`anchor` + `count` units = `border`, and whether `point` keeps it; `strict`: the border itself does not."""

    anchor: date
    count: int
    unit: Unit
    border: date
    point: date
    strict: bool
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursKept(Reason):
    """The elapsed hours from one moment to the other, and whether they are kept. The moments are in the site's zone."""

    hours: float
    anchor: NamedPoint
    point: NamedPoint
    kept: bool
    anchor_at: datetime | None = None
    point_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursByDate(Reason):
    """A bound in hours between two dates of which an hour is not known. `kept`: at every hour or at none; None: at some
    hours only."""

    anchor: NamedPoint
    start: Moment
    point: NamedPoint
    end: Moment
    kept: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralReadingOnly(Reason):
    """Kept in the literal reading, not in the safe one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitByDate(Reason):
    """How late day 0 may lie, by a limit in days."""

    planned: date
    last: date
    bound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWithoutHour(Reason):
    """How late day 0 may lie for sure, by a limit in hours, while the hour of planned day 0 is not known."""

    planned: date
    last: date
    bound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitToTheHour(Reason):
    """The last moment of day 0, by a limit in hours from its planned moment."""

    planned: datetime
    until: datetime
    bound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class HangsOnHours(Reason):
    """Whether the limit is kept depends on hours that are not entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentOnDelay(Reason):
    """The protocol speaks of a critical illness on the planned day alone, and this delay is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundNote(Reason):
    """What the protocol file notes where a bound's condition holds."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StillPlanned(Reason):
    """The date there is lies ahead."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServesUpTo(Reason):
    """The last day 0 that a test already done can serve."""

    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledOn(Reason):
    """What the principal investigator has ruled."""

    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledOnOther(Reason):
    """A ruling that was made on other values than those that hold now, so that it must be made again."""

    ruling: Ruling
    values: tuple[str, ...]


OfBounds = (
    BoundsAsked | WindowAsked | BorderKept | HoursKept | HoursByDate | LiteralReadingOnly | LimitByDate
    | LimitWithoutHour | LimitToTheHour | HangsOnHours | SilentOnDelay | BoundNote | StillPlanned | ServesUpTo
    | RuledOn | RuledOnOther
)  # fmt: skip
