"""What a finding rests on: the values of which `words/findings` makes its title, its basis, its source and its flags.

Titles, quotations and reasons that people wrote are kept as they wrote them.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

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


class Repeat(Struct, frozen=True, kw_only=True):
    """What must be done again, and from when to when, both included, it would serve. `last_dose`: a course, whose last
    dose must lie there."""

    what: str
    last_dose: bool
    earliest: date | None
    latest: date | None


# Titles -----------------------------------------------------------------------------------------------------------


class Titled(Reason, frozen=True, kw_only=True):
    """The title of a rule, a choice or an attestation."""

    text: str


class TitledPoint(Reason, frozen=True, kw_only=True):
    """The title of a rule with several bounds, and the point that this one is about."""

    text: str
    point: NamedPoint


class CycleInTurn(Reason, frozen=True, kw_only=True):
    """A cycle begins when the one before it is over."""

    number: int


class TimeNotShown(Reason, frozen=True, kw_only=True):
    """A time of the site's that the clocks do not show, or show twice."""


class TitledEvent(Reason, frozen=True, kw_only=True):
    """What is found of one occurrence: its window, its place in the schedule, a booking that no longer fits, that it
    has no place any more, or that it lies too near to another."""

    about: Literal["window", "place", "booking", "surplus", "near", "amended"]
    title: Title


FindingTitle = Titled | TitledPoint | CycleInTurn | TimeNotShown | TitledEvent


# Sources ----------------------------------------------------------------------------------------------------------


class Quoted(Reason, frozen=True, kw_only=True):
    """The source's own words."""

    quotation: Quotation


class Derived(Reason, frozen=True, kw_only=True):
    """How the protocol file says that a rule follows from others."""

    text: str


class FromSiteFile(Reason, frozen=True, kw_only=True):
    """The site's own file."""


class ChosenForPatient(Reason, frozen=True, kw_only=True):
    """What is chosen for each patient."""


class FromCycles(Reason, frozen=True, kw_only=True):
    """The cycles that the protocol file states."""


class FromSchedule(Reason, frozen=True, kw_only=True):
    """The days of the schedule itself."""


FindingSource = Quoted | Derived | FromSiteFile | ChosenForPatient | FromCycles | FromSchedule


# Flags ------------------------------------------------------------------------------------------------------------


class LastDayClosed(Reason, frozen=True, kw_only=True):
    """The site does not work on the last day, and why; the last day before it on which it does, if one is near."""

    because: Closed
    last_working: date | None


# The basis: of choices, cycles, events and statements -------------------------------------------------------------


class ToBeChosen(Reason, frozen=True, kw_only=True):
    """A choice that is not made: its options by name, each with its title."""

    options: tuple[tuple[str, str], ...]


class Chosen(Reason, frozen=True, kw_only=True):
    """The option chosen."""

    option: str
    title: str


class AskedOnlyIf(Reason, frozen=True, kw_only=True):
    """A rule for other options than those chosen."""

    only: tuple[Only, ...]


class ChoicesOpen(Reason, frozen=True, kw_only=True):
    """A rule that depends on choices not made, by their titles."""

    titles: tuple[str, ...]


class CycleBegins(Reason, frozen=True, kw_only=True):
    """A cycle begins on `start`; the one before it on `before`, and its `length` in days is over on `earliest`."""

    number: int
    before: date
    length: int
    earliest: date
    start: date


class NoTimeThatDay(Reason, frozen=True, kw_only=True):
    """An event without a time, since the site's does not exist or happens twice on that day. `kept`: it keeps a time
    that does not exist, since a person gave it under another zone."""

    event: str
    fault: WallTimeFault
    kept: bool = False


class DatedEvent(Struct, frozen=True, kw_only=True):
    """An event that a rule is about."""

    label: DayLabel
    on: date
    title: Title


