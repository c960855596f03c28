"""Where a patient stands, read off one state of the plan."""

from collections.abc import Mapping
from datetime import datetime

from schedule.engine.begun import treatment_begun
from schedule.engine.laid import Laid
from schedule.model.plan import CycleStanding, Phase, Standing


def standing_in(laid: Laid, numbers: Mapping[str, int], as_of: datetime) -> Standing:
    """How far a patient's schedule has come, as of a wall time of the site without zone."""
    planned, day_zero = laid.planned_zero[1], laid.day_zero(1)
    fixed = [place for place, slot in laid.slots.items() if slot.fixed]
    ids = {place: f"{place.activity}-{numbers[str(place)]}" for place in {*fixed, *laid.records}
           if str(place) in numbers}  # fmt: skip
    phase: Phase = "infused" if laid.is_infused(1) else "ahead"
    if phase == "ahead":
        begun = not planned.is_same(laid.stands[1]) or treatment_begun(laid, 1, as_of.replace(tzinfo=laid.where))
        phase = "begun" if begun else "ahead"
    return Standing(
        planned=planned,
        day_zero=day_zero,
        phase=phase,
        cancelled=laid.cancelled is not None,
        records={ids[place]: record for place, record in laid.records.items() if place in ids},
        cycles={
            cycle: CycleStanding(planned=laid.planned_zero[cycle], day_zero=laid.day_zero(cycle))
            for cycle in laid.cycles if cycle > 1
        },
        fixed=frozenset(ids[place] for place in fixed),
    )  # fmt: skip
