"""Which requests are answered at all: the right Host, a known person, and for an act a form of our own.

Everything is refused that is not clearly one of ours: an absent header is no pass. The headers that every answer
carries are set here as well, on errors too.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, request

from schedule.web.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])

METHODS = ("GET", "HEAD", "POST")
MOST_NAME = 64
"""Letters of a user's name."""
ENCODED = re.compile(r"%[0-9A-Fa-f]{2}|=\?")
"""What is left of a name in a header line that was written in another way than in UTF-8; history would keep it so."""
UNUSABLE = (
    "The hospital's reverse proxy named who is logged in, and this name cannot be used, so nothing is shown: it has a "
    f"comma, more than {MOST_NAME} letters, or signs that are not written in UTF-8. Tell those who look after the "
    "proxy."
)
TOKEN_FIELD = "token"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
"""On every answer; a view may set a Cache-Control of its own."""
STAY_ON_TLS = "max-age=31536000"
"""Seconds, where people reach the pages by https."""


def guard(app: Flask, settings: Settings) -> None:
    """Put the checks before every request and the headers on every answer."""

    @app.before_request
    def check() -> None:
        _check_host(settings)
        if request.method not in METHODS:
            abort(405)
        if not _is_open() and who(settings) is None:
            abort(401, UNUSABLE if _named(settings) else None)
        if request.routing_exception is None and request.method == "POST":
            _check_form(settings)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.https:
            response.headers["Strict-Transport-Security"] = STAY_ON_TLS
        if "new_cookie" in g:
            response.set_cookie(
                cookie_name(settings), g.new_cookie, httponly=True, samesite="Strict", secure=settings.https, path="/"
            )
        return response


def without_user(view: View) -> View:
    """Mark a view that is answered without a user's name: a secret address (a feed), a style sheet, robots.txt."""
    view.without_user = True  # type: ignore[attr-defined]
    return view


def _is_open() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "without_user", False)


def _check_host(settings: Settings) -> None:
    """Only the exact names under which the pages are reached: a name that somebody else points here is none of them."""
    if request.environ.get("HTTP_HOST", "") not in settings.hosts:
        abort(421)


def who(settings: Settings) -> str | None:
    """Who acts; None where the reverse proxy does not say, or names nobody in particular."""
    if settings.proxy_header is None:
        return settings.user
    try:
        name = _named(settings).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    # a comma is what two headers of that name become: one of them would be the visitor's own
    well = 0 < len(name) <= MOST_NAME and name.isprintable() and "," not in name and not ENCODED.search(name)
    return name if well else None


def _named(settings: Settings) -> str:
    """What the proxy says of who is logged in, as it stands in the header; nothing where it says nothing."""
    return request.headers.get(settings.proxy_header or "", "").strip()


def _check_form(settings: Settings) -> None:
    """A form of ours, sent by the browser that got it. Our pages send no referrer, for which browsers put `null` in the
    place of the Origin; they then say themselves that the form is from the same origin."""
    if settings.read_only:
        abort(403, "Dayzero was started read-only: nothing can be changed here.")
    origin, fetch_site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    ours = origin in settings.origins and fetch_site in (None, "same-origin")
    if not ours and not (origin == "null" and fetch_site == "same-origin"):
        abort(403, "This form was not sent from a page of Dayzero. Open the page here, and send its form again.")
    cookie, user = request.cookies.get(cookie_name(settings), ""), who(settings)
    sent = request.form.get(TOKEN_FIELD, "")
    if not cookie or user is None or not hmac.compare_digest(sent.encode(), token_of(settings, cookie, user).encode()):
        abort(
            403,
            "This form is of an earlier start of Dayzero, of another browser or of another user. Go back, reload the "
            "page, "
            "and send it again.",
        )


def cookie_name(settings: Settings) -> str:
    return "__Host-dayzero" if settings.https else "dayzero"


def token_of(settings: Settings, cookie: str, user: str) -> str:
    """The token that goes with a browser's cookie and a user."""
    return hmac.new(settings.secret, f"{cookie}\0{user}".encode(), hashlib.sha256).hexdigest()


_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


def form_token(settings: Settings, user: str) -> str:
    """The token for a form of this answer; a browser without a cookie gets one with it."""
    cookie = g.get("new_cookie") or request.cookies.get(cookie_name(settings), "")
    if not _COOKIE.fullmatch(cookie):
        cookie = g.new_cookie = secrets.token_urlsafe(32)
    return token_of(settings, cookie, user)
