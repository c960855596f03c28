"""The way out of a course that has begun and keeps its dates: what is left of it is dated anew."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort

from schedule.model.acts import ReDate
from schedule.model.plan import Plan, standing_of
from schedule.web import ward
from schedule.web.act import ActPage, Wish
from schedule.web.choose import Pickable, choose, decided_by, form_page, groups, reason_of
from schedule.web.forms import Form, capital
from schedule.web.roles import needs
from schedule.words.places import spell_place
from schedule.words.shift import drug_and_dose

routes = Blueprint("re_date", __name__)


@routes.get("/p/<code>/re-date")
@needs("decide")
def re_date(code: str) -> Response:
    seen = ward.patient(code)

    def courses() -> Iterator[Pickable]:
        for name, course in seen.plan.protocol.courses.items():
            if doses := doses_left(seen.plan, name):
                yield Pickable(name, capital(course.title), doses)

    return choose(seen, "re-date", "Give a course new dates", "Which course?", groups(("Courses", courses())))


def doses_left(plan: Plan, course: str) -> str:
    """Which doses of a course are not recorded, and where they lie; empty where none is left."""
    known = plan.protocol.activities
    left = [
        event for event in plan.events
        if event.activity in known and known[event.activity].course == course
        and event.record is None and event.status not in ("cancelled", "held")
    ]  # fmt: skip
    return "; ".join(f"{drug_and_dose(event.title)}, {spell_place(event)}" for event in left)


@form_page(routes, "re-date", needed="decide")
def re_date_page(seen: ward.Patient, what: str) -> ActPage:
    course = seen.plan.protocol.courses.get(what)
    if course is None:
        abort(404, "The protocol has no such course.")

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        hint = "Left empty: from the protocol, as it would be dated now. Else the others follow at the same distances."
        following = form.moment("next", "the day of the next dose", seen.plan.site.zone, hint=hint, required=False)
        cycle = ask_cycle(form, seen.plan)
        by = decided_by(form)
        reason = reason_of(form, required=True)
        if not by or not reason or cycle is None:
            return None
        return Wish(deed=ReDate(course=what, by=by, cycle=cycle or None, next=following), reason=reason)

    return ActPage(
        title=f"New dates: {course.title}",
        save="Save the new dates",
        blame="next",
        read=read,
        severe=True,
        back=f"/p/{seen.code}/re-date",
        lead=(
            "What is given, recorded or past keeps its dates; the rest is dated anew. Nothing does it by itself: the "
            "principal investigator decides.",
        ),
        facts=(("Not recorded", doses_left(seen.plan, what) or "nothing"),),
    )


def ask_cycle(form: Form, plan: Plan) -> int | None:
    """Which cycle it is about, asked only where several are given; 0 where it is not asked. None: no answer yet."""
    later = standing_of(plan).cycles
    if not later:
        return 0
    chosen = form.choice("cycle", "cycle", [(str(number), f"Cycle {number}") for number in (1, *sorted(later))])
    return int(chosen) if chosen else None
