"""The iCalendar faults that no parser notices: what RFC 5545 asks of the bytes, and what this project asks beyond it.

Written from the RFC, without a line of the program's or of a library's. `faults` gives words, `parse` the content.
"""

import re
from dataclasses import dataclass, field

MOST_OCTETS = 75
TEXTS = {"SUMMARY", "DESCRIPTION", "UID", "STATUS", "PRODID", "LOCATION", "COMMENT", "X-WR-CALNAME", "X-WR-CALDESC"}
"""Properties of type TEXT: `, ; \\` and line ends are escaped in them. CATEGORIES is one as well, with bare commas."""
FORBIDDEN = {"METHOD": "makes Outlook ask for one event or an organizer", "TZID": "a zone is never written"}
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass
class Component:
    """One BEGIN…END: its properties in order as (name, parameters, raw value), and the components inside."""

    name: str
    properties: list = field(default_factory=list)
    inside: list = field(default_factory=list)

    def raw(self, name):
        """The raw values of a property."""
        return [value for found, _, value in self.properties if found == name]

    def one(self, name):
        """The one raw value of a property that must be there once."""
        (value,) = self.raw(name)
        return value

    def text(self, name):
        """The same, unescaped."""
        return unescape(self.one(name))

    def parameters(self, name):
        """The parameters of a property that must be there once."""
        (found,) = [parameters for other, parameters, _ in self.properties if other == name]
        return found

    def all(self, name):
        """The components of that name, this one's own and those further in."""
        return [c for child in self.inside for c in ([child] if child.name == name else []) + child.all(name)]

    @property
    def names(self):
        """Every property's name, this component's own and those further in: what an injection would change."""
        return [name for name, _, _ in self.properties] + [f"{c.name}.{n}" for c in self.inside for n in c.names]


def unescape(value):
    """The text that an escaped one stands for."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def unfold(data):
    """The content lines, as text, of a file whose bytes are in order."""
    return data.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def split(line):
    """Name, parameters and raw value of a content line."""
    match = re.match(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)\Z', line, re.DOTALL)
    if match is None:
        raise ValueError(f"not a content line: {line[:60]!r}")
    parameters = dict(part.split("=", 1) for part in re.findall(r';([^=]+=(?:"[^"]*"|[^";:,]*))', match[2]))
    return match[1].upper(), parameters, match[3]


def parse(data):
    """The one VCALENDAR in the file."""
    root = Component("")
    stack = [root]
    for line in unfold(data):
        name, parameters, value = split(line)
        if name == "BEGIN":
            stack[-1].inside.append(Component(value))
            stack.append(stack[-1].inside[-1])
        elif name == "END":
            if stack.pop().name != value:
                raise ValueError(f"END:{value} closes something else")
        else:
            stack[-1].properties.append((name, parameters, value))
    if len(stack) != 1 or root.properties or [c.name for c in root.inside] != ["VCALENDAR"]:
        raise ValueError("not exactly one VCALENDAR")
    return root.inside[0]


def faults(data):
    """Everything wrong with the bytes of a calendar file, in words; nothing if they are in order."""
    found = []
    if data.startswith(b"\xef\xbb\xbf"):
        found.append("a byte order mark")
    if not data.endswith(b"\r\n"):
        found.append("no CRLF at the end")
    rest = data.replace(b"\r\n", b"")
    if b"\r" in rest or b"\n" in rest:
        found.append("a line end other than CRLF")
    for line in data.split(b"\r\n"):
        if len(line) > MOST_OCTETS:
            found.append(f"a line of {len(line)} octets: {line[:30]!r}")
        if re.search(rb"[\x00-\x1f\x7f]", line):
            found.append(f"a control character: {line[:30]!r}")
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            found.append(f"a character split or not UTF-8: {line[:30]!r}")
    if b"\r\n\r\n" in data or data.startswith(b"\r\n"):
        found.append("an empty line")
    return found or _faults_of_content(data)


def _faults_of_content(data):
    try:
        calendar = parse(data)
    except (ValueError, IndexError) as error:
        return [str(error)]
    found = []
    for component in (calendar, *calendar.all("VEVENT"), *calendar.all("VALARM")):
        for name, parameters, value in component.properties:
            if name in FORBIDDEN or "TZID" in parameters:
                found.append(f"{name}: {FORBIDDEN.get(name, FORBIDDEN['TZID'])}")
            if name in TEXTS and re.search(r"(?<!\\)(?:\\\\)*(?:[,;]|\\[^\\,;nN]|\\\Z)", value):
                found.append(f"{name} is not escaped: {value[:60]!r}")
            if re.search("[\x00-\x1f\x7f-\x9f" + DIRECTION + "]", value):
                found.append(f"{name} holds a control character or a mark of direction")
    if calendar.all("VTIMEZONE"):
        found.append("a VTIMEZONE")
    uids = [event.one("UID") for event in calendar.all("VEVENT")]
    found += [f"the UID {uid} is there twice" for uid in {uid for uid in uids if uids.count(uid) > 1}]
    return found
