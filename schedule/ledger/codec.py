"""Records to plain JSON values and back: how the ledger and a revision's manifest keep them.

The record's own annotations say what comes back, so a new field is written once, in its record. A field that an older
version did not write has the record's default.
"""

import json
import types
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import fields, replace

from schedule.ledger.chain import to_text
from schedule.model.acts import Act, Deed
from schedule.model.kept import FeedAct, Kept, Lasting
from schedule.model.reasons import Reason
from schedule.model.timing import Point

R = TypeVar("R")
TOLD_BY_NAME = (Reason, *get_args(Point))
"""What is one of several kinds: written with the name of its own."""


def to_plain(value: Any) -> Any:
    """Dates as ISO text, records as tables, tuples as lists. TypeError for what has no plain form."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat() + (SECOND if value.fold and value.tzinfo is None else "")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, Struct):
        kind: Any = type(value)
        said: dict[str, Any] = {"is": kind.__name__} if isinstance(value, TOLD_BY_NAME) else {}
        return said | {name: to_plain(getattr(value, name)) for name in kind.__struct_fields__}
    raise TypeError(f"{type(value).__name__} has no plain form")


SECOND = "[fold=1]"
"""Behind a wall time without zone that the clocks show twice: it is the second of the two."""


def moment_from_text(text: str) -> datetime:
    """The moment in ISO text, or wall time without zone, that `to_plain` wrote. ValueError for any other text."""
    found = datetime.fromisoformat(text.removesuffix(SECOND))
    return found.replace(fold=1) if text.endswith(SECOND) else found


def from_plain(kind: type[R], value: Any) -> R:
    """The `kind` that `to_plain` wrote. KeyError, TypeError or ValueError if `value` is none."""
    hashable: Any = kind
    found: R = _reader(hashable)(value)
    return found


Decoder = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> Decoder:
    """What reads a kind: its annotations are looked at once."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of([option for option in inner if option is not type(None)])
    if origin is tuple:
        return _row_of(inner[0]) if len(inner) == 2 and inner[1] is Ellipsis else _each_of(inner)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _table_of(*inner)
    if origin is frozenset:
        row = _row_of(inner[0])
        return lambda value: frozenset(row(value))
    if origin is Literal:
        return _word_of(inner)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _record_of(kind)
    if kind is datetime:
        return moment_from_text
    if kind in (date, time):
        reader: Decoder = kind.fromisoformat
        return reader
    return (lambda value: uuid.UUID(str(value))) if kind is uuid.UUID else _plain_of(kind)


def _one_of(options: Sequence[Any]) -> Decoder:
    """None, or one of several reasons, told by its name; or the one other kind that it can be."""
    if len(options) == 1:
        only = _reader(options[0])
        return lambda value: None if value is None else only(value)
    named = {option.__name__: option for option in options}

    def read(value: Any) -> Any:
        if value is None:
            return None
        if value["is"] not in named:
            raise ValueError(f"{value['is']!r} is none of {sorted(named)}")
        return _reader(named[value["is"]])(value)

    return read


def _row_of(kind: Any) -> Decoder:
    one = _reader(kind)
    return lambda value: tuple([one(item) for item in value])


def _each_of(kinds: Sequence[Any]) -> Decoder:
    each = [_reader(kind) for kind in kinds]
    return lambda value: tuple(one(item) for one, item in zip(each, value, strict=True))


def _table_of(names: type, kind: Any) -> Decoder:
    one, mapping = _reader(kind), _plain_of(dict)
    return lambda value: {names(key): one(item) for key, item in mapping(value).items()}


def _word_of(words: Sequence[Any]) -> Decoder:
    def read(value: Any) -> Any:
        if value not in words:
            raise ValueError(f"{value!r} is none of {words}")
        return value

    return read


