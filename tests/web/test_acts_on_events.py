"""Events on pages: recorded with an end or in part, taken back, confirmed where they look wrong, booked; courses dated anew."""

import pytest
from shared.web_forms import Page, check, save, ward  # noqa: F401

from schedule.model.moment import Moment


def plan(ward, code):
    return ward.get(f"/p/{code}").text


def words_of(ward, path):
    return Page(ward.get(path).text).text


# recorded -------------------------------------------------------------------------------------------------------------


def infusion(ward, when="2026-06-15", **more):
    ward.at("2026-06-15 12:00")
    return {"outcome": "given", "when-is": when, "when-time": "10:00", **more}


def test_the_end_of_what_takes_a_while_is_recorded_and_told(ward):
    typed = infusion(ward, end="15 Jun 2026 11:05")
    _answer, page = check(ward, "/p/PLAN-1/record/nk-infusion-1", typed)
    assert "given, Mon 15-Jun-2026 10:00 to 11:05." in page.text
    assert save(ward, "/p/PLAN-1/record/nk-infusion-1", typed).status_code == 303
    record = ward.last("PLAN-1").deed.record
    assert (record.end.on.isoformat(), record.end.at.hour, record.end.at.minute) == ("2026-06-15", 11, 5)
    assert "given, Mon 15-Jun-2026 10:00 to 11:05" in words_of(ward, "/p/PLAN-1/record/nk-infusion-1")


def test_what_was_given_in_part_is_given(ward):
    assert save(ward, "/p/PLAN-1/record/nk-infusion-1", infusion(ward, outcome="partly")).status_code == 303
    record = ward.last("PLAN-1").deed.record
    assert (record.outcome, record.partly) == ("given", True)


def test_only_what_is_recorded_can_be_taken_back(ward):
    assert "take it back" in words_of(ward, "/p/SLIP-1/record/fludarabine-1")
    assert "take it back" not in words_of(ward, "/p/SLIP-1/record/fludarabine-2")
    answer, page = check(ward, "/p/SLIP-1/record/fludarabine-2", {"outcome": "open"})
    assert answer.status_code == 422 and "Choose the outcome" in page.text


WRONG = [
    ({"outcome": "open", "when-is": "2026-06-12"}, "What is taken back has no time: leave it empty"),
    ({"outcome": "open", "end": "12 Jun 2026"}, "What is taken back has no time: leave it empty"),
    ({"outcome": "held", "when-is": "2026-06-12", "end": "12 Jun 2026"}, "What was held has no end: leave it empty"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), WRONG, ids=range(len(WRONG)))
def test_what_does_not_go_together_is_named(ward, typed, said):
    before = ward.revisions("SLIP-1")
    answer, page = check(ward, "/p/SLIP-1/record/fludarabine-1", typed)
    assert answer.status_code == 422 and said in page.text
    assert ward.revisions("SLIP-1") == before


