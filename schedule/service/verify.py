"""Is the ledger whole? Every act replayed from the first, every hash, and the files that were written from it."""

from collections.abc import Mapping
from pathlib import Path

from schedule.ledger.codec import to_plain
from schedule.ledger.store import Store
from schedule.model.errors import NotDone
from schedule.model.reasons.failures import (
    DatesDiffer,
    Fault,
    NoSuchRevision,
    NotLaidOut,
    RevisionNamed,
    StandsElsewhere,
)
from schedule.output import folder
from schedule.service.rebuild import folded


def verify(store: Store, out: Path | None = None) -> list[Fault]:
    """Every difference there is: chain, texts, dates laid out again from the acts, files under `out`."""
    found = store.faults()
    try:
        rows = list(store.everything())
    except NotDone as error:
        return [*found, error.failure]
    for row, again in folded(store, rows):
        link = RevisionNamed(code=row.act.code, revision=row.act.revision)
        if isinstance(again, Exception):
            found.append(NotLaidOut(link=link, error=again))
            continue
        kept, given = row.projection, again.projection
        if _plain(given.occurrences, given.judgements, given.alerts, given.undated) != _plain(
            kept.occurrences, kept.judgements, kept.alerts, kept.undated
        ):
            found.append(DatesDiffer(link=link))
        if _plain(again.lasting, given.protocol, given.site, given.case, given.standing) != _plain(
            row.lasting, kept.protocol, kept.site, kept.case, kept.standing
        ):
            found.append(StandsElsewhere(link=link))
    hashes = {(row.act.code, row.act.revision): row.hash for row in rows}
    for path in sorted(out.glob("*/rev-*")) if out is not None else ():
        found += _folder_faults(path, hashes)
    return found


def _plain(*values: object) -> object:
    return [to_plain(value) for value in values]


def _folder_faults(path: Path, hashes: Mapping[tuple[str, int], str]) -> list[Fault]:
    found: list[Fault] = [*folder.faults(path)]
    number = path.name[4:]
    kept = hashes.get((path.parent.name, int(number))) if number.isdecimal() and number == str(int(number)) else None
    try:
        ledger = folder.read_manifest(path).ledger
    except NotDone as error:
        return found or [error.failure]
    if kept is None or ledger != kept:
        found.append(NoSuchRevision(path=str(path)))
    return found
