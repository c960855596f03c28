"""Pictures of the pages and the paper that are looked at most, at one moment of one ward.

    PYTHONPATH=.:tests python -m shared.pictures

makes those of tests/pages/pictures anew. Look at each before it is committed.
"""

import io
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

from shared.browser import served
from shared.paper import tool

FOLDER = Path(__file__).parent.parent / "pages" / "pictures"
MADE_WITH = FOLDER / "made-with.txt"
"""Chromium's version, and how wide it draws a line of text: another face is another picture."""
NOW = "2026-06-12 08:00"
TALLEST = 1100
"""No more of a long page is compared."""
PAPER = 718
"""Pixels of 190 mm: paper without its margins."""
STEP = 51
"""Each channel of a picture is kept in six levels, so far apart."""


SAME_CODES = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, "0000-0000");
}"""
"""Check codes are others in each ledger."""


class Shot(NamedTuple):
    """One picture: the address, the width, and as what it is shown. `choose` is chosen, then `press` the button that
    has these words."""

    path: str
    width: int = 1280
    scheme: str = "light"
    media: str = "screen"
    choose: str = ""
    press: str = ""


SHOTS = {
    "shift": Shot("/"),
    "shift-320": Shot("/", 320),
    "shift-dark": Shot("/", scheme="dark"),
    "board": Shot("/board"),
    "patient": Shot("/p/SLIP-1"),
    "patient-320": Shot("/p/SLIP-1", 320),
    "patient-dark": Shot("/p/SLIP-1", scheme="dark"),
    "cancelled": Shot("/p/GONE-1"),
    "day": Shot("/p/SLIP-1/day/2026-06-11"),
    "day-320": Shot("/p/SLIP-1/day/2026-06-11", 320),
    "day-check": Shot("/p/SLIP-1/day/2026-06-11", press="All as planned"),
    "move": Shot("/p/SLIP-1/slip"),
    "move-dark": Shot("/p/SLIP-1/slip", scheme="dark"),
    "move-check": Shot("/p/SLIP-1/slip", choose="Critical illness of the patient", press="Wed 17-Jun-2026"),
    "new-patient": Shot("/new/NCT04024761"),
    "sheet": Shot("/p/SLIP-1/rev-4/today.html", PAPER, media="print"),
    "overview": Shot("/p/SLIP-1/rev-4/overview.html", 1032, media="print"),
    "notice": Shot("/p/SLIP-1/rev-4/change.html", PAPER, media="print"),
}


def taken(folder):
    """Every picture, as they are now: the browser and its face in a line, and name -> image."""
    found = {}
    with served(folder) as (address, ward), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tool("chromium"), args=["--no-sandbox"])
        for name, shot in SHOTS.items():
            ward.at(NOW)
            context = browser.new_context(color_scheme=shot.scheme, viewport={"width": shot.width, "height": 900})
            page = context.new_page()
            page.goto(address + shot.path)
            if shot.choose:
                page.get_by_label(shot.choose).check()
            if shot.press:
                page.get_by_role("button", name=shot.press).click()
            page.emulate_media(media=shot.media)
            page.evaluate(SAME_CODES)
            height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            png = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": shot.width, "height": height})
            found[name] = Image.open(io.BytesIO(png)).convert("RGB").point(lambda value: round(value / STEP) * STEP)
            context.close()
        page = browser.new_page()
        page.set_content('<span style="font: 40px \'Atkinson Hyperlegible\', Verdana, \'DejaVu Sans\', sans-serif">Day 0 O 1 l I −5</span>')
        made = f"Chromium {browser.version}, {page.locator('span').bounding_box()['width']:.0f} px"
        browser.close()
    return made, found


def differing(one, other):
    """The share of pixels that differ between two pictures of the same size."""
    worst = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).split()
    worst = ImageChops.lighter(ImageChops.lighter(worst[0], worst[1]), worst[2])
    return sum(worst.histogram()[1:]) / (one.width * one.height)


def inked(image):
    """The share of pixels that are not of the most frequent colour."""
    colours = image.convert("RGB").getcolors(image.width * image.height)
    return 1 - max(count for count, _ in colours) / (image.width * image.height)


def main():
    with tempfile.TemporaryDirectory() as folder:
        made, found = taken(Path(folder))
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name, image in found.items():
        image.quantize(256, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    MADE_WITH.write_text(f"{made}\n", encoding="utf-8")
    print(f"{len(found)} pictures, {made}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
