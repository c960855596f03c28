"""What is found wrong in a ledger, or in the files that were written from it."""

from schedule.model.reasons import Reason


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


class FilesAbsent(Reason, frozen=True, kw_only=True):
    """The files of a patient's newest revision are not there; `older` is the revision whose files are, which it has
    superseded."""

    link: RevisionNamed
    path: str
    older: int | None


class FileForeign(Reason, frozen=True, kw_only=True):
    """Something that is not the ledger's lies among the files that were written from it."""

    path: str


LedgerFault = (
    DamagedFile | NotReadable | ChainBroken | LinkChanged | TextChanged | ProjectionMissing | ProjectionStray
    | NotLaidOut | DatesDiffer | StandsElsewhere
)  # fmt: skip
FolderFault = ManifestNotRead | FileChanged | FileMissing | FileStray | NoSuchRevision | FilesAbsent | FileForeign
