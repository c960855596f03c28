"""The PostgreSQL servers that the tests make: each thing that other tests rest on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shared import ROOT, TESTS
from shared.postgres import BIN, PATIENCE, cluster

COUNT = "SELECT count(*) FROM acts"


def made(server):
    name = server.database()
    server.sql("CREATE TABLE acts (id integer PRIMARY KEY)", database=name, role="dayzero")
    return name


def add(server, name):
    server.sql("INSERT INTO acts SELECT coalesce(max(id), 0) + 1 FROM acts", database=name, role="dayzero")


def test_each_database_is_its_own_and_belongs_to_a_role_without_rights_elsewhere(postgres):
    one, other = made(postgres), made(postgres)
    copy = postgres.database(template=one)
    add(postgres, one)
    assert [postgres.sql(COUNT, database=name, role="dayzero") for name in (one, other, copy)] == ["1", "0", "0"]
    with pytest.raises(RuntimeError, match="permission denied"):
        postgres.sql("CREATE ROLE nobody_else", role="dayzero")


def test_it_does_not_run_as_root_and_sorts_as_people_do(postgres):
    assert os.stat(f"/proc/{postgres.process.pid}").st_uid != 0
    assert postgres.sql("SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['b', 'A', 'a', 'B']) x") == "aAbB"


def test_what_was_acknowledged_is_there_after_a_stop_a_crash_and_a_kill_of_every_process():
    with cluster(durable=True) as server:
        name = made(server)
        for end in (lambda: server.stop("fast"), lambda: server.stop("immediate"), server.kill):
            add(server, name)
            end()
            with pytest.raises(RuntimeError, match="refused"):
                server.sql(COUNT, database=name)
            server.start()
        assert server.sql(COUNT, database=name) == "3"


def test_a_synchronous_standby_has_every_act_is_only_read_and_takes_acts_once_it_is_promoted():
    with cluster() as server:
        name, second = made(server), server.standby()
        add(server, name)
        server.kill()
        assert second.sql(COUNT, database=name) == "1"
        with pytest.raises(RuntimeError, match="read-only"):
            add(second, name)
        second.promote()
        add(second, name)
        assert second.sql(COUNT, database=name) == "2"
        server.start()  # it knows nothing of the other, and waits for it
        assert server.sql(COUNT, database=name) == "1"


def test_nothing_is_left_of_it_where_the_tests_are_killed():
    script = "from shared.postgres import cluster\nwith cluster() as one: print(one.data.parent, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{TESTS}"},
    ) as process:  # fmt: skip
        folder = Path(process.stdout.readline().strip())
        assert (folder / "data" / "postmaster.pid").exists()
        pid = (folder / "data" / "postmaster.pid").read_text().splitlines()[0]
        process.send_signal(signal.SIGKILL)
    end = time.monotonic() + PATIENCE
    while folder.exists() or str(BIN).encode() in cmdline(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def cmdline(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
