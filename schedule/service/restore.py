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
from schedule.model.projection import projection_of
from schedule.model.reasons.failures import (
    AsideTaken,
    BackupEmpty,
    BackupNotRead,
    BackupUnusable,
    Failure,
    FolderNotMade,
    LedgerGone,
)
from schedule.service.acts import Meta, act_of
from schedule.service.inputs import site_time
from schedule.service.revisions import newest, next_lasting, plan_of
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


def restore(path: Path, backup: Path, meta: Meta) -> Restored:
    """Put a backup in the ledger's place and give each patient a revision that is higher than any sent out.

    `meta` says who, why and when; each patient's as-of is the site's time then. The ledger that was there is kept
    beside it. It is replaced in one transaction, so that nobody who has it open writes into a file that is gone.
    NotDone, with everything as it was, if the backup cannot be used."""
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotDone(FolderNotMade(path=str(path.parent), cause=str(error.strerror))) from error
    with tempfile.TemporaryDirectory(dir=path.absolute().parent) as aside:
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
                sent = _newest_revisions(path)
                had = {code: newest(store, code).act.revision for code in store.codes()}
                made = _raise_revisions(store, sent, meta)
                kept = _put_aside(path, meta.at)
                doubtful = _carry_feeds(store, path, meta)
                _carry_channels(store, path, meta)
                with open_store(path) as ledger:
                    ledger.take_over(store)
        except NotDone as error:
            if isinstance(error.failure, BackupUnusable):
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


def _newest_revisions(path: Path) -> dict[str, int]:
    """The newest revision of each patient in the ledger that is to be replaced, as far as it can be read."""
    if not path.exists():
        return {}
    try:
        with open_store(path) as old:
            return {code: newest(old, code).act.revision for code in old.codes()}
    except NotDone:
        return {}


def _carry_feeds(store: Store, path: Path, meta: Meta) -> tuple[FeedAct, ...]:
    """Bring what was done to feeds since the backup into it, so that none that was revoked is answered again.

    Where the replaced ledger is gone or cannot be read, nobody knows what was revoked: the feeds go on, since a
    calendar that stands still unnoticed is the worse harm, but each gets an act that says so, and is given back to be
    named."""
    try:
        if not path.exists():
            raise NotDone(LedgerGone())
        with open_store(path) as old:
            acts, fetches = old.feed_acts(), old.fetches()
    except NotDone:
        alive = [feed for feed in _alive(store.feed_acts()) if feed.expires >= meta.at.date()]
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


def _carry_channels(store: Store, path: Path, meta: Meta) -> None:
    """Bring what was sent to channels since the backup into it, and pause each: what calendars hold may be newer."""
    with suppress(NotDone):
        if path.exists():
            with open_store(path) as old:
                store.take_channels(old)
    for channel in store.channels():
        store.change_channel(channel.id, {"paused": meta.at, "pause_cause": "restored", "home": ""})


def _alive(acts: Sequence[FeedAct]) -> list[FeedAct]:
    """The feeds that were made and not revoked."""
    found = {act.token: act for act in acts if act.kind == "made"}
    return [found[token] for token in found if not any(act.token == token and act.kind == "revoked" for act in acts)]


def _put_aside(path: Path, at: datetime) -> Path | None:
    """Keep the ledger that is to be replaced. One that cannot be opened is moved away whole."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.before-restore-{at:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise NotDone(AsideTaken(path=str(kept)))
    try:
        with open_store(path):
            pass
    except NotDone:
        path.rename(kept)
        for suffix in ("-wal", "-shm"):
            if (beside := path.with_name(path.name + suffix)).exists():
                beside.rename(kept.with_name(kept.name + suffix))
        return kept
    with open_store(path) as old:
        old.backup(kept)
    return kept


def _raise_revisions(store: Store, sent: Mapping[str, int], meta: Meta) -> list[tuple[str, int]]:
    made = []
    for code in store.codes():
        row = newest(store, code)
        before = plan_of(store, row)
        lost = max(0, sent.get(code, 0) - row.act.revision)
        revision, deed = row.act.revision + lost + JUMP, Restore(lost=lost)
        now = site_time(meta.at, before.site)
        here = replace(meta, as_of=now, site_time=now)
        plan = apply(before, deed, now, revision, by=meta.by)
        lasting = next_lasting(row.lasting, before, plan, meta.at, anew=True)
        store.append(act_of(code, revision, row.act.revision, here, deed), lasting, projection_of(plan), {})
        made.append((code, revision))
    return made
