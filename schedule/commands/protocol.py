"""protocol list | show | lint: which protocols there are, what one says, and what is wrong with a file."""

from collections.abc import Iterator
from pathlib import Path

import click

from schedule.abbreviations import doubted
from schedule.commands.common import table
from schedule.days import plural, spell
from schedule.grammar import AfterActivity, Days, Occurrence
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


def _days(days: Days, found: Protocol) -> str:
    if isinstance(days, AfterActivity):
        every = f"every {plural(days.step, days.step_unit)} x {days.times} from " if days.times > 1 else ""
        which = "" if days.which == "first" else f"{days.which} "
        slack = f" ±{plural(days.tolerance, 'hours')}" if days.tolerance else f" ±{days.before}" if days.before else ""
        return f"{every}{plural(days.count, days.unit)} after {which}{days.activity}{slack}"
    return ", ".join(_occurrence(occurrence, found) for occurrence in days.occurrences)


def _occurrence(occurrence: Occurrence, found: Protocol) -> str:
    text = found.label(occurrence.offset)
    if occurrence.months:
        text += f" + {occurrence.months} months"
    if occurrence.before or occurrence.after:
        text += f" ({occurrence.before} earlier to {occurrence.after} later)"
    return text


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
        parameter = f"site parameter {activity.parameter}"
        rows.append((activity.id, _days(activity.days, found) if activity.days else parameter, activity.title))
    table(rows)
    click.echo("\nRules")
    table(
        [
            (rule.id, rule.quotation.section, "; ".join([rule.title, *_asked(found, rule.id)]))
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


def _asked(found: Protocol, rule_id: str) -> Iterator[str]:
    rule = found.rules[rule_id]
    for bound in rule.bounds:
        yield "; ".join(map(str, bound.safe)) or f"{bound.point}: shown, or by the site's {bound.window}"
        if bound.literal != bound.safe:
            yield "boundary if only " + ("; ".join(map(str, bound.literal)) or "later events do not forbid it")
    for statement in rule.statements:
        yield f"{statement.kind} {statement.attestation or ''}".strip()


@protocol.command()
@click.argument("named", metavar="ID-OR-FILE")
def lint(named: str) -> None:
    """Report every mistake in a protocol file, with its place and what to write; 2 if there is one."""
    found = _open(named)
    warnings = [
        f'{place}: "{word}" is easily misread - write {instead}'
        for place, text in _printed(found)
        for word, instead in doubted(text)
    ]
    count = plural(len(warnings), "warnings") if warnings else "no warnings"
    click.echo(f"{found.id}: no mistakes, {count}; {len(found.activities)} activities, {len(found.rules)} rules.")
    for warning in warnings:
        click.echo(warning)


def _printed(found: Protocol) -> Iterator[tuple[str, str]]:
    """Every text of the author's own that is printed, with its place."""
    yield "title", found.title
    for course in found.courses.values():
        yield f'course "{course.id}", title', course.title
    for activity in found.activities.values():
        for key in ("title", "unit", "until", "derivation"):
            yield f'activity "{activity.id}", {key}', getattr(activity, key) or ""
    for rule in found.rules.values():
        for key in ("title", "note", "derivation"):
            yield f'rule "{rule.id}", {key}', getattr(rule, key) or ""
        for bound in rule.bounds:
            yield f'rule "{rule.id}", repeat', bound.repeat or ""
            yield f'rule "{rule.id}", note-text', bound.note_text
    for parameter in found.parameters.values():
        yield f'parameter "{parameter.name}", missing', parameter.missing
    for kind, things in (("date", found.dates), ("parameter", found.parameters), ("attestation", found.attestations)):
        for name, thing in things.items():
            yield f'{kind} "{name}", title', thing.title
