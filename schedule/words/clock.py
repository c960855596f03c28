"""What is said where this computer's clock cannot be right."""

from datetime import UTC
from typing import assert_never

from schedule.model.notation import spell, spell_moment
from schedule.model.reasons.failures import ClockAhead, ClockBack, ClockImpossible, ClockWrong
from schedule.words.remedies import Edge


def clock_in_words(failure: ClockWrong, edge: Edge) -> str:
    """What is wrong with the computer's clock, both times, and what to do."""
    match failure:
        case ClockBack():
            told = "say so:" if edge == "terminal" else "those who look after Dayzero say so:"
            return (
                f"This computer's clock says {failure.now:%Y-%m-%d %H:%M:%S} UTC, but the last act was at "
                f"{failure.last:%Y-%m-%d %H:%M:%S} UTC. Nothing was saved. If the clock is wrong now, set it right. If "
                f"it was ahead then and is right now, {told} dayzero clock --reason."
            )
        case ClockImpossible():
            return (
                f"This computer's clock says {spell(failure.today)}, but Dayzero was made after {spell(failure.made)}. "
                "Set the clock right; nothing was saved."
            )
        case ClockAhead():
            return _ahead(failure, edge)
        case _:
            assert_never(failure)


def _ahead(failure: ClockAhead, edge: Edge) -> str:
    now, own = spell_moment(failure.now), spell_moment(failure.own)
    zone = " UTC" if failure.now.tzinfo is UTC else ""
    match failure.by:
        case "server":
            known = f"by the clock of the ledger's server it is {own}{zone}"
        case "running":
            known = f"by how long the computer has run since the last act it is {own}{zone}"
        case "last act":
            known = f"the last act was at {own}{zone}, more than three months ago"
        case _:
            assert_never(failure.by)
    return (
        f"This computer's clock says {now}{zone}, but {known}. Look at a clock that you trust. If the computer's is "
        "wrong, save nothing: what is saved under a later time keeps everybody from saving until then."
        + (" If it is right: --clock-is-right." if edge == "terminal" else "")
    )
