"""The sheets of the whole ward in one file: today's and tomorrow's, each patient on a new leaf."""

import re
from datetime import UTC, datetime

import pytest
from shared.desk import CODE, ON_BOTH, desk, planned
from shared.notices import Example
from shared.paper import text_of, tool, words

from schedule.ledger.opening import open_store
from schedule.service.ward_sheets import ward_sheets

__all__ = ["desk", "planned"]


@pytest.fixture
def ward(planned):
    """Three patients: CASE-1 and CASE-2 a day apart, and CASE-3, whose plan is cancelled."""
    text = planned.case.read_text(encoding="utf-8")
    for code, day in (("CASE-2", "2026-06-16"), ("CASE-3", "2026-06-15")):
        other = planned.folder / f"{code}.toml"
        other.write_text(text.replace(CODE, code).replace("2026-06-15", day, 1), encoding="utf-8")
        assert planned.run("plan", other, "--site", planned.site)[0] == 0
    assert planned.run("cancel", "CASE-3", "--confirm", "CASE-3", "--reason", "withdrew")[0] == 0
    return planned


def heads(html):
    """The code and the date of each printed page, in order; the empty sides as None."""
    pages = re.findall(r'<table class="page sheet".*?</table>|<section class="page empty">', html, re.S)
    return [None if page.startswith("<section") else (re.search(r"<h2>(.*?)</h2>", page)[1], re.search(r"· ([0-9A-Z-]{9}) ·", page)[1]) for page in pages]


@ON_BOTH
def test_todays_sheets_of_everybody_are_one_file_and_each_patient_begins_on_a_new_leaf(ward):
    ward.at("2026-06-11 06:30")
    code, out, _ = ward.run("print", "--today", ward.folder / "ward.html")
    assert code == 0 and "Day sheets of the ward, Thu 11-Jun-2026: 2 sheets, 3 pages" in out
    html = (ward.folder / "ward.html").read_text(encoding="utf-8")
    found = heads(html)
    assert [head and head[0] for head in found] == ["Thu 11-Jun-2026", None, "Thu 11-Jun-2026"]
    assert "CASE-3" not in html and html.index(">CASE-1<") < html.index(">CASE-2<")
    assert html.count("This side is empty: the next patient begins on a new sheet of paper.") == 1
    assert len({check for head in found if head for check in [head[1]]}) == 2


@ON_BOTH
def test_tomorrows_are_asked_for_in_the_night(ward):
    ward.at("2026-06-10 23:50")
    code, out, _ = ward.run("print", "--tomorrow")
    assert code == 0 and "Thu 11-Jun-2026: 2 sheets" in out
    assert (ward.folder / "ward-2026-06-11.html").is_file()


def test_the_donors_sheet_stands_apart_at_the_end(either):
    with open_store(either) as store:
        Example(store)
        found = ward_sheets(store, codes=store.codes(), now=datetime(2026, 6, 14, 10, tzinfo=UTC))
    assert [(one.sheet.donor, one.empty_side) for one in found] == [(False, True), (True, False)]


@ON_BOTH
def test_the_codes_are_those_of_each_patients_own_sheets(ward):
    with open_store(ward.store) as store:
        found = ward_sheets(store, codes=store.codes(), now=datetime(2026, 6, 11, 10, 30, tzinfo=UTC))
    for one in found:
        own = (ward.files(1).parents[1] / one.frame.code / "rev-1" / "sheets.html").read_text(encoding="utf-8")
        assert one.sheet.check in own


@ON_BOTH
def test_who_has_something_not_recorded_comes_first_and_then_the_earliest_hour(ward):
    """On 10-Jun at noon the first doses of CASE-1 are past and not recorded; CASE-2 begins on the day after."""
    with open_store(ward.store) as store:
        found = ward_sheets(store, codes=store.codes(), now=datetime(2026, 6, 10, 16, tzinfo=UTC), ahead=1)
    assert [one.frame.code for one in found] == ["CASE-1", "CASE-2"]


@ON_BOTH
def test_a_day_without_a_sheet_says_so_and_one_patients_options_are_refused(ward):
    ward.at("2027-03-01 08:00")
    code, out, _ = ward.run("print", "--today")
    assert (code, "Nobody has a sheet on that day" in out) == (0, True)
    assert ward.run("print", "--today", "--page", "go")[0] == 2
    assert ward.run("print")[0] == 2


def test_the_pdf_has_a_page_for_each_and_an_empty_side_between(ward):
    tool("chromium"), tool("pdftotext")
    ward.at("2026-06-11 06:30")
    code, _out, err = ward.run("print", "--today", "--pdf", ward.folder / "ward.pdf")
    assert code == 0, err
    pages = [words(page) for page in text_of(str(ward.folder / "ward.pdf"), "-layout")]
    assert len(pages) == 3
    assert pages[0].startswith("Thu 11-Jun-2026 CASE-1") and pages[2].startswith("Thu 11-Jun-2026 CASE-2")
    assert pages[1].startswith("This side is empty")
