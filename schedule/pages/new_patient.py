"""A new patient who is not saved yet -> what is said back before saving: the verdict, the dates with their weekdays,
what was said to be never, and which rules fall away because of it."""

from typing import NamedTuple

from schedule.model.plan import Plan
from schedule.words.dates import day_zero_of, spell_day_zero
from schedule.words.findings import finding_title
from schedule.words.new_patient import fallen_away, never_told
from schedule.words.verdict import VerdictKind, verdict_of


class SaidBack(NamedTuple):
    """What was entered, said back. `known` is each date with its title, `never` a sentence, `missing` are titles;
    `fallen` are the rules that fall away because something never was. `verdict` is its kind, its word and what it rests
    on."""

    day_zero: str
    verdict: tuple[VerdictKind, str, str] | None
    known: tuple[tuple[str, str], ...]
    never: str
    fallen: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def said_back(plan: Plan) -> SaidBack:
    """What was entered of a patient, with what follows from "never"."""
    dates, case, is_planned = plan.protocol.dates, plan.case, plan.standing is not None
    zero = plan.protocol.zero
    return SaidBack(
        day_zero=day_zero_of(plan) if is_planned else "",
        verdict=verdict_of(plan) if is_planned else None,
        known=tuple(
            (known.title, ", ".join(map(spell_day_zero, case.moments_of(name))))
            for name, known in dates.items()
            if case.dates.get(name)
        ),
        never=never_told(plan),
        fallen=tuple((one.ref, finding_title(one, zero)) for one in fallen_away(plan.findings)),
        missing=tuple(known.title for name, known in dates.items() if name not in case.dates and not known.start),
    )
