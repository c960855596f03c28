"""Why something has no date, in words, and what would give it one."""

from typing import assert_never

from schedule.model.reasons.gaps import (
    ChoiceMissing,
    DateMissing,
    EndMissing,
    HourMissing,
    NotStated,
    ParameterMissing,
)
from schedule.words.titles import full_title


def gap_in_words(gap: NotStated) -> str:
    """A sentence: what has no date, for want of what, and what to enter."""
    return gap.text if isinstance(gap, ParameterMissing) else f"{gap.title}: {lack_in_words(gap)}"


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
