"""What the feeds of a ledger show, worked out once for each state of the ledger.

It is a function of the ledger and, for a feed that has ended, of the date: the same bytes whoever asks, and when.
"""

import hashlib
import hmac
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from threading import Lock
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from schedule.ledger.store import Store
from schedule.model.dates import add
from schedule.model.entries import Entry, MadeFrom, Subject
from schedule.model.ids import day_entry_id, days_calendar_id, tombstone_uid
from schedule.model.kept import FeedAct, Kept, Level, Row
from schedule.model.sizes import FEED_BYTES, PIECES
from schedule.output.ics import events, framed, tombstone
from schedule.output.outputs import calendar_of, shown_entries
from schedule.pages.calendar import Reader, worded
from schedule.service.feeds import SAID_TO_HAVE_ENDED, Feed, feeds_by_token, on_site, token_of, zone_of
from schedule.service.remembered import Remembered
from schedule.service.revisions import calendar_entries, inputs_of, newest, shown_plan
from schedule.words import feeds as words
from schedule.words.outputs import feed_name

A_HEAD = 300
"""Bytes that a code and a hash take."""


class Content(Struct, frozen=True, kw_only=True):
    """The bytes of a feed, squeezed since most who ask only compare the ETag; it, a strong one; and when what they show
    last changed (UTC; None in an empty ledger)."""

    squeezed: bytes
    etag: str
    changed: datetime | None

    @property
    def body(self) -> bytes:
        return zlib.decompress(self.squeezed)


class Part(Struct, frozen=True, kw_only=True):
    """One patient's entries in the ward's feed: the bytes, how many, and what they date from.
    `hash` is the newest act's.
    """

    hash: str
    events: bytes
    count: int
    name: str
    changed: datetime


def day_entries(kept: Kept) -> tuple[Entry, ...]:
    """A patient's days as the newest revision has them: the study code and what each is called, no more."""
    code = kept.act.code
    return tuple(
        Entry(
            id=day_entry_id(day),
            kind="Day",
            subject=Subject(mark=one.mark, label=one.label, off=one.off),
            first=day,
            last=day,
            start=None,
            end=None,
            alarm=None,
            since=one.since,
            changed=one.changed,
            made=MadeFrom(code=code, revision=one.since, when=one.changed),
        )
        for day, one in ((date.fromisoformat(text), one) for text, one in kept.lasting.days.items())
    )


class Whole(NamedTuple):
    """What a feed shows at the newest act of a ledger, and the hashes of the newest acts that it shows."""

    newest_act: str
    heads: Mapping[str, str]
    content: Content

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        return len(self.content.squeezed) + A_HEAD * len(self.heads)


class LastAnswer(NamedTuple):
    """What a feed that has not ended was last answered: at which newest acts, until when it is answered, and the tag of
    what it shows."""

    tips: tuple[str, str]
    until: datetime
    feed: Feed
    etag: str


Scope = tuple[str | None, str, Level]
"""Of which patient, or with None of all of which ward, and in which words."""


