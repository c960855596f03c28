"""Is a printed sheet current? Found by the check code in its head, in whichever revision it was printed from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schedule.ledger.store import Store
from schedule.model.dates import add
from schedule.model.errors import NotThere
from schedule.model.ids import check_code
from schedule.model.kept import Row
from schedule.model.reasons.absences import SheetAbsent
from schedule.pages.change import void_sheets
from schedule.pages.sheets import Sheet, day_sheets
from schedule.service.revisions import plan_of
from schedule.words.plan import frame
from schedule.words.printed_sheets import current_sheet, past_sheet, superseded_sheet
from schedule.words.remedies import Edge

SheetState = Literal["current", "superseded", "past"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A printed sheet. `row` is the revision it was printed from, `after` the one that came next, `newest` the newest.

    `past`: its day was over when the newest act was made; the sheet is the record of what was done.
    """

    state: SheetState
    sheet: Sheet
    row: Row
    after: Row | None
    newest: Row

    def told(self, edge: Edge) -> str:
        """What to think of the sheet, and what to do with it."""
        name = f"{self.row.act.code}, {self.sheet.day}, {self.sheet.on}, revision {self.row.act.revision}"
        if self.state == "past":
            return past_sheet(name)
        if self.state == "current" or self.after is None:
            return current_sheet(name, self.newest.act if self.after is not None else None)
        return superseded_sheet(name, self.after.act, self.newest.act, edge)


def find_sheet(store: Store, typed: str) -> Printed:
    """The sheet that has this check code, however it was typed. NotThere if no sheet of the ledger has it."""
    wanted = re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(str.maketrans("OIL", "011"))
    wanted = f"{wanted[:4]}-{wanted[4:]}"
    for code in store.codes():
        rows = store.history(code)
        for row in rows:
            if wanted in _codes(row):
                for sheet in day_sheets(plan := plan_of(store, row), frame(plan, row.act.at)):
                    if sheet.check == wanted:
                        return _judged(store, sheet, row, rows)
    raise NotThere(SheetAbsent(typed=typed))


def _codes(row: Row) -> Iterator[str]:
    """The check codes of every day from the first to the last that is in a revision's plan: more than it has sheets,
    but without laying it out."""
    days = [day for one in row.projection.occurrences for day in (one.on, one.last_date) if day]
    days += [one.latest for one in row.projection.judgements if one.latest]
    if days:
        first, last = min(days), max(days)
        for number in range((last - first).days + 1):
            day = add(first, number, "days", "clamp")
            for donor in (False, True):
                yield check_code(row.lasting.schedule_id, row.act.revision, day, donor=donor)


def _judged(store: Store, sheet: Sheet, row: Row, rows: list[Row]) -> Printed:
    newest = rows[-1]
    after = next((other for other in rows if other.act.revision > row.act.revision), None)
    state: SheetState = "current"
    if after is not None:
        day = sheet.of_day
        void = void_sheets(plan_of(store, row), plan_of(store, newest), datetime.min)
        if day < newest.act.as_of.date():
            state = "past"
        elif void is not None and sheet.check in [check for _, _, check in void.pages]:
            state = "superseded"
    return Printed(state=state, sheet=sheet, row=row, after=after, newest=newest)
