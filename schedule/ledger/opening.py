"""The one place that knows which stores there are: a path is a ledger in an SQLite file."""

from collections.abc import Callable
from pathlib import Path

from schedule.ledger.sqlite import SqliteStore
from schedule.ledger.store import Store


def open_store(place: Path, *, waits: bool = True, rebuild: Callable[[Store], None] | None = None) -> Store:
    """The ledger at a place, to be opened with `with`. One that does not `wait` lets others write first, and gives up
    soon. `rebuild` is asked to replace what acts gave where that is of an earlier form."""
    return SqliteStore(place, waits=waits, rebuild=rebuild)
