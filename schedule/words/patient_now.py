"""What the head of a patient's page says of what is wrong or open."""

from collections.abc import Mapping
from datetime import datetime

from schedule.model.notation import spell_moment

SAID: Mapping[str, str] = {
    "not-allowed": "not allowed", "decides": "PI decides", "not-recorded": "not recorded", "repeat": "repeat",
    "overdue": "overdue", "missing": "missing", "due": "due",
}  # fmt: skip
RECORD = "Record it"
RECORD_STATEMENT = "Record the statement"
ENTER_DECISION = "Enter the decision"
ENTER_DATE = "Enter its date"
CHOOSE = "Choose it"
BOOK = "Book it"


def move_it(zero: str) -> str:
    """`Move day 0`, by the protocol's own name of it."""
    return f"Move {zero}"


def now_at(moment: str) -> str:
    """Where day 0 stands now."""
    return f"It is now {moment}."


def was_due(when: str, label: str) -> str:
    """When a thing was due that nobody has recorded, and which day of the plan that is."""
    return f"Was due {when}, {label}."


def cancelled_by(by: str, when: datetime, why: str) -> str:
    """Who cancelled the plan, when and why."""
    said = f"The plan was cancelled by {by} on {spell_moment(when)}"
    return f"{said}: {why}" if why else f"{said}."
