"""A date of the site's, with its hour where one is known, and how two of them compare.

What a person planned, booked or recorded is a wall time of the site; only what was written with an offset from UTC is
an instant, and keeps it under another zone.
"""

from datetime import UTC, date, datetime, time, tzinfo

from msgspec import Struct
from msgspec.structs import replace


class Moment(Struct, frozen=True, kw_only=True, eq=False, array_like=True):
    """A date, and the moment on it in the site's zone, where an hour is known. `pinned`: written with an offset; of two
    that are equal one may be.

    Two moments of one zone compare by their wall times in Python, so that the two 01:30 of an autumn night are equal;
    `instant`, in UTC, is what is to be compared. Two of these are equal only where both are the same.
    """

    on: date
    at: datetime | None = None
    pinned: bool = False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moment) or self.on != other.on or self.at != other.at:
            return False
        return self.at is None or other.at is None or self.at.fold == other.at.fold or self.instant == other.instant

    def __ne__(self, other: object) -> bool:
        """Said, since a record of msgspec's without its own equality is different from every other."""
        return not self == other

    def __hash__(self) -> int:
        return hash((self.on, self.at))

    @property
    def instant(self) -> datetime | None:
        return self.at.astimezone(UTC) if self.at is not None else None

    @property
    def wall(self) -> datetime:
        """As a wall time of the site, without zone; 00:00 where no hour is known."""
        return self.at.replace(tzinfo=None) if self.at is not None else datetime.combine(self.on, time.min)

    def is_same(self, other: "Moment | None") -> bool:
        """Whether the other is the same date, and the same moment or as untimed as this one."""
        return other is not None and (self.on, self.instant) == (other.on, other.instant)


def moment_at(at: datetime) -> Moment:
    """The moment of an aware datetime, on its own date."""
    return Moment(on=at.date(), at=at)


def order_of(moment: Moment, zone: tzinfo | None) -> datetime:
    """What moments are sorted by, in UTC: without an hour 00:00 of the date."""
    at = moment.at or datetime.combine(moment.on, time.min, zone or UTC)
    return at.astimezone(UTC)


def instant_at(wall: datetime, zone: tzinfo | None) -> datetime:
    """A wall time of a zone as an instant in UTC; without a zone it is UTC's. Of two wall times that one clock shows in
    an autumn night only this tells which is the earlier, and whether they are the same."""
    return wall.replace(tzinfo=zone or UTC).astimezone(UTC)


def is_by(moment: Moment, now: datetime) -> bool:
    """Whether it lies at or before `now`, an aware datetime; without an hour it counts from 00:00 of its date."""
    return order_of(moment, now.tzinfo) <= now.astimezone(UTC)


def is_past(moment: Moment, now: datetime) -> bool:
    """The same, but what has no hour is past only when its date is over, as the clocks of `now` show it."""
    return moment.on < now.date() if moment.at is None else is_by(moment, now)


def is_earlier(one: Moment, other: Moment) -> bool:
    """Whether one lies before the other: to the minute where both hours are known, else by date."""
    if one.instant is None or other.instant is None:
        return one.on < other.on
    return one.instant < other.instant


def seconds_apart(one: Moment, other: Moment) -> float:
    """How far two lie apart, in elapsed seconds; whole days where an hour is missing."""
    if one.instant is None or other.instant is None:
        return abs((one.on - other.on).days) * 86400.0
    return abs((one.instant - other.instant).total_seconds())


def in_zone(moment: Moment, zone: tzinfo | None) -> Moment:
    """The same wall time in that zone; the same instant where it is pinned."""
    if moment.at is None or zone is None or moment.at.tzinfo is zone:
        return moment
    if moment.pinned:
        at = moment.at.astimezone(zone)
        return replace(moment, on=at.date(), at=at)
    return replace(moment, at=moment.at.replace(tzinfo=zone))
