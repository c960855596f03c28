"""A mailbox by mail: each message as programs want it, a relay that breaks off at every step, and what is said of it."""

import email
import re
from datetime import UTC, datetime
from email import policy

import icalendar
import pytest
from msgspec.structs import replace
from shared.byte_lint import faults
from shared.calendar_readers import libical_complaints
from shared.relay import certificate, relay
from shared.slip_once import CODE, create_patient, meta, slip

from schedule.ledger.opening import open_store
from schedule.model.acts import Cancel
from schedule.model.errors import NotDelivered
from schedule.model.reasons.deliveries import NoEncryption
from schedule.output.mail import mail
from schedule.service import mail_link
from schedule.service.acts import perform
from schedule.service.channels import add_channel
from schedule.service.links import Reply
from schedule.service.mail_link import MailLink
from schedule.service.publisher import Publisher
from schedule.service.replies import reply_in
from schedule.service.standings import publishing_lines
from schedule.service.wanted import wanted_of
from schedule.words.publishing import fault_of_channel

SENDER, MAILBOX = "dayzero@hospital.example", "ward-3@hospital.example"
START = datetime(2026, 6, 11, 16, 0, tzinfo=UTC)


@pytest.fixture
def store(either):
    with open_store(either, waits=False) as store:
        create_patient(store)
        yield store


def channel_to(store, port, level="minimal", host="localhost", **settings):
    given = {"relay": f"smtp://{host}:{port}", "sender": SENDER, "per-minute": "1000"} | settings
    return add_channel(
        store, name="Ward calendar", kind="imip", code=CODE, level=level, address=MAILBOX, settings=given, by="IT", at=START
    )


def worker(store, clock, link_of=None):
    return Publisher(
        store=store, link_of=link_of or (lambda channel: MailLink(channel=channel)), now=lambda: clock[0], holder="test"
    )


def run(store, clock):
    for _ in range(20):
        moment = worker(store, clock).round()
        if moment is None:
            return
        clock[0] = moment
    raise AssertionError("it never ends")


def content_of(data):
    """A mail's plain text and calendar."""
    plain, calendar = email.message_from_bytes(data, policy=policy.default).iter_parts()
    return plain, calendar


# one message


def example(store, level="steps", slipped=False, cancelled=False):
    channel = channel_to(store, 25, level)
    if slipped:
        slip(store, 60)
    if cancelled:
        perform(store, CODE, Cancel(), meta(120, reason="withdrawn"))
    found = wanted_of(store, channel, CODE)
    clock = [START]
    worker(store, clock, link_of=lambda _: None)._look(channel)
    rows = [replace(one, sequence=7, stamp=START) for one in store.unfinished(channel.id)]
    return rows, found.entries


