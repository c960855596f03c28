"""Printing with a real browser and reading the paper back."""

import json
import shutil
import subprocess

from schedule.pages.sheets import day_sheets
from schedule.words.plan import frame
from shared import TESTS
from shared.calendar_readers import missing
from shared.paper_plans import WHEN

FORMATS = ("A4", "Letter")
NAMES = ("sheets", "go", "overview", "deadlines", "patient", "index")
HINTS = {
    "chromium": "apt-get install chromium, or install Chrome or Edge",
    "node": "install Node.js, then npm ci --prefix tests",
    "pdftotext": "apt-get install poppler-utils",
    "pdftoppm": "apt-get install poppler-utils",
    "playwright-core": "npm ci --prefix tests",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")


def tool(name):
    """Where a tool lies. Without it the test is skipped, saying what to install; where CI is set, it fails."""
    if name == "playwright-core":
        found = TESTS / "node_modules" / name if (TESTS / "node_modules" / name).is_dir() else None
    else:
        found = next(filter(None, map(shutil.which, BROWSERS if name == "chromium" else (name,))), None)
    return str(found) if found else missing(name, HINTS[name])


def run_node(script, **values):
    """What a script of tests/ answers: a line of JSON for each thing asked."""
    node, browser = tool("node"), tool("chromium")
    tool("playwright-core")
    run = subprocess.run(
        [node, script], input=json.dumps({"browser": browser, **values}), capture_output=True, text=True, cwd=TESTS, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def text_of(pdf, *options):
    """The text of each page."""
    run = subprocess.run([tool("pdftotext"), *options, pdf, "-"], capture_output=True, text=True, check=True)
    return [page.replace("\u00a0", " ") for page in run.stdout.split("\f")[:-1]]


def words(text):
    """The text with every run of white space as one blank."""
    return " ".join(text.split())


def sheets_of(plan):
    return day_sheets(plan, frame(plan, WHEN))
