"""cohort: a whole list of patients, on all cores; one bad row never stops the others. cases: the list itself, as CSV or JSON."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from pathlib import Path

import click

from schedule.commands.acts import store_option, store_path
from schedule.commands.common import as_of_option, now, site_option
from schedule.files.case_file import protocol_named_in, read_case, read_case_tables
from schedule.files.patient_list import (
    Listed,
    Tables,
    as_tables,
    columns_of,
    read_csv,
    read_json,
    tables_of_case,
    write_csv,
    write_json,
)
from schedule.files.table import tables_of
from schedule.ledger.sqlite import Store
from schedule.model.errors import DayzeroError, InputError, Mistake, NotDone
from schedule.model.notation import plural
from schedule.model.protocol import Protocol
from schedule.model.text import sha256
from schedule.service.export import write_revision
from schedule.service.inputs import Inputs, open_protocol, open_site, protocol_path, read_file, site_time
from schedule.service.revisions import inputs_of, newest, state_of

CHUNK = 50


@dataclass(frozen=True, slots=True)
class Job:
    """One patient to be planned: one of a CSV or JSON list, or a case file (`listed` is None)."""

    name: str
    path: Path
    listed: Listed | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What all patients of a run share."""

    site: Path | None
    out: Path
    as_of: datetime | None
    when: datetime
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Result:
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
    ctx: click.Context, cases: Path, site: Path | None, out: Path, as_of: datetime | None, workers: int | None
) -> None:
    """Plan every patient of a CSV or JSON file, or of a folder of case files.

    \b
    dayzero cohort patients.csv --site our-site.toml --out plans
    dayzero cohort cases/ --site our-site.toml --out plans

    CSV columns are the case file's keys, without their table's name; several dates in a cell are parted by ";".
    “dayzero cases” turns one form into another.
    Ends with 2 if a row could not be read, 3 if one could not be written, else with 1 if a rule is violated for somebody.
    """
    jobs, twice = _without_doubles(jobs_of(cases))
    if not jobs:
        raise _nobody(cases)
    settings = Settings(site, out, as_of, now(), _columns(jobs))
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


def _nobody(cases: Path) -> InputError:
    remedy = "name a CSV file, a JSON file or a folder of .toml files"
    return InputError(Mistake(place=str(cases), message="there is no patient in it", remedy=remedy))


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
    if job.listed is not None:
        return job.listed.code
    try:
        code = tables_of(read_file(job.path), job.name).get("code")
        return code if isinstance(code, str) else None
    except InputError:
        return None


def jobs_of(cases: Path) -> Iterator[Job]:
    """The patients of a CSV or JSON list, of a folder of case files, or of one case file."""
    if cases.suffix.lower() == ".toml":
        yield Job(cases.name, cases, None)
        return
    if cases.is_dir():
        for path in sorted(cases.glob("*.toml")):
            yield Job(path.name, path, None)
        return
    try:
        with cases.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        mistake = Mistake(place=str(cases), message=f"cannot be read ({error})", remedy="save it as CSV, UTF-8")
        raise InputError(mistake) from error
    read = read_json if cases.suffix.lower() == ".json" else read_csv
    for listed in read(text, cases.name):
        yield Job(listed.name, cases, listed)


def _columns(jobs: Iterable[Job]) -> frozenset[str]:
    """The columns of every trial that the list names: a row leaves those of another trial empty."""
    found: set[str] = set()
    for named, folder in {(job.listed.protocol, job.path.parent) for job in jobs if job.listed and job.listed.cells}:
        try:
            found.update(columns_of(open_protocol(protocol_path(named, folder))))
        except DayzeroError:
            continue  # reported for each of its rows
    return frozenset(found)


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


def named_by(job: Job) -> str:
    """The protocol that a patient names, as written."""
    if job.listed is None:
        return protocol_named_in(read_file(job.path), job.name)
    job.listed.check_cells()
    return job.listed.protocol


def read_job(job: Job, protocol: Protocol, columns: Iterable[str] = ()) -> Tables:
    """A patient's tables as they are written; `columns` of other trials may be there and empty."""
    if job.listed is None:
        return tables_of(read_file(job.path), job.name)
    return job.listed.as_written(protocol, columns)


