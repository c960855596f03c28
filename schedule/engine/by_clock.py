"""What the clock alone changes of a plan: worked out once, when the plan is made, and applied wherever it is read back.

A plan that is seen at a later moment is the one that would be laid out then (`seen`), as long as nothing was entered.
"""

from bisect import bisect_right
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from datetime import UTC, date, datetime, time, tzinfo
from typing import TypeVar, cast

from msgspec.structs import replace

from schedule.engine.alerts import alerts_of
from schedule.engine.begun import (
    beginnings,
    course_of,
    courses_before,
    has_begun,
    is_fixed_by_clock,
    is_held_by,
    is_leader,
    is_recorded_by,
    turns_of_times,
)
from schedule.engine.laid import Laid
from schedule.engine.network import parts
from schedule.engine.places import Place
from schedule.engine.points import subject_of
from schedule.engine.windows import can_be_late
from schedule.model.acts import Amend
from schedule.model.dates import add
from schedule.model.history import History
from schedule.model.moment import Moment, instant_at, is_by, is_past, order_of
from schedule.model.plan import (
    AnyPlan,
    ClockChanges,
    ClockTurn,
    E,
    Event,
    F,
    Finding,
    ListedClock,
    ListedFinding,
    ListedPlan,
    Standing,
    Status,
)
from schedule.model.protocol import Protocol
from schedule.model.reasons.bounds import StillPlanned
from schedule.model.reasons.findings import FindingReason, Repeat, TitledEvent
from schedule.model.records import is_same
from schedule.model.timing import KnownDatePoint, Point

P = TypeVar("P", bound=AnyPlan)
One = TypeVar("One", bound=ListedFinding)
FindingsAt = Callable[[datetime], tuple[Finding, ...]]
"""The findings of one state of a plan at a moment, an aware datetime of its zone."""


def findings_by_clock(history: History, laid: Laid, events: Iterable[Event], judged: FindingsAt) -> FindingsAt:
    """The findings of a state of a plan at any moment. They are judged once for each basis: at a later moment with the
    same they are those of then, on their date. `events` are those of the plan."""
    basis, known = _basis_of(history, laid), laid.found["judged"]
    unrecorded = {event.id for event in events if event.status == "unconfirmed"}

    def at(now: datetime) -> tuple[Finding, ...]:
        state, then = basis.at(laid, now), now.astimezone(UTC)
        first, found = known.get(state, (None, ()))
        if first is not None and first <= then:
            return tuple(_of_occurrence(_on(one, now.date(), laid.protocol), unrecorded) for one in found)
        found = judged(now)
        known[state] = then, found
        return found

    return at


def _begins(laid: Laid) -> dict[int, Moment]:
    """When treatment before day 0 of each cycle begins, of those that have any."""
    found = {cycle: [at for course in courses_before(laid, cycle) for at in beginnings(laid, course)]
             for cycle in laid.cycles}  # fmt: skip
    return {cycle: min(times, key=laid.order) for cycle, times in found.items() if times}


def clock_of(
    history: History | None, laid: Laid, now: datetime, findings: tuple[Finding, ...], found_at: FindingsAt
) -> ClockChanges:
    """What the clock changes of a plan after `now`, at which it has those findings; nothing of one without a day 0."""
    if history is None:
        return ClockChanges(lacks_from={})
    basis, last, pool = _basis_of(history, laid), findings, _Pool(findings)
    turns, state = [], basis.at(laid, now)
    for moment in basis.moments(laid, now):
        before, state = state, basis.at(laid, moment)
        found = found_at(moment) if state != before else last
        if found is last or is_same(found, tuple(_on(one, moment.date(), laid.protocol) for one in last)):
            continue
        last = found
        turns.append(ClockTurn(at=moment, findings=tuple(map(pool.number_of, found))))
    return ClockChanges(
        lacks_from={f"{place.activity}-{history.numbers[str(place)]}": at for place, at in _open(laid)},
        begins=_begins(laid),
        turns=tuple(turns),
        findings=tuple(pool.findings[len(findings) :]),
        feasible_until=feasible_until(laid, now),
    )


def feasible_until(laid: Laid, now: datetime) -> datetime:
    """The first moment after `now` at which the clock may change the feasible days 0 of a state of a plan: something
    that it tells, or that a day 0 is past."""
    told = moments_that_tell(laid)
    over = (add(max(laid.day_zero(cycle).on, now.date()), 1, "days", "clamp") for cycle in laid.cycles)
    ends = [*told[bisect_right(told, now.astimezone(UTC)) :][:1], *(_midnight(day, laid.where) for day in over)]
    return min(ends).astimezone(laid.where)


