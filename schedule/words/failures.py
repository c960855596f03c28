"""What the disk or the ledger did not do, and what is wrong with what they hold, in words."""

from typing import assert_never

from schedule.model.errors import ChannelRefused, NotDelivered, NotDone, NotThere, Reckoning, Refused
from schedule.model.reasons.cluster_failures import ClusterFailure
from schedule.model.reasons.failures import (
    ActedMeanwhile,
    AsideTaken,
    BackupEmpty,
    BackupFailure,
    BackupNotRead,
    BackupNotWritten,
    BackupUnusable,
    ClockAhead,
    ClockBack,
    ClockImpossible,
    CopyFirst,
    CopyNotWhole,
    Damaged,
    Failure,
    Fault,
    FetchNotNoted,
    FileFailure,
    FolderNotMade,
    InSynchronisedFolder,
    LedgerFailure,
    LedgerGone,
    NameTaken,
    NoLedger,
    NoSuchFeed,
    NotCopied,
    NotOpened,
    NotRead,
    NotReplaced,
    NotWritten,
    OfNewerDayzero,
    OnNetworkFileSystem,
    OnNetworkShare,
    PlaceFault,
    RowNotWhole,
    SavedNotExported,
    TextMissing,
    UnsafePlace,
)
from schedule.model.reasons.faults import (
    ChainBroken,
    ChainLink,
    DamagedFile,
    DatesDiffer,
    FeedNamed,
    FileChanged,
    FileForeign,
    FileMissing,
    FilesAbsent,
    FileStray,
    FolderFault,
    LedgerFault,
    LinkChanged,
    ManifestNotRead,
    NoSuchRevision,
    NotLaidOut,
    NotReadable,
    ProjectionMissing,
    ProjectionStray,
    RevisionNamed,
    StandsElsewhere,
    TextChanged,
)
from schedule.model.reasons.file_failures import (
    AnothersRevision,
    FileNotRead,
    FileNotWritten,
    FilesChanged,
    FileThere,
    NoBrowser,
    NotPrinted,
    PortTaken,
    PrinterBusy,
    RevisionNotRead,
    RevisionTaken,
    ServingFailure,
)
from schedule.model.reasons.moving import OfMoving
from schedule.words.absences import absence_in_words
from schedule.words.acts import act_in_words
from schedule.words.clock import clock_in_words
from schedule.words.cluster import cluster_failure_in_words
from schedule.words.moving import NOT_USED, moving_in_words
from schedule.words.publishing import channel_refusal, fault_of_channel
from schedule.words.reckoning import miscalculation_in_words
from schedule.words.refusals import refused_lines
from schedule.words.remedies import Edge
from schedule.words.servers import server_failure_in_words


def error_in_words(error: Exception, edge: Edge) -> str:
    """What is said of an error that ends an act, line by line."""
    match error:
        case NotDone():
            return failure_in_words(error.failure, edge)
        case NotDelivered():
            return fault_of_channel(error.fault)
        case ChannelRefused():
            return channel_refusal(error.refusal)
        case NotThere():
            place, message, remedy = absence_in_words(error.absence)
            return f"{place}: {message} - {remedy}"
        case Refused():
            return "\n".join(map(str, refused_lines(error, edge)))
        case Reckoning():
            return miscalculation_in_words(error.case)
        case _:
            return str(error)


def failure_in_words(failure: Failure, edge: Edge) -> str:
    """Why it was not done, and what to do about it."""
    if isinstance(failure, ClusterFailure):
        return cluster_failure_in_words(failure)
    match failure:
        case (
            BackupNotRead()
            | BackupNotWritten()
            | BackupEmpty()
            | BackupUnusable()
            | CopyNotWhole()
            | NameTaken()
            | FolderNotMade()
            | AsideTaken()
        ):
            return _of_backup(failure, edge)
        case (
            FileNotRead() | FileNotWritten() | FileThere() | FilesChanged() | RevisionNotRead() | RevisionTaken()
            | AnothersRevision() | SavedNotExported()
        ):  # fmt: skip
            return _of_file(failure, edge)
        case NoBrowser() | NotPrinted() | PrinterBusy() | PortTaken():
            return _of_serving(failure)
        case _:
            return _of_ledger(failure, edge)


