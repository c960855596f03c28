"""A new day 0: a re-plan before lymphodepletion has begun, a slip after. The check says whether, how far, and what
follows."""

from typing import cast

from flask import Blueprint, Response

from schedule.model.acts import CAUSES, Cause, Move
from schedule.model.plan import standing_of
from schedule.web import ward
from schedule.web.act import ActPage, Wish, answer
from schedule.web.choose import GET_POST, reason_of
from schedule.web.forms import Form, capital
from schedule.web.re_date import ask_cycle
from schedule.web.roles import needs
from schedule.words.acts import CAUSE_WORDS
from schedule.words.dates import spell_day_zero
from schedule.words.plan import latest_start

routes = Blueprint("slip", __name__)


@routes.route("/p/<code>/slip", methods=GET_POST)
@needs("move")
def slip(code: str) -> Response:
    def read(form: Form, seen: ward.Patient) -> Wish | None:
        hint = "For example, 27 3 2026 or 27 Mar 2026. Without a time the limit is judged by dates alone."
        to = form.moment("to", f"new {seen.zero}", seen.plan.site.zone, hint=hint)
        cause = form.choice("cause", "cause", [(cause, capital(CAUSE_WORDS[cause])) for cause in CAUSES])
        reason = reason_of(
            form, required=True, hint="What happened, in a few words. Kept in the history, and printed on the notice."
        )
        again, cycle = ask_repeat(form, seen), ask_cycle(form, seen.plan)
        if to is None or not cause or not reason or again is None or cycle is None:
            return None
        return Wish(deed=Move(to=to, cause=cast(Cause, cause), repeat=again, cycle=cycle or None), reason=reason)

    seen = ward.patient(code)
    return answer(
        ActPage(
            title=f"Move {seen.zero}",
            save=f"Move {seen.zero}",
            blame="to",
            read=read,
            severe=True,
            template="slip.html",
            lead=("Nothing is saved before you have seen what it would change, and typed the code.",),
            facts=facts_of(seen),
        ),
        seen,
    )


def ask_repeat(form: Form, seen: ward.Patient) -> bool | None:
    """Whether lymphodepletion is given once more: asked only once it has begun, where the protocol speaks of it. None:
    no answer yet."""
    repeatable = any(course.repeatable for course in seen.plan.protocol.courses.values())
    if not (repeatable and standing_of(seen.plan).begun):
        return False
    options = (
        ("no", f"No: what was given stays, and only {seen.zero} moves"),
        ("yes", "Yes: it is planned again before the new day"),
    )
    chosen = form.choice("repeat", "whether lymphodepletion is given once more", options)
    return None if not chosen else chosen == "yes"


def facts_of(seen: ward.Patient) -> tuple[tuple[str, str], ...]:
    """Where day 0 stands, and how far it may move."""
    standing, limit = standing_of(seen.plan), latest_start(seen.plan)
    facts = [
        (f"Planned {seen.zero}", spell_day_zero(standing.planned)),
        (f"{capital(seen.zero)} now", spell_day_zero(standing.day_zero)),
    ]
    if standing.begun:
        facts.append(
            ("Lymphodepletion", f"begun: planned {seen.zero} stays, and the infusion and what depends on it move")
        )
        if limit is not None:
            facts.append((f"Limit of {limit[0].ref}", f"start no later than {limit[1]}"))
    else:
        facts.append(("Lymphodepletion", "not begun: everything is planned again"))
    return tuple(facts)
