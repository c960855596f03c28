"""A whole day of a patient recorded on one form: a row an item, one check, one save, one revision."""

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, abort, redirect

from schedule.model.acts import RecordDay
from schedule.model.dates import add
from schedule.model.notation import FIRST_DATE, LAST_DATE, spell
from schedule.model.plan import Event, Plan
from schedule.pages.day import day_told
from schedule.service.day import as_planned, infusion_open, items_of_day, may_be_as_planned
from schedule.web import ward
from schedule.web.act import ActPage, Wish, answer, sent_form
from schedule.web.choose import GET_POST
from schedule.web.day_rows import Entered, read_row
from schedule.web.form_fields import RecordField
from schedule.web.forms import BASED_ON, Form, offset_text
from schedule.web.roles import needs
from schedule.words.day import cells_are_typed, due_by, takes

routes = Blueprint("day", __name__)

AS_PLANNED = "as-planned"
"""What the button for a day as planned asks to do."""


class DayPage(ActPage, frozen=True, kw_only=True):
    """The form for a day: `around` are the day before and after, as addresses and words; `takes` is what “all as
    planned” does, and `cells` what is to be known of the infusion, each empty where it does not apply. `parts` are the
    headings of the rows."""

    heading: str
    told: str
    takes: str
    cells: str
    parts: tuple[tuple[str, str], ...]

    around: tuple[tuple[str, str], ...]


@routes.get("/p/<code>/day")
@needs("record")
def today(code: str) -> Response:
    """The form for today, by the clock of the patient's site."""
    seen = ward.patient(code)
    return redirect(f"/p/{seen.code}/day/{seen.site_time.date()}")  # type: ignore[return-value]


@routes.route("/p/<code>/day/<on>", methods=GET_POST)
@needs("record")
def day(code: str, on: str) -> Response:
    seen, asked = ward.patient(code), _day_of(on)
    form, do = sent_form()
    if do == AS_PLANNED:
        form, do = _filled(form, seen, asked), "check"
    return answer(day_page(seen, asked), seen, (form, do))


def _day_of(on: str) -> date:
    """The day in an address: `2026-06-12`; the 404 page for anything else."""
    try:
        found = date.fromisoformat(on)
    except ValueError:
        abort(404, "There is no such day.")
    if found.isoformat() != on or not FIRST_DATE < found < LAST_DATE:
        abort(404, "There is no such day.")
    return found


def day_page(seen: ward.Patient, asked: date) -> DayPage:
    """The page of one day."""
    count = sum(may_be_as_planned(seen.plan, event) for event in items_of_day(seen.plan, asked).due)
    cells = infusion_open(seen.plan, asked)
    around = (add(asked, by, "days", "clamp") for by in (-1, 1))
    return DayPage(
        title=f"Record {spell(asked)}",
        save="Save",
        blame="",
        read=lambda form, seen: read_day(form, seen, asked),
        template="day.html",
        heading=spell(asked),
        told=day_told(seen.plan, asked),
        around=tuple((day.isoformat(), spell(day)) for day in around),
        takes=takes(count, seen.site_time, asked),
        cells=cells_are_typed(seen.zero) if cells else "",
        parts=(
            ("due", due_by(seen.site_time, asked)),
            ("later", "Not due yet, at any time, or after the cells" if cells else "Not due yet, or at any time"),
            ("earlier", "From earlier days, not recorded"),
            ("recorded", "Recorded"),
        ),
    )


def read_day(form: Form, seen: ward.Patient, asked: date) -> Wish | None:
    """What was entered of a day; None where that is nothing."""
    found = [entered for event, part in _rows(seen.plan, asked) if (entered := read_row(form, event, part, seen))]
    if not found:
        if not form.mistakes:
            form.note("", "Nothing is entered: choose what happened, or write its hour")
        return None
    records = tuple(one.record for one in found)
    return Wish(deed=RecordDay(on=asked, records=records), reason=_why_taken_back(found))


def _why_taken_back(found: list[Entered]) -> str:
    """The reasons of records taken back, which have none of their own."""
    return "; ".join(one.reason for one in found if one.record.record is None and one.reason)


def _rows(plan: Plan, asked: date) -> Iterator[tuple[Event, str]]:
    """Every row of the form, and the part in which it stands."""
    items = items_of_day(plan, asked)
    parts = {"due": items.due, "later": items.later, "earlier": items.earlier, "recorded": items.recorded}
    for part, events in parts.items():
        for event in events:
            yield event, part


def _filled(form: Form, seen: ward.Patient, asked: date) -> Form:
    """The form with everything due of that day entered at its planned time, beside what was typed. As it was, where it
    was made for a revision that is no longer the newest."""
    values = {name: list(typed) for name, typed in form.values.items()}
    if form.typed(BASED_ON) != str(seen.revision):
        return Form(values, judged=True)
    shown = Form(values, judged=False)
    wish = read_day(shown, seen, asked)
    typed = wish.deed.records if wish is not None and isinstance(wish.deed, RecordDay) else ()
    entered = {name for name, row in shown.fields.items() if isinstance(row, RecordField) and row.entered}
    for one in as_planned(seen.plan, asked, typed, entered, seen.site_time):
        if one.record is None:
            continue
        values[f"{one.event}-outcome"] = [one.record.outcome]
        if one.record.moment is not None:
            values[f"{one.event}-time"] = [f"{one.record.moment:%H:%M}"]
            values[f"{one.event}-offset"] = [offset_text(one.record.moment)]
    return Form(values, judged=True)
