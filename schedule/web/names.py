"""Names as a hospital's directory writes them and a reverse proxy hands them on in a header.

What stands there where nobody is logged in (`(null)` of Apache, `-` of a log, a variable that was not filled in) is
nobody. What is somebody and cannot be used is told with the true reason.
"""

import re
import unicodedata
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import unquote

from flask import request

from schedule.model.who import is_nobody

MOST_NAME = 64
"""Letters of a user's name."""
MOST_GROUPS = 500
"""Groups of one person that are looked at."""
PER_CENT = re.compile(r"%[0-9A-Fa-f]{2}")


class NotUsable(ValueError):
    """A name that is there and cannot be used; its words say why."""


def said_in(header: str) -> str:
    """What the proxy says in a header: UTF-8 or, where it is none, Latin-1; empty where it says nothing. A proxy that
    writes per-cent signs or the form of mail (`=?UTF-8?B?…?=`) is read."""
    raw = request.headers.get(header, "").strip()
    try:
        text = raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = raw
    if PER_CENT.search(text):
        try:
            text = unquote(text, errors="strict")
        except UnicodeError:
            text = unquote(text, "latin-1")
    if "=?" in text:
        with suppress(HeaderParseError, LookupError, UnicodeError):
            text = str(make_header(decode_header(text)))
    return unicodedata.normalize("NFC", text).strip(" ")


def name_in(header: str) -> str | None:
    """Who is logged in, by that header; None where it names nobody. NotUsable for a name that cannot be kept."""
    name = said_in(header)
    if is_nobody(name):
        return None
    if len(name) > MOST_NAME:
        raise NotUsable(f"it has {len(name)} letters, and {MOST_NAME} are the most")
    if not name.isprintable() or "\N{REPLACEMENT CHARACTER}" in name:
        raise NotUsable("it holds a sign that cannot be printed")
    return name


def groups_in(said: str, separator: str) -> tuple[str, ...]:
    """The groups that a header names, as they are written there; what names nobody is none."""
    found = (name.strip() for name in said.split(separator))
    return tuple(name for name in found if not is_nobody(name))[:MOST_GROUPS]
