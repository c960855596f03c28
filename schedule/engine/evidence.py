"""What is known of one patient, and what narrows what is not: all that the verdicts rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from schedule.engine.given import Given
from schedule.engine.layout import Layout
from schedule.engine.network import INFINITY, LinkedBound, Reading, Window, parts, tighten
from schedule.engine.tailor import holds
from schedule.model.case import NEVER, Attested, Case, Site
from schedule.model.plan import Finding, Standing, Verdict
from schedule.model.protocol import Protocol
from schedule.model.reasons.bounds import NamedPoint, RuledOn
from schedule.model.reasons.findings import NeverHad, OnlyAfterIllness
from schedule.model.timing import (
    BASES,
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

P, D = BASES


def date_of(ordinal: int) -> date | None:
    """The date of an ordinal of the network; None for an open end."""
    return None if abs(ordinal) >= INFINITY else date.fromordinal(ordinal)


class Evidence:
    """One patient's known dates, and the bounds that apply.

    `day_zero` is None where only the feasible days are asked for. `protocol` is tailored to the patient. `known`
    leaves day 0 out, `with_day_zero` has it where there is one.
    """

    def __init__(
        self, protocol: Protocol, site: Site, case: Case, standing: Standing | None, as_of: datetime, layout: Layout
    ) -> None:
        self.protocol, self.site, self.case, self.as_of, self.layout = protocol, site, case, as_of, layout
        self.standing = standing
        self.day_zero = standing.day_zero.on if standing else None
        self.given = Given(protocol, site, standing, layout)
        elsewhere = self.given.elsewhere()
        self.known: dict[Point, tuple[int, ...]] = {}
        for name, dates in case.dates.items():
            counted = dates if protocol.dates[name].test else dates[-1:]
            if dates != NEVER:
                self.known[KnownDatePoint(name)] = tuple(day.toordinal() for day in counted)
        self.known |= {point: (day.toordinal(),) for point, day in elsewhere.items()}
        self.parts = parts(protocol, site, frozenset(elsewhere))
        self.applicable = [part for part in self.parts if self.applies(part)]
        self.with_day_zero: dict[Point, tuple[int, ...]] = dict(self.known)
        if standing is not None:
            ordinals = standing.day_zero.on.toordinal(), standing.planned.on.toordinal()
            self.with_day_zero |= {D: ordinals[:1], P: ordinals[1:]}
        self.narrowed: dict[Reading, Mapping[Point, Window]] = {}

    def windows(self, reading: Reading) -> Mapping[Point, Window]:
        """What the bounds that apply leave for every open point; worked out once for each reading."""
        if reading not in self.narrowed:
            known = self.with_day_zero
            chained = [part for part in self.applicable if any(point not in known for point in part.dates)]
            links = [link for part in chained for link in part.links(reading)]
            self.narrowed[reading] = tighten(links, known, planning=P not in known)
        return self.narrowed[reading]

    def applies(self, part: LinkedBound) -> bool:
        """Whether a part narrows anything for this patient."""
        if not part.stated or self.why_not(part) is not None:
            return False
        unless = part.bound.unless
        if unless is not None and self.attested(unless.attestation) is not None:
            return False
        return holds(self.protocol.rules[part.rule].only, self.case.choices) == "holds"

    def why_not(self, part: LinkedBound) -> NeverHad | OnlyAfterIllness | None:
        """Why a part does not apply to this patient; None if it does."""
        for point in part.dates or (part.bound.point,):
            if isinstance(point, KnownDatePoint) and self.case.dates.get(point.name) == NEVER:
                return NeverHad(point=self.named(point))
        if part.bound.only_after_illness and not (self.standing and self.standing.illness):
            return OnlyAfterIllness()
        return None

    def attested(self, name: str | None) -> Attested | None:
        """The attestation of that name, if it has been made by as-of."""
        found = self.case.attestations.get(name or "")
        return found if found is not None and found.on <= self.as_of.date() else None

    def latest_of(self, point: Point) -> date | None:
        """The date of a point, of several the latest; None where it is open."""
        values = self.with_day_zero.get(point)
        return date.fromordinal(values[-1]) if values else None

    def named(self, point: Point) -> NamedPoint:
        """A point with the title by which people know it."""
        match point:
            case PlannedDayZeroPoint() | DayZeroPoint():
                title = None
            case KnownDatePoint(name):
                title = self.protocol.dates[name].title
            case CompletionOf(course):
                title = self.protocol.courses[course].title
            case FirstOf(activity_id) | LastOf(activity_id) | EachOf(activity_id) | OccurrencePoint(activity_id):
                activity = self.protocol.activities.get(activity_id)
                title = None if activity is None else activity.title
            case _:
                assert_never(point)
        return NamedPoint(point=point, title=title)

    def all_named(self, points: Iterable[Point]) -> tuple[NamedPoint, ...]:
        return tuple(self.named(point) for point in points)

    def ruled(self, finding: Finding) -> Finding:
        """What the principal investigator has ruled for this day 0: it turns a boundary, is named on violations."""
        if finding.status not in ("boundary", "violated"):
            return finding
        today, days = self.as_of.date(), (None, self.day_zero)
        said = [ruling for ruling in self.case.rulings if ruling.rule == finding.rule and ruling.day_zero in days]
        spoken = [ruling for ruling in said if ruling.on <= today]
        if not spoken:
            return finding
        last = sorted(spoken, key=lambda ruling: ruling.on)[-1]
        turned = last.outcome == "allowed" and finding.status == "boundary"
        status: Verdict = "ruled" if turned else "violated"
        return replace(finding, status=status, ruling=last, basis=(*finding.basis, RuledOn(ruling=last)))
