"""Findings and feasible days 0 in words, for the terminal and the pages: what is to be acted on comes first."""

from collections.abc import Iterable
from typing import assert_never

from schedule.model.days_zero import DayStatus, DayZeroes
from schedule.model.notation import NO_BREAK, plural, spell, spell_clock, spell_range
from schedule.model.plan import AnyPlan, Finding, ListedFinding, Plan, Verdict
from schedule.model.reasons.findings import (
    ChosenForPatient,
    CycleInTurn,
    Derived,
    FindingReason,
    FindingTitle,
    FromCycles,
    FromSchedule,
    FromSiteFile,
    LastDayClosed,
    Quoted,
    Repeat,
    TimeNotShown,
    Titled,
    TitledEvent,
    TitledPoint,
)
from schedule.words.dates import spell_asked
from schedule.words.days_off import closed_in_words
from schedule.words.points import name_of
from schedule.words.reasons import reason_in_words
from schedule.words.statuses import status_in_words
from schedule.words.titles import full_title

OPEN_TITLES: dict[Verdict, str] = {
    "violated": "Violated: not allowed as planned",
    "boundary": "Can be read two ways: the principal investigator must decide",
    "due": "Due",
    "not stated": "Not stated: read, and ask the sponsor or the site if a number is needed",
}


_ABOUT = {
    "window": "its window",
    "place": "it lies off its place",
    "booking": "it was booked for another time",
    "surplus": "given, with no place in the schedule any more",
    "near": "too near to one given",
    "amended": "the schedule has changed since its course began",
}


def finding_title(finding: ListedFinding, zero: str) -> str:
    """What a finding is about, and in which of the later cycles, where its title does not say so."""
    told = title_in_words(finding.title, zero)
    names_no_cycle = isinstance(finding.title, Titled | TitledPoint)
    return f"{told}, cycle{NO_BREAK}{finding.cycle}" if names_no_cycle and finding.cycle > 1 else told


def ref_in_cycle(finding: ListedFinding) -> str:
    """`R1`, `R1 (cycle 2)`: a rule by its number alone."""
    return f"{finding.ref} (cycle{NO_BREAK}{finding.cycle})" if finding.cycle > 1 else finding.ref


def title_in_words(title: FindingTitle, zero: str) -> str:
    """What findings of a title are about. `zero` is what the anchor is called: `day 0`, `day 4`."""
    match title:
        case Titled():
            return title.text
        case TitledPoint():
            return f"{title.text}: {name_of(title.point, zero)}"
        case CycleInTurn():
            return f"Cycle {title.number} begins when cycle {title.number - 1} is over"
        case TimeNotShown():
            return "a time the clocks do not show"
        case TitledEvent():
            return f"{full_title(title.title)}: {_ABOUT[title.about]}"
        case _:
            assert_never(title)


def finding_basis(finding: Finding, zero: str) -> str:
    """What a finding rests on: the sums, and who said what."""
    return reasons_in_words(finding.basis, zero)


def reasons_in_words(reasons: Iterable[FindingReason], zero: str) -> str:
    """What is told of a verdict, reason after reason."""
    return " ".join(dict.fromkeys(reason_in_words(reason, zero) for reason in reasons))


def finding_source(finding: Finding) -> str:
    """On whose words a finding rests."""
    match finding.source:
        case Quoted():
            return str(finding.source.quotation)
        case Derived():
            return finding.source.text
        case FromSiteFile():
            return "site file"
        case ChosenForPatient():
            return "chosen for each patient"
        case FromCycles():
            return "[cycles] of the protocol"
        case FromSchedule():
            return "the days of the schedule"
        case _:
            assert_never(finding.source)


def finding_flags(finding: Finding) -> tuple[str, ...]:
    """What is to be known of a deadline's last day."""
    return flags_in_words(finding.flags)


def finding_told(finding: Finding, zero: str) -> str:
    """`T36: Cells within 48 hours of the planned day 0. …`: what a finding asks, what it rests on, and on whose
    words."""
    said = f"{finding_title(finding, zero)}. {finding_basis(finding, zero)} {finding_source(finding)}"
    return f"{finding.ref}: {said}"


def flags_in_words(flags: Iterable[LastDayClosed]) -> tuple[str, ...]:
    """The days off that a last day falls on."""
    return tuple(
        f"last day: {closed_in_words(flag.because)}"
        + (f"; last working day: {spell(flag.last_working)}" if flag.last_working else "")
        for flag in flags
    )


def repeat_in_words(repeat: Repeat) -> str:
    """What must be done again."""
    return repeat.what + (" (its last dose)" if repeat.last_dose else "")


def repeat_days(repeat: Repeat) -> str:
    """From when to when it would serve, in words."""
    none_left = repeat.last_dose and repeat.earliest is None and repeat.latest is None
    return "no day is left for it" if none_left else spell_range(repeat.earliest, repeat.latest)


def point_title(plan: AnyPlan, finding: ListedFinding) -> str:
    """What a finding is about, in words: the known date's title, or the rule's."""
    known = plan.protocol.date_at(finding.point)
    return known.title if known else finding_title(finding, plan.protocol.zero)


def feasible_days(plan: Plan) -> str:
    """The first days 0 that keep every rule, in words."""
    found, zero = plan.feasible, plan.protocol.zero
    if found is None:
        return f"{zero} no longer moves"
    if found.missing:
        return _cannot_be_judged(plan)
    for first, last, status in found.intervals:
        if status == "met":
            return f"or with {zero} {spell_range(first, last)}"
    return f"no {zero} keeps every rule"


def _cannot_be_judged(plan: Plan) -> str:
    """That nothing is known of the patient."""
    return f"which {plan.protocol.zero} is possible cannot be judged: {missing_in_words(plan)}"


