"""Acts from the pages: nothing is saved before it is checked, nothing twice, nothing on a plan that somebody else has changed."""

import re
from datetime import date, datetime

import pytest
from msgspec.structs import replace
from shared.web_forms import (  # noqa: F401
    GIVEN,
    NEW,
    PATIENT,
    RULING,
    SITE,
    SITE_TEXT,
    SLIP,
    Page,
    at_once,
    check,
    day,
    ledger,
    save,
    upload,
    ward,
)
from shared.web_ward import CODES, Book, WebWard, open_ward

from schedule.model.acts import (
    Amend,
    Attest,
    Cancel,
    Fact,
    GiveRuling,
    Move,
    Note,
    PlannedHour,
    RecordDay,
    RecordEvent,
    ReDate,
)
from schedule.model.acts import Book as Booking
from schedule.pages.what_if import days_shown
from schedule.service.revisions import newest, plan_of
from schedule.words.dates import day_zero_of


@pytest.fixture(scope="module")
def page_ward(tmp_path_factory):
    """Pages that are only looked at, or checked: nothing that these tests do is saved."""
    with open_ward(tmp_path_factory.mktemp("ward")) as ward:
        yield ward
RE_DATED = {**day("next", "14 Jun 2026", time="20:00"), "by": "PI", "reason": "a day off for fever"}
DAY = {"fludarabine-2-outcome": "given", "fludarabine-1-time": "0910", "cyclophosphamide-1-outcome": "held", "cyclophosphamide-1-reason": "fever"}
ACTS = [
    ("PLAN-1", "record/fludarabine-1", GIVEN, RecordEvent, False),
    ("SLIP-1", "record/fludarabine-1", {"outcome": "open", "reason": "another patient's"}, RecordEvent, False),
    ("PLAN-1", "day/2026-06-12", DAY, RecordDay, False),
    ("PLAN-1", "book/response-marrow-1", {"when-is": "2026-07-14"}, Booking, False),
    ("GIVEN-1", "re-date/il2", RE_DATED, ReDate, True),
    ("PLAN-1", "fact/virology", {"date": "20 May 2026"}, Fact, False),
    ("PLAN-1", "attest/not-breastfeeding", {"on-is": "2026-06-11", "by": "study physician"}, Attest, False),
    ("SLIP-1", "rule/T36", RULING, GiveRuling, True),
    ("SLIP-1", "slip", SLIP, Move, True),
    ("PLAN-1", "note", {"text": "cell laboratory told at 14:20"}, Note, False),
    ("PLAN-1", "cancel", {"reason": "withdrawn"}, Cancel, True),
]
IDS = [f"{row[0]}/{row[1]}" for row in ACTS]


@pytest.mark.parametrize(("code", "act", "typed", "deed", "severe"), ACTS, ids=IDS)
def test_an_act_is_checked_then_saved_by_the_one_who_acts_and_leads_to_what_it_changed(ward, code, act, typed, deed, severe):
    path, before = f"/p/{code}/{act}", ward.revisions(code)
    answer, page = check(ward, path, typed)
    assert answer.status_code == 200 and "Checked. Nothing is saved yet" in page.text
    assert ward.revisions(code) == before
    assert typed.items() <= page.fields.items(), "what was typed is still there"
    answer = ward.post(path, {**page.fields, "do": "save", **({"confirm": code.lower()} if severe else {})})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/p/{code}/change/{before[-1] + 1}")
    act = ward.last(code)
    assert (act.revision, type(act.deed), act.by, act.based_on) == (before[-1] + 1, deed, "nurse1", before[-1])
    assert act.reason == typed.get("reason", "")
    assert f"Revision {act.revision} saved" in Page(ward.get(answer.headers["Location"]).text).text


@pytest.mark.parametrize(("code", "act", "typed", "deed", "severe"), ACTS, ids=IDS)
def test_an_act_sent_again_and_again_is_one_act(ward, code, act, typed, deed, severe):
    path, count = f"/p/{code}/{act}", len(ward.revisions(code))
    form = {**check(ward, path, typed)[1].fields, "do": "save", "confirm": code}
    answers = {(answer.status_code, answer.headers.get("Location")) for answer in (ward.post(path, form) for _ in range(5))}
    assert answers == {(303, f"/p/{code}/change/{ward.revisions(code)[-1]}")}
    assert len(ward.revisions(code)) == count + 1
    back = ward.post(path, {**form, "do": "check"})
    assert back.status_code == 303, "the form of before, checked again: it is done already"


