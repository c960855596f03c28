"""Putting a backup in the ledger's place, so that nothing already sent out can be newer than what comes next."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from schedule.engine.history import apply
from schedule.ledger.opening import open_store
from schedule.ledger.store import Store
from schedule.model.acts import Restore
from schedule.model.errors import NotDone
from schedule.model.kept import FeedAct
from schedule.model.moved import MovedLedger
from schedule.model.projection import projection_of
from schedule.model.reasons.failures import (
    AsideTaken,
    BackupEmpty,
    BackupNotRead,
    BackupUnusable,
    ClockAhead,
    Failure,
    FolderNotMade,
    LedgerGone,
)
from schedule.model.reasons.moving import LedgerArriving, LedgerMoved
from schedule.service.create import Meta, act_of, check_clock_ahead
from schedule.service.feeds import on_site, zone_of
from schedule.service.inputs import site_time
from schedule.service.place import LedgerPlace
from schedule.service.revisions import newest, next_lasting, shown_entries, stored_plan
from schedule.service.verify import faults_of_rows

JUMP = 100
"""How far a restored backup's revisions jump: whatever was sent out since the backup stays lower."""


class Restored(Struct, frozen=True, kw_only=True):
    """What a restore did: each patient's new revision, the first and last revision that the backup did not have of a
    patient, patients that only the replaced ledger had, and where that lies.

    `doubtful` are the feeds that are answered again though nobody can say whether they had been revoked meanwhile.
    """

    made: tuple[tuple[str, int], ...]
    gone: tuple[tuple[str, int, int], ...]
    lost: tuple[str, ...]
    kept: Path | None
    doubtful: tuple[FeedAct, ...]


def restore(place: LedgerPlace, backup: Path, meta: Meta) -> Restored:
    """Put a backup in the ledger's place and give each patient a revision that is higher than any sent out.

    `meta` says who, why and when; each patient's as-of is the site's time then. The ledger that was there is kept
    beside it, that of a server in the current folder. It is replaced in one transaction, so that nobody who has it open
    writes into a file that is gone.
    NotDone, with everything as it was, if the backup cannot be used, or the ledger was moved elsewhere. A backup of
    a ledger that was moved is one of what was moved."""
    _refuse_moved(place)
    beside = place if isinstance(place, Path) else Path(f"{place.database}.sqlite")
    try:
        beside.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotDone(FolderNotMade(path=str(beside.parent), cause=str(error.strerror))) from error
    with tempfile.TemporaryDirectory(dir=beside.absolute().parent) as aside:
        copy = Path(aside) / "backup"
        try:
            shutil.copyfile(backup, copy)
            usable = copy.stat().st_size > 0
        except OSError as error:
            cause = None if isinstance(error, FileNotFoundError) else str(error.strerror)
            raise NotDone(BackupNotRead(path=str(backup), cause=cause)) from error
        try:
            with open_store(copy) as store:
                wrong = faults_of_rows(store) if usable else []
                if not usable or wrong or not store.codes():
                    raise NotDone(BackupUnusable(path=str(backup), why=tuple(wrong) or (BackupEmpty(),)))
                store.open_again()
                check_clock_ahead(store, meta)
                sent = _newest_revisions(place)
                had = {code: newest(store, code).act.revision for code in store.codes()}
                made = _raise_revisions(store, sent, meta)
                kept = _put_aside(place, beside, meta.at)
                doubtful = _carry_feeds(store, place, meta)
                _carry_channels(store, place, meta)
                with open_store(place) as ledger:
                    ledger.take_over(store)
        except NotDone as error:
            if isinstance(error.failure, BackupUnusable | ClockAhead):
                raise
            raise NotDone(BackupUnusable(path=str(backup), why=(_named(error.failure, copy, backup),))) from error
    gone = tuple((code, had[code] + 1, sent[code]) for code, _ in made if sent.get(code, 0) > had[code])
    lost = tuple(sorted(set(sent) - {code for code, _ in made}))
    return Restored(made=tuple(made), gone=gone, lost=lost, kept=kept, doubtful=doubtful)


def _named(failure: Failure, copy: Path, backup: Path) -> Failure:
    """The failure with the backup's own name where it speaks of the copy that was tried."""
    path = getattr(failure, "path", None)
    changed: Any = {"path": str(backup)} if path == str(copy) else {}
    return replace(failure, **changed)


