"""What both edges open: files, what was sent with a form, the protocol and the site in them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from schedule.files.case_file import protocol_named_in, read_case
from schedule.files.mistakes import no_such_protocol, unreadable
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.files.table import MOST_BYTES, decoded, tables_of
from schedule.model.case import NO_SITE, Case, Site
from schedule.model.dates import zone
from schedule.model.errors import InputError, NotDone
from schedule.model.protocol import Protocol
from schedule.model.sizes import FEW, TEXTS, WHOLES
from schedule.model.text import sha256
from schedule.service.remembered import Remembered

if TYPE_CHECKING:
    from schedule.model.roles import Grant

SHIPPED = Path(__file__).parents[1] / "protocols"


class Inputs(Struct, frozen=True, kw_only=True):
    """A patient with the protocol and the site it is planned by."""

    protocol: Protocol
    site: Site
    case: Case

    @property
    def hashes(self) -> dict[str, str | None]:
        return {"protocol": self.protocol.sha256, "site": self.site.sha256, "case": self.case.sha256}


def read_file(path: Path) -> str:
    """The text of a file. InputError, in plain words, if there is none to be had."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        why = None if isinstance(error, FileNotFoundError) else str(error.strerror)
        raise InputError(unreadable(str(path), why)) from error
    return decoded(data, path.name)


class NamedText(Struct, frozen=True):
    """The text of a file, and the name by which its mistakes are told."""

    name: str
    text: str


def sent_text(file: IO[bytes], name: str) -> str | None:
    """The text of a file that was sent with a form; None if there is nothing in it. InputError if it cannot be read."""
    data = file.read(MOST_BYTES + 1)
    return decoded(data, name) if data else None


def read_tables(path: Path) -> dict[str, Any]:
    """The TOML in a file. InputError, in plain words, if there is none to be had."""
    return tables_of(read_file(path), path.name)


def shipped_protocols() -> dict[str, Path]:
    """The protocols that come with Dayzero: id, in capitals, to file."""
    return {path.stem.upper(): path for path in sorted(SHIPPED.glob("*.toml"))}


def protocol_path(named: str, beside: Path) -> Path:
    """Where the protocol lies that a case names: a shipped id, case ignored, or a path seen from the case's folder."""
    if named.lower().endswith(".toml"):
        return beside / named
    shipped = shipped_protocols()
    if named.upper() in shipped:
        return shipped[named.upper()]
    raise InputError(no_such_protocol(named, shipped))


_PROTOCOLS: Remembered[str, Protocol] = Remembered(WHOLES)
_SITES: Remembered[tuple[str, str], Site] = Remembered(TEXTS)
_CASES: Remembered[tuple[str, str, str | None], Case] = Remembered(TEXTS)


def protocol_of(text: str, name: str) -> Protocol:
    """The protocol in a text, read once. A text is what it is, whatever file it is in."""
    return _PROTOCOLS.get(text, lambda: read_protocol(text, name))


def site_of(text: str, name: str, protocol: Protocol) -> Site:
    """The site in a text, as far as the protocol asks, read once."""
    return _SITES.get((text, protocol.sha256), lambda: read_site(text, name, protocol))


def case_of(text: str, name: str, protocol: Protocol, site: Site) -> Case:
    """The patient in a text, with a protocol and a site, read once."""
    return _CASES.get((text, protocol.sha256, site.sha256), lambda: read_case(text, name, protocol, site))


def open_protocol(path: Path) -> Protocol:
    """The protocol in a file, read again only once the file is another."""
    return _open_protocol(path, _state_of(path))


def named_text(path: Path) -> NamedText:
    """The text of a file, as one value for as long as the file is the same. InputError if there is none to be had."""
    return _named_text(path, _state_of(path))


def open_site(path: Path | None, protocol: Protocol) -> Site:
    """The site in a file, read again for a protocol only once the file is another; no site at all without a path."""
    return NO_SITE if path is None else _open_site(path, _state_of(path), protocol)


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """By what a file that was changed is told; None where it cannot be looked at, which reading it says."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=FEW)
def _named_text(path: Path, _: tuple[int, int, int] | None) -> NamedText:
    return NamedText(path.name, read_file(path))


@lru_cache(maxsize=FEW)
def _open_protocol(path: Path, _: tuple[int, int, int] | None) -> Protocol:
    return protocol_of(read_file(path), path.name)


@lru_cache(maxsize=FEW)
def _open_site(path: Path, _: tuple[int, int, int] | None, protocol: Protocol) -> Site:
    return site_of(read_file(path), path.name, protocol)


def zone_named_in(site: NamedText) -> str | None:
    """The zone that a site file names, as written; None where there is none to be read."""
    try:
        named = tables_of(site.text, site.name).get("zone")
    except InputError:
        return None
    return named if isinstance(named, str) else None


def zone_of_file(site: Path | None) -> ZoneInfo | None:
    """The zone that the site file of new patients names; None where there is none to be had."""
    with suppress(InputError, ValueError):
        named = zone_named_in(named_text(site)) if site is not None else None
        return zone(named) if named is not None else None
    return None


def open_groups(path: Path) -> Mapping[str, "frozenset[Grant]"]:
    """What each group of the directory may do, from a file. InputError with every mistake in it."""
    from schedule.files.groups_file import read_groups  # which the ward's page alone reads

    return read_groups(read_file(path), path.name)


def open_case(path: Path, site_path: Path | None) -> Inputs:
    """A patient's file, with the protocol it names and the site. InputError with every mistake in the first bad
    file."""
    text = read_file(path)
    protocol = open_protocol(protocol_path(protocol_named_in(text, path.name), path.parent))
    site = open_site(site_path, protocol)
    return Inputs(protocol=protocol, site=site, case=read_case(text, path.name, protocol, site))


def texts_of(inputs: Inputs, paths: Iterable[Path], *texts: str) -> dict[str, str]:
    """The texts that a plan is made from, by their hashes, as the ledger keeps them: found in the files and texts
    named. NotDone if one of them has changed since it was read."""
    found = {sha256(text): text for text in (*texts, *map(read_file, paths))}
    wanted = {digest for digest in inputs.hashes.values() if digest}
    if not wanted <= set(found):
        from schedule.model.reasons.file_failures import FilesChanged

        raise NotDone(FilesChanged())
    return {digest: found[digest] for digest in found if digest in wanted}


def site_time(when: datetime, site: Site) -> datetime:
    """A moment as the site's wall time, without zone and seconds; UTC's where there is no site file."""
    return when.astimezone(site.zone or UTC).replace(tzinfo=None, second=0, microsecond=0)
