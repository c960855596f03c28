"""The server in front of the pages: a reader does not wait for others who are slow."""

import http.client
import os
import platform
import re
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from copy import copy
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from shared import ROOT
from shared.programs import free_port, wait_for
from shared.web_forms import Page
from shared.web_ward import CODES, HOST, open_ward

from schedule.ledger.sqlite import SqliteStore
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


# somebody else's write ----------------------------------------------------------------------------------------------

PRESSES = 24
"""More than there are threads for."""


@pytest.fixture
def served(tmp_path):
    """`dayzero serve` as a program of its own, on patients in every state: its port, and the ledger."""
    with open_ward(tmp_path) as made:
        path = made.settings.store
    port = free_port()
    command = [sys.executable, "cli.py", "serve", "--store", str(path), "--port", str(port)]
    program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, program)
        yield port, path
    finally:
        program.terminate()
        program.wait(timeout=20)


class Browser:
    """Somebody's browser: its cookie, and what a page's form holds."""

    def __init__(self, port):
        self.port, self.cookie = port, ""

    def ask(self, path, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        self.cookie = answer.headers.get("Set-Cookie", self.cookie).partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, Page(text)


def test_while_a_ledger_is_locked_and_everybody_presses_save_the_board_is_shown_and_nothing_is_lost(served):
    """The lock is held by another program in the middle of a write; more saves wait for it than there are threads."""
    port, path = served
    browser, forms = Browser(port), {}
    for code in CODES:
        note = f"/p/{code}/note"
        _, page = browser.ask(note)
        status, page = browser.ask(note, {**page.fields, "text": "told", "do": "check"})
        assert status == 200 and page.fields["checked"]
        forms[note] = {**page.fields, "do": "save"}
    presses = list(islice(cycle(forms.items()), PRESSES))
    assert len(presses) > under_test.THREADS
    with closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor(PRESSES) as pool:
        other.execute("BEGIN IMMEDIATE")
        saves = [pool.submit(Browser.ask, copy(browser), note, form) for note, form in presses]
        for shown in ("/", "/board", f"/p/{CODES[5]}", "/board"):
            began = time.perf_counter()
            assert browser.ask(shown)[0] == 200
            assert time.perf_counter() - began < 3, shown
        assert not any(one.done() for one in saves), "they wait for the lock"
        other.execute("ROLLBACK")
        assert {one.result()[0] for one in saves} == {303}
    with SqliteStore(path) as store:
        assert [len([row for row in store.history(code) if row.act.kind == "note"]) for code in CODES] == [1] * len(CODES)
        assert store.faults() == []


MEMORY = """
import ctypes, sys, threading
from schedule.web.server import _share_memory
if sys.argv[1] == "shared":
    _share_memory()
bytes(2**23)
large = bytes(2**23)
held, gate = [], threading.Barrier(17)
def hold():
    held.append(bytes(10_000))
    gate.wait()
for _ in range(16):
    threading.Thread(target=hold).start()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
gate.wait()
libc.malloc_info(0, file)
libc.fclose(file)
"""
"""A large block, and another of its size once that is free; sixteen threads hold memory. Then the C library says from how many
places they took it, and how many bytes lie in pages of their own."""


@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="another C library")
def test_sixteen_threads_take_their_memory_from_two_places_and_what_is_large_from_none_of_them():
    def seen(how):
        done = subprocess.run([sys.executable, "-c", MEMORY, how], capture_output=True, text=True, check=True, cwd=ROOT)
        *_, apart = re.findall(r'<total type="mmap" count="\d+" size="(\d+)"', done.stdout)
        return done.stdout.count("<heap nr="), int(apart) > 2**23

    places, apart = seen("apart")
    assert (places > 2, apart) == (True, False)
    assert seen("shared") == (2, True)
