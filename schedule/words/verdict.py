"""How a patient's plan stands, in one word and one line: it is the first thing that is read."""

from collections.abc import Iterable
from typing import Literal, assert_never

from schedule.engine.entries import due_findings
from schedule.engine.need import not_recorded
from schedule.engine.open_today import to_be_decided
from schedule.model.notation import plural
from schedule.model.plan import AnyPlan, Plan
from schedule.model.reasons.alerts import NotAllowedAsPlanned, PlanCancelled, RulesViolated, ToRepeat, WithoutDate
from schedule.model.reasons.findings import ToBeAttested, ToBeChosen
from schedule.model.timing import KnownDatePoint
from schedule.words.alerts import in_short, sentences, with_others
from schedule.words.dates import spell_latest
from schedule.words.findings import finding_title, missing_in_words, point_title

NOT_ALLOWED = {NotAllowedAsPlanned, RulesViolated, ToRepeat}
"""The alerts of a plan that cannot go on as it stands."""
FEW = 2
"""As many rules are all told by their titles; of more the first."""

VerdictKind = Literal["allowed", "decides", "not-allowed", "not-judged", "cancelled"]
"""Each has a shape and a word of its own."""
VERDICTS: dict[VerdictKind, str] = {
    "allowed": "allowed", "decides": "PI decides", "not-allowed": "not allowed", "not-judged": "cannot be judged",
    "cancelled": "cancelled",
}  # fmt: skip


def verdict_kind(plan: AnyPlan) -> VerdictKind:
    """Worst first; a plan of a patient of whom nothing is known is not called allowed, nor one in which any finding is
    the principal investigator's to decide."""
    kinds = {type(alert) for alert in plan.alerts}
    if PlanCancelled in kinds:
        return "cancelled"
    if kinds & NOT_ALLOWED:
        return "not-allowed"
    if plan.missing or WithoutDate in kinds:
        return "not-judged"
    return "decides" if to_be_decided(plan) else "allowed"


def verdict_told(plan: Plan) -> str:
    """What the verdict rests on, without its word: the rules by their titles, of more than two the first by its title
    and the others by number; how many dates are missing; what is still due before it is said that no rule is violated;
    empty where the plan is cancelled."""
    match verdict_kind(plan):
        case "cancelled":
            return ""
        case "not-allowed":
            return _rules(plan, [ref for alert in plan.alerts if type(alert) in NOT_ALLOWED for ref in in_short(alert)])
        case "not-judged" if plan.missing:
            return missing_in_words(plan)
        case "not-judged":
            return "; ".join(f"no date yet: {what}" for alert in plan.alerts for what in in_short(alert))
        case "decides":
            zero, rules = plan.protocol.zero, plan.protocol.rules
            asked = to_be_decided(plan)
            return _rules(plan, [one.ref if one.rule in rules else finding_title(one, zero) for one in asked])
        case "allowed":
            by_ruling = [text for alert in plan.alerts for text in sentences(alert, plan.protocol.zero)]
            return "; ".join(by_ruling) or "; ".join((*still_due(plan), "no rule is violated"))
        case other:
            assert_never(other)


def still_due(plan: Plan) -> tuple[str, ...]:
    """How much was due and is not recorded; what is overdue, and what must still be done or entered, how many things,
    and the first with its last day; and how many dates without a last day, choices and statements are still open.
    Nothing where nothing is."""
    dated = [finding for finding, _ in due_findings(plan)]
    undated = [one for one in plan.findings if one.status == "due" and one.latest is None]
    reasons = [(one.title, type(reason)) for one in undated for reason in one.basis]
    open_ones: dict[str, set[object]] = {
        "dates still to be entered": {one.point for one in undated if isinstance(one.point, KnownDatePoint)},
        "choices still to be made": {title for title, kind in reasons if kind is ToBeChosen},
        "statements still to be recorded": {title for title, kind in reasons if kind is ToBeAttested},
    }
    missing = len(not_recorded(plan))
    said = [f"{plural(missing, 'items')} not recorded"] if missing else []
    for state, of in (("overdue", [f for f in dated if f.overdue]), ("still due", [f for f in dated if not f.overdue])):
        if of and of[0].latest is not None:
            first = f"{point_title(plan, of[0])}, by {spell_latest(of[0])}"
            said.append(f"{state}: {first}" if len(of) == 1 else f"{len(of)} {state}, first {first}")
    for what, found in open_ones.items():
        unit, _, rest = what.partition(" ")
        said += [f"{plural(len(found), unit)} {rest}"] if found else []
    return tuple(said)


def _rules(plan: Plan, refs: Iterable[str]) -> str:
    found, rules = list(dict.fromkeys(refs)), plan.protocol.rules
    told = [f"{ref} {rules[ref].title}" if ref in rules else ref for ref in found]
    return with_others(told[0], found[1:]) if len(found) > FEW else "; ".join(told)


def verdict_of(plan: Plan) -> tuple[VerdictKind, str, str]:
    """How a plan stands: the kind, its word, and what it rests on."""
    kind = verdict_kind(plan)
    return kind, VERDICTS[kind], verdict_told(plan)