@pytest.mark.parametrize(("code", "act", "typed", "deed", "severe"), ACTS, ids=IDS)
def test_an_act_on_a_plan_that_somebody_else_has_changed_is_not_done_and_says_who_did_what(ward, code, act, typed, deed, severe):
    path = f"/p/{code}/{act}"
    form = {**check(ward, path, typed)[1].fields, "do": "save", "confirm": code}
    ward.at("2026-06-12 09:15")
    nurse2 = replace(ward.settings, user="nurse2")
    other = WebWard(nurse2, ward.clock, {})
    note = {"text": "other", "based-on": form["based-on"]}
    assert save(other, f"/p/{code}/note", note).status_code == 303
    for do in ("save", "check"):
        answer = ward.post(path, {**form, "do": do})
        page = Page(answer.text)
        assert answer.status_code == 409
        newest = ward.last(code)
        assert f"Revision {newest.revision} was made by nurse2 at Fri 12-Jun-2026 09:15 (note)." in page.text
        assert newest.by == "nurse2" and newest.based_on == int(form["based-on"])
        assert typed.items() <= page.fields.items() and page.fields["based-on"] == str(newest.revision)


@pytest.mark.parametrize(("code", "act", "typed", "deed", "severe"), [row for row in ACTS if row[4]], ids=[i for i, row in zip(IDS, ACTS, strict=True) if row[4]])
@pytest.mark.parametrize("confirm", ["", "PLAN-2", "PLAN-1 x", "SLIP-2"])
def test_a_severe_act_is_not_done_without_the_code(ward, code, act, typed, deed, severe, confirm):
    before = ward.revisions(code)
    answer = save(ward, f"/p/{code}/{act}", typed, confirm=confirm)
    assert answer.status_code == 422 and f"Type {code} to confirm" in Page(answer.text).text
    assert "confirm" in Page(answer.text).wrong
    assert ward.revisions(code) == before


@pytest.mark.parametrize(("code", "act", "typed", "deed", "severe"), [row for row in ACTS if row[4]], ids=[i for i, row in zip(IDS, ACTS, strict=True) if row[4]])
def test_a_severe_act_needs_a_reason(page_ward, code, act, typed, deed, severe):
    answer, page = check(page_ward, f"/p/{code}/{act}", {**typed, "reason": " "})
    assert answer.status_code == 422 and "Enter the reason" in page.text and page.wrong == {"reason"}


@pytest.mark.parametrize(("code", "act", "typed", "deed", "severe"), ACTS, ids=IDS)
def test_a_form_for_no_revision_there_is_saves_nothing_and_is_shown_again(page_ward, code, act, typed, deed, severe):
    for based_on in ("", "0", "999", "-1", "９", "x", "9" * 5000):
        answer = page_ward.post(f"/p/{code}/{act}", {**typed, "based-on": based_on, "do": "save", "confirm": code})
        assert answer.status_code == 409 and typed.items() <= Page(answer.text).fields.items()


@pytest.mark.parametrize(("code", "act", "typed", "deed", "severe"), ACTS, ids=IDS)
def test_a_form_that_was_never_checked_is_not_saved(ward, code, act, typed, deed, severe):
    before = ward.revisions(code)
    answer = ward.post(f"/p/{code}/{act}", {**typed, "based-on": str(before[-1]), "do": "save", "confirm": code})
    assert answer.status_code == 422 and "The form was changed after it was checked" in Page(answer.text).text
    assert ward.revisions(code) == before


def test_a_form_changed_after_its_check_is_shown_again_before_it_is_saved(ward):
    _, page = check(ward, "/p/SLIP-1/slip", SLIP)
    answer = ward.post("/p/SLIP-1/slip", {**page.fields, "to-day-1": "16", "to-time": "09:00", "do": "save", "confirm": "SLIP-1"})
    page = Page(answer.text)
    assert answer.status_code == 422 and "Look at what it would do now, then save it" in page.text
    assert "Day 0 to Tue 16-Jun-2026 09:00" in page.text and ward.last("SLIP-1").revision == 4
    answer = ward.post("/p/SLIP-1/slip", {**page.fields, "do": "save", "confirm": "SLIP-1"})
    assert answer.status_code == 303 and ward.last("SLIP-1").deed.to.at.isoformat() == "2026-06-16T09:00:00-04:00"


