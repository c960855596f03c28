"""A record of records as a table in which each different part stands once: what acts gave is kept so.

A row is a record (its kind, then its fields), or a date, an hour or a moment in ISO text. A field holds what is plain
as it is, and of what is a row its number, 0 for none. The last row is the whole. What only repeats the texts, the words
of rules and of sources, has rows of its own with numbers below 0: they are the same for most patients and revisions of
a protocol, and are read once. What writes and what reads a kind is compiled from the annotations of its fields, once.

What lists show stands beside the rows, written and read by msgspec alone: a ward has hundreds of patients. All of it is
squeezed.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import astuple, replace
from msgspec.structs import fields as fields_of

from schedule.ledger.codec import moment_from_text, to_plain
from schedule.ledger.shapes import MOMENTS, FieldShape, RecordForm, Write, is_record, shape_of
from schedule.model.projection import ListedProjection, Projection, listed_of
from schedule.model.protocol import Source
from schedule.model.records import is_same
from schedule.model.sizes import WHOLES

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


class KeptText(Struct, frozen=True, array_like=True):
    """The text of what an act gave: the site's zone; what lists show; the rows of what repeats the texts,
    and the others. All are squeezed, since a plan says much the same of each of its days."""

    zone: str | None
    listed: bytes
    words: bytes
    rows: bytes

    @property
    def plain(self) -> tuple[str | None, bytes, bytes, bytes]:
        """The same, not squeezed: however a library squeezes, of the same values it is the same."""
        return self.zone, unsqueezed(self.listed), unsqueezed(self.words), unsqueezed(self.rows)


MOST_BYTES = 64 * 2**20
"""Longer rows are none of ours."""


def projection_to_text(projection: Projection) -> str:
    """What an act gave as text."""
    zone, listed, words, rows = _parts_of(projection, *_written(projection))
    return msgspec.json.encode(KeptText(zone, zlib.compress(listed), _squeezed(words), zlib.compress(rows))).decode()


def is_text_of(text: str, projection: Projection) -> bool:
    """Whether a text is that of what an act gave."""
    return Packing().is_text_of(text, projection)


Parts = tuple[str | None, bytes, bytes, bytes]
"""The zone, what lists show, and all rows of both kinds, each as the one text that it has."""


class Packing:
    """Writes what acts gave one after the other. Where several gave the same but for their as-of, as notes do, their
    rows are written once."""

    def __init__(self) -> None:
        self.last: Projection | None = None
        self.words, self.rows = b"", list[Any]()

    def is_text_of(self, text: str, projection: Projection) -> bool:
        """Whether a text is that of what an act gave."""
        try:
            return msgspec.json.decode(text, type=KeptText).plain == self.parts_of(projection)
        except ValueError:
            return False

    def parts_of(self, projection: Projection) -> Parts:
        """What an act gave, not squeezed."""
        any_time = replace(projection, as_of=UNKNOWN)
        if self.last is None or not is_same(any_time, self.last):
            self.last, self.rows = any_time, []
            return _parts_of(projection, *_written(projection))
        if not self.rows:
            self.words, self.rows = _written(any_time)
        as_of = to_plain(projection.as_of)
        if as_of in self.rows:  # something else has the same row, which then stands where it comes first
            return _parts_of(projection, *_written(projection))
        rows = [as_of if row == to_plain(UNKNOWN) else row for row in self.rows]
        return _parts_of(projection, self.words, rows)


UNKNOWN = datetime.max
"""Stands for an as-of; no act has it."""


def _written(projection: Projection) -> tuple[bytes, list[Any]]:
    """The rows of what repeats the texts, as their text; and the others."""
    words = _Rows()
    rows = _Rows(words)
    rows.number_of(projection)
    return msgspec.json.encode(list(words.numbers)), list(rows.numbers)


def _parts_of(projection: Projection, words: bytes, rows: list[Any]) -> Parts:
    listed = msgspec.to_builtins(listed_of(projection), str_keys=True, order="deterministic")
    return projection.zone, msgspec.json.encode(listed), words, msgspec.json.encode(rows)


@lru_cache(maxsize=WHOLES)
def _squeezed(words: bytes) -> bytes:
    return zlib.compress(words)


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


@cache
def _lists() -> "msgspec.json.Decoder[ListedProjection]":
    return msgspec.json.Decoder(ListedProjection)


@lru_cache(maxsize=WHOLES)
def projection_in(text: str) -> Projection:
    """What an act gave, from its text; read once, since many readers ask for the same few. KeyError, TypeError or
    ValueError if it is none."""
    whole = msgspec.json.decode(text, type=KeptText)
    parts = _Parts(_words_in(whole.words), ZoneInfo(whole.zone) if whole.zone is not None else None)
    found = parts.make_all(msgspec.json.decode(unsqueezed(whole.rows)))
    if not isinstance(found, Projection):
        raise TypeError(f"{type(found).__name__} is no projection")
    return found


@lru_cache(maxsize=WHOLES)
def _words_in(squeezed: bytes) -> Mapping[int, Any]:
    """What repeats the texts, by its numbers."""
    parts = _Parts({}, None)
    parts.make_all(msgspec.json.decode(unsqueezed(squeezed)))
    return {-number: part for number, part in parts.items()}


class _Parts(dict[int, Any]):
    """The parts by their numbers."""

    def __init__(self, words: Mapping[int, Any], zone: ZoneInfo | None) -> None:
        super().__init__(words)
        self[0] = None
        self.zone, self.kinds = zone, _kinds()

    def make_all(self, rows: list[Any]) -> Any:
        """Make every row, and give the last."""
        kinds, zone = self.kinds, self.zone
        for number, row in enumerate(rows, 1):
            self[number] = _in_text(row, zone) if isinstance(row, str) else _maker(kinds[row[0]])(self, *row)
        return self[len(rows)]


def _in_text(text: str, zone: ZoneInfo | None) -> date | time | datetime:
    if len(text) == len("2026-06-15"):
        return date.fromisoformat(text)
    if "T" not in text:
        return time.fromisoformat(text)
    found = moment_from_text(text)
    return found if zone is None or found.tzinfo is None else found.astimezone(zone)


class _Rows:
    """The rows written so far, each with its number; what repeats the texts in rows of its own, the `words`, where they
    are given. What stands in several places is written where it comes first, and known again by being the same in
    memory: the whole holds all of it meanwhile."""

    def __init__(self, words: "_Rows | None" = None) -> None:
        self.words = words
        self.numbers: dict[Any, int] = {}
        self.written: dict[int, int] = {}
        self.dates: dict[date, int] = {}

    def number_of(self, value: Any) -> int:
        """The number of a value's row, which is added where it is new."""
        if value is None:
            return 0
        number = self.written.get(id(value))
        if number is None:
            number = self.written[id(value)] = self._new(type(value), value)
        return number

    def _new(self, kind: Any, value: Any) -> int:
        if self.words is not None and _repeats_texts(kind):
            return -self.words.number_of(value)
        if kind is date:
            return self.dates.get(value) or self.dates.setdefault(value, self._row(value.isoformat()))
        return self._row(_writer(kind)(self, value) if isinstance(value, Struct) else to_plain(value))

    def _row(self, row: Any) -> int:
        return self.numbers.setdefault(row, len(self.numbers) + 1)


