"""channel and deliver: a channel is tried before it is kept, everything is said, and what moves goes out."""

import email
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from icalendar import Calendar
from shared.relay import relay
from shared.slip_once import CODE, create_patient, slip
from shared.stores import address_of, asked, every_row

from schedule import commands
from schedule.commands import serve
from schedule.commands.serve import delivering
from schedule.ledger.opening import open_store
from schedule.service.channels import add_channel
from schedule.service.mail_link import MailLink
from schedule.service.wanted import wanted_of

NAME = "Ward calendar"
SENDER, MAILBOX = "dayzero@hospital.example", "ward-3@hospital.example"


@pytest.fixture(scope="module")
def running():
    with relay() as found:
        yield found


@pytest.fixture
def relaying(running):
    running.steps, running.mails = {}, []
    return running


@pytest.fixture
def run(either, monkeypatch, capsys):
    """Runs a command on a ledger with the example patient: its code and what it said."""
    with open_store(either, waits=False) as store:
        create_patient(store)
    monkeypatch.setenv("DAYZERO_STORE", address_of(either))

    def runner(*args):
        with pytest.raises(SystemExit) as ended:
            commands.main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    runner.place = either
    return runner


def add(run, relaying, *more, name=NAME):
    return run(
        "channel", "add", name, "--kind", "imip", "--address", MAILBOX, "--relay", f"smtp://localhost:{relaying.port}",
        "--sender", SENDER, "--per-minute", "600", *more,
    )  # fmt: skip


def test_a_channel_is_added_delivers_says_how_it_stands_and_is_removed(run, relaying):
    code, out, _ = add(run, relaying)
    assert (code, relaying.mails) == (0, [])
    assert out.splitlines()[0] == (
        f"Ward calendar: imip to {MAILBOX}, all patients, minimal. It was tried, and takes what Dayzero sends."
    )
    code, out, _ = run("channel", "list")
    assert out.splitlines()[1] == "  Ward calendar: CIML-017, changed, not yet sent."
    code, out, _ = run("deliver")
    sent = len(relaying.mails)
    assert code == 0 and sent > 10
    assert re.fullmatch(rf"Ward calendar: CIML-017, {sent} of {sent} sent, not confirmed, \d\d:\d\d\.\n", out)
    with open_store(run.place) as store:
        slip(store, 1)
    run("deliver")
    assert sent < len(relaying.mails)
    assert run("channel", "pause", NAME)[1] == f"{NAME}: paused. What has changed since does not come there: telephone.\n"
    code, out, _ = run("deliver")
    assert code == 3 and "paused since" in out
    assert run("today")[1].splitlines()[1].startswith("Ward calendar: paused since ")
    assert run("channel", "remove", NAME)[::2] == (
        2, "The channel “Ward calendar” is paused, so its entries cannot be withdrawn. Resume it first, or remove it and let "
        "them stay.\nNothing was changed.\n",
    )  # fmt: skip
    assert run("channel", "resume", NAME)[0] == 0
    assert run("channel", "remove", NAME)[0] == 0
    run("deliver")
    assert b"method=\"CANCEL\"" in relaying.mails[-1][2] or b"method=CANCEL" in relaying.mails[-1][2]
    assert run("channel", "list")[1] == "There is no channel.\n"


def test_a_channel_that_cannot_be_reached_is_not_kept_and_the_reason_is_said(run, relaying):
    relaying.steps = {"RCPT": "550 no"}
    code, out, err = add(run, relaying)
    assert (code, out) == (3, "")
    assert err == f"There is no mailbox {MAILBOX} that takes our mail (answer 550). Look at its name.\n"
    assert run("channel", "list")[1] == "There is no channel.\n"


def test_a_test_says_what_is_wrong_now(run, relaying):
    add(run, relaying)
    assert run("channel", "test", NAME)[1] == f"{NAME}: {MAILBOX} takes what Dayzero sends.\n"
    relaying.steps = {"MAIL": "550 no"}
    assert run("channel", "test", NAME)[::2] == (
        3, f"The relay takes no mail from {SENDER} (answer 550). Ask IT to allow this sender.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--address", "ward"), "--address is missing, or is not what it must be."),
        (("--relay", "relay.example"), "--relay is missing, or is not what it must be."),
        (("--user", "dayzero"), "--secret-file is missing, or is not what it must be."),
        (("--patient", "NOBODY-1"), '"NOBODY-1": no plan is stored under this code - known: CIML-017'),
    ],
    ids=lambda found: found[0] if isinstance(found, tuple) else "",
)
def test_what_a_channel_cannot_be_is_said(args, said, run, relaying):
    code, _, err = add(run, relaying, *args)
    assert code == 2 and err.splitlines()[0].startswith(said.split(" - ")[0])


