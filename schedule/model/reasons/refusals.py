"""Why an act cannot be, and why day 0 may not move as asked."""

from datetime import date, datetime

from schedule.model.days_zero import SlipLimit
from schedule.model.moment import Moment
from schedule.model.plan import Finding
from schedule.model.reasons import Reason
from schedule.model.reasons.records import BookingRefusal, Recorded, RecordRefusal
from schedule.model.titles import Title


class StartHasBegun(Reason, frozen=True, kw_only=True):
    """A course counted from the start date `name` has begun, and the date is said never to be."""

    name: str
    course: str


class AsOfBeforeMove(Reason, frozen=True, kw_only=True):
    """As-of lies before that of an earlier move, `made`."""

    as_of: datetime
    made: datetime


class AsOfBeforeRecord(Reason, frozen=True, kw_only=True):
    """As-of lies before something that is recorded given or done."""

    record: Recorded


class NoSuchCourse(Reason, frozen=True, kw_only=True):
    name: str
    known: tuple[str, ...]


class NextIsPast(Reason, frozen=True, kw_only=True):
    """The next dose of a course that is re-dated would be past. `as_of` is a wall time of the site."""

    course: str
    at: Moment
    as_of: datetime


class NoSuchDate(Reason, frozen=True, kw_only=True):
    name: str
    known: tuple[str, ...]


class NeverIsNoAnswer(Reason, frozen=True, kw_only=True):
    """A date that a rule requires is said never to be."""

    name: str


class NoSuchChoice(Reason, frozen=True, kw_only=True):
    name: str
    known: tuple[str, ...]


class NoSuchOption(Reason, frozen=True, kw_only=True):
    choice: str
    option: str
    known: tuple[str, ...]


class NoHour(Reason, frozen=True, kw_only=True):
    """The hour of planned day 0 was asked for, and what was typed has none."""

    typed: str


class HourOfAnotherDay(Reason, frozen=True, kw_only=True):
    """An hour was given of another day than the planned one."""

    planned: date


class HourIsKnown(Reason, frozen=True, kw_only=True):
    """Planned day 0 has another hour already."""

    planned: datetime


class DayZeroIsBefore(Reason, frozen=True, kw_only=True):
    """Day 0 stands before the hour given for planned day 0."""

    day_zero: Moment


class NoSuchStatement(Reason, frozen=True, kw_only=True):
    name: str
    known: tuple[str, ...]


class StatedLater(Reason, frozen=True, kw_only=True):
    """A statement was made on a date later than as-of."""

    name: str
    on: date


class NoSuchRule(Reason, frozen=True, kw_only=True):
    name: str
    known: tuple[str, ...]


class StoredFromOtherFiles(Reason, frozen=True, kw_only=True):
    """A plan is stored under this code already, and was made from other files."""


class AnotherTrial(Reason, frozen=True, kw_only=True):
    """An amended protocol is of another trial than the stored one."""

    amended: str
    stored: str


class NameIsLost(Reason, frozen=True, kw_only=True):
    """An amended protocol no longer knows a date, a statement or a choice that is recorded."""

    name: str


class OnlyNotes(Reason, frozen=True, kw_only=True):
    """The plan is cancelled, and takes nothing but notes."""


Refusal = (
    RecordRefusal | BookingRefusal | AsOfBeforeMove | AsOfBeforeRecord | NoSuchCourse | NextIsPast
    | StartHasBegun | NoSuchDate | NeverIsNoAnswer | NoSuchChoice | NoSuchOption
    | NoHour | HourOfAnotherDay | HourIsKnown | DayZeroIsBefore
    | NoSuchStatement | StatedLater | NoSuchRule
    | StoredFromOtherFiles | AnotherTrial | NameIsLost | OnlyNotes
)  # fmt: skip
"""Why an act cannot be. Nothing was done."""


class PlanIsCancelled(Reason, frozen=True, kw_only=True):
    """Day 0 of a cancelled plan does not move."""


class InfusionIsRecorded(Reason, frozen=True, kw_only=True):
    """Day 0 no longer moves: it is where the infusion was."""

    day_zero: Moment


class NoSuchCycle(Reason, frozen=True, kw_only=True):
    """A cycle that the patient is not given; `cycles` are those that there are."""

    cycle: int
    cycles: tuple[int, ...]


class NoRepeatKnown(Reason, frozen=True, kw_only=True):
    """The protocol does not speak of giving lymphodepletion once more."""


class NothingToRepeat(Reason, frozen=True, kw_only=True):
    """Lymphodepletion has not begun."""


class RepeatUnderWay(Reason, frozen=True, kw_only=True):
    """Lymphodepletion is under way: this dose is still to come."""

    title: Title


class FirstDoseIsPast(Reason, frozen=True, kw_only=True):
    """The first dose of a re-plan would be due at or before as-of."""

    due: Moment


class BeforePlanned(Reason, frozen=True, kw_only=True):
    """A slip does not go before planned day 0."""

    to: Moment
    planned: Moment


class NewDayIsPast(Reason, frozen=True, kw_only=True):
    """The new day 0 is past. `as_of` is a wall time of the site."""

    to: Moment
    as_of: datetime


class DoneInBetween(Reason, frozen=True, kw_only=True):
    """Something that follows the infusion is recorded given or done at or after day 0 as it stands, and would lie
    before the new one."""

    done: Recorded


class BeyondLimit(Reason, frozen=True, kw_only=True):
    """The new day 0 lies beyond the limit of the slip."""

    finding: Finding


class HoursMissing(Reason, frozen=True, kw_only=True):
    """Whether the new day 0 keeps a limit in hours depends on hours that are not known."""

    finding: Finding
    limit: SlipLimit
    to: Moment


class NewlyViolated(Reason, frozen=True, kw_only=True):
    """A rule would be violated that is not so now. `may_be_ruled`: the principal investigator may allow it;
    `may_be_repeated`: lymphodepletion may be given once more instead."""

    finding: Finding
    may_be_ruled: bool
    may_be_repeated: bool


class WaitsForRuling(Reason, frozen=True, kw_only=True):
    """A rule of which the principal investigator must decide for the new day 0, before it is made."""

    finding: Finding


MoveRefusal = (
    PlanIsCancelled | InfusionIsRecorded | NoSuchCycle | NoRepeatKnown | NothingToRepeat | RepeatUnderWay
    | FirstDoseIsPast | BeforePlanned | NewDayIsPast | DoneInBetween | BeyondLimit | HoursMissing | NewlyViolated
    | WaitsForRuling
)  # fmt: skip
"""Why day 0 may not move as asked."""
