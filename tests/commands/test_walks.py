"""The six things that a nurse does most, on the command line: one command each, and its act is in the ledger.

CASE-1: lymphodepletion from Wed 10-Jun-2026, day 0 Mon 15-Jun 10:00."""

import pytest
from shared.desk import CODE, ON_BOTH, desk, planned

from schedule.ledger.opening import open_store
from schedule.model.acts import Create, GiveRuling, Move, RecordDay, RecordEvent
from schedule.model.case import NEVER
from schedule.service.revisions import newest, plan_of

__all__ = ["desk", "planned"]

pytestmark = ON_BOTH

DOSES = (("fludarabine-1", "10"), ("cyclophosphamide-1", "10"), ("fludarabine-2", "11"), ("cyclophosphamide-2", "11"))


@pytest.fixture
def ward(planned):
    """The doses of the first two days are recorded; it is Fri 12-Jun-2026, 14:05."""
    planned.at("2026-06-12 13:59")
    for event, day in DOSES:
        assert planned.run("record", CODE, event, "given", "--at", f"2026-06-{day}")[0] == 0
    planned.at("2026-06-12 14:04")
    return planned


def test_todays_sheets_of_the_whole_ward_are_one_command(ward):
    code, out, _ = ward.run("print", "--today", ward.folder / "ward.html")
    assert code == 0 and "Day sheets of the ward, Fri 12-Jun-2026: 1 sheet" in out
    assert CODE in (ward.folder / "ward.html").read_text(encoding="utf-8")


def test_a_whole_day_as_planned_is_one_command_and_one_revision(ward):
    """On the morning after: the dose has no hour, and is due until its date is over."""
    before = ward.revisions[-1]
    ward.at("2026-06-13 06:00")
    code, _, err = ward.run("record", CODE, "--day", "2026-06-12", "--as-planned")
    assert (code, err) == (0, "") and ward.revisions[-1] == before + 1
    deed = ward.last.deed
    assert isinstance(deed, RecordDay)
    assert [(one.event, one.record.outcome, f"{one.record.at}"[:10]) for one in deed.records] == [("fludarabine-3", "given", "2026-06-12")]


@pytest.mark.parametrize("typed", ["2026-06-12 0910", "12 Jun 2026 9.10", "Fri 12-Jun-2026 09:10"])
def test_one_dose_at_0910_is_one_command_in_whatever_way_it_is_typed(ward, typed):
    assert ward.run("record", CODE, "fludarabine-3", "given", "--at", typed)[0] == 0
    deed = ward.last.deed
    assert isinstance(deed, RecordEvent) and deed.event == "fludarabine-3"
    assert deed.record.at.isoformat() == "2026-06-12T09:10:00"


def test_moving_day_0_and_the_decision_after_it_are_a_command_each(ward):
    why = ("--confirm", CODE, "--reason")
    assert ward.run("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "illness", *why, "fever 39.1")[0] == 0
    act = ward.last
    assert isinstance(act.deed, Move) and (act.deed.cause, act.reason) == ("illness", "fever 39.1")
    assert act.deed.to.at.isoformat() == "2026-06-16T10:00:00-04:00"
    assert ward.run("rule", CODE, "T36", "allowed", *why, "cells will keep")[0] == 0
    deed = ward.last.deed
    assert isinstance(deed, GiveRuling)
    assert (deed.ruling.outcome, f"{deed.ruling.day_zero}", deed.ruling.reason) == ("allowed", "2026-06-16", "cells will keep")


CASE = """format = 1
code = "CIML-077"
protocol = "NCT04024761"
planned-day-zero = 2026-07-15T10:00:00
[dates]
transplant = 2026-01-20
taper-completed = 2026-05-04
gvhd-prophylaxis-last = 2026-05-04
chemotherapy-last = 2026-05-11
count-control-last = 2026-06-05
disease-assessment = 2026-06-22
marrow = 2026-06-22
chimerism = "2026-06-23 09:10"
virology = 2026-06-22
venetoclax-last = "never"
dli-last = "never"
"""


def test_a_new_patient_with_nine_dates_known_is_one_command_which_says_what_was_never(desk):
    desk.at("2026-06-12 14:04")
    case = desk.folder / "CIML-077.toml"
    case.write_text(CASE, encoding="utf-8")
    said = desk.run("plan", case, "--site", desk.site, "--dry-run")[1]
    assert "Never: last dose of venetoclax, last donor lymphocyte infusion.\n" in said
    assert "Because of “never” these rules fall away: T25, T31, T31-gvhd, T32.\n" in said
    assert desk.run("plan", case, "--site", desk.site)[0] == 0
    with open_store(desk.store) as store:
        act, kept = store.newest("CIML-077").act, plan_of(store, newest(store, "CIML-077")).case
    assert isinstance(act.deed, Create) and sum(bool(days) for days in kept.dates.values()) == 9
    assert {name for name, days in kept.dates.items() if days == NEVER} == {"venetoclax-last", "dli-last"}
    assert [at.isoformat() for at in kept.hours["chimerism"]] == ["2026-06-23T09:10:00-04:00"]


def test_a_known_date_is_entered_as_it_is_typed_on_a_page(planned):
    assert planned.run("fact", CODE, "virology", "12 Mar 2026 0910, May 20, 2026", "--instead")[0] == 0
    deed = planned.last.deed
    assert [f"{day}" for day in deed.dates] == ["2026-03-12", "2026-05-20"]
    assert [at.isoformat() for at in deed.hours] == ["2026-03-12T09:10:00-04:00"]
    code, _, err = planned.run("fact", CODE, "virology", "3/12/2026")
    assert code == 2 and "“3/12/2026” can be Thu 12-Mar-2026 or Thu 03-Dec-2026: write the month by its name" in err
    code, _, err = planned.run("fact", CODE, "virology", " ")
    assert code == 2 and "is not a date" in err
