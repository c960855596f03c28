"""cohort: a whole list of patients, on all cores; one bad row never stops the others. cases: the list itself, as CSV or
JSON."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import repeat
from pathlib import Path

import click
from msgspec import Struct

from schedule.commands.acting import store_option, store_path
from schedule.commands.common import as_of_option, now, site_option
from schedule.commands.typed import as_of_in
from schedule.model.errors import DayzeroError, InputError
from schedule.model.notation import plural
from schedule.model.typed import TypedTime
from schedule.service.export import write_revision
from schedule.service.inputs import read_file
from schedule.service.patients import Job, columns_named, different_patients, write_list
from schedule.words.failures import error_in_words

CHUNK = 50


class CohortSettings(Struct, frozen=True):
    """What all patients of a run share."""

    site: Path | None
    out: Path
    as_of: TypedTime | None
    when: datetime
    columns: frozenset[str]


class CohortResult(Struct, frozen=True):
    """What became of a job: a refusal in words, or whether a rule is violated and something was saved."""

    name: str
    refused: str | None
    exit_code: int = 0
    violated: bool = False
    saved: bool = False


@click.command()
@click.argument("cases", type=click.Path(path_type=Path), metavar="CASES.csv|CASES.json|DIR")
@site_option
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where the patients' folders go."
)
@as_of_option
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes. Default: one for each core.")
@click.pass_context
def cohort(
    ctx: click.Context, cases: Path, site: Path | None, out: Path, as_of: TypedTime | None, workers: int | None
) -> None:
    """Plan every patient of a CSV or JSON file, or of a folder of case files.

    \b
    dayzero cohort patients.csv --site our-site.toml --out plans
    dayzero cohort cases/ --site our-site.toml --out plans

    CSV columns are the case file's keys, without their table's name; several dates in a cell are parted by ";".
    “dayzero cases” turns one form into another. Ends with 2 if a row could not be read, 3 if one could not be written,
    else with 1 if a rule is violated for somebody."""
    jobs, twice = different_patients(cases)
    settings = CohortSettings(site, out, as_of, now(), columns_named(jobs))
    if site is not None:
        read_file(site)
    results = [CohortResult(one.job.name, f"{one.mistake.place}: {one.mistake.message}", 2) for one in twice]
    chunks = [jobs[n : n + CHUNK] for n in range(0, len(jobs), CHUNK)]
    count = min(workers or os.cpu_count() or 1, len(chunks) or 1)
    with click.progressbar(length=len(jobs), label="Planning", file=sys.stderr) as bar:
        if count == 1:
            for chunk in chunks:
                results += _run(chunk, settings)
                bar.update(len(chunk))
        else:
            with ProcessPoolExecutor(count) as pool:
                for found in pool.map(_run, chunks, repeat(settings)):
                    results += found
                    bar.update(len(found))
    refused = [result for result in results if result.refused is not None]
    violated = [result.name for result in results if result.violated]
    saved = sum(result.saved for result in results)
    same = len(results) - saved - len(refused)
    click.echo(f"Planned {saved} of {len(results)} patients into {out}; {same} unchanged, {len(refused)} not planned.")
    if violated:
        click.echo(f"NOT ALLOWED AS PLANNED: {', '.join(violated)}")
    for result in refused:
        click.echo(f"Not planned: {result.refused}", err=True)
    ctx.exit(max((result.exit_code for result in refused), default=1 if violated else 0))


def _run(jobs: list[Job], settings: CohortSettings) -> list[CohortResult]:
    return [_plan(job, settings) for job in jobs]


def _plan(job: Job, settings: CohortSettings) -> CohortResult:
    try:
        inputs = job.inputs(settings.site, settings.columns)
        as_of = as_of_in(inputs.site, settings.as_of, settings.when)
        written = write_revision(inputs, as_of, settings.when, settings.out)
    except DayzeroError as error:
        words = "; ".join(error_in_words(error, "terminal").splitlines())
        named = isinstance(error, InputError) and error.mistakes[0].place.file == job.name
        place = "" if named else f"{job.name}: "
        return CohortResult(job.name, f"{place}{words}", error.exit_code)
    except Exception as error:  # one patient's defect must not stop the others; it is told, and ends the run with 70
        return CohortResult(job.name, f"{job.name}: a defect in Dayzero ({type(error).__name__}: {error})", 70)
    return CohortResult(inputs.case.code, None, violated=bool(written.plan.violated), saved=written.saved)


# cases ---------------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("cases", type=click.Path(path_type=Path), metavar="[CASES]", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.csv|FILE.json",
    help="The list to be written.",
)
@store_option
def cases(cases: Path | None, out: Path, store: Path | None) -> None:
    """Write patients as one list, CSV or JSON: from a list, a folder of case files or, if none is named, the ledger.

    \b
    dayzero cases cases/ --out patients.csv
    dayzero cases patients.csv --out patients.json
    dayzero cases --out backup.json

    Every field of a case file is kept, and “dayzero cohort” reads both. A stored patient's records, slips and notes are
    no part of a case; “dayzero backup” keeps those. A file that is there already is never overwritten."""
    if out.suffix.lower() not in (".csv", ".json"):
        raise click.UsageError(f"--out {out}: name a file that ends in .csv or .json.")
    count = write_list(out, cases, store_path(store))
    click.echo(f"Wrote {plural(count, 'patients')} to {out}.")
