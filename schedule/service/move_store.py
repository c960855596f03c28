"""Moving a ledger to another place: at no moment, however it ends, are there two that take acts."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from schedule.ledger.opening import open_store
from schedule.ledger.store import Store
from schedule.model.errors import NotDone
from schedule.model.moved import MovedLedger
from schedule.model.reasons.failures import CopyNotWhole, LedgerGone
from schedule.model.reasons.moving import CopyDiffers, LedgerAbsent, LedgerMoved, PlaceTaken, SamePlace
from schedule.service.place import LedgerPlace, open_ledger
from schedule.service.verify import verify


class StoreMoved(Struct, frozen=True, kw_only=True):
    """What is at the new place: the patients' codes, and the names of the channels that are paused there. `source` and
    `target` are the two places as messages name them."""

    source: str
    target: str
    codes: tuple[str, ...]
    paused: tuple[str, ...]


def move_store(source: LedgerPlace, target: LedgerPlace, by: str, at: datetime) -> StoreMoved:
    """Carry the ledger at one place to another, where there is none, and close it at the first. NotDone if it cannot
    be, or was moved elsewhere before. `by` and `at` (UTC) are kept with the closed one.

    While it lasts nobody writes in the first; the other is nobody's to open before the first is closed. However it was
    broken off, to ask for the same again ends it."""
    with ExitStack() as both:
        try:
            origin = both.enter_context(open_ledger(source, make=False))
        except NotDone as error:
            gone = isinstance(error.failure, LedgerGone)
            raise NotDone(LedgerAbsent(path=called(source))) if gone else error from error
        mark = origin.moved()
        try:
            there = both.enter_context(open_store(target, make=mark is None, arriving=True))
        except NotDone as error:
            raise NotDone(LedgerMoved(path=called(source), mark=mark)) if mark is not None else error from error
        if mark is None:
            _carry(origin, source, there, target, by, at)
        elif not _has_arrived(origin, there):
            raise NotDone(LedgerMoved(path=called(source), mark=mark))
        if there.moved() is not None:
            there.open_again()
        names = tuple(one.name for one in there.channels() if one.paused is not None and one.life != "removed")
        return StoreMoved(source=called(source), target=called(target), codes=tuple(there.codes()), paused=names)


def called(place: LedgerPlace) -> str:
    """What a place is called, seen from anywhere."""
    return str(place.absolute() if isinstance(place, Path) else place)


def _carry(origin: Store, source: LedgerPlace, there: Store, target: LedgerPlace, by: str, at: datetime) -> None:
    """Fill the one with what the other holds, see that it is whole and the same, and close the other."""
    if origin.home(0) == there.home(0):
        raise NotDone(SamePlace(path=called(source)))
    if there.moved() is None and not there.is_empty():
        raise NotDone(PlaceTaken(path=called(target)))
    mark = MovedLedger(place=called(target), by=by, at=at, arriving=False)
    with origin.closing(mark):
        there.bring(origin, MovedLedger(place=called(source), by=by, at=at, arriving=True))
        found = verify(there)
        if found.faults:
            raise NotDone(CopyNotWhole(path=called(target), why=tuple(found.faults)))
        if there.tips() != origin.tips() or not there.holds_the_same(origin):
            raise NotDone(CopyDiffers(path=called(target)))
        for channel in there.channels():
            there.change_channel(channel.id, {"paused": at, "pause_cause": "moved", "home": ""})


def _has_arrived(origin: Store, there: Store) -> bool:
    """Whether the other holds all that the closed one does: as it was carried there, or with what came after it."""
    if there.moved() is not None:
        return there.tips() == origin.tips()
    return there.has(origin.tips()[0])
