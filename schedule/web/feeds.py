"""The pages about feeds: which there are, making one, its address shown once, revoking one."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, request
from markupsafe import Markup
from msgspec import Struct

from schedule.model.kept import LEVELS, FeedAct, Level
from schedule.model.notation import plural, spell, spell_moment
from schedule.service.feeds import (
    AFTER_THE_PLAN,
    MOST_LABEL,
    WARD,
    Feed,
    FeedState,
    all_feeds,
    default_expiry,
    feed_called,
    latest_expiry,
    make_feed,
    on_site,
    revoke_feed,
    token_of,
    zone_of,
)
from schedule.service.wards import codes_on
from schedule.web import subscribers, ward, ward_asked
from schedule.web.forms import Form
from schedule.web.roles import needs
from schedule.web.security import cookie_name

routes = Blueprint("feeds", __name__)
routes.record_once(subscribers.before_the_pages)
routes.add_url_rule("/feed", view_func=subscribers.answer, endpoint="nothing")
routes.add_url_rule(subscribers.RULE, view_func=subscribers.answer, endpoint="answer")

FeedScope = tuple[str | None, str]
"""Of what a feed is: a patient's code, or None and the name of a ward."""
WHOLE_WARD = "*"
READ, ONCE = "read", "once"
LEVEL_WORDS: Mapping[Level, str] = {
    "minimal": "Days only: the study code and the day, such as “CIML-017 D−5”",
    "steps": (
        "Every step, such as “D−5 fludarabine, dose 1 of 3 · CIML-017”, the donor's too. It tells the treatment: "
        "locked phones show titles, mail servers log subjects"
    ),
}
LONG_CODE = 4
"""Letters of a code that stands in no name by chance."""
MOST_ENDING, DEFAULT_ENDING = 40, "dayzero"
ENDING = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
FORM = re.compile(r"[A-Za-z0-9_-]{43}")
SHOWN_FOR = timedelta(minutes=10)
"""How long the browser that made a feed may still be shown its address."""


