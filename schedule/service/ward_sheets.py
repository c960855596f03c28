"""The sheets of one day of the whole ward: one file, the one exception to a file of its own for each patient."""

from datetime import date, datetime, time
from typing import NamedTuple

from schedule.engine.open_today import events_on
from schedule.ledger.store import Store
from schedule.model.dates import add
from schedule.model.plan import Plan
from schedule.pages.sheets import Sheet, sheets_on
from schedule.service.revisions import newest, shown_plan
from schedule.service.views import seen_at
from schedule.words.plan import Frame, frame


class WardSheet(NamedTuple):
    """One patient's sheet, or the donor's. `empty_side`: it ends on the front of a leaf, and another one follows."""

    frame: Frame
    sheet: Sheet
    empty_side: bool


def ward_sheets(store: Store, now: datetime, *, ahead: int = 0) -> tuple[WardSheet, ...]:
    """Every sheet of today, or of the day that lies so many days `ahead`, by the clock of each patient's site at `now`
    (UTC). First who has something not recorded, then by the first hour of the day; the donors' after the patients'."""
    found: list[tuple[tuple[bool, bool, time, str], Frame, Sheet]] = []
    for code in store.codes():
        row = newest(store, code)
        seen, wall = seen_at(store, row, now)
        if seen.standing is None or seen.standing.cancelled:
            continue
        plan, day = shown_plan(store, row), add(wall.date(), ahead, "days", "clamp")
        shared = frame(plan, row.act.at)
        for sheet in sheets_on(plan, shared, day):
            found.append(((sheet.donor, *_order(seen, day), code), shared, sheet))
    found.sort(key=lambda one: one[0])
    last = len(found) - 1
    return tuple(
        WardSheet(shared, sheet, len(sheet.pages) % 2 == 1 and number < last)
        for number, (_, shared, sheet) in enumerate(found)
    )


def _order(plan: Plan, day: date) -> tuple[bool, time]:
    """What is not recorded comes first, then the earliest hour."""
    hours = (event.start.time() for event in events_on(plan, day) if event.start is not None)
    return not any(event.status == "unconfirmed" for event in plan.events), min(hours, default=time.max)
