"""The pages on a patient of a protocol with every form (tests/forms/forms.toml): choices, start dates, lymphodepletion again."""

import pytest
from shared.forms import (
    Patient,
    store,  # noqa: F401
)
from shared.web_forms import check, save, to
from shared.web_ward import open_ward

from schedule.service.revisions import newest, plan_of

CHOSEN = '[choices]\ncy-day = "early"\npart = "one"\n'


def patients(store, clock):
    one = Patient(store, CHOSEN)
    for number in (1, 2, 3):
        at = f"2026-06-{9 + number}"
        one.act("record", f"{at} 20:00", event=f"flu-{number}", outcome="given", at=at)
    return {}


@pytest.fixture
def ward(tmp_path):
    with open_ward(tmp_path, patients=patients) as opened:
        yield opened


def plan(ward):
    with ward.store() as store:
        return plan_of(store, newest(store, "CASE-1"))


def test_what_was_chosen_is_listed_and_can_be_chosen_anew(ward):
    ward.at("2026-06-12 21:00")
    page = ward.get("/p/CASE-1/choose").text
    assert "Day of cyclophosphamide" in page and "two days before the cells" in page
    assert save(ward, "/p/CASE-1/choose/cy-day", {"option": "late"}).status_code == 303
    assert plan(ward).case.choices["cy-day"] == "late"
    assert [event.on.day for event in plan(ward).events if event.activity == "cy"] == [13], "a begun course keeps its dates"


def test_an_option_that_dates_something_in_the_past_asks_whether_it_was_done(ward):
    ward.at("2026-06-12 21:00")
    before = plan(ward).revision
    answer, page = check(ward, "/p/CASE-1/choose/part", {"option": "two"})
    assert answer.status_code == 200 and plan(ward).revision == before
    assert "Now in the past: was it done?" in page.text and "Mon 08-Jun-2026" in page.text
    assert "as-of" not in page.text and "dayzero " not in page.text


def test_a_choice_that_is_not_there_is_a_plain_404(ward):
    assert ward.get("/p/CASE-1/choose/cy-days").status_code == 404


def test_a_patients_page_offers_choices_only_where_the_protocol_has_them(ward, tmp_path):
    assert "/p/CASE-1/choose" in ward.get("/p/CASE-1").text
    with open_ward(tmp_path / "other") as other:
        assert "/p/PLAN-1/choose" not in other.get("/p/PLAN-1").text
        assert "There is nothing of this kind for this patient." in other.get("/p/PLAN-1/choose").text


def test_lymphodepletion_once_more_is_asked_for_where_it_may_be_and_checked_before_it_is_done(ward):
    """Cyclophosphamide is given on 13 June; planned anew for Sun 12-Jul, fludarabine is on 7 to 9 July."""
    ward.at("2026-06-13 21:00")
    assert save(ward, "/p/CASE-1/record/cy-1", {"outcome": "given", "when-date": "13 Jun 2026"}).status_code == 303
    ward.at("2026-07-01 08:00")
    page = ward.get("/p/CASE-1/slip").text
    assert "Whether lymphodepletion is given once more" in page
    typed = {**to("2026-07-12"), "cause": "illness", "reason": "fever", "repeat": "yes"}
    answer, page = check(ward, "/p/CASE-1/slip", typed)
    assert answer.status_code == 200 and "fludarabine" in page.text
    assert save(ward, "/p/CASE-1/slip", typed, confirm="CASE-1").status_code == 303
    days = [event.on.isoformat() for event in plan(ward).events if event.activity == "flu"]
    assert days[3:] == ["2026-07-07", "2026-07-08", "2026-07-09"]


def test_a_start_date_is_entered_like_any_date(ward):
    ward.at("2026-06-12 21:00")
    assert save(ward, "/p/CASE-1/fact/randomisation", {"date": "1 Jun 2026"}).status_code == 303
    found = [event.on.isoformat() for event in plan(ward).events if event.activity == "questionnaire"]
    assert found == ["2026-07-01", "2026-07-31"]
