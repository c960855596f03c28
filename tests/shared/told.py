"""Everything that is said of a patient: by commands, on pages, in feeds and in files, as words."""

import contextlib
import html
import io
import re

import pytest

from schedule.commands import main
from schedule.service.feeds import make_feed
from schedule.web.app import Settings
from shared.web_ward import HOST, ORIGIN, Clock, WebWard


def said_by(*argv):
    """What a command says on the terminal, whether it does what is asked or not."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out), pytest.raises(SystemExit) as ended:
        main([*map(str, argv)])
    assert ended.value.code in (0, 1, 2, 3)
    return out.getvalue()


def ward_on(folder, site, moment):
    """The pages on the ledger of a folder, at a moment that goes on: its clock, and the pages."""
    clock = Clock(moment)
    settings = Settings(
        store=folder / "ledger.sqlite", site=site, protocols=(), user="nurse1", proxy_header=None, hosts=frozenset({HOST}),
        origins=frozenset({ORIGIN}), read_only=False, now=clock, secret=b"0" * 32,
    )  # fmt: skip
    return clock, WebWard(settings, clock, {})


def feeds(ward, clock, code):
    """The patient's calendar and the ward's, with drugs and without."""
    with ward.store() as store:
        for level in ("steps", "minimal"):
            for whom in (code, None):
                secret, _ = make_feed(store, label="x", code=whom, level=level, expires=clock().date(), by="a", at=clock())
                yield f"feed {level} {whom}", ward.get(f"/feed/{secret}/x.ics").text


def written_in(folder):
    """Every file that was written below a folder, by its path."""
    kinds = (".html", ".json", ".ics", ".csv")
    found = (path for path in folder.rglob("*") if path.suffix in kinds and path.name != "manifest.json")
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in found}


def words_of(text):
    """The words of a file or a page: without tags, the lines of a calendar whole."""
    return html.unescape(re.sub(r"<[^>]*>", " ", text.replace("\r\n ", "")))