def test_every_message_is_one_event_as_a_relay_and_a_calendar_want_it(store, tmp_path):
    rows, entries = example(store)
    assert len(rows) > 20
    for one in rows:
        data = mail(one, entries[one.uid], SENDER, MAILBOX, answers=True)
        assert max(map(len, data.split(b"\r\n"))) <= 998 and data.count(b"\n") == data.count(b"\r\n")
        found = email.message_from_bytes(data, policy=policy.default)
        assert not found.defects
        assert (found["From"], found["To"], found["Auto-Submitted"]) == (SENDER, MAILBOX, "auto-generated")
        assert found["Subject"] == entries[one.uid].title
        assert found.get_content_type() == "multipart/alternative"
        plain, calendar = content_of(data)
        assert plain.get_content_type() == "text/plain"
        assert plain.get_content().splitlines() == entries[one.uid].text.splitlines()
        assert calendar.get_content_type() == "text/calendar" and calendar["Content-Type"].params["method"] == "REQUEST"
        assert calendar["Content-Disposition"] is None
        body = calendar.get_payload(decode=True)
        assert [one for one in faults(body) if not one.startswith("METHOD")] == []
        (tmp_path / f"{one.uid}.ics").write_bytes(body)
        (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
        assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (f"mailto:{SENDER}", f"mailto:{MAILBOX}")
        assert event["ATTENDEE"].params["RSVP"] == "TRUE"
        assert (str(event["UID"]), event["SEQUENCE"], event["DTSTAMP"].dt) == (one.uid, 7, START)
        assert "DTEND" in event and b"\r\nMETHOD:REQUEST\r\n" in body and b"VTIMEZONE" not in body
        assert mail(one, entries[one.uid], SENDER, MAILBOX, answers=True) == data
    assert libical_complaints(tmp_path) == []


def test_a_cancelled_entry_is_renamed_free_and_without_an_alarm(store):
    rows, entries = example(store, cancelled=True)
    one = next(row for row in rows if entries[row.uid].cancelled and entries[row.uid].start)
    body = content_of(mail(one, entries[one.uid], SENDER, MAILBOX, answers=True))[1].get_payload(decode=True)
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert event["SUMMARY"].startswith("CANCELLED: ")
    assert (event["TRANSP"], event["STATUS"], list(event.walk("VALARM"))) == ("TRANSPARENT", "CONFIRMED", [])
    assert b"METHOD:REQUEST" in body


def test_a_withdrawal_says_nothing_but_whose_entry_is_gone(store, tmp_path):
    rows, _ = example(store)
    one = replace(rows[0], method="withdraw", shows=datetime(2026, 6, 15, 14, 0, tzinfo=UTC))
    data = mail(one, None, SENDER, MAILBOX, answers=True)
    plain, calendar = content_of(data)
    assert plain.get_content().strip() == "CIML-017: this entry no longer holds. Delete it."
    body = calendar.get_payload(decode=True)
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    (tmp_path / "gone.ics").write_bytes(body)
    assert libical_complaints(tmp_path) == []
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"], str(event["UID"])) == ("CANCELLED", 7, one.uid)


def test_a_minimal_channel_has_no_drug_in_title_text_subject_or_any_part(store):
    rows, entries = example(store, "minimal", slipped=True)
    told = b"".join(mail(one, entries[one.uid], SENDER, MAILBOX, answers=False) for one in rows)
    told += b"".join(content_of(mail(one, entries[one.uid], SENDER, MAILBOX, answers=False))[1].get_payload(decode=True) for one in rows)
    for word in ("fludarabine", "cyclophosphamide", "il-2", "aldesleukin", "infusion", "nct04024761"):
        assert word.encode() not in told.lower()
    for word in ("HELD", "GIVEN", "DONE"):
        assert re.search(rf"\b{word}\b".encode(), told) is None
    assert b"RSVP=FALSE" in told and b"RSVP=TRUE" not in told


# a relay that breaks off


@pytest.fixture(scope="module")
def running():
    with relay() as found:
        yield found


@pytest.fixture
def open_relay(running):
    running.steps, running.mails = {}, []
    return running


STEPS = [(step, how) for step in ("EHLO", "MAIL", "RCPT", "DATA") for how in ("break", "450 later", "550 no")]


@pytest.mark.parametrize(("step", "how"), STEPS, ids=lambda one: one.replace(" ", "-"))
def test_whatever_the_relay_does_at_any_step_everything_comes_and_rises(step, how, open_relay, store):
    if (step, how) in (("EHLO", "450 later"), ("EHLO", "550 no")):
        how = "break"
    channel = channel_to(store, open_relay.port)
    open_relay.steps = {step: [how, None, how]}
    clock = [START]
    run(store, clock)
    latest, wanted = {}, {one.uid: one for one in wanted_of(store, channel, CODE).wanted}
    for sender, mailboxes, data in open_relay.mails:
        assert (sender, mailboxes) == (SENDER, (MAILBOX,))
        (event,) = icalendar.Calendar.from_ical(content_of(data)[1].get_payload(decode=True)).walk("VEVENT")
        assert event["SEQUENCE"] > latest.get(str(event["UID"]), -1)
        latest[str(event["UID"])] = event["SEQUENCE"]
    assert set(latest) == set(wanted)
    assert [line.text.partition(", ")[2] for line in publishing_lines(store, clock[0])] == [
        f"{len(wanted)} of {len(wanted)} sent, not confirmed, {clock[0].hour - 4:02}:{clock[0]:%M}."
    ]


# what is wrong, in plain words


def fault_of(store, port, **more):
    with pytest.raises(NotDelivered) as refused:
        MailLink(channel=channel_to(store, port, **more)).check()
    return refused.value.fault


def test_a_check_goes_as_far_as_the_mailbox_and_leaves_nothing(open_relay, store):
    link = MailLink(channel=channel_to(store, open_relay.port))
    link.check()
    link.close()
    assert open_relay.mails == []


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({"MAIL": "550 no"}, f"The relay takes no mail from {SENDER} (answer 550). Ask IT to allow this sender."),
        ({"RCPT": "550 no"}, f"There is no mailbox {MAILBOX} that takes our mail (answer 550). Look at its name."),
        ({"MAIL": "break"}, "localhost broke off in the middle. It is tried again."),
    ],
)
def test_a_check_says_what_is_wrong(steps, said, open_relay, store):
    open_relay.steps = steps
    assert fault_of_channel(fault_of(store, open_relay.port)) == said


