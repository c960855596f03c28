"""print: the sheets ready for the printer, as HTML or as PDF."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import click

from schedule.commands.common import as_of_option, now, site_option
from schedule.commands.opened import codes_named, opened
from schedule.commands.options import store_option, store_path, ward_option
from schedule.commands.typed import as_of_in
from schedule.model.errors import NotDone
from schedule.model.notation import plural
from schedule.model.plan import Plan
from schedule.model.reasons.file_failures import FileNotWritten
from schedule.model.typed import TypedTime
from schedule.output.outputs import pages, ward_page
from schedule.output.pdf import to_pdf
from schedule.service.inputs import open_case
from schedule.service.place import LedgerPlace
from schedule.service.planning import make_plan
from schedule.service.revisions import revision_of, shown_plan
from schedule.service.ward_sheets import ward_sheets
from schedule.words.alerts import banner
from schedule.words.dates import day_zero_of, zero_in_hand
from schedule.words.outputs import ward_title

PRINTED = ("sheets", "go", "overview", "deadlines", "patient")


@click.command("print")
@click.argument("what", required=False, metavar="[CODE|CASE.toml|FILE]")
@site_option
@as_of_option
@click.option(
    "--pdf", is_flag=True, help="Write PDF files; without it the pages are left as HTML to be printed by hand."
)
@click.option(
    "--page",
    "chosen",
    type=click.Choice(PRINTED),
    multiple=True,
    help="Only this page; may be given again. Default: all.",
)
@click.option("--today", "ahead", flag_value=0, type=int, help="Today's sheets of the whole ward, in one FILE.")
@click.option("--tomorrow", "ahead", flag_value=1, type=int, help="Tomorrow's.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("dayzero-print"), show_default=True, metavar="DIR")
@ward_option
@store_option
def print_(
    what: str | None,
    site: Path | None,
    as_of: TypedTime | None,
    pdf: bool,
    chosen: tuple[str, ...],
    ahead: int | None,
    ward: str | None,
    out: Path,
    store: LedgerPlace | None,
) -> None:
    """Make the printed pages of a stored patient, or of a case file, ready for the printer.

    \b
    dayzero print CIML-017 --pdf
    dayzero print CIML-017.toml --site our-site.toml --pdf --page sheets
    dayzero print --today --pdf ward.pdf

    --pdf needs Chromium, Chrome or Edge on this computer.
    """
    when = now()
    if ahead is not None:
        if chosen or site is not None or as_of is not None:
            raise click.UsageError("--page, --site and --as-of go with one patient.")
        _print_ward(store, ward, when, ahead, Path(what) if what else None, pdf=pdf)
        return
    if what is None:
        raise click.UsageError("Name a patient's code or case file; or give --today for the whole ward.")
    if what.lower().endswith(".toml"):
        inputs = open_case(Path(what), site)
        plan: Plan = make_plan(inputs, as_of_in(inputs.site, as_of, when))
        written = _write(plan, when, chosen or PRINTED, out, pdf=pdf)
    elif site is not None or as_of is not None:
        raise click.UsageError("--site and --as-of go with a case file.")
    else:
        with opened(store_path(store)) as ledger:
            row = revision_of(ledger, what, None)
            plan = shown_plan(ledger, row)
            written = _write(plan, row.act.at, chosen or PRINTED, out, pdf=pdf)
    click.echo(
        f"{plan.case.code}, revision {plan.revision}, {zero_in_hand(plan)} {day_zero_of(plan)}: "
        f"{plural(len(written), 'files')} in {out}"
    )
    if said := banner(plan):
        click.echo(said)
    for path in written:
        click.echo(f"  {out / path.name}")
    if not pdf:
        click.echo("Open them in a browser and print, A4 or Letter, at 100 %.")


def _print_ward(
    store: LedgerPlace | None, ward: str | None, when: datetime, ahead: int, file: Path | None, *, pdf: bool
) -> None:
    """Write the sheets of the whole ward into one file. NotDone if it cannot be written."""
    with opened(store_path(store)) as ledger:
        found = ward_sheets(ledger, when, codes=codes_named(ledger, ward), ahead=ahead)
    if not found:
        click.echo("Nobody has a sheet on that day: nothing is planned.")
        return
    day = found[0].sheet.of_day
    file = file or Path(f"ward-{day.isoformat()}.{'pdf' if pdf else 'html'}")
    with tempfile.TemporaryDirectory() as aside:
        html = Path(aside) / "ward.html"
        html.write_text(ward_page(found, ward_title(day)), encoding="utf-8")
        try:
            shutil.move(to_pdf(html) if pdf else html, file)
        except OSError as error:
            raise NotDone(FileNotWritten(path=str(file), cause=str(error.strerror))) from error
    pages = sum(len(one.sheet.pages) + one.empty_side for one in found)
    click.echo(f"{ward_title(day)}: {plural(len(found), 'sheets')}, {plural(pages, 'pages')}: {file}")
    click.echo("Print it on both sides: each patient begins on a new sheet of paper.")


def _write(plan: Plan, when: datetime, wanted: tuple[str, ...], out: Path, *, pdf: bool) -> list[Path]:
    """Write the pages of those names into a folder. NotDone if they cannot be made or written; then none is there."""
    made = pages(plan, when)
    with tempfile.TemporaryDirectory() as aside:
        written = []
        for page in wanted:
            html = Path(aside) / f"{plan.case.code}-{page}.html"
            html.write_text(made[f"{page}.html"], encoding="utf-8")
            written.append(to_pdf(html) if pdf else html)
        try:
            out.mkdir(parents=True, exist_ok=True)
            for path in written:
                shutil.move(path, out / path.name)
        except OSError as error:
            raise NotDone(FileNotWritten(path=str(out), cause=str(error.strerror))) from error
    return written
