"""A calendar of Microsoft 365, against a server with Graph's documented rules and a planted fault for each; untested with a
tenant. What is sent is compared with Microsoft's own metadata."""

import json
import logging
from datetime import UTC, date, datetime, timedelta

import msal
import pytest
import requests
from msgspec.structs import replace
from shared.graph_server import MAILBOX, graph, wrong_event
from shared.stores import EITHER, new_place
from shared.ward import Ward

from schedule.ledger.opening import open_store
from schedule.model.acts import Cancel
from schedule.model.errors import NotDelivered
from schedule.model.reasons.deliveries import NotPermitted, SignInRefused, TooFast
from schedule.output.graph import moment_of, new_event_values
from schedule.service.channels import add_channel, channel_called, remove_channel
from schedule.service.graph_link import GraphLink
from schedule.service.publisher import Publisher
from schedule.service.standings import publishing_lines
from schedule.service.wanted import wanted_of

START = datetime(2026, 6, 11, 20, 15, tzinfo=UTC)
SIGN_IN = GraphLink._token
"""As it is, where a test puts another in its place."""


@pytest.fixture(scope="module")
def server():
    with graph() as found:
        yield found


class Mailbox:
    def __init__(self, store, server, tmp_path, zone="America/New_York", level="steps"):
        server.events, server.plan, server.refused, server.can_edit = {}, [], [], True
        secret = tmp_path / "secret"
        secret.write_text("s")
        secret.chmod(0o600)
        self.store, self.server, self.clock, self.ward = store, server, START, Ward(store, zone=zone)
        self.channel = add_channel(
            store, name="Ward calendar", kind="graph", code=None, level=level, address=MAILBOX, by="IT", at=START,
            settings={"tenant": "t", "client": "c", "secret-file": str(secret), "graph-url": server.address},
        )  # fmt: skip

    def run(self):
        for _ in range(12):
            moment = Publisher(store=self.store, link_of=lambda one: GraphLink(channel=one), now=lambda: self.clock, holder="w").round()
            if moment is None:
                return
            self.clock = max(moment, self.clock + timedelta(seconds=1))
        raise AssertionError(publishing_lines(self.store, self.clock))

    def is_as_planned(self):
        found, shown = wanted_of(self.store, self.channel, self.ward.code), self.server.shown()
        assert self.server.refused == []
        assert {uid: event["subject"] for uid, event in shown.items()} == {uid: one.title for uid, one in found.entries.items()}
        for one in found.wanted:
            event = shown[one.uid]
            wall = datetime.fromisoformat(event["start"]["dateTime"])
            assert (wall.date() if event["isAllDay"] else wall.replace(tzinfo=UTC)) == one.starts
            if found.entries[one.uid].cancelled or "HELD" in event["subject"]:
                assert (event["isReminderOn"], event["showAs"]) == (False, "free")
        return shown


@pytest.fixture
def mailbox(request, tmp_path, server, monkeypatch):
    """In a file, unless a test asks for another place."""
    monkeypatch.setattr(GraphLink, "_token", lambda self: "right")
    with open_store(new_place(request, tmp_path, getattr(request, "param", "sqlite")), waits=False) as store:
        yield Mailbox(store, server, tmp_path)


@pytest.fixture
def minimal(tmp_path, server, monkeypatch):
    monkeypatch.setattr(GraphLink, "_token", lambda self: "right")
    with open_store(tmp_path / "ledger.sqlite", waits=False) as store:
        yield Mailbox(store, server, tmp_path, level="minimal")


@pytest.mark.parametrize("mailbox", EITHER, indirect=True)
def test_a_patients_whole_story_is_in_the_calendar_each_entry_once(mailbox):
    mailbox.run()
    infusion = next(one.uid for one in wanted_of(mailbox.store, mailbox.channel, mailbox.ward.code).wanted if one.infusion)
    assert mailbox.is_as_planned()[infusion]["start"] == {"dateTime": "2026-06-15T14:00:00", "timeZone": "UTC"}
    mailbox.ward.record("fludarabine-1", "given", "2026-06-10 09:10")
    for to in ("2026-06-17", "2026-06-15"):
        mailbox.ward.slip(f"{to} 10:00", "2026-06-11 20:10", cause="illness", reason="fever")
        mailbox.run()
        assert mailbox.is_as_planned()[infusion]["start"]["dateTime"] == f"{to}T14:00:00"
    mailbox.ward.record("fludarabine-2", "held", "2026-06-11 20:20")
    mailbox.ward.do(Cancel(), "2026-06-12 08:00", reason="progression")
    mailbox.run()
    mailbox.is_as_planned()
    (line,) = publishing_lines(mailbox.store, mailbox.clock)
    assert not line.loud and " moved, " in line.text
    remove_channel(mailbox.store, channel_called(mailbox.store, "Ward calendar"), leave=False)
    mailbox.run()
    assert mailbox.server.events == {}


