"""A real Dask cluster: a scheduler and workers, each a process of its own, on 127.0.0.1."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from shared import ROOT
from shared.relay import certificate

PATIENCE = 60
"""Seconds for a process to start on a loaded machine."""


def tls_settings(folder, name="node"):
    """Dask's configuration of a certificate that is its own authority: who has another is not talked to."""
    _, own = certificate(folder, name)
    begin = "DASK_DISTRIBUTED__COMM__"
    named = {f"{begin}TLS__CA_FILE": own, f"{begin}REQUIRE_ENCRYPTION": True}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        named |= {f"{begin}TLS__{role}__CERT": own, f"{begin}TLS__{role}__KEY": own.with_suffix(".key")}
    return {name: str(value) for name, value in named.items()}


def waited_for(asked, what):
    """What `asked` gives, as soon as that is something."""
    until = time.monotonic() + PATIENCE
    while not (found := asked()):
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.02)
    return found


def children_of(pid):
    """The processes that a process has started, but for those that only keep its books."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            command = (path / "cmdline").read_text()
        except OSError:
            continue
        if parent == pid and "resource_tracker" not in command:
            found.append(int(path.name))
    return found


class DaskCluster:
    """Open it with `with`: everything that it has started is ended then."""

    def __init__(self, folder, protocol, more=()):
        self.folder, self.protocol, self.more = folder, protocol, dict(more)
        self.started = []

    def __enter__(self):
        self.scheduler = self._start("dask_scheduler", "--port", "0")
        try:
            self.address = self._said(self.scheduler, r"Scheduler at: +(\S+)")[0]
        except BaseException:
            self.__exit__()
            raise
        return self

    def _said(self, process, pattern, count=1):
        """What a process has said so many times, as soon as it has."""
        found = waited_for(
            lambda: process.poll() is not None or len(re.findall(pattern, process.log.read_text())) >= count, f"{pattern} in {process.log}"
        )
        assert process.poll() is None and found, process.log.read_text()
        return re.findall(pattern, process.log.read_text())

    def __exit__(self, *_):
        for process in self.started:
            self.end(process)

    def env(self, path=ROOT):
        """The environment of whoever takes part."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(path), "DASK_TEMPORARY_DIRECTORY": str(self.folder), **self.more}

    def _start(self, program, *arguments, path=ROOT):
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--protocol", self.protocol, "--no-dashboard"]
        command += () if "--listen-address" in arguments else ("--host", "127.0.0.1")
        with (self.folder / f"{len(self.started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*map(str, (*command, *arguments))], cwd=self.folder, env=self.env(path), stdout=log, stderr=log, start_new_session=True
            )
        process.log = Path(log.name)
        self.started.append(process)
        return process

    def add_workers(self, count=1, *arguments, path=ROOT):
        """Workers with one thread each, which their nanny starts again when they are killed."""
        begun = self._start(
            "dask_worker", self.address, "--nthreads", "1", "--nworkers", count, *arguments, path=path
        )
        self._said(begun, "Registered to:", count)
        return begun

    def end(self, process):
        """End a process and its children, at once."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
