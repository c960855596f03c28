"""deliver: send to the channels what acts have changed."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from schedule.commands.acting import store_option, store_path
from schedule.commands.common import style
from schedule.model.errors import NotDone
from schedule.service.delivering import deliver_once, keep_delivering
from schedule.service.inputs import open_ledger
from schedule.service.standings import publishing_lines
from schedule.words.failures import failure_in_words


@click.command()
@click.option(
    "--every", type=click.FloatRange(1, 3600), metavar="SECONDS", help="Go on until stopped, looking so often."
)
@store_option
def deliver(every: float | None, store: Path | None) -> None:
    """Send to every channel what acts have changed, day 0 and the next 48 hours first, and say how each stands.

    \b
    dayzero deliver
    dayzero deliver --every 15
    """
    path = store_path(store)
    if every is not None:
        keep_delivering(path, _now, _wait, every, _tell)
        return
    with open_ledger(path, make=False) as ledger:
        deliver_once(ledger, _now, time.sleep)
        lines = publishing_lines(ledger, _now())
    for line in lines:
        click.echo(style(str(line), "violated") if line.loud else str(line))
    if any(line.loud for line in lines):
        click.get_current_context().exit(3)
    if not lines:
        click.echo("Nothing to send.")


def _now() -> datetime:
    """The clock's time: what is sent is never dated otherwise."""
    return datetime.now(UTC)


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def _tell(error: NotDone) -> None:
    click.echo(failure_in_words(error.failure, "terminal"), err=True)
