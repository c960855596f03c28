"""demo, plan: from a patient's file to a plan that is kept, and its files."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from schedule.commands.clock_asked import sure_of_clock
from schedule.commands.common import (
    case_argument,
    exit_code,
    made_at,
    now,
    running,
    say_events,
    say_feasible,
    say_findings,
    site_option,
)
from schedule.commands.opened import opened
from schedule.commands.options import act_options, store_path
from schedule.commands.typed import as_of_in
from schedule.model.notation import spell_moment
from schedule.model.text import to_json
from schedule.output.data import plan_values
from schedule.service.create import Meta, create, look_alikes
from schedule.service.export import Written, export_saved, write_revision
from schedule.service.inputs import open_case, protocol_path, site_time, texts_of
from schedule.service.planning import check_planned
from schedule.words.alerts import banner
from schedule.words.dates import day_zero_of, zero_in_hand
from schedule.words.gaps import gap_in_words
from schedule.words.new_patient import fallen_in_words, never_told

DEMO_AS_OF = datetime(2026, 5, 26, 8, 0)


def _say_plan(written: Written) -> None:
    plan = written.plan
    done = "saved" if written.saved else "not saved" if written.folder is None else "nothing changed, saved already"
    where = f": {written.folder}" if written.folder else ""
    click.echo(
        f"Planned {plan.case.code}: {zero_in_hand(plan)} {day_zero_of(plan)}. Revision {plan.revision} {done}{where}"
    )
    if said := banner(plan):
        click.echo(said)
    click.echo()
    say_events(plan)
    click.echo(f"\nRules, as of {spell_moment(plan.as_of)}:")
    say_findings(plan.findings, plan.protocol.zero, everything=False)
    rest = sum(finding.status in ("met", "not applicable") for finding in plan.findings)
    click.echo(f"{rest} more are met or not applicable: “dayzero check” lists them.")
    fallen = fallen_in_words(plan.findings)
    for text in filter(None, (never_told(plan), fallen)):
        click.echo(text)
    click.echo()
    say_feasible(plan)
    for gap in plan.not_stated:
        click.echo(f"Not stated, {gap.parameter}: {gap_in_words(gap)}")
    if written.folder is None:
        return
    click.echo(
        f"\nOpen {written.folder / 'index.html'} for the sheets; in Outlook open calendar.ics as a calendar of its own."
    )


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("dayzero-demo"), show_default=True, metavar="DIR")
def demo(out: Path) -> None:
    """Plan an invented patient of the shipped trial, as of Tue 26-May-2026, and write everything into a folder.

    \b
    dayzero demo
    dayzero demo --out demo
    """
    root = Path(__file__).parents[1]
    examples = root / "examples" if (root / "examples").is_dir() else root.parent / "examples"
    inputs = open_case(examples / "ciml-017.toml", examples / "site.toml")
    _say_plan(write_revision(inputs, DEMO_AS_OF, made_at(), out))


@click.command()
@case_argument
@site_option
@act_options
@click.pass_context
def plan(ctx: click.Context, /, case: Path, site: Path | None, **options: Any) -> None:
    """Date a new patient's whole plan, judge every timing rule, keep it in the ledger, and write calendar, sheets,
    tables.

    \b
    dayzero plan CIML-017.toml --site our-site.toml
    dayzero plan CIML-017.toml --site our-site.toml --out plans --json

    The same files again change nothing. A stored plan is changed by acts: fact, record, slip and the others.
    Ends with 1 if a rule is violated; the files are written all the same and say so.
    """
    inputs, at = open_case(case, site), now()
    as_of = as_of_in(inputs.site, options["as_of"], at)
    meta = Meta(
        by=options["by"] or getpass.getuser(),
        at=at,
        as_of=as_of,
        site_time=site_time(at, inputs.site),
        reason=options["reason"],
        based_on=None,
        running=running(),
    )
    check_planned(inputs)
    folder = None
    with opened(store_path(options["store"])) as ledger:
        if not options["dry_run"]:
            meta = sure_of_clock(ledger, meta, inputs.site, said=options["clock_is_right"])
        files = [case, protocol_path(inputs.case.protocol, case.parent), *([site] if site else [])]
        done = create(ledger, inputs, texts_of(inputs, files), meta, dry_run=options["dry_run"], now=now)
        row = done.row or ledger.newest(inputs.case.code)
        for other in look_alikes(ledger, inputs.case.code) if done.saved else ():
            click.echo(f"Take care: {inputs.case.code} and {other} differ in one character only.", err=True)
        if row is not None and not options["dry_run"]:
            folder = export_saved(ledger, row, options["out"])
    written = Written(plan=done.after, folder=folder, saved=done.saved)
    if options["as_json"]:
        values = {**plan_values(done.after), "saved": done.saved, "folder": str(folder) if folder else None}
        click.echo(to_json(values), nl=False)
    else:
        _say_plan(written)
    ctx.exit(exit_code(done.after))
