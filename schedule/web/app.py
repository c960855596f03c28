"""The web application, put together in named steps."""

from flask import Flask

from schedule.service.ward_kept import kept_shifts, kept_strips
from schedule.web import (
    act,
    acts,
    board,
    calendars,
    change,
    day,
    failures,
    feeds,
    files,
    history,
    new_patient,
    patient,
    prefix,
    protocols,
    re_date,
    record,
    security,
    sheet_check,
    shift,
    slip,
    styles,
    ward,
    ward_asked,
    wards,
)
from schedule.web.settings import Settings

__all__ = ["Settings", "make_app"]

MOST_BODY = 1024 * 1024
"""Bytes of a request."""
MOST_FIELDS = 500
"""Fields of a form."""

BLUEPRINTS = (
    styles.routes,
    shift.routes,
    board.routes,
    patient.routes,
    files.routes,
    protocols.routes,
    sheet_check.routes,
    new_patient.routes,
    record.routes,
    day.routes,
    acts.routes,
    change.routes,
    history.routes,
    slip.routes,
    re_date.routes,
    feeds.routes,
    calendars.routes,
    wards.routes,
)
"""Every page."""


def make_app(settings: Settings) -> Flask:
    """The application. It holds no state but a cache: everything is in the ledger."""
    app = Flask("schedule.web", static_folder=None, template_folder=None)
    app.extensions["dayzero"] = settings
    app.extensions["dayzero-board"], app.extensions["dayzero-shift"] = kept_strips(), kept_shifts()
    _limit(app)
    security.guard(app, settings, ward.ward_of)
    act.open_no_form_of_a_cancelled_plan(app)
    failures.answer(app)
    prefix.put_below_the_prefix(app, settings)
    _register(app)
    return app


def _limit(app: Flask) -> None:
    """How large a request may be, and that nothing is answered but what a page asks for."""
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BODY,
        MAX_FORM_MEMORY_SIZE=MOST_BODY,
        MAX_FORM_PARTS=MOST_FIELDS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.url_map.merge_slashes = False


def _register(app: Flask) -> None:
    app.wsgi_app = ward_asked.BelowTheWard(app.wsgi_app)  # type: ignore[method-assign]
    for routes in BLUEPRINTS:
        app.register_blueprint(routes)