def _of_ledger(failure: LedgerFailure, edge: Edge) -> str:
    match failure:
        case UnsafePlace():
            way_out = "Keep it on this computer's own disk: --store or DAYZERO_STORE; back it up with dayzero backup"
            return f"{failure.path} {place_in_words(failure.why)}, where a ledger is not safe. {way_out}."
        case NotOpened() | CopyFirst() | RowNotWhole() | NotRead():
            return _of_reading(failure, edge)
        case NotWritten():
            return f"{failure.path}: the ledger could not be written ({failure.cause}). Nothing was saved."
        case FetchNotNoted():
            return f"{failure.path}: the fetch was not noted ({failure.cause})."
        case NoSuchFeed():
            return f"{failure.path}: there is no such feed. Nothing was saved."
        case TextMissing():
            return f"{failure.path}: the text {failure.sha256[:12]}… is missing from the ledger."
        case OfNewerDayzero() | NoLedger() | Damaged() | NotCopied():
            return _of_its_form(failure)
        case NotReplaced():
            return f"{failure.path}: the ledger could not be replaced ({failure.cause}). It is as it was."
        case LedgerGone():
            return "The ledger is not where it was when Dayzero was started."
        case ClockBack() | ClockImpossible() | ClockAhead():
            return clock_in_words(failure, edge)
        case ActedMeanwhile():
            return _of_meanwhile(failure, edge)
        case OfMoving():
            return moving_in_words(failure, edge)
        case _:
            return server_failure_in_words(failure, edge)


def _of_its_form(failure: OfNewerDayzero | NoLedger | Damaged | NotCopied) -> str:
    match failure:
        case OfNewerDayzero():
            return (
                f"{failure.path}: it was written by a newer Dayzero (ledger version {failure.version}). "
                "Install that one."
            )
        case NoLedger():
            if failure.on_a_server:
                return f"{failure.path}: this database holds another program's tables. Name an empty one, or a ledger."
            return f"{failure.path}: this is another program's file, not a ledger."
        case Damaged():
            return (
                f"{failure.path}: the file is damaged, and was not changed. "
                "Restore a backup: dayzero restore FILE --reason …"
            )
        case NotCopied():
            return (
                f"{failure.path}: its tables are of an earlier version, and it could not be copied "
                f"before they are changed ({failure.cause}). Nothing was changed. "
                "Make room in its folder, or let Dayzero write there."
            )
        case _:
            assert_never(failure)


def _of_reading(failure: NotOpened | CopyFirst | RowNotWhole | NotRead, edge: Edge) -> str:
    match failure:
        case NotOpened():
            return f"{failure.path}: the ledger cannot be opened ({failure.cause})."
        case CopyFirst(path=path, why=why):
            lack = "its newest acts lie in the -wal file beside it" if why == "wal" else "an earlier Dayzero wrote it"
            return f"{path}: nothing can be written there, and {lack}. Copy all its files elsewhere, and open it there."
        case RowNotWhole():
            return f"{failure.path}: {fault_in_words(failure.fault, edge)} It is not shown. Run dayzero verify."
        case NotRead():
            what = "the feeds" if failure.what == "feeds" else "the ledger"
            return (
                f"{failure.path}: {what} cannot be read ({failure.cause})." + " Run dayzero verify." * failure.garbled
            )
        case _:
            assert_never(failure)


def _of_meanwhile(failure: ActedMeanwhile, edge: Edge) -> str:
    kind = act_in_words(failure.kind)
    what = f"{kind}: {failure.reason}" if failure.reason else kind
    look = f"Look at it (dayzero show {failure.code})" if edge == "terminal" else "Look at the patient's page"
    return (
        f"{failure.code}: revision {failure.revision} was made meanwhile by {failure.by} at "
        f"{failure.at:%Y-%m-%d %H:%M} UTC ({what}). {look}, then act again."
    )


def place_in_words(why: PlaceFault) -> str:
    """`is on a network share`: why a ledger cannot lie somewhere."""
    match why:
        case OnNetworkShare():
            return "is on a network share"
        case OnNetworkFileSystem():
            return f"is on a network file system ({why.kind})"
        case InSynchronisedFolder():
            return f"is in a folder that is synchronised ({why.folder})"
        case _:
            assert_never(why)


def _of_backup(failure: BackupFailure, edge: Edge) -> str:
    match failure:
        case NameTaken():
            return f"{failure.path} is there already. Name a new file."
        case BackupNotWritten():
            return f"{failure.path}: the backup could not be written ({failure.cause})."
        case BackupNotRead():
            return f"{failure.path}: the backup cannot be read ({failure.cause or 'there is no such file'})."
        case BackupEmpty():
            return "There is no act in it."
        case BackupUnusable():
            why = " ".join(fault_in_words(one, edge) for one in failure.why)
            return f"{failure.path}: this backup cannot be used. {why}"
        case CopyNotWhole():
            why = " ".join(fault_in_words(one, edge) for one in failure.why)
            return f"{failure.path}: what came here is not whole. {why} {NOT_USED}"
        case FolderNotMade():
            return f"{failure.path}: cannot be made ({failure.cause})."
        case AsideTaken():
            return f"{failure.path} is there already. Try again."
        case _:
            assert_never(failure)


