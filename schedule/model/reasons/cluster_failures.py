"""Why patients could not be handed to other processes, on this computer or on a cluster. `cause` is what the network or
Dask says of it."""

from schedule.model.reasons import Reason
from schedule.model.reasons.deliveries import ExtraMissing


class CertificatesMissing(Reason, frozen=True, kw_only=True):
    """Dask's configuration names no certificates with which the scheduler could be talked to."""


class SchedulerUnreachable(Reason, frozen=True, kw_only=True):
    """Nobody answers at the address as a scheduler does."""

    address: str
    cause: str


class SchedulerInTheOpen(Reason, frozen=True, kw_only=True):
    """The scheduler or one of its workers can be reached from other computers, without encryption; `address` is its
    own."""

    address: str


class NoWorkers(Reason, frozen=True, kw_only=True):
    """The scheduler has no workers, or has none any more."""

    address: str


class SchedulerLost(Reason, frozen=True, kw_only=True):
    """The scheduler no longer answers."""

    address: str


class ProcessEnded(Reason, frozen=True, kw_only=True):
    """A process of this computer was ended from outside."""


class SetupDifference(Reason, frozen=True, kw_only=True):
    """What of a worker is other than here: `files` are Dayzero's own, `hours` how the clocks of the site's zone change,
    else it is a program and its versions. Empty where there is none."""

    what: str
    there: str
    here: str


class AnotherSetup(Reason, frozen=True, kw_only=True):
    """A worker that would not write the same files; no `differences` where Dayzero is not there, or too different to
    say more than the `cause`."""

    worker: str
    differences: tuple[SetupDifference, ...] = ()
    cause: str = ""


class OtherSetups(Reason, frozen=True, kw_only=True):
    """These workers would not write the same files."""

    workers: tuple[AnotherSetup, ...]


class WorkerDied(Reason, frozen=True, kw_only=True):
    """Every worker that had this patient has died of it, or has failed before it began."""

    cause: str


ClusterFailure = (
    ExtraMissing | CertificatesMissing | SchedulerUnreachable | SchedulerInTheOpen | NoWorkers | SchedulerLost
    | ProcessEnded | OtherSetups | WorkerDied
)  # fmt: skip
