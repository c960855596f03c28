"""Feeds: a calendar at a secret address, for one patient or the whole ward, to which a calendar program subscribes.

The address holds 256 random bits and nothing else. Only their SHA-256 is kept, so whoever has the ledger, a backup or
a log has no address. What a feed shows is a function of the ledger alone, never of the clock.
"""

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Literal

from schedule.engine.entries import carry
from schedule.engine.day_names import label_on
from schedule.ledger.store import Store
from schedule.model.acts import Restore
from schedule.model.dates import add
from schedule.model.entries import Entry, MadeFrom, Subject
from schedule.model.errors import NotThere
from schedule.model.ids import day_entry_id, days_calendar_id
from schedule.model.kept import FeedAct, Level, Row
from schedule.model.notation import DayLabel
from schedule.model.reasons.absences import FeedAbsent
from schedule.output.ics import events, framed
from schedule.output.outputs import calendar_of
from schedule.pages.calendar import worded
from schedule.pages.sheet_days import LONGEST_SPAN
from schedule.service.revisions import calendar_entries, inputs_of, newest, shown_plan
from schedule.words import feeds as words

AFTER_THE_PLAN = 30
"""Days for which a patient's feed is answered after the last planned event."""
WARD = 90
"""Days for which the whole ward's is."""
MOST_DAYS = 366
"""A feed can be asked for up to this many days ahead, or up to the default where that is later."""
MOST_LABEL = 60
FeedState = Literal["answered", "expired", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What is known of a feed: who made it and for whom, whether it is answered, when it was last fetched (UTC).

    `back` is the act by which it came back with a backup, if it did: whether it had been revoked is then not known.
    """

    made: FeedAct
    revoked: FeedAct | None
    back: FeedAct | None
    fetched: datetime | None

    @property
    def token(self) -> str:
        """The SHA-256 of the secret, as hex digits."""
        return self.made.token

    @property
    def id(self) -> str:
        """What it is called in addresses of pages: not the secret, and nothing that leads to it."""
        return self.token[:16]

    def state(self, today: date) -> FeedState:
        """Whether it is answered on a date, in UTC."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.made.expires < today else "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The bytes of a feed, their strong ETag, and when what they show last changed (UTC; None in an empty ledger)."""

    body: bytes
    etag: str
    changed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One patient's entries in the ward's feed: the bytes, how many, and what they date from.
    `hash` is the newest act's.
    """

    hash: str
    events: bytes
    count: int
    name: str
    changed: datetime


def token_of(secret: str) -> str:
    """What is kept of a secret, whatever somebody sends as one. It has 256 bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def all_feeds(store: Store) -> tuple[Feed, ...]:
    """Every feed that was ever made, oldest first."""
    return _joined(store.feed_acts(), store.fetches())


def _joined(acts: Iterable[FeedAct], fetches: Mapping[str, datetime]) -> tuple[Feed, ...]:
    found: dict[str, Feed] = {}
    for act in acts:
        if act.kind == "made":
            found[act.token] = Feed(made=act, revoked=None, back=None, fetched=fetches.get(act.token))
        elif act.token not in found:
            continue  # verify tells of it
        elif act.kind == "revoked":
            found[act.token] = replace(found[act.token], revoked=act)
        else:
            found[act.token] = replace(found[act.token], back=act)
    return tuple(found.values())


def make_feed(
    store: Store, *, label: str, code: str | None, level: Level, expires: date, by: str, at: datetime
) -> tuple[str, FeedAct]:
    """Make a feed, and give its secret, which is told to nobody else and kept nowhere, and the act.
    InputError if there is no such patient."""
    if code is not None:
        newest(store, code)
    secret = secrets.token_urlsafe(32)
    act = FeedAct(
        token=token_of(secret), kind="made", label=label, code=code, level=level, expires=expires, by=by, at=at
    )
    store.append_feed_act(act)
    return secret, act


def revoke_feed(store: Store, feed: Feed, *, by: str, at: datetime, reason: str = "") -> bool:
    """Stop answering a feed, for good; False if somebody has done so before."""
    return store.append_feed_act(replace(feed.made, kind="revoked", by=by, at=at, reason=reason))


def feed_called(store: Store, feed_id: str) -> Feed:
    """The feed that pages call so. InputError if there is none."""
    for feed in all_feeds(store):
        if feed.id == feed_id:
            return feed
    raise NotThere(FeedAbsent())


def default_expiry(store: Store, code: str | None, today: date) -> date:
    """30 days after the patient's last planned event (after today, where that is past); 90 days from today for the
    ward.
    """
    if code is None:
        return add(today, WARD, "days", "clamp")
    days = [one.last_date or one.on for one in newest(store, code).projection.occurrences]
    return add(max([today, *days]), AFTER_THE_PLAN, "days", "clamp")


def latest_expiry(store: Store, code: str | None, today: date) -> date:
    """The last date that a feed can be asked for."""
    return max(add(today, MOST_DAYS, "days", "clamp"), default_expiry(store, code, today))


# what the minimal level shows


def day_entries(store: Store, row: Row) -> tuple[Entry, ...]:
    """One entry for each day on which a revision has anything: the study code and what the day is called, no more.

    A day's identity is its name (the second day of one name has a number), so it moves with day 0.
    """
    act, given = row.act, row.projection
    protocol, _ = inputs_of(store, given.protocol, given.site)
    on: dict[date, set[str]] = defaultdict(set)
    for one in given.occurrences:
        for day in _days(one.on, one.last_date or one.on):
            on[day].add(one.status)
    alert = next(iter(given.alerts), None)
    counted: dict[DayLabel, int] = defaultdict(int)
    found = []
    for day, statuses in sorted(on.items()):
        label = label_on(given.standing, protocol, day)
        counted[label] += 1
        cancelled = statuses == {"cancelled"}
        found.append(
            Entry(
                id=day_entry_id(label, counted[label]),
                kind="Day",
                first=day,
                last=day,
                start=None,
                end=None,
                subject=Subject(alert=alert if "planned" in statuses else None, label=label),
                made=MadeFrom(code=act.code, revision=act.revision, when=act.at),
                cancelled=cancelled,
                alarm=None,
                since=act.revision,
                changed=act.at,
            )
        )
    return tuple(found)


def _days(first: date, last: date) -> list[date]:
    """The days of a span that have a sheet: each, or of a long one the first and the last."""
    length = (last - first).days + 1
    return [first, last] if length > LONGEST_SPAN else [add(first, n, "days", "clamp") for n in range(length)]


def minimal_entries(store: Store, code: str) -> tuple[Entry, ...]:
    """A patient's days as the newest revision has them, each with the revision in which it last changed; days that are
    no more stay, cancelled."""
    found: tuple[Entry, ...] = ()
    for row in store.history(code):
        act = row.act
        found = carry(found, day_entries(store, row), act.revision, act.at)
        if isinstance(act.deed, Restore):
            found = tuple(replace(entry, since=act.revision, changed=act.at) for entry in found)
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.id)))


# the bytes


class Published:
    """What the feeds of one ledger show, worked out once for each state of the ledger; shared by threads.

    Every answer looks at the newest hashes first, so nothing out of date is ever given.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._making: dict[tuple[str | None, Level], Lock] = defaultdict(Lock)
        self._feeds: tuple[str, dict[str, Feed]] = ("", {})
        self._whole: dict[tuple[str | None, Level], tuple[str, str, Content]] = {}
        self._parts: dict[tuple[str, Level], Part] = {}

    def answer(self, store: Store, secret: str, today: date) -> tuple[Feed, Content] | None:
        """The feed at a secret address and what it shows; None for an unknown, an expired and a revoked one alike."""
        acts, feed_acts = store.tips()
        known, feeds = self._feeds
        if known != feed_acts:
            feeds = {feed.token: feed for feed in _joined(store.feed_acts(), {})}
            self._feeds = feed_acts, feeds
        token = token_of(secret)
        feed = feeds.get(token)
        if feed is None or not hmac.compare_digest(feed.token, token) or feed.state(today) != "answered":
            return None
        content = self._content(store, feed.made.code, feed.made.level, acts)
        return (feed, content) if content is not None else None

    def _content(self, store: Store, code: str | None, level: Level, newest_act: str) -> Content | None:
        """What a feed shows, made anew only if an act that it shows has come since."""
        known = self._whole.get((code, level))
        if known is not None and known[0] == newest_act:
            return known[2]
        key = newest_act if code is None else store.head(code)
        if key is None:
            return None
        with self._lock:
            making = self._making[code, level]
        with making:
            known = self._whole.get((code, level))
            same = known is not None and known[1] == key
            made = known[2] if known is not None and same else self._made(store, code, level)
            self._whole[code, level] = newest_act, key, made
            return made

    def _made(self, store: Store, code: str | None, level: Level) -> Content:
        return self._ward(store, level) if code is None else _of_patient(store, code, level)

    def _ward(self, store: Store, level: Level) -> Content:
        parts = []
        for code, newest_hash in store.heads().items():
            part = self._parts.get((code, level))
            if part is None or part.hash != newest_hash:
                part = self._parts[code, level] = _part(store, code, level)
            parts.append(part)
        names = [part.name for part in parts]
        body = framed(
            b"".join(part.events for part in parts),
            named=sum(part.count for part in parts) > 1,
            schedule_id=None,
            name=words.ward_name(len(parts), names),
            description=words.ward_description(names),
        )
        return _content_of(body, max((part.changed for part in parts), default=None))


def _content_of(body: bytes, changed: datetime | None) -> Content:
    return Content(body=body, etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"', changed=changed)


def _of_patient(store: Store, code: str, level: Level) -> Content:
    row = newest(store, code)
    if level == "steps":
        return _content_of(calendar_of(shown_plan(store, row), calendar_entries(store, row), row.act.at), row.act.at)
    part = _part(store, code, level)
    body = framed(
        part.events,
        named=part.count > 1,
        name=part.name,
        schedule_id=days_calendar_id(row.lasting.schedule_id),
        description=words.calendar_description(row.act),
    )
    return _content_of(body, part.changed)


def _part(store: Store, code: str, level: Level) -> Part:
    row = newest(store, code)
    schedule_id = row.lasting.schedule_id
    found = calendar_entries(store, row) if level == "steps" else minimal_entries(store, code)
    lines = events(worded(found), schedule_id if level == "steps" else days_calendar_id(schedule_id))
    return Part(hash=row.hash, events=lines, count=len(found), name=words.calendar_name(row), changed=row.act.at)
