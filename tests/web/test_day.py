"""A whole day on one form: one check, one save, one revision. In Chromium without JavaScript the two things that a nurse does
most, counted; the rest by its forms. All times are worked out by hand; lymphodepletion is from Wed 10-Jun-2026 (fludarabine
09:00, cyclophosphamide 11:00), day 0 is Mon 15-Jun-2026 10:00, IL-2 every second day from Tue 16-Jun at 20:00."""

import pytest
from shared.browser import chromium, served  # noqa: F401
from shared.elements import Elements
from shared.web_forms import Page, check, save, ward  # noqa: F401
from shared.web_ward import TIMES, Book, open_ward

from schedule.model.acts import RecordDay

TASKS = (
    '[[tasks]]\nid = "weight"\ntitle = "weigh the patient"\ndays = "-5 to +13"\nat = "06:00"\n'
    '[[tasks]]\nid = "line-check"\ntitle = "check the central line"\ndays = "-5 to +13"\n'
)


def with_tasks(store, clock):
    """Two patients with tasks of the site's own; of DAY-2 two things of Wed 10-Jun are recorded."""
    books = {code: Book(clock, store, planned="2026-06-15T10:00:00", times=TIMES, code=code, more=TASKS) for code in ("DAY-1", "DAY-2")}
    books["DAY-2"].record("weight-1", "done", "2026-06-10 06:00")
    books["DAY-2"].record("fludarabine-1", "given", "2026-06-10 09:05")
    return books


def in_autumn(store, clock):
    """Lymphodepletion begins on Sun 01-Nov-2026, on which 01:30 comes twice; fludarabine is due at 03:00."""
    times = {**TIMES, "fludarabine": "03:00"}
    return {"FALL-1": Book(clock, store, planned="2026-11-06T10:00:00", times=times, code="FALL-1", dates={"marrow": "2026-10-16"})}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("day"), patients=with_tasks) as found:
        yield found


