"""A finding for every rule: is it kept, by when must it be, what would still serve, and on whose words.

Every verdict is read off the network of bounds in `rules`; here it gets its status, its dates and its basis.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import assert_never

from schedule.engine.cycles import cycle_starts
from schedule.engine.given import Given
from schedule.engine.layout import Layout, gap_of
from schedule.engine.network import (
    INFINITY,
    READINGS,
    Link,
    Part,
    Reading,
    Window,
    choices,
    expiry,
    feasible_day_zero,
    kept,
    less,
    meet,
    own_span,
    parts,
    tighten,
)
from schedule.engine.points import IN_DAYS, days_of
from schedule.engine.site_days import closed_because, working_days
from schedule.engine.slip import is_within, limit_from
from schedule.engine.tailor import holds, open_choices
from schedule.model.case import NEVER, Attested, Case, Ruling, Site
from schedule.model.dates import add
from schedule.model.notation import plural, spell, spell_moment, spell_range
from schedule.model.plan import DayStatus, DayZeroes, Finding, Standing, Verdict
from schedule.model.protocol import (
    Choice,
    JudgedBound,
    Protocol,
    Rule,
    RuleBound,
    ShownDistance,
    SiteWindow,
    Spacing,
    Statement,
    UnstatedLimit,
    bounds_in,
    cycle_name,
)
from schedule.model.reasons.findings import Repeat
from schedule.model.timing import (
    BASES,
    ActivityPoint,
    AfterActivity,
    Bound,
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
from schedule.words.dates import wall_time_in_words
from schedule.words.gaps import gap_in_words

P, D = BASES
GRADES: tuple[Verdict, ...] = ("violated", "boundary", "met")


SILENT = (
    "The protocol speaks only of a critical illness on the planned day; of this delay it says nothing: "
    "the principal investigator must confirm it."
)


def _date(ordinal: int) -> date | None:
    return None if abs(ordinal) >= INFINITY else date.fromordinal(ordinal)


class Judge:
    """One patient's findings. `day_zero` is None where only the feasible days are asked for."""

    def __init__(
        self, protocol: Protocol, site: Site, case: Case, standing: Standing | None, as_of: datetime, layout: Layout
    ) -> None:
        self.protocol, self.site, self.case, self.as_of, self.layout = protocol, site, case, as_of, layout
        self.standing = standing
        self.day_zero = standing.day_zero.on if standing else None
        self.known: dict[Point, tuple[int, ...]] = {}
        for name, dates in case.dates.items():
            counted = dates if protocol.dates[name].test else dates[-1:]
            if dates != NEVER:
                self.known[KnownDatePoint(name)] = tuple(day.toordinal() for day in counted)
        self.given = Given(protocol, site, standing, layout)
        completed = self.given.elsewhere()
        self.known |= {point: (day.toordinal(),) for point, day in completed.items()}
        self.parts = parts(protocol, site, frozenset(completed))
        self.applicable = [
            part for part in self.parts
            if part.stated and self.why_not(part) is None and self.attested(part.bound.unless_attested) is None
            and holds(protocol.rules[part.rule].only, case.choices) == "holds"
        ]  # fmt: skip
        self.known_with_day_zero: dict[Point, tuple[int, ...]] = dict(self.known)
        if standing is not None:
            ordinals = standing.day_zero.on.toordinal(), standing.planned.on.toordinal()
            self.known_with_day_zero |= {D: ordinals[:1], P: ordinals[1:]}
        self.safe_windows = self.windows("safe")
        self.literal_windows: dict[Point, Window] | None = None

    def windows(self, reading: Reading) -> dict[Point, Window]:
        known = self.known_with_day_zero
        links = [
            link
            for part in self.applicable
            if any(name not in known for name in part.dates)
            for link in part.links(reading)
        ]
        return tighten(links, known, planning=P not in known)

    def why_not(self, part: Part) -> str | None:
        """Why a part does not apply to this patient, in words; None if it does."""
        for point in part.dates or (part.bound.point,):
            if isinstance(point, KnownDatePoint) and self.case.dates.get(point.name) == NEVER:
                return f"{self.name(point)}: never"
        if part.bound.only_after_illness and not (self.standing and self.standing.illness):
            return f"asked only when {self.protocol.zero} has slipped because of an illness"
        return None

    def attested(self, name: str | None) -> Attested | None:
        """The attestation of that name, if it has been made by as-of."""
        found = self.case.attestations.get(name or "")
        return found if found is not None and found.on <= self.as_of.date() else None

    def findings(self) -> Iterator[Finding]:
        """Every rule's findings, in the protocol's order; then the clock faults."""
        by_rule: dict[str, list[Part]] = {}
        for part in self.parts:
            by_rule.setdefault(part.rule, []).append(part)
        for choice in self.protocol.choices.values():
            yield self.of_choice(choice)
        yield from self.of_cycles()
        for rule in self.protocol.rules.values():
            yield from self.of_rule(rule, by_rule.get(rule.id, ()))
        for fault in self.layout.faults:
            yield Finding(
                rule="clock-change", ref="clock-change", point=fault.event, status="due", title="a time the clocks do not show",
                latest=fault.on, basis=f"{wall_time_in_words(fault.fault)}. {fault.event} has no time until the site file's [times] is mended.",
                source="site file",
            )  # fmt: skip

    def of_rule(self, rule: Rule, rule_parts: Iterable[Part]) -> Iterator[Finding]:
        """A rule's findings; where it hangs on a choice not made, or on another option, each says so."""
        found = self.judged_rule(rule, rule_parts)
        state = holds(rule.only, self.case.choices)
        if state == "holds":
            yield from found
            return
        if state == "no":
            status: Verdict = "not applicable"
            basis = f"Asked only if {' and '.join(map(str, rule.only))}."
        else:
            names = open_choices(rule.only, self.case.choices)
            titles = " and ".join(f"“{self.protocol.choices[name].title}”" for name in names)
            status, basis = "due", f"Hangs on the choice {titles}, which is not made."
        for finding in found:
            yield Finding(
                rule=finding.rule, ref=finding.ref, point=finding.point, status=status, title=finding.title, basis=basis,
                source=finding.source,
            )  # fmt: skip

    def judged_rule(self, rule: Rule, rule_parts: Iterable[Part]) -> Iterator[Finding]:
        if rule.events:
            yield self.of_events(rule)
        for part in rule_parts:
            yield self.of_part(rule, part)
        for spacing in rule.spacing:
            yield self.of_spacing(rule, spacing)
        for statement in rule.statements:
            yield self.of_statement(rule, statement)

    def of_choice(self, choice: Choice) -> Finding:
        """Whether what is decided for each patient has been decided for this one."""
        option = self.case.choices.get(choice.name)
        listed = "; ".join(f"{name}: {title}" for name, title in choice.options.items())
        status: Verdict = "due" if option is None else "met"
        basis = f"To be chosen. {listed}." if option is None else f"Chosen: {option}, {choice.options[option]}."
        return Finding(
            rule="choice", ref=f"choice-{choice.name}", point=None, status=status, title=choice.title, basis=basis,
            source="chosen for each patient",
        )  # fmt: skip

    def of_cycles(self) -> Iterator[Finding]:
        """A cycle that begins on a day of the patient's own: not before the one before it is over."""
        cycles = self.protocol.cycles
        if cycles is None or self.day_zero is None:
            return
        starts = cycle_starts(self.protocol, self.day_zero, self.case.dates)
        for number, start in starts.items():
            name, before = cycle_name(number), starts.get(number - 1)
            if before is None or name not in self.case.dates:
                continue
            earliest = add(before, cycles.length, "days", "clamp")
            status: Verdict = "met" if start >= earliest else "violated"
            basis = f"Cycle {number - 1} begins on {spell(before)} and lasts {plural(cycles.length, 'days')}: {spell(earliest)}. Cycle {number} begins on {spell(start)}."
            yield Finding(
                rule="cycles", ref=name, point=name, status=status, title=f"Cycle {number} begins when cycle {number - 1} is over",
                actual=start, earliest=earliest, basis=basis, source="[cycles] of the protocol",
            )  # fmt: skip

    def of_spacing(self, rule: Rule, spacing: Spacing) -> Finding:
        """How far apart the occurrences lie, as given or planned; what is held does not count."""
        point = f"{spacing.activity}.each"
        activity = self.protocol.activities.get(spacing.activity)
        if activity is None:
            return replace(
                self.bare(rule, rule.id, "not applicable", "Not part of this patient's treatment."), point=point
            )
        finding = replace(self.bare(rule, rule.id, "met", ""), point=point, if_broken=spacing.if_broken)
        if not self.is_dated(spacing.activity):
            return replace(finding, status="not stated", basis=self.gap_of(spacing.activity))
        if not self.given.doses(spacing.activity):
            return replace(finding, status="due", basis=f"Judged once there is a {self.protocol.zero}.")
        broken = self.given.too_close(spacing.activity, spacing.asked)
        text = f"Asked: {activity.title} {spacing.asked}."
        for one, other in broken[:3]:
            text += f" Not kept from {spell(self.given.day(one))} to {spell(self.given.day(other))}."
        status: Verdict = "violated" if broken else "met"
        return self.ruled(replace(finding, status=status, basis=text + ("" if broken else " Kept.")))

    def source(self, rule: Rule) -> str:
        return rule.derivation or str(rule.quotation)

    def of_events(self, rule: Rule) -> Finding:
        own = [name for name in rule.events if name in self.protocol.activities]
        if not own:
            return self.bare(rule, rule.id, "not applicable", "Not part of this patient's treatment.")
        gaps = [self.gap_of(name) for name in own if not self.is_dated(name)]
        if gaps:
            return self.bare(rule, rule.id, "not stated", " ".join(dict.fromkeys(gaps)))
        events = [event for event in self.layout.events if event.activity in rule.events]
        if not events:
            return self.bare(rule, rule.id, "due", f"Dated once there is a {self.protocol.zero}.")
        basis = "; ".join(f"{event.label} is {spell(event.on)}: {event.title}" for event in events) + "."
        return self.bare(rule, rule.id, "met", basis)

    def is_dated(self, activity: str) -> bool:
        """Whether an activity has dates, or would have with a day 0."""
        if self.day_zero is not None:
            return any(event.activity == activity for event in self.layout.events)
        if activity not in self.protocol.activities:
            return False
        days = days_of(self.protocol, self.site, activity)
        return self.is_dated(days.activity) if isinstance(days, AfterActivity) else days is not None

    def gap_of(self, activity_id: str) -> str:
        """Why an activity has no date: the words for its parameter, its choice or start date, or for what it waits for."""
        activity = self.protocol.activities.get(activity_id)
        if activity is None:
            return "Not part of this patient's treatment."
        gap = gap_of(self.protocol, activity, days_of(self.protocol, self.site, activity_id), self.case.dates)
        if gap is not None:
            return gap_in_words(gap)
        days = days_of(self.protocol, self.site, activity_id)
        if isinstance(days, AfterActivity) and not self.is_dated(days.activity):
            return self.gap_of(days.activity)
        return f"{activity.title}: counted in hours from an event whose hour is not stated."

    def bare(self, rule: Rule, ref: str, status: Verdict, basis: str) -> Finding:
        return Finding(
            rule=rule.id, ref=ref, point=None, status=status, title=rule.title, basis=basis, source=self.source(rule)
        )

    def of_statement(self, rule: Rule, statement: Statement) -> Finding:
        words = f"“{statement.words}” holds no date."
        if statement.attestation is None:
            what = (
                "A permission: nothing to check"
                if statement.kind == "permission"
                else "An anchor: it says which date counts"
            )
            return self.bare(rule, statement.ref, "not applicable", f"{what}. {words}")
        if statement.only_if and all(self.case.dates.get(name) == NEVER for name in statement.only_if):
            named = ", ".join(self.protocol.dates[name].title for name in statement.only_if)
            return self.bare(rule, statement.ref, "not applicable", f"{named}: never. {words}")
        title = self.protocol.attestations[statement.attestation].title
        made = self.attested(statement.attestation)
        if made is None:
            planned = self.case.attestations.get(statement.attestation)
            when = f" (planned for {spell(planned.on)})" if planned else ""
            basis = f"To be attested{when}, as {statement.attestation}: “{title}” {words}"
            return replace(self.bare(rule, statement.ref, "due", basis), title=title)
        basis = f"Attested on {spell(made.on)}{f' by {made.by}' if made.by else ''}: “{title}” {words}"
        return replace(self.bare(rule, statement.ref, "met", basis), title=title, actual=made.on)

    def of_part(self, rule: Rule, part: Part) -> Finding:
        bound = part.bound
        title = rule.title if len(rule.bounds) == 1 else f"{rule.title}: {self.name(bound.point)}"
        finding = Finding(
            rule=rule.id,
            ref=rule.id,
            point=str(bound.point),
            status="met",
            title=title,
            basis="",
            source=self.source(rule),
        )
        why_not = self.why_not(part)
        if why_not is not None:
            return replace(finding, status="not applicable", basis=f"Not applicable: {why_not}.")
        match bound:
            case ShownDistance():
                actual, basis = self.gap(bound.point)
                return replace(finding, status="not stated", actual=actual, basis=basis)
            case UnstatedLimit():
                return self.unlimited(finding)
            case JudgedBound() | SiteWindow():
                pass
            case _:
                assert_never(bound)
        if not part.stated and (absent := self.absent(bound)):
            return replace(finding, status="not applicable", basis=absent)
        if not part.stated:
            parameter = self.protocol.parameters[bound.parameter] if isinstance(bound, SiteWindow) else None
            text = (
                parameter.missing if parameter else "A day it needs is not stated and the site file does not give it."
            )
            return replace(finding, status="not stated", actual=self.latest_of(bound.point), basis=text)
        made = self.attested(bound.unless_attested)
        if made is not None and bound.unless_attested is not None:
            words = self.protocol.attestations[bound.unless_attested].title
            by = f" by {made.by}" if made.by else ""
            basis = f"Attested on {spell(made.on)}{by}: “{words}”"
            return replace(finding, status="met", actual=self.latest_of(bound.point), basis=basis)
        finding = replace(finding, aim=self.aim(part), if_broken=bound.if_broken)
        if any(name not in self.known for name in part.dates):
            return self.open(finding, part)
        if self.day_zero is None and part.needs_day_zero:
            actual = self.latest_of(bound.point)
            return self.with_expiry(
                replace(finding, status="due", actual=actual, basis=f"Judged once there is a {self.protocol.zero}."),
                part,
            )
        return self.judged(finding, part)

    def absent(self, bound: RuleBound) -> str | None:
        """Why a bound does not apply to this patient: it speaks of what is not part of the treatment chosen; or None."""
        for one in chain(*bounds_in(bound)):
            for point in (one.point, one.anchor):
                if not self.is_there(point):
                    return f"{self.name(point)}: not part of this patient's treatment."
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
        """A source that says nothing of how far day 0 may slip: any slip is for the principal investigator to confirm."""
        finding = replace(finding, actual=self.day_zero)
        if self.standing is None or self.standing.day_zero.on == self.standing.planned.on or not self.standing.begun:
            return replace(
                finding, status="not stated", basis=f"The source states no limit for a delay of {self.protocol.zero}."
            )
        days = (self.standing.day_zero.on - self.standing.planned.on).days
        basis = (
            f"{self.protocol.zero.capitalize()} has slipped by {plural(days, 'days')} from {spell(self.standing.planned.on)}. "
            "The source states no limit for a delay: the principal investigator must confirm it."
        )
        return self.ruled(replace(finding, status="boundary", basis=basis))

    def gap(self, point: Point) -> tuple[date | None, str]:
        """A distance that no source limits: shown, never judged."""
        assert isinstance(point, FirstOf | LastOf)
        events = [
            e for e in self.layout.events if e.activity == point.activity and e.status not in ("held", "cancelled")
        ]
        if not events or self.day_zero is None:
            return None, f"Shown once there is a {self.protocol.zero}; no number is stated."
        event = events[-1 if isinstance(point, LastOf) else 0]
        days = (self.day_zero - event.on).days
        rest = f", {plural(days - 1, 'rest days')} between" if days > 0 else ""
        basis = (
            f"{event.title} on {spell(event.on)}, {self.protocol.zero} on {spell(self.day_zero)}: {plural(days, 'days')} apart{rest}. "
            "Shown, never judged: no number is stated."
        )
        return event.on, basis

    def latest_of(self, point: Point) -> date | None:
        values = self.known_with_day_zero.get(point)
        return date.fromordinal(values[-1]) if values else None

    def aim(self, part: Part) -> tuple[date, date] | None:
        if part.bound.aim is None or self.standing is None:
            return None
        first, last = (add(self.standing.planned.on, offset, "days", self.protocol.months) for offset in part.bound.aim)
        return first, last

    def open(self, finding: Finding, part: Part) -> Finding:
        """A finding of which at least one point is still open: due, or no longer to be had in one reading or both."""
        point = part.bound.point
        if point in self.known_with_day_zero:
            missing = ", ".join(self.name(name) for name in part.dates if name not in self.known)
            basis = f"Judged once there is a date: {missing}. {self.sentences(part)}"
            return replace(finding, status="due", actual=self.latest_of(point), aim=None, basis=basis)
        window = self.safe_windows.get(point, Window())
        if window.is_empty:
            return self.lost(finding, part, window)
        first, last = _date(window.first), _date(window.last)
        by = ", ".join(dict.fromkeys((*window.first_by, *window.last_by)))
        basis = f"{self.name(point)}: no date yet; {spell_range(first, last)}" + (f" ({by})." if by else ".")
        aim = finding.aim and (
            max(finding.aim[0], first or finding.aim[0]),
            min(finding.aim[1], last or finding.aim[1]),
        )
        return replace(
            finding, status="due", earliest=first, latest=last, aim=None if aim is None or aim[0] > aim[1] else aim,
            overdue=last is not None and last < self.as_of.date(), flags=self.deadline_flags(first, last),
            basis=f"{basis} {self.sentences(part)}",
        )  # fmt: skip

    def lost(self, finding: Finding, part: Part, window: Window) -> Finding:
        """A finding about a point for which the safe reading of all rules leaves no date. The rules at odds, and a rule
        that leaves none by itself, are boundary or violated as the literal reading has it; the others stay due."""
        point, by = part.bound.point, tuple(dict.fromkeys((*window.first_by, *window.last_by)))
        alone = {
            reading: tighten(part.links(reading), self.known_with_day_zero, planning=False) for reading in READINGS
        }
        status: Verdict = "due"
        if part.rule in by or alone["safe"].get(point, Window()).is_empty:
            if self.literal_windows is None:
                self.literal_windows = self.windows("literal")
            left = self.literal_windows.get(point, Window())
            status = "violated" if left.is_empty or alone["literal"].get(point, Window()).is_empty else "boundary"
        first, last = _date(window.first), _date(window.last)
        ends = f" (not before {spell(first)}, and not after {spell(last)})" if first and last else ""
        basis = f"{self.name(point)}: no date keeps {', '.join(by) or part.rule}{ends}. {self.sentences(part)}"
        return self.ruled(replace(finding, status=status, aim=None, basis=basis))

    def deadline_flags(self, first: date | None, last: date | None) -> tuple[str, ...]:
        reason = closed_because(self.site, last) if last else None
        if last is None or reason is None:
            return ()
        open_days = working_days(self.site, max(first or last, add(last, -14, "days", "clamp")), last)
        return (f"last day: {reason}" + (f"; last working day: {spell(open_days[-1])}" if open_days else ""),)

    def judged(self, finding: Finding, part: Part) -> Finding:
        """A finding all of whose points are known, served by the test that serves it best (of equals, the latest)."""
        best: tuple[int, int, dict[Point, int]] | None = None
        for values in choices(part, self.known_with_day_zero):
            safe, literal = (kept(part.links(reading), values) for reading in READINGS)
            rank = (2 if safe else 1 if literal else 0, values.get(part.bound.point, 0), values)
            if best is None or rank[:2] >= best[:2]:
                best = rank
        assert best is not None  # every known date has at least one value
        grade, _, values = best
        point = part.bound.point
        status = GRADES[grade]
        actual = date.fromordinal(values[point]) if point in values else None
        earliest, latest = self.span_of(part, point, values)
        basis = f"{self.sentences(part)} " + " ".join(self.arithmetic(link, values) for link in part.safe)
        if status == "boundary":
            basis += " Kept in the literal reading only: the principal investigator must say."
        limit = next((one for one in bounds_in(part.bound)[0] if one.limits_slip), None)
        if limit is not None:
            status, latest, basis = self.within_limit(
                limit, status, any_cause=isinstance(part.bound, JudgedBound) and part.bound.any_cause
            )
        elif (exact := self.by_the_hour(part)) is not None:
            status, basis = exact
        if part.note is not None and self.is_noted(part.note, values):
            basis += f" Note: {part.bound.note_text}"
        if actual is not None and actual > self.as_of.date() and point in self.known:
            basis += f" {spell(actual)} is planned."
        finding = replace(finding, status=status, actual=actual, earliest=earliest, latest=latest, basis=basis.strip())
        still_ahead = self.standing is None or not self.standing.infused
        if status == "violated" and part.bound.repeat and still_ahead:
            course = part.bound.repeat_course
            first, last = self.repeat_span(course) if course else (earliest, latest)
            again = Repeat(what=part.bound.repeat, last_dose=bool(course), earliest=first, latest=last)
            finding = replace(finding, repeat=again)
        return self.ruled(self.with_expiry(finding, part))

    def repeat_span(self, course: str) -> tuple[date | None, date | None]:
        """From when to when a course given once more would have to be completed to serve this day 0: by every rule, from as-of on."""
        first, last = self.as_of.date(), self.day_zero
        for part in self.applicable:
            for one in bounds_in(part.bound)[0]:
                if (
                    self.day_zero is None
                    or (one.point, one.anchor) != (D, CompletionOf(course))
                    or one.unit not in IN_DAYS
                ):
                    continue
                days = one.count * IN_DAYS[one.unit] + {"more than": 1, "less than": -1}.get(one.relation, 0)
                border = add(self.day_zero, -days, "days", "clamp")
                if one.relation in ("at most", "less than"):
                    first = max(first, border)
                else:
                    last = min(last or border, border)
        return (first, last) if last is not None and first <= last else (None, None)

    def by_the_hour(self, part: Part) -> tuple[Verdict, str] | None:
        """The verdict on bounds in hours whose points all have their hours; None for others."""
        safe, literal = bounds_in(part.bound)
        if not safe or any(one.unit != "hours" for one in (*safe, *literal)):
            return None
        readings = []
        texts = [self.sentences(part)]
        for bounds in (safe, literal):
            all_kept = True
            for one in bounds:
                point, anchor = self.given.hour_of(one.point), self.given.hour_of(one.anchor)
                if point is None or anchor is None:
                    return None
                apart, asked = (point - anchor).total_seconds(), one.count * 3600
                told = {"at least": apart >= asked, "more than": apart > asked, "at most": apart <= asked}
                is_kept = told.get(one.relation, apart < asked)
                all_kept = all_kept and is_kept
                if bounds is safe:
                    between = f"{apart / 3600:g} hours from {self.name(one.anchor)} to {self.name(one.point)}"
                    texts.append(f"{between}: {'kept' if is_kept else 'not kept'}.")
            readings.append(all_kept)
        return GRADES[2 if readings[0] else 1 if readings[1] else 0], " ".join(texts)

    def span_of(self, part: Part, point: Point, values: Mapping[Point, int]) -> tuple[date | None, date | None]:
        if not isinstance(point, KnownDatePoint):
            return None, None
        first, last = own_span(part.safe, point, values, planning=False)
        return (_date(first), _date(last)) if first <= last else (None, None)

    def within_limit(self, limit: Bound, by_date: Verdict, *, any_cause: bool) -> tuple[Verdict, date, str]:
        """The verdict on a day 0 that may lie no more than so long after planned day 0, and the last day for it."""
        assert self.standing is not None
        zero, planned, day_zero = self.protocol.zero, self.standing.planned, self.standing.day_zero
        status: Verdict = by_date
        start = f"{zero.capitalize()} is planned for"
        found = limit_from(limit, planned, self.protocol.months)
        if limit.unit != "hours":
            basis = (
                f"{start} {spell(planned.on)}. It may lie no later than {spell(found.last)}: {limit.distance}, by date."
            )
        elif planned.at is None or found.until is None:
            basis = (
                f"{start} {spell(planned.on)}, without an hour. The infusion starts no later than {spell(found.last)}; "
                f"on a later day within {limit.distance} only once both hours are entered."
            )
        else:
            basis = (
                f"{start} {spell_moment(planned.at)}. The infusion starts no later than {spell_moment(found.until)}: "
                f"{limit.distance}, as elapsed time and by the clock, whichever ends first."
            )
        within = is_within(found, day_zero)
        if within is not None:
            status = "met" if within else "violated"
        if status == "boundary":
            basis += " Whether it is kept hangs on the hours, which are not entered."
        elif status == "met" and self.standing.silent and not any_cause:
            status, basis = "boundary", f"{basis} {SILENT}"
        return status, found.last, basis

    def with_expiry(self, finding: Finding, part: Part) -> Finding:
        point = part.bound.point
        test = self.protocol.dates[point.name] if isinstance(point, KnownDatePoint) else None
        if self.standing is not None and self.standing.begun and self.counts_from_planned(part):
            return finding  # planned day 0 stays where it is
        last = expiry(part, self.known) if test is not None and test.test else None
        if last is None:
            return finding
        day = date.fromordinal(last)
        return replace(
            finding, expires=day, basis=f"{finding.basis} It can serve {self.protocol.zero} up to {spell(day)}."
        )

    @staticmethod
    def is_noted(note: Link, values: Mapping[Point, int]) -> bool:
        return note.point in values and note.anchor in values and note.holds(values)

    @staticmethod
    def counts_from_planned(part: Part) -> bool:
        return any(P in (link.point, link.anchor) for link in part.safe)

    def ruled(self, finding: Finding) -> Finding:
        """What the principal investigator has ruled for this day 0: it turns a boundary, and is named on what is violated."""
        if finding.status not in ("boundary", "violated"):
            return finding
        spoken: list[Ruling] = [
            ruling for ruling in self.case.rulings
            if ruling.rule == finding.rule and ruling.day_zero in (None, self.day_zero) and ruling.on <= self.as_of.date()
        ]  # fmt: skip
        if not spoken:
            return finding
        last = sorted(spoken, key=lambda ruling: ruling.on)[-1]
        allowed = last.outcome == "allowed"
        status: Verdict = "ruled" if allowed and finding.status == "boundary" else "violated"
        word = "Allowed" if allowed else "Not allowed"
        text = f"{word} by {last.by} on {spell(last.on)}: {last.reason}"
        return replace(finding, status=status, ruling=last, basis=f"{finding.basis} {text}")

    def name(self, point: Point) -> str:
        """A point in words: the title of a known date, `day 0`, `first fludarabine`."""
        match point:
            case PlannedDayZeroPoint():
                return f"planned {self.protocol.zero}"
            case DayZeroPoint():
                return self.protocol.zero
            case KnownDatePoint(name):
                return self.protocol.dates[name].title
            case CompletionOf(course):
                return f"completion of {self.protocol.courses[course].title.lower()}"
            case FirstOf(activity_id):
                which = "first"
            case LastOf(activity_id):
                which = "last"
            case EachOf(activity_id):
                which = "each"
            case OccurrencePoint(activity_id, number):
                which = str(number)
            case _:
                assert_never(point)
        activity = self.protocol.activities.get(activity_id)
        return activity_id if activity is None else f"{which} {activity.title.split(',')[0]}"

    def sentences(self, part: Part) -> str:
        """What the safe reading asks, in words."""
        safe, bound = bounds_in(part.bound)[0], part.bound
        texts = [f"{self.name(b.point)} {b.relation} {b.distance} after {self.name(b.anchor)}" for b in safe]
        if isinstance(bound, SiteWindow):
            texts = [f"within days {self.site.texts[bound.parameter]} (site file, {bound.parameter})"]
        text = ", and ".join(texts)
        return f"Asked: {text}." if text else ""

    def arithmetic(self, link: Link, values: Mapping[Point, int]) -> str:
        """`Mon 04-May-2026 + 29 days = Tue 02-Jun-2026; Mon 15-Jun-2026 is not before it: kept.`"""
        anchor = date.fromordinal(values[link.anchor] + link.anchor_shift)
        point = date.fromordinal(values[link.point] + link.point_shift)
        if link.count < 0:
            anchor, point = point, anchor
        count = abs(link.count)
        border = add(anchor, count, link.unit, link.months)
        held = link.holds(values)
        if link.extra:
            where = "after it" if point > border else "before it" if point < border else "that very day"
        elif point == border:
            where = "that very day"
        else:
            where = "on or after it" if point > border else "before it"
        sum_text = f"{spell(anchor)} + {plural(count, link.unit)} = {spell(border)}" if count else spell(anchor)
        return f"{sum_text}; {spell(point)} is {where}: {'kept' if held else 'not kept'}."

    def feasible(self) -> DayZeroes:
        """Which days 0 keep every rule, with what is known of the patient. Once lymphodepletion has begun none before planned
        day 0, and where the source states no limit for a delay every later one is for the principal investigator."""
        known = self.known
        begun = self.standing is not None and self.standing.begun
        if begun:
            known = {**known, P: self.known_with_day_zero[P]}
        found = feasible_day_zero(self.applicable, known)
        reach = [(known[P][0], INFINITY)] if begun else [(-INFINITY, INFINITY)]
        safe = [(known[P][0], known[P][0])] if begun and self.asks_for_any_delay() else reach
        met, allowed = meet(found.met, safe), meet(found.allowed, reach)
        days: list[tuple[int, int, DayStatus]] = [(first, last, "met") for first, last in met]
        spans = sorted(days + [(first, last, "boundary") for first, last in less(allowed, met)])
        assumed = {name for part in self.applicable for name in part.dates if name not in self.known}
        return DayZeroes(
            earliest=_date(met[0][0]) if met else None,
            latest=_date(met[-1][1]) if met else None,
            intervals=tuple((_date(first), _date(last), status) for first, last, status in spans),
            binding=found.binding, next=found.following,
            assumes=tuple(name for name in self.protocol.dates if KnownDatePoint(name) in assumed), hangs_on=self.hangs_on(),
        )  # fmt: skip

    def hangs_on(self) -> tuple[str, ...]:
        """The choices not made, and the site's parameters not given that a rule about day 0 needs."""
        unstated = [part for part in self.parts if not part.stated and isinstance(part.bound, JudgedBound | SiteWindow)]
        points = {point for part in unstated for one in bounds_in(part.bound)[0] for point in (one.point, one.anchor)}
        named = {one.activity for one in points if isinstance(one, ActivityPoint)}
        named |= {one.course for one in points if isinstance(one, CompletionOf)}
        asked = {one.parameter for one in self.protocol.activities.values() if {one.id, one.course} & named}
        asked |= {part.bound.parameter for part in unstated if isinstance(part.bound, SiteWindow)}
        open_ones = [name for name in self.protocol.choices if name not in self.case.choices]
        return (
            *open_ones,
            *(name for name in self.protocol.parameters if name in asked and name not in self.site.texts),
        )

    def asks_for_any_delay(self) -> bool:
        """Whether the source states no limit for a delay of day 0, so that any has to be confirmed."""
        rules = (rule for rule in self.protocol.rules.values() if holds(rule.only, self.case.choices) == "holds")
        return any(isinstance(bound, UnstatedLimit) for rule in rules for bound in rule.bounds)
