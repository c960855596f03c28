"""The pages of one ward lie below `/w/NAME/`, so that an address, a bookmark or a screen on a wall is of one ward.

Inside they are the same pages: the name is taken off where a request comes in, and put before each link where an answer
leaves (`prefix`). Where a ledger has one ward, nobody sees the word.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import abort, redirect, request

ASKED = "dayzero.ward"
CHOOSER = "/wards"
ESCAPED = {"7E": "~", "2F": "/"}
"""What an address writes in another way: a slash ends a part of it, and a sign of its own stands for that."""


class BelowTheWard:
    """Takes `/w/NAME` off the path of a request."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        found = environ.get("PATH_INFO", "").split("/", 3)
        if found[:2] == ["", "w"] and len(found) > 2 and found[2]:
            environ[ASKED] = _name_of(found[2].encode("latin-1").decode("utf-8", "replace"))
            environ["PATH_INFO"] = f"/{''.join(found[3:])}"
        answered: Iterable[bytes] = self.inner(environ, start_response)
        return answered


def address_of_ward(name: str) -> str:
    """The path below which the pages of a ward lie."""
    return f"/w/{quote(name.replace('~', '~7E').replace('/', '~2F') or '~', safe='~')}"


def _name_of(written: str) -> str:
    """The ward's name that such a path holds."""
    return "" if written == "~" else re.sub("~(7E|2F)", lambda found: ESCAPED[found[1]], written)


def asked_ward() -> str | None:
    """The ward below whose path this request came; None where it came below none."""
    found: str | None = request.environ.get(ASKED)
    return found


def lead_below(ward: str) -> None:
    """Let the page that answers this request be of a ward and its links lead below that ward's path, below whichever it
    came: a patient's page is of the patient's own."""
    request.environ[ASKED] = ward


def shown_ward(seen: tuple[str, ...]) -> str | None:
    """The ward that a page of a ward is of, of those that the person may see; None where there is none yet. Of several
    she is asked for one; the 404 page for one that is not hers, or that there is not."""
    asked = asked_ward()
    if asked is not None and asked not in seen:
        abort(404, "There is no such ward.")
    if asked is None and len(seen) > 1:
        abort(redirect(CHOOSER, 303))
    return asked if asked is not None else next(iter(seen), None)
