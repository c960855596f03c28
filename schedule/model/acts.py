"""What a person may do to a patient's schedule, each act with who, when, why and as of which moment.

There is no undo: a later act corrects. Folding the acts, oldest first, rebuilds every revision (`change.apply`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from schedule.model.case import Attested, Ruling
from schedule.model.plan import DayZero, Outcome, Record

Cause = Literal["illness", "product", "donor", "logistics", "other"]
CAUSES: tuple[Cause, ...] = ("illness", "product", "donor", "logistics", "other")
OUTCOMES: tuple[Outcome, ...] = ("given", "done", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """The patient's first plan. The hashes are those of the texts it was made from."""

    protocol: str
    site: str | None
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """An event was given, done or held; `moment` is the recorded start in the site's zone where it has one."""

    event: str
    record: Record
    moment: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A known date of the patient's. No dates: never. `instead` forgets the dates that a test had before."""

    name: str
    dates: tuple[date, ...]
    instead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHour:
    """The hour of planned day 0, where only its date was known."""

    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attest:
    """A statement about the patient, made on a date."""

    name: str
    attested: Attested


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The principal investigator's word on a rule, for one day 0."""

    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A new day 0: a re-plan before lymphodepletion has begun, a slip after. `repeat`: lymphodepletion is given once more."""

    to: DayZero
    cause: Cause
    repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """An option of what is decided for each patient."""

    name: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Another version of the protocol, of the site file, or of both, by their hashes."""

    protocol: str
    site: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words for the history; no date hangs on them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """The plan is given up: its history stays, its calendar entries are struck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """A backup was put back: the revision's number jumps, so that nothing already sent out is higher."""

    lost: int


Deed = Create | RecordEvent | Fact | PlannedHour | Attest | Choose | Rule | Move | Amend | Note | Cancel | Restore
KINDS: dict[str, type] = {
    "plan": Create, "record": RecordEvent, "fact": Fact, "planned-hour": PlannedHour, "attest": Attest, "choose": Choose, "rule": Rule,
    "slip": Move, "amend": Amend, "note": Note, "cancel": Cancel, "restore": Restore,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A deed that makes `revision` out of `based_on` (0 for the first). `at` is UTC, by the real clock; `as_of` and
    `site_time` are wall times of the site, without zone.
    """

    code: str
    revision: int
    based_on: int
    by: str
    at: datetime
    site_time: datetime
    as_of: datetime
    reason: str
    deed: Deed

    @property
    def kind(self) -> str:
        return next(kind for kind, deed in KINDS.items() if isinstance(self.deed, deed))