def secret_of(once: str) -> str:
    """The secret of the feed that a form makes: the same whichever process it is sent to, and however often. Who has
    the ledger cannot tell it without the form."""
    settings, shape = ward.settings(), f"feed\0{once}\0{ward.actor()}"
    digest = hmac.new(settings.secret, shape.encode("utf-8", "surrogateescape"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class FeedLine(Struct, frozen=True, kw_only=True):
    """A feed in the list, worded."""

    id: str
    label: str
    shows: str
    made: str
    ends: str
    fetched: str
    warnings: tuple[str, ...]


@routes.get("/feeds")
@needs("set-up")
def show_feeds() -> Response:
    store = ward.store()
    feeds = _mine(all_feeds(store))
    changes, zones = _changes(feeds), _zones(feeds)
    answered = [feed for feed in feeds if _state(feed, zones) == "answered"]
    codes = {feed.made.code for feed in answered if feed.made.code is not None and _scope(feed) in changes}
    plan_ends = {code: default_expiry(store, code, date.min) for code in codes}
    alive = [_line(feed, changes, plan_ends, zones) for feed in answered]
    ended = [_line(feed, changes, plan_ends, zones) for feed in reversed(feeds) if feed not in answered]
    return ward.show("feeds.html", title="Calendar feeds", alive=alive, ended=ended)


def _mine(feeds: Iterable[Feed]) -> list[Feed]:
    """Those of the wards on which the person may set feeds up; and those of nobody who is known."""
    wards, mine = ward.wards_there(), ward.my_wards("set-up")

    def is_mine(made: FeedAct) -> bool:
        if made.code is None:
            return made.ward in mine or made.ward not in wards
        on = ward.ward_of(made.code)
        return on is None or on in mine

    return [one for one in feeds if is_mine(one.made)]


def _scope(feed: Feed) -> FeedScope:
    return feed.made.code, feed.made.ward


def _changes(feeds: Iterable[Feed]) -> dict[FeedScope, datetime]:
    """When what each feed shows was last changed (UTC): its patient, or whoever is on its ward or has left it."""
    store, scopes = ward.store(), {_scope(feed) for feed in feeds}
    by_code = store.last_changes({code for code, _ in scopes if code is not None})
    by_ward = store.last_changes_of_wards({name for code, name in scopes if code is None})
    found = {(code, name): by_ward.get(name) if code is None else by_code.get(code) for code, name in scopes}
    return {scope: at for scope, at in found.items() if at is not None}


def _zones(feeds: Iterable[Feed]) -> dict[FeedScope, ZoneInfo | None]:
    """In which zone the times about each feed are shown: the patient's site's, or that of the ward's first patient."""
    return {scope: zone_of(ward.store(), *scope) for scope in {_scope(feed) for feed in feeds}}


def _state(feed: Feed, zones: Mapping[FeedScope, ZoneInfo | None]) -> FeedState:
    """Whether it is answered today, by the site's clock."""
    return feed.state(on_site(ward.now(), zones.get(_scope(feed))))


def _line(
    feed: Feed,
    changes: Mapping[FeedScope, datetime],
    plan_ends: Mapping[str, date],
    zones: Mapping[FeedScope, ZoneInfo | None],
) -> FeedLine:
    made = feed.made
    zone = zones.get(_scope(feed))

    def moment(at: datetime) -> str:
        return spell_moment(at.astimezone(zone)) if zone is not None else f"{spell_moment(at)} UTC"

    state = _state(feed, zones)
    ends = f"until {spell(made.expires)}"
    if feed.revoked is not None:
        ends = f"Revoked by {feed.revoked.by}, {moment(feed.revoked.at)}"
    elif state == "expired":
        ends = f"Ended {spell(made.expires)}"
    warnings = []
    changed = changes.get(_scope(feed))
    if state == "answered":
        if feed.back is not None:
            warnings.append(
                f"Came back with a backup, {moment(feed.back.at)}, {feed.back.by}. If it had been revoked, revoke it "
                f"again."
            )
        if changed is not None and feed.fetched is not None and feed.fetched < changed:
            warnings.append(f"Not fetched since the plan changed ({moment(changed)}): this calendar is out of date.")
        last = plan_ends.get(made.code or "")
        if last is not None and made.expires < last - timedelta(days=AFTER_THE_PLAN):
            warnings.append("Ends before the patient's plan does.")
        if made.code is not None and changed is None:
            warnings.append("There is no such patient in the ledger: the address does not work.")
    return FeedLine(
        id=feed.id,
        label=made.label,
        shows=f"{made.code or _whole(made.ward)}, {_short(made.level)}",
        made=f"{made.by}, {moment(made.at)}",
        ends=ends,
        fetched=f"{moment(feed.fetched)}, {_ago(feed.fetched)}" if feed.fetched else "Never",
        warnings=tuple(warnings),
    )


def _whole(name: str) -> str:
    """A whole ward, by its name where there are several."""
    return f"Whole ward {name}".rstrip() if len(ward.wards_there()) > 1 else "Whole ward"


def _short(level: Level) -> str:
    return "days only" if level == "minimal" else "every step"


def _ago(at: datetime) -> str:
    """`2 hours ago`, rounded down."""
    minutes = max(0, (ward.now() - at) // timedelta(minutes=1))
    if minutes < 60:
        return f"{plural(minutes, 'minutes')} ago" if minutes else "just now"
    return (
        f"{plural(minutes // 60, 'hours')} ago" if minutes < 48 * 60 else f"{plural(minutes // (24 * 60), 'days')} ago"
    )


# making one


@routes.route("/feeds/new", methods=["GET", "POST"])
@needs("set-up")
def new_feed() -> Response:
    wards = _wards_offered()
    codes = sorted(code for name in wards for code in codes_on(ward.store(), name))
    if request.method == "GET":
        asked = request.args.get("code", "")
        started = {"scope": [asked] if asked in codes else [], "level": ["minimal"], ONCE: [secrets.token_urlsafe(32)]}
        form = Form(started, judged=False)
        _read(form, codes, wards)
        return _form_page(form)
    form = Form({name: request.form.getlist(name) for name in request.form}, judged=True)
    wish = _read(form, codes, wards)
    if wish is None:
        return _form_page(form, 422)
    once, ending = form.typed(ONCE), wish.pop("ending")
    if not FORM.fullmatch(once):
        once = secrets.token_urlsafe(32)
    _, act = make_feed(ward.store(), **wish, secret=secret_of(once), by=ward.actor(), at=ward.now())
    feed_id = act.token[:16]
    answer = _go(f"/feeds/{feed_id}/address")
    _keep(answer, f"{once}/{ending or f'{DEFAULT_ENDING}-{len(all_feeds(ward.store()))}'}")
    return answer


def _keep(answer: Response, made_of: str) -> None:
    """Let the browser come back with what the address is made of; nothing: let it forget that."""
    settings = ward.settings()
    answer.set_cookie(
        f"{cookie_name(settings)}-feed",
        made_of,
        max_age=SHOWN_FOR if made_of else 0,
        httponly=True,
        samesite="Strict",
        secure=settings.https,
        path=settings.prefix or "/",
    )


def _wards_offered() -> tuple[str, ...]:
    """The ward whose patients the form offers; the page that asks for one, where she may set up several."""
    mine = ward.my_wards("set-up")
    return mine if len(mine) < 2 else tuple(name for name in mine if name == ward_asked.shown_ward(mine))


def _read(form: Form, codes: list[str], wards: Iterable[str]) -> dict[str, Any] | None:
    """The fields of the form, and what it asks for; None where something is to be mended."""
    if not form.typed(READ):
        form.note(READ, "Tick that you have read the warning", READ)
    label = form.text(
        "label",
        "person, and the calendar",
        most=MOST_LABEL,
        required=True,
        hint="Such as “Nurse Kim, tablet”. Each person gets a feed of their own, so that it can be revoked alone. No "
        "patient's name.",
    )
    whole = {f"{WHOLE_WARD}{name}": name for name in wards}
    if len(whole) == 1:
        whole = {WHOLE_WARD: next(iter(whole.values()))}
    offered = [
        (value, f"The whole ward {name}" if len(whole) > 1 else "The whole ward") for value, name in whole.items()
    ]
    scope = form.choice("scope", "patients that it shows", [*((code, code) for code in codes), *offered])
    level = form.choice("level", "words that it shows", [(name, LEVEL_WORDS[name]) for name in LEVELS])
    ending = _ending(form, codes)
    typed = form.moment(
        "expires",
        "last day on which it works",
        None,
        clock=False,
        required=False,
        hint=(
            f"Left empty: {AFTER_THE_PLAN} days after the patient's last planned event, {WARD} days from today for "
            f"the whole ward."
        ),
    )
    if not scope or form.mistakes or level not in LEVELS:
        return None
    code, of = (None, whole[scope]) if scope in whole else (scope, "")
    today = on_site(ward.now(), zone_of(ward.store(), code, of))
    expires = typed.on if typed else default_expiry(ward.store(), code, today)
    latest = latest_expiry(ward.store(), code, today)
    if not today <= expires <= latest:
        form.note("expires", f"The last day must be from today, {spell(today)}, to {spell(latest)}", "expires")
    if form.mistakes:
        return None
    return {"label": label, "code": code, "ward": of, "level": level, "expires": expires, "ending": ending}


def _ending(form: Form, codes: Iterable[str]) -> str:
    """What is to stand at the end of the address, where somebody has typed it: a name that gives nobody away."""
    ending = form.text(
        "ending",
        "name at the end of the address",
        most=MOST_ENDING,
        hint=(
            "Calendar programs show it as the calendar's name, and it stands in logs: no study code. Small letters, "
            f"digits and hyphens. Left empty: {DEFAULT_ENDING} and the feed's number."
        ),
    )
    if ending and not ENDING.fullmatch(ending):
        wrong = "The name at the end of the address is small letters, digits and hyphens, such as night-shift"
        form.note("ending", wrong)
    elif any(gives_away(code, ending) for code in codes):
        form.note("ending", "The name at the end of the address must not hold a study code")
    return ending


def gives_away(code: str, ending: str) -> bool:
    """Whether a patient's code stands in a name: a short one as a part of its own, a longer one anywhere, with its
    hyphens or without."""
    code = code.casefold()
    if len(code) < LONG_CODE:
        return f"-{code.strip('-')}-" in f"-{ending}-"
    return code in ending or code.replace("-", "") in ending.replace("-", "")


def _form_page(form: Form, status: int = 200) -> Response:
    errors = [(wrong.anchor or "main", wrong.text) for wrong in form.mistakes]
    return ward.show("feed-new.html", status, title="New feed", form=form, errors=errors)


@routes.get("/feeds/<feed_id>/address")
@needs("set-up")
def show_address(feed_id: str) -> Response:
    """The address of a feed just made, to the browser and the person that made it, once."""
    feed = _feed(feed_id)
    once, _, ending = request.cookies.get(f"{cookie_name(ward.settings())}-feed", "").partition("/")
    secret, late = secret_of(once), ward.now() - feed.made.at >= SHOWN_FOR
    if late or not hmac.compare_digest(token_of(secret)[:16], feed.id) or not ENDING.fullmatch(ending):
        return ward.show(
            "feed-address.html", title="The address was shown once", feed=feed, address="", code="", local=False
        )
    origin = sorted(ward.settings().origins)[0]
    address = f"{origin}{ward.settings().prefix}/feed/{secret}/{ending}.ics"
    answer = ward.show(
        "feed-address.html",
        title="The address, shown once",
        feed=feed,
        address=address,
        code=square_code(address),
        local=ward.settings().proxy_header is None,
    )
    _keep(answer, "")
    return answer


def square_code(text: str) -> Markup:
    """A QR code of a text, as SVG elements without styles."""
    import segno

    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return Markup(out.getvalue().decode("utf-8"))  # made from an address of our own: modules as one path, no text


# revoking one


@routes.route("/feeds/<feed_id>/revoke", methods=["GET", "POST"])
@needs("set-up")
def revoke(feed_id: str) -> Response:
    feed = _feed(feed_id)
    if request.method == "POST":
        revoke_feed(
            ward.store(), feed, by=ward.actor(), at=ward.now(), reason=request.form.get("reason", "")[:200].strip()
        )
        return _go("/feeds")
    if feed.revoked is not None:
        return _go("/feeds")
    line = _line(feed, {}, {}, _zones([feed]))
    return ward.show("feed-revoke.html", title="Revoke this feed?", feed=feed, line=line)


def _feed(feed_id: str) -> Feed:
    if not any(feed.id == feed_id for feed in _mine(all_feeds(ward.store()))):
        abort(404, "There is no such feed.")
    return feed_called(ward.store(), feed_id)


def _go(path: str) -> Response:
    found: Response = redirect(path, 303)  # type: ignore[assignment]
    return found
