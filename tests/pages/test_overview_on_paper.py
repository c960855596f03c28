"""The overview on paper, of every shipped trial and of the fullest plans: each word of its drawings is read back from the
printed file, at least 10 point high, on no other word and inside its page."""

import re
import subprocess
from datetime import date
from itertools import combinations

import pytest
from shared import ROOT
from shared.paper import FORMATS, run_node, tool
from shared.paper_plans import WHEN, example, full_of_dates, hostile, hundred

from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.moment import Moment
from schedule.output.outputs import plan_page
from schedule.pages.lanes import lanes_of
from schedule.service.views import example as blank

SITE = 'format = 1\nzone = "America/New_York"\n'
TRIALS = sorted((ROOT / "schedule" / "protocols").glob("*.toml"))
NAMES = [*(path.stem for path in TRIALS), "example", "hundred", "hostile", "full"]
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
RULER = "Hospital"
"""A word that stands on every page of the overview in exactly 10 point."""
TOUCH = 0.8
"""Points by which the boxes of two words may meet: a box is higher than the letters in it."""


def trial(path):
    protocol = read_protocol(path.read_text(encoding="utf-8"), path.name)
    choices = {name: next(iter(choice.options)) for name, choice in protocol.choices.items()}
    return blank(protocol, read_site(SITE, "site.toml", protocol), Moment(on=date(2026, 6, 15)), choices)


@pytest.fixture(scope="module")
def plans():
    made = {path.stem: trial(path) for path in TRIALS}
    return {**made, "example": example(), "hundred": hundred(), "hostile": hostile(), "full": full_of_dates()}


@pytest.fixture(scope="module")
def printed(plans, tmp_path_factory):
    """Every overview on both papers, all in one run of the browser: (plan, format) -> PDF."""
    folder, jobs = tmp_path_factory.mktemp("overviews"), {}
    for name, plan in plans.items():
        path = folder / f"{name}.html"
        path.write_text(plan_page("overview.html", plan, WHEN), encoding="utf-8")
        for format in FORMATS:
            jobs[name, format] = {"file": str(path), "pdf": str(folder / f"{name}.{format}.pdf"), "format": format}
    tool("pdftotext")
    run_node("print_pages.mjs", jobs=list(jobs.values()))
    return {key: job["pdf"] for key, job in jobs.items()}


def drawings(pdf):
    """The words of each page with a drawing, with their boxes; and the page's own."""
    text = subprocess.run([tool("pdftotext"), "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', text, re.DOTALL)
    for width, height, page in pages:
        found = [(*map(float, box), word) for *box, word in WORD.findall(page)]
        if any(word == RULER for *_, word in found):
            yield float(width), float(height), found


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_10_point_high_inside_its_page_and_on_no_other(printed, name, format):
    pages = list(drawings(printed[name, format]))
    assert pages
    for width, height, found in pages:
        ruler = next(bottom - top for _, top, _, bottom, word in found if word == RULER)
        assert [(word, bottom - top) for _, top, _, bottom, word in found if bottom - top < ruler - 0.02] == []
        assert [word for left, top, right, bottom, word in found if left < 20 or top < 20 or right > width - 20 or bottom > height] == []
        assert [(one[4], other[4]) for one, other in combinations(found, 2) if over(one, other)] == []


def over(one, other):
    """Whether two words lie on one another."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > TOUCH and down > TOUCH + (one[3] - one[1]) * 0.15


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", [name for name in NAMES if name != "hostile"])
def test_up_to_twenty_lanes_are_one_landscape_page_and_up_to_forty_one_upright(printed, plans, name, format):
    lanes, sizes = len(lanes_of(plans[name])), [(width > height) for width, height, _ in drawings(printed[name, format])]
    assert lanes <= 40
    if lanes <= 20:
        assert sizes == [True]
    else:
        assert sizes in ([True], [False, False])


def test_the_fullest_plan_has_more_lanes_than_a_landscape_page():
    """So that the upright page is tried."""
    assert 20 < len(lanes_of(full_of_dates())) <= 40


def test_a_smaller_label_and_one_on_another_would_be_seen(tmp_path):
    jobs = []
    for size in ("12.9px", "18px"):
        path = tmp_path / f"{size}.html"
        path.write_text(plan_page("overview.html", example(), WHEN).replace("font: 13.34px", f"font: {size}"), encoding="utf-8")
        jobs.append({"file": str(path), "pdf": str(path.with_suffix(".pdf")), "format": "A4"})
    run_node("print_pages.mjs", jobs=jobs)
    ((_, _, small),), ((_, _, large),) = (list(drawings(job["pdf"])) for job in jobs)
    ruler = next(bottom - top for _, top, _, bottom, word in small if word == RULER)
    assert len([word for _, top, _, bottom, word in small if bottom - top < ruler - 0.02]) > 30
    assert len([pair for pair in combinations(large, 2) if over(*pair)]) > 10
