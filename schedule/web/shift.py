"""The page of a shift, which is the home page: today and tomorrow of the whole ward, what is not recorded first."""

from flask import Blueprint, Response, redirect, request

from schedule.model.dates import add
from schedule.model.notation import spell, spell_clock
from schedule.output.pdf import browser
from schedule.pages.shift import shift
from schedule.service.history import last_move
from schedule.web import ward
from schedule.web.roles import needs
from schedule.words import shift as words

routes = Blueprint("shift", __name__)


@routes.get("/")
@needs("view")
def show_shift() -> Response:
    if "wall" in request.args:
        return redirect("/board?wall", 303)  # type: ignore[return-value]
    kept = ward.kept_shifts()
    now, found = ward.wall_of(kept), shift(one.shown for one in kept)
    today, tomorrow = now.date(), add(now.date(), 1, "days", "clamp")
    days = (("today", found.sheets[0]), ("tomorrow", found.sheets[1]))
    return ward.show(
        "shift.html",
        title=f"Shift, {spell(today)}",
        on=spell(today),
        today=today,
        as_at=spell_clock(now),
        about=words.patients_on(*found.patients_on, ward.zones_of(kept)),
        shift=found,
        missing=words.patients_and_items(len(found.missing), found.items_missing),
        tomorrow=spell(tomorrow),
        anybody=bool(kept),
        moved_in={one.code: last_move(ward.store(), one.code) for one in found.moved},
        prints=[(day, words.print_sheets(day, count)) for day, count in days if count],
        pdf=browser() is not None,
        may_act=ward.may_act,
        channels=ward.channel_lines(),
    )
