"""Thunderbird, in a window that nobody sees: what it holds after a file, a feed or an invitation, and its month.

For the long gate alone (`.ci/long`): it is a large program, and a picture needs a person who looks at it.
"""

import json
import subprocess
import sys
import time

from shared import TESTS
from shared.foreign import Program, client_tool, feed_server, needs_program, shown

SCREEN = "1680x1200x24"
DISPLAY = ":78"
NOTHING = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//another//EN\r\nEND:VCALENDAR\r\n"
"""A calendar that holds nothing."""
A_SECOND = 1.1
"""Thunderbird counts what was deleted in whole seconds."""


class Thunderbird(Program):
    """A calendar on this computer, into which files are imported."""

    def __init__(self, folder):
        for name, package in (("thunderbird", "thunderbird"), ("Xvfb", "xvfb")):
            needs_program(name, package)
        self.folder, profile = folder, folder / "profile"
        profile.mkdir()
        self.screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", SCREEN], stderr=subprocess.DEVNULL)
        self.session = subprocess.Popen(
            [client_tool("python"), str(TESTS / "validators" / "thunderbird.py"), str(profile), DISPLAY],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr,
        )  # fmt: skip
        self.version = self.told()

    def ask(self, *task):
        self.session.stdin.write(json.dumps([str(part) for part in task]) + "\n")
        self.session.stdin.flush()
        return self.told()

    def told(self):
        line = self.session.stdout.readline()
        assert line, "Thunderbird has ended"
        return json.loads(line)

    def anew(self):
        self.ask("new")

    def take(self, data):
        (self.folder / "given.ics").write_bytes(data)
        return self.ask("import", self.folder / "given.ics")

    def held(self):
        self.ask("held", self.folder / "held.ics")
        return shown((self.folder / "held.ics").read_bytes())

    def month(self, day, picture):
        """A picture of the month that holds a day, as Thunderbird shows it."""
        self.ask("month", f"{day:%Y%m%d}", picture)

    def close(self):
        self.session.stdin.close()
        self.session.wait(60)
        self.session.stdout.close()
        self.screen.terminate()
        self.screen.wait(20)


class ThunderbirdFeed(Thunderbird):
    """The same, which fetches a feed again after each act."""

    def __init__(self, folder):
        super().__init__(folder)
        self.answer = (404, b"")
        self.server = feed_server(self)
        self.is_known = False

    def take(self, data):
        self.answer = (200, data)
        found = self.ask("refresh") if self.is_known else self.ask("feed", f"http://127.0.0.1:{self.server.server_port}/ward.ics")
        self.is_known = True
        assert found == "loaded", found

    def close(self):
        super().close()
        self.server.shutdown()
        self.server.server_close()


class ThunderbirdInvited(Thunderbird):
    """The same, in which each invitation by mail is accepted; `beside`: there is a calendar that it synchronises, too."""

    def __init__(self, folder, *, beside=False):
        super().__init__(folder)
        self.other = folder / "beside.ics" if beside else None
        if self.other:
            self.other.write_bytes(NOTHING)

    def take(self, mails):
        """What became of the mails: any of `done`, `asked`, `nothing`."""
        found = {self.accept(mail) for mail in mails}
        if self.other:
            time.sleep(A_SECOND)
            assert self.ask("beside", self.other) == "loaded"
        return found

    def accept(self, mail):
        (self.folder / "given.eml").write_bytes(mail)
        return self.ask("accept", self.folder / "given.eml")
