"""What a calendar shows, as values: one entry for each dated event, deadline, screening window, or day."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from schedule.model.moment import Moment
from schedule.model.notation import DayLabel
from schedule.model.plan import Event
from schedule.model.reasons.alerts import Alert, AlertKind
from schedule.model.reasons.findings import FindingReason, LastDayClosed
from schedule.model.titles import Title

EntryKind = Literal[
    "Treatment", "Test", "Visit", "Milestone", "Donor", "Site task", "Deadline", "Screening window", "Day"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an entry's title says, as values: the alert at its head, what the day is called, what is on it; and of a
    date that must still come, whether it is `due` or `to repeat`, and from when on."""

    alert: AlertKind | None
    label: DayLabel | None = None
    title: Title | None = None
    asked: Literal["due", "to repeat"] | None = None
    earliest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFrom:
    """The revision that an entry dates from: whose, which, made when (UTC), and what every entry of it says:
    where day 0 lay, what the protocol calls it (`zero`), the site's zone, the protocol, and the alerts."""

    code: str
    revision: int
    when: datetime
    zero: str = ""
    day_zero: Moment | None = None
    zone: str | None = None
    protocol: str = ""
    version: str = ""
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the text of a date that must still come rests on."""

    basis: tuple[FindingReason, ...]
    aim: tuple[date, date] | None
    flags: tuple[LastDayClosed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One calendar entry. `last` is included. `start` and `end` are UTC, None where untimed.

    `alarm` is minutes before the start. `since` is the revision in which what it shows last changed, `changed` that
    revision's time. It says what it says by `made`, and by the `event` or what is `asked`. `gone_in` is the revision
    in which it vanished from the plan.
    """

    id: str
    kind: EntryKind
    subject: Subject
    first: date
    last: date
    start: datetime | None
    end: datetime | None
    cancelled: bool
    alarm: int | None
    since: int
    changed: datetime
    made: MadeFrom
    donor: bool = False
    event: Event | None = None
    asked: Asked | None = None
    gone_in: int | None = None

    @property
    def shows(self) -> tuple[object, ...]:
        """What makes the entry a changed one if it differs."""
        return self.subject, self.donor, self.first, self.last, self.start, self.end, self.cancelled, self.alarm

    def cancel(self, revision: int, when: datetime) -> "Entry":
        """The same entry, cancelled."""
        if self.cancelled:
            return self
        return replace(self, cancelled=True, since=revision, changed=when, gone_in=revision)
