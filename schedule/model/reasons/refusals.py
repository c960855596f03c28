"""Why an act cannot be, and why day 0 may not move as asked."""

from dataclasses import dataclass
from datetime import date, datetime

from schedule.model.moment import Moment
from schedule.model.plan import Finding, SlipLimit
from schedule.model.reasons import Reason
from schedule.model.reasons.records import BookingRefusal, Recorded, RecordRefusal
from schedule.model.titles import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class StartHasBegun(Reason):
    """A course counted from the start date `name` has begun, and the date is said never to be."""

    name: str
    course: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOfBeforeMove(Reason):
    """As-of lies before that of an earlier move, `made`."""

    as_of: datetime
    made: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOfBeforeRecord(Reason):
    """As-of lies before something that is recorded given or done."""

    record: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchCourse(Reason):
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextIsPast(Reason):
    """The next dose of a course that is re-dated would be past. `as_of` is a wall time of the site."""

    course: str
    at: Moment
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchDate(Reason):
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverIsNoAnswer(Reason):
    """A date that a rule requires is said never to be."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchChoice(Reason):
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchOption(Reason):
    choice: str
    option: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHour(Reason):
    """The hour of planned day 0 was asked for, and what was typed has none."""

    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfAnotherDay(Reason):
    """An hour was given of another day than the planned one."""

    planned: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HourIsKnown(Reason):
    """Planned day 0 has another hour already."""

    planned: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayZeroIsBefore(Reason):
    """Day 0 stands before the hour given for planned day 0."""

    day_zero: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchStatement(Reason):
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLater(Reason):
    """A statement was made on a date later than as-of."""

    name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchRule(Reason):
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFromOtherFiles(Reason):
    """A plan is stored under this code already, and was made from other files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnotherTrial(Reason):
    """An amended protocol is of another trial than the stored one."""

    amended: str
    stored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIsLost(Reason):
    """An amended protocol no longer knows a date, a statement or a choice that is recorded."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyNotes(Reason):
    """The plan is cancelled, and takes nothing but notes."""


Refusal = (
    RecordRefusal | BookingRefusal | AsOfBeforeMove | AsOfBeforeRecord | NoSuchCourse | NextIsPast
    | StartHasBegun | NoSuchDate | NeverIsNoAnswer | NoSuchChoice | NoSuchOption
    | NoHour | HourOfAnotherDay | HourIsKnown | DayZeroIsBefore
    | NoSuchStatement | StatedLater | NoSuchRule
    | StoredFromOtherFiles | AnotherTrial | NameIsLost | OnlyNotes
)  # fmt: skip
"""Why an act cannot be. Nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIsCancelled(Reason):
    """Day 0 of a cancelled plan does not move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionIsRecorded(Reason):
    """Day 0 no longer moves: it is where the infusion was."""

    day_zero: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchCycle(Reason):
    """A cycle that the patient is not given; `cycles` are those that there are."""

    cycle: int
    cycles: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRepeatKnown(Reason):
    """The protocol does not speak of giving lymphodepletion once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToRepeat(Reason):
    """Lymphodepletion has not begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatUnderWay(Reason):
    """Lymphodepletion is under way: this dose is still to come."""

    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDoseIsPast(Reason):
    """The first dose of a re-plan would be due at or before as-of."""

    due: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforePlanned(Reason):
    """A slip does not go before planned day 0."""

    to: Moment
    planned: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDayIsPast(Reason):
    """The new day 0 is past. `as_of` is a wall time of the site."""

    to: Moment
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneInBetween(Reason):
    """Something that follows the infusion is recorded given or done at or after day 0 as it stands, and would lie
    before the new one."""

    done: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondLimit(Reason):
    """The new day 0 lies beyond the limit of the slip."""

    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursMissing(Reason):
    """Whether the new day 0 keeps a limit in hours depends on hours that are not known."""

    finding: Finding
    limit: SlipLimit
    to: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class NewlyViolated(Reason):
    """A rule would be violated that is not so now. `may_be_ruled`: the principal investigator may allow it;
    `may_be_repeated`: lymphodepletion may be given once more instead."""

    finding: Finding
    may_be_ruled: bool
    may_be_repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsForRuling(Reason):
    """A rule of which the principal investigator must decide for the new day 0, before it is made."""

    finding: Finding


MoveRefusal = (
    PlanIsCancelled | InfusionIsRecorded | NoSuchCycle | NoRepeatKnown | NothingToRepeat | RepeatUnderWay
    | FirstDoseIsPast | BeforePlanned | NewDayIsPast | DoneInBetween | BeyondLimit | HoursMissing | NewlyViolated
    | WaitsForRuling
)  # fmt: skip
"""Why day 0 may not move as asked."""
