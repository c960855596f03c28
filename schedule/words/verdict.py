"""How a patient's plan stands, in one word and one line: it is the first thing that is read."""

from typing import Literal

from schedule.model.notation import plural
from schedule.model.plan import Plan
from schedule.model.reasons.alerts import NotAllowedAsPlanned, PlanCancelled, RulesViolated, ToRepeat
from schedule.words.alerts import banner_short

VerdictKind = Literal["allowed", "decides", "not-allowed", "not-judged", "cancelled"]
"""Each has a shape and a word of its own."""


def verdict_kind(plan: Plan) -> VerdictKind:
    """Worst first; a plan of a patient of whom nothing is known is not called allowed."""
    alerts = plan.alerts
    if any(isinstance(alert, PlanCancelled) for alert in alerts):
        return "cancelled"
    if any(isinstance(alert, NotAllowedAsPlanned | RulesViolated | ToRepeat) for alert in alerts):
        return "not-allowed"
    if plan.feasible is not None and plan.feasible.missing:
        return "not-judged"
    return "decides" if alerts else "allowed"


def verdict_told(plan: Plan) -> str:
    """The banner in short; else that it cannot be judged, for how many dates, or that no rule is violated."""
    if verdict_kind(plan) == "not-judged" and plan.feasible is not None:
        count = len(plan.feasible.missing)
        return f"Cannot be judged: {plural(count, 'dates')} {'is' if count == 1 else 'are'} missing."
    return banner_short(plan) or "Allowed: no rule is violated."
