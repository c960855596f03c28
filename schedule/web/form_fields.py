"""The fields of a form as a page shows them, with what was typed; and the mistakes at them."""

from typing import ClassVar, NamedTuple

from msgspec import Struct

from schedule.model.notation import plural
from schedule.model.text import sha256


class Wrong(NamedTuple):
    """One mistake: the id of the input to mend (empty: the form as a whole), the field it belongs to, and what to
    do."""

    anchor: str
    field: str
    text: str


class Option(NamedTuple):
    """One of several answers: the id of its input, what is sent, and its words."""

    id: str
    value: str
    words: str


class TextField(Struct, frozen=True, kw_only=True):
    """One line or several of text; `lines` is 1 for a single one. `echo` is what was read of it, in words."""

    kind: ClassVar = "text"
    name: str
    label: str
    hint: str
    typed: str
    lines: int
    optional: bool
    echo: str = ""


class TickField(Struct, frozen=True, kw_only=True):
    """A box that is ticked or not."""

    kind: ClassVar = "tick"
    name: str
    label: str
    hint: str
    ticked: bool


class ChoiceField(Struct, frozen=True, kw_only=True):
    """One of several answers."""

    kind: ClassVar = "choice"
    name: str
    label: str
    hint: str
    options: tuple[Option, ...]
    typed: str
    optional: bool

    @property
    def is_long(self) -> bool:
        """Whether the answers are too many to stand on the page one under the other."""
        return len(self.options) > 8


class DayField(Struct, frozen=True, kw_only=True):
    """A date among `options`, or as it was typed in `date` (`echo` is how it was read, in words), with an hour if
    `clock`; without options the hour alone of a day that is known. `offsets` appear only where the hour that was typed
    happens twice."""

    kind: ClassVar = "day"
    name: str
    label: str
    hint: str
    options: tuple[Option, ...]
    typed: str
    date: str
    echo: str
    clock: bool
    time: str
    offsets: tuple[Option, ...]
    offset: str
    optional: bool


class FileField(Struct, frozen=True, kw_only=True):
    """A file's text; `typed` is that of the file already sent, which the page sends back until it is saved."""

    kind: ClassVar = "file"
    name: str
    label: str
    hint: str
    typed: str
    optional: bool

    @property
    def kept(self) -> str:
        """What is kept of the file, in words."""
        return f"{plural(len(self.typed.splitlines()), 'lines')}, hash {sha256(self.typed)[:12]}" if self.typed else ""


class ClockField(Struct, frozen=True, kw_only=True):
    """An hour of a row; `offsets` appear only where the clocks show it twice."""

    label: str
    typed: str
    offsets: tuple[Option, ...] = ()
    offset: str = ""


class RecordField(Struct, frozen=True, kw_only=True):
    """A row of a day: an item (`head` is what its title begins with, `more` stands below it), when it is due, what is
    recorded of it (`stands`), and what can be entered: outcome, hour, its end where it has one, why it was held.
    `on`, an address, and `on_said` are of which earlier day it is, else empty. `dates` appear only where the hour may
    be of another date."""

    kind: ClassVar = "record"
    name: str
    part: str
    on: str
    on_said: str
    due: str
    title: str
    head: str
    more: tuple[str, ...]
    state: str
    stands: str
    outcomes: tuple[Option, ...]
    outcome: str
    at: ClockField
    end: ClockField | None
    dates: tuple[Option, ...]
    date: str
    why: str
    reason: str

    @property
    def entered(self) -> bool:
        """Whether anything was entered in it."""
        ends = (self.end.typed,) if self.end is not None else ()
        return any((self.outcome, self.at.typed, self.reason, *ends))


Field = TextField | TickField | ChoiceField | DayField | FileField | RecordField
