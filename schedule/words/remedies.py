"""Where a message is read: what it tells the reader to do is said by what is at hand there."""

from typing import Literal, NamedTuple

Edge = Literal["terminal", "page"]


class RefusedWords(NamedTuple):
    """What an act is refused with: what it is about, what is wrong, what to do; the last is empty where nothing can
    be done."""

    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """`place: message - remedy`, as a terminal shows it."""
        said = f"{self.message} - {self.remedy}" if self.remedy else self.message
        return f"{self.place}: {said}" if self.place else said


def by_as_of(edge: Edge) -> str:
    """What an act is looked at from: a page is always read now."""
    return "as-of" if edge == "terminal" else "now"