# what each act says --------------------------------------------------------------------------------------------------

SAYS = [
    ("PLAN-1", "record/fludarabine-1", GIVEN, "Day −5, fludarabine, intravenous infusion (dose 1 of 3): given, Fri 12-Jun-2026 07:30."),
    ("PLAN-1", "record/fludarabine-1", {"outcome": "held", **day("when", "10 june 2026")}, "(dose 1 of 3): held, Wed 10-Jun-2026."),
    ("PLAN-1", "fact/virology", {"date": "20 May 2026"}, "Tests for HIV, hepatitis B, hepatitis C and HTLV-1: Wed 20-May-2026."),
    ("PLAN-1", "fact/dli-last", {"date": "never"}, "Last donor lymphocyte infusion: never."),
    ("PLAN-1", "fact/marrow", {"date": "1 Jun 2026", "instead": "add"}, "Bone marrow examination: Mon 01-Jun-2026, beside Mon 25-May-2026."),
    ("PLAN-1", "fact/marrow", {"date": "1 Jun 2026", "instead": "instead"}, "Bone marrow examination: Mon 01-Jun-2026, instead of Mon 25-May-2026."),
    ("SLIP-1", "rule/T36", RULING, "T36, Cells within 48 hours of the planned day 0: allowed for day 0 Tue 16-Jun-2026, ruled by PI."),
    ("SLIP-1", "slip", SLIP, "Day 0 to Wed 17-Jun-2026 09:30, because of critical illness of the patient."),
    ("SLIP-1", "slip", SLIP, "Used 47 hours 30 minutes, left 0 hours 30 minutes."),
    ("SLIP-1", "slip", SLIP, "Day 0 CIML NK cells, intravenous infusion Tue 16-Jun-2026 10:00 Wed 17-Jun-2026 09:30"),
    ("SLIP-1", "slip", SLIP, "Day −5 fludarabine, intravenous infusion (dose 1 of 3) Wed 10-Jun-2026 09:05, given"),
    ("SLIP-1", "slip", SLIP, "Who would have to be told Principal investigator;"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "act", "typed", "said"), SAYS, ids=[f"{n}-{row[1]}" for n, row in enumerate(SAYS)])
def test_a_check_says_back_what_would_be_saved_with_its_weekday(page_ward, code, act, typed, said):
    assert said in check(page_ward, f"/p/{code}/{act}", typed)[1].text.replace("\u00a0", " ")


REFUSED = [
    ("SLIP-1", {**SLIP, **day("to", "18 6 2026", time="10:00")}, "T36: Day 0 is planned for Mon 15-Jun-2026 10:00. The infusion starts no later than Wed 17-Jun-2026 10:00"),
    ("SLIP-1", {**SLIP, **day("to", "14 6 2026", time="10:00")}, "Sun 14-Jun-2026 10:00 is before planned day 0, Mon 15-Jun-2026 10:00: lymphodepletion has begun."),
    ("SLIP-1", {**SLIP, **day("to", "17 6 2026", time="")}, "Within 48 hours of planned day 0 or not depends on both hours"),
    ("OLD-1", {**SLIP, **day("to", "16 6 2026", time="10:00")}, "The principal investigator may allow it for this day 0."),
    ("GIVEN-1", SLIP, "The infusion is recorded, Mon 08-Jun-2026 10:20: day 0 no longer moves."),
    ("GONE-1", SLIP, "The plan is cancelled."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "typed", "said"), REFUSED, ids=range(len(REFUSED)))
def test_a_slip_that_is_not_allowed_says_why_and_cannot_be_saved(ward, code, typed, said):
    answer, page = check(ward, f"/p/{code}/slip", typed)
    assert answer.status_code == 200 and "Not allowed. Nothing is saved" in page.text and said in page.text
    assert "dayzero " not in page.text, "no command on a page"
    assert 'value="save"' not in answer.text and typed.items() <= page.fields.items()
    count = len(ward.revisions(code))
    ward.post(f"/p/{code}/slip", {**page.fields, "do": "save", "confirm": code})
    assert len(ward.revisions(code)) == count


