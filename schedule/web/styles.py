"""The style sheets, as files of their own: the pages' policy allows none inside a page. And robots.txt."""

from functools import lru_cache

from flask import Blueprint, Response, abort

from schedule.render import environment
from schedule.web.security import without_user

routes = Blueprint("styles", __name__)

PRINTED = ("sheets", "go", "overview", "deadlines", "patient", "index", "change")
"""The templates of the printed pages, each of which has a style of its own beside print.css."""


@lru_cache(maxsize=16)
def style_of(name: str) -> str | None:
    """The text of a style sheet: the page's own, the one that all printed pages share, or a printed page's block."""
    if name == "web":
        return environment().get_template("web/web.css").render()
    if name == "print":
        return environment().get_template("print.css").render()
    if name not in PRINTED:
        return None
    template = environment().get_template(f"{name}.html")
    return "".join(template.blocks["style"](template.new_context()))


@routes.get("/css/<name>.css")
@without_user
def style(name: str) -> Response:
    found = style_of(name)
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
