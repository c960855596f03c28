"""HTML to PDF through a browser that is installed: printing is the browser's job."""

import os
import shutil
import subprocess
from pathlib import Path

from schedule.model.errors import NotDone
from schedule.model.reasons.file_failures import NoBrowser, NotPrinted

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    "/opt/microsoft/msedge/msedge",
)
OWN_PLACES = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
"""Under %LOCALAPPDATA%, where somebody who is no administrator has installed one."""
SECONDS = 120
"""For one file."""


def browser() -> str | None:
    """An installed Chromium, Chrome or Edge, or None."""
    found = (shutil.which(name) for name in NAMES)
    own = os.environ.get("LOCALAPPDATA")
    places = (*PLACES, *(f"{own}\\{place}" for place in OWN_PLACES)) if own else PLACES
    return next((path for path in found if path), None) or next((path for path in places if Path(path).is_file()), None)


def to_pdf(html: Path) -> Path:
    """The PDF of a page, written beside it. NotDone if there is no browser, or if it cannot print."""
    program = browser()
    if program is None:
        raise NotDone(NoBrowser())
    pdf = html.with_suffix(".pdf")
    command = [
        program, "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--no-pdf-header-footer", f"--user-data-dir={html.parent / 'browser'}", f"--print-to-pdf={pdf}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium refuses to run as root with its sandbox
    try:
        done = subprocess.run([*command, html.as_uri()], capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDone(NotPrinted(program=program, cause=str(error), ended=None)) from error
    if done.returncode != 0 or not pdf.is_file():
        raise NotDone(NotPrinted(program=program, cause=None, ended=done.returncode))
    return pdf
