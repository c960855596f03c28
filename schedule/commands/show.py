"""show, history, export, sheet: what the ledger knows of patients, said and written again."""

from pathlib import Path

import click

from schedule.commands.asked import command_of
from schedule.commands.common import json_option, now, say_events, say_feasible, say_findings, table
from schedule.commands.opened import opened
from schedule.commands.options import out_option, store_option, store_path
from schedule.model.acts import Act
from schedule.model.notation import plural, spell_moment
from schedule.model.text import to_json
from schedule.output.data import plan_values
from schedule.service.history import act_told, act_values
from schedule.service.place import LedgerPlace
from schedule.service.revisions import newest, revision_of, shown_plan
from schedule.service.sheet_check import find_sheet
from schedule.words.alerts import banner
from schedule.words.dates import day_zero_of, zero_in_hand


@click.command()
@click.argument("code")
@click.option("--revision", type=click.IntRange(1), default=None, metavar="N")
@store_option
@json_option
def show(code: str, revision: int | None, store: LedgerPlace | None, as_json: bool) -> None:
    """Show a stored plan.

    \b
    dayzero show CIML-017
    dayzero show CIML-017 --revision 1 --json
    """
    with opened(store_path(store)) as ledger:
        plan = shown_plan(ledger, revision_of(ledger, code, revision))
        if as_json:
            click.echo(to_json(plan_values(plan)), nl=False)
            return
        click.echo(f"{code}, revision {plan.revision}: {zero_in_hand(plan)} {day_zero_of(plan)}.")
        if said := banner(plan):
            click.echo(said)
        click.echo()
        say_events(plan)
        click.echo(f"\nRules, as of {spell_moment(plan.as_of)}:")
        say_findings(plan.findings, plan.protocol.zero, everything=False)
        click.echo()
        say_feasible(plan)


@click.command()
@click.argument("code")
@store_option
@json_option
def history(code: str, store: LedgerPlace | None, as_json: bool) -> None:
    """Say who did what, when and why, oldest first.

    \b
    dayzero history CIML-017
    """
    with opened(store_path(store)) as ledger:
        newest(ledger, code)
        rows = ledger.history(code)
        told = [] if as_json else [act_told(ledger, row) for row in rows]
    if as_json:
        click.echo(to_json(list(map(act_values, rows))), nl=False)
        return
    click.echo(f"{code}: {plural(len(rows), 'revisions')}.")
    table(_history_line(row.act, said) for row, said in zip(rows, told, strict=True))


def _history_line(act: Act, said: str) -> tuple[str, ...]:
    """Revision, when, who, by which command, and what: on another moment than its own, and why, if there is anything to
    say."""
    as_of = "" if act.is_as_of_its_own_time else f" As of {spell_moment(act.as_of)}."
    why = f" Why: {act.reason}" if act.reason else ""
    return str(act.revision), f"{act.at:%Y-%m-%d %H:%M} UTC", act.by, command_of(act.deed), f"{said}{as_of}{why}"


@click.command("export")
@click.argument("code")
@click.option("--revision", type=click.IntRange(1), default=None, metavar="N")
@out_option
@store_option
def export_(code: str, revision: int | None, out: Path, store: LedgerPlace | None) -> None:
    """Write the files of a stored revision again; an older one says what superseded it.

    \b
    dayzero export CIML-017
    dayzero export CIML-017 --revision 1 --out old
    """
    from schedule.service.export import export  # which makes pages and calendars: nothing else here does

    with opened(store_path(store)) as ledger:
        click.echo(
            f"Revision {(row := revision_of(ledger, code, revision)).act.revision} of {code}: "
            f"{export(ledger, row, out)}"
        )


@click.command()
@click.argument("check")
@store_option
def sheet(check: str, store: LedgerPlace | None) -> None:
    """Say whether a printed sheet is current, by the check code in its head.

    \b
    dayzero sheet 7K3M-Q2TX

    Ends with 1 if it must be replaced, or crossed through and kept.
    """
    with opened(store_path(store)) as ledger:
        found = find_sheet(ledger, check, now(), ledger.codes())
    click.echo(found.told("terminal"))
    click.get_current_context().exit(1 if found.is_void else 0)
