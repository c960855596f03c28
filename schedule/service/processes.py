"""Work on all cores of this computer."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from schedule.model.errors import NotDone
from schedule.model.reasons.cluster_failures import ProcessEnded

Given = TypeVar("Given")
Gained = TypeVar("Gained")


def on_all_cores(
    work: Callable[[Given], Gained], tasks: Sequence[Given], workers: int | None = None
) -> Iterator[Gained]:
    """What the work gives of each task, in their order, as it is done; by as many processes as there are cores, or as
    are asked for, and in this one where one is enough. NotDone if a process was ended from outside."""
    count = min(workers or os.cpu_count() or 1, len(tasks))
    if count <= 1:
        yield from map(work, tasks)
        return
    try:
        with ProcessPoolExecutor(count) as pool:
            yield from pool.map(work, tasks)
    except BrokenProcessPool as error:
        raise NotDone(ProcessEnded()) from error
