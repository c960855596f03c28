"""Whose connection it is: another user of the same computer is not the one who started Dayzero."""

import ipaddress
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""Linux's tables of connections: local and remote address, state, the user it belongs to, and the socket's number."""
ESTABLISHED = "01"


def is_told() -> bool:
    """Whether this system tells whose connection one is."""
    return os.name == "posix" and TABLES[0].exists()


def is_of_this_user(environ: Mapping[str, Any]) -> bool:
    """Whether the other end of a request's connection belongs to the user that this process runs as. False where that
    is not known, as for one that the other end has closed already."""
    try:
        asks = ipaddress.ip_address(environ["REMOTE_ADDR"]), int(environ["REMOTE_PORT"])
        port = int(environ["SERVER_PORT"])
        return is_told() and any(uid == os.getuid() for uid in _owners(asks, port))
    except (KeyError, ValueError, TypeError, OSError):
        return False


def _owners(asks: tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int], port: int) -> Iterator[int]:
    """The users of the open sockets from that address to our port. A table has a line for each connection of the whole
    computer, and every request reads one: so line by line."""
    from_port, to_port = f":{asks[1]:04X} ", f":{port:04X} "
    for table in TABLES:
        with suppress(FileNotFoundError), table.open() as lines:
            for line in lines:
                if from_port not in line or to_port not in line:
                    continue
                _, local, remote, state, _, _, _, uid, _, socket, *_ = line.split()
                if state == ESTABLISHED and socket != "0" and _place(local) == asks and _place(remote)[1] == port:
                    yield int(uid)


def _place(text: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    """Address and port as the tables have them: words of four bytes in the machine's own order."""
    address, _, port = text.partition(":")
    words = [bytes.fromhex(address[at : at + 8]) for at in range(0, len(address), 8)]
    data = b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)
    return ipaddress.ip_address(data), int(port, 16)
