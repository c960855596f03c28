"""A clock that is ahead now, on the pages: the check says both times, and the code is typed again."""

import pytest
from shared.web_forms import NEW, PATIENT, SITE, SLIP, Page, check, save
from shared.web_ward import open_ward

from schedule.model.kept import Running

NOTE = "/p/PLAN-1/note"
SAID = (
    "This looks wrong. This computer's clock says Fri 12-Jun-2026 12:00, but by how long the computer has run since the last act it is "
    "Fri 12-Jun-2026 08:30. Look at a clock that you trust. If the computer's is wrong, save nothing: what is saved under a later time keeps "
    "everybody from saving until then."
)


@pytest.fixture
def ward(tmp_path):
    """A note is made at 08:00; half an hour later the clock says 12:00."""
    ran = [Running(boot="a", seconds=100.0)]
    with open_ward(tmp_path, site=SITE, running=lambda: ran[0]) as ward:
        assert save(ward, NOTE, {"text": "at eight"}).status_code == 303
        ran[0] = Running(boot="a", seconds=1_900.0)
        ward.at("2026-06-12 12:00")
        ward.ran = ran
        yield ward


def test_the_check_says_both_times_and_nothing_is_saved_without_the_code(ward):
    answer, page = check(ward, NOTE, {"text": "told"})
    assert answer.status_code == 200 and SAID in page.text and "Type PLAN-1 to confirm that it is right" in page.text
    before = ward.revisions("PLAN-1")
    for wrong in ({}, {"confirm": "PLAN-2"}):
        answer = ward.post(NOTE, {**page.fields, "do": "save", **wrong})
        assert (answer.status_code, Page(answer.text).wrong) == (422, {"confirm"})
    assert ward.revisions("PLAN-1") == before


def test_with_the_code_it_is_saved_and_not_asked_again(ward):
    assert save(ward, NOTE, {"text": "told"}, confirm="plan-1").status_code == 303
    ward.ran[0] = Running(boot="a", seconds=2_000.0)
    _, page = check(ward, NOTE, {"text": "again"})
    assert "This looks wrong" not in page.text and "confirm" not in page.fields
    assert ward.post(NOTE, {**page.fields, "do": "save"}).status_code == 303


def test_a_form_that_was_checked_before_the_clock_went_ahead_is_not_saved_by_itself(ward):
    ward.at("2026-06-12 08:30")
    _, page = check(ward, NOTE, {"text": "told"})
    assert "This looks wrong" not in page.text
    ward.at("2026-06-12 12:00")
    answer = ward.post(NOTE, {**page.fields, "do": "save"})
    assert answer.status_code == 422 and SAID in Page(answer.text).text


def test_a_move_of_day_0_says_it_beside_the_code(ward):
    answer, page = check(ward, "/p/SLIP-1/slip", SLIP)
    assert answer.status_code == 200 and SAID in page.text
    assert page.text.index("This looks wrong") < page.text.index("Type SLIP-1 to confirm")
    assert save(ward, "/p/SLIP-1/slip", SLIP, confirm="SLIP-1").status_code == 303


def test_a_new_patient_is_saved_with_the_code_typed_again(ward):
    _, page = check(ward, NEW, PATIENT)
    assert SAID in page.text and "Type CIML-018 to confirm that it is right" in page.text
    answer = ward.post(NEW, {**page.fields, "do": "save"})
    assert (answer.status_code, Page(answer.text).wrong) == (422, {"confirm"})
    assert ward.post(NEW, {**page.fields, "do": "save", "confirm": "CIML-018"}).status_code == 303


def test_who_only_looks_is_asked_nothing(ward):
    for path in ("/", "/board", "/p/PLAN-1", "/p/PLAN-1/history", NOTE):
        answer = ward.get(path)
        assert (answer.status_code, "This computer" in answer.text) == (200, False), path
