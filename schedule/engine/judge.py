"""A finding for every rule: is it kept, by when must it be, what would still serve, and on whose words.

Every verdict is read off the network of bounds; here and in `bounds` and `windows` it gets its status, its dates and
what it rests on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from schedule.engine.bounds import BoundJudge
from schedule.engine.cycles import cycle_starts
from schedule.engine.evidence import Evidence
from schedule.engine.layout import gap_of
from schedule.engine.network import LinkedBound
from schedule.engine.points import days_of
from schedule.engine.tailor import holds, open_choices
from schedule.model.case import NEVER
from schedule.model.dates import add
from schedule.model.plan import ClockFault, Finding, Verdict
from schedule.model.protocol import Choice, Rule, Spacing, Statement, cycle_name
from schedule.model.reasons.findings import (
    AskedOnlyIf,
    AttestedOn,
    ChoicesOpen,
    Chosen,
    ChosenForPatient,
    CycleBegins,
    CycleInTurn,
    DatedEvent,
    DatedOnceDayZero,
    Derived,
    EventsDated,
    FindingReason,
    FindingSource,
    FromCycles,
    FromSiteFile,
    HoldsNoDate,
    HourNotGiven,
    JudgedOnceDayZero,
    NeverWas,
    NothingToCheck,
    NoTimeThatDay,
    NotInTreatment,
    Quoted,
    SpacingAsked,
    TimeNotShown,
    Titled,
    TitledPoint,
    ToBeAttested,
    ToBeChosen,
)
from schedule.model.reasons.gaps import NotStated
from schedule.model.timing import AfterActivity, EachOf, KnownDatePoint


class Judge:
    """One patient's findings."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.protocol, self.site, self.case = evidence.protocol, evidence.site, evidence.case
        self.layout, self.day_zero = evidence.layout, evidence.day_zero
        self.bounds = BoundJudge(evidence)

    def findings(self) -> Iterator[Finding]:
        """Every rule's findings, in the protocol's order; then the clock faults."""
        by_rule: dict[str, list[LinkedBound]] = {}
        for part in self.evidence.parts:
            by_rule.setdefault(part.rule, []).append(part)
        for choice in self.protocol.choices.values():
            yield self.of_choice(choice)
        yield from self.of_cycles()
        for rule in self.protocol.rules.values():
            yield from self.of_rule(rule, by_rule.get(rule.id, ()))
        yield from map(self.of_fault, self.layout.faults)

    @staticmethod
    def of_fault(fault: ClockFault) -> Finding:
        """That an event has no time, since the site's is none on its day."""
        return Finding(
            rule="clock-change",
            ref="clock-change",
            point=fault.event,
            status="due",
            title=TimeNotShown(),
            latest=fault.on,
            basis=(NoTimeThatDay(event=str(fault.event), fault=fault.fault),),
            source=FromSiteFile(),
        )

    def of_rule(self, rule: Rule, parts: Iterable[LinkedBound]) -> Iterator[Finding]:
        """A rule's findings; where it depends on a choice not made, or on another option, each says so."""
        found = self.judged_rule(rule, parts)
        state = holds(rule.only, self.case.choices)
        if state == "holds":
            yield from found
            return
        status: Verdict = "not applicable" if state == "no" else "due"
        basis: FindingReason = AskedOnlyIf(only=rule.only)
        if state == "open":
            names = open_choices(rule.only, self.case.choices)
            basis = ChoicesOpen(titles=tuple(self.protocol.choices[name].title for name in names))
        for finding in found:
            yield Finding(
                rule=finding.rule,
                ref=finding.ref,
                point=finding.point,
                status=status,
                title=finding.title,
                basis=(basis,),
                source=finding.source,
            )

    def judged_rule(self, rule: Rule, parts: Iterable[LinkedBound]) -> Iterator[Finding]:
        """A rule's findings as if it held for the patient."""
        if rule.events:
            yield self.of_events(rule)
        for part in parts:
            yield self.of_part(rule, part)
        for spacing in rule.spacing:
            yield self.of_spacing(rule, spacing)
        for statement in rule.statements:
            yield self.of_statement(rule, statement)

    def of_choice(self, choice: Choice) -> Finding:
        """Whether what is decided for each patient has been decided for this one."""
        option = self.case.choices.get(choice.name)
        basis: FindingReason = ToBeChosen(options=tuple(choice.options.items()))
        if option is not None:
            basis = Chosen(option=option, title=choice.options[option])
        return Finding(
            rule="choice",
            ref=f"choice-{choice.name}",
            point=None,
            status="due" if option is None else "met",
            title=Titled(text=choice.title),
            basis=(basis,),
            source=ChosenForPatient(),
        )

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
            basis = CycleBegins(number=number, before=before, length=cycles.length, earliest=earliest, start=start)
            yield Finding(
                rule="cycles",
                ref=name,
                point=KnownDatePoint(name),
                status="met" if start >= earliest else "violated",
                title=CycleInTurn(number=number),
                actual=start,
                earliest=earliest,
                basis=(basis,),
                source=FromCycles(),
            )

    def of_part(self, rule: Rule, part: LinkedBound) -> Finding:
        """The finding about one of a rule's bounds."""
        finding, point = self.bare(rule, rule.id, "met"), part.bound.point
        if len(rule.bounds) > 1:
            title = TitledPoint(text=rule.title, point=self.evidence.named(point))
            finding = replace(finding, title=title)
        return self.bounds.of_part(replace(finding, point=point), part)

    def of_spacing(self, rule: Rule, spacing: Spacing) -> Finding:
        """How far apart the occurrences lie, as given or planned; what is held does not count."""
        finding = replace(self.bare(rule, rule.id, "met"), point=EachOf(spacing.activity))
        activity, given = self.protocol.activities.get(spacing.activity), self.evidence.given
        if activity is None:
            return replace(finding, status="not applicable", basis=(NotInTreatment(),))
        finding = replace(finding, if_broken=spacing.if_broken)
        if not self.is_dated(spacing.activity):
            return replace(finding, status="not stated", basis=(self.gap_of(spacing.activity),))
        if not given.doses(spacing.activity):
            return replace(finding, status="due", basis=(JudgedOnceDayZero(),))
        pairs = given.not_kept(spacing.activity, spacing.asked)
        broken = tuple((given.day(one), given.day(other)) for one, other in pairs)
        asked = SpacingAsked(title=activity.title, asked=spacing.asked, broken=broken)
        return self.evidence.ruled(replace(finding, status="violated" if broken else "met", basis=(asked,)))

    def of_events(self, rule: Rule) -> Finding:
        """That a rule says when something is done: the dates that follow."""
        own = [name for name in rule.events if name in self.protocol.activities]
        if not own:
            return self.bare(rule, rule.id, "not applicable", NotInTreatment())
        gaps = dict.fromkeys(self.gap_of(name) for name in own if not self.is_dated(name))
        if gaps:
            return self.bare(rule, rule.id, "not stated", *gaps)
        events = [event for event in self.layout.events if event.activity in rule.events]
        if not events:
            return self.bare(rule, rule.id, "due", DatedOnceDayZero())
        dated = tuple(DatedEvent(label=event.label, on=event.on, title=event.title) for event in events)
        return self.bare(rule, rule.id, "met", EventsDated(events=dated))

    def is_dated(self, activity: str) -> bool:
        """Whether an activity has dates, or would have with a day 0."""
        if self.day_zero is not None:
            return any(event.activity == activity for event in self.layout.events)
        if activity not in self.protocol.activities:
            return False
        days = days_of(self.protocol, self.site, activity)
        return self.is_dated(days.activity) if isinstance(days, AfterActivity) else days is not None

    def gap_of(self, activity_id: str) -> NotInTreatment | HourNotGiven | NotStated:
        """Why an activity has no date: its parameter, its choice or start date, or that of what it waits for."""
        activity = self.protocol.activities.get(activity_id)
        if activity is None:
            return NotInTreatment()
        days = days_of(self.protocol, self.site, activity_id)
        gap = gap_of(self.protocol, activity, days, self.case.dates)
        if gap is not None:
            return gap
        if isinstance(days, AfterActivity) and not self.is_dated(days.activity):
            return self.gap_of(days.activity)
        return HourNotGiven(title=activity.title)

    def bare(self, rule: Rule, ref: str, status: Verdict, *basis: FindingReason) -> Finding:
        """A finding about a rule and no point of it."""
        source: FindingSource = Derived(text=rule.derivation) if rule.derivation else Quoted(quotation=rule.quotation)
        return Finding(
            rule=rule.id, ref=ref, point=None, status=status, title=Titled(text=rule.title), basis=basis, source=source
        )

    def of_statement(self, rule: Rule, statement: Statement) -> Finding:
        """Words that hold no date: a statement recorded, one to be recorded, or nothing to check."""
        words = HoldsNoDate(words=statement.words)
        if statement.attestation is None:
            return self.bare(rule, statement.ref, "not applicable", NothingToCheck(kind=statement.kind), words)
        if statement.only_if and all(self.case.dates.get(name) == NEVER for name in statement.only_if):
            never = NeverWas(titles=tuple(self.protocol.dates[name].title for name in statement.only_if))
            return self.bare(rule, statement.ref, "not applicable", never, words)
        name = statement.attestation
        title, made = self.protocol.attestations[name].title, self.evidence.attested(name)
        if made is None:
            planned = self.case.attestations.get(name)
            due = ToBeAttested(name=name, title=title, planned=planned.on if planned else None)
            return replace(self.bare(rule, statement.ref, "due", due, words), title=Titled(text=title))
        said = AttestedOn(title=title, on=made.on, by=made.by)
        return replace(self.bare(rule, statement.ref, "met", said, words), title=Titled(text=title), actual=made.on)