def _refuse_moved(place: LedgerPlace) -> None:
    """NotDone where the ledger was moved elsewhere, or one is being moved here: a backup would open it again."""
    mark: MovedLedger | None = None
    with suppress(NotDone), open_store(place, make=False, arriving=True) as old:
        mark = old.moved()
    if mark is not None:
        failure = LedgerArriving if mark.arriving else LedgerMoved
        raise NotDone(failure(path=str(place), mark=mark))


def _newest_revisions(place: LedgerPlace) -> dict[str, int]:
    """The newest revision of each patient in the ledger that is to be replaced, as far as it can be read."""
    try:
        with open_store(place, make=False) as old:
            return {code: newest(old, code).act.revision for code in old.codes()}
    except NotDone:
        return {}


def _carry_feeds(store: Store, place: LedgerPlace, meta: Meta) -> tuple[FeedAct, ...]:
    """Bring what was done to feeds since the backup into it, so that none that was revoked is answered again.

    Where the replaced ledger is gone or cannot be read, nobody knows what was revoked: the feeds go on, since a
    calendar that stands still unnoticed is the worse harm, but each gets an act that says so, and is given back to be
    named."""
    try:
        with open_store(place, make=False) as old:
            acts, fetches = old.feed_acts(), old.fetches()
    except NotDone:
        alive = [
            feed
            for feed in _alive(store.feed_acts())
            if feed.expires >= on_site(meta.at, zone_of(store, feed.code, feed.ward))
        ]
        doubtful = [replace(feed, kind="came back", by=meta.by, at=meta.at, reason=meta.reason) for feed in alive]
        for act in doubtful:
            store.append_feed_act(act)
        return tuple(doubtful)
    known = set(store.feed_acts())
    for act in acts:
        if act not in known:
            store.append_feed_act(act)
    for token, at in fetches.items():
        store.note_fetch(token, at)
    return ()


def _carry_channels(store: Store, place: LedgerPlace, meta: Meta) -> None:
    """Bring what was sent to channels since the backup into it, and pause each: what calendars hold may be newer."""
    with suppress(NotDone), open_store(place, make=False) as old:
        store.take_channels(old)
    for channel in store.channels():
        store.change_channel(channel.id, {"paused": meta.at, "pause_cause": "restored", "home": ""})


def _alive(acts: Sequence[FeedAct]) -> list[FeedAct]:
    """The feeds that were made and not revoked."""
    found = {act.token: act for act in acts if act.kind == "made"}
    return [found[token] for token in found if not any(act.token == token and act.kind == "revoked" for act in acts)]


def _put_aside(place: LedgerPlace, beside: Path, at: datetime) -> Path | None:
    """Keep the ledger that is to be replaced, if there is one. A file that cannot be opened is moved away whole."""
    if isinstance(place, Path) and not place.exists():
        return None
    kept = beside.with_name(f"{beside.name}.before-restore-{at:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise NotDone(AsideTaken(path=str(kept)))
    try:
        with open_store(place, make=False):
            pass
    except NotDone as error:
        if isinstance(place, Path):
            _move_away(place, kept)
            return kept
        if isinstance(error.failure, LedgerGone):
            return None
        raise
    with open_store(place, make=False) as old:
        old.backup(kept)
    return kept


def _move_away(path: Path, kept: Path) -> None:
    """Rename a ledger's file, and those that lie beside it."""
    path.rename(kept)
    for suffix in ("-wal", "-shm"):
        if (beside := path.with_name(path.name + suffix)).exists():
            beside.rename(kept.with_name(kept.name + suffix))


def _raise_revisions(store: Store, sent: Mapping[str, int], meta: Meta) -> list[tuple[str, int]]:
    made = []
    for code in store.codes():
        row = newest(store, code)
        before = stored_plan(store, row)
        lost = max(0, sent.get(code, 0) - row.act.revision)
        revision, deed = row.act.revision + lost + JUMP, Restore(lost=lost)
        now = site_time(meta.at, before.site)
        here = replace(meta, as_of=now, site_time=now)
        plan = apply(before, deed, now, revision, by=meta.by)
        shown, shows = (shown_entries(one, meta.at, row.lasting.since) for one in (before, plan))
        lasting = next_lasting(row.lasting, shown, plan, shows, meta.at, anew=True)
        store.append(
            act_of(code, revision, row.act.revision, here, deed), lasting, projection_of(plan), {}, meta.running
        )
        made.append((code, revision))
    return made
