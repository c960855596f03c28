"""What happened to an event, and for when it is booked: given, done or held, taken back; another day or hour."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import cast

from flask import Blueprint, Response, abort

from schedule.model.acts import Book
from schedule.model.dates import add
from schedule.model.notation import spell
from schedule.model.plan import Event, Outcome, Plan, Undated, standing_of
from schedule.service.acts import open_of, record_of
from schedule.web import ward
from schedule.web.act import ActPage, Wish
from schedule.web.choose import Pickable, choose, form_page, groups, reason_of, recent_days
from schedule.web.forms import Form, capital
from schedule.web.roles import needs
from schedule.words.acts import recorded
from schedule.words.dates import spell_day_zero
from schedule.words.day_labels import label_told
from schedule.words.gaps import gap_in_words
from schedule.words.places import spell_place, spell_window
from schedule.words.titles import full_title, title_of

routes = Blueprint("record", __name__)

MOST_OFFERED = 9
"""Days of a window that are offered one by one."""


# given, done, held, taken back ---------------------------------------------------------------------------------------


@routes.get("/p/<code>/record")
@needs("record")
def record(code: str) -> Response:
    seen = ward.patient(code)
    events = [event for event in seen.plan.events if event.status != "cancelled" and event.category != "milestone"]
    today = seen.site_time.date()
    known = standing_of(seen.plan).records

    def those(wanted: Callable[[Event], bool]) -> Iterator[Pickable]:
        return (
            Pickable(event.id, what_of(seen.plan, event), how_it_stands(seen.plan, event))
            for event in events
            if wanted(event)
        )

    undated = (Pickable(one.id, _undated(one), gap_in_words(one.gap)) for one in seen.plan.undated)
    found = groups(
        ("Past, and not recorded", those(lambda e: e.id not in known and e.on < today)),
        ("Today", those(lambda e: e.id not in known and e.on == today)),
        ("Ahead", those(lambda e: e.id not in known and e.on > today)),
        ("Without a date", undated),
        ("Recorded: to be corrected?", those(lambda e: e.id in known)),
    )
    return choose(seen, "record", "Record or correct one item", "What was it?", found)


def what_of(plan: Plan, event: Event) -> str:
    """The event with its day label; the donor's is told apart."""
    return f"{capital(label_told(plan, event))}: {title_of(event)}{' (donor)' if event.donor else ''}"


def _undated(one: Undated) -> str:
    return f"{capital(full_title(one.title))}{' (donor)' if one.donor else ''}"


def how_it_stands(plan: Plan, event: Event) -> str:
    """When an event is planned or booked, and what is recorded of it."""
    kept = standing_of(plan).records.get(event.id)
    planned = spell_day_zero(event.planned) if event.planned else spell_place(event)
    booked = [f"booked for {spell_day_zero(event.booked)}"] if event.booked else []
    if kept is None:
        return f"{booked[0]}; planned {planned}" if booked else planned
    return "; ".join([recorded(event, kept), *booked, f"planned {planned}"])


def event_of(plan: Plan, name: str) -> Event | None:
    """The event of that id."""
    return next((event for event in plan.events if event.id == name), None)


@form_page(routes, "record", needed="record")
def record_page(seen: ward.Patient, what: str) -> ActPage:
    event = event_of(seen.plan, what) or next((one for one in seen.plan.undated if one.id == what), None)
    if event is None:
        abort(404, "The plan has no such dose, test, visit or task.")

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        outcome, zone = form.choice("outcome", "outcome", _outcomes(seen.plan, event)), seen.plan.site.zone
        hint = "By the clock on the ward. "
        hint += f"Its start becomes {seen.zero}." if event.activity == seen.plan.protocol.day_zero else ""
        when = form.moment(
            "when",
            "the date",
            zone,
            offered=recent_days(seen),
            label="when it was",
            hint=hint or "The time can be left out.",
            required=outcome != "open",
        )
        hint = "Only of what takes a while, such as an infusion."
        end = form.moment("end", "the date of its end", zone, label="when it ended", hint=hint, required=False)
        reason = reason_of(form, hint="For held, and where a record is taken back: why.")
        if outcome == "open" and (when or end):
            form.note("when", "What is taken back has no time: leave it empty")
        if outcome == "held" and end:
            form.note("end", "What was held has no end: leave it empty")
        if outcome == "open":
            return Wish(deed=open_of(what), reason=reason)
        if not outcome or when is None:
            return None
        partly, said = outcome == "partly", "given" if outcome == "partly" else outcome
        deed = record_of(what, cast(Outcome, said), when, reason, end=end, partly=partly)
        return Wish(deed=deed, reason=reason)

    return ActPage(
        title=f"Record: {title_of(event) if isinstance(event, Event) else _undated(event)}",
        save="Save this record",
        blame="when",
        read=read,
        back=f"/p/{seen.code}/record",
        facts=((capital(label_told(seen.plan, event)), how_it_stands(seen.plan, event)),)
        if isinstance(event, Event)
        else (),
    )


