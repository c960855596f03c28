"""Findings as a page lists them: what each is about, what is to be done about it, why, and on whose words."""

from typing import NamedTuple

from schedule.engine.settling import settling_of
from schedule.model.plan import Finding, Plan, Verdict
from schedule.model.reasons.findings import TitledEvent
from schedule.model.reasons.settling import Settling
from schedule.words.findings import finding_basis, finding_in_words, finding_source, is_at_rest, ranked
from schedule.words.settling import settled_by
from schedule.words.statuses import status_in_words


class FindingLine(NamedTuple):
    """A finding as a page shows it: what would settle it (empty where nothing is to be done), and on whose words.
    `settling` is the same as a value, by which a page finds the field or the form."""

    status: Verdict
    ref: str
    what: str
    settles: str
    basis: str
    source: str
    settling: Settling | None

    @property
    def said(self) -> str:
        """The status in words."""
        return status_in_words(self.status)


def lines(plan: Plan, *, at_rest: bool) -> tuple[FindingLine, ...]:
    """The findings that ask for something; or, `at_rest`, the others."""
    return tuple(finding_line(plan, f) for f in ranked(plan.findings) if is_at_rest(f) == at_rest)


def finding_line(plan: Plan, finding: Finding) -> FindingLine:
    """One finding as a page shows it."""
    return FindingLine(
        finding.status,
        "" if isinstance(finding.title, TitledEvent) else finding.ref,
        finding_in_words(finding, plan.protocol.zero),
        "" if is_at_rest(finding) else settled_by(plan, finding),
        finding_basis(finding, plan.protocol.zero),
        finding_source(finding),
        None if is_at_rest(finding) else settling_of(plan, finding),
    )
