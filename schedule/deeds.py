"""What a person typed or chose, as the deed that `change.apply` carries out, and a deed in a sentence: for whoever offers
the acts.

An InputError says what cannot be. What only the patient's standing can tell (a record before the cells, a date that the
protocol does not know) is `change`'s to refuse.
"""

from datetime import date, datetime

from schedule.acts import (
    Amend,
    Attest,
    Cancel,
    Cause,
    Choose,
    Create,
    Deed,
    Fact,
    Move,
    Note,
    PlannedHour,
    RecordEvent,
    Restore,
    Rule,
)
from schedule.case import Attested, Outcome, Ruling
from schedule.days import spell, spell_moment
from schedule.errors import InputError, Mistake
from schedule.events import DayZero, Record
from schedule.events import Outcome as Recorded
from schedule.plan import Plan, in_words
from schedule.shape import nearest, sha256
from schedule.wording import title_of

CAUSE_WORDS: dict[Cause, str] = {
    "illness": "critical illness of the patient", "product": "the cell product", "donor": "the donor",
    "logistics": "logistics", "other": "another cause",
}  # fmt: skip


def record_of(event: str, outcome: Recorded, when: DayZero, reason: str) -> RecordEvent:
    """An event given, done or held on a date, or at a moment of the site."""
    wall = when.at.replace(tzinfo=None) if when.at else datetime.combine(when.on, datetime.min.time())
    record = Record(outcome=outcome, at=wall, timed=when.at is not None, reason=reason)
    return RecordEvent(event=event, record=record, moment=when.at)


def fact_of(name: str, dates: tuple[date, ...], *, instead: bool) -> Fact:
    """A known date of the patient, or several; no dates are "never", which replaces what was known."""
    return Fact(name=name, dates=tuple(sorted(set(dates))), instead=instead or not dates)


def hour_of(typed: DayZero, shown: str) -> PlannedHour:
    """The hour of planned day 0; `shown` is what was typed, for the message where it has none."""
    if typed.at is None:
        raise InputError(
            Mistake(
                place="planned-day-zero", message=f"{shown!r} has no hour", remedy="a new date is a slip: dayzero slip"
            )
        )
    return PlannedHour(moment=typed.at)


def attest_of(plan: Plan, name: str, on: date, by: str, as_of: datetime) -> Attest:
    """A statement about the patient, of a date up to as-of."""
    if name not in plan.protocol.attestations:
        known = nearest(name, plan.protocol.attestations)
        raise InputError(
            Mistake(place=f'attestation "{name[:60]}"', message="the protocol has no such statement", remedy=known)
        )
    if on > as_of.date():
        raise InputError(Mistake(place=name, message=f"{spell(on)} is later than as-of", remedy="attest it on the day"))
    return Attest(name=name, attested=Attested(on=on, by=by))


def ruling_of(
    plan: Plan, rule: str, outcome: Outcome, *, by: str, as_of: datetime, reason: str, day_zero: date | None
) -> Rule:
    """The principal investigator's word on a rule, for one day 0: the present one if none is named."""
    if rule not in plan.protocol.rules:
        known = nearest(rule, plan.protocol.rules)
        raise InputError(Mistake(place=f'rule "{rule[:60]}"', message="the protocol has no such rule", remedy=known))
    return Rule(
        ruling=Ruling(
            rule=rule, outcome=outcome, by=by, on=as_of.date(), reason=reason, day_zero=day_zero or plan.day_zero
        )
    )  # fmt: skip


def amend_of(plan: Plan, protocol: str | None, site: str | None) -> Amend:
    """Another protocol or site file, or both, by their texts."""
    return Amend(
        protocol=sha256(protocol) if protocol is not None else plan.protocol.sha256,
        site=sha256(site) if site is not None else plan.site.sha256,
    )


def deed_in_words(plan: Plan, deed: Deed) -> str:
    """A deed in a sentence that says every date back. `plan` is the one before it."""
    protocol = plan.protocol
    match deed:
        case RecordEvent():
            event = next((event for event in plan.events if event.id == deed.event), None)
            what = f"{event.label}, {title_of(event)}{' (donor)' if event.donor else ''}" if event else deed.event
            when = spell_moment(deed.record.at) if deed.record.timed else spell(deed.record.at.date())
            return f"{what}: {deed.record.outcome}, {when}."
        case Fact():
            known = protocol.dates[deed.name]
            dates = " and ".join(map(spell, deed.dates)) or "never"
            before = plan.case.dates.get(deed.name, ())
            if known.test and deed.dates and before:
                was = " and ".join(map(spell, before))
                dates += f", instead of {was}" if deed.instead else f", beside {was}"
            return f"{_capital(known.title)}: {dates}."
        case PlannedHour():
            return f"Hour of planned {protocol.zero}: {spell_moment(deed.moment)}."
        case Attest():
            by = f" by {deed.attested.by}" if deed.attested.by else ""
            return f"{_capital(protocol.attestations[deed.name].title.rstrip('.'))}: stated on {spell(deed.attested.on)}{by}."
        case Choose():
            choice = protocol.choices[deed.name]
            earlier = plan.case.choices.get(deed.name)
            was = f", instead of {choice.options[earlier]}" if earlier else ""
            return f"{_capital(choice.title)}: {choice.options[deed.option]}{was}."
        case Rule():
            ruling = deed.ruling
            zero = f" for {protocol.zero} {spell(ruling.day_zero)}" if ruling.day_zero else ""
            said = ruling.outcome.replace("-", " ")
            return f"{ruling.rule}, {protocol.rules[ruling.rule].title}: {said}{zero}, ruled by {ruling.by}."
        case Move():
            again = " Lymphodepletion is given once more." if deed.repeat else ""
            return f"{_capital(protocol.zero)} to {in_words(deed.to)}, because of {CAUSE_WORDS[deed.cause]}.{again}"
        case Amend():
            new = (("protocol", deed.protocol != protocol.sha256), ("site file", deed.site != plan.site.sha256))
            return f"Amended: {' and '.join(name for name, is_new in new if is_new) or 'nothing'}."
        case Note():
            return f"Note: {deed.text}"
        case Cancel():
            return "The plan is given up. Every entry still ahead is struck."
        case Create():
            return f"First plan, {protocol.zero} {plan.day_zero_in_words}."
        case Restore():
            return "Restored from a backup."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
