"""What every page needs of the request it answers: the ledger, who acts, the patient, and the frame to show it in."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, g, request
from msgspec import Struct

from schedule.model.case import Site
from schedule.model.errors import NotDone
from schedule.model.kept import Row
from schedule.model.plan import Plan
from schedule.model.protocol import Protocol
from schedule.model.reasons.moving import LedgerMoved
from schedule.model.roles import ROLES, Role
from schedule.output.html import environment
from schedule.pages.board import Strip
from schedule.pages.shift import PatientShift
from schedule.service.clock_sense import clock_ahead, in_zone
from schedule.service.create import Meta
from schedule.service.inputs import open_protocol, shipped_protocols, site_time, zone_of_file
from schedule.service.place import Store, open_ledger
from schedule.service.standings import publishing_lines
from schedule.service.views import seen_at
from schedule.service.ward_kept import KeptPatient, WardKept
from schedule.service.wards import all_wards
from schedule.web import roles, security, ward_asked
from schedule.web.settings import Settings
from schedule.words.dates import day_zero_of, zero_in_hand
from schedule.words.failures import failure_in_words
from schedule.words.moving import moved_away
from schedule.words.plan import Frame, frame
from schedule.words.publishing import ChannelLine
from schedule.words.verdict import VerdictKind, verdict_of

STRANGERS = (401, 421)
"""The statuses of what somebody gets to whom nothing is to be shown."""
_UTC = ZoneInfo("UTC")
NAV = (
    ("/", "Shift"),
    ("/board", "Board"),
    ("/new", "New patient"),
    ("/protocols", "Protocols"),
    ("/feeds", "Calendar feeds"),
    ("/sheet", "Check a sheet"),
)
"""What stands at the top of every page: address and words."""


class Patient(Struct, frozen=True, kw_only=True):
    """A stored patient: the newest revision, laid out as of now. `site_time` is now as the site's wall time."""

    code: str
    row: Row
    plan: Plan
    site_time: datetime
    frame: Frame

    @property
    def zero(self) -> str:
        """What day 0 is called within a sentence."""
        return self.plan.protocol.zero

    @property
    def zero_in_hand(self) -> str:
        """The same at the head of its page: `day 4 of cycle 2`."""
        return zero_in_hand(self.plan)

    @property
    def revision(self) -> int:
        return self.row.act.revision

    @property
    def day_zero(self) -> str:
        return day_zero_of(self.plan)

    @property
    def verdict(self) -> tuple[VerdictKind, str, str]:
        """How the plan stands: its kind, its word, and what that rests on."""
        return verdict_of(self.plan)

    @property
    def cancelled(self) -> bool:
        return self.plan.standing is not None and self.plan.standing.cancelled


def settings() -> Settings:
    found: Settings = current_app.extensions["dayzero"]
    return found


def now() -> datetime:
    """The moment of this request: aware, UTC, to the second, the same throughout the request."""
    if "now" not in g:
        g.now = settings().now()
    moment: datetime = g.now
    return moment


def store() -> Store:
    """The ledger, opened once a request and closed at its end. NotDone if it is not there: none is made; or if it was
    moved elsewhere, unless nothing is to be changed: then every page says so."""
    if "store" not in g:
        g.store = open_ledger(settings().store, make=False).__enter__()
        g.moved = g.store.moved()
        if g.moved is not None and not settings().read_only:
            raise NotDone(LedgerMoved(path=g.store.name, mark=g.moved))
    found: Store = g.store
    return found


def actor() -> str:
    """Who acts: the computer's user, or whom the reverse proxy has authenticated. Never a field of a form."""
    name = security.who(settings())
    if name is None:
        abort(401)
    return name


def ward_of(code: str) -> str | None:
    """The ward that a patient is on; None where there is no such patient."""
    row = store().newest(code)
    return None if row is None else row.ward


def wards_there() -> tuple[str, ...]:
    """The wards that have a patient, in order; asked for once a request."""
    if "wards" not in g:
        g.wards = all_wards(store())
    found: tuple[str, ...] = g.wards
    return found


def my_wards(role: Role = "view") -> tuple[str, ...]:
    """The wards that have a patient, and on which the person of this request has the role."""
    rights = roles.rights_now(settings().groups)
    return tuple(name for name in wards_there() if rights.may(role, name))


def shown_codes() -> tuple[str, ...]:
    """The codes of the patients of the ward that this page is of; the page that asks for one, where there are
    several."""
    return tuple(shown_heads())


def shown_heads() -> dict[str, str]:
    """The same, with the hash of each patient's newest act."""
    shown = ward_asked.shown_ward(my_wards())
    return store().heads(shown) if shown is not None else {}


def may_open(address: str, code: str | None = None) -> bool:
    """Whether the person of this request may open an address: on the ward of the patient with that code, or on any."""
    return roles.may_open(address, roles.rights_now(settings().groups), ward_of(code) if code is not None else None)


def check_may(role: Role, name: str) -> None:
    """The 403 page where the person of this request has not the role on the ward of that name."""
    roles.check_may(roles.rights_now(settings().groups), role, name)


def _only_looks(seen: Patient | None) -> bool:
    """Whether the person of this request may look and change nothing: on the ward of the patient whose page it is, or
    on every one."""
    if settings().groups is None or "rights" not in g:
        return False
    rights, found = roles.rights_now(settings().groups), ward_of(seen.code) if seen is not None else None
    return not any(rights.anywhere(one) if found is None else rights.may(one, found) for one in ROLES if one != "view")


