"""What a go/no-go page says: what begins, which things are open, and until when they must be settled."""

from datetime import date

from schedule.model.moment import Moment
from schedule.model.notation import spell, spell_span
from schedule.model.plan import Finding
from schedule.words.dates import spell_day_zero

STILL_RULED = "Allowed by a ruling: still so?"
KEPT = "Has kept its date, off its place in the schedule: is it right there?"
BEFORE_FIRST_DOSE = "before the first dose"


def first_dose_begins(moment: str, label: str) -> str:
    """When the first dose before day 0 is given."""
    return f"first dose {moment}, {label}"


def before(what: str) -> str:
    """The title of a page about what must be settled before something begins."""
    return f"Before {what}"


def the(what: str) -> str:
    """`the infusion`."""
    return f"the {what}"


def due_before(gate: Moment) -> str:
    """The heading over what must be done before something begins."""
    return f"Due before {spell_day_zero(gate)}"


def may_wait(gate: Moment) -> str:
    """The heading over what may still come when it begins, or after that."""
    return f"May wait until {spell_day_zero(gate)} or after"


def recorded_by(day: date) -> str:
    """The heading over the doses that should have been recorded."""
    return f"Recorded given or held by {spell(day)}?"


def date_wanted(finding: Finding) -> str:
    """What would settle a date that is due."""
    first, _ = finding.asked
    settles = f"from {spell_day_zero(first)}" if first else "the date entered"
    return settles + (f"; aim {spell_span(*finding.aim)}" if finding.aim else "")


def before_the(infusion: str) -> str:
    """Until when what is open before the infusion must be settled."""
    return f"before the {infusion}"
