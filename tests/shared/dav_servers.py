"""CalDAV servers that others wrote, each in a folder of its own on this computer: Radicale, xandikos, Cyrus IMAP.

A server takes an entry by a PUT of its own, as a program does that puts a calendar there, and gives back what it holds.
"""

import base64
import http.client
import imaplib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
from contextlib import contextmanager
from pathlib import Path

from shared.calendar_readers import missing
from shared.foreign import client_tool, shown, whole_events
from shared.programs import free_port, running

CYRUS = "/usr/lib/cyrus/bin"
USER, SECRET = "dayzero", "secret"


class Dav:
    """One calendar on a server: entries are put, counted and read back."""

    def __init__(self, port, home, *, login=True):
        self.home = home
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        pair = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
        self.headers = {"Authorization": f"Basic {pair}"} if login else {}

    def ask(self, method, path, body=None, **headers):
        """The status and the body; asked again where a server's process has just come to its end."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        for tried in range(3):
            try:
                self.connection.request(method, path, body=body, headers=sent)
                answer = self.connection.getresponse()
                found = answer.status, answer.read()
                if found[0] < 500 or tried == 2:
                    return found
                self.connection.close()
            except (ConnectionError, http.client.HTTPException):
                self.connection.close()
                if tried == 2:
                    raise
        raise AssertionError("not reached")

    def take(self, data):
        """Put every entry of a calendar file there by itself, and delete what the file has no more: UID -> the answer."""
        files, found = one_by_one(data), {}
        for path in self.paths():
            if path.rpartition("/")[2].removesuffix(".ics") not in files:
                self.ask("DELETE", path)
        for uid, body in files.items():
            found[uid] = self.ask("PUT", f"{self.home}{uid}.ics", body, Content_Type="text/calendar; charset=utf-8")[0]
        return found

    def paths(self):
        status, listed = self.ask("PROPFIND", self.home, Depth="1")
        assert status == 207, (status, listed)
        return sorted({urllib.parse.unquote(path) for path in re.findall(r"<[^>]*href>([^<]+\.ics)<", listed.decode())})

    def held(self):
        """What it holds: (title, start) of each entry, in order."""
        return shown(*(self.ask("GET", path)[1] for path in self.paths()))


@contextmanager
def closing_dav(found):
    try:
        yield found
    finally:
        found.connection.close()


def one_by_one(data):
    """Each entry of a calendar file as a file of its own: UID -> bytes."""
    found = {}
    for uid, block in whole_events(data).items():
        found[uid] = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Dayzero//Dayzero//EN\r\n" + block + b"END:VCALENDAR\r\n"
    return found


@contextmanager
def radicale(folder):
    port = free_port()
    command = [
        client_tool("radicale"), "--server-hosts", f"127.0.0.1:{port}", "--storage-filesystem-folder", str(folder / "kept"),
        "--auth-type", "none",
    ]  # fmt: skip
    with running(command, folder / "server.log", port, folder), closing_dav(Dav(port, f"/{USER}/ward/")) as found:
        assert found.ask("MKCALENDAR", found.home)[0] == 201
        yield found


@contextmanager
def xandikos(folder):
    port = free_port()
    command = [
        client_tool("xandikos"), "serve", "--listen-address", "127.0.0.1", "--port", str(port), "-d", str(folder / "kept"),
        "--current-user-principal", "/dayzero/", "--defaults", "--autocreate",
    ]  # fmt: skip
    with running(command, folder / "server.log", port, folder), closing_dav(Dav(port, "/dayzero/calendars/calendar/", login=False)) as found:
        yield found


def needs_cyrus():
    if not os.path.exists(f"{CYRUS}/httpd") or shutil.which("saslpasswd2") is None:
        missing("Cyrus", "apt-get install cyrus-caldav cyrus-imapd sasl2-bin")
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        missing("root", "Cyrus starts as root and goes on as its own user")


@contextmanager
def cyrus(_folder):
    """The strictest: it refuses an entry without an end later than its start. It runs as its own user, so in a folder that
    everybody may enter: pytest's may be entered by its owner alone, and each run of pytest sees to that."""
    needs_cyrus()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with _cyrus_in(folder) as found:
            yield found


