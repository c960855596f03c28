"""serve: the page for the ward, on this computer."""

import gc
import getpass
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Event, Thread
from typing import Any

import click

from schedule.commands import OF_PYTHON
from schedule.commands.common import now, running, site_option
from schedule.commands.options import store_option, store_path
from schedule.commands.reached import groups_of, loopback, parted, reached_as, secret_of
from schedule.model.errors import NotDone
from schedule.model.reasons.file_failures import PortTaken
from schedule.model.reasons.moving import LedgerMoved
from schedule.service.delivering import keep_delivering
from schedule.service.inputs import open_protocol, read_tables
from schedule.service.place import LedgerPlace, open_ledger
from schedule.web.settings import KEY, SECRET_HEADER, Settings
from schedule.words.failures import failure_in_words

DELIVER_EVERY = 5.0
"""Seconds after which it is looked whether a channel is due anything."""


@click.command()
@store_option
@site_option
@click.option(
    "--protocol", "protocols", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
    help="A protocol of your own, beside the shipped ones; may be given again.",
)  # fmt: skip
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--user", default=None, metavar="NAME", help="Who acts. Default: the user of this computer.")
@click.option("--read-only", is_flag=True, help="Show everything, change nothing.")
@click.option(
    "--behind-proxy", metavar="HEADER", default=None,
    help="Who acts is what the hospital's reverse proxy says in this header. Needs --public-origin.",
)  # fmt: skip
@click.option("--public-origin", metavar="https://NAME", default=None, help="How people reach the proxy.")
@click.option("--prefix", default="", metavar="/PATH", help="The path below which the pages lie, such as /dayzero.")
@click.option(
    "--groups", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="What each group of the directory may do. Needs --groups-header.",
)  # fmt: skip
@click.option(
    "--groups-header", metavar="HEADER", default=None, help="The proxy names a person's groups in this header."
)
@click.option("--groups-separator", metavar="SIGN", default=",", show_default=True, help="What stands between them.")
@click.option(
    "--proxy-secret", type=click.Path(path_type=Path), metavar="FILE",
    help=f"The proxy sends what this file holds in {SECRET_HEADER}; nobody else is answered.",
)  # fmt: skip
@click.option(
    "--socket", type=click.Path(path_type=Path), metavar="PATH",
    help="Listen at this socket file, which its owner alone may open, instead of a port.",
)  # fmt: skip
@click.option("--deliver", is_flag=True, help="Send to the channels what has changed, too.")
@click.option("--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Of this computer's own only.")
def serve(
    store: LedgerPlace | None,
    site: Path | None,
    protocols: tuple[Path, ...],
    port: int,
    user: str | None,
    read_only: bool,
    deliver: bool,
    bind: str,
    socket: Path | None,
    **proxy: Any,
) -> None:
    """Show the pages for the ward in a browser on this computer.

    \b
    dayzero serve --site our-site.toml
    dayzero serve --behind-proxy X-Remote-User --public-origin https://dayzero.hospital.example

    Only this computer is answered. To be reached from others it needs the hospital's reverse proxy in front, which
    encrypts and knows who is logged in: docs/install.md.
    """
    address = loopback(bind)
    if proxy["behind_proxy"] is not None and user is not None:
        raise click.UsageError("With --behind-proxy the proxy says who acts; leave --user out.")
    reached = reached_through(address, port, socket, **proxy)
    for protocol in protocols:
        open_protocol(protocol)
    if site is not None:
        read_tables(site)
    path = store_path(store)
    secret = key_of_forms(path, read_only=read_only)
    settings = Settings(
        store=path,
        site=site,
        protocols=protocols,
        user=user or getpass.getuser(),
        read_only=read_only,
        now=now,
        running=running,
        secret=secret,
        key=secrets.token_urlsafe(32) if proxy["behind_proxy"] is None else None,
        **reached,
    )
    with delivering(path) if deliver else nullcontext():
        run(settings, address, port, socket)


