"""What lists show of what an act gave, read without the rest of it: a ward has hundreds of patients.

It is read straight into its records; then its moments are put into the site's zone again, of which a text keeps the
offset alone.
"""

import types
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import cache
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import fields, force_setattr

from schedule.ledger.packed import KeptText, unsqueezed
from schedule.ledger.shapes import is_record
from schedule.model.projection import ListedProjection

Zoned = Callable[[Any, tzinfo], Any]
"""A value with its moments in that zone; one that nobody else has yet is changed itself."""


def listed_in(text: str) -> ListedProjection:
    """What a list shows, from the text of what an act gave. ValueError if it is none."""
    whole = msgspec.json.decode(text, type=KeptText)
    found: ListedProjection = _reader().decode(unsqueezed(whole.listed))
    zoned = _zoned(ListedProjection)
    return found if whole.zone is None or zoned is None else zoned(found, ZoneInfo(whole.zone))


@cache
def _reader() -> "msgspec.json.Decoder[ListedProjection]":
    return msgspec.json.Decoder(ListedProjection)


@cache
def _zoned(kind: Any) -> Zoned | None:
    """What puts values of a kind into a zone; None where they have no moments."""
    if kind is datetime:
        return lambda value, zone: value.astimezone(zone) if value.tzinfo is not None else value
    if is_record(kind):
        return _of_record(kind)
    origin, inner = get_origin(kind), get_args(kind)
    found = {one: zoned for one in inner if (zoned := _zoned(one)) is not None}
    if not found:
        return None
    if origin in (Union, types.UnionType):
        return lambda value, zone: found[type(value)](value, zone) if type(value) in found else value
    (one,) = found.values()
    if origin is tuple:
        return lambda value, zone: tuple([one(part, zone) for part in value])
    assert issubclass(origin, Mapping), kind
    return lambda value, zone: {key: one(part, zone) for key, part in value.items()}


def _of_record(kind: Any) -> Zoned | None:
    found = [(field.name, zoned) for field in fields(kind) if (zoned := _zoned(field.type)) is not None]

    def put(value: Any, zone: tzinfo) -> Any:
        for name, zoned in found:
            part = getattr(value, name)
            if part is not None:
                force_setattr(value, name, zoned(part, zone))
        return value

    return put if found else None
