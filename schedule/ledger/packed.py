"""What an act gave as the text that is kept of it: all of it, and beside it what lists of many patients show of it.

Both are written and read by msgspec alone, by the kinds of their records, and squeezed: a plan says much the same of
each of its days.
"""

import zlib
from datetime import UTC, timedelta, timezone
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from schedule.ledger.parts import with_each
from schedule.model.projection import ListedProjection, Projection, listed_of
from schedule.model.sizes import WHOLES

MOST_BYTES = 64 * 2**20
"""What is longer is none of ours."""
LEVEL = 4
"""How hard it is squeezed: harder takes twice as long for a tenth of the room."""
SECOND_OF_TWO = timezone(timedelta(hours=23, minutes=59))
"""An offset that no place has. It marks a wall time without zone that the clocks show twice: it is the second."""


class KeptText(Struct, frozen=True, array_like=True):
    """The text of what an act gave, squeezed: what lists show of it, and all of it."""

    listed: bytes
    whole: bytes


def projection_to_text(projection: Projection) -> str:
    """What an act gave as text."""
    listed, whole = (zlib.compress(part, LEVEL) for part in _parts_of(projection))
    return msgspec.json.encode(KeptText(listed, whole)).decode()


def is_text_of(text: str, projection: Projection) -> bool:
    """Whether a text is that of what an act gave; however a library squeezes."""
    try:
        kept = msgspec.json.decode(text, type=KeptText)
        return (unsqueezed(kept.listed), unsqueezed(kept.whole)) == _parts_of(projection)
    except ValueError:
        return False


def _parts_of(projection: Projection) -> tuple[bytes, bytes]:
    """What lists show and all of it, each as the one text that it has."""
    listed = msgspec.to_builtins(listed_of(projection), str_keys=True, order="deterministic")
    return msgspec.json.encode(listed), msgspec.json.encode(with_each(projection, _told))


def _told(part: Any) -> Any:
    """A moment so that JSON tells it from every other, and a set in its order."""
    if isinstance(part, frozenset):
        return sorted(part)
    offset = part.utcoffset()
    if offset is None:
        return part.replace(tzinfo=SECOND_OF_TWO) if part.fold else part
    return part.astimezone(UTC) if offset.seconds % 60 else part


def unsqueezed(squeezed: bytes) -> bytes:
    """ValueError for what is not squeezed, or too long."""
    reader = zlib.decompressobj()
    try:
        found = reader.decompress(squeezed, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not reader.eof:
        raise ValueError("it ends too soon, or never")
    return found


def listed_in(text: str) -> ListedProjection:
    """What lists show of what an act gave, from its text. ValueError if it is none."""
    return _lists().decode(unsqueezed(msgspec.json.decode(text, type=KeptText).listed))


@lru_cache(maxsize=WHOLES)
def projection_in(text: str) -> Projection:
    """What an act gave, from its text; read once, since many readers ask for the same few. KeyError or ValueError if it
    is none."""
    found = _wholes().decode(unsqueezed(msgspec.json.decode(text, type=KeptText).whole))
    zone = ZoneInfo(found.zone) if found.zone is not None else None
    return with_each(found, lambda part: _as_it_was(part, zone))


def _as_it_was(part: Any, zone: ZoneInfo | None) -> Any:
    """A moment in the site's zone, of which JSON tells the offset alone: also one that its clocks skip keeps its wall
    time, since a person gave it."""
    if isinstance(part, frozenset) or part.tzinfo is None:
        return part
    if part.tzinfo == SECOND_OF_TWO:
        return part.replace(tzinfo=None, fold=1)
    if zone is None:
        return part
    there = part.replace(tzinfo=zone)
    return there if there.utcoffset() == part.utcoffset() else part.astimezone(zone)


@cache
def _lists() -> "msgspec.json.Decoder[ListedProjection]":
    return msgspec.json.Decoder(ListedProjection)


@cache
def _wholes() -> "msgspec.json.Decoder[Projection]":
    return msgspec.json.Decoder(Projection)