def test_a_slip_to_where_day_0_stands_changes_nothing(page_ward):
    answer, page = check(page_ward, "/p/SLIP-1/slip", {**SLIP, **day("to", "16 6 2026", time="10:00")})
    assert "Nothing to change" in page.text and 'value="save"' not in answer.text


def test_a_refused_slip_leads_to_a_ruling_for_that_very_day_0_which_then_lets_it_pass(ward):
    typed = {**SLIP, **day("to", "16 6 2026", time="10:00"), "cause": "donor"}
    answer, _ = check(ward, "/p/OLD-1/slip", typed)
    assert "Enter a ruling on T14 for that day 0" in answer.text
    fill = {"do": "begin", "based-on": "1", "for-is": "date", **day("for", "16 6 2026")}
    answer = ward.post("/p/OLD-1/rule/T14", fill)
    page = Page(answer.text)
    assert answer.status_code == 200 and page.wrong == set() and page.fields["for-day-1"] == "16"
    filled = {**page.fields, "outcome": "allowed", "by": "PI", "reason": "marrow of 18-May accepted"}
    assert save(ward, "/p/OLD-1/rule/T14", filled, confirm="OLD-1").status_code == 303
    assert ward.last("OLD-1").deed.ruling.day_zero == date(2026, 6, 16)
    answer, page = check(ward, "/p/OLD-1/slip", typed)
    assert "Checked. Nothing is saved yet" in page.text


def test_an_hour_that_happens_twice_can_be_chosen(tmp_path):
    def one(store, clock):
        return {"FALL-1": Book(clock, store, planned="2026-11-03T01:30:00", as_of="2026-10-20 08:00", code="FALL-1")}

    with open_ward(tmp_path, patients=one) as ward:
        ward.at("2026-10-20 09:00")
        typed = {**day("to", "1 Nov 2026", time="01:30"), "cause": "other", "reason": "free bed"}
        answer, page = check(ward, "/p/FALL-1/slip", typed)
        assert answer.status_code == 422 and "happens twice in America/New_York" in page.text
        assert "the second 01:30, −05:00 from UTC" in page.text
        typed["to-offset"] = "-05:00"
        assert save(ward, "/p/FALL-1/slip", typed, confirm="FALL-1").status_code == 303
        assert ward.last("FALL-1").deed.to.at.isoformat() == "2026-11-01T01:30:00-05:00"


RECORD_MISTAKES = [
    ("PLAN-1", "il2-1", {"outcome": "given", "when-is": "2026-06-12"}, "It follows the cells, and the infusion is not recorded: record the infusion first"),
    ("PLAN-1", "fludarabine-3", {"outcome": "given", "when-is": "2026-06-12", "when-time": "23:00"}, "Fri 12-Jun-2026 23:00 is later than now: record what has happened"),
    ("PLAN-1", "fludarabine-3", {"outcome": "given"}, "Enter the date"),
    ("PLAN-1", "fludarabine-3", {"when-is": "2026-06-12"}, "Choose the outcome"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "event", "typed", "said"), RECORD_MISTAKES, ids=range(len(RECORD_MISTAKES)))
def test_a_record_that_cannot_be_is_told_at_its_field(page_ward, code, event, typed, said):
    answer, page = check(page_ward, f"/p/{code}/record/{event}", typed)
    assert answer.status_code == 422 and page.text.count(said) == 2, "in the summary and at the field"
    anchor = re.search(r'<li><a href="#([^"]+)">', answer.text)[1]
    assert f'id="{anchor}"' in answer.text
    assert typed.items() <= page.fields.items()


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("fact/virology", {"date": "20 May 2026"}),
        ("record/il2-1", {"outcome": "given", "when-is": "2026-06-12"}),
        ("book/response-marrow-1", {"when-is": "2026-07-14"}),
    ],
)
def test_a_plan_that_was_given_up_takes_nothing_but_notes_and_says_so(page_ward, act, typed):
    answer, page = check(page_ward, f"/p/GONE-1/{act}", typed)
    assert answer.status_code == 409
    assert "The plan is cancelled. Only notes can be added; nothing was saved." in page.text


