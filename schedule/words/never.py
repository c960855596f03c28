"""What can never be, in words: what is wrong with a rule that its file's own days break, and what to do."""

from schedule.model.notation import plural
from schedule.model.reasons.never import NeverKept


def never_kept_in_words(found: NeverKept, zero: str) -> tuple[str, str]:
    """The message and the remedy; `zero` is the anchor's name."""
    whom = f" where {found.chosen[0]} is {found.chosen[1]}" if found.chosen else ""
    said = f"the days of the file break it on every {zero}{whom}"
    if found.bound is not None:
        said += f": {found.bound} is asked"
    if found.apart is not None:
        there = f"{plural(abs(found.apart), 'days')} {'before' if found.apart < 0 else 'after'}"
        said += f", and it lies {there}"
    return said, "one of the two is misread: correct the days or the rule"
