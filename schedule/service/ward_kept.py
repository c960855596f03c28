"""What the pages of the ward show of each patient, worked out once and kept for as long as it holds."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from schedule.engine.need import holds_until
from schedule.ledger.store import Store
from schedule.model.case import Site
from schedule.model.moment import instant_at
from schedule.model.plan import AnyPlan
from schedule.model.sizes import SHOWN
from schedule.pages.board import Strip, strip_of
from schedule.pages.shift import PatientShift, patient_shift
from schedule.service.listing import listed_patients
from schedule.service.remembered import Remembered

T = TypeVar("T")


class KeptPatient(Struct, Generic[T], frozen=True, kw_only=True):
    """What a page shows of one patient: made at one moment and good until another, both in UTC, as long as the newest
    act is this one."""

    hash: str
    site: Site
    made: datetime
    until: datetime
    shown: T

    def holds(self, head: str, now: datetime) -> bool:
        """Whether it is what would be made anew at a moment, with that newest act."""
        return self.hash == head and self.made <= now < self.until


class WardKept(Generic[T]):
    """The patients of a ledger who were asked for lately, for one page: those that no longer hold are made anew."""

    def __init__(self, make: Callable[[AnyPlan], T]) -> None:
        self.make = make
        self._known: Remembered[str, KeptPatient[T]] = Remembered(SHOWN)

    def patients(self, store: Store, now: datetime, heads: Mapping[str, str]) -> list[KeptPatient[T]]:
        """Those of these codes, each with the hash of the newest act, as they are at the moment `now` (UTC), in the
        same order."""
        found = {code: self._known.find(code) for code in heads}
        again = [code for code, one in found.items() if one is None or not one.holds(heads[code], now)]
        for code, head, plan, wall in listed_patients(store, again, now):
            made = instant_at(wall, plan.site.zone)
            one = KeptPatient(hash=head, site=plan.site, made=made, until=holds_until(plan), shown=self.make(plan))
            self._known.keep(code, one)
            found[code] = one
        return [one for one in found.values() if one is not None]


def kept_strips() -> WardKept[Strip]:
    """For the board; nothing is kept yet."""
    return WardKept(lambda plan: strip_of(plan))


def kept_shifts() -> WardKept[PatientShift]:
    """For the page of a shift."""
    return WardKept(patient_shift)
