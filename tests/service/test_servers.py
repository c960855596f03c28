"""Servers that others wrote, each with a patient's whole story: planned, recorded, slipped, slipped back, held, cancelled.
Every entry is there once, where the plan has it; nothing is revived or moved back.

Cyrus is given mail by LMTP, as a mailbox is; Cyrus, Radicale and xandikos take entries by CalDAV, and give them back.
"""

import smtplib
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from msgspec.structs import replace
from shared.dav_servers import SECRET, USER, cyrus, radicale, xandikos
from shared.ward import Ward

from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel
from schedule.model.errors import NotDelivered
from schedule.service.caldav_link import CalDavLink
from schedule.service.channels import add_channel, channel_called, pause_channel, remove_channel, resume_channel
from schedule.service.mail_link import MailLink
from schedule.service.publisher import Publisher
from schedule.service.standings import publishing_lines
from schedule.service.wanted import wanted_of
from schedule.words.publishing import fault_of_channel

START = datetime(2026, 6, 11, 20, 15, tzinfo=UTC)
SERVERS = {"radicale": radicale, "xandikos": xandikos, "cyrus": cyrus}


@pytest.fixture(scope="module", params=SERVERS)
def server(request, tmp_path_factory):
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as found:
        found.name = request.param
        yield found


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory):
    with cyrus(tmp_path_factory.mktemp("mailbox")) as found:
        yield found


class Story:
    """A ledger with one patient, a channel to a server's calendar, and a clock."""

    def __init__(self, store, server, tmp_path, code, kind="caldav", *, replies=False):
        self.store, self.server, self.clock = store, server, START
        self.ward = Ward(store, code=code)
        for path in server.paths():
            server.ask("DELETE", path)
        secret = tmp_path / "secret"
        secret.write_text(SECRET)
        secret.chmod(0o600)
        home = f"http://127.0.0.1:{server.connection.port}{server.home}"
        settings = {"user": USER, "secret-file": str(secret)} if "Authorization" in server.headers else {}
        if kind == "imip":
            home = f"{USER}@localhost"
            settings = {
                "relay": f"lmtp://127.0.0.1:{server.lmtp}", "sender": "dayzero@hospital.example",
                **({"replies": f"imap://{USER}@127.0.0.1:{server.imap}", "replies-secret-file": str(secret)} if replies else {}),
            }  # fmt: skip
        self.kind = kind
        self.channel = add_channel(
            store, name="Ward calendar", kind=kind, code=None, level="steps", address=home,
            settings={**settings, "per-minute": "1000"}, by="IT", at=START,
        )  # fmt: skip

    def link(self, channel):
        return (MailLink if self.kind == "imip" else CalDavLink)(channel=channel)

    def deliver(self, worker="first"):
        self.clock += timedelta(minutes=2)
        moment = Publisher(store=self.store, link_of=self.link, now=lambda: self.clock, holder=worker).round()
        assert moment is None, publishing_lines(self.store, self.clock)

    def events(self):
        found = [event for path in self.server.paths() for event in icalendar.Calendar.from_ical(self.server.ask("GET", path)[1]).walk("VEVENT")]
        assert len({str(event["UID"]) for event in found}) == len(found)
        return {str(event["UID"]): event for event in found}

    def is_as_planned(self):
        """Every entry once, where the plan has it, with its title; none that is cancelled or held has an alarm."""
        wanted = wanted_of(self.store, self.channel, self.ward.code)
        held = self.events()
        if self.kind == "imip":  # Cyrus keeps what was withdrawn, marked so
            held = {uid: event for uid, event in held.items() if event["STATUS"] != "CANCELLED"}
        assert {uid: _instant(event["DTSTART"].dt) for uid, event in held.items()} == {
            one.uid: _instant(one.starts) for one in wanted.wanted
        }
        assert {uid: str(event["SUMMARY"]) for uid, event in held.items()} == {
            uid: one.title for uid, one in wanted.entries.items()
        }
        for uid, event in held.items():
            if wanted.entries[uid].cancelled or "HELD" in wanted.entries[uid].title:
                assert list(event.walk("VALARM")) == [] and "TRANSPARENT" in event["TRANSP"]
        return held


