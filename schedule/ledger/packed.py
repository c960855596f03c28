"""A record of records as a table in which each different part stands once: what acts gave is kept so.

A row is a record (its kind, then its fields), or a date, an hour or a moment in ISO text. A field holds what is plain
as it is, and of what is a row its number, 0 for none. The last row is the whole.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import astuple
from msgspec.structs import fields as fields_of

from schedule.ledger.codec import moment_from_text, to_plain
from schedule.ledger.shapes import MOMENTS, FieldShape, Read, RecordForm, Write, is_record, shape_of
from schedule.model.projection import Projection

R = TypeVar("R")
ROW = FieldShape(lambda rows, value: rows.number_of(value), lambda number, made: made[number])


class _InRows(RecordForm):
    """A record or a date as the number of its row."""

    sequence = tuple

    def part(self, kind: Any) -> FieldShape:
        if is_record(kind) or kind in MOMENTS:
            return ROW
        raise TypeError(f"{kind} has no place in a row")

    def one_of(self, kinds: tuple[Any, ...]) -> FieldShape:
        shapes = {shape_of(self, kind) for kind in kinds}
        if len(shapes) > 1:
            raise TypeError(f"{kinds} are of several shapes")
        return shapes.pop()

    def maybe(self, one: FieldShape) -> FieldShape:
        return ROW if one is ROW else super().maybe(one)

    def table(self, names: Any, one: FieldShape) -> FieldShape:
        """A mapping as pairs, in the order of its keys."""
        write, read = one
        return FieldShape(
            lambda rows, value: tuple(
                [(key, value[key] if write is None else write(rows, value[key])) for key in sorted(value)]
            ),
            lambda value, made: {key: part if read is None else read(part, made) for key, part in value},
        )


_IN_ROWS = _InRows()


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
    kinds = _kinds_in(asked)
    made: list[Any] = [None]
    try:
        for row in rows:
            made.append(_in_text(row, zone) if isinstance(row, str) else _maker(kinds[row[0]])(row, made))
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
    """The rows written so far, each with its number. What stands in several places is written where it comes first, and
    known again by being the same in memory: the whole holds all of it meanwhile."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.written: dict[int, int] = {}

    def number_of(self, value: Any) -> int:
        """The number of a value's row, which is added where it is new."""
        if value is None:
            return 0
        number = self.written.get(id(value))
        if number is None:
            kind: Any = type(value)
            row = _writer(kind)(self, value) if isinstance(value, Struct) else to_plain(value)
            number = self.written[id(value)] = self.numbers.setdefault(row, len(self.numbers) + 1)
        return number


@cache
def _shapes(kind: Any) -> tuple[tuple[str, FieldShape], ...]:
    """The fields of a record, each with how it is written."""
    return tuple((one.name, shape_of(_IN_ROWS, one.type)) for one in fields_of(kind))


@cache
def _writer(kind: Any) -> Write:
    """What makes the row of a record of that kind."""
    name, shapes = kind.__name__, [shape for _, shape in _shapes(kind)]
    writes = [(n, None if one is ROW else one.write) for n, one in enumerate(shapes, 1) if one.write is not None]

    def row(rows: _Rows, value: Any) -> Any:
        parts, number_of = [name, *astuple(value)], rows.number_of
        for number, write in writes:
            part = parts[number]
            parts[number] = number_of(part) if write is None else write(rows, part)
        return tuple(parts)

    return row


@cache
def _kinds_in(kind: Any) -> dict[str, Any]:
    """Every record that can be part of one of that kind, by its name."""
    return {one.__name__: one for one in _records_in(kind, set())}


def _records_in(kind: Any, seen: set[Any]) -> Iterator[Any]:
    for part in get_args(kind):
        yield from _records_in(part, seen)
    if is_record(kind) and kind not in seen:
        seen.add(kind)
        yield kind
        for one in _annotations(kind):
            yield from _records_in(one, seen)


def _annotations(kind: Any) -> list[Any]:
    """The kinds of a record's fields. Those that are named before they are made are looked up, which costs more."""
    found = [one for base in kind.__mro__ for one in vars(base).get("__annotations__", {}).values()]
    return [one.type for one in fields_of(kind)] if any(isinstance(one, str) for one in found) else found


@cache
def _maker(kind: Any) -> Read:
    """What makes a record of its row."""
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
