"""What a ledger keeps, whatever keeps it: acts with what they made, and what was done to feeds."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Literal, get_args

from msgspec import Struct, field

from schedule.model.acts import Act
from schedule.model.entries import ShownDay
from schedule.model.projection import ListedProjection, Projection
from schedule.model.records import PartlyCompared

Level = Literal["minimal", "steps"]
LEVELS: tuple[Level, ...] = get_args(Level)
FeedKind = Literal["made", "revoked", "came back"]


class Since(Struct, frozen=True, kw_only=True):
    """An entry last changed in revision `since`; `of` is the revision whose plan it shows (earlier, once it is
    cancelled).
    """

    since: int
    of: int


class Lasting(Struct, frozen=True, kw_only=True):
    """What must never be worked out again, because it has left the house: the schedule's identity, the numbers given to
    occurrences that are planned anew, since when each calendar entry is as it is, and what each date is called in a
    calendar of days alone (`days`, by the date)."""

    schedule_id: uuid.UUID
    numbers: Mapping[str, int]
    since: Mapping[str, Since]
    days: Mapping[str, ShownDay] = field(default_factory=dict)


class Kept(Struct, frozen=True, kw_only=True):
    """One act as it stands in the chain of hashes."""

    act: Act
    lasting: Lasting
    hash: str


class Row(Kept, PartlyCompared, frozen=True, kw_only=True, eq=False):
    """The same, with what the act gave, which the acts give again: the ward that the patient is then on, and two that
    are asked while the ledger is open: `text` gives the text that is kept of it (None if it is lost), `given` reads it.
    NotDone if it cannot be read."""

    not_compared = frozenset({"ward", "text", "given"})

    ward: str | None
    text: Callable[[], str | None]
    given: Callable[[], Projection]

    @property
    def content(self) -> str | None:
        """The text of what the act gave; None if it is lost."""
        return self.text()

    @property
    def projection(self) -> Projection:
        """What the act gave."""
        return self.given()


class ListedRow(Struct, frozen=True, kw_only=True):
    """A patient's act with as much of what it gave as a list shows; `hash` is the act's."""

    code: str
    hash: str
    listed: ListedProjection


class Running(Struct, frozen=True, kw_only=True):
    """For how many seconds a computer has run since it was started, asleep or awake, whatever its clock was set to;
    `boot` tells one start from another."""

    boot: str
    seconds: float


class OwnTime(Struct, frozen=True, kw_only=True):
    """What time it is, in UTC, by a ledger's own sense of time, and what tells it: the clock of the server that keeps
    the ledger, or for how long the computer has been running since it last wrote there."""

    at: datetime
    by: Literal["server", "running"]


class FeedAct(Struct, frozen=True, kw_only=True):
    """A feed was made, revoked, or came back with a backup; who did it, when in UTC, and why.

    `token` is the SHA-256 of the secret in its address, which is kept nowhere. `label` says whose calendar it is for.
    `code` is the one patient's, None for all patients of
    `ward`. `expires` is the site's last date on which it is answered.
    """

    token: str
    kind: FeedKind
    label: str
    code: str | None
    level: Level
    expires: date
    by: str
    at: datetime
    reason: str = ""
    ward: str = ""
