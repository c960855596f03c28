"""Which messages a calendar is due, in which order and when: decided by what it should show and what was sent to it.

Nothing is remembered but the last message of each entry. An older message that waits is dropped, never sent; one whose
outcome nobody knows is sent again under a higher SEQUENCE, so that it is seen once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from msgspec.structs import replace

from schedule.model.dates import add_minutes, add_seconds
from schedule.model.publishing import Channel, Delivery, PatientStanding, Wanted
from schedule.model.reasons.deliveries import ChannelFault, DeliveryFault, OutcomeUnknown

SOON = 48 * 60
"""Minutes from now: what stands there goes out first."""
JUMP_OF_SEQUENCE = 1000
"""How far SEQUENCE jumps where nobody knows what was sent."""
FIRST_WAIT, LONGEST_WAIT = 30, 30 * 60
"""Seconds until a message that failed is tried again; doubled each time, up to half an hour."""
WINDOW = 60
"""Seconds over which messages are counted for the channel's pace."""


def queue_for(
    channel: int, code: str, head: str, wanted: Iterable[Wanted], known: Mapping[str, Delivery]
) -> tuple[list[Delivery], list[Delivery]]:
    """What is to be queued so that a calendar shows what is wanted of a patient once the act `head` holds, and the
    queued ones to be dropped. `known` is the last message of each of the patient's UIDs that was not dropped."""
    queued, dropped = [], []
    asked = {one.uid: one for one in wanted}
    for one in asked.values():
        last = known.get(one.uid)
        if last is not None and (last.method, last.hash) == ("show", one.hash):
            continue
        if last is not None and last.state == "queued":
            dropped.append(last)
        made = Delivery(
            channel=channel,
            code=code,
            head=head,
            uid=one.uid,
            method="show",
            hash=one.hash,
            starts=one.starts,
            infusion=one.infusion,
        )
        queued.append(_after(made, last))
    for uid, last in known.items():
        if uid in asked or last.method == "withdraw":
            continue
        if last.state == "queued":
            dropped.append(last)
        if may_be_there(last):
            queued.append(_after(replace(last, head=head, method="withdraw", hash="", by_hand=False), last))
    return queued, dropped


def _after(made: Delivery, last: Delivery | None) -> Delivery:
    """The message that follows the last one: it knows what that one left behind, and begins anew."""
    fresh = replace(made, id=0, state="queued", tries=0, after=None, error=None, tried=None)
    if last is None:
        return fresh
    there, shows = may_be_there(last), shown_under(last)
    known = replace(fresh, sequence=last.sequence, stamp=last.stamp, remote=last.remote)
    return replace(known, there=there, shows=shows, was_infusion=last.infusion if is_over(last) else last.was_infusion)


def may_be_there(last: Delivery) -> bool:
    """Whether the calendar may hold the entry after its last message: what failed may have come all the same."""
    if last.state == "queued":
        return last.there
    if last.method == "withdraw":
        return last.state in ("sending", "failed") and last.there
    return True


def shown_under(last: Delivery) -> date | datetime | None:
    """The moment or date under which the calendar may show the entry; None where it shows none."""
    if last.state in ("sent", "confirmed"):
        return last.starts if last.method == "show" else None
    return last.shows


def sequence_of(wanted: int, last: int, floor: int) -> int:
    """A message's SEQUENCE: the entry's own, above every one that was sent, and not below the channel's floor."""
    return max(wanted, last + 1, floor)


def stamp_of(now: datetime, last: datetime | None) -> datetime:
    """A message's DTSTAMP: now, and later than the last one's in the second that iCalendar counts by."""
    whole = now.replace(microsecond=0)
    return whole if last is None or whole > last else add_seconds(last, 1)


