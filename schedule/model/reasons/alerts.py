"""What every output of a plan must say: that it is void, not allowed, or allowed by a ruling only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from schedule.model.reasons import Reason
from schedule.model.reasons.findings import FindingTitle, Repeat
from schedule.model.titles import Title

AlertKind = Literal[
    "superseded", "cancelled", "to-confirm", "to-repeat", "allowed-by-ruling", "violated", "not-allowed",
    "without-date",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """A finding that an alert is about. `repeat`: what would serve; `ruled_on`: when a ruling allowed it."""

    ref: str
    title: FindingTitle
    repeat: Repeat | None = None
    ruled_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded(Reason):
    """A newer revision has taken its place: the one after it, made at that moment in UTC."""

    kind: ClassVar[AlertKind] = "superseded"
    revision: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCancelled(Reason):
    """The plan is cancelled."""

    kind: ClassVar[AlertKind] = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToConfirm(Reason):
    """The principal investigator must decide whether day 0 may lie there."""

    kind: ClassVar[AlertKind] = "to-confirm"
    findings: tuple[Alerted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRepeat(Reason):
    """Day 0 has slipped out of reach of what was done: each has its `repeat`."""

    kind: ClassVar[AlertKind] = "to-repeat"
    findings: tuple[Alerted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedByRuling(Reason):
    """Rules that are violated and that a ruling allows: each has its `ruled_on`."""

    kind: ClassVar[AlertKind] = "allowed-by-ruling"
    findings: tuple[Alerted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesViolated(Reason):
    """Rules that were violated by what has been done."""

    kind: ClassVar[AlertKind] = "violated"
    findings: tuple[Alerted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAllowedAsPlanned(Reason):
    """Rules that the plan violates."""

    kind: ClassVar[AlertKind] = "not-allowed"
    findings: tuple[Alerted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutDate(Reason):
    """Things of the plan that have no date, for want of an hour or an end, by their titles."""

    kind: ClassVar[AlertKind] = "without-date"
    titles: tuple[Title, ...]


OfFindings = ToConfirm | ToRepeat | AllowedByRuling | RulesViolated | NotAllowedAsPlanned
Alert = Superseded | PlanCancelled | OfFindings | WithoutDate
