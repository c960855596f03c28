"""Why a cohort was not planned by other processes, and what to do about it."""

from typing import assert_never

from schedule.model.reasons.cluster_failures import (
    AnotherSetup,
    CertificatesMissing,
    ClusterFailure,
    NoWorkers,
    OtherSetups,
    ProcessEnded,
    SchedulerInTheOpen,
    SchedulerLost,
    SchedulerUnreachable,
    SetupDifference,
    WorkerDied,
)
from schedule.model.reasons.deliveries import ExtraMissing
from schedule.words.publishing import fault_of_channel

AGAIN = "What is written stays; ask again, and the rest is planned."


def cluster_failure_in_words(failure: ClusterFailure) -> str:
    """Why it was not done, and what to do about it."""
    match failure:
        case ExtraMissing():
            return fault_of_channel(failure)
        case CertificatesMissing():
            return (
                "tls:// takes certificates. Name them in Dask's configuration: distributed.comm.tls.ca-file, "
                "client.cert and client.key. Nothing was planned."
            )
        case SchedulerUnreachable():
            return f"{failure.address}: no scheduler answers there ({failure.cause}). Nothing was planned."
        case SchedulerInTheOpen():
            return (
                f"{failure.address} can be reached from other computers without encryption, and whoever reaches it "
                "runs programs on all of them. Start it with --host 127.0.0.1, or with certificates and tls://. "
                "Nothing was planned."
            )
        case NoWorkers():
            start = f"Start some: dask worker {failure.address}"
            return f"{failure.address}: the scheduler has no workers. {start}. {AGAIN}"
        case SchedulerLost():
            return f"{failure.address}: the scheduler no longer answers. {AGAIN}"
        case ProcessEnded():
            return f"One of the processes was ended from outside; perhaps there was too little memory. {AGAIN}"
        case OtherSetups():
            workers = "\n".join(map(_worker, failure.workers))
            return f"{workers}\nThey would not write the same files. Install the same Dayzero everywhere. {AGAIN}"
        case WorkerDied():
            return f"the workers that had it have died or failed ({failure.cause})"
        case _:
            assert_never(failure)


def _worker(one: AnotherSetup) -> str:
    if not one.differences:
        return f"{one.worker}: this Dayzero is not there ({one.cause})."
    return f"{one.worker}: {'; '.join(map(_difference, one.differences))}."


def _difference(one: SetupDifference) -> str:
    match one.what:
        case "files":
            return "another version of Dayzero"
        case "hours":
            return "the clocks of the site's time zone change otherwise there"
        case _:
            return f"{one.what} {one.there or 'is missing'}, here {one.here or 'none'}"
