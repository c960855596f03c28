"""Records of which some fields say nothing about whether two are the same."""

from typing import ClassVar

from msgspec import Struct


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
