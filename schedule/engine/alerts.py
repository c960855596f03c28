"""What every output of a plan must say, from its findings."""

from collections.abc import Iterable

from schedule.model.plan import ListedFinding, Standing, Undated
from schedule.model.reasons.alerts import (
    Alert,
    Alerted,
    AllowedByRuling,
    NotAllowedAsPlanned,
    OfFindings,
    PlanCancelled,
    RulesViolated,
    ToConfirm,
    ToRepeat,
    WithoutDate,
)
from schedule.model.timing import DAY_ZERO


def alerts_of(
    standing: Standing | None, findings: Iterable[ListedFinding], undated: Iterable[Undated] = ()
) -> tuple[Alert, ...]:
    """The alerts of a plan, each kind once, in the order in which the findings ask for it; last what has no date. Of a
    cancelled plan nothing else is said: nobody has to decide anything about it any more."""
    if standing is not None and standing.cancelled:
        return (PlanCancelled(),)
    found: dict[type[OfFindings], list[Alerted]] = {}
    for finding in findings:
        kind = _kind_of(standing, finding)
        if kind is not None:
            found.setdefault(kind, []).append(_alerted(kind, finding))
    titles = tuple(one.title for one in undated)
    without = [WithoutDate(titles=titles)] if titles else []
    return (*(kind(findings=tuple(alerted)) for kind, alerted in found.items()), *without)


def _kind_of(standing: Standing | None, finding: ListedFinding) -> type[OfFindings] | None:
    """Which alert a finding asks for, if any."""
    if finding.status == "boundary" and finding.point == DAY_ZERO:
        return ToConfirm
    if finding.status != "violated":
        return None
    cycle = standing.of(finding.cycle) if standing is not None else None
    if finding.repeat is not None and cycle is not None and cycle.begun:
        return ToRepeat
    if finding.ruling is not None and finding.ruling.outcome == "allowed":
        return AllowedByRuling
    return RulesViolated if cycle is not None and cycle.infused else NotAllowedAsPlanned


def _alerted(kind: type[OfFindings], finding: ListedFinding) -> Alerted:
    return Alerted(
        ref=finding.ref,
        title=finding.title,
        repeat=finding.repeat if kind is ToRepeat else None,
        ruled_on=finding.ruling.on if finding.ruling is not None and kind is AllowedByRuling else None,
    )
