"""What every output of a plan must say: that it is void, not allowed, or allowed by a ruling only."""

from datetime import date, datetime
from typing import ClassVar, Literal

from msgspec import Struct

from schedule.model.reasons import Reason
from schedule.model.reasons.findings import FindingTitle, Repeat
from schedule.model.titles import Title

AlertKind = Literal[
    "superseded", "cancelled", "to-confirm", "to-repeat", "allowed-by-ruling", "violated", "not-allowed",
    "without-date",
]  # fmt: skip


class Alerted(Struct, frozen=True, kw_only=True):
    """A finding that an alert is about. `repeat`: what would serve; `ruled_on`: when a ruling allowed it."""

    ref: str
    title: FindingTitle
    repeat: Repeat | None = None
    ruled_on: date | None = None


class Superseded(Reason, frozen=True, kw_only=True):
    """A newer revision has taken its place: the one after it, made at that moment in UTC."""

    kind: ClassVar[AlertKind] = "superseded"
    revision: int
    at: datetime


class PlanCancelled(Reason, frozen=True, kw_only=True):
    """The plan is cancelled."""

    kind: ClassVar[AlertKind] = "cancelled"


class ToConfirm(Reason, frozen=True, kw_only=True):
    """The principal investigator must decide whether day 0 may lie there."""

    kind: ClassVar[AlertKind] = "to-confirm"
    findings: tuple[Alerted, ...]


class ToRepeat(Reason, frozen=True, kw_only=True):
    """Day 0 has slipped out of reach of what was done: each has its `repeat`."""

    kind: ClassVar[AlertKind] = "to-repeat"
    findings: tuple[Alerted, ...]


class AllowedByRuling(Reason, frozen=True, kw_only=True):
    """Rules that are violated and that a ruling allows: each has its `ruled_on`."""

    kind: ClassVar[AlertKind] = "allowed-by-ruling"
    findings: tuple[Alerted, ...]


class RulesViolated(Reason, frozen=True, kw_only=True):
    """Rules that were violated by what has been done."""

    kind: ClassVar[AlertKind] = "violated"
    findings: tuple[Alerted, ...]


class NotAllowedAsPlanned(Reason, frozen=True, kw_only=True):
    """Rules that the plan violates."""

    kind: ClassVar[AlertKind] = "not-allowed"
    findings: tuple[Alerted, ...]


class WithoutDate(Reason, frozen=True, kw_only=True):
    """Things of the plan that have no date, for want of an hour or an end, by their titles."""

    kind: ClassVar[AlertKind] = "without-date"
    titles: tuple[Title, ...]


OfFindings = ToConfirm | ToRepeat | AllowedByRuling | RulesViolated | NotAllowedAsPlanned
Alert = Superseded | PlanCancelled | OfFindings | WithoutDate
