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
IN_ENCODING = re.compile(r"(utf-8|iso-8859-1)'[A-Za-z0-9-]*'((?:[^%]|%[0-9A-Fa-f]{2})*)", re.IGNORECASE)


class NotUsable(ValueError):
    """A name that is there and cannot be used; its words say why."""


def said_in(header: str) -> str:
    """What the proxy says in a header; empty where it says nothing."""
    return _read(_sent(header))


def _sent(header: str) -> str:
    """What a header holds as it was sent: UTF-8 or, where it is none, Latin-1."""
    raw = request.headers.get(header, "").strip()
    try:
        return raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return raw


def _read(text: str) -> str:
    """A name as people read it."""
    return unicodedata.normalize("NFC", _decoded(text)).strip(" ")


def _decoded(text: str) -> str:
    """The name in one of the forms in which it is sent: per-cent signs behind their encoding (`UTF-8''…`), the form of
    mail (`=?UTF-8?B?…?=`), per-cent signs alone. It is decoded once: decoded again, a person named `a%41` would be
    another one."""
    if encoded := IN_ENCODING.fullmatch(text):
        with suppress(UnicodeError):
            return unquote(encoded[2], encoded[1], errors="strict")
    if "=?" in text:
        with suppress(HeaderParseError, LookupError, UnicodeError):
            mailed = str(make_header(decode_header(text)))
            if mailed != text:
                return mailed
    try:
        return unquote(text, errors="strict")
    except UnicodeError:
        return unquote(text, "latin-1")


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


def groups_in(header: str, separator: str) -> tuple[str, ...]:
    """The groups that a header names; what names nobody is none. They are parted before they are read: a separator
    that a proxy wrote as `%2C` belongs to the name of a group, and does not make two of it."""
    found = (_read(name.strip()) for name in _sent(header).split(separator))
    return tuple(name for name in found if not is_nobody(name))[:MOST_GROUPS]
