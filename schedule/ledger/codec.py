"""Records to plain JSON values and back: how the ledger and a revision's manifest keep them.

The record's own annotations say what is written and what comes back, so a new field is written once, in its record. A
field that an older version did not write has the record's default.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from schedule.ledger.chain import to_text
from schedule.ledger.parts import with_each
from schedule.ledger.shapes import MOMENTS, FieldShape, Read, RecordForm, Write, is_record, shape_of
from schedule.model.acts import Act, Deed
from schedule.model.kept import FeedAct, Kept, Lasting
from schedule.model.reasons import Reason
from schedule.model.timing import Point

R = TypeVar("R")
TOLD_BY_NAME = (Reason, *get_args(Point))
"""What is one of several kinds: written with the name of its own."""
SECOND = "[fold=1]"
"""Behind a wall time without zone that the clocks show twice: it is the second of the two."""


def to_plain(value: Any) -> Any:
    """Dates as ISO text, records as tables, tuples as lists. TypeError for what has no plain form."""
    kind: Any = type(value)
    write = shape_of(_TABLES, kind).write
    return value if write is None else write(None, value)


def each_to_plain(values: Iterable[Struct]) -> list[Any]:
    """The same of several records; one that stands in many of them is written once, and is then the same table in
    memory."""
    done: dict[int, Any] = {}
    return [_writer_for(value)(done, value) for value in tuple(values)]


def from_plain(kind: type[R], value: Any) -> R:
    """The `kind` that `to_plain` wrote. KeyError, TypeError or ValueError if `value` is none."""
    hashable: Any = kind
    read = shape_of(_TABLES, hashable).read
    found: R = value if read is None else read(value, None)
    return found


def moment_to_text(value: datetime) -> str:
    """A moment, or a wall time without zone, in ISO text."""
    return value.isoformat() + (SECOND if value.fold and value.tzinfo is None else "")


def moment_from_text(text: str) -> datetime:
    """The moment in ISO text, or wall time without zone, that `to_plain` wrote. ValueError for any other text."""
    found = datetime.fromisoformat(text.removesuffix(SECOND))
    return found.replace(fold=1) if text.endswith(SECOND) else found


class _Tables(RecordForm):
    """A record as a table by the names of its fields, and what it is where it is one of several. Whatever is read may
    have been changed by anybody: each value is looked at."""

    def part(self, kind: Any) -> FieldShape:
        if is_record(kind):
            return FieldShape(_table_from(kind), _table_read_as(kind))
        if kind is datetime:
            return FieldShape(lambda _, value: moment_to_text(value), lambda text, _: moment_from_text(text))
        if kind in MOMENTS:
            return FieldShape(lambda _, value: value.isoformat(), lambda text, _: kind.fromisoformat(text))
        if kind is uuid.UUID:
            return FieldShape(lambda _, value: str(value), lambda value, _: uuid.UUID(str(value)))
        raise TypeError(f"{kind} has no plain form")

    def one_of(self, kinds: tuple[Any, ...]) -> FieldShape:
        named = {kind.__name__: kind for kind in kinds}

        def read(value: Any, made: Any) -> Any:
            if value["is"] not in named:
                raise ValueError(f"{value['is']!r} is none of {sorted(named)}")
            return _table_read_as(named[value["is"]])(value, made)

        return FieldShape(lambda done, value: _writer_for(value)(done, value), read)

    def table(self, names: Any, one: FieldShape) -> FieldShape:
        write, read, checked = one.write, one.read, _checked(dict)
        return FieldShape(
            lambda out, value: {str(key): part if write is None else write(out, part) for key, part in value.items()},
            lambda value, made: {
                names(key): part if read is None else read(part, made) for key, part in checked(value, made).items()
            },
        )

    def plain(self, kind: type) -> FieldShape:
        return FieldShape(None, _checked(kind))

    def word(self, words: tuple[Any, ...]) -> FieldShape:
        def read(value: Any, _: Any) -> Any:
            if value not in words:
                raise ValueError(f"{value!r} is none of {words}")
            return value

        return FieldShape(None, read)


_TABLES = _Tables()


def _checked(kind: type) -> Read:
    def read(value: Any, _: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is not a {kind.__name__}")
        return value

    return read


@cache
def _parts(kind: Any) -> tuple[tuple[str, FieldShape, bool], ...]:
    """The fields of a record by their names, and whether one need not have been written."""
    return tuple((one.name, shape_of(_TABLES, one.type), not one.required) for one in fields(kind))


def _writer_for(value: Any) -> Write:
    """What writes a value, which may also be a date or a moment, where a field holds one of several kinds."""
    kind: Any = type(value)
    return shape_of(_TABLES, kind).write or (lambda _, plain: plain)


@cache
def _table_from(kind: Any) -> Write:
    """What makes the table of a record; one in `done`, by its place in memory, is made already."""
    said = {"is": kind.__name__} if issubclass(kind, TOLD_BY_NAME) else {}

    def write(done: dict[int, Any] | None, value: Any) -> Any:
        if done is not None and id(value) in done:
            return done[id(value)]
        found: dict[str, Any] = {**said}
        for name, shape, _ in _parts(kind):  # looked up only here: a record may hold others of its own kind
            part = getattr(value, name)
            found[name] = part if shape.write is None else shape.write(done, part)
        if done is not None:
            done[id(value)] = found
        return found

    return write


@cache
def _table_read_as(kind: Any) -> Read:
    def read(value: Any, made: Any) -> Any:
        parts: dict[str, Any] = {}
        for name, shape, may_lack in _parts(kind):
            if not may_lack or name in value:
                parts[name] = value[name] if shape.read is None else shape.read(value[name], made)
        return kind(**parts)

    return read


def in_zone(value: R, where: ZoneInfo | None) -> R:
    """The value with its moments in that zone again, of which plain values keep the offset alone; as it is where no
    zone is known. A wall time without zone stays as it is."""
    return value if where is None else with_each(value, partial(_moment_in, where))


def _moment_in(where: ZoneInfo, part: Any) -> Any:
    """A moment in that zone; a set or a wall time as it is."""
    return part.astimezone(where) if isinstance(part, datetime) and part.tzinfo is not None else part


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
    return Kept(act=act, lasting=msgspec.json.decode(values["lasting"], type=Lasting), hash=values["hash"])


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
