"""Whether two records are the same: some fields may say nothing about it, or the very offsets of moments count."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import astuple


class PartlyCompared(Struct, frozen=True, eq=False):
    """A record that is equal to another of its kind where all fields but those in `not_compared` are."""

    not_compared: ClassVar[frozenset[str]]

    def _compared(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in self.not_compared)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._compared() == other._compared()

    def __ne__(self, other: object) -> bool:
        """Said, since msgspec's own compares every field."""
        if type(other) is not type(self):
            return NotImplemented
        return self._compared() != other._compared()

    def __hash__(self) -> int:
        return hash(self._compared())


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same down to the offsets of their moments, which to Python may be equal and differ;
    what is the same in memory is not looked into."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    match one:
        case tuple():
            return len(one) == len(other) and all(map(is_same, one, other))
        case Struct():
            return all(map(is_same, astuple(one), astuple(other)))
        case Mapping():
            return one.keys() == other.keys() and all(is_same(part, other[key]) for key, part in one.items())
        case datetime():
            return one == other and one.fold == other.fold and one.tzinfo is other.tzinfo
        case _:
            return bool(one == other)