def key_of_forms(place: LedgerPlace, *, read_only: bool) -> bytes:
    """The key of the pages' forms, out of the ledger, which is made where there is none, and of this version. NotDone
    if it was moved elsewhere, unless nothing is to be changed."""
    fresh = secrets.token_bytes(32)
    with open_ledger(place) as ledger:
        if read_only:
            return fresh
        if (mark := ledger.moved()) is not None:
            raise NotDone(LedgerMoved(path=ledger.name, mark=mark))
        if (ran := running()) is not None:
            with suppress(NotDone):  # on a full disk the pages are still read
                ledger.note_running(now(), ran)
        return ledger.form_key(fresh)


@contextmanager
def delivering(path: LedgerPlace) -> Iterator[None]:
    """Deliver beside whatever else is done, until that ends."""
    ended = Event()
    from schedule.web.failures import note_fault

    faults = logging.getLogger("dayzero.faults")

    def told(error: Exception) -> None:
        if isinstance(error, NotDone):
            faults.error("%s", failure_in_words(error.failure, "terminal"))
        else:
            note_fault(error)

    worker = Thread(target=keep_delivering, args=(path, lambda: datetime.now(UTC), ended.wait, DELIVER_EVERY, told))
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join()


def reached_through(
    address: str,
    port: int,
    socket: Path | None,
    *,
    behind_proxy: str | None,
    public_origin: str | None,
    prefix: str,
    groups: Path | None,
    groups_header: str | None,
    groups_separator: str,
    proxy_secret: Path | None,
) -> dict[str, Any]:
    """How the pages are reached, as the settings have it. UsageError where the options do not fit."""
    public_origin, path = parted(public_origin, prefix)
    hosts, origins = reached_as(address, port, behind_proxy, public_origin)
    secret = secret_of(proxy_secret, socket, behind_proxy, port)
    return {
        "proxy_header": behind_proxy,
        "proxy_secret": secret,
        "own_proxy": behind_proxy is not None and secret is None and socket is None,
        "hosts": hosts,
        "origins": origins,
        "prefix": path,
        "groups": groups_of(groups, groups_header, groups_separator, behind_proxy),
    }


def run(settings: Settings, address: str, port: int, socket: Path | None = None) -> None:
    """Answer until stopped."""
    from schedule.web.server import make_server

    gc.set_threshold(*OF_PYTHON)  # what lives long cannot wait as long as a command before it is looked through
    log_to_standard_error()
    try:
        server = make_server(settings, address, port, socket)
    except OSError as error:
        if socket is not None:
            raise click.UsageError(f"--socket {socket} cannot be made ({error.strerror or error}).") from error
        raise NotDone(PortTaken(port=port, cause=str(error.strerror))) from error
    shown = f"[{address}]" if ":" in address else address
    public = next(iter(settings.origins)) if settings.proxy_header else f"http://{shown}:{port}"
    acts = (
        f"who acts stands in the header {settings.proxy_header}" if settings.proxy_header else f"{settings.user} acts"
    )
    key = f"?{KEY}={settings.key}" if settings.key else ""
    click.echo(f"Dayzero is at {public}{settings.prefix}/{key} - {acts}{', read-only' if settings.read_only else ''}.")
    if settings.proxy_header:
        inside = f"unix:{socket}" if socket is not None else f"http://{shown}:{port}"
        own = f", if it runs as {getpass.getuser()}" if settings.own_proxy else ""
        click.echo(f"The reverse proxy finds it at {inside}, on this computer only{own}.")
    click.echo(f"Ledger: {settings.store}. Stop it with Ctrl+C.")
    try:
        server.run()
    finally:
        server.close()


class LogLine(logging.Formatter):
    """A line of the log: the time in UTC, and what is told."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{_second(int(record.created))}Z {record.getMessage()}"


@lru_cache(maxsize=1)
def _second(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))


def log_to_standard_error() -> None:
    """The access log and the faults, with the time in UTC. The server's own log is left out: it would name
    addresses."""
    logging._srcfile = None  # what no line shows is not looked up: "Optimization" in the logging manual of Python
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler()
    handler.setFormatter(LogLine())
    for name in ("dayzero.access", "dayzero.faults"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        logger.propagate = False
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
