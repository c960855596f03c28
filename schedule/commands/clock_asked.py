"""Asked before an act, where this computer's clock seems to be ahead."""

import sys

import click
from msgspec.structs import replace

from schedule.commands.confirmed import confirmed
from schedule.model.case import Site
from schedule.service.clock_sense import clock_ahead, in_zone
from schedule.service.create import Meta
from schedule.service.place import Store


def sure_of_clock(store: Store, meta: Meta, site: Site, *, said: bool) -> Meta:
    """Who acts when, once somebody has looked at this computer's clock, if it seems to be ahead: asked on a terminal,
    `said` with the option. UsageError where nobody says that it is right. Times are shown by the site's clock."""
    ahead = clock_ahead(store, meta.at, meta.running)
    if ahead is None:
        return meta
    if not said:
        from schedule.words.failures import failure_in_words

        told = failure_in_words(in_zone(ahead, site), "terminal")
        if not sys.stdin.isatty():
            raise click.UsageError(f"{told} Nothing was saved.")
        click.echo(told, err=True)
        confirmed("CLOCK", None, "If it is right, type CLOCK")
    return replace(meta, clock_confirmed=True)