@contextmanager
def _cyrus_in(folder):
    dav, imap, lmtp = free_port(), free_port(), free_port()
    for name in ("lib", "spool", "proc", "lock", "sieve"):
        (folder / name).mkdir()
    (folder / "imapd.conf").write_text(
        f"configdirectory: {folder}/lib\npartition-default: {folder}/spool\ndefaultpartition: default\nadmins: cyrus\n"
        f"sasl_pwcheck_method: auxprop\nsasl_auxprop_plugin: sasldb\nsasl_sasldb_path: {folder}/sasldb\nsasl_mech_list: PLAIN\n"
        f"allowplaintext: yes\nhttpmodules: caldav\nautocreate_quota: 0\nunixhierarchysep: yes\naltnamespace: yes\n"
        f"servername: localhost\nproc_path: {folder}/proc\nmboxname_lockpath: {folder}/lock\n"
        f"duplicate_db_path: {folder}/deliver.db\nlmtpsocket: {folder}/lmtp\nidlesocket: {folder}/idle\n"
        f"notifysocket: {folder}/notify\nzoneinfo_db_path: {folder}/zoneinfo.db\n"
        f"sievedir: {folder}/sieve\ncalendar_user_address_set: localhost\n"
    )
    service = f"-C {folder}/imapd.conf"
    (folder / "cyrus.conf").write_text(
        f'START {{\n  recover cmd="{CYRUS}/ctl_cyrusdb {service} -r"\n}}\nSERVICES {{\n'
        f'  http cmd="{CYRUS}/httpd {service}" listen="127.0.0.1:{dav}" prefork=1\n'
        f'  imap cmd="{CYRUS}/imapd {service}" listen="127.0.0.1:{imap}" prefork=0\n'
        f'  lmtp cmd="{CYRUS}/lmtpd -a {service}" listen="127.0.0.1:{lmtp}" prefork=0\n}}\nEVENTS {{\n}}\n'
    )
    subprocess.run(
        ["saslpasswd2", "-p", "-c", "-f", str(folder / "sasldb"), "-u", "localhost", USER], input=SECRET.encode(), check=True
    )
    subprocess.run(["chown", "-R", "cyrus:mail", str(folder)], check=True)
    command = [f"{CYRUS}/master", "-C", f"{folder}/imapd.conf", "-M", f"{folder}/cyrus.conf", "-p", f"{folder}/pid", "-D"]
    with running(command, folder / "server.log", dav, folder):
        with imaplib.IMAP4("127.0.0.1", imap) as first:  # the mailbox is made at the first log-in
            first.login(USER, SECRET)
        with closing_dav(Dav(dav, f"/dav/calendars/user/{USER}/Default/")) as found:
            for _ in range(100):  # the calendar is made at the first request, by a process that has seen the mailbox
                if found.ask("PROPFIND", found.home, Depth="0")[0] == 207:
                    break
                found.connection.close()
                time.sleep(0.1)
            found.lmtp, found.imap = lmtp, imap
            _sieve(folder)
            yield found


def _sieve(folder):
    """What a mailbox does with an invitation: it puts it into its calendar."""
    script = folder / "imip.sieve"
    script.write_text('require ["vnd.cyrus.imip"];\nprocessimip;\n')
    asked = [f"{CYRUS}/mbpath", "-C", f"{folder}/imapd.conf", "-S", f"user/{USER}"]
    kept = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    kept.mkdir(parents=True)
    subprocess.run([f"{CYRUS}/sievec", "-C", f"{folder}/imapd.conf", script, kept / "imip.bc"], check=True, capture_output=True)
    (kept / "defaultbc").symlink_to("imip.bc")
    subprocess.run(["chown", "-R", "cyrus:mail", str(folder / "sieve")], check=True)
