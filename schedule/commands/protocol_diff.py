"""protocol diff: what changes between two versions of a protocol, and what it changes for given patients."""

import getpass
from pathlib import Path

import click

from schedule.commands.common import as_of_option, json_option, now, site_option, table
from schedule.commands.opened import opened
from schedule.commands.options import store_option, store_path
from schedule.commands.typed import as_of_in
from schedule.model.notation import plural
from schedule.model.protocol import Protocol
from schedule.model.text import to_json
from schedule.model.typed import TypedTime
from schedule.pages.protocol_diff import Change, Effect, changes, values_of
from schedule.service.inputs import open_protocol, protocol_path, read_file
from schedule.service.place import LedgerPlace
from schedule.service.views import Versions


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--case", "cases", type=click.Path(path_type=Path), multiple=True, metavar="FILE", help="A patient's case file."
)
@click.option("--cohort", type=click.Path(path_type=Path), metavar="FILE|DIR", help="A list or a folder of patients.")
@click.option(
    "--stored", is_flag=True, help="Every stored patient planned by OLD. --store on the command line says so, too."
)
@site_option
@click.option(
    "--new-site",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The site file that goes with NEW, if it is another.",
)
@as_of_option
@store_option
@json_option
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    cases: tuple[Path, ...],
    cohort: Path | None,
    stored: bool,
    site: Path | None,
    new_site: Path | None,
    as_of: TypedTime | None,
    store: LedgerPlace | None,
    as_json: bool,
) -> None:
    """Say what NEW says otherwise than OLD, and which dates, verdicts and feasible days it changes for patients.

    \b
    dayzero protocol diff our-trial-1.toml our-trial-2.toml
    dayzero protocol diff our-trial-1.toml our-trial-2.toml --case CIML-017.toml --site our-site.toml
    dayzero protocol diff our-trial-1.toml our-trial-2.toml --stored

    Nothing is written. Ends with 0 if nothing differs, 1 if something does, 2 if an input cannot be used.
    """
    paths, at = (protocol_path(old, Path()), protocol_path(new, Path())), now()
    before, after = map(open_protocol, paths)
    found, sites = changes(before, after), (site, new_site or site)
    versions = Versions(before=before, after=after, sites=sites, now=at, as_of=lambda site: as_of_in(site, as_of, at))
    told: list[Effect | str] = []
    for path in (*cases, *([cohort] if cohort else [])):
        told += versions.on_files(path)
    if stored or (store and ctx.get_parameter_source("store") is click.core.ParameterSource.COMMANDLINE):
        new_text = read_file(paths[1])
        with opened(store_path(store)) as ledger:
            told += versions.on_stored(ledger, new_text, getpass.getuser())
    effects = [one for one in told if isinstance(one, Effect)]
    passed_over = [one for one in told if isinstance(one, str)]
    if as_json:
        values = {
            "format": 1,
            "old": _named(before),
            "new": _named(after),
            "changes": [
                {"place": one.place, "what": one.what, "before": one.before, "after": one.after} for one in found
            ],
            "patients": [values_of(one) for one in effects],
            "passed_over": passed_over,
        }
        click.echo(to_json(values), nl=False)
    else:
        _say(before, after, found, effects, passed_over)
    ctx.exit(1 if found or not all(one.is_none for one in effects) else 0)


def _named(found: Protocol) -> dict[str, str]:
    return {"id": found.id, "version": found.version, "sha256": found.sha256}


def _say(
    old: Protocol, new: Protocol, found: tuple[Change, ...], effects: list[Effect], passed_over: list[str]
) -> None:
    count = plural(len(found), "changes") if found else "nothing differs"
    click.echo(f"{old.id}, {old.version} -> {new.id}, {new.version}: {count}.")
    for one in found:
        click.echo(f"\n{one.place} {one.what}")
        table([(mark, text) for mark, text in (("  before", one.before), ("  after", one.after)) if text])
    for patient in effects:
        _say_effect(patient, new.zero)
    if passed_over:
        click.echo(f"\nPlanned by another protocol or version, passed over: {', '.join(passed_over)}")


def _say_effect(patient: Effect, named: str) -> None:
    click.echo(f"\n{patient.code}: {'nothing changes.' if patient.is_none else 'changes.'}")
    for text in patient.refused:
        click.echo(f"  The new version cannot be used for this patient: {text}")
    table([("  " + "moves", event, f"{title}: {before} -> {after}") for event, title, before, after in patient.moves])
    table(
        [
            ("  " + "window", event, f"{title}: {before or 'none'} -> {after or 'none'}")
            for event, title, before, after in patient.windows
        ]
    )
    table([("  " + "added", event, f"{title}: {place}") for event, title, place in patient.added])
    table([("  " + "vanishes", event, f"{title}: {place}") for event, title, place in patient.vanished])
    table(
        [
            ("  " + ref, f"{title}: {before or 'not asked'} -> {after or 'not asked'}")
            for ref, title, before, after in patient.findings
        ]
    )
    if patient.feasible:
        table([(f"  {named.capitalize()} can be", patient.feasible[0]), ("  now", patient.feasible[1])])