def _read(job: Job, columns: Iterable[str]) -> tuple[Protocol, Tables, str | None]:
    """A job's protocol, its tables, and the text of its case file where it has one."""
    protocol = open_protocol(protocol_path(named_by(job), job.path.parent))
    return protocol, read_job(job, protocol, columns), None if job.listed else read_file(job.path)


def _inputs(job: Job, settings: Settings) -> Inputs:
    protocol, data, text = _read(job, settings.columns)
    site = open_site(settings.site, protocol)
    if text is not None:
        return Inputs(protocol=protocol, site=site, case=read_case(text, job.name, protocol, site))
    case = read_case_tables(data, job.name, protocol, site, "")
    digest = sha256(json.dumps(as_tables(data, job.name, protocol), ensure_ascii=False, sort_keys=True))
    return Inputs(protocol=protocol, site=site, case=replace(case, sha256=digest))


# cases -----------------------------------------------------------------------------------------------------------------


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

    Every field of a case file is kept, and “dayzero cohort” reads both. A stored patient's records, slips and notes are no
    part of a case; “dayzero backup” keeps those. A file that is there already is never overwritten.
    """
    if out.suffix.lower() not in (".csv", ".json"):
        raise click.UsageError(f"--out {out}: name a file that ends in .csv or .json.")
    patients, protocols = _listed(cases, out) if cases is not None else _stored(store_path(store))
    text = write_csv(patients, protocols) if out.suffix.lower() == ".csv" else write_json(patients)
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError as error:
        raise NotDone(f"{out}: there is one already. Name another --out, or move that one away.") from error
    except OSError as error:
        raise NotDone(f"{out}: could not be written ({error.strerror}).") from error
    click.echo(f"Wrote {plural(len(patients), 'patients')} to {out}.")


def _listed(cases: Path, out: Path) -> tuple[list[Tables], list[Protocol]]:
    """The patients of a list or a folder, and their trials. InputError with every mistake in all of them."""
    jobs, twice = _without_doubles(jobs_of(cases))
    if not jobs:
        raise _nobody(cases)
    columns = _columns(jobs)
    patients, protocols = [], []
    mistakes = [
        Mistake(
            place=result.name,
            message=(result.refused or "").removeprefix(f"{result.name}: "),
            remedy="keep one of them",
        )
        for result in twice
    ]
    for job in jobs:
        try:
            protocol, data, _ = _read(job, columns)
            tables = as_tables(data, job.name, protocol)
        except InputError as error:
            mistakes += (
                mistake
                if mistake.place.startswith(job.name)
                else replace(mistake, place=f"{job.name}, {mistake.place}")
                for mistake in error.mistakes
            )
            continue
        patients.append({**tables, "protocol": _seen_from(out, job.path.parent, tables["protocol"])})
        protocols.append(protocol)
    if mistakes:
        raise InputError(*mistakes)
    return patients, protocols


def _seen_from(out: Path, folder: Path, named: str) -> str:
    """A protocol as the new list has to name it: a path leads on from the list's own folder."""
    if not named.lower().endswith(".toml") or out.parent.resolve() == folder.resolve():
        return named
    return Path(os.path.relpath((folder / named).resolve(), out.parent.resolve())).as_posix()


def _stored(path: Path) -> tuple[list[Tables], list[Protocol]]:
    """Every stored patient as the ledger now knows them, and their trials."""
    patients, protocols = [], []
    with Store(path) as ledger:
        for code in ledger.codes():
            state = state_of(newest(ledger, code))
            planned = state.standing.planned
            case = replace(state.case, planned_day_zero=planned.on, planned_moment=planned.at)
            protocols.append(inputs_of(ledger, state.protocol, state.site)[0])
            patients.append(tables_of_case(case, protocols[-1]))
    if not patients:
        raise InputError(
            Mistake(
                place=str(path), message="no patient is stored", remedy="name a list or a folder: dayzero cases CASES"
            )
        )
    return patients, protocols
