"""What a day sheet is made of, and how much paper it takes: so that page 2 of a long day can say that it is page 2.

The estimate, in millimetres, is for the narrower and the shorter of A4 and Letter and for the widest typeface of the
stack, so it errs towards an early page break. Nothing depends on it but the words “page 2 of 3”: the browser breaks
pages where its own type needs it and repeats the head, and nothing is ever cut off or made smaller.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from schedule.model.notation import MINUS, NO_BREAK
from schedule.model.sizes import PIECES

PAGE = 247.5
"""Height between the margins: Letter's 279 mm less twice 15 mm, and something to spare."""


class SheetRow(Struct, frozen=True):
    """One task. `due` is its hour; `name` stands in bold until it is done, `more` belongs to it, `notes` are to be
    looked out for, both in smaller type.

    `state` is what was recorded, in the place of the box, and `at` its hour; `outcome` is what was recorded beside it.
    `verify` asks for a second person's initials, `dose` for held with the reason.
    """

    due: str
    name: str
    more: tuple[str, ...]
    notes: tuple[str, ...]
    state: str
    at: str
    outcome: str
    verify: bool
    dose: bool


class Block(NamedTuple):
    """At most nine tasks; with a title, of one part of the day, where the day has more."""

    title: str
    rows: tuple[SheetRow, ...]


class Infusion(Struct, frozen=True):
    """What the sheet of day 0 asks beside its tasks; `must_start` is empty where no rule sets a limit."""

    must_start: str
    basis: str
    not_stated: tuple[str, ...]


class Foot(NamedTuple):
    """What ends a day: what falls due, what is open, what went on at midnight, what comes next (the next day, and what
    is on it), what the sheet is and is not, and on whose word the dates are."""

    deadlines: tuple[tuple[str, str], ...]
    windows: tuple[str, ...]
    running: tuple[str, ...]
    tomorrow: str
    next_items: tuple[str, ...]
    small: str
    why: tuple[str, ...]


class Head(Struct, frozen=True):
    """What the head says beside the date: what day it is, how it lies to day 0, and that day 0 moved a short time ago,
    with what that means. `banner` is that of the plan, in short."""

    title: str
    sub: str
    moved: tuple[str, str] | None
    banner: str


class Page(Struct, frozen=True):
    """One printed page: `number` of `of` within its day.
    `notes` is the height of the space for notes, in centimetres.
    """

    number: int
    of: int
    infusion: Infusion | None
    blocks: tuple[Block, ...]
    foot: Foot | None
    notes: int


class Piece(Struct, frozen=True):
    """What takes room on a page: a row under its block's title, or (None) something of its own.

    `again` is what it takes more as the first of a page, because its title is repeated.
    """

    row: tuple[str, SheetRow] | None
    height: float
    again: float


def divide(blocks: Iterable[Block], infusion: Infusion | None, foot: Foot, head: Head) -> tuple[Page, ...]:
    """A day's tasks and its foot as pages that fit their paper; a block that goes on does so under its title. The foot,
    where the day is signed, never stands on a page without a task."""
    rows: list[Piece] = []
    for title, some in blocks:
        titled = BLOCK if title else 0
        for number, row in enumerate(some):
            height = row_height(row)
            rows.append(Piece((title, row), height, titled) if number else Piece((title, row), height + titled, 0))
    box = infusion_height(infusion) if infusion is not None else 0
    end = foot_height(foot)
    parts = list(_filled(rows, box, end, PAGE - head_height(head)))
    spare = PAGE - head_height(head) - end - _used(parts[-1])
    pages = []
    for number, part in enumerate(parts, 1):
        found: dict[str, list[SheetRow]] = {}
        for thing in part:
            if thing.row is not None:
                found.setdefault(thing.row[0], []).append(thing.row[1])
        pages.append(
            Page(
                number=number,
                of=len(parts),
                infusion=infusion if number == 1 else None,
                blocks=tuple(Block(title, tuple(some)) for title, some in found.items()),
                foot=foot if number == len(parts) else None,
                notes=max(1, min(MOST_NOTES, int((spare + NOTES) / 10))),
            )
        )
    return tuple(pages)


def _used(part: list[Piece]) -> float:
    return (part[0].again if part else 0) + sum(thing.height for thing in part)


def _filled(rows: list[Piece], box: float, end: float, room: float) -> Iterator[list[Piece]]:
    """The rows page by page: the first shares its page with the box of the infusion, the last with the foot, which is
    never alone where there is a row to go with it."""
    first = [Piece(None, box, 0)] if box else []
    pages = list(fill([*first, *rows], room)) or [[]]
    last = pages[-1]
    if _used(last) + end <= room:
        yield from pages
        return
    moved: list[Piece] = [last.pop()] if last and last[-1].row is not None else []
    yield from (page for page in pages if page)
    yield moved


