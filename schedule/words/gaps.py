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
    match gap:
        case ParameterMissing():
            return gap.text
        case ChoiceMissing():
            choice = f"the choice “{gap.choice}”, which is not made"
            return f"{gap.title}: depends on {choice}; enter {gap.parameter} for the patient."
        case DateMissing():
            return (
                f"{gap.title}: counted from {gap.known}, which has no date yet; enter {gap.parameter} for the patient."
            )
        case EndMissing():
            return f"{gap.title}: counted from the end of {full_title(gap.anchor)}; record that as done."
        case HourMissing():
            name = f"{'last ' if gap.which == 'last' else ''}{full_title(gap.anchor)}"
            hour = "enter its hour in the site file's [times]"
            return f"{gap.title}: counted in hours from {name}, whose hour is not stated; {hour}."
        case _:
            assert_never(gap)
