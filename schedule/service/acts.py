"""The acts on a stored patient: what was typed becomes an act; it is performed, after the self-test."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from msgspec.structs import replace

from schedule.engine.history import apply, check_cancelled, history_of
from schedule.engine.move import if_moved
from schedule.engine.possible_days import decision_asked
from schedule.engine.replay import replay
from schedule.engine.rulings import made_here, made_on
from schedule.files.mistakes import AMENDED_PROTOCOL, AMENDED_SITE
from schedule.ledger.store import Store
from schedule.model.acts import Amend, Attest, Deed, Fact, GiveRuling, Move, PlannedHour, RecordEvent
from schedule.model.case import Attested, Case, Ruling, RulingOutcome, Site
from schedule.model.errors import Refused, Stale
from schedule.model.moment import Moment
from schedule.model.plan import Outcome, Plan, Record
from schedule.model.projection import projection_of
from schedule.model.protocol import Protocol
from schedule.model.reasons.refusals import (
    AnotherTrial,
    NameIsLost,
    NoHour,
    NoSuchRule,
    NoSuchStatement,
    StatedLater,
)
from schedule.model.text import sha256
from schedule.service.create import Clock, Done, Meta, act_of, tested
from schedule.service.inputs import protocol_of, site_of
from schedule.service.revisions import newest, next_lasting, shown_entries, stored_plan


def record_of(
    event: str,
    outcome: Outcome,
    when: Moment,
    reason: str,
    *,
    end: Moment | None = None,
    partly: bool = False,
    confirmed: bool = False,
) -> RecordEvent:
    """An event given, done or held on a date, or at a moment of the site, with its end where it is known."""
    record = Record(
        outcome=outcome,
        at=when.wall,
        timed=when.at is not None,
        reason=reason,
        moment=when.at,
        pinned=when.pinned,
        end=end,
        partly=partly,
    )
    return RecordEvent(event=event, record=record, confirmed=confirmed)


def open_of(event: str) -> RecordEvent:
    """What was recorded of an event was an error, and is taken back."""
    return RecordEvent(event=event, record=None)


def fact_of(name: str, moments: Iterable[Moment], *, instead: bool) -> Fact:
    """A known date of the patient, or several, with the hours that are known; none are "never", which replaces what
    was known."""
    found = tuple(moments)
    hours = {one.at.astimezone(UTC): one.at for one in found if one.at is not None}
    return Fact(
        name=name,
        dates=tuple(sorted({one.on for one in found})),
        instead=instead or not found,
        hours=tuple(hours[instant] for instant in sorted(hours)),
    )


def hour_of(typed: Moment, shown: str) -> PlannedHour:
    """The hour of planned day 0; `shown` is what was typed, for the message where it has none."""
    if typed.at is None:
        raise Refused(NoHour(typed=shown))
    return PlannedHour(moment=typed.at)


def attest_of(plan: Plan, name: str, on: date, by: str, as_of: datetime) -> Attest:
    """A statement about the patient, of a date up to as-of."""
    if name not in plan.protocol.attestations:
        raise Refused(NoSuchStatement(name=name, known=tuple(plan.protocol.attestations)))
    if on > as_of.date():
        raise Refused(StatedLater(name=name, on=on))
    return Attest(name=name, attested=Attested(on=on, by=by))


def ruling_of(
    plan: Plan, rule: str, outcome: RulingOutcome, *, by: str, as_of: datetime, reason: str, day_zero: Moment | None
) -> GiveRuling:
    """The principal investigator's word on a rule, for one day 0: that of the cycle in hand if none is named. What
    is judged in hours is judged at the hour named, else at that which day 0 has."""
    if rule not in plan.protocol.rules:
        raise Refused(NoSuchRule(name=rule, known=tuple(plan.protocol.rules)))
    laid = replay(history_of(plan))
    present = plan.standing.of(plan.standing.in_hand).day_zero.on if plan.standing else None
    return GiveRuling(
        ruling=Ruling(
            rule=rule,
            outcome=outcome,
            by=by,
            on=as_of.date(),
            reason=reason,
            day_zero=day_zero.on if day_zero is not None else present,
            made_on=made_on(laid, rule, day_zero, as_of.replace(tzinfo=laid.where)),
        )
    )


def move_of(plan: Plan, deed: Move, *, allowed_by: str, as_of: datetime, reason: str) -> Move:
    """The move with the principal investigator's word on every rule that asks her about the new day 0: she allows it;
    as it is where no rule asks. `allowed_by` is the role of whoever ruled."""
    rules = decision_asked(plan, deed, as_of).rules
    if not rules:
        return deed
    laid = replay(history_of(if_moved(plan, deed, as_of, plan.revision + 1).after))
    now = as_of.replace(tzinfo=laid.where)
    rulings = tuple(
        Ruling(
            rule=rule,
            outcome="allowed",
            by=allowed_by,
            on=as_of.date(),
            reason=reason,
            day_zero=deed.to.on,
            made_on=made_here(laid, rule, now),
        )
        for rule in rules
    )
    return replace(deed, rulings=rulings)


def amend_of(plan: Plan, protocol: str | None, site: str | None) -> Amend:
    """Another protocol or site file, or both, by their texts."""
    return Amend(
        protocol=sha256(protocol) if protocol is not None else plan.protocol.sha256,
        site=sha256(site) if site is not None else plan.site.sha256,
    )


def perform(
    store: Store,
    code: str,
    deed: Deed,
    meta: Meta,
    *,
    dry_run: bool = False,
    texts: Mapping[str, str] | None = None,
    now: Clock | None = None,
) -> Done:
    """An act on a stored patient. A refused move saves nothing and says why in its verdict; a move to where day 0
    stands already, and an amendment or a choice of what holds already, change nothing. Stale, NotDone, Refused,
    Reckoning or InputError, with nothing saved, as their names say."""

    def act(meta: Meta) -> Done:
        return _perform(store, code, deed, meta, texts or {}, dry_run=dry_run)

    return tested(act, store, meta, now, dry_run=dry_run)


def _perform(store: Store, code: str, deed: Deed, meta: Meta, texts: Mapping[str, str], *, dry_run: bool) -> Done:
    row = newest(store, code)
    if meta.based_on is not None and meta.based_on != row.act.revision:
        raise Stale(row)
    before = stored_plan(store, row)
    check_cancelled(before, deed)
    revision = row.act.revision + 1
    protocol, site = texts_after(store, before, deed, texts)
    if isinstance(deed, Move):
        after, verdict = if_moved(before, deed, meta.as_of, revision, meta.by)
    else:
        after = apply(before, deed, meta.as_of, revision, protocol=protocol, site=site, by=meta.by)
        verdict = None
    refused = verdict is not None and not verdict.allowed
    if not refused and (after is before or (verdict is not None and verdict.unchanged)):
        return Done(before=before, after=before, verdict=verdict, row=None)
    if refused or dry_run:
        return Done(before=before, after=after, verdict=verdict, row=None)
    shown, shows = (shown_entries(plan, meta.at, row.lasting.since) for plan in (before, after))
    lasting = next_lasting(row.lasting, shown, after, shows, meta.at)
    act = act_of(code, revision, row.act.revision, meta, history_of(after).steps[-1].deed)
    return Done(
        before=before,
        after=after,
        verdict=verdict,
        row=store.append(act, lasting, projection_of(after), texts, meta.running),
    )


def texts_after(store: Store, before: Plan, deed: Deed, texts: Mapping[str, str]) -> tuple[Protocol, Site]:
    """The protocol and the site that hold from a deed on: those of an amendment, else those that held before. Refused
    or InputError where an amendment cannot be used."""
    if not isinstance(deed, Amend):
        return before.protocol, before.site
    protocol, site = protocol_of(texts.get(deed.protocol) or store.text(deed.protocol), AMENDED_PROTOCOL), before.site
    if protocol.id.upper() != before.protocol.id.upper():
        raise Refused(AnotherTrial(amended=protocol.id, stored=before.protocol.id), code=before.case.code)
    if deed.site is not None:
        site = site_of(texts.get(deed.site) or store.text(deed.site), AMENDED_SITE, protocol)
    _check_names(before.case, protocol)
    return protocol, site


def _check_names(case: Case, protocol: Protocol) -> None:
    """Refused if an amended protocol no longer knows a date, attestation or choice that is recorded."""
    lost = [name for name in case.dates if name not in protocol.dates]
    lost += [name for name in case.attestations if name not in protocol.attestations]
    lost += [
        name for name, option in case.choices.items()
        if name not in protocol.choices or option not in protocol.choices[name].options
    ]  # fmt: skip
    if lost:
        raise Refused(*(NameIsLost(name=name) for name in lost), code=case.code)
