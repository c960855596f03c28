"""Which requests are answered at all: the right Host, a known person, and for an act a form of our own.

Everything is refused that is not clearly one of ours: an absent header is no pass. The headers that every answer
carries are set here as well, on errors too.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, Response, abort, g, redirect, request

from schedule.model.text import printable
from schedule.web.names import NotUsable, name_in, said_in
from schedule.web.peer import is_of_this_user
from schedule.web.roles import check_role, needed, rights_now
from schedule.web.settings import KEY, SECRET_HEADER, Settings

METHODS = ("GET", "HEAD", "POST")
TOKEN_FIELD = "token"
NOT_THE_PROXY = (
    "This did not come through the hospital's reverse proxy, so nothing is shown. Use the address of the hospital. If "
    f"you have, tell those who look after the proxy that it must send {SECRET_HEADER}."
)
NOT_THE_USER = (
    "Somebody else of this computer started Dayzero, so nothing is shown. She opens the whole address that it printed, "
    "with the key at its end. The key is new at every start; a browser that was let in once stays so."
)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
"""On every answer; a view may set a Cache-Control of its own."""
STAY_ON_TLS = "max-age=31536000"
"""Seconds, where people reach the pages by https."""


def guard(app: Flask, settings: Settings, ward_of: Callable[[str], str | None]) -> None:
    """Put the checks before every request and the headers on every answer. `ward_of` gives the ward of a patient's
    code; None where there is no such patient."""

    @app.before_request
    def check() -> None:
        _check_host(settings)
        if request.method not in METHODS:
            abort(405)
        if needed(request.endpoint):
            _check_person(settings)
            rights = rights_now(settings.groups)
            if request.routing_exception is None and settings.groups is not None:
                check_role(rights, ward_of)
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
                cookie_name(settings),
                g.new_cookie,
                httponly=True,
                samesite="Strict",
                secure=settings.https,
                path=settings.prefix or "/",
            )
        return response


def _check_host(settings: Settings) -> None:
    """Only the exact names under which the pages are reached: a name that somebody else points here is none of them."""
    if not settings.is_reached_as(request.environ.get("HTTP_HOST", "")):
        abort(421)


def who(settings: Settings) -> str | None:
    """Who acts; None where the reverse proxy names nobody, or somebody by a name that cannot be used."""
    if settings.proxy_header is None:
        return settings.user
    try:
        return name_in(settings.proxy_header)
    except NotUsable:
        return None


def _check_person(settings: Settings) -> None:
    """Somebody is logged in; else the 401 page, which tells a name that cannot be used from none."""
    if settings.proxy_header is None:
        _check_key(settings)
        return
    sent = request.headers.get(SECRET_HEADER, "")
    if settings.proxy_secret is not None and not _same(sent, settings.proxy_secret):
        abort(401, NOT_THE_PROXY)
    if settings.own_proxy and not is_of_this_user(request.environ):
        abort(401, NOT_THE_PROXY)
    try:
        name = name_in(settings.proxy_header)
    except NotUsable as error:
        shown = said_in(settings.proxy_header)[:40]
        abort(
            401,
            f"The hospital's reverse proxy named who is logged in, and this name cannot be used, so nothing is shown: "
            f"{error}. It begins “{printable(shown)}”. Tell those who look after the proxy.",
        )
    if name is None:
        abort(401)


def _check_key(settings: Settings) -> None:
    """The computer's own user: the system says that the connection is hers, or her browser has the cookie that the key
    in the printed address gives. Else whoever else is logged in to this computer would act as her."""
    if settings.key is None:
        return
    proof = hmac.new(settings.secret, f"key\0{settings.user}".encode(), hashlib.sha256).hexdigest()
    name = f"{cookie_name(settings)}-user"
    if request.method == "GET" and _same(request.args.get(KEY, ""), settings.key):
        rest = urlencode([(one, value) for one, value in request.args.items(multi=True) if one != KEY])
        found = redirect(request.path + (f"?{rest}" if rest else ""), 303)  # the prefix and the ward are put before it
        found.set_cookie(name, proof, httponly=True, samesite="Lax", path=settings.prefix or "/")
        abort(found)
    if not _same(request.cookies.get(name, ""), proof) and not is_of_this_user(request.environ):
        abort(401, NOT_THE_USER)


def _same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in the same time whatever they are."""
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())


def _check_form(settings: Settings) -> None:
    """A form of ours, sent by the browser that got it: its Origin is ours, and where the browser says from where a
    request comes, it says the same. The token is one that only our page can know."""
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
            "This form is of another browser or of another user. Go back, reload the page, and send it again.",
        )


def cookie_name(settings: Settings) -> str:
    """Over https one that no other host can set; below a path its name cannot say that the host is ours alone."""
    if not settings.https:
        return "dayzero"
    return "__Secure-dayzero" if settings.prefix else "__Host-dayzero"


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
