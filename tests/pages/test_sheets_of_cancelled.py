"""A cancelled plan's day sheets and overview tell what happened, and ask for nothing; the go/no-go page is about the cycle in hand."""

from datetime import UTC, datetime

import pytest
from shared.small_patients import planned, record
from shared.small_trials import CYCLES

from schedule.output.outputs import pages
from schedule.pages.go import go_pages
from schedule.pages.overview import overview
from schedule.pages.sheets import day_sheets
from schedule.words.plan import frame

WHEN = datetime(2026, 6, 20, 12, tzinfo=UTC)
ONE = """
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "Cells on day 0."
[activities.cover]
title = "cover"
days = "-3 to -1"
continuous = true
category = "treatment"
quote = "Cover from day -3 to day -1, without a break."
[rules.DELAY]
title = "Cells within 48 hours"
quote = "within 48 hours"
[[rules.DELAY.bounds]]
point = "day-zero"
safe = ["day-zero at most 48 hours after planned-day-zero"]
"""
CANCEL = {"act": "cancel", "as_of": "2026-06-16 09:00"}
GIVEN = record("cover-1", "given", "2026-06-12 09:30")


def sheets(*acts):
    plan = planned(ONE, "2026-06-15 10:00", *acts)
    return plan, {sheet.of_day.isoformat(): sheet for sheet in day_sheets(plan, frame(plan, WHEN))}


def rows(sheet):
    return [(row.name, row.state, row.at, row.outcome) for page in sheet.pages for block in page.blocks for row in block.rows]


def test_a_missed_infusion_of_a_cancelled_plan_has_no_start_to_fill_in_and_no_limit():
    """Day 0 Mon 15-Jun 10:00, cancelled on 16-Jun. Until then its sheet has the blanks, and "by Wed 17-Jun 10:00"."""
    _, asked = sheets()
    assert asked["2026-06-15"].pages[0].infusion.must_start == "Wed 17-Jun-2026 10:00"
    plan, found = sheets(CANCEL)
    assert [page.infusion for page in found["2026-06-15"].pages] == [None]
    assert rows(found["2026-06-15"]) == [("cells", "–", "", "not recorded")]
    text = pages(plan, WHEN)["sheets.html"]
    assert "Product identity" not in text and "must start" not in text


def test_no_sheet_of_a_cancelled_plan_says_what_comes_tomorrow():
    """The sheet of Sun 14-Jun said `Tomorrow: 10:00 cells`; they were never given."""
    _, asked = sheets()
    assert asked["2026-06-14"].pages[-1].foot.next_items == ("10:00 cells",)
    plan, found = sheets(CANCEL)
    assert {(page.foot.tomorrow, page.foot.next_items) for sheet in found.values() for page in sheet.pages} == {("", ())}
    assert "Tomorrow" not in pages(plan, WHEN)["sheets.html"]


def test_what_lasts_for_days_and_was_recorded_is_not_called_unrecorded_on_its_later_days():
    """12 to 14-Jun, recorded given on Fri 12-Jun at 09:30: the sheets of 13 and 14-Jun say so, and have no box."""
    plan, found = sheets(GIVEN, CANCEL)
    later = [("cover", "–", "", "given, Fri 12-Jun-2026 09:30")]
    assert [rows(found[f"2026-06-{day}"]) for day in (12, 13, 14)] == [[("cover", "GIVEN", "09:30", "")], later, later]
    assert 'class="box"' not in pages(plan, WHEN)["sheets.html"]


def test_what_lasts_for_days_and_was_not_recorded_is_called_so_on_each():
    _, found = sheets(CANCEL)
    assert [rows(found[f"2026-06-{day}"])[0][3] for day in (12, 13, 14)] == ["not recorded"] * 3


def test_the_go_page_is_about_the_last_cycle_once_both_infusions_are_given():
    """Days 1 and 6, cycles of 21 days: cells on Mon 15-Jun and, 21 days later, on Mon 06-Jul."""
    both = record("cells-1", "given", "2026-06-15 10:00"), record("cells-2", "given", "2026-07-06 10:00")
    plan = planned(CYCLES.lstrip(), "2026-06-15 10:00", *both)
    assert "Mon 06-Jul-2026" in go_pages(plan)[-1].begins


@pytest.mark.parametrize(
    ("acts", "cancelled", "lines", "boxed"),
    [((), "2026-06-08 09:00", 0, []), ((GIVEN,), "2026-06-13 09:00", 0, []), ((GIVEN,), "2026-06-16 09:00", 1, ["15"])],
    ids=["before any dose", "before the cells", "the day after"],
)
def test_the_overview_of_a_cancelled_plan_draws_day_0_only_where_it_had_come(acts, cancelled, lines, boxed):
    """Day 0 on Mon 15-Jun; cancelled on 8, 13 and 16-Jun. On the last the cells are past and not recorded."""
    view = overview(planned(ONE, "2026-06-15 10:00", *acts, {"act": "cancel", "as_of": cancelled}))
    assert (len(view.pictures[0].zeros), len(view.pictures[0].tops)) == (lines, lines)
    cells = [cell for month in view.beside for week in month.weeks for cell in week]
    assert [month.title for month in view.beside] == ["June 2026"] and [cell.number for cell in cells if cell.zero] == boxed


def test_no_month_in_which_everything_was_cancelled_is_shown():
    """Cells on Wed 01-Jul: cover from Sun 28 to Tue 30-Jun, given; cancelled on 30-Jun. July is empty."""
    given = record("cover-1", "given", "2026-06-28 09:30")
    plan = planned(ONE, "2026-07-01 10:00", given, {"act": "cancel", "as_of": "2026-06-30 09:00"})
    assert [month.title for month in overview(plan).beside] == ["June 2026"]
