"""Where ledgers lie in the tests: in a file, and in a database of the session's own PostgreSQL server. What holds of a ledger
is tried in both; `conftest` gives the fixtures to every test.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schedule.commands import main
from schedule.ledger.chain import ACT_COLUMNS, projection_hash, row_hash
from schedule.ledger.opening import open_store
from schedule.ledger.server import close_kept
from schedule.ledger.steps import APPENDED, STEPS
from schedule.model.server_address import ServerAddress
from schedule.service.place import LedgerPlace
from schedule.service.revisions import calendar_entries
from schedule.service.verify import faults_of_rows, verify
from shared.failures import told
from shared.postgres import OWNER, ROLE, cluster
from shared.slip_once import CODE, create_patient, slip

KINDS = ("sqlite", "postgres")
EITHER = (pytest.param("sqlite", id=pytest.HIDDEN_PARAM), "postgres")
"""The same; what is tried in a file adds nothing to a test's name."""


@pytest.fixture(scope="session")
def postgres():
    """The session's server."""
    with cluster() as made:
        yield made
        close_kept()


@pytest.fixture(scope="session")
def emptied(postgres):
    """A database that is emptied each time it is asked for."""
    return _emptied(postgres)


@pytest.fixture(scope="session")
def filled(postgres):
    """Another one."""
    return _emptied(postgres)


def _emptied(server):
    """What gives the address of one database of a server, emptied: a new one for each test would cost a second."""
    name = server.database()

    def emptied() -> ServerAddress:
        close_kept()
        with psycopg.connect(server.url(name, role=OWNER), autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            owner.execute(f"DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public AUTHORIZATION {ROLE}")
        return ServerAddress(server.url(name))

    return emptied


@pytest.fixture(scope="session")
def three_acts(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("three") / "ledger.sqlite"
    with open_store(path) as store:
        create_patient(store)
        slip(store, 1)
        slip(store, 2)
    return path


def new_place(request: Any, tmp_path: Path, kind: str) -> LedgerPlace:
    """Where a new ledger of a kind may lie."""
    found: LedgerPlace = tmp_path / "ledger.sqlite" if kind == "sqlite" else request.getfixturevalue("emptied")()
    return found


@pytest.fixture(params=KINDS)
def place(request, tmp_path) -> LedgerPlace:
    """Where a new ledger may lie."""
    return new_place(request, tmp_path, request.param)


@pytest.fixture(params=EITHER)
def either(request, tmp_path) -> LedgerPlace:
    """The same, under the other names."""
    return new_place(request, tmp_path, request.param)


def address_of(place: object) -> str:
    """A ledger's place as it is typed, or set as DAYZERO_STORE; anything else as it is written."""
    return place.url if isinstance(place, ServerAddress) else str(place)


def place_of(store: Any) -> LedgerPlace:
    """Where a ledger lies that is or was open."""
    found: LedgerPlace = store.place if hasattr(store, "place") else store.path
    return found


@pytest.fixture(params=KINDS)
def ledger(request, tmp_path, three_acts, monkeypatch) -> LedgerPlace:
    """Where a ledger lies with one patient and two slips: three acts. What is kept of a server's is kept in `tmp_path`."""
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "ledger.sqlite" if request.param == "sqlite" else request.getfixturevalue("filled")()
    return copied(three_acts, place)


def copied(made: Path, place: LedgerPlace) -> LedgerPlace:
    """The same ledger there as in a file."""
    if isinstance(place, Path):
        return Path(shutil.copyfile(made, place))
    with open_store(place) as store, open_store(made) as there:
        store.take_over(there)
    return place


def asked(place: LedgerPlace, *statements: str) -> list[Any]:
    """What the last of some statements gives, asked of the database itself; nothing of what gives no rows."""
    connection = (
        psycopg.connect(place.url, autocommit=True)
        if isinstance(place, ServerAddress)
        else sqlite3.connect(place, isolation_level=None)
    )
    with closing(connection):
        for statement in statements:
            found = connection.execute(statement)
        return found.fetchall() if found.description else []


def every_row(place: LedgerPlace) -> list[Any]:
    """Every row of every table; of a server's with the transaction that wrote it."""
    tables = sorted(frozenset[str]().union(*(step.tables for step in STEPS)))
    columns = "xmin::text, *" if isinstance(place, ServerAddress) else "*"
    return [asked(place, f"SELECT {columns} FROM {table} ORDER BY 1, 2") for table in tables]


@contextmanager
def forced(place: LedgerPlace) -> Iterator[Any]:
    """The ledger in the hands of somebody who takes the triggers out first."""
    if isinstance(place, ServerAddress):
        with open_store(place) as store:
            for table in APPENDED:
                store.connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[attr-defined]
            yield store.connection  # type: ignore[attr-defined]
        return
    connection = sqlite3.connect(place, isolation_level=None)
    try:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
    finally:
        connection.close()


def rehash(connection: Any) -> None:
    """Make the chain whole again, as a clever forger would."""
    previous = "0" * 64
    for number, *fields in connection.execute(f"SELECT id, {', '.join(ACT_COLUMNS)} FROM acts ORDER BY id").fetchall():
        values = {**dict(zip(ACT_COLUMNS, fields, strict=True)), "previous": previous}
        previous = row_hash(values)
        chained = values["previous"], previous, number
        connection.execute("UPDATE acts SET previous = ?, hash = ? WHERE id = ?", chained)
        given = connection.execute("SELECT form, ward, content FROM projections WHERE id = ?", (number,)).fetchone()
        beside = projection_hash(*given, previous), number
        connection.execute("UPDATE projections SET hash = ? WHERE id = ?", beside)


def differences(place: LedgerPlace, out: Path | None = None) -> list[str]:
    """What `verify` says, each a plain sentence."""
    with open_store(place) as store:
        found = told(verify(store, out).faults)
    for line in found:
        assert ": " in line or line.endswith("."), line
        assert not re.search(r"\w+Error\b|Traceback|<\w+ object", line), line
    return found


def faults(place: LedgerPlace) -> list[str]:
    with open_store(place) as store:
        return told(faults_of_rows(store))


def dayzero(*arguments: object) -> int:
    """A command, in this process; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([address_of(one) for one in arguments])
    return int(ended.value.code or 0)


def sent(store: Any, code: str = CODE) -> dict[str, int]:
    """The highest SEQUENCE that any revision of the ledger gave each calendar entry."""
    found: dict[str, int] = {}
    for row in store.history(code):
        for entry in calendar_entries(store, row):
            found[entry.id] = max(found.get(entry.id, 0), entry.since)
    return found


def backed_up(ledger: LedgerPlace, target: Path) -> Path:
    """A backup of a ledger at revision 3; the ledger itself goes on to revision 6."""
    with open_store(ledger) as store:
        store.backup(target)
        for second in (3, 4, 5):
            slip(store, second)
    return target
