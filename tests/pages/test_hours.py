"""What is asked for by an hour, and the hour that the clocks show twice: on sheets, calendars, go/no-go and the leaflet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from shared.lines import SITE, played
from shared.paper_plans import WHEN
from shared.small_trials import SCANNED

from schedule.engine.entries import carry, entries_of
from schedule.model.ids import due_entry_id
from schedule.pages.calendar import text_of
from schedule.pages.go import go_pages
from schedule.pages.patient import patient_page
from schedule.pages.sheets import day_sheets
from schedule.pages.void import OfDay, is_void, printed_revision, void_sheets
from schedule.words.findings import finding_basis
from schedule.words.plan import clock_of, frame

SUNDAY = date(2026, 11, 1)
CALL = """
[activities.call]
title = "call"
days = "5 days after visit"
category = "visit"
quote = "A call 5 days after the visit."
"""
NIGHT = SCANNED.replace('"-4 to -2"', '"-1"')
"""A visit on Sun 01-Nov-2026, the day before the cells. New York puts its clocks back on Sun 01-Nov-2026 at 02:00: 01:30 -04:00 is the first of two, 01:30 -05:00 the second."""


def scanned(*lines, trial=SCANNED, hour="14:00"):
    return played(trial, *lines, zero=f"2026-06-15 {hour}").plan


@pytest.fixture(scope="module")
def moved():
    """Day 0 on Mon 15-Jun at 14:00, then at 10:00: 72 hours before that is Fri 12-Jun 14:00, then 10:00."""
    return scanned(), scanned("2026-06-01 09:00 | move 2026-06-15 10:00")


def test_a_deadline_whose_hour_alone_has_moved_makes_the_printed_sheet_void(moved):
    before, after = map(printed_revision, moved)
    for on in (date(2026, 6, 11), date(2026, 6, 12)):
        assert is_void(before, after, OfDay(on, False)), on
    shown = [str(sheet) for sheet in day_sheets(moved[1], frame(moved[1], WHEN)) if sheet.of_day == date(2026, 6, 12)]
    assert "until 10:00" in shown[0]


def test_a_deadline_whose_hour_alone_has_moved_is_another_calendar_entry(moved):
    name = due_entry_id("scan")
    old, new = (entries_of(plan, datetime(2026, 6, 1, number, tzinfo=UTC)) for number, plan in enumerate(moved))
    (kept,) = (one for one in carry(old, new, 2, WHEN) if one.id == name)
    assert kept.since == 2 and "To do: scan, Sun 07-Jun-2026 to Fri 12-Jun-2026 10:00." in text_of(kept)


# Before the gate, by the hour


def groups_of(plan):
    """The headings of the page before the cells, each with what stands below it."""
    return {group.title: [(item.what, item.until) for item in group.items] for group in go_pages(plan)[-1].groups}


def test_what_is_due_some_hours_before_the_cells_does_not_wait_for_them():
    """Cells at 14:00, a scan at least 2 hours before: until 12:00 of the same day."""
    plan = scanned(trial=SCANNED.replace("72 hours", "2 hours"))
    found = groups_of(plan)
    assert found["Due before Mon 15-Jun-2026 14:00"] == [("scan", "Mon 15-Jun-2026 12:00")]
    assert not any(title.startswith("May wait") for title in found)


def test_what_is_due_on_the_day_of_the_cells_without_an_hour_may_wait():
    """A scan on the day of the cells is early enough; it need not be before 14:00."""
    plan = scanned(trial=SCANNED.replace("at least 72 hours", "at least 0 days"))
    found = groups_of(plan)
    assert found["May wait until Mon 15-Jun-2026 14:00 or after"] == [("scan", "Mon 15-Jun-2026")]


def test_what_was_due_on_the_day_of_cells_without_an_hour_and_is_not_recorded_is_asked_about():
    """5 days after a visit done on Wed 10-Jun there is a call, at 09:00. At 12:00 it has no record."""
    trial = SCANNED.replace('"-4 to -2"', '"-5"') + CALL
    lines = "2026-06-10 12:00 | record visit-1 done 2026-06-10", "2026-06-15 12:00 | note"
    plan = played(trial, *lines, site=f'{SITE}[times]\ncall = "09:00"\n').plan
    assert groups_of(plan)["Recorded given or held by Mon 15-Jun-2026?"] == [("call", "Mon 15-Jun-2026 09:00")]


# The hour that comes twice



FIRST, SECOND = "2026-11-01 01:30-04:00", "2026-11-01 01:30-05:00"


def in_the_night(*lines, trial=NIGHT, more=""):
    """The plan after each line, the first plan before them."""
    plan = "2026-10-20 09:00 | plan"
    return [played(trial, *lines[:n], zero="2026-11-02 10:00", site=SITE + more, plan=plan).plan for n in range(len(lines) + 1)]


def sheet_text(plan, on):
    """All that a sheet says, with plain blanks."""
    (sheet,) = (one for one in day_sheets(plan, frame(plan, WHEN)) if one.of_day == on)
    return str(sheet).replace("\\xa0", " ").replace("\xa0", " ")


@pytest.fixture(scope="module")
def corrected():
    """Nothing recorded; the visit recorded done at the first 01:30; then corrected to the second, an hour later. One of
    the site's own tasks likewise."""
    acts = [f"2026-11-01 12:00 | day 2026-11-01 visit-1 done {at}; weight-1 done {at}" for at in (FIRST, SECOND)]
    task = '[[tasks]]\nid = "weight"\ntitle = "weigh the patient"\ndays = "-1"\n'
    return in_the_night(*acts, more=task + '[calendar]\ntasks = "daily"\n')


