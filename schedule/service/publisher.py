"""The worker that keeps channels right: it looks what acts have changed, and sends it, one message after the other.

It may be ended at any point. A message is kept as being sent before it is, and as sent after; what lies between is sent
again. Who delivers to a channel holds a lease, which runs out.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from schedule.engine.deliveries import (
    channel_failed,
    due_now,
    failed,
    free_at,
    interrupted,
    queue_for,
    sequence_of,
    stamp_of,
    unknown,
)
from schedule.ledger.store import Store
from schedule.model.dates import add_seconds
from schedule.model.errors import NotDelivered
from schedule.model.publishing import Channel, Delivery, DeliveryState
from schedule.model.reasons.deliveries import ChannelFault, Declined, DeliveryFault, TooFast
from schedule.service.channels import GONE, heads_due, pace_of
from schedule.service.links import CalendarLink, Held, Message
from schedule.service.wanted import PatientWanted, wanted_of

LEASE = 300
"""Seconds for which a worker alone delivers to a channel: longer than any message takes."""
SWEEP = 3600
"""Seconds after which a calendar is read back whole again."""
LOOKED = 60
"""Seconds after which it is noted again that somebody looks."""


class Publisher(Struct, frozen=True, kw_only=True):
    """One worker on a ledger. `link_of` opens the way to a channel's calendar; NotDelivered if there is none. `now`
    gives the moment in UTC, `holder` is the worker's own name."""

    store: Store
    link_of: Callable[[Channel], CalendarLink]
    now: Callable[[], datetime]
    holder: str
    wanted: Callable[[Store, Channel, str], PatientWanted] = wanted_of
    _known: dict[tuple[int, str], PatientWanted] = field(default_factory=dict)

    def round(self) -> datetime | None:
        """Look and send, channel by channel, as far as it may go now. Gives when there is more to do; None where
        nothing waits."""
        moments = [self._serve(channel) for channel in self.store.channels() if channel.life != "removed"]
        return min((moment for moment in moments if moment is not None), default=None)

    def _serve(self, channel: Channel) -> datetime | None:
        now = self.now()
        if not self._renew(channel):
            return add_seconds(now, LEASE)
        try:
            channel = self._checked(channel)
            self._look(channel)
            for one in interrupted(self.store.unfinished(channel.id)):
                self.store.end_delivery(*unknown(one, now))
            if channel.paused is not None:
                return None
            if channel.again is not None and channel.again > now:
                return channel.again
            return self._send_all(channel)
        finally:
            self.store.end_lease(channel.id, self.holder)

    def _renew(self, channel: Channel) -> bool:
        now = self.now()
        return self.store.take_lease(channel.id, self.holder, now, add_seconds(now, LEASE))

    def _checked(self, channel: Channel) -> Channel:
        """The channel as it is; paused, where the ledger is not the one that somebody last let send."""
        now = self.now()
        if channel.paused is None and channel.home != self.store.home(channel.id):
            return self.store.change_channel(channel.id, {"paused": now, "pause_cause": "copied", "looked": now})
        if channel.looked is None or channel.looked <= add_seconds(now, -LOOKED):
            return self.store.change_channel(channel.id, {"looked": now})
        return channel

    def _look(self, channel: Channel) -> str:
        """Queue what acts have changed since this was last done, and give the hash of the newest act of all."""
        tip = self.store.tips()[0]
        done = self.store.delivered_heads(channel.id)
        for code, head in heads_due(self.store, channel).items():
            if done.get(code) == head:
                continue
            found = PatientWanted(head=GONE, wanted=(), entries={})
            if head != GONE:
                found = self._known[channel.id, code] = self.wanted(self.store, channel, code)
            known = {one.uid: one for one in self.store.deliveries(channel.id, code)}
            queued, dropped = queue_for(channel.id, code, found.head, found.wanted, known)
            self.store.queue(channel.id, {code: found.head}, queued, dropped)
        return tip

    def _send_all(self, channel: Channel) -> datetime | None:
        link: CalendarLink | None = None
        try:
            while True:
                tip, now = self._look(channel), self.now()
                waiting = self.store.unfinished(channel.id)
                due = due_now(waiting, now)
                if not due:
                    link = self._read_back(channel, link, is_done=not waiting)
                    left = self.store.unfinished(channel.id)
                    if due_now(left, now):
                        continue
                    return min((one.after for one in left if one.after), default=None)
                for one in due:
                    free = free_at(self.store.attempts(channel.id, add_seconds(now, -60)), pace_of(channel), self.now())
                    if free > self.now():
                        return free
                    if self.store.tips()[0] != tip:
                        break
                    link, channel = link or self.link_of(channel), self._checked(channel)
                    if not self._renew(channel) or not self._send(channel, link, one):
                        return self.now()
        except NotDelivered as error:
            return self._failed(channel, error.fault)
        finally:
            if link is not None:
                link.close()

    def _failed(self, channel: Channel, fault: DeliveryFault) -> datetime | None:
        """When the channel is tried again, after what failed for all of it."""
        assert isinstance(fault, ChannelFault)
        (channel,) = (one for one in self.store.channels() if one.id == channel.id)
        wait = fault.seconds if isinstance(fault, TooFast) else None
        after = channel_failed(channel, fault, self.now(), wait)
        self.store.change_channel(channel.id, {"fails": after.fails, "fault": fault, "again": after.again})
        return after.again

    def _send(self, channel: Channel, link: CalendarLink, one: Delivery) -> bool:
        """Send one message; False if it is no longer to be. NotDelivered if no other would fare better."""
        now = self.now()
        wanted = self._content(channel, one)
        own = next((found.sequence for found in wanted.wanted if found.uid == one.uid), 0)
        sending = replace(
            one,
            state="sending",
            sequence=sequence_of(own, one.sequence, channel.floor),
            stamp=stamp_of(now, one.stamp),
            tried=now,
        )
        if not self.store.begin_delivery(sending, self.holder, now):
            return False
        try:
            entry = wanted.entries[one.uid] if one.method == "show" else None
            sent = link.send(Message(delivery=sending, entry=entry, zone=wanted.zone))
        except NotDelivered as error:
            self.store.end_delivery(*failed(sending, error.fault, self.now()))
            if isinstance(error.fault, ChannelFault):
                raise
            return True
        state: DeliveryState = "confirmed" if sent.confirmed else "sent"
        self.store.end_delivery(replace(sending, state=state, remote=sent.remote, error=None, print=sent.print))
        if channel.fails:
            self.store.change_channel(channel.id, {"fails": 0, "fault": None, "again": None})
        return True

    def _content(self, channel: Channel, one: Delivery) -> PatientWanted:
        """What the patient's entries say, as the act has it up to which messages were queued."""
        if one.method == "withdraw":
            return PatientWanted(head=one.head, wanted=(), entries={})
        found = self._known.get((channel.id, one.code))
        if found is None or found.head != self.store.head(one.code):
            found = self._known[channel.id, one.code] = self.wanted(self.store, channel, one.code)
        return found

    # what came of it

    def _read_back(self, channel: Channel, link: CalendarLink | None, *, is_done: bool) -> CalendarLink | None:
        """Ask for replies, and, once an hour, what the calendar holds. A withdrawn channel is removed."""
        now = self.now()
        if channel.life == "withdrawing":
            if is_done:
                self.store.change_channel(channel.id, {"life": "removed"})
            return link
        last = channel.swept
        if last is not None and add_seconds(last, SWEEP if channel.kind != "imip" else LOOKED) > now:
            return link
        link = link or self.link_of(channel)
        self._take_replies(channel, link)
        if is_done and (held := link.held()) is not None:
            self._restore(channel, held)
        self.store.change_channel(channel.id, {"swept": now, "fails": 0, "fault": None, "again": None})
        return link

    def _take_replies(self, channel: Channel, link: CalendarLink) -> None:
        answers = {(one.uid, one.sequence): one for one in link.replies()}
        if not answers:
            return
        for one in (one for code in self.store.delivered_heads(channel.id) for one in self._rows(channel, code)):
            answer = answers.get((one.uid, one.sequence))
            if answer is not None and one.state in ("sent", "confirmed", "declined"):
                state: DeliveryState = "confirmed" if answer.accepted else "declined"
                self.store.end_delivery(replace(one, state=state, error=None if answer.accepted else Declined()))

    def _rows(self, channel: Channel, code: str) -> list[Delivery]:
        return self.store.deliveries(channel.id, code)

    def _restore(self, channel: Channel, held: Mapping[str, Held]) -> None:
        """Queue again what somebody has changed or deleted in the calendar."""
        for code in self.store.delivered_heads(channel.id):
            again = [one for one in self._rows(channel, code) if _is_changed(one, held.get(one.uid))]
            anew = [
                replace(one, id=0, state="queued", tries=0, there=True, shows=one.starts, by_hand=True) for one in again
            ]
            if anew:
                self.store.queue(channel.id, {}, anew, [])


def _is_changed(one: Delivery, there: Held | None) -> bool:
    """Whether the calendar no longer holds what was sent there."""
    if one.state not in ("sent", "confirmed") or one.method == "withdraw":
        return False
    return there is None or there.print != one.print
