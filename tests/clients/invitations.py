"""What a channel's mails do in a program that takes invitations: each accepted, as by somebody who presses the button."""

from datetime import UTC, datetime
from pathlib import Path

from shared.calendar_ward import CODE, CalendarWard, life
from shared.foreign import shown
from shared.relay import relay

from clients.table import order, said
from schedule.ledger.sqlite import SqliteStore
from schedule.service.channels import add_channel, remove_channel
from schedule.service.mail_link import MailLink
from schedule.service.publisher import Publisher

START = datetime(2026, 5, 26, 12, 0, tzinfo=UTC)
MAILBOX = "ward-3@hospital.example"
ENDED = "ended"


def mails_of(folder):
    """Act -> the mails that a channel sends after it, of the example; `ended`: the channel is removed."""
    found = {}
    with SqliteStore(Path(folder) / "mails.sqlite") as store, relay() as server:
        ward = CalendarWard(store)
        settings = {"relay": f"smtp://localhost:{server.port}", "sender": "dayzero@hospital.example", "people": "yes", "per-minute": "1000"}
        channel = add_channel(
            store, name="Ward", kind="imip", code=CODE, level="steps", address=MAILBOX, settings=settings, by="IT", at=START
        )  # fmt: skip
        for act in life(ward):
            found[act] = sent(store, server)
        remove_channel(store, channel, leave=False)
        found[ENDED] = sent(store, server)
    return found


def sent(store, server):
    """What the channel has to send now, each message a moment after the one before it."""
    clock, before = [START], len(server.mails)
    worker = Publisher(store=store, link_of=lambda one: MailLink(channel=one), now=lambda: clock[0], holder="test")
    while (moment := worker.round()) is not None:
        clock[0] = moment
    return [content for _, _, content in server.mails[before:]]


def of_invitations(program, mails, files):
    """Act -> what a program does that accepts each mail of it; after the last, the channel's end, old mails come again."""
    found = {}
    for (act, given, _), (_, file, wanted) in zip(order(mails), order(files), strict=True):
        program.take(given)
        found[act] = said(program.held(), shown(wanted), shown(file), act, None)
    program.take(mails[ENDED])
    left = len(program.held())
    program.take(mails["slip"])
    back = len(program.held()) - left
    return found | {ENDED: f"**{left} left, {back} brought back by old mails**" if left or back else "all gone"}
