"""What a person may do to a patient's schedule, each act with who, when, why and as of which moment.

There is no undo: a later act corrects. Replaying the acts, oldest first, gives every revision again: `engine/history`.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from schedule.model.case import Attested, Ruling
from schedule.model.moment import Moment
from schedule.model.plan import Outcome, Record

Cause = Literal["illness", "product", "donor", "logistics", "other"]
CAUSES: tuple[Cause, ...] = ("illness", "product", "donor", "logistics", "other")
OUTCOMES: tuple[Outcome, ...] = ("given", "done", "held")


class Create(Struct, frozen=True, kw_only=True):
    """The patient's first plan. The hashes are those of the texts it was made from."""

    kind: ClassVar[str] = "plan"
    protocol: str
    site: str | None
    case: str


class RecordEvent(Struct, frozen=True, kw_only=True):
    """An event was given, done or held. No record: what was recorded of it was an error, and is taken back.
    `confirmed`: somebody has looked again at a record that looks wrong, and it is right."""

    kind: ClassVar[str] = "record"
    event: str
    record: Record | None
    confirmed: bool = False


class RecordDay(Struct, frozen=True, kw_only=True):
    """What happened on a day, recorded at once: all of it or nothing. It is known as if each record had been typed by
    itself, in this order, at the same as-of. `on` is the day whose form or list it was typed from: what was open before
    may be among it."""

    kind: ClassVar[str] = "day"
    on: date
    records: tuple[RecordEvent, ...]


class Book(Struct, frozen=True, kw_only=True):
    """Another day or hour inside an event's window, chosen for this patient. None: the planned time, which takes an
    earlier booking back."""

    kind: ClassVar[str] = "book"
    event: str
    at: Moment | None


class ReDate(Struct, frozen=True, kw_only=True):
    """What of a course that has begun is neither recorded nor past is laid out anew from the text and day 0 as they
    now stand; or with its next dose at `next`, and the others at the text's distances. `by` is the principal
    investigator who decided it."""

    kind: ClassVar[str] = "re-date"
    course: str
    by: str
    cycle: int | None = None
    next: Moment | None = None


class Fact(Struct, frozen=True, kw_only=True):
    """A known date of the patient's. No dates: never. `instead` forgets the dates that a test had before. `hours` are
    the moments, in the site's zone, of those dates whose hour is known."""

    kind: ClassVar[str] = "fact"
    name: str
    dates: tuple[date, ...]
    instead: bool
    hours: tuple[datetime, ...] = ()


class PlannedHour(Struct, frozen=True, kw_only=True):
    """The hour of planned day 0, where only its date was known."""

    kind: ClassVar[str] = "planned-hour"
    moment: datetime


class Attest(Struct, frozen=True, kw_only=True):
    """A statement about the patient, made on a date."""

    kind: ClassVar[str] = "attest"
    name: str
    attested: Attested


class GiveRuling(Struct, frozen=True, kw_only=True):
    """The principal investigator's word on a rule, for one day 0."""

    kind: ClassVar[str] = "rule"
    ruling: Ruling


class Move(Struct, frozen=True, kw_only=True):
    """A new day 0: a re-plan before lymphodepletion has begun, a slip after. `repeat`: lymphodepletion is given
    once more. `cycle` is the cycle whose day 0 it is; None is the first whose infusion is not recorded. `rulings` are
    the principal investigator's on the rules that ask her about this day 0, made with it."""

    kind: ClassVar[str] = "slip"
    to: Moment
    cause: Cause
    repeat: bool = False
    cycle: int | None = None
    rulings: tuple[Ruling, ...] = ()


class Choose(Struct, frozen=True, kw_only=True):
    """An option of what is decided for each patient."""

    kind: ClassVar[str] = "choose"
    name: str
    option: str


class Amend(Struct, frozen=True, kw_only=True):
    """Another version of the protocol, of the site file, or of both, by their hashes."""

    kind: ClassVar[str] = "amend"
    protocol: str
    site: str | None


class ChangeWard(Struct, frozen=True, kw_only=True):
    """The patient is on another ward from now on; no date depends on it."""

    kind: ClassVar[str] = "ward"
    ward: str


class SetClock(Struct, frozen=True, kw_only=True):
    """The computer's clock had been ahead, and is right again: what was entered as of a time later than this act counts
    as entered as of it."""

    kind: ClassVar[str] = "clock"


class Note(Struct, frozen=True, kw_only=True):
    """Words for the history; no date depends on them."""

    kind: ClassVar[str] = "note"
    text: str


class Cancel(Struct, frozen=True, kw_only=True):
    """The plan is cancelled: its history stays, its calendar entries are marked CANCELLED."""

    kind: ClassVar[str] = "cancel"


class Restore(Struct, frozen=True, kw_only=True):
    """A backup was put back: the revision's number jumps, so that nothing already sent out is higher."""

    kind: ClassVar[str] = "restore"
    lost: int


Deed = (
    Create | RecordEvent | RecordDay | Book | ReDate | Fact | PlannedHour | Attest | Choose | GiveRuling | Move | Amend
    | ChangeWard | SetClock | Note | Cancel | Restore
)  # fmt: skip
"""Every act: a closed union. Each has its own `kind`, the name under which it is kept and shown."""


def records_in(deed: Deed) -> tuple[RecordEvent, ...]:
    """The records that a deed makes, in its order; none of one that records nothing."""
    match deed:
        case RecordEvent():
            return (deed,)
        case RecordDay():
            return deed.records
        case _:
            return ()


def confirmed_in(deed: Deed, events: Collection[str]) -> Deed:
    """The deed with its records of those events confirmed: somebody has looked at them again."""
    match deed:
        case RecordEvent():
            return replace(deed, confirmed=deed.confirmed or deed.event in events)
        case RecordDay():
            records = (replace(one, confirmed=one.confirmed or one.event in events) for one in deed.records)
            return replace(deed, records=tuple(records))
        case _:
            return deed


class Act(Struct, frozen=True, kw_only=True):
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
        return self.deed.kind

    @property
    def is_as_of_its_own_time(self) -> bool:
        """Whether it speaks of the moment at which it was made, also where the clocks show that one twice."""
        return (self.as_of, self.as_of.fold) == (self.site_time, self.site_time.fold)
