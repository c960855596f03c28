"""clock: the computer's clock had been ahead, and is right again."""

import getpass

import click

from schedule.commands.common import now, running
from schedule.commands.confirmed import confirmed
from schedule.commands.opened import opened
from schedule.commands.options import store_option, store_path
from schedule.model.notation import plural
from schedule.service.create import Meta
from schedule.service.place import LedgerPlace
from schedule.service.set_clock import acts_ahead, set_clock
from schedule.service.startup import ready


@click.command()
@click.option("--reason", required=True, help="Why the clock was ahead; kept in each history.")
@click.option("--by", default=None, help="Who says so. Default: the user of this computer.")
@click.option("--confirm", metavar="WORD", help="The word CLOCK, instead of typing it.")
@store_option
def clock(reason: str, by: str | None, confirm: str | None, store: LedgerPlace | None) -> None:
    """Say that this computer's clock had been ahead and is right again, so that acts are taken. Nothing is lost: what
    was entered as of a later time counts as entered as of now, and each history says so.

    \b
    dayzero clock --reason "the date was set to 2031 by mistake"
    """
    if not reason.strip():
        raise click.UsageError('Say why: --reason "…"')
    ready(now())
    with opened(store_path(store), make=False) as ledger:
        ahead = acts_ahead(ledger, now)
        click.echo(f"This computer's clock says {now():%Y-%m-%d %H:%M} UTC.")
        for code, acts in ahead.items():
            click.echo(
                f"  {code}: {plural(len(acts), 'acts')} later than that, the last at {acts[-1].at:%Y-%m-%d %H:%M} UTC"
            )
        if not ahead:
            click.echo("No act is later than that: nothing is to be done.")
            return
        confirmed("CLOCK", confirm, "If that time is right, type CLOCK", look="Look at the clock. If it is right")
        at = now()
        meta = Meta(
            by=by or getpass.getuser(),
            at=at,
            as_of=at,
            site_time=at,
            reason=reason,
            running=running(),
            clock_confirmed=True,
        )
        for code, revision in set_clock(ledger, meta, now):
            click.echo(f"  {code}: now revision {revision}. Write its files again: dayzero export {code}")
