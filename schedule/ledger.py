"""The acts on a stored patient, one function each, shared by commands and pages.

Every act reads the newest revision back, works out the next one (`change`), and keeps act, state and dates in one
transaction (`store`). A revision's state is kept with it, so that an act does not have to fold the whole history;
`verify` folds it all the same and says where the two differ.
"""

import shutil
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schedule import folder
from schedule.acts import Act, Amend, Create, Deed, Move, Note, PlannedHour, RecordEvent, Restore
from schedule.case import NO_SITE, Case, Site
from schedule.change import MoveVerdict, apply, judge_move
from schedule.entries import Entry, entries_of
from schedule.errors import DayzeroError, InputError, Mistake, NotDone
from schedule.events import DayZero, Event, Standing
from schedule.plain import from_plain, to_plain
from schedule.plan import Plan, first_standing, lay_out
from schedule.protocol import Protocol
from schedule.reading_case import read_case
from schedule.service import Inputs, output_files, protocol_of, site_of, site_time
from schedule.shape import nearest
from schedule.store import Row, Stale, Store

JUMP = 100
"""How far a restored backup's revisions jump: whatever was sent out since the backup stays lower."""


class NotAllowed(DayzeroError):
    """The act is not allowed; nothing was saved."""

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """An entry last changed in revision `since`; `of` is the revision whose plan it shows (earlier, once it is cancelled)."""

    since: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a patient stands after an act: all that is needed to lay the revision out again."""

    schedule_id: uuid.UUID
    protocol: str
    site: str | None
    case: Case
    standing: Standing
    entries: Mapping[str, Since]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Who acts, when, why, and as of which moment. `at` is UTC by the real clock; the others are the site's wall time."""

    by: str
    at: datetime
    as_of: datetime
    site_time: datetime
    reason: str = ""
    based_on: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an act did, or would do: the plan before and after, the verdict on a new day 0, the row that keeps it."""

    before: Plan | None
    after: Plan
    verdict: MoveVerdict | None
    row: Row | None

    @property
    def saved(self) -> bool:
        return self.row is not None


def inputs_of(store: Store, protocol: str, site: str | None) -> tuple[Protocol, Site]:
    """The stored protocol and site by their hashes."""
    found = protocol_of(store.text(protocol), "stored protocol")
    return found, NO_SITE if site is None else site_of(store.text(site), "stored site file", found)


def _in_zone(standing: Standing, where: ZoneInfo | None) -> Standing:
    """The standing with its moments in the site's zone again, of which plain values keep the offset alone."""

    def moment(value: datetime | None) -> datetime | None:
        return value.astimezone(where) if value is not None and where is not None else value

    def event(value: Event) -> Event:
        return replace(value, start=moment(value.start), end=moment(value.end)) if value.start else value

    return replace(
        standing,
        planned=DayZero(on=standing.planned.on, at=moment(standing.planned.at)),
        day_zero=DayZero(on=standing.day_zero.on, at=moment(standing.day_zero.at)),
        settled=tuple(event(one) for one in standing.settled),
    )


def state_of(row: Row) -> State:
    return from_plain(State, row.state)


def plan_of(store: Store, row: Row) -> Plan:
    """The plan of a stored revision, laid out again."""
    state = state_of(row)
    protocol, site = inputs_of(store, state.protocol, state.site)
    return lay_out(
        protocol, site, state.case, row.act.as_of, revision=row.act.revision, schedule_id=state.schedule_id,
        standing=_in_zone(state.standing, site.zone),
    )  # fmt: skip


def summary(plan: Plan) -> dict[str, Any]:
    """The dates, times and statuses of a plan: what must come out again whenever the revision is laid out."""
    return {
        "banner": plan.banner,
        "events": [
            [e.id, e.label, *map(_iso, (e.on, e.last_date, e.start, e.end)), e.status] for e in plan.events
        ],
        "findings": [
            [f.ref, f.point, f.status, *map(_iso, (f.actual, f.earliest, f.latest, f.expires))] for f in plan.findings
        ],
    }  # fmt: skip


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def newest(store: Store, code: str) -> Row:
    """A patient's newest revision. InputError, with the nearest code, if there is none."""
    row = store.newest(code)
    if row is None:
        raise InputError(
            Mistake(
                place=f'"{code[:40]}"', message="no plan is stored under this code", remedy=nearest(code, store.codes())
            )
        )
    return row