def test_a_record_that_looks_wrong_asks_for_the_code_and_is_one_act(ward):
    """Day 0 is Mon 15-Jun: cells on the day before are looked at twice."""
    path, typed, before = "/p/PLAN-1/record/nk-infusion-1", infusion(ward, when="2026-06-14"), ward.revisions("PLAN-1")
    answer, page = check(ward, path, typed)
    assert answer.status_code == 200 and "This looks wrong." in page.text
    assert "Sun 14-Jun-2026" in page.text and "Mon 15-Jun-2026" in page.text
    assert "Type PLAN-1 to confirm that it is right" in page.text
    for confirm in ("", "PLAN-2"):
        answer = ward.post(path, {**page.fields, "do": "save", "confirm": confirm})
        assert answer.status_code == 422 and "Type PLAN-1 to confirm" in Page(answer.text).text
    assert ward.revisions("PLAN-1") == before
    answers = [ward.post(path, {**page.fields, "do": "save", "confirm": "plan-1"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(ward.revisions("PLAN-1")) == len(before) + 1 and ward.last("PLAN-1").deed.confirmed


def test_a_record_that_looks_right_is_not_asked_about(ward):
    _answer, page = check(ward, "/p/PLAN-1/record/nk-infusion-1", infusion(ward))
    assert "looks wrong" not in page.text and "confirm" not in page.fields


# booked ---------------------------------------------------------------------------------------------------------------


def test_the_days_of_a_short_window_are_offered_and_the_window_is_told(ward):
    """The response marrow of PLAN-1 is asked on day +28 ±3: Mon 13-Jul-2026, from 10 to 16-Jul."""
    text = words_of(ward, "/p/PLAN-1/book/response-marrow-1")
    for offered in ("Fri 10-Jul-2026", "Mon 13-Jul-2026, as planned", "Thu 16-Jul-2026"):
        assert offered in text
    assert "Fri 10-Jul-2026 to Thu 16-Jul-2026" in text
    assert "09-Jul" not in text and "17-Jul" not in text


def test_a_booking_moves_it_and_stays_beside_the_planned_day_until_it_is_taken_back(ward):
    path = "/p/PLAN-1/book/response-marrow-1"
    _answer, page = check(ward, path, {"when-is": "2026-07-14"})
    assert "booked for Tue 14-Jul-2026, instead of Mon 13-Jul-2026." in page.text
    assert save(ward, path, {"when-is": "2026-07-14"}).status_code == 303
    assert "booked for Tue 14-Jul-2026; planned Mon 13-Jul-2026" in words_of(ward, "/p/PLAN-1/book")
    form = {**check(ward, path, {"when-is": "2026-07-13"})[1].fields, "do": "save"}
    answers = [ward.post(path, form) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert ward.last("PLAN-1").deed.at is None
    assert "booked for" not in words_of(ward, "/p/PLAN-1/book")


@pytest.mark.parametrize(
    ("path", "typed", "status"),
    [
        ("response-marrow-1", {"when-date": "17 Jul 2026"}, 409),  # after the window
        ("il2-1", {"when-date": "16 Jun 2026"}, 422),  # planned for 20:00: write the hour
        ("response-marrow-1", {"when-date": "31 Jun 2026"}, 422),
        ("response-marrow-1", {}, 422),
    ],
)
def test_what_cannot_be_booked_is_not(ward, path, typed, status):
    before = ward.revisions("PLAN-1")
    assert check(ward, f"/p/PLAN-1/book/{path}", typed)[0].status_code == status
    assert ward.revisions("PLAN-1") == before


def test_the_infusion_and_milestones_are_not_offered_to_be_booked(ward):
    page = ward.get("/p/PLAN-1/book").text
    assert "/p/PLAN-1/book/il2-1" in page and "/p/PLAN-1/book/response-marrow-1" in page
    assert "/p/PLAN-1/book/nk-infusion-1" not in page and "/p/PLAN-1/book/dlt-end-1" not in page
    assert ward.get("/p/PLAN-1/book/no-such-1").status_code == 404


# dated anew -----------------------------------------------------------------------------------------------------------


def test_what_is_left_of_a_course_is_dated_from_its_next_dose_on(ward):
    """Cells of GIVEN-1 on Mon 8-Jun; IL-2 on 9, 11, 13, ... 21-Jun at 20:00. It is Fri 12-Jun, 08:00."""
    assert "/p/GIVEN-1/re-date/il2" in ward.get("/p/GIVEN-1/re-date").text
    typed = {"next": "14 Jun 2026 20:00", "by": "PI", "reason": "a day off for fever"}
    _answer, page = check(ward, "/p/GIVEN-1/re-date/il2", typed)
    assert "what is left is dated anew, the next dose on Sun 14-Jun-2026 20:00, decided by PI, entered by nurse1." in page.text
    assert "Sat 13-Jun-2026 20:00" in page.text and "Sun 14-Jun-2026 20:00" in page.text
    assert save(ward, "/p/GIVEN-1/re-date/il2", typed, confirm="GIVEN-1").status_code == 303
    deed = ward.last("GIVEN-1").deed
    assert (deed.course, deed.by, deed.cycle, deed.next.at.hour) == ("il2", "PI, entered by nurse1", None, 20)
    page = plan(ward, "GIVEN-1")
    assert "Mon 22-Jun-2026" in page and ward.get("/p/GIVEN-1/re-date/no-such").status_code == 404


@pytest.mark.parametrize("missing", ["by", "reason"])
def test_a_course_is_not_dated_anew_without_who_decided_it_and_why(ward, missing):
    typed = {"by": "PI", "reason": "x", missing: ""}
    answer, page = check(ward, "/p/GIVEN-1/re-date/il2", typed)
    assert answer.status_code == 422 and page.wrong == {missing}


# known dates with an hour ---------------------------------------------------------------------------------------------


def test_a_known_date_keeps_its_hour(ward):
    typed = {"date": "1 Jun 2026 1530", "instead": "instead"}
    _answer, page = check(ward, "/p/PLAN-1/fact/marrow", typed)
    assert "Mon 01-Jun-2026 15:30, instead of" in page.text
    assert save(ward, "/p/PLAN-1/fact/marrow", typed).status_code == 303
    deed = ward.last("PLAN-1").deed
    assert [Moment(on=at.date(), at=at).wall.isoformat() for at in deed.hours] == ["2026-06-01T15:30:00"]
    assert "Mon 01-Jun-2026 15:30" in words_of(ward, "/p/PLAN-1/fact")


def test_of_several_dates_each_has_its_own_hour_or_none(ward):
    typed = {"date": "2 Jun 2026; 2026-06-01 15:30", "instead": "add"}
    assert save(ward, "/p/PLAN-1/fact/marrow", typed).status_code == 303
    deed = ward.last("PLAN-1").deed
    assert [day.isoformat() for day in deed.dates] == ["2026-06-01", "2026-06-02"]
    assert [at.replace(tzinfo=None).isoformat() for at in deed.hours] == ["2026-06-01T15:30:00"]


# the patient's page -----------------------------------------------------------------------------------------------------


def test_the_page_of_a_patient_just_made_opens_though_windows_are_still_ahead(ward):
    """A window beside an event still ahead asks for nothing: it is not among what is open."""
    assert {code: ward.get(f"/p/{code}").status_code for code in ("FRESH-1", "PLAN-1", "SLIP-1", "GIVEN-1")} == dict.fromkeys(
        ("FRESH-1", "PLAN-1", "SLIP-1", "GIVEN-1"), 200
    )