def _ward_told() -> str | None:
    """What a page says of the ward that it is of: its name, empty where it is of none; None where there is one ward, of
    which nobody speaks."""
    if settings().groups is not None and "rights" not in g:
        return None
    return (ward_asked.asked_ward() or "") if len(my_wards()) > 1 else None


def patient(code: str) -> Patient:
    """A patient's newest revision as of now; the 404 page if there is none."""
    row = store().newest(code)
    if row is None:
        abort(404, roles.no_plan(code))
    return patient_of(row)


def patient_of(row: Row) -> Patient:
    """The patient whose newest revision this is, as of now."""
    plan, wall = seen_at(store(), row, now())
    return Patient(code=row.act.code, row=row, plan=plan, site_time=wall, frame=frame(plan, row.act.at))


def kept_strips() -> list[KeptPatient[Strip]]:
    """Every patient of the ward as of now, for the board."""
    known: WardKept[Strip] = current_app.extensions["dayzero-board"]
    return known.patients(store(), now(), shown_heads())


def kept_shifts() -> list[KeptPatient[PatientShift]]:
    """The same for the page of a shift."""
    known: WardKept[PatientShift] = current_app.extensions["dayzero-shift"]
    return known.patients(store(), now(), shown_heads())


def channel_lines(code: str | None = None) -> tuple[ChannelLine, ...]:
    """How the calendars stand that Dayzero keeps right: of this patient, or of those that this page is of."""
    if code is not None:
        return publishing_lines(store(), now(), (code,), ward_of(code))
    return publishing_lines(store(), now(), shown_codes(), ward_asked.shown_ward(my_wards()))


def wall_of(kept: Sequence[KeptPatient[Any]]) -> datetime:
    """Now, aware, in the zone of the patients' site; of several in the one in which the day is youngest. Where there is
    nobody yet, in that of new patients."""
    zones = {one.site.zone or _UTC for one in kept} or {_zone_of_new()}
    return min(map(now().astimezone, zones), key=lambda at: (at.replace(tzinfo=None), at.utcoffset()))


def zones_of(kept: Sequence[KeptPatient[Any]]) -> str:
    """The zones of the patients' sites by their names."""
    return ", ".join(sorted({(one.site.zone or _UTC).key for one in kept})) or _zone_of_new().key


def _zone_of_new() -> ZoneInfo:
    """The zone of new patients' site; UTC where none is known."""
    return zone_of_file(settings().site) or _UTC


def may_act(code: str, name: str) -> bool:
    """Whether the person of this request may open a form of a patient's, by its address below hers."""
    groups = settings().groups
    return not settings().read_only and (groups is None or may_open(f"/p/{code}/{name}", code))


def today(plan: Plan) -> date:
    """The date of this request by the plan's site's clock."""
    return site_time(now(), plan.site).date()


def protocols() -> dict[str, Protocol]:
    """The protocols that a new patient may be planned by, by id: the shipped ones, and the site's own in their
    place."""
    paths = [*shipped_protocols().values(), *settings().protocols]
    found = [open_protocol(path) for path in paths]
    return {protocol.id: protocol for protocol in found}


def meta_for(site: Site, *, reason: str = "", based_on: int | None = None) -> Meta:
    """Who acts, when and why, for an act as of now at a site."""
    wall = site_time(now(), site)
    return Meta(
        by=actor(),
        at=now(),
        as_of=wall,
        site_time=wall,
        reason=reason,
        based_on=based_on,
        running=settings().running(),
    )


def clock_doubt(meta: Meta, site: Site) -> str:
    """Why this computer's clock seems to be ahead, in words; empty where it does not."""
    ahead = clock_ahead(store(), meta.at, meta.running)
    return failure_in_words(in_zone(ahead, site), "page") if ahead is not None else ""


def form_token() -> str:
    """The token that a form of this request must carry: the macro `form_start` puts it there."""
    return security.form_token(settings(), actor())


def mark_feed(token_hash: str) -> None:
    """Let the access log tell feeds apart, by the first 6 hex digits of the hash of their token."""
    g.feed_mark = token_hash[:6]


def show(
    template: str, status: int = 200, *, title: str, errors: Sequence[tuple[str, str]] = (), **values: Any
) -> Response:
    """The page `templates/web/<template>`. `errors` are field id and message, for the summary on top; `patient`, where
    it is given, has its banner on the page."""
    strange, seen = status in STRANGERS or status >= 500, values.get("patient")
    if not strange and seen is not None and len(my_wards()) > 1:
        ward_asked.lead_below(ward_of(seen.code) or "")
    shared: dict[str, Any] = {
        "title": title,
        "ward": _ward_told() if not strange else None,
        "errors": tuple(errors),
        "patient": None,
        "actor": (security.who(settings()) or "") if status not in STRANGERS else "",
        "read_only": settings().read_only or _only_looks(values.get("patient")),
        "form_token": form_token,
        "moved": moved_away(g.moved) if not strange and g.get("moved") is not None else "",
        "nav": [(address, words) for address, words in NAV if status not in STRANGERS and may_open(address)],
        "here": request.path,
    }
    text = environment().get_template(f"web/{template}").render({**shared, **values})
    return Response(text, status=status, content_type="text/html; charset=utf-8")
