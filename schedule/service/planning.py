"""A patient's files -> the plan that they give; nothing is kept."""

from datetime import datetime

from schedule.engine.plan import lay_out
from schedule.files.mistakes import not_planned
from schedule.model.errors import InputError
from schedule.model.plan import Plan
from schedule.service.inputs import Inputs


def make_plan(inputs: Inputs, as_of: datetime, revision: int = 1) -> Plan:
    """The plan of a patient who has a planned day 0; InputError otherwise."""
    check_planned(inputs)
    return lay_out(inputs.protocol, inputs.site, inputs.case, as_of, revision=revision)


def check_planned(inputs: Inputs) -> None:
    """InputError where the patient has no planned day 0."""
    if inputs.case.planned_day_zero is None:
        raise InputError(not_planned(inputs.case.code, inputs.protocol.zeros))


def feasible(inputs: Inputs, as_of: datetime) -> Plan:
    """What can be said of a patient's files: the days 0 that are possible and, with a planned day 0, the whole plan."""
    return lay_out(inputs.protocol, inputs.site, inputs.case, as_of)
