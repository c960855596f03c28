"""The way to a calendar of Microsoft 365, by Microsoft Graph: the shared mailbox's own, in seconds and without mail.

Dayzero signs in as itself, with the right to this one mailbox. What was sent is read back. Untested with a tenant:
docs/outlook-live.md is the list of what somebody who has one should try.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import msal  # type: ignore[import-untyped]

from schedule.model.dates import add
from schedule.model.errors import NotDelivered
from schedule.model.publishing import Channel
from schedule.model.reasons.deliveries import (
    BrokenOff,
    NoEncryption,
    NotPermitted,
    ReadBackOtherwise,
    SignInRefused,
    Unreachable,
)
from schedule.output.graph import UID_PROPERTY, event_values, moment_of, new_event_values
from schedule.pages.calendar import WordedEntry
from schedule.service.links import Held, Message, ReadBack, Sent, fault_of
from schedule.service.mail_link import is_this_computer
from schedule.service.secrets_on_disk import secret_in

for talkative in ("httpx", "httpcore", "msal", "requests", "urllib3"):
    logging.getLogger(talkative).setLevel(logging.CRITICAL + 1)  # they would name addresses, codes, and whose mailbox

GRAPH = "https://graph.microsoft.com/v1.0"
AUTHORITY = "https://login.microsoftonline.com"
PATIENCE_OF_GRAPH = 20
"""Seconds for each answer."""
PREFER = 'outlook.timezone="UTC",IdType="ImmutableId"'
"""In which zone times come back, and which ids: those that stay when the event is moved to another folder."""
PAGE = 200
"""How many events are read at once."""
OURS = f"'{UID_PROPERTY}'"
EXPANDED = f"singleValueExtendedProperties($filter={' '.join(('id', 'eq', OURS))})"


class GraphLink(ReadBack[httpx.Client]):
    """One mailbox's calendar. Settings: tenant, client, secret-file; graph-url and authority where the cloud is a
    nation's own."""

    def __init__(self, *, channel: Channel) -> None:
        self.channel = channel

    @property
    def _base(self) -> str:
        return self.channel.settings.get("graph-url", GRAPH).rstrip("/")

    @property
    def _host(self) -> str:
        return urlsplit(self._base).hostname or ""

    @property
    def _mailbox(self) -> str:
        return f"{self._base}/users/{quote(self.channel.address)}"

    def send(self, message: Message) -> Sent:
        """Change the event that it is, wherever its id has gone; make it where there is none."""
        sent, entry = message.delivery, message.entry
        remote = sent.remote or self._found(sent.uid)
        if entry is None:
            if remote:
                self._asked("DELETE", self._event(remote), allowed=(404,))
            return Sent(confirmed=True)
        values = event_values(entry, sent, message.zone)
        made = self._asked("PATCH", self._event(remote), values, allowed=(404,)) if remote else None
        if not made and sent.remote and (remote := self._found(sent.uid)):
            made = self._asked("PATCH", self._event(remote), values)
        made = made or self._asked("POST", f"{self._mailbox}/events", new_event_values(entry, sent, message.zone))
        there = _held(self._asked("GET", self._event(made["id"])))
        if there is None or there.print != _sent(entry, values).print:
            raise NotDelivered(ReadBackOtherwise())
        return Sent(remote=made["id"], confirmed=True, print=there.print)

    def check(self) -> None:
        """Whether there is such a calendar, and whether we may write there. Nothing is left behind."""
        found = self._asked("GET", f"{self._mailbox}/calendar", query={"$select": "id,canEdit"})
        if found.get("canEdit") is not True:
            raise NotDelivered(NotPermitted(address=self.channel.address))

    def held(self) -> Mapping[str, Held] | None:
        found: dict[str, Held] = {}
        for event in self._events("ne", "null"):
            uid = next((one["value"] for one in event.get("singleValueExtendedProperties", [])), None)
            if uid is not None and (there := _held(event)) is not None:
                found[str(uid)] = there
        return found

    # what is asked

    def _event(self, remote: str) -> str:
        return f"{self._mailbox}/events/{quote(remote, safe='')}"

    def _found(self, uid: str) -> str:
        """The id of the event that keeps our UID; empty where there is none."""
        found = self._events("eq", f"'{uid}'")
        return str(next((event["id"] for event in found), ""))

    def _events(self, relation: str, value: str) -> Iterator[Any]:
        """The events that keep such a UID of ours, page after page."""
        condition = " ".join(("ep/id", "eq", OURS, "and", "ep/value", relation, value))
        address: str | None = f"{self._mailbox}/events"
        query: Mapping[str, str] | None = {
            "$filter": f"singleValueExtendedProperties/Any(ep: {condition})",
            "$top": str(PAGE),
            "$select": "id,subject,start,end,isAllDay,showAs,recurrence",
            "$expand": EXPANDED,
        }
        while address is not None:
            page = self._asked("GET", address, query=query)
            yield from page["value"]
            address, query = page.get("@odata.nextLink"), None
            if address is not None and not address.startswith(self._base):
                return

    def _asked(
        self, method: str, address: str, values: Any = None, *, allowed: tuple[int, ...] = (),
        query: Mapping[str, str] | None = None,
    ) -> Any:  # fmt: skip
        """The answer as values, empty where it has none or is one of those allowed. NotDelivered for any other."""
        try:
            answer = self._connected().request(method, address, params=query, json=values, headers={"Prefer": PREFER})
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotDelivered(Unreachable(server=self._host, cause=type(error).__name__)) from error
        except httpx.HTTPError as error:
            raise NotDelivered(BrokenOff(server=self._host)) from error
        if answer.is_success:
            return self._values_of(answer)
        if answer.status_code in allowed:
            return {}
        wait = answer.headers.get("Retry-After")
        raise NotDelivered(fault_of(answer.status_code, wait, self._host, self.channel.address))

    def _values_of(self, answer: httpx.Response) -> Any:
        try:
            return answer.json() if answer.content else {}
        except ValueError as error:
            raise NotDelivered(BrokenOff(server=self._host)) from error

    def _connected(self) -> httpx.Client:
        if self._open is None:
            if not self._base.startswith("https://") and not is_this_computer(self._host):
                raise NotDelivered(NoEncryption(server=self._host))
            headers = {"Authorization": f"Bearer {self._token()}"}
            self._open = httpx.Client(headers=headers, timeout=PATIENCE_OF_GRAPH)
        return self._open

    def _token(self) -> str:
        """What Microsoft gives for the client's secret."""
        settings = self.channel.settings
        authority = settings.get("authority", AUTHORITY).rstrip("/")
        secret = secret_in(settings["secret-file"])
        try:
            found = msal.ConfidentialClientApplication(
                settings["client"], client_credential=secret, authority=f"{authority}/{settings['tenant']}"
            ).acquire_token_for_client(scopes=[f"{_origin(settings.get('graph-url', GRAPH))}/.default"])
        except (OSError, ValueError) as error:
            server = urlsplit(authority).hostname or authority
            raise NotDelivered(Unreachable(server=server, cause=type(error).__name__)) from error
        if "access_token" not in found:
            raise NotDelivered(SignInRefused(server=urlsplit(authority).hostname or authority))
        return str(found["access_token"])


def _held(event: Any) -> Held | None:
    """What an event that was read back shows; None where it cannot be read."""
    try:
        recurs = ("recurs",) if event.get("recurrence") else ()
        starts, ends = moment_of(event, "start"), moment_of(event, "end")
        return Held(title=event["subject"], starts=starts, ends=ends, more=(event["showAs"], *recurs))
    except (KeyError, TypeError, ValueError):
        return None


def _sent(entry: WordedEntry, values: Mapping[str, Any]) -> Held:
    """What an event shows that was sent so."""
    all_day = entry.start is None or entry.end is None
    starts, ends = (entry.first, add(entry.last, 1, "days", "clamp")) if all_day else (entry.start, entry.end)
    return Held(title=values["subject"], starts=starts, ends=ends, more=(values["showAs"],))


def _origin(address: str) -> str:
    found = urlsplit(address)
    return f"{found.scheme}://{found.netloc}"
