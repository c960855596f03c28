"""The way to a calendar on a CalDAV server: each entry is a file there, put, read back, and read again now and then."""

import base64
import http.client
import ssl
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree

from icalendar import Calendar

from schedule.model.errors import NotDelivered
from schedule.model.publishing import Channel
from schedule.model.reasons.deliveries import (
    BrokenOff,
    CalendarAbsent,
    CertificateRefused,
    NoEncryption,
    ReadBackOtherwise,
    Unreachable,
)
from schedule.output.ics import alone, tombstone
from schedule.output.mail import numbered
from schedule.service.links import Held, Message, ReadBack, Sent, fault_of
from schedule.service.mail_link import is_this_computer
from schedule.service.secrets_on_disk import secret_in
from schedule.words.publishing import TEST_ENTRY

PATIENCE_OF_SERVER = 20
"""Seconds for each answer."""
MOST_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer that are read."""
TEST_UID = "dayzero-test"
DAV, CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
XML = "application/xml;charset=utf-8"
ICS = "text/calendar;charset=utf-8"
ABSENT = (404, 405, 409, 301, 302, 307, 308)
"""The answers of an address that is no calendar."""


def _nested(*tags: str | tuple[str, str]) -> ElementTree.Element:
    """Tags, each within the one before; with a name where one is a pair."""
    tag = tags[0]
    element = ElementTree.Element(tag) if isinstance(tag, str) else ElementTree.Element(tag[0], {"name": tag[1]})
    if tags[1:]:
        element.append(_nested(*tags[1:]))
    return element


def _is_calendar() -> bytes:
    """What asks what there is at an address."""
    return ElementTree.tostring(_nested(f"{DAV}propfind", f"{DAV}prop", f"{DAV}resourcetype"))


def _all_entries() -> bytes:
    """What asks for all entries of a calendar."""
    root = _nested(f"{CALDAV}calendar-query", f"{DAV}prop", f"{CALDAV}calendar-data")
    within = f"{CALDAV}comp-filter"
    root.append(_nested(f"{CALDAV}filter", (within, "VCALENDAR"), (within, "VEVENT")))
    return ElementTree.tostring(root)


class CalDavLink(ReadBack[http.client.HTTPConnection]):
    """One calendar, whose address ends in a slash; user and secret-file are settings."""

    def __init__(self, *, channel: Channel) -> None:
        self.channel = channel

    @property
    def _address(self) -> str:
        return self.channel.address.rstrip("/") + "/"

    @property
    def _host(self) -> str:
        return urlsplit(self.channel.address).hostname or ""

    def send(self, message: Message) -> Sent:
        sent, name = message.delivery, f"{quote(message.delivery.uid)}.ics"
        if message.entry is None:
            self._asked("DELETE", name, allowed=(404, 410))
            return Sent(confirmed=True)
        content = alone(numbered(message.entry, sent), sent.uid)
        self._asked("PUT", name, content, ICS)
        asked, there = (_entries_in(data).get(sent.uid) for data in (content, self._asked("GET", name)))
        if asked is None or there is None or there.print != asked.print:
            raise NotDelivered(ReadBackOtherwise())
        return Sent(confirmed=True, print=there.print)

    def check(self) -> None:
        """Whether it is a calendar, and whether an entry can be put there and taken out again."""
        answer = _xml(self._asked("PROPFIND", "", _is_calendar(), XML))
        if answer is None or answer.find(f".//{DAV}resourcetype/{CALDAV}calendar") is None:
            raise NotDelivered(CalendarAbsent(address=self.channel.address))
        day = self.channel.at.date()
        self._asked("PUT", f"{TEST_UID}.ics", tombstone(TEST_UID, TEST_ENTRY, day, day), ICS)
        self._asked("DELETE", f"{TEST_UID}.ics", allowed=(404, 410))

    def held(self) -> Mapping[str, Held] | None:
        answer = _xml(self._asked("REPORT", "", _all_entries(), XML))
        if answer is None:
            raise NotDelivered(BrokenOff(server=self._host))
        found: dict[str, Held] = {}
        for data in answer.iter(f"{CALDAV}calendar-data"):
            found |= _entries_in((data.text or "").encode())
        return found

    def _asked(
        self, method: str, name: str, body: bytes | None = None, kind: str = "", allowed: tuple[int, ...] = ()
    ) -> bytes:
        """The answer's body. NotDelivered for one that is neither a success nor allowed."""
        path = urlsplit(urljoin(self._address, name)).path
        headers = {"Depth": "1" if method == "REPORT" else "0", **self._signed()}
        if kind:
            headers["Content-Type"] = kind
        try:
            answer = self._exchange(method, path, body, headers)
            content = answer.read(MOST_ANSWER)
        except ssl.SSLCertVerificationError as error:
            raise NotDelivered(CertificateRefused(server=self._host, cause=error.verify_message)) from error
        except (ConnectionResetError, BrokenPipeError, TimeoutError, http.client.HTTPException) as error:
            self.close()
            raise NotDelivered(BrokenOff(server=self._host)) from error
        except OSError as error:
            self.close()
            cause = error.strerror or type(error).__name__
            raise NotDelivered(Unreachable(server=self._host, cause=cause)) from error
        if answer.status in allowed or 200 <= answer.status < 300:
            return content
        self.close()
        wait = answer.headers.get("Retry-After")
        raise NotDelivered(fault_of(answer.status, wait, self._host, self.channel.address, absent=ABSENT))

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """The answer; asked once more where the server had ended a connection that stood open."""
        was_open = self._open is not None
        try:
            self._connected().request(method, path, body, headers)
            return self._connected().getresponse()
        except (ConnectionError, http.client.HTTPException):
            if not was_open:
                raise
            self.close()
            self._connected().request(method, path, body, headers)
            return self._connected().getresponse()

    def _connected(self) -> http.client.HTTPConnection:
        if self._open is None:
            found = urlsplit(self.channel.address)
            host, port = found.hostname or "", found.port
            if found.scheme == "https":
                secure = ssl.create_default_context()
                self._open = http.client.HTTPSConnection(host, port, timeout=PATIENCE_OF_SERVER, context=secure)
            elif is_this_computer(host):
                self._open = http.client.HTTPConnection(host, port, timeout=PATIENCE_OF_SERVER)
            else:
                raise NotDelivered(NoEncryption(server=host))
        return self._open

    def _signed(self) -> dict[str, str]:
        settings = self.channel.settings
        if "user" not in settings:
            return {}
        pair = f"{settings['user']}:{secret_in(settings['secret-file'])}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _xml(content: bytes) -> Any:
    """The tree of an answer; None where it is none."""
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return None


def _entries_in(content: bytes) -> dict[str, Held]:
    """The entries of a calendar file, by UID; none where it cannot be read."""
    try:
        read: Any = Calendar.from_ical(content)
    except ValueError:
        return {}
    events = [event for event in read.walk("VEVENT") if "UID" in event and "RECURRENCE-ID" not in event]
    return {str(event["UID"]): _held(event) for event in events}


def _held(event: Any) -> Held:
    """What an entry shows; None for a start or an end that it does not say."""
    moments: list[date | datetime | None] = []
    for name in ("start", "end"):
        try:
            moments.append(getattr(event, name))
        except (ValueError, AttributeError):
            moments.append(None)
    standing = (("STATUS", "CONFIRMED"), ("TRANSP", "OPAQUE"))
    more = [str(event.get(name, usual)).upper() for name, usual in standing]
    recurs = [name for name in ("RRULE", "RDATE") if name in event]
    return Held(title=str(event.get("SUMMARY", "")), starts=moments[0], ends=moments[1], more=(*more, *recurs))
