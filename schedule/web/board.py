"""The board: the whole ward, two weeks at a time."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, request

from schedule.model.dates import add
from schedule.model.notation import spell, spell_clock, spell_moment
from schedule.model.typed import typed_date
from schedule.pages.board import DAYS, WALL_DAYS, Strip, board
from schedule.web.roles import needs
from schedule.web.ward import channel_lines, kept_strips, may_act, show, wall_of

routes = Blueprint("board", __name__)


MANY, MOST = 20, 30
"""Rows from which on the words of the wall are smaller, and once more: all stand on one screen."""


@routes.get("/board")
@needs("view")
def show_board() -> Response:
    kept = kept_strips()
    wall = wall_of(kept)
    today = wall.date()
    if "wall" in request.args:
        return _show_wall([one.shown for one in kept], wall)
    typed = request.args.get("from", "").strip()
    errors, first = [], today
    if typed:
        try:
            first = typed_date(typed)
            add(first, 2 * DAYS, "days", "clamp")
        except ValueError as error:
            errors, first = [("from", f"{error}; write a date such as 27-Mar-2026")], today
    return show(
        "board.html",
        422 if errors else 200,
        title="Board",
        errors=errors,
        board=board((one.shown for one in kept), first, today),
        as_at=spell_moment(wall),
        channels=channel_lines(),
        first=first,
        today=today,
        typed=typed,
        earlier=add(first, -DAYS, "days", "clamp"),
        later=add(first, DAYS, "days", "clamp"),
        may_act=may_act,
    )


def _show_wall(strips: Sequence[Strip], wall: datetime) -> Response:
    """The board for a screen that nobody touches: no form, no link, nobody's name; made anew each minute."""
    found = board(strips, wall.date(), wall.date(), WALL_DAYS)
    rows = len(found.rows)
    size = "most-rows" if rows > MOST else "many-rows" if rows > MANY else "few-rows"
    page = show(
        "wall.html", title="Board", board=found, on=spell(wall.date()), as_at=spell_clock(wall), size=size,
        today=wall.date(), channels=channel_lines(),
    )  # fmt: skip
    page.headers["Refresh"] = "60"
    return page
