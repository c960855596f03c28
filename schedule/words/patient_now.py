"""What the head of a patient's page says of what is wrong or open."""

from collections.abc import Mapping
from datetime import datetime

from schedule.model.notation import spell, spell_moment, spell_range
from schedule.model.plan import Finding

SAID: Mapping[str, str] = {
    "not-allowed": "not allowed", "decides": "PI decides", "not-recorded": "not recorded", "repeat": "repeat",
    "overdue": "overdue", "due": "due",
}  # fmt: skip
RECORD = "Record it"
RECORD_STATEMENT = "Record the statement"
ENTER_DECISION = "Enter the decision"
ENTER_DATE = "Enter its date"


def move_it(zero: str) -> str:
    """`Move day 0`, by the protocol's own name of it."""
    return f"Move {zero}"


def now_at(moment: str) -> str:
    """Where day 0 stands now."""
    return f"It is now {moment}."


def was_due(when: str, label: str) -> str:
    """When a thing was due that nobody has recorded, and which day of the plan that is."""
    return f"Was due {when}, {label}."


def asked_and_settled(finding: Finding, settles: str) -> str:
    """When a finding wants its point, what date there is, and what settles it: a sentence each."""
    asked = spell_range(finding.earliest, finding.latest) if finding.earliest or finding.latest else ""
    aim = f" (aim {spell_range(*finding.aim)})" if finding.aim and finding.status == "due" else ""
    there = f"There is: {spell(finding.actual)}" if finding.actual is not None and finding.point is not None else ""
    told = (_sentence(asked + aim), _sentence(there), "" if finding.status == "due" else _sentence(settles))
    return " ".join(filter(None, told))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def cancelled_by(by: str, when: datetime, why: str) -> str:
    """Who cancelled the plan, when and why."""
    said = f"The plan was cancelled by {by} on {spell_moment(when)}"
    return f"{said}: {why}" if why else f"{said}."
