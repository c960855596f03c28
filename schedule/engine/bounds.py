"""Findings about bounds: does one apply, is it kept, what would still serve, and what does that rest on."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import assert_never

from msgspec.structs import replace

from schedule.engine.counts import title_of
from schedule.engine.days_left import best, own_span
from schedule.engine.evidence import Evidence
from schedule.engine.links import HourLink, Link, Node
from schedule.engine.network import D, LinkedBound, P
from schedule.engine.point_names import named_in
from schedule.engine.points import places_at, subject_of
from schedule.engine.repeats import repeat_span
from schedule.engine.rulings import Rulings
from schedule.engine.slip import limit_from
from schedule.engine.stamps import Value, date_of, end_of, moment_of
from schedule.engine.windows import of_open
from schedule.model.dates import add
from schedule.model.days_zero import SlipLimit
from schedule.model.moment import Moment
from schedule.model.plan import Finding, Verdict
from schedule.model.protocol import (
    JudgedBound,
    Protocol,
    RuleBound,
    ShownDistance,
    SiteWindow,
    UnstatedLimit,
    bounds_in,
)
from schedule.model.reasons.bounds import (
    AskedBound,
    BorderKept,
    BoundNote,
    BoundsAsked,
    HangsOnHours,
    HoursByDate,
    HoursKept,
    LimitByDate,
    LimitToTheHour,
    LimitWithoutHour,
    LiteralReadingOnly,
    OfBounds,
    ServesUpTo,
    SilentOnDelay,
    StillPlanned,
    WindowAsked,
)
from schedule.model.reasons.findings import (
    AttestedOn,
    DayNotGiven,
    DistanceShown,
    EndNotGiven,
    JudgedOnceDayZero,
    NoLimitStated,
    NotInTreatment,
    Repeat,
    ShownOnceDayZero,
    SlippedWithoutLimit,
)
from schedule.model.reasons.gaps import ParameterMissing
from schedule.model.sizes import PIECES
from schedule.model.timing import KnownDatePoint, Point

GRADES: tuple[Verdict, ...] = ("violated", "boundary", "met")
"""What a bound comes to that is kept in no reading, in the literal one alone, in both."""


class BoundJudge:
    """The verdict on each part of the network, for one patient. With `expiries` each says until which day 0 a test
    that is done serves, for which the plan is laid out with day 0 elsewhere."""

    def __init__(self, evidence: Evidence, rulings: Rulings, *, expiries: bool) -> None:
        self.evidence, self.rulings, self.expiries = evidence, rulings, expiries
        self.protocol, self.site, self.laid = evidence.protocol, evidence.site, evidence.laid
        self.day_zero = evidence.day_zero.on if evidence.day_zero else None

    def of_part(self, finding: Finding, part: LinkedBound) -> Finding:
        """The finding about a part, from one that has its rule, title and source."""
        bound, evidence = part.bound, self.evidence
        why_not = evidence.why_not(part)
        if why_not is not None:
            return replace(finding, status="not applicable", basis=(why_not,))
        match bound:
            case ShownDistance():
                return self.shown(finding, bound.point)
            case UnstatedLimit():
                return self.unlimited(finding)
            case JudgedBound() | SiteWindow():
                pass
            case _:
                assert_never(bound)
        absent = _absent(self.protocol, bound)
        if absent is not None:
            return replace(finding, status="not applicable", basis=(absent,))
        if not part.stated:
            return self.unstated(finding, part)
        unless = bound.unless
        made = evidence.attested(unless.attestation, again=unless.again_after_illness) if unless else None
        if made is not None and unless is not None:
            title = self.protocol.attestations[unless.attestation].title
            said = AttestedOn(title=title, on=made.on, by=made.by)
            return replace(finding, status="met", actual=evidence.latest_of(bound.point), basis=(said,))
        finding = replace(finding, aim=self.aim(part), if_broken=bound.if_broken)
        if any(point not in evidence.known for point in part.dates):
            return of_open(evidence, finding, part, self.asked(part))
        if evidence.unstated(part):
            return self.unstated(finding, part)
        if self.day_zero is None and any(not isinstance(end, KnownDatePoint) for end in part.ends):
            actual = evidence.latest_of(bound.point)
            waits = replace(finding, status="due", actual=actual, basis=(JudgedOnceDayZero(),))
            return self.with_expiry(waits, part)
        return self.judged(finding, part)

    def unstated(self, finding: Finding, part: LinkedBound) -> Finding:
        """A bound that lacks days: nobody has stated them; or an end that is not known."""
        bound, actual = part.bound, self.evidence.latest_of(part.bound.point)
        if isinstance(bound, SiteWindow):
            parameter = self.protocol.parameters[bound.parameter]
            missing = ParameterMissing(parameter=parameter.name, text=parameter.missing)
            return replace(finding, status="not stated", actual=actual, basis=(missing,))
        ends = tuple(EndNotGiven(point=self.evidence.named(end)) for end in self.evidence.unended(part))
        return replace(finding, status="not stated", actual=actual, basis=ends or (DayNotGiven(),))

    def unlimited(self, finding: Finding) -> Finding:
        """A source that says nothing of how far day 0 may slip: any slip is the principal investigator's."""
        finding, evidence = replace(finding, actual=self.day_zero), self.evidence
        if self.day_zero is None or not evidence.is_delayed:
            return replace(finding, status="not stated", basis=(NoLimitStated(),))
        planned = self.laid.planned_zero[evidence.cycle].on
        slipped = SlippedWithoutLimit(days=(self.day_zero - planned).days, planned=planned)
        return self.rulings.ruled(replace(finding, status="boundary", basis=(slipped,)), ())

    def shown(self, finding: Finding, point: Point) -> Finding:
        """A distance that no source limits: shown, never judged."""
        places = places_at(self.laid, point, self.evidence.cycle)
        at = self.laid.when(places[0]) if places else None
        if at is None or self.day_zero is None:
            return replace(finding, status="not stated", actual=None, basis=(ShownOnceDayZero(),))
        distance = DistanceShown(title=title_of(self.laid, places[0]), on=at.on, day_zero=self.day_zero)
        return replace(finding, status="not stated", actual=at.on, basis=(distance,))

    def aim(self, part: LinkedBound) -> tuple[date, date] | None:
        if part.bound.aim is None or self.day_zero is None:
            return None
        planned, months = self.laid.planned_zero[self.evidence.cycle].on, self.protocol.months
        first, last = (add(planned, offset, "days", months) for offset in part.bound.aim)
        return first, last

    def judged(self, finding: Finding, part: LinkedBound) -> Finding:
        """A finding all of whose points are known, served by the test that serves it best (of equals, the latest)."""
        evidence, point = self.evidence, part.bound.point
        grade, values = best(part, evidence.known)
        actual = date_of(values[point]) if point in values else None
        earliest, latest = self.span_of(part, point, values)
        finding = replace(
            finding,
            actual=actual,
            earliest=earliest.on if earliest is not None else None,
            latest=latest.on if latest is not None else None,
            earliest_at=earliest.at if earliest is not None else None,
            latest_at=latest.at if latest is not None else None,
        )
        finding = self.graded(finding, part, GRADES[grade], values)
        more: list[OfBounds] = []
        note = part.bound.note
        if note is not None and part.note is not None and self.is_noted(part.note, {**self.singles, **values}):
            more.append(BoundNote(text=note.text))
        if actual is not None and actual > evidence.today and isinstance(point, KnownDatePoint):
            more.append(StillPlanned(on=actual))
        finding = replace(finding, basis=(*finding.basis, *more))
        asked = part.bound.once_more
        if finding.status == "violated" and asked and not self.laid.is_infused(evidence.cycle):
            span = finding.earliest, finding.latest
            if asked.course:
                span = repeat_span(evidence, asked.course)
            again = Repeat(what=asked.what, last_dose=bool(asked.course), earliest=span[0], latest=span[1])
            finding = replace(finding, repeat=again)
        return self.rulings.ruled(self.with_expiry(finding, part), part.safe)

    @property
    def singles(self) -> dict[Node, Value]:
        """One value of every point that is known."""
        return {base: values[-1] for base, values in self.evidence.known.items()}

    def graded(self, finding: Finding, part: LinkedBound, status: Verdict, values: Mapping[Node, Value]) -> Finding:
        """The status and the basis of a part; of a limit of the delay what the protocol says of the cause as well."""
        bound = next((one for one in bounds_in(part.bound)[0] if (one.point, one.anchor) == (D, P)), None)
        if bound is not None and bound.limits_slip:
            planned = self.laid.with_hour(self.laid.planned_zero[self.evidence.cycle])
            limit = limit_from(bound, planned, self.protocol.months)
            finding = replace(finding, latest=limit.last, limit=limit, basis=(self.reach(limit),))
            more: tuple[OfBounds, ...] = (HangsOnHours(),) if status == "boundary" else ()
        else:
            more = ()
            if status == "boundary" and part.safe != part.literal:
                more = (HangsOnHours() if _some_hours_keep(part, values) else LiteralReadingOnly(),)
            sums = chain.from_iterable(self.told(link, values, status) for link in part.safe)
            finding = replace(finding, basis=(*self.asked(part), *sums))
        if bound is not None and status == "met" and self.is_silent(part.bound):
            status, more = "boundary", (SilentOnDelay(),)
        return replace(finding, status=status, basis=(*finding.basis, *more))

    def is_silent(self, bound: RuleBound) -> bool:
        """Whether day 0 was delayed for something of which a limit of the delay does not speak."""
        any_cause = isinstance(bound, JudgedBound) and bound.any_cause
        return not any_cause and self.evidence.is_delayed and not self.evidence.is_ill_on_the_day

    def told(self, link: Link, values: Mapping[Node, Value], status: Verdict) -> Iterator[OfBounds]:
        """The sum of a link whose points are known."""
        if not isinstance(link, HourLink):
            yield border_kept(link, values)
            return
        zone, names = link.zone, (self.evidence.named(link.anchor), self.evidence.named(link.point))
        start, end = moment_of(values[link.anchor], zone), moment_of(values[link.point], zone)
        if start.instant is None or end.instant is None:
            some = not link.holds(values) and replace(link, sure=False).holds(values)
            kept = None if some else link.holds(values)
            yield HoursByDate(anchor=names[0], start=start, point=names[1], end=end, kept=kept)
            return
        hours = (end.instant - start.instant).total_seconds() / 3600
        yield HoursKept(
            hours=hours, anchor=names[0], point=names[1], kept=link.holds(values), anchor_at=start.at, point_at=end.at
        )

    def span_of(
        self, part: LinkedBound, point: Point, values: Mapping[Node, Value]
    ) -> tuple[Moment | None, Moment | None]:
        """What the safe reading of the part alone allows a known date of the patient."""
        if not isinstance(point, KnownDatePoint):
            return None, None
        first, last = own_span(part.safe, point, values)
        zone = self.evidence.laid.zone
        return (end_of(first, zone), end_of(last, zone)) if first <= last else (None, None)

    @staticmethod
    def reach(limit: SlipLimit) -> OfBounds:
        """How far a limit of the delay goes."""
        planned, bound = limit.planned, limit.bound
        if bound.unit != "hours":
            return LimitByDate(planned=planned.on, last=limit.last, bound=bound)
        if planned.at is None or limit.until is None:
            return LimitWithoutHour(planned=planned.on, last=limit.last, bound=bound)
        return LimitToTheHour(planned=planned.at, until=limit.until, bound=bound)

    def with_expiry(self, finding: Finding, part: LinkedBound) -> Finding:
        """The finding with the last day 0 that a test already done can serve."""
        evidence, point = self.evidence, part.bound.point
        test = self.protocol.dates[point.name] if isinstance(point, KnownDatePoint) else None
        if test is None or not test.test or not self.expiries:
            return finding
        last = evidence.expires(part)
        if last is None:
            return finding
        return replace(finding, expires=last, basis=(*finding.basis, ServesUpTo(last=last)))

    @staticmethod
    def is_noted(note: Link, values: Mapping[Node, Value]) -> bool:
        return note.point in values and note.anchor in values and note.holds(values)

    def asked(self, part: LinkedBound) -> tuple[OfBounds, ...]:
        """What the safe reading asks; nothing where it asks nothing."""
        if isinstance(part.bound, SiteWindow):
            return (WindowAsked(parameter=part.bound.parameter, text=self.site.texts[part.bound.parameter]),)
        return _bounds_asked(self.protocol, part.bound)


