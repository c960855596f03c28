"""What an event is called, as values: the protocol's own words, which of several it is, and until when it goes on."""

from datetime import date

from msgspec import Struct


class Numbered(Struct, frozen=True, kw_only=True, array_like=True):
    """Which of how many: `unit` is the protocol's word for one of them, `number` counts from 1 to `of`."""

    unit: str
    number: int
    of: int


class Until(Struct, frozen=True, kw_only=True, array_like=True):
    """What a record ends: in the protocol's words by what, and the last day at the latest, included, if it has one."""

    what: str
    latest: date | None


class Title(Struct, frozen=True, kw_only=True, array_like=True):
    """The activity's own title, with `numbered` where there are several and `until` where a record ends it."""

    text: str
    numbered: Numbered | None = None
    until: Until | None = None
