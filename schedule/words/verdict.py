"""How a patient's plan stands, in one word and one line: it is the first thing that is read."""

from typing import Literal

from schedule.model.notation import plural
from schedule.model.plan import Plan
from schedule.model.reasons.alerts import NotAllowedAsPlanned, PlanCancelled, RulesViolated, ToRepeat
from schedule.words.alerts import in_short, some

FEW = 2
"""As many rules are told by their titles."""

VerdictKind = Literal["allowed", "decides", "not-allowed", "not-judged", "cancelled"]
"""Each has a shape and a word of its own."""
VERDICTS: dict[VerdictKind, str] = {
    "allowed": "allowed", "decides": "PI decides", "not-allowed": "not allowed", "not-judged": "cannot be judged",
    "cancelled": "cancelled",
}  # fmt: skip


def verdict_kind(plan: Plan) -> VerdictKind:
    """Worst first; a plan of a patient of whom nothing is known is not called allowed."""
    alerts = plan.alerts
    if any(isinstance(alert, PlanCancelled) for alert in alerts):
        return "cancelled"
    if any(isinstance(alert, NotAllowedAsPlanned | RulesViolated | ToRepeat) for alert in alerts):
        return "not-allowed"
    if plan.missing:
        return "not-judged"
    return "decides" if alerts else "allowed"


def verdict_told(plan: Plan) -> str:
    """What the verdict rests on, without its word: the rules by their titles, of more than two their numbers; how many
    dates are missing; empty where the plan is cancelled."""
    if verdict_kind(plan) == "not-judged":
        count = len(plan.missing)
        return f"{plural(count, 'dates')} {'is' if count == 1 else 'are'} missing"
    refs = list(dict.fromkeys(ref for alert in plan.alerts for ref in in_short(alert)))
    rules = plan.protocol.rules
    if len(refs) <= FEW:
        told = (f"{ref} {rules[ref].title}" if ref in rules else ref for ref in refs)
        return "; ".join(told) or ("" if plan.alerts else "no rule is violated")
    return some(refs)


def verdict_of(plan: Plan) -> tuple[VerdictKind, str, str]:
    """How a plan stands: the kind, its word, and what it rests on."""
    kind = verdict_kind(plan)
    return kind, VERDICTS[kind], verdict_told(plan)
