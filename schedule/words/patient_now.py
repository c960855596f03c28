"""What the head of a patient's page says of what is wrong or open."""

from collections.abc import Mapping
from datetime import datetime

from schedule.model.notation import spell_moment

NOT_RECORDED = "not recorded"
OVERDUE = "overdue"
DUE = "due today"
SAID: Mapping[str, str] = {"decides": "PI decides", "not-allowed": "not allowed"}
RECORD = "Record it"
ENTER_DECISION = "Enter the decision"
ENTER_DATE = "Enter its date"
WHAT_IT_CHANGED = "What it changed"


def has_moved(zero: str) -> str:
    """`day 0 moved`, by the protocol's own name of day 0."""
    return f"{zero} moved"


def cancelled_by(by: str, when: datetime, why: str) -> str:
    """Who cancelled the plan, when and why."""
    said = f"The plan was cancelled by {by} on {spell_moment(when)}"
    return f"{said}: {why}" if why else f"{said}."
