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
    save,
    to,
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
from schedule.model.roles import Grant
from schedule.service.revisions import newest, plan_of
from schedule.web.asked import AFTER_ALL, SECTIONS
from schedule.web.settings import Groups
from schedule.words.dates import day_zero_of


@pytest.fixture(scope="module")
def page_ward(tmp_path_factory):
    """Pages that are only looked at, or checked: nothing that these tests do is saved."""
    with open_ward(tmp_path_factory.mktemp("ward")) as ward:
        yield ward
RE_DATED = {"next": "14 Jun 2026 20:00", "by": "PI", "reason": "a day off for fever"}
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
    assert answer.status_code == 200 and "Nothing is saved yet" in page.text
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
def test_a_severe_act_needs_a_reason(ward, code, act, typed, deed, severe):
    """Beside the code, where it is asked for there; else with the other fields, before anything is checked."""
    answer, page = check(ward, f"/p/{code}/{act}", {**typed, "reason": " "})
    if act == "slip":
        answer = ward.post(f"/p/{code}/{act}", {**page.fields, "do": "save", "confirm": code})
        page = Page(answer.text)
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
    answer = ward.post("/p/SLIP-1/slip", {**page.fields, "day": "2026-06-16", "to-time": "09:00", "do": "save", "confirm": "SLIP-1"})
    page = Page(answer.text)
    assert answer.status_code == 422 and "Look at what it would do now, then save it" in page.text
    assert "Day 0 to Tue 16-Jun-2026 09:00" in page.text and ward.last("SLIP-1").revision == 4
    answer = ward.post("/p/SLIP-1/slip", {**page.fields, "do": "save", "confirm": "SLIP-1"})
    assert answer.status_code == 303 and ward.last("SLIP-1").deed.to.at.isoformat() == "2026-06-16T09:00:00-04:00"


# what each act says --------------------------------------------------------------------------------------------------

SAYS = [
    ("PLAN-1", "record/fludarabine-1", GIVEN, "Planned Day −5, fludarabine, intravenous infusion (dose 1 of 3): given, Fri 12-Jun-2026 07:30."),
    ("PLAN-1", "record/fludarabine-1", {"outcome": "held", "when-date": "10 june 2026"}, "(dose 1 of 3): held, Wed 10-Jun-2026."),
    ("PLAN-1", "fact/virology", {"date": "20 May 2026"}, "Tests for HIV, hepatitis B, hepatitis C and HTLV-1: Wed 20-May-2026."),
    ("PLAN-1", "fact/dli-last", {"date": "never"}, "Last donor lymphocyte infusion: never."),
    ("PLAN-1", "fact/marrow", {"date": "1 Jun 2026", "instead": "add"}, "Bone marrow examination: Mon 01-Jun-2026, beside Mon 25-May-2026."),
    ("PLAN-1", "fact/marrow", {"date": "1 Jun 2026", "instead": "instead"}, "Bone marrow examination: Mon 01-Jun-2026, instead of Mon 25-May-2026."),
    ("SLIP-1", "rule/T36", RULING, "T36, Cells within 48 hours of the planned day 0: allowed for day 0 Tue 16-Jun-2026, ruled by PI, entered by nurse1."),
    ("SLIP-1", "slip", SLIP, "Day 0 to Wed 17-Jun-2026 09:30, because of critical illness of the patient."),
    ("SLIP-1", "slip", SLIP, "Used 47 hours 30 minutes, left 0 hours 30 minutes."),
    ("SLIP-1", "slip", SLIP, "Day 0 CIML NK cells, intravenous infusion Tue 16-Jun-2026 10:00 Wed 17-Jun-2026 09:30"),
    ("SLIP-1", "slip", SLIP, "given: fludarabine, intravenous infusion, dose 1 of 3: Wed 10-Jun-2026 09:05 (planned 09:00)"),
    ("SLIP-1", "slip", SLIP, "Tell Principal investigator;"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "act", "typed", "said"), SAYS, ids=[f"{n}-{row[1]}" for n, row in enumerate(SAYS)])
def test_a_check_says_back_what_would_be_saved_with_its_weekday(page_ward, code, act, typed, said):
    assert said in check(page_ward, f"/p/{code}/{act}", typed)[1].text.replace("\u00a0", " ")


REFUSED = [
    ("SLIP-1", {**SLIP, **to("2026-06-18", "10:00")}, "T36: Day 0 is planned for Mon 15-Jun-2026 10:00. The infusion starts no later than Wed 17-Jun-2026 10:00"),
    ("SLIP-1", {**SLIP, **to("2026-06-14", "10:00")}, "Sun 14-Jun-2026 10:00 is before planned day 0, Mon 15-Jun-2026 10:00: lymphodepletion has begun."),
    ("SLIP-1", {**SLIP, **to("2026-06-17", "")}, "Within 48 hours of planned day 0 or not depends on both hours"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "typed", "said"), REFUSED, ids=range(len(REFUSED)))
