"""Which of how many an occurrence is, and what it is called by that."""

from collections.abc import Mapping

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
    number, total = counted(laid).get(slot.place, (1, 1))
    unit = slot.activity.unit
    numbered = Numbered(unit=unit, number=number, of=total) if total > 1 and unit else None
    return Title(text=slot.activity.title, numbered=numbered)


def counted(laid: Laid) -> Mapping[Place, tuple[int, int]]:
    """Which of how many each occurrence is, in schedule order, without what is cancelled or planned again; one that is
    planned again counts as what took its place."""
    known = laid.memo.setdefault("counted", {})
    if "all" not in known:
        known["all"] = _counted(laid)
    found: Mapping[Place, tuple[int, int]] = known["all"]
    return found


def _counted(laid: Laid) -> dict[Place, tuple[int, int]]:
    by_activity: dict[str, list[Place]] = {}
    for place, slot in laid.slots.items():
        if not slot.replaced and not laid.is_ended(place):
            by_activity.setdefault(place.activity, []).append(place)
    found: dict[Place, tuple[int, int]] = {}
    for places in by_activity.values():
        for repeated in (False, True):
            mine = [place for place in places if laid.slots[place].repeated is repeated]
            mine.sort(key=laid.schedule_order)
            found |= {place: (number, len(mine)) for number, place in enumerate(mine, 1)}
    for place, slot in laid.slots.items():
        if slot.replaced:
            again = (other for other in found if other.root == place.root)
            found[place] = found.get(next(again, place), (1, 1))
    return found
