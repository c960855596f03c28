"""An act in a sentence."""

from datetime import date
from typing import assert_never

from schedule.model.acts import (
    Amend,
    Attest,
    Book,
    Cancel,
    Cause,
    ChangeWard,
    Choose,
    Create,
    Deed,
    Fact,
    GiveRuling,
    Move,
    Note,
    PlannedHour,
    RecordDay,
    RecordEvent,
    ReDate,
    Restore,
    SetClock,
)
from schedule.model.case import moments_in
from schedule.model.notation import NO_BREAK, spell, spell_moment
from schedule.model.plan import AnyPlan, ListedEvent, Record
from schedule.words.dates import day_zero_of, spell_day_zero, spell_end, zero_in_cycle
from schedule.words.places import spell_place
from schedule.words.titles import held_word, whole_title

CAUSE_WORDS: dict[Cause, str] = {
    "illness": "critical illness of the patient", "product": "the cell product", "donor": "the donor",
    "logistics": "logistics", "other": "another cause",
}  # fmt: skip


def deed_in_words(plan: AnyPlan, deed: Deed) -> str:
    """A deed in a sentence that says every date back. `plan` is the one before it."""
    protocol = plan.protocol
    match deed:
        case RecordEvent() | Book():
            return _of_event(plan, deed)
        case RecordDay():
            return " ".join(_of_event(plan, one, why=True) for one in deed.records)
        case ReDate():
            return _re_dated(plan, deed)
        case Fact():
            return _known_date(plan, deed)
        case PlannedHour():
            return f"Hour of planned {protocol.zero}: {spell_moment(deed.moment)}."
        case Attest():
            by = f" by {deed.attested.by}" if deed.attested.by else ""
            title = _capital(protocol.attestations[deed.name].title.rstrip("."))
            return f"{title}: stated on {spell(deed.attested.on)}{by}."
        case Choose():
            choice = protocol.choices[deed.name]
            earlier = plan.case.choices.get(deed.name)
            was = f", instead of {choice.options[earlier]}" if earlier else ""
            return f"{_capital(choice.title)}: {choice.options[deed.option]}{was}."
        case GiveRuling():
            ruling = deed.ruling
            zero = f" for {_zero_ruled_on(plan, ruling.day_zero)}" if ruling.day_zero else ""
            said = ruling.outcome.replace("-", " ")
            return f"{ruling.rule}, {protocol.rules[ruling.rule].title}: {said}{zero}, ruled by {ruling.by}."
        case Move():
            again = " Lymphodepletion is given once more." if deed.repeat else ""
            to, why = spell_day_zero(deed.to), CAUSE_WORDS[deed.cause]
            cycle = deed.cycle or (plan.standing.in_hand if plan.standing else 1)
            return f"{_capital(zero_in_cycle(protocol.zero, cycle))} to {to}, because of {why}.{again}{_decided(deed)}"
        case Amend():
            new = (("protocol", deed.protocol != protocol.sha256), ("site file", deed.site != plan.site.sha256))
            return f"Amended: {' and '.join(name for name, is_new in new if is_new) or 'nothing'}."
        case ChangeWard():
            return _on_ward(plan, deed.ward)
        case SetClock():
            return "The clock had been ahead. What was entered as of a later time counts as entered as of now."
        case Note():
            return f"Note: {deed.text}"
        case Cancel():
            return "The plan is cancelled. Every entry still ahead is marked CANCELLED."
        case Create():
            return f"First plan, {protocol.zero} {day_zero_of(plan)}."
        case Restore():
            return "Restored from a backup."
        case _:
            assert_never(deed)


def _zero_ruled_on(plan: AnyPlan, day_zero: date) -> str:
    """`day 0 Mon 15-Jun-2026`, `day 6 of cycle 2 Mon 06-Jul-2026`: of the cycle that has it there, else of the one in
    hand."""
    standing, cycle = plan.standing, 1
    if standing is not None:
        there = (one for one in (1, *standing.cycles) if standing.of(one).day_zero.on == day_zero)
        cycle = next(there, standing.in_hand)
    return f"{zero_in_cycle(plan.protocol.zero, cycle)} {spell(day_zero)}"


def _decided(deed: Move) -> str:
    """What the principal investigator allowed with a move."""
    if not deed.rulings:
        return ""
    rules, by = [one.rule for one in deed.rulings], deed.rulings[0].by
    named = f"{', '.join(rules[:-1])} and {rules[-1]} are" if len(rules) > 1 else f"{rules[0]} is"
    return f" {named} allowed for it by {by}."


