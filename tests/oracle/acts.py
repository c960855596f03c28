"""What each act asks, and what it changes: whether it is accepted (0), not allowed (1) or impossible (2)."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from .begun import is_infusion, is_leader
from .dates import Impossible, Time, apart, before, by, instant, typed
from .files import Text, read_text
from .grammar import Spot
from .history import replay
from .judge import Context
from .layout import GIVEN, Key, Occurrence, Plan, Record, lymphodepletion, sort_key
from .ledger import Ledger, Move


class NotAllowed(Exception):
    """An act that is not allowed: exit 1, nothing saved."""


@dataclass
class Patient:
    """One patient's ledger, with what the acts need to know beside it."""

    protocol: str
    site: str
    case: dict
    choices: dict[str, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    numbers: dict[Key, int] = field(default_factory=dict)
    attested: dict[str, str] = field(default_factory=dict)
    rulings: list[dict] = field(default_factory=list)
    count: float = 0
    cancelled: bool = False
    drawn: tuple | None = field(default=None, init=False)  # the last plan, and the ledger that it was made from

    def copy(self) -> "Patient":
        """A copy that an act may change."""
        old = self.ledger
        ledger = Ledger(
            [replace(m) for m in old.moves],
            list(old.leaders),
            dict(old.records),
            list(old.bookings),
            dict(old.dates),
            list(old.starts),
        )
        return replace(
            self,
            choices=dict(self.choices),
            ledger=ledger,
            numbers=dict(self.numbers),
            attested=dict(self.attested),
            rulings=list(self.rulings),
        )

    def plan(self) -> Plan:
        """The plan as it now stands, with everything that has a record."""
        ledger = self.ledger
        state = (
            id(ledger),
            len(ledger.moves),
            tuple(ledger.leaders),
            tuple(ledger.records.items()),
            tuple(ledger.bookings),
            repr(ledger.dates),
            len(ledger.starts),
        )
        if self.drawn is None or self.drawn[0] != state:
            self.drawn = (state, self._plan())
        return self.drawn[1]

    def _plan(self) -> Plan:
        """The same, worked out."""
        plan = replay(self.ledger)
        for key, record in plan.known.records.items():
            # "What has a record never leaves the plan. Where corrected facts take its place away, it stays".
            if key not in plan.occurrences and key.activity in plan.text.activities and record.word in GIVEN:
                activity = plan.text.activities[key.activity]
                plan.put({key: Occurrence(key, activity, Spot(*key.place[1:]), fixed=True)})
        return plan

    def text(self) -> Text:
        """The text in force."""
        return read_text(self.protocol, self.site, self.choices)

    def id(self, key: Key) -> str:
        """An occurrence's id."""
        return f"{key.activity}-{self.numbers[key]}"

    def key(self, name: str) -> Key:
        """The occurrence with this id."""
        for key in self.numbers:
            if self.id(key) == name:
                return key
        raise Impossible(f"there is no {name}")

    def number(self, plan: Plan) -> None:
        """“Numbers are given in the revision that first shows an occurrence and kept in the ledger”."""
        fresh = sorted(
            (k for k in plan.occurrences if k not in self.numbers), key=lambda k: (k.activity, *_sortable(plan, k))
        )
        for key in fresh:
            used = [n for k, n in self.numbers.items() if k.activity == key.activity]
            self.numbers[key] = max(used, default=0) + 1

    def context(self, now: Time) -> Context:
        """What verdicts need beside the plan."""
        plan = self.plan()
        context = Context(now, rulings=self.rulings)
        context.attested = {name: typed(at, plan.text.zone) for name, at in self.attested.items()}
        for move in self.ledger.moves:
            if move.kind == "zero" and move.cause == "illness":
                context.illness.append(move.now())
            if move.kind == "zero" and move.turned == "slip":
                context.causes[move.cycle] = move.cause
                context.ill_slip = context.ill_slip or move.cause == "illness"
                context.on_the_day[move.cycle] = move.now().day == plan.planned_zero[move.cycle].day
        return context


def _sortable(plan: Plan, key: Key) -> tuple:
    cycle, missing, moment, order, turn = sort_key(plan, key)
    return (cycle, missing, str(moment), order, turn)


# Checks that several acts share --------------------------------------------------------------------------------------


def moment(patient: Patient, raw: str) -> Time:
    """A typed time in the zone in force. An offset must be one that the clocks show there."""
    zone = patient.text().zone
    time = typed(raw, zone)
    written = re.fullmatch(r"(\S+)[ T](\d\d:\d\d)(?::00)?[+-]\d\d:\d\d", str(raw))
    if written and (time.day.isoformat(), f"{time.hour:%H:%M}") != (written[1], written[2]):
        raise Impossible(f"{raw} is not a time that the clocks show in {zone.key}")
    return time


def after_moves(patient: Patient, now: Time) -> None:
    """“The as-of of any act is not earlier than that of an earlier move”."""
    zone = patient.text().zone
    for move in patient.ledger.moves:
        if instant(now, zone) < instant(move.now(), move.text.zone):
            raise Impossible(f"give an --as-of not earlier than {move.as_of}")


def after_records(patient: Patient, now: Time) -> None:
    """“That of a move of day 0, an amendment or a choice not earlier than anything recorded given or done, donor and
    tasks too”."""
    plan = patient.plan()
    for key, record in plan.known.records.items():
        if record.word in GIVEN and not by(plan.typed(record.at), now, plan.text.zone):
            raise Impossible(f"{patient.id(key)} of {record.at} is recorded: give a later --as-of")


def hours_matter(plan: Plan, key: Key) -> bool:
    """“Where something is counted in hours from or to an occurrence”."""
    if key not in plan.occurrences:
        return False
    for o in plan.occurrences.values():
        counted = o.spot.timed and o.spot.target == key.activity
        if counted and (plan.leader(o) == key or o.spot.which != "first"):
            return True
    return plan.occurrences[key].spot.timed


def impossible_records(patient: Patient, plan: Plan) -> None:
    """“All records together are looked at, whichever is typed last”."""
    zone = plan.text.zone
    for key in plan.known.records:
        o = plan.occurrences.get(key)
        if o is None:
            continue
        given = plan.actual(key)
        infusions = [k for k in plan.followed(key) if is_infusion(plan, k)]
        if infusions and (o.activity.category == "treatment" or _leads_treatment(plan, key)):
            cells = plan.actual(infusions[0])
            if cells is None:
                raise Impossible(f"{patient.id(key)}: record the infusion first")
            if given and before(given, cells, zone):
                raise Impossible(f"{patient.id(key)} would lie before the cells")
        if lymphodepletion(o) and given:
            infusion = plan.infusion(max(key.cycle, 1))
            if infusion and plan.is_given(infusion) and before(plan.actual(infusion), given, zone):
                raise Impossible(f"{patient.id(key)} would lie after the cells")


def _leads_treatment(plan: Plan, key: Key) -> bool:
    """Whether a treatment that follows the infusion is counted from it."""
    return any(o.activity.category == "treatment" and key in plan.followed(k) for k, o in plan.occurrences.items())


# Records -------------------------------------------------------------------------------------------------------------


def record(patient: Patient, act: dict, now: Time) -> None:
    """`record CODE EVENT given|done|held|open`."""
    after_moves(patient, now)
    old = patient.plan()
    one_record(patient, old, act, now)
    impossible_records(patient, patient.plan())
    if act["word"] in GIVEN and not act.get("confirm"):
        doubt = looks_wrong(old, patient.key(act["event"]), moment(patient, act["at"]))
        if doubt:
            raise Impossible(f"{act['event']} looks wrong ({doubt}): confirm it")


def whole_day(patient: Patient, act: dict, now: Time) -> None:
    """`record CODE --day`: several records at once, as if each had been typed by itself at the same as-of: what others
    follow before these, else by the hour; taken back in the other order. “All records together are looked at.” Those
    of a random history are confirmed."""
    after_moves(patient, now)
    old, count = patient.plan(), patient.count

    def turn(one: dict) -> tuple:
        key = patient.key(one["event"])
        follows = len(old.followed(key)) if key in old.occurrences else 0
        if one["word"] == "open":
            return False, -follows, now.day, one["event"]
        at = moment(patient, one["at"])
        return True, follows, instant(at, old.text.zone), one["event"]

    for number, one in enumerate(sorted(act["records"], key=turn)):
        patient.count = count + number / len(act["records"])
        one_record(patient, patient.plan(), {**one, "as_of": act["as_of"]}, now)
    impossible_records(patient, patient.plan())


def one_record(patient: Patient, old: Plan, act: dict, now: Time) -> None:
    """A record by itself, written into the ledger."""
    key, word = patient.key(act["event"]), act["word"]
    if word == "open":
        if key not in old.known.records:
            raise Impossible(f"{act['event']} has no record")
        change(patient, old, key, None, act)
        check_taken_back(patient, old, key)
        return
    at = moment(patient, act["at"])
    end = moment(patient, act["end"]) if act.get("end") else None
    for time in (at, end) if end else (at,):
        late = time.day > now.day if time.hour is None else instant(time, old.text.zone) > instant(now, old.text.zone)
        if late:
            raise Impossible(f"{act['at']} is later than as-of: record what has happened")
    if end and before(end, at, old.text.zone):
        raise Impossible("it ends before it starts")
    check_hour(patient, old, key, word, at)
    if word == "held":
        check_taken_back(patient, old, key)
    change(patient, old, key, Record(word, act["at"], act.get("end")), act)


def check_hour(patient: Patient, old: Plan, key: Key, word: str, at: Time) -> None:
    """“A record or a move of it by date alone is refused (write the hour); so is the infusion's record where
    planned day 0
    has an hour”."""
    if at.hour is not None or word not in GIVEN or key not in old.occurrences:
        return
    infusion = is_infusion(old, key)
    if hours_matter(old, key) or (infusion and old.zero_moment(old.planned_zero[max(key.cycle, 1)]).hour is not None):
        raise Impossible(f"{patient.id(key)}: write the hour")


def check_taken_back(patient: Patient, old: Plan, key: Key) -> None:
    """“An infusion is not taken back, nor corrected to held, while anything that follows it and does not lie before it
    bears a record”."""
    if key not in old.occurrences or not is_infusion(old, key) or not old.is_given(key):
        return
    for other in old.known.records:
        if other in old.occurrences and key in old.followed(other):
            time = old.when(other)
            if time is None or not before(time, old.actual(key), old.text.zone):
                raise Impossible(f"{patient.id(other)} is recorded: correct it first")


def change(patient: Patient, old: Plan, key: Key, word: Record | None, act: dict) -> None:
    """Write a record into the ledger. A leader's record is a move."""
    place, ledger = patient.count, patient.ledger
    if key in old.occurrences and is_leader(old, key):
        earlier = [m for m in ledger.moves if m.kind == "leader" and m.key == key]
        last = earlier[-1] if earlier else None
        first = last.first if last and last.word and last.word.word in GIVEN else place
        ledger.leaders.append((place, key, word))
        ledger.moves.append(
            Move(place, "leader", act["as_of"], patient.text(), max(key.cycle, 1), key=key, word=word, first=first)
        )
    else:
        ledger.records[key] = word


def looks_wrong(old: Plan, key: Key, at: Time) -> str:
    """“Looks wrong (saved only after a second confirmation)”."""
    if key not in old.occurrences:
        return ""
    zone, o = old.text.zone, old.occurrences[key]
    expected, window = old.booked_or_planned_raw(key), old.window(key)
    if is_infusion(old, key) and at.day != old.day_zero(max(key.cycle, 1)).day:
        return "the infusion on another date than day 0"
    if window is not None:
        width = apart(window[0], window[1], zone)
        out = max(_beyond(at, window[0], zone), _beyond(window[1], at, zone))
        if out > width:
            return "outside its window by more than the window's width"
    elif expected is not None:
        interval = series_interval(o)
        far = apart(at, expected, zone)
        if far > (timedelta(minutes=interval) / 2 if interval else timedelta(days=3)):
            return "far from its time"
    for other in old.occurrences.values():
        if other.key.activity != key.activity or other.key == key or not old.counts(other.key):
            continue
        if _earlier_place(old, other, o) and old.when(other.key) and before(at, old.when(other.key), zone):
            return "before an earlier place of its activity"
    for leader in old.followed(key):
        held = old.is_held(leader) and not is_infusion(old, leader)
        cells = old.when(leader) if is_infusion(old, leader) else None
        if cells and expected is not None and before(expected, cells, zone):
            continue  # the plan itself has it before the cells: weighed at 06:00 of day 0, cells at 10:00
        if not held and (not old.is_given(leader) or before(at, old.actual(leader), zone)):
            return "before what it follows is recorded"
    return ""


def _beyond(first: Time, second: Time, zone: ZoneInfo) -> timedelta:
    """How far the first lies before the second."""
    return apart(first, second, zone) if before(first, second, zone) else timedelta(0)


def series_interval(o: Occurrence) -> int | None:
    """The interval of a series by hours, in minutes."""
    if not o.spot.timed:
        return None
    if o.spot.chain >= 0:
        return min(s.minutes for s in o.activity.spots if s.chain > 0) if len(o.activity.spots) > 1 else None
    steps = sorted({s.minutes for s in o.activity.spots if s.timed and not s.daily})
    gaps = [b - a for a, b in pairwise(steps)]
    return min(gaps, default=None)


def _earlier_place(plan: Plan, one: Occurrence, two: Occurrence) -> bool:
    """Whether one's place comes before two's in the schedule."""
    if one.key.cycle != two.key.cycle:
        return one.key.cycle < two.key.cycle
    first, second = plan.place_time(one), plan.place_time(two)
    return bool(first and second and before(first, second, plan.text.zone))
