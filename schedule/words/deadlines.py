"""What the page of deadlines and the index say of a date to be kept: by when, how far, and what comes after it."""

from datetime import date

from schedule.model.notation import spell, spell_span
from schedule.model.plan import Finding
from schedule.words.dates import spell_day_zero, spell_latest

OVERDUE = "OVERDUE"
MISSING = "missing"
A_DATE_TO_KNOW = "date to know"


def settle_before(begin: str) -> str:
    """The heading over what the record gives no date for."""
    return f"The record gives no date: settle before {begin}"


def first_dose_at(moment: str) -> str:
    """The first dose before day 0, as a moment to settle things by."""
    return f"the first dose, {moment}"


def still_due(finding: Finding) -> str:
    """When a thing that is due must come, and what to aim at: in no word that is true of a thing done."""
    first, last = finding.asked
    if first is not None and last is not None and not first.is_same(last):
        asked = f"due between {spell_day_zero(first)} and {spell_day_zero(last)}"
    elif first is not None:
        asked = f"due {'on' if last is not None else 'from'} {spell_day_zero(first)}"
    else:
        asked = f"due by {spell_day_zero(last)}" if last is not None else "due"
    return asked + (f"; aim {spell_span(*finding.aim)}" if finding.aim else "")


def still_missing(finding: Finding) -> str:
    """What is said of a date that nobody has entered: how late it may lie."""
    return f"nobody has entered it; it may lie no later than {spell_latest(finding)}"


def missing_until(finding: Finding) -> str:
    """The same of what is to be seen at once: `missing; no later than Wed 8-Apr-2026`."""
    return f"{MISSING}; no later than {spell_latest(finding)}"


def planned_for(day: date, last: date) -> str:
    """What is said of a thing that is planned and not yet done."""
    return f"planned for {spell(day)}; no later than {spell(last)}"


def serves_until(day: date, last: date, zero: str, *, planned: bool) -> str:
    """What is said of a test that serves day 0 up to a day."""
    if planned:
        return f"planned for {spell(day)}; a {zero} after {spell(last)} needs another one"
    return f"done on {spell(day)}; a {zero} after {spell(last)} needs it again"


def starts_by_then(infusion: str) -> str:
    """What the limit of a slip means."""
    return f"the {infusion} starts by then"


def overdue_since(finding: Finding) -> str:
    """`OVERDUE since Mon 1-Jun-2026`."""
    return f"{OVERDUE} since {spell_latest(finding)}"


def last_day(what: str) -> str:
    """The last day of what is named."""
    return f"last day: {what}"


def donors(what: str) -> str:
    """What the donor does, not the patient."""
    return f"donor: {what}"


def by_then(finding: Finding) -> str:
    """`by Mon 1-Jun-2026`."""
    return f"by {spell_latest(finding)}"