@pytest.mark.parametrize(("fault", "at"), [*(("gone", at) for at in range(6)), (500, 1), (500, 2), (429, 0), (429, 4)])
def test_whatever_goes_wrong_at_any_request_each_entry_is_there_once(fault, at, minimal):
    """Of each entry is asked whether it is there, it is made, and read back. `gone`: it is done, and nobody hears of it."""
    minimal.server.plan = [*[None] * at, fault]
    minimal.run()
    minimal.is_as_planned()


def test_what_somebody_moves_or_deletes_is_put_back(mailbox):
    mailbox.run()
    first, second = sorted(mailbox.server.shown().values(), key=lambda event: event["start"]["dateTime"])[:2]
    first["start"]["dateTime"], first["isAllDay"] = "2026-06-01T00:00:00", True
    del mailbox.server.events[second["id"]]
    mailbox.clock += timedelta(minutes=61)
    mailbox.run()
    mailbox.is_as_planned()
    assert any("2 entries of CASE-1 had been changed by hand" in line.text for line in publishing_lines(mailbox.store, mailbox.clock))


BY_HAND = {
    "its title": {"subject": "D−5 something else · CASE-1"},
    "its end": {"end": {"dateTime": "2026-06-15T23:00:00", "timeZone": "UTC"}},
    "that it blocks the time": {"showAs": "free"},
    "that it recurs": {"recurrence": {"pattern": {"type": "daily", "interval": 1}}},
}


@pytest.mark.parametrize("change", BY_HAND.values(), ids=BY_HAND)
def test_whatever_of_an_entry_is_changed_by_hand_is_put_back_and_told(change, mailbox):
    mailbox.run()
    infusion = next(one.uid for one in wanted_of(mailbox.store, mailbox.channel, mailbox.ward.code).wanted if one.infusion)
    before = dict(mailbox.server.shown()[infusion])
    mailbox.server.shown()[infusion].update(change)
    mailbox.clock += timedelta(minutes=61)
    mailbox.run()
    after = mailbox.server.shown()[infusion]
    assert {name: after[name] for name in ("subject", "end", "showAs")} == {name: before[name] for name in ("subject", "end", "showAs")}
    assert not after.get("recurrence")
    told = [line.text for line in publishing_lines(mailbox.store, mailbox.clock) if "by hand" in line.text]
    assert told == ["Ward calendar: 1 entry of CASE-1 had been changed by hand in the calendar and went out again."]


