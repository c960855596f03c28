"""Alerts in words: the banner of every output, its short form for the head of a page, and the heading alone."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from schedule.model.notation import spell
from schedule.model.plan import AnyPlan, Plan
from schedule.model.reasons.alerts import (
    Alert,
    Alerted,
    AlertKind,
    AllowedByRuling,
    NotAllowedAsPlanned,
    OfFindings,
    PlanCancelled,
    RulesViolated,
    Superseded,
    ToConfirm,
    ToRepeat,
    WithoutDate,
)
from schedule.words.findings import repeat_days, repeat_in_words, title_in_words
from schedule.words.titles import cell_title, full_title


def heading(kind: AlertKind) -> str:
    """The first words of an alert, which name no rule and no treatment."""
    match kind:
        case "superseded":
            return "SUPERSEDED"
        case "cancelled":
            return "CANCELLED"
        case "to-confirm":
            return "PRINCIPAL INVESTIGATOR MUST DECIDE"
        case "to-repeat":
            return "NOT ALLOWED UNTIL REPEATED"
        case "allowed-by-ruling":
            return "VIOLATED, ALLOWED BY A RULING"
        case "violated":
            return "RULES VIOLATED"
        case "not-allowed":
            return "NOT ALLOWED AS PLANNED"
        case "without-date":
            return "NO DATE YET"
        case _:
            assert_never(kind)


def first_heading(plan: Plan) -> str:
    """The heading of the first alert: all that a calendar's name has room for. Empty where there is none."""
    return heading(plan.alerts[0].kind) if plan.alerts else ""


def sentences(alert: Alert, zero: str) -> tuple[str, ...]:
    """What stands under the heading, each once."""
    match alert:
        case Superseded():
            return (f"by revision {alert.revision} of {alert.at:%Y-%m-%d %H:%M} UTC; do not use",)
        case PlanCancelled():
            return ()
        case WithoutDate():
            return tuple(map(full_title, alert.titles))
        case ToConfirm() | ToRepeat() | AllowedByRuling() | RulesViolated() | NotAllowedAsPlanned():
            return tuple(dict.fromkeys(_sentence(finding, zero) for finding in alert.findings))
        case _:
            assert_never(alert)


def _sentence(finding: Alerted, zero: str) -> str:
    if finding.repeat is not None:
        return f"{repeat_in_words(finding.repeat)}, {repeat_days(finding.repeat)} ({finding.ref})"
    ruled = f", ruling of {spell(finding.ruled_on)}" if finding.ruled_on is not None else ""
    return f"{finding.ref} {title_in_words(finding.title, zero)}{ruled}"


def in_short(alert: Alert) -> tuple[str, ...]:
    """The same by the rules' numbers alone, or the names of what has no date, each once."""
    match alert:
        case Superseded():
            return (f"by revision {alert.revision}",)
        case PlanCancelled():
            return ()
        case WithoutDate():
            return tuple(dict.fromkeys(cell_title(title) for title in alert.titles))
        case ToConfirm() | ToRepeat() | AllowedByRuling() | RulesViolated() | NotAllowedAsPlanned():
            return tuple(dict.fromkeys(finding.ref for finding in alert.findings))
        case _:
            assert_never(alert)


def banner(plan: AnyPlan) -> str | None:
    """The words that every output carries while a rule is violated, a slip is not confirmed, or the plan is void;
    None where there is nothing to say."""
    return banner_of(plan.alerts, plan.protocol.zero) or None


def banner_of(alerts: Iterable[Alert], zero: str) -> str:
    """The same of alerts alone; empty where there is none."""
    found = [(heading(alert.kind), sentences(alert, zero)) for alert in alerts]
    return ". ".join(f"{head}: {'; '.join(texts)}" if texts else head for head, texts in found)


def banner_short(plan: Plan) -> str:
    """The banner for the head of every page: each alert, its first rule in words, the others by number."""
    found = [(heading(alert.kind), _first_of(alert, plan.protocol.zero)) for alert in plan.alerts]
    return ". ".join(head + (f": {said}" if said else "") for head, said in found)


def _first_of(alert: Alert, zero: str) -> str:
    if not isinstance(alert, OfFindings):
        return some(list(in_short(alert)))
    return with_others(sentences(alert, zero)[0], in_short(alert)[1:])


def with_others(first: str, others: Sequence[str]) -> str:
    """`T7 End of the taper 4 weeks before; also T8, T9 and 2 more`: one rule in words, the others by number."""
    return f"{first}; also {some(list(others))}" if others else first


def some(refs: list[str], room: int = 18) -> str:
    """`T7, T8 and 3 more`: the first rule, and as many others as fit in a line."""
    shown = [ref for number, ref in enumerate(refs) if not number or len(", ".join(refs[: number + 1])) <= room]
    left = len(refs) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")
