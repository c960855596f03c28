"""Paper from a browser in a dark room is the same as from any other: every printed page, pixel by pixel."""

import subprocess
from hashlib import sha256

import pytest
from shared.paper import run_node, tool
from shared.paper_plans import WHEN, example

from schedule.output.outputs import pages as pages_of

PRINTED = ("sheets", "overview", "deadlines", "go", "patient")


@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
def test_paper_from_a_dark_browser_equals_that_from_a_light_one(tmp_path, grey):
    tool("pdftoppm")
    jobs = []
    for name in PRINTED:
        (tmp_path / f"{name}.html").write_text(pages_of(example(), WHEN)[f"{name}.html"], encoding="utf-8")
        jobs += [
            {"file": str(tmp_path / f"{name}.html"), "pdf": str(tmp_path / f"{name}-{scheme}.pdf"), "format": "A4", "scheme": scheme}
            for scheme in ("light", "dark")
        ]
    run_node("print_pages.mjs", jobs=jobs)
    for name in PRINTED:
        light, dark = (pixels(tmp_path / f"{name}-{scheme}.pdf", grey) for scheme in ("light", "dark"))
        assert light and light == dark, name


def pixels(pdf, grey):
    """The hash of each page as it is printed."""
    subprocess.run(["pdftoppm", "-r", "40", *(["-gray"] if grey else []), str(pdf), str(pdf.with_suffix(""))], check=True)
    return [sha256(path.read_bytes()).hexdigest() for path in sorted(pdf.parent.glob(f"{pdf.stem}-*.p[gp]m"))]