def _of_event(plan: AnyPlan, deed: RecordEvent | Book, *, why: bool = False) -> str:
    """What was recorded of an event, or taken back, or for when it was booked; `why` with the reason of a record."""
    event = next((event for event in plan.events if event.id == deed.event), None)
    what = deed.event
    if event is not None:  # its title alone: how it stood before the act is not what the act says of it
        what = f"{_place_of(plan, event)}, {whole_title(event.title)}{' (donor)' if event.donor else ''}"
    if isinstance(deed, Book):
        planned = event.planned if event is not None else None
        if deed.at is None or (deed.at.is_same(planned) and event is not None and event.booked is not None):
            when = f"{spell_day_zero(planned)}, " if planned is not None else ""
            return f"{what}: {when}as planned. The booking is taken back."
        if event is not None and event.status == "held":
            return f"{what}: {held_word(event).lower()}, and planned again for {spell_day_zero(deed.at)}."
        instead = f", instead of {spell_place(event)}" if event else ""
        return f"{what}: booked for {spell_day_zero(deed.at)}{instead}."
    if deed.record is None:
        was = f" It was {recorded(event, event.record)}." if event and event.record else ""
        return f"{what}: what was recorded is taken back, it was an error.{was}"
    reason = f" ({deed.record.reason})" if why and deed.record.reason else ""
    return f"{what}: {recorded(event, deed.record)}{reason}."


def _place_of(plan: AnyPlan, event: ListedEvent) -> str:
    """Which day of the schedule it is; of all but the cells the planned one: a history outlives a slip, after which
    another date is called so."""
    return str(event.label) if event.activity == plan.protocol.day_zero else f"Planned{NO_BREAK}{event.label}"


def outcome_in_words(event: ListedEvent | None, record: Record) -> str:
    """`given`, `given in part`, `held`; of what is no treatment `done`, `not done`."""
    if record.outcome == "held":
        return held_word(event).lower() if event is not None else "held"
    return f"{record.outcome}{' in part' if record.partly else ''}"


def recorded(event: ListedEvent | None, record: Record) -> str:
    """`given, Wed 10-Jun-2026 09:10 to 09:40`: what was recorded, and when that was; an end on another date has its
    own."""
    return f"{outcome_in_words(event, record)}, {recorded_at(record)}"


def recorded_at(record: Record) -> str:
    """`Wed 10-Jun-2026 09:10 to 09:40`: when it was, with its end where that was recorded."""
    when = spell_day_zero(record.start)
    if record.end is None:
        return when
    return f"{when} to {spell_end(record.end, record.start.on)}"


def _on_ward(plan: AnyPlan, name: str) -> str:
    before = plan.case.ward_at(plan.site)
    return f"On the ward {name} from now on{f', no longer on {before}' if before else ''}. No date changes."


def _re_dated(plan: AnyPlan, deed: ReDate) -> str:
    course = plan.protocol.courses.get(deed.course)
    title = _capital(course.title) if course else deed.course
    cycle = f" of cycle {deed.cycle}" if deed.cycle else ""
    start = f"from {plan.protocol.zero} as it now stands"
    how = f"the next dose on {spell_day_zero(deed.next)}" if deed.next else start
    return f"{title}{cycle}: what is left is dated anew, {how}, decided by {deed.by}."


def _known_date(plan: AnyPlan, deed: Fact) -> str:
    """A known date, and what it stands beside or takes the place of."""
    known = plan.protocol.dates[deed.name]
    dates = " and ".join(map(spell_day_zero, moments_in(deed.dates, deed.hours))) or "never"
    before = plan.case.moments_of(deed.name)
    if known.test and deed.dates and before:
        was = " and ".join(map(spell_day_zero, before))
        dates += f", instead of {was}" if deed.instead else f", beside {was}"
    return f"{_capital(known.title)}: {dates}."


ACT_WORDS: dict[str, str] = {
    Create.kind: "first plan", RecordEvent.kind: "record", RecordDay.kind: "record of a day", Book.kind: "booking",
    Fact.kind: "date",
    PlannedHour.kind: "hour", Attest.kind: "statement", Choose.kind: "choice", GiveRuling.kind: "ruling",
    Move.kind: "move", ReDate.kind: "re-dated course", Amend.kind: "amendment",
    ChangeWard.kind: "change of the ward", SetClock.kind: "clock set right", Note.kind: "note",
    Cancel.kind: "cancellation", Restore.kind: "restored backup",
}  # fmt: skip
"""What an act is called, by its kind."""


def act_in_words(kind: str) -> str:
    """What an act of a kind is called: `date`, `statement`, `move`."""
    return ACT_WORDS[kind]


def deed_title(deed: Deed, zero: str) -> str:
    """What the heading of a notice calls a deed; a note is its own words. `zero` is the anchor's name."""
    match deed:
        case Note():
            return deed.text
        case PlannedHour():
            return f"hour of planned {zero}"
        case RecordDay():
            return f"record of {spell(deed.on)}"
        case (
            RecordEvent() | Book() | Create() | Fact() | Attest() | Choose() | GiveRuling() | Move() | ReDate()
            | Amend() | ChangeWard() | SetClock() | Cancel() | Restore()
        ):  # fmt: skip
            return act_in_words(deed.kind)
        case _:
            assert_never(deed)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
