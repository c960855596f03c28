"""Real paper: every page printed by Chromium on A4 and on Letter and read back, checked by axe-core and html-validate."""

import os
import re
import subprocess
from collections import Counter
from html.parser import HTMLParser

import pytest
from shared.calendar_readers import missing
from shared.paper import FORMATS, HINTS, NAMES, run_node, sheets_of, text_of, tool, words
from shared.paper_plans import HOSTILE, LONG, WHEN, example, hostile, hundred

from schedule.output.outputs import pages as pages_of
from schedule.pages import page_breaks as paper

PLANS = {"example": example, "hundred": hundred, "hostile": hostile}
CHECKED = [(plan, name) for plan in PLANS for name in NAMES if plan != "hundred" or name in ("go", "index")]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Every page of every plan as a file: (plan, name) -> path."""
    folder = tmp_path_factory.mktemp("paper")
    found = {}
    for plan in PLANS:
        for name, text in pages_of(PLANS[plan](), WHEN).items():
            path = folder / f"{plan}-{name}"
            path.write_text(text, encoding="utf-8")
            found[plan, name.removesuffix(".html")] = path
    return found


@pytest.fixture(scope="module")
def printed(files):
    """Every page printed: (plan, name, format) -> PDF. All in one run of the browser."""
    tool("pdftotext")
    jobs = {
        (plan, name, format): {"file": str(path), "pdf": str(path.with_suffix(f".{format}.pdf")), "format": format}
        for (plan, name), path in files.items()
        for format in FORMATS
    }
    answers = run_node("print_pages.mjs", jobs=list(jobs.values()))
    assert [answer["outside"] for answer in answers] == [[]] * len(jobs), "a page asked for something outside itself"
    return {key: job["pdf"] for key, job in jobs.items()}


def squeezed(text):
    """The text without white space: a browser breaks lines at hyphens too."""
    return re.sub(r"\s", "", text)


def number_of_pages(plan):
    return sum(len(sheet.pages) for sheet in sheets_of(plan))


# What is on the paper


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_its_code_day_0_revision_and_x_of_y(printed, plan, name, format):
    pages = text_of(printed[plan, name, format], "-layout")
    for number, page in enumerate(pages, 1):
        text = words(page)
        assert "CIML-017" in text
        assert re.search(r"Revision 1\b", text)
        assert f"Printed page {number} of {len(pages)}" in text
        zero = "Mon 15-Jun-2026" if name == "sheets" else "Day 0 = Mon 15-Jun-2026 10:00"
        assert zero in text or name == "patient"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("plan", ["example", "hundred"])
def test_the_pages_are_those_that_the_sheets_announce(printed, plan, format):
    pages = [words(page) for page in text_of(printed[plan, "sheets", format], "-layout")]
    wanted = [(sheet, page) for sheet in sheets_of(PLANS[plan]()) for page in sheet.pages]
    assert len(pages) == len(wanted)
    for text, (sheet, page) in zip(pages, wanted, strict=True):
        assert str(sheet.day).replace("\u00a0", " ") in text
        assert text.startswith(sheet.on)
        assert sheet.check in text
        assert f"page {page.number} of {page.of}" in re.sub("Printed page", "", text)
        assert ("Nurse: sign, time" in text) == (page.number == page.of)
        assert ("DONOR of" in text) == sheet.donor


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("plan", ["example", "hundred"])
def test_every_task_is_on_paper_once_on_the_page_of_its_day(printed, plan, format):
    """Read from the raw text, in which a row's words follow one another: its hour and its name."""
    pages = iter(text_of(printed[plan, "sheets", format], "-raw"))
    for sheet in sheets_of(PLANS[plan]()):
        found = Counter()
        for page in sheet.pages:
            text = words(next(pages))
            rows = squeezed(text.split("Notes")[0])
            for shown in {squeezed(row.due + row.name) for block in page.blocks for row in block.rows}:
                found[shown] += rows.count(shown)
        wanted = Counter(squeezed(row.due + row.name) for page in sheet.pages for block in page.blocks for row in block.rows)
        assert dict(found) == dict(wanted)


@pytest.mark.parametrize("format", FORMATS)
def test_a_hundred_tasks_flow_over_pages_that_all_have_the_head_and_the_banner(printed, format):
    pages = [words(page) for page in text_of(printed["hundred", "sheets", format], "-layout")]
    day = [page for page in pages if page.startswith("Thu 11-Jun-2026")]
    assert len(day) >= 8
    for number, page in enumerate(day, 1):
        assert f"page {number} of {len(day)}" in page
        assert "NOT ALLOWED AS PLANNED: T7 At least 2 weeks after the end of the immune suppression taper" in page
    for number in range(100):
        task = f"item {number + 100} of the"
        assert sum(page.split("Tomorrow,")[0].count(task) for page in day) == 1


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_the_banner_where_there_is_one(printed, name, format):
    for page in text_of(printed["hundred", name, format], "-layout"):
        assert "NOT ALLOWED AS PLANNED: T7 At least 2 weeks after the end of the immune suppression taper" in words(page)


