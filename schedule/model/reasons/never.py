"""What can never be, as values: a rule of a file that its own days break, a date that its rules do not leave."""

from schedule.model.reasons import Reason
from schedule.model.timing import Bound, Point


class NeverKept(Reason, frozen=True, kw_only=True):
    """A rule that the days of its own file break whatever day 0 is; for patients for whom this option of a choice was
    chosen, or for all. `point` is what the finding is about. `bound` is what is not kept, and `apart` how many days
    after its anchor its point lies; None where it is not a matter of two dates."""

    rule: str
    point: Point | None
    bound: Bound | None
    apart: int | None
    chosen: tuple[str, str] | None


class NeverLeft(Reason, frozen=True, kw_only=True):
    """A rule about a date of the patient's for which these rules together leave no date, whatever day 0 is; for
    patients for whom this option of a choice was chosen, or for all."""

    rule: str
    point: Point
    rules: tuple[str, ...]
    chosen: tuple[str, str] | None


Never = NeverKept | NeverLeft
