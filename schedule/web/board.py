"""The board: the whole ward, two weeks at a time."""

from flask import Blueprint, Response, request

from schedule.model.dates import add
from schedule.model.notation import read_date
from schedule.pages.board import DAYS, board
from schedule.web.roles import needs
from schedule.web.ward import kept_patients, show, wall_of

routes = Blueprint("board", __name__)


@routes.get("/board")
@needs("view")
def show_board() -> Response:
    kept = kept_patients()
    today = wall_of(kept).date()
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
