"""lay_out(protocol, site, case, as_of) -> one patient's plan: dated events and a finding for every rule.

A pure function: the same inputs give the same plan, whatever the clock, the machine's zone or its language.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from schedule.case import Case, Site
from schedule.days import spell, spell_moment
from schedule.events import Event, Layout, NotStated, lay_out_events
from schedule.protocol import Protocol
from schedule.verdicts import DayZeroes, Finding, Judge

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:dayzero:schedule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One revision of one patient's schedule. `day_zero` is None only where just the feasible days were asked for.

    `as_of` is a wall time of the site, without zone. `revision` is 1 for the first.
    """

    protocol: Protocol
    site: Site
    case: Case
    as_of: datetime
    revision: int
    schedule_id: uuid.UUID
    day_zero: date | None
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    feasible: DayZeroes
    not_stated: tuple[NotStated, ...]

    @property
    def violated(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.status == "violated")

    @property
    def banner(self) -> str | None:
        """The words that every output carries while a rule is violated."""
        if not self.violated:
            return None
        rules = "; ".join(dict.fromkeys(f"{finding.ref} {finding.title}" for finding in self.violated))
        return f"NOT ALLOWED AS PLANNED: {rules}"

    @property
    def day_zero_in_words(self) -> str:
        """`Mon 15-Jun-2026 10:00`, without the hour where none is planned."""
        if self.case.planned_moment is not None:
            return spell_moment(self.case.planned_moment)
        return spell(self.day_zero) if self.day_zero else "not planned"


def derived_schedule_id(protocol: Protocol, code: str) -> uuid.UUID:
    """The schedule's identity where no store keeps one drawn at random: from the protocol and the patient's code."""
    return uuid.uuid5(NAMESPACE, f"{protocol.id.upper()}/{code}")


def lay_out(protocol: Protocol, site: Site, case: Case, as_of: datetime, *, revision: int = 1) -> Plan:
    """The plan with day 0 on the patient's planned day 0; without one, only findings and feasible days."""
    day_zero = case.planned_day_zero
    layout = lay_out_events(protocol, site, case, day_zero, as_of) if day_zero else Layout()
    judge = Judge(protocol, site, case, day_zero, as_of, layout)
    unstated = {gap.parameter: gap for gap in layout.not_stated}
    for name, parameter in protocol.parameters.items():
        if name not in site.texts:
            unstated.setdefault(name, NotStated(parameter=name, text=parameter.missing))
    order = [*protocol.parameters, *unstated]
    return Plan(
        protocol=protocol, site=site, case=case, as_of=as_of, revision=revision,
        schedule_id=derived_schedule_id(protocol, case.code), day_zero=day_zero, events=tuple(layout.events),
        findings=tuple(judge.findings()), feasible=judge.feasible(),
        not_stated=tuple(sorted(unstated.values(), key=lambda gap: order.index(gap.parameter))),
    )  # fmt: skip
