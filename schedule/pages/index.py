"""Plan -> the index page: the next things due, and what is overdue."""

from collections.abc import Collection
from datetime import UTC, datetime, time

from msgspec import Struct

from schedule.engine.settling import is_missing
from schedule.model.notation import spell_moment
from schedule.model.plan import Plan, standing_of
from schedule.words import deadlines as words
from schedule.words.day_labels import day_named, label_told
from schedule.words.findings import point_title, standing
from schedule.words.outputs import OnIndex, on_index
from schedule.words.plan import due_points, moment_of
from schedule.words.titles import title_of


class Index(Struct, frozen=True):
    """What comes next, how the plan stands, and the files that it leads to; of a `cancelled` plan nothing comes."""

    overdue: tuple[str, ...]
    next: tuple[tuple[str, str], ...]
    standing: str
    as_of: str
    files: tuple[OnIndex, ...]
    cancelled: bool


def index_page(plan: Plan, files: Collection[str] = ()) -> Index:
    """The next three things due after as-of, events and deadlines alike, and what is overdue or missing. `files` are
    the names of those that stand beside the page."""
    today, zone = plan.as_of.date(), plan.site.zone or UTC
    now = plan.as_of.replace(tzinfo=zone)
    coming: list[tuple[datetime, str, str]] = []
    for event in plan.events:
        moment = (event.start or datetime.combine(event.on, time(23, 58), zone)).astimezone(UTC)
        if event.status == "planned" and moment > now:
            title = f"{title_of(event)} ({label_told(plan, event)})"
            coming.append((moment, moment_of(event), words.donors(title) if event.donor else title))
    overdue = []
    for finding, refs in due_points(plan):
        assert finding.latest is not None
        title = f"{point_title(plan, finding)} ({refs})"
        if is_missing(plan, finding):
            overdue.append(f"{words.missing_until(finding)}: {title}")
        elif finding.latest < today:
            overdue.append(f"{words.overdue_since(finding)}: {title}")
        else:
            last = words.by_then(finding)
            at = finding.latest_at or datetime.combine(finding.latest, time(23, 59), zone)
            coming.append((at.astimezone(UTC), last, words.last_day(title)))
    cancelled = standing_of(plan).cancelled
    coming.sort(key=lambda thing: thing[0])
    return Index(
        overdue=tuple(overdue),
        next=tuple((when, what) for _, when, what in coming[:3]),
        standing="" if cancelled else standing(plan),
        as_of=f"{spell_moment(plan.as_of)}, {day_named(plan, today)}",
        files=on_index(files),
        cancelled=cancelled,
    )