def test_one_mailbox_twice_and_one_name_twice_are_refused(run, relaying):
    add(run, relaying)
    assert "There is a channel “Ward calendar”. Take another name." in add(run, relaying)[2]
    assert "keeps this patient in the same calendar" in add(run, relaying, "--patient", CODE, name="Second")[2]
    code, _, err = run("channel", "pause", "Ward calender")
    assert (code, err.splitlines()[0]) == (2, 'There is no channel “Ward calender”: did you mean "Ward calendar"?')


def test_no_password_stands_in_the_ledger(run, relaying, tmp_path):
    secret = tmp_path / "ward.secret"
    secret.write_text("open-sesame\n")
    secret.chmod(0o600)
    add(run, relaying, "--replies", "imap://ward@localhost:1", "--replies-secret-file", secret)
    kept = str(every_row(run.place))
    assert str(secret) in kept and "open-sesame" not in kept


KILLED_AT = [("DATA", 0), ("MAIL", 2), ("DATA", 3), ("MAIL", 0), ("DATA", 1)]
"""Before the sender hears that a mail was taken, or between two of them; after so many of a run's mails."""


def test_deliver_killed_between_any_two_calls_loses_nothing_and_doubles_nothing(run, relaying):
    """Five runs are killed by the system, each while the relay has it waiting. A mailbox keeps of each UID what has the
    highest SEQUENCE: it sees each entry once, and none is missing."""
    add(run, relaying)
    environment = {**os.environ, "DAYZERO_STORE": address_of(run.place)}
    command = [sys.executable, "-c", "from schedule.commands import main; main()", "deliver"]
    for step, number in KILLED_AT:
        children = []

        def kill(children=children):
            children[0].kill()
            children[0].wait()
            return "break"

        relaying.steps = {step: [*[None] * number, kill]}
        children.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
        said, _ = children[0].communicate(timeout=60)
        assert (children[0].returncode, said) == (-signal.SIGKILL, b"")
        with open_store(run.place) as store:
            assert [one.state for one in store.unfinished(1)].count("sending") == 1
        before = len(relaying.mails)
        assert run("deliver")[0] == 3 and len(relaying.mails) == before, "its lease has not run out"
        assert asked(run.place, "UPDATE channels SET lease = '2000-01-01' WHERE holder <> '' RETURNING id") == [(1,)]
    assert run("deliver")[0] == 0

    came = [event_of(data) for *_, data in relaying.mails]
    numbers = [(str(event["UID"]), event["SEQUENCE"]) for event in came]
    assert len(set(numbers)) == len(numbers)
    assert all(later > earlier for uid in dict(numbers) for earlier, later in pairwise(n for one, n in numbers if one == uid))
    with open_store(run.place) as store:
        wanted = {one.uid: one.starts for one in wanted_of(store, store.channels()[0], CODE).wanted}
        rows = store.deliveries(1, CODE)
    assert {str(event["UID"]): event["DTSTART"].dt for event in came} == wanted
    assert {(one.uid, one.sequence, one.state) for one in rows} == {(uid, number, "sent") for uid, number in dict(numbers).items()}
    assert len(numbers) == len(wanted) + sum(step == "DATA" for step, _ in KILLED_AT)


def event_of(data):
    """The one entry that a mail carries."""
    _, calendar = email.message_from_bytes(data, policy=policy.default).iter_parts()
    (event,) = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    return event


def test_serve_delivers_beside_the_pages_until_it_is_stopped(run, relaying, monkeypatch):
    """A slip is sent without anybody asking, while the pages are served"""
    monkeypatch.setattr(serve, "DELIVER_EVERY", 0.1)
    add(run, relaying)
    with delivering(run.place):
        wait_until(lambda: len(relaying.mails) > 10)
        with open_store(run.place) as store:
            sent = len(relaying.mails)
            slip(store, 1)
        wait_until(lambda: len(relaying.mails) > sent)
    with open_store(run.place) as store:
        assert [one.state for one in store.unfinished(1)] in ([], ["queued"] * len(store.unfinished(1)))


