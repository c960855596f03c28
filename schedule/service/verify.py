"""Is the ledger whole? Every act replayed from the first, every hash, and the files that were written from it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from schedule.ledger.packed import is_text_of
from schedule.ledger.store import Store
from schedule.model.errors import NotDone, NotThere
from schedule.model.kept import Lasting, Row
from schedule.model.projection import Projection
from schedule.model.reasons.absences import ActAbsent
from schedule.model.reasons.failures import Fault
from schedule.model.reasons.faults import (
    DatesDiffer,
    FileForeign,
    FilesAbsent,
    LedgerFault,
    NoSuchRevision,
    NotLaidOut,
    RevisionNamed,
    StandsElsewhere,
)
from schedule.model.server_address import ServerAddress
from schedule.output import folder
from schedule.service.place import LedgerPlace, open_ledger
from schedule.service.processes import on_all_cores
from schedule.service.rebuild import Again, folded

SHARE = 25
"""So many patients a process looks at before it takes others: a few seconds of work."""


def marked(ledger: LedgerPlace) -> str:
    """Up to which act the ledger was whole when it was last verified: the hash that is kept beside it. NotThere if none
    is."""
    try:
        return _mark(ledger).read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise NotThere(ActAbsent(hash=None)) from error


def mark(ledger: LedgerPlace, head: str) -> bool:
    """Remember beside the ledger up to which act it is whole; False where nothing can be written there."""
    try:
        _mark(ledger).write_text(f"{head}\n", encoding="ascii")
    except OSError:
        return False
    return True


def _mark(ledger: LedgerPlace) -> Path:
    """The file beside the ledger. OSError where nothing can lie beside it."""
    if isinstance(ledger, ServerAddress):
        raise FileNotFoundError(str(ledger))
    return ledger.with_name(f"{ledger.name}.verified")


class Verified(Struct, kw_only=True):
    """What `verify` found: every difference, how many acts it looked at, and the hash of the newest, up to which the
    ledger is whole if there is no difference."""

    faults: list[Fault]
    acts: int
    head: str


def verify(
    store: Store, out: Path | None = None, since: str | None = None, *, place: LedgerPlace | None = None
) -> Verified:
    """Every difference there is: chain, texts, dates laid out again from the acts, files under `out`. `since` is the
    hash of an act up to which the ledger was found whole: only later ones are laid out again. NotThere if there is no
    such act. One patient is held at a time; with the `place` of the ledger many are looked at on all cores, by
    processes that open it for themselves."""
    if since is not None and not store.has(since):
        raise NotThere(ActAbsent(hash=since))
    found = Verified(faults=[*store.faults(whole=since is None)], acts=0, head="")
    try:
        found.head = store.tips()[0]
        codes = store.codes(since) if place is not None else []
        if place is None or len(codes) <= SHARE:
            _look_at(store, since, None, found)
        else:
            shares = [codes[n : n + SHARE] for n in range(0, len(codes), SHARE)]
            for share in on_all_cores(partial(_share, place, since), shares):
                found.faults += (fault for fault in share.faults if fault not in found.faults)
                found.acts += share.acts
    except NotDone as error:
        found.faults.append(error.failure)
        return found
    found.faults += _out_faults(out, store) if out is not None else ()
    return found


def _share(place: LedgerPlace, since: str | None, codes: list[str]) -> Verified:
    """What is found of these patients, whose codes follow one another, with the ledger opened anew."""
    found = Verified(faults=[], acts=0, head="")
    with open_ledger(place, make=False) as store:
        _look_at(store, since, codes, found)
    return found


def _look_at(store: Store, since: str | None, codes: list[str] | None, found: Verified) -> None:
    """Look at the acts of these patients, of all if none are named, and note what is found."""
    for row, again in folded(store, _readable(store, since, codes, found), from_first=since is None):
        found.faults += _differences(row, again)


def faults_of_rows(store: Store) -> list[LedgerFault]:
    """What is wrong with a ledger, as far as can be told without laying anything out."""
    return [*store.faults(), *(fault for _, faults in store.by_patient() for fault in faults)]


def _readable(store: Store, since: str | None, codes: list[str] | None, found: Verified) -> Iterator[Row]:
    """The rows that can be read; what is wrong with any is noted."""
    for row, faults in store.by_patient(since, codes):
        found.acts += 1
        found.faults += faults
        if row is not None:
            yield row


def _differences(row: Row, again: Again | Exception) -> Iterator[Fault]:
    """How what an act gives differs from what is kept of it."""
    link = RevisionNamed(code=row.act.code, revision=row.act.revision)
    if isinstance(again, Exception):
        yield NotLaidOut(link=link, error=again)
        return
    stands = _every_value(again.lasting) == _every_value(row.lasting)
    stands = stands and row.ward in (None, again.projection.ward)
    if row.content is not None and not is_text_of(row.content, again.projection):
        try:
            there, given = row.projection, again.projection
        except NotDone as error:
            yield error.failure
            return
        if _dates(there) != _dates(given) or _place(there) == _place(given):
            yield DatesDiffer(link=link)
        stands = stands and _place(there) == _place(given)
    if not stands:
        yield StandsElsewhere(link=link)


def _every_value(lasting: Lasting) -> bytes:
    """All of it as text: two moments of which only the offsets differ are not the same."""
    return msgspec.json.encode(lasting, order="sorted")


def _place(one: Projection) -> tuple[object, ...]:
    return one.protocol, one.site, one.zone, one.case, one.standing


def _dates(one: Projection) -> tuple[object, ...]:
    return one.events, one.findings, one.undated, one.not_stated, one.doses_before, one.feasible, one.clock, one.moves


def _out_faults(out: Path, store: Store) -> Iterator[Fault]:
    """What is wrong with the files under a folder: changed, missing, superseded by what is missing, foreign."""
    for patient in sorted(out.iterdir()) if out.is_dir() else ():
        if not patient.is_dir():
            yield FileForeign(path=str(patient))
            continue
        for path in sorted(patient.iterdir()):
            if path.name.startswith(folder.UNFINISHED):
                continue
            yield from _folder_faults(path, store) if path.name.startswith("rev-") else (FileForeign(path=str(path)),)
    for kept in store.newest_acts():
        code, revision = kept.act.code, kept.act.revision
        path = out / code / f"rev-{revision}"
        if not folder.is_there(path):
            older = [n for n in folder.revisions_in(out / code) if n < revision]
            link = RevisionNamed(code=code, revision=revision)
            yield FilesAbsent(link=link, path=str(path), older=max(older, default=None))


def _folder_faults(path: Path, store: Store) -> list[Fault]:
    found: list[Fault] = [*folder.faults(path)]
    number = path.name[4:]
    is_number = number.isdecimal() and number == str(int(number))
    kept = store.at(path.parent.name, int(number)) if is_number else None
    try:
        ledger = folder.read_manifest(path).ledger
    except NotDone as error:
        return found or [error.failure]
    if kept is None or ledger != kept.hash:
        found.append(NoSuchRevision(path=str(path)))
    return found