def _instant(moment):
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def story(server, tmp_path, kind="caldav"):
    with SqliteStore(tmp_path / "ledger.sqlite", waits=False) as store:
        told = Story(store, server, tmp_path, f"CASE-{kind.upper()}", kind)
        ward = told.ward
        link = told.link(told.channel)
        link.check()
        link.close()
        told.deliver()
        infusion = next(one.uid for one in wanted_of(store, told.channel, ward.code).wanted if one.infusion)
        assert told.is_as_planned()[infusion]["DTSTART"].dt.astimezone(UTC) == datetime(2026, 6, 15, 14, 0, tzinfo=UTC)
        ward.record("fludarabine-1", "given", "2026-06-10 09:10")
        told.deliver()
        told.is_as_planned()
        for to in ("2026-06-17 10:00", "2026-06-15 10:00"):
            ward.slip(to, "2026-06-11 20:10", cause="illness", reason="fever")
            told.deliver()
            found = told.is_as_planned()[infusion]
            assert f"{found['DTSTART'].dt.astimezone(UTC) - timedelta(hours=4):%Y-%m-%d %H:%M}" == to
        ward.record("fludarabine-2", "held", "2026-06-11 20:20")
        told.deliver()
        told.is_as_planned()
        yield told
        ward.do(Cancel(), "2026-06-12 08:00", reason="progression")
        told.deliver()
        held = told.is_as_planned()
        assert sum("CANCELLED" in event["SUMMARY"] for event in held.values()) > 10
        resume_channel(store, channel_called(store, "Ward calendar"))
        remove_channel(store, channel_called(store, "Ward calendar"), leave=False)
        told.deliver()
        assert told.server.paths() == [] or kind == "imip"
        if kind == "imip":
            assert {str(event["STATUS"]) for event in told.events().values()} <= {"CANCELLED"}


def change_by_hand(told):
    """Somebody moves the infusion to the day before, and gives three other entries another title, a later end, and leave to
    be overbooked."""
    wanted = wanted_of(told.store, told.channel, told.ward.code)
    zero = next(one for one in wanted.wanted if one.infusion)
    others = [one for one in wanted.wanted if not one.infusion][:3]
    for one, name in zip((zero, *others), ("start", "SUMMARY", "end", "TRANSP"), strict=True):
        path = next(path for path in told.server.paths() if one.uid in path)
        read = icalendar.Calendar.from_ical(told.server.ask("GET", path)[1])
        (event,) = read.walk("VEVENT")
        if name == "start":
            event.start -= timedelta(days=1)
            event.end -= timedelta(days=1)
        elif name == "end":
            event.end += timedelta(days=1)
        else:
            event[name] = {"SUMMARY": "something else", "TRANSP": "TRANSPARENT" if event["TRANSP"] == "OPAQUE" else "OPAQUE"}[name]
        assert told.server.ask("PUT", path, read.to_ical(), Content_Type="text/calendar")[0] in (201, 204)


def test_a_calendar_by_caldav_shows_a_patients_whole_story(server, tmp_path):
    for told in story(server, tmp_path):
        (line,) = publishing_lines(told.store, told.clock)
        assert line.text.endswith(" moved, 16:25.")
        before = told.events()
        change_by_hand(told)
        assert sum(told.events()[uid].to_ical() != event.to_ical() for uid, event in before.items()) == 4
        told.clock += timedelta(minutes=61)
        told.deliver()
        again = told.is_as_planned()
        assert {uid: (event.end, event["TRANSP"], event["STATUS"]) for uid, event in again.items()} == {
            uid: (event.end, event["TRANSP"], event["STATUS"]) for uid, event in before.items()
        }
        lines = [line.text for line in publishing_lines(told.store, told.clock)]
        assert any("4 entries of CASE-CALDAV had been changed by hand in the calendar and went out again." in line for line in lines)
        pause_channel(told.store, told.channel, told.clock)
        told.ward.slip("2026-06-17 10:00", "2026-06-11 20:30", cause="illness", reason="fever")
        told.deliver()
        (paused,) = (line.text for line in publishing_lines(told.store, told.clock) if line.loud)
        assert "CASE-CALDAV still shows day 0 on Mon 15-Jun-2026: telephone." in paused
        resume_channel(told.store, told.channel)


def test_a_mailbox_by_mail_shows_a_patients_whole_story(mailbox, tmp_path):
    for told in story(mailbox, tmp_path, "imip"):
        (line,) = publishing_lines(told.store, told.clock)
        assert line.text.endswith(" sent, not confirmed, 16:25.")


