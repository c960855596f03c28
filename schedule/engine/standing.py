"""Where a patient stands, read off one state of the plan."""

from collections.abc import Mapping
from datetime import datetime

from schedule.engine.begun import treatment_begun
from schedule.engine.laid import Laid
from schedule.model.plan import CycleStanding, Phase, Standing


def standing_in(laid: Laid, numbers: Mapping[str, int], as_of: datetime) -> Standing:
    """How far a patient's schedule has come, as of a wall time of the site without zone."""
    fixed = [place for place, slot in laid.slots.items() if slot.fixed]
    ids = {place: f"{place.activity}-{numbers[str(place)]}" for place in {*fixed, *laid.records}
           if str(place) in numbers}  # fmt: skip
    cycles = {
        cycle: CycleStanding(
            planned=laid.planned_zero[cycle],
            day_zero=laid.day_zero(cycle),
            phase=_phase(laid, cycle, as_of.replace(tzinfo=laid.where)),
        )
        for cycle in {1, *laid.cycles}
    }
    first = cycles.pop(1)
    return Standing(
        planned=first.planned,
        day_zero=first.day_zero,
        phase=first.phase,
        cancelled=laid.cancelled is not None,
        records={ids[place]: record.in_zone(laid.zone) for place, record in laid.records.items() if place in ids},
        cycles=cycles,
        fixed=frozenset(ids[place] for place in fixed),
    )


def _phase(laid: Laid, cycle: int, now: datetime) -> Phase:
    """How far a cycle has come: its infusion given, else its day 0 moved by a slip or treatment before it begun."""
    if laid.is_infused(cycle):
        return "infused"
    slipped = not laid.planned_zero[cycle].is_same(laid.stands[cycle])
    return "begun" if slipped or treatment_begun(laid, cycle, now) else "ahead"
