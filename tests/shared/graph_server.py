"""A calendar that keeps Microsoft Graph's documented rules: names, types and enumerations of its metadata, all-day events
from midnight to midnight in one zone, one event for one transactionId, Retry-After. It fails where it is told to."""

import json
import threading
import urllib.parse
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from shared import TESTS

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
SCHEMA = ElementTree.parse(TESTS / "shared" / "graph_event.csdl.xml").getroot()
MAILBOX = "ward-3@hospital.example"


def members(name):
    return {one.get("Name") for one in SCHEMA.find(f"{EDM}EnumType[@Name='{name}']")}


def properties(name):
    """Property -> type, with those of the types that it is based on."""
    kind = next(one for one in SCHEMA if one.get("Name") == name and one.tag != f"{EDM}EnumType")
    found = {one.get("Name"): one.get("Type") for one in kind if one.tag in (f"{EDM}Property", f"{EDM}NavigationProperty")}
    base = kind.get("BaseType")
    return (properties(base.removeprefix("graph.")) if base else {}) | found


def wrong_in(value, kind, where):
    """What is wrong with a value of that type of the metadata."""
    if kind.startswith("Collection("):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        return [one for item in value for one in wrong_in(item, kind[11:-1], where)]
    if value is None and where == "event.recurrence":
        return []
    if kind.startswith("Edm."):
        types = {"Edm.String": str, "Edm.Boolean": bool, "Edm.Int32": int, "Edm.DateTimeOffset": str}
        right = isinstance(value, types[kind]) and not (kind == "Edm.Int32" and isinstance(value, bool))
        return [] if right else [f"{where}: no {kind}"]
    name = kind.removeprefix("graph.")
    if SCHEMA.find(f"{EDM}EnumType[@Name='{name}']") is not None:
        return [] if value in members(name) else [f"{where}: {value!r} is none of {name}"]
    known = properties(name)
    found = [f"{where}: {key} is no property" for key in value if key not in known]
    return found + [one for key, item in value.items() if key in known for one in wrong_in(item, known[key], f"{where}.{key}")]


def wrong_event(event, *, new):
    """What Graph would refuse in an event, and what we ask of every one of ours."""
    found = wrong_in(event, "graph.event", "event")
    if new:
        found += [f"event: no {name}" for name in ("subject", "start", "end", "transactionId") if name not in event]
    if {"start", "end"} <= set(event):
        zones = {event[end]["timeZone"] for end in ("start", "end")}
        walls = [datetime.fromisoformat(event[end]["dateTime"]) for end in ("start", "end")]
        if walls[1] <= walls[0]:
            found.append("event: ends before it starts")
        if event.get("isAllDay") and (len(zones) > 1 or any((wall.hour, wall.minute) != (0, 0) for wall in walls)):
            found.append("event: all-day, and not from midnight to midnight in one zone")
    found += [f"ours: {name} is not said" for name in ("isReminderOn", "showAs", "isAllDay") if name not in event]
    found += ["ours: an attendee would get mail"] if event.get("attendees") else []
    return found


class GraphCalendar:
    """What it holds, and what it is told to do with the next requests: a status, `gone` (acts, and breaks off), or None."""

    def __init__(self):
        self.events, self.plan, self.refused, self.number, self.can_edit = {}, [], [], 0, True

    def shown(self):
        """Our UID -> the event, each there once."""
        found = [(one["singleValueExtendedProperties"][0]["value"], one) for one in self.events.values()]
        assert len({uid for uid, _ in found}) == len(found)
        return dict(found)


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _do(self):
        calendar = self.server.calendar
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        step = calendar.plan.pop(0) if calendar.plan else None
        if isinstance(step, int):
            return self._say(step, {"error": {"code": "planted"}}, **({"Retry-After": "7"} if step == 429 else {}))
        status, values = self._acted(calendar, body)
        if step == "gone":
            self.close_connection = True
            return self.connection.close()
        return self._say(status, values)

    do_GET = do_POST = do_PATCH = do_DELETE = _do

    def _say(self, status, values, **headers):
        data = json.dumps(values).encode() if values is not None else b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _acted(self, calendar, body):
        if self.headers.get("Authorization") != "Bearer right":
            return 401, {}
        found = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(found.query))
        parts = [urllib.parse.unquote(part) for part in found.path.strip("/").split("/")]
        if parts[:2] != ["users", MAILBOX]:
            return 404, {}
        if parts[2:] == ["calendar"]:
            return 200, {"id": "c", "canEdit": calendar.can_edit}
        if len(parts) == 3:
            return self._post(calendar, body) if self.command == "POST" else self._list(calendar, query)
        event = calendar.events.get(parts[3])
        if event is None:
            return 404, {}
        if self.command == "PATCH":
            wrong = wrong_event(body, new=False)
            if wrong:
                calendar.refused += wrong
                return 400, {}
            event |= body
        if self.command == "DELETE":
            del calendar.events[parts[3]]
            return 204, None
        return 200, _read_back(event)

    def _post(self, calendar, body):
        wrong = wrong_event(body, new=True)
        if wrong:
            calendar.refused += wrong
            return 400, {}
        for event in calendar.events.values():
            if event["transactionId"] == body["transactionId"]:
                return 201, _read_back(event)
        calendar.number += 1
        event = calendar.events[f"id/{calendar.number}="] = {**body, "id": f"id/{calendar.number}="}
        return 201, _read_back(event)

    def _list(self, calendar, query):
        wanted = query["$filter"]
        assert wanted.startswith("singleValueExtendedProperties/Any(ep: ep/id eq '"), wanted
        found = [
            one for one in calendar.events.values()
            if "ep/value ne null" in wanted or f"ep/value eq '{one['singleValueExtendedProperties'][0]['value']}'" in wanted
        ]  # fmt: skip
        start, most = int(query.get("$skip", 0)), min(int(query["$top"]), 10)
        page = {"value": [_read_back(one) for one in found[start : start + most]]}
        if len(found) > start + most:
            more = urllib.parse.urlencode({**query, "$skip": start + most})
            page["@odata.nextLink"] = f"http://{self.headers['Host']}{urllib.parse.urlsplit(self.path).path}?{more}"
        return 200, page


def _read_back(event):
    """An event in UTC, as it is asked for."""
    found = dict(event)
    for end in ("start", "end"):
        wall = datetime.fromisoformat(event[end]["dateTime"]).replace(tzinfo=ZoneInfo(event[end]["timeZone"]))
        found[end] = {"dateTime": f"{wall.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}
    return found


@contextmanager
def graph():
    """The calendar, with its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.calendar = found = GraphCalendar()
    found.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
