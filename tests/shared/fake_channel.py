"""A ward of which only what its calendar should show is known, and a calendar that takes whatever it is sent: it fails
anywhere it is told to, and remembers each message."""

from datetime import UTC, date, datetime, timedelta

from schedule.ledger.postgres import PostgresStore
from schedule.ledger.sqlite import SqliteStore
from schedule.model.errors import NotDelivered
from schedule.model.publishing import Wanted
from schedule.model.reasons.deliveries import BrokenOff, MessageRefused, Unreachable
from schedule.model.server_address import ServerAddress
from schedule.service.channels import add_channel
from schedule.service.links import Held, Sent
from schedule.service.publisher import Publisher
from schedule.service.wanted import PatientWanted

START = datetime(2026, 6, 11, 20, 15, tzinfo=UTC)
DAY = date(2026, 6, 15)


class Killed(BaseException):
    """The worker's process ends here."""


class FakeActs:
    """A ledger whose acts are a number for each patient: its entries by UID, each (SEQUENCE, day, is day 0)."""

    def __init__(self, place):
        super().__init__(place, waits=False)
        self.shown, self.lies, self.is_killed = {}, "here", False

    def end_lease(self, channel, holder):
        """Whoever is killed leaves its lease behind."""
        if not self.is_killed:
            super().end_lease(channel, holder)

    def heads(self, ward=None):
        return {code: f"{code}/{number}" for code, (number, _) in self.shown.items()}

    def head(self, code):
        return self.heads().get(code)

    def tips(self):
        return str(sum(number for number, _ in self.shown.values())), ""

    def codes(self):
        return []

    def home(self, channel):
        return f"{self.lies} {super().home(channel)}"

    def act(self, code, days):
        """An act after which a patient's entries lie on these days, by UID; one that differs dates from it."""
        number, before = self.shown.get(code, (0, {}))
        number += 1
        entries = {}
        for uid, day in days.items():
            was = before.get(uid)
            entries[uid] = was if was is not None and was[1] == day else (number - 1, day, uid.endswith("-nk"))
        self.shown[code] = number, entries


class FakeStore(FakeActs, SqliteStore):
    """In a file."""


class FakeServerStore(FakeActs, PostgresStore):
    """On a server."""


def fake_store(place):
    return (FakeServerStore if isinstance(place, ServerAddress) else FakeStore)(place)


def wanted_in(store, _channel, code):
    entries = store.shown[code][1]
    found = tuple(
        Wanted(uid=uid, sequence=sequence, hash=f"{sequence} {day}", starts=day, infusion=is_zero)
        for uid, (sequence, day, is_zero) in entries.items()
    )
    return PatientWanted(head=store.head(code), wanted=found, entries={one.uid: one for one in found})


def _held(day):
    return Held(title="", starts=day, ends=day)


class FakeCalendar:
    """Takes everything, in whatever order it comes: a late message would move an entry back."""

    def __init__(self, store):
        self.store = store
        self.held, self.got, self.plan, self.confirms, self.wrong = {}, [], [], False, []

    def link(self, _channel):
        return self

    def send(self, message):
        step = self.plan.pop(0) if self.plan else "ok"
        if step == "killed before":
            raise self.killed()
        if step == "down":
            raise NotDelivered(Unreachable(server="relay", cause="no route"))
        if step == "refused":
            raise NotDelivered(MessageRefused(status=554))
        self.take(message)
        if step == "broken":
            raise NotDelivered(BrokenOff(server="relay"))
        if step == "killed after":
            raise self.killed()
        return Sent(confirmed=self.confirms, print=_held(message.delivery.starts).print)

    def killed(self):
        self.store.is_killed = True
        return Killed()

    def take(self, message):
        one = message.delivery
        before = [sequence for uid, sequence, *_ in self.got if uid == one.uid]
        if before and one.sequence <= before[-1]:
            self.wrong.append((one.uid, before[-1], one.sequence))
        self.got.append((one.uid, one.sequence, one.method, one.starts))
        if one.method == "show":
            self.held[one.uid] = one.starts
        else:
            self.held.pop(one.uid, None)

    def held_all(self):
        return {uid: _held(day) for uid, day in self.held.items()}

    def check(self):
        return None

    def replies(self):
        return ()

    def close(self):
        return None


class FakeLink:
    """One way to the calendar, as a channel opens it; one that can be read back, or not."""

    def __init__(self, calendar, reads):
        self.calendar, self.reads = calendar, reads

    def held(self):
        return self.calendar.held_all() if self.reads else None

    def __getattr__(self, name):
        return getattr(self.calendar, name)


class FakeWard:
    """A ledger, a channel, a calendar and a clock."""

    def __init__(self, place, *, per_minute=20, reads=False, kind="imip"):
        self.store = fake_store(place).__enter__()
        self.clock, self.calendar, self.reads = START, FakeCalendar(self.store), reads
        self.channel = add_channel(
            self.store, name="Ward calendar", kind=kind, code=None, level="minimal", address="ward@hospital.example",
            settings={"per-minute": str(per_minute)}, by="IT", at=START,
        )  # fmt: skip

    def again(self, place, shown):
        """Another process opens the file that lies there now; the acts are those that are known."""
        self.store = fake_store(place).__enter__()
        self.store.shown, self.calendar.store = dict(shown), self.store

    def worker(self, name="first"):
        return Publisher(
            store=self.store, link_of=lambda channel: FakeLink(self.calendar, self.reads), now=lambda: self.clock,
            holder=name, wanted=wanted_in,
        )  # fmt: skip

    def later(self, **span):
        self.clock += timedelta(**span)

    def run(self, most=400):
        """Rounds until nothing waits, the clock going on to each."""
        for _ in range(most):
            moment = self.worker().round()
            if moment is None:
                return
            self.clock = max(self.clock + timedelta(seconds=1), moment)
        raise AssertionError("it never ends")

    def shown(self):
        """What the ledger says the calendar should hold."""
        return {uid: day for _, entries in self.store.shown.values() for uid, (_, day, _) in entries.items()}

    def close(self):
        self.store.__exit__()
