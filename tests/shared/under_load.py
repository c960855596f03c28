"""Several who slip a patient each, again and again, while something happens to the server; and what they were told."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from schedule.ledger.opening import open_store
from schedule.model.errors import NotDone
from schedule.model.server_address import ServerAddress
from shared.failures import said
from shared.slip_once import START, slip


class Writer(threading.Thread):
    """Slips one patient again and again, and counts what was acknowledged; what was not, it tries again a moment later."""

    def __init__(self, place: ServerAddress, code: str, ended: threading.Event) -> None:
        super().__init__()
        self.place, self.code, self.ended = place, code, ended
        self.acknowledged: list[str] = []
        self.told: list[str] = []

    def run(self) -> None:
        second = 0
        while not self.ended.is_set():
            second += 1
            try:
                with open_store(self.place) as store:
                    row = slip(store, code=self.code, at=START + timedelta(minutes=second)).row
                    assert row is not None
                    self.acknowledged.append(row.hash)
            except NotDone as error:
                self.told.append(said(error))
            self.ended.wait(0.2)  # so that there is not too much to verify


@contextmanager
def under_load(place: ServerAddress, codes: list[str]) -> Iterator[list[Writer]]:
    """Writers who slip those patients while it lasts."""
    ended = threading.Event()
    writers = [Writer(place, code, ended) for code in codes]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        ended.set()
        for writer in writers:
            writer.join()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
