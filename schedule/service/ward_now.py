"""The patients of the ward as they are at one moment, in the order in which they are needed."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from schedule.engine.need import need
from schedule.engine.open_today import OpenToday as OpenToday
from schedule.engine.open_today import open_on
from schedule.ledger.store import Store
from schedule.model.dates import add
from schedule.model.kept import Row
from schedule.model.plan import Plan, standing_of
from schedule.service.revisions import newest
from schedule.service.views import seen_at


class WardPatient(NamedTuple):
    """A patient whose plan is not cancelled: the newest revision, the plan as it is now, and now as the site's wall
    time."""

    row: Row
    plan: Plan
    wall: datetime

    @property
    def open_today(self) -> OpenToday:
        """What is open on this day."""
        return open_on(self.plan, self.wall.date())

    def day(self, ahead: int) -> date:
        """The date so many days after today."""
        return add(self.wall.date(), ahead, "days", "clamp")


def ward_now(
    store: Store, now: datetime, as_of: datetime | None = None, *, codes: Iterable[str], ahead: int = 0
) -> tuple[WardPatient, ...]:
    """Every one of these patients whose plan is not cancelled, at the moment `now` or the wall time `as_of`, in the
    order in which they are needed today, or so many days `ahead`."""
    found = _patients(store, codes, now, as_of)
    return tuple(sorted(found, key=lambda one: need(one.plan, one.day(ahead) if ahead else None)))


def _patients(store: Store, codes: Iterable[str], now: datetime, as_of: datetime | None) -> Iterator[WardPatient]:
    for code in codes:
        row = newest(store, code)
        plan, wall = seen_at(store, row, now, as_of)
        if not standing_of(plan).cancelled:
            yield WardPatient(row, plan, wall)
