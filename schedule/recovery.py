"""Putting a backup in the ledger's place, so that nothing already sent out can be newer than what comes next."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from schedule.acts import Restore
from schedule.change import apply
from schedule.errors import NotDone
from schedule.ledger import Meta, act_of, newest, next_state, plan_of, state_of, summary
from schedule.plain import to_plain
from schedule.service import site_time
from schedule.store import Store

JUMP = 100
"""How far a restored backup's revisions jump: whatever was sent out since the backup stays lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: each patient's new revision, the first and last revision that the backup did not have of a patient,
    patients that only the replaced ledger had, and where that lies."""

    made: tuple[tuple[str, int], ...]
    gone: tuple[tuple[str, int, int], ...]
    lost: tuple[str, ...]
    kept: Path | None


def restore(path: Path, backup: Path, meta: Meta) -> Restored:
    """Put a backup in the ledger's place and give each patient a revision that is higher than any sent out.

    `meta` says who, why and when; each patient's as-of is the site's time then. The ledger that was there is kept beside
    it. It is replaced in one transaction, so that nobody who has it open
    writes into a file that is gone. NotDone, with everything as it was, if the backup cannot be used.
    """
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotDone(f"{path.parent}: cannot be made ({error.strerror}).") from error
    with tempfile.TemporaryDirectory(dir=path.absolute().parent) as aside:
        copy = Path(aside) / "backup"
        try:
            shutil.copyfile(backup, copy)
            usable = copy.stat().st_size > 0
        except OSError as error:
            reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
            raise NotDone(f"{backup}: the backup cannot be read ({reason}).") from error
        try:
            with Store(copy) as store:
                wrong = store.faults() if usable else []
                if not usable or wrong or not store.codes():
                    raise NotDone(" ".join(wrong) or "There is no act in it.")
                sent = _newest_revisions(path)
                had = {code: newest(store, code).act.revision for code in store.codes()}
                made = _raise_revisions(store, sent, meta)
                kept = _put_aside(path, meta.at)
                with Store(path) as ledger:
                    ledger.take_over(store)
        except NotDone as error:
            raise NotDone(
                f"{backup}: this backup cannot be used. {str(error).replace(str(copy), str(backup))}"
            ) from error
    gone = tuple((code, had[code] + 1, sent[code]) for code, _ in made if sent.get(code, 0) > had[code])
    return Restored(made=tuple(made), gone=gone, lost=tuple(sorted(set(sent) - {code for code, _ in made})), kept=kept)


def _newest_revisions(path: Path) -> dict[str, int]:
    """The newest revision of each patient in the ledger that is to be replaced, as far as it can be read."""
    if not path.exists():
        return {}
    try:
        with Store(path) as old:
            return {code: newest(old, code).act.revision for code in old.codes()}
    except NotDone:
        return {}


def _put_aside(path: Path, at: datetime) -> Path | None:
    """Keep the ledger that is to be replaced. One that cannot be opened is moved away whole."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.before-restore-{at:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise NotDone(f"{kept} is there already. Try again.")
    try:
        with Store(path):
            pass
    except NotDone:
        path.rename(kept)
        for suffix in ("-wal", "-shm"):
            if (beside := path.with_name(path.name + suffix)).exists():
                beside.rename(kept.with_name(kept.name + suffix))
        return kept
    with Store(path) as old:
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
        plan = apply(before, deed, now, revision)
        state = next_state(state_of(row), before, plan, meta.at, anew=True)
        store.append(act_of(code, revision, row.act.revision, here, deed), to_plain(state), summary(plan), {})
        made.append((code, revision))
    return made
