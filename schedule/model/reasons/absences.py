"""What was asked for and is not in the ledger."""

from dataclasses import dataclass

from schedule.model.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlanStored(Reason):
    """No plan is stored under this code: `known` are the codes that there are."""

    code: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionAbsent(Reason):
    """The patient has no such revision."""

    code: str
    revision: int
    newest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAbsent(Reason):
    """No sheet of the ledger has the check code that was typed."""

    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAbsent(Reason):
    """No feed has that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyStored(Reason):
    """The ledger at this path has no patient."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstActAbsent(Reason):
    """A patient's history does not begin with a plan."""

    code: str


Absence = NoPlanStored | RevisionAbsent | SheetAbsent | FeedAbsent | NobodyStored | FirstActAbsent
