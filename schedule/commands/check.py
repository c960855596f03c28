"""check, feasible: verdicts on a patient's file, nothing kept. They start without what makes calendars and pages."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from schedule.commands.common import (
    as_of_option,
    case_argument,
    exit_code,
    json_option,
    now,
    say_feasible,
    say_findings,
    site_option,
)
from schedule.commands.typed import as_of_in
from schedule.model.notation import spell_moment
from schedule.model.plan import Plan
from schedule.model.text import to_json
from schedule.service import planning
from schedule.service.inputs import open_case
from schedule.words.alerts import banner
from schedule.words.dates import day_zero_of
from schedule.words.findings import feasible_in_words, is_at_rest

if TYPE_CHECKING:
    from schedule.model.typed import TypedTime


def _say_json(plan: Plan) -> None:
    from schedule.output.data import plan_values  # which makes what the words do without

    click.echo(to_json({**plan_values(plan), "saved": False}), nl=False)


@click.command()
@case_argument
@site_option
@as_of_option
@json_option
@click.pass_context
def check(ctx: click.Context, case: Path, site: Path | None, as_of: "TypedTime | None", as_json: bool) -> None:
    """Judge every timing rule for the planned day 0; nothing is written.

    \b
    dayzero check CIML-017.toml --site our-site.toml
    dayzero check CIML-017.toml --as-of 2026-06-09
    """
    inputs = open_case(case, site)
    found = planning.make_plan(inputs, as_of_in(inputs.site, as_of, now()))
    if as_json:
        _say_json(found)
    else:
        asked = [one.status for one in found.findings if not is_at_rest(one)]
        counts = {status: asked.count(status) for status in ("violated", "boundary", "due")}
        unknown = feasible_in_words(found) if found.missing else ""
        verdict = banner(found) or unknown or "No rule is violated."
        click.echo(f"Checked {found.case.code}, {found.protocol.zero} {day_zero_of(found)}: {verdict}")
        click.echo(
            ", ".join(f"{count} {status}" for status, count in counts.items())
            + f". As of {spell_moment(found.as_of)}.\n"
        )
        say_findings(found.findings, found.protocol.zero)
    ctx.exit(exit_code(found))


@click.command()
@case_argument
@site_option
@as_of_option
@json_option
def feasible(case: Path, site: Path | None, as_of: "TypedTime | None", as_json: bool) -> None:
    """Say which days 0 keep every rule, which rules limit the earliest, and which would limit it next.

    \b
    dayzero feasible CIML-017.toml
    dayzero feasible CIML-017.toml --site our-site.toml --json

    Needs no planned day 0. Dates that are missing are assumed to be in order, and listed.
    """
    inputs = open_case(case, site)
    found = planning.feasible(inputs, as_of_in(inputs.site, as_of, now()))
    if as_json:
        _say_json(found)
    else:
        click.echo(f"{found.case.code}: ", nl=False)
        say_feasible(found)
