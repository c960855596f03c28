"""Plan -> the go/no-go pages, worded: what is open before a course or the infusion begins, and what would settle it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from schedule.engine.settling import is_kept, is_missing
from schedule.model.moment import is_earlier
from schedule.model.plan import Event, Finding, Plan, standing_of
from schedule.model.reasons.findings import TitledEvent
from schedule.words import go as words
from schedule.words.dates import spell_latest
from schedule.words.day_labels import label_told
from schedule.words.deadlines import donors, overdue_since
from schedule.words.findings import (
    OPEN_TITLES,
    finding_basis,
    finding_flags,
    finding_title,
    point_title,
    settled,
)
from schedule.words.plan import due_points, infusion_word, moment_of, zero_of
from schedule.words.settling import settled_on_paper
from schedule.words.statuses import status_in_words
from schedule.words.titles import head_of, title_of


class Item(NamedTuple):
    """One open thing: what it is, how it stands, what would settle it and until when, and on whose word.

    A dose to be recorded, a ruling, and what nobody has stated have no `settles`: their group says it.
    """

    ref: str
    what: str
    stands: str
    settles: str
    until: str
    why: str


class Group(NamedTuple):
    """Open things of one kind."""

    title: str
    items: tuple[Item, ...]


class GoPage(Struct, frozen=True, kw_only=True):
    """What is open before one thing begins. `settled` counts what is not."""

    anchor: str
    title: str
    begins: str
    number: int
    of: int
    groups: tuple[Group, ...]
    settled: str


def first_dose(plan: Plan) -> Event | None:
    """The first treatment of a course that begins before day 0 of the cycle in hand; None where no course does."""
    cycle = standing_of(plan).in_hand
    zero = zero_of(plan, cycle)
    doses = [one for one in plan.events if is_dose(plan, one) and one.on < zero and one.cycle in (0, cycle)]
    to_give = (event for event in doses if event.status not in ("held", "cancelled"))
    return next(to_give, doses[0] if doses else None)


def is_dose(plan: Plan, event: Event) -> bool:
    """Whether the event is a treatment of the patient that belongs to a course."""
    activity = plan.protocol.activities.get(event.activity)
    return activity is not None and event.category == "treatment" and not event.donor and activity.course is not None


def go_pages(plan: Plan) -> tuple[GoPage, ...]:
    """A page before the first course that precedes the infusion, if there is one and its first dose is not given, and a
    page before the infusion of the cycle in hand."""
    gates = []
    first = first_dose(plan)
    if first is not None and first.actual is None:
        course = plan.protocol.courses[plan.protocol.activities[first.activity].course or ""]
        gates.append((first, course.title.lower(), words.first_dose_begins(moment_of(first), label_told(plan, first))))
    cells = [event for event in plan.events if event.activity == plan.protocol.day_zero and not event.replaced]
    in_hand = standing_of(plan).in_hand
    infusion = next((event for event in cells if max(event.cycle, 1) == in_hand), cells[0])
    begins = f"{head_of(infusion.title)}, {moment_of(infusion)}, {label_told(plan, infusion)}"
    gates.append((infusion, words.the(infusion_word(plan)), begins))
    return tuple(
        GoPage(
            anchor=f"before-{event.id}",
            title=words.before(title),
            begins=begins,
            number=number,
            of=len(gates),
            groups=tuple(_groups(plan, event)),
            settled=settled(plan),
        )
        for number, (event, title, begins) in enumerate(gates, 1)
    )


def _groups(plan: Plan, gate: Event) -> Iterator[Group]:
    """What is open, worst first; what is due later than the gate apart from what is due before it."""
    for status in ("violated", "boundary"):
        some = (f for f in plan.findings if f.status == status and not is_kept(f))
        yield from _group(OPEN_TITLES[status], _items(plan, some, gate))
    due = [finding for finding in plan.findings if finding.status == "due" and finding.latest is None]
    dated = due_points(plan)
    before = [(f, refs) for f, refs in dated if _ends_before(f, gate)]
    after = [(f, refs) for f, refs in dated if not _ends_before(f, gate)]
    yield from _group(words.due_before(gate.when), [*_dated(plan, before), *_items(plan, due, gate)])
    yield from _group(words.may_wait(gate.when), _dated(plan, after))
    doses = [event for event in plan.events if _to_confirm(event, gate)]
    yield from _group(words.recorded_by(gate.on), [_dose(event) for event in doses])
    yield from _group(words.KEPT, _kept(plan))
    ruled = [finding for finding in plan.findings if finding.status == "ruled"]
    yield from _group(words.STILL_RULED, _items(plan, ruled, gate))
    unstated = [finding for finding in plan.findings if finding.status == "not stated"]
    yield from _group(OPEN_TITLES["not stated"], _items(plan, unstated, gate))


def _kept(plan: Plan) -> Iterator[Item]:
    """What of the protocol has kept its date while day 0 moved; the site's own tasks are on the sheets."""
    tasks = {event.id for event in plan.events if event.task}
    for finding in plan.findings:
        if is_kept(finding) and str(finding.point) not in tasks:
            why = finding_basis(finding, plan.protocol.zero)
            yield Item("", finding_title(finding, plan.protocol.zero), "", "", "", why)


def _group(title: str, items: Iterable[Item]) -> Iterator[Group]:
    found = tuple(dict.fromkeys(items))
    if found:
        yield Group(title, found)


def _ends_before(finding: Finding, gate: Event) -> bool:
    """Whether the last moment that a finding allows lies before the gate, of the same date by the hour."""
    last = finding.asked[1]
    return last is not None and is_earlier(last, gate.when)


def _to_confirm(event: Event, gate: Event) -> bool:
    """Whether its record is asked for: what is past and not later than the gate, of which no hour may be known; and a
    dose of a day before."""
    past = event.status == "unconfirmed" and event is not gate and not is_earlier(gate.when, event.when)
    dose = event.category == "treatment" and event.status in ("planned", "unconfirmed") and event.on < gate.on
    return (past or dose) and not event.task


def _dose(event: Event) -> Item:
    title = title_of(event)
    stands = status_in_words(event.status) if event.status == "unconfirmed" else ""
    return Item("", donors(title) if event.donor else title, stands, "", moment_of(event), "")


def _dated(plan: Plan, due: Iterable[tuple[Finding, str]]) -> Iterator[Item]:
    for finding, refs in due:
        settles = words.date_wanted(finding)
        assert finding.latest is not None
        until = overdue_since(finding) if finding.overdue else spell_latest(finding)
        if is_missing(plan, finding):
            settles = settled_on_paper(plan, finding)
        yield Item(refs, point_title(plan, finding), "", settles, until, "; ".join(finding_flags(finding)))


def _items(plan: Plan, findings: Iterable[Finding], gate: Event) -> Iterator[Item]:
    is_infusion = gate.activity == plan.protocol.day_zero
    before = words.before_the(infusion_word(plan)) if is_infusion else words.BEFORE_FIRST_DOSE
    for finding in findings:
        until = "" if finding.status in ("not stated", "ruled") else before
        yield Item(
            "" if isinstance(finding.title, TitledEvent) else finding.ref,
            finding_title(finding, plan.protocol.zero),
            "",
            settled_on_paper(plan, finding),
            until,
            finding_basis(finding, plan.protocol.zero) if finding.status != "due" else "",
        )
