"""Plan -> the deadlines, worded: what must be true or done by when, and why, soonest first."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from schedule.engine.settling import is_kept, is_missing
from schedule.model.notation import spell
from schedule.model.plan import Finding, Plan, standing_of
from schedule.pages.go import first_dose
from schedule.words import deadlines as words
from schedule.words.basis import counted_in_words, ground_of
from schedule.words.dates import day_zero_of, spell_latest
from schedule.words.day_labels import label_told
from schedule.words.findings import finding_basis, finding_flags, finding_title, point_title
from schedule.words.gaps import gap_in_words
from schedule.words.plan import due_points, infusion_word, latest_start, moment_of
from schedule.words.settling import settled_on_paper
from schedule.words.statuses import status_in_words
from schedule.words.titles import title_of


class Deadline(NamedTuple):
    """What must be true or done by a day. `when` is empty where the record gives no date."""

    when: str
    mark: str
    what: str
    how: str
    why: str


class Deadlines(Struct, frozen=True):
    """Dated ones soonest first; then what holds no date; then what nobody has stated."""

    now: tuple[Deadline, ...]
    dated: tuple[Deadline, ...]
    undated: tuple[Deadline, ...]
    undated_title: str
    not_stated: tuple[str, ...]


def deadline_page(plan: Plan) -> Deadlines:
    """Everything that must be true or done by a day, soonest first, each with why."""
    first = first_dose(plan)
    begin = words.first_dose_at(moment_of(first)) if first else day_zero_of(plan)
    statements = [f for f in plan.findings if f.status == "due" and f.latest is None]
    now = [f for f in plan.findings if f.status in ("violated", "boundary") and not is_kept(f)]
    return Deadlines(
        now=tuple(_undated(plan, f) for f in now),
        dated=tuple(line for _, line in sorted(_dated_lines(plan), key=lambda pair: pair[0])),
        undated=tuple(_undated(plan, f) for f in statements),
        undated_title=words.settle_before(begin),
        not_stated=tuple(gap_in_words(gap) for gap in plan.not_stated),
    )


def _undated(plan: Plan, finding: Finding) -> Deadline:
    zero = plan.protocol.zero
    why = f"{finding.ref}: {finding_basis(finding, zero)}"
    said = status_in_words(finding.status)
    return Deadline("", said, finding_title(finding, zero), settled_on_paper(plan, finding), why)


def _dated_lines(plan: Plan) -> Iterator[tuple[date, Deadline]]:
    today = plan.as_of.date()
    for finding, refs in due_points(plan):
        assert finding.latest is not None
        missing = is_missing(plan, finding)
        asked = words.still_missing(finding) if missing else words.still_due(finding)
        how = "; ".join((asked, *finding_flags(finding)))
        mark = words.MISSING if missing else words.OVERDUE if finding.overdue else "due"
        yield (
            finding.latest,
            Deadline(
                spell_latest(finding),
                mark,
                point_title(plan, finding),
                how,
                f"{refs}: {finding_basis(finding, plan.protocol.zero)}",
            ),
        )
    judged: dict[tuple[str, str], list[tuple[date, Finding]]] = {}
    for finding in plan.findings:
        known = plan.protocol.date_at(finding.point)
        if known is None or finding.status not in ("met", "ruled"):
            continue
        if finding.actual is not None and finding.actual > today and finding.latest is not None:
            judged.setdefault(("planned", known.name), []).append((finding.latest, finding))
        if finding.expires is not None:
            judged.setdefault(("expires", known.name), []).append((finding.expires, finding))
    for (kind, _), found in judged.items():
        day, finding = min(found, key=lambda pair: pair[0])
        refs = ", ".join(dict.fromkeys(other.ref for _, other in found))
        what = point_title(plan, finding)
        assert finding.actual is not None
        if kind == "planned":
            line = Deadline(spell(day), "planned", what, words.planned_for(finding.actual, day), refs)
        else:
            how = words.serves_until(finding.actual, day, plan.protocol.zero, planned=finding.actual > today)
            line = Deadline(spell(day), "expires", what, how, refs)
        yield day, line
    yield from _limits_and_milestones(plan)


def _limits_and_milestones(plan: Plan) -> Iterator[tuple[date, Deadline]]:
    """By when the cells must have begun, and the milestones still ahead."""
    today, zero = plan.as_of.date(), plan.protocol.zero
    standing = standing_of(plan)
    limit = latest_start(plan, standing.in_hand)
    if limit is not None and limit[0].latest is not None and not standing.of(standing.in_hand).infused:
        finding, moment = limit
        how = finding_basis(finding, zero)
        yield (
            limit[0].latest,
            Deadline(moment, "limit", words.starts_by_then(infusion_word(plan)), how, finding.ref),
        )
    for event in plan.events:
        if event.category == "milestone" and event.on >= today:
            ground = f"{counted_in_words(event.basis.counted, zero)}; {ground_of(event)}"
            line = label_told(plan, event), ground
            yield event.on, Deadline(spell(event.on), words.A_DATE_TO_KNOW, title_of(event), *line)
