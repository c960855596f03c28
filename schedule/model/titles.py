"""What an event is called, as values: the protocol's own words, which of several it is, and until when it goes on."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """Which of how many: `unit` is the protocol's word for one of them, `number` counts from 1 to `of`."""

    unit: str
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """What a record ends: in the protocol's words by what, and the last day at the latest, included, if it has one."""

    what: str
    latest: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The activity's own title, with `numbered` where there are several and `until` where a record ends it."""

    text: str
    numbered: Numbered | None = None
    until: Until | None = None
