"""A finding for every rule in every cycle: is it kept, by when must it be, what would still serve, and on whose words.

Every verdict is read off one state of a plan; here and in `bounds`, `windows` and `occurrences` it gets its status, its
dates and what it rests on.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from msgspec.structs import replace

from schedule.engine.begun import turns_of_times
from schedule.engine.bounds import BoundJudge
from schedule.engine.events import Layout
from schedule.engine.evidence import Evidence
from schedule.engine.laid import Laid
from schedule.engine.network import LinkedBound
from schedule.engine.occurrences import OccurrenceJudge
from schedule.engine.places import Place, days_of, gap_of, is_never
from schedule.engine.point_names import named_in
from schedule.engine.rulings import Rulings
from schedule.engine.spacing import of_spacing, values_in_text
from schedule.engine.tailor import holds, open_choices
from schedule.model.case import NEVER
from schedule.model.dates import add
from schedule.model.plan import ClockFault, Event, Finding, Verdict
from schedule.model.protocol import Choice, Protocol, Rule, ShownDistance, Statement, cycle_name
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
    NeverHad,
    NeverWas,
    NothingToCheck,
    NoTimeThatDay,
    NotInTreatment,
    Quoted,
    TimeNotShown,
    Titled,
    TitledPoint,
    ToBeAttested,
    ToBeChosen,
)
from schedule.model.reasons.gaps import NotStated
from schedule.model.sizes import PIECES
from schedule.model.timing import AfterActivity, EachOf, KnownDatePoint, Point


class Judge:
    """One patient's findings. `layout` is what the plan shows, `places` its events by their places; `now` an aware
    datetime of its zone. With `open_zero` there is no day 0 yet (see `Evidence`)."""

    def __init__(
        self, laid: Laid, now: datetime, layout: Layout, places: Mapping[Place, Event], *, open_zero: bool = False
    ) -> None:
        self.laid, self.layout, self.places = laid, layout, places
        self.protocol, self.site, self.case = laid.protocol, laid.site, laid.case
        self.cycles = {cycle: _Cycle(laid, now, cycle, open_zero=open_zero)
                       for cycle in (laid.cycles[:1] if open_zero else laid.cycles)}  # fmt: skip
        self.first = self.cycles[min(self.cycles)]
        self.day_zero = self.first.evidence.day_zero

    def findings(self) -> Iterator[Finding]:
        """Every rule's findings, in the protocol's order; those of single occurrences; then the clock faults."""
        for choice in self.protocol.choices.values():
            yield self.of_choice(choice)
        yield from self.of_cycles()
        for rule in self.protocol.rules.values():
            yield from self.of_rule(rule)
        if self.day_zero is not None:
            yield from self.of_occurrences()
        yield from map(self.of_fault, self.layout.faults)

    def of_occurrences(self) -> tuple[Finding, ...]:
        """What is found of each occurrence that is shown: the same between two turns of its times."""
        laid, now, shown = self.laid, self.first.evidence.now, self.places.values()
        turn = bisect_right(turns_of_times(laid), now.astimezone(UTC))
        key = turn, tuple([(event.id, event.status) for event in shown])
        return laid.once("occurrences", lambda: tuple(OccurrenceJudge(laid, self.places, now).findings()), key)

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
            basis=(NoTimeThatDay(event=str(fault.event), fault=fault.fault, kept=fault.kept),),
            source=FromSiteFile(),
        )

    def of_rule(self, rule: Rule) -> Iterator[Finding]:
        """A rule's findings; where it depends on a choice not made, or on another option, each says so."""
        found = self.judged_rule(rule)
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
                cycle=finding.cycle,
            )

    def judged_rule(self, rule: Rule) -> Iterator[Finding]:
        """A rule's findings as if it held for the patient."""
        if rule.events:
            yield self.of_events(rule)
        for finding in (finding for cycle in self.cycles.values() for finding in cycle.of_rule(rule)):
            if isinstance(finding.point, EachOf) and finding.status == "not stated":
                finding = replace(finding, basis=(self.gap_of(finding.point.activity),))
            yield finding
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
        starts = {number: add(self.laid.day_zero(number).on, -self.protocol.origin, "days", "clamp")
                  for number in self.laid.cycles}  # fmt: skip
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

    def of_events(self, rule: Rule) -> Finding:
        """That a rule says when something is done: the dates that follow."""
        own = [name for name in rule.events if name in self.protocol.activities]
        if not own:
            return bare(rule, rule.id, "not applicable", NotInTreatment())
        gaps = dict.fromkeys(self.gap_of(name) for name in own if not self.is_dated(name))
        if gaps:
            never = all(isinstance(gap, NotInTreatment | NeverHad) for gap in gaps)
            return bare(rule, rule.id, "not applicable" if never else "not stated", *gaps)
        events = [event for event in self.layout.events if event.activity in rule.events]
        if not events:
            return bare(rule, rule.id, "due", DatedOnceDayZero())
        dated = tuple(DatedEvent(label=event.label, on=event.on, title=event.title) for event in events)
        return bare(rule, rule.id, "met", EventsDated(events=dated))

    def is_dated(self, activity: str) -> bool:
        """Whether an activity has dates, or would have with a day 0."""
        if self.day_zero is not None:
            return any(event.activity == activity for event in self.layout.events)
        if activity not in self.protocol.activities:
            return False
        days = days_of(self.protocol, self.site, activity)
        return self.is_dated(days.activity) if isinstance(days, AfterActivity) else days is not None

    def gap_of(self, activity_id: str) -> NotInTreatment | NeverHad | HourNotGiven | NotStated:
        """Why an activity has no date: its parameter, its choice or start date, or that of what it waits for."""
        activity = self.protocol.activities.get(activity_id)
        if activity is None:
            return NotInTreatment()
        if is_never(activity, self.case.dates):
            return NeverHad(point=self.first.evidence.named(activity.base))
        days = days_of(self.protocol, self.site, activity_id)
        gap = gap_of(self.protocol, activity, days, self.case.dates)
        gap = gap or next((one.gap for one in self.layout.undated if one.activity == activity_id), None)
        if gap is not None:
            return gap
        if isinstance(days, AfterActivity) and not self.is_dated(days.activity):
            return self.gap_of(days.activity)
        return HourNotGiven(title=activity.title)

    def of_statement(self, rule: Rule, statement: Statement) -> Finding:
        """Words that hold no date: a statement recorded, one to be recorded, or nothing to check."""
        words = HoldsNoDate(words=statement.words)
        if statement.attestation is None:
            return bare(rule, statement.ref, "not applicable", NothingToCheck(kind=statement.kind), words)
        if statement.only_if and all(self.case.dates.get(name) == NEVER for name in statement.only_if):
            never = NeverWas(titles=tuple(self.protocol.dates[name].title for name in statement.only_if))
            return bare(rule, statement.ref, "not applicable", never, words)
        name = statement.attestation
        title = self.protocol.attestations[name].title
        made = self.first.evidence.attested(name, again=statement.again_after_illness)
        if made is None:
            planned = self.case.attestations.get(name)
            due = ToBeAttested(name=name, title=title, planned=planned.on if planned else None)
            return replace(bare(rule, statement.ref, "due", due, words), title=Titled(text=title))
        said = AttestedOn(title=title, on=made.on, by=made.by)
        return replace(bare(rule, statement.ref, "met", said, words), title=Titled(text=title), actual=made.on)


