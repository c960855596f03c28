"""What can go wrong: where, why, and with which exit code; `words` says what to do.

A mistake in a file is a value with its place; a file has all of its mistakes reported at once. What ends a
request is an exception under one base, and carries the exit code that the documentation promises to outside scripts.
"""

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from schedule.model.kept import Row
    from schedule.model.reasons.absences import Absence
    from schedule.model.reasons.deliveries import ChannelRefusal, DeliveryFault
    from schedule.model.reasons.failures import Failure
    from schedule.model.reasons.reckoning import Miscalculation
    from schedule.model.reasons.refusals import Refusal


class PathStep(Struct, frozen=True):
    """One step into a file: as a message says it, and the keys and numbers, from 1, by which it is found there."""

    text: str
    keys: tuple[str | int, ...] = ()


class Where(Struct, frozen=True, kw_only=True):
    """Where something stands: the file, the row of a list or what else was given, and the steps from there.

    `line` is that of a text that cannot be read as tables, where it is known; what is printed of it is in the message.
    """

    file: str
    path: tuple[PathStep, ...] = ()
    line: int | None = None

    def __str__(self) -> str:
        return ", ".join(part for part in (self.file, self.path_in_words) if part)

    @property
    def path_in_words(self) -> str:
        """`activity "il2", days`: the place without the file."""
        return ", ".join(step.text for step in self.path)

    @property
    def keys(self) -> tuple[str | int, ...]:
        """`("activities", "il2", "days")`: the keys and the numbers in lists that lead there."""
        return tuple(key for step in self.path for key in step.keys)

    def to(self, step: PathStep) -> "Where":
        """The place one step further."""
        return replace(self, path=(*self.path, step))


def key_step(key: str) -> PathStep:
    """`days`: a key of a table."""
    return PathStep(key, (key,))


def table_step(*keys: str) -> PathStep:
    """`[dates]`, `[protocols.NCT1]`: a table that has one meaning."""
    return PathStep(f"[{'.'.join(keys)}]", keys)


def named_step(table: str, kind: str, name: str) -> PathStep:
    """`activity "il2"`: one of the tables of a table, by its name."""
    return PathStep(f'{kind} "{name[:60]}"', (table, name))


def counted_step(table: str, kind: str, number: int) -> PathStep:
    """`bound 2`: one of a list of tables, counted from 1."""
    return PathStep(f"{kind} {number}", (table, number))


class Mistake(Struct, frozen=True, kw_only=True):
    """One thing wrong in an input: where it stands, what is wrong, what to write instead."""

    place: Where
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} - {self.remedy}"


class DayzeroError(Exception):
    """Base of everything Dayzero raises on purpose; `exit_code` is what the command ends with."""

    exit_code = 70


class Reckoning(DayzeroError):
    """A case worked by hand comes out differently on this computer; nothing was saved."""

    def __init__(self, case: "Miscalculation") -> None:
        super().__init__(case)
        self.case = case


class InputError(DayzeroError):
    """The input cannot be used; nothing was done. Carries every mistake found."""

    exit_code = 2

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class NotDone(DayzeroError):
    """The disk or the store did not do what was asked; what was there before is as it was."""

    exit_code = 3

    def __init__(self, failure: "Failure") -> None:
        super().__init__(failure)
        self.failure = failure


class NotDelivered(DayzeroError):
    """A calendar did not get a message, or cannot be reached; what it had is as it was, as far as anybody knows."""

    exit_code = 3

    def __init__(self, fault: "DeliveryFault") -> None:
        super().__init__(fault)
        self.fault = fault


class ChannelRefused(DayzeroError):
    """A channel cannot be as it was asked for; nothing was done."""

    exit_code = 2

    def __init__(self, refusal: "ChannelRefusal") -> None:
        super().__init__(refusal)
        self.refusal = refusal


class ClockBehind(NotDone):
    """The act's time is earlier than the last act's: the clock is wrong, or somebody else was quicker by a moment."""


class Stale(NotDone):
    """Somebody else has changed this patient's plan since; `newest` is what they did."""

    def __init__(self, newest: "Row") -> None:
        from schedule.model.reasons.failures import ActedMeanwhile  # one of many that hardly ever come

        act = newest.act
        super().__init__(
            ActedMeanwhile(code=act.code, revision=act.revision, by=act.by, at=act.at, kind=act.kind, reason=act.reason)
        )
        self.newest = newest


class Refused(DayzeroError):
    """The act cannot be; nothing was done. `refusals` say why, `code` is the patient's, empty where it depends on none;
    `zero` is the anchor's name."""

    exit_code = 2

    def __init__(self, *refusals: "Refusal", code: str = "", zero: str = "") -> None:
        super().__init__(*refusals)
        self.refusals, self.code, self.zero = refusals, code, zero


class NotThere(DayzeroError):
    """What was asked for is not in the ledger; nothing was done."""

    exit_code = 2

    def __init__(self, absence: "Absence") -> None:
        super().__init__(absence)
        self.absence = absence


class NotAllowed(Refused):
    """The plan as it stands does not take such an act; nothing was saved."""

    exit_code = 1
