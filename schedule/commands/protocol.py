"""protocol list | show | lint | new | diff: which protocols there are, what one says, and what is wrong with a file."""

import shutil
from pathlib import Path

import click

from schedule.commands.common import json_option, site_option, table
from schedule.commands.protocol_diff import diff
from schedule.commands.protocol_new import new
from schedule.commands.typed import When, site_moment
from schedule.model.errors import InputError, Mistake, NotDone, Where
from schedule.model.notation import nearest, plural, spell
from schedule.model.plan import Plan
from schedule.model.protocol import Protocol
from schedule.model.reasons.file_failures import FileNotWritten
from schedule.model.text import to_json
from schedule.model.typed import TypedTime
from schedule.pages.protocol import Section, dates_of, not_dated, sections, windows_of
from schedule.pages.text_timeline import chart
from schedule.service.inputs import open_protocol, open_site, protocol_path, read_file, shipped_protocols
from schedule.service.protocol_check import Told, by_line, check_protocol
from schedule.service.views import EXAMPLE_DAY, example
from schedule.words.dates import day_zero_of

CHART_WIDTH = 80


@click.group()
def protocol() -> None:
    """See which protocols there are, read one, write or check one of your own, compare two versions.

    \b
    dayzero protocol list
    dayzero protocol show NCT04024761
    dayzero protocol new our-trial.toml
    dayzero protocol lint our-trial.toml
    dayzero protocol diff our-trial-1.toml our-trial-2.toml
    """


protocol.add_command(new)
protocol.add_command(diff)


@protocol.command("list")
def list_() -> None:
    """List the protocols that come with Dayzero."""
    table([(found.id, found.version, found.title) for found in map(open_protocol, shipped_protocols().values())])


@protocol.command()
@click.argument("named", metavar="ID-OR-FILE")
@click.option("--day-zero", type=When(), metavar="WHEN", help="Day 0 of the example. Default: 2026-06-15.")
@click.option("--choose", multiple=True, metavar="NAME=OPTION", help="What is chosen for the example's patient.")
@site_option
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write one page with the picture and the tables."
)
def show(named: str, day_zero: TypedTime | None, choose: tuple[str, ...], site: Path | None, html: Path | None) -> None:
    """Print a protocol: its tables, its sources, and an example's timeline and dates.

    \b
    dayzero protocol show NCT04290546 --choose part=part-2
    dayzero protocol show our-trial.toml --day-zero 2026-06-15 --html our-trial.html
    """
    if html is not None and html.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"--html {html}: name a file that ends in .html.")
    found = open_protocol(protocol_path(named, Path()))
    where, zero = open_site(site, found), EXAMPLE_DAY
    if day_zero is not None:
        zero = site_moment(day_zero, where.zone, "--day-zero", "name a site file with its time zone: --site")
    plan = example(found, where, zero, _choices(found, choose))
    if html is not None:
        _write_page(found, plan, html)
        return
    click.echo(f"{found.id}: {found.title}")
    click.echo(f"{_version(found)}. SHA-256 {found.sha256[:12]}…")
    for section in sections(found):
        click.echo(f"\n{section.heading}")
        _say(section)
    click.echo(f"\n{_heading(plan)}\n")
    for line in chart(plan, min(shutil.get_terminal_size((CHART_WIDTH, 24)).columns, 120)):
        click.echo(line)
    click.echo()
    table(dates_of(plan))
    if windows := windows_of(plan):
        click.echo(f"\nWhat must lie when, for that {found.zero}")
        table(windows)
    for text in _gaps(plan):
        click.echo(f"Not dated: {text}")


def _say(section: Section) -> None:
    """The rows of a table; an address stands whole on a line of its own, so that it can be copied."""
    if section.columns[-1] != "address":
        table(section.rows)
        return
    for *words, address in section.rows:
        table([words])
        click.echo(f"  {address}")


def _version(found: Protocol) -> str:
    return f"{found.version}, {spell(found.date)}, {found.jurisdiction}"


