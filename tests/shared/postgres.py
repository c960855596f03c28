"""PostgreSQL servers of our own: made in a folder in /tmp, on free ports of this computer, gone with who asked for them.

    with cluster() as server:
        server.url(server.database())

They run as a user who is not root, whoever the tests run as, and forget at a power cut what they have not written
(`durable`: they do not). The databases belong to a role that may do nothing else. Sorting is not by bytes, as on many a
hospital's server: whoever wants the order of bytes must say so.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from shared.calendar_readers import missing
from shared.programs import free_port

BIN = Path(os.environ.get("DAYZERO_POSTGRES", "/usr/lib/postgresql/15/bin"))
OWNER, ROLE = "postgres", "dayzero"
"""Who may do everything, and whose the databases are."""
PATIENCE = 30
"""Seconds until a server must have started or stopped."""
KEEPER = """
cat > /dev/null
for file in "$1"/*/postmaster.pid; do
  pid=$(head -n 1 "$file" 2> /dev/null)
  grep -qs -- "$1" "/proc/$pid/cmdline" && kill -QUIT "$pid"
done
rm -rf "$1" || { sleep 1; rm -rf "$1"; }
"""
"""Waits for its input to end, as it does however the tests end, and then ends the servers and takes the folder away."""
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 16MB
max_connections = 60
wal_level = replica
wal_keep_size = 64MB
hot_standby = on
jit = off
log_min_messages = warning
"""
HASTY = "fsync = off\nfull_page_writes = off\n"


def needs_postgres() -> None:
    """Skip, or fail where CI is set, if there is no PostgreSQL 15."""
    if not (BIN / "initdb").exists():
        missing("PostgreSQL 15", "apt-get install --no-install-recommends postgresql-15")


class Cluster:
    """One server: the data in `data`, on a port of its own."""

    def __init__(self, data: Path, family: "list[Cluster]") -> None:
        self.data, self.port, self.family = data, free_port(), family
        self.process: subprocess.Popen[bytes] | None = None
        family.append(self)
        self._names = count(1)
        self._standbys = count(1)

    # where it is

    def url(self, database: str, *, role: str = ROLE, options: str = "") -> str:
        """The address of a database; `options` such as `target_session_attrs=read-write`."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}{f'?{options}' if options else ''}"

    def database(self, *, template: str = "template1") -> str:
        """A new database, empty or a copy of another: its name."""
        name = f"ledger{next(self._names)}"
        self.sql(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        return name

    def sql(self, statement: str, *, database: str = "postgres", role: str = OWNER) -> str:
        """What the server answers to a statement: the values, a row a line, parted by `|`."""
        address = self.url(database, role=role)
        command = [BIN / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    # how it runs

    def start(self) -> None:
        """Run, and answer; after a crash once what was written is read back."""
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [BIN / "postgres", "-D", self.data, "-p", str(self.port)], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, **_as_somebody(),
            )  # fmt: skip
        self._wait(lambda: self.state == "ready", "starts")

    def stop(self, mode: str = "fast") -> None:
        """Stop: `smart` once all have gone, `fast` with their transactions undone, `immediate` as in a crash."""
        assert self.process is not None
        self.process.send_signal({"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
        self.process.wait(PATIENCE)
        self.process = None

    def kill(self) -> None:
        """SIGKILL to all its processes at once: nobody is told, nothing is written any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)  # so that it starts none meanwhile
        children = self.children()
        for pid in (*children, self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.process = None
        self._wait(lambda: not any(map(_runs, children)), "is gone")

    def children(self) -> list[int]:
        """The numbers of its processes, but for the first."""
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in listed.split()]

    @property
    def state(self) -> str:
        """`ready` once it answers, if only to be read."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ""
        mine = self.process is not None and lines[:1] == [str(self.process.pid)]
        return lines[7].strip() if mine and len(lines) > 7 else ""

    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text(encoding="utf-8", errors="replace")

    # the second one

    def standby(self, *, synchronous: bool = True) -> "Cluster":
        """A running copy that follows this one. `synchronous`: from now on no act of this one ends before it is written
        there too."""
        made = Cluster(self.data.parent / f"{self.data.name}-standby{next(self._standbys)}", self.family)
        name = made.data.name.replace("-", "_")
        address = f"{self.url('postgres', role=OWNER)}?application_name={name}"
        _run("pg_basebackup", "-D", made.data, "-d", address, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        made.start()
        if synchronous:
            self.settings(synchronous_standby_names=f"FIRST 1 ({name})")
        wanted = "sync" if synchronous else "async"
        query = f"SELECT sync_state FROM pg_stat_replication WHERE application_name = '{name}' AND state = 'streaming'"
        self._wait(lambda: self.sql(query) == wanted, "is followed")
        return made

    def promote(self) -> None:
        """Follow nobody any more, and take acts."""
        _run("pg_ctl", "promote", "-w", "-t", str(PATIENCE), "-D", self.data)

    def settings(self, **values: str) -> None:
        """Set what the running server can change, for everybody from now on."""
        for name, value in values.items():
            self.sql(f"ALTER SYSTEM SET {name} = '{value}'")
        self.sql("SELECT pg_reload_conf()")

    def _wait(self, until, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not until():
            ended = self.process is not None and self.process.poll() is not None
            assert not ended and time.monotonic() < end, f"it is in vain waited for that the server {what}: {self.log()}"
            time.sleep(0.02)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A new server that runs. It and all that was made of it is gone at the end."""
    needs_postgres()
    folder = Path(tempfile.mkdtemp(prefix="dayzero-postgres-"))
    keeper = subprocess.Popen(["sh", "-c", KEEPER, "keeper", folder], stdin=subprocess.PIPE, start_new_session=True)
    family: list[Cluster] = []
    try:
        if (somebody := _as_somebody()):
            shutil.chown(folder, somebody["user"])
        made = Cluster(folder / "data", family)
        _run(
            "initdb", "-D", made.data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
            "--locale-provider=icu", "--icu-locale=en-US", "--no-sync", "--no-instructions",
        )  # fmt: skip
        with (made.data / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write(SETTINGS + ("" if durable else HASTY))
        made.start()
        made.sql(f"CREATE ROLE {ROLE} LOGIN")
        yield made
    finally:
        keeper.communicate()
        for one in family:
            if one.process is not None:
                one.process.wait(PATIENCE)
        assert not folder.exists(), f"{folder} is left"


def _as_somebody() -> dict[str, str | list[str]]:
    """Whose processes they are: PostgreSQL refuses to run as root."""
    return {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}


def _run(program: str, *options: object) -> None:
    """Run one of PostgreSQL's programs as who owns the data."""
    done = subprocess.run(
        [BIN / program, *map(str, options)], capture_output=True, text=True, check=False, cwd="/", **_as_somebody()
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"
