"""The same thing done again and again, each time in a process of its own that strace may kill at any of its calls.

Each is a fork of one process that has imported everything. Run as a script, this is that process:

    PYTHONPATH=.:tests python tests/shared/forks.py MODULE FUNCTION

For each line `SAID PATH…` that it reads it writes the number of a fork that has stopped itself. Once that is told to go on it
does FUNCTION(PATH…); what that prints, and what goes wrong, is in the file SAID.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from subprocess import PIPE
from threading import Lock

import pytest

from shared import ROOT, TESTS
from shared.calendar_readers import missing

PR_SET_PTRACER = 0x59616D61
"""Whoever may send it signals may watch it, also where else only a parent may."""


@pytest.fixture
def strace():
    found = shutil.which("strace")
    if found is None or subprocess.run([found, "-o", os.devnull, "true"], capture_output=True).returncode:
        missing("strace", "apt-get install strace (and a container that allows ptrace)")
    return found


class Forks:
    """Forks that do a function of a module of the tests. Use it with `with`; the first, at `rehearsed`, is not watched."""

    def __init__(self, strace, module, function, *rehearsed):
        self.strace, self.does, self.rehearsed = strace, (module, function), rehearsed
        self.asking = Lock()

    def __enter__(self):
        environment = {**os.environ, "PYTHONHASHSEED": "0", "TZ": "UTC", "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}
        environment.pop("SOURCE_DATE_EPOCH", None)
        command = [sys.executable, __file__, *self.does, *map(str, self.rehearsed)]
        self.process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment)
        return self

    def __exit__(self, *_):
        self.process.communicate()

    def run(self, folder, name, calls, options, *given):
        """What the next fork says, and the calls that it makes, of those `calls`. (Not with --seccomp-bpf: strace 6.1
        then injects no signal.)"""
        said, trace = folder / f"said-{name}", folder / f"trace-{name}"
        with self.asking:
            print(said, *given, file=self.process.stdin, flush=True)
            fork = int(self.process.stdout.readline())
        command = [self.strace, "-f", "-y", "-s", "400", "-o", trace, "-e", f"trace={','.join(calls)}", *options, "-p", str(fork)]
        with subprocess.Popen(command, stderr=PIPE, text=True) as tracing:
            attached = tracing.stderr.readline()
            assert "attached" in attached, attached
            os.kill(fork, signal.SIGCONT)
        output = said.read_text()
        assert "Traceback" not in output, output
        lines = trace.read_text(errors="replace").splitlines()
        return output, [line.partition(" ")[2].strip() for line in lines]


def imported_by(does, given):
    """The modules that are there once it has been done, in a fork."""
    reading, writing = os.pipe()
    if not os.fork():
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        does(*given)
        os.write(writing, " ".join(sys.modules).encode())
        os._exit(0)
    os.close(writing)
    os.wait()
    with open(reading, encoding="utf-8") as names:
        return names.read().split()


def stopped_fork(does, said, given):
    """The number of a process that does it once it is told to go on."""
    number = os.fork()
    if not number:
        os.dup2(os.open(said, os.O_CREAT | os.O_WRONLY), 1)
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_long(-1))
        os.kill(os.getpid(), signal.SIGSTOP)
        try:
            does(*given)
        except BaseException:
            os.write(1, traceback.format_exc().encode())
        os._exit(0)
    os.waitpid(number, os.WUNTRACED)
    return number


def main(module, function, *rehearsed):
    does = getattr(import_module(module), function)
    for name in imported_by(does, map(Path, rehearsed)):
        import_module(name)
    for line in sys.stdin:
        said, *given = map(Path, line.split())
        print(stopped_fork(does, said, given), flush=True)
    with suppress(ChildProcessError):
        while True:
            os.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
