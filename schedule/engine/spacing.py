"""How far apart the occurrences of an activity lie, as given or planned; what is held does not count."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec.structs import replace

from schedule.engine.days_left import KeptDays, Span, merged
from schedule.engine.evidence import Evidence
from schedule.engine.laid import Laid
from schedule.engine.links import HourLink, Link
from schedule.engine.placed import Moving
from schedule.engine.places import Place
from schedule.engine.stamps import INFINITY, Value, date_of, moment_in_text, on_clock, value_of
from schedule.model.moment import Moment
from schedule.model.plan import Finding, Verdict
from schedule.model.protocol import Spacing
from schedule.model.reasons.bounds import HangsOnHours
from schedule.model.reasons.findings import DayNotGiven, JudgedOnceDayZero, NotInTreatment, SpacingAsked
from schedule.model.timing import Apart, AtMost, EachOf

Pair = tuple[Value, Value]
LATER, EARLIER = "later", "earlier"


def of_spacing(evidence: Evidence, finding: Finding, spacing: Spacing) -> Finding | None:
    """The finding about a spacing in one cycle; None in a later cycle to which the activity does not belong."""
    cycle, activity = evidence.cycle, evidence.protocol.activities.get(spacing.activity)
    finding = replace(finding, point=EachOf(spacing.activity), cycle=cycle)
    if activity is None:
        return replace(finding, status="not applicable", basis=(NotInTreatment(),)) if cycle == 1 else None
    if cycle > 1 and cycle not in activity.cycles:
        return None
    finding = replace(finding, if_broken=spacing.if_broken)
    times = times_of(evidence.laid, spacing, cycle)
    if not times:
        return replace(finding, status="not stated", basis=(DayNotGiven(),))
    if evidence.day_zero is None:
        return replace(finding, status="due", basis=(JudgedOnceDayZero(),))
    status, broken = judged(evidence, spacing, [value_of(at) for at in times])
    dates = tuple((date, other) for pair in broken if (date := date_of(pair[0])) and (other := date_of(pair[1])))
    asked = SpacingAsked(title=activity.title, asked=spacing.asked, broken=dates)
    return replace(finding, status=status, basis=(asked, *((HangsOnHours(),) if status == "boundary" else ())))


def places_asked(laid: Laid, spacing: Spacing, cycle: int) -> Iterator[Place]:
    """The occurrences that a spacing asks of in a cycle: also the last before them of earlier cycles, as many as stand
    in one sum with one of this cycle; none for a greatest distance."""
    asked = spacing.asked
    if not (isinstance(asked, Apart) and asked.relation == "at most"):
        timed = [
            (laid.order(at), place) for one in laid.cycles if one < cycle for place in _counted(laid, spacing, one)
            if (at := laid.when(place)) is not None
        ]  # fmt: skip
        last = asked.count if isinstance(asked, AtMost) else 1
        yield from (place for _, place in sorted(timed, key=lambda pair: pair[0])[-last:])
    yield from _counted(laid, spacing, cycle)


def _counted(laid: Laid, spacing: Spacing, cycle: int) -> Iterator[Place]:
    """A cycle's occurrences that count and have a date."""
    for place in laid.doses(spacing.activity, cycle):
        own = place.cycle in (cycle, 0) and cycle == place.in_cycle
        if own and laid.counts(place) and laid.when(place) is not None:
            yield place


def times_of(laid: Laid, spacing: Spacing, cycle: int) -> list[Moment]:
    """When those are, in order."""
    times = (laid.when(place) for place in places_asked(laid, spacing, cycle))
    return sorted((at for at in times if at is not None), key=laid.order)


def judged(evidence: Evidence, spacing: Spacing, values: list[Value]) -> tuple[Verdict, list[Pair]]:
    """The verdict on occurrences in order of time, and the pairs that do not surely keep it."""
    asked = spacing.asked
    if isinstance(asked, AtMost):
        runs = zip(values, values[asked.count :], strict=False)
        crowded = [(one, other) for one, other in runs if int(other) - int(one) < asked.days]
        return ("violated" if crowded else "met"), crowded
    sure, some = (link_of(evidence, asked, sure=sure) for sure in (True, False))
    unsure = [pair for pair in pairwise(values) if not sure.holds(_values(pair))]
    broken = [pair for pair in unsure if not some.holds(_values(pair))]
    return ("violated" if broken else "boundary" if unsure else "met"), broken or unsure


def link_of(evidence: Evidence, asked: Apart, *, sure: bool) -> Link:
    """A spacing as a link from one occurrence to the next."""
    lower, months = asked.relation == "at least", evidence.protocol.months
    of = ("", LATER, 0, EARLIER, 0, lower, asked.count, asked.unit, 0, months)
    return HourLink(*of, sure, False, evidence.site.zone) if asked.unit == "hours" else Link(*of)


def _values(pair: Pair) -> dict[object, Value]:
    return {EARLIER: pair[0], LATER: pair[1]}


def kept_days(evidence: Evidence, rule: str, spacing: Spacing, moving: Moving) -> KeptDays | None:
    """The days 0 that keep a spacing; None where there is nothing to ask."""
    pairs = [(value_of(one), value_of(other)) for place in places_asked(moving.first, spacing, evidence.cycle)
             if (one := moving.first.when(place)) and place in moving.second.slots
             and (other := moving.second.when(place))]  # fmt: skip
    if not pairs:
        return None
    zone, zero = evidence.site.zone, moving.zeros[0]
    stays = [one for one, other in pairs if int(one) == int(other)]
    moves = [(int(one) - zero, round(one % 1 * 4096)) for one, other in pairs if int(one) != int(other)]

    def status(day: int) -> Verdict:
        values = sorted([*stays, *(on_clock(day + shift, clock, zone) for shift, clock in moves)])
        return judged(evidence, spacing, values)[0]

    if not stays or not moves:
        days: Iterable[int] = ()
        outer = (status(zero), status(zero))
        first, last = zero, zero - 1
    else:
        shifts = [shift for shift, _ in moves]
        reach = 2 + (spacing.asked.days if isinstance(spacing.asked, AtMost) else spacing.asked.count)
        first, last = int(min(stays)) - max(shifts) - reach, int(max(stays)) - min(shifts) + reach
        days, outer = range(first, last + 1), (status(first - 1), status(last + 1))
    spans: list[tuple[Span, Verdict]] = [((-INFINITY, first - 1), outer[0]), ((last + 1, INFINITY), outer[1])]
    spans += [((day, day), status(day)) for day in days]
    safe = tuple(merged(span for span, found in spans if found == "met"))
    return KeptDays(rule, safe, tuple(merged(span for span, found in spans if found != "violated")))


def values_in_text(evidence: Evidence, spacing: Spacing) -> tuple[str, ...]:
    """What a ruling on a spacing is made on: every date, with its hour where hours are asked."""
    timed = isinstance(spacing.asked, Apart) and spacing.asked.unit == "hours"
    times = times_of(evidence.laid, spacing, evidence.cycle)
    return tuple(moment_in_text(at, timed=timed) for at in times)
