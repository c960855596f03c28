"""A protocol's file read, linted and played: the protocol, or every mistake and what can never be; and what can be read
but is hardly meant."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from schedule.engine.play import never_in
from schedule.files.lint import line_of, lines_of, warnings, with_line
from schedule.files.never import contradictions
from schedule.files.protocol_file import read_protocol
from schedule.model.errors import InputError, Mistake, Where, counted_step, named_step
from schedule.model.protocol import Protocol
from schedule.words.never import never_in_words


class Told(Struct, frozen=True, kw_only=True):
    """A mistake or a warning with its line, counted from 1; None where it speaks of the file as a whole. `text` names
    file and line."""

    mistake: Mistake
    line: int | None
    text: str


class CheckedProtocol(Struct, frozen=True, kw_only=True):
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
    """Read the text of a protocol's file, and play it on example days; mistakes name the file `name`."""
    try:
        protocol = read_protocol(text, name)
    except InputError as error:
        return CheckedProtocol(protocol=None, mistakes=told_of(error.mistakes, text))
    never = (*contradictions(protocol, name), *_played(protocol, name))
    if never:
        return CheckedProtocol(protocol=None, mistakes=told_of(never, text))
    return CheckedProtocol(protocol=protocol, warnings=told_of(warnings(protocol, name), text))


def _played(protocol: Protocol, name: str) -> Iterator[Mistake]:
    for found in never_in(protocol):
        place = Where(file=name).to(named_step("rules", "rule", found.rule))
        for number, bound in enumerate(protocol.rules[found.rule].bounds, 1):
            if bound.point == found.point:
                place = place.to(counted_step("bounds", "bound", number))
        message, remedy = never_in_words(found, protocol.zero)
        yield Mistake(place=place, message=message, remedy=remedy)
