"""Why a file was not read or written, a page not printed or shown. `cause` is the operating system's own text."""

from dataclasses import dataclass

from schedule.model.reasons import Reason

# files


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotRead(Reason):
    """A file or folder cannot be read."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotWritten(Reason):
    """A file or folder could not be written."""

    path: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileThere(Reason):
    """There is one already, and it is never overwritten. `out` is the option that names another; None where an argument
    does.
    """

    path: str
    out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesChanged(Reason):
    """One of the files was changed while they were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionNotRead(Reason):
    """A revision's folder has no manifest that can be read; `path` is the manifest's."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionTaken(Reason):
    """Somebody else has just written the same revision's folder."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnothersRevision(Reason):
    """The folder holds the revision of another plan."""

    path: str


# printing and serving


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBrowser(Reason):
    """There is no browser on this computer that can print a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPrinted(Reason):
    """The browser could not print; `ended` is the code that it ended with, where it ran."""

    program: str
    cause: str | None
    ended: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterBusy(Reason):
    """As many pages as may be are being printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortTaken(Reason):
    """Another program listens on the port."""

    port: int
    cause: str


ServingFailure = NoBrowser | NotPrinted | PrinterBusy | PortTaken
