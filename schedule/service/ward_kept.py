"""What the pages of the ward show of each patient, worked out once and kept for as long as it holds."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct, field

from schedule.engine.need import holds_until
from schedule.ledger.store import Store
from schedule.model.case import Site
from schedule.pages.board import Strip, strip_of
from schedule.pages.shift import PatientShift, patient_shift
from schedule.service.inputs import site_time
from schedule.service.revisions import newest
from schedule.service.views import seen_at


class KeptPatient(Struct, frozen=True, kw_only=True):
    """One patient for the board and for the page of a shift: made at one wall time of the site and good until another,
    as long as the newest act is this one."""

    hash: str
    site: Site
    made: datetime
    until: datetime
    strip: Strip
    shift: PatientShift

    def holds(self, head: str, now: datetime) -> bool:
        """Whether it is what would be made anew at a moment, with that newest act."""
        return self.hash == head and self.made <= site_time(now, self.site) < self.until


class WardKept(Struct):
    """Every patient of a ledger: those that no longer hold are made anew when they are asked for."""

    _known: dict[str, KeptPatient] = field(default_factory=dict)

    def patients(self, store: Store, now: datetime, heads: Mapping[str, str]) -> Iterator[KeptPatient]:
        """Those of these codes, each with the hash of the newest act, as they are at the moment `now` (UTC), in the
        same order."""
        for code, head in heads.items():
            one = self._known.get(code)
            if one is None or not one.holds(head, now):
                one = self._known[code] = _keep(store, code, now)
            yield one


def _keep(store: Store, code: str, now: datetime) -> KeptPatient:
    row = newest(store, code)
    plan, wall = seen_at(store, row, now)
    return KeptPatient(
        hash=row.hash,
        site=plan.site,
        made=wall,
        until=holds_until(plan),
        strip=strip_of(plan),
        shift=patient_shift(plan),
    )
