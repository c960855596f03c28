"""How large a protocol may be: far beyond any trial, and small enough that a file is checked while somebody waits."""

from collections.abc import Mapping

from schedule.files.table import Table
from schedule.model.errors import InputError
from schedule.model.protocol import Activity
from schedule.model.timing import AfterActivity, Days, times_of

MOST_OF: Mapping[str, int] = {
    "activities": 150, "rules": 400, "dates": 400, "parameters": 150, "attestations": 150, "courses": 50, "choices": 20,
}  # fmt: skip
MOST_BOUNDS, MOST_OPTIONS, MOST_PLACES = 400, 30, 2_000
"""In all rules; in all choices; in all cycles together."""
REMEDY = "is it one trial's file?"


def check_size(top: Table) -> None:
    """InputError, before anything is read, for more tables than a protocol can have."""
    found = {key: value for key in MOST_OF if isinstance(value := top.data.get(key), dict)}
    for key, tables in found.items():
        if len(tables) > MOST_OF[key]:
            top.mistake(key, f"there are {len(tables)} of them", f"at most {MOST_OF[key]}: {REMEDY}")
    for key, inner, most in (("rules", "bounds", MOST_BOUNDS), ("choices", "options", MOST_OPTIONS)):
        parts = (one.get(inner, ()) for one in found.get(key, {}).values() if isinstance(one, dict))
        count = sum(len(part) for part in parts if isinstance(part, list | dict))
        if count > most:
            top.mistake(key, f"there are {count} {inner} in them", f"at most {most}: {REMEDY}")
    if any(mistake.remedy.endswith(REMEDY) for mistake in top.mistakes):
        raise InputError(*top.mistakes)


def check_places(top: Table, activities: Mapping[str, Activity], cycles: int) -> None:
    """Note a schedule of more places than a protocol can have."""
    counted: dict[str, int] = {}

    def places(name: str) -> int:
        if name not in counted:
            counted[name] = 0  # one that is counted from itself is a mistake of its own
            days = activities[name].stated_days if name in activities else ()
            counted[name] = max((of(one) for one in days), default=1)
        return counted[name]

    def of(days: Days) -> int:
        each = isinstance(days, AfterActivity) and days.which == "each"
        return times_of(days) * (places(days.activity) if isinstance(days, AfterActivity) and each else 1)

    count = sum(map(places, activities)) * max(cycles, 1)
    if count > MOST_PLACES:
        top.mistake("activities", f"they come {count} times in all", f"at most {MOST_PLACES} times: {REMEDY}")
