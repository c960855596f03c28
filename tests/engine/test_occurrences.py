"""Findings of single events: windows, fixed ones off their place, bookings that no longer fit, surplus and near doses.

The oracle has the same findings of random patients; here stand their dates and their words.
"""

from datetime import UTC, date, datetime

import pytest
from oracle.generate import world
from shared.player import Player
from shared.small_patients import amended, finding, planned, record

from schedule.engine.occurrences import is_inside
from schedule.model.moment import Moment, moment_at
from schedule.words.findings import finding_basis, finding_in_words, finding_source, is_at_rest

BESIDE = ("window", "place", "booking", "surplus", "near")


@pytest.mark.parametrize("seed", [*range(9), 137, 293, 316])
def test_they_are_those_of_the_oracle(seed):
    made = world(seed, 10)
    player = Player(made.protocol, made.site, made.case)
    for act, right in zip(made.acts, made.outcomes, strict=True):
        assert player.act(act)["exit"] == right["exit"]
        if right["saved"]:
            expected = {(f["rule"], f["point"], f["cycle"], f["status"]) for f in right["plan"]["findings"] if f["rule"] in BESIDE}
            assert {(f.rule, str(f.point), f.cycle, f.status) for f in player.plan.findings if f.rule in BESIDE} == expected


VISIT = """
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "Cells on day 0."
[activities.visit]
title = "visit"
unit = "visit"
days = "+20 ±2, +60 ±5"
category = "visit"
quote = "Visits."
[activities.sample]
title = "sample"
days = "4 h after cells ±1 h"
category = "test"
quote = "A sample."
[rules.DAYS]
title = "days"
quote = "days"
events = ["cells", "visit", "sample"]
"""
CELLS = record("cells-1", "given", "2026-06-15 10:00")


@pytest.mark.parametrize(
    ("at", "status", "words"),
    [
        (None, "due", "Window: Fri 03-Jul-2026 to Tue 07-Jul-2026. Due Sun 05-Jul-2026: inside."),
        ("2026-07-03", "met", "Window: Fri 03-Jul-2026 to Tue 07-Jul-2026. Done Fri 03-Jul-2026: inside."),
        ("2026-07-07 23:30", "met", "Window: Fri 03-Jul-2026 to Tue 07-Jul-2026. Done Tue 07-Jul-2026 23:30: inside."),
        ("2026-07-08", "violated", "Window: Fri 03-Jul-2026 to Tue 07-Jul-2026. Done Wed 08-Jul-2026: outside."),
        ("2026-07-15", "violated", "Window: Fri 03-Jul-2026 to Tue 07-Jul-2026. Done Wed 15-Jul-2026: outside."),
    ],
)
def test_a_window_in_days_is_judged_by_date(at, status, words):
    """15-Jun + 20 days = 5-Jul, give or take 2."""
    plan = planned(VISIT, "2026-06-15 10:00", CELLS, *([record("visit-1", "done", at)] if at else []))
    found = finding(plan, "window", "visit-1")
    assert (found.status, found.ref, found.earliest, found.latest) == (status, "window", date(2026, 7, 3), date(2026, 7, 7))
    assert finding_basis(found, "day 0") == words
    assert finding_source(found) == "the days of the schedule"
    assert is_at_rest(found) == (status != "violated")


def test_a_window_tells_which_occurrence_it_is_of_and_when_it_was_done():
    plan = planned(VISIT, "2026-06-15 10:00", CELLS, record("visit-1", "done", "2026-07-15"))
    assert finding_in_words(finding(plan, "window", "visit-1"), "day 0") == (
        "visit (visit 1 of 2): its window: Fri 03-Jul-2026 to Tue 07-Jul-2026 [Wed 15-Jul-2026]"
    )


@pytest.mark.parametrize(
    ("at", "status"),
    [("2026-06-15 13:00", "met"), ("2026-06-15 12:59", "violated"), ("2026-06-15 15:00", "met"), ("2026-06-15 17:30", "violated")],
)
def test_a_window_in_hours_is_judged_to_the_minute(at, status):
    plan = planned(VISIT, "2026-06-15 10:00", CELLS, record("sample-1", "done", at))
    assert finding(plan, "window", "sample-1").status == status


def test_a_date_without_an_hour_in_a_window_of_hours_depends_on_it():
    hours = tuple(moment_at(datetime(2026, 6, day, 10, tzinfo=UTC)) for day in (15, 16))
    days = tuple(Moment(on=date(2026, 6, day)) for day in (14, 15, 16, 17))
    assert [is_inside(hours, one) for one in days] == [False, None, None, False]


def test_a_visit_not_recorded_in_its_window_is_overdue():
    plan = planned(VISIT, "2026-06-15 10:00", CELLS, {"act": "note", "as_of": "2026-07-20 09:00"})
    found = finding(plan, "window", "visit-1")
    assert (found.status, found.overdue, is_at_rest(found)) == ("due", True, False)
    assert not finding(plan, "window", "visit-2").overdue


