"""What a finding about a single occurrence rests on: its window, its place, its booking, what an amendment changed."""

from schedule.model.moment import Moment
from schedule.model.reasons import Reason
from schedule.model.titles import Title


class InWindow(Reason, frozen=True, kw_only=True):
    """The window of an occurrence, both ends included, and the time that counts: `done` where it was given or done;
    whether it lies inside, None where that depends on an hour that is not known."""

    first: Moment
    last: Moment
    when: Moment
    done: bool
    inside: bool | None


class OffPlace(Reason, frozen=True, kw_only=True):
    """An occurrence that a move left where it was planned, and where its place in the schedule now is."""

    planned: Moment
    place: Moment


class BookedBefore(Reason, frozen=True, kw_only=True):
    """An occurrence that was booked for a time outside its window as that now stands; it is planned again."""

    at: Moment
    planned: Moment | None
    window: tuple[Moment, Moment] | None


class PlaceTakenAway(Reason, frozen=True, kw_only=True):
    """An occurrence that has a record, and no place in the schedule any more: so many were given, so many are asked."""

    at: Moment | None
    given: int
    asked: int


class TooNear(Reason, frozen=True, kw_only=True):
    """An open dose that lies nearer to one given than half their distance in the schedule."""

    at: Moment
    given: Moment
    title: Title


class DroppedByText(Reason, frozen=True, kw_only=True):
    """A dose of a course that had begun, whose place the text in force no longer has."""

    at: Moment | None


class AddedByText(Reason, frozen=True, kw_only=True):
    """A place that the text in force adds to a course that had begun; it is not planned."""

    at: Moment | None


OfOccurrences = InWindow | OffPlace | BookedBefore | PlaceTakenAway | TooNear | DroppedByText | AddedByText