def test_a_recorded_infusion_becomes_day_0_and_its_notice_says_what_follows(ward):
    ward.at("2026-06-16 12:00")
    answer = save(ward, "/p/SLIP-1/record/nk-infusion-1", {"outcome": "given", "when-is": "2026-06-16", "when-time": "10:20"})
    assert answer.status_code == 303
    with ward.store() as store:
        assert day_zero_of(plan_of(store, newest(store, "SLIP-1"))) == "Tue 16-Jun-2026 10:20"


def test_the_hour_of_planned_day_0_can_be_added(tmp_path):
    def one(store, clock):
        return {"DATE-1": Book(clock, store, planned="2026-07-20", code="DATE-1")}

    with open_ward(tmp_path, patients=one) as ward:
        assert "Hour of planned day 0" in ward.get("/p/DATE-1/fact").text
        typed = {"hour-is": "2026-07-20", "hour-time": "10:00"}
        assert save(ward, "/p/DATE-1/fact/planned-day-zero", typed).status_code == 303
        assert ward.last("DATE-1").deed == PlannedHour(moment=datetime.fromisoformat("2026-07-20T10:00:00-04:00"))
        assert "Hour of planned day 0" not in ward.get("/p/DATE-1/fact").text


def test_several_dates_of_a_test_are_entered_at_once_on_one_line(ward):
    typed = {"date": "1 Jun 2026, may 20 2026"}
    assert "Wed 20-May-2026, Mon 01-Jun-2026" in check(ward, "/p/PLAN-1/fact/virology", typed)[1].text
    assert save(ward, "/p/PLAN-1/fact/virology", typed).status_code == 303
    assert ward.last("PLAN-1").deed.dates == (date(2026, 5, 20), date(2026, 6, 1))


def test_never_is_no_answer_where_the_trial_cannot_do_without_the_date(page_ward):
    assert "Or the word never." not in page_ward.get("/p/PLAN-1/fact/marrow").text
    assert "Or the word never." in page_ward.get("/p/PLAN-1/fact/dli-last").text
    answer, page = check(page_ward, "/p/PLAN-1/fact/marrow", {"date": "never", "instead": "add"})
    assert answer.status_code == 422
    assert "Bone marrow examination cannot be “never”: leave it empty until there is a date" in page.text


def test_an_amended_site_file_is_checked_kept_on_the_page_and_saved(ward):
    text = SITE_TEXT.replace("\n", "\r\n")
    typed = {"based-on": "1", "reason": "new times", "do": "check"}
    page = Page(upload(ward, "/p/FRESH-1/amend", typed, site=text).text)
    assert "Amended: site file." in page.text and "interleukin-2 (IL-2)" in page.text
    assert page.fields["site-text"].replace("\r", "") == text.replace("\r", "")
    answer = ward.post("/p/FRESH-1/amend", {**page.fields, "do": "save", "confirm": "FRESH-1"})
    assert answer.status_code == 303 and isinstance(ward.last("FRESH-1").deed, Amend)


BAD_FILES = [
    ("format = 1\nzone = 'Nowhere/There'\n", "there is no time zone 'Nowhere/There'"),
    ("this is no TOML", "This is not TOML"),
    ("x" * 300_000, "the file is larger than 256 KB"),
    ("  \n", "the file is empty"),
]


@pytest.mark.parametrize(("text", "said"), BAD_FILES, ids=range(len(BAD_FILES)))
def test_an_amended_file_with_mistakes_is_told_at_the_file(ward, text, said):
    answer = upload(ward, "/p/FRESH-1/amend", {"based-on": "1", "reason": "why", "do": "check"}, site=text)
    page = Page(answer.text)
    assert (answer.status_code, page.wrong) == (422, {"site"}) and said.lower() in page.text.lower()
    assert ward.revisions("FRESH-1") == [1]


def test_an_amendment_without_a_file_asks_for_one(page_ward):
    answer, page = check(page_ward, "/p/FRESH-1/amend", {"reason": "why"})
    assert answer.status_code == 422 and "Choose what is amended: a protocol file, a site file, or both" in page.text


# two at once ---------------------------------------------------------------------------------------------------------


def test_a_double_click_is_one_slip(ward):
    form = {**check(ward, "/p/SLIP-1/slip", SLIP)[1].fields, "do": "save", "confirm": "SLIP-1"}
    answers = at_once(ward, [("/p/SLIP-1/slip", form)] * 10)
    assert {(answer.status_code, answer.headers.get("Location")) for answer in answers} == {(303, "/p/SLIP-1/change/5")}
    assert ward.revisions("SLIP-1")[-1] == 5


