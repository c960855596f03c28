"""Under each open thing stands what is to be done, and nothing that reads as if it were done; nobody is late with a date
that nobody has entered."""

from datetime import date, datetime

import pytest

from schedule.pages.deadlines import deadline_page
from schedule.pages.go import go_pages
from schedule.pages.index import index_page
from schedule.pages.patient_now import patient_now
from schedule.words.findings import finding_in_words
from schedule.words.settling import asked_and_settled, settled_by

P = date(2026, 6, 15)
LATE = datetime(2026, 6, 20, 8)
"""After every day by which a date would have to lie."""


@pytest.fixture
def nothing_known(plan_of, site_of):
    """Day 0 is planned for Mon 15-Jun-2026 and nothing else is known, seen when every last day has passed."""
    windows = {"virology-window": "-42 to -1", "pregnancy-test-window": "-7 to -1"}
    return plan_of(site_of(parameters=windows), planned_day_zero=P, as_of=LATE)


def of_kind(plan, *, test):
    """The findings due about known dates: of tests, or of what was or never was."""
    found = [one for one in plan.findings if one.status == "due" and plan.protocol.date_at(one.point) is not None]
    return [one for one in found if plan.protocol.date_at(one.point).test == test]


def test_a_date_that_nobody_has_entered_is_missing_and_never_overdue(nothing_known):
    found = of_kind(nothing_known, test=False)
    assert {str(one.point) for one in found} >= {"transplant", "taper-completed", "venetoclax-last", "dli-last"}
    assert {one.overdue for one in found} == {False}
    for one in found:
        said = "nobody has entered it: enter its date" + ("" if str(one.point) == "transplant" else ", or “never”")
        assert settled_by(nothing_known, one) == said and "OVERDUE" not in finding_in_words(one, "day 0")


def test_a_test_that_was_not_done_in_time_is_overdue(nothing_known):
    found = of_kind(nothing_known, test=True)
    assert {str(one.point) for one in found} == {
        "disease-assessment", "chimerism", "marrow", "organ-function", "echo", "pregnancy-test", "virology",
    }  # fmt: skip
    assert {one.overdue for one in found} == {True}
    assert {settled_by(nothing_known, one) for one in found} == {"to be done, then enter its date"}


def test_a_statement_that_nobody_has_made_is_to_be_recorded(nothing_known):
    found = {one.ref: settled_by(nothing_known, one) for one in nothing_known.findings if one.ref in ("T28", "T34")}
    assert found == dict.fromkeys(("T28", "T34"), "nobody has stated this yet: record it, with date and role")


def test_each_line_of_the_patients_page_leads_to_the_form_that_settles_it(nothing_known):
    """Organ function: within 14 days of day 0, and the day before it at the latest: 15 - 14 = 1-Jun to 14-Jun."""
    lines = {line.ref or line.what: line for line in patient_now(nothing_known, LATE.date()).open}
    organ, stated, drug = lines["T19"], lines["T34"], lines["T16"]
    assert organ.more.startswith("To be done Mon 01-Jun-2026 to Sun 14-Jun-2026") and organ.more.endswith(", then enter its date.")
    assert (organ.state, organ.form, organ.link) == ("overdue", "fact/organ-function", "Enter its date")
    assert (stated.more, stated.form) == ("Nobody has stated this yet: record it, with date and role.", "attest/no-active-gvhd-or-illness")
    assert (drug.state, drug.said, drug.form) == ("missing", "missing", "fact/gvhd-steroid-last")
    assert drug.more == "No later than Sun 17-May-2026. Nobody has entered it: enter its date, or “never”."


def test_paper_says_missing_where_nobody_has_entered_it(nothing_known):
    marks = {line.what: (line.mark, line.how) for line in deadline_page(nothing_known).dated}
    assert marks["last dose of a systemic corticosteroid for GVHD"] == (
        "missing", "nobody has entered it; it may lie no later than Sun 17-May-2026; last day: Sunday",
    )  # fmt: skip
    assert marks["tests of organ function"][0] == "OVERDUE"
    told = index_page(nothing_known).overdue
    assert "missing; no later than Sun 17-May-2026: last dose of a systemic corticosteroid for GVHD (T16)" in told
    assert not any(text.startswith("OVERDUE") and "transplant" in text for text in told)
    items = {item.what: item for group in go_pages(nothing_known)[-1].groups for item in group.items}
    assert items["most recent transplant"].settles == "nobody has entered it: enter its date"


def test_a_choice_that_is_not_made_is_to_be_made(plan_of, protocol):
    from schedule.service.inputs import SHIPPED, open_protocol

    trial = open_protocol(SHIPPED / "kymriah-eu.toml")
    plan = plan_of(protocol=trial, planned_day_zero=P, as_of=datetime(2026, 6, 1, 8))
    found = {one.ref: asked_and_settled(plan, one) for one in plan.findings if one.rule == "choice"}
    assert found and set(found.values()) == {"Not chosen yet: choose it for this patient."}
    lines = {line.ref: line for line in patient_now(plan, date(2026, 6, 1)).open}
    for ref in found:
        assert (lines[ref].form, lines[ref].link) == (f"choose/{ref.removeprefix('choice-')}", "Choose it")


def test_before_day_0_is_planned_a_rule_waits_for_it(plan_of):
    plan = plan_of(dates={"marrow": date(2026, 5, 21)}, as_of=datetime(2026, 6, 1, 8))
    waiting = [one for one in plan.findings if one.status == "due" and one.rule == "T14"]
    assert {settled_by(plan, one) for one in waiting} == {"judged once day 0 is planned"}
