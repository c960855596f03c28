"""What a cell of the board says: kinds and how many, no drug; and what stands beside a code."""

from collections.abc import Sequence

from schedule.model.notation import NO_BREAK, plural
from schedule.model.plan import ListedFinding
from schedule.model.protocol import Protocol
from schedule.words.alerts import with_others

GIVEN, DONE, HELD, NOT_DONE = "given", "done", "HELD", "not done"
DONOR = "donor"
CELLS = "cells"
EXPIRES = "expires"
DECIDES, NOT_ALLOWED = "PI decides", "not allowed"


def cells_at(hour: str) -> str:
    """`cells 10:00`: the infusion that is to come."""
    return f"{CELLS} {hour}".rstrip()


def cells_so(how: str, hour: str = "") -> str:
    """`cells given 10:20`, `cells HELD`."""
    return f"{CELLS} {how} {hour}".rstrip()


def with_cells(patients: int) -> str:
    """`2 with cells`: how many patients have an infusion on one day."""
    return f"{patients}{NO_BREAK}with {CELLS}"


def doses(count: int) -> str:
    """`2 doses`."""
    return plural(count, "doses").replace(" ", NO_BREAK)


def tasks(count: int) -> str:
    """`3 tasks`: tests, visits and the site's own tasks."""
    return plural(count, "tasks").replace(" ", NO_BREAK)


def so_many(count: int, how: str) -> str:
    """`2 given`, `1 HELD`, `1 done`."""
    return f"{count}{NO_BREAK}{how}"


def not_recorded(count: int) -> str:
    """`2 not recorded`."""
    return f"{count} not recorded".replace(" ", NO_BREAK)


def last_days(count: int) -> str:
    """`last day`, `2 last days`: of what must be done by then."""
    return "last day" if count == 1 else f"{count} last days"


OF_OCCURRENCES = {
    "place": "dates off their place", "booking": "bookings", "near": "doses too near", "surplus": "doses too many",
    "window": "windows",
}  # fmt: skip


def of_occurrences(ref: str) -> str:
    """What is found of single occurrences; a rule by its number."""
    return OF_OCCURRENCES.get(ref, ref)


def by_rules(what: str, findings: Sequence[ListedFinding], protocol: Protocol) -> str:
    """`PI decides: T36 Cells within 48 hours of the planned day 0; also T8`."""
    return f"{what}: {rules_named(findings, protocol)}"


def rules_named(findings: Sequence[ListedFinding], protocol: Protocol) -> str:
    """What findings are about: the first rule by its title, the others by number."""
    first, *others = dict.fromkeys(of_occurrences(one.ref) for one in findings)
    rule = protocol.rules.get(findings[0].rule)
    return with_others(f"{first} {rule.title}" if rule is not None else first, others)


def overdue(count: int) -> str:
    """`2 tests overdue`."""
    return f"{plural(count, 'tests')} overdue"
