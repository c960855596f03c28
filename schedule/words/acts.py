"""An act in a sentence."""

from typing import assert_never

from schedule.model.acts import (
    Amend,
    Attest,
    Cancel,
    Cause,
    Choose,
    Create,
    Deed,
    Fact,
    GiveRuling,
    Move,
    Note,
    PlannedHour,
    RecordEvent,
    Restore,
)
from schedule.model.notation import spell, spell_moment
from schedule.model.plan import Plan
from schedule.words.dates import day_zero_of, spell_day_zero
from schedule.words.titles import title_of

CAUSE_WORDS: dict[Cause, str] = {
    "illness": "critical illness of the patient", "product": "the cell product", "donor": "the donor",
    "logistics": "logistics", "other": "another cause",
}  # fmt: skip


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
            title = _capital(protocol.attestations[deed.name].title.rstrip("."))
            return f"{title}: stated on {spell(deed.attested.on)}{by}."
        case Choose():
            choice = protocol.choices[deed.name]
            earlier = plan.case.choices.get(deed.name)
            was = f", instead of {choice.options[earlier]}" if earlier else ""
            return f"{_capital(choice.title)}: {choice.options[deed.option]}{was}."
        case GiveRuling():
            ruling = deed.ruling
            zero = f" for {protocol.zero} {spell(ruling.day_zero)}" if ruling.day_zero else ""
            said = ruling.outcome.replace("-", " ")
            return f"{ruling.rule}, {protocol.rules[ruling.rule].title}: {said}{zero}, ruled by {ruling.by}."
        case Move():
            again = " Lymphodepletion is given once more." if deed.repeat else ""
            to, why = spell_day_zero(deed.to), CAUSE_WORDS[deed.cause]
            return f"{_capital(protocol.zero)} to {to}, because of {why}.{again}"
        case Amend():
            new = (("protocol", deed.protocol != protocol.sha256), ("site file", deed.site != plan.site.sha256))
            return f"Amended: {' and '.join(name for name, is_new in new if is_new) or 'nothing'}."
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


ACT_WORDS: dict[str, str] = {
    Create.kind: "first plan", RecordEvent.kind: "record", Fact.kind: "date", PlannedHour.kind: "hour",
    Attest.kind: "statement", Choose.kind: "choice", GiveRuling.kind: "ruling", Move.kind: "move",
    Amend.kind: "amendment", Note.kind: "note", Cancel.kind: "cancellation", Restore.kind: "restored backup",
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
        case (
            RecordEvent() | Create() | Fact() | Attest() | Choose() | GiveRuling() | Move() | Amend()
            | Cancel() | Restore()
        ):  # fmt: skip
            return act_in_words(deed.kind)
        case _:
            assert_never(deed)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
