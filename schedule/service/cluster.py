"""Work handed to a Dask cluster, and its results as they come.

Who reaches a scheduler runs programs on all its computers: without encryption only one is talked to that nobody but
this computer can reach. A worker that would not give the same bytes is refused, before the first task and, if it joins
later, before its own first.
"""

import logging
import queue
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

import distributed

from schedule.model.errors import NotDone
from schedule.model.reasons.cluster_failures import (
    AnotherSetup,
    CertificatesMissing,
    NoWorkers,
    OtherSetups,
    SchedulerInTheOpen,
    SchedulerLost,
    SchedulerUnreachable,
    WorkerDied,
)
from schedule.service.mail_link import is_this_computer
from schedule.service.setups import Setup, differences, setup_of

PATIENCE_FOR_SCHEDULER = 10
"""Seconds to wait for a connection."""
LOOK_ROUND = 2
"""Seconds without a result after which it is asked whether anybody is still there."""
PATIENCE_FOR_WORKERS = 60
"""Seconds without any worker: a killed one is started again by its nanny."""
PATIENCE_FOR_RESULT = 30
"""Seconds without one that is said to be finished, after which the same is asked."""
RETRIES = 3
"""How often a task is tried again that failed for the cluster's sake, not for its own."""

Work = TypeVar("Work")
Result = TypeVar("Result")


class Cluster:
    """A connection to a scheduler, open as long as its `with`. NotDone, and nothing is handed over, if it cannot be
    reached safely, or has a worker that would not give the same bytes for a site of that zone."""

    def __init__(self, address: str, zone_name: str | None) -> None:
        self.address, self.zone_name = address, zone_name

    def __enter__(self) -> "Cluster":
        for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):  # worded below
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = self._connected()
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            cause = str(error.__cause__ or error) or type(error).__name__
            raise NotDone(SchedulerUnreachable(address=self.address, cause=cause)) from error
        try:
            self._check()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close(timeout=2)

    def _connected(self) -> Any:
        dask: Any = distributed  # which says nothing of its types
        security = dask.Security()
        if self.address.startswith("tls:") and security.get_connection_args("client")["ssl_context"] is None:
            raise NotDone(CertificatesMissing())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions: those that matter are refused below
            return dask.Client(self.address, security=security, timeout=PATIENCE_FOR_SCHEDULER, set_as_default=False)

    def _check(self) -> None:
        workers = self._client.nthreads()
        for address in (self._client.scheduler_info()["address"], *workers):
            if not address.startswith("tls:") and not is_this_computer(urlsplit(address).hostname or ""):
                raise NotDone(SchedulerInTheOpen(address=address))
        if not workers:
            raise NotDone(NoWorkers(address=self.address))
        here = setup_of(self.zone_name)
        answers = self._client.run(setup_of, self.zone_name, on_error="return")
        others = []
        for worker, there in sorted(answers.items()):
            if isinstance(there, BaseException):
                others.append(AnotherSetup(worker=worker, cause=f"{type(there).__name__}: {there}"))
            elif differing := differences(there, here):
                others.append(AnotherSetup(worker=worker, differences=differing))
        if others:
            raise NotDone(OtherSetups(workers=tuple(others)))

    def each(
        self, work: Callable[[Work], Result], tasks: Iterable[tuple[int, Work]]
    ) -> Iterator[tuple[int, Result | NotDone]]:
        """Each task's number and what `work` makes of it, or why nothing, in the order in which they are done. As few
        are under way as keep the workers busy, so that memory stays the same however many there are. NotDone if nobody
        is left to do them."""
        setup = setup_of(self.zone_name)
        under_way: dict[Any, int] = {}
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        most = 2 * sum(self._client.nthreads().values()) + 2
        for number, task in tasks:
            while len(under_way) >= most:
                yield self._next(under_way, done)
            future = self._client.submit(
                only_where_alike, work, task, self.zone_name, setup, pure=False, retries=RETRIES
            )
            under_way[future] = number
            future.add_done_callback(done.put)
        while under_way:
            yield self._next(under_way, done)

    def _next(self, under_way: dict[Any, int], done: "queue.SimpleQueue[Any]") -> tuple[int, Any]:
        future = self._patiently(queue.Empty, lambda: done.get(timeout=LOOK_ROUND))
        number = under_way.pop(future)
        try:  # what was finished on a worker that has died since is worked out again
            result = self._patiently(TimeoutError, lambda: future.result(timeout=PATIENCE_FOR_RESULT))
        except (distributed.CancelledError, OSError) as error:
            raise NotDone(SchedulerLost(address=self.address)) from error
        except NotDone:
            raise
        except Exception as error:  # what the work itself finds wrong is a result: this is the cluster's own
            return number, NotDone(WorkerDied(cause=type(error).__name__))
        finally:
            future.release()
        if isinstance(result, AnotherSetup):
            raise NotDone(OtherSetups(workers=(result,)))
        return number, result

    def _patiently(self, not_yet: type[Exception], ask: Callable[[], Any]) -> Any:
        """What `ask` gives at last. NotDone once nobody is left who could do it."""
        alone_since = None
        while True:
            with suppress(not_yet):
                return ask()
            try:
                workers = self._client.nthreads() if self._client.status == "running" else None
            except OSError:
                workers = None
            if workers is None:
                raise NotDone(SchedulerLost(address=self.address))
            if workers:
                alone_since = None
                continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > PATIENCE_FOR_WORKERS:
                raise NotDone(NoWorkers(address=self.address))


def only_where_alike(
    work: Callable[[Work], Result], task: Work, zone_name: str | None, setup: Setup
) -> Result | AnotherSetup:
    """What `work` makes of a task, on a worker; nothing on one that would not give the same bytes."""
    differing = differences(setup_of(zone_name), setup)
    if differing:
        return AnotherSetup(worker=distributed.get_worker().address, differences=differing)
    return work(task)
