"""The one place that knows which stores there are: a path is a ledger in an SQLite file, an address PostgreSQL."""

from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from schedule.ledger.store import Store
from schedule.model import reasons
from schedule.model.errors import NotDone
from schedule.model.server_address import ServerAddress


def open_store(
    place: Path | ServerAddress,
    *,
    make: bool = True,
    waits: bool = True,
    arriving: bool = False,
    rebuild: Callable[[Store], None] | None = None,
) -> Store:
    """The ledger at a place, to be opened with `with`. Where there is none one is made, or without `make` it is
    NotDone. One that does not `wait` lets others write first, and gives up soon. `rebuild` is asked to replace what
    acts gave where that is of an earlier form. One to which another is being moved is NotDone, unless it is asked for
    as `arriving`."""
    match place:
        case Path():
            if not make and not place.is_file():
                raise NotDone(reasons.failures.LedgerGone())
            from schedule.ledger.sqlite import SqliteStore  # which a command that opens no ledger does without

            return SqliteStore(place, waits=waits, arriving=arriving, rebuild=rebuild)
        case ServerAddress():
            try:
                from schedule.ledger.postgres import PostgresStore  # whose library takes a while, and is an extra
            except ModuleNotFoundError as error:
                raise NotDone(reasons.server_failures.DriverMissing(path=str(place), extra="postgres")) from error
            return PostgresStore(place, make=make, waits=waits, arriving=arriving, rebuild=rebuild)
        case _:
            assert_never(place)
