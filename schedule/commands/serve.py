"""serve: the page for the ward, on this computer."""

import getpass
import ipaddress
import logging
import re
import secrets
import time
from pathlib import Path

import click

from schedule.commands.acting import store_option, store_path
from schedule.commands.common import now, site_option
from schedule.model.errors import NotDone
from schedule.model.reasons.file_failures import PortTaken
from schedule.service.inputs import open_ledger, open_protocol, read_tables
from schedule.web.settings import Settings

THREADS = 8
CONNECTIONS = 1000
MOST_HEADER = 16 * 1024
IDLE_SECONDS = 30
NOT_A_NAME = {"host", "origin", "cookie", "authorization", "referer", "forwarded", "content-type", "content-length"}
"""Headers that say something else than who is logged in."""


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
@click.option("--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Of this computer's own only.")
def serve(
    store: Path | None,
    site: Path | None,
    protocols: tuple[Path, ...],
    port: int,
    user: str | None,
    read_only: bool,
    behind_proxy: str | None,
    public_origin: str | None,
    bind: str,
) -> None:
    """Show the pages for the ward in a browser on this computer.

    \b
    dayzero serve --site our-site.toml
    dayzero serve --behind-proxy X-Remote-User --public-origin https://dayzero.hospital.example

    Only this computer is answered. To be reached from others it needs the hospital's reverse proxy in front, which
    encrypts and knows who is logged in: docs/install.md.
    """
    address = loopback(bind)
    if behind_proxy is not None and user is not None:
        raise click.UsageError("With --behind-proxy the proxy says who acts; leave --user out.")
    hosts, origins = reached_as(address, port, behind_proxy, public_origin)
    for path in protocols:
        open_protocol(path)
    if site is not None:
        read_tables(site)
    path = store_path(store)
    with open_ledger(path):
        pass  # made where there is none, and of this version
    settings = Settings(
        store=path,
        site=site,
        protocols=protocols,
        user=user or getpass.getuser(),
        proxy_header=behind_proxy,
        hosts=hosts,
        origins=origins,
        read_only=read_only,
        now=now,
        secret=secrets.token_bytes(32),
    )
    run(settings, address, port)


def loopback(bind: str) -> str:
    """The address, if only this computer reaches it."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if bind == "localhost" else bind)
    except ValueError as error:
        raise click.UsageError(f"--bind {bind} is not an address. Write 127.0.0.1, or leave it out.") from error
    if not address.is_loopback:
        raise click.UsageError(
            f"--bind {bind} can be reached from the network, and Dayzero has neither encryption nor a log-in of its "
            f"own. "
            "It answers this computer only: --bind 127.0.0.1. For other computers put the hospital's reverse proxy in "
            "front of it: --behind-proxy HEADER --public-origin https://NAME (docs/install.md)."
        )
    return str(address)


def reached_as(
    address: str, port: int, header: str | None, public_origin: str | None
) -> tuple[frozenset[str], frozenset[str]]:
    """The Host values that are answered, and the Origins of our own forms."""
    if (header is None) != (public_origin is None):
        raise click.UsageError("--behind-proxy and --public-origin go together.")
    if header is None or public_origin is None:
        names = {f"[{address}]" if ":" in address else address, "localhost"}
        hosts = frozenset(name if port == 80 else f"{name}:{port}" for name in names)
        return hosts, frozenset(f"http://{host}" for host in hosts)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{1,63}", header) or header.lower() in NOT_A_NAME:
        raise click.UsageError(f"--behind-proxy {header} is no header for a user's name. Write X-Remote-User, say.")
    found = re.fullmatch(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?)", public_origin.lower())
    if found is None:
        raise click.UsageError(
            f"--public-origin {public_origin} is none. Write how a browser reaches the proxy: https://NAME, with :PORT "
            "if it is not 443 and nothing after it."
        )
    name = found[1].removesuffix(":443")
    return frozenset({name}), frozenset({f"https://{name}"})


def run(settings: Settings, address: str, port: int) -> None:
    """Answer until stopped."""
    from waitress.server import create_server

    from schedule.web.app import MOST_BODY, make_app

    log_to_standard_error()
    try:
        server = create_server(
            make_app(settings),
            host=address,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            ident="",
            max_request_header_size=MOST_HEADER,
            max_request_body_size=MOST_BODY,
            channel_timeout=IDLE_SECONDS,
            url_scheme="https" if settings.https else "http",
            asyncore_use_poll=True,
        )
    except OSError as error:
        raise NotDone(PortTaken(port=port, cause=str(error.strerror))) from error
    shown = f"[{address}]" if ":" in address else address
    public = next(iter(settings.origins)) if settings.proxy_header else f"http://{shown}:{port}"
    acts = (
        f"who acts stands in the header {settings.proxy_header}" if settings.proxy_header else f"{settings.user} acts"
    )
    click.echo(f"Dayzero is at {public}/ - {acts}{', read-only' if settings.read_only else ''}.")
    if settings.proxy_header:
        click.echo(f"The reverse proxy finds it at http://{shown}:{port}, on this computer only.")
    click.echo(f"Ledger: {settings.store}. Stop it with Ctrl+C.")
    try:
        server.run()
    finally:
        server.close()


def log_to_standard_error() -> None:
    """The access log and the faults, with the time in UTC. The server's own log is left out: it would name
    addresses."""
    handler = logging.StreamHandler()
    formatter = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    for name in ("dayzero.access", "dayzero.faults"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        logger.propagate = False
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
