"""A protocol's file read and linted: the protocol, or every mistake; and what can be read but is hardly meant."""

from collections.abc import Iterable
from dataclasses import dataclass

from schedule.files.lint import line_of, lines_of, warnings, with_line
from schedule.files.protocol_file import read_protocol
from schedule.model.errors import InputError, Mistake
from schedule.model.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A mistake or a warning with its line, counted from 1; None where it speaks of the file as a whole. `text` names
    file and line."""

    mistake: Mistake
    line: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProtocol:
    """What a text comes to: a protocol, perhaps with warnings, or no protocol and mistakes. Both as they were found."""

    protocol: Protocol | None
    mistakes: tuple[Told, ...] = ()
    warnings: tuple[Told, ...] = ()


def by_line(told: Iterable[Told]) -> list[Told]:
    """Those of the file as a whole first, then from the top of the file."""
    return sorted(told, key=lambda one: one.line or 0)


def told_of(found: Iterable[Mistake], text: str) -> tuple[Told, ...]:
    """Mistakes in a file, each with the line of its text that it speaks of."""
    lines = lines_of(text)
    placed = ((one, line_of(one, lines)) for one in found)
    return tuple(Told(mistake=one, line=line, text=with_line(one, line)) for one, line in placed)


def check_protocol(text: str, name: str) -> CheckedProtocol:
    """Read the text of a protocol's file; mistakes name the file `name`."""
    try:
        protocol = read_protocol(text, name)
    except InputError as error:
        return CheckedProtocol(protocol=None, mistakes=told_of(error.mistakes, text))
    return CheckedProtocol(protocol=protocol, warnings=told_of(warnings(protocol, name), text))
