"""What each route needs of whoever asks, declared at the route; and what the person of this request may do.

A route that declares nothing needs every role: nobody is let in by oversight.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, g, request
from werkzeug.exceptions import HTTPException

from schedule.model.roles import EVERYTHING, ROLES, Rights, Role
from schedule.model.text import printable
from schedule.web.names import groups_in
from schedule.web.settings import Groups

View = TypeVar("View", bound=Callable[..., Any])


def needs(role: Role) -> Callable[[View], View]:
    """Mark a view with the role that whoever asks for it needs: on the patient's ward, where it is about one."""

    def mark(view: View) -> View:
        view.needs = (role,)  # type: ignore[attr-defined]
        return view

    return mark


def without_user(view: View) -> View:
    """Mark a view that is answered without a user's name: a secret address (a feed), a style sheet, robots.txt."""
    view.needs = ()  # type: ignore[attr-defined]
    return view


def needed(endpoint: str | None) -> tuple[Role, ...]:
    """The roles that an endpoint asks for: none where it is answered without a user, every one where none is
    declared."""
    view = current_app.view_functions.get(endpoint or "")
    found: tuple[Role, ...] = getattr(view, "needs", ROLES)
    return found


def rights_now(groups: Groups | None) -> Rights:
    """What the person of this request may do; the 403 page that names what came where no group is known."""
    if groups is None:
        return EVERYTHING
    if "rights" not in g:
        came = groups_in(groups.header, groups.separator)
        known = [groups.grants[name.casefold()] for name in came if name.casefold() in groups.grants]
        g.rights = Rights(frozenset().union(*known))
        if not g.rights.grants:
            said = f"You came with these groups: {'; '.join(came)}." if came else "You came with no group."
            abort(403, f"Dayzero knows none of your groups, so nothing is shown. {said} Tell those who look after it.")
    found: Rights = g.rights
    return found


def check_role(rights: Rights, ward_of: Callable[[str], str | None]) -> None:
    """Whether the person may have what she asks for: the 404 page for another ward's patient, as for nobody's; the 403
    page that names the role for what she may not do. `ward_of` gives the ward of a patient's code."""
    code = (request.view_args or {}).get("code")
    ward = ward_of(code) if code is not None else None
    if code is not None and (ward is None or not rights.may("view", ward)):
        abort(404, no_plan(code))
    for role in needed(request.endpoint):
        check_may(rights, role, ward)


def check_may(rights: Rights, role: Role, ward: str | None) -> None:
    """The 403 page that names the role where the person has it not on that ward; None: on any."""
    if not (rights.anywhere(role) if ward is None else rights.may(role, ward)):
        on = f" on {ward}" if ward else ""
        abort(403, f"This needs the role “{role}”{on}, which none of your groups has. Nothing was saved.")


def no_plan(code: str) -> str:
    """What is said of a code under which there is no plan, or none that may be seen."""
    return f"No plan is stored under the code {printable(code[:16])}."


def may_open(address: str, rights: Rights, ward: str | None) -> bool:
    """Whether an address of ours is one that the person may open, on that ward; None: on any."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(address.partition("?")[0])
    except HTTPException:
        return False
    return all(rights.anywhere(role) if ward is None else rights.may(role, ward) for role in needed(endpoint))
