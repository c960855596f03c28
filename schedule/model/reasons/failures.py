"""Why the disk or the ledger did not do what was asked, and what is wrong with what they hold.

`cause` is what the operating system, SQLite or a browser says of it, as it says it.
"""

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
    """The file is another program's."""

    path: str


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


class LedgerLost(Reason, frozen=True, kw_only=True):
    """The ledger is not where it was."""

    cause: str


class ClockBack(Reason, frozen=True, kw_only=True):
    """The computer's clock says an earlier time than that of the last act; both are UTC."""

    now: datetime
    last: datetime


class ClockImpossible(Reason, frozen=True, kw_only=True):
    """The computer's clock says a day before Dayzero was made."""

    today: date
    made: date


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


class RevisionNamed(Reason, frozen=True, kw_only=True):
    """A patient's revision, as it calls itself."""

    code: str
    revision: object


class FeedNamed(Reason, frozen=True, kw_only=True):
    """What was done to a feed, as it calls itself."""

    label: object


ChainLink = RevisionNamed | FeedNamed


class DamagedFile(Reason, frozen=True, kw_only=True):
    """SQLite's own check of the file says this."""

    cause: str


class NotReadable(Reason, frozen=True, kw_only=True):
    """The rest of the ledger cannot be looked at."""

    cause: str


class ChainBroken(Reason, frozen=True, kw_only=True):
    """Before this one, something was taken out of the chain of hashes or put in."""

    before: ChainLink


class LinkChanged(Reason, frozen=True, kw_only=True):
    """Not as it was when it was written; or what stands beside it is not."""

    link: ChainLink


class TextChanged(Reason, frozen=True, kw_only=True):
    """A text whose hash is another."""

    sha256: str


class ProjectionMissing(Reason, frozen=True, kw_only=True):
    """What an act gave is not there."""

    link: RevisionNamed


class ProjectionStray(Reason, frozen=True, kw_only=True):
    """What an act gave is there, but no such act."""

    number: int


class NotLaidOut(Reason, frozen=True, kw_only=True):
    """The act cannot be laid out again: `error` is what was raised."""

    link: RevisionNamed
    error: Exception


class DatesDiffer(Reason, frozen=True, kw_only=True):
    """Laid out again, its dates, times or statuses are others."""

    link: RevisionNamed


class StandsElsewhere(Reason, frozen=True, kw_only=True):
    """Replaying the acts gives another state of the patient than the one stored."""

    link: RevisionNamed


class ManifestNotRead(Reason, frozen=True, kw_only=True):
    """The manifest in a revision's folder cannot be read."""

    path: str
    cause: str


class FileChanged(Reason, frozen=True, kw_only=True):
    """A file is not as it was written."""

    path: str


class FileMissing(Reason, frozen=True, kw_only=True):
    """A file that was written is not there."""

    path: str


class FileStray(Reason, frozen=True, kw_only=True):
    """A file that was not written with the revision."""

    path: str


class NoSuchRevision(Reason, frozen=True, kw_only=True):
    """A folder of a revision that the ledger does not have."""

    path: str


LedgerFault = (
    DamagedFile | NotReadable | ChainBroken | LinkChanged | TextChanged | ProjectionMissing | ProjectionStray
    | NotLaidOut | DatesDiffer | StandsElsewhere
)  # fmt: skip
FolderFault = ManifestNotRead | FileChanged | FileMissing | FileStray | NoSuchRevision
Fault = LedgerFault | FolderFault | Failure
