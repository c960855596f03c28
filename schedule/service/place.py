"""Where a ledger lies, in a file or in a database on a server, and how it is opened there."""

from pathlib import Path

from schedule.ledger.opening import open_store
from schedule.ledger.store import Store as Store
from schedule.model.server_address import ServerAddress, server_address

LedgerPlace = Path | ServerAddress


def ledger_place(text: str) -> LedgerPlace:
    """The place that was typed."""
    return server_address(text) or Path(text)


def open_ledger(place: LedgerPlace, *, make: bool = True, waits: bool = True) -> Store:
    """The ledger at a place, open as long as its `with`, and rebuilt first where it is of an earlier form. Where there
    is none one is made, or with `make` off it is NotDone. One that does not wait lets others write first, and gives up
    soon."""
    return open_store(place, make=make, waits=waits, rebuild=_rebuild)


def _rebuild(store: Store) -> None:
    from schedule.service.rebuild import rebuild  # which opens ledgers itself

    rebuild(store)
