"""What is to be done about an open finding: values of which `words/settling` makes the sentence, and a page the link to
the form that settles it."""

from schedule.model.reasons import Reason
from schedule.model.reasons.findings import Repeat


class TestToDo(Reason, frozen=True, kw_only=True):
    """A test of which no date is known: it is to be done, then its date is entered."""

    date: str


class DateToEnter(Reason, frozen=True, kw_only=True):
    """A date that nobody has entered, of something that was, or never was. `required`: "never" is no answer."""

    date: str
    required: bool


class StatementToRecord(Reason, frozen=True, kw_only=True):
    """A statement that nobody has made."""

    statement: str


class ChoiceToMake(Reason, frozen=True, kw_only=True):
    """What is not chosen for the patient yet: the choice, where it is one alone."""

    choice: str


class DayZeroToPlan(Reason, frozen=True, kw_only=True):
    """Nothing can be said before day 0 is planned."""


class EventToRecord(Reason, frozen=True, kw_only=True):
    """An occurrence that is not recorded."""

    event: str


class BookAgain(Reason, frozen=True, kw_only=True):
    """An occurrence whose booking no longer fits."""

    event: str


class TimeToGive(Reason, frozen=True, kw_only=True):
    """An event whose hour the clocks do not show: the site file, or a booking, gives another; of day 0 (`zero`) a move
    does."""

    event: str
    zero: bool = False


class RulingWanted(Reason, frozen=True, kw_only=True):
    """A rule on which the principal investigator is to decide for this day 0."""

    rule: str


class CourseWanted(Reason, frozen=True, kw_only=True):
    """The principal investigator decides about a course; `anew`: whether it is dated anew."""

    anew: bool


class RepeatWanted(Reason, frozen=True, kw_only=True):
    """What must be done again; `date` is the test's, empty for a course."""

    repeat: Repeat
    date: str


class AnotherDay(Reason, frozen=True, kw_only=True):
    """A rule that is broken: another date of its point, or another day 0, would keep it."""


Settling = (
    TestToDo | DateToEnter | StatementToRecord | ChoiceToMake | DayZeroToPlan | EventToRecord | BookAgain | TimeToGive
    | RulingWanted | CourseWanted | RepeatWanted | AnotherDay
)  # fmt: skip
