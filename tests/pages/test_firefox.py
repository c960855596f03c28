"""Real paper from the other engine: every file of the example printed by Firefox on A4 and on Letter and read back."""

import html
import json
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from shared.notices import made
from shared.paper import FORMATS, NAMES, TESTS, missing, sheets_of, tool, words
from shared.paper import text_of as text_as_printed
from shared.paper_plans import WHEN, example
from shared.printed_notice import Rows

from schedule.output.outputs import pages as pages_of


def text_of(pdf, *options):
    """The text of each page. Firefox prints “fi” as the one letter that DejaVu has for it."""
    return [unicodedata.normalize("NFKC", page) for page in text_as_printed(pdf, *options)]


def squeezed(text):
    """The text without white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def firefox():
    """Where Firefox lies; without it the test is skipped, or fails where CI is set."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if not (TESTS / "node_modules" / "ws").is_dir():
        missing("ws", "npm ci --prefix tests")
    return found or missing("firefox", "apt-get install firefox-esr")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Every file printed: (name, format) -> PDF. All in one run of the browser."""
    node, program = tool("node"), firefox()
    tool("pdftotext")
    folder = tmp_path_factory.mktemp("firefox")
    pages = {name.removesuffix(".html"): text for name, text in pages_of(example(), WHEN).items()}
    pages |= {f"change-{name}": page for name, (page, _, _) in made(folder).items() if name != "hundred"}
    jobs = {}
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
        for format in FORMATS:
            pdf = str(folder / f"{name}-{format}.pdf")
            jobs[name, format] = {"file": str(folder / f"{name}.html"), "pdf": pdf, "format": format}
    (folder / "profile").mkdir()
    asked = {"firefox": program, "profile": str(folder / "profile"), "jobs": list(jobs.values())}
    run = subprocess.run(
        [node, "print_firefox.mjs"], input=json.dumps(asked), capture_output=True, text=True, cwd=TESTS, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == len(jobs)
    return {key: job["pdf"] for key, job in jobs.items()}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_from_firefox_has_its_code_day_0_and_revision(printed, name, format):
    pages = [words(page) for page in text_of(printed[name, format], "-layout")]
    assert pages
    for page in pages:
        assert "CIML-017" in page
        assert re.search(r"Revision 1\b", page)
        zero = "Mon 15-Jun-2026" if name == "sheets" else "Day 0 = Mon 15-Jun-2026 10:00"
        assert zero in page or name == "patient"


@pytest.mark.parametrize("format", FORMATS)
def test_the_sheets_from_firefox_are_those_announced_each_with_day_date_and_code(printed, format):
    pages = [words(page) for page in text_of(printed["sheets", format], "-layout")]
    wanted = [(sheet, page) for sheet in sheets_of(example()) for page in sheet.pages]
    assert len(pages) == len(wanted)
    for text, (sheet, _) in zip(pages, wanted, strict=True):
        assert str(sheet.day).replace("\u00a0", " ") in text
        assert sheet.on in text and sheet.check in text


@pytest.mark.parametrize("format", FORMATS)
def test_every_task_is_on_firefoxs_paper_once_on_the_page_of_its_day(printed, format):
    pages = iter(text_of(printed["sheets", format], "-raw"))
    for sheet in sheets_of(example()):
        for page in sheet.pages:
            text = squeezed(words(next(pages)).split("Notes")[0])
            wanted = Counter(squeezed(row.due + row.name) for block in page.blocks for row in block.rows)
            assert {task: text.count(task) for task in wanted} == dict(wanted)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_lost_on_the_way_to_firefoxs_paper(printed, name, format):
    """Each word of the page is on paper as often as on the page, or oftener: heads repeat. Hyphens part words. (The picture's
    words are counted by `test_timeline` and its text equivalent is among these.)"""
    page = re.sub(r"<style>.*?</style>|<title>.*?</title>|<svg.*?</svg>", "", pages_of(example(), WHEN)[f"{name}.html"], flags=re.S)
    page = re.sub(r'<(\w+) class="screen.*?</\1>', "", page, flags=re.S)
    wanted = Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", html.unescape(re.sub(r"<[^>]+>", " ", page)))))
    found = Counter(re.findall(r"\w+", " ".join(text_of(printed[name, format], "-raw"))))
    assert sum(wanted.values()) > 100
    assert {word: count for word, count in (wanted - found).items()} == {}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["slip", "re-plan"])
def test_a_change_notice_is_one_page_of_firefoxs_too_with_every_row_and_one_of_void_sheets(printed, name, format):
    page, void = text_of(printed[f"change-{name}", format], "-raw")
    text = squeezed(page)
    assert "Void sheets" in void
    source = Path(printed[f"change-{name}", format].replace(f"-{format}.pdf", ".html")).read_text(encoding="utf-8")
    for row in Rows(source).rows[1:]:
        assert text.count(squeezed("".join(row))) == 1, row
