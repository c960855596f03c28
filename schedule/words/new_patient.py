"""What is said back of "never" before a patient is saved, on a page and on the terminal: one word may make a rule fall
away."""

from collections.abc import Iterable

from schedule.model.case import NEVER
from schedule.model.plan import Finding, Plan
from schedule.model.reasons.findings import NeverHad, NeverWas

FALLEN = "Because of “never” these rules fall away"


def never_told(plan: Plan) -> str:
    """`Never: last dose of venetoclax, …`: what the patient never had, by the protocol's own titles; empty where
    nothing is said to be never."""
    entered = plan.case.dates
    named = ", ".join(known.title for name, known in plan.protocol.dates.items() if entered.get(name) == NEVER)
    return f"Never: {named}." if named else ""


def fallen_away(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that do not apply, since something never was."""
    return [
        finding
        for finding in findings
        if finding.status == "not applicable" and any(isinstance(why, NeverHad | NeverWas) for why in finding.basis)
    ]


def fallen_in_words(findings: Iterable[Finding]) -> str:
    """The rules that fall away, by their numbers; empty where none does."""
    named = ", ".join(dict.fromkeys(finding.ref for finding in fallen_away(findings)))
    return f"{FALLEN}: {named}." if named else ""
