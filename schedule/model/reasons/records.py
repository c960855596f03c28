"""Why a record or a booking cannot be, and why a record looks wrong."""

from dataclasses import dataclass
from datetime import datetime

from schedule.model.moment import Moment
from schedule.model.plan import Outcome
from schedule.model.reasons import Reason
from schedule.model.titles import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is recorded of an event, where a message about another names it: what it was, and when."""

    title: Title
    outcome: Outcome
    at: Moment


# Records that cannot be -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchEvent(Reason):
    """A record or a booking of nothing: `known` are the events that there are."""

    event: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingRecorded(Reason):
    """A record is to be taken back, and there is none."""

    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLater(Reason):
    """What is recorded, or its end, lies later than as-of."""

    event: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsBeforeStart(Reason):
    """What is recorded would end before it begins."""

    event: str
    start: Moment
    end: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class HourIsNeeded(Reason):
    """A date alone does not do. `follower` is what is counted in hours from the event, or the event's own title where
    it is counted in hours itself; None where planned day 0, or the time planned, has an hour."""

    event: str
    follower: Title | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowsCells(Reason):
    """With the record of `event`, something that can only be after the infusion is recorded, and the infusion is not
    recorded given. `follower` is None where it is the event itself."""

    event: str
    follower: Recorded | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeCells(Reason):
    """With the record of `event`, what follows the infusion would lie before it. `follower` is None where it is the
    event itself."""

    event: str
    follower: Recorded | None
    cells: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterCells(Reason):
    """With the record of `event`, a dose of lymphodepletion would lie after the infusion. `dose` is None where it is
    the event itself."""

    event: str
    dose: Recorded | None
    cells: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerIsRecorded(Reason):
    """The infusion would be taken back, or held, and what follows it is recorded."""

    event: str
    follower: Recorded


# Records that look wrong ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FarOutsideWindow(Reason):
    """It lies outside its window, whose ends are included, by more than the window is wide."""

    first: Moment
    last: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FarFromDue(Reason):
    """It lies far from when it was due."""

    due: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOnDayZero(Reason):
    """The infusion lies on another date than day 0."""

    day_zero: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeEarlierOne(Reason):
    """It lies before one that comes earlier in the schedule."""

    earlier: Title
    when: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeWhatItFollows(Reason):
    """What it follows is not recorded, or was later. `when` is when that was, or is due, where it has a date."""

    leader: Title
    recorded: bool
    when: Moment | None


Doubt = FarOutsideWindow | FarFromDue | NotOnDayZero | BeforeEarlierOne | BeforeWhatItFollows
"""Why a record looks wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksWrong(Reason):
    """A record that can be, and that somebody should look at again. `at` is the time that it bears."""

    event: str
    at: Moment
    doubt: Doubt


# Bookings -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlanned(Reason):
    """What would be booked is cancelled, or is planned again under another number."""

    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedIsRecorded(Reason):
    """What would be booked is recorded given or done."""

    event: str
    booked: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedIsDayZero(Reason):
    """The infusion would be booked: another hour of it is a move of day 0."""

    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLeadsGiven(Reason):
    """Something counted from what would be booked is recorded given or done."""

    event: str
    follower: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWindow(Reason):
    """It would be booked outside its window, whose ends are included."""

    event: str
    at: Moment
    first: Moment
    last: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAnotherDate(Reason):
    """No window is stated, and it would be booked on another date than planned; `planned` is None where it has none."""

    event: str
    at: Moment
    planned: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedInPast(Reason):
    """It would be booked for a time that is past. `as_of` is a wall time of the site."""

    event: str
    at: Moment
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedTooEarly(Reason):
    """It would be booked for no later than what it is counted from, `base`; its place lies after it."""

    event: str
    at: Moment
    base: Moment


RecordRefusal = (
    NoSuchEvent | NothingRecorded | RecordedLater | EndsBeforeStart | HourIsNeeded | FollowsCells | BeforeCells
    | AfterCells | FollowerIsRecorded | LooksWrong
)  # fmt: skip
"""Why a record cannot be, or is not saved before somebody has looked again."""

BookingRefusal = (
    NotPlanned | BookedIsRecorded | BookedIsDayZero | BookedLeadsGiven | OutsideWindow | OnAnotherDate | BookedInPast
    | BookedTooEarly
)  # fmt: skip
"""Why a booking is not allowed."""
