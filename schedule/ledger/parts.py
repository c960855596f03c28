"""A record with some of its parts changed, however deep they lie. The annotations of its fields tell where such can be:
nothing else is looked into."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from operator import is_
from typing import Any, Literal, TypeVar, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields, replace

from schedule.ledger.shapes import is_record

R = TypeVar("R")
PartChange = Callable[[Any], Any]
"""What a moment or a set becomes."""
Walk = Callable[[Any, PartChange], Any]
"""A value, and what is made of it; the very same where nothing is changed."""


def with_each(value: R, change: PartChange) -> R:
    """The value with each of its moments and each of its sets changed, and its mappings in the order of their keys."""
    kind: Any = type(value)
    walk = _walk_of(kind)
    found: R = value if walk is None else walk(value, change)
    return found


@cache
def _walk_of(kind: Any) -> Walk | None:
    """How values of that kind are gone through; None where there is nothing in them to change."""
    if issubclass(kind, Struct):
        names = _looked_into(kind)
        return _walk_record(names) if names else None
    if kind is tuple:
        return _tuple_with
    if kind is dict:
        return lambda value, change: {key: with_each(value[key], change) for key in sorted(value)}
    return (lambda value, change: change(value)) if kind in (datetime, frozenset) else None


def _walk_record(names: tuple[str, ...]) -> Walk:
    def walk(value: Any, change: PartChange) -> Any:
        changed = {}
        for name in names:
            part = getattr(value, name)
            if part is not None and (new := with_each(part, change)) is not part:
                changed[name] = new
        return replace(value, **changed) if changed else value

    return walk


def _tuple_with(value: tuple[Any, ...], change: PartChange) -> tuple[Any, ...]:
    parts = [with_each(part, change) for part in value]
    return value if all(map(is_, parts, value)) else tuple(parts)


@cache
def _looked_into(kind: Any) -> tuple[str, ...]:
    """The names of the fields of a record that can hold a moment, a set or a mapping."""
    return tuple(name for name, one in _fields(kind) if _can_hold(one))


@cache
def _can_hold(kind: Any) -> bool:
    """The same of any kind; no record holds others of its own."""
    origin = get_origin(kind)
    if is_record(kind):
        return bool(_looked_into(kind))
    if kind is datetime or origin is frozenset or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return True
    return origin is not Literal and any(map(_can_hold, get_args(kind)))


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a record and their kinds. What is named before it is made is looked up, which costs more."""
    said = {name: one for base in reversed(kind.__mro__) for name, one in vars(base).get("__annotations__", {}).items()}
    if any(map(_is_named_ahead, said.values())):
        return tuple((one.name, one.type) for one in fields(kind))
    return tuple((name, said[name]) for name in kind.__struct_fields__)


def _is_named_ahead(kind: Any) -> bool:
    return isinstance(kind, str) or (get_origin(kind) is not Literal and any(map(_is_named_ahead, get_args(kind))))
