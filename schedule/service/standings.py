"""How every channel stands: what of each patient's last change has come, what has not, and whether anybody delivers."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from schedule.engine.deliveries import WINDOW, has_failed, is_over, rest_by, standing_of_patient
from schedule.ledger.store import Store
from schedule.model.dates import add_seconds
from schedule.model.publishing import Channel, ChannelStanding, Delivery
from schedule.service.feeds import zone_of
from schedule.service.publisher import pace_of
from schedule.words.publishing import ChannelLine, channel_lines

TOLD = 12 * 3600
"""Seconds for which it is told that a change has come."""
IDLE = 300
"""Seconds after which a channel that nobody looks after is said to be left alone."""


def standings(store: Store, now: datetime) -> tuple[ChannelStanding, ...]:
    """Every channel that is not removed, at a moment (UTC). Nothing is laid out for it."""
    heads = store.heads()
    return tuple(_standing(store, one, heads, now) for one in store.channels() if one.life != "removed")


def publishing_lines(store: Store, now: datetime) -> tuple[ChannelLine, ...]:
    """What is said of all channels: what somebody must do something about first."""
    found = [line for one in standings(store, now) for line in channel_lines(one)]
    return tuple(sorted(found, key=lambda line: not line.loud))


def _standing(store: Store, channel: Channel, heads: Mapping[str, str], now: datetime) -> ChannelStanding:
    done = store.delivered_heads(channel.id)
    shown = {code: head for code, head in heads.items() if channel.code in (None, code)}
    by_code: dict[str, list[Delivery]] = defaultdict(list)
    for one in store.recent(channel.id, add_seconds(now, -TOLD)):
        by_code[one.code].append(one)
    patients = tuple(standing_of_patient(code, done.get(code, ""), rows) for code, rows in sorted(by_code.items()))
    unseen = () if channel.life == "withdrawing" else tuple(c for c, head in shown.items() if done.get(c) != head)
    waiting = sum(1 for rows in by_code.values() for one in rows if not is_over(one) and not has_failed(one))
    looked = channel.looked or channel.at
    zone = zone_of(store, channel.code)
    return ChannelStanding(
        channel=channel,
        patients=tuple(one for one in patients if one.total or one.put_back),
        unseen=unseen,
        rest_by=_rest_by(store, channel, waiting, now) if waiting else None,
        idle_since=looked if looked <= add_seconds(now, -IDLE) else None,
        zone=zone.key if zone is not None else None,
    )


def _rest_by(store: Store, channel: Channel, waiting: int, now: datetime) -> datetime:
    """When what waits will have gone out; a channel that has failed begins again only then."""
    start = max(now, channel.again) if channel.again is not None else now
    return rest_by(waiting, store.attempts(channel.id, add_seconds(start, -WINDOW)), pace_of(channel), start)
