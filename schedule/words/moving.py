"""What is said of a ledger that was moved to another place, or could not be."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from schedule.model.moved import MovedLedger
from schedule.model.notation import plural, spell_moment
from schedule.model.reasons.moving import (
    CopyDiffers,
    LedgerAbsent,
    LedgerArriving,
    LedgerMoved,
    MovingFailure,
    PlaceTaken,
    SamePlace,
)
from schedule.words.remedies import Edge


def moving_in_words(failure: MovingFailure, edge: Edge) -> str:
    """Why a ledger is not written, not opened, or was not moved, and what to do about it."""
    match failure:
        case LedgerMoved(path=path, mark=mark):
            if edge == "terminal":
                return f"{path}: {moved_away(mark)} Nothing was saved. Use that one: --store, or DAYZERO_STORE."
            told = "Go on with the printed sheets, and tell those who look after Dayzero"
            return f"{told}: {moved_away(mark)} Nothing was saved."
        case LedgerArriving(path=path, mark=mark):
            told = "tell those who look after Dayzero"
            again = "give the same dayzero move-store again" if edge == "terminal" else told
            return (
                f"{path}: the ledger of {mark.place} is being moved here since {_when(mark)}, and has not come whole "
                f"yet. If nobody is moving it now, {again}."
            )
        case PlaceTaken(path=path):
            return f"{path}: there is a ledger already. Nothing was moved. Name a place where there is none."
        case SamePlace(path=path):
            return f"{path}: both are the same place. Nothing was moved."
        case LedgerAbsent(path=path):
            return f"{path}: there is no ledger. Nothing was moved."
        case CopyDiffers(path=path):
            return f"{path}: what came here is not what was sent. {NOT_USED}"
        case _:
            assert_never(failure)


NOT_USED = "It is not used; the ledger is where it was, and open."


def moved_away(mark: MovedLedger) -> str:
    """Where the ledger went: said wherever the closed one is still read."""
    return f"this ledger was moved to {mark.place} by {mark.by}, {_when(mark)}, and is closed."


def _when(mark: MovedLedger) -> str:
    return f"{spell_moment(mark.at)} UTC"


def moved_lines(source: str, target: str, codes: Sequence[str], paused: Sequence[str]) -> Iterator[str]:
    """What was done, and what is to be done now."""
    yield f"Moved to {target}: {plural(len(codes), 'patients')}, verified."
    yield f"{source} is closed: it can be read, and says where the ledger went."
    yield "From now on --store or DAYZERO_STORE names the new place. Start dayzero serve and dayzero deliver with it."
    for name in paused:
        yield f"The channel “{name}” is paused. When nothing sends from the old place: dayzero channel resume “{name}”"