@pytest.fixture
def tab(chromium):
    """A browser's tab without JavaScript."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def words(tab):
    return " ".join(tab.inner_text("main").replace("\u00a0", " ").split())


def said(answer):
    return " ".join(Elements(answer.text).said.replace("\u00ad", "").replace("\u2060", "").replace("\u00a0", " ").split())


def records(ward, code):
    """What the newest act recorded: event, outcome, wall time."""
    deed = ward.last(code).deed
    assert isinstance(deed, RecordDay)
    return {one.event: (one.record.outcome, f"{one.record.at:%Y-%m-%d %H:%M}") for one in deed.records}


# In a browser ---------------------------------------------------------------------------------------------------------


def test_a_day_as_planned_is_three_clicks_no_field_and_one_revision_of_what_was_due(tab, site):
    """Wed 10-Jun, 10:30, from the shift page: weighed at 06:00 and fludarabine at 09:00 are due; cyclophosphamide at 11:00
    and the line check at any time are not."""
    address, ward = site
    ward.at("2026-06-10 10:30")
    count = len(ward.revisions("DAY-1"))
    tab.goto(f"{address}/")
    tab.click("a[href='/p/DAY-1/day/2026-06-10']")
    tab.click("text=All as planned")
    shown = words(tab)
    assert "Checked. Nothing is saved yet" in shown
    assert "done weigh the patient Wed 10-Jun-2026 06:00 as planned" in shown
    assert "given fludarabine, intravenous infusion (dose 1 of 3) Wed 10-Jun-2026 09:00 as planned" in shown
    assert len(ward.revisions("DAY-1")) == count
    tab.click("text=Save these 2")
    assert len(ward.revisions("DAY-1")) == count + 1
    assert records(ward, "DAY-1") == {"fludarabine-1": ("given", "2026-06-10 09:00"), "weight-1": ("done", "2026-06-10 06:00")}
    assert tab.inner_text("h1") == f"Revision {count + 1} saved"


def test_one_dose_at_0910_is_three_clicks_and_one_field(tab, site):
    """Thu 11-Jun, from the shift page: typed as 0910, said back with its weekday, ten minutes late."""
    address, ward = site
    ward.at("2026-06-11 09:30")
    tab.goto(f"{address}/")
    tab.click("a[href='/p/DAY-1/day/2026-06-11']")
    tab.fill("#fludarabine-2-time", "0910")
    tab.click(".buttons button[value=check]")
    shown = words(tab)
    assert "given fludarabine, intravenous infusion (dose 2 of 3) Thu 11-Jun-2026 09:10 10 minutes after its planned hour" in shown
    assert "weigh the patient · cyclophosphamide" in shown.split("Stays not recorded: ")[1]
    tab.click("text=Save this record")
    assert records(ward, "DAY-1") == {"fludarabine-2": ("given", "2026-06-11 09:10")}


def test_a_reason_is_asked_for_only_where_something_was_not_done(tab, site):
    address, ward = site
    ward.at("2026-06-12 14:05")
    tab.goto(f"{address}/p/DAY-1/day/2026-06-12")
    assert not tab.is_visible("#fludarabine-3-reason")
    tab.check("#fludarabine-3-outcome-held")
    assert tab.is_visible("#fludarabine-3-reason") and not tab.is_visible("#weight-3-reason")
    tab.check("#weight-3-outcome-done")
    tab.click(".buttons button[value=check]")
    assert "fludarabine, intravenous infusion (dose 3 of 3): write why it was held" in words(tab).lower()
    tab.fill("#fludarabine-3-reason", "fever 39.1")
    tab.click(".buttons button[value=check]")
    shown = words(tab)
    assert "held fludarabine, intravenous infusion (dose 3 of 3) Fri 12-Jun-2026 fever 39.1" in shown
    assert "HELD (fever 39.1). Nothing is rescheduled: ask the principal investigator." in shown
    assert "done weigh the patient Fri 12-Jun-2026 no hour was written" in shown
    assert ward.revisions("DAY-1")[-1] == len(ward.revisions("DAY-1"))


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_of_the_form_nor_of_its_check_is_wider_than_the_window(tab, site, width):
    address, ward = site
    ward.at("2026-06-14 14:05")
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{address}/p/DAY-1/day/2026-06-14")
    held = tab.locator("input[value=held]").first
    held.check()
    for _ in range(2):
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.click(".buttons button[value=check]")
    tab.goto(f"{address}/p/DAY-2/day/2026-06-10")
    for change in tab.locator("summary").all():
        change.click()
    tab.check("#fludarabine-1-outcome-held")
    assert tab.is_visible("#fludarabine-1-outcome-open") and tab.is_visible("#weight-1-outcome-open")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


# What is typed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["0910", "9.10", "9:10", "09:10", "09h10", " 9h10 "])
def test_an_hour_as_nurses_write_it_alone_means_given(ward, typed):
    answer, page = check(ward, "/p/PLAN-1/day/2026-06-11", {"fludarabine-2-time": typed})
    assert answer.status_code == 200 and "Thu 11-Jun-2026 09:10" in said(answer)
    assert page.fields["fludarabine-2-time"] == typed.strip()


@pytest.mark.parametrize("typed", ["910", "25:00", "9", "noon"])
def test_an_hour_that_is_none_is_told_at_its_row(ward, typed):
    answer, page = check(ward, "/p/PLAN-1/day/2026-06-11", {"fludarabine-2-time": typed})
    assert answer.status_code == 422 and f"The time “{typed}” must be one of the 24-hour clock" in page.text
    assert page.wrong == {"fludarabine-2-time"} and page.fields["fludarabine-2-time"] == typed


def test_an_empty_form_is_not_checked(ward):
    answer, page = check(ward, "/p/PLAN-1/day/2026-06-11", {})
    assert answer.status_code == 422 and "Nothing is entered" in page.text


def test_an_hour_after_midnight_may_be_of_the_next_date_and_is_asked_about(ward):
    """IL-2 of Tue 09-Jun, due at 20:00, at 00:15: either 19 h 45 min early or, nearer, 4 h 15 min late on Wed 10-Jun."""
    path, typed = "/p/GIVEN-1/day/2026-06-09", {"il2-1-time": "0015"}
    answer, page = check(ward, path, typed)
    assert answer.status_code == 422
    assert "00:15 may be of Tue 09-Jun-2026 or of Wed 10-Jun-2026. Choose which" in said(answer)
    answer, page = check(ward, path, {**typed, "il2-1-date": "2026-06-10"})
    assert answer.status_code == 200 and "Wed 10-Jun-2026 00:15 4 hours 15 minutes after its planned hour" in said(answer)
    assert ward.post(path, {**page.fields, "do": "save"}).status_code == 303
    assert records(ward, "GIVEN-1") == {"il2-1": ("given", "2026-06-10 00:15")}


def test_an_hour_of_the_evening_is_not_asked_about(ward):
    answer, _ = check(ward, "/p/GIVEN-1/day/2026-06-09", {"il2-1-time": "2355"})
    assert answer.status_code == 200 and "Tue 09-Jun-2026 23:55" in said(answer)


def test_an_hour_that_the_clocks_show_twice_is_chosen(tmp_path):
    """New York, Sun 01-Nov-2026: 01:30 is 05:30 UTC and, an hour later, 06:30 UTC."""
    with open_ward(tmp_path, patients=in_autumn) as ward:
        ward.at("2026-11-01 09:00")
        path, typed = "/p/FALL-1/day/2026-11-01", {"fludarabine-1-time": "0130"}
        answer, page = check(ward, path, typed)
        assert answer.status_code == 422 and "Choose which of the two it is" in page.text
        answer, page = check(ward, path, {**typed, "fludarabine-1-offset": "-05:00"})
        assert answer.status_code == 200 and "Sun 01-Nov-2026 01:30 (2nd)" in said(answer)
        assert ward.post(path, {**page.fields, "do": "save"}).status_code == 303
        assert f"{ward.last('FALL-1').deed.records[0].record.moment.utcoffset()}" == "-1 day, 19:00:00"


# All as planned -------------------------------------------------------------------------------------------------------


def as_planned(ward, path, typed=()):
    revision = Page(ward.get(path).text).fields["based-on"]
    answer = ward.post(path, {"based-on": revision, **dict(typed), "do": "as-planned"})
    return answer, Page(answer.text)


def test_as_planned_takes_that_day_and_leaves_what_is_older_and_what_was_typed(ward):
    """Thu 11-Jun is past: both doses of it are due; those of Wed 10-Jun stay. Cyclophosphamide was typed as held."""
    ward.at("2026-06-12 08:00")
    typed = {"cyclophosphamide-2-outcome": "held", "cyclophosphamide-2-reason": "fever"}
    answer, page = as_planned(ward, "/p/PLAN-1/day/2026-06-11", typed)
    assert answer.status_code == 200
    assert "Stays not recorded: 2" in page.text
    assert ward.post("/p/PLAN-1/day/2026-06-11", {**page.fields, "do": "save"}).status_code == 303
    assert records(ward, "PLAN-1") == {
        "cyclophosphamide-2": ("held", "2026-06-11 00:00"), "fludarabine-2": ("given", "2026-06-11 09:00"),
    }  # fmt: skip


def test_the_cells_are_typed_and_the_rest_of_day_0_is_taken_with_them(ward):
    """The cells at 11:30 become day 0; nothing else of Mon 15-Jun is due by 12:00."""
    ward.at("2026-06-15 12:00")
    path = "/p/PLAN-1/day/2026-06-15"
    assert "First type the hour of the cells below: it becomes day 0" in said(ward.get(path))
    answer, page = as_planned(ward, path)
    assert answer.status_code == 422 and "Nothing is entered" in page.text
    answer, page = as_planned(ward, path, {"nk-infusion-1-time": "1130"})
    assert answer.status_code == 200 and "Mon 15-Jun-2026 11:30 1 hour 30 minutes after its planned hour" in said(answer)
    assert ward.post(path, {**page.fields, "do": "save"}).status_code == 303
    assert records(ward, "PLAN-1") == {"nk-infusion-1": ("given", "2026-06-15 11:30")}
    assert "Mon 15-Jun-2026 11:30" in said(ward.get("/p/PLAN-1"))


def test_as_planned_on_a_form_of_before_says_who_was_quicker_and_takes_nothing(ward):
    path = "/p/PLAN-1/day/2026-06-11"
    revision = Page(ward.get(path).text).fields["based-on"]
    assert save(ward, "/p/PLAN-1/record/fludarabine-2", {"outcome": "given", "when-is": "2026-06-12"}).status_code == 303
    answer = ward.post(path, {"based-on": revision, "cyclophosphamide-2-time": "1110", "do": "as-planned"})
    assert answer.status_code == 409 and "somebody was quicker" in said(answer)
    assert Page(answer.text).fields["cyclophosphamide-2-time"] == "1110"


# All or nothing -------------------------------------------------------------------------------------------------------


def test_one_refused_record_saves_none_and_its_row_says_why(ward):
    ward.at("2026-06-12 08:00")
    before = ward.revisions("PLAN-1")
    typed = {"fludarabine-2-time": "0900", "fludarabine-3-time": "0900", "cyclophosphamide-2-time": "1100"}
    answer, page = check(ward, "/p/PLAN-1/day/2026-06-12", typed)
    assert answer.status_code == 422 and page.wrong == {"fludarabine-3-time"}
    why = "Fludarabine, intravenous infusion (dose 3 of 3): Fri 12-Jun-2026 09:00 is later than now: record what has happened"
    assert said(answer).count(why) == 2  # at the top and at its row
    assert ward.revisions("PLAN-1") == before


def test_what_looks_wrong_is_named_and_takes_the_code(ward):
    """The cells on Sun 14-Jun, the day before day 0, are the wrong date; what else is typed is right."""
    ward.at("2026-06-15 03:00")
    path, typed = "/p/PLAN-1/day/2026-06-14", {"nk-infusion-1-time": "2350", "fludarabine-3-time": "0900"}
    path = "/p/PLAN-1/day/2026-06-15"
    answer, page = check(ward, path, {**typed, "nk-infusion-1-date": "2026-06-14"})
    assert answer.status_code == 200
    assert "This looks wrong. CIML NK cells, intravenous infusion: Sun 14-Jun-2026 23:50 looks wrong" in said(answer)
    assert ward.post(path, {**page.fields, "do": "save"}).status_code == 422
    assert ward.post(path, {**page.fields, "do": "save", "confirm": "PLAN-1"}).status_code == 303
    assert {one.event: one.confirmed for one in ward.last("PLAN-1").deed.records} == {"nk-infusion-1": True, "fludarabine-3": False}


# Corrections ----------------------------------------------------------------------------------------------------------


def test_what_is_recorded_is_shown_and_can_be_changed_and_taken_back(ward):
    """SLIP-1 has both doses of Wed 10-Jun: fludarabine at 09:05, cyclophosphamide at 11:10."""
    path = "/p/SLIP-1/day/2026-06-10"
    assert "given, Wed 10-Jun-2026 09:05 Change" in said(ward.get(path))
    typed = {"fludarabine-1-time": "0915", "cyclophosphamide-1-outcome": "open", "cyclophosphamide-1-reason": "another patient's"}
    answer, page = check(ward, path, typed)
    assert "given fludarabine, intravenous infusion (dose 1 of 3) Wed 10-Jun-2026 09:15" in said(answer)
    assert "taken back cyclophosphamide, intravenous infusion (dose 1 of 2) what was recorded is an error" in said(answer)
    assert ward.post(path, {**page.fields, "do": "save"}).status_code == 303
    act = ward.last("SLIP-1")
    assert act.reason == "another patient's"
    assert {one.event: one.record and f"{one.record.at:%H:%M}" for one in act.deed.records} == {"cyclophosphamide-1": None, "fludarabine-1": "09:15"}
    assert "cyclophosphamide, intravenous infusion (dose 1 of 2): what was recorded is taken back" in said(ward.get("/p/SLIP-1/history"))


def test_two_people_record_the_same_dose_and_the_second_sees_what_she_typed_beside_what_is_recorded(ward):
    """Nothing of hers is saved; her hour stands in the row, as a correction of the other's."""
    path, typed = "/p/PLAN-1/day/2026-06-11", {"fludarabine-2-time": "0920"}
    form = {**check(ward, path, typed)[1].fields, "do": "save"}
    other = {"fludarabine-2-time": "0915", "cyclophosphamide-2-time": "1110"}
    assert save(ward, path, other).status_code == 303
    answer = ward.post(path, form)
    assert answer.status_code == 409 and "somebody was quicker" in said(answer)
    assert "given, Thu 11-Jun-2026 09:15" in said(answer)
    assert Page(answer.text).fields["fludarabine-2-time"] == "0920" and "<details open>" in answer.text
    assert records(ward, "PLAN-1") == {"fludarabine-2": ("given", "2026-06-11 09:15"), "cyclophosphamide-2": ("given", "2026-06-11 11:10")}


# Days -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-02-30", "20260612", "tomorrow", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_not_found(ward, day):
    assert ward.get(f"/p/PLAN-1/day/{day}").status_code == 404


def test_today_has_an_address_of_its_own(ward):
    answer = ward.get("/p/PLAN-1/day")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/p/PLAN-1/day/2026-06-12")


def test_a_day_with_nothing_on_says_so(ward):
    assert "Nothing is planned for this day, and nothing before it is open." in said(ward.get("/p/FRESH-1/day/2026-06-01"))


def test_a_cancelled_plan_takes_no_records(ward):
    assert "The plan is cancelled. Only notes can be added" in said(ward.get("/p/GONE-1/day/2026-06-12"))
