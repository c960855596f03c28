"""A new day 0, from the calendar of possible days: a re-plan before lymphodepletion has begun, a slip after. Pressing a
day checks it; who may decide what the principal investigator is asked does so with the saving."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from flask import Blueprint, Response, request

from schedule.model.acts import CAUSES, Cause, Move
from schedule.model.dates import add
from schedule.model.moment import Moment
from schedule.model.notation import read_typed_clock, spell
from schedule.model.plan import standing_of
from schedule.service.acts import move_of
from schedule.service.views import cycles_open, possible, to_be_decided
from schedule.web import ward
from schedule.web.act import DAY, PRESSED, ActPage, Wish, answer
from schedule.web.choose import GET_POST, WHO_RULES, day_in, decided_by, reason_of
from schedule.web.forms import Form, capital
from schedule.web.roles import needs
from schedule.words.acts import CAUSE_WORDS
from schedule.words.dates import spell_day_zero, zero_in_cycle
from schedule.words.plan import latest_start

routes = Blueprint("slip", __name__)

WEEKS = "weeks-"
"""Before the first day of the weeks that a button shows."""
SHIFT = 42
"""Days by which the calendar goes back."""


@routes.route("/p/<code>/slip", methods=GET_POST)
@needs("move")
def slip(code: str) -> Response:
    seen = ward.patient(code)
    cycle = cycle_asked(seen)
    zero = standing_of(seen.plan).of(cycle).day_zero

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        cause = form.choice("cause", "cause", [(cause, capital(CAUSE_WORDS[cause])) for cause in CAUSES])
        again, day = ask_repeat(form, seen, cycle), day_pressed(form)
        to = ask_hour(form, seen, day or zero.on)
        if day is None or to is None or not cause or again is None:
            return None
        named = cycle if standing_of(seen.plan).cycles else None
        return Wish(deed=Move(to=to, cause=cast(Cause, cause), repeat=again, cycle=named))

    return answer(
        ActPage(
            title=f"Move {zero_in_cycle(seen.zero, cycle)}",
            save=f"Move {seen.zero}",
            blame=PRESSED,
            read=read,
            severe=True,
            template="slip.html",
            facts=facts_of(seen, cycle, zero),
            at_save=with_decision,
            beside=lambda form, seen: calendar_beside(form, seen, cycle),
            start={"to-time": f"{zero.at:%H:%M}"} if zero.at is not None else {},
        ),
        seen,
    )


def cycle_asked(seen: ward.Patient) -> int:
    """The cycle whose day 0 is to move: the one named in the address or the form, else the first that may; 1 where
    none does."""
    still = cycles_open(seen.plan)
    named = request.form.get("cycle") or request.args.get("cycle", "")
    return next((one for one in still if str(one) == named), still[0] if still else 1)


def day_pressed(form: Form) -> date | None:
    """The day of the calendar that was pressed now, or before."""
    day = day_in(form.typed(DAY))
    if day is None:
        form.note(PRESSED, "Press a day of the calendar", "days")
    return day


def ask_hour(form: Form, seen: ward.Patient, day: date) -> Moment | None:
    """That day at the hour typed."""
    hint = f"Kept as it is now; another hour can be typed. Without one, {seen.zero} has no hour."
    return form.moment_on(day, PRESSED, f"hour of {seen.zero}", seen.plan.site.zone, hint=hint)


def ask_repeat(form: Form, seen: ward.Patient, cycle: int) -> bool | None:
    """Whether lymphodepletion is given once more: asked only once it has begun, where the protocol speaks of it. None:
    no answer yet."""
    repeatable = any(course.repeatable for course in seen.plan.protocol.courses.values())
    if not (repeatable and standing_of(seen.plan).of(cycle).begun):
        return False
    options = (
        ("no", f"No: what was given stays, and only {seen.zero} moves"),
        ("yes", "Yes: it is planned again before the new day"),
    )
    chosen = form.choice("repeat", "whether lymphodepletion is given once more", options)
    return None if not chosen else chosen == "yes"


def with_decision(form: Form, seen: ward.Patient, wish: Wish) -> Wish | None:
    """The wish with its reason and, where the principal investigator is asked, with what she has decided. A slip waits
    for her; a re-plan may be saved before she has decided."""
    assert isinstance(wish.deed, Move)
    rules, waits = to_be_decided(seen.plan, wish.deed, seen.site_time)
    decided, by = "", ""
    if rules and ward.may_open(f"/p/{seen.code}/rule/{rules[0]}", seen.code):
        later = f"{capital(seen.zero)} stays where it is: ask first" if waits else "It stays open, on every output"
        allowed = f"Allowed, for {seen.zero} on {spell(wish.deed.to.on)} alone"
        options = (("allowed", allowed), ("later", f"Not decided yet. {later}"))
        asked = "principal investigator’s decision"
        decided = form.choice("decision", f"{asked} on {', '.join(rules)}", options, required=waits)
        if waits and decided == "later":
            form.note("decision", "Nothing is saved before the principal investigator has decided")
        by = decided_by(form, default=WHO_RULES)
    hint = (
        "What happened, in a few words, and the grounds of a decision. Kept in the history, and printed on the notice."
    )
    reason = reason_of(form, required=True, hint=hint)
    if not reason or form.mistakes:
        return None
    if decided != "allowed":
        return Wish(deed=wish.deed, reason=reason)
    deed = move_of(seen.plan, wish.deed, allowed_by=by, as_of=seen.site_time, reason=reason)
    return Wish(deed=deed, reason=reason)


def calendar_beside(form: Form, seen: ward.Patient, cycle: int) -> Mapping[str, Any]:
    """The calendar, in the weeks that were asked for, at the hour typed."""
    do, chosen = request.form.get("do", ""), day_in(form.typed(DAY))
    begin = day_in(do.removeprefix(WEEKS) if do.startswith(WEEKS) else form.typed("weeks"))
    try:
        clock = read_typed_clock(form.typed("to-time").strip())
    except ValueError:
        clock = None
    found = possible(seen.plan, seen.site_time, cycle, begin=begin, clock=clock, repeat=form.typed("repeat") == "yes")
    return {
        "calendar": found,
        "cycle": cycle,
        "cycles": cycles_open(seen.plan),
        "chosen": chosen,
        "chosen_words": spell(chosen) if chosen is not None else "",
        "weeks": begin,
        "earlier": add(found.first, -SHIFT, "days", "clamp") if found else None,
        "later": add(found.last, 1, "days", "clamp") if found else None,
    }


def facts_of(seen: ward.Patient, cycle: int, zero: Moment) -> tuple[tuple[str, str], ...]:
    """Where day 0 of a cycle stands, and how far it may move."""
    standing, limit = standing_of(seen.plan).of(cycle), latest_start(seen.plan, cycle)
    facts = [
        (f"Planned {seen.zero}", spell_day_zero(standing.planned)),
        (f"{capital(seen.zero)} now", spell_day_zero(zero)),
    ]
    if standing.begun:
        facts.append(
            ("Lymphodepletion", f"begun: planned {seen.zero} stays, and the infusion and what depends on it move")
        )
        if limit is not None:
            facts.append(
                (
                    f"Limit by {limit[0].ref}, {seen.plan.protocol.rules[limit[0].rule].title}",
                    f"start no later than {limit[1]}",
                )
            )
    else:
        facts.append(("Lymphodepletion", "not begun: everything is planned again"))
    return tuple(facts)
