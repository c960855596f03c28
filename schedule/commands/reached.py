"""Who reaches the pages, and how: the addresses that are answered, and what the hospital's reverse proxy says."""

import ipaddress
import os
import re
import stat
from pathlib import Path

import click

from schedule.service.inputs import open_groups, read_file
from schedule.web.peer import is_told
from schedule.web.settings import SECRET_HEADER, Groups

NOT_A_NAME = {"host", "origin", "cookie", "authorization", "referer", "forwarded", "content-type", "content-length"}
"""Headers that say something else than who is logged in."""
LEAST_SECRET = 32
"""Letters of the secret that the proxy sends."""


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
    check_header("--behind-proxy", header)
    found = re.fullmatch(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?)", public_origin.lower())
    if found is None:
        raise click.UsageError(
            f"--public-origin {public_origin} is none. Write how a browser reaches the proxy: https://NAME, with :PORT "
            "if it is not 443 and the path behind it, if there is one."
        )
    name = found[1].removesuffix(":443")
    return frozenset({name}), frozenset({f"https://{name}"})


def parted(public_origin: str | None, prefix: str) -> tuple[str | None, str]:
    """The proxy's origin, and the path below which the pages lie: behind the origin, or in --prefix."""
    found = re.fullmatch(r"(https://[^/]+)(/.*)", public_origin or "")
    if found is None:
        return public_origin, below(prefix)
    if below(prefix) not in ("", below(found[2])):
        raise click.UsageError(f"--public-origin {public_origin} and --prefix {prefix} name two paths.")
    return found[1], below(found[2])


def below(prefix: str) -> str:
    """The path below which the pages lie: empty, or with a slash at its beginning and none at its end."""
    found = prefix.rstrip("/")
    if found and not re.fullmatch(r"(/[A-Za-z0-9][A-Za-z0-9._~-]*)+", found):
        raise click.UsageError(f"--prefix {prefix} is no path. Write /dayzero, say.")
    return found


def groups_of(file: Path | None, header: str | None, separator: str, user_header: str | None) -> Groups | None:
    """What each group may do, and how the proxy names them; None where no groups are asked for."""
    if file is None and header is None:
        return None
    if file is None or header is None or user_header is None:
        raise click.UsageError("--groups FILE.toml, --groups-header and --behind-proxy go together.")
    check_header("--groups-header", header)
    if header.lower() == user_header.lower():
        raise click.UsageError("--groups-header and --behind-proxy are two headers. Write X-Remote-Groups, say.")
    if not separator:
        raise click.UsageError("--groups-separator is empty. Write what stands between two groups, such as , or ;")
    grants = open_groups(file)
    torn = next((name for name in grants if separator.casefold() in name), None)
    if torn is not None:
        raise click.UsageError(
            f"--groups {file}: the group “{torn}” holds “{separator}”, which stands between two groups, so nobody "
            "would be in it. Let the proxy put another sign between them, and give it: --groups-separator ';'"
        )
    return Groups(header=header, separator=separator, grants=grants)


def check_header(option: str, header: str) -> None:
    """UsageError for what is no header for a name."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{1,63}", header) or header.lower() in NOT_A_NAME:
        example = "X-Remote-User" if option == "--behind-proxy" else "X-Remote-Groups"
        raise click.UsageError(f"{option} {header} is no header for a name. Write {example}, say.")


def secret_of(file: Path | None, socket: Path | None, user_header: str | None, port: int) -> str | None:
    """The secret by which the reverse proxy is known; None where a socket file keeps others out, where the system tells
    whose connection one is, or where there is no proxy. UsageError where nothing would."""
    if user_header is None:
        if file is not None or socket is not None:
            raise click.UsageError("--proxy-secret and --socket are for --behind-proxy.")
        return None
    if file is None:
        if socket is None and not is_told():
            raise click.UsageError(
                f"With --behind-proxy alone, whoever on this computer reaches port {port} could say to be anybody. "
                f"Give --proxy-secret FILE, whose text the proxy sends in {SECRET_HEADER}, or --socket PATH, which "
                "only the proxy's user may open (docs/install.md)."
            )
        return None
    secret = read_file(file).strip()
    if not re.fullmatch(rf"[!-~]{{{LEAST_SECRET},200}}", secret):
        raise click.UsageError(
            f"--proxy-secret {file} holds no secret, which is one line of {LEAST_SECRET} to 200 letters, digits and "
            f"signs. Make one: openssl rand -hex 32 > {file}"
        )
    if os.name == "posix" and file.stat().st_mode & stat.S_IRWXO:
        raise click.UsageError(f"--proxy-secret {file} can be read by everybody on this computer: chmod 600 {file}")
    return secret