class Published:
    """The feeds of one ledger, shared by threads.

    Every answer looks at the newest hashes first, so nothing out of date is ever given.
    """

    def __init__(self) -> None:
        self._last: Remembered[str, LastAnswer] = Remembered(PIECES)
        self._making: Remembered[Scope, Lock] = Remembered(PIECES)
        self._feeds: tuple[str, dict[str, Feed]] = ("", {})
        self._zones: Remembered[tuple[str | None, str], tuple[str, ZoneInfo | None]] = Remembered(PIECES)
        self._whole: Remembered[Scope, Whole] = Remembered(FEED_BYTES, lambda one: one.weight)
        self._parts: Remembered[tuple[str, Level], Part] = Remembered(FEED_BYTES, lambda one: len(one.events))

    def unchanged(self, store: Store, secret: str, etag: str, now: datetime) -> Feed | None:
        """The feed with this secret, if that is the ETag of what it shows at a moment (aware), and it has not ended;
        nearly always known from the last time. NotDone if the ledger was moved elsewhere."""
        token, tips = token_of(secret), store.tips_here()
        last = self._last.find(token)
        if last is None or last.tips != tips:
            self.answer(store, secret, now)
            last = self._last.find(token)
        is_newest = last is not None and last.tips == tips and last.etag == etag and now < last.until
        return last.feed if last is not None and is_newest else None

    def answer(self, store: Store, secret: str, now: datetime) -> tuple[Feed, Content] | None:
        """The feed with this secret and what it shows at a moment (aware): once it has ended, for a year, that it has.
        None for an unknown one, and after that year. NotDone if the ledger was moved elsewhere."""
        acts, feed_acts = tips = store.tips_here()
        known, feeds = self._feeds
        if known != feed_acts:
            feeds = feeds_by_token(store.feed_acts())
            self._feeds = feed_acts, feeds
        token = token_of(secret)
        feed = feeds.get(token)
        if feed is None or not hmac.compare_digest(feed.token, token):
            return None
        zone = self._zone(store, feed.made, acts)
        today = on_site(now, zone)
        if feed.state(today) != "answered":
            content = _ended(feed, zone, today)
        else:
            content = self._content(store, feed.made, acts)
            if content is not None:
                self._last.keep(token, LastAnswer(tips, feed.ended(zone), feed, content.etag))
        return (feed, content) if content is not None else None

    def _zone(self, store: Store, made: FeedAct, newest_act: str) -> ZoneInfo | None:
        key = made.code, made.ward
        known = self._zones.find(key)
        if known is None or known[0] != newest_act:
            known = newest_act, zone_of(store, *key)
            self._zones.keep(key, known)
        return known[1]

    def _content(self, store: Store, feed: FeedAct, newest_act: str) -> Content | None:
        """What a feed shows, made anew only if an act that it shows has come since."""
        code, scope = feed.code, (feed.code, feed.ward, feed.level)
        known = self._whole.find(scope)
        if known is not None and known.newest_act == newest_act:
            return known.content
        heads = _heads(store, feed)
        if code is not None and not heads:
            return None
        with self._making.get(scope, Lock):
            known = self._whole.find(scope)
            made = known.content if known is not None and known.heads == heads else self._made(store, feed, heads)
            self._whole.keep(scope, Whole(newest_act, heads, made))
            return made

    def _made(self, store: Store, feed: FeedAct, heads: Mapping[str, str]) -> Content:
        if feed.code is None:
            return self._ward(store, feed.ward, feed.level, heads)
        return _of_patient(store, feed.code, feed.level)

    def _ward(self, store: Store, ward: str, level: Level, heads: Mapping[str, str]) -> Content:
        found = {code: self._parts.find((code, level)) for code in heads}
        known = {code: part for code, part in found.items() if part is not None and part.hash == heads[code]}
        old = [code for code in heads if code not in known]
        if level == "minimal" and len(old) > 1:
            acts = (kept for kept in store.newest_acts(ward) if kept.act.code not in known)
            made = {kept.act.code: _days_part(kept, "ward") for kept in acts}
        else:
            made = {code: _part(store, code, level) for code in old}
        for code, part in made.items():
            self._parts.keep((code, level), part)
        known |= made
        parts = [known[code] for code in heads if code in known]  # who has left the ward meanwhile is not there
        names = [part.name for part in parts]
        changed = max((part.changed for part in parts), default=None)
        body = framed(
            b"".join(part.events for part in parts),
            named=sum(part.count for part in parts) > 1,
            schedule_id=None,
            name=words.WARD,
            description=words.ward_description(names, changed),
        )
        return _content_of(body, changed)


def _heads(store: Store, feed: FeedAct) -> Mapping[str, str]:
    """The hash of the newest act of each patient whom a feed shows, by code."""
    if feed.code is None:
        return store.heads(feed.ward)
    head = store.head(feed.code)
    return {} if head is None else {feed.code: head}


def _content_of(body: bytes, changed: datetime | None) -> Content:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Content(squeezed=zlib.compress(body, 1), etag=etag, changed=changed)


def _ended(feed: Feed, zone: ZoneInfo | None, today: date) -> Content | None:
    """That a feed is no longer updated, from its last day for a year: always the same bytes."""
    last = feed.last_day(zone)
    until = add(last, SAID_TO_HAVE_ENDED, "years", "clamp")
    if today > until:
        return None
    return _content_of(tombstone(tombstone_uid(feed.token), words.ENDED, last, until), feed.ended(zone).astimezone(UTC))


def _of_patient(store: Store, code: str, level: Level) -> Content:
    row = newest(store, code)
    if level == "steps":
        body = calendar_of(shown_plan(store, row), calendar_entries(store, row), row.act.at, is_feed=True)
        return _content_of(body, row.act.at)
    part = _days_part(row, "patient")
    body = framed(
        part.events,
        named=part.count > 1,
        name=feed_name(code),
        schedule_id=days_calendar_id(row.lasting.schedule_id),
        description=words.days_description(row.act),
    )
    return _content_of(body, part.changed)


def _part(store: Store, code: str, level: Level) -> Part:
    row = newest(store, code)
    return _days_part(row, "ward") if level == "minimal" else _steps_part(store, row)


def _days_part(kept: Kept, reader: Reader) -> Part:
    found = day_entries(kept)
    lines = events(worded(found, reader), days_calendar_id(kept.lasting.schedule_id))
    return Part(hash=kept.hash, events=lines, count=len(found), name=words.revision_of(kept.act), changed=kept.act.at)


def _steps_part(store: Store, row: Row) -> Part:
    site = inputs_of(store, row.projection.protocol, row.projection.site)[1]
    found = shown_entries(calendar_entries(store, row), site)
    lines = events(worded(found, "ward"), row.lasting.schedule_id)
    return Part(hash=row.hash, events=lines, count=len(found), name=words.revision_of(row.act), changed=row.act.at)
