"""What is settled or recorded of a patient, as laying out needs it: numbers once given, dates that stay, statuses."""

from dataclasses import replace
from datetime import date, datetime

from schedule.engine.points import days_of
from schedule.model.case import Site
from schedule.model.dates import add
from schedule.model.plan import Event, Standing, Status
from schedule.model.protocol import Activity, Protocol
from schedule.model.timing import OnDays

ANEW = 1000
"""Numbers from here on are those of occurrences whose own number was given to another one before."""


def is_spent(standing: Standing, event: Event) -> bool:
    """Whether an event was planned anew under another number: it was held, cancelled, or its course is given once
    more."""
    if event.id in standing.renumbered:
        return True
    return event.of < event.number < ANEW and event.number not in numbers_anew(standing, event.activity)


def numbers_anew(standing: Standing, activity: str) -> set[int]:
    """The numbers of the occurrences of an activity that were planned anew."""
    return {number for key, number in standing.renumbered.items() if key.rpartition("-")[0] == activity}


class Settled:
    """What stays of a plan. `as_of`: a wall time of the site; what was due by then and is not recorded is
    `unconfirmed`."""

    def __init__(self, protocol: Protocol, site: Site, standing: Standing, as_of: datetime) -> None:
        self.protocol, self.site, self.standing, self.as_of = protocol, site, standing, as_of
        self.settled = {event.id: event for event in standing.settled}

    def number_of(self, activity: str, ordinal: int) -> int:
        """The number of an occurrence: its own, unless it was planned anew, or its own was given to another one."""
        renumbered = self.standing.renumbered
        if not renumbered or f"{activity}-{ordinal}" in renumbered:
            return renumbered.get(f"{activity}-{ordinal}", ordinal)
        taken = numbers_anew(self.standing, activity)
        taken |= {e.number for e in self.standing.settled if e.activity == activity and is_spent(self.standing, e)}
        return ordinal + ANEW if ordinal in taken else ordinal

    def settled_as(self, activity: str, ordinal: int) -> Event | None:
        """The event that already stands for this occurrence, if it is settled."""
        event = self.settled.get(f"{activity}-{self.number_of(activity, ordinal)}")
        return None if event is None else self.standing_of(event)

    def unlaid(self, laid: set[str]) -> list[Event]:
        """The settled events that are none of those laid out: what the protocol or the site no longer has."""
        return [self.standing_of(event) for event in self.standing.settled if event.id not in laid]

    def standing_of(self, event: Event) -> Event:
        """The event with the status it now has: as recorded; `unconfirmed` once due and not recorded; else planned."""
        record = self.standing.records.get(event.id)
        status: Status = "planned"
        if record is not None:
            status = record.outcome
        elif event.status == "cancelled" or (self.standing.cancelled and event.id not in self.settled):
            status = "cancelled"
        elif event.category != "milestone" and event.moment <= self.as_of:
            status = "unconfirmed"
        last = event.last_date
        activity = self.protocol.activities.get(event.activity)
        if record is not None and activity is not None and activity.until:
            last = max(event.on, record.at.date()) if record.outcome == "done" else self.latest_end(activity, event)
        if (event.status, event.record, event.last_date) == (status, record, last):
            return event
        return replace(event, status=status, record=record, last_date=last)

    def latest_end(self, activity: Activity, event: Event) -> date | None:
        """The day on which something ends at the latest, if it has one."""
        days = days_of(self.protocol, self.site, activity.id)
        if not isinstance(days, OnDays) or len(days.occurrences) == 1:
            return None
        return add(event.on, days.occurrences[-1].offset - days.occurrences[0].offset, "days", "clamp")

    def is_open(self, event: Event) -> bool:
        """Whether something that goes on until a record ends it has not been ended."""
        record = self.standing.records.get(event.id)
        is_until = self.protocol.activities[event.activity].until is not None
        return is_until and (record is None or record.outcome != "done")

    def counted_from(self, anchor: Event) -> date:
        """The date that a chain counts from: the end of a span, and for a dose given late the day it was given."""
        record = self.standing.records.get(anchor.id)
        return max(anchor.last_date or anchor.on, record.at.date()) if record else anchor.last_date or anchor.on
