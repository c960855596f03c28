"""Is a printed sheet current? Found by the check code in its head, in whichever revision it was printed from."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from schedule.ledger.store import Store
from schedule.model.acts import Act
from schedule.model.dates import add
from schedule.model.errors import NotThere
from schedule.model.ids import check_code
from schedule.model.kept import Row
from schedule.model.notation import spell
from schedule.model.reasons.absences import SheetAbsent
from schedule.pages.void import OfDay, fate_of, is_void
from schedule.service.inputs import site_time
from schedule.service.printed import sheets_of_row
from schedule.service.revisions import inputs_of
from schedule.words.printed_sheets import NameOfSheet, current_sheet, void_sheet
from schedule.words.remedies import Edge
from schedule.words.void import Fate

SheetState = Fate | Literal["current"]


class FoundSheet(Struct, frozen=True, kw_only=True):
    """A printed sheet. `act` is that of the revision it was printed from, `newest` the newest; `changed_by` is the act
    since which its day is printed otherwise, None where it is current; `anew`: a new one is wanted."""

    state: SheetState
    day: OfDay
    act: Act
    newest: Act
    changed_by: Act | None
    anew: bool

    @property
    def is_void(self) -> bool:
        """Whether it must be replaced, or crossed through and kept."""
        return self.state in ("replace", "cross-through")

    def told(self, edge: Edge) -> str:
        """What to think of the sheet, and what to do with it."""
        name = NameOfSheet(self.act.code, spell(self.day.on), self.act.revision, self.day.donor)
        if self.state == "current" or self.changed_by is None:
            return current_sheet(name, self.newest)
        return void_sheet(name, self.state, self.changed_by, self.newest, edge, anew=self.anew)


def find_sheet(store: Store, typed: str, now: datetime, codes: Iterable[str]) -> FoundSheet:
    """The sheet of these patients that has this check code, however it was typed, as of `now` (UTC). NotThere if none
    has it."""
    wanted = re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(str.maketrans("OIL", "011"))
    wanted = f"{wanted[:4]}-{wanted[4:]}"
    for code in codes:
        rows = store.history(code)
        for number, row in enumerate(rows):
            day = next((day for check, day in _codes(row) if check == wanted), None)
            if day is not None and day in sheets_of_row(store, row).sheets:
                return _judged(store, day, rows[number:], now)
    raise NotThere(SheetAbsent(typed=typed))


def _codes(row: Row) -> Iterator[tuple[str, OfDay]]:
    """The check codes of every day from the first to the last that is in a revision's plan: more than it has sheets,
    but without laying it out."""
    days = [day for one in row.projection.events for day in (one.on, one.last_date) if day]
    days += [one.latest for one in row.projection.findings if one.latest]
    if days:
        first, last = min(days), max(days)
        for number in range((last - first).days + 2):
            day = add(first, number, "days", "clamp")
            for donor in (False, True):
                yield check_code(row.lasting.schedule_id, row.act.revision, day, donor=donor), OfDay(day, donor)


def _judged(store: Store, day: OfDay, rows: list[Row], now: datetime) -> FoundSheet:
    """A sheet of the first of these revisions, the last of which is the newest."""
    printed, newest = sheets_of_row(store, rows[0]), rows[-1]
    now_printed = sheets_of_row(store, newest)
    state: SheetState = "current"
    changed_by = None
    if is_void(printed, now_printed, day):
        state = fate_of(day.on, _today(store, newest, now))
        changed_by = next(row.act for row in rows[1:] if is_void(printed, sheets_of_row(store, row), day))
    anew = day in now_printed.to_print
    return FoundSheet(state=state, day=day, act=rows[0].act, newest=newest.act, changed_by=changed_by, anew=anew)


def _today(store: Store, row: Row, now: datetime) -> date:
    _, site = inputs_of(store, row.projection.protocol, row.projection.site)
    return site_time(now, site).date()
