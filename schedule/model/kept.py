"""What a ledger keeps, whatever keeps it: acts with what they made, and what was done to feeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from schedule.model.acts import Act
from schedule.model.errors import NotDone

Level = Literal["minimal", "steps"]
LEVELS: tuple[Level, ...] = get_args(Level)
FeedKind = Literal["made", "revoked", "came back"]


class Stale(NotDone):
    """Somebody else has changed this patient's plan since; `newest` is what they did."""

    def __init__(self, newest: "Row") -> None:
        act = newest.act
        super().__init__(
            f"{act.code}: revision {act.revision} was made meanwhile by {act.by} at {act.at:%Y-%m-%d %H:%M} UTC ({act.kind}"
            f"{': ' + act.reason if act.reason else ''}). Look at it (dayzero show {act.code}), then act again."
        )
        self.newest = newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One act as it is kept: with where the patient stood after it, and the dates and verdicts it gave, as plain values."""

    act: Act
    state: Mapping[str, Any]
    plan: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAct:
    """A feed was made, revoked, or came back with a backup; who did it, when in UTC, and why.

    `token` is the SHA-256 of the secret in its address, which is kept nowhere. `label` says whose calendar it is for.
    `code` is the one patient's, None for the whole ward. `expires` is the last date, in UTC, on which it is answered.
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
