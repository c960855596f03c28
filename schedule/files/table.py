"""From a file's bytes to plain tables whose every key is asked for, or to every mistake with its place.

TOML accepts what a schedule must not: `nan`, unknown keys, a date-time where a date is meant. A `Table` hands
out values of the kind asked for and notes a mistake otherwise; `close` notes every key that nobody asked for.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from schedule.files.grammar import TAKEN_AS_PLAIN, GrammarError
from schedule.files.look_alikes import look_alike
from schedule.model.errors import InputError, Mistake, PathStep, Where, counted_step, key_step, named_step, table_step
from schedule.model.notation import FIRST_DATE, LAST_DATE, nearest, read_date, spell
from schedule.model.text import printable

MOST_BYTES = 256 * 1024
MOST_TEXT = 20_000
MOST_KEYS = 2_000
MOST_UNKNOWN = 500
"""Keys of a table that nobody knows, and that are told one by one."""
MOST_PARTS = 200
MOST_DOTS = 5_000
"""Of a line, whatever stands in quotes: the TOML reader takes the square of a key's parts."""

T = TypeVar("T", bound=str)
R = TypeVar("R")

DATE_REMEDY = "write the date as 2026-03-12"


_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def decoded(data: bytes, name: str) -> str:
    """The file's text, with LF line ends. InputError if it is empty, too large or not UTF-8."""
    if len(data) > MOST_BYTES:
        raise InputError(
            Mistake(place=Where(file=name), message="the file is larger than 256 KB", remedy="is it the right file?")
        )
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(
            Mistake(
                place=Where(file=name),
                message=f"byte {error.start + 1} is not UTF-8 text",
                remedy="save the file as UTF-8",
            )
        ) from error
    if not text.strip():
        raise InputError(
            Mistake(place=Where(file=name), message="the file is empty", remedy='it begins with "format = 1"')
        )
    return text


def tables_of(text: str, name: str) -> dict[str, Any]:
    """The TOML in `text`. InputError, with line and column where TOML gives them, if it is broken."""
    for number, line in enumerate(text.split("\n"), 1):
        dots = line.count(".")
        if dots > MOST_DOTS or (dots > MOST_PARTS and _QUOTED.sub("", line).count(".") > MOST_PARTS):
            mistake = Mistake(
                place=Where(file=name, path=(PathStep(f"line {number}"),), line=number),
                message="the key has too many parts",
                remedy="shorten it",
            )
            raise InputError(mistake)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _line_of(error, text)
        message, remedy = _not_toml(error, text.split("\n")[where - 1] if where else "")
        raise InputError(Mistake(place=Where(file=name, line=where), message=message, remedy=remedy)) from error
    except ValueError as error:  # a number of thousands of digits
        mistake = Mistake(place=Where(file=name), message="a number is too long to be read", remedy="shorten it")
        raise InputError(mistake) from error
    except RecursionError as error:
        raise InputError(
            Mistake(
                place=Where(file=name), message="brackets are nested too deeply", remedy="write plain tables and lists"
            )
        ) from error


def _not_toml(error: tomllib.TOMLDecodeError, line: str) -> tuple[str, str]:
    """What is wrong with a line that the TOML reader refuses: a sign outside quotes that only looks like another."""
    return look_alike(_QUOTED.sub("", line).strip()) or (
        f"this is not TOML: {error}",
        'correct that line; texts stand in "quotes"',
    )


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int | None:
    """The line that the TOML reader tells; up to Python 3.13 only its message holds it."""
    if "(at end of document)" in str(error):
        return len(text.rstrip("\n").split("\n"))
    told = re.search(r"\(at line (\d+), column \d+\)", str(error))
    return int(told[1]) if told else None


