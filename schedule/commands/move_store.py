"""move-store: carry the ledger to another place."""

import getpass

import click

from schedule.commands.common import now
from schedule.commands.options import StorePlace
from schedule.service.move_store import move_store as carry
from schedule.service.place import LedgerPlace
from schedule.service.startup import ready
from schedule.words.moving import moved_lines


@click.command("move-store")
@click.argument("source", type=StorePlace(), metavar="FROM")
@click.argument("target", type=StorePlace(), metavar="TO")
@click.option("--by", default=None, help="Who moves it. Default: the user of this computer.")
def move_store(source: LedgerPlace, target: LedgerPlace, by: str | None) -> None:
    """Carry a whole ledger to another place, and close it where it was.

    \b
    dayzero move-store dayzero.sqlite /srv/dayzero/dayzero.sqlite
    dayzero move-store dayzero.sqlite postgresql://db.hospital.example/dayzero

    Every act comes along as it is, with the calendars and what was sent to them. What arrived is verified before the
    old ledger is closed: that can still be read, and says where it went. If it is broken off, give the same command
    again. Stop dayzero serve first, and start it with the new place.
    """
    at = now()
    ready(at)
    done = carry(source, target, by or getpass.getuser(), at)
    for line in moved_lines(done.source, done.target, done.codes, done.paused):
        click.echo(line)
