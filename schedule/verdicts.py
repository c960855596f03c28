"""A finding for every rule: is it kept, by when must it be, what would still serve, and on whose words.

Every verdict is read off the network of bounds in `rules`; here it gets its status, its dates and its basis.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from schedule.case import NEVER, Attested, Case, Ruling, Site
from schedule.days import add, last_start, plural, spell, spell_moment, spell_range
from schedule.events import Layout, Standing, closed_because, working_days
from schedule.grammar import AfterActivity
from schedule.protocol import BASES, IfBroken, Protocol, Rule, RuleBound, Statement
from schedule.rules import (
    INFINITY,
    READINGS,
    Link,
    Part,
    Reading,
    Window,
    choices,
    days_of,
    expiry,
    feasible_day_zero,
    kept,
    less,
    own_span,
    parts,
    tighten,
)

Verdict = Literal["met", "boundary", "violated", "due", "not stated", "not applicable", "ruled"]
DayStatus = Literal["met", "boundary"]

P, D = BASES
GRADES: tuple[Verdict, ...] = ("violated", "boundary", "met")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What must be done again, and from when to when, both included, it would serve."""

    what: str
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's verdict about one point. `earliest` and `latest` (included) are what the safe reading allows the point.

    `if_broken` is what a slip that breaks the rule must do. `ruling` is the principal investigator's word for this day 0.
    `aim` is advice. `expires` is the last day 0 that a test already done can serve. `overdue`: due, and the day has passed.
    """

    rule: str
    ref: str
    point: str | None
    status: Verdict
    title: str
    actual: date | None = None
    earliest: date | None = None
    latest: date | None = None
    aim: tuple[date, date] | None = None
    repeat: Repeat | None = None
    expires: date | None = None
    overdue: bool = False
    if_broken: IfBroken | None = None
    ruling: Ruling | None = None
    flags: tuple[str, ...] = ()
    basis: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayZeroes:
    """The feasible days 0. `earliest` and `latest` are of `met` days; None is unbounded, or no such day.

    `intervals` holds first and last day, both included (None is unbounded), and the status of every day between.
    """

    earliest: date | None
    latest: date | None
    intervals: tuple[tuple[date | None, date | None, DayStatus], ...]
    binding: tuple[str, ...]
    next: tuple[str, ...]
    assumes: tuple[str, ...]


SILENT = (
    "The protocol speaks only of a critical illness on the planned day; of this delay it says nothing: "
    "the principal investigator must confirm it."
)


def slip_limit(bound: RuleBound) -> int | None:
    """The hours after planned day 0 within which day 0 must lie, if that is what this bound says."""
    for one in bound.safe:
        if one.unit == "hours" and one.relation == "at most" and (one.point, one.anchor) == (D, P):
            return one.count
    return None


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
        self.known: dict[str, tuple[int, ...]] = {}
        for name, dates in case.dates.items():
            counted = dates if protocol.dates[name].test else dates[-1:]
            if dates != NEVER:
                self.known[name] = tuple(day.toordinal() for day in counted)
        self.applicable = [
            part for part in parts(protocol, site)
            if part.stated and self.why_not(part) is None and self.attested(part.bound.unless_attested) is None
        ]  # fmt: skip
        self.known_with_day_zero: dict[str, tuple[int, ...]] = dict(self.known)
        if standing is not None:
            ordinals = standing.day_zero.on.toordinal(), standing.planned.on.toordinal()
            self.known_with_day_zero |= {D: ordinals[:1], P: ordinals[1:]}
        self.safe_windows = self.windows("safe")
        self.literal_windows: dict[str, Window] | None = None

    def windows(self, reading: Reading) -> dict[str, Window]:
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
        for name in part.dates or (part.bound.point,):
            if self.case.dates.get(name) == NEVER:
                return f"{self.protocol.dates[name].title}: never"
        if part.bound.only_after_illness and not (self.standing and self.standing.illness):
            return "asked only when day 0 has slipped because of an illness"
        return None

    def attested(self, name: str | None) -> Attested | None:
        """The attestation of that name, if it has been made by as-of."""
        found = self.case.attestations.get(name or "")
        return found if found is not None and found.on <= self.as_of.date() else None

    def findings(self) -> Iterator[Finding]:
        """Every rule's findings, in the protocol's order; then the clock faults."""
        by_rule: dict[str, list[Part]] = {}
        for part in parts(self.protocol, self.site):
            by_rule.setdefault(part.rule, []).append(part)
        for rule in self.protocol.rules.values():
            if rule.events:
                yield self.of_events(rule)
            for part in by_rule.get(rule.id, ()):
                yield self.of_part(rule, part)
            for statement in rule.statements:
                yield self.of_statement(rule, statement)
        for fault in self.layout.faults:
            yield Finding(
                rule="clock-change", ref="clock-change", point=fault.event, status="due", title="a time the clocks do not show",
                latest=fault.on, basis=f"{fault.text}. {fault.event} has no time until the site file's [times] is mended.",
                source="site file",
            )  # fmt: skip

    def source(self, rule: Rule) -> str:
        return rule.derivation or str(rule.quotation)

    def of_events(self, rule: Rule) -> Finding:
        gaps = [self.gap_of(name) for name in rule.events if not self.is_dated(name)]
        if gaps:
            return self.bare(rule, rule.id, "not stated", " ".join(dict.fromkeys(gaps)))
        events = [event for event in self.layout.events if event.activity in rule.events]
        if not events:
            return self.bare(rule, rule.id, "due", "Dated once there is a day 0.")
        basis = "; ".join(f"{event.label} is {spell(event.on)}: {event.title}" for event in events) + "."
        return self.bare(rule, rule.id, "met", basis)

    def is_dated(self, activity: str) -> bool:
        """Whether an activity has dates, or would have with a day 0."""
        if self.day_zero is not None:
            return any(event.activity == activity for event in self.layout.events)
        days = days_of(self.protocol, self.site, activity)
        return self.is_dated(days.activity) if isinstance(days, AfterActivity) else days is not None

    def gap_of(self, activity_id: str) -> str:
        """Why an activity has no date: the words for its parameter, or for what it waits for."""
        activity = self.protocol.activities[activity_id]
        if activity.parameter is not None and activity.parameter not in self.site.days:
            return self.protocol.parameters[activity.parameter].missing
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
            rule=rule.id, ref=rule.id, point=bound.point, status="met", title=title, basis="", source=self.source(rule)
        )
        why_not = self.why_not(part)
        if why_not is not None:
            return replace(finding, status="not applicable", basis=f"Not applicable: {why_not}.")
        if bound.shown:
            actual, basis = self.gap(bound.point)
            return replace(finding, status="not stated", actual=actual, basis=basis)
        if not part.stated:
            parameter = self.protocol.parameters.get(bound.window or "")
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
                replace(finding, status="due", actual=actual, basis="Judged once there is a day 0."), part
            )
        return self.judged(finding, part)

    def gap(self, point: str) -> tuple[date | None, str]:
        """A distance that no source limits: shown, never judged."""
        activity, _, which = point.partition(".")
        events = [e for e in self.layout.events if e.activity == activity and e.status not in ("held", "cancelled")]
        if not events or self.day_zero is None:
            return None, "Shown once there is a day 0; no number is stated."
        event = events[-1 if which == "last" else 0]
        days = (self.day_zero - event.on).days
        rest = f", {plural(days - 1, 'rest days')} between" if days > 0 else ""
        basis = (
            f"{event.title} on {spell(event.on)}, day 0 on {spell(self.day_zero)}: {plural(days, 'days')} apart{rest}. "
            "Shown, never judged: no number is stated."
        )
        return event.on, basis

    def latest_of(self, point: str) -> date | None:
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
        best: tuple[int, int, dict[str, int]] | None = None
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
        if point == D and (hours := slip_limit(part.bound)) is not None:
            status, latest, basis = self.within_limit(hours, status)
        if part.note is not None and self.is_noted(part.note, values):
            basis += f" Note: {part.bound.note_text}"
        if actual is not None and actual > self.as_of.date() and point in self.known:
            basis += f" {spell(actual)} is planned."
        finding = replace(finding, status=status, actual=actual, earliest=earliest, latest=latest, basis=basis.strip())
        still_ahead = self.standing is None or not self.standing.infused
        if status == "violated" and part.bound.repeat and still_ahead:
            finding = replace(finding, repeat=Repeat(what=part.bound.repeat, earliest=earliest, latest=latest))
        return self.ruled(self.with_expiry(finding, part))

    def span_of(self, part: Part, point: str, values: Mapping[str, int]) -> tuple[date | None, date | None]:
        if point not in self.protocol.dates:
            return None, None
        first, last = own_span(part.safe, point, values, planning=False)
        return (_date(first), _date(last)) if first <= last else (None, None)

    def within_limit(self, hours: int, by_date: Verdict) -> tuple[Verdict, date, str]:
        """The verdict on a day 0 that may lie no more than that many hours after planned day 0, and the last day for it."""
        assert self.standing is not None
        planned, day_zero = self.standing.planned, self.standing.day_zero
        status: Verdict = by_date
        if planned.at is None:
            last = add(planned.on, hours // 24 - 1, "days", "clamp")
            basis = (
                f"Day 0 is planned for {spell(planned.on)}, without an hour. The infusion starts no later than {spell(last)}; "
                f"on a later day within {hours} hours only once both hours are entered."
            )
        else:
            until = last_start(planned.at, hours)
            last = until.date()
            basis = (
                f"Day 0 is planned for {spell_moment(planned.at)}. The infusion starts no later than {spell_moment(until)}: "
                f"{hours} hours, as elapsed time and by the clock, whichever ends first."
            )
            if day_zero.at is not None:
                status = "met" if day_zero.at.astimezone(UTC) <= until.astimezone(UTC) else "violated"
        if status == "boundary":
            basis += " Whether it is kept hangs on the hours, which are not entered."
        elif status == "met" and self.standing.silent:
            status, basis = "boundary", f"{basis} {SILENT}"
        return status, last, basis

    def with_expiry(self, finding: Finding, part: Part) -> Finding:
        test = self.protocol.dates.get(part.bound.point)
        if self.standing is not None and self.standing.begun and self.counts_from_planned(part):
            return finding  # planned day 0 stays where it is
        last = expiry(part, self.known) if test is not None and test.test else None
        if last is None:
            return finding
        day = date.fromordinal(last)
        return replace(finding, expires=day, basis=f"{finding.basis} It can serve day 0 up to {spell(day)}.")

    @staticmethod
    def is_noted(note: Link, values: Mapping[str, int]) -> bool:
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

    def name(self, point: str) -> str:
        """A point in words: the title of a known date, `day 0`, `first fludarabine`."""
        if point in self.protocol.dates:
            return self.protocol.dates[point].title
        if point in BASES:
            return "planned day 0" if point == P else "day 0"
        activity, dot, which = point.partition(".")
        if not dot:
            activity, _, which = point.rpartition("-")
        return f"{which} {self.protocol.activities[activity].title.split(',')[0]}"

    def sentences(self, part: Part) -> str:
        """What the safe reading asks, in words."""
        texts = [
            f"{self.name(b.point)} {b.relation} {plural(b.count, b.unit)} after {self.name(b.anchor)}"
            for b in part.bound.safe
        ]
        if part.bound.window is not None:
            texts = [f"within days {self.site.texts[part.bound.window]} (site file, {part.bound.window})"]
        text = ", and ".join(texts)
        return f"Asked: {text}." if text else ""

    def arithmetic(self, link: Link, values: Mapping[str, int]) -> str:
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
        """Which days 0 keep every rule, with what is known of the patient."""
        known = self.known
        if self.standing is not None and self.standing.begun:
            known = {**known, P: self.known_with_day_zero[P]}
        found = feasible_day_zero(self.applicable, known)
        met: list[tuple[int, int, DayStatus]] = [(first, last, "met") for first, last in found.met]
        spans = sorted(met + [(first, last, "boundary") for first, last in less(found.allowed, found.met)])
        assumed = {name for part in self.applicable for name in part.dates if name not in self.known}
        return DayZeroes(
            earliest=_date(found.met[0][0]) if found.met else None,
            latest=_date(found.met[-1][1]) if found.met else None,
            intervals=tuple((_date(first), _date(last), status) for first, last, status in spans),
            binding=found.binding, next=found.following,
            assumes=tuple(name for name in self.protocol.dates if name in assumed),
        )  # fmt: skip
