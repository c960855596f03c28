"""Why a ledger on a database server did not do what was asked. `path` is what it is called: no password is in it.

`cause` is what the server or its library says of it, as it says it.
"""

from schedule.model.reasons import Reason


class DriverMissing(Reason, frozen=True, kw_only=True):
    """What speaks to the server is not installed: it comes with this extra."""

    path: str
    extra: str


class ServerAway(Reason, frozen=True, kw_only=True):
    """No server answers."""

    path: str
    cause: str


class NotLetIn(Reason, frozen=True, kw_only=True):
    """The server answers, and lets nobody in under that name, or has no such database."""

    path: str
    cause: str


class UnfitServer(Reason, frozen=True, kw_only=True):
    """A setting of the server is one with which a ledger is not safe."""

    path: str
    setting: str
    value: str
    needed: str


class NoRight(Reason, frozen=True, kw_only=True):
    """The server's role may not do this."""

    path: str
    cause: str


class OnlyRead(Reason, frozen=True, kw_only=True):
    """The server is one that is only read, such as a standby; nothing was saved."""

    path: str


class LeftBehind(Reason, frozen=True, kw_only=True):
    """The only server that answers was left behind when another was promoted in its place."""

    path: str
    server: str


class SeveralServers(Reason, frozen=True, kw_only=True):
    """These servers take acts, each for itself, and nobody can say which is the newest."""

    path: str
    servers: tuple[str, ...]


class SavedOrNot(Reason, frozen=True, kw_only=True):
    """The server went away before it said whether it has saved: nobody knows."""

    path: str
    cause: str


ServerFailure = (
    DriverMissing | ServerAway | NotLetIn | UnfitServer | NoRight | OnlyRead | LeftBehind | SeveralServers | SavedOrNot
)
