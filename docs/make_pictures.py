"""Make the README's picture: the printed sheet of day 0 beside the overview, as Chromium shows them.

    python docs/make_pictures.py

Writes docs/sheet-and-overview.png from the example patient. Needs Chromium, Chrome or Edge, and nothing else.
"""

import html
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from schedule.plan import Plan, lay_out  # noqa: E402
from schedule.reading import read_protocol  # noqa: E402
from schedule.reading_case import read_case, read_site  # noqa: E402
from schedule.render import pages  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
PICTURE = ROOT / "docs" / "sheet-and-overview.png"
WIDTH, HEIGHT, GAP = 816, 1056, 28
"""A sheet of Letter paper and the space around it, in pixels of 1/96 inch."""

PAPER = ".screen { display: none; } body { width: 8.5in; max-width: none; padding: 15mm; margin: 0; overflow: hidden; }"
SHEET = PAPER + " .sheet:not(#patient-2026-06-15) { display: none; } .page + .page { margin: 0; }"
OVERVIEW = PAPER + " .month, .others { display: none; }"


def example() -> Plan:
    """The plan of the example patient, as of the day the README speaks of."""
    protocol = read_protocol((ROOT / "schedule/protocols/nct04024761.toml").read_text("utf-8"), "nct04024761.toml")
    site = read_site((ROOT / "examples/site.toml").read_text("utf-8"), "site.toml", protocol)
    case = read_case((ROOT / "examples/ciml-017.toml").read_text("utf-8"), "ciml-017.toml", protocol, site)
    return lay_out(protocol, site, case, datetime(2026, 5, 26, 8))


def paper(text: str, style: str) -> str:
    """One page of a file as a sheet of paper on a grey table."""
    source = html.escape(text.replace("</style>", f"{style}</style>"))
    return f'<iframe title="page" width="{WIDTH}" height="{HEIGHT}" srcdoc="{source}"></iframe>'


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("No Chromium, Chrome or Edge was found: install one, then run this again.", file=sys.stderr)
        return 3
    files = pages(example(), datetime(2026, 5, 26, 12, tzinfo=UTC))
    table = f"body {{ margin: 0; padding: {GAP}px; display: flex; gap: {GAP}px; background: #ddd; }} iframe {{ border: 0; background: #fff; }}"
    both = paper(files["sheets.html"], SHEET) + paper(files["overview.html"], OVERVIEW)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "both.html"
        page.write_text(f"<!DOCTYPE html><meta charset=utf-8><style>{table}</style>{both}", encoding="utf-8")
        subprocess.run(
            [browser, "--headless=new", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
             f"--window-size={2 * WIDTH + 3 * GAP},{HEIGHT + 2 * GAP}", f"--screenshot={PICTURE}", page.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    print(f"Wrote {PICTURE.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
