"""Several who write one ledger at once, in a file and on a server: nothing is lost, and the loser is told.

DAYZERO_FULL=1 lets each of sixteen writers try 200 times.
"""

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, pairwise
from random import Random
from typing import Any

from shared.failures import said
from shared.slip_once import CODE, create_patient, meta, other_day, slip

from schedule.ledger.opening import open_store
from schedule.ledger.store import Store
from schedule.model.errors import NotDone, Stale
from schedule.service.acts import perform
from schedule.service.place import LedgerPlace
from schedule.service.revisions import newest
from schedule.service.verify import verify

FULL = bool(os.environ.get("DAYZERO_FULL"))

# writers at once


def write(place: LedgerPlace, number: int, times: int, start: Any, told: Any) -> None:
    """One of many writers: slips from the newest revision it reads to the other day, again and again. Half of them
    keep the ledger open, half open it for every act, as the command does."""
    name, chance, results, mine = f"nurse {number}", Random(number), Counter[str](), []

    @contextmanager
    def opened(kept: Store | None) -> Iterator[Store]:
        if kept is not None:
            yield kept
        else:
            with open_store(place) as fresh:
                yield fresh

    def attempt(kept: Store | None) -> None:
        time.sleep(chance.random() / 4)
        with opened(kept) as store:
            row = newest(store, CODE)
            now = datetime.now(UTC).replace(microsecond=0)
            about = meta(by=name, reason=f"{name}, {len(mine)}", at=now, based_on=row.act.revision)
            try:
                done = perform(store, CODE, other_day(row), about)
                mine.append(done.row.hash if done.row else "unchanged")
            except Stale as error:
                other = error.newest.act
                words = (other.by, other.reason, f"{other.at:%Y-%m-%d %H:%M} UTC", f"revision {other.revision}")
                results["told" if all(word in said(error) for word in words) else f"not told: {said(error)}"] += 1

    start.wait()
    try:
        if number % 2:
            with open_store(place) as store:
                for _ in range(times):
                    attempt(store)
        else:
            for _ in range(times):
                attempt(None)
    except BaseException as error:
        results[f"{type(error).__name__}: {error}"] += 1
    told.put((mine, dict(results)))


def test_sixteen_writers_at_once_lose_nothing_and_the_losers_are_told_who_changed_what(place: LedgerPlace) -> None:
    writers, times = 16, 200 if FULL else 25
    with open_store(place) as store:
        create_patient(store)
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(writers), context.Queue()
    processes = [context.Process(target=write, args=(place, number, times, start, told)) for number in range(writers)]
    for process in processes:
        process.start()
    answers = [told.get(timeout=3600 if FULL else 600) for _ in processes]
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    told.close()
    results: Counter[str] = Counter()
    for _, counted in answers:
        results.update(counted)
    won = [one for mine, _ in answers for one in mine]
    print(f"{len(won)} slips won, {dict(results)}")
    assert set(results) == {"told"}
    assert len(won) + results["told"] == writers * times
    with open_store(place) as store:
        assert store.faults() == []
        rows = store.history(CODE)
        days = [row.projection.standing.day_zero.on for row in rows]
        if not FULL:
            assert verify(store).faults == []
    assert [row.act.revision for row in rows] == list(range(1, len(won) + 2))
    assert [row.act.based_on for row in rows] == list(range(len(won) + 1))
    assert sorted(row.hash for row in rows[1:]) == sorted(won)
    assert all(one != other for one, other in pairwise(days)), "each slip moved day 0"
    assert len({row.act.by for row in rows}) > 2


# two slips, statement by statement


class Hooked:
    """A connection of which each statement is told before it is executed."""

    def __init__(self, connection: Any, told: Callable[[int], None]) -> None:
        self._inner, self._told, self._numbers = connection, told, count(1)

    def execute(self, *statement: Any) -> Any:
        self._told(next(self._numbers))
        return self._inner.execute(*statement)

    def begin(self, statement: str) -> None:
        self._told(next(self._numbers))
        self._inner.begin(statement)

    def commit(self) -> Any:
        self._told(next(self._numbers))
        return self._inner.commit()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def hook(store: Any, told: Callable[[int], None]) -> None:
    store.connection = Hooked(store.connection, told)


def give_up_soon(store: Any) -> None:
    """Do not wait for the other one, who cannot go on meanwhile."""
    name = type(store.connection).__module__
    store.connection.execute("PRAGMA busy_timeout = 1" if name == "sqlite3" else "SET lock_timeout = '20ms'")


def test_whatever_comes_between_the_statements_of_a_slip_one_of_two_wins_and_the_other_is_told(ledger: LedgerPlace) -> None:
    """The one slip stands still before each of its statements in turn; there the other looks, or acts, or tries to. What
    is within the transaction of one is never between the statements of the other's, since writers wait for each other:
    so these are all the ways in which two slips can fall together."""
    seen: Counter[str] = Counter()
    statement = 0
    while "ended" not in seen:
        statement += 1
        for mode in ("looks", "acts"):
            seen[_two(ledger, statement, mode)] += 1
    assert statement > 8 and seen.keys() == {"the first, after whom the other is told", "the other", "ended"}, seen
    with open_store(ledger) as store:
        assert verify(store).faults == [] if FULL else store.faults() == []
        rows = store.history(CODE)
    assert [row.act.revision for row in rows] == list(range(1, len(rows) + 1))
    assert all(one.act.revision == other.act.based_on for one, other in pairwise(rows))


def _two(ledger: LedgerPlace, statement: int, mode: str) -> str:
    """Who has won, where the second does that before that statement of the first."""
    with open_store(ledger) as first, open_store(ledger) as second:
        give_up_soon(second)
        before = len(first.history(CODE))
        looked: list[int] = []
        at = datetime.now(UTC).replace(microsecond=0)

        def tried(based_on: int) -> str:
            try:
                slip(second, by="the other", based_on=based_on, at=at)
            except Stale as error:
                assert error.newest.act.by == "the first", said(error)
                return "told"
            except NotDone as error:
                assert said(error).endswith("Nothing was saved."), said(error)
                return "waits"
            return "won"

        def told(number: int) -> None:
            if number == statement:
                looked.append(newest(second, CODE).act.revision)
                if mode == "acts":
                    looked.append({"told": 0, "waits": -1, "won": 1}[tried(looked[0])])

        hook(first, told)
        try:
            slip(first, by="the first", based_on=before, at=at)
            won = True
        except Stale as error:
            assert error.newest.act.by == "the other"
            won = False
        finally:
            first.connection = first.connection._inner  # type: ignore[attr-defined]
        if not looked:
            return "ended"
        then = looked[1] if len(looked) > 1 else {"told": 0, "won": 1}[tried(looked[0])]
        if then == -1:  # it has waited, in vain: it asks again
            then = {"told": 0, "won": 1}[tried(looked[0])]
        rows = first.history(CODE)[before:]
        assert [row.act.by for row in rows] == ["the first"] * won + ["the other"] * then
        return {(True, 0): "the first, after whom the other is told", (False, 1): "the other"}[won, then]