def test_of_two_nurses_who_slip_at_once_one_does_and_the_other_is_told(ward):
    forms = []
    for time in ("08:00", "09:00", "09:30", "09:45"):
        typed = {**SLIP, "to-time": time}
        forms.append({**check(ward, "/p/SLIP-1/slip", typed)[1].fields, "do": "save", "confirm": "SLIP-1"})
    answers = at_once(ward, [("/p/SLIP-1/slip", form) for form in forms])
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert ward.revisions("SLIP-1")[-1] == 5
    assert all("Revision 5 was made by nurse1" in answer.text for answer in answers if answer.status_code == 409)


# what if -------------------------------------------------------------------------------------------------------------


def test_what_if_shows_whole_weeks_each_day_with_its_verdict_and_saves_nothing(ward):
    before = ward.settings.store.read_bytes()
    page = Page(ward.get("/p/FRESH-1/what-if").text).text
    assert "Tue 28-Jul-2026 8 days later Not allowed as planned T6, T13, T14, T19, T20" in page
    assert "Mon 27-Jul-2026 7 days later Every rule is met" in page
    assert "Mon 13-Jul-2026 7 days earlier The principal investigator must decide T19, T20" in page
    assert "Then limited by: T17" in page
    assert ward.settings.store.read_bytes() == before and ward.revisions("FRESH-1") == [1]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("cause", ["other", "illness"])
def test_what_if_says_of_every_day_what_the_act_itself_would_say(page_ward, code, cause):
    """A day is refused if and only if a slip to it is; where a re-plan violates a rule, its check carries the banner."""
    with page_ward.store() as store:
        plan = plan_of(store, newest(store, code), as_of=datetime(2026, 6, 12, 8))
    days = days_shown(plan, datetime(2026, 6, 12, 8), cause)
    assert (days == ()) == (code in ("GONE-1", "GIVEN-1"))
    for one in days[:: 1 if code == "SLIP-1" else 5]:
        typed = {**day("to", f"{one.on.day} {one.on.month} {one.on.year}", time="10:00"), "cause": cause, "reason": "x"}
        answer, page = check(page_ward, f"/p/{code}/slip", typed)
        if one.is_present:
            assert "Nothing to change" in page.text
        elif one.words == "not allowed as planned":
            assert "NOT ALLOWED AS PLANNED" in page.text and 'value="save"' in answer.text
        else:
            assert (one.verdict == "refused") == ("Not allowed. Nothing is saved" in page.text), one.spelt


# the pages -----------------------------------------------------------------------------------------------------------

PATHS = [
    "record", "record/fludarabine-1", "fact", "fact/marrow", "fact/dli-last", "attest", "attest/age-eligible", "rule",
    "rule/T14", "slip", "what-if", "note", "cancel", "amend",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("code", CODES)
def test_every_page_opens_for_a_patient_in_any_state(page_ward, code, path):
    answer = page_ward.get(f"/p/{code}/{path}")
    assert answer.status_code == 200 and answer.text.count("<h1>") == 1


@pytest.mark.parametrize("path", ["record/nothing-1", "fact/nothing", "attest/nothing", "rule/T99", "change/99", "change/0", "change/x", "change/99999999999999999999"])
def test_what_there_is_not_is_not_found(page_ward, path):
    assert page_ward.get(f"/p/PLAN-1/{path}").status_code == 404
    assert page_ward.get("/new/NOTHING").status_code == 404
    assert page_ward.get("/p/NOBODY/slip").status_code == 404


@pytest.mark.parametrize("path", [path for path in PATHS if "/" in path or path in ("slip", "note", "cancel", "amend")] + ["/new"])
def test_read_only_pages_show_no_form_and_take_none(tmp_path_factory, path):
    with open_ward(tmp_path_factory.mktemp("ro"), read_only=True) as ward:
        address = NEW if path == "/new" else f"/p/PLAN-1/{path}"
        assert "<form" not in ward.get(address).text
        assert ward.post(address, {"do": "save"}).status_code == 403


def test_the_page_of_the_first_plan_has_no_notice(page_ward):
    assert page_ward.get("/p/PLAN-1/change/1").status_code == 404
