"""Stored revisions read back."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from schedule.engine.alerts import alerts_of
from schedule.engine.by_clock import seen
from schedule.engine.entries import entries_of, with_since
from schedule.engine.plan import first_history, plan_from
from schedule.engine.replay import carry_on
from schedule.engine.shown_days import dated_anew, shown_days
from schedule.files.mistakes import STORED_CASE, STORED_PROTOCOL, STORED_SITE
from schedule.ledger.codec import in_zone
from schedule.ledger.store import Store
from schedule.model import reasons
from schedule.model.acts import Act, Amend, Create, Deed
from schedule.model.case import NO_SITE, Site
from schedule.model.entries import Entry
from schedule.model.errors import NotThere
from schedule.model.history import History, Step
from schedule.model.kept import Kept, Lasting, Row, Since
from schedule.model.moment import instant_at
from schedule.model.plan import Event, Plan
from schedule.model.protocol import Protocol
from schedule.model.reasons.alerts import Superseded
from schedule.model.sizes import WHOLES
from schedule.service.inputs import case_of, protocol_of, site_of
from schedule.service.remembered import Remembered


def inputs_of(store: Store, protocol: str, site: str | None) -> tuple[Protocol, Site]:
    """The stored protocol and site by their hashes."""
    found = protocol_of(store.text(protocol), STORED_PROTOCOL)
    return found, NO_SITE if site is None else site_of(store.text(site), STORED_SITE, found)


def deed_in_zone(deed: Deed, where: ZoneInfo | None) -> Deed:
    """The deed with its moments in the site's zone again, of which plain values keep the offset alone."""
    return in_zone(deed, where)


def history_of(store: Store, acts: Iterable[Act], numbers: Mapping[str, int]) -> History:
    """A patient's acts, oldest first, each with the texts that held after it and its moments in the zone it was made
    in. `numbers` are those of the last act. NotThere if there is no first plan among them."""
    found: History | None = None
    for act in acts:
        if isinstance(act.deed, Create):
            protocol, site = inputs_of(store, act.deed.protocol, act.deed.site)
            case = case_of(store.text(act.deed.case), STORED_CASE, protocol, site)
            found = first_history(protocol, site, case, act.as_of, numbers)
        elif found is None:
            raise NotThere(reasons.absences.FirstActAbsent(code=act.code))
        else:
            found = found.then(step_after(store, found, act))
    assert found is not None
    return found


def step_after(store: Store, history: History, act: Act) -> Step:
    """An act on a patient with this history."""
    last = history.steps[-1]
    protocol, site = last.protocol, last.site
    if isinstance(act.deed, Amend):
        protocol, site = inputs_of(store, act.deed.protocol, act.deed.site)
    return Step(deed=deed_in_zone(act.deed, site.zone), as_of=act.as_of, protocol=protocol, site=site, by=act.by)


_HISTORIES: Remembered[str, History] = Remembered(WHOLES)
"""By the hash of the last act, which stands for all acts up to it: the same to whoever reads the same, so that it is
laid out once."""
LOOKED_BACK = 64
"""Acts that may have come since a history that is remembered, or it is read from the beginning."""


@lru_cache(maxsize=WHOLES)
def _plan(history: History, as_of: datetime, fold: int, revision: int, schedule_id: uuid.UUID) -> Plan:
    return plan_from(history, as_of, revision=revision, schedule_id=schedule_id)


def plan_of(store: Store, row: Kept, as_of: datetime | None = None) -> Plan:
    """The plan of a stored revision, laid out again from its acts and those before; `as_of` (a wall time of the site)
    sees it from another moment."""
    moment = as_of or row.act.as_of
    return _plan(_history_of_row(store, row), moment, moment.fold, row.act.revision, row.lasting.schedule_id)


def stored_plan(store: Store, row: Row, as_of: datetime | None = None) -> Plan:
    """The plan of a stored revision as it was kept, nothing laid out; `as_of` (a wall time of the site) sees it from
    another moment. What was is laid out again: a moment before the act's own, the feasible days 0 where the clock may
    have changed them, and what a move comes to."""
    state, moment = row.projection, as_of or row.act.as_of
    protocol, site = inputs_of(store, state.protocol, state.site)
    now, then = (instant_at(one, site.zone) for one in (moment, row.act.as_of))
    if now < then:
        return plan_of(store, row, moment)
    plan = Plan(
        protocol=protocol,
        site=site,
        case=state.case,
        as_of=row.act.as_of,
        revision=row.act.revision,
        schedule_id=row.lasting.schedule_id,
        standing=state.standing,
        events=state.events,
        findings=state.findings,
        days_zero=lambda: state.feasible,
        not_stated=state.not_stated,
        alerts=alerts_of(state.standing, state.findings, state.undated),
        undated=state.undated,
        doses_before=state.doses_before,
        turns_of_clock=lambda: state.clock,
        dates_missing=lambda: state.feasible.missing if state.feasible is not None else (),
        zero_moves=lambda: state.moves,
        laid_before=partial(_laid_before, store, row),
        made_from=partial(_history_of_row, store, row),
    )
    if now == then:
        return plan
    until = state.clock.feasible_until
    if state.feasible is None or (until is not None and now < until):
        return seen(plan, moment)
    return replace(seen(plan, moment), days_zero=lambda: plan_of(store, row, moment).feasible)