class _Pool:
    """Findings, each of them once, by their numbers."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: list[Finding] = []
        self.numbers: dict[Hashable, list[int]] = {}
        for one in findings:
            self._add(one)

    def number_of(self, finding: Finding) -> int:
        """The number of the first that is the same, which is added where there is none."""
        numbers = self.numbers.get(_subject_of(finding), ())
        for number in numbers:
            if is_same(self.findings[number], finding):
                return number
        return self._add(finding)

    def _add(self, finding: Finding) -> int:
        self.findings.append(finding)
        number = len(self.findings) - 1
        self.numbers.setdefault(_subject_of(finding), []).append(number)
        return number


def _subject_of(finding: Finding) -> Hashable:
    return finding.ref, finding.point, finding.cycle, finding.status


def moments_that_tell(laid: Laid) -> list[datetime]:
    """Every moment, in UTC and in order, at which the clock may change of a state of a plan what is due, past, begun,
    recorded, stated or ruled by then. Between two of them it changes nothing."""
    said = frozenset(_midnight(day, laid.where) for day in _days_said(laid))
    return laid.once("moments", lambda: sorted({*turns_of_times(laid), *said}), said)


def _days_said(laid: Laid) -> set[date]:
    """The days on which something was stated or ruled."""
    return {one.on for one in laid.case.attestations.values()} | {one.on for one in laid.case.rulings}


def _open(laid: Laid) -> Iterator[tuple[Place, datetime]]:
    """What is to be recorded once it is past, and what it follows is recorded, from which moment on; nothing
    that follows what has no record, nor what was ahead when the plan was cancelled."""
    for place, slot in laid.slots.items():
        when, others = laid.when(place), laid.followed(place)
        if when is None or place in laid.records or slot.replaced or slot.activity.category == "milestone":
            continue
        if laid.is_ended(place) or (laid.cancelled is not None and not is_past(when, laid.cancelled)):
            continue
        if all(other in laid.records and (laid.is_given(other) or not is_leader(laid, other)) for other in others):
            recorded = (laid.order(laid.recorded(other)) for other in others)
            yield place, max([_past_from(when, laid.where), *recorded]).astimezone(laid.where)


# What a verdict may rest on -------------------------------------------------------------------------------------------


def _basis_of(history: History, laid: Laid) -> "_Basis":
    """The same for all histories that give this state with the same said: they have the same moves."""
    stated = frozenset((name, one.on) for name, one in laid.case.attestations.items())
    amended = any(isinstance(step.deed, Amend) for step in history.steps)
    key = stated, tuple(one.on for one in laid.case.rulings), amended
    return laid.once("basis", lambda: _Basis(laid, amended=amended), key)


class _Basis:
    """All that the verdicts of one state of a plan take from the clock, but for what a date alone says. `courses` are
    those whose beginning counts, `named` the occurrences that say how long a test serves: those that a bound on it
    names, and what they follow. It is remembered with the state, and so does not hold it."""

    def __init__(self, laid: Laid, *, amended: bool) -> None:
        self.states: dict[int, Hashable] = {}
        names: set[str | None] = set()
        for part in parts(laid.protocol, laid.site):
            if isinstance(part.bound.point, KnownDatePoint):
                names |= {subject_of(cast(Point, end)) for end in part.ends}
        found: dict[Place, None] = {}
        for place, slot in laid.slots.items():
            if slot.activity.id in names or (slot.activity.course and slot.activity.course in names):
                found.update(dict.fromkeys((place, *laid.followed(place))))
        self.named = tuple(found)
        asked = (slot for place, slot in laid.slots.items() if amended or place in found or slot.is_lymphodepletion)
        self.courses = {course_of(slot) for slot in asked if slot.activity.category == "treatment"}

    def at(self, laid: Laid, now: datetime) -> Hashable:
        """What has begun, what stays where it is if day 0 moves, what was stated and ruled by then."""
        key = bisect_right(moments_that_tell(laid), now.astimezone(UTC))
        if key not in self.states:
            self.states[key] = self._at(laid, now)
        return self.states[key]

    def _at(self, laid: Laid, now: datetime) -> Hashable:
        today = now.date()
        begun = frozenset(course for course in self.courses if has_begun(laid, course, now))
        still = (place for place in self.named if laid.slots[place].course not in begun)
        return (
            begun,
            frozenset(place for place in still if is_fixed_by_clock(laid, place, now)),
            frozenset(
                place for place in self.named if is_recorded_by(laid, place, now) or is_held_by(laid, place, now)
            ),
            frozenset(name for name, one in laid.case.attestations.items() if one.on <= today),
            sum(one.on <= today for one in laid.case.rulings),
        )

    def moments(self, laid: Laid, now: datetime) -> list[datetime]:
        """The moments after `now` at which that may be another, in order."""
        zone = laid.where
        times = [at for course in self.courses for at in beginnings(laid, course)]
        for place in self.named:
            when = laid.when(place)
            times += [when] if when is not None else []
            times += [laid.recorded(place)] if place in laid.records else []
        days = {add(at.on, 1, "days", "clamp") for at in times if at.at is None}
        days |= _days_said(laid)
        found = {order_of(at, zone) for at in times} | {_midnight(day, zone) for day in days}
        return [at.astimezone(zone) for at in sorted(found) if at > now.astimezone(UTC)]


def _past_from(moment: Moment, zone: tzinfo) -> datetime:
    """The first moment, in UTC, at which it is past: without an hour, once its date is over."""
    return order_of(moment, zone) if moment.at is not None else _midnight(add(moment.on, 1, "days", "clamp"), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


# Seen later -----------------------------------------------------------------------------------------------------------


def seen(plan: P, as_of: datetime) -> P:
    """The plan as it is at a moment not earlier than its own: a wall time of the site, without zone."""
    now = as_of.replace(tzinfo=plan.site.zone or UTC)
    if plan.standing is None or now.astimezone(UTC) == instant_at(plan.as_of, plan.site.zone):
        return plan
    standing = _standing(plan.standing, plan.clock, now)
    events = tuple(_events(plan, standing.cancelled, now.astimezone(UTC)))
    unrecorded = {event.id for event in events if event.status == "unconfirmed"}
    findings = tuple(_of_occurrence(one, unrecorded) for one in _findings(plan, now))
    return replace(
        plan,
        as_of=as_of,
        standing=standing,
        events=events,
        findings=findings,
        alerts=alerts_of(standing, findings, plan.undated),
    )


def _standing(standing: Standing, clock: ListedClock, now: datetime) -> Standing:
    begun = {one for one, at in clock.begins.items() if is_by(at, now) and standing.of(one).phase == "ahead"}
    later = {number: replace(one, phase="begun") if number in begun else one for number, one in standing.cycles.items()}
    return replace(standing, phase="begun" if 1 in begun else standing.phase, cycles=later) if begun else standing


def _events(plan: ListedPlan[E, F], cancelled: bool, now: datetime) -> Iterator[E]:
    lacks_from = plan.clock.lacks_from
    ahead: Status = "cancelled" if cancelled else "planned"
    for event in plan.events:
        at = lacks_from.get(event.id)
        status = event.status if at is None else "unconfirmed" if at <= now else ahead
        yield event if event.status == status else replace(event, status=status)


def _findings(plan: AnyPlan, now: datetime) -> tuple[ListedFinding, ...]:
    clock, every = plan.clock, (*plan.findings, *plan.clock.findings)
    passed = [turn for turn in clock.turns if turn.at.astimezone(UTC) <= now.astimezone(UTC)]
    numbers = passed[-1].findings if passed else range(len(plan.findings))
    return tuple(_on(every[number], now.date(), plan.protocol) for number in numbers)


def _of_occurrence(finding: One, unrecorded: Container[str]) -> One:
    """A finding about an occurrence that is due is overdue once that is to be recorded."""
    if not isinstance(finding.title, TitledEvent) or finding.status != "due":
        return finding
    overdue = str(finding.point) in unrecorded
    return finding if overdue == finding.overdue else replace(finding, overdue=overdue)


def _on(finding: One, today: date, protocol: Protocol) -> One:
    """A finding on a later date: a test that was to be done by a day is overdue after it, what was ahead has come, and
    a course is given once more from that date on."""
    if isinstance(finding.title, TitledEvent):
        return finding
    late = finding.status == "due" and can_be_late(protocol, finding.point)
    overdue = late and finding.latest is not None and finding.latest < today
    found = finding if overdue == finding.overdue else replace(finding, overdue=overdue)
    again = found.repeat and _from(found.repeat, today)
    found = found if again == found.repeat else replace(found, repeat=again)
    if not isinstance(found, Finding) or not any(_has_come(one, today) for one in found.basis):
        return found
    return replace(found, basis=tuple(one for one in found.basis if not _has_come(one, today)))


def _from(again: Repeat, today: date) -> Repeat:
    """What must be done again, on a later date; None as its days where none is left."""
    if not again.last_dose or again.earliest is None or again.earliest >= today:
        return again
    left = again.latest is None or again.latest >= today
    return replace(again, earliest=today) if left else replace(again, earliest=None, latest=None)


def _has_come(reason: FindingReason, today: date) -> bool:
    return isinstance(reason, StillPlanned) and reason.on <= today