# what a mailbox answers, in a mailbox that is read by IMAP

REPLY = """From: {user}@localhost\r
To: dayzero@hospital.example\r
Subject: {said}\r
MIME-Version: 1.0\r
Content-Type: text/calendar; charset=utf-8; method=REPLY\r
\r
BEGIN:VCALENDAR\r
METHOD:REPLY\r
VERSION:2.0\r
PRODID:-//Somebody//Room//EN\r
BEGIN:VEVENT\r
ORGANIZER:mailto:dayzero@hospital.example\r
ATTENDEE;PARTSTAT={said}:mailto:{user}@localhost\r
UID:{uid}\r
SEQUENCE:{sequence}\r
DTSTAMP:20260611T203000Z\r
DTSTART:20260615T140000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


def answer(server, said, *rows):
    """The mailbox's answers come in, each as a mail of its own, and one mail of somebody else's."""
    with smtplib.LMTP("127.0.0.1", server.lmtp) as relay:
        for one in rows:
            text = REPLY.format(user=USER, said=said, uid=one.uid, sequence=one.sequence)
            relay.sendmail(f"{USER}@localhost", [f"{USER}@localhost"], text)
        relay.sendmail("x@localhost", [f"{USER}@localhost"], "From: x@localhost\r\nSubject: holiday\r\n\r\nUntil Monday.\r\n")


def test_what_a_mailbox_answers_is_the_proof_and_what_it_declines_is_red(mailbox, tmp_path):
    with SqliteStore(tmp_path / "ledger.sqlite", waits=False) as store:
        told = Story(store, mailbox, tmp_path, "CASE-R", "imip", replies=True)
        link = told.link(told.channel)
        link.check()
        link.close()
        told.deliver()
        first = store.deliveries(told.channel.id, "CASE-R")
        count = len(first)
        (line,) = publishing_lines(store, told.clock)
        assert line.text == f"Ward calendar: CASE-R, {count} of {count} sent, not confirmed, 16:17."
        answer(mailbox, "ACCEPTED", *first)
        told.deliver()
        (line,) = publishing_lines(store, told.clock)
        assert (line.loud, line.text) == (False, f"Ward calendar: CASE-R, {count} of {count} moved, 16:17.")

        told.ward.slip("2026-06-16 10:00", "2026-06-11 20:10", cause="illness", reason="fever")
        told.deliver()
        moved = [one for one in store.deliveries(told.channel.id, "CASE-R") if one.state == "sent"]
        zero = next(one for one in moved if one.infusion)
        answer(mailbox, "ACCEPTED", *(one for one in first if one.uid in {late.uid for late in moved}))
        told.deliver()
        (line,) = publishing_lines(store, told.clock)
        assert line.text == f"Ward calendar: CASE-R, {len(moved)} of {len(moved)} sent, not confirmed, 16:21."

        answer(mailbox, "ACCEPTED", *(one for one in moved if one is not zero))
        answer(mailbox, "DECLINED", zero)
        for _ in range(2):  # what has been read is not read again, and stays red
            told.deliver()
            lines = publishing_lines(store, told.clock)
            assert [line.text for line in lines if line.loud] == [
                "Ward calendar: 1 NOT moved: CASE-R (1), still shows day 0 on Mon 15-Jun-2026: telephone."
            ]
            assert [line.text for line in lines if not line.loud] == [
                f"Ward calendar: CASE-R, {len(moved) - 1} of {len(moved)} moved."
            ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda home: home.rstrip("/") + "x/", "There is no calendar at "),
        (lambda home: home.replace("http://127.0.0.1", "http://calendar.example"), "calendar.example offers no encryption, so nothing was sent."),
        (lambda home: "http://127.0.0.1:1/", "127.0.0.1 does not answer (Connection refused). "),
    ],
    ids=["no such calendar", "no encryption", "no server"],
)
def test_what_is_wrong_with_a_calendar_is_said(change, said, server, tmp_path):
    with SqliteStore(tmp_path / "ledger.sqlite", waits=False) as store:
        told = Story(store, server, tmp_path, "CASE-W")
        link = CalDavLink(channel=replace(told.channel, address=change(told.channel.address)))
        with pytest.raises(NotDelivered) as refused:
            link.check()
        link.close()
        assert fault_of_channel(refused.value.fault).startswith(said)
