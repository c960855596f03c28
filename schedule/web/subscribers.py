"""What a calendar program gets at a feed's secret address, and nothing else: no page, no cookie, no log-in.

An unknown and a malformed address are answered alike to the byte; one that has ended says so for a year. A right one is
always answered, however many wrong ones came from the same place. The only thing that a fetch changes is when the feed
was last fetched."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from werkzeug.http import http_date
from werkzeug.routing import BaseConverter

from schedule.model.errors import NotDone
from schedule.model.sizes import PIECES
from schedule.service.feeds import Feed, token_of
from schedule.service.place import LedgerPlace, Store, open_ledger
from schedule.service.published import Content, Published
from schedule.service.remembered import Remembered
from schedule.web import ward
from schedule.web.failures import log_request, note_fault
from schedule.web.roles import without_user
from schedule.web.security import HEADERS, STAY_ON_TLS
from schedule.web.settings import Settings

RULE = "/feed/<anything:asked>"
MOST_MISSES = 60
"""Wrong addresses from one place in a minute; those above are told to wait. Right ones are never counted."""
MOST_PLACES = 10_000
NOTED_AGAIN = timedelta(minutes=1)
"""A feed's last fetch is written at most once in this time, but at once for a newer revision."""
YOUNG = timedelta(seconds=2)
"""HTTP's dates count in seconds: a change younger than this has no Last-Modified, or a second one within the same
second would be missed by a program that asks by the date alone."""
CACHING = "private, no-cache"


class Anything(BaseConverter):
    """Whatever stands in an address after `/feed/`, so that nothing there is answered by a page."""

    regex = ".*"
    part_isolating = False


class Subscribers:
    """What the threads of one application share: the feeds' contents, when each was noted, and misses by address."""

    def __init__(self, place: LedgerPlace) -> None:
        self.place = place
        self.published = Published()
        self._own = threading.local()
        self._noted: Remembered[str, tuple[datetime, str]] = Remembered(PIECES)
        self._misses: Counter[str] = Counter()
        self._minute: datetime | None = None

    def store(self) -> Store:
        """This thread's own connection, kept open. NotDone if the ledger is not there. One that was put in its place is
        opened anew."""
        kept: Store | None = getattr(self._own, "kept", None)
        if kept is not None and kept.lies_there():
            return kept
        if kept is not None:
            self._own.kept = None
            kept.__exit__()
        opened = self._own.kept = open_ledger(self.place, make=False, waits=False).__enter__()
        return opened

    def note(self, store: Store, feed: Feed, etag: str, at: datetime) -> None:
        """Remember that a feed was fetched. That it cannot be written keeps nobody from the calendar."""
        before = self._noted.find(feed.token)
        if before is not None and before[1] == etag and at - before[0] < NOTED_AGAIN:
            return
        self._noted.keep(feed.token, (at, etag))
        with suppress(NotDone):
            store.note_fetch(feed.token, at)

    def too_many(self, place: str, at: datetime) -> bool:
        """Count one more wrong address from a place, and say whether that is too many in this minute."""
        minute = at.replace(second=0, microsecond=0)
        if self._minute != minute or len(self._misses) > MOST_PLACES:
            self._minute = minute
            self._misses.clear()
        self._misses[place] += 1
        return self._misses[place] > MOST_MISSES


class Unchanged:
    """Answers in front of the pages what nearly every request of a calendar program gets: “nothing has changed”.

    Only a right address with the newest tag, under the right Host, is answered here, with the headers and the line in
    the log that it would get there. Everything else goes on to the pages, to be answered or refused."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.inner, self.settings = app.wsgi_app, settings
        self.shared: Subscribers = app.extensions["dayzero-feeds"]
        self.headers = [*(HEADERS | {"Cache-Control": CACHING}).items()]
        if settings.https:
            self.headers.append(("Strict-Transport-Security", STAY_ON_TLS))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        tag, path = environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("PATH_INFO", "")
        asked = tag and environ["REQUEST_METHOD"] == "GET" and path.startswith("/feed/")
        if asked and self.settings.is_reached_as(environ.get("HTTP_HOST", "")) and self.has(secret_in(path[6:]), tag):
            start_response("304 NOT MODIFIED", [*self.headers, ("ETag", tag)])
            return ()
        return self.inner(environ, start_response)

    def has(self, secret: str, tag: str) -> bool:
        """Whether the secret is right and the tag the newest; if so, the fetch is noted and logged."""
        begun, at = time.perf_counter(), self.settings.now()
        try:
            store = self.shared.store()
            feed = self.shared.published.unchanged(store, secret, tag, at)
        except NotDone:
            return False
        if feed is None:
            return False
        self.shared.note(store, feed, tag, at)
        log_request("GET", RULE, 304, begun, feed.token)
        return True


def secret_in(asked: str) -> str:
    """The secret in `<secret>/<label>.ics`; empty where it is not of that form. The label decides nothing: programs
    name a calendar by the last part of its address, and it keeps the secret from being that name."""
    secret, slash, label = asked.partition("/")
    return secret if slash and len(label) > len(".ics") and label.endswith(".ics") and "/" not in label else ""


def before_the_pages(state: BlueprintSetupState) -> None:
    """Put the feeds' own answers in front of the pages of an application."""
    app = state.app
    assert isinstance(app, Flask)
    app.url_map.converters["anything"] = Anything
    settings: Settings = app.extensions["dayzero"]
    app.extensions["dayzero-feeds"] = Subscribers(settings.store)
    app.wsgi_app = Unchanged(app, settings)  # type: ignore[method-assign]


def subscribers() -> Subscribers:
    found: Subscribers = current_app.extensions["dayzero-feeds"]
    return found


@without_user
def answer(asked: str = "") -> Response:
    """The calendar at `/feed/<secret>/<label>.ics`."""
    shared, at = subscribers(), ward.now()
    secret = secret_in(asked)
    ward.mark_feed(token_of(secret))
    try:
        store = shared.store()
        found = shared.published.answer(store, secret, at)
    except NotDone as error:
        note_fault(error)
        return _plain(503, "The calendar cannot be read now. What you have stays as it is.\n", retry=300)
    if found is None:
        if shared.too_many(request.remote_addr or "", at):
            return _plain(429, "Too many wrong addresses. Wait a minute.\n", retry=60)
        return _plain(404, "Not found.\n")
    feed, content = found
    if request.method == "GET":
        shared.note(store, feed, content.etag, at)
    return _calendar(content, at)


def _calendar(content: Content, at: datetime) -> Response:
    """The calendar, or word that it has not changed."""
    headers = {"Cache-Control": CACHING, "ETag": content.etag}
    asked = request.headers
    tag = asked.get("If-None-Match")
    dated = content.changed is not None and at - content.changed >= YOUNG
    if tag is not None:
        known = request.if_none_match.contains_weak(content.etag.strip('"'))
    else:  # the date counts only where no tag is named (RFC 9110, 13.2.2)
        since = request.if_modified_since
        known = dated and since is not None and content.changed is not None and content.changed <= since
    if known:
        return Response(status=304, headers=headers)
    if dated and content.changed is not None:
        headers["Last-Modified"] = http_date(content.changed)
    return Response(content.body, headers=headers, content_type="text/calendar; charset=utf-8")


def _plain(status: int, text: str, *, retry: int = 0) -> Response:
    headers = {"Cache-Control": CACHING} | ({"Retry-After": str(retry)} if retry else {})
    return Response(text, status=status, headers=headers, content_type="text/plain; charset=utf-8")
