"""lay_out(protocol, site, case, as_of) -> one patient's plan: dated events and a finding for every rule.

A pure function: the same inputs give the same plan, whatever the clock, the machine's zone or its language.
"""

import uuid
from datetime import datetime

from schedule.engine.alerts import alerts_of
from schedule.engine.evidence import Evidence
from schedule.engine.feasible import feasible_days
from schedule.engine.judge import Judge
from schedule.engine.layout import Layout, lay_out_events
from schedule.engine.tailor import tailored
from schedule.model.case import Case, Site
from schedule.model.ids import derived_schedule_id
from schedule.model.moment import Moment
from schedule.model.plan import Plan, Standing
from schedule.model.protocol import Protocol
from schedule.model.reasons.gaps import NotStated, ParameterMissing


def first_standing(case: Case) -> Standing | None:
    """Where a new patient stands: day 0 on the planned one. None without a planned day 0."""
    if case.planned_day_zero is None:
        return None
    day_zero = Moment(on=case.planned_day_zero, at=case.planned_moment)
    return Standing(planned=day_zero, day_zero=day_zero)


def lay_out(
    protocol: Protocol,
    site: Site,
    case: Case,
    as_of: datetime,
    *,
    revision: int = 1,
    schedule_id: uuid.UUID | None = None,
    standing: Standing | None = None,
) -> Plan:
    """The plan for where the patient stands; a new patient's without `standing`.
    Only findings without a planned day 0.
    """
    standing = standing or first_standing(case)
    own = tailored(protocol, case.choices)
    layout = lay_out_events(own, site, standing, as_of, case.dates) if standing else Layout()
    evidence = Evidence(own, site, case, standing, as_of, layout)
    findings = tuple(Judge(evidence).findings())
    gaps: dict[NotStated, None] = dict.fromkeys(layout.not_stated)
    for name, parameter in own.parameters.items():
        if name not in site.texts:
            gaps.setdefault(ParameterMissing(parameter=name, text=parameter.missing))
    order = [*protocol.parameters, *(gap.parameter for gap in gaps)]
    return Plan(
        protocol=protocol,
        site=site,
        case=case,
        as_of=as_of,
        revision=revision,
        schedule_id=schedule_id or derived_schedule_id(protocol, case.code),
        standing=standing,
        events=tuple(layout.events),
        findings=findings,
        feasible=feasible_days(evidence),
        not_stated=tuple(sorted(gaps, key=lambda gap: order.index(gap.parameter))),
        alerts=alerts_of(standing, findings),
    )
