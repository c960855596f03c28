"""A process that is ended by SIGKILL while it asks a PostgreSQL server: before a statement is sent, once it is sent, and once it
is answered, so that nobody in the process has heard the answer.

    calls = not_killed(deed)
    said = killed_at(7, deed)

The deed is done in a process of its own, forked from this one; it is given what it says things with.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator
from typing import Any

from schedule.ledger.server import BoundedConnection, close_kept

Deed = Callable[[Callable[[str], None]], object]


def killed_at(call: int, deed: Deed) -> list[str]:
    """What the deed said before its process was killed."""
    said, code = _run(deed, call)
    assert code == -signal.SIGKILL, (call, said, code)
    return [line.split(" ", 1)[1] for line in said]


def not_killed(deed: Deed) -> dict[str, int]:
    """What the deed said, in order, and at how many calls it could have been killed before; the last is "END". It is done."""
    said, code = _run(deed, 0)
    assert code == 0, said
    return {text: int(calls) for calls, text in (line.split(" ", 1) for line in said)}


def _run(deed: Deed, call: int) -> tuple[list[str], int | None]:
    close_kept()  # no connection is anybody else's as well
    context = multiprocessing.get_context("fork")
    reads, writes = os.pipe()
    process = context.Process(target=_killed, args=(deed, call, writes))
    process.start()
    os.close(writes)
    with os.fdopen(reads, encoding="utf-8") as pipe:
        said = pipe.read().splitlines()
    process.join()
    return said, process.exitcode


def _killed(deed: Deed, last: int, pipe: int) -> None:
    calls, wait = 0, BoundedConnection.wait

    def call() -> None:
        nonlocal calls
        calls += 1
        if calls == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def followed(inner: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same, with a call at each moment that the process can end."""
        call()
        try:
            asked = next(inner)
            call()
            while True:
                asked = inner.send((yield asked))
        except StopIteration as ended:
            call()
            return ended.value

    BoundedConnection.wait = lambda connection, inner, *more, **named: wait(connection, followed(inner), *more, **named)  # type: ignore[assignment,method-assign]

    def say(text: str) -> None:
        os.write(pipe, f"{calls} {text}\n".encode())

    deed(say)
    say("END")
