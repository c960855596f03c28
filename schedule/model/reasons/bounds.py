"""What a finding about a bound rests on: what is asked, the sum of each border, the limit of a slip, a ruling."""

from datetime import date, datetime

from msgspec import Struct

from schedule.model.case import Ruling
from schedule.model.moment import Moment
from schedule.model.notation import Unit
from schedule.model.reasons import Reason
from schedule.model.timing import Bound, Point


class NamedPoint(Struct, frozen=True, kw_only=True):
    """A point, and the title of the date, course or activity that it is of; None for day 0, and for an activity that
    is not part of the treatment."""

    point: Point
    title: str | None
    of_course: bool = False


class AskedBound(Struct, frozen=True, kw_only=True):
    """A bound, with its two points by name."""

    point: NamedPoint
    bound: Bound
    anchor: NamedPoint


class BoundsAsked(Reason, frozen=True, kw_only=True):
    """What the safe reading asks, all of it."""

    bounds: tuple[AskedBound, ...]


class WindowAsked(Reason, frozen=True, kw_only=True):
    """A window of days around day 0, as the site wrote it under its parameter."""

    parameter: str
    text: str


class BorderKept(Reason, frozen=True, kw_only=True):
    """`anchor` + `count` units = `border`, and whether `point` keeps it; `strict`: the border itself does not."""

    anchor: date
    count: int
    unit: Unit
    border: date
    point: date
    strict: bool
    kept: bool


class HoursKept(Reason, frozen=True, kw_only=True):
    """The elapsed hours from one moment to the other, and whether they are kept. The moments are in the site's zone."""

    hours: float
    anchor: NamedPoint
    point: NamedPoint
    kept: bool
    anchor_at: datetime | None = None
    point_at: datetime | None = None


class HoursByDate(Reason, frozen=True, kw_only=True):
    """A bound in hours between two dates of which an hour is not known. `kept`: at every hour or at none; None: at some
    hours only."""

    anchor: NamedPoint
    start: Moment
    point: NamedPoint
    end: Moment
    kept: bool | None


class LiteralReadingOnly(Reason, frozen=True, kw_only=True):
    """Kept in the literal reading, not in the safe one."""


class LimitByDate(Reason, frozen=True, kw_only=True):
    """How late day 0 may lie, by a limit in days."""

    planned: date
    last: date
    bound: Bound


class LimitWithoutHour(Reason, frozen=True, kw_only=True):
    """How late day 0 may lie for sure, by a limit in hours, while the hour of planned day 0 is not known."""

    planned: date
    last: date
    bound: Bound


class LimitToTheHour(Reason, frozen=True, kw_only=True):
    """The last moment of day 0, by a limit in hours from its planned moment."""

    planned: datetime
    until: datetime
    bound: Bound


class HangsOnHours(Reason, frozen=True, kw_only=True):
    """Whether a bound is kept depends on hours that are not entered."""


class SilentOnDelay(Reason, frozen=True, kw_only=True):
    """The protocol speaks of a critical illness on the planned day alone, and this delay is another."""


class BoundNote(Reason, frozen=True, kw_only=True):
    """What the protocol file notes where a bound's condition holds."""

    text: str


class StillPlanned(Reason, frozen=True, kw_only=True):
    """The date there is lies ahead."""

    on: date


class ServesUpTo(Reason, frozen=True, kw_only=True):
    """The last day 0 that a test already done can serve."""

    last: date


class RuledOn(Reason, frozen=True, kw_only=True):
    """What the principal investigator has ruled."""

    ruling: Ruling


class RuledOnOther(Reason, frozen=True, kw_only=True):
    """A ruling that was made on other values than those that hold now, so that it must be made again."""

    ruling: Ruling
    values: tuple[str, ...]


OfBounds = (
    BoundsAsked | WindowAsked | BorderKept | HoursKept | HoursByDate | LiteralReadingOnly | LimitByDate
    | LimitWithoutHour | LimitToTheHour | HangsOnHours | SilentOnDelay | BoundNote | StillPlanned | ServesUpTo
    | RuledOn | RuledOnOther
)  # fmt: skip
