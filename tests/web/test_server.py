"""The server in front of the pages: a reader does not wait for others who are slow."""

import os
import socket
import stat
import threading
import time
from contextlib import contextmanager

import pytest
from shared.web_ward import HOST, open_ward

from schedule.web import server as under_test
from schedule.web.server import make_server

SLOW = 1_000


@contextmanager
def running(settings, port=0, file=None):
    """The server of the pages in a thread: how to connect to it."""
    made = make_server(settings, "127.0.0.1", port, file)
    ends = threading.Event()

    def run():
        while not ends.is_set():
            made.asyncore.loop(timeout=0.2, map=made._map, use_poll=True, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield int(made.effective_port) if file is None else file
    finally:
        ends.set()
        thread.join(10)
        made.task_dispatcher.shutdown()
        for channel in list(made._map.values()):
            channel.close()


def ask(where, text=f"GET /robots.txt HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"):
    """The first line of the answer, and the seconds until it was there."""
    began = time.perf_counter()
    kind, address = (socket.AF_INET, ("127.0.0.1", where)) if isinstance(where, int) else (socket.AF_UNIX, str(where))
    with socket.socket(kind) as connection:
        connection.settimeout(20)
        connection.connect(address)
        connection.sendall(text.encode())
        return connection.recv(4096).split(b"\r\n")[0], time.perf_counter() - began


@pytest.fixture
def ward(tmp_path):
    with open_ward(tmp_path, patients=None) as found:
        yield found


def test_a_thousand_connections_that_trickle_keep_no_reader_waiting(ward):
    with running(ward.settings) as port:
        slow = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(SLOW)]
        try:
            for one in slow:
                one.sendall(b"POST /p/X-1/note HTTP/1.1\r\nHo")
            answer, spent = ask(port)
            assert (answer, spent < 2) == (b"HTTP/1.1 200 OK", True), spent
        finally:
            for one in slow:
                one.close()


def test_a_request_that_trickles_is_given_up_though_it_never_stops(ward, monkeypatch):
    monkeypatch.setattr(under_test, "SECONDS", 1)
    monkeypatch.setattr(under_test, "LOOKED_AT_EVERY", 1)
    with running(ward.settings) as port, socket.create_connection(("127.0.0.1", port), timeout=0.1) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        while time.monotonic() - began < 10:
            try:
                slow.sendall(b"X-A: b\r\n")
                if slow.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        assert time.monotonic() - began < 8


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Windows")
def test_a_socket_file_is_its_owners_alone_from_the_moment_it_is_there(ward, tmp_path):
    before = os.umask(0o000)
    try:
        with running(ward.settings, file=tmp_path / "d.sock") as file:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert ask(file)[0] == b"HTTP/1.1 200 OK"
    finally:
        os.umask(before)