@cache
def _repeats_texts(kind: Any) -> bool:
    """Whether a record holds nothing but words: no time but the date of a source."""
    return is_record(kind) and not _holds_times(kind, set())


def _holds_times(kind: Any, seen: set[Any]) -> bool:
    if kind in MOMENTS or kind is Source or kind in seen:
        return kind in MOMENTS
    seen.add(kind)
    inner = [one for _, one in _fields(kind)] if is_record(kind) else get_args(kind)
    return any(_holds_times(one, seen) for one in inner)


@cache
def _shapes(kind: Any) -> tuple[tuple[str, FieldShape], ...]:
    """The fields of a record, each with how it is written."""
    return tuple((name, shape_of(_IN_ROWS, one)) for name, one in _fields(kind))


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
def _kinds() -> dict[str, Any]:
    """Every record that can be part of what an act gave, by its name."""
    return {one.__name__: one for one in _records_in(Projection, set())}


def _records_in(kind: Any, seen: set[Any]) -> Iterator[Any]:
    for part in get_args(kind):
        yield from _records_in(part, seen)
    if is_record(kind) and kind not in seen:
        seen.add(kind)
        yield kind
        for _, one in _fields(kind):
            yield from _records_in(one, seen)


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a record and their kinds. What is named before it is made is looked up, which costs more."""
    said = {name: one for base in reversed(kind.__mro__) for name, one in vars(base).get("__annotations__", {}).items()}
    if any(map(_is_named_ahead, said.values())):
        return tuple((one.name, one.type) for one in fields_of(kind))
    return tuple((name, said[name]) for name in kind.__struct_fields__)


def _is_named_ahead(kind: Any) -> bool:
    return isinstance(kind, str) or (get_origin(kind) is not Literal and any(map(_is_named_ahead, get_args(kind))))


@cache
def _maker(kind: Any) -> Callable[..., Any]:
    """What makes a record, given the parts and its row. ValueError for a row that is too short or too long."""
    shapes = _shapes(kind)
    names = tuple(name for name, _ in shapes)
    refs = tuple(number for number, (_, shape) in enumerate(shapes) if shape is ROW)
    reads = tuple((n, shape.read) for n, (_, shape) in enumerate(shapes) if shape.read is not None and shape is not ROW)

    def make(made: Mapping[int, Any], _: str, *row: Any) -> Any:
        if len(row) != len(names):
            raise ValueError(f"a row of {kind.__name__} has {len(row)} fields")
        values = list(row)
        for number in refs:
            values[number] = made[values[number]]
        for number, read in reads:
            values[number] = read(values[number], made)
        return kind(**dict(zip(names, values, strict=False)))

    return make
