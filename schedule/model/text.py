"""Texts: what can be printed, what a word may have meant, hashes, JSON and spreadsheet cells."""

import hashlib
import re
from typing import Any

import msgspec

_UNPRINTABLE = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f"
    "\u202a-\u202e\u2066-\u206f\ufeff\ud800-\udfff\ufffe\uffff]"
)

_LOST_DASH = "[\x96\x97]|(?<![^\\W\\d_])\u00ad|\u00ad(?![^\\W\\d_])"
"""What PDF files and wrongly decoded ones put for a dash, and no screen shows: a soft hyphen that does not stand inside
a word, and the dashes of Windows. Without it day -5 would be day 5."""


def printable(text: str, *, lines: bool = False) -> str:
    """The text without control characters and without marks that reverse its direction, a dash that is among them as a
    hyphen; `lines` keeps line ends."""
    plain = text.replace("\u00a0", "")  # which Python calls unprintable
    if (plain.replace("\n", "") if lines else plain).isprintable():
        return text
    text = re.sub(_UNPRINTABLE, "", re.sub(_LOST_DASH, "-", text))
    return re.sub("\r\n|[\r\n\t\u2028\u2029]", lambda end: "\n" if lines and end[0] != "\t" else " ", text)


def sha256(text: str) -> str:
    """The hash by which a text is known: of its UTF-8 bytes with LF line ends."""
    return hashlib.sha256(text.encode()).hexdigest()


_FORMULA = ("=", "+", "-", "@", "\t", "\0")
"""What a spreadsheet takes for the beginning of a formula."""


def to_json(values: Any) -> str:
    """JSON for people and scripts: indented, UTF-8, with a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(values), indent=2).decode() + "\n"


def safe_cell(value: Any) -> str:
    """A spreadsheet cell that no spreadsheet takes for a formula; `plain_cell` gives the text back.
    Numbers stay numbers.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.lstrip("'")[:1] in _FORMULA else value


def plain_cell(cell: str) -> str:
    """The text that `safe_cell` made a cell of."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in _FORMULA else cell
