"""A record of records as a table in which each different part stands once: what acts gave is kept so.

A row is a record (its kind, then its fields), or a date, an hour or a moment in ISO text. A field holds what is plain
as it is, and of what is a row its number, 0 for none. The last row is the whole. What writes and what reads a kind is
compiled from the annotations of its fields, once.
"""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import fields as fields_of

from schedule.ledger.codec import moment_from_text, to_plain
from schedule.model.projection import Projection

R = TypeVar("R")
Write = Callable[["_Rows", Any], Any]
"""What a field's value is written as; what it holds that is a row is added to the rows."""
Read = Callable[[Any, list[Any]], Any]
"""What was written, and the parts made so far by their numbers: the value."""


class _Shape(NamedTuple):
    """How values of one kind stand in a field; None for what stands there as it is."""

    write: Write | None
    read: Read | None


PLAIN = _Shape(None, None)
ROW = _Shape(lambda rows, value: rows.number_of(value), lambda number, made: made[number])


def projection_to_text(projection: Projection) -> str:
    """What an act gave as the one text that it has: the zone, then the rows."""
    return msgspec.json.encode([projection.zone, *packed(projection)]).decode()


@lru_cache(maxsize=64)
def projection_in(text: str) -> Projection:
    """What an act gave, from its text; read once, since many readers ask for the same few. KeyError, TypeError or
    ValueError if it is none."""
    zone, *rows = msgspec.json.decode(text)
    return unpacked(Projection, rows, ZoneInfo(zone) if zone is not None else None)


def packed(whole: Any) -> list[Any]:
    """The rows of a record. TypeError for what has no plain form."""
    rows = _Rows()
    rows.number_of(whole)
    return list(rows.numbers)


def unpacked(kind: type[R], rows: list[Any], zone: ZoneInfo | None) -> R:
    """The record that `packed` wrote, its moments in that zone. KeyError, TypeError or ValueError if it is none."""
    asked: Any = kind
    makers = _makers(asked)
    made: list[Any] = [None]
    try:
        for row in rows:
            made.append(_in_text(row, zone) if isinstance(row, str) else makers[row[0]](row, made))
    except IndexError as error:
        raise ValueError(f"a row names one that is not before it: {error}") from error
    if not isinstance(made[-1], kind):
        raise TypeError(f"{type(made[-1]).__name__} is not a {kind.__name__}")
    whole: R = made[-1]
    return whole


def _in_text(text: str, zone: ZoneInfo | None) -> date | time | datetime:
    if len(text) == len("2026-06-15"):
        return date.fromisoformat(text)
    if "T" not in text:
        return time.fromisoformat(text)
    found = moment_from_text(text)
    return found if zone is None or found.tzinfo is None else found.astimezone(zone)


class _Rows:
    """The rows written so far, each with its number."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def number_of(self, value: Any) -> int:
        """The number of a value's row, which is added where it is new."""
        if value is None:
            return 0
        kind: Any = type(value)
        row: Any
        if isinstance(value, Struct):
            fields = ((getattr(value, name), shape.write) for name, shape in _shapes(kind))
            row = (kind.__name__, *(part if write is None else write(self, part) for part, write in fields))
        else:
            row = to_plain(value)
        return self.numbers.setdefault(row, len(self.numbers) + 1)


@cache
def _shapes(kind: Any) -> tuple[tuple[str, _Shape], ...]:
    """The fields of a record, each with how it is written."""
    return tuple((one.name, _shape(one.type)) for one in fields_of(kind))


@cache
def _shape(kind: Any) -> _Shape:
    """How values of a kind stand in a field. TypeError for a kind of which this cannot be told."""
    origin, inner = get_origin(kind), tuple(one for one in get_args(kind) if one is not type(None))
    if origin in (Union, types.UnionType):
        shapes = {_shape(one) for one in inner}
        if len(shapes) > 1:
            raise TypeError(f"{kind} is of several shapes")
        (shape,) = shapes
        return shape if shape in (PLAIN, ROW) else _or_none(shape)
    if origin is tuple and get_args(kind)[-1] is not Ellipsis:
        return _each([_shape(one) for one in inner])
    if origin is tuple or origin is frozenset:
        return _list(frozenset if origin is frozenset else tuple, _shape(inner[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _table(_shape(inner[1]))
    if kind in (str, int, float, bool) or origin is Literal:
        return PLAIN
    if _is_record(kind) or kind in (date, datetime, time):
        return ROW
    raise TypeError(f"{kind} has no place in a row")


def _or_none(shape: _Shape) -> _Shape:
    write, read = cast(Write, shape.write), cast(Read, shape.read)
    return _Shape(
        lambda rows, value: None if value is None else write(rows, value),
        lambda value, made: None if value is None else read(value, made),
    )


def _list(kind: type, shape: _Shape) -> _Shape:
    def write(rows: _Rows, value: Any) -> Any:
        parts = value if kind is tuple else sorted(value)
        return tuple(parts) if shape.write is None else tuple([shape.write(rows, part) for part in parts])

    if shape is ROW:
        return _Shape(write, lambda value, made: kind([made[number] for number in value]) if value else kind())
    read = shape.read
    return _Shape(write, lambda value, made: kind(value if read is None else [read(part, made) for part in value]))


def _each(shapes: Sequence[_Shape]) -> _Shape:
    def write(rows: _Rows, value: Any) -> Any:
        pairs = zip(value, shapes, strict=True)
        return tuple([part if one.write is None else one.write(rows, part) for part, one in pairs])

    def read(value: Any, made: list[Any]) -> Any:
        pairs = zip(value, shapes, strict=True)
        return tuple([part if one.read is None else one.read(part, made) for part, one in pairs])

    return _Shape(write, read)


def _table(shape: _Shape) -> _Shape:
    """A mapping as pairs, in the order of its keys."""

    def write(rows: _Rows, value: Any) -> Any:
        return tuple(
            (key, value[key] if shape.write is None else shape.write(rows, value[key])) for key in sorted(value)
        )

    read = shape.read
    return _Shape(write, lambda value, made: {key: part if read is None else read(part, made) for key, part in value})


@cache
def _makers(kind: Any) -> dict[str, Read]:
    """Every record that can be part of one of that kind, by its name, with what makes it of a row."""
    return {one.__name__: _maker(one) for one in _records_in(kind, set())}


def _records_in(kind: Any, seen: set[Any]) -> Iterator[Any]:
    for part in get_args(kind):
        yield from _records_in(part, seen)
    if _is_record(kind) and kind not in seen:
        seen.add(kind)
        yield kind
        for one in fields_of(kind):
            yield from _records_in(one.type, seen)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _maker(kind: Any) -> Read:
    shapes = _shapes(kind)
    names = tuple(name for name, _ in shapes)
    refs = tuple(number for number, (_, shape) in enumerate(shapes) if shape is ROW)
    reads = tuple((n, shape.read) for n, (_, shape) in enumerate(shapes) if shape.read is not None and shape is not ROW)

    def make(row: Any, made: list[Any]) -> Any:
        values = row[1:]
        for number in refs:
            values[number] = made[values[number]]
        for number, read in reads:
            values[number] = read(values[number], made)
        return kind(**dict(zip(names, values, strict=True)))

    return make