# what a log may hold

SAID = "cannot take D−5 fludarabine, dose 1 of 3 · CIML-017"
DRUGS = ("fludarabine", "cyclophosphamide", "il-2", "infusion of", "tacrolimus")


@pytest.fixture(scope="module")
def echoing():
    """A calendar server that takes nothing, and repeats in its answer whatever it was sent."""

    class Echo(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.server.heard += body
            self.send_response(500, "cannot take fludarabine of CIML-017")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.heard = b""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def defect(*_):
    raise RuntimeError(SAID)


@pytest.mark.parametrize("level", ["minimal", "steps"])
@pytest.mark.parametrize("fails", ["relay", "server", "defect"])
def test_no_log_and_no_kept_error_holds_a_drug_or_a_code_however_a_channel_fails(
    fails, level, run, relaying, echoing, monkeypatch, caplog, capsys
):
    """The mail relay and the calendar server put what they were sent into their answers; a defect carries it in its words.
    What the sentence of `deliver` says is a code, a count and what to do."""
    monkeypatch.setattr(serve, "DELIVER_EVERY", 0.05)
    caplog.set_level(logging.DEBUG)
    ours = {"relay": f"smtp://localhost:{relaying.port}", "sender": SENDER, "per-minute": "600"}
    by_mail = fails != "server"
    with open_store(run.place) as store:
        add_channel(
            store, name=NAME, kind="imip" if by_mail else "caldav", code=None, level=level, by="IT", at=datetime.now(UTC),
            address=MAILBOX if by_mail else f"http://127.0.0.1:{echoing.server_port}/ward/", settings=ours if by_mail else {},
        )  # fmt: skip
    relaying.steps = {"DATA": f"554 {SAID.encode('ascii', 'replace').decode()}"}
    if fails == "defect":
        monkeypatch.setattr(MailLink, "post", defect)
    with delivering(run.place):
        if fails == "defect":
            wait_until(lambda: any(one.name == "dayzero.faults" for one in caplog.records))
        else:
            wait_until(lambda: tried(run.place) > 3)
    out, err = capsys.readouterr()
    logged = "\n".join(one.getMessage() for one in caplog.records if one.name != "mail.log")
    for word in (*DRUGS, CODE.lower(), "d−5"):
        assert word not in (logged + out + err).lower()
    if fails == "defect":
        assert "RuntimeError at " in logged
        return
    kept = " ".join(error for (error,) in asked(run.place, "SELECT error FROM deliveries"))
    kept += " ".join(content for (content,) in asked(run.place, "SELECT content FROM channels"))
    assert "MessageRefused" in kept
    assert fails != "server" or (b"fludarabine" in echoing.heard) >= (level == "steps")
    code, out, err = run("deliver")
    assert (code, err) == (3, "") and " NOT moved: CIML-017 (" in out
    for word in DRUGS:
        assert word not in (kept + out).lower()
    assert CODE not in kept


def tried(place):
    with open_store(place) as store:
        return len(store.attempts(1, datetime(2000, 1, 1, tzinfo=UTC)))


def wait_until(is_so):
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")


@pytest.mark.parametrize("command", [("deliver",), ("digest", "Ward calendar", "--to", "nurse@hospital.example")], ids=lambda argv: argv[0])
def test_of_a_defect_the_place_is_said_and_no_word_of_it(command, run, relaying, monkeypatch, caplog):
    """What cron mails, or a service logs, has no code in it; the exit code is that of a defect."""
    add(run, relaying)
    import schedule.service.publisher as publisher
    from schedule.commands import deliver

    def broken(*_, **__):
        raise KeyError("CIML-017 and a subject")

    monkeypatch.setattr(publisher.Publisher, "round", broken)
    monkeypatch.setattr(deliver, "send_digest", broken)
    code, out, err = run(*command)
    assert code == 70 and "This is a defect in Dayzero, not in your files. Report it with the lines above. What has not moved is tried again the next time." in err
    said = out + err + caplog.text
    assert "CIML-017" not in said and "Traceback" not in said and "KeyError at " in said and "broken" in said
