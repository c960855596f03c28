"""Make the README's pictures, as Chromium shows them: the printed sheet of day 0 beside the overview, and three pages of
the ward's web page.

    python docs/make_pictures.py

Writes docs/sheet-and-overview.png from the example patient, and docs/shift.png, docs/board.png and docs/slip.png from an
invented ward.
Needs Chromium, Chrome or Edge, and nothing else.
"""

import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from schedule.engine.plan import lay_out  # noqa: E402
from schedule.files.case_file import read_case  # noqa: E402
from schedule.files.protocol_file import read_protocol  # noqa: E402
from schedule.files.site_file import read_site  # noqa: E402
from schedule.ledger.sqlite import SqliteStore  # noqa: E402
from schedule.model.acts import Move, RecordEvent  # noqa: E402
from schedule.model.moment import Moment  # noqa: E402
from schedule.model.plan import Plan  # noqa: E402
from schedule.model.text import sha256  # noqa: E402
from schedule.output.outputs import pages  # noqa: E402
from schedule.service.acts import perform, record_of  # noqa: E402
from schedule.service.create import Meta, create  # noqa: E402
from schedule.service.inputs import Inputs  # noqa: E402
from schedule.service.revisions import newest, plan_of  # noqa: E402
from schedule.web.app import Settings, make_app  # noqa: E402
from schedule.web.security import cookie_name, token_of  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
WIDTH, HEIGHT, GAP = 816, 1056, 28
"""A sheet of Letter paper and the space around it, in pixels of 1/96 inch."""
WEB_SIZES = {"shift": (1240, 1180), "board": (1240, 740), "slip": (1240, 900)}
"""Width and height of the pictures of the web page."""

PAPER = ".screen { display: none; } body { max-width: none; padding: 15mm; margin: 0; overflow: hidden; }"
SHEET = PAPER + " .sheet:not(#patient-2026-06-15) { display: none; } .page + .page { margin: 0; }"
OVERVIEW = PAPER + " body { padding: 12mm; } .over + .over, .months, .others { display: none; }"


PROTOCOL, SITE, CASE = (
    (ROOT / name).read_text("utf-8")
    for name in ("schedule/protocols/nct04024761.toml", "examples/site.toml", "examples/ciml-017.toml")
)
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 6, 12, 14, 5, tzinfo=ZONE)
"""The afternoon on which the ward is shown."""
CODES = {"CIML-014": "08", "CIML-017": "15", "CIML-019": "16", "CIML-021": "17", "CIML-022": "29"}
"""Each patient, and the day of June that day 0 was planned for."""
LEFT_OUT = ("CIML-014 il2", "CIML-021 weight")
"""What nobody has recorded, of whom."""
HOST = "127.0.0.1:8000"


def inputs(case_text: str) -> Inputs:
    """A patient of the example site by the shipped trial."""
    protocol = read_protocol(PROTOCOL, "nct04024761.toml")
    site = read_site(SITE, "site.toml", protocol)
    return Inputs(protocol=protocol, site=site, case=read_case(case_text, "case.toml", protocol, site))


def example() -> Plan:
    """The plan of the example patient, as of the day the README speaks of."""
    found = inputs(CASE)
    return lay_out(found.protocol, found.site, found.case, datetime(2026, 5, 26, 8))


def meta(wall: datetime, reason: str = "") -> Meta:
    return Meta(by="nurse1", at=wall.astimezone(UTC), as_of=wall.replace(tzinfo=None), site_time=wall.replace(tzinfo=None), reason=reason)


def make_ward(store: SqliteStore) -> None:
    """The example patient, and four who are some days behind or ahead."""
    organs = "echo = 2026-06-03\norgan-function = 2026-06-03\n"
    for code, planned in CODES.items():
        text = CASE.replace("CIML-017", code).replace("2026-06-15T", f"2026-06-{planned}T").replace("[dates]\n", f"[dates]\n{organs}")
        text = text.replace("2026-06-05 ", "2026-05-25 ")
        texts = {sha256(one): one for one in (PROTOCOL, SITE, text)}
        create(store, inputs(text), texts, meta(datetime(2026, 5, 26, 8, tzinfo=ZONE)))
    done = sorted((one for code in CODES for one in what_was_done(store, code)), key=lambda one: one[0])
    for at, code, deed in done:
        perform(store, code, deed, meta(at))
    moved = Move(to=Moment(on=date(2026, 6, 17), at=datetime(2026, 6, 17, 10, tzinfo=ZONE)), cause="logistics")
    perform(store, "CIML-019", moved, meta(NOW, "no bed until Wednesday"))