def _outcomes(plan: Plan, event: Event | Undated) -> list[tuple[str, str]]:
    """What can be recorded of an event, each with its words: as on the day's form, and the end of what goes on until
    something happens."""
    is_dose = event.category == "treatment" and not (isinstance(event, Event) and event.task)
    activity = plan.protocol.activities.get(event.activity)
    lasts = activity is not None and activity.until is not None
    found = [("done", "Done"), ("held", "Not done")]
    if is_dose or lasts:
        held = "Held: it was not given, and is not made up for"
        found = [("given", "Given"), ("partly", "Given in part"), ("held", held)]
    if lasts:
        found.append(("done", "Done: it has ended"))
    if event.id in standing_of(plan).records:
        found.append(("open", "Neither: what was recorded is an error, take it back"))
    return found


# booked for another day or hour --------------------------------------------------------------------------------------


@routes.get("/p/<code>/book")
@needs("record")
def book(code: str) -> Response:
    seen = ward.patient(code)
    zero = seen.plan.protocol.day_zero
    events = [event for event in seen.plan.events if event.category != "milestone" and event.activity != zero]

    def those(*statuses: str) -> Iterator[Pickable]:
        for event in events:
            if event.status in statuses and not event.replaced:
                yield Pickable(event.id, what_of(seen.plan, event), how_it_stands(seen.plan, event))

    found = groups(
        ("Ahead", those("planned")),
        ("Past, and not recorded", those("unconfirmed")),
        ("Held: to be planned again?", those("held")),
    )
    return choose(seen, "book", "Book another day or hour", "What is it?", found)


@form_page(routes, "book", needed="record")
def book_page(seen: ward.Patient, what: str) -> ActPage:
    event = event_of(seen.plan, what)
    if event is None:
        abort(404, "The plan has no such dose, test, visit or task.")
    window = spell_window(event)

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        when = form.moment(
            "when",
            "the day",
            seen.plan.site.zone,
            offered=list(_days_of(event, seen)),
            label="booked for",
            hint="A day or an hour inside the window. As planned: the booking is taken back.",
        )
        reason = reason_of(form)
        return Wish(deed=Book(event=what, at=when), reason=reason) if when is not None else None

    return ActPage(
        title=f"Book: {title_of(event)}",
        save="Save this booking",
        blame="when",
        read=read,
        back=f"/p/{seen.code}/book",
        lead=("What was held is planned again, under a new number.",) if event.status == "held" else (),
        facts=(
            (capital(label_told(seen.plan, event)), how_it_stands(seen.plan, event)),
            ("Window", window.removeprefix("window ") or "none is stated: an hour of the same date"),
        ),
    )


def _days_of(event: Event, seen: ward.Patient) -> Iterator[tuple[date, str]]:
    """The days of a short window from today on, to be chosen instead of typed; without one the planned day."""
    planned, first, last = event.planned, event.earliest, event.latest
    days = [planned.on] if planned is not None else []
    if first is not None and last is not None and (last.on - first.on).days < MOST_OFFERED:
        days = [add(first.on, number, "days", "clamp") for number in range((last.on - first.on).days + 1)]
    for day in days:
        if day >= seen.site_time.date():
            yield day, f"{spell(day)}{', as planned' if planned is not None and planned.on == day else ''}"
