"""The style sheets, as files of their own: the pages' policy allows none inside a page. And robots.txt."""

from functools import lru_cache

from flask import Blueprint, Response, abort

from schedule.model.sizes import FEW
from schedule.output.html import environment
from schedule.output.outputs import STYLED, style_for
from schedule.web.roles import without_user

routes = Blueprint("styles", __name__)


@lru_cache(maxsize=FEW)
def text_of(name: str) -> str | None:
    """The text of a style sheet: the pages' own, the one that all printed files share, or a printed file's."""
    if name in ("web", "print"):
        return environment().get_template({"web": "web/web.css", "print": "print.css"}[name]).render()
    return style_for(f"{name}.html") if f"{name}.html" in STYLED else None


@routes.get("/css/<name>.css")
@without_user
def style(name: str) -> Response:
    found = text_of(name)
    if found is None:
        abort(404)
    return Response(found, content_type="text/css; charset=utf-8")


@routes.get("/robots.txt")
@without_user
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@routes.get("/favicon.ico")
@without_user
def icon() -> Response:
    """None: browsers ask for it all the same."""
    return Response(status=204)
