"""The files of a stored revision, made from the ledger when they are asked for: the same bytes as `dayzero export`
writes.

HTML files differ in one thing: their style is in files of its own, as the pages' policy demands.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, abort

from schedule.model.errors import NotDone, NotThere
from schedule.model.kept import Row
from schedule.model.plan import Plan
from schedule.model.reasons.file_failures import PrinterBusy
from schedule.output.html import page
from schedule.output.outputs import OUTPUTS, PAGES, PAPER, change_page, everything, pages_of, plan_page, ward_page
from schedule.output.pdf import browser, to_pdf
from schedule.pages.sheets import Sheet, day_sheets
from schedule.service.export import change_of, file_of
from schedule.service.revisions import revision_of, shown_plan
from schedule.service.ward_sheets import ward_sheets
from schedule.web import ward
from schedule.web.roles import needs
from schedule.words.outputs import TITLES, ward_title
from schedule.words.plan import frame

routes = Blueprint("files", __name__)

KINDS = {".ics": "text/calendar; charset=utf-8", ".json": "application/json", ".csv": "text/csv; charset=utf-8"}
"""The files that are kept, not looked at: by their ending, their content types."""
PRINTER_PATIENCE = 60
"""Seconds to wait for another file that is just being printed."""

_PRINTER = Lock()


def revision(code: str, number: int) -> Row:
    """A patient's revision; the 404 page if there is none."""
    try:
        return revision_of(ward.store(), code, number)
    except NotThere:
        abort(404, "There is no such patient, or no such revision.")


@routes.get("/p/<code>/rev-<int:number>/<name>")
@needs("view")
def file(code: str, number: int, name: str) -> Response:
    row = revision(code, number)
    if name in OUTPUTS and (kind := KINDS.get(Path(name).suffix)) is not None:
        data = data_file(row, name)
        named = f'attachment; filename="{code}-rev-{number}-{name}"'
        return Response(data, content_type=kind, headers={"Content-Disposition": named})
    if name.endswith(".pdf"):
        return printed(row, f"{name.removesuffix('.pdf')}.html")
    return Response(html(row, name, linked=True), content_type="text/html; charset=utf-8")


def data_file(row: Row, name: str) -> bytes:
    """A file of data of a revision; the 404 page where it has none."""
    data = file_of(ward.store(), row, name)
    if data is None and name == "donor.ics":
        abort(404, "The donor has no days in this plan.")
    return data if data is not None else abort(404, "This revision changed nothing: it is the first.")


def html(row: Row, name: str, *, linked: bool) -> str:
    """An HTML file of a revision, with its style in it or linked; the 404 page where there is none."""
    plan, when = shown_plan(ward.store(), row), row.act.at
    if name == "everything.html":
        return everything(plan, when, linked=linked)
    if name == "today.html":
        return today(plan, when, linked=linked)
    if name in PAGES and name not in pages_of(plan):
        abort(404, "The plan is cancelled: nothing of it is to come.")
    if name in PAGES:
        return plan_page(name, plan, when, linked=linked)
    found = change_of(ward.store(), row) if name == "change.html" else None
    if found is None:
        abort(404)
    return change_page(plan, found.notice, when, linked=linked)


WARD_DAYS = {"today": 0, "tomorrow": 1}
"""The days of which the ward's sheets are printed in one file: how many days ahead each lies."""


@routes.get("/sheets/<name>")
@needs("view")
def ward_file(name: str) -> Response:
    """The sheets of the whole ward of one day, as a page or as PDF."""
    stem, _, ending = name.partition(".")
    if stem not in WARD_DAYS or ending not in ("html", "pdf"):
        abort(404)
    found = ward_sheets(ward.store(), ward.now(), codes=ward.shown_codes(), ahead=WARD_DAYS[stem])
    if not found:
        abort(404, "Nobody has a sheet on that day: nothing is planned.")
    title = ward_title(found[0].sheet.of_day)
    if ending == "html":
        return Response(ward_page(found, title, linked=True), content_type="text/html; charset=utf-8")
    return _as_pdf(ward_page(found, title), f"ward-{found[0].sheet.of_day.isoformat()}.pdf")


def todays_sheets(plan: Plan, when: datetime) -> tuple[Sheet, ...]:
    """The patient's and the donor's sheet of today, by the site's clock; none on a day with nothing on it."""
    day = ward.today(plan)
    return tuple(sheet for sheet in day_sheets(plan, frame(plan, when)) if sheet.of_day == day)


def today(plan: Plan, when: datetime, *, linked: bool) -> str:
    found = todays_sheets(plan, when)
    if not found:
        abort(404, "There is no sheet for today: nothing is planned.")
    return page("sheets.html", linked=linked, frame=frame(plan, when), title=TITLES["today.html"], view=found)


def printed(row: Row, name: str) -> Response:
    """An HTML file as PDF, through a browser on this computer; the 404 page where there is none."""
    if name not in (*PAPER, "everything.html", "today.html", "change.html") or browser() is None:
        abort(404, "There is no such file, or no Chromium, Chrome or Edge on the computer that Dayzero runs on.")
    named = f"{row.act.code}-rev-{row.act.revision}-{name.removesuffix('.html')}.pdf"
    return _as_pdf(html(row, name, linked=False), named)


def _as_pdf(text: str, named: str) -> Response:
    """A page as PDF; the 404 page where no browser is there to print it."""
    if browser() is None:
        abort(404, "There is no Chromium, Chrome or Edge on the computer that Dayzero runs on.")
    if not _PRINTER.acquire(timeout=PRINTER_PATIENCE):
        raise NotDone(PrinterBusy())
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as aside:
            path = Path(aside) / "page.html"
            path.write_text(text, encoding="utf-8")
            data = to_pdf(path).read_bytes()
    finally:
        _PRINTER.release()
    return Response(
        data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{named}"'}
    )
