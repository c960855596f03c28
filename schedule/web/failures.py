"""What a request gets that cannot be answered, and what the logs keep of it: no name, no code, no date, no token.

A page for a person in plain words with a number; under the same number the log has where in the program it happened.
"""

import logging
import secrets
import sqlite3
import time
import traceback

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from schedule.model.errors import DayzeroError, InputError, NotAllowed, NotDone, NotThere, Refused, Stale
from schedule.model.reasons.failures import RowNotWhole
from schedule.model.reasons.moving import LedgerArriving, LedgerMoved
from schedule.model.reasons.server_failures import NoRight, NotLetIn, SavedOrNot, ServerAway
from schedule.web.ward import show
from schedule.words.failures import error_in_words, fault_in_words
from schedule.words.refusals import refused_lines

ACCESS = logging.getLogger("dayzero.access")
FAULTS = logging.getLogger("dayzero.faults")

ANSWERS = {
    400: ("The request cannot be read", "The browser sent something that is not a request. Go back and try again."),
    401: (
        "Not logged in",
        "The hospital's reverse proxy did not say who is logged in, so nothing is shown. Log in there; if you have, "
        "tell those who look after the proxy.",
    ),
    403: ("Not done", "Nothing was saved."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Not done", "This address does not take that kind of request. Nothing was saved."),
    409: ("Not done", "Nothing was saved."),
    413: ("Too large", "What was sent is larger than is read here. Nothing was saved."),
    421: (
        "Another address",
        "Dayzero is not reached under this name. Use the address that it printed when it was started.",
    ),
    422: ("There is something to mend", "Nothing was saved. Those who look after Dayzero can mend it:"),
    500: (
        "Not done",
        "This is a defect in Dayzero. Whether an act was saved is in the patient's history. Tell those who look after "
        "Dayzero the number below.",
    ),
    503: (
        "Nothing was saved",
        "The ledger could not be read or written. Go back: what you typed is still in the form. If it fails again, "
        "tell "
        "those who look after Dayzero the number below, and go on with the printed sheets.",
    ),
}
"""What an answer of that kind says: title and text."""
OUTCOME_UNKNOWN = (
    "The ledger's server went away before it answered. Go back and send the same form again: if it was saved, it will "
    "not be done twice. If it fails again, tell those who look after Dayzero the number below, and go on with the "
    "printed sheets."
)


NOT_READ = (
    "The ledger could not be read. Try again in a minute. If it fails again, tell those who look after Dayzero the "
    "number below, and go on with the printed sheets."
)
WHAT_IT_STANDS_ON = (
    "Nobody knows what of it holds, so no page shows it; the other patients' own pages open. Tell those who look after "
    "Dayzero, and go on with the printed sheets."
)


def answer(app: Flask) -> None:
    """Give every failure its page, and write every request into the access log."""
    app.before_request_funcs.setdefault(None, []).insert(0, _start)
    app.after_request(_log)
    app.teardown_request(_close)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DayzeroError, _refused)
    app.register_error_handler(sqlite3.Error, _unsaved)
    app.register_error_handler(Exception, _defect)


def _start() -> None:
    g.started = time.perf_counter()


def _log(response: Response) -> Response:
    pattern = request.url_rule.rule if request.url_rule else "-"
    method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
    log_request(method, pattern, response.status_code, g.started, g.get("feed_mark", ""))
    return response


def log_request(method: str, pattern: str, status: int, started: float, feed: str = "") -> None:
    """Time, method, the pattern of the address, status, milliseconds, and which feed, by 6 digits of its hash: never
    the address itself."""
    which = f" feed {feed[:6]}" if feed else ""
    ACCESS.info("%s %s %s %.0f ms%s", method, pattern, status, (time.perf_counter() - started) * 1000, which)


def _close(_: BaseException | None) -> None:
    found = g.pop("store", None)
    if found is not None:
        found.__exit__()


def page(status: int, *, title: str = "", text: str = "", number: str = "", lines: tuple[str, ...] = ()) -> Response:
    """The plain page for a failure. `number` is what the log knows it by, `lines` what there is to mend."""
    named, words = ANSWERS.get(status, ANSWERS[400])
    return show("failures.html", status, title=title or named, text=text or words, number=number, lines=lines)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    own = error.description if type(error).description != error.description else ""
    answered = page(status, text=own or "")
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answered.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answered


def _refused(error: DayzeroError) -> Response:
    """What the acts refuse on purpose, where a page has not answered it itself."""
    if isinstance(error, InputError):
        return page(422, lines=tuple(str(mistake) for mistake in error.mistakes))
    if isinstance(error, NotThere):
        return page(422, lines=(error_in_words(error, "page"),))
    if isinstance(error, Refused):
        said = tuple(map(str, refused_lines(error, "page")))
        return page(409, text=" ".join(said)) if isinstance(error, NotAllowed) else page(422, lines=said)
    if isinstance(error, Stale):
        return page(409, text=error_in_words(error, "page"))
    if isinstance(error, NotDone) and isinstance(error.failure, LedgerMoved | LedgerArriving):
        return page(503, text=error_in_words(error, "page"))
    if isinstance(error, NotDone):
        return _unsaved(error)
    return _defect(error)


def _unsaved(error: Exception) -> Response:
    number = note_fault(error)
    if isinstance(error, NotDone) and isinstance(error.failure, SavedOrNot):
        return page(503, title="It is not known whether this was saved", text=OUTCOME_UNKNOWN, number=number)
    if isinstance(error, NotDone) and isinstance(error.failure, RowNotWhole):
        said = f"{fault_in_words(error.failure.fault, 'page')} {WHAT_IT_STANDS_ON}"
        return page(503, title="Not whole, so not shown", text=said, number=number)
    if request.method != "POST":
        return page(503, title="This cannot be shown now", text=NOT_READ, number=number)
    return page(503, number=number)


def _defect(error: Exception) -> Response:
    return page(500, number=note_fault(error))


def note_fault(error: BaseException) -> str:
    """Write where an error arose into the log, under a number that is given back. What it says stays out: it may hold a
    patient's code and dates; only the words of the disk, of SQLite and of a server that is away are kept."""
    number = secrets.token_hex(4)
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)
        places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        words = ""
        if isinstance(cause, sqlite3.Error):
            words = f" ({cause})"
        elif isinstance(cause, OSError):
            words = f" ({cause.strerror})"
        elif isinstance(cause, NotDone) and isinstance(cause.failure, ServerAway | NotLetIn | NoRight | SavedOrNot):
            words = f" ({cause.failure.cause})"
        chain.append(f"{type(cause).__name__}{words} at {places}")
        cause = cause.__cause__ or cause.__context__
    FAULTS.error("%s %s", number, " | from ".join(chain))
    return number
