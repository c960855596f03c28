"""A patient's acts sorted into moves, which lay the plan out, and facts, which are true whenever they were typed.

A move is the first plan, a move of day 0, an amendment, a leader recorded, corrected or taken back, a choice, a start
date, a re-dated course. Of every other record and fact the last word counts.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from schedule.engine.begun import leads_in
from schedule.engine.places import Place, Text, place_from, text_of
from schedule.engine.slots import Facts
from schedule.model.acts import (
    Amend,
    Attest,
    Book,
    Cancel,
    Cause,
    ChangeWard,
    Choose,
    Create,
    Fact,
    GiveRuling,
    Move,
    Note,
    PlannedHour,
    RecordDay,
    RecordEvent,
    ReDate,
    Restore,
    SetClock,
)
from schedule.model.case import Case
from schedule.model.history import History, Step
from schedule.model.moment import Moment
from schedule.model.plan import Record
from schedule.model.protocol import cycle_name


class FirstPlan(Struct, frozen=True, kw_only=True):
    """The first plan, with planned day 0."""

    to: Moment


class DayZeroMoved(Struct, frozen=True, kw_only=True):
    """Day 0 of a cycle moved; None: of the first whose infusion was not recorded. `repeat`: treatment before it is
    given once more."""

    to: Moment
    cause: Cause
    cycle: int | None
    repeat: bool


class HourAdded(Struct, frozen=True, kw_only=True):
    """Planned day 0 got its hour."""

    to: Moment


class TextsChanged(Struct, frozen=True, kw_only=True):
    """Another protocol, another site, or another option."""


class StartChanged(Struct, frozen=True, kw_only=True):
    """A date that days are counted from; `cycle` is the later cycle that it begins, 0 for another."""

    name: str
    cycle: int


class LeaderRecorded(Struct, frozen=True, kw_only=True):
    """A leader recorded, corrected, or taken back (no record). `first` is the number of the turn with which the record
    began that now is corrected or taken back; its own for a new one."""

    place: Place
    record: Record | None
    first: int


class CourseReDated(Struct, frozen=True, kw_only=True):
    """What is open of a course laid out anew, or from its next dose on."""

    course: str
    cycle: int | None
    next: Moment | None


TurnKind = FirstPlan | DayZeroMoved | HourAdded | TextsChanged | StartChanged | LeaderRecorded | CourseReDated


class Turn(Struct, frozen=True, kw_only=True):
    """One move: as of when (an aware datetime in the zone of its own text), with the text it was made with, and which
    step of the history it is."""

    step: int
    now: datetime
    text: Text
    what: TurnKind


class MovesAndFacts(Struct):
    """Everything typed, in order. Records and start dates of moves are kept with the step that
    brought them."""

    case: Case
    turns: list[Turn] = field(default_factory=list)
    records: dict[Place, Record | None] = field(default_factory=dict)
    leaders: list[tuple[int, Place, Record | None]] = field(default_factory=list)
    bookings: list[tuple[int, Place, Moment | None]] = field(default_factory=list)
    starts: list[tuple[int, Case]] = field(default_factory=list)
    cancelled: datetime | None = None

    def facts(self, turn: int, booked_before: int) -> Facts:
        """What is known today, for the move with that number: leaders' records and start dates as it and those before
        it brought them, bookings as they stood before the step `booked_before`."""
        step = self.turns[turn].step
        words = dict(self.records)
        for at, place, record in self.leaders:
            if at <= step:
                words[place] = record
        booked = {place: at for number, place, at in self.bookings if number < booked_before}
        return Facts(
            case=self._case_at(step),
            records={place: record for place, record in words.items() if record is not None},
            bookings={place: at for place, at in booked.items() if at is not None},
        )

    def _case_at(self, step: int) -> Case:
        """The case as it is known today, with its start dates as they were known after a step."""
        then = next((case for at, case in reversed(self.starts) if at <= step), None)
        if then is None:
            return self.case
        text = next(turn.text for turn in reversed(self.turns) if turn.step <= step)
        names = {name for name in {*self.case.dates, *then.dates} if is_start(text, name)}
        dates = {name: days for name, days in self.case.dates.items() if name not in names}
        hours = {name: at for name, at in self.case.hours.items() if name not in names}
        dates |= {name: days for name, days in then.dates.items() if name in names}
        hours |= {name: at for name, at in then.hours.items() if name in names}
        return replace(self.case, dates=dates, hours=hours)


def is_start(text: Text, name: str) -> bool:
    """Whether days are counted from a known date."""
    known = text.protocol.dates.get(name)
    return known is not None and known.start


def told(history: History) -> MovesAndFacts:
    """What a history tells, sorted: a day's records one after the other, each a step."""
    return _told(MovesAndFacts(case=history.case), 0, _in_turn(history.steps), places_by_id(history.numbers))


