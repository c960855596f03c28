"""The web application, put together in named steps."""

import importlib
import importlib.util

from flask import Flask

from schedule.web import failures, security
from schedule.web.settings import Settings

__all__ = ["Settings", "make_app"]

MOST_BODY = 1024 * 1024
"""Bytes of a request."""
MOST_PARTS = 500
"""Fields of a form."""

BLUEPRINTS = (
    "styles", "board", "patient", "files",  "protocols", "new_patient", "acts", "slip", "what_if", "feeds", "calendars",
)  # fmt: skip
"""The modules that hold the pages, each with its `routes`."""


def make_app(settings: Settings) -> Flask:
    """The application. It holds no state but a cache: everything is in the ledger."""
    app = Flask("schedule.web", static_folder=None, template_folder=None)
    app.extensions["dayzero"] = settings
    _limit(app)
    security.guard(app, settings)
    failures.answer(app)
    _register(app)
    return app


def _limit(app: Flask) -> None:
    """How large a request may be, and that nothing is answered but what a page asks for."""
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BODY, MAX_FORM_MEMORY_SIZE=MOST_BODY, MAX_FORM_PARTS=MOST_PARTS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )  # fmt: skip
    app.url_map.merge_slashes = False


def _register(app: Flask) -> None:
    for name in BLUEPRINTS:
        if importlib.util.find_spec(f"schedule.web.{name}") is not None:
            app.register_blueprint(importlib.import_module(f"schedule.web.{name}").routes)