def _some_hours_keep(part: LinkedBound, values: Mapping[Node, Value]) -> bool:
    """Whether the safe reading itself is kept at some hours of dates whose hours are not entered."""
    sure = (replace(link, sure=False) if isinstance(link, HourLink) else link for link in part.safe)
    return bool(part.safe) and all(link.holds(values) for link in sure)


@lru_cache(maxsize=PIECES)
def _absent(protocol: Protocol, bound: RuleBound) -> NotInTreatment | None:
    """Why a bound does not apply to whoever is treated so: it speaks of what is not part of the treatment."""
    there = {None, *protocol.activities, *(activity.course for activity in protocol.activities.values())}
    points = (point for one in chain(*bounds_in(bound)) for point in (one.point, one.anchor))
    absent = next((point for point in points if subject_of(point) not in there), None)
    return NotInTreatment(point=named_in(protocol, absent)) if absent is not None else None


@lru_cache(maxsize=PIECES)
def _bounds_asked(protocol: Protocol, bound: RuleBound) -> tuple[BoundsAsked, ...]:
    bounds = tuple(
        AskedBound(point=named_in(protocol, one.point), bound=one, anchor=named_in(protocol, one.anchor))
        for one in bounds_in(bound)[0]
    )
    return (BoundsAsked(bounds=bounds),) if bounds else ()


def border_kept(link: Link, values: Mapping[Node, Value]) -> BorderKept:
    """The sum of a link whose points are known; one that is written backwards is turned."""
    anchor, point = (date.fromordinal(int(values[end])) for end in (link.anchor, link.point))
    if link.count < 0:
        anchor, point = point, anchor
    count = abs(link.count)
    return BorderKept(
        anchor=anchor,
        count=count,
        unit=link.unit,
        border=add(anchor, count, link.unit, link.months),
        point=point,
        strict=bool(link.extra),
        kept=link.holds(values),
    )
