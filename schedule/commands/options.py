"""Where the ledger lies, and the options that commands share."""

from pathlib import Path

import click

from schedule.commands.common import Command
from schedule.commands.typed import When
from schedule.model.server_address import ServerAddress
from schedule.service.place import LedgerPlace, ledger_place


class StorePlace(click.ParamType["LedgerPlace"]):
    """A file, or the address of a database without a password."""

    name = "place"

    def convert(
        self, value: str | LedgerPlace, param: click.Parameter | None, ctx: click.Context | None
    ) -> LedgerPlace:
        found = ledger_place(value) if isinstance(value, str) else value
        if isinstance(found, ServerAddress) and found.holds_password:
            self.fail(
                f"{found}: a password stands in the address, where others on this computer can read it. "
                "Put it into ~/.pgpass, or into a service file (postgresql://?service=NAME).",
                param,
                ctx,
            )
        return found


def store_path(given: LedgerPlace | None) -> LedgerPlace:
    """Where the ledger lies: --store, DAYZERO_STORE (click reads it), else the user's data folder."""
    return given or Path(click.get_app_dir("dayzero", roaming=False)) / "dayzero.sqlite"


def store_option(command: Command) -> Command:
    return click.option(
        "--store",
        type=StorePlace(),
        envvar="DAYZERO_STORE",
        metavar="FILE|URL",
        help="The ledger: a file, or postgresql://HOST/DATABASE. Default: in your data folder.",
    )(command)


def ward_option(command: Command) -> Command:
    return click.option("--ward", metavar="NAME", default=None, help="The patients of this ward. Default: of all.")(
        command
    )


def out_option(command: Command) -> Command:
    return click.option(
        "--out", type=click.Path(path_type=Path), default=Path("dayzero-out"), show_default=True, metavar="DIR"
    )(command)


def act_options(command: Command) -> Command:
    """What every act takes: who, why, as of when, on which revision, and whether it is only to be tried."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the change as JSON."),
        click.option("--dry-run", is_flag=True, help="Say what would happen; save nothing."),
        click.option(
            "--based-on", type=click.IntRange(1), metavar="N", help="Act only if this is the newest revision."
        ),
        click.option("--as-of", type=When(), metavar="WHEN", help="The site's time that it speaks of. Default: now."),
        click.option("--reason", default="", help="Why; kept in the history."),
        click.option("--by", default=None, help="Who acts. Default: the user of this computer."),
        clock_option,
        out_option,
        store_option,
    ):
        command = option(command)
    return command


def clock_option(command: Command) -> Command:
    return click.option("--clock-is-right", is_flag=True, help="Somebody has looked at this computer's clock.")(command)


def confirm_option(command: Command) -> Command:
    return click.option("--confirm", metavar="CODE", help="The patient's code again, instead of typing it.")(command)
