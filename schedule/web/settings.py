"""What the pages are told when they are started."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schedule.model.roles import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """How the reverse proxy says in which groups of the hospital's directory somebody is, and what each group may do.

    `grants` are by the group's name in lower case."""

    header: str
    separator: str
    grants: Mapping[str, frozenset[Grant]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the pages work on, who acts, and which addresses are answered.

    `site` and `protocols` are offered to new patients. `hosts` are the exact Host values that are answered, with their
    port where it is not the scheme's own; `origins` are the exact Origins of our own forms. `proxy_header` names the
    header in which a reverse proxy says who is logged in; None: there is no proxy, and `user` acts. `now` gives the
    moment, aware, UTC, to the second. `secret` keys the form tokens.
    `groups` says what each group of the directory may do; None: whoever is let in may do everything."""

    store: Path
    site: Path | None
    protocols: tuple[Path, ...]
    user: str
    proxy_header: str | None
    hosts: frozenset[str]
    origins: frozenset[str]
    read_only: bool
    now: Callable[[], datetime]
    secret: bytes
    groups: Groups | None = None

    @property
    def https(self) -> bool:
        """Whether people reach the pages by https."""
        return all(origin.startswith("https://") for origin in self.origins)
