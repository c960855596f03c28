"""Findings about single occurrences: windows, fixed ones off their place, lost bookings, surplus doses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from schedule.engine.begun import has_begun
from schedule.engine.laid import Laid
from schedule.engine.places import Place, Spot
from schedule.engine.slots import Slot
from schedule.model.moment import Moment, is_earlier, seconds_apart
from schedule.model.plan import Event, Finding, Verdict
from schedule.model.protocol import Activity
from schedule.model.reasons.findings import (
    FromSchedule,
    TitledEvent,
)
from schedule.model.reasons.occurrences import (
    AddedByText,
    BookedBefore,
    DroppedByText,
    InWindow,
    OffPlace,
    OfOccurrences,
    PlaceTakenAway,
    TooNear,
)
from schedule.model.timing import EachOf, KnownDatePoint, OccurrencePoint
from schedule.model.titles import Title


class OccurrenceJudge:
    """What is found of each occurrence of a plan, beside the rules of the protocol. `events` are those that are shown,
    by their places. None of it stands against a move of day 0."""

    def __init__(self, laid: Laid, events: Mapping[Place, Event], now: datetime) -> None:
        self.laid, self.events, self.now = laid, events, now

    def findings(self) -> Iterator[Finding]:
        laid = self.laid
        shown = [(place, slot) for place, slot in laid.slots.items() if place in self.events]
        for place, slot in shown:
            if not (slot.replaced or slot.repeated or laid.is_held(place) or laid.is_ended(place)):
                yield from self.of_window(place)
        for place, slot in shown:
            yield from self.off_place(place, slot)
        for place in laid.facts.bookings:
            if place in self.events and place in laid.slots and place not in laid.records:
                yield from self.lost_booking(place)
        for place, slot in shown:
            yield from self.surplus(place, slot)
        in_plan = {slot.activity.id: slot.activity for slot in laid.slots.values()}
        for activity in {**in_plan, **laid.text.activities}.values():
            if activity.course is not None:
                yield from self.amended(activity)

    def finding(
        self, about: TitledEvent, place: Place, status: Verdict, at: Moment | None, basis: OfOccurrences
    ) -> Finding:
        event, window = self.events[place], self.laid.window(place) if about.about == "window" else None
        return Finding(
            rule=about.about,
            ref=about.about,
            point=OccurrencePoint(event.activity, event.number),
            status=status,
            title=about,
            actual=at.on if at is not None else None,
            earliest=window[0].on if window else None,
            latest=window[1].on if window else None,
            earliest_at=window[0].at if window else None,
            latest_at=window[1].at if window else None,
            overdue=status == "due" and event.status == "unconfirmed",
            basis=(basis,),
            source=FromSchedule(),
            cycle=place.in_cycle,
        )

    def amended(self, activity: Activity) -> Iterator[Finding]:
        """What the text in force, with the options now chosen, would drop from a course that has begun, or add to it,
        which keeps its places: single doses, or all of an activity."""
        laid, spots = self.laid, self.laid.text.spots.get(activity.id, ())
        mine = [place for place in laid.slots if place.activity == activity.id and not place.turn]
        waits = any(spot.which == "each" and spot.target is not None for spot in spots)
        if waits or not (mine or self.has_anchor(activity, spots)):
            return
        for cycle in (one for one in activity.cycles or (0,) if one not in laid.never):
            own, text = [place for place in mine if place.cycle == cycle], Counter(spot.text for spot in spots)
            course = (activity.course or "", cycle)
            if Counter(place.spot for place in own) == text or not has_begun(laid, course, self.now):
                continue
            for place in own:
                if place.order >= text[place.spot] and place in self.events:
                    dropped = DroppedByText(at=laid.when(place))
                    about = TitledEvent(about="amended", title=self.title(place))
                    yield self.finding(about, place, "boundary", laid.when(place), dropped)
            here = Counter(place.spot for place in own)
            for spot in spots:
                here[spot.text] -= 1
                if here[spot.text] < 0:
                    yield self.added(activity, cycle, spot)

    def has_anchor(self, activity: Activity, spots: Iterable[Spot]) -> bool:
        """Whether what all of an activity is counted from is there."""
        base = activity.base
        known = not isinstance(base, KnownDatePoint) or bool(self.laid.case.moments_of(base.name))
        return known and {spot.target for spot in spots} <= {None, *(place.activity for place in self.laid.slots)}

    def added(self, activity: Activity, cycle: int, spot: Spot) -> Finding:
        """A place that only the text in force has."""
        place = Place(activity.id, cycle, spot.text)
        at = self.laid.time_of(Slot(place=place, activity=activity, spot=spot))
        return Finding(
            rule="amended", ref="amended", point=EachOf(activity.id), status="boundary",
            title=TitledEvent(about="amended", title=Title(text=activity.title)),
            basis=(AddedByText(at=at),), source=FromSchedule(), cycle=max(cycle, 1),
        )  # fmt: skip

    def title(self, place: Place) -> Title:
        return self.events[place].title

    def of_window(self, place: Place) -> Iterator[Finding]:
        """The window of an occurrence: due, met, or violated by what happened or by the date it now stands on."""
        window, at = self.laid.window(place), self.laid.when(place)
        if window is None or at is None:
            return
        inside, done = is_inside(window, at), self.laid.is_given(place)
        kept: Verdict = "met" if done else "due"
        status: Verdict = "boundary" if inside is None else kept if inside else "violated"
        basis = InWindow(first=window[0], last=window[1], when=at, done=done, inside=inside)
        yield self.finding(TitledEvent(about="window", title=self.title(place)), place, status, at, basis)

    def off_place(self, place: Place, slot: Slot) -> Iterator[Finding]:
        """A fixed occurrence whose place is elsewhere by now."""
        kept, there = slot.kept, self.laid.place_time(place)
        if not slot.fixed or kept is None or there is None or kept.is_same(there):
            return
        if not (slot.replaced or slot.repeated or self.laid.is_infusion(place) or self.laid.is_ended(place)):
            about = TitledEvent(about="place", title=self.title(place))
            yield self.finding(about, place, "boundary", self.laid.when(place), OffPlace(planned=kept, place=there))

    def lost_booking(self, place: Place) -> Iterator[Finding]:
        """A booking outside the window as that now stands."""
        if self.laid.booked(place) is None:
            at = self.laid.here(self.laid.facts.bookings[place])
            basis = BookedBefore(at=at, planned=self.laid.planned(place), window=self.laid.window(place))
            about = TitledEvent(about="booking", title=self.title(place))
            yield self.finding(about, place, "boundary", self.laid.when(place), basis)

    def surplus(self, place: Place, slot: Slot) -> Iterator[Finding]:
        """What was given and has no place any more; an open dose too near to one given."""
        laid = self.laid
        if slot.fixed and slot.kept is None and laid.is_given(place):
            basis = PlaceTakenAway(at=laid.when(place), given=self.given(place), asked=self.asked(place))
            about = TitledEvent(about="surplus", title=self.title(place))
            yield self.finding(about, place, "violated", laid.when(place), basis)
        if slot.activity.category != "treatment" or place in laid.records or not laid.counts(place):
            return
        at, given = laid.when(place), self.near(place)
        if at is not None and given is not None and (other := laid.actual(given)) is not None:
            near = TooNear(at=at, given=other, title=self.title(given))
            yield self.finding(TitledEvent(about="near", title=self.title(place)), place, "boundary", at, near)

    def given(self, place: Place) -> int:
        """How many of its activity and cycle are given."""
        return sum(self.laid.is_given(other) for other in self.alike(place))

    def asked(self, place: Place) -> int:
        """How many its activity and cycle have places for."""
        laid = self.laid
        here = (laid.slots[other] for other in self.alike(place) if not laid.slots[other].replaced)
        return sum(not (slot.fixed and slot.kept is None) for slot in here)

    def alike(self, place: Place) -> Iterator[Place]:
        return (other for other in self.laid.slots if (other.activity, other.cycle) == (place.activity, place.cycle))

    def near(self, place: Place) -> Place | None:
        """One of the same activity that was given so near to an open dose: by less than half their distance in the
        schedule."""
        laid, at, own = self.laid, self.laid.when(place), self.laid.place_time(place)
        if at is None or own is None:
            return None
        for other in self.alike(place):
            given, theirs = laid.actual(other), laid.place_time(other)
            if other not in self.events or given is None or theirs is None or theirs.is_same(own):
                continue
            if seconds_apart(at, given) * 2 < seconds_apart(own, theirs):
                return other
        return None


def is_inside(window: tuple[Moment, Moment], at: Moment) -> bool | None:
    """Whether a time lies in a window; None where only some hour of its date would."""
    if window[0].at is None or at.at is not None:
        return not is_earlier(at, window[0]) and not is_earlier(window[1], at)
    return None if window[0].on <= at.on <= window[1].on else False