def test_a_slip_that_is_not_allowed_says_why_and_cannot_be_saved(ward, code, typed, said):
    answer, page = check(ward, f"/p/{code}/slip", typed)
    assert answer.status_code == 200 and "Not allowed Day 0 does not move to" in page.text and said in page.text
    assert "dayzero " not in page.text, "no command on a page"
    assert 'value="save"' not in answer.text and typed.items() <= page.fields.items()
    count = len(ward.revisions(code))
    ward.post(f"/p/{code}/slip", {**page.fields, "do": "save", "confirm": code})
    assert len(ward.revisions(code)) == count


@pytest.mark.parametrize(
    ("code", "said"),
    [("GIVEN-1", "The infusion is recorded, Mon 08-Jun-2026 10:20: day 0 no longer moves."), ("GONE-1", "The plan is cancelled.")],
)
def test_a_day_0_that_no_longer_moves_is_not_moved_by_a_form_sent_nevertheless(page_ward, code, said):
    before = page_ward.revisions(code)
    assert "<form" not in page_ward.get(f"/p/{code}/slip").text
    sent = {**SLIP, "based-on": str(before[-1]), "confirm": code}
    for do in ("check", "save"):
        answer = page_ward.post(f"/p/{code}/slip", {**sent, "do": do})
        assert said in Page(answer.text).text and page_ward.revisions(code) == before


def test_a_slip_to_where_day_0_stands_changes_nothing(page_ward):
    answer, page = check(page_ward, "/p/SLIP-1/slip", {**SLIP, **to("2026-06-16", "10:00")})
    assert "Nothing to change" in page.text and 'value="save"' not in answer.text


DECIDED = {**SLIP, **to("2026-06-16"), "cause": "donor", "decision": "allowed", "by": "PI", "reason": "marrow accepted"}


def test_what_the_principal_investigator_must_decide_is_decided_with_the_move_in_one_act(ward):
    """The marrow of 18-May serves up to 15-Jun: T14 keeps day 0 from moving to the 16th, and T36 asks as well."""
    _, page = check(ward, "/p/OLD-1/slip", {**SLIP, **to("2026-06-16"), "cause": "donor"})
    assert "PI decides The principal investigator must decide on T14 (" in page.text
    assert "decision on T14, T36" in page.text and "Everything from Day −1 on (was Sun 14-Jun-2026) moves 1 day later." in page.text.replace("\u00a0", " ")
    assert save(ward, "/p/OLD-1/slip", DECIDED, confirm="OLD-1").status_code == 303
    done = ward.last("OLD-1").deed
    assert (ward.revisions("OLD-1"), done.to.on) == ([1, 2], date(2026, 6, 16))
    assert [(one.rule, one.outcome, one.by, one.day_zero, one.reason) for one in done.rulings] == [
        (rule, "allowed", "PI, entered by nurse1", date(2026, 6, 16), "marrow accepted") for rule in ("T14", "T36")
    ]
    with ward.store() as store:
        plan = plan_of(store, newest(store, "OLD-1"))
    assert {one.rule: one.status for one in plan.findings if one.ruling} == {"T14": "violated", "T36": "ruled"}
    assert "T14 and T36 are allowed for it by PI, entered by nurse1." in Page(ward.get("/p/OLD-1/history").text).text


@pytest.mark.parametrize(
    ("decision", "said"),
    [("", "Choose the principal investigator’s decision"), ("later", "Nothing is saved before the principal investigator has decided")],
)
def test_a_slip_that_waits_for_the_principal_investigator_is_not_saved_without_the_decision(ward, decision, said):
    answer = save(ward, "/p/OLD-1/slip", {**DECIDED, "decision": decision}, confirm="OLD-1")
    assert answer.status_code == 422 and said in Page(answer.text).text and ward.revisions("OLD-1") == [1]


def test_what_waits_for_nobody_may_be_saved_before_it_is_decided(ward):
    """T36 is silent about the donor: the move stands, and the question stays open."""
    typed = {**SLIP, **to("2026-06-17", "09:30"), "cause": "donor", "decision": "later"}
    assert save(ward, "/p/SLIP-1/slip", typed, confirm="SLIP-1").status_code == 303
    assert ward.last("SLIP-1").deed.rulings == ()
    with ward.store() as store:
        plan = plan_of(store, newest(store, "SLIP-1"))
    assert [(alert.kind, [one.ref for one in alert.findings]) for alert in plan.alerts] == [("to-confirm", ["T36"])]


