"""deliver, digest: send to the channels what acts have changed, and mail what is open."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from schedule.commands import DEFECT
from schedule.commands.common import say_channels
from schedule.commands.opened import opened
from schedule.commands.options import store_option, store_path
from schedule.model.errors import ChannelRefused, DayzeroError, NotDone
from schedule.model.reasons.deliveries import SettingWrong
from schedule.service.channels import channel_called
from schedule.service.delivering import deliver_once, keep_delivering
from schedule.service.digest import send_digest
from schedule.service.place import LedgerPlace
from schedule.service.standings import publishing_lines, standings
from schedule.words.failures import failure_in_words


@click.command()
@click.option(
    "--every", type=click.FloatRange(1, 3600), metavar="SECONDS", help="Go on until stopped, looking so often."
)
@store_option
def deliver(every: float | None, store: LedgerPlace | None) -> None:
    """Send to every channel what acts have changed, day 0 and the next 48 hours first, and say how each stands.

    \b
    dayzero deliver
    dayzero deliver --every 15
    """
    path = store_path(store)
    if every is not None:
        keep_delivering(path, _now, _wait, every, _tell)
        return
    with opened(path, make=False) as ledger:
        with place_alone():
            deliver_once(ledger, _now, time.sleep)
        now = _now()
        lines = publishing_lines(ledger, now)
        is_behind = any(one.is_behind for one in standings(ledger, now))
    say_channels(lines)
    if is_behind or any(line.loud for line in lines):
        click.get_current_context().exit(3)
    if not lines:
        click.echo("Nothing to send.")


@click.command()
@click.argument("name", metavar="CHANNEL")
@click.option("--to", required=True, metavar="ADDRESS", help="Who gets it.")
@store_option
def digest(name: str, to: str, store: LedgerPlace | None) -> None:
    """Mail what is not recorded, what is due today and tomorrow, and what did not move: codes and counts alone. It goes
    by the relay of an imip channel, each time it is run; let cron run it in the morning.

    \b
    dayzero digest "Ward calendar" --to charge-nurse@hospital.example
    """
    with opened(store_path(store), make=False) as ledger:
        channel = channel_called(ledger, name)
        if channel.kind != "imip":
            raise ChannelRefused(SettingWrong(setting="--relay"))
        with place_alone():
            send_digest(ledger, channel, to, _now())
    click.echo(f"Sent to {to}.")


def _now() -> datetime:
    """The clock's time: what is sent is never dated otherwise."""
    return datetime.now(UTC)


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False


@contextmanager
def place_alone() -> Iterator[None]:
    """Of a defect the place in the program and no word: what a service says is kept in logs, or mailed by cron."""
    try:
        yield
    except DayzeroError:
        raise
    except Exception as error:
        _tell(error)
        click.echo(f"{DEFECT} What has not moved is tried again the next time.", err=True)
        click.get_current_context().exit(70)


def _tell(error: Exception) -> None:
    if isinstance(error, NotDone):
        click.echo(failure_in_words(error.failure, "terminal"), err=True)
        return
    from schedule.web.failures import note_fault

    note_fault(error)