def test_a_check_says_what_is_wrong_and_leaves_nothing(mailbox, monkeypatch):
    link = GraphLink(channel=mailbox.channel)
    link.check()
    mailbox.server.can_edit = False
    faults = []
    for plan in ([], [429], [401]):
        mailbox.server.plan = plan
        with pytest.raises(NotDelivered) as refused:
            link.check()
        faults.append(refused.value.fault)
    link.close()
    assert faults == [
        NotPermitted(address=MAILBOX), TooFast(server="127.0.0.1", seconds=7), SignInRefused(server="127.0.0.1"),
    ]  # fmt: skip
    assert mailbox.server.events == {}


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_a_day_is_the_same_date_in_every_zone(zone, tmp_path, server, monkeypatch):
    monkeypatch.setattr(GraphLink, "_token", lambda self: "right")
    with open_store(tmp_path / "ledger.sqlite", waits=False) as store:
        found = Mailbox(store, server, tmp_path, zone, "minimal")
        found.run()
        days = {event["start"]["dateTime"]: event["start"]["timeZone"] for event in server.shown().values()}
        assert days["2026-06-15T00:00:00"] == zone
        found.clock += timedelta(minutes=61)
        before = store.attempts(1, START - timedelta(days=1))
        found.run()
        assert store.attempts(1, START - timedelta(days=1)) == before


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("2026-06-15T04:00:00.0000000", True), date(2026, 6, 15)), (("2026-06-14T22:00:00.0000000", True), date(2026, 6, 15)),
        (("2026-06-15T00:00:00.0000000", True), date(2026, 6, 15)),
        (("2026-06-15T14:00:00.0000000", False), datetime(2026, 6, 15, 14, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_when_an_event_that_was_read_back_begins(told, expected):
    assert moment_of({"start": {"dateTime": told[0], "timeZone": "UTC"}, "isAllDay": told[1]}, "start") == expected


SPOILT = {
    "an end before the start": lambda event: event | {"end": event["start"]},
    "no end": lambda event: {name: value for name, value in event.items() if name != "end"},
    "an unknown property": lambda event: event | {"colour": "red"},
    "a word that is none of the enumeration": lambda event: event | {"showAs": "Busy"},
    "a number as text": lambda event: event | {"reminderMinutesBeforeStart": "30"},
    "all day, from ten": lambda event: event | {"isAllDay": True},
    "no reminder said": lambda event: {name: value for name, value in event.items() if name != "isReminderOn"},
    "somebody invited": lambda event: event | {"attendees": [{"emailAddress": {"address": "x@y.example"}}]},
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_the_rules_see_each_planted_fault(spoil, mailbox):
    found = wanted_of(mailbox.store, mailbox.channel, mailbox.ward.code)
    one = next(one for one in found.wanted if one.infusion)
    mailbox.run()
    row = next(row for row in mailbox.store.deliveries(1, mailbox.ward.code) if row.uid == one.uid)
    event = new_event_values(found.entries[one.uid], replace(row, sequence=3), "America/New_York")
    assert wrong_event(event, new=True) == []
    assert wrong_event(spoil(event), new=True) != []


# logs ---------------------------------------------------------------------------------------------------------------


class SignInServer:
    """What Microsoft answers to who signs in, in the place of the network."""

    status_code, headers = 200, {}

    def __init__(self, method, url):
        about = {name: f"https://login.microsoftonline.com/t/{name}" for name in ("authorization_endpoint", "token_endpoint", "issuer")}
        given = {"access_token": "right", "token_type": "Bearer", "expires_in": 3599}
        self.text = json.dumps(given if method == "POST" else about)

    def raise_for_status(self):
        pass


def test_however_much_is_logged_no_token_no_address_no_code_and_no_subject_is(mailbox, monkeypatch, caplog):
    """Everything that is on at DEBUG, in a program that logs all that any library says."""
    monkeypatch.setattr(GraphLink, "_token", SIGN_IN)
    monkeypatch.setattr(requests.Session, "request", lambda self, method, url, **_: SignInServer(method, url))
    caplog.set_level(logging.DEBUG)
    mailbox.server.plan = [None, 500, None, 429]
    mailbox.run()
    mailbox.is_as_planned()
    link = GraphLink(channel=mailbox.channel)
    link.check()
    link.close()
    said = caplog.text + "".join(repr(vars(record)) for record in caplog.records)
    subjects = {event["subject"] for event in mailbox.server.events.values()}
    secrets = ["right", "client_secret", MAILBOX, MAILBOX.replace("@", "%40"), "127.0.0.1", mailbox.ward.code, *subjects]
    assert len(subjects) > 10
    assert [secret for secret in secrets if secret in said] == []


@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "msal.application", "msal.token_cache", "urllib3.connectionpool"])
def test_no_library_on_the_way_is_heard_not_even_in_trouble(name):
    assert not logging.getLogger(name).isEnabledFor(logging.CRITICAL)


def test_without_that_they_would_be(mailbox, caplog):
    """So that the test above does not pass because nothing is said at all."""
    logger = logging.getLogger("httpx")
    caplog.set_level(logging.DEBUG, logger="httpx")
    assert logger.isEnabledFor(logging.DEBUG) and msal.__version__
    mailbox.run()
    assert MAILBOX in caplog.text or MAILBOX.replace("@", "%40") in caplog.text
