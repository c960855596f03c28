"""Days 0 and wall times in words."""

from datetime import date
from typing import assert_never

from schedule.model.moment import Moment
from schedule.model.notation import NO_BREAK, spell, spell_clock, spell_moment, spell_range, spell_utc_offset
from schedule.model.plan import AnyPlan, ListedFinding
from schedule.model.reasons.wall_times import OtherOffset, ShownTwice, Skipped, WallTimeFault

NOT_PLANNED = "not planned"


def spell_day_zero(day_zero: Moment) -> str:
    """`Mon 15-Jun-2026 10:00`, without the hour where none is known."""
    return spell_moment(day_zero.at) if day_zero.at is not None else spell(day_zero.on)


def spell_moments(first: Moment | None, last: Moment | None) -> str:
    """`Sun 14-Jun-2026 22:00 to Mon 15-Jun-2026 08:00`, `Mon 15-Jun-2026 13:00 to 15:00`: a range with the hours that
    are known, whose ends may be open."""
    if first is None or last is None or (first.at is None and last.at is None):
        if first is not None and first.at is not None:
            return f"from {spell_day_zero(first)}"
        if last is not None and last.at is not None:
            return f"no later than {spell_day_zero(last)}"
        return spell_range(first.on if first else None, last.on if last else None)
    if first.is_same(last):
        return spell_day_zero(first)
    return f"{spell_day_zero(first)} to {spell_end(last, first.on) if first.at is not None else spell_day_zero(last)}"


def spell_end(end: Moment, on: date) -> str:
    """`10:30`, where what began on a date ends on that date; else the date with it."""
    return spell_clock(end.at) if end.at is not None and end.on == on else spell_day_zero(end)


def spell_asked(finding: ListedFinding) -> str:
    """The same of what a finding allows its point; empty where it says nothing of it."""
    return spell_moments(*finding.asked) if finding.earliest or finding.latest else ""


def spell_latest(finding: ListedFinding) -> str:
    """`Mon 15-Jun-2026 08:00`: the last day that a finding allows its point, with the hour where one limits it."""
    last = finding.asked[1]
    assert last is not None
    return spell_day_zero(last)


def zero_in_cycle(zero: str, cycle: int) -> str:
    """`day 0`; `day 6 of cycle 2`."""
    return zero + (f" of cycle{NO_BREAK}{cycle}" if cycle > 1 else "")


def zero_in_hand(plan: AnyPlan) -> str:
    """What the day 0 is called that a plan's outputs name: `day 0`, `day 4 of cycle 2`."""
    return zero_in_cycle(plan.protocol.zero, plan.standing.in_hand if plan.standing else 1)


def day_zero_of(plan: AnyPlan) -> str:
    """When that day 0 is: `Mon 15-Jun-2026 10:00`."""
    return spell_day_zero(plan.standing.of(plan.standing.in_hand).day_zero) if plan.standing else NOT_PLANNED


def wall_time_in_words(fault: WallTimeFault) -> str:
    """Why a wall time is no one moment: `02:30 on Sun 08-Mar-2026 does not exist in America/New_York: …`."""
    shown = f"{fault.clock:%H:%M} on {spell(fault.day)}"
    match fault:
        case Skipped():
            return f"{shown} does not exist in {fault.zone}: the clocks are put forward"
        case ShownTwice():
            return f"{shown} happens twice in {fault.zone}: the clocks are put back"
        case OtherOffset():
            offsets = " or ".join(map(spell_utc_offset, fault.offsets))
            return f"{shown} in {fault.zone} is {offsets} from UTC, not as written"
        case _:
            assert_never(fault)
