"""What was asked for and is not in the ledger."""

from schedule.model.reasons import Reason


class NoPlanStored(Reason, frozen=True, kw_only=True):
    """No plan is stored under this code: `known` are the codes that there are."""

    code: str
    known: tuple[str, ...]


class RevisionAbsent(Reason, frozen=True, kw_only=True):
    """The patient has no such revision."""

    code: str
    revision: int
    newest: int


class SheetAbsent(Reason, frozen=True, kw_only=True):
    """No sheet of the ledger has the check code that was typed."""

    typed: str


class FeedAbsent(Reason, frozen=True, kw_only=True):
    """No feed has that name."""


class NobodyStored(Reason, frozen=True, kw_only=True):
    """The ledger at this path has no patient."""

    path: str


class FirstActAbsent(Reason, frozen=True, kw_only=True):
    """A patient's history does not begin with a plan."""

    code: str


class ActAbsent(Reason, frozen=True, kw_only=True):
    """No act of the ledger has this hash; None where none is remembered."""

    hash: str | None


Absence = ActAbsent | NoPlanStored | RevisionAbsent | SheetAbsent | FeedAbsent | NobodyStored | FirstActAbsent