def what_was_done(store: SqliteStore, code: str) -> Iterator[tuple[datetime, str, RecordEvent]]:
    """The records of what was planned until now, five minutes late, without the site's tasks of days long past."""
    for event in plan_of(store, newest(store, code)).events:
        begins = event.start.replace(tzinfo=ZONE) if event.start else datetime.combine(event.on, time(23, 50), ZONE)
        old = event.task and event.on < date(2026, 6, 11)
        if begins < NOW and not old and f"{code} {event.activity}" not in LEFT_OUT:
            at = begins + timedelta(minutes=5)
            outcome = "given" if event.category == "treatment" else "done"
            yield at, code, record_of(event.id, outcome, Moment(on=at.date(), at=at), "")


def web_pages(folder: Path) -> dict[str, str]:
    """The shift page, the board, and the check page of a slip, each with its style in it."""
    ledger = folder / "ledger.sqlite"
    with SqliteStore(ledger) as store:
        make_ward(store)
        revision = plan_of(store, newest(store, "CIML-017")).revision
    settings = Settings(
        store=ledger, site=None, protocols=(), user="nurse1", proxy_header=None, hosts=frozenset({HOST}), read_only=False,
        origins=frozenset({f"http://{HOST}"}), now=lambda: NOW.astimezone(UTC), secret=b"picture",
    )  # fmt: skip
    client, cookie = make_app(settings).test_client(), "c" * 43
    client.set_cookie(cookie_name(settings), cookie, domain="127.0.0.1")
    headers = {"Host": HOST, "Origin": f"http://{HOST}"}
    slip = {
        "token": token_of(settings, cookie, "nurse1"), "based-on": str(revision), "to": "2026-06-16", "to-time": "10:00",
        "cause": "illness",
    }  # fmt: skip
    css = f"<style>{client.get('/css/web.css', headers=headers).text}</style>"
    found = {name: client.get(path, headers=headers) for name, path in (("shift", "/"), ("board", "/board"))}
    found |= {"slip": client.post("/p/CIML-017/slip", data=slip, headers=headers)}
    for name, answer in found.items():
        if answer.status_code != 200:
            raise SystemExit(f"The page {name} answered {answer.status_code}.")
    return {name: answer.text.replace('<link rel="stylesheet" href="/css/web.css">', css) for name, answer in found.items()}


def paper(text: str, style: str, width: int, height: int) -> str:
    """One page of a file as a sheet of paper on a grey table."""
    source = html.escape(text.replace("</style>", f"{style}</style>"))
    return f'<iframe title="page" width="{width}" height="{height}" srcdoc="{source}"></iframe>'


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("No Chromium, Chrome or Edge was found: install one, then run this again.", file=sys.stderr)
        return 3
    files = pages(example(), datetime(2026, 5, 26, 12, tzinfo=UTC))
    table = f"body {{ margin: 0; padding: {GAP}px; display: flex; gap: {GAP}px; background: #ddd; align-items: start; }} iframe {{ border: 0; background: #fff; }}"
    both = paper(files["sheets.html"], SHEET, WIDTH, HEIGHT) + paper(files["overview.html"], OVERVIEW, HEIGHT, WIDTH)
    made = {"sheet-and-overview": (f"<!DOCTYPE html><meta charset=utf-8><style>{table}</style>{both}", WIDTH + HEIGHT + 3 * GAP, HEIGHT + 2 * GAP)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made |= {name: (text, *WEB_SIZES[name]) for name, text in web_pages(folder).items()}
        for name, (text, width, height) in made.items():
            page, picture = folder / f"{name}.html", ROOT / "docs" / f"{name}.png"
            page.write_text(text, encoding="utf-8")
            subprocess.run(
                [browser, "--headless=new", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                 f"--window-size={width},{height}", f"--screenshot={picture}", page.as_uri()],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            print(f"Wrote {picture.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
