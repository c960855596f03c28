"""A word that is typed before something is done that cannot be taken back."""

import sys

import click


def confirmed(
    word: str, given: str | None, question: str, *, look: str = "Confirm it", nothing: str = "Nothing was saved."
) -> None:
    """Go on where the word was `given` with --confirm, or is typed on a terminal after the question. UsageError for
    another word, or where there is no terminal: then with what to `look` at first; both end with `nothing`."""
    if given is None and not sys.stdin.isatty():
        raise click.UsageError(f"{look}: --confirm {word}. {nothing}")
    if (given or click.prompt(question, err=True)) != word:
        raise click.UsageError(f"Not confirmed. {nothing}")