def told_since(known: MovesAndFacts, before: History, since: Iterable[Step]) -> MovesAndFacts:
    """The same of a history that goes on from `before`, of which all is `known`, with steps that name no event."""
    found = replace(known, turns=[*known.turns], leaders=[*known.leaders], bookings=[*known.bookings])
    found.records, found.starts = dict(known.records), [*known.starts]
    return _told(found, len(_in_turn(before.steps)), _in_turn(since), {})


def _told(found: MovesAndFacts, first: int, steps: list[Step], places: Mapping[str, Place]) -> MovesAndFacts:
    """Take in steps, of which the first has that number."""
    for number, step in enumerate(steps, first):
        _tell(found, number, step, places)
    return found


def _in_turn(steps: Iterable[Step]) -> list[Step]:
    return [one for step in steps for one in _one_by_one(step)]


def _one_by_one(step: Step) -> tuple[Step, ...]:
    """The step; of a day each of its records as one."""
    if not isinstance(step.deed, RecordDay):
        return (step,)
    return tuple(replace(step, deed=one) for one in step.deed.records)


def places_by_id(numbers: Mapping[str, int]) -> dict[str, Place]:
    """Every place that has a number, by the id of its event."""
    places = ((place_from(text), number) for text, number in numbers.items())
    return {f"{place.activity}-{number}": place for place, number in places}


def _tell(found: MovesAndFacts, number: int, step: Step, places: Mapping[str, Place]) -> None:
    """Take in one act."""
    deed = step.deed
    match deed:
        case RecordEvent():
            _record(found, number, step, deed, places[deed.event])
        case Book():
            place = places[deed.event]
            found.bookings.append((number, place.again if _is_held(found, place) else place, deed.at))
        case Cancel():
            found.cancelled = step.as_of
        case Fact() | Attest() | GiveRuling() | Choose() | PlannedHour() | Move() | ChangeWard():
            found.case = case_after(found.case, step)
        case (
            Create() | RecordDay() | ReDate() | Amend() | SetClock() | Note() | Restore()
        ):  # of a day each record is told
            pass
        case _:
            assert_never(deed)
    what = _what(found, step, number)
    if what is not None:
        if isinstance(what, StartChanged | FirstPlan):
            found.starts.append((number, found.case))
        found.turns.append(turn_of(step, number, what, found.case))


def turn_of(step: Step, number: int, what: TurnKind, case: Case) -> Turn:
    """A step as a move."""
    text = text_of(step.protocol, step.site, case.choices)
    return Turn(step=number, now=step.as_of.replace(tzinfo=text.zone or UTC), text=text, what=what)