def revision_of(store: Store, code: str, revision: int | None) -> Row:
    """A patient's revision, the newest without a number. InputError if there is none."""
    last = newest(store, code)
    if revision is None or revision == last.act.revision:
        return last
    row = store.at(code, revision)
    if row is None:
        raise InputError(
            Mistake(
                place=f"{code}, revision {revision}",
                message="there is none",
                remedy=f"the newest is {last.act.revision}",
            )
        )
    return row


def look_alikes(store: Store, code: str) -> list[str]:
    """The stored codes that differ from this one in a single character: easily taken for each other."""
    return [other for other in store.codes() if other != code and _differ_in_one(code, other)]


def _differ_in_one(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def create(store: Store, inputs: Inputs, texts: Mapping[str, str], meta: Meta, *, dry_run: bool = False) -> Done:
    """A patient's first plan. The same three texts again change nothing; others for a stored code are an InputError
    that names the right act."""
    case = inputs.case
    deed = Create(protocol=inputs.protocol.sha256, site=inputs.site.sha256, case=case.sha256)
    there = store.newest(case.code)
    if there is not None:
        first = store.history(case.code)[0].act.deed
        if first == deed:
            return Done(before=None, after=plan_of(store, there), verdict=None, row=None)
        raise InputError(
            Mistake(
                place=case.code, message="a plan is stored under this code, made from other files",
                remedy="change it by an act: fact, attest, rule, record, slip, or amend for another protocol or site file",
            )
        )  # fmt: skip
    standing = first_standing(case)
    assert standing is not None
    schedule_id = uuid.uuid4()
    plan = lay_out(
        inputs.protocol, inputs.site, case, meta.as_of, revision=1, schedule_id=schedule_id, standing=standing
    )
    entries = {entry.id: Since(since=1, of=1) for entry in entries_of(plan, meta.at)}
    act = _act(case.code, 1, 0, meta, deed)
    row = None
    if not dry_run:
        state = State(
            schedule_id=schedule_id,
            protocol=deed.protocol,
            site=deed.site,
            case=case,
            standing=standing,
            entries=entries,
        )
        row = store.append(act, to_plain(state), summary(plan), texts)
    return Done(before=None, after=plan, verdict=None, row=row)


def _act(code: str, revision: int, based_on: int, meta: Meta, deed: Deed) -> Act:
    return Act(
        code=code, revision=revision, based_on=based_on, by=meta.by, at=meta.at, site_time=meta.site_time,
        as_of=meta.as_of, reason=meta.reason, deed=deed,
    )  # fmt: skip


def perform(
    store: Store, code: str, deed: Deed, meta: Meta, *, dry_run: bool = False, texts: Mapping[str, str] | None = None
) -> Done:
    """An act on a stored patient. A refused move saves nothing and says why in its verdict; a move to where day 0 stands
    already changes nothing. Stale, NotDone or InputError, with nothing saved, as their names say."""
    row = newest(store, code)
    if meta.based_on is not None and meta.based_on != row.act.revision:
        raise Stale(row)
    before = plan_of(store, row)
    if before.standing is not None and before.standing.cancelled and not isinstance(deed, Note | Move):
        raise NotAllowed(f"{code}: the plan is cancelled. Only notes can be added; nothing was saved.")
    state, revision = state_of(row), row.act.revision + 1
    protocol, site = before.protocol, before.site
    if isinstance(deed, Amend):
        given = dict(texts or {})
        protocol = protocol_of(given.get(deed.protocol) or store.text(deed.protocol), "amended protocol")
        if deed.site is not None:
            site = site_of(given.get(deed.site) or store.text(deed.site), "amended site file", protocol)
        _check_names(before.case, protocol)
    after = apply(before, deed, meta.as_of, revision, protocol=protocol, site=site)
    verdict = judge_move(before, after, deed, meta.as_of) if isinstance(deed, Move) else None
    if verdict is not None and (verdict.unchanged or not verdict.allowed):
        return Done(before=before, after=before if verdict.unchanged else after, verdict=verdict, row=None)
    if dry_run:
        return Done(before=before, after=after, verdict=verdict, row=None)
    after_state = next_state(state, before, after, meta.at)
    act = _act(code, revision, row.act.revision, meta, deed)
    return Done(
        before=before,
        after=after,
        verdict=verdict,
        row=store.append(act, to_plain(after_state), summary(after), texts or {}),
    )


def _check_names(case: Case, protocol: Protocol) -> None:
    """InputError if an amended protocol no longer knows a date or attestation that is recorded."""
    lost = [name for name in case.dates if name not in protocol.dates]
    lost += [name for name in case.attestations if name not in protocol.attestations]
    if lost:
        raise InputError(
            *(
                Mistake(
                    place=f"{case.code}, {name}",
                    message="the amended protocol does not know it",
                    remedy="keep it in the protocol",
                )
                for name in lost
            )
        )


def _entries_since(known: Mapping[str, Since], before: Plan, after: Plan, at: datetime) -> dict[str, Since]:
    """Which revision each calendar entry dates from, after the newest one."""
    old = {entry.id: entry for entry in entries_of(before, at)}
    new = {entry.id: entry for entry in entries_of(after, at)}
    found = dict(known)
    for entry_id, entry in new.items():
        there = entry_id in old and known[entry_id].since == known[entry_id].of
        if not (there and old[entry_id].shows == entry.shows):
            found[entry_id] = Since(since=after.revision, of=after.revision)
    for entry_id, since in known.items():
        if entry_id not in new and since.since == since.of:
            found[entry_id] = Since(since=after.revision, of=since.of)
    return found


def calendar_entries(store: Store, row: Row) -> tuple[Entry, ...]:
    """The calendar entries of a revision, each with the text of the revision it dates from."""
    made: dict[int, tuple[Row, dict[str, Entry]]] = {}

    def at(revision: int) -> tuple[Row, dict[str, Entry]]:
        if revision not in made:
            source = row if revision == row.act.revision else revision_of(store, row.act.code, revision)
            entries = entries_of(plan_of(store, source), source.act.at)
            made[revision] = source, {entry.id: entry for entry in entries}
        return made[revision]

    found = []
    for entry_id, since in state_of(row).entries.items():
        entry = at(since.of)[1][entry_id]
        found.append(entry if since.since == since.of else entry.cancel(since.since, at(since.since)[0].act.at))
    return tuple(
        sorted(found, key=lambda entry: (entry.first, entry.start is not None, entry.start or entry.changed, entry.id))
    )


def with_since(plan: Plan, entries: Mapping[str, Since]) -> Plan:
    """The plan with each event's `since`."""
    return replace(plan, events=tuple(replace(event, since=entries[event.id].since) for event in plan.events))


def shown_plan(store: Store, row: Row) -> Plan:
    """A stored revision's plan as it is shown: with `since`, and superseded where a newer one has taken its place."""
    plan = with_since(plan_of(store, row), state_of(row).entries)
    last = newest(store, row.act.code)
    if last.act.revision == row.act.revision:
        return plan
    after = next(r for r in store.history(row.act.code) if r.act.revision > row.act.revision)
    return replace(plan, superseded=f"revision {after.act.revision} of {after.act.at:%Y-%m-%d %H:%M} UTC")


def export_saved(store: Store, row: Row, out: Path, extra: Mapping[str, bytes] | None = None) -> Path:
    """`export` right after an act was kept: where the files cannot be written, the act stands, and NotDone says so."""
    try:
        return export(store, row, out, extra)
    except NotDone as error:
        code, revision = row.act.code, row.act.revision
        raise NotDone(
            f"Revision {revision} of {code} is saved in the ledger, but its files are not written. {error} "
            f"Then: dayzero export {code}"
        ) from error


def export(store: Store, row: Row, out: Path, extra: Mapping[str, bytes] | None = None) -> Path:
    """Write a revision's files under `out`, and give its folder; an existing one is left as it is."""
    patient = out / row.act.code
    path = patient / f"rev-{row.act.revision}"
    if folder.is_there(path):
        if folder.read_manifest(path).ledger == row.hash:
            return path
        raise NotDone(f"{path}: it holds another plan's revision. Name another --out.")
    state, entries = state_of(row), calendar_entries(store, row)
    plan = shown_plan(store, row)
    manifest = folder.Manifest(
        revision=row.act.revision, when=row.act.at, as_of=row.act.as_of, entries=entries, ledger=row.hash,
        inputs={"protocol": state.protocol, "site": state.site, "case": state.case.sha256},
    )  # fmt: skip
    return folder.write(patient, manifest, {**output_files(plan, entries, row.act.at), **(extra or {})})


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
        if to_plain(state) != row.state:
            found.append(f"{name}: folded again from the acts, it stands elsewhere than the ledger says.")
    hashes = {(row.act.code, row.act.revision): row.hash for row in rows}
    for path in sorted(out.glob("*/rev-*")) if out is not None else ():
        found += _folder_faults(path, hashes)
    return found


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
    plan = apply(last, _deed_in_zone(deed, site.zone), act.as_of, act.revision, protocol=protocol, site=site)
    return next_state(state, last, plan, act.at, anew=isinstance(deed, Restore)), plan


def _deed_in_zone(deed: Deed, where: ZoneInfo | None) -> Deed:
    """The deed with its moments in the site's zone again, of which plain values keep the offset alone."""
    if where is None:
        return deed
    if isinstance(deed, Move) and deed.to.at is not None:
        return replace(deed, to=DayZero(on=deed.to.on, at=deed.to.at.astimezone(where)))
    if isinstance(deed, RecordEvent | PlannedHour) and deed.moment is not None:
        return replace(deed, moment=deed.moment.astimezone(where))
    return deed


def first_state(plan: Plan, case: Case, deed: Create, at: datetime) -> State:
    """Where a new patient stands."""
    assert plan.standing is not None
    entries = {entry.id: Since(since=1, of=1) for entry in entries_of(plan, at)}
    return State(
        schedule_id=plan.schedule_id,
        protocol=deed.protocol,
        site=deed.site,
        case=case,
        standing=plan.standing,
        entries=entries,
    )


def next_state(state: State, before: Plan, after: Plan, at: datetime, *, anew: bool = False) -> State:
    """Where the patient stands after an act; `anew` dates every entry from it."""
    assert after.standing is not None
    entries = _entries_since(state.entries, before, after, at)
    if anew:
        entries = {
            key: Since(since=after.revision, of=after.revision if one.since == one.of else one.of)
            for key, one in entries.items()
        }
    return replace(
        state,
        case=after.case,
        standing=after.standing,
        protocol=after.protocol.sha256,
        site=after.site.sha256,
        entries=entries,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: each patient's new revision, patients that only the replaced ledger had, and where that lies."""

    made: tuple[tuple[str, int], ...]
    lost: tuple[str, ...]
    kept: Path | None


def restore(path: Path, backup: Path, meta: Meta) -> Restored:
    """Put a backup in the ledger's place and give each patient a revision that is higher than any sent out.

    `meta` says who, why and when; each patient's as-of is the site's time then. The ledger that was there is kept beside
    it. It is replaced in one transaction, so that nobody who has it open
    writes into a file that is gone. NotDone, with everything as it was, if the backup cannot be used.
    """
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
                made = _raise_revisions(store, sent, meta)
                kept = _put_aside(path, meta.at)
                with Store(path) as ledger:
                    ledger.take_over(store)
        except NotDone as error:
            raise NotDone(
                f"{backup}: this backup cannot be used. {str(error).replace(str(copy), str(backup))}"
            ) from error
    return Restored(made=tuple(made), lost=tuple(sorted(set(sent) - {code for code, _ in made})), kept=kept)


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
    try:
        with Store(path) as old:
            old.backup(kept)
    except NotDone:
        path.rename(kept)
        for suffix in ("-wal", "-shm"):
            if (beside := path.with_name(path.name + suffix)).exists():
                beside.rename(kept.with_name(kept.name + suffix))
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
        store.append(_act(code, revision, row.act.revision, here, deed), to_plain(state), summary(plan), {})
        made.append((code, revision))
    return made