def _plain_of(kind: type) -> Decoder:
    def read(value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is not a {kind.__name__}")
        return value

    return read


def _record_of(kind: Any) -> Decoder:
    """A record by its fields' names; one that was not written has the record's default."""
    parts: list[tuple[str, Decoder, bool]] = []

    def read(value: Any) -> Any:
        nonlocal parts
        if not parts:  # only now: a record may hold others of its own kind
            parts = [(one.name, _reader(one.type), not one.required) for one in fields(kind)]
        return kind(**{name: one(value[name]) for name, one, may_lack in parts if not may_lack or name in value})

    return read


def in_zone(value: R, where: ZoneInfo | None) -> R:
    """The value with its moments in that zone again, of which `to_plain` keeps the offset alone; as it is where no zone
    is known.

    A wall time without zone stays as it is."""
    found: Any = value
    if where is None:
        return value
    if isinstance(value, datetime):
        found = value.astimezone(where) if value.tzinfo is not None else value
    elif isinstance(value, tuple):
        found = tuple(in_zone(part, where) for part in value)
    elif isinstance(value, Struct):
        parts = {name: getattr(value, name) for name in value.__struct_fields__}
        moved = {name: in_zone(part, where) for name, part in parts.items()}
        changed = {name: part for name, part in moved.items() if part is not parts[name]}
        found = replace(value, **changed) if changed else value
    result: R = found
    return result


def deed_from_plain(kind: str, value: Any) -> Deed:
    """The deed of that kind. KeyError, TypeError or ValueError if `value` is none."""
    deed: Deed = from_plain(_deeds()[kind], value)
    return deed


@cache
def _deeds() -> dict[str, Any]:
    return {one.kind: one for one in get_args(Deed)}


def act_to_plain(act: Act, lasting: Lasting) -> dict[str, Any]:
    """An act by its columns, but for those that the chain adds."""
    return {
        "code": act.code, "revision": act.revision, "based_on": act.based_on, "kind": act.kind,
        "deed": to_text(to_plain(act.deed)), "who": act.by, "at": act.at.isoformat(),
        "site_time": to_plain(act.site_time), "as_of": to_plain(act.as_of), "reason": act.reason,
        "lasting": to_text(to_plain(lasting)),
    }  # fmt: skip


@lru_cache(maxsize=256)
def _record_in(kind: Any, text: str) -> Any:
    """The record that a text of the ledger holds; read once, since many readers ask for the same few revisions."""
    return from_plain(kind, json.loads(text))


def kept_from_plain(values: Mapping[str, Any]) -> Kept:
    """The act that was written so. KeyError, TypeError or ValueError if it was not."""
    _check_texts(values)
    act = Act(
        code=values["code"],
        revision=values["revision"],
        based_on=values["based_on"],
        by=values["who"],
        at=datetime.fromisoformat(values["at"]),
        site_time=moment_from_text(values["site_time"]),
        as_of=moment_from_text(values["as_of"]),
        reason=values["reason"],
        deed=deed_from_plain(values["kind"], json.loads(values["deed"])),
    )
    return Kept(act=act, lasting=_record_in(Lasting, values["lasting"]), hash=values["hash"])


def feed_act_to_plain(act: FeedAct) -> dict[str, Any]:
    """What was done to a feed, by its columns, but for those that the chain adds."""
    return {
        "token": act.token, "kind": act.kind, "label": act.label, "code": act.code or "", "ward": act.ward,
        "level": act.level,
        "expires": act.expires.isoformat(), "who": act.by, "at": act.at.isoformat(), "reason": act.reason,
    }  # fmt: skip


def feed_act_from_plain(values: Mapping[str, Any]) -> FeedAct:
    """The act on a feed that was written so. KeyError, TypeError or ValueError if it was not."""
    _check_texts(values)
    plain = {"code": values["code"] or None, "by": values["who"]}
    return from_plain(FeedAct, {**values, **plain})


def _check_texts(values: Mapping[str, Any]) -> None:
    if any(isinstance(value, bytes) for value in values.values()):
        raise ValueError("there are bytes where a text was written")
