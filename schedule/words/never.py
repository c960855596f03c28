"""What can never be, in words: what is wrong with a rule of a file, and what to do."""

from typing import assert_never

from schedule.model.notation import plural
from schedule.model.reasons.never import Never, NeverKept, NeverLeft


def never_in_words(found: Never, zero: str) -> tuple[str, str]:
    """The message and the remedy; `zero` is the anchor's name."""
    whom = f" where {found.chosen[0]} is {found.chosen[1]}" if found.chosen else ""
    match found:
        case NeverKept():
            return _kept(found, f"every {zero}{whom}"), "one of the two is misread: correct the days or the rule"
        case NeverLeft(point=point, rules=rules):
            said = f"whatever {zero} is{whom}, no date is left for {point}"
            ask = "asks" if len(rules) == 1 else "ask"
            return said, f"one distance is misread: correct what {' and '.join(rules)} {ask} of it"
        case _:
            assert_never(found)


def _kept(found: NeverKept, when: str) -> str:
    said = f"the days of the file break it on {when}"
    if found.bound is not None:
        said += f": {found.bound} is asked"
    if found.apart is not None:
        there = f"{plural(abs(found.apart), 'days')} {'before' if found.apart < 0 else 'after'}"
        said += f", and it lies {there}"
    return said
