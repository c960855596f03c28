"""Records to plain JSON values and back: how the ledger and a revision's manifest keep them.

The record's own annotations say what comes back, so a new field is written once, in its record. A field that an older
version did not write has the record's default.
"""

import types
import uuid
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from schedule.model.acts import Deed
from schedule.model.reasons import Reason

R = TypeVar("R")


def to_plain(value: Any) -> Any:
    """Dates as ISO text, records as tables, tuples as lists. TypeError for what has no plain form."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if is_dataclass(value):
        said: dict[str, Any] = {"is": type(value).__name__} if isinstance(value, Reason) else {}
        return said | {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[R], value: Any) -> R:
    """The `kind` that `to_plain` wrote. KeyError, TypeError or ValueError if `value` is none."""
    found: R = _read(kind, value)
    return found


@lru_cache(maxsize=64)
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


@lru_cache(maxsize=64)
def _with_default(kind: Any) -> frozenset[str]:
    found = (field for field in fields(kind) if field.default is not MISSING or field.default_factory is not MISSING)
    return frozenset(field.name for field in found)


def _said(options: list[Any], value: Any) -> Any:
    """Which of several reasons was written. ValueError if none of them was."""
    named = {option.__name__: option for option in options}
    if value["is"] not in named:
        raise ValueError(f"{value['is']!r} is none of {sorted(named)}")
    return named[value["is"]]


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        options = [option for option in get_args(kind) if option is not type(None)]
        return _read(options[0] if len(options) == 1 else _said(options, value), value)
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_read(inner[0], item) for item in value)
        return tuple(_read(part, item) for part, item in zip(inner, value, strict=True))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _read(get_args(kind)[1], item) for key, item in value.items()}
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{value!r} is none of {get_args(kind)}")
        return value
    if is_dataclass(kind):
        record: Any = kind
        later = _with_default(record)
        hints = {name: hint for name, hint in _hints(record).items() if name in value or name not in later}
        return record(**{name: _read(hint, value[name]) for name, hint in hints.items()})
    if kind in (date, datetime, time):
        return kind.fromisoformat(value)
    if kind is uuid.UUID:
        return uuid.UUID(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not a {kind.__name__}")
    return value


def in_zone(value: R, where: ZoneInfo | None) -> R:
    """The value with its moments in that zone again, of which `to_plain` keeps the offset alone; as it is where no zone is known.

    A wall time, and whatever is no record, stays as it is."""
    found: Any = value
    if where is None:
        return value
    if isinstance(value, datetime):
        found = value.astimezone(where) if value.tzinfo is not None else value
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        moved = {name: in_zone(part, where) for name, part in parts.items()}
        changed = {name: part for name, part in moved.items() if part is not parts[name]}
        found = replace(value, **changed) if changed else value
    result: R = found
    return result


def deed_from_plain(kind: str, value: Any) -> Deed:
    """The deed of that kind. KeyError, TypeError or ValueError if `value` is none."""
    deed: Deed = from_plain(_deeds()[kind], value)
    return deed


@lru_cache(maxsize=1)
def _deeds() -> dict[str, Any]:
    return {one.kind: one for one in get_args(Deed)}
