"""What is wrong with a ledger: the chains of hashes, the texts, what the acts gave."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schedule.ledger.chain import ACT_COLUMNS, FEED_COLUMNS, FIRST_HASH, projection_hash, row_hash
from schedule.model import reasons

RowsOf = Callable[..., Iterator[Any]]
"""What gives the rows of a statement with these values, a few at a time."""


def faults_beside(ask: RowsOf) -> "Iterator[reasons.faults.LedgerFault]":
    """What belongs to no act, and texts that were changed. What the database raises is raised."""
    for (number,) in ask(
        "SELECT id FROM projections WHERE NOT EXISTS (SELECT 1 FROM acts WHERE acts.id = projections.id)"
    ):
        yield reasons.faults.ProjectionStray(number=number)
    for sha256, text in ask("SELECT sha256, text FROM texts"):
        if not isinstance(text, str) or hashlib.sha256(text.encode()).hexdigest() != sha256:
            yield reasons.faults.TextChanged(sha256=str(sha256))


def faults_of_feeds(ask: RowsOf) -> "Iterator[reasons.faults.LedgerFault]":
    """Acts on feeds that were changed, taken out, put in. What the database raises is raised."""
    previous = FIRST_HASH
    for fields in ask(f"SELECT {', '.join(FEED_COLUMNS)}, hash FROM feed_acts ORDER BY id"):
        values = dict(zip((*FEED_COLUMNS, "hash"), fields, strict=True))
        yield from _of_link(_feed_named, values, previous, FEED_COLUMNS)
        previous = values["hash"]


def _revision_named(values: Mapping[str, Any]) -> "reasons.faults.RevisionNamed":
    return reasons.faults.RevisionNamed(code=values["code"], revision=values["revision"])


def _feed_named(values: Mapping[str, Any]) -> "reasons.faults.FeedNamed":
    return reasons.faults.FeedNamed(label=values["label"])


def _of_link(
    named: "Callable[[Mapping[str, Any]], reasons.faults.ChainLink]",
    values: Mapping[str, Any],
    previous: str,
    columns: tuple[str, ...] = ACT_COLUMNS,
) -> "Iterator[reasons.faults.LedgerFault]":
    """Whether a row was changed, or does not follow from the one before."""
    if values["previous"] != previous:
        yield reasons.faults.ChainBroken(before=named(values))
    if bytes in map(type, values.values()) or row_hash(values, columns) != values["hash"]:
        yield reasons.faults.LinkChanged(link=named(values))


def checked_rows(
    ask: RowsOf, where: str, *values: object
) -> Iterator[tuple[dict[str, Any], tuple["reasons.faults.LedgerFault", ...]]]:
    """Those acts, one at a time, each with the `ward` and the `content` of what it gave, and with what is wrong with
    either: changed, taken out, put in. `where` is our own."""
    before = "coalesce((SELECT hash FROM acts AS other WHERE other.id < acts.id ORDER BY other.id DESC LIMIT 1), ?)"
    columns = (*ACT_COLUMNS, "hash")
    names = ", ".join(
        (before, "form", "projections.hash", *(f"acts.{column}" for column in columns), "ward", "content")
    )
    query = f"SELECT {names} FROM acts LEFT JOIN projections USING (id) {where}"
    for previous, form, given, *fields in ask(query, FIRST_HASH, *values):
        row = dict(zip((*columns, "ward", "content"), fields, strict=True))
        ward, content = row["ward"], row["content"]
        found: list[reasons.faults.LedgerFault] = [
            *_of_link(_revision_named, {name: row[name] for name in columns}, previous)
        ]
        if content is None:
            found.append(reasons.faults.ProjectionMissing(link=_revision_named(row)))
        elif (
            bytes in map(type, (form, ward, content, given, row["hash"]))
            or projection_hash(form, ward, content, row["hash"]) != given
        ):
            found.append(reasons.faults.LinkChanged(link=_revision_named(row)))
        yield row, tuple(dict.fromkeys(found))
