"""Where in a file's text a mistake is: the line that its place names, as well as can be told.

A place says `nk.toml, activity "il2", days`, because that is how an author thinks of the file. An editor and a page want
a line. TOML's reader gives none, so the heads of tables and the keys below them are looked for.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from schedule.errors import Mistake

_PART = re.compile(r'(?:[^,"]|"[^"]*")+')
_NAMED, _NUMBERED, _TABLE = re.compile(r'(\w+) "(.*)"'), re.compile(r"(\w+) (\d+)"), re.compile(r"\[(.+)\]")
_HEAD = re.compile(r"\s*(\[{1,2})([^\[\]]+)\]{1,2}\s*(?:#.*)?")
_WORD = re.compile(r'"[^"]*"|\'[^\']*\'|[^.\s"\']+')
_LINE = re.compile(r"\bline (\d+)")


class Head(NamedTuple):
    """The head of a table: its line, counted from 1, and its path; `row` for one of a list."""

    line: int
    path: tuple[str, ...]
    row: bool


def line_of(text: str, mistake: Mistake) -> int | None:
    """The line, counted from 1, that a mistake speaks of; None where it speaks of the file as a whole."""
    if "(at end of document)" in mistake.message:
        return len(text.rstrip("\n").split("\n"))
    told = _LINE.search(mistake.message) or _LINE.search(mistake.place)
    return int(told[1]) if told else line_of_place(text, mistake.place)


def line_of_place(text: str, place: str) -> int | None:
    """The line of the deepest part of a place that is found in the text."""
    lines = text.split("\n")
    heads = list(_heads(lines))
    found: int | None = None
    path: tuple[str, ...] = ()
    first, last = 0, heads[0].line - 1 if heads else len(lines)
    for part in (part.strip() for part in _PART.findall(place)):
        number = 1
        if match := _NAMED.fullmatch(part):
            path = (_plural(match[1]), match[2])
        elif match := _TABLE.fullmatch(part):
            path = (*path, match[1])
        elif match := _NUMBERED.fullmatch(part):
            path, number = (*path, _plural(match[1])), int(match[2])
        else:
            key = _key(lines[first:last], part)
            if key is not None:
                return first + key
            if not path:  # a table that nobody knows: its name is the key
                found = next((head.line for head in heads if head.path[0] == part), found)
            continue
        after = [head for head in heads if head.line > first and _same(head.path, path)]
        if len(after) >= number:
            head = after[number - 1]
            found, first = head.line, head.line
            last = next((other.line - 1 for other in heads if other.line > head.line), len(lines))
        elif (key := _inline(lines, heads, path)) is not None:
            return key
    return found


def _heads(lines: list[str]) -> Iterator[Head]:
    for number, line in enumerate(lines, 1):
        if match := _HEAD.fullmatch(line):
            yield Head(number, tuple(word.strip("\"'") for word in _WORD.findall(match[2])), match[1] == "[[")


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _same(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether a head is the wanted one; long names are shortened in messages."""
    return len(path) == len(wanted) and all(
        one == other or (len(other) >= 60 and one.startswith(other)) for one, other in zip(path, wanted, strict=True)
    )


def _key(lines: list[str], key: str) -> int | None:
    """The line, counted from 1, that gives a key its value."""
    for number, line in enumerate(lines, 1):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
            return number
    return None


def _inline(lines: list[str], heads: list[Head], path: tuple[str, ...]) -> int | None:
    """The line of a table that is written as a key of the table above it."""
    for head in heads:
        if _same(head.path, path[:-1]):
            last = next((other.line - 1 for other in heads if other.line > head.line), len(lines))
            key = _key(lines[head.line : last], path[-1])
            if key is not None:
                return head.line + key
    return None
