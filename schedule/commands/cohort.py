"""cohort: a whole list of patients, on all cores; one bad row never stops the others. cases: the list itself, as CSV or
JSON."""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from schedule.commands.cohort_work import (
    CohortResult,
    CohortSettings,
    attempt,
    write_from_elsewhere,
    write_here,
)
from schedule.commands.common import as_of_option, now, site_option
from schedule.commands.options import store_option, store_path
from schedule.model.errors import NotDone
from schedule.model.notation import plural
from schedule.model.reasons.deliveries import ExtraMissing
from schedule.model.typed import TypedTime
from schedule.service.inputs import NamedText, named_text, zone_named_in
from schedule.service.patients import Job, PatientTexts, Shard, columns_named, different_patients, write_list
from schedule.service.place import LedgerPlace
from schedule.service.processes import on_all_cores
from schedule.words.failures import error_in_words

if TYPE_CHECKING:
    from schedule.service.cluster import Cluster

CHUNK = 50
"""How many patients a process of this computer takes at a time."""


class ShardTyped(click.ParamType["Shard"]):
    """`2/5`: the second of five parts."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        found = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", str(value), re.ASCII)
        if found is None or int(found[1]) > int(found[2]):
            self.fail(f"{value!r} is none. Write 2/5 for the second of five parts.", param, ctx)
        return Shard(number=int(found[1]), parts=int(found[2]))


class SchedulerAddress(click.ParamType[str]):
    """Where a Dask scheduler listens: tls://HOST:PORT, or tcp://HOST:PORT on this computer."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from schedule.service.mail_link import is_this_computer

        try:
            found = urlsplit(str(value))
            whole = found.scheme in ("tcp", "tls") and found.hostname and found.port and not found.path
        except ValueError:
            whole = False
        if not whole:
            self.fail(
                f"{value!r} is none. Write tls://HOST:PORT, or tcp://127.0.0.1:PORT on this computer.", param, ctx
            )
        if found.scheme == "tcp" and not is_this_computer(str(found.hostname)):
            self.fail(
                f"{value} is on another computer, and tcp:// is not encrypted: whoever reaches such a scheduler can "
                "run programs on its computers and read patients' dates. Start it and its workers with certificates, "
                "and write tls://.",
                param,
                ctx,
            )
        return str(value)


@click.command()
@click.argument("cases", type=click.Path(path_type=Path), metavar="CASES.csv|CASES.json|DIR")
@site_option
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where the patients' folders go."
)
@as_of_option
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes. Default: one for each core.")
@click.option(
    "--scheduler", type=SchedulerAddress(), metavar="tls://HOST:PORT", help="Let the workers of a Dask cluster plan."
)
@click.option("--shard", type=ShardTyped(), metavar="I/N", help="Plan the I-th of N parts of the list alone.")
@click.pass_context
def cohort(
    ctx: click.Context, cases: Path, site: Path | None, out: Path, as_of: TypedTime | None, workers: int | None,
    scheduler: str | None, shard: Shard | None,
) -> None:  # fmt: skip
    """Plan every patient of a CSV or JSON file, or of a folder of case files.

    \b
    dayzero cohort patients.csv --site our-site.toml --out plans
    dayzero cohort cases/ --site our-site.toml --out plans

    CSV columns are the case file's keys, without their table's name; several dates in a cell are parted by ";".
    “dayzero cases” turns one form into another. Ends with 2 if a row could not be read, 3 if one could not be written,
    else with 1 if a rule is violated for somebody."""
    if scheduler is not None and workers is not None:
        raise click.UsageError("--workers is for this computer alone; a cluster has its own.")
    jobs, twice = different_patients(cases)
    text = named_text(site) if site is not None else None
    settings = CohortSettings(site=text, as_of=as_of, when=now(), columns=columns_named(jobs))
    if shard is not None:
        jobs, twice = [job for job in jobs if shard.has(job)], [one for one in twice if shard.has(one)]
    found: dict[int, CohortResult] = {}
    stopped = None
    with ExitStack() as opened:
        cluster = opened.enter_context(_cluster(scheduler, text)) if scheduler is not None else None
        bar = opened.enter_context(click.progressbar(length=len(jobs), label="Planning", file=sys.stderr))
        try:
            for number, result in _planned_of(jobs, settings, out, workers, cluster):
                found[number] = result
                bar.update(1)
        except NotDone as error:
            stopped = error
    results = [CohortResult(one.job.name, f"{one.mistake.place}: {one.mistake.message}", 2) for one in twice]
    results += [found[number] for number in sorted(found)]
    click.echo(f"Shard {shard.number}/{shard.parts}. " if shard is not None else "", nl=False)
    code = _report(results, len(jobs) + len(twice), out)
    if stopped is not None:
        click.echo(error_in_words(stopped, "terminal"), err=True)
        code = max(code, stopped.exit_code)
    ctx.exit(code)


def _report(results: list[CohortResult], count: int, out: Path) -> int:
    """Say what became of everybody, and give the exit code."""
    refused = [result for result in results if result.refused is not None]
    violated = [result.name for result in results if result.violated]
    saved = sum(result.saved for result in results)
    same = len(results) - saved - len(refused)
    not_planned = count - saved - same
    click.echo(f"Planned {saved} of {count} patients into {out}; {same} unchanged, {not_planned} not planned.")
    if violated:
        click.echo(f"NOT ALLOWED AS PLANNED: {', '.join(violated)}")
    for result in refused:
        click.echo(f"Not planned: {result.refused}", err=True)
    return max((result.exit_code for result in refused), default=1 if violated else 0)


def _cluster(address: str, site: NamedText | None) -> "Cluster":
    try:
        from schedule.service.cluster import Cluster
    except ModuleNotFoundError as error:
        raise NotDone(ExtraMissing(extra="cluster")) from error
    return Cluster(address, zone_named_in(site) if site is not None else None)


def _planned_of(
    jobs: list[Job], settings: CohortSettings, out: Path, workers: int | None, cluster: "Cluster | None"
) -> Iterator[tuple[int, CohortResult]]:
    """The number of each patient, and what became of them, as they are done. NotDone if nobody is left to do it."""
    patients: dict[int, PatientTexts] = {}
    for number, job in enumerate(jobs):
        texts = attempt(job.name, job.with_texts)
        if isinstance(texts, CohortResult):
            yield number, texts
        else:
            patients[number] = texts
    if cluster is not None:
        yield from write_from_elsewhere(cluster, patients, settings, out)
        return
    numbers = list(patients)
    chunks = [numbers[n : n + CHUNK] for n in range(0, len(numbers), CHUNK)]
    tasks = [[patients[number] for number in chunk] for chunk in chunks]
    found = on_all_cores(partial(write_here, settings=settings, out=out), tasks, workers)
    for chunk, results in zip(chunks, found, strict=True):
        yield from zip(chunk, results, strict=True)


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
def cases(cases: Path | None, out: Path, store: LedgerPlace | None) -> None:
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
