"""Findings about bounds: does one apply, is it kept, what would still serve, and what does that rest on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import assert_never

from schedule.engine.days_left import best, expiry, own_span
from schedule.engine.evidence import D, Evidence, P, date_of
from schedule.engine.network import Link, LinkedBound
from schedule.engine.points import IN_DAYS
from schedule.engine.slip import is_within, limit_from
from schedule.engine.windows import of_open
from schedule.model.dates import add
from schedule.model.plan import Finding, SlipLimit, Verdict
from schedule.model.protocol import (
    JudgedBound,
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
    JudgedOnceDayZero,
    NoLimitStated,
    NotInTreatment,
    Repeat,
    ShownOnceDayZero,
    SlippedWithoutLimit,
)
from schedule.model.reasons.gaps import ParameterMissing
from schedule.model.timing import (
    CompletionOf,
    DayZeroPoint,
    EachOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    PlannedDayZeroPoint,
    Point,
)

GRADES: tuple[Verdict, ...] = ("violated", "boundary", "met")
"""What a bound comes to that is kept in no reading, in the literal one alone, in both."""


class BoundJudge:
    """The verdict on each part of the network, for one patient."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.protocol, self.site, self.standing = evidence.protocol, evidence.site, evidence.standing
        self.day_zero = evidence.day_zero

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
        if not part.stated:
            return self.unstated(finding, bound)
        made = evidence.attested(bound.unless.attestation) if bound.unless else None
        if made is not None and bound.unless is not None:
            title = self.protocol.attestations[bound.unless.attestation].title
            said = AttestedOn(title=title, on=made.on, by=made.by)
            return replace(finding, status="met", actual=evidence.latest_of(bound.point), basis=(said,))
        finding = replace(finding, aim=self.aim(part), if_broken=bound.if_broken)
        if any(point not in evidence.known for point in part.dates):
            return of_open(evidence, finding, part, self.asked(part))
        if self.day_zero is None and part.needs_day_zero:
            actual = evidence.latest_of(bound.point)
            waits = replace(finding, status="due", actual=actual, basis=(JudgedOnceDayZero(),))
            return self.with_expiry(waits, part)
        return self.judged(finding, part)

    def unstated(self, finding: Finding, bound: JudgedBound | SiteWindow) -> Finding:
        """A bound that lacks days: they are not this patient's, or nobody has stated them."""
        absent = self.absent(bound)
        if absent is not None:
            return replace(finding, status="not applicable", basis=(absent,))
        actual = self.evidence.latest_of(bound.point)
        if isinstance(bound, SiteWindow):
            parameter = self.protocol.parameters[bound.parameter]
            missing = ParameterMissing(parameter=parameter.name, text=parameter.missing)
            return replace(finding, status="not stated", actual=actual, basis=(missing,))
        return replace(finding, status="not stated", actual=actual, basis=(DayNotGiven(),))

    def absent(self, bound: RuleBound) -> NotInTreatment | None:
        """Why a bound does not apply to this patient: it speaks of what is not part of the treatment."""
        for one in chain(*bounds_in(bound)):
            for point in (one.point, one.anchor):
                if not self.is_there(point):
                    return NotInTreatment(point=self.evidence.named(point))
        return None

    def is_there(self, point: Point) -> bool:
        """Whether a point is part of the treatment chosen."""
        match point:
            case PlannedDayZeroPoint() | DayZeroPoint() | KnownDatePoint():
                return True
            case CompletionOf(course):
                return any(activity.course == course for activity in self.protocol.activities.values())
            case FirstOf(activity_id) | LastOf(activity_id) | EachOf(activity_id) | OccurrencePoint(activity_id):
                return activity_id in self.protocol.activities
            case _:
                assert_never(point)

    def unlimited(self, finding: Finding) -> Finding:
        """A source that says nothing of how far day 0 may slip: any slip is the principal investigator's."""
        finding, standing = replace(finding, actual=self.day_zero), self.standing
        if standing is None or standing.day_zero.on == standing.planned.on or not standing.begun:
            return replace(finding, status="not stated", basis=(NoLimitStated(),))
        days = (standing.day_zero.on - standing.planned.on).days
        slipped = SlippedWithoutLimit(days=days, planned=standing.planned.on)
        return self.evidence.ruled(replace(finding, status="boundary", basis=(slipped,)))

    def shown(self, finding: Finding, point: Point) -> Finding:
        """A distance that no source limits: shown, never judged."""
        assert isinstance(point, FirstOf | LastOf)
        events = [
            event for event in self.evidence.layout.events
            if event.activity == point.activity and event.status not in ("held", "cancelled")
        ]  # fmt: skip
        if not events or self.day_zero is None:
            return replace(finding, status="not stated", actual=None, basis=(ShownOnceDayZero(),))
        event = events[-1 if isinstance(point, LastOf) else 0]
        distance = DistanceShown(title=event.title, on=event.on, day_zero=self.day_zero)
        return replace(finding, status="not stated", actual=event.on, basis=(distance,))

    def aim(self, part: LinkedBound) -> tuple[date, date] | None:
        if part.bound.aim is None or self.standing is None:
            return None
        first, last = (add(self.standing.planned.on, offset, "days", self.protocol.months) for offset in part.bound.aim)
        return first, last

    def judged(self, finding: Finding, part: LinkedBound) -> Finding:
        """A finding all of whose points are known, served by the test that serves it best (of equals, the latest)."""
        grade, values = best(part, self.evidence.with_day_zero)
        point, evidence = part.bound.point, self.evidence
        actual = date.fromordinal(values[point]) if point in values else None
        earliest, latest = self.span_of(part, point, values)
        finding = replace(finding, actual=actual, earliest=earliest, latest=latest)
        finding = self.graded(finding, part, GRADES[grade], values)
        more: list[OfBounds] = []
        note = part.bound.note
        if note is not None and part.note is not None and self.is_noted(part.note, values):
            more.append(BoundNote(text=note.text))
        if actual is not None and actual > evidence.as_of.date() and point in evidence.known:
            more.append(StillPlanned(on=actual))
        finding = replace(finding, basis=(*finding.basis, *more))
        still_ahead = self.standing is None or not self.standing.infused
        asked = part.bound.once_more
        if finding.status == "violated" and asked and still_ahead:
            first, last = self.repeat_span(asked.course) if asked.course else (finding.earliest, finding.latest)
            again = Repeat(what=asked.what, last_dose=bool(asked.course), earliest=first, latest=last)
            finding = replace(finding, repeat=again)
        return evidence.ruled(self.with_expiry(finding, part))

    def graded(self, finding: Finding, part: LinkedBound, status: Verdict, values: Mapping[Point, int]) -> Finding:
        """The status and the basis of a part: by the limit of the slip, by the hour where known, else by date."""
        bound = next((one for one in bounds_in(part.bound)[0] if one.limits_slip), None)
        if bound is not None and self.standing is not None:
            limit = limit_from(bound, self.standing.planned, self.protocol.months)
            any_cause = isinstance(part.bound, JudgedBound) and part.bound.any_cause
            status, basis = self.within_limit(limit, status, any_cause=any_cause)
            return replace(finding, status=status, latest=limit.last, limit=limit, basis=basis)
        if (exact := self.by_the_hour(part)) is not None:
            return replace(finding, status=exact[0], basis=exact[1])
        sums = (border_kept(link, values) for link in part.safe)
        reading = (LiteralReadingOnly(),) if status == "boundary" else ()
        return replace(finding, status=status, basis=(*self.asked(part), *sums, *reading))

    def repeat_span(self, course: str) -> tuple[date | None, date | None]:
        """From when to when a course given once more would have to be completed to serve this day 0: by every rule,
        and from as-of on."""
        first, last = self.evidence.as_of.date(), self.day_zero
        if last is None:
            return None, None
        zero = last
        for one in (one for part in self.evidence.applicable for one in bounds_in(part.bound)[0]):
            if (one.point, one.anchor) != (D, CompletionOf(course)) or one.unit not in IN_DAYS:
                continue
            border = add(zero, -(one.count * IN_DAYS[one.unit] + one.extra), "days", "clamp")
            first, last = (first, min(last, border)) if one.is_lower else (max(first, border), last)
        return (first, last) if first <= last else (None, None)

    def by_the_hour(self, part: LinkedBound) -> tuple[Verdict, tuple[OfBounds, ...]] | None:
        """The verdict on bounds in hours whose points all have their hours; None for others."""
        readings, given = bounds_in(part.bound), self.evidence.given
        if not readings[0] or any(one.unit != "hours" for one in chain(*readings)):
            return None
        found: list[list[HoursKept]] = []
        for bounds in readings:
            found.append([])
            for one in bounds:
                point, anchor = given.hour_of(one.point), given.hour_of(one.anchor)
                if point is None or anchor is None:
                    return None
                apart = (point - anchor).total_seconds()
                names = self.evidence.named(one.anchor), self.evidence.named(one.point)
                is_kept = one.allows(apart, one.count * 3600)
                found[-1].append(HoursKept(hours=apart / 3600, anchor=names[0], point=names[1], kept=is_kept))
        safe, literal = (all(one.kept for one in hours) for hours in found)
        again = found[1] if readings[0] is readings[1] else ()  # one reading: its hours are told twice
        return GRADES[2 if safe else 1 if literal else 0], (*self.asked(part), *found[0], *again)

    @staticmethod
    def span_of(part: LinkedBound, point: Point, values: Mapping[Point, int]) -> tuple[date | None, date | None]:
        if not isinstance(point, KnownDatePoint):
            return None, None
        first, last = own_span(part.safe, point, values, planning=False)
        return (date_of(first), date_of(last)) if first <= last else (None, None)

    def within_limit(
        self, limit: SlipLimit, by_date: Verdict, *, any_cause: bool
    ) -> tuple[Verdict, tuple[OfBounds, ...]]:
        """The verdict on a day 0 that may lie no more than so long after planned day 0."""
        assert self.standing is not None
        planned, bound = limit.planned, limit.bound
        reach: OfBounds
        within = is_within(limit, self.standing.day_zero)
        status = by_date if within is None else GRADES[2 if within else 0]
        if bound.unit != "hours":
            reach = LimitByDate(planned=planned.on, last=limit.last, bound=bound)
        elif planned.at is None or limit.until is None:
            reach = LimitWithoutHour(planned=planned.on, last=limit.last, bound=bound)
        else:
            reach = LimitToTheHour(planned=planned.at, until=limit.until, bound=bound)
        if status == "boundary":
            return status, (reach, HangsOnHours())
        if status == "met" and self.standing.silent and not any_cause:
            return "boundary", (reach, SilentOnDelay())
        return status, (reach,)

    def with_expiry(self, finding: Finding, part: LinkedBound) -> Finding:
        point = part.bound.point
        test = self.protocol.dates[point.name] if isinstance(point, KnownDatePoint) else None
        if self.standing is not None and self.standing.begun and self.counts_from_planned(part):
            return finding  # planned day 0 stays where it is
        last = expiry(part, self.evidence.known) if test is not None and test.test else None
        if last is None:
            return finding
        day = date.fromordinal(last)
        return replace(finding, expires=day, basis=(*finding.basis, ServesUpTo(last=day)))

    @staticmethod
    def is_noted(note: Link, values: Mapping[Point, int]) -> bool:
        return note.point in values and note.anchor in values and note.holds(values)

    @staticmethod
    def counts_from_planned(part: LinkedBound) -> bool:
        return any(P in (link.point, link.anchor) for link in part.safe)

    def asked(self, part: LinkedBound) -> tuple[OfBounds, ...]:
        """What the safe reading asks; nothing where it asks nothing."""
        bound, named = part.bound, self.evidence.named
        if isinstance(bound, SiteWindow):
            return (WindowAsked(parameter=bound.parameter, text=self.site.texts[bound.parameter]),)
        safe = bounds_in(bound)[0]
        bounds = tuple(AskedBound(point=named(one.point), bound=one, anchor=named(one.anchor)) for one in safe)
        return (BoundsAsked(bounds=bounds),) if bounds else ()


def border_kept(link: Link, values: Mapping[Point, int]) -> BorderKept:
    """The sum of a link whose points are known; one that is written backwards is turned."""
    anchor = date.fromordinal(values[link.anchor] + link.anchor_shift)
    point = date.fromordinal(values[link.point] + link.point_shift)
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
