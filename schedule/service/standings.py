"""How every channel stands: what of each patient's last change has come, what has not, and whether anybody delivers."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from schedule.engine.deliveries import WINDOW, has_failed, is_over, rest_by, standing_of_patient
from schedule.ledger.store import Store
from schedule.model.dates import add_seconds
from schedule.model.publishing import Channel, ChannelStanding, Delivery
from schedule.service.channels import GONE, heads_due, pace_of
from schedule.service.feeds import zone_of
from schedule.words.publishing import ChannelLine, channel_lines

TOLD = 12 * 3600
"""Seconds for which it is told that a change has come."""
IDLE = 300
"""Seconds after which a channel that nobody looks after is said to be left alone."""


def standings(
    store: Store, now: datetime, codes: Collection[str] | None = None, ward: str | None = None
) -> tuple[ChannelStanding, ...]:
    """Every channel that is not removed, at a moment (UTC); of patients only those with these codes, where some are
    given, and of channels those that show one of them, or showed one whose entries are not taken out yet, or were of
    late. `ward` is that of all these patients, where it is one: who else is on another ward is then not asked for.
    Nothing is laid out for it."""
    found = []
    for channel in store.channels():
        if channel.life == "removed":
            continue
        elsewhere = ward is not None and channel.ward is not None and channel.ward != ward
        heads = dict.fromkeys(store.delivered_heads(channel.id), GONE) if elsewhere else heads_due(store, channel)
        shown = {code: head for code, head in heads.items() if codes is None or code in codes}
        if not shown and codes is not None:
            continue
        standing = _standing(store, channel, shown, now)
        if codes is None or standing.patients or standing.unseen or any(head != GONE for head in shown.values()):
            found.append(standing)
    return tuple(found)


def publishing_lines(
    store: Store, now: datetime, codes: Collection[str] | None = None, ward: str | None = None
) -> tuple[ChannelLine, ...]:
    """What is said of all channels, or of these patients, all on that `ward`, in them: what somebody must do something
    about first."""
    found = [line for one in standings(store, now, codes, ward) for line in channel_lines(one)]
    return tuple(sorted(found, key=lambda line: not line.loud))


def _standing(store: Store, channel: Channel, shown: Mapping[str, str], now: datetime) -> ChannelStanding:
    done = store.delivered_heads(channel.id)
    by_code: dict[str, list[Delivery]] = defaultdict(list)
    recent = store.recent(channel.id, add_seconds(now, -TOLD))
    for one in recent:
        if one.code in shown:
            by_code[one.code].append(one)
    patients = tuple(standing_of_patient(code, done.get(code, ""), rows) for code, rows in sorted(by_code.items()))
    unseen = tuple(code for code, head in shown.items() if done.get(code) != head)
    waiting = sum(1 for one in recent if not is_over(one) and not has_failed(one))  # all go out one after another
    looked = channel.looked or channel.at
    zone = zone_of(store, next(iter(shown), None), channel.ward)
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
