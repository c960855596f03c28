"""What neither the public record nor the site gives, so that something has no date.
`parameter` is what is to be entered.
"""

from dataclasses import dataclass

from schedule.model.reasons import Reason
from schedule.model.timing import Which
from schedule.model.titles import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterMissing(Reason):
    """Days or a window that the site must give; `text` is what the protocol file says of it."""

    parameter: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMissing(Reason):
    """The activity `title` depends on a choice that is not made for the patient."""

    parameter: str
    title: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMissing(Reason):
    """The activity `title` is counted from a start date of the patient's that is not known."""

    parameter: str
    title: str
    known: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMissing(Reason):
    """The activity `title` is counted from the end of something that no record has ended."""

    parameter: str
    title: str
    anchor: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class HourMissing(Reason):
    """The activity `title` is counted in hours from something whose hour the site does not give."""

    parameter: str
    title: str
    anchor: Title
    which: Which


NotStated = ParameterMissing | ChoiceMissing | DateMissing | EndMissing | HourMissing