def _heading(plan: Plan) -> str:
    return f"Example: {plan.protocol.zero} {day_zero_of(plan)}"


def _choices(found: Protocol, given: tuple[str, ...]) -> dict[str, str]:
    chosen = {}
    for text in given:
        name, _, option = text.partition("=")
        options = found.choices[name].options if name in found.choices else {}
        if option not in options:
            what = f'there is no option "{option[:60]}"' if options else f'there is no choice "{name[:60]}"'
            remedy = nearest(option, options) if options else nearest(name, found.choices)
            raise InputError(Mistake(place=Where(file=f"--choose {text[:60]}"), message=what, remedy=remedy))
        chosen[name] = option
    return chosen


def _gaps(plan: Plan) -> list[str]:
    open_ones = [name for name in plan.protocol.choices if name not in plan.case.choices]
    made = [
        f"{name} is not chosen; add --choose {name}=" + f" or {name}=".join(plan.protocol.choices[name].options)
        for name in open_ones
    ]
    return [*made, *not_dated(plan)]


def _write_page(found: Protocol, plan: Plan, path: Path) -> None:
    from schedule.output.html import page
    from schedule.pages.overview import overview

    dates = Section(heading="The example's dates", columns=("day", "date", "what"), rows=dates_of(plan))
    windows = Section(
        heading=f"What must lie when, for that {found.zero}", columns=("when", "rules", "what"), rows=windows_of(plan)
    )
    chosen = ", ".join(f"{plan.protocol.choices[name].title}: {option}" for name, option in plan.case.choices.items())
    view = {
        "id": found.id,
        "zero": found.zero,
        "title": found.title,
        "version": _version(found),
        "sha256": found.sha256,
        "example": _heading(plan),
        "chosen": chosen,
        "pictures": overview(plan).pictures,
        "gaps": [f"Not dated: {text}" for text in _gaps(plan)],
        "sections": [one for one in (dates, windows) if one.rows] + list(sections(found)),
    }
    try:
        path.write_text(
            page("protocol.html", title=f"{found.id}, {found.version}", view=view), encoding="utf-8", newline="\n"
        )
    except OSError as error:
        raise NotDone(FileNotWritten(path=str(path), cause=str(error.strerror))) from error
    click.echo(f"Wrote {path}: {_heading(plan)}.")


# lint ----------------------------------------------------------------------------------------------------------------


@protocol.command()
@click.argument("named", metavar="ID-OR-FILE")
@json_option
@click.pass_context
def lint(ctx: click.Context, named: str, as_json: bool) -> None:
    """Report every mistake in a protocol file, with its line and what to write (exit code 2), and warn of what is
    hardly meant.

    \b
    dayzero protocol lint our-trial.toml
    dayzero protocol lint our-trial.toml --json
    """
    path = protocol_path(named, Path())
    text = read_file(path)
    checked = check_protocol(text, path.name)
    found, mistakes, doubts = checked.protocol, checked.mistakes, checked.warnings
    if as_json:
        values = {
            "format": 1, "file": path.name, "id": found.id if found else None,
            "mistakes": list(map(_values, mistakes)),
            "warnings": list(map(_values, doubts)),
        }  # fmt: skip
        click.echo(to_json(values), nl=False)
    elif found is None:
        for one in by_line(mistakes):
            click.echo(one.text, err=True)
        rest = "it is" if len(mistakes) == 1 else "they are"
        click.echo(f"{plural(len(mistakes), 'mistakes')}. The file is not used until {rest} corrected.", err=True)
    else:
        count = plural(len(doubts), "warnings") if doubts else "no warnings"
        click.echo(f"{found.id}: no mistakes, {count}; {len(found.activities)} activities, {len(found.rules)} rules.")
        for one in by_line(doubts):
            click.echo(one.text)
    ctx.exit(2 if mistakes else 0)


def _values(one: Told) -> dict[str, object]:
    mistake = one.mistake
    return {"place": str(mistake.place), "line": one.line, "message": mistake.message, "remedy": mistake.remedy}
