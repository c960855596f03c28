"""Patients as lists of many show them: read without what no list shows, and nothing laid out."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache, partial
from typing import NamedTuple

from schedule.engine.alerts import alerts_of
from schedule.engine.by_clock import seen
from schedule.engine.open_today import OpenToday as OpenToday
from schedule.engine.open_today import open_on
from schedule.ledger.store import Store
from schedule.model.case import Site
from schedule.model.dates import add
from schedule.model.errors import NotThere
from schedule.model.kept import ListedRow
from schedule.model.moment import instant_at
from schedule.model.plan import AnyPlan, ListedEvent, ListedPlan
from schedule.model.protocol import Protocol
from schedule.model.reasons.absences import NoPlanStored
from schedule.service.inputs import site_time
from schedule.service.revisions import inputs_of, newest, stored_plan


class ListedPatient(NamedTuple):
    """A patient's newest act by its hash, the plan as it is now, and now as the site's wall time."""

    code: str
    hash: str
    plan: AnyPlan
    wall: datetime

    @property
    def open_today(self) -> OpenToday:
        """What is open on this day."""
        return open_on(self.plan, self.wall.date())

    def day(self, ahead: int) -> date:
        """The date so many days after today."""
        return add(self.wall.date(), ahead, "days", "clamp")


def listed_patients(
    store: Store, codes: Iterable[str], now: datetime, as_of: datetime | None = None
) -> Iterator[ListedPatient]:
    """Those patients at the moment `now`, or at the wall time `as_of`. NotThere for one of whom nothing is kept."""
    texts = cache(partial(inputs_of, store))
    for code in codes:
        row = store.listed(code)
        if row is None:
            raise NotThere(NoPlanStored(code=code, known=tuple(store.codes())))
        protocol, site = texts(row.listed.protocol, row.listed.site)
        wall = as_of or site_time(now, site)
        yield ListedPatient(code, row.hash, _plan(store, row, protocol, site, wall), wall)


def listed_at(store: Store, code: str, revision: int) -> AnyPlan | None:
    """A patient's revision as it was when it was made; None if there is none."""
    row = store.listed(code, revision=revision)
    if row is None:
        return None
    protocol, site = inputs_of(store, row.listed.protocol, row.listed.site)
    return _plan(store, row, protocol, site, site_time(row.listed.as_of, site))


def _plan(store: Store, row: ListedRow, protocol: Protocol, site: Site, wall: datetime) -> AnyPlan:
    """The plan at a wall time of the site. What was before the newest act is laid out."""
    listed = row.listed
    now = instant_at(wall, site.zone)
    if now < listed.as_of:
        return stored_plan(store, newest(store, row.code), wall)
    plan = ListedPlan(
        protocol=protocol,
        site=site,
        case=listed.case,
        as_of=site_time(listed.as_of, site),
        standing=listed.standing,
        events=listed.events,
        findings=listed.findings,
        alerts=alerts_of(listed.standing, listed.findings, listed.undated) if now == listed.as_of else (),
        undated=listed.undated,
        turns_of_clock=lambda: listed.clock,
        dates_missing=lambda: listed.missing,
        zero_moves=lambda: listed.moves,
        laid_before=partial(_laid_before, store, row.code),
    )
    return seen(plan, wall)


def _laid_before(store: Store, code: str, step: int) -> tuple[ListedEvent, ...]:
    """Every event as it lay before the act with that number, from 0."""
    before = store.listed(code, number=step - 1)
    assert before is not None
    return before.listed.events