class _Cycle:
    """What is judged in every cycle anew: bounds and spacings; where it is asked for, with what still serves until
    when."""

    def __init__(
        self, laid: Laid, now: datetime, cycle: int, *, open_zero: bool = False, expiries: bool = True
    ) -> None:
        self.evidence = Evidence(laid, now, cycle, open_zero=open_zero)
        self.rulings = Rulings(self.evidence)
        self.bounds = BoundJudge(self.evidence, self.rulings, expiries=expiries)
        self.parts: dict[str, list[LinkedBound]] = {}
        asked = (part for part in self.evidence.parts if expiries or not isinstance(part.bound, ShownDistance))
        for part in asked:
            self.parts.setdefault(part.rule, []).append(part)

    def of_rule(self, rule: Rule) -> Iterator[Finding]:
        """The findings about a rule's bounds and spacings."""
        for part in self.parts.get(rule.id, ()):
            yield self.of_part(rule, part)
        for spacing in rule.spacing:
            found = of_spacing(self.evidence, bare(rule, rule.id, "met"), spacing)
            if found is not None:
                yield self.rulings.ruled(found, (), values_in_text(self.evidence, spacing))

    def of_part(self, rule: Rule, part: LinkedBound) -> Finding:
        """The finding about one of a rule's bounds."""
        finding, cycle = _about(self.evidence.protocol, rule.id, part.bound.point), self.evidence.cycle
        return self.bounds.of_part(finding if cycle == finding.cycle else replace(finding, cycle=cycle), part)


@lru_cache(maxsize=PIECES)
def _about(protocol: Protocol, rule_id: str, point: Point) -> Finding:
    """A finding about a point of a rule, of the first cycle, before anything is judged."""
    rule = protocol.rules[rule_id]
    finding = replace(bare(rule, rule.id, "met"), point=point)
    if len(rule.bounds) == 1:
        return finding
    return replace(finding, title=TitledPoint(text=rule.title, point=named_in(protocol, point)))


def bare(rule: Rule, ref: str, status: Verdict, *basis: FindingReason) -> Finding:
    """A finding about a rule and no point of it."""
    source: FindingSource = Derived(text=rule.derivation) if rule.derivation else Quoted(quotation=rule.quotation)
    return Finding(
        rule=rule.id, ref=ref, point=None, status=status, title=Titled(text=rule.title), basis=basis, source=source
    )


def rule_findings(laid: Laid, now: datetime) -> Iterator[Finding]:
    """What decides about a day 0, in every cycle of any state of a plan: the findings about bounds and spacings of the
    rules that hold for the patient, without what a test still serves, and without distances that are only shown."""
    for number in laid.cycles:
        cycle = _Cycle(laid, now, number, expiries=False)
        for rule in laid.protocol.rules.values():
            if holds(rule.only, laid.case.choices) == "holds":
                yield from cycle.of_rule(rule)
