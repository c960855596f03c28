"""print: the sheets as PDF, through a browser that is installed; printing is the browser's job."""

import os
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

import click

from schedule.commands.acts import store_option, store_path
from schedule.commands.common import as_of_option, now, site_option
from schedule.days import plural
from schedule.errors import NotDone
from schedule.ledger import revision_of, shown_plan
from schedule.plan import Plan
from schedule.render import pages
from schedule.service import make_plan, open_case, site_time
from schedule.store import Store

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    "/opt/microsoft/msedge/msedge",
)
OWN_PLACES = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
"""Under %LOCALAPPDATA%, where somebody who is no administrator has installed one."""
PAGES = ("sheets", "go", "overview", "deadlines", "patient")
SECONDS = 120


def browser() -> str | None:
    """An installed Chromium, Chrome or Edge, or None."""
    found = (shutil.which(name) for name in NAMES)
    own = os.environ.get("LOCALAPPDATA")
    places = (*PLACES, *(f"{own}\\{place}" for place in OWN_PLACES)) if own else PLACES
    return next((path for path in found if path), None) or next((path for path in places if Path(path).is_file()), None)


@click.command("print")
@click.argument("what", metavar="CODE|CASE.toml")
@site_option
@as_of_option
@click.option(
    "--pdf", is_flag=True, help="Write PDF files; without it the pages are left as HTML to be printed by hand."
)
@click.option(
    "--page",
    "chosen",
    type=click.Choice(PAGES),
    multiple=True,
    help="Only this page; may be given again. Default: all.",
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("dayzero-print"), show_default=True, metavar="DIR")
@store_option
def print_(
    what: str,
    site: Path | None,
    as_of: datetime | None,
    pdf: bool,
    chosen: tuple[str, ...],
    out: Path,
    store: Path | None,
) -> None:
    """Make the printed pages of a stored patient, or of a case file, ready for the printer.

    \b
    dayzero print CIML-017 --pdf
    dayzero print CIML-017.toml --site our-site.toml --pdf --page sheets

    --pdf needs Chromium, Chrome or Edge on this computer.
    """
    when = now()
    if what.lower().endswith(".toml"):
        inputs = open_case(Path(what), site)
        plan: Plan = make_plan(inputs, as_of or site_time(when, inputs.site))
    elif site is not None or as_of is not None:
        raise click.UsageError("--site and --as-of go with a case file.")
    else:
        with Store(store_path(store)) as ledger:
            row = revision_of(ledger, what, None)
            plan, when = shown_plan(ledger, row), row.act.at
    wanted = chosen or PAGES
    made = pages(plan, when)
    with tempfile.TemporaryDirectory() as aside:
        written = []
        for page in wanted:
            html = Path(aside) / f"{plan.case.code}-{page}.html"
            html.write_text(made[f"{page}.html"], encoding="utf-8")
            written.append(_to_pdf(html) if pdf else html)
        try:
            out.mkdir(parents=True, exist_ok=True)
            for path in written:
                shutil.move(path, out / path.name)
        except OSError as error:
            raise NotDone(f"{out}: could not be written ({error.strerror}).") from error
    click.echo(
        f"{plan.case.code}, revision {plan.revision}, {plan.protocol.zero} {plan.day_zero_in_words}: {plural(len(written), 'files')} in {out}"
    )
    if plan.banner:
        click.echo(plan.banner)
    for path in written:
        click.echo(f"  {out / path.name}")
    if not pdf:
        click.echo("Open them in a browser and print, A4 or Letter, at 100 %.")


def _to_pdf(html: Path) -> Path:
    program = browser()
    if program is None:
        raise NotDone(
            "No Chromium, Chrome or Edge was found on this computer. Install one, or leave --pdf out and print the pages "
            "from any browser."
        )
    pdf = html.with_suffix(".pdf")
    command = [
        program, "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--no-pdf-header-footer", f"--user-data-dir={html.parent / 'browser'}", f"--print-to-pdf={pdf}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium refuses to run as root with its sandbox
    try:
        done = subprocess.run([*command, html.as_uri()], capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDone(f"{program} could not print ({error}).") from error
    if done.returncode != 0 or not pdf.is_file():
        raise NotDone(f"{program} could not print (it ended with {done.returncode}).")
    return pdf
