"""What a date rests on, in words: the arithmetic, and who says so."""

from typing import assert_never

from schedule.engine.day_names import is_off_its_label
from schedule.model.notation import plural, spell, spell_moment, spell_offset
from schedule.model.plan import Event, Plan, Record
from schedule.model.reasons.basis import (
    Anchor,
    CountedFrom,
    DerivedAs,
    FromActivity,
    FromCycle,
    FromDayZero,
    FromPlannedDayZero,
    FromStartDate,
    Ground,
    SiteParameter,
    SiteTask,
    StatedIn,
)
from schedule.words.day_labels import told
from schedule.words.titles import full_title


def basis_of(event: Event, zero: str, *, off: bool = False) -> str:
    """`Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; NCT03068819, section 5; recorded given, Wed 10-Jun-2026 09:10`.

    `zero` is what the anchor is called: `day 0`, `day 4`. `off`: the label is the planned one of an event that does not
    stand there.
    """
    return f"{told(event.label, off=off)} = {counted_in_words(event.basis.counted, zero)}; {ground_of(event)}"


def basis_told(plan: Plan, event: Event) -> str:
    """The same of an event of a plan."""
    return basis_of(event, plan.protocol.zero, off=is_off_its_label(plan, event))


def ground_of(event: Event, *, known: str | None = None) -> str:
    """The same without the arithmetic, and without the protocol's id where it is the `known` one."""
    through, record = event.basis.through, event.record
    return "; ".join(
        (
            ground_in_words(event.basis.ground, known=known),
            *((f"until {spell(through)}, that day included",) if through else ()),
            *((recorded_in_words(record),) if record else ()),
        )
    )


def counted_in_words(counted: CountedFrom, zero: str) -> str:
    """`day 0 (Mon 15-Jun-2026) − 5 days`."""
    moment = spell_moment(counted.at) if counted.at else spell(counted.on)
    shifts = "".join(spell_offset(count, unit) for count, unit in counted.shifts)
    return f"{anchor_in_words(counted.anchor, zero)} ({moment}){shifts}"


def anchor_in_words(anchor: Anchor, zero: str) -> str:
    """What a date is counted from: `planned day 0`, `last fludarabine (dose 3 of 3)`, `end of cells`."""
    match anchor:
        case FromDayZero():
            return zero
        case FromPlannedDayZero():
            return f"planned {zero}"
        case FromCycle():
            return f"first day of cycle {anchor.cycle}"
        case FromStartDate():
            return anchor.title
        case FromActivity():
            end, last = "end of " * anchor.ends, "last " * (anchor.which == "last")
            return f"{end}{last}{full_title(anchor.title)}"
        case _:
            assert_never(anchor)


def ground_in_words(ground: Ground, *, known: str | None = None) -> str:
    """Who says so; without the protocol's id where it is the `known` one and a section is named."""
    match ground:
        case SiteTask():
            return "a task of the site's own"
        case SiteParameter():
            then = "".join(f", then every {plural(*step)}, {ground.times} in all" for step in ground.every)
            return f"site file, {ground.name} = “{ground.text}”{then}"
        case DerivedAs():
            return ground.text
        case StatedIn():
            whose = () if ground.section and ground.protocol == known else (ground.protocol,)
            return ", ".join((*whose, *((ground.section,) if ground.section else ())))
        case _:
            assert_never(ground)


def recorded_in_words(record: Record) -> str:
    """`recorded given, Wed 10-Jun-2026 09:10`."""
    return f"recorded {record.outcome}, {spell_moment(record.at) if record.timed else spell(record.at.date())}"
