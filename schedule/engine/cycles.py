"""Treatment that comes again: when each cycle begins, and what its days are called."""

from datetime import date

from schedule.model.case import NEVER
from schedule.model.dates import add
from schedule.model.notation import DayLabel, day_number
from schedule.model.plan import Dates
from schedule.model.protocol import Protocol, cycle_name


def cycle_starts(protocol: Protocol, zero: date, dates: Dates) -> dict[int, date]:
    """The first day of each cycle: one length after the last one before it, or on the patient's own date; none for a cycle
    that is never given."""
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


def day_name(protocol: Protocol, zero: date, dates: Dates, day: date) -> DayLabel:
    """What a day is called: `Day −5`; in a protocol with cycles `Cycle 2 Day 4`, and `Day 57` after the last."""
    plain = protocol.label((day - zero).days)
    starts = cycle_starts(protocol, zero, dates)
    begun = [(start, number) for number, start in starts.items() if start <= day]
    if not begun or protocol.cycles is None:
        return plain
    start, number = max(begun)
    into = (day - start).days
    if into >= protocol.cycles.length and number == max(starts):
        return plain
    return DayLabel(number=day_number(into, protocol.numbering), numbering=protocol.numbering, cycle=number)
