"""Why the disk or the ledger did not do what was asked, and what is wrong with what they hold.

`cause` is what the operating system, SQLite or a browser says of it, as it says it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from schedule.model.reasons import Reason
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

# where a ledger cannot lie


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNetworkShare(Reason):
    """The path names another computer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNetworkFileSystem(Reason):
    """The folder is mounted from another computer, with a file system of that kind."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InSynchronisedFolder(Reason):
    """A program copies that folder to another computer, half-written files among them."""

    folder: str


PlaceFault = OnNetworkShare | OnNetworkFileSystem | InSynchronisedFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsafePlace(Reason):
    """A ledger is not safe where it was to lie."""

    path: str
    why: PlaceFault


# the ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpened(Reason):
    """The ledger cannot be opened."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRead(Reason):
    """The ledger, or what was done to its feeds, cannot be read; `garbled`: because of what is written in it."""

    path: str
    what: Literal["ledger", "feeds"]
    cause: str
    garbled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWritten(Reason):
    """The ledger could not be written; nothing was saved."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchNotNoted(Reason):
    """When a feed was fetched could not be written."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchFeed(Reason):
    """The feed was never made."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMissing(Reason):
    """The ledger has lost a text that an act names."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfNewerDayzero(Reason):
    """The ledger has taken steps that this Dayzero does not know."""

    path: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLedger(Reason):
    """The file is another program's."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged(Reason):
    """The file is damaged, and was left as it is."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCopied(Reason):
    """The ledger is of an earlier version, and could not be copied before its tables change."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReplaced(Reason):
    """Another ledger could not be put in this one's place, which is as it was."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerGone(Reason):
    """The ledger is not where it was when the pages were started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLost(Reason):
    """The ledger is not where it was."""

    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBack(Reason):
    """The computer's clock says an earlier time than that of the last act; both are UTC."""

    now: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockImpossible(Reason):
    """The computer's clock says a day before Dayzero was made."""

    today: date
    made: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActedMeanwhile(Reason):
    """Somebody else made a revision of this patient's plan after the one that was looked at. `at` is UTC."""

    code: str
    revision: int
    by: str
    at: datetime
    kind: str
    reason: str


# backups


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTaken(Reason):
    """A backup is never written over another file."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupNotWritten(Reason):
    """The backup could not be written."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupNotRead(Reason):
    """The backup cannot be read; `cause` is None where there is no such file."""

    path: str
    cause: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupEmpty(Reason):
    """There is no act in the backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupUnusable(Reason):
    """The backup cannot be put in the ledger's place, for these reasons."""

    path: str
    why: "tuple[Fault, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderNotMade(Reason):
    """The ledger's folder cannot be made."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideTaken(Reason):
    """There is a file already where the ledger that is replaced was to be kept."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedNotExported(Reason):
    """The act is kept, but its files are not written."""

    code: str
    revision: int
    why: "Failure"


LedgerFailure = (
    UnsafePlace | NotOpened | NotRead | NotWritten | FetchNotNoted | NoSuchFeed | TextMissing | OfNewerDayzero
    | NoLedger | Damaged | NotCopied | NotReplaced | LedgerGone | LedgerLost | ClockBack | ClockImpossible
    | ActedMeanwhile
)  # fmt: skip
BackupFailure = NameTaken | BackupNotWritten | BackupNotRead | BackupEmpty | BackupUnusable | FolderNotMade | AsideTaken
FileFailure = (
    FileNotRead | FileNotWritten | FileThere | FilesChanged | RevisionNotRead | RevisionTaken | AnothersRevision
    | SavedNotExported
)  # fmt: skip
Failure = LedgerFailure | BackupFailure | FileFailure | ServingFailure

# what is found wrong in a ledger, or in the files that were written from it


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionNamed(Reason):
    """A patient's revision, as it calls itself."""

    code: str
    revision: object


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNamed(Reason):
    """What was done to a feed, as it calls itself."""

    label: object


ChainLink = RevisionNamed | FeedNamed


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedFile(Reason):
    """SQLite's own check of the file says this."""

    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReadable(Reason):
    """The rest of the ledger cannot be looked at."""

    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBroken(Reason):
    """Before this one, something was taken out of the chain of hashes or put in."""

    before: ChainLink


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChanged(Reason):
    """Not as it was when it was written; or what stands beside it is not."""

    link: ChainLink


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChanged(Reason):
    """A text whose hash is another."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionMissing(Reason):
    """What an act gave is not there."""

    link: RevisionNamed


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionStray(Reason):
    """What an act gave is there, but no such act."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLaidOut(Reason):
    """The act cannot be laid out again: `error` is what was raised."""

    link: RevisionNamed
    error: Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesDiffer(Reason):
    """Laid out again, its dates, times or statuses are others."""

    link: RevisionNamed


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsElsewhere(Reason):
    """Replaying the acts gives another state of the patient than the one stored."""

    link: RevisionNamed


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestNotRead(Reason):
    """The manifest in a revision's folder cannot be read."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanged(Reason):
    """A file is not as it was written."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMissing(Reason):
    """A file that was written is not there."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStray(Reason):
    """A file that was not written with the revision."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchRevision(Reason):
    """A folder of a revision that the ledger does not have."""

    path: str


LedgerFault = (
    DamagedFile | NotReadable | ChainBroken | LinkChanged | TextChanged | ProjectionMissing | ProjectionStray
    | NotLaidOut | DatesDiffer | StandsElsewhere
)  # fmt: skip
FolderFault = ManifestNotRead | FileChanged | FileMissing | FileStray | NoSuchRevision
Fault = LedgerFault | FolderFault | Failure
