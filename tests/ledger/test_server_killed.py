"""On a server: nothing half-written, nothing acknowledged lost, wherever the process that acts or the server itself is killed.

What a power cut leaves of the server's files is the server's to answer for: it is not tried here. DAYZERO_FULL=1 kills at
every call.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from shared.after_a_kill import wrong_after_a_kill
from shared.killed import killed_at, not_killed
from shared.postgres import Cluster, cluster
from shared.slip_once import CODE, create_patient, slip, slip_and_say
from shared.stores import asked, copied
from shared.under_load import Writer, under_load, wait_until

from schedule.ledger.opening import open_store
from schedule.ledger.postgres import LOCK
from schedule.ledger.server import close_kept
from schedule.model.server_address import ServerAddress
from schedule.service.revisions import newest
from schedule.service.verify import verify

FULL = bool(os.environ.get("DAYZERO_FULL"))
LAST = 6
"""The calls before an act is acknowledged, those of COMMIT and of the statement before it: each is tried."""


@pytest.fixture
def there(emptied: Any, three_acts: Path) -> ServerAddress:
    """A ledger with one patient and two slips."""
    place: ServerAddress = emptied()
    copied(three_acts, place)
    return place


def as_before(place: ServerAddress) -> None:
    """With three acts again."""
    without = [f"ALTER TABLE acts DISABLE TRIGGER USER; DELETE FROM {table} WHERE id > 3" for table in ("acts", "projections")]
    asked(place, *without, "ALTER TABLE acts ENABLE TRIGGER USER")


def server_is_done(place: ServerAddress) -> None:
    """Wait until the server has noticed that somebody who wrote is gone, or has done what it was last asked for."""
    asked(place, f"BEGIN; SELECT pg_advisory_xact_lock({LOCK}); COMMIT")


def test_a_slip_killed_at_any_call_is_whole_or_not_there_and_what_was_acknowledged_is_kept(there: ServerAddress, tmp_path: Path) -> None:
    def act_into(out: Path) -> Any:
        return lambda say: slip_and_say(open_store(there), out, say)

    said = [*not_killed(act_into(tmp_path / "reference"))]
    with open_store(there) as store:
        expected = newest(store, CODE)
    assert said == ["START", "ACK", f"DONE {expected.hash}", "END"]
    assert wrong_after_a_kill(there, tmp_path / "reference", "\n".join(said), expected, 3) == []
    as_before(there)
    # What follows is done by forks of one process that remembers the same from now on: they all make the same calls.
    calls = not_killed(act_into(tmp_path / "once more"))
    as_before(there)
    every = range(1, calls["END"] + 1)
    tried = [call for call in every if FULL or call % 6 == 1 or 0 <= calls["ACK"] - call < LAST]
    found, saved = {}, set()
    for call in tried:
        out = tmp_path / f"kill-{call}"
        told = killed_at(call, act_into(out))
        server_is_done(there)
        saved.add((asked(there, "SELECT count(*) FROM acts")[0][0], "ACK" in told))
        found[call] = wrong_in(lambda out=out, told=told: wrong_after_a_kill(there, out, "\n".join(told), expected, 3))
        as_before(there)
    assert {call: wrong for call, wrong in found.items() if wrong} == {}
    assert len(tried) > 20 and saved == {(3, False), (4, False), (4, True)}


def wrong_in(check: Callable[[], list[str]]) -> list[str]:
    """What a check finds, made in a process of its own."""
    *wrong, _ = not_killed(lambda say: [say(line) for line in check()])
    return wrong


def one_of_its_processes(server: Cluster) -> None:
    """SIGKILL to one that answers Dayzero, after which the server ends all and begins anew by itself."""
    pids = server.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'dayzero'").split()
    for pid in pids[:1]:
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def two_more_are_acknowledged(writers: list[Writer]) -> None:
    before = [len(one.acknowledged) for one in writers]
    wait_until(lambda: all(len(one.acknowledged) >= n + 2 for one, n in zip(writers, before, strict=True)))


def test_a_server_killed_or_stopped_under_acts_keeps_what_it_acknowledged_and_takes_acts_again() -> None:
    with cluster(durable=True) as server:
        place = ServerAddress(server.url(server.database()))
        codes = ["P-0", "P-1", "P-2"]
        with open_store(place) as store:
            for code in codes:
                create_patient(store, code=code)
        ends = (server.kill, lambda: server.stop("immediate"), lambda: server.stop("fast"), lambda: one_of_its_processes(server))
        with under_load(place, codes) as writers:
            for end in ends:
                two_more_are_acknowledged(writers)
                told = [len(writer.told) for writer in writers]
                end()
                if server.process is None:
                    wait_until(lambda told=told: all(len(one.told) > n for one, n in zip(writers, told, strict=True)))
                    server.start()
            two_more_are_acknowledged(writers)
        with open_store(place) as store:
            for writer in writers:
                kept = [row.hash for row in store.history(writer.code)]
                assert set(writer.acknowledged) <= set(kept)
                assert len(kept) - 1 - len(writer.acknowledged) <= len(ends)  # of those nobody knew, and they were there
            assert verify(store).faults == []
            assert slip(store, 100_000, code="P-0").saved
        lines = [line for writer in writers for line in writer.told]
        assert lines and all("Nothing was saved." in line or "it is not known whether this was saved" in line for line in lines), lines
        close_kept()
