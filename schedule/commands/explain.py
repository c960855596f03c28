"""explain: where a date or a verdict comes from, in full."""

from pathlib import Path

import click

from schedule.commands.common import as_of_option, case_argument, now, site_option
from schedule.commands.typed import as_of_in
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.notation import nearest, spell_range
from schedule.model.plan import Event, Finding, Plan
from schedule.model.typed import TypedTime
from schedule.service.inputs import open_case
from schedule.service.planning import make_plan
from schedule.words.basis import basis_told
from schedule.words.dates import spell_asked
from schedule.words.days_off import days_off_of
from schedule.words.findings import finding_basis, finding_flags, finding_source, finding_title
from schedule.words.gaps import lack_in_words
from schedule.words.places import beside, spell_place, spell_window
from schedule.words.statuses import status_in_words
from schedule.words.titles import called, full_title


@click.command()
@case_argument
@click.argument("what", metavar="EVENT-OR-RULE")
@site_option
@as_of_option
def explain(case: Path, what: str, site: Path | None, as_of: TypedTime | None) -> None:
    """Say where a date or a verdict comes from: rule, anchor, arithmetic, section and quotation.

    \b
    dayzero explain CIML-017.toml fludarabine-2 --site our-site.toml
    dayzero explain CIML-017.toml T17
    dayzero explain CIML-017.toml marrow
    """
    inputs = open_case(case, site)
    plan = make_plan(inputs, as_of_in(inputs.site, as_of, now()))
    wanted = what.lower()
    events = [event for event in plan.events if wanted in (event.id, event.activity)]
    undated = [one for one in plan.undated if wanted in (one.id, one.activity)]
    findings = [f for f in plan.findings if wanted in (f.ref.lower(), f.rule.lower(), str(f.point or "").lower())]
    if not events and not undated and not findings:
        known = [
            *(event.id for event in plan.events),
            *(one.id for one in plan.undated),
            *(finding.ref for finding in plan.findings),
            *plan.protocol.dates,
        ]
        raise InputError(
            Mistake(
                place=Where(file=f'"{what[:60]}"'),
                message="is no event, rule or date of this plan",
                remedy=nearest(what, known),
            )
        )
    for event in events:
        _say_event(plan, event)
    for one in undated:
        click.echo(f"{one.id}: {full_title(one.title)}, no date\n  {lack_in_words(one.gap)}\n")
    for finding in findings:
        _say_finding(plan, finding)


def _say_event(plan: Plan, event: Event) -> None:
    said = "".join(f", {text}" for text in beside(plan, event))
    click.echo(f"{event.id}: {called(event)}, {spell_place(event)}{said}")
    click.echo(f"  {basis_told(plan, event)}")
    if window := spell_window(event):
        click.echo(f"  Window: {window}")
    activity = plan.protocol.activities.get(event.activity)
    if activity is not None and activity.quotation is not None:
        click.echo(f"  {activity.quotation}")
    click.echo(
        f"  {event.provenance.capitalize()}, {status_in_words(event.status)}."
        + "".join(f" Falls on: {off}." for off in days_off_of(event))
        + "\n"
    )


def _say_finding(plan: Plan, finding: Finding) -> None:
    zero = plan.protocol.zero
    click.echo(f"{finding.ref}: {status_in_words(finding.status).upper()}. {finding_title(finding, zero)}")
    click.echo(f"  {finding_basis(finding, zero)}")
    asked = spell_asked(finding)
    if asked and finding.point:
        click.echo(f"  Allowed for {finding.point}: {asked}")
    if finding.aim:
        click.echo(f"  Aim: {spell_range(*finding.aim)}")
    for flag in finding_flags(finding):
        click.echo(f"  Note: {flag}")
    click.echo(f"  {finding_source(finding)}")
    rule = plan.protocol.rules.get(finding.rule)
    if rule is not None and rule.note:
        click.echo(f"  Reading: {rule.note}")
    click.echo()
