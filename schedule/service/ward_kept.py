"""What the pages of the ward show of each patient, worked out once and kept for as long as it holds."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from msgspec import Struct, field

from schedule.engine.moved import days_left_empty
from schedule.engine.need import holds_until
from schedule.ledger.store import Store
from schedule.model.case import Site
from schedule.pages.board import Strip, strip_of
from schedule.pages.shift import PatientShift, patient_shift
from schedule.service.inputs import site_time
from schedule.service.listing import ListedPatient, listed_patients


class KeptPatient:
    """One patient for the board and for the page of a shift: made at one wall time of the site and good until another,
    as long as the newest act is this one. Each page is worked out when it is first asked for."""

    def __init__(self, listed: ListedPatient) -> None:
        self.listed = listed
        self.until = holds_until(listed.plan)
        days_left_empty(listed.plan)  # which reads the ledger, while it is open

    @property
    def site(self) -> Site:
        return self.listed.plan.site

    @cached_property
    def strip(self) -> Strip:
        """The patient's line of any board."""
        return strip_of(self.listed.plan)

    @cached_property
    def shift(self) -> PatientShift:
        """What the page of a shift keeps."""
        return patient_shift(self.listed.plan)

    def holds(self, head: str, now: datetime) -> bool:
        """Whether it is what would be made anew at a moment, with that newest act."""
        return self.listed.hash == head and self.listed.wall <= site_time(now, self.site) < self.until


class WardKept(Struct):
    """Every patient of a ledger: those that no longer hold are made anew when they are asked for."""

    _known: dict[str, KeptPatient] = field(default_factory=dict)

    def patients(self, store: Store, now: datetime, heads: Mapping[str, str]) -> list[KeptPatient]:
        """Those of these codes, each with the hash of the newest act, as they are at the moment `now` (UTC), in the
        same order."""
        found = {code: self._known.get(code) for code in heads}
        again = [code for code, one in found.items() if one is None or not one.holds(heads[code], now)]
        self._known.update({one.code: KeptPatient(one) for one in listed_patients(store, again, now)})
        return [self._known[code] for code in heads]
