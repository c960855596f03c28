"""Programs that tests start on loopback ports, and wait for."""

import os
import socket
import subprocess
import time
from contextlib import contextmanager

from shared import ROOT


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port, program):
    """Until somebody listens there."""
    for _ in range(400):
        assert program.poll() is None, "it has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on {port}")


@contextmanager
def running(command, log, port, folder=ROOT):
    """A program that was started in a folder and listens on a port; what it says goes into the file `log`."""
    with log.open("ab") as out:
        program = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        wait_for(port, program)
        yield program
    finally:
        program.terminate()
        program.wait(timeout=20)
