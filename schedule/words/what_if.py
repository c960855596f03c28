"""What another day 0 would come to, in words."""

from schedule.engine.what_if import PossibleDay, Prospect
from schedule.model.notation import plural
from schedule.model.reasons.records import HourIsNeeded
from schedule.model.reasons.refusals import BeforePlanned, DoneInBetween, FirstDoseIsPast
from schedule.words.findings import repeat_in_words
from schedule.words.titles import full_title

PROSPECTS: dict[Prospect, str] = {
    "met": "every rule is met",
    "slip": "allowed",
    "asks": "the principal investigator must decide",
    "still-violated": "a slip is allowed; violated before, and still",
    "violated": "not allowed as planned",
    "refused": "not allowed",
    "unknown": "cannot be judged: nothing is known of the patient",
}


def prospect_in_words(prospect: Prospect) -> str:
    """The verdict on a day in a few words."""
    return PROSPECTS[prospect]


def distance_in_words(day: PossibleDay, zero: str) -> str:
    """`3 days later`, seen from the day 0 that stands; `zero` is its name."""
    if not day.apart:
        return f"{zero} as it stands"
    return f"{plural(abs(day.apart), 'days')} {'earlier' if day.apart < 0 else 'later'}"


def note_in_words(day: PossibleDay, zero: str) -> str:
    """What is to be repeated, or why a move is not allowed where no rule stands against it."""
    if day.repeats:
        return "to be repeated: " + ", ".join(dict.fromkeys(map(repeat_in_words, day.repeats)))
    if day.refusal is None or day.findings:
        return ""
    match day.refusal:
        case BeforePlanned():
            return f"before planned {zero}"
        case FirstDoseIsPast() if not day.is_past:
            return "the first dose would be past"
        case DoneInBetween(done=done):
            return f"{full_title(done.title)} is recorded {done.outcome} before it"
        case HourIsNeeded():
            return "the clocks change at that hour: give the hour yourself"
        case _:
            return "past"