def fill(things: Iterable[Piece], room: float) -> Iterator[list[Piece]]:
    """The things page by page; one that is higher than a page begins a page of its own."""
    page: list[Piece] = []
    used = 0.0
    for thing in things:
        if page and used + thing.height > room:
            yield page
            page, used = [], 0.0
        used += thing.height if page else thing.height + thing.again
        page.append(thing)
    if page:
        yield page


# Advance widths in hundredths of an em of DejaVu Sans Bold, from the space to the tilde.
# The regular face is a tenth narrower.
_WIDTHS = (
    35, 46, 52, 84, 70, 100, 87, 31, 46, 46, 52, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84,
    84, 84, 58, 100, 77, 76, 73, 83, 68, 68, 82, 84, 37, 37, 77, 64, 100, 84, 85, 73, 85, 77, 72, 68, 81, 77, 110, 77,
    72, 73, 46, 37, 46, 84, 50, 50, 67, 72, 59, 72, 68, 44, 72, 71, 34, 34, 67, 34, 104, 71, 69, 72, 72, 49, 60, 48, 71,
    65, 92, 65, 65, 58, 71, 37, 71, 84,
)  # fmt: skip
WIDTH_OF = {chr(32 + number): width for number, width in enumerate(_WIDTHS)}
WIDTH_OF |= {NO_BREAK: 35, MINUS: 84, "“": 66, "”": 66, "–": 50}


@lru_cache(maxsize=PIECES)
def em_width(text: str) -> int:
    """How wide a text is, in hundredths of an em of the bold face; a letter that is not measured is one em wide."""
    return sum([WIDTH_OF.get(letter, 100) for letter in text])


BOLD, PLAIN = 12 * 0.3528 / 100, 11 * 0.3528 / 100 * 0.9
"""Millimetres for a hundredth of an em: 12 point bold, 11 point regular."""


@lru_cache(maxsize=PIECES)
def lines(text: str, room: float, face: float) -> int:
    """How many lines a text takes in `room` millimetres of BOLD or PLAIN; a word longer than a line is broken."""
    width = room / face
    count, used = 1, 0.0
    for word in text.split(" "):
        length = em_width(word)
        if used and used + 35 + length > width:
            count, used = count + 1, 0.0
        used += length + (35 if used else 0)
        if used > width:
            count, used = count + int(used // width), used % width
    return count


# Measured on paper, in millimetres.
BLOCK, NOTES, MOST_NOTES = 8.0, 10.0, 14
TASK, OUTCOME, HEAD, FULL = 44.4, 56.0, 94.0, 174.0
SMALL = PLAIN * 10 / 11
LEAD = 28.0
"""What the words before a list take of its first line."""
ENDS = "XXXX-000 · XXXX-XXXX · page 0 of 0"


def head_height(head: Head) -> float:
    said = 12.4 + 6.3 * lines(head.title, HEAD, BOLD * 14 / 12) + 5.6 * lines(head.sub, HEAD, PLAIN * 12 / 11)
    boxes = 5.5 + 5.6 * lines(" ".join(head.moved), FULL - 8, BOLD * 0.95) if head.moved else 0
    boxes += 3.0 + 5.1 * lines(head.banner, FULL, BOLD) if head.banner else 0
    return max(said, 26.0) + 8.7 + boxes


def row_height(row: SheetRow) -> float:
    text = 5.72 * lines(row.name, TASK, BOLD)
    text += 4.86 * sum(lines(line, TASK, PLAIN) for line in (*row.more, *row.notes))
    outcome = 4.86 * lines(row.outcome, OUTCOME, PLAIN)
    return max(max(text, outcome) + 2.5, 13.7)


def infusion_height(infusion: Infusion) -> float:
    words = [infusion.basis, *infusion.not_stated]
    return 39.0 + 5.3 * sum(lines(text, FULL - 5, PLAIN) for text in words if text)


def foot_height(foot: Foot) -> float:
    ticked = [1.0 + 5.05 * (lines(what, 76, BOLD * 11 / 12) + lines(how, 76, PLAIN)) for what, how in foot.deadlines]
    by_two = sum(max(ticked[number : number + 2]) for number in range(0, len(ticked), 2)) + (6.2 if ticked else 0)
    tomorrow = f"{foot.tomorrow}: {' · '.join(foot.next_items)}" if foot.tomorrow else ""
    going = [" · ".join(texts) for texts in (foot.running, foot.windows) if texts]
    listed = 5.05 * (sum(lines(text, FULL - LEAD, PLAIN) for text in going) + lines(tomorrow, FULL - LEAD, PLAIN))
    why = 4.5 * (lines(f"{foot.small} {ENDS}", FULL, SMALL) + sum(lines(text, FULL, SMALL) for text in foot.why))
    return 20.5 + by_two + listed + why + NOTES
