"""Dates on the x axis of the timeline: a column a day around the treatment, weeks before and after it squeezed."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from schedule.model.dates import add
from schedule.model.plan import Plan
from schedule.pages.lanes import Lane
from schedule.words.plan import zero_of

GAP = 8.0
SQUEEZED = 72.0
"""What is squeezed takes so many units, before and after."""
WIDEST_DAY = 14.0
EARLIEST, LATEST = 56, 400
"""Days from day 0 beyond which there is an arrow."""
BARS = ("bar", "bar-given")
"""What goes on for days has a column a day where it begins."""
TREATED_FROM, TREATED_TO = 28, 60
"""Days before and after day 0 that may have a column each."""


class Stretch(Struct, frozen=True, kw_only=True):
    """Days on end that are equally wide: from the first to the last, both included, from `x` on."""

    first: date
    last: date
    x: float
    per_day: float

    @property
    def end(self) -> float:
        return self.x + self.per_day * ((self.last - self.first).days + 1)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(add(self.first, number, "days", "clamp") for number in range((self.last - self.first).days + 1))


class TimeScale(Struct, frozen=True, kw_only=True):
    """Up to three stretches, in order. `treated` is the one with a column a day."""

    stretches: tuple[Stretch, ...]
    treated: Stretch

    @property
    def first(self) -> date:
        return self.stretches[0].first

    @property
    def last(self) -> date:
        return self.stretches[-1].last

    @property
    def left(self) -> float:
        return self.stretches[0].x

    @property
    def right(self) -> float:
        return self.stretches[-1].end

    def x(self, day: date) -> float:
        """The left edge of a day; off the scale, the edge of the scale."""
        for stretch in self.stretches:
            if day <= stretch.last:
                return round(stretch.x + stretch.per_day * max((day - stretch.first).days, 0), 1)
        return round(self.right, 1)

    def end(self, day: date) -> float:
        """The right edge of a day."""
        for stretch in reversed(self.stretches):
            if day >= stretch.first:
                return round(min(stretch.x + stretch.per_day * ((day - stretch.first).days + 1), stretch.end), 1)
        return round(self.left, 1)

    def middle(self, day: date) -> float:
        """Half a day on from its left edge."""
        return round((self.x(day) + self.end(day)) / 2, 1)

    def shows(self, day: date) -> bool:
        return self.first <= day <= self.last


def scale_of(plan: Plan, lanes: Iterable[Lane], left: float, right: float) -> TimeScale:
    """The scale that these lanes need between two edges."""
    zero = zero_of(plan)
    marks = [mark for lane in lanes for mark in lane.marks if mark.shape not in ("washout", "last", "last-allowed")]
    doses = [mark for lane in lanes if lane.group == "treatment" for mark in lane.marks]
    days = [day for mark in marks for day in (mark.first, mark.last) if day != date.min]
    near = [day for mark in doses for day in (mark.first, mark.first if mark.shape in BARS else mark.last)]
    near = [day for day in near if -TREATED_FROM <= (day - zero).days <= TREATED_TO]
    first = add(min([add(zero, -5, "days", "clamp"), *near]), -2, "days", "clamp")
    last = add(max([add(zero, 1, "days", "clamp"), *near]), 2, "days", "clamp")
    before = min([day for day in days if (day - zero).days >= -EARLIEST and day < first], default=None)
    after = max([day for day in days if (day - zero).days <= LATEST and day > last], default=None)
    room = right - left - GAP * ((before is not None) + (after is not None))
    squeezed = SQUEEZED * ((before is not None) + (after is not None))
    length = (last - first).days + 1
    per_day = min((room - squeezed) / length, WIDEST_DAY)
    spare = (room - per_day * length) / max((before is not None) + (after is not None), 1)
    stretches, x = [], left
    if before is not None:
        begin, until = add(before, -2, "days", "clamp"), add(first, -1, "days", "clamp")
        stretches.append(_stretch(begin, until, x, spare))
        x = stretches[-1].end + GAP
    treated = Stretch(first=first, last=last, x=x, per_day=per_day)
    stretches.append(treated)
    if after is not None:
        stretches.append(
            _stretch(add(last, 1, "days", "clamp"), add(after, 3, "days", "clamp"), treated.end + GAP, spare)
        )
    return TimeScale(stretches=tuple(stretches), treated=treated)


def _stretch(first: date, last: date, x: float, width: float) -> Stretch:
    return Stretch(first=first, last=last, x=x, per_day=min(width / ((last - first).days + 1), WIDEST_DAY))
