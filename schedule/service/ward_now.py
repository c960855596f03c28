"""The patients of the ward as they are at one moment, in the order in which they are needed."""

from collections.abc import Iterable
from datetime import datetime

from schedule.engine.need import need
from schedule.ledger.store import Store
from schedule.model.plan import standing_of
from schedule.service.listing import ListedPatient, listed_patients


def ward_now(
    store: Store, now: datetime, as_of: datetime | None = None, *, codes: Iterable[str], ahead: int = 0
) -> tuple[ListedPatient, ...]:
    """Every one of these patients whose plan is not cancelled, at the moment `now` or the wall time `as_of`, in the
    order in which they are needed today, or so many days `ahead`."""
    found = (one for one in listed_patients(store, codes, now, as_of) if not standing_of(one.plan).cancelled)
    return tuple(sorted(found, key=lambda one: need(one.plan, one.day(ahead) if ahead else None)))