def _of_file(failure: FileFailure, edge: Edge) -> str:
    match failure:
        case FileNotRead():
            return f"{failure.path}: cannot be read ({failure.cause})."
        case FileNotWritten():
            return f"{failure.path}: could not be written ({failure.cause})."
        case FileThere():
            another = "another --out" if failure.out else "another file"
            return f"{failure.path}: there is one already. Name {another}, or move that one away."
        case FilesChanged():
            return "One of the files was changed meanwhile. Nothing was saved; try again."
        case RevisionNotRead():
            return f"{failure.path}: the revision cannot be read. Move that folder away, or write to another --out."
        case RevisionTaken():
            return f"{failure.path}: somebody else has just written this revision. Look at it, then try again."
        case AnothersRevision():
            return f"{failure.path}: it holds another plan's revision. Name another --out."
        case SavedNotExported():
            return (
                f"Revision {failure.revision} of {failure.code} is saved in the ledger, but its files are not written. "
                f"{failure_in_words(failure.why, edge)} Then: dayzero export {failure.code} --out DIR"
            )
        case _:
            assert_never(failure)


def _of_serving(failure: ServingFailure) -> str:
    match failure:
        case NoBrowser():
            return (
                "No Chromium, Chrome or Edge was found on this computer. Install one, or leave --pdf out and print the "
                "pages from any browser."
            )
        case NotPrinted():
            why = failure.cause if failure.cause is not None else f"it ended with {failure.ended}"
            return f"{failure.program} could not print ({why})."
        case PrinterBusy():
            return "Other files are being printed. Try again in a minute."
        case PortTaken():
            return f"Port {failure.port} is taken ({failure.cause}). Name another: --port {failure.port + 1}."
        case _:
            assert_never(failure)


# what is found wrong


def fault_in_words(fault: Fault, edge: Edge = "terminal") -> str:
    """What is wrong with a ledger, or with files that were written from it: a plain sentence."""
    match fault:
        case (
            ManifestNotRead() | FileChanged() | FileMissing() | FileStray() | NoSuchRevision() | FilesAbsent()
            | FileForeign()
        ):  # fmt: skip
            return _of_folder(fault)
        case (
            DamagedFile() | NotReadable() | ChainBroken() | LinkChanged() | TextChanged() | ProjectionMissing()
            | ProjectionStray() | NotLaidOut() | DatesDiffer() | StandsElsewhere()
        ):  # fmt: skip
            return _in_ledger(fault, edge)
        case _:
            return failure_in_words(fault, edge)


def _in_ledger(fault: LedgerFault, edge: Edge) -> str:
    match fault:
        case DamagedFile():
            return f"The file is damaged: {fault.cause}."
        case NotReadable():
            return f"The ledger cannot be read: {fault.cause}."
        case ChainBroken():
            name = link_in_words(fault.before)
            return f"{name}: the chain of hashes is broken before it; an act was taken out or put in."
        case LinkChanged():
            return f"{link_in_words(fault.link)}: it was changed after it was written."
        case TextChanged():
            return f"The text {fault.sha256[:12]}… was changed after it was written."
        case ProjectionMissing():
            return f"{link_in_words(fault.link)}: what it gave is missing."
        case ProjectionStray():
            return f"What act {fault.number} gave is kept, but there is no such act."
        case NotLaidOut():
            return f"{link_in_words(fault.link)}: cannot be laid out again: {error_in_words(fault.error, edge)}"
        case DatesDiffer():
            name = link_in_words(fault.link)
            return f"{name}: replaying its acts gives other dates, times or statuses than those stored."
        case StandsElsewhere():
            name = link_in_words(fault.link)
            return f"{name}: replaying its acts gives another state than the one stored."
        case _:
            assert_never(fault)


def link_in_words(link: ChainLink) -> str:
    """What a part of a chain of hashes is called."""
    match link:
        case RevisionNamed():
            return f"{link.code} revision {link.revision}"
        case FeedNamed():
            return f"Feed “{link.label}”"
        case _:
            assert_never(link)


def _of_folder(fault: FolderFault) -> str:
    match fault:
        case ManifestNotRead():
            return f"{fault.path}: cannot be read ({fault.cause})."
        case FileChanged():
            return f"{fault.path}: was changed after it was written."
        case FileMissing():
            return f"{fault.path}: is missing."
        case FileStray():
            return f"{fault.path}: does not belong to this revision."
        case NoSuchRevision():
            return f"{fault.path}: the ledger has no such revision."
        case FilesAbsent(link=link, older=older):
            there = "nothing of the patient is there" if older is None else f"there is only superseded revision {older}"
            said = f"{fault.path}: is missing, and {there}. Whoever looks there reads old dates."
            return f"{said} Write them: dayzero export {link.code}"
        case FileForeign():
            return f"{fault.path}: was not written from this ledger."
        case _:
            assert_never(fault)