def test_a_relay_that_is_not_there(store):
    said = fault_of_channel(fault_of(store, 1))
    assert said.startswith("localhost does not answer (Connection refused). Ask IT whether it runs")


def test_nothing_crosses_the_network_unencrypted(open_relay, store, monkeypatch):
    monkeypatch.setattr(mail_link, "is_this_computer", lambda host: False)
    fault = fault_of(store, open_relay.port)
    assert fault == NoEncryption(server="localhost")
    assert fault_of_channel(fault) == "localhost offers no encryption, so nothing was sent. Ask IT for a relay with STARTTLS."


@pytest.mark.parametrize("name", ["localhost", "another.example"])
def test_a_certificate_is_checked(name, tmp_path, store, monkeypatch):
    context, kept = certificate(tmp_path, name)
    with relay(secure=context) as secured:
        said = fault_of_channel(fault_of(store, secured.port))
        assert said.startswith("The certificate of localhost is not accepted (self-signed certificate), so nothing was sent.")
        monkeypatch.setenv("SSL_CERT_FILE", str(kept))
        link = MailLink(channel=store.channels()[0])
        if name == "localhost":
            link.check()
        else:
            with pytest.raises(NotDelivered) as refused:
                link.check()
            assert "(Hostname mismatch, certificate is not valid for 'localhost'.)" in fault_of_channel(refused.value.fault)
        link.close()


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("right\n", 0o600, None),
        ("wrong\n", 0o600, "localhost does not accept the user or the password."),
        ("right\n", 0o644, "{}: others on this computer can read it. Make it the owner's alone: chmod 600."),
        ("\n", 0o600, "{}: it is empty. The password must stand in it, on one line."),
        (None, 0o600, "{}: there is no such file that can be read. The password must stand in it, on one line."),
    ],
)
def test_a_password_is_read_from_a_file_of_the_owners_alone(text, mode, said, tmp_path, store):
    place = tmp_path / "secret"
    if text is not None:
        place.write_text(text)
        place.chmod(mode)
    with relay(auth=b"right") as guarded:
        more = {"user": "dayzero", "secret-file": str(place)}
        link = MailLink(channel=channel_to(store, guarded.port, **more))
        if said is None:
            link.check()
        else:
            with pytest.raises(NotDelivered) as refused:
                link.check()
            assert fault_of_channel(refused.value.fault) == said.format(place)
        link.close()


# answers

REPLY = """From: ward-3@hospital.example\r
To: dayzero@hospital.example\r
Subject: {said}\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
{said}\r
--b\r
Content-Type: text/calendar; charset=utf-8; method=REPLY\r
\r
BEGIN:VCALENDAR\r
METHOD:{method}\r
VERSION:2.0\r
PRODID:Microsoft Exchange Server 2010\r
BEGIN:VEVENT\r
ATTENDEE;PARTSTAT={said};CN=Ward 3:MAILTO:Ward-3@hospital.example\r
UID:u-1\r
SEQUENCE:4\r
DTSTAMP:20260611T160000Z\r
END:VEVENT\r
END:VCALENDAR\r
--b--\r
"""


@pytest.mark.parametrize(
    ("said", "method", "expected"),
    [("ACCEPTED", "REPLY", True), ("DECLINED", "REPLY", False), ("TENTATIVE", "REPLY", None), ("ACCEPTED", "REQUEST", None)],
)
def test_an_answer_is_read_and_nothing_else(said, method, expected):
    found = reply_in(REPLY.format(said=said, method=method).encode(), MAILBOX)
    assert found == (None if expected is None else Reply(uid="u-1", sequence=4, accepted=expected))
    assert reply_in(REPLY.format(said=said, method=method).encode(), "other@hospital.example") is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nnonsense", b"Subject: holiday\r\n\r\nhello"])
def test_other_mail_in_the_mailbox_is_left_alone(content):
    assert reply_in(content, MAILBOX) is None


