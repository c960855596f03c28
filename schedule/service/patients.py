"""Patients as they are listed: in a CSV or JSON list, a folder of case files, or the ledger; and a list of them
written."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from schedule.files.case_file import protocol_named_in, read_case, read_case_tables, why_no_code
from schedule.files.mistakes import listed_twice, nobody_listed, not_utf_8, unreadable
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
from schedule.ledger.opening import open_store
from schedule.model.case import NO_SITE, Case, Site
from schedule.model.errors import DayzeroError, InputError, Mistake, NotDone, NotThere, Where
from schedule.model.protocol import Protocol
from schedule.model.reasons.absences import NobodyStored
from schedule.model.reasons.file_failures import FileNotWritten, FileThere
from schedule.model.text import sha256
from schedule.output import folder
from schedule.service.inputs import (
    Inputs,
    NamedText,
    named_text,
    open_protocol,
    protocol_of,
    protocol_path,
    read_file,
    read_tables,
    site_of,
)
from schedule.service.place import LedgerPlace
from schedule.service.revisions import inputs_of, newest


class Job(Struct, frozen=True):
    """One patient to be planned: one of a CSV or JSON list, or a case file (`listed` is None)."""

    name: str
    path: Path
    listed: Listed | None

    @property
    def code(self) -> str | None:
        """The study code; None where it cannot be read, which is reported when the job is done."""
        if self.listed is not None:
            return self.listed.code
        try:
            code = read_tables(self.path).get("code")
        except InputError:
            return None
        return code if isinstance(code, str) else None

    @property
    def protocol_named(self) -> str:
        """The protocol that the patient names, as written. InputError where that cannot be read."""
        if self.listed is None:
            return protocol_named_in(read_file(self.path), self.name)
        self.listed.check_cells()
        return self.listed.protocol

    @property
    def protocol(self) -> Protocol:
        """The protocol that the patient names."""
        return open_protocol(protocol_path(self.protocol_named, self.path.parent))

    def tables(self, protocol: Protocol, columns: Iterable[str] = ()) -> Tables:
        """The patient's tables as they are written; `columns` of other trials may be there and empty."""
        return read_tables(self.path) if self.listed is None else self.listed.as_written(protocol, columns)

    def case(self, tables: Tables, protocol: Protocol, site: Site) -> Case:
        """The patient's case, from its tables, for a protocol that may be another than the one it names. It has no
        hash."""
        return read_case_tables(tables, self.name, protocol, site, "")

    def with_texts(self) -> "PatientTexts":
        """The patient with the texts that the plan is made from. InputError where they cannot be had."""
        written: Listed | str
        if self.listed is None:
            written = read_file(self.path)
            named = protocol_named_in(written, self.name)
        else:
            written, named = self.listed, self.protocol_named
        protocol = named_text(protocol_path(named, self.path.parent))
        return PatientTexts(name=self.name, code=self.code, protocol=protocol, written=written)


class PatientTexts(Struct, frozen=True, kw_only=True):
    """One patient with the texts that the plan is made from, but for the site's: who has it reads no file."""

    name: str
    code: str | None
    protocol: NamedText
    written: Listed | str

    def inputs(self, site_text: NamedText | None, columns: Iterable[str]) -> Inputs:
        """The patient with the protocol and the site, ready to be planned. InputError with every mistake in the first
        bad text."""
        protocol = protocol_of(self.protocol.text, self.protocol.name)
        site = NO_SITE if site_text is None else site_of(site_text.text, site_text.name, protocol)
        if isinstance(self.written, str):
            case = read_case(self.written, self.name, protocol, site)
            return Inputs(protocol=protocol, site=site, case=case)
        data = self.written.as_written(protocol, columns)
        case = read_case_tables(data, self.name, protocol, site, "")
        digest = sha256(json.dumps(as_tables(data, self.name, protocol), ensure_ascii=False, sort_keys=True))
        return Inputs(protocol=protocol, site=site, case=replace(case, sha256=digest))

    def newest_under(self, out: Path) -> folder.Manifest | None:
        """The patient's newest revision under a folder, or None. NotDone if it cannot be read."""
        return None if self.code is None or why_no_code(self.code) else folder.latest(out / self.code)


