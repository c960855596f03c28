"""Why an event lies on its date: what it is counted from, by how much, and the words that say so."""

from datetime import date, datetime

from schedule.model.notation import Unit
from schedule.model.reasons import Reason
from schedule.model.timing import Which
from schedule.model.titles import Title


class FromDayZero(Reason, frozen=True, kw_only=True):
    """Counted from day 0 as it stands."""


class FromPlannedDayZero(Reason, frozen=True, kw_only=True):
    """Counted from the day on which day 0 was planned when treatment began."""


class FromCycle(Reason, frozen=True, kw_only=True):
    """Counted from the first day of a cycle, the second or a later one."""

    cycle: int


class FromStartDate(Reason, frozen=True, kw_only=True):
    """Counted from a start date of the patient's own, by the protocol's title for it."""

    title: str


class FromActivity(Reason, frozen=True, kw_only=True):
    """Counted from an occurrence of another activity, or of the same where each is counted from the one before: `title`
    is that occurrence's, `which` is how it was picked. `ends`: from its end."""

    title: Title
    which: Which
    ends: bool = False


Anchor = FromDayZero | FromPlannedDayZero | FromCycle | FromStartDate | FromActivity


class CountedFrom(Reason, frozen=True, kw_only=True):
    """The sum: `shifts` (a count and its unit, none of them 0) are added to the date `on`, in order.

    `on` is the anchor's date; of something that lasts, its last day; of a dose given late, the day it was given.
    With `at`, a wall time of the site, hours are added to that moment.
    """

    anchor: Anchor
    on: date
    at: datetime | None = None
    shifts: tuple[tuple[int, Unit], ...] = ()


class SiteTask(Reason, frozen=True, kw_only=True):
    """A task of the site's own."""


class SiteParameter(Reason, frozen=True, kw_only=True):
    """Days that the site file gives, as it words them. Where it gives the first day alone: `every` is how far apart the
    protocol's series goes on from there, and `times` how many there are in all."""

    name: str
    text: str
    every: tuple[tuple[int, Unit], ...] = ()
    times: int = 1


class DerivedAs(Reason, frozen=True, kw_only=True):
    """The protocol file's own words for how the days follow from what is stated."""

    text: str


class StatedIn(Reason, frozen=True, kw_only=True):
    """The protocol, by its id, and the section that was quoted; `section` is empty where none was."""

    protocol: str
    section: str


Ground = SiteTask | SiteParameter | DerivedAs | StatedIn


class Basis(Reason, frozen=True, kw_only=True):
    """What an event's date rests on. `through` is the last day, included, of a range that is one event. `stays`: it
    keeps its planned time although its place, by the sum, now lies elsewhere."""

    counted: CountedFrom
    ground: Ground
    through: date | None = None
    stays: bool = False