def _what(found: MovesAndFacts, step: Step, number: int) -> TurnKind | None:
    """What kind of a move an act is; None where it is none."""
    match step.deed:
        case Create():
            case = found.case
            assert case.planned_day_zero is not None
            return FirstPlan(to=Moment(on=case.planned_day_zero, at=case.planned_moment))
        case Move(to=to, cause=cause, cycle=cycle, repeat=repeat):
            return DayZeroMoved(to=to, cause=cause, cycle=cycle, repeat=repeat)
        case PlannedHour(moment=at):
            return HourAdded(to=Moment(on=at.date(), at=at))
        case Amend() | Choose():
            return TextsChanged()
        case Fact(name=name):
            known = step.protocol.dates.get(name)
            if known is None or not known.start:
                return None
            count = step.protocol.cycles.count if step.protocol.cycles else 1
            cycle = next((one for one in range(2, count + 1) if cycle_name(one) == name), 0)
            return StartChanged(name=name, cycle=cycle)
        case ReDate(course=course, cycle=cycle, next=at):
            return CourseReDated(course=course, cycle=cycle, next=at)
        case RecordEvent(record=record):
            last = found.leaders[-1] if found.leaders else None
            if last is None or last[0] != number:
                return None
            return LeaderRecorded(place=last[1], record=record, first=_first_of(found, last[1], len(found.turns)))
        case _:
            return None


def _first_of(found: MovesAndFacts, place: Place, own: int) -> int:
    """The turn with which the record of a leader began, since it was last open or held."""
    mine = [turn.what for turn in found.turns if isinstance(turn.what, LeaderRecorded) and turn.what.place == place]
    last = mine[-1] if mine else None
    given = last is not None and last.record is not None and last.record.outcome != "held"
    return last.first if last is not None and given else own


def _is_held(found: MovesAndFacts, place: Place) -> bool:
    """Whether the last word so far says that an occurrence was held: a booking plans it again."""
    said = [record for _, other, record in found.leaders if other == place] or [found.records.get(place)]
    return said[-1] is not None and said[-1].outcome == "held"


def _record(found: MovesAndFacts, number: int, step: Step, deed: RecordEvent, place: Place) -> None:
    """A record: of a leader it is a move, of anything else the last word."""
    if leads_in(text_of(step.protocol, step.site, found.case.choices), place):
        found.leaders.append((number, place, deed.record))
    else:
        found.records[place] = deed.record


def case_after(case: Case, step: Step) -> Case:
    """The patient's case after an act."""
    deed = step.deed
    match deed:
        case Fact():
            return _with_dates(case, deed, test=step.protocol.dates[deed.name].test)
        case Attest():
            return replace(case, attestations={**case.attestations, deed.name: deed.attested})
        case GiveRuling():
            return replace(case, rulings=(*case.rulings, deed.ruling))
        case Choose():
            return replace(case, choices={**case.choices, deed.name: deed.option})
        case PlannedHour():
            return replace(case, planned_moment=deed.moment)
        case ChangeWard():
            return replace(case, ward=deed.ward)
        case Move():
            void = _void_after_illness(step) if deed.cause == "illness" else set()
            stated = {name: said for name, said in case.attestations.items() if name not in void}
            if stated == case.attestations and not deed.rulings:
                return case
            return replace(case, attestations=stated, rulings=(*case.rulings, *deed.rulings))
        case _:
            return case


def _with_dates(case: Case, deed: Fact, *, test: bool) -> Case:
    """The case with a known date more. A test's dates add up, each rule is served by its own; others replace."""
    dates, hours = deed.dates, deed.hours
    if test and dates and not deed.instead:
        days: set[date] = {*case.dates.get(deed.name, ()), *dates}
        again = {at.date() for at in hours}
        kept = (at for at in case.hours.get(deed.name, ()) if at.date() not in again)
        dates, hours = tuple(sorted(days)), tuple(sorted((*kept, *hours)))
    known = {name: at for name, at in case.hours.items() if name != deed.name}
    known |= {deed.name: hours} if hours else {}
    return replace(case, dates={**case.dates, deed.name: dates}, hours=known)


def _void_after_illness(step: Step) -> set[str | None]:
    """The statements that must be made again after a slip for an illness."""
    rules = step.protocol.rules.values()
    void: set[str | None] = {
        bound.unless.attestation for rule in rules for bound in rule.bounds
        if bound.unless and bound.unless.again_after_illness
    }  # fmt: skip
    return void | {one.attestation for rule in rules for one in rule.statements if one.again_after_illness}
