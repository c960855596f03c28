"""Paper from a browser in a dark room is the same as from any other: every printed page, pixel by pixel."""

import re
import subprocess
from hashlib import sha256

import pytest
from shared.paper import NAMES, run_node, tool
from shared.paper_plans import WHEN, example
from shared.web_ward import open_ward

from schedule.output.outputs import pages as pages_of

WARD = ("/", "/board", "/p/SLIP-1", "/p/SLIP-1/history", "/p/SLIP-1/change/4", "/p/SLIP-1/rev-4/change.html", "/sheet", "/nothing")
"""Pages of the ward, which a browser prints as well, and the change notice."""
SCHEMES = ("light", "dark")


def styled(ward, path):
    """A page with its style sheets in it."""
    return re.sub(r'<link rel="stylesheet" href="([^"]+)">', lambda found: f"<style>{ward.get(found[1]).text}</style>", ward.get(path).text)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Every page printed by a light and by a dark browser: name -> the two PDF files."""
    tool("pdftoppm")
    folder = tmp_path_factory.mktemp("dark")
    plan = pages_of(example(), WHEN)
    texts = {name: plan[f"{name}.html"] for name in NAMES}
    (folder / "ward").mkdir()
    with open_ward(folder / "ward") as ward:
        texts |= {path: styled(ward, path) for path in WARD}
    jobs, found = [], {}
    for number, (name, text) in enumerate(texts.items()):
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
        found[name] = [folder / f"{number}-{scheme}.pdf" for scheme in SCHEMES]
        jobs += [
            {"file": str(folder / f"{number}.html"), "pdf": str(pdf), "format": "A4", "scheme": scheme}
            for scheme, pdf in zip(SCHEMES, found[name], strict=True)
        ]
    run_node("print_pages.mjs", jobs=jobs)
    return found


@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
def test_paper_from_a_dark_browser_equals_that_from_a_light_one(printed, grey):
    for name, (light, dark) in printed.items():
        pixels = pixels_of(light, grey)
        assert pixels and pixels == pixels_of(dark, grey), name


def test_the_dark_is_another_picture_on_the_screen_of_the_ward_and_not_of_paper(tmp_path):
    """So that the test above compares two things, and a sheet looks on the screen as it does on paper."""
    (tmp_path / "ward").mkdir()
    with open_ward(tmp_path / "ward") as ward:
        (tmp_path / "shift.html").write_text(styled(ward, "/"), encoding="utf-8")
    (tmp_path / "go.html").write_text(pages_of(example(), WHEN)["go.html"], encoding="utf-8")
    seen = {(name, scheme): tmp_path / f"{name}-{scheme}.png" for name in ("shift", "go") for scheme in SCHEMES}
    run_node("print_pages.mjs", jobs=[
        {"file": str(tmp_path / f"{name}.html"), "png": str(png), "width": 800, "scheme": scheme} for (name, scheme), png in seen.items()
    ])  # fmt: skip
    same = {name: seen[name, "light"].read_bytes() == seen[name, "dark"].read_bytes() for name in ("shift", "go")}
    assert same == {"shift": False, "go": True}


def pixels_of(pdf, grey):
    """The hash of each page as it is printed."""
    subprocess.run(["pdftoppm", "-r", "40", *(["-gray"] if grey else []), str(pdf), str(pdf.with_suffix(""))], check=True)
    return [sha256(path.read_bytes()).hexdigest() for path in sorted(pdf.parent.glob(f"{pdf.stem}-*.p{'g' if grey else 'p'}m"))]
