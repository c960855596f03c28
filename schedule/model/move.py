"""Whether day 0 may move, and how far."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from schedule.model.plan import Finding

if TYPE_CHECKING:
    from schedule.model.reasons.refusals import MoveRefusal

MoveKind = Literal["slip", "re-plan"]


class Limit(Struct, frozen=True, kw_only=True):
    """How much of a slip limit a day 0 uses up. `last` is the last day, included. `by_date`: the limit is in days,
    and hours do not matter. `until` and the elapsed hours used and left are None there, and where an hour is not
    known."""

    hours: int
    by_date: bool
    last: date
    until: datetime | None
    used: float | None
    left: float | None


class MoveVerdict(Struct, frozen=True, kw_only=True):
    """Whether day 0 may move so. Not allowed for `refusals`; `unchanged` where planned day 0 and day 0 both stand there
    already: it is answered like any other, and not kept."""

    kind: MoveKind
    refusals: "tuple[MoveRefusal, ...]"
    unchanged: bool
    limit: Limit | None

    @property
    def allowed(self) -> bool:
        return not self.refusals

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the rules that it is refused for."""
        from schedule.model.reasons.refusals import BeyondLimit, HoursMissing, NewlyViolated, WaitsForRuling

        by_rules = BeyondLimit | HoursMissing | NewlyViolated | WaitsForRuling
        return tuple(one.finding for one in self.refusals if isinstance(one, by_rules))


Person = Literal[
    "principal investigator", "nurses", "coordinator", "patient", "pharmacy", "cell laboratory", "donor", "laboratory"
]  # fmt: skip
"""Who may have to be told of a change."""
