"""What a calendar shows, as values: one entry for each dated event, deadline, screening window, or day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from schedule.model.moment import Moment
from schedule.model.notation import DayLabel
from schedule.model.plan import Event
from schedule.model.reasons.alerts import Alert, AlertKind
from schedule.model.reasons.findings import FindingReason, LastDayClosed
from schedule.model.titles import Title

EntryKind = Literal[
    "Treatment", "Test", "Visit", "Milestone", "Donor", "Site task", "Deadline", "Screening window", "Day"
]  # fmt: skip
EntryMark = Literal["violated", "to-decide", "held", "given", "done", "not-done", "cancelled"]
"""What stands first in an entry's title: a rule is violated, the principal investigator must decide, or what became
of it."""
WARNINGS: tuple[EntryMark, ...] = ("violated", "to-decide")
MARK_OF: Mapping[AlertKind, EntryMark | None] = {
    "superseded": None,
    "cancelled": None,
    "to-confirm": "to-decide",
    "to-repeat": "violated",
    "allowed-by-ruling": "violated",
    "violated": "violated",
    "not-allowed": "violated",
    "without-date": None,
}
"""How each alert marks what is still planned."""


def mark_of(kinds: tuple[AlertKind, ...]) -> EntryMark | None:
    """The mark of what is still planned in a plan with these alerts: a violation comes before a decision."""
    found = {MARK_OF[kind] for kind in kinds}
    return next((mark for mark in WARNINGS if mark in found), None)


class Subject(Struct, frozen=True, kw_only=True):
    """What an entry's title says, as values: its mark, the day's name and what is on it.

    `off`: the day named is a planned one, and the entry does not stand there. `short` is the protocol's own short name.
    `partly`: not all of it was given. Of a date that must still come, `asked` says whether it is `due` or `to repeat`.
    `alert` is all that an entry says that stands for a warning alone.
    """

    mark: EntryMark | None = None
    label: DayLabel | None = None
    off: bool = False
    title: Title | None = None
    short: str = ""
    partly: bool = False
    asked: Literal["due", "to repeat"] | None = None
    alert: AlertKind | None = None


class MadeFrom(Struct, frozen=True, kw_only=True):
    """The revision that an entry dates from: whose, which, made when (UTC), and what every entry of it says:
    where day 0 of the `cycle` lay that it is of, what the protocol calls it (`zero`), the site's zone, the protocol,
    and the alerts."""

    code: str
    revision: int
    when: datetime
    zero: str = ""
    cycle: int = 1
    day_zero: Moment | None = None
    zone: str | None = None
    protocol: str = ""
    version: str = ""
    alerts: tuple[Alert, ...] = ()


class Asked(Struct, frozen=True, kw_only=True):
    """What the text of a date that must still come rests on. `first` and `last` are from when to when it is allowed,
    `last_working` the last day on which the site works."""

    basis: tuple[FindingReason, ...]
    aim: tuple[date, date] | None
    flags: tuple[LastDayClosed, ...]
    first: Moment | None
    last: Moment
    last_working: date | None = None


class TaskLine(Struct, frozen=True, kw_only=True):
    """One of the site's tasks on its day, and what became of it; `start` is the hour that it has."""

    title: str
    start: Moment | None
    mark: EntryMark | None


class Entry(Struct, frozen=True, kw_only=True):
    """One calendar entry. `last` is included. `start` and `end` are UTC, None where untimed; `end` is later than
    `start`, and `end_stated` says whether somebody has said so.

    `alarm` is minutes before the start. `since` is the revision in which what it shows last changed, `changed` that
    revision's time. It says what it says by `made`, and by the `event`, what is `asked`, or the day's `tasks`.
    `gone_in` is the revision in which it vanished from the plan. `withdrawn`: it is gone without a trace, since what it
    said was only a warning or a list.
    """

    id: str
    kind: EntryKind
    subject: Subject
    first: date
    last: date
    start: datetime | None
    end: datetime | None
    alarm: int | None
    since: int
    changed: datetime
    made: MadeFrom
    donor: bool = False
    end_stated: bool = True
    event: Event | None = None
    asked: Asked | None = None
    tasks: tuple[TaskLine, ...] = ()
    gone_in: int | None = None

    @property
    def mark(self) -> EntryMark | None:
        return self.subject.mark

    @property
    def cancelled(self) -> bool:
        return self.subject.mark == "cancelled"

    @property
    def warns(self) -> bool:
        """Whether the words of the plan's alerts stand in its text."""
        return self.subject.mark in WARNINGS or self.subject.alert is not None

    @property
    def withdrawn(self) -> bool:
        return self.gone_in is not None and (self.subject.alert is not None or bool(self.tasks))

    @property
    def shows(self) -> tuple[object, ...]:
        """What makes the entry a changed one if it differs: data, never words of ours."""
        return (
            *(self.subject, self.donor, self.first, self.last, self.start, self.end, self.end_stated, self.alarm),
            self.made.alerts if self.warns else (),
            _of_event(self.event) if self.event else (),
            (self.asked.first, self.asked.last, self.asked.last_working, self.asked.aim) if self.asked else (),
            self.tasks,
        )

    def cancel(self, revision: int, when: datetime) -> "Entry":
        """The same entry, cancelled: it has vanished from the plan, and its day is a planned one at most."""
        if self.gone_in is not None or self.cancelled:
            return self
        subject = replace(self.subject, mark="cancelled", off=self.subject.label is not None)
        return replace(self, subject=subject, alarm=None, since=revision, changed=when, gone_in=revision)


def _of_event(event: Event) -> tuple[object, ...]:
    """What the text of an event's entry says beside its title and its times."""
    planned = event.planned if event.planned is not None and not event.planned.is_same(event.when) else None
    return event.earliest, event.latest, event.flags, planned


class ShownDay(Struct, frozen=True, kw_only=True):
    """A date as a calendar of days alone shows it, once it is known by a name: the `label`, whether that is a planned
    day only (`off`), its mark, and since which revision, made when (UTC), it is so."""

    label: DayLabel
    off: bool
    mark: EntryMark | None
    since: int
    changed: datetime