def in_order(queued: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Messages in the order in which they go out: everybody's day 0, what stands or stood within 48 hours from now,
    then the rest; what starts sooner first."""
    return sorted(queued, key=lambda one: (_rank(one, now), as_moment(one.starts), one.code, one.uid))


def _rank(one: Delivery, now: datetime) -> int:
    if one.infusion or one.was_infusion:
        return 0
    until = add_minutes(now, SOON)
    earlier = one.shows if one.shows is not None else one.starts
    return 1 if any(_is_soon(moment, now, until) for moment in (one.starts, earlier)) else 2


def _is_soon(moment: date | datetime, now: datetime, until: datetime) -> bool:
    if isinstance(moment, datetime):
        return now <= moment <= until
    return now.date() <= moment <= until.date()


def as_moment(starts: date | datetime) -> datetime:
    """A moment to sort by; a date's is its first in UTC."""
    return starts if isinstance(starts, datetime) else datetime(starts.year, starts.month, starts.day, tzinfo=UTC)


def due_now(queued: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Of the messages those that may be tried now, in their order."""
    return in_order((one for one in queued if one.after is None or one.after <= now), now)


def wait_after(tries: int) -> int:
    """Seconds until the next attempt, after so many failed ones."""
    return int(min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT))


def failed(one: Delivery, fault: DeliveryFault, now: datetime) -> tuple[Delivery, Delivery]:
    """The attempt that failed, and the message that waits in its place."""
    tries = one.tries + 1
    ended = replace(one, state="failed", error=fault)
    whole_channel = isinstance(fault, ChannelFault)
    after = None if whole_channel else add_seconds(now, wait_after(tries))
    again = replace(
        one, id=0, state="queued", tries=tries, after=after, error=fault, there=may_be_there(ended), tried=now
    )
    return ended, again


def interrupted(rows: Iterable[Delivery]) -> list[Delivery]:
    """The messages that were being sent when nobody was there to see the end of it."""
    return [one for one in rows if one.state == "sending"]


def unknown(one: Delivery, now: datetime) -> tuple[Delivery, Delivery]:
    """A message whose sender was ended: it counts as failed, and goes out again at once."""
    ended, again = failed(one, OutcomeUnknown(), now)
    return ended, replace(again, after=None, tries=one.tries)


def channel_failed(channel: Channel, fault: ChannelFault, now: datetime, wait: int | None = None) -> Channel:
    """The channel after an attempt that failed for all of it; `wait` are the seconds that the server asks for."""
    fails = channel.fails + 1
    return replace(channel, fails=fails, fault=fault, again=add_seconds(now, max(wait or 0, wait_after(fails))))


def free_at(tried: Sequence[datetime], per_minute: int, now: datetime) -> datetime:
    """When the next message may go out, at so many a minute; `tried` are the moments of the last ones, oldest first."""
    recent = [one for one in tried if add_seconds(one, WINDOW) > now]
    if len(recent) < per_minute:
        return now
    return add_seconds(recent[-per_minute], WINDOW)


def rest_by(waiting: int, tried: Sequence[datetime], per_minute: int, now: datetime) -> datetime:
    """When so many messages will have gone out, at so many a minute: the last moment that it takes, to the minute
    above."""
    recent = sum(1 for one in tried if add_seconds(one, WINDOW) > now)
    minutes = (waiting + recent - 1) // per_minute
    at = add_seconds(now, minutes * WINDOW + 59)
    return at.replace(second=0, microsecond=0)


def standing_of_patient(code: str, head: str, rows: Iterable[Delivery]) -> PatientStanding:
    """How far a patient's newest act, `head`, has come in a channel, by the last message of each UID. What has not come
    of earlier acts counts too."""
    known = list(rows)
    counted = [one for one in known if one.head == head or not is_over(one)]
    over = [one for one in counted if is_over(one)]
    late = [one for one in counted if one.was_infusion and not is_over(one)]
    shows = max((as_moment(found) for one in late if (found := shown_under(one)) is not None), default=None)
    return PatientStanding(
        code=code,
        total=len(counted),
        moved=len(over),
        unproved=sum(1 for one in over if one.state == "sent"),
        failed=sum(1 for one in counted if has_failed(one)),
        last=max((one.tried for one in counted if one.tried is not None), default=None),
        shows=shows.date() if shows is not None else None,
        put_back=sum(1 for one in known if one.by_hand),
        gone=all(one.method == "withdraw" for one in counted),
        faults=tuple(dict.fromkeys(one.error for one in counted if has_failed(one) and one.error is not None)),
    )


def is_over(one: Delivery) -> bool:
    """Whether the message has been handed over, and was not declined."""
    return one.state in ("sent", "confirmed")


def has_failed(one: Delivery) -> bool:
    """Whether the calendar does not have it though it was tried."""
    return one.state == "declined" or (not is_over(one) and one.tries > 0)
