"""Feeds: a calendar at a secret address, for one patient or the whole ward, to which a calendar program subscribes.

The address holds 256 random bits, and a label that decides nothing. Only the SHA-256 of the secret is kept, so whoever
has the ledger, a backup or a log has no address. A feed that has ended says so for a year: a program that finds nothing
at an address goes on showing what it had.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from schedule.ledger.store import Store
from schedule.model.dates import add
from schedule.model.errors import NotThere
from schedule.model.kept import FeedAct, Level
from schedule.model.reasons.absences import FeedAbsent
from schedule.service.revisions import inputs_of, newest
from schedule.service.wards import codes_on

AFTER_THE_PLAN = 30
"""Days for which a patient's feed is answered after the last planned event."""
WARD = 90
"""Days for which the whole ward's is."""
MOST_DAYS = 366
"""A feed can be asked for up to this many days ahead, or up to the default where that is later."""
MOST_LABEL = 60
SAID_TO_HAVE_ENDED = 1
"""Years for which the address of a feed that has ended says so."""
FeedState = Literal["answered", "expired", "revoked"]


class Feed(Struct, frozen=True, kw_only=True):
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
        """Whether it is answered on a date of the site."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.made.expires < today else "answered"

    def last_day(self, zone: ZoneInfo | None) -> date:
        """The last date of a site in that zone on which it is answered."""
        if self.revoked is None:
            return self.made.expires
        return min(self.made.expires, self.revoked.at.astimezone(zone or UTC).date())

    def ended(self, zone: ZoneInfo | None) -> datetime:
        """The moment at which it ended, or will: when it was revoked, else at the site's midnight."""
        midnight = datetime.combine(add(self.made.expires, 1, "days", "clamp"), time.min, zone or UTC)
        return min(self.revoked.at, midnight) if self.revoked is not None else midnight


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
    store: Store,
    *,
    label: str,
    code: str | None,
    level: Level,
    expires: date,
    by: str,
    at: datetime,
    ward: str = "",
    secret: str | None = None,
) -> tuple[str, FeedAct]:
    """Make a feed of one patient, or of a ward, and give its secret, which is told to nobody else and kept nowhere, and
    the act. Where a secret of 256 bits is given, it is that one, and to make it again changes nothing. InputError if
    there is no such patient."""
    if code is not None:
        newest(store, code)
    secret = secret or secrets.token_urlsafe(32)
    act = FeedAct(
        token=token_of(secret),
        kind="made",
        label=label,
        code=code,
        ward=ward,
        level=level,
        expires=expires,
        by=by,
        at=at,
    )
    store.append_feed_act(act)
    return secret, act


def revoke_feed(store: Store, feed: Feed, *, by: str, at: datetime, reason: str = "") -> bool:
    """Stop answering a feed, for good; False if somebody has done so before."""
    return store.append_feed_act(replace(feed.made, kind="revoked", by=by, at=at, reason=reason))


def feeds_by_token(acts: Iterable[FeedAct]) -> dict[str, Feed]:
    """The same by their hashes, without when they were fetched."""
    return {feed.token: feed for feed in _joined(acts, {})}


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
    days = [one.last_date or one.on for one in newest(store, code).projection.events]
    return add(max([today, *days]), AFTER_THE_PLAN, "days", "clamp")


def latest_expiry(store: Store, code: str | None, today: date) -> date:
    """The last date that a feed can be asked for."""
    return max(add(today, MOST_DAYS, "days", "clamp"), default_expiry(store, code, today))


def zone_of(store: Store, code: str | None, ward: str | None = None) -> ZoneInfo | None:
    """The zone in which a feed's last day counts: the patient's site's; for a whole ward, or with None for all, that of
    the first patient. None where no zone is known, or there is no such patient."""
    codes = codes_on(store, ward) if code is None else [code]
    row = store.newest(codes[0]) if codes else None
    if row is None:
        return None
    return inputs_of(store, row.projection.protocol, row.projection.site)[1].zone


def on_site(at: datetime, zone: ZoneInfo | None) -> date:
    """The date of a moment by the site's clock; in UTC where no zone is known."""
    return at.astimezone(zone or UTC).date()
