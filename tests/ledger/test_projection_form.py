"""A projection whose shape has changed has another form number, or every ledger written before could not be read."""

import hashlib
from typing import get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import fields

from schedule.model.projection import FORM, ListedProjection, Projection

SHAPE_OF_FORM = (13, "25c13b75af13428f")
"""The form, and the hash of what a projection of that form, and what lists show of it, is made of. Where the hash differs from what is found, raise FORM
in `model/projection` and write both here."""


def shape_of(kind, seen):
    """Every record that can be part of a value of that kind, with its fields and their kinds."""
    for part in get_args(kind):
        yield from shape_of(part, seen)
    if isinstance(kind, type) and issubclass(kind, Struct) and kind not in seen:
        seen.add(kind)
        hints = get_type_hints(kind)
        yield f"{kind.__name__}({', '.join(f'{one.name}: {hints[one.name]}' for one in fields(kind))})"
        for one in fields(kind):
            yield from shape_of(hints[one.name], seen)


def found():
    seen = set()
    shown = sorted((*shape_of(Projection, seen), *shape_of(ListedProjection, seen)))
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]


def test_another_shape_has_another_form():
    assert (FORM, found()) == SHAPE_OF_FORM


def test_the_shape_reaches_what_an_occurrence_and_a_record_are_made_of():
    shown = "\n".join(shape_of(Projection, set()))
    names = ("Projection", "Standing", "CycleStanding", "Event", "Finding", "ClockChanges", "DayZeroes", "DayLabel", "Moment", "Record", "Case", "RuledValues")
    assert [name for name in names if f"{name}(" not in shown] == []
