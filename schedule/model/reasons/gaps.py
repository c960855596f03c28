"""What neither the public record nor the site gives, so that something has no date.
`parameter` is what is to be entered.
"""

from schedule.model.reasons import Reason
from schedule.model.timing import Which
from schedule.model.titles import Title


class ParameterMissing(Reason, frozen=True, kw_only=True):
    """Days or a window that the site must give; `text` is what the protocol file says of it."""

    parameter: str
    text: str


class ChoiceMissing(Reason, frozen=True, kw_only=True):
    """The activity `title` depends on a choice that is not made for the patient."""

    parameter: str
    title: str
    choice: str


class DateMissing(Reason, frozen=True, kw_only=True):
    """The activity `title` is counted from a start date of the patient's that is not known."""

    parameter: str
    title: str
    known: str


class EndMissing(Reason, frozen=True, kw_only=True):
    """The activity `title` is counted from the end of something that no record has ended."""

    parameter: str
    title: str
    anchor: Title


class HourMissing(Reason, frozen=True, kw_only=True):
    """The activity `title` is counted in hours from something whose hour the site does not give."""

    parameter: str
    title: str
    anchor: Title
    which: Which


NotStated = ParameterMissing | ChoiceMissing | DateMissing | EndMissing | HourMissing
