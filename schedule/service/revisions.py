"""Stored revisions read back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from schedule.engine.entries import entries_of, with_since
from schedule.engine.plan import lay_out
from schedule.files.mistakes import STORED_PROTOCOL, STORED_SITE
from schedule.ledger.codec import in_zone
from schedule.ledger.store import Store
from schedule.model.acts import Deed
from schedule.model.case import NO_SITE, Site
from schedule.model.entries import Entry
from schedule.model.errors import NotThere
from schedule.model.kept import Lasting, Row, Since
from schedule.model.plan import Plan, Standing, standing_of
from schedule.model.protocol import Protocol
from schedule.model.reasons.absences import NoPlanStored, RevisionAbsent
from schedule.model.reasons.alerts import Superseded
from schedule.service.inputs import protocol_of, site_of


def inputs_of(store: Store, protocol: str, site: str | None) -> tuple[Protocol, Site]:
    """The stored protocol and site by their hashes."""
    found = protocol_of(store.text(protocol), STORED_PROTOCOL)
    return found, NO_SITE if site is None else site_of(store.text(site), STORED_SITE, found)


def _in_zone(standing: Standing, where: ZoneInfo | None) -> Standing:
    """The standing with its moments in the site's zone again, of which plain values keep the offset alone."""
    settled = tuple(in_zone(event, where) for event in standing.settled)
    return replace(in_zone(standing, where), settled=settled)


def deed_in_zone(deed: Deed, where: ZoneInfo | None) -> Deed:
    """The deed with its moments in the site's zone again, of which plain values keep the offset alone."""
    return in_zone(deed, where)


def plan_of(store: Store, row: Row, as_of: datetime | None = None) -> Plan:
    """The plan of a stored revision, laid out again; `as_of` (a wall time of the site) sees it from another moment."""
    state = row.projection
    protocol, site = inputs_of(store, state.protocol, state.site)
    return lay_out(
        protocol,
        site,
        state.case,
        as_of or row.act.as_of,
        revision=row.act.revision,
        schedule_id=row.lasting.schedule_id,
        standing=_in_zone(state.standing, site.zone),
    )


def newest(store: Store, code: str) -> Row:
    """A patient's newest revision. NotThere if there is none."""
    row = store.newest(code)
    if row is None:
        raise NotThere(NoPlanStored(code=code, known=tuple(store.codes())))
    return row


def revision_of(store: Store, code: str, revision: int | None) -> Row:
    """A patient's revision, the newest without a number. NotThere if there is none."""
    last = newest(store, code)
    if revision is None or revision == last.act.revision:
        return last
    row = store.at(code, revision)
    if row is None:
        raise NotThere(RevisionAbsent(code=code, revision=revision, newest=last.act.revision))
    return row


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
    for entry_id, since in row.lasting.since.items():
        entry = at(since.of)[1][entry_id]
        found.append(entry if since.since == since.of else entry.cancel(since.since, at(since.since)[0].act.at))
    return tuple(
        sorted(found, key=lambda entry: (entry.first, entry.start is not None, entry.start or entry.changed, entry.id))
    )


def shown_plan(store: Store, row: Row) -> Plan:
    """A stored revision's plan as it is shown: with `since`, and superseded where a newer one has taken its place."""
    plan = with_since(plan_of(store, row), {key: one.since for key, one in row.lasting.since.items()})
    last = newest(store, row.act.code)
    if last.act.revision == row.act.revision:
        return plan
    after = next(r for r in store.history(row.act.code) if r.act.revision > row.act.revision)
    newer = Superseded(revision=after.act.revision, at=after.act.at)
    return replace(plan, alerts=(newer, *plan.alerts))


def first_lasting(plan: Plan, at: datetime) -> Lasting:
    """What a new patient's plan fixes for ever."""
    since = {entry.id: Since(since=1, of=1) for entry in entries_of(plan, at)}
    return Lasting(schedule_id=plan.schedule_id, numbers=standing_of(plan).renumbered, since=since)


def next_lasting(before_it: Lasting, before: Plan, after: Plan, at: datetime, *, anew: bool = False) -> Lasting:
    """The same after an act; `anew` dates every entry from it."""
    since = _entries_since(before_it.since, before, after, at)
    if anew:
        since = {
            key: Since(since=after.revision, of=after.revision if one.since == one.of else one.of)
            for key, one in since.items()
        }
    return replace(before_it, numbers=standing_of(after).renumbered, since=since)