def test_a_decision_sent_again_is_one_act(ward):
    form = {**check(ward, "/p/OLD-1/slip", DECIDED)[1].fields, "do": "save", "confirm": "OLD-1"}
    answers = {(answer.status_code, answer.headers.get("Location")) for answer in (ward.post("/p/OLD-1/slip", form) for _ in range(3))}
    assert answers == {(303, "/p/OLD-1/change/2")} and ward.revisions("OLD-1") == [1, 2]


def test_whoever_may_not_decide_reads_whom_to_ask(tmp_path):
    groups = Groups(header="X-Groups", separator=";", grants={"movers": frozenset({Grant(role="move", ward=None)})})
    with open_ward(tmp_path, groups=groups) as ward:
        sent = {"based-on": "1", **SLIP, "to": "2026-06-16", "cause": "donor"}
        page = Page(ward.post("/p/OLD-1/slip", sent, **{"X-Groups": "movers"}).text)
    assert "Ask the principal investigator, or whoever may decide for them: until then day 0 stays where it is." in page.text
    assert "decision" not in page.fields and "confirm" not in page.fields


def test_a_day_pressed_before_the_cause_is_chosen_is_kept_and_asks_for_it(page_ward):
    answer = page_ward.post("/p/SLIP-1/slip", {"based-on": "4", "to": "2026-06-17", "to-time": "10:00"})
    page = Page(answer.text)
    assert answer.status_code == 422 and "Choose the cause" in page.text and page.fields["day"] == "2026-06-17"


def test_the_hour_stands_in_the_form_and_if_it_is_taken_out_the_check_says_what_is_lost(page_ward):
    assert Page(page_ward.get("/p/FRESH-1/slip").text).fields["to-time"] == "10:00"
    _, page = check(page_ward, "/p/FRESH-1/slip", {**SLIP, **to("2026-07-21", "")})
    assert "The hour 10:00 is dropped: day 0 has no hour, and the limit of 48 hours is judged by dates alone." in page.text


def test_a_ruling_begins_with_day_0_as_it_stands_and_the_principal_investigator_or_with_the_day_that_led_there(page_ward):
    fields = Page(page_ward.get("/p/SLIP-1/rule/T36").text).fields
    assert (fields["for-is"], fields["by"]) == ("2026-06-16", "PI") and "outcome" not in fields
    fields = Page(page_ward.get("/p/OLD-1/rule/T14?for=2026-06-17").text).fields
    assert (fields["for-is"], fields["for-date"]) == ("date", "Wed 17-Jun-2026")


def test_an_allowed_move_says_so_first(page_ward):
    answer, page = check(page_ward, "/p/FRESH-1/slip", {**SLIP, **to("2026-07-21"), "cause": "logistics"})
    due = r"\d+ statements still to be recorded; no rule is violated"
    assert re.search(rf"Move day 0 Allowed {due} with day 0 on Tue 21-Jul-2026 10:00\.", page.text)
    assert 'value="save"' in answer.text


def test_an_hour_that_happens_twice_can_be_chosen(tmp_path):
    def one(store, clock):
        return {"FALL-1": Book(clock, store, planned="2026-11-03T01:30:00", as_of="2026-10-20 08:00", code="FALL-1")}

    with open_ward(tmp_path, patients=one) as ward:
        ward.at("2026-10-20 09:00")
        typed = {**to("2026-11-01", "01:30"), "cause": "other", "reason": "free bed"}
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
    answer, page = check(page_ward, f"/p/GONE-1/{act}", {"based-on": "2", **typed})
    assert answer.status_code == 409
    assert "The plan is cancelled. Only notes can be added; nothing was saved." in page.text


@pytest.mark.parametrize("act", [one for one in SECTIONS if one not in AFTER_ALL])
def test_no_form_of_a_cancelled_plan_is_opened_to_be_filled_in_vain(page_ward, act):
    page = page_ward.get(f"/p/GONE-1/{act}")
    assert page.status_code == 200 and "<form" not in page.text and 'href="/p/GONE-1"' in page.text
    assert "The plan is cancelled. Only notes can be added; nothing was saved." in Page(page.text).text
    assert page_ward.get("/p/GONE-1/note").status_code == page_ward.get("/p/SLIP-1/note").status_code == 200


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
        assert "planned-day-zero" in ward.get("/p/DATE-1/fact").text
        typed = {"hour-is": "2026-07-20", "hour-time": "10:00"}
        assert save(ward, "/p/DATE-1/fact/planned-day-zero", typed).status_code == 303
        assert ward.last("DATE-1").deed == PlannedHour(moment=datetime.fromisoformat("2026-07-20T10:00:00-04:00"))
        assert "planned-day-zero" not in ward.get("/p/DATE-1/fact").text


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


