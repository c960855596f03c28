"""Of the servers that an address names, the one that was promoted last.

A server that was lost, and comes back when another has taken its place, knows nothing of that: it takes acts, and
nobody else ever sees them. What tells the two apart is the timeline, which every promotion counts up. So whoever
connects asks the other servers of the address as well, and remembers the highest timeline that was seen.
"""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from schedule.model.errors import NotDone
from schedule.model.reasons.server_failures import LeftBehind, SeveralServers

C = TypeVar("C", bound="psycopg.Connection[tuple[Any, ...]]")
ASKED_WITHIN = "2"
"""Seconds in which another server must answer; one that does not is away."""
ASKED_AGAIN = 10.0
"""Seconds after which a connection that was kept asks them again."""
STATE = """
SELECT system_identifier::text, NOT pg_is_in_recovery(), CASE WHEN pg_is_in_recovery()
    THEN (SELECT greatest(timeline_id, min_recovery_end_timeline) FROM pg_control_checkpoint(), pg_control_recovery())
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END
FROM pg_control_system()
"""


class ServerState(NamedTuple):
    """Which data a server holds, whether it takes acts, or follows another; and its timeline."""

    system: str
    takes_acts: bool
    timeline: int


class Host(NamedTuple):
    """Where one of the servers of an address is."""

    name: str
    port: str

    def __str__(self) -> str:
        return f"{self.name}:{self.port}"


_HIGHEST: dict[str, int] = {}
"""Of each system the highest timeline that took acts."""
_ASKED: dict[str, tuple[float, dict[Host, ServerState]]] = {}
"""Of each address what its servers last said, and when."""


def newest_of(name: str, address: str, found: C, *, kept: bool = False) -> C:
    """The connection to the server that was promoted last: the one that was found, or else another. A `kept` one takes
    what the others have just said. NotDone if the newest is not to be had, or nobody can say which it is. `name` is
    what messages call the address."""
    try:
        own = _state(found)
    except psycopg.errors.InsufficientPrivilege:
        if len([*_hosts(address, found)]) > 1:
            raise
        return found  # of one server alone, that may not be asked, whoever runs it knows which it is
    if not own.takes_acts:
        return found
    others = _others(address, found, kept=kept)
    rivals = {host: one for host, one in others.items() if one.takes_acts or one.system != own.system}
    if any(one.system != own.system or one.timeline == own.timeline for one in rivals.values()):
        raise NotDone(SeveralServers(path=name, servers=tuple(map(str, (_host(found), *rivals)))))
    highest = max([_HIGHEST.get(own.system, 0), own.timeline, *(one.timeline for one in others.values())])
    _HIGHEST[own.system] = highest
    if own.timeline == highest:
        return found
    for host, one in rivals.items():
        if one.timeline == highest:
            return type(found).connect(_alone(address, host), autocommit=True)
    raise NotDone(LeftBehind(path=name, server=str(_host(found))))


def _others(address: str, found: C, *, kept: bool) -> dict[Host, ServerState]:
    """What the other servers of the address say; those that are away are left out."""
    before = _ASKED.get(address)
    if kept and before is not None and time.monotonic() - before[0] < ASKED_AGAIN:
        return before[1]
    said: dict[Host, ServerState] = {}
    for host in _hosts(address, found):
        if host == _host(found):
            continue
        try:
            with psycopg.connect(_alone(address, host, connect_timeout=ASKED_WITHIN), autocommit=True) as other:
                said[host] = _state(other)
        except psycopg.OperationalError:
            continue
    _ASKED[address] = time.monotonic(), said
    return said


def _state(connection: "psycopg.Connection[tuple[Any, ...]]") -> ServerState:
    row = connection.execute(STATE).fetchone()
    assert row is not None
    return ServerState(*row)


def _host(connection: "psycopg.Connection[tuple[Any, ...]]") -> Host:
    """The server that this connection leads to."""
    return Host(connection.info.host, str(connection.info.port))


def _hosts(address: str, connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[Host]:
    """Every server that the address names, or the service file to which it leads."""
    given = connection.info.get_parameters() | conninfo_to_dict(address)
    names, ports = str(given.get("host", "")).split(","), str(given.get("port") or 5432).split(",")
    for number, name in enumerate(names):
        yield Host(name, ports[number] if len(ports) > 1 else ports[0])


def _alone(address: str, host: Host, **more: str) -> str:
    """The address with that one server alone, whatever it is."""
    return make_conninfo(address, host=host.name, port=host.port, target_session_attrs="any", **more)