def test_a_held_visit_has_no_window_to_keep():
    plan = planned(VISIT, "2026-06-15 10:00", CELLS, record("visit-1", "held", "2026-07-05"))
    assert [str(one.point) for one in plan.findings if one.rule == "window"] == ["visit-2", "sample-1"]


def test_what_a_move_left_where_it_was_lies_off_its_place_and_hinders_nothing():
    """The donor's collection on day -1 is done; the cells slip by two days."""
    text = VISIT + '[activities.collection]\ntitle = "collection"\ndays = "-1"\nwho = "donor"\ncategory = "treatment"\nquote = "x"\n'
    move = {"act": "move", "to": "2026-06-17 10:00", "cause": "product", "as_of": "2026-06-14 18:00"}
    plan = planned(text, "2026-06-15 10:00", record("collection-1", "done", "2026-06-14 10:00", "2026-06-14 11:00"), move)
    found = finding(plan, "place", "collection-1")
    assert (found.status, found.if_broken) == ("boundary", None)
    assert finding_basis(found, "day 0") == (
        "It stays on Sun 14-Jun-2026; its place in the schedule is now Tue 16-Jun-2026. The principal investigator must decide."
    )


def test_a_booking_outside_the_window_as_it_now_stands_is_told_with_where_it_is_planned_again():
    """Booked for 6-Jul, in 3 to 7-Jul; day 0 moves by 4 days, the window with it: 7 to 11-Jul."""
    book = {"act": "book", "event": "visit-1", "at": "2026-07-06", "as_of": "2026-06-02 09:00"}
    move = {"act": "move", "to": "2026-06-19 10:00", "as_of": "2026-06-03 09:00"}
    plan = planned(VISIT, "2026-06-15 10:00", book, move)
    found = finding(plan, "booking", "visit-1")
    assert found.status == "boundary" and found.actual == date(2026, 7, 9)
    assert finding_basis(found, "day 0") == (
        "It was booked for Mon 06-Jul-2026, outside its window, Tue 07-Jul-2026 to Sat 11-Jul-2026: book again. "
        "Planned again: Thu 09-Jul-2026."
    )


DOSES = """
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "Cells on day 0."
[activities.drug-b]
title = "drug B"
unit = "dose"
days = "+1, +8, +15, +22"
category = "treatment"
quote = "Drug B."
"""


DAYS = "+1, +8, +15, +22"
COURSE = '[courses.b]\ntitle = "Course B"\n' + DOSES.replace('unit = "dose"', 'unit = "dose"\ncourse = "b"')


def test_what_an_amendment_drops_from_a_begun_course_or_adds_to_it_is_told_and_the_course_keeps_its_dates():
    """Day +8 goes, day +10 (Thu 25-Jun-2026) comes, after the first dose."""
    given = [record("cells-1", "given", "2026-06-15"), record("drug-b-1", "given", "2026-06-16")]
    plan = planned(COURSE, "2026-06-15", *given, amended(COURSE.replace("+8", "+10"), "2026-06-17 09:00"))
    found = {str(one.point): one for one in plan.findings if one.rule == "amended"}
    assert {point: (one.status, finding_basis(one, "day 0")) for point, one in found.items()} == {
        "drug-b-2": ("boundary", "The text in force no longer has it, Tue 23-Jun-2026, but its course had begun: it keeps its date."),
        "drug-b.each": ("boundary", "The text in force has one more on Thu 25-Jun-2026; its course had begun, and it is not planned."),
    }
    assert [event.on.day for event in plan.events if event.activity == "drug-b"] == [16, 23, 30, 7]
    assert not [one for one in planned(COURSE, "2026-06-15", *given).findings if one.rule == "amended"]


def test_an_amendment_before_the_course_begins_is_followed_and_nothing_is_told():
    plan = planned(COURSE, "2026-06-15", amended(COURSE.replace("+8", "+10"), "2026-06-02 09:00"))
    assert not [one for one in plan.findings if one.rule == "amended"]


def test_an_open_dose_too_near_to_one_given_late_is_asked_about():
    """Dose 1 of 16-Jun is given on 20-Jun: 3 days to dose 2 on 23-Jun, less than half of 7."""
    plan = planned(DOSES, "2026-06-15", record("cells-1", "given", "2026-06-15"), record("drug-b-1", "given", "2026-06-20"))
    found = finding(plan, "near", "drug-b-2")
    assert found.status == "boundary"
    assert finding_basis(found, "day 0") == (
        "Tue 23-Jun-2026 lies nearer to drug B (dose 1 of 4), given Sat 20-Jun-2026, than half their distance in the schedule: "
        "is it still to be given?"
    )
    assert not [one for one in plan.findings if one.rule == "near" and str(one.point) != "drug-b-2"]


