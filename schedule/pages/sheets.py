"""Plan -> the day sheets, worded: one for every day of the patient's, or of the donor's, that has anything on it.

Every date and word that the template shows arrives ready from here.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from schedule.engine.moved import MovedDayZero
from schedule.model.dates import add
from schedule.model.ids import check_code
from schedule.model.moment import Moment
from schedule.model.notation import DayLabel, spell
from schedule.model.plan import Event, Plan
from schedule.model.protocol import Protocol
from schedule.pages.page_breaks import Block, Foot, Head, Infusion, Page, SheetRow, divide
from schedule.pages.sheet_days import (
    DayOfInfusion,
    HeadOfSheet,
    OpenPoint,
    SheetDay,
    elsewhere,
    is_at_foot,
    is_dose,
    sheet_days,
    stands,
)
from schedule.words import sheets as words
from schedule.words.acts import recorded
from schedule.words.basis import counted_in_words, ground_in_words
from schedule.words.findings import finding_basis, finding_flags, point_title
from schedule.words.gaps import gaps_on_paper
from schedule.words.moved import A_SHEET_IS_VOID, moved_from, moved_when
from schedule.words.plan import Frame, infusion_word, limit_moment, shortened
from schedule.words.titles import parted, title_of

MOST_ROWS = 9
"""Rows in a block: what one can run through without losing the place (Gawande's checklist for checklists)."""


class Sheet(Struct, frozen=True, kw_only=True):
    """One day of the patient's or the donor's."""

    anchor: str
    of_day: date
    donor: bool
    day: DayLabel
    on: str
    head: Head
    check: str
    pages: tuple[Page, ...]


def day_sheets(plan: Plan, shared: Frame) -> tuple[Sheet, ...]:
    """Every sheet: the patient's in order of days, then the donor's."""
    return tuple(sheets_on(plan, shared, None))


def sheets_on(plan: Plan, shared: Frame, day: date | None) -> Iterable[Sheet]:
    """The patient's sheet and the donor's of one day; of every day, in order, where it is None."""
    for donor in (False, True):
        for one in sheet_days(plan, donor=donor):
            if day in (None, one.on):
                yield _sheet(plan, shared, one)


def _sheet(plan: Plan, shared: Frame, one: SheetDay) -> Sheet:
    infusion = _infusion(one.infusion, plan.protocol) if one.infusion else None
    head = _head(plan, one, shared)
    return Sheet(
        anchor=f"{'donor' if one.donor else 'patient'}-{one.on.isoformat()}",
        of_day=one.on,
        donor=one.donor,
        day=one.head.label,
        on=spell(one.on),
        head=head,
        check=check_code(plan.schedule_id, plan.revision, one.on, donor=one.donor),
        pages=divide(_blocks(plan, one), infusion, _foot(plan, one, shared), head),
    )


# The head -------------------------------------------------------------------------------------------------------------


def _head(plan: Plan, one: SheetDay, shared: Frame) -> Head:
    infusion, titles = infusion_word(plan), _titles(one.head, one.on, infusion_word(plan))
    moved = _moved(plan, one.moved) if one.moved is not None else None
    apart = (one.on - one.day_zero).days
    label, planned = _label(one.head), one.head.planned
    if apart:
        lies = words.lies_to_zero(apart, infusion, one.day_zero, moved=planned is not None)
    elif planned is not None:
        lies = words.zero_planned_for(planned)
    else:
        lies = ""
    sub = "; ".join(text for text in (label if titles else "", lies) if text)
    return Head(title="; ".join(titles) or label, sub=sub, moved=moved, banner=shared.banner_short)


def _moved(plan: Plan, moved: MovedDayZero) -> tuple[str, str]:
    return moved_from(moved, plan.protocol), f"{moved_when(moved)}. {A_SHEET_IS_VOID}"


def _titles(head: HeadOfSheet, day: date, infusion: str) -> tuple[str, ...]:
    courses = tuple(words.day_of_course(one.title, one.number, one.of, daily=one.daily) for one in head.courses)
    return (*((words.day_of_the(infusion),) if day == head.day_zero else ()), *courses)


def _label(head: HeadOfSheet) -> str:
    return words.planned_as(head.planned_label) if head.planned_label is not None else str(head.label)


# The tasks ------------------------------------------------------------------------------------------------------------


def _blocks(plan: Plan, one: SheetDay) -> list[Block]:
    if len(one.tasks) <= MOST_ROWS:
        return [Block("", tuple(_row(plan, one, event) for _, event in one.tasks))]
    parts: dict[int, list[SheetRow]] = defaultdict(list)
    for part, event in one.tasks:
        parts[part].append(_row(plan, one, event))
    return [
        Block(words.part_title(part, first + 1, first + len(some)), tuple(some))
        for part, rows in sorted(parts.items())
        for first in range(0, len(rows), MOST_ROWS)
        for some in [rows[first : first + MOST_ROWS]]
    ]


def _row(plan: Plan, one: SheetDay, event: Event) -> SheetRow:
    record = event.record if stands(event) and (event.on == one.on or event.status == "held") else None
    no_box = words.NO_BOX if one.cancelled else ""
    state, at = words.recorded_as(event, record) if record is not None else (no_box, "")
    planned = _date_if_same_hour(elsewhere(event), event)
    return SheetRow(
        due=words.hour_of(event),
        name=parted(event.title)[0],
        more=words.more_of_title(event),
        notes=tuple(words.notes_of(event, one.on, planned)),
        state=state,
        at=at,
        outcome=words.outcome_of(event, record) if record is not None else _without_record(one, event),
        verify=event.verify,
        dose=is_dose(event),
    )


def _without_record(one: SheetDay, event: Event) -> str:
    """What stands as the outcome of what has no record of that day: nothing but in a cancelled plan; there what was
    recorded on its first day, of what lasts for days."""
    if not one.cancelled:
        return ""
    return recorded(event, event.record) if stands(event) and event.record is not None else words.NOT_RECORDED


def _date_if_same_hour(planned: Moment | None, event: Event) -> Moment | None:
    """The planned time where it is to be told: of what was given on its day, the hour at which it was due says it."""
    return None if planned is None or (event.actual is not None and planned.on == event.on) else planned


def _infusion(found: DayOfInfusion, protocol: Protocol) -> Infusion:
    gaps = gaps_on_paper(found.gaps, protocol.parameters)
    if found.limit is None or found.by is None:
        return Infusion("", "", gaps)
    return Infusion(limit_moment(found.limit), f"{finding_basis(found.by, protocol.zero)} ({found.by.ref})", gaps)


# The foot -------------------------------------------------------------------------------------------------------------


def _foot(plan: Plan, one: SheetDay, shared: Frame) -> Foot:
    due = tuple((f"{point_title(plan, point.finding)} ({point.refs})", "; ".join(_asked(point))) for point in one.due)
    windows = tuple(
        words.open_until(point_title(plan, point.finding), point.refs, point.finding)
        for point in one.windows
        if point.finding.latest
    )
    return Foot(
        deadlines=due,
        windows=windows,
        running=tuple(words.running_since(event, one.on) for event in one.running),
        tomorrow="" if one.cancelled else f"{spell(add(one.on, 1, 'days', 'clamp'))}, {_label(one.next_head)}",
        next_items=() if one.cancelled else _next_items(one),
        small=words.boilerplate(shared.aid, shared.protocol, shared.zone, shared.since),
        why=tuple(_why(plan, one)),
    )


def _why(plan: Plan, one: SheetDay) -> Iterable[str]:
    """On whose word the dates of the protocol's things are; the sum too, where the head does not show it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for _, event in one.tasks:
        if not event.task:
            ground = ground_in_words(event.basis.ground, known=plan.protocol.id)
            if not is_at_foot(event, one.day_zero):
                ground = f"{counted_in_words(event.basis.counted, plan.protocol.zero)}; {ground}"
            found[ground][parted(event.title)[0]] = None
    return (f"{', '.join(names)}: {text}." for text, names in found.items())


def _asked(point: OpenPoint) -> tuple[str, ...]:
    return *words.open_since(point.finding), *finding_flags(point.finding)


def _next_items(one: SheetDay) -> tuple[str, ...]:
    """What is on the next day: the first nine things, if there are more; or which sheet comes next."""
    items = [shortened(f"{words.hour_of(event)} {title_of(event)}".strip(), 200) for event in one.next_tasks]
    if not items:
        return (words.NOTHING_PLANNED, words.next_sheet(one.later))
    more = (words.and_more(len(items) - MOST_ROWS),) if len(items) > MOST_ROWS else ()
    return (*items[:MOST_ROWS], *more)