def shown(value: object) -> str:
    """A value as it stood in the file, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value[:60]}…"' if len(value) > 60 else f'"{value}"'
    if isinstance(value, date):
        return str(value)
    if isinstance(value, int) and abs(value) > 10**60:
        return "a very large number"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else str(value)[:60]


def as_date(value: object) -> date:
    """The date that a TOML date or an unambiguous text stands for. ValueError, with a reason, otherwise."""
    if isinstance(value, str):
        return read_date(value)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{shown(value)} is not a date")
    if not FIRST_DATE <= value <= LAST_DATE:
        raise ValueError(f"{spell(value)} is outside 1900 to 2199")
    return value


class Table:
    """One table of a file, its place for messages, and the list that all mistakes of the file go to."""

    def __init__(self, data: dict[str, Any], place: Where, mistakes: list[Mistake]) -> None:
        self.data = data
        self.place = place
        self.mistakes = mistakes
        self.asked: set[str] = set()
        if len(data) > MOST_KEYS:
            self.mistake("", f"{len(data)} keys", f"at most {MOST_KEYS}")

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def at(self, key: str) -> Where:
        return self.place.to(key_step(key)) if key else self.place

    def mistake(self, key: str, message: str, remedy: str) -> None:
        self.mistakes.append(Mistake(place=self.at(key), message=message, remedy=remedy))

    def get(self, key: str) -> Any:
        """The raw value, or None where the key is missing."""
        self.asked.add(key)
        return self.data.get(key)

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        value = self.get(key)
        if value is None:
            if required:
                self.mistake(key, "is missing", f'add {key} = "…"')
            return default
        text = printable(value).strip() if isinstance(value, str) else ""
        if not isinstance(value, str) or not text:
            self.mistake(key, f"{shown(value)} is not a text", f'write {key} = "…"')
            return default
        if len(value) > MOST_TEXT:
            self.mistake(key, f"the text has {len(value)} characters", f"at most {MOST_TEXT}")
            return default
        return text

    def choice(self, key: str, known: Iterable[T], default: T | None = None) -> T | None:
        """One of a few words; `default` where the key is missing, a mistake where there is no default."""
        value = self.get(key)
        known = tuple(known)
        if value is None and default is not None:
            return default
        for word in known:
            if value == word:
                return word
        if value is None:
            self.mistake(key, "is missing", "write one of: " + ", ".join(known))
        else:
            self.mistake(key, f"{shown(value)} is not known", nearest(str(value), known))
        return default

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.mistake(key, f"{shown(value)} is not true or false", f"write {key} = true, or leave it out")
        return False

    def whole(self, key: str, least: int, most: int) -> int | None:
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.mistake(key, f"{shown(value)} is not a whole number from {least} to {most}", f"write {key} = {least}")
        return None

    def day(self, key: str, *, required: bool = False) -> date | None:
        value = self.get(key)
        if value is None:
            if required:
                self.mistake(key, "is missing", DATE_REMEDY)
            return None
        try:
            return as_date(value)
        except ValueError as error:
            self.mistake(key, *(look_alike(str(value)) or (str(error), DATE_REMEDY)))
            return None

    def read(self, key: str, reader: Callable[[str], R], *, required: bool = False) -> R | None:
        """A text in one of the small languages of `grammar`."""
        text = self.text(key, required=required)
        return self.apply(key, reader, text) if text else None

    def apply(self, key: str, reader: Callable[[str], R], text: str) -> R | None:
        try:
            return reader(text)
        except GrammarError as error:
            self.mistake(key, *(look_alike(text, plain=TAKEN_AS_PLAIN) or (str(error), error.remedy)))
            return None

    def items(self, key: str, *, single: bool = True) -> list[Any]:
        """A list; a single value is a list of one, and a missing key an empty list."""
        value = self.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        if single and not isinstance(value, dict):
            return [value]
        self.mistake(key, f"{shown(value)} is not a list", f"write {key} = […]")
        return []

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.items(key)
        for value in values:
            if not isinstance(value, str):
                self.mistake(key, f"{shown(value)} is not a text", f'write {key} = ["…"]')
        return tuple(value for value in values if isinstance(value, str))

    def table(self, key: str) -> "Table":
        """The table of that name; an empty one where it is missing."""
        value = self.get(key)
        if value is not None and not isinstance(value, dict):
            self.mistake(key, f"{shown(value)} is not a table", f"write [{key}]")
            value = None
        return Table(value or {}, self.place.to(table_step(key)), self.mistakes)

    def each_table(self, key: str, kind: str) -> "Iterator[tuple[str, Table]]":
        """Every named table inside [key], with its name and a place that calls it `kind "name"`."""
        holder = self.table(key)
        for name in holder.data:
            value = holder.get(name)
            if isinstance(value, dict):
                yield name, Table(value, self.place.to(named_step(key, kind, name)), self.mistakes)
            else:
                holder.mistake(name, f"{shown(value)} is not a table", f"write [{key}.{name}]")

    def each_row(self, key: str, kind: str) -> "Iterator[Table]":
        """Every table of the list [[key]], with a place that calls it `kind 1`, `kind 2`, …"""
        for number, value in enumerate(self.items(key, single=False), 1):
            if isinstance(value, dict):
                yield Table(value, self.place.to(counted_step(key, kind, number)), self.mistakes)
            else:
                self.mistake(key, f"{shown(value)} is not a table", f"write [[{key}]]")

    def close(self) -> None:
        """Note every key that nobody asked for; of very many the first."""
        for key in islice((key for key in self.data if key not in self.asked), MOST_UNKNOWN):
            self.mistake(key[:60], *(look_alike(key) or ("I don't know this key", nearest(key, self.asked))))

    def has_format_1(self) -> None:
        """The first key of every file: which version of its form this is."""
        value = self.get("format")
        if value != 1 or isinstance(value, bool):
            message = "is missing" if value is None else f"{shown(value)} is not a format I can read"
            self.mistake("format", message, "the file begins with format = 1")