@pytest.mark.parametrize("format", FORMATS)
def test_the_head_repeats_where_a_browser_needs_more_room_than_was_reckoned(tmp_path, monkeypatch, format):
    monkeypatch.setattr(paper, "PAGE", 1e9)
    path = tmp_path / "sheets.html"
    path.write_text(pages_of(hundred(), WHEN)["sheets.html"], encoding="utf-8")
    job = {"file": str(path), "pdf": str(tmp_path / "sheets.pdf"), "format": format}
    run_node("print_pages.mjs", jobs=[job])
    pages = [words(page) for page in text_of(job["pdf"], "-layout")]
    assert len(pages) > number_of_pages(example())
    for page in pages:
        assert re.match(r"[A-Z][a-z]{2} \d\d-[A-Z][a-z]{2}-2026 (DONOR of )?CIML-017", page)
        assert "NOT ALLOWED AS PLANNED: T7 At least 2 weeks after the end of the immune suppression taper" in page
        assert "Check code" in page and re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)


@pytest.mark.parametrize("format", FORMATS)
def test_no_page_bears_two_codes(tmp_path, printed, format):
    codes = [re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", p) for p in text_of(printed["example", "sheets", format])]
    assert [len(set(found)) for found in codes] == [1] * len(codes)
    for name in NAMES:
        for page in text_of(printed["example", name, format]):
            assert set(re.findall(r"\bCIML-\d+\b", page)) == {"CIML-017"}


@pytest.mark.parametrize("format", FORMATS)
def test_go_is_one_page_before_lymphodepletion_and_one_before_the_infusion(printed, format):
    pages = [words(page) for page in text_of(printed["example", "go", format], "-layout")]
    assert ["Before lymphodepletion" in page for page in pages] == [True, False]
    assert ["Before the infusion" in page for page in pages] == [False, True]


@pytest.mark.parametrize("format", FORMATS)
def test_the_overview_is_one_landscape_page_and_the_words_are_on_pages_of_their_own(printed, format):
    pages = [words(page) for page in text_of(printed["example", "overview", format], "-layout")]
    assert "Overview, Revision 1" in pages[0] and "June 2026" in pages[0] and "interleukin-2, 7 doses" in pages[0]
    assert all("Overview: in words" in page for page in pages[1:]) and len(pages) > 1
    info = subprocess.run(["pdfinfo", "-l", "9", printed["example", "overview", format]], capture_output=True, text=True, check=True)
    sizes = re.findall(r"size:\s+([\d.]+) x ([\d.]+)", info.stdout)
    assert [float(width) > float(height) for width, height in sizes][:3] == [True, False, False]


# Harmful text


class Reader(HTMLParser):
    """The tags, attributes and text of a page, as a browser would part them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("name", NAMES)
def test_harmful_text_stays_text(name):
    plain, harmed = (Reader(pages_of(plan, WHEN)[f"{name}.html"]) for plan in (example(), hostile()))
    assert harmed.tags - plain.tags <= {"ul", "li", "circle"}
    assert harmed.attributes - plain.attributes == set()
    assert "script" not in harmed.tags
    text = "".join(harmed.text)
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    assert "\u202e" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("format", FORMATS)
def test_ten_thousand_letters_are_printed_to_the_last(printed, format):
    text = "".join(page for page in text_of(printed["hostile", "sheets", format], "-raw"))
    letters = re.sub(r"[^wxyz]", "", "".join(re.findall(r"(?:[wxyz]{8,}\s*)+", text)))
    assert len(letters) >= len(LONG) * 0.99
    assert LONG in "".join(Reader(pages_of(hostile(), WHEN)["sheets.html"]).text)


@pytest.mark.parametrize("format", FORMATS)
def test_harmful_text_is_printed_as_it_stands(printed, format):
    page = words(text_of(printed["hostile", "sheets", format], "-raw")[0])
    assert re.sub(r"\s", "", "<img src=x onerror=alert(2)>") in re.sub(r"\s", "", page)
    assert "<script>" in HOSTILE


# Screens


@pytest.fixture(scope="module")
def checked(files):
    """What html-validate and axe-core say: (plan, name) -> answer. Of the plan with a banner only two, for time's sake."""
    tool("pdftotext")
    some = {key: files[key] for key in CHECKED}
    answers = run_node("check_pages.mjs", files=[str(path) for path in some.values()])
    return dict(zip(some, answers, strict=True))


@pytest.mark.parametrize(("plan", "name"), CHECKED)
def test_html_is_valid_accessible_and_never_scrolls_sideways(checked, plan, name):
    answer = checked[plan, name]
    assert answer["errors"] == []
    assert answer["violations"] == []
    assert answer["sideways"] == []


def test_ci_skips_nothing(monkeypatch):
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="is missing: install"):
        missing("node", HINTS["node"])
    assert os.environ["CI"]
