"""What is said back of "never" before a patient is saved, on a page and on the terminal: one word may make a rule fall
away."""

from collections.abc import Iterable

NEVER = "Never"
FALLEN = "Because of “never” these rules fall away"


def never_in_words(titles: Iterable[str]) -> str:
    """`Never: last dose of venetoclax, …`; empty where nothing was."""
    named = ", ".join(titles)
    return f"{NEVER}: {named}." if named else ""


def fallen_in_words(refs: Iterable[str]) -> str:
    """The rules that fall away, by their numbers; empty where none does."""
    named = ", ".join(dict.fromkeys(refs))
    return f"{FALLEN}: {named}." if named else ""