def missing_in_words(plan: Plan) -> str:
    """`21 dates are missing`, `1 choice is missing`: without which no day 0 can be judged."""
    choices = sum(name in plan.protocol.choices for name in plan.missing)
    counts = {"dates": len(plan.missing) - choices, "choices": choices}
    said = " and ".join(plural(count, what) for what, count in counts.items() if count)
    return f"{said} {'is' if len(plan.missing) == 1 else 'are'} missing"


def settled(plan: Plan) -> str:
    """`24 met, 1 allowed by a ruling, 14 not applicable`: the findings that need no more action, counted."""
    words = {"met": "met", "ruled": "allowed by a ruling", "not applicable": "not applicable"}
    counts = {status: sum(finding.status == status for finding in plan.findings) for status in words}
    return ", ".join(f"{counts[status]} {word}" for status, word in words.items() if counts[status])


def standing(plan: Plan) -> str:
    """`2 due, 1 not stated; 24 met, 14 not applicable`."""
    asked = [finding.status for finding in plan.findings if not is_at_rest(finding)]
    counts = {status: asked.count(status) for status in OPEN_TITLES}
    still_open = ", ".join(f"{count} {status_in_words(status)}" for status, count in counts.items() if count)
    return "; ".join(text for text in (still_open, settled(plan)) if text)


ORDER: tuple[Verdict, ...] = ("violated", "boundary", "due", "not stated", "ruled", "met", "not applicable")
"""Statuses, the one to act on first."""
AT_REST: tuple[Verdict, ...] = ("met", "not applicable")
"""Statuses that need no action."""


def is_at_rest(finding: Finding) -> bool:
    """Whether a finding needs no action: what it asks is kept, or its window stands beside an event still ahead."""
    ahead = isinstance(finding.title, TitledEvent) and finding.status == "due" and not finding.overdue
    return finding.status in AT_REST or ahead


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Those to act on first."""
    return sorted(findings, key=lambda finding: ORDER.index(finding.status))


def finding_in_words(finding: Finding, zero: str) -> str:
    """What a finding is about, with the days that it asks for and the date there is."""
    asked = spell_asked(finding)
    what = finding_title(finding, zero)
    if finding.status in ("due", "violated", "boundary") and asked:
        what += f": {asked}"
    if finding.aim and finding.status == "due":
        what += f" (aim {spell_range(*finding.aim)})"
    if finding.actual is not None and finding.point is not None:
        what += f" [{spell(finding.actual)}]"
    return what + (". OVERDUE" if finding.overdue else "")


def feasible_in_words(plan: Plan) -> str:
    """The first line of the answer to "which days 0 are possible?"."""
    found, zero = plan.feasible, plan.protocol.zero
    if found is None:
        cancelled = plan.standing is not None and plan.standing.cancelled
        why = "the plan is cancelled" if cancelled else "the infusion is recorded"
        return f"{plan.protocol.label(0)} no longer moves: {why}."
    if found.missing and found.intervals:
        return f"{_cannot_be_judged(plan).capitalize()}."
    if not any(status == "met" for _, _, status in found.intervals):
        some = " For some, the principal investigator must decide." if found.intervals else ""
        return f"No {zero} {_at_its_hour(plan)}keeps every rule.{_start_in_words(found)}{some}"
    of_cycle = f" of cycle {found.cycle}" if found.cycle > 1 else ""
    days = spell_range(found.earliest, found.latest)
    return f"{plan.protocol.label(0)}{of_cycle} can be {days}.{_start_in_words(found)}"


def _start_in_words(found: DayZeroes) -> str:
    """From and until when it would have to start, where its own hour is wrong on every day."""
    first, last = found.start
    hours = [f"from {spell_clock(first)} on" if first else "", f"no later than {spell_clock(last)}" if last else ""]
    return f" What is counted in hours would be kept {' and '.join(filter(None, hours))}." if any(hours) else ""


def _at_its_hour(plan: Plan) -> str:
    """`at 10:00 `: the hour that day 0 has, where what is counted in hours rules every day out."""
    found, standing = plan.feasible, plan.standing
    at = standing.of(found.cycle).day_zero.at if standing is not None and found is not None else None
    return f"at {spell_clock(at)} " if found is not None and any(found.start) and at is not None else ""


def feasible_lines(plan: Plan) -> tuple[str, ...]:
    """Which days 0 are possible, what limits the earliest, and what is assumed."""
    found = plan.feasible
    if found is None:
        return ()
    spans = found.intervals if not found.missing else [one for one in found.intervals if one[2] != "due"]
    some = {"met": "every rule met that can be judged"} if found.hangs_on else {}
    words = [f"{spell_range(first, last)}: {some.get(status, _DAYS[status])}" for first, last, status in spans]
    for title, rules in (("Limited by", found.binding), ("Then limited by", found.next)):
        words += [f"{title}: {rule} {plan.protocol.rules[rule].title}" for rule in rules]
    if found.assumes:
        names = ", ".join(plan.protocol.dates[name].title for name in found.assumes)
        words.append(f"{'Missing' if found.missing else 'Assumed in order, since no date is given'}: {names}")
    if found.hangs_on:
        titles = {name: choice.title for name, choice in plan.protocol.choices.items()}
        titles |= {name: parameter.title for name, parameter in plan.protocol.parameters.items()}
        named = ", ".join(titles[name] for name in found.hangs_on)
        words.append(f"Not judged, since not chosen or not stated: {named}")
    return tuple(words)


_DAYS: dict[DayStatus, str] = {
    "met": "every rule met", "boundary": "only if the principal investigator allows it", "due": "cannot be judged",
}  # fmt: skip
