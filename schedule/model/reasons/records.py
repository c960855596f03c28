"""Why a record or a booking cannot be, and why a record looks wrong."""

from datetime import datetime

from msgspec import Struct

from schedule.model.moment import Moment
from schedule.model.plan import Outcome
from schedule.model.reasons import Reason
from schedule.model.titles import Title


class Recorded(Struct, frozen=True, kw_only=True):
    """What is recorded of an event, where a message about another names it: what it was, and when."""

    title: Title
    outcome: Outcome
    at: Moment


# Records that cannot be -----------------------------------------------------------------------------------------------


class NoSuchEvent(Reason, frozen=True, kw_only=True):
    """A record or a booking of nothing: `known` are the events that there are."""

    event: str
    known: tuple[str, ...]


class NothingRecorded(Reason, frozen=True, kw_only=True):
    """A record is to be taken back, and there is none."""

    event: str


class RecordedLater(Reason, frozen=True, kw_only=True):
    """What is recorded, or its end, lies later than as-of."""

    event: str
    at: Moment


class EndsBeforeStart(Reason, frozen=True, kw_only=True):
    """What is recorded would end before it begins."""

    event: str
    start: Moment
    end: Moment


class HourIsNeeded(Reason, frozen=True, kw_only=True):
    """A date alone does not do. `follower` is what is counted in hours from the event, or the event's own title where
    it is counted in hours itself; None where planned day 0, or the time planned, has an hour."""

    event: str
    follower: Title | None


class FollowsCells(Reason, frozen=True, kw_only=True):
    """With the record of `event`, something that can only be after the infusion is recorded, and the infusion is not
    recorded given. `follower` is None where it is the event itself."""

    event: str
    follower: Recorded | None


class BeforeCells(Reason, frozen=True, kw_only=True):
    """With the record of `event`, what follows the infusion would lie before it. `follower` is None where it is the
    event itself."""

    event: str
    follower: Recorded | None
    cells: Moment


class AfterCells(Reason, frozen=True, kw_only=True):
    """With the record of `event`, a dose of lymphodepletion would lie after the infusion. `dose` is None where it is
    the event itself."""

    event: str
    dose: Recorded | None
    cells: Moment


class FollowerIsRecorded(Reason, frozen=True, kw_only=True):
    """The infusion would be taken back, or held, and what follows it is recorded."""

    event: str
    follower: Recorded


# Records that look wrong ----------------------------------------------------------------------------------------------


class FarOutsideWindow(Reason, frozen=True, kw_only=True):
    """It lies outside its window, whose ends are included, by more than the window is wide."""

    first: Moment
    last: Moment


class FarFromDue(Reason, frozen=True, kw_only=True):
    """It lies far from when it was due."""

    due: Moment


class NotOnDayZero(Reason, frozen=True, kw_only=True):
    """The infusion lies on another date than day 0."""

    day_zero: Moment


class BeforeEarlierOne(Reason, frozen=True, kw_only=True):
    """It lies before one that comes earlier in the schedule."""

    earlier: Title
    when: Moment


class BeforeWhatItFollows(Reason, frozen=True, kw_only=True):
    """What it follows is not recorded, or was later. `when` is when that was, or is due, where it has a date."""

    leader: Title
    recorded: bool
    when: Moment | None


Doubt = FarOutsideWindow | FarFromDue | NotOnDayZero | BeforeEarlierOne | BeforeWhatItFollows
"""Why a record looks wrong."""


class LooksWrong(Reason, frozen=True, kw_only=True):
    """A record that can be, and that somebody should look at again. `at` is the time that it bears."""

    event: str
    at: Moment
    doubt: Doubt


# Bookings -------------------------------------------------------------------------------------------------------------


class NotPlanned(Reason, frozen=True, kw_only=True):
    """What would be booked is cancelled, or is planned again under another number."""

    event: str


class BookedIsRecorded(Reason, frozen=True, kw_only=True):
    """What would be booked is recorded given or done."""

    event: str
    booked: Recorded


class BookedIsDayZero(Reason, frozen=True, kw_only=True):
    """The infusion would be booked: another hour of it is a move of day 0."""

    event: str


class BookedLeadsGiven(Reason, frozen=True, kw_only=True):
    """Something counted from what would be booked is recorded given or done."""

    event: str
    follower: Recorded


class OutsideWindow(Reason, frozen=True, kw_only=True):
    """It would be booked outside its window, whose ends are included."""

    event: str
    at: Moment
    first: Moment
    last: Moment


class OnAnotherDate(Reason, frozen=True, kw_only=True):
    """No window is stated, and it would be booked on another date than planned; `planned` is None where it has none."""

    event: str
    at: Moment
    planned: Moment | None


class BookedInPast(Reason, frozen=True, kw_only=True):
    """It would be booked for a time that is past. `as_of` is a wall time of the site."""

    event: str
    at: Moment
    as_of: datetime


class BookedTooEarly(Reason, frozen=True, kw_only=True):
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
