"""What the pages of the acts share: the list of what an act can be about, and the form behind each line of it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from flask import Blueprint, Response

from schedule.model.dates import add
from schedule.model.notation import read_date, spell
from schedule.model.roles import Role
from schedule.web import ward
from schedule.web.act import ActPage, answer
from schedule.web.forms import Form
from schedule.web.roles import needs

GET_POST = ["GET", "HEAD", "POST"]
WHO_RULES = "PI"
"""The role of whoever rules, if no other is typed."""
BY_HINT = "A role, such as study physician or PI; never a name of the patient."


class Pickable(NamedTuple):
    """One thing that an act can be about: the end of its address, what it is, and how it stands."""

    path: str
    what: str
    stands: str


class Subjects(NamedTuple):
    """Things of one kind."""

    title: str
    choices: tuple[Pickable, ...]


def groups(*found: tuple[str, Iterator[Pickable]]) -> tuple[Subjects, ...]:
    """The groups that are not empty."""
    made = (Subjects(title, tuple(choices)) for title, choices in found)
    return tuple(group for group in made if group.choices)


def choose(seen: ward.Patient, act: str, title: str, lead: str, found: tuple[Subjects, ...]) -> Response:
    """The list of what an act can be about."""
    return ward.show("choose.html", title=title, patient=seen, act=act, lead=lead, groups=found)


def form_page(
    routes: Blueprint, path: str, *, needed: Role
) -> Callable[[Callable[[ward.Patient, str], ActPage]], Callable[[str, str], Response]]:
    """Put a page at /p/<code>/<path>/<what>, for whoever has the role `needed`: the function under it makes it for a
    patient and what it is about."""

    def keep(make: Callable[[ward.Patient, str], ActPage]) -> Callable[[str, str], Response]:
        @needs(needed)
        def view(code: str, what: str) -> Response:
            seen = ward.patient(code)
            return answer(make(seen, what), seen)

        routes.add_url_rule(f"/p/<code>/{path}/<what>", endpoint=f"{path}-form", view_func=view, methods=GET_POST)
        return view

    return keep


def recent_days(seen: ward.Patient) -> list[tuple[date, str]]:
    """Today and yesterday at the site, to be chosen instead of typed."""
    today = seen.site_time.date()
    yesterday = add(today, -1, "days", "clamp")
    return [(today, f"Today, {spell(today)}"), (yesterday, f"Yesterday, {spell(yesterday)}")]


def day_in(text: str) -> date | None:
    """The date that a button or an address carries; None for anything else."""
    try:
        return read_date(text)
    except ValueError:
        return None


def reason_of(form: Form, *, required: bool = False, hint: str = "") -> str:
    """Why; kept in the history."""
    return form.text("reason", "reason", hint=hint or "Kept in the history.", required=required, lines=2)


def decided_by(form: Form, *, default: str = "") -> str:
    """Who decided, as it is kept: the person who is logged in, where the hospital's groups say who may decide; else a
    role on whose behalf she enters it, and she. Empty: no answer yet. `default` is the role of a field left empty."""
    name = ward.actor()
    own = ward.settings().groups is not None
    hint = f"The principal investigator, or who acts for them: a role, such as {WHO_RULES}. {name} enters it."
    if own:
        hint = f"Left empty: {name} decided. Else the role of whoever did, such as {WHO_RULES}, and {name} enters it."
    elif default:
        hint = f"Left empty: {default}. {name} enters it."
    role = form.text("by", "role of whoever decided", hint=hint, most=100, required=not own and not default)
    role = role or ("" if own else default)
    return f"{role}, entered by {name}" if role else name if own else ""
