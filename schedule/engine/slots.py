"""The occurrences of a plan as decided, the facts known of them, and moves of day 0 as they are known today."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from schedule.engine.places import Duration, Place, Spot, Text
from schedule.model.acts import Cause
from schedule.model.case import Case
from schedule.model.moment import Moment
from schedule.model.plan import Record
from schedule.model.protocol import Activity
from schedule.model.sizes import PIECES
from schedule.model.timing import ClockTime, KnownDatePoint

CycleCourse = tuple[str, int]
"""What begins together: a course, or a treatment in none, by its id; and its cycle, 0 where the days count through."""


class Slot(Struct, frozen=True, kw_only=True):
    """One occurrence, as the text in force when it was laid out says it: `clock` is the site's hour, `span` how long
    what is one span lasts. `fixed`: it keeps the planned time `kept`, whatever its place now is; no time where its
    place was taken away and it stays for its record. `replaced`: it was held, and is planned again under another
    number. `repeated`: its course is given once more."""

    place: Place
    activity: Activity
    spot: Spot
    clock: ClockTime | None = None
    span: Duration | None = None
    fixed: bool = False
    kept: Moment | None = None
    replaced: bool = False
    repeated: bool = False

    def said_by(self, other: "Slot") -> "Slot":
        """The same occurrence with what another text says of its place."""
        if self.spot is other.spot and self.activity is other.activity and self.clock is other.clock:
            return self  # of the same text
        return replace(self, activity=other.activity, spot=other.spot, clock=other.clock, span=other.span)

    @property
    def open(self) -> "Slot":
        """The same occurrence, fixed no longer."""
        return self if not self.fixed and self.kept is None else replace(self, fixed=False, kept=None)

    @property
    def course(self) -> CycleCourse | None:
        """The course that it belongs to."""
        return (self.activity.course, self.place.cycle) if self.activity.course else None

    @property
    def is_lymphodepletion(self) -> bool:
        """Whether it is treatment of the patient before day 0, counted from planned day 0 or day 0."""
        ours = self.activity.category == "treatment" and not self.activity.donor and self.spot.target is None
        return ours and self.spot.lead < 0 and not isinstance(self.activity.base, KnownDatePoint)


def slot_at(text: Text, place: Place, spot: Spot) -> Slot:
    """An occurrence as a text says it."""
    name = place.activity
    return Slot(
        place=place, activity=text.activities[name], spot=spot, clock=text.clocks.get(name), span=text.spans.get(name)
    )


@lru_cache(maxsize=PIECES)
def own_slots(text: Text, name: str, cycle: int) -> Mapping[Place, Slot] | None:
    """The occurrences of an activity in a cycle (0 where its days count through), by their places; None where a text
    alone does not say which there are, since one is counted from each of another's."""
    spots = text.spots[name]
    if any(spot.target is not None and spot.which == "each" for spot in spots):
        return None
    found: dict[Place, Slot] = {}
    for number, spot in enumerate(spots):
        order = sum(other.text == spot.text for other in spots[:number])
        place = Place(name, cycle, spot.text, order)
        found[place] = slot_at(text, place, spot)
    return found


class Made(Struct, frozen=True, kw_only=True):
    """A move of day 0 as it is known today: whether it was a slip, why, and as of when."""

    cycle: int
    kind: Literal["slip", "re-plan"]
    cause: Cause
    as_of: datetime


class Facts(Struct, kw_only=True):
    """What is known of the world: the last word on each occurrence, and bookings, by place; the patient's case."""

    case: Case
    records: Mapping[Place, Record] = field(default_factory=dict)
    bookings: Mapping[Place, Moment] = field(default_factory=dict)
