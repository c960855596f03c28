"""The server in front of the pages: what is read of a connection before a page is asked.

A thread is taken by a whole request alone, so connections that trickle take none. One that has not brought its request
whole after half a minute is closed, and there is room for more of them than one program can open by default.
What is sent with a form may wait for somebody else's write, and has threads of its own: who only reads waits for none.
"""

import ctypes
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from schedule.web.app import MOST_BODY, make_app
from schedule.web.settings import SECRET_HEADER, Settings

THREADS = 16
"""For those who read, and as many for forms."""
CONNECTIONS = 4000
MOST_HEADER = 16 * 1024
SECONDS = 30
"""In which a request must be whole, and after which a connection without one is closed."""
LOOKED_AT_EVERY = 5
"""Seconds."""
OWN_PAGES, ARENA_MAX = -3, -8
"""M_MMAP_THRESHOLD and M_ARENA_MAX of mallopt(3)."""


def make_server(settings: Settings, address: str, port: int, socket: Path | None) -> Any:
    """The server of the pages: at a port of this computer, or at a socket file that its owner alone may open. OSError
    where it cannot listen."""
    _allow_connections()
    _share_memory()
    where: dict[str, Any] = {"unix_socket": str(socket), "unix_socket_perms": "600"} if socket else {}
    before = os.umask(0o177)
    try:
        server: Any = create_server(
            make_app(settings),
            **where or {"host": address, "port": port},
            _dispatcher=ReadersApart(),
            connection_limit=CONNECTIONS,
            ident="",
            max_request_header_size=MOST_HEADER,
            max_request_body_size=MOST_BODY,
            channel_timeout=SECONDS,
            cleanup_interval=LOOKED_AT_EVERY,
            url_scheme="https" if settings.https else "http",
            url_prefix=settings.prefix,
            asyncore_use_poll=True,
        )
    finally:
        os.umask(before)
    server.channel_class = _connection_for(settings)
    return server


class ReadersApart(ThreadedTaskDispatcher):
    """Threads for requests that read, and as many others for forms."""

    def __init__(self) -> None:
        super().__init__()
        self.forms = ThreadedTaskDispatcher()
        self.set_thread_count(THREADS)

    def set_thread_count(self, count: int) -> None:
        super().set_thread_count(count)
        self.forms.set_thread_count(count)

    def add_task(self, task: Any) -> None:
        is_form = getattr(task.requests[0], "command", "") == "POST"
        self.forms.add_task(task) if is_form else super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        ended = self.forms.shutdown(cancel_pending, timeout)
        return super().shutdown(cancel_pending, timeout) and ended


def _allow_connections() -> None:
    """As many open files as the connections need, where the system lets us."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS + 200
        if soft != resource.RLIM_INFINITY and soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _share_memory() -> None:
    """Let the threads take memory from two places, and what is large (a whole page, a feed) in pages of its own, which
    the system has back as soon as it is free. The GNU C library gives each thread a place of its own, up to eight a
    core, and each would grow to what the largest page needs and keep it: 115 MiB were seen. And once a large block is
    free, it puts all of that size among the small ones, which then keep its room from being given back: twice the
    memory is held as here. Other libraries do neither."""
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(ARENA_MAX, 2)
        library.mallopt(OWN_PAGES, 128 * 1024)


def _connection_for(settings: Settings) -> type[HTTPChannel]:
    """A connection whose patience counts from the beginning of a request, not from its last byte; and that takes no
    request in which the proxy's own headers stand twice: one of them would be the visitor's."""
    groups = settings.groups.header if settings.groups is not None else None
    names = {name.lower().encode() for name in (settings.proxy_header, groups, SECRET_HEADER, "Host") if name}

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            found = [line.partition(b":")[0].strip().lower() for line in header_plus.split(b"\n")[1:]]
            if any(found.count(name) > 1 for name in names):
                raise ParsingError("A header stands twice")
            super().parse_header(header_plus)

    class Connection(HTTPChannel):
        parser_class = Parser

        def handle_read(self) -> None:
            begun = self.last_activity if self.request is not None else time.time()
            super().handle_read()
            if self.request is not None:
                self.last_activity = begun

    return Connection
