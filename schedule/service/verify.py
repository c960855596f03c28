"""Is the ledger whole? Every act folded again from the first, every hash, and the files that were written from it."""

from collections.abc import Mapping
from pathlib import Path

from schedule.engine.history import apply
from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.ledger.codec import to_plain
from schedule.ledger.sqlite import Store
from schedule.model.acts import Amend, Create, Restore
from schedule.model.errors import DayzeroError, InputError, Mistake, NotDone
from schedule.model.kept import Row
from schedule.model.plan import Plan
from schedule.output import folder
from schedule.service.revisions import State, deed_in_zone, first_state, inputs_of, next_state, state_of, summary


def verify(store: Store, out: Path | None = None) -> list[str]:
    """Every difference there is, in plain sentences: chain, texts, dates laid out again from the acts, files under `out`."""
    found = store.faults()
    try:
        rows = list(store.everything())
    except NotDone as error:
        return [*found, str(error)]
    states: dict[str, tuple[State, Plan]] = {}
    for row in rows:
        name = f"{row.act.code} revision {row.act.revision}"
        try:
            states[row.act.code] = state, plan = _folded(store, row, states.get(row.act.code))
        except (DayzeroError, KeyError, TypeError, ValueError) as error:
            found.append(f"{name}: cannot be laid out again: {error}")
            continue
        if to_plain(summary(plan)) != row.plan:
            found.append(
                f"{name}: laid out again from the acts, its dates, times or statuses differ from those stored."
            )
        if to_plain(state) != _read_back(row):
            found.append(f"{name}: folded again from the acts, it stands elsewhere than the ledger says.")
    hashes = {(row.act.code, row.act.revision): row.hash for row in rows}
    for path in sorted(out.glob("*/rev-*")) if out is not None else ():
        found += _folder_faults(path, hashes)
    return found


def _read_back(row: Row) -> object:
    """The stored state in today's form: a field that an older version did not write has its default."""
    try:
        return to_plain(state_of(row))
    except (KeyError, TypeError, ValueError):
        return row.state


def _folder_faults(path: Path, hashes: Mapping[tuple[str, int], str]) -> list[str]:
    found = folder.faults(path)
    number = path.name[4:]
    kept = hashes.get((path.parent.name, int(number))) if number.isdecimal() and number == str(int(number)) else None
    try:
        ledger = folder.read_manifest(path).ledger
    except NotDone as error:
        return found or [str(error)]
    if kept is None or ledger != kept:
        found.append(f"{path}: the ledger has no such revision.")
    return found


def _folded(store: Store, row: Row, before: tuple[State, Plan] | None) -> tuple[State, Plan]:
    """Where the patient stood after an act, and the plan, from the act and what was before it alone."""
    act, deed = row.act, row.act.deed
    if isinstance(deed, Create):
        protocol, site = inputs_of(store, deed.protocol, deed.site)
        case = read_case(store.text(deed.case), "stored case file", protocol, site)
        schedule_id = state_of(row).schedule_id
        plan = lay_out(protocol, site, case, act.as_of, revision=act.revision, schedule_id=schedule_id)
        return first_state(plan, case, deed, act.at), plan
    if before is None:
        raise InputError(Mistake(place=act.code, message="its first act is missing", remedy="restore a backup"))
    state, last = before
    protocol, site = last.protocol, last.site
    if isinstance(deed, Amend):
        protocol, site = inputs_of(store, deed.protocol, deed.site)
    plan = apply(last, deed_in_zone(deed, site.zone), act.as_of, act.revision, protocol=protocol, site=site)
    return next_state(state, last, plan, act.at, anew=isinstance(deed, Restore)), plan
