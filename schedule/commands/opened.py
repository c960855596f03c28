"""The ledger, opened for a command: one that was moved elsewhere is read, and says so."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from schedule.service.place import LedgerPlace, Store, open_ledger
from schedule.service.wards import all_wards, codes_on


@contextmanager
def opened(place: LedgerPlace, *, make: bool = True) -> Iterator[Store]:
    """As `open_ledger`. That the ledger was moved, and may be out of date, is said on standard error."""
    with open_ledger(place, make=make) as ledger:
        mark = ledger.moved()
        if mark is not None:
            from schedule.words.moving import moved_away  # which hardly any command needs

            click.echo(f"{ledger.name}: {moved_away(mark)}", err=True)
        yield ledger


def codes_named(store: Store, ward: str | None) -> tuple[str, ...]:
    """The codes of the patients of a ward that was named, or of all. UsageError where there is no such ward."""
    there = all_wards(store)
    if ward is not None and ward not in there:
        named = ", ".join(name for name in there if name)
        raise click.UsageError(f"--ward {ward}: there is no such ward. {f'There is {named}.' if named else ''}".strip())
    return codes_on(store, ward)
