"""Calendars that Dayzero itself keeps right: channels, the messages due in each, and where each stands."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from schedule.model.kept import Level
from schedule.model.reasons.deliveries import DeliveryFault

ChannelKind = Literal["imip", "caldav", "graph"]
"""By mail to a mailbox; into a calendar on a CalDAV server; into one of Microsoft 365."""
PauseCause = Literal["by hand", "restored", "copied", "moved"]
"""Somebody paused it; a backup was put in the ledger's place; the ledger lies elsewhere than when it last sent, and
nobody said so; it was moved there by `move-store`."""
ChannelLife = Literal["open", "withdrawing", "removed"]
"""A channel that is withdrawing takes its entries out of the calendar, and is then removed."""
DeliveryState = Literal["queued", "sending", "sent", "confirmed", "declined", "failed", "dropped"]
"""`sent`: handed over, and nobody has said what became of it. `confirmed`: read back, or accepted by a reply.
`dropped`: overtaken by a newer one before it was sent."""


class Channel(Struct, frozen=True, kw_only=True):
    """One calendar of others, and how it is reached.

    `code` is the one patient's that it shows, `ward` the one ward's; None of both for every patient. `address` is
    the mailbox or the calendar's address; `settings` are the rest, by name, and hold no secret. `floor`: no message
    has a lower SEQUENCE. `home` is where the ledger lay when somebody last let it send. `again`: after `fails`
    attempts that failed for the whole channel, nothing is tried before then. `swept` is when it was last read back
    whole, `looked` when somebody last looked for what it is due. All moments are UTC.
    """

    id: int
    name: str
    kind: ChannelKind
    code: str | None
    level: Level
    address: str
    settings: Mapping[str, str]
    by: str
    at: datetime
    home: str
    floor: int = 0
    life: ChannelLife = "open"
    paused: datetime | None = None
    pause_cause: PauseCause = "by hand"
    fails: int = 0
    again: datetime | None = None
    fault: DeliveryFault | None = None
    swept: datetime | None = None
    looked: datetime | None = None
    ward: str | None = None


class Wanted(Struct, frozen=True, kw_only=True):
    """One entry as a calendar should have it: `sequence` is the entry's own, `hash` of what it shows as data.

    `starts` is its first moment (UTC), or its date; `infusion`: it is a patient's day 0."""

    uid: str
    sequence: int
    hash: str
    starts: date | datetime
    infusion: bool


class Delivery(Struct, frozen=True, kw_only=True):
    """One message to a channel, and what became of it. Of each UID the last one that was not dropped counts.

    `head` is the hash of the patient's act that it brings. `sequence` is the message's own; of one that is queued
    the last that was sent, −1 if none was; `stamp` goes with it. `there`: an earlier message may have put the entry
    into the calendar, and `shows` is the moment or date under which it may stand there, `was_infusion` whether as
    day 0. `remote` is the server's own name of it. `tries` are the attempts that have failed before; nothing is
    tried before `after`. `by_hand`: somebody had changed the entry in the calendar, and this puts it back.
    `print` is that of what was read back; empty where nothing can be.
    """

    channel: int
    code: str
    head: str
    uid: str
    method: Literal["show", "withdraw"]
    hash: str
    starts: date | datetime
    infusion: bool
    id: int = 0
    remote: str = ""
    sequence: int = -1
    stamp: datetime | None = None
    there: bool = False
    shows: date | datetime | None = None
    was_infusion: bool = False
    state: DeliveryState = "queued"
    tried: datetime | None = None
    tries: int = 0
    after: datetime | None = None
    error: DeliveryFault | None = None
    by_hand: bool = False
    print: str = ""


class PatientStanding(Struct, frozen=True, kw_only=True):
    """How far one patient's last change has come: `moved` of `total` messages handed over, `unproved` of them neither
    read back nor answered, `failed` tried in vain or declined, for these `faults`. `last` is when the last was tried;
    `shows` is the date under which the infusion may still stand in the calendar, where its newest is not there yet.
    `put_back` entries had been changed by hand. `gone`: all of it takes entries out."""

    code: str
    total: int
    moved: int
    unproved: int
    failed: int
    last: datetime | None
    shows: date | None = None
    put_back: int = 0
    gone: bool = False
    faults: tuple[DeliveryFault, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.moved == self.total


class ChannelStanding(Struct, frozen=True, kw_only=True):
    """How a channel stands at a moment: patients whose last change is recent or has not come yet, those whose change
    nobody has looked at yet, when the rest will have gone out (UTC), and whether nobody delivers."""

    channel: Channel
    patients: tuple[PatientStanding, ...]
    unseen: tuple[str, ...] = ()
    rest_by: datetime | None = None
    idle_since: datetime | None = None
    zone: str | None = None

    @property
    def failed(self) -> tuple[PatientStanding, ...]:
        return tuple(one for one in self.patients if one.failed)

    @property
    def is_behind(self) -> bool:
        return bool(self.unseen) or any(not one.is_done for one in self.patients)
