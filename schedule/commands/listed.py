"""Every command with its line, and what makes a list of them without importing one."""

import importlib

import click

COMMANDS = {
    "demo": ("plan", "see it work, on an invented patient of the shipped trial"),
    "plan": ("plan", "date a new patient's whole plan, keep it, write its files"),
    "check": ("check", "judge every timing rule for the planned day 0; keep nothing"),
    "feasible": ("check", "say which days 0 are possible, and what limits them"),
    "explain": ("explain", "say where a date or a verdict comes from"),
    "record": ("record", "record that something, or a whole day, was given, done or held"),
    "book": ("acts", "book something for another day or hour"),
    "fact": ("acts", "enter a known date of the patient"),
    "attest": ("acts", "record a statement about the patient"),
    "choose": ("acts", "choose an option that the protocol leaves open"),
    "rule": ("acts", "enter the principal investigator's decision"),
    "slip": ("acts", "move day 0"),
    "re-date": ("acts", "date anew what is left of a course"),
    "amend": ("acts", "take an amended protocol or site file"),
    "ward": ("acts", "put the patient on another ward"),
    "note": ("acts", "add words to the history"),
    "cancel": ("acts", "cancel the plan"),
    "today": ("today", "what is not recorded and what is due, of all patients"),
    "show": ("show", "show a patient's plan"),
    "history": ("show", "say who did what, when and why"),
    "export": ("show", "write the files of a plan again"),
    "print": ("print", "make the printed pages, of a patient or of the whole ward"),
    "sheet": ("show", "say whether a printed sheet is still current"),
    "verify": ("ledger", "check that the ledger is whole"),
    "rebuild": ("ledger", "work out again what the acts gave"),
    "backup": ("ledger", "copy the ledger into a new file"),
    "clock": ("clock", "say that the computer's clock had been ahead"),
    "restore": ("ledger", "put a backup in the ledger's place"),
    "move-store": ("move_store", "carry the ledger to another place"),
    "protocol": ("protocol", "list, read, write, compare and check protocols"),
    "cohort": ("cohort", "plan a whole list of patients"),
    "cases": ("cohort", "write patients as one list"),
    "channel": ("channel", "add, try, pause or remove a calendar that moves by itself"),
    "deliver": ("deliver", "send to those calendars what has changed"),
    "digest": ("deliver", "mail what is open this morning, codes alone"),
    "serve": ("serve", "show the ward's pages in a browser"),
}
"""Each command, in the order in which a newcomer needs them: its module, and its line in the list."""


class Commands(click.Group):
    """The commands by name. The list is made without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"schedule.commands.{COMMANDS[cmd_name][0]}")
        name = f"{cmd_name}_" if cmd_name in ("export", "print") else cmd_name.replace("-", "_")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if close:
                raise click.UsageError(f"There is no command {args[0]!r}. Did you mean {close[0]!r}?", ctx)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"dayzero {version('dayzero')}")
        except PackageNotFoundError:
            click.echo("dayzero, from a checkout")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say which version this is."
)
def dayzero() -> None:
    """A cell-therapy protocol in study days becomes one patient's dates, verdicts, calendar and printed sheets.

    \b
    dayzero demo                                 see it work, on an invented patient
    dayzero plan CASE.toml --site SITE.toml      dates, verdicts, calendar.ics, sheets
    dayzero feasible CASE.toml                   which days 0 are possible, and why not sooner
    dayzero explain CASE.toml T17                where a date or a verdict comes from

    A schedule aid, not an order and not a medical device.
    """
