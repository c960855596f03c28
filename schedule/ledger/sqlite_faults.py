"""What is wrong with a ledger in an SQLite file:
the file itself, the chains of hashes, the texts, what the acts gave.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from schedule.ledger.chain import ACT_COLUMNS, FEED_COLUMNS, FIRST_HASH, projection_hash, row_hash
from schedule.model.reasons.faults import (
    ChainBroken,
    ChainLink,
    DamagedFile,
    FeedNamed,
    LedgerFault,
    LinkChanged,
    NotReadable,
    ProjectionMissing,
    ProjectionStray,
    RevisionNamed,
    TextChanged,
)


def faults_of(connection: sqlite3.Connection, *, whole: bool) -> list[LedgerFault]:
    """Everything that is wrong beside the acts, as far as it can be read; unless `whole` only with feeds."""
    found: list[LedgerFault] = []
    try:
        found += _of_feeds(connection)
        if not whole:
            return found
        state = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if state != "ok":
            found.append(DamagedFile(cause=state))
        strays = connection.execute("SELECT id FROM projections WHERE id NOT IN (SELECT id FROM acts)")
        found += (ProjectionStray(number=number) for (number,) in strays)
        for sha256, text in connection.execute("SELECT sha256, text FROM texts"):
            if not isinstance(text, str) or hashlib.sha256(text.encode()).hexdigest() != sha256:
                found.append(TextChanged(sha256=str(sha256)))
    except (sqlite3.Error, UnicodeError) as error:
        found.append(NotReadable(cause=str(error)))
    return found


def _of_feeds(connection: sqlite3.Connection) -> Iterator[LedgerFault]:
    """Acts on feeds that were changed, taken out, put in."""
    previous = FIRST_HASH
    for fields in connection.execute(f"SELECT {', '.join(FEED_COLUMNS)}, hash FROM feed_acts ORDER BY id"):
        values = dict(zip((*FEED_COLUMNS, "hash"), fields, strict=True))
        yield from _of_link(FeedNamed(label=values["label"]), values, previous, FEED_COLUMNS)
        previous = values["hash"]


def _of_link(
    link: ChainLink, values: Mapping[str, Any], previous: str, columns: tuple[str, ...] = ACT_COLUMNS
) -> Iterator[LedgerFault]:
    """Whether a row was changed, or does not follow from the one before."""
    if values["previous"] != previous:
        yield ChainBroken(before=link)
    if bytes in map(type, values.values()) or row_hash(values, columns) != values["hash"]:
        yield LinkChanged(link=link)


def checked_rows(
    connection: sqlite3.Connection, where: str, *values: object
) -> Iterator[tuple[dict[str, Any], tuple[LedgerFault, ...]]]:
    """Those acts, one at a time, each with the `content` of what it gave, and with what is wrong with either: changed,
    taken out, put in. `where` is our own."""
    before = "coalesce((SELECT hash FROM acts AS other WHERE other.id < acts.id ORDER BY other.id DESC LIMIT 1), ?)"
    columns = (*ACT_COLUMNS, "hash")
    names = ", ".join((before, "form", "projections.hash", *(f"acts.{column}" for column in columns), "content"))
    query = f"SELECT {names} FROM acts LEFT JOIN projections USING (id) {where}"
    for previous, form, given, *fields in connection.execute(query, (FIRST_HASH, *values)):
        row = dict(zip((*columns, "content"), fields, strict=True))
        content, link = row["content"], RevisionNamed(code=row["code"], revision=row["revision"])
        found: list[LedgerFault] = [*_of_link(link, {name: row[name] for name in columns}, previous)]
        if content is None:
            found.append(ProjectionMissing(link=link))
        elif (
            bytes in map(type, (form, content, given, row["hash"]))
            or projection_hash(form, content, row["hash"]) != given
        ):
            found.append(LinkChanged(link=link))
        yield row, tuple(dict.fromkeys(found))
