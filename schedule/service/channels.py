"""Channels: made, tried, paused, resumed, removed."""

from collections.abc import Mapping
from datetime import datetime

from schedule.engine.deliveries import JUMP_OF_SEQUENCE
from schedule.ledger.store import Store
from schedule.model.errors import ChannelRefused
from schedule.model.kept import Level
from schedule.model.publishing import Channel, ChannelKind
from schedule.model.reasons.deliveries import ChannelAbsent, ChannelNamed, PausedOne, SameCalendar
from schedule.service.revisions import newest

GONE = "withdrawn"
"""What stands for a patient's act where a channel withdraws."""
PER_MINUTE: Mapping[ChannelKind, int] = {"imip": 20, "caldav": 240, "graph": 240}
"""How many messages a minute a channel takes, where its settings do not say."""


def add_channel(
    store: Store,
    *,
    name: str,
    kind: ChannelKind,
    code: str | None,
    level: Level,
    address: str,
    settings: Mapping[str, str],
    by: str,
    at: datetime,
    ward: str | None = None,
) -> Channel:
    """Make a channel. ChannelRefused if the name is taken, or the same calendar would show a patient twice; NotThere if
    there is no such patient. Where the calendar was another channel's once, SEQUENCE goes on above that one's."""
    if code is not None:
        newest(store, code)
    known = store.channels()
    for other in known:
        if other.life != "removed" and other.name.casefold() == name.casefold():
            raise ChannelRefused(ChannelNamed(name=other.name))
    same = [one for one in known if _calendar(one.address) == _calendar(address)]
    for other in same:
        apart = _are_apart(other.code, code) or _are_apart(other.ward, ward)
        if other.life != "removed" and not apart:
            raise ChannelRefused(SameCalendar(name=other.name))
    floor = store.highest_sequence([one.id for one in same]) + 1 if same else 0
    made = Channel(
        id=0,
        name=name,
        kind=kind,
        code=code,
        level=level,
        address=address,
        settings=settings,
        by=by,
        at=at,
        home=store.home(0),
        floor=floor,
        ward=ward,
    )
    return store.append_channel(made)


def _are_apart(one: str | None, other: str | None) -> bool:
    """Whether the two patients or wards are another; None is all of them."""
    return None not in (one, other) and one != other


def _calendar(address: str) -> str:
    return address.casefold().rstrip("/")


def channel_called(store: Store, name: str) -> Channel:
    """The channel of that name that is not removed. ChannelRefused if there is none."""
    alive = [one for one in store.channels() if one.life != "removed"]
    for one in alive:
        if one.name.casefold() == name.casefold():
            return one
    raise ChannelRefused(ChannelAbsent(name=name, known=tuple(one.name for one in alive)))


def pause_channel(store: Store, channel: Channel, at: datetime) -> Channel:
    """Send nothing more to it until it is resumed."""
    if channel.paused is not None:
        return channel
    return store.change_channel(channel.id, {"paused": at, "pause_cause": "by hand"})


def resume_channel(store: Store, channel: Channel) -> Channel:
    """Go on: the newest state alone goes out. Where the ledger is not the one that last sent, SEQUENCE jumps above all
    that may have been sent."""
    floor = channel.floor
    if channel.home != store.home(channel.id):
        store.forget_sent(channel.id)
        floor = max(floor, store.highest_sequence([channel.id])) + JUMP_OF_SEQUENCE
    again = {"paused": None, "home": store.home(channel.id), "floor": floor, "fails": 0, "fault": None, "again": None}
    return store.change_channel(channel.id, again)


def remove_channel(store: Store, channel: Channel, *, leave: bool) -> Channel:
    """Withdraw its entries, and then remove it; `leave`: they stay, and it is removed at once. ChannelRefused if they
    are to be withdrawn and it is paused."""
    if leave:
        return store.change_channel(channel.id, {"life": "removed"})
    if channel.paused is not None:
        raise ChannelRefused(PausedOne(name=channel.name))
    return store.change_channel(channel.id, {"life": "withdrawing", "swept": None})


def pace_of(channel: Channel) -> int:
    """How many messages a minute the channel takes."""
    return int(channel.settings.get("per-minute", PER_MINUTE[channel.kind]))


def heads_for(store: Store, channel: Channel) -> dict[str, str]:
    """The hash of the newest act of each patient that the channel shows, by code."""
    if channel.code is None:
        return store.heads(channel.ward)
    head = store.head(channel.code)
    return {channel.code: head} if head is not None else {}


def heads_due(store: Store, channel: Channel) -> dict[str, str]:
    """What the messages of each patient are to bring, by code: the newest act's hash, or GONE for one whom the channel
    shows no longer."""
    heads = heads_for(store, channel) if channel.life == "open" else {}
    return dict.fromkeys(store.delivered_heads(channel.id), GONE) | heads