class EventsDated(Reason, frozen=True, kw_only=True):
    """The events that a rule is about, with their dates."""

    events: tuple[DatedEvent, ...]


class SpacingAsked(Reason, frozen=True, kw_only=True):
    """How far apart the occurrences of an activity are to lie, and the days of those that do not."""

    title: str
    asked: Apart | AtMost
    broken: tuple[tuple[date, date], ...]


class HoldsNoDate(Reason, frozen=True, kw_only=True):
    """Words of the source that hold no date."""

    words: str


class NothingToCheck(Reason, frozen=True, kw_only=True):
    """A statement that nobody attests: a permission, or what says which date counts."""

    kind: StatementKind


class NeverWas(Reason, frozen=True, kw_only=True):
    """Known dates, by their titles, that the patient never had."""

    titles: tuple[str, ...]


class ToBeAttested(Reason, frozen=True, kw_only=True):
    """A statement that nobody has made yet; `planned` is the day for which it is entered."""

    name: str
    title: str
    planned: date | None


class AttestedOn(Reason, frozen=True, kw_only=True):
    """A statement made on a day; `by` is empty where nobody wrote down by whom."""

    title: str
    on: date
    by: str


# The basis: what a bound lacks ------------------------------------------------------------------------------------


class NotInTreatment(Reason, frozen=True, kw_only=True):
    """What is not part of the treatment chosen for the patient: the point, where the rule is about one of several."""

    point: NamedPoint | None = None


class NeverHad(Reason, frozen=True, kw_only=True):
    """Not applicable, since the patient never had what it counts from."""

    point: NamedPoint


class OnlyAfterIllness(Reason, frozen=True, kw_only=True):
    """Not applicable, since day 0 has not slipped because of an illness."""


class DayNotGiven(Reason, frozen=True, kw_only=True):
    """A day that a bound needs is stated nowhere."""


class EndNotGiven(Reason, frozen=True, kw_only=True):
    """What a bound asks of the end of is dated, and its end is not known."""

    point: NamedPoint


class HourNotGiven(Reason, frozen=True, kw_only=True):
    """An activity counted in hours from an event whose hour is not stated."""

    title: str


class JudgedOnceDayZero(Reason, frozen=True, kw_only=True):
    """Nothing to judge before there is a day 0."""


class DatedOnceDayZero(Reason, frozen=True, kw_only=True):
    """Nothing to date before there is a day 0."""


class ShownOnceDayZero(Reason, frozen=True, kw_only=True):
    """No distance to show before there is a day 0, or a dose."""


class DistanceShown(Reason, frozen=True, kw_only=True):
    """How far an event lies before day 0, which no source limits."""

    title: Title
    on: date
    day_zero: date


class NoLimitStated(Reason, frozen=True, kw_only=True):
    """A source that says nothing of how far day 0 may slip."""


class SlippedWithoutLimit(Reason, frozen=True, kw_only=True):
    """Day 0 has slipped by so many days, and the source states no limit."""

    days: int
    planned: date


class WaitsForDates(Reason, frozen=True, kw_only=True):
    """The known dates without which it cannot be judged."""

    points: tuple[NamedPoint, ...]


class NoDateYet(Reason, frozen=True, kw_only=True):
    """An open point, the first and the last date or moment that are left for it, both included, and the rules that
    leave them."""

    point: NamedPoint
    first: Moment | None
    last: Moment | None
    rules: tuple[str, ...]


class NoDateLeft(Reason, frozen=True, kw_only=True):
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
    NotInTreatment | NeverHad | OnlyAfterIllness | DayNotGiven | EndNotGiven | HourNotGiven | JudgedOnceDayZero
    | DatedOnceDayZero | ShownOnceDayZero | DistanceShown | NoLimitStated | SlippedWithoutLimit | WaitsForDates
    | NoDateYet | NoDateLeft
)  # fmt: skip
FindingReason = OfRules | OfLacks | OfOccurrences | NotStated | OfBounds
