"""The board: the whole ward, two weeks at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, current_app, request

from schedule.model.case import Site
from schedule.model.dates import add
from schedule.model.notation import read_date
from schedule.pages.board import DAYS, Strip, board, holds_until, strip_of
from schedule.service.inputs import site_time
from schedule.service.views import seen_at
from schedule.web.roles import needs
from schedule.web.ward import now, show, store

routes = Blueprint("board", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStrip:
    """A patient's strip, made at one wall time of the site and good until another, as long as the newest act is this
    one."""

    hash: str
    site: Site
    made: datetime
    until: datetime
    strip: Strip

    def holds(self, newest: str) -> bool:
        return self.hash == newest and self.made <= site_time(now(), self.site) < self.until


@routes.get("/")
@needs("view")
def show_board() -> Response:
    kept = list(_kept())
    today = min((site_time(now(), one.site).date() for one in kept), default=now().date())
    typed = request.args.get("from", "").strip()
    errors, first = [], today
    if typed:
        try:
            first = read_date(typed)
            add(first, 2 * DAYS, "days", "clamp")
        except ValueError as error:
            errors, first = [("from", f"{error}; write a date such as 27-Mar-2026")], today
    found = board((one.strip for one in kept), first, today)
    return show(
        "board.html",
        422 if errors else 200,
        title="Board",
        errors=errors,
        board=found,
        first=first,
        today=today,
        typed=typed,
        earlier=add(first, -DAYS, "days", "clamp"),
        later=add(first, DAYS, "days", "clamp"),
    )


def _kept() -> Iterator[KeptStrip]:
    """Every patient's strip: those that no longer hold are made anew, the others are as they were."""
    cache: dict[str, KeptStrip] = current_app.extensions.setdefault("dayzero-board", {})
    for code, newest in store().heads().items():
        one = cache.get(code)
        if one is None or not one.holds(newest):
            one = cache[code] = _keep(code)
        yield one


def _keep(code: str) -> KeptStrip:
    row = store().newest(code)
    assert row is not None
    plan, wall = seen_at(store(), row, now())
    return KeptStrip(hash=row.hash, site=plan.site, made=wall, until=holds_until(plan), strip=strip_of(plan))
