"""Treatment that comes again: when each cycle begins."""

from datetime import date

from schedule.model.case import NEVER
from schedule.model.dates import add
from schedule.model.plan import Dates
from schedule.model.protocol import Protocol, cycle_name


def cycle_starts(protocol: Protocol, zero: date, dates: Dates) -> dict[int, date]:
    """The first day of each cycle: one length after the last one before it, or on the patient's own date.

    A cycle that is never given has none.
    """
    if protocol.cycles is None:
        return {}
    last = 1
    found = {1: add(zero, -protocol.origin, "days", "clamp")}
    for number in range(2, protocol.cycles.count + 1):
        own = dates.get(cycle_name(number))
        if own == NEVER:
            continue
        found[number] = own[-1] if own else add(found[last], protocol.cycles.length * (number - last), "days", "clamp")
        last = number
    return found
