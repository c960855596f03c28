"""Why the disk or the ledger did not do what was asked, and what is wrong with what they hold.

`cause` is what the operating system, SQLite or a browser says of it, as it says it.
"""

from datetime import date, datetime
from typing import Literal

from schedule.model.reasons import Reason
from schedule.model.reasons.cluster_failures import ClusterFailure
from schedule.model.reasons.faults import FolderFault, LedgerFault
from schedule.model.reasons.file_failures import (
    AnothersRevision,
    FileNotRead,
    FileNotWritten,
    FilesChanged,
    FileThere,
    RevisionNotRead,
    RevisionTaken,
    ServingFailure,
)
from schedule.model.reasons.moving import MovingFailure
from schedule.model.reasons.server_failures import ServerFailure

# where a ledger cannot lie


class OnNetworkShare(Reason, frozen=True, kw_only=True):
    """The path names another computer."""


class OnNetworkFileSystem(Reason, frozen=True, kw_only=True):
    """The folder is mounted from another computer, with a file system of that kind."""

    kind: str


class InSynchronisedFolder(Reason, frozen=True, kw_only=True):
    """A program copies that folder to another computer, half-written files among them."""

    folder: str


PlaceFault = OnNetworkShare | OnNetworkFileSystem | InSynchronisedFolder


class UnsafePlace(Reason, frozen=True, kw_only=True):
    """A ledger is not safe where it was to lie."""

    path: str
    why: PlaceFault


# the ledger


class NotOpened(Reason, frozen=True, kw_only=True):
    """The ledger cannot be opened."""

    path: str
    cause: str


class CopyFirst(Reason, frozen=True, kw_only=True):
    """The ledger lies where nothing can be written, and cannot be read there: its newest acts lie in the file beside it
    (`wal`), or what acts gave is of an earlier form (`form`)."""

    path: str
    why: Literal["wal", "form"]


class RowNotWhole(Reason, frozen=True, kw_only=True):
    """What is to be read of a patient was changed, or does not follow from the act before it."""

    path: str
    fault: LedgerFault


class NotRead(Reason, frozen=True, kw_only=True):
    """The ledger, or what was done to its feeds, cannot be read; `garbled`: because of what is written in it."""

    path: str
    what: Literal["ledger", "feeds"]
    cause: str
    garbled: bool


class NotWritten(Reason, frozen=True, kw_only=True):
    """The ledger could not be written; nothing was saved."""

    path: str
    cause: str


class FetchNotNoted(Reason, frozen=True, kw_only=True):
    """When a feed was fetched could not be written."""

    path: str
    cause: str


class NoSuchFeed(Reason, frozen=True, kw_only=True):
    """The feed was never made."""

    path: str


class TextMissing(Reason, frozen=True, kw_only=True):
    """The ledger has lost a text that an act names."""

    path: str
    sha256: str


class OfNewerDayzero(Reason, frozen=True, kw_only=True):
    """The ledger has taken steps that this Dayzero does not know."""

    path: str
    version: int


class NoLedger(Reason, frozen=True, kw_only=True):
    """The file is another program's; or the database, `on_a_server`."""

    path: str
    on_a_server: bool = False


class Damaged(Reason, frozen=True, kw_only=True):
    """The file is damaged, and was left as it is."""

    path: str


class NotCopied(Reason, frozen=True, kw_only=True):
    """The ledger is of an earlier version, and could not be copied before its tables change."""

    path: str
    cause: str


class NotReplaced(Reason, frozen=True, kw_only=True):
    """Another ledger could not be put in this one's place, which is as it was."""

    path: str
    cause: str


class LedgerGone(Reason, frozen=True, kw_only=True):
    """The ledger is not where it was when the pages were started."""


class ClockBack(Reason, frozen=True, kw_only=True):
    """The computer's clock says an earlier time than that of the last act; both are UTC."""

    now: datetime
    last: datetime


class ClockImpossible(Reason, frozen=True, kw_only=True):
    """The computer's clock says a day before Dayzero was made."""

    today: date
    made: date


class ClockAhead(Reason, frozen=True, kw_only=True):
    """The computer's clock may be ahead: it says `now`. By the ledger it is `own`, which the `server` of the database
    says, or for how long the computer has been `running` since the last act; or `own` is when the `last act` was, so
    long ago that nobody would believe it. Both are aware; nothing was saved."""

    now: datetime
    own: datetime
    by: Literal["server", "running", "last act"]


class ActedMeanwhile(Reason, frozen=True, kw_only=True):
    """Somebody else made a revision of this patient's plan after the one that was looked at. `at` is UTC."""

    code: str
    revision: int
    by: str
    at: datetime
    kind: str
    reason: str


# backups


class NameTaken(Reason, frozen=True, kw_only=True):
    """A backup is never written over another file."""

    path: str


class BackupNotWritten(Reason, frozen=True, kw_only=True):
    """The backup could not be written."""

    path: str
    cause: str


class BackupNotRead(Reason, frozen=True, kw_only=True):
    """The backup cannot be read; `cause` is None where there is no such file."""

    path: str
    cause: str | None


class BackupEmpty(Reason, frozen=True, kw_only=True):
    """There is no act in the backup."""


class BackupUnusable(Reason, frozen=True, kw_only=True):
    """The backup cannot be put in the ledger's place, for these reasons."""

    path: str
    why: "tuple[Fault, ...]"


class CopyNotWhole(Reason, frozen=True, kw_only=True):
    """A ledger was to be moved, and what came is not whole, for these reasons; it is not used."""

    path: str
    why: "tuple[Fault, ...]"


class FolderNotMade(Reason, frozen=True, kw_only=True):
    """The ledger's folder cannot be made."""

    path: str
    cause: str


class AsideTaken(Reason, frozen=True, kw_only=True):
    """There is a file already where the ledger that is replaced was to be kept."""

    path: str


class SavedNotExported(Reason, frozen=True, kw_only=True):
    """The act is kept, but its files are not written."""

    code: str
    revision: int
    why: "Failure"


ClockWrong = ClockBack | ClockImpossible | ClockAhead
LedgerFailure = (
    ServerFailure | MovingFailure | CopyFirst | RowNotWhole |
    UnsafePlace | NotOpened | NotRead | NotWritten | FetchNotNoted | NoSuchFeed | TextMissing | OfNewerDayzero
    | NoLedger | Damaged | NotCopied | NotReplaced | LedgerGone | ClockWrong
    | ActedMeanwhile
)  # fmt: skip
BackupFailure = (
    NameTaken | BackupNotWritten | BackupNotRead | BackupEmpty | BackupUnusable | CopyNotWhole | FolderNotMade
    | AsideTaken
)  # fmt: skip
FileFailure = (
    FileNotRead | FileNotWritten | FileThere | FilesChanged | RevisionNotRead | RevisionTaken | AnothersRevision
    | SavedNotExported
)  # fmt: skip
Failure = LedgerFailure | BackupFailure | FileFailure | ServingFailure | ClusterFailure
Fault = LedgerFault | FolderFault | Failure
"""What `verify` finds."""
