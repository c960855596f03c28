"""What becomes of one patient of a cohort: planned and written here, or planned by a worker elsewhere, who reads and
writes no file, and written by whoever asked."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

from msgspec import Struct

from schedule.commands.typed import as_of_in
from schedule.model.errors import DayzeroError, InputError, NotDone
from schedule.model.plan import Plan
from schedule.model.typed import TypedTime
from schedule.output import folder
from schedule.service.export import next_revision, write_revision
from schedule.service.inputs import Inputs, NamedText
from schedule.service.patients import PatientTexts
from schedule.words.failures import error_in_words

if TYPE_CHECKING:
    from schedule.service.cluster import Cluster

Found = TypeVar("Found")


class CohortSettings(Struct, frozen=True, kw_only=True):
    """What all patients of a run share."""

    site: NamedText | None
    as_of: TypedTime | None
    when: datetime
    columns: frozenset[str]

    def inputs(self, patient: PatientTexts) -> tuple[Inputs, datetime]:
        """A patient ready to be planned, and as of when. InputError with what is wrong."""
        inputs = patient.inputs(self.site, self.columns)
        return inputs, as_of_in(inputs.site, self.as_of, self.when)


class CohortResult(Struct, frozen=True):
    """What became of a patient: a refusal in words, or whether a rule is violated and something was saved."""

    name: str
    refused: str | None
    exit_code: int = 0
    violated: bool = False
    saved: bool = False


class CohortTask(Struct, frozen=True, kw_only=True):
    """One patient for a worker elsewhere: every text, and what the newest folder that is there already says."""

    patient: PatientTexts
    settings: CohortSettings
    before: folder.Manifest | None


class SentBack(Struct, frozen=True, kw_only=True):
    """What a worker elsewhere has made: what is to be written, if it is not there already."""

    result: CohortResult
    manifest: folder.Manifest
    files: Mapping[str, bytes] | None


def attempt(name: str, work: Callable[[], Found]) -> Found | CohortResult:
    """What `work` gives, or the refusal of the patient whom a list calls `name`."""
    try:
        return work()
    except DayzeroError as error:
        words = "; ".join(error_in_words(error, "terminal").splitlines())
        named = isinstance(error, InputError) and error.mistakes[0].place.file == name
        place = "" if named else f"{name}: "
        return CohortResult(name, f"{place}{words}", error.exit_code)
    except Exception as error:  # one patient's defect must not stop the others; it is told, and ends the run with 70
        return CohortResult(name, f"{name}: a defect in Dayzero ({type(error).__name__}: {error})", 70)


def write_here(patients: list[PatientTexts], settings: CohortSettings, out: Path) -> list[CohortResult]:
    """Plan these patients and write their folders."""

    def write(patient: PatientTexts) -> CohortResult:
        inputs, as_of = settings.inputs(patient)
        written = write_revision(inputs, as_of, settings.when, out)
        return _planned(written.plan, saved=written.saved)

    return [attempt(patient.name, partial(write, patient)) for patient in patients]


def _planned(plan: Plan, *, saved: bool) -> CohortResult:
    return CohortResult(plan.case.code, None, violated=bool(plan.violated), saved=saved)


def plan_elsewhere(task: CohortTask) -> SentBack | CohortResult:
    """Plan a patient, and give the files."""

    def plan() -> SentBack:
        inputs, as_of = task.settings.inputs(task.patient)
        made = next_revision(inputs, as_of, task.settings.when, task.before)
        result = _planned(made.plan, saved=made.files is not None)
        return SentBack(result=result, manifest=made.manifest, files=made.files)

    return attempt(task.patient.name, plan)


def write_from_elsewhere(
    cluster: "Cluster", patients: Mapping[int, PatientTexts], settings: CohortSettings, out: Path
) -> Iterator[tuple[int, CohortResult]]:
    """Let a cluster's workers plan these patients, and write each folder as it comes. NotDone if the cluster is lost:
    what is written stays."""
    refused = []

    def tasks() -> Iterator[tuple[int, CohortTask]]:
        for number, patient in patients.items():
            before = attempt(patient.name, partial(patient.newest_under, out))
            if isinstance(before, CohortResult):
                refused.append((number, before))
            else:
                yield number, CohortTask(patient=patient, settings=settings, before=before)

    for number, given in cluster.each(plan_elsewhere, tasks()):
        yield number, attempt(patients[number].name, partial(_write, given, out))
    yield from refused


def _write(given: SentBack | CohortResult | NotDone, out: Path) -> CohortResult:
    match given:
        case NotDone():
            raise given
        case CohortResult():
            return given
        case SentBack():
            if given.files is not None:
                folder.write(out / given.result.name, given.manifest, given.files)
            return given.result
        case _:
            assert_never(given)
