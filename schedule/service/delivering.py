"""Delivering: once until nothing waits, or on and on, in whatever process was asked to."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from schedule.model.errors import NotDelivered
from schedule.model.publishing import Channel
from schedule.model.reasons.deliveries import ExtraMissing
from schedule.service.links import CalendarLink
from schedule.service.place import LedgerPlace, Store, open_ledger
from schedule.service.publisher import Publisher

ONCE_WAITS = 60
"""Seconds that are waited for a channel's pace, where it is delivered once; what failed is left for the next time."""


def link_to(channel: Channel) -> CalendarLink:
    """The way to a channel's calendar. NotDelivered if this computer has not what it takes."""
    match channel.kind:
        case "imip":
            from schedule.service.mail_link import MailLink

            return MailLink(channel=channel)
        case "caldav":
            from schedule.service.caldav_link import CalDavLink

            return CalDavLink(channel=channel)
        case "graph":
            try:
                from schedule.service.graph_link import GraphLink
            except ModuleNotFoundError as error:
                raise NotDelivered(ExtraMissing(extra="graph")) from error
            return GraphLink(channel=channel)
        case _:
            assert_never(channel.kind)


def worker_on(store: Store, now: Callable[[], datetime]) -> Publisher:
    """A worker with a name of its own."""
    return Publisher(store=store, link_of=link_to, now=now, holder=uuid.uuid4().hex)


def deliver_once(store: Store, now: Callable[[], datetime], wait: Callable[[float], object]) -> None:
    """Send what may be sent, waiting as long as a channel's pace asks for. `wait` waits so many seconds."""
    worker = worker_on(store, now)
    while (moment := worker.round()) is not None:
        seconds = (moment - now()).total_seconds()
        channels = [one for one in store.channels() if one.life != "removed"]
        left = [one for channel in channels for one in store.unfinished(channel.id)]
        if seconds > ONCE_WAITS or any(one.fails for one in channels) or all(one.tries for one in left):
            return
        wait(max(seconds, 0.0))


def keep_delivering(
    place: LedgerPlace,
    now: Callable[[], datetime],
    wait: Callable[[float], bool],
    every: float,
    told: Callable[[Exception], None],
) -> None:
    """Look every so many seconds, and send. `wait` waits, and is True where it is time to stop; a ledger that cannot be
    read or written is told (NotDone), and so is a defect, and it is tried again."""
    while True:
        try:
            with open_ledger(place, make=False) as store:
                worker = worker_on(store, now)
                while True:
                    moment = worker.round()
                    seconds = every if moment is None else min((moment - now()).total_seconds(), every)
                    if wait(max(seconds, 0.1)):
                        return
        except Exception as error:  # also a defect: what stands still is worse
            told(error)
            if wait(every):
                return