# the calendar of possible days ----------------------------------------------------------------------------------------


def cells(html):
    """What the calendar shows, by the date that a button carries."""
    found = re.findall(r'<button type="submit" name="to" value="([0-9-]+)"[^>]*>(.*?)</button>', html, re.DOTALL)
    return {day: re.sub(r"\s+", " ", Page(text).text).strip() for day, text in found}


def test_the_calendar_shows_whole_weeks_each_day_a_button_with_its_verdict_and_saves_nothing(ward):
    before = ward.settings.store.read_bytes()
    answer = ward.get("/p/FRESH-1/slip").text
    found = cells(answer)
    assert (min(found), max(found), len(found)) == ("2026-07-13", "2026-08-09", 28)
    assert found["2026-07-28"] == "Tue 28 Tue 28-Jul-2026, 8 days later: not allowed T6, T13, T14, T19, T20"
    assert found["2026-07-27"] == "Mon 27 Mon 27-Jul-2026, 7 days later: allowed"
    assert found["2026-07-13"] == "Mon 13 Mon 13-Jul-2026, 7 days earlier: PI decides T19, T20"
    assert "checked" not in answer, "no cause is chosen beforehand"
    assert ward.settings.store.read_bytes() == before and ward.revisions("FRESH-1") == [1]


def said_first(html):
    """The word of the verdict on a check."""
    return re.sub(r"<[^>]+>", "", re.search(r'<div class="judged"><span class="chip.*?<span>(.*?)</span></span>', html, re.DOTALL)[1]).replace("\u00a0", " ")


def test_past_days_say_so_and_cannot_be_pressed(page_ward):
    answer = page_ward.get("/p/SLIP-1/slip").text
    assert min(cells(answer)) == "2026-06-12" and answer.count('<span class="v">past</span>') == 4


def test_other_weeks_keep_what_is_typed(page_ward):
    sent = {"based-on": "1", "cause": "logistics", "to-time": "11:00", "do": "weeks-2026-08-10"}
    answer = page_ward.post("/p/FRESH-1/slip", sent)
    assert answer.status_code == 200 and min(cells(answer.text)) == "2026-08-10"
    fields = Page(answer.text).fields
    assert (fields["cause"], fields["to-time"], fields["weeks"]) == ("logistics", "11:00", "2026-08-10")


@pytest.mark.parametrize(("code", "cause"), [("SLIP-1", "illness"), ("SLIP-1", "donor"), ("FRESH-1", "other"), ("OLD-1", "product"), ("WRONG-1", "illness")])
def test_the_calendar_says_of_a_day_what_its_check_says(page_ward, code, cause):
    """Days that differ: before planned day 0, itself, after it, the last within the limit, beyond."""
    found = cells(page_ward.get(f"/p/{code}/slip").text)
    days = ("2026-06-14", "2026-06-15", "2026-06-16", "2026-06-17", "2026-06-18") if code != "FRESH-1" else ("2026-07-13", "2026-07-21", "2026-07-28")
    for one, shown in ((one, found[one]) for one in days):
        answer, _ = check(page_ward, f"/p/{code}/slip", {**to(one), "cause": cause})
        said = said_first(answer.text)
        of_cause = shown.split("critical illness:" if cause == "illness" else "another cause:")[-1]
        assert said.lower() in of_cause.lower(), (one, shown)


NO_DAY = "No other day here keeps every rule"


def test_that_no_day_keeps_every_rule_stands_before_the_calendar_with_whom_to_ask(page_ward):
    """WRONG-1: the taper ended on Wed 10-Jun, and 14 days later lies beyond the 48 hours from Mon 15-Jun."""
    text = Page(page_ward.get("/p/WRONG-1/slip").text).text
    assert f"{NO_DAY} Ask the principal investigator and the study coordinator before you move day 0." in text
    assert text.index(NO_DAY) < text.index("Cause")
    assert NO_DAY not in page_ward.get("/p/FRESH-1/slip").text


def test_day_0_of_a_recorded_infusion_is_not_offered_to_be_moved(page_ward):
    assert "/p/GIVEN-1/slip" not in page_ward.get("/p/GIVEN-1").text
    assert "The infusion is recorded: day 0 no longer moves." in Page(page_ward.get("/p/GIVEN-1/slip").text).text


# the pages -----------------------------------------------------------------------------------------------------------

PATHS = [
    "record", "record/fludarabine-1", "fact", "fact/marrow", "fact/dli-last", "attest", "attest/age-eligible", "rule",
    "rule/T14", "slip", "note", "cancel", "amend",
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