def _laid_before(store: Store, row: Kept, step: int) -> tuple[Event, ...]:
    """Every event as a patient's revisions up to this one had it before the act with that number, from 0."""
    acts = store.acts(row.act.code, row.act.revision)
    return revision_of(store, row.act.code, acts[step - 1].act.revision).projection.events


def _history_of_row(store: Store, row: Kept) -> History:
    """A patient's acts up to a revision."""
    found = _HISTORIES.get(row.hash, partial(_read, store, row))
    return found if _has_texts(store, found) else _read_whole(store, row)


def _read(store: Store, row: Kept) -> History:
    """The same, as it is kept; upon what is remembered of the acts before it, where that is not long ago."""
    code, last = row.act.code, row.act.revision
    for revision, digest in store.last_hashes(code, last - 1, LOOKED_BACK):
        known = _HISTORIES.find(digest)
        if known is not None and _has_texts(store, known):
            found = known
            for kept in store.acts(code, last, revision):
                found = replace(found.then(step_after(store, found, kept.act)), numbers=kept.lasting.numbers)
            carry_on(found, known)
            return found
    return _read_whole(store, row)


def _read_whole(store: Store, row: Kept) -> History:
    acts = [kept.act for kept in store.acts(row.act.code, row.act.revision)]
    return history_of(store, acts, row.lasting.numbers)


def _has_texts(store: Store, history: History) -> bool:
    """Whether the ledger's texts still say what they said when the history was read. NotDone where one is lost."""
    first = history.steps[0].deed
    if isinstance(first, Create):
        store.text(first.case)
    pairs = {(step.protocol.sha256, step.site.sha256): step for step in history.steps}
    return all(
        inputs_of(store, step.protocol.sha256, step.site.sha256) == (step.protocol, step.site)
        for step in pairs.values()
    )


def newest(store: Store, code: str) -> Row:
    """A patient's newest revision. NotThere if there is none."""
    row = store.newest(code)
    if row is None:
        raise NotThere(reasons.absences.NoPlanStored(code=code, known=tuple(store.codes())))
    return row


def revision_of(store: Store, code: str, revision: int | None) -> Row:
    """A patient's revision, the newest without a number. NotThere if there is none."""
    last = newest(store, code)
    if revision is None or revision == last.act.revision:
        return last
    row = store.at(code, revision)
    if row is None:
        raise NotThere(reasons.absences.RevisionAbsent(code=code, revision=revision, newest=last.act.revision))
    return row


Shown = Mapping[str, tuple[object, ...]]
"""What each calendar entry of a plan shows, by its id."""


def shown_entries(plan: Plan, at: datetime, known: Mapping[str, Since]) -> Shown:
    """What the entries of a plan show, after those that are known: the same before and after its own are known."""
    return {entry.id: entry.shows for entry in entries_of(plan, at, known)}


def _entries_since(known: Mapping[str, Since], old: Shown, new: Shown, revision: int) -> dict[str, Since]:
    """Which revision each calendar entry dates from, after the newest one."""
    found = dict(known)
    for entry_id, shows in new.items():
        there = entry_id in old and known[entry_id].since == known[entry_id].of
        if not (there and old[entry_id] == shows):
            found[entry_id] = Since(since=revision, of=revision)
    for entry_id, since in known.items():
        if entry_id not in new and since.since == since.of:
            found[entry_id] = Since(since=revision, of=since.of)
    return found


def calendar_entries(store: Store, row: Row) -> tuple[Entry, ...]:
    """The calendar entries of a revision, each with the text of the revision it dates from."""
    made: dict[int, tuple[Row, dict[str, Entry]]] = {}

    def at(revision: int) -> tuple[Row, dict[str, Entry]]:
        if revision not in made:
            source = row if revision == row.act.revision else revision_of(store, row.act.code, revision)
            entries = entries_of(stored_plan(store, source), source.act.at, source.lasting.since)
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
    plan = with_since(stored_plan(store, row), {key: one.since for key, one in row.lasting.since.items()})
    last = newest(store, row.act.code)
    if last.act.revision == row.act.revision:
        return plan
    after = next(r for r in store.history(row.act.code) if r.act.revision > row.act.revision)
    newer = Superseded(revision=after.act.revision, at=after.act.at)
    return replace(plan, alerts=(newer, *plan.alerts))


def first_lasting(plan: Plan, at: datetime) -> Lasting:
    """What a new patient's plan fixes for ever."""
    since = {entry.id: Since(since=1, of=1) for entry in entries_of(plan, at)}
    days = shown_days(plan, at, {})
    return Lasting(schedule_id=plan.schedule_id, numbers=numbers_of(plan), since=since, days=days)


def numbers_of(plan: Plan) -> Mapping[str, int]:
    """The numbers that places of a patient's schedule have been given."""
    assert plan.history is not None
    return plan.history.numbers


def next_lasting(
    before_it: Lasting, before: Shown, after: Plan, shown: Shown, at: datetime, *, anew: bool = False
) -> Lasting:
    """The same after an act. `before` is what the entries showed before it, `shown` what they show; `anew` dates every
    entry from it."""
    since = _entries_since(before_it.since, before, shown, after.revision)
    days = shown_days(after, at, before_it.days)
    if anew:
        days = dated_anew(days, after.revision, at)
        since = {
            key: Since(since=after.revision, of=after.revision if one.since == one.of else one.of)
            for key, one in since.items()
        }
    return replace(before_it, numbers=numbers_of(after), since=since, days=days)
