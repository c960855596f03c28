"""The ledger, opened for a command: one that was moved elsewhere is read, and says so."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from schedule.service.place import LedgerPlace, Store, open_ledger


@contextmanager
def opened(place: LedgerPlace, *, make: bool = True) -> Iterator[Store]:
    """As `open_ledger`. That the ledger was moved, and may be out of date, is said on standard error."""
    with open_ledger(place, make=make) as ledger:
        mark = ledger.moved()
        if mark is not None:
            from schedule.words.moving import moved_away  # which hardly any command needs

            click.echo(f"{ledger.name}: {moved_away(mark)}", err=True)
        yield ledger
