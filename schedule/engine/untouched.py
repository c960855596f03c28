"""What an act leaves as it was: events of one state of a plan that stand in the next one as they are.

What an event shows is worked out from the places of its own activity, from those of the activities that it is counted
from, directly or through others, from the infusion, and from where day 0 and planned day 0 stand.
"""

from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.model.records import is_same
from schedule.model.timing import KnownDatePoint


def keep_events(before: Laid, after: Laid) -> None:
    """Remember with a state of a plan those events of the one before it that are the same in both."""
    if before.text is not after.text or not _is_day_zero_same(before, after):
        return
    touched = _touched(before, after)
    if after.protocol.day_zero in touched:
        return
    events = before.memo["events"]  # other threads may add to it meanwhile
    after.memo["events"] |= {key: event for key, event in tuple(events.items()) if key[0].activity not in touched}


def _is_day_zero_same(before: Laid, after: Laid) -> bool:
    """Whether the same cycles are given, and planned day 0 and day 0 of each stand where they stood."""
    names = ("never", "planned_zero", "stands")
    return all(is_same(getattr(before, name), getattr(after, name)) for name in names)


def _touched(before: Laid, after: Laid) -> set[str]:
    """The activities of which something is recorded, booked, known or laid otherwise, and those that are counted from
    them."""
    places = dict.fromkeys(
        place
        for laid in (before, after)
        for places in (laid.slots, laid.records, laid.facts.bookings)
        for place in places
    )
    touched = {place.activity for place in places if not _is_untouched(before, after, place)}
    leaders = [
        (place.activity, slot.spot.target) for place, slot in after.slots.items() if slot.spot.target is not None
    ]
    for activity in after.text.activities.values():
        if isinstance(activity.base, KnownDatePoint) and not _is_known_alike(before, after, activity.base.name):
            touched.add(activity.id)
    more = touched
    while more:
        more = {name for name, leader in leaders if leader in more} - touched
        touched |= more
    return touched


def _is_untouched(before: Laid, after: Laid, place: Place) -> bool:
    pairs = (
        (laid.records.get(place), laid.facts.bookings.get(place), laid.slots.get(place)) for laid in (before, after)
    )
    return is_same(*pairs)


def _is_known_alike(before: Laid, after: Laid, name: str) -> bool:
    """Whether a known date of the patient is the same, with its hours."""
    known = ((laid.case.dates.get(name), laid.case.hours.get(name)) for laid in (before, after))
    return is_same(*known)
