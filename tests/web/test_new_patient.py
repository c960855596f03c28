"""A new patient: only what is known is typed, "the rest: never" is said of drugs and treatments alone, and the page that
confirms says everything back."""

import re
from datetime import date

import pytest
from msgspec.structs import replace
from shared.web_forms import NEW, PATIENT, SITE, Page, at_once, check, save
from shared.web_ward import open_ward

from schedule.files.case_file import read_case
from schedule.model.case import NEVER
from schedule.model.protocol import Choice
from schedule.service.inputs import SHIPPED, open_protocol
from schedule.service.revisions import newest, plan_of


@pytest.fixture
def desk(tmp_path):
    with open_ward(tmp_path, patients=None, site=SITE) as ward:
        yield ward


def test_a_new_patient_is_checked_then_saved_as_a_case_file_would_be(desk):
    answer, page = check(desk, NEW, PATIENT)
    assert answer.status_code == 200 and re.search(r"Checked\. Nothing is saved yet allowed (\d+ (still due, first|statements? still to be)[^;]+; )+no rule is violated CIML-018: day 0 Wed 15-Jul-2026 10:00", page.text)
    assert PATIENT.items() <= page.fields.items()
    with desk.store() as store:
        assert store.codes() == []
    answer = desk.post(NEW, {**page.fields, "do": "save"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/p/CIML-018")
    act = desk.last("CIML-018")
    with desk.store() as store:
        text = store.text(act.deed.case)
        plan = plan_of(store, newest(store, "CIML-018"))
    assert text == (
        'format = 1\ncode = "CIML-018"\nprotocol = "NCT04024761"\nplanned-day-zero = 2026-07-15T10:00:00\n\n[dates]\n'
        'transplant = 2026-01-20\ndli-last = "never"\nmarrow = 2026-06-22\n\n[attestations]\n'
        'age-eligible = { date = 2026-05-12, by = "coordinator \\"x\\"\\\\" }\n'
    )
    assert read_case(text, "case", plan.protocol, plan.site) == plan.case
    assert plan.case.dates == {"transplant": (date(2026, 1, 20),), "dli-last": NEVER, "marrow": (date(2026, 6, 22),)}


def test_a_new_patient_sent_again_and_again_is_one_patient(desk):
    form = {**check(desk, NEW, PATIENT)[1].fields, "do": "save"}
    answers = at_once(desk, [(NEW, form)] * 6)
    assert {answer.status_code for answer in answers} == {303}
    assert desk.post(NEW, form).status_code == 303
    assert desk.revisions("CIML-018") == [1]


def test_a_code_that_is_stored_already_is_told_with_its_address(desk):
    save(desk, NEW, PATIENT)
    answer, page = check(desk, NEW, {**PATIENT, "planned-day-zero": "16 Jul 2026"})
    assert answer.status_code == 422 and "CIML-018 is stored already" in page.text and 'href="/p/CIML-018"' in answer.text
    assert page.wrong == {"code"} and desk.revisions("CIML-018") == [1]


def test_a_code_that_looks_like_a_stored_one_is_warned_of(desk):
    save(desk, NEW, PATIENT)
    answer, page = check(desk, NEW, {**PATIENT, "code": "CIML-013"})
    assert answer.status_code == 200 and "Looks like CIML-018, which is stored already. Is the code right?" in page.text


@pytest.mark.parametrize("code", ["CIML 018", "Jane Doe", "-1", "CON", "A" * 17, "ÄB-1", "../x", "ß1", "１２", "=1+1"])
def test_what_is_no_study_code_is_told_at_its_field(desk, code):
    answer, page = check(desk, NEW, {**PATIENT, "code": code})
    assert answer.status_code == 422 and page.wrong == {"code"} and page.fields["code"] == code
    assert "never a name" in page.text


def test_without_a_planned_day_0_the_check_says_which_are_possible_and_nothing_can_be_saved(desk):
    typed = {key: value for key, value in PATIENT.items() if not key.startswith(("planned", "date-marrow"))}
    typed |= {"date-gvhd-prophylaxis-last": "4 May 2026"}
    answer, page = check(desk, NEW, typed)
    assert answer.status_code == 200 and "Day 0 can be from Tue 02-Jun-2026." in page.text
    assert "Limited by: T17" in page.text and 'value="save"' not in answer.text
    answer = desk.post(NEW, {**page.fields, "do": "save"})
    assert answer.status_code == 422 and "Enter planned day 0" in Page(answer.text).text


def test_a_first_plan_that_is_not_allowed_says_so_before_it_is_saved(desk):
    _, page = check(desk, NEW, {**PATIENT, "date-marrow": "1 May 2026"})
    assert "NOT ALLOWED AS PLANNED: T14" in page.text and "violated T14" in page.text


def test_all_mistakes_of_a_new_patient_are_told_at_once_each_at_its_field(desk):
    typed = {
        **PATIENT, "code": "", "planned-day-zero": "15 13 2026", "date-marrow": "22 Jun", "date-transplant": "never",
        "attest-age-eligible": "",
    }  # fmt: skip
    answer, page = check(desk, NEW, typed)
    assert answer.status_code == 422
    assert page.wrong == {"code", "planned-day-zero", "date-marrow", "date-transplant", "attest-age-eligible"}
    for said in (
        "Enter the study code", "Planned day 0: “15 13 2026” is not a real date", "Bone marrow examination: “22 Jun” is not a date",
        "Most recent transplant cannot be “never”", "Enter the date of “At least 12 years old at consent”",
    ):  # fmt: skip
        assert page.text.count(said) == 2
    assert typed.items() <= page.fields.items()


def test_without_a_site_file_an_hour_is_refused_at_its_field(tmp_path):
    with open_ward(tmp_path, patients=None) as ward:
        answer, page = check(ward, NEW, PATIENT)
        assert answer.status_code == 422 and page.wrong == {"planned-day-zero"}
        typed = {**PATIENT, "planned-day-zero": "15 Jul 2026"}
        assert save(ward, NEW, typed).status_code == 303


def test_what_a_protocol_lets_be_chosen_is_asked_for(desk, monkeypatch):
    options = {"dlbcl": "Large B-cell lymphoma", "fl": "Follicular lymphoma"}
    indication = Choice(name="indication", title="indication", options=options)
    trial = replace(open_protocol(SHIPPED / "nct04024761.toml"), choices={"indication": indication})
    monkeypatch.setattr("schedule.web.ward.protocols", lambda: {trial.id: trial})
    assert "Large B-cell lymphoma" in desk.get(NEW).text
    page = check(desk, NEW, {**PATIENT, "choice-indication": "fl"})[1]
    assert page.fields["choice-indication"] == "fl"
    assert "Choose the indication" in check(desk, NEW, {**PATIENT, "choice-indication": "x"})[1].text


def test_a_protocol_of_the_sites_own_is_offered(tmp_path):
    own = tmp_path / "own.toml"
    text = (SHIPPED / "nct04024761.toml").read_text(encoding="utf-8").replace('id = "NCT04024761"', 'id = "OWN-1"', 1)
    own.write_text(text, encoding="utf-8")
    with open_ward(tmp_path, patients=None, site=SITE, protocols=(own,)) as ward:
        page = ward.get("/new").text
        assert "/new/NCT04024761" in page and "/new/OWN-1" in page
        assert save(ward, "/new/OWN-1", PATIENT).status_code == 303
        with ward.store() as store:
            assert plan_of(store, newest(store, "CIML-018")).protocol.id == "OWN-1"


# "never", hours, and the earliest day 0 ---------------------------------------------------------------------------------

DRUGS = (
    "taper-completed", "gvhd-steroid-last", "gvhd-prophylaxis-last", "gvhd-therapy-last", "investigational-agent-last",
    "nitrosourea-last", "immunotherapy-last", "chemotherapy-last", "count-control-last", "venetoclax-last",
    "bcl2-inhibitor-last", "bcr-abl-inhibitor-last", "dli-last",
)  # fmt: skip
NINE = {
    "code": "CIML-077", "planned-day-zero": "15 Jul 2026 10:00", "date-transplant": "20 Jan 2026", "date-taper-completed": "4 May 2026",
    "date-gvhd-prophylaxis-last": "4 May 2026", "date-chemotherapy-last": "May 11, 2026", "date-count-control-last": "2026-06-05",
    "date-disease-assessment": "22 Jun 2026", "date-marrow": "22 Jun 2026", "date-chimerism": "23 Jun 2026 0910",
    "date-virology": "22 Jun 2026",
}  # fmt: skip
"""Nine dates known, planned for Wed 15-Jul-2026, seen on Fri 12-Jun-2026."""


def test_nothing_is_ticked_beforehand_and_only_drugs_and_treatments_have_a_rest(desk):
    page = desk.get(NEW).text
    assert re.findall(r'type="checkbox" id="([^"]*)"', page) == ["rest-never"] and "checked" not in page
    headings = [page.index(f"<h2>{title}</h2>") for title in ("What happened before", "Drugs and treatments", "Tests", "Statements")]
    assert headings == sorted(headings)
    before, drugs, tests, _ = (page[first:last] for first, last in zip(headings, [*headings[1:], len(page)], strict=True))
    assert re.findall(r'name="date-([a-z0-9-]*)"', before) == ["transplant"]
    assert tuple(re.findall(r'name="date-([a-z0-9-]*)"', drugs)) == DRUGS and "rest-never" in drugs
    assert "never" not in tests.replace("Or never, if it does not apply.", "") and tests.count("Or never, if it") == 2


def test_the_rest_is_never_of_what_was_left_empty_among_drugs_alone(desk):
    _, page = check(desk, NEW, {**NINE, "rest-never": "yes"})
    assert page.fields["rest-never"] == "yes"
    assert (
        "Never: last dose of a systemic corticosteroid for GVHD, last other systemic treatment for GVHD (medicine or procedure), "
        "last dose of an investigational agent, last dose of a nitrosourea or of mitomycin C, last dose of immunotherapy (donor "
        "lymphocyte infusion not counted), last dose of venetoclax, last dose of a bcl-2 inhibitor other than venetoclax, "
        "last dose of a BCR-ABL inhibitor, last donor lymphocyte infusion."
    ) in page.text
    assert "Missing, nobody has entered it: tests of organ function, echocardiogram, pregnancy test." in page.text
    assert "Because of “never” these rules fall away: T16 No systemic corticosteroid for GVHD for 4 weeks before the cells" in page.text
    for fallen in ("T18", "T24", "T26", "T27", "T31", "T31-gvhd", "T32"):
        assert f" {fallen} " in page.text.partition("these rules fall away")[2].partition("Missing")[0]
    assert save(desk, NEW, {**NINE, "rest-never": "yes"}).status_code == 303
    with desk.store() as store:
        case = plan_of(store, newest(store, "CIML-077")).case
    known = {name.removeprefix("date-") for name in NINE if name.startswith("date-")}
    assert {name for name, days in case.dates.items() if days == NEVER} == set(DRUGS) - known
    assert {name for name, days in case.dates.items() if days} == known and len(known) == 9


def test_without_the_tick_what_is_left_empty_is_missing_and_nothing_falls_away(desk):
    _, page = check(desk, NEW, NINE)
    assert "Never:" not in page.text and "fall away" not in page.text and "rest-never" not in page.fields
    assert "Missing, nobody has entered it: last dose of a systemic corticosteroid for GVHD," in page.text


def test_a_tick_does_not_hide_a_date_that_is_typed_wrong(desk):
    answer, page = check(desk, NEW, {**NINE, "rest-never": "yes", "date-venetoclax-last": "1/2/2026"})
    assert answer.status_code == 422 and page.wrong == {"date-venetoclax-last"}


def test_the_hour_of_a_known_date_is_kept_as_a_case_file_keeps_it(desk):
    _, page = check(desk, NEW, NINE)
    assert "test of T cell chimerism Tue 23-Jun-2026 09:10" in page.text
    save(desk, NEW, NINE)
    with desk.store() as store:
        text = store.text(desk.last("CIML-077").deed.case)
        case = plan_of(store, newest(store, "CIML-077")).case
    assert "chimerism = 2026-06-23T09:10:00\n" in text
    assert [at.isoformat() for at in case.hours["chimerism"]] == ["2026-06-23T09:10:00-04:00"]


def test_the_earliest_day_0_that_is_allowed_is_one_press_away_and_the_hour_is_kept(desk):
    """Marrow of 22-Jun serves day 0 up to 20-Jul; on Fri 12-Jun at 08:00 the first dose, on day -5 at 09:00, can still be
    given the same day: 17-Jun. But the marrow is to be done on 22-Jun, at the latest the day before lymphodepletion begins:
    23-Jun + 5 = 28-Jun, and chimerism of 23-Jun puts it to 24-Jun + 5 = 29-Jun."""
    typed = {**NINE, "planned-day-zero": "25 Jun 2026 10:00"}
    answer, page = check(desk, NEW, typed)
    assert 'value="use-2026-06-29"' in answer.text and "Use Mon 29-Jun-2026 the earliest day 0" in page.text
    used = Page(desk.post(NEW, {**page.fields, "do": "use-2026-06-29"}).text)
    assert used.fields["planned-day-zero"] == "Mon 29-Jun-2026 10:00" and "CIML-077: day 0 Mon 29-Jun-2026 10:00" in used.text
    assert re.search(r" allowed (\d+ (still due, first|statements? still to be)[^;]+; )+no rule is violated ", used.text) and "Use Mon" not in used.text
    assert desk.post(NEW, {**used.fields, "do": "save"}).status_code == 303


def test_a_day_that_is_pressed_with_a_mistake_elsewhere_stays_with_what_was_typed(desk):
    answer = desk.post(NEW, {**NINE, "code": "", "do": "use-2026-06-29"})
    page = Page(answer.text)
    assert answer.status_code == 422 and page.wrong == {"code"} and page.fields["planned-day-zero"] == "Mon 29-Jun-2026 10:00"


@pytest.mark.parametrize("pressed", ["use-2026-13-45", "use-x", "use-", "use-2026-06-29 ", "use-0000-00-00"])
def test_a_day_that_nobody_can_press_saves_nothing(desk, pressed):
    assert desk.post(NEW, {**NINE, "do": pressed}).status_code in (200, 422)
    with desk.store() as store:
        assert store.codes() == []


def test_of_a_patient_of_whom_nothing_is_known_no_day_is_offered(desk):
    answer, page = check(desk, NEW, {"code": "CIML-019", "planned-day-zero": "15 Jul 2026 10:00"})
    assert "cannot be judged 21 dates are missing" in page.text and 'value="use-' not in answer.text


def test_under_each_open_thing_stands_what_is_to_be_done_and_leads_to_its_field(desk):
    answer, page = check(desk, NEW, NINE)
    links = dict(re.findall(r'<a href="#([^"]*)">([^<]*)<span class="hidden">', answer.text))
    assert links["date-organ-function"] == "to be done, then enter its date"
    assert links["date-venetoclax-last"] == "nobody has entered it: enter its date, or “never”"
    assert links["attest-age-eligible"] == "nobody has stated this yet: record it, with date and role"
    assert all(f'id="{field}"' in answer.text for field in links) and "OVERDUE" not in page.text
