"""The acts on a stored patient, one function each, for whoever offers them.

Every act reads the newest revision back, works out the next one (`change`), and keeps act, state and dates in one
transaction (`store`). A revision's state is kept with it, so that an act does not have to fold the whole history;
`verify` folds it all the same and says where the two differ.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schedule import folder
from schedule.acts import Act, Amend, Create, Deed, Move, Note, PlannedHour, RecordEvent
from schedule.case import NO_SITE, Case, Site
from schedule.change import MoveVerdict, apply, judge_move
from schedule.entries import Entry, entries_of
from schedule.errors import DayzeroError, InputError, Mistake, NotDone
from schedule.events import DayZero, Event, Standing
from schedule.ical import calendar
from schedule.notice import Notice, notice, notice_values
from schedule.plain import from_plain, to_plain
from schedule.plan import Plan, first_standing, lay_out
from schedule.protocol import Protocol
from schedule.render import change_page
from schedule.service import Inputs, output_files, protocol_of, site_of
from schedule.shape import nearest
from schedule.store import Row, Stale, Store
from schedule.tables import to_json


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


def deed_in_zone(deed: Deed, where: ZoneInfo | None) -> Deed:
    """The deed with its moments in the site's zone again, of which plain values keep the offset alone."""
    if where is None:
        return deed
    if isinstance(deed, Move) and deed.to.at is not None:
        return replace(deed, to=DayZero(on=deed.to.on, at=deed.to.at.astimezone(where)))
    if isinstance(deed, RecordEvent | PlannedHour) and deed.moment is not None:
        return replace(deed, moment=deed.moment.astimezone(where))
    return deed


def state_of(row: Row) -> State:
    return from_plain(State, row.state)


def plan_of(store: Store, row: Row, as_of: datetime | None = None) -> Plan:
    """The plan of a stored revision, laid out again; `as_of` (a wall time of the site) sees it from another moment."""
    state = state_of(row)
    protocol, site = inputs_of(store, state.protocol, state.site)
    return lay_out(
        protocol, site, state.case, as_of or row.act.as_of, revision=row.act.revision, schedule_id=state.schedule_id,
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
            return Done(before=None, after=shown_plan(store, there), verdict=None, row=None)
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
    row = None
    if not dry_run:
        act = act_of(case.code, 1, 0, meta, deed)
        row = store.append(act, to_plain(first_state(plan, case, deed, meta.at)), summary(plan), texts)
    return Done(before=None, after=plan, verdict=None, row=row)


def act_of(code: str, revision: int, based_on: int, meta: Meta, deed: Deed) -> Act:
    """The act that makes `revision` of a patient's plan."""
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
    if before.standing is not None and before.standing.cancelled and not isinstance(deed, Note | Move | RecordEvent):
        raise NotAllowed(f"{code}: the plan is cancelled. Only notes and records can be added; nothing was saved.")
    state, revision = state_of(row), row.act.revision + 1
    protocol, site = before.protocol, before.site
    if isinstance(deed, Amend):
        given = dict(texts or {})
        protocol = protocol_of(given.get(deed.protocol) or store.text(deed.protocol), "amended protocol")
        if protocol.id.upper() != before.protocol.id.upper():
            mistake = Mistake(
                place=f"{code}, protocol", message=f"{protocol.id} is another trial than {before.protocol.id}",
                remedy="an amendment is another version of the same one; a new trial is a new plan under a new code",
            )  # fmt: skip
            raise InputError(mistake)
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
    act = act_of(code, revision, row.act.revision, meta, deed)
    return Done(
        before=before,
        after=after,
        verdict=verdict,
        row=store.append(act, to_plain(after_state), summary(after), texts or {}),
    )


def _check_names(case: Case, protocol: Protocol) -> None:
    """InputError if an amended protocol no longer knows a date, attestation or choice that is recorded."""
    lost = [name for name in case.dates if name not in protocol.dates]
    lost += [name for name in case.attestations if name not in protocol.attestations]
    lost += [
        name for name, option in case.choices.items()
        if name not in protocol.choices or option not in protocol.choices[name].options
    ]  # fmt: skip
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


def export_saved(store: Store, row: Row, out: Path) -> Path:
    """`export` right after an act was kept: where the files cannot be written, the act stands, and NotDone says so."""
    try:
        return export(store, row, out)
    except NotDone as error:
        code, revision = row.act.code, row.act.revision
        raise NotDone(
            f"Revision {revision} of {code} is saved in the ledger, but its files are not written. {error} "
            f"Then: dayzero export {code} --out DIR"
        ) from error


def export(store: Store, row: Row, out: Path) -> Path:
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
    files = {**output_files(plan, entries, row.act.at), **change_files(store, row, plan, entries)}
    return folder.write(patient, manifest, files)


def change_notice(store: Store, row: Row) -> tuple[Plan, Plan, MoveVerdict | None, Notice] | None:
    """The plan before and after an act, the verdict on its new day 0, and its notice; None for what changes no plan."""
    act = row.act
    if isinstance(act.deed, Create):
        return None
    before_row = revision_of(store, act.code, act.based_on)
    before, after = plan_of(store, before_row), plan_of(store, row)
    deed = deed_in_zone(act.deed, after.site.zone)
    verdict = judge_move(before, after, deed, act.as_of) if isinstance(deed, Move) else None
    made = before_row.act.at, act.at
    told = notice(
        before, after, deed, verdict, saved=True, as_of=act.as_of, made=made, by=act.by, reason=act.reason
    )  # fmt: skip
    return before, after, verdict, told


def change_files(store: Store, row: Row, plan: Plan, entries: Iterable[Entry]) -> dict[str, bytes]:
    """change.html, change.json and changes.ics: what an act's revision has beside the plan's own files. `plan` is the
    revision's as it is shown."""
    found = change_notice(store, row)
    if found is None:
        return {}
    act = row.act
    before, after, verdict, told = found
    changed = calendar(
        [entry for entry in entries if entry.since == act.revision], schedule_id=after.schedule_id,
        name=f"{act.code} changes of revision {act.revision}", description=f"What changed in revision {act.revision}.",
    )  # fmt: skip
    return {
        "change.json": to_json(notice_values(before, after, verdict, saved=True)).encode(),
        "change.html": change_page(plan, told, act.at).encode(),
        "changes.ics": changed,
    }


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