def test_the_other_hour_of_the_same_name_makes_the_sheet_void(corrected):
    """What the second revision printed says 01:30 (1st), which is no longer so."""
    before, first, second = corrected
    assert "01:30 (1st)" in sheet_text(first, SUNDAY) and "01:30 (2nd)" in sheet_text(second, SUNDAY)
    found = void_sheets(map(printed_revision, (before, first)), second, datetime(2026, 11, 1, 12))
    assert {one.revision for one in found.sheets if one.on == SUNDAY} == {1, 2}
    assert void_sheets([printed_revision(second)], second, datetime(2026, 11, 1, 12)) is None


def test_the_other_hour_of_the_same_name_is_another_entry_of_the_days_tasks(corrected):
    _, first, second = corrected
    carried = carry(entries_of(first, WHEN), entries_of(second, WHEN), 3, WHEN)
    (tasks,) = (one for one in carried if one.tasks)
    assert (tasks.first, tasks.since) == (SUNDAY, 3) and text_of(tasks).startswith("DONE 01:30 (2nd) weigh the patient")


def test_a_day_is_in_order_of_time_also_through_the_hour_that_comes_twice():
    """01:45 daylight time is 15 minutes before 01:30 standard time."""
    trial = NIGHT + CALL.replace("5 days after visit", "-1")
    given = f"2026-11-01 12:00 | day 2026-11-01 visit-1 done {SECOND}; call-1 done 2026-11-01 01:45-04:00"
    *_, plan = in_the_night(given, trial=trial)
    assert [event.id for event in plan.events if event.on == SUNDAY] == ["call-1", "visit-1"]
    said = sheet_text(plan, SUNDAY)
    assert said.index("01:45 (1st)") < said.index("01:30 (2nd)")


def test_two_records_of_the_two_hours_are_two(corrected):
    first, second = (plan.standing.records["visit-1"] for plan in corrected[1:])
    assert first != second and len({first, second}) == 2 and first == replace(first)


def test_what_lasts_from_one_hour_to_the_other_of_the_same_name_has_an_end():
    """From 01:30 daylight time for an hour: until 01:30 standard time; on paper, in the calendar and for the patient."""
    *_, recorded = in_the_night(f"2026-11-01 12:00 | record visit-1 done {FIRST} to {SECOND}")
    (event,) = (one for one in recorded.events if one.id == "visit-1")
    assert clock_of(event) == "01:30 (1st) to 01:30 (2nd)"
    (day,) = (one for one in patient_page(recorded).days if one.on == "Sunday 1 November 2026")
    assert day.things == (("1:30am (before the clocks go back) to 1:30am (after the clocks go back)", "visit"),)
    *_, booked = in_the_night(f"2026-10-21 09:00 | book visit-1 {FIRST}", more='[length]\nvisit = "1 hour"\n')
    (entry,) = (one for one in entries_of(booked, WHEN) if one.id == "visit-1")
    assert "Sun 01-Nov-2026 01:30 (1st) to 01:30 (2nd), local time in America/New_York." in text_of(entry)
    assert entry.end - entry.start == timedelta(hours=1)


def test_the_patient_is_told_the_hour_by_which_a_test_must_be_done(moved):
    assert [patient_page(plan).to_arrange for plan in moved] == [
        (("scan", f"between Sunday 7 June 2026 and {hour} on Friday 12 June 2026"),) for hour in ("2pm", "10am")
    ]


def test_a_ruling_made_on_one_of_two_equal_hours_does_not_hold_for_the_other():
    """Cells on Tue 03-Nov at 18:00: 65.5 hours after the first 01:30 of Sunday, 64.5 after the second. 72 are asked, 60
    by the other reading, so the principal investigator must decide, on the very hour."""
    trial = SCANNED + 'literal = ["day-zero at least 60 hours after scan"]\n'
    lines = f"2026-11-01 12:00 | fact scan {FIRST}", "2026-11-01 13:00 | rule T1 allowed", f"2026-11-01 14:00 | fact scan {SECOND}"
    player = played(trial, *lines[:2], zero="2026-11-03 18:00", plan="2026-10-20 09:00 | plan")
    assert [one.status for one in player.plan.findings if one.ref == "T1"] == ["ruled"]
    player = played(trial, *lines, zero="2026-11-03 18:00", plan="2026-10-20 09:00 | plan")
    (found,) = (one for one in player.plan.findings if one.ref == "T1")
    assert found.status == "boundary"
    assert "Sun 01-Nov-2026 01:30 -0400, Tue 03-Nov-2026" in finding_basis(found, "day 0")
