"""Why something has no date, in words, and what would give it one."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from schedule.model.protocol import Parameter
from schedule.model.reasons.gaps import (
    ChoiceMissing,
    DateMissing,
    EndMissing,
    HourMissing,
    NotStated,
    ParameterMissing,
)
from schedule.words.titles import full_title

NOT_SET, NOT_ENTERED = "Not set by this site", "Not entered for this patient"
ASK = "ask the study coordinator"


def gap_in_words(gap: NotStated) -> str:
    """A sentence: what has no date, for want of what, and what to enter."""
    return gap.text if isinstance(gap, ParameterMissing) else f"{gap.title}: {lack_in_words(gap)}"


def gaps_on_paper(gaps: Iterable[NotStated], parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """The same for who stands at the bed, who changes no file: what lacks for want of the same thing in one sentence,
    and whom to ask."""
    of_site, of_patient, of_records = [], [], []
    for gap in dict.fromkeys(gaps):
        match gap:
            case ParameterMissing():
                of_site.append(parameters[gap.parameter].title)
            case HourMissing():
                of_site.append(gap.title)
            case ChoiceMissing() | DateMissing():
                of_patient.append(gap.title)
            case EndMissing():
                of_records.append(gap_in_words(gap))
            case _:
                assert_never(gap)
    asked = ((NOT_SET, of_site), (NOT_ENTERED, of_patient))
    return (*(f"{why}, {ASK}: {'; '.join(dict.fromkeys(what))}." for why, what in asked if what), *of_records)


def lack_in_words(gap: NotStated) -> str:
    """The same without the name of what has no date."""
    match gap:
        case ParameterMissing():
            return gap.text
        case ChoiceMissing():
            return f"depends on the choice “{gap.choice}”, which is not made; enter {gap.parameter} for the patient."
        case DateMissing():
            return f"counted from {gap.known}, which has no date yet; enter {gap.parameter} for the patient."
        case EndMissing():
            return f"counted from the end of {full_title(gap.anchor)}; record that as done."
        case HourMissing():
            name = f"{'last ' if gap.which == 'last' else ''}{full_title(gap.anchor)}"
            hour = "enter its hour in the site file's [times]"
            return f"counted in hours from {name}, whose hour is not stated; {hour}."
        case _:
            assert_never(gap)
