"""What the pages are told when they are started."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from schedule.model.kept import Running
from schedule.model.roles import Grant
from schedule.service.place import LedgerPlace

SECRET_HEADER = "X-Dayzero-Secret"
"""In which the reverse proxy says that it is the reverse proxy."""
KEY = "key"
"""Under which the first address holds the key of the computer's user."""


class Groups(Struct, frozen=True, kw_only=True):
    """How the reverse proxy says in which groups of the hospital's directory somebody is, and what each group may do.

    `grants` are by the group's name in lower case."""

    header: str
    separator: str
    grants: Mapping[str, frozenset[Grant]]


def _not_known() -> None:
    return None


class Settings(Struct, frozen=True, kw_only=True):
    """What the pages work on, who acts, and which addresses are answered.

    `site` and `protocols` are offered to new patients. `hosts` are the Host values that are answered, in small letters,
    with their port where it is not the scheme's own; `origins` are the exact Origins of our own forms, and `prefix` is
    the path below which the pages lie, such as `/dayzero`. `now` gives the moment, aware, UTC, to the second;
    `running` for how long the computer has been running. `secret` keys the form tokens.

    `proxy_header` names the header in which a reverse proxy says who is logged in; `proxy_secret` is what it sends to
    be known by, None where its socket file keeps others out, or where it is an `own_proxy`, which runs as
    the same user as these pages. `groups` says what each group of the directory may do;
    None: whoever is let in may do everything. Without a proxy `user` acts, who is known by `key` in the first address
    that she opens; None: nobody is asked for it."""

    store: LedgerPlace
    site: Path | None
    protocols: tuple[Path, ...]
    user: str
    proxy_header: str | None
    hosts: frozenset[str]
    origins: frozenset[str]
    read_only: bool
    now: Callable[[], datetime]
    secret: bytes
    running: Callable[[], Running | None] = _not_known
    groups: Groups | None = None
    prefix: str = ""
    key: str | None = None
    proxy_secret: str | None = None
    own_proxy: bool = False

    def is_reached_as(self, host: str) -> bool:
        """Whether a request's Host is one of ours, compared as RFC 3986 does (6.2.2.1, 6.2.3): small and capital
        letters are the same, and so are the scheme's own port, an empty one and none."""
        host = host.lower()
        if host in self.hosts:
            return True
        name, _, port = host.rpartition(":")
        return port in ("", "443" if self.https else "80") and name in self.hosts

    @property
    def https(self) -> bool:
        """Whether people reach the pages by https."""
        return all(origin.startswith("https://") for origin in self.origins)
