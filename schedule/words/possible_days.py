"""What another day 0 would come to, in words."""

from typing import assert_never

from schedule.engine.possible_days import CauseClass, Graded, PossibleDay, Prospect
from schedule.model.notation import plural
from schedule.model.plan import Plan
from schedule.model.reasons.records import HourIsNeeded
from schedule.model.reasons.refusals import BeforePlanned, DoneInBetween, FirstDoseIsPast
from schedule.words.findings import finding_title, missing_in_words, repeat_in_words
from schedule.words.titles import full_title
from schedule.words.verdict import VerdictKind, still_due

CAUSE_CLASSES: dict[CauseClass, str] = {"illness": "critical illness", "other": "another cause"}
PAST = "past"
KIND_OF: dict[Prospect, VerdictKind] = {
    "met": "allowed", "slip": "allowed", "asks": "decides", "still-violated": "not-allowed", "violated": "not-allowed",
    "refused": "not-allowed", "unknown": "not-judged",
}  # fmt: skip
"""Which verdict a prospect comes to: that of the plan as it would stand, or of a move that cannot be."""


def distance_in_words(day: PossibleDay, zero: str) -> str:
    """`3 days later`, seen from the day 0 that stands; `zero` is its name."""
    return f"{zero} now" if not day.apart else apart_in_words(day.apart)


def apart_in_words(days: int) -> str:
    """`3 days later`, `1 day earlier`."""
    return f"{plural(abs(days), 'days')} {'earlier' if days < 0 else 'later'}"


def no_day_is_allowed(best: VerdictKind, days: int, plan: Plan) -> tuple[str, str]:
    """What stands before a calendar in which no day keeps every rule: that it is so, and whom to ask. `best` is the
    best verdict, that of so many days."""
    zero = plan.protocol.zero
    match best:
        case "decides":
            count = "one of them" if days == 1 else f"{days} of them"
            more = f"The principal investigator may allow {count}: ask before you move {zero}."
        case "not-judged":
            why = f"No day can be judged: {missing_in_words(plan)}"
            return why, f"Ask the study coordinator before you move {zero}."
        case _:
            more = f"Ask the principal investigator and the study coordinator before you move {zero}."
    return "No other day here keeps every rule", more


def note_in_words(graded: Graded, zero: str) -> str:
    """The rules that it depends on; what is to be repeated; or why a move is not allowed where no rule stands against
    it."""
    return "; ".join(part for part in (", ".join(graded.rules), _beside(graded, zero)) if part)


def _beside(graded: Graded, zero: str) -> str:
    if graded.prospect == "still-violated":
        return "violated now too"
    if graded.repeats:
        return f"repeat {repeats_named(graded)}"
    if graded.refusal is None or graded.findings:
        return ""
    match graded.refusal:
        case BeforePlanned():
            return f"before planned {zero}"
        case FirstDoseIsPast():
            return "the first dose would be past"
        case DoneInBetween(done=done):
            return f"{full_title(done.title)} is recorded {done.outcome} before it"
        case HourIsNeeded():
            return "the clocks change at that hour: give the hour yourself"
        case _:
            return PAST


def repeats_named(graded: Graded) -> str:
    """What is to be done again, each thing once."""
    return ", ".join(dict.fromkeys(map(repeat_in_words, graded.repeats)))


def judged_in_words(graded: Graded, plan: Plan, zero_then: str) -> str:
    """The verdict on a new day 0 in a sentence; `plan` is the one with it, and `zero_then` where it would stand. What
    stands against a move that is not allowed is said apart."""
    zero = plan.protocol.zero
    rules = "; ".join(dict.fromkeys(f"{one.ref} ({finding_title(one, zero)})" for one in graded.findings))
    match graded.prospect:
        case "met":
            rest = "no rule is violated" if still_due(plan) else "every rule is met"
            return "; ".join((*still_due(plan), f"{rest} with {zero} on {zero_then}."))
        case "slip" if graded.repeats:
            return f"no rule forbids {zero} on {zero_then}, once this is repeated: {repeats_named(graded)}."
        case "slip":
            return "; ".join((*still_due(plan), f"no rule is violated with {zero} on {zero_then}."))
        case "asks":
            return f"the principal investigator must decide on {rules} for {zero} on {zero_then}."
        case "still-violated":
            return f"{rules} would stay violated, as now. The move itself violates no other rule, and can be saved."
        case "violated":
            return f"{rules} would be violated. It can be saved, and every output would say so."
        case "refused":
            return f"{zero} does not move to {zero_then}."
        case "unknown":
            return f"{missing_in_words(plan)}."
        case _:
            assert_never(graded.prospect)
