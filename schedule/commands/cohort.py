"""cohort: a whole list of patients, on all cores; one bad row never stops the others."""

import csv
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import click

from schedule.commands.common import as_of_option, now, site_option
from schedule.errors import DayzeroError, InputError, Mistake
from schedule.reading_case import protocol_named_in, read_case, read_case_tables, tables_of_row
from schedule.service import Inputs, open_protocol, open_site, protocol_path, read_file, site_time, write_revision
from schedule.shape import sha256, tables_of

CHUNK = 50


@dataclass(frozen=True, slots=True)
class Job:
    """One patient to be planned: a row of a CSV file, or a case file (`row` is None)."""

    name: str
    path: Path
    row: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What all patients of a run share."""

    site: Path | None
    out: Path
    as_of: datetime | None
    when: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job: a refusal in words, or whether a rule is violated and something was saved."""

    name: str
    refused: str | None
    exit_code: int = 0
    violated: bool = False
    saved: bool = False


@click.command()
@click.argument("cases", type=click.Path(path_type=Path), metavar="CASES.csv|DIR")
@site_option
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where the patients' folders go."
)
@as_of_option
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes. Default: one for each core.")
@click.pass_context
def cohort(
    ctx: click.Context, cases: Path, site: Path | None, out: Path, as_of: datetime | None, workers: int | None
) -> None:
    """Plan every patient of a CSV file or of a folder of case files.

    \b
    dayzero cohort patients.csv --site our-site.toml --out plans
    dayzero cohort cases/ --site our-site.toml --out plans

    CSV columns are the case file's keys, without their table's name; several dates in a cell are parted by ";".
    Ends with 2 if a row could not be read, 3 if one could not be written, else with 1 if a rule is violated for somebody.
    """
    jobs, twice = _without_doubles(_jobs(cases))
    if not jobs:
        raise InputError(
            Mistake(
                place=str(cases),
                message="there is no patient in it",
                remedy="name a CSV file or a folder of .toml files",
            )
        )
    settings = Settings(site, out, as_of, now())
    if site is not None:
        read_file(site)
    results = list(twice)
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


def _without_doubles(jobs: Iterable[Job]) -> tuple[list[Job], list[Result]]:
    """The jobs, without those whose study code was there before: two plans for one patient must never be."""
    found: list[Job] = []
    twice: list[Result] = []
    seen: dict[str, str] = {}
    for job in jobs:
        code = _code(job)
        if code in seen:
            twice.append(Result(job.name, f"{job.name}: the study code {code} is in {seen[code]} already", 2))
            continue
        if code:
            seen[code] = job.name
        found.append(job)
    return found, twice


def _code(job: Job) -> str | None:
    """A job's study code; None where it cannot be read, which is reported when the job is done."""
    if job.row is not None:
        return (job.row.get("code") or "").strip() or None
    try:
        code = tables_of(read_file(job.path), job.name).get("code")
        return code if isinstance(code, str) else None
    except InputError:
        return None


def _jobs(cases: Path) -> Iterator[Job]:
    if cases.is_dir():
        for path in sorted(cases.glob("*.toml")):
            yield Job(path.name, path, None)
        return
    try:
        with cases.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if reader.fieldnames and len(reader.fieldnames) == 1 and re.search(r"[;\t]", reader.fieldnames[0]):
                mistake = Mistake(
                    place=cases.name, message="the cells are not parted by commas",
                    remedy="save it as “CSV (comma delimited)”; several dates in a cell are parted by ;",
                )  # fmt: skip
                raise InputError(mistake)
            if reader.fieldnames is None or "code" not in reader.fieldnames:
                mistake = Mistake(
                    place=cases.name, message='there is no column "code"',
                    remedy="the first row names the columns: code,protocol,planned-day-zero,transplant,…",
                )  # fmt: skip
                raise InputError(mistake)
            twice = sorted({name for name in reader.fieldnames if reader.fieldnames.count(name) > 1})
            if twice:
                mistake = Mistake(
                    place=cases.name, message=f'the column "{twice[0]}" is there twice', remedy="keep one of them"
                )
                raise InputError(mistake)
            for row in reader:
                if not any(cell for cell in row.values()):
                    continue  # Excel leaves rows of empty cells at the end
                yield Job(f"{cases.name}, line {reader.line_num}", cases, {str(key): cell for key, cell in row.items()})
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        mistake = Mistake(place=str(cases), message=f"cannot be read ({error})", remedy="save it as CSV, UTF-8")
        raise InputError(mistake) from error


def _run(jobs: list[Job], settings: Settings) -> list[Result]:
    return [_plan(job, settings) for job in jobs]


def _plan(job: Job, settings: Settings) -> Result:
    try:
        inputs = _inputs(job, settings)
        as_of = settings.as_of or site_time(settings.when, inputs.site)
        written = write_revision(inputs, as_of, settings.when, settings.out)
    except DayzeroError as error:
        words = "; ".join(str(error).splitlines())
        place = "" if words.startswith(job.name) else f"{job.name}: "
        return Result(job.name, f"{place}{words}", error.exit_code)
    except Exception as error:  # one patient's defect must not stop the others; it is told, and ends the run with 70
        return Result(job.name, f"{job.name}: a defect in Dayzero ({type(error).__name__}: {error})", 70)
    return Result(inputs.case.code, None, violated=bool(written.plan.violated), saved=written.saved)


def _inputs(job: Job, settings: Settings) -> Inputs:
    if job.row is None:
        text = read_file(job.path)
        named = protocol_named_in(text, job.name)
    else:
        if "None" in job.row or None in job.row.values():
            raise InputError(
                Mistake(place=job.name, message="the row has more or fewer cells than the first row", remedy="mend it")
            )
        named = job.row.get("protocol", "").strip()
    protocol = open_protocol(protocol_path(named, job.path.parent))
    site = open_site(settings.site, protocol)
    if job.row is None:
        return Inputs(protocol=protocol, site=site, case=read_case(text, job.name, protocol, site))
    data: dict[str, Any] = tables_of_row(job.row, job.name, protocol, named)
    digest = sha256(json.dumps(data, ensure_ascii=False, sort_keys=True))
    return Inputs(protocol=protocol, site=site, case=read_case_tables(data, job.name, protocol, site, digest))
