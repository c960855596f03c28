"""What can go wrong, said so that the reader knows where and what to do.

A mistake in a file is a value with its place; a file has all of its mistakes reported at once. What ends a
request is an exception under one base, and carries the exit code that the documentation promises to outside scripts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong in an input: where it stands, what is wrong, what to write instead."""

    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} - {self.remedy}"


class DayzeroError(Exception):
    """Base of everything Dayzero raises on purpose; `exit_code` is what the command ends with."""

    exit_code = 70


class InputError(DayzeroError):
    """The input cannot be used; nothing was done. Carries every mistake found."""

    exit_code = 2

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class NotDone(DayzeroError):
    """The disk or the store did not do what was asked; what was there before is as it was."""

    exit_code = 3


class ClockBehind(NotDone):
    """The act's time is earlier than the last act's: the clock is wrong, or somebody else was quicker by a moment."""


class NotAllowed(DayzeroError):
    """The act is not allowed; nothing was saved."""

    exit_code = 1
