"""protocol list | show | lint: which protocols there are, what one says, and what is wrong with a file."""

from pathlib import Path

import click

from schedule.commands.common import table
from schedule.days import plural, spell
from schedule.outline import asked, warnings, when_in_words
from schedule.protocol import Protocol
from schedule.service import open_protocol, protocol_path, shipped_protocols


@click.group()
def protocol() -> None:
    """See which protocols there are, read one, or check a file of your own.

    \b
    dayzero protocol list
    dayzero protocol show NCT04024761
    dayzero protocol lint our-trial.toml
    """


@protocol.command("list")
def list_() -> None:
    """List the protocols that come with Dayzero."""
    table([(found.id, found.version, found.title) for found in map(open_protocol, shipped_protocols().values())])


def _open(named: str) -> Protocol:
    return open_protocol(protocol_path(named, Path()))


@protocol.command()
@click.argument("named", metavar="ID-OR-FILE")
def show(named: str) -> None:
    """Print a protocol as tables: activities, rules with their bounds, what the site must give, dates, attestations."""
    found = _open(named)
    click.echo(f"{found.id}: {found.title}")
    click.echo(
        f"{found.version}, {spell(found.date)}, {found.jurisdiction}. SHA-256 {found.sha256[:12]}…\n\nActivities"
    )
    rows = []
    for activity in found.activities.values():
        rows.append((activity.id, when_in_words(activity, found), activity.title))
    table(rows)
    click.echo("\nRules")
    table(
        [
            (rule.id, rule.quotation.section, "; ".join([rule.title, *asked(found, rule.id)]))
            for rule in found.rules.values()
        ]
    )
    for heading, named_things in (
        ("Known dates, for [dates] in a case file", found.dates),
        ("Parameters, for [parameters] in a site file", found.parameters),
        ("Attestations, for [attestations] in a case file", found.attestations),
    ):
        click.echo(f"\n{heading}")
        table([(name, thing.title) for name, thing in named_things.items()])


@protocol.command()
@click.argument("named", metavar="ID-OR-FILE")
def lint(named: str) -> None:
    """Report every mistake in a protocol file, with its place and what to write; 2 if there is one."""
    found = _open(named)
    doubts = warnings(found)
    count = plural(len(doubts), "warnings") if doubts else "no warnings"
    click.echo(f"{found.id}: no mistakes, {count}; {len(found.activities)} activities, {len(found.rules)} rules.")
    for place, words in doubts:
        click.echo(f"{place}: {words}")