class Twice(Struct, frozen=True):
    """A job whose study code an earlier one has: two plans for one patient must never be."""

    job: Job
    code: str
    earlier: str

    @property
    def mistake(self) -> Mistake:
        return listed_twice(self.job.name, self.code, self.earlier)


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
        text = cases.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(unreadable(str(cases), str(error.strerror))) from error
    except UnicodeDecodeError as error:
        raise InputError(not_utf_8(str(cases), error.object[: error.start].count(b"\n") + 1)) from error
    read = read_json if cases.suffix.lower() == ".json" else read_csv
    for listed in read(text, cases.name):
        yield Job(listed.name, cases, listed)


def different_patients(cases: Path) -> tuple[list[Job], list[Twice]]:
    """The patients of a list or a folder, and apart those whose study code was there before. InputError if there is
    nobody."""
    found: list[Job] = []
    twice: list[Twice] = []
    seen: dict[str, str] = {}
    for job in jobs_of(cases):
        code = job.code
        if code is not None and code in seen:
            twice.append(Twice(job, code, seen[code]))
            continue
        if code:
            seen[code] = job.name
        found.append(job)
    if not found:
        raise InputError(nobody_listed(str(cases)))
    return found, twice


class Shard(Struct, frozen=True, kw_only=True):
    """One of `parts` parts of a list, counted from 1."""

    number: int
    parts: int

    def has(self, patient: Job | Twice) -> bool:
        """Whether the patient is in this part: by the study code alone, so that it is the same on every computer, in
        whatever order the list is, and whoever else is on it."""
        job = patient if isinstance(patient, Job) else patient.job
        return int(sha256(job.code or job.name), 16) % self.parts == self.number - 1


def columns_named(jobs: Iterable[Job]) -> frozenset[str]:
    """The columns of every trial that a list names: a row leaves those of another trial empty."""
    found: set[str] = set()
    for named, beside in {(job.listed.protocol, job.path.parent) for job in jobs if job.listed and job.listed.cells}:
        try:
            found.update(columns_of(open_protocol(protocol_path(named, beside))))
        except DayzeroError:
            continue  # reported for each of its rows
    return frozenset(found)


# A list written ------------------------------------------------------------------------------------------------------


def write_list(out: Path, cases: Path | None, ledger: LedgerPlace) -> int:
    """Write the patients of a list, of a folder or, if none is named, of the ledger into a new CSV or JSON file, and
    give their number. InputError with every mistake in all of them; NotDone if there is such a file already."""
    patients, protocols = _listed(cases, out) if cases is not None else _stored(ledger)
    text = write_csv(patients, protocols) if out.suffix.lower() == ".csv" else write_json(patients)
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError as error:
        raise NotDone(FileThere(path=str(out), out=True)) from error
    except OSError as error:
        raise NotDone(FileNotWritten(path=str(out), cause=str(error.strerror))) from error
    return len(patients)


def _listed(cases: Path, out: Path) -> tuple[list[Tables], list[Protocol]]:
    """The patients of a list or a folder, and their trials."""
    jobs, twice = different_patients(cases)
    columns = columns_named(jobs)
    patients, protocols = [], []
    mistakes = [one.mistake for one in twice]
    for job in jobs:
        try:
            protocol = job.protocol
            tables = as_tables(job.tables(protocol, columns), job.name, protocol)
        except InputError as error:
            mistakes += (
                mistake
                if mistake.place.file == job.name
                else replace(mistake, place=Where(file=f"{job.name}, {mistake.place.file}", path=mistake.place.path))
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


def _stored(place: LedgerPlace) -> tuple[list[Tables], list[Protocol]]:
    """Every stored patient as the ledger now knows them, and their trials."""
    patients, protocols = [], []
    with open_store(place) as ledger:
        for code in ledger.codes():
            state = newest(ledger, code).projection
            planned = state.standing.planned
            case = replace(state.case, planned_day_zero=planned.on, planned_moment=planned.at)
            protocols.append(inputs_of(ledger, state.protocol, state.site)[0])
            patients.append(tables_of_case(case, protocols[-1]))
    if not patients:
        raise NotThere(NobodyStored(path=str(place)))
    return patients, protocols
