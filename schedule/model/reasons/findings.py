"""What a finding rests on: the values of which `words/findings` makes its title, its basis, its source and its flags.

Titles, quotations and reasons that people wrote are kept as they wrote them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schedule.model.moment import Moment
from schedule.model.notation import DayLabel
from schedule.model.protocol import Quotation, StatementKind
from schedule.model.reasons import Reason
from schedule.model.reasons.bounds import NamedPoint, OfBounds
from schedule.model.reasons.days_off import Closed
from schedule.model.reasons.gaps import NotStated
from schedule.model.reasons.occurrences import OfOccurrences
from schedule.model.reasons.wall_times import WallTimeFault
from schedule.model.timing import Apart, AtMost, Only
from schedule.model.titles import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What must be done again, and from when to when, both included, it would serve. `last_dose`: a course, whose last
    dose must lie there."""

    what: str
    last_dose: bool
    earliest: date | None
    latest: date | None


# Titles -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled(Reason):
    """The title of a rule, a choice or an attestation."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledPoint(Reason):
    """The title of a rule with several bounds, and the point that this one is about."""

    text: str
    point: NamedPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleInTurn(Reason):
    """A cycle begins when the one before it is over."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeNotShown(Reason):
    """A time of the site's that the clocks do not show, or show twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledEvent(Reason):
    """What is found of one occurrence: its window, its place in the schedule, a booking that no longer fits, that it
    has no place any more, or that it lies too near to another."""

    about: Literal["window", "place", "booking", "surplus", "near", "amended"]
    title: Title


FindingTitle = Titled | TitledPoint | CycleInTurn | TimeNotShown | TitledEvent


# Sources ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted(Reason):
    """The source's own words."""

    quotation: Quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Reason):
    """How the protocol file says that a rule follows from others."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FromSiteFile(Reason):
    """The site's own file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenForPatient(Reason):
    """What is chosen for each patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromCycles(Reason):
    """The cycles that the protocol file states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromSchedule(Reason):
    """The days of the schedule itself."""


FindingSource = Quoted | Derived | FromSiteFile | ChosenForPatient | FromCycles | FromSchedule


# Flags ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDayClosed(Reason):
    """The site does not work on the last day, and why; the last day before it on which it does, if one is near."""

    because: Closed
    last_working: date | None


# The basis: of choices, cycles, events and statements -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBeChosen(Reason):
    """A choice that is not made: its options by name, each with its title."""

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Reason):
    """The option chosen."""

    option: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOnlyIf(Reason):
    """A rule for other options than those chosen."""

    only: tuple[Only, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesOpen(Reason):
    """A rule that depends on choices not made, by their titles."""

    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleBegins(Reason):
    """A cycle begins on `start`; the one before it on `before`, and its `length` in days is over on `earliest`."""

    number: int
    before: date
    length: int
    earliest: date
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTimeThatDay(Reason):
    """An event without a time, since the site's does not exist or happens twice on that day."""

    event: str
    fault: WallTimeFault


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedEvent:
    """An event that a rule is about."""

    label: DayLabel
    on: date
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsDated(Reason):
    """The events that a rule is about, with their dates."""

    events: tuple[DatedEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpacingAsked(Reason):
    """How far apart the occurrences of an activity are to lie, and the days of those that do not."""

    title: str
    asked: Apart | AtMost
    broken: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldsNoDate(Reason):
    """Words of the source that hold no date."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToCheck(Reason):
    """A statement that nobody attests: a permission, or what says which date counts."""

    kind: StatementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverWas(Reason):
    """Known dates, by their titles, that the patient never had."""

    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBeAttested(Reason):
    """A statement that nobody has made yet; `planned` is the day for which it is entered."""

    name: str
    title: str
    planned: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedOn(Reason):
    """A statement made on a day; `by` is empty where nobody wrote down by whom."""

    title: str
    on: date
    by: str


# The basis: what a bound lacks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInTreatment(Reason):
    """What is not part of the treatment chosen for the patient: the point, where the rule is about one of several."""

    point: NamedPoint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverHad(Reason):
    """Not applicable, since the patient never had what it counts from."""

    point: NamedPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyAfterIllness(Reason):
    """Not applicable, since day 0 has not slipped because of an illness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayNotGiven(Reason):
    """A day that a bound needs is stated nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourNotGiven(Reason):
    """An activity counted in hours from an event whose hour is not stated."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOnceDayZero(Reason):
    """Nothing to judge before there is a day 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedOnceDayZero(Reason):
    """Nothing to date before there is a day 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOnceDayZero(Reason):
    """No distance to show before there is a day 0, or a dose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceShown(Reason):
    """How far an event lies before day 0, which no source limits."""

    title: Title
    on: date
    day_zero: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLimitStated(Reason):
    """A source that says nothing of how far day 0 may slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlippedWithoutLimit(Reason):
    """Day 0 has slipped by so many days, and the source states no limit."""

    days: int
    planned: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsForDates(Reason):
    """The known dates without which it cannot be judged."""

    points: tuple[NamedPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoDateYet(Reason):
    """An open point, the first and the last date or moment that are left for it, both included, and the rules that
    leave them."""

    point: NamedPoint
    first: Moment | None
    last: Moment | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoDateLeft(Reason):
    """An open point for which these rules leave no date that is clearly allowed: not before `first`, nor after `last`,
    where both are known. `asked` is what the literal readings leave, None where they leave nothing either."""

    point: NamedPoint
    first: Moment | None
    last: Moment | None
    rules: tuple[str, ...]
    asked: tuple[Moment | None, Moment | None] | None


OfRules = (
    ToBeChosen | Chosen | AskedOnlyIf | ChoicesOpen | CycleBegins | NoTimeThatDay | EventsDated | SpacingAsked
    | HoldsNoDate | NothingToCheck | NeverWas | ToBeAttested | AttestedOn
)  # fmt: skip
OfLacks = (
    NotInTreatment | NeverHad | OnlyAfterIllness | DayNotGiven | HourNotGiven | JudgedOnceDayZero
    | DatedOnceDayZero | ShownOnceDayZero | DistanceShown | NoLimitStated | SlippedWithoutLimit | WaitsForDates
    | NoDateYet | NoDateLeft
)  # fmt: skip
FindingReason = OfRules | OfLacks | OfOccurrences | NotStated | OfBounds
