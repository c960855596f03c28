"""Which of how many an occurrence is, and what it is called by that."""

from collections.abc import Mapping

from schedule.engine.decided import remembered
from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.engine.slots import Slot
from schedule.model.titles import Numbered, Title


def title_of(laid: Laid, place: Place) -> Title:
    """What an occurrence is called; by the activity's id where the plan has it no more."""
    slot = laid.slots.get(place)
    return Title(text=place.activity) if slot is None else title_in(laid, slot)


def title_in(laid: Laid, slot: Slot) -> Title:
    """The activity's title, with the number where there are several; without what a record ends."""
    number, total = counted(laid, slot.place.activity).get(slot.place, (1, 1))
    unit = slot.activity.unit
    numbered = Numbered(unit=unit, number=number, of=total) if total > 1 and unit else None
    return Title(text=slot.activity.title, numbered=numbered)


@remembered
def counted(laid: Laid, activity: str) -> Mapping[Place, tuple[int, int]]:
    """Which of how many each occurrence of an activity is, in schedule order, without what is cancelled or planned
    again; one that is planned again counts as what took its place."""
    slots = [slot for place, slot in laid.slots.items() if place.activity == activity]
    standing = [slot for slot in slots if not slot.replaced and not laid.is_ended(slot.place)]
    found: dict[Place, tuple[int, int]] = {}
    for repeated in (False, True):
        mine = sorted((slot.place for slot in standing if slot.repeated is repeated), key=laid.schedule_order)
        found |= {place: (number, len(mine)) for number, place in enumerate(mine, 1)}
    for place in (slot.place for slot in slots if slot.replaced):
        again = (other for other in found if other.root == place.root)
        found[place] = found.get(next(again, place), (1, 1))
    return found
