"""Plans that are laid out to be looked at and not kept."""

from collections.abc import Mapping
from datetime import date, datetime, time

from schedule.engine.plan import lay_out
from schedule.model.case import Case, Site
from schedule.model.dates import add
from schedule.model.plan import Plan
from schedule.model.protocol import Protocol

# An example ------------------------------------------------------------------------------------------------------------

EXAMPLE_DAY = date(2026, 6, 15)
EXAMPLE_CODE = "EXAMPLE"


def example(found: Protocol, site: Site, day: date, choices: Mapping[str, str]) -> Plan:
    """The plan of a patient of whom nothing is known but day 0 and what was chosen, as of a year before."""
    case = Case(
        code=EXAMPLE_CODE, protocol=found.id, planned_day_zero=day, planned_time=None, planned_moment=None, dates={},
        attestations={}, rulings=(), sha256=found.sha256, choices=dict(choices),
    )  # fmt: skip
    return lay_out(found, site, case, datetime.combine(add(day, -365, "days", "clamp"), time.min))
