"""What was decided and typed of a plan: which occurrences there are, where day 0 stands, and what is recorded.

What is worked out from that is in `laid`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache, wraps
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from schedule.engine.places import Place, Text
from schedule.engine.slots import Facts, Made, Slot
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.moment import Moment, in_zone, order_of
from schedule.model.plan import Record
from schedule.model.sizes import PIECES
from schedule.model.timing import ClockTime


@lru_cache(maxsize=PIECES)
def clocked_at(day: date, hour: time, zone: ZoneInfo) -> Moment:
    """That day at an hour; without an hour where the clocks of the zone skip it, or show it twice."""
    try:
        return Moment(on=day, at=at_wall_time(day, hour, zone))
    except WallTimeError:
        return Moment(on=day)


D = TypeVar("D", bound="Decided")
A = TypeVar("A")


def remembered(method: Callable[[D, Any], A]) -> Callable[[D, Any], A]:
    """A method worked out once for each occurrence or cycle."""
    name = method.__name__

    @wraps(method)
    def answer(laid: D, of: Any) -> A:
        known: dict[Any, A] = laid.memo[name]
        try:
            return known[of]
        except KeyError:
            found = known[of] = method(laid, of)
            return found

    return answer


class Decided:
    """What a plan rests on. `planned_zero` and `stands` are planned day 0 and day 0 of each cycle, as moves have put
    them; `own` has those cycles whose day 0 somebody has set. Cycles in `never` are not given. `gone` is what is no
    longer in the plan, with the last that had it. `moments` are the as-of of every move, oldest first; `cancelled` is
    when the plan was cancelled. `memo` is what was worked out of the times, `found` what else the patient's case says.
    """

    def __init__(self, text: Text, facts: Facts) -> None:
        self.text, self.facts = text, facts
        self.protocol, self.site, self.zone, self.case = text.protocol, text.site, text.zone, facts.case
        self.records: Mapping[Place, Record] = facts.records
        self.planned_zero: dict[int, Moment] = {}
        self.stands: dict[int, Moment] = {}
        self.own: dict[int, tuple[Moment, Moment]] = {}
        self.never: frozenset[int] = frozenset()
        self.slots: dict[Place, Slot] = {}
        self.moves: tuple[Made, ...] = ()
        self.moments: tuple[datetime, ...] = ()
        self.gone: dict[Place, Self] = {}
        self.cancelled: datetime | None = None
        self.memo: defaultdict[str, dict[Any, Any]] = defaultdict(dict)
        self.found: defaultdict[str, dict[Any, Any]] = defaultdict(dict)

    def once(self, name: str, make: Callable[[], A], key: Any = ()) -> A:
        """What is worked out once of the times, for each key, under a name of its own."""
        known: dict[Any, A] = self.memo[name]
        if key not in known:
            known[key] = make()
        return known[key]

    def like(self, facts: Facts) -> Self:
        """The same plan of another patient, with the same records, bookings and dates that days are counted from: what
        is worked out of the times of the one is worked out for both."""
        new = self.copy(facts)
        new.memo = self.memo
        return new

    def copy(self, facts: Facts) -> Self:
        """A plan with the same decisions, for those facts."""
        new = type(self)(self.text, facts)
        new.planned_zero, new.stands, new.own = dict(self.planned_zero), dict(self.stands), dict(self.own)
        new.never, new.slots, new.moves, new.gone = self.never, dict(self.slots), self.moves, self.gone
        return new

    # What was typed ---------------------------------------------------------------------------------------------------

    @property
    def cycles(self) -> tuple[int, ...]:
        """The cycles that are given."""
        count = self.protocol.cycles.count if self.protocol.cycles else 1
        return tuple(number for number in range(1, count + 1) if number not in self.never)

    @property
    def where(self) -> tzinfo:
        """The zone in which dates without an hour are compared."""
        return self.zone or UTC

    def order(self, moment: Moment) -> datetime:
        """What moments of this plan are sorted by."""
        return order_of(moment, self.zone)

    def here(self, moment: Moment) -> Moment:
        """What a person typed, as a wall time of this plan's zone."""
        return in_zone(moment, self.zone)

    def record(self, place: Place) -> Record | None:
        """What was recorded of it, as wall times of this plan's zone."""
        found = self.records.get(place)
        return found.in_zone(self.zone) if found is not None else None

    def recorded(self, place: Place) -> Moment:
        """When something was recorded to have been."""
        return self.here(self.records[place].start)

    def is_given(self, place: Place) -> bool:
        """Whether it is recorded given, even partly, or done."""
        record = self.records.get(place)
        return record is not None and record.outcome != "held"

    def is_held(self, place: Place) -> bool:
        record = self.records.get(place)
        return record is not None and record.outcome == "held"

    # Day 0 ------------------------------------------------------------------------------------------------------------

    def is_infusion(self, place: Place) -> bool:
        """Whether it is the infusion of a cycle: that which lies on day 0."""
        slot = self.slots.get(place)
        return slot is not None and place.activity == self.protocol.day_zero and slot.spot.is_zero

    @remembered
    def infusion(self, cycle: int) -> Place | None:
        """The infusion whose start is a cycle's day 0: the recorded one, else the last that is planned."""
        found = [
            place for place in self.slots if place.activity == self.protocol.day_zero and place.in_cycle == cycle
            and self.is_infusion(place)
        ]  # fmt: skip
        given = [place for place in found if self.is_given(place)]
        return given[0] if given else max(found, key=lambda place: place.turn, default=None)

    @remembered
    def day_zero(self, cycle: int) -> Moment:
        """Day 0 of a cycle: the recorded start of its infusion, else where it stands."""
        infusion = self.infusion(cycle)
        return self.stands[cycle] if infusion is None or not self.is_given(infusion) else self.recorded(infusion)

    def is_infused(self, cycle: int) -> bool:
        """Whether a cycle's infusion is recorded given."""
        infusion = self.infusion(cycle)
        return infusion is not None and self.is_given(infusion)

    def with_hour(self, day_zero: Moment) -> Moment:
        """Day 0 at the hour that the site gives for the infusion, where nobody has given it one."""
        return day_zero if day_zero.at is not None else self.clocked(day_zero.on, self.clock(self.protocol.day_zero))

    def clock(self, activity: str) -> ClockTime | None:
        """The hour that the site gives for an activity."""
        return self.text.clocks.get(activity)

    def clocked(self, day: date, clock: ClockTime | None) -> Moment:
        """That day at the site's hour; without an hour where the clocks skip it, or show it twice."""
        if clock is None or self.zone is None:
            return Moment(on=day)
        return clocked_at(day, clock.start, self.zone)
