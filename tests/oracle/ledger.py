"""What was typed, in order: the moves of a patient, the last words on occurrences, bookings, dates."""

from dataclasses import dataclass, field

from .dates import Time, typed
from .files import Text
from .layout import Key, Record


@dataclass
class Move:
    """One move of the ledger."""

    place: int  # its place among the acts
    kind: str  # plan, zero, amend, leader, choose, start, re-date
    as_of: str
    text: Text
    cycle: int = 1
    to: str | None = None  # the new day 0
    made: str = ""  # slip or re-plan, as it was made
    cause: str = ""
    key: Key | None = None  # the leader
    word: Record | None = None  # its record from now on; None: taken back
    first: int = -1  # where the leader's record begins: its first move since it was last open
    course: str | None = None
    next: str | None = None
    turned: str = ""  # slip or re-plan, by what is known now

    def now(self) -> Time:
        """Its as-of, in the zone it was made in."""
        return typed(self.as_of, self.text.zone)


@dataclass
class Ledger:
    """Everything typed, in order: moves, the last words on occurrences, bookings, dates of the patient."""

    moves: list[Move] = field(default_factory=list)
    leaders: list[tuple[int, Key, Record | None]] = field(default_factory=list)  # (place, leader, record or taken back)
    records: dict[Key, Record | None] = field(default_factory=dict)  # of all others: the last word
    bookings: list[tuple[int, Key, str | None]] = field(default_factory=list)
    dates: dict[str, list[str] | str] = field(default_factory=dict)
    starts: list[tuple[int, str, list[str] | str]] = field(default_factory=list)  # start dates: each a move

    def words(self, place: int) -> dict[Key, Record]:
        """All facts known today, but of a leader's record only what its moves up to that place say."""
        known = dict(self.records)
        for where, key, record in self.leaders:
            if where <= place:
                known[key] = record
        return {key: record for key, record in known.items() if record is not None}

    def known_dates(self, place: int) -> dict[str, list[str] | str]:
        """The dates of the patient; of start dates only those of moves up to that place."""
        return {**self.dates, **{name: value for where, name, value in self.starts if where <= place}}

    def booked(self, place: int) -> dict[Key, str]:
        """A booking "counts from its own act on"."""
        found: dict[Key, str | None] = {}
        for where, key, at in self.bookings:
            if where < place:
                found[key] = at
        return {key: at for key, at in found.items() if at is not None}
