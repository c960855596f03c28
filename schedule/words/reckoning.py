"""What a computer calculates wrongly, in words."""

from typing import assert_never

from schedule.model.notation import spell
from schedule.model.reasons.reckoning import DayIsNamedOtherwise, HoursDiffer, Miscalculation, SumDiffers


def miscalculation_in_words(case: Miscalculation) -> str:
    """Which case worked by hand comes out otherwise, and what to do."""
    match case:
        case SumDiffers():
            what = f"{spell(case.start)} + {case.count} {case.unit}"
            wanted, found = spell(case.wanted), spell(case.found)
        case HoursDiffer():
            what, wanted, found = f"{case.hours} hours from {case.start} in {case.place}", case.wanted, case.found
        case DayIsNamedOtherwise():
            what, wanted, found = f"the name of day {case.day}", case.wanted, case.found
        case _:
            assert_never(case)
    return (
        f"Dayzero does not calculate correctly on this computer: {what} is {wanted}, but comes out as {found}. "
        "Python, dateutil or the zone data have changed. Nothing was saved. "
        "Use the sheets that are printed, and have Dayzero installed again."
    )
