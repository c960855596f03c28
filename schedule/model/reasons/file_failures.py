"""Why a file was not read or written, a page not printed or shown. `cause` is the operating system's own text."""

from schedule.model.reasons import Reason

# files


class FileNotRead(Reason, frozen=True, kw_only=True):
    """A file or folder cannot be read."""

    path: str
    cause: str


class FileNotWritten(Reason, frozen=True, kw_only=True):
    """A file or folder could not be written."""

    path: str
    cause: str


class FileThere(Reason, frozen=True, kw_only=True):
    """There is one already, and it is never overwritten. `out` is the option that names another; None where an argument
    does.
    """

    path: str
    out: bool


class FilesChanged(Reason, frozen=True, kw_only=True):
    """One of the files was changed while they were read."""


class RevisionNotRead(Reason, frozen=True, kw_only=True):
    """A revision's folder has no manifest that can be read; `path` is the manifest's."""

    path: str


class RevisionTaken(Reason, frozen=True, kw_only=True):
    """Somebody else has just written the same revision's folder."""

    path: str


class AnothersRevision(Reason, frozen=True, kw_only=True):
    """The folder holds the revision of another plan."""

    path: str


# printing and serving


class NoBrowser(Reason, frozen=True, kw_only=True):
    """There is no browser on this computer that can print a page."""


class NotPrinted(Reason, frozen=True, kw_only=True):
    """The browser could not print; `ended` is the code that it ended with, where it ran."""

    program: str
    cause: str | None
    ended: int | None


class PrinterBusy(Reason, frozen=True, kw_only=True):
    """As many pages as may be are being printed."""


class PortTaken(Reason, frozen=True, kw_only=True):
    """Another program listens on the port."""

    port: int
    cause: str


ServingFailure = NoBrowser | NotPrinted | PrinterBusy | PortTaken
