"""One plan: which occurrences there are, and their planned, booked and actual times. Slow and plain: every time is
worked out from what it is counted from, each time anew."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import wraps
from typing import NamedTuple

from .dates import Impossible, Time, add_months, before, clock, elapsed, instant, order, typed
from .files import Activity, Text
from .grammar import DAYS, MINUTES, MONTHS, Spot

GIVEN = ("given", "partly", "done")


class Key(NamedTuple):
    """What an occurrence is: its place, and the how-manieth time that place was planned."""

    activity: str
    cycle: int
    place: tuple  # the base, and the distance in days or hours
    order: int  # several at one place, by their order there
    each: "Key | None"  # counted from this occurrence
    turn: int = 0

    def again(self) -> "Key":
        """The same place, planned once more."""
        return self._replace(turn=self.turn + 1)

    def root(self) -> "Key":
        """The place alone."""
        return self._replace(turn=0)


@dataclass(frozen=True)
class Record:
    """The last word on one occurrence."""

    word: str  # given, partly, done or held
    at: str
    end: str | None = None


@dataclass
class Known:
    """What is known: records, bookings and the dates of the patient."""

    records: dict[Key, Record] = field(default_factory=dict)
    bookings: dict[Key, str] = field(default_factory=dict)
    dates: dict[str, list[str] | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Occurrence:
    """One occurrence of a plan. `kept` is the planned time of a fixed one."""

    key: Key
    activity: Activity
    spot: Spot
    fixed: bool = False
    kept: Time | None = None
    replaced: bool = False  # held, and planned again

    @property
    def course(self) -> tuple[str, int] | None:
        """The course it belongs to; the doses of one cycle are a course of their own."""
        return (self.activity.course, self.key.cycle) if self.activity.course else None


def remembered(method: Callable) -> Callable:
    """Worked out once for each occurrence or cycle, until the plan is changed."""

    @wraps(method)
    def answer(plan: "Plan", of: object) -> object:
        name = (method.__name__, (of.key, of.activity.hour) if isinstance(of, Occurrence) else of)
        if name not in plan.memo:
            plan.memo[name] = method(plan, of)
        return plan.memo[name]

    return answer


@dataclass
class Plan:
    """A plan as it stands after a move."""

    text: Text
    known: Known
    planned_zero: dict[int, Time]
    stands: dict[int, Time]  # where the moves have put day 0 of each cycle, without the infusion's record
    own: dict[int, tuple[str, str]] = field(
        default_factory=dict
    )  # planned day 0 and day 0 that moves have set, as typed
    occurrences: dict[Key, Occurrence] = field(default_factory=dict)
    never: set[int] = field(default_factory=set)  # cycles that are not given
    memo: dict = field(default_factory=dict, init=False, compare=False, repr=False)

    def put(self, occurrences: dict[Key, Occurrence]) -> None:
        """Put occurrences into the plan; what was remembered is worked out again."""
        self.occurrences |= occurrences
        self.memo.clear()

    # Times -----------------------------------------------------------------------------------------------------------

    def typed(self, raw: str) -> Time:
        """A typed wall time in the zone of this plan. One that the clocks do not show there is kept as typed."""
        try:
            return typed(raw, self.text.zone)
        except Impossible:
            plain = typed(raw[:10], self.text.zone)
            return Time(plain.day, clock_of(raw))

    def record(self, key: Key) -> Record | None:
        return self.known.records.get(key)

    def is_given(self, key: Key) -> bool:
        found = self.record(key)
        return found is not None and found.word in GIVEN

    def is_held(self, key: Key) -> bool:
        found = self.record(key)
        return found is not None and found.word == "held"

    @remembered
    def infusion(self, cycle: int) -> Key | None:
        """“Day 0 is the infusion not held”: the recorded one, else the last that is planned."""
        keys = [
            k
            for k, o in self.occurrences.items()
            if o.activity.id == self.text.anchor and is_zero(o) and max(k.cycle, 1) == cycle
        ]
        given = [k for k in keys if self.is_given(k)]
        return given[0] if given else max(keys, key=lambda k: k.turn, default=None)

    @remembered
    def day_zero(self, cycle: int) -> Time:
        """Day 0 where it now stands, or the recorded start of the infusion."""
        key = self.infusion(cycle)
        if key and self.is_given(key):
            return self.typed(self.record(key).at)
        return self.stands[cycle]

    def zero_moment(self, time: Time) -> Time:
        """Day 0 with the hour that the site gives for the infusion, where nobody has given it one."""
        hour = self.text.activities[self.text.anchor].hour
        return time if time.hour or hour is None else clock(time.day, hour, self.text.zone)

    @remembered
    def planned(self, key: Key) -> Time | None:
        """“The target …; of a fixed one, the target it had when it was fixed”."""
        found = self.occurrences[key]
        return found.kept if found.fixed else self.place_time(found)

    @remembered
    def booked(self, key: Key) -> Time | None:
        """A booking counts "only while it lies in the window as that now stands"."""
        if key not in self.known.bookings:
            return None
        at = self.typed(self.known.bookings[key])
        return at if self.fits(key, at) else None

    def actual(self, key: Key) -> Time | None:
        """“Only given (also partly) and done make an actual”."""
        return self.typed(self.record(key).at) if self.is_given(key) else None

    @remembered
    def when(self, key: Key) -> Time | None:
        """“`when` = actual, else booked, else planned”."""
        return self.actual(key) or self.booked(key) or self.planned(key)

    @remembered
    def end(self, key: Key) -> Time | None:
        """The end that was recorded, else the start plus the length that the site or the days state; none is
        invented."""
        found, start = self.occurrences[key], self.when(key)
        record = self.record(key)
        if record and record.word in GIVEN and record.end:
            return self.typed(record.end)
        if start is None:
            return None
        if found.activity.span is not None:
            return start.plus_days(found.activity.span).at(None)
        if found.activity.length is None or start.hour is None:
            return None
        if start.hour == found.activity.hour:
            ends = datetime.combine(start.day, start.hour) + timedelta(minutes=found.activity.length)
            by_clock = clock(ends.date(), ends.time(), self.text.zone)
            if by_clock.hour is not None:
                return by_clock
        return elapsed(start, found.activity.length, self.text.zone)

    # What counts from what -------------------------------------------------------------------------------------------

    @remembered
    def counts(self, key: Key) -> bool:
        """“Held and cancelled ones never count”."""
        return not self.is_held(key) and not self.occurrences[key].replaced and not self.ended(key)

    @remembered
    def ended(self, key: Key) -> bool:
        """“Recorded, the infusion ends lymphodepletion: doses of it whose `when` lies after it and that have no record
        are cancelled”."""
        found = self.occurrences[key]
        if not lymphodepletion(found) or self.record(key):
            return False
        infusion = self.infusion(max(key.cycle, 1))
        if infusion is None or not self.is_given(infusion):
            return False
        own = self.booked_or_planned_raw(key)
        return own is not None and before(self.actual(infusion), own, self.text.zone)

    def booked_or_planned_raw(self, key: Key) -> Time | None:
        """Booked, else planned."""
        return self.booked(key) or self.planned(key)

    @remembered
    def leader(self, found: Occurrence) -> Key | None:
        """The occurrence that this one is counted from, or None where it counts from a date."""
        spot, key = found.spot, found.key
        if spot.chain > 0:
            chain = [o for o in self.occurrences.values() if o.key.activity == key.activity and o.key.cycle == key.cycle
                     and o.spot.chain == spot.chain - 1 and not o.replaced]  # fmt: skip
            return chain[-1].key if chain else None
        if spot.target is None:
            return None
        if key.each is not None:
            return key.each if key.each in self.occurrences else None
        return self.pick(spot.target, spot.which, key.cycle)

    def pick(self, activity: str, which: str, cycle: int) -> Key | None:
        """“The last of X has the latest `when` among those given or still planned”, the first the earliest."""
        keys = [k for k, o in self.occurrences.items() if o.activity.id == activity and not o.replaced]
        own = [k for k in keys if k.cycle in (cycle, 0)]
        keys = [k for k in own or keys if self.when(k) is not None]
        # "Where every one is held, what hangs on them stays where it stood".
        keys = [k for k in keys if self.counts(k)] or keys
        if not keys:
            return None
        choose = max if which == "last" else min
        return choose(keys, key=lambda k: order(self.when(k), self.text.zone))

    @remembered
    def place_time(self, found: Occurrence) -> Time | None:
        """Where its place now lies."""
        spot, zone = found.spot, self.text.zone
        base = self.base(found)
        if base is None:
            return None
        if is_zero(found) and found.activity.id == self.text.anchor:
            # "An hour in planned day 0 is the infusion's start and beats [times]".
            return self.zero_moment(base)
        if spot.minutes or spot.timed:
            if base.hour is None:
                return None
            first = elapsed(base, spot.minutes, zone)
            return clock(first.day + timedelta(days=spot.daily), first.hour, zone) if spot.daily else first
        day = base.day + timedelta(days=spot.lead)
        day = add_months(day, spot.months, self.text.months) + timedelta(days=spot.days)
        return clock(day, found.activity.hour, zone)

    def base(self, found: Occurrence) -> Time | None:
        """The time that it is counted from."""
        spot, cycle = found.spot, max(found.key.cycle, 1)
        if spot.target is not None:
            leader = self.leader(found)
            if leader is None:
                return None
            return self.end(leader) if spot.ends and spot.chain <= 0 else self.when(leader)
        if found.activity.id == self.text.anchor and is_zero(found):
            return self.stands[cycle]
        if found.activity.base == "planned-day-zero":
            return self.planned_zero[cycle]
        if found.activity.base != "day-zero":
            values = self.known.dates.get(found.activity.base)
            return max((self.typed(v) for v in values), key=lambda t: t.day) if isinstance(values, list) else None
        return self.day_zero(cycle)

    @remembered
    def window(self, key: Key) -> tuple[Time, Time] | None:
        """“Windows are bounds, counted like their target, of fixed ones too”."""
        found = self.occurrences[key]
        window = found.spot.window
        target = self.place_time(found)
        if window is None or target is None:
            return None
        start = target if window.frame == "around" else self.base(found)
        first, last = self.shift(start, window.first, window.unit), self.shift(start, window.last, window.unit)
        follows = self.base(found) if found.spot.target is not None else None
        if follows is not None and before(first, follows, self.text.zone):
            first = follows if first.hour is not None and follows.hour is not None else Time(follows.day)
        return first, last

    def shift(self, start: Time, count: int, unit: str) -> Time:
        """So many units from a time: hours elapsed, the others by date."""
        if unit in MINUTES:
            return elapsed(start, count * MINUTES[unit], self.text.zone)
        if unit in DAYS:
            return Time(start.day + timedelta(days=count * DAYS[unit]))
        return Time(add_months(start.day, count * MONTHS[unit], self.text.months))

    def fits(self, key: Key, at: Time) -> bool:
        """A day or hour inside the window, or where none is stated an hour of the same date."""
        window = self.window(key)
        if window is None:
            planned = self.planned(key)
            return planned is not None and planned.day == at.day
        return not before(at, window[0], self.text.zone) and not before(window[1], at, self.text.zone)

    # Following -------------------------------------------------------------------------------------------------------

    @remembered
    def followed(self, key: Key) -> list[Key]:
        """“What is counted from an occurrence follows it; what counts from day 0 and lies on it or later follows that
        cycle's infusion”. All that this one follows, directly or through others."""
        found = self.occurrences[key]
        leader = self.leader(found)
        if leader is not None:
            return [leader, *self.followed(leader)]
        infusion = self.infusion(max(key.cycle, 1))
        from_zero = found.spot.target is None and found.activity.base == "day-zero"
        if from_zero and infusion and infusion.root() != key.root() and not self.lies_before(found):
            return [infusion]
        return []

    def lies_before(self, found: Occurrence) -> bool:
        """Whether it lies before day 0: its place does, or it is a dose of a course begun before day 0 that a slip has
        left there."""
        if found.spot.lead < 0 and not found.spot.months:
            return True
        zero, planned = self.day_zero(max(found.key.cycle, 1)), self.planned(found.key)
        across = any(
            s.lead < 0 for a in self.text.activities.values() if a.course == found.activity.course for s in a.spots
        )
        return bool(found.fixed and found.activity.course and across and planned and planned.day < zero.day)

    def with_bookings(self, bookings: dict[Key, str]) -> "Plan":
        """The same plan with the bookings made since. Booking a held one plans it again under a new number."""
        plan = replace(self, known=replace(self.known, bookings=bookings), occurrences=dict(self.occurrences))
        for key in sorted(bookings, key=lambda k: k.turn):
            if key not in plan.occurrences and key.turn:
                old = [k for k in plan.occurrences if k.root() == key.root() and k.turn < key.turn]
                if old and plan.is_held(max(old, key=lambda k: k.turn)):
                    last = plan.occurrences[max(old, key=lambda k: k.turn)]
                    plan.occurrences[last.key] = replace(last, replaced=True)
                    plan.occurrences[key] = replace(last, key=key, fixed=False, kept=None, replaced=False)
        return plan


def clock_of(raw: str) -> time | None:
    """The hour of a typed time."""
    return time.fromisoformat(raw[11:16]) if len(raw) > 10 else None


def is_zero(found: Occurrence) -> bool:
    """Whether its place is day 0 itself."""
    return found.spot.target is None and found.spot.lead == 0 and not found.spot.months


def lymphodepletion(found: Occurrence) -> bool:
    """Treatment of the patient before day 0, counted from planned day 0 or day 0."""
    return (
        found.activity.category == "treatment" and found.activity.who == "patient" and found.spot.target is None
        and found.spot.lead < 0 and found.activity.base in ("day-zero", "planned-day-zero")
    )  # fmt: skip


def anchored(found: Occurrence, plan: Plan) -> Occurrence:
    """The occurrence at the head of its chain."""
    leader = plan.leader(found)
    return anchored(plan.occurrences[leader], plan) if leader else found


def sort_key(plan: Plan, key: Key) -> tuple:
    """Schedule order of the occurrences of one activity: by cycle, then by place."""
    found = plan.occurrences[key]
    time = plan.place_time(found)
    moment = instant(time, plan.text.zone) if time else None
    return (key.cycle, moment is None, moment or 0, key.order, key.turn)
