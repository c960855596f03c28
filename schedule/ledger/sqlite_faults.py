"""What is wrong with a ledger in an SQLite file:
the file itself, the chains of hashes, the texts, what the acts gave.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schedule.ledger.chain import ACT_COLUMNS, FEED_COLUMNS, FIRST_HASH, projection_hash, row_hash
from schedule.model.reasons.failures import (
    ChainBroken,
    ChainLink,
    DamagedFile,
    Fault,
    FeedNamed,
    LinkChanged,
    NotReadable,
    ProjectionMissing,
    ProjectionStray,
    RevisionNamed,
    TextChanged,
)


def faults_of(connection: sqlite3.Connection) -> list[Fault]:
    """Everything that is wrong, as far as it can be read."""
    found: list[Fault] = []
    try:
        state = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if state != "ok":
            found.append(DamagedFile(cause=state))
        found += _of_chain(connection, "acts", ACT_COLUMNS, _revision_of)
        found += _of_chain(connection, "feed_acts", FEED_COLUMNS, lambda values: FeedNamed(label=values["label"]))
        found += _of_projections(connection)
        for sha256, text in connection.execute("SELECT sha256, text FROM texts"):
            if not isinstance(text, str) or hashlib.sha256(text.encode()).hexdigest() != sha256:
                found.append(TextChanged(sha256=str(sha256)))
    except (sqlite3.Error, UnicodeError) as error:
        found.append(NotReadable(cause=str(error)))
    return found


def _revision_of(values: Mapping[str, Any]) -> RevisionNamed:
    return RevisionNamed(code=values["code"], revision=values["revision"])


def _of_chain(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], name: Callable[[Mapping[str, Any]], ChainLink]
) -> Iterator[Fault]:
    """Rows that were changed, taken out, put in."""
    previous = FIRST_HASH
    for fields in connection.execute(f"SELECT {', '.join(columns)}, hash FROM {table} ORDER BY id"):
        values = dict(zip((*columns, "hash"), fields, strict=True))
        kept = values.pop("hash")
        if values["previous"] != previous:
            yield ChainBroken(before=name(values))
        if any(isinstance(value, bytes) for value in (*values.values(), kept)) or row_hash(values, columns) != kept:
            yield LinkChanged(link=name(values))
        previous = kept


def _of_projections(connection: sqlite3.Connection) -> Iterator[Fault]:
    """What acts gave that was changed, taken out, put in."""
    query = (
        "SELECT code, revision, acts.hash, form, content, projections.hash FROM acts LEFT JOIN projections USING (id) "
        "UNION ALL SELECT NULL, id, NULL, form, content, hash FROM projections WHERE id NOT IN (SELECT id FROM acts)"
    )
    for code, revision, act_hash, form, content, kept in connection.execute(query):
        link = RevisionNamed(code=code, revision=revision)
        if code is None:
            yield ProjectionStray(number=revision)
        elif content is None:
            yield ProjectionMissing(link=link)
        elif bytes in map(type, (act_hash, form, content, kept)) or projection_hash(form, content, act_hash) != kept:
            yield LinkChanged(link=link)
