"""How values of a kind stand in what keeps them: told by the annotations of their records, compiled once for each kind.

A form (`codec` has one, of plain tables) says how a record or a date stands in a field; what is made of several, and
what may be missing, is put together here.
"""

import types
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any, Literal, NamedTuple, Union, cast, get_args, get_origin

from msgspec import Struct

Write = Callable[[Any, Any], Any]
"""What a value is written as; first comes whatever the form collects meanwhile."""
Read = Callable[[Any, Any], Any]
"""What was written, and whatever the form has made meanwhile: the value."""


class FieldShape(NamedTuple):
    """How values of one kind stand in a field; None for what stands there as it is."""

    write: Write | None
    read: Read | None


AS_IS = FieldShape(None, None)


class RecordForm(ABC):
    """A way to keep values."""

    def part(self, kind: Any) -> FieldShape:
        """A record, a date, an hour, a moment. TypeError for what cannot be kept."""
        raise TypeError(f"{kind} has no form")

    @abstractmethod
    def one_of(self, kinds: tuple[Any, ...]) -> FieldShape:
        """One of several kinds."""

    @abstractmethod
    def table(self, names: Any, one: FieldShape) -> FieldShape:
        """A mapping."""

    def plain(self, kind: type) -> FieldShape:
        """A text, a number, yes or no."""
        del kind
        return AS_IS

    def word(self, words: tuple[Any, ...]) -> FieldShape:
        """One of a few words."""
        del words
        return AS_IS

    def listed(self, kind: type, one: FieldShape) -> FieldShape:
        """Several of a shape; a set in its order."""
        write, read = one

        def written(out: Any, value: Any) -> Any:
            parts = value if kind is tuple else sorted(value)
            return list(parts) if write is None else [write(out, part) for part in parts]

        return FieldShape(
            written, lambda value, made: kind(value if read is None else [read(part, made) for part in value])
        )


def or_none(one: FieldShape) -> FieldShape:
    """That shape, or None as it is."""
    write, read = one
    return FieldShape(
        None if write is None else lambda out, value: None if value is None else write(out, value),
        None if read is None else lambda value, made: None if value is None else read(value, made),
    )


@cache
def shape_of(form: RecordForm, kind: Any) -> FieldShape:
    """How values of a kind stand in a field of that form. TypeError for a kind of which this cannot be told."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        kinds = tuple(one for one in inner if one is not type(None))
        found = shape_of(form, kinds[0]) if len(kinds) == 1 else form.one_of(kinds)
        return found if len(kinds) == len(inner) else or_none(found)
    if origin is tuple and inner[-1] is not Ellipsis:
        return _each([shape_of(form, one) for one in inner])
    if origin in (tuple, frozenset):
        return form.listed(cast(type, origin), shape_of(form, inner[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return form.table(inner[0], shape_of(form, inner[1]))
    if origin is Literal:
        return form.word(inner)
    return form.plain(kind) if kind in (str, int, float, bool) else form.part(kind)


def _each(shapes: list[FieldShape]) -> FieldShape:
    """As many values as there are shapes, each of its own."""

    def write(out: Any, value: Any) -> Any:
        pairs = zip(value, shapes, strict=True)
        return [part if one.write is None else one.write(out, part) for part, one in pairs]

    def read(value: Any, made: Any) -> Any:
        pairs = zip(value, shapes, strict=True)
        return tuple([part if one.read is None else one.read(part, made) for part, one in pairs])

    return FieldShape(write, read)


def is_record(kind: Any) -> bool:
    """Whether it is a kind of record."""
    return isinstance(kind, type) and issubclass(kind, Struct)


MOMENTS = (date, time, datetime)
"""What is kept as ISO text."""
