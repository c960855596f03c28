"""Why a ledger was not moved to another place, and what is said of one that was."""

from schedule.model.moved import MovedLedger
from schedule.model.reasons import Reason


class OfMoving(Reason, frozen=True, kw_only=True):
    """What has to do with moving a ledger."""


class LedgerMoved(OfMoving, frozen=True, kw_only=True):
    """The ledger was moved to another place, and is closed; nothing was saved."""

    path: str
    mark: MovedLedger


class LedgerArriving(OfMoving, frozen=True, kw_only=True):
    """Another ledger is being moved to this place, which is nobody's to open before that has ended."""

    path: str
    mark: MovedLedger


class PlaceTaken(OfMoving, frozen=True, kw_only=True):
    """There is a ledger already where another was to be moved to."""

    path: str


class SamePlace(OfMoving, frozen=True, kw_only=True):
    """The two places are one."""

    path: str


class LedgerAbsent(OfMoving, frozen=True, kw_only=True):
    """There is no ledger to be moved."""

    path: str


class CopyDiffers(OfMoving, frozen=True, kw_only=True):
    """What arrived is not what was sent; it is not used."""

    path: str


MovingFailure = LedgerMoved | LedgerArriving | PlaceTaken | SamePlace | LedgerAbsent | CopyDiffers
