"""The sheets of one day of the whole ward: one file, the one exception to a file of its own for each patient."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from schedule.engine.need import sheets_on_day
from schedule.ledger.store import Store
from schedule.pages.sheets import Sheet, sheets_on
from schedule.service.revisions import newest, shown_plan
from schedule.service.ward_now import ward_now
from schedule.words.plan import Frame, frame


class WardSheet(NamedTuple):
    """One patient's sheet, or the donor's. `empty_side`: it ends on the front of a leaf, and another one follows."""

    frame: Frame
    sheet: Sheet
    empty_side: bool


def ward_sheets(store: Store, now: datetime, *, codes: Iterable[str], ahead: int = 0) -> tuple[WardSheet, ...]:
    """Every sheet of these patients of today, or of the day that lies so many days `ahead`, by the clock of each
    patient's site at `now` (UTC), in the order of the shift page; the donors' after the patients'."""
    found: list[tuple[Frame, Sheet]] = []
    for one in ward_now(store, now, codes=codes, ahead=ahead):
        if not sheets_on_day(one.plan, one.day(ahead)):
            continue
        row = newest(store, one.code)
        plan = shown_plan(store, row)
        shared = frame(plan, row.act.at)
        found += ((shared, sheet) for sheet in sheets_on(plan, shared, one.day(ahead)))
    found.sort(key=lambda pair: pair[1].donor)
    last = len(found) - 1
    return tuple(
        WardSheet(shared, sheet, len(sheet.pages) % 2 == 1 and number < last)
        for number, (shared, sheet) in enumerate(found)
    )
