"""Plan -> the day sheets, worded: one for every day of the patient's, or of the donor's, that has anything on it.

Every date and word that the template shows arrives ready from here.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from schedule.model.dates import add
from schedule.model.ids import check_code
from schedule.model.notation import DayLabel, spell
from schedule.model.plan import Event, Plan
from schedule.pages.page_breaks import Block, Foot, Infusion, Page, SheetRow, divide
from schedule.pages.sheet_days import DayOfInfusion, OpenPoint, SheetDay, is_at_foot, sheet_days
from schedule.words import sheets as words
from schedule.words.findings import finding_basis, finding_flags, point_title
from schedule.words.gaps import gap_in_words
from schedule.words.plan import Frame, clock_of, limit_moment, shortened
from schedule.words.titles import title_of

MOST_ROWS = 9
"""Rows in a block: what one can run through without losing the place (Gawande's checklist for checklists)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One day of the patient's or the donor's. `number` of `of` counts the sheets of that person."""

    anchor: str
    of_day: date
    donor: bool
    day: DayLabel
    on: str
    distance: str
    number: int
    of: int
    check: str
    pages: tuple[Page, ...]

    @property
    def label(self) -> str:
        """`Day −5`."""
        return str(self.day)


def day_sheets(plan: Plan, shared: Frame) -> tuple[Sheet, ...]:
    """Every sheet: the patient's in order of days, then the donor's."""
    return tuple(
        _sheet(plan, shared, one, number, len(days))
        for days in (sheet_days(plan, donor=False), sheet_days(plan, donor=True))
        for number, one in enumerate(days, 1)
    )


def _sheet(plan: Plan, shared: Frame, one: SheetDay, number: int, of: int) -> Sheet:
    infusion = _infusion(one.infusion, plan.protocol.zero) if one.infusion else None
    return Sheet(
        anchor=f"{'donor' if one.donor else 'patient'}-{one.on.isoformat()}",
        of_day=one.on,
        donor=one.donor,
        day=one.day,
        on=spell(one.on),
        distance=words.apart_in_words((one.on - one.day_zero).days, one.infusion_word),
        number=number,
        of=of,
        check=check_code(plan.schedule_id, plan.revision, one.on, donor=one.donor),
        pages=divide(_blocks(plan, one), infusion, _foot(plan, one), shared.banner_short),
    )


def _blocks(plan: Plan, one: SheetDay) -> list[Block]:
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
    protocol, at_foot = plan.protocol, is_at_foot(event, one.day_zero)
    notes = words.notes_of(event, one.on, protocol.zero, at_foot=at_foot, protocol=protocol.id)
    return SheetRow(
        due=clock_of(event),
        task=title_of(event),
        notes=tuple(notes),
        site=event.task,
        verify=event.verify,
        dose=event.category == "treatment" and event.of > 1,
    )


def _infusion(found: DayOfInfusion, zero: str) -> Infusion:
    gaps = tuple(gap_in_words(gap) for gap in found.gaps)
    if found.limit is None or found.by is None:
        return Infusion("", "", gaps)
    return Infusion(limit_moment(found.limit), f"{finding_basis(found.by, zero)} ({found.by.ref})", gaps)


def _foot(plan: Plan, one: SheetDay) -> Foot:
    due = tuple((f"{point_title(plan, point.finding)} ({point.refs})", "; ".join(_asked(point))) for point in one.due)
    windows = tuple(
        words.open_until(point_title(plan, point.finding), point.refs, point.finding.latest)
        for point in one.windows
        if point.finding.latest
    )
    going_on = tuple(words.going_on_since(event) for event in one.going_on)
    tomorrow = f"{one.next_day}, {spell(add(one.on, 1, 'days', 'clamp'))}"
    reckoned = words.day_reckoned(
        one.day, one.on, one.day_zero, plan.protocol.zero, planned_as=one.planned_as, infusion=one.infusion_word
    )
    return Foot(due, windows, going_on, tomorrow, _next_items(one), reckoned)


def _asked(point: OpenPoint) -> tuple[str, ...]:
    return words.last_day_today(point.finding), *finding_flags(point.finding)


def _next_items(one: SheetDay) -> tuple[str, ...]:
    """What is on the next day: the first nine things, if there are more; or which sheet comes next."""
    items = [shortened(f"{clock_of(event)} {title_of(event)}".strip(), 200) for event in one.next_tasks]
    if not items:
        return (words.NOTHING_PLANNED, words.next_sheet(one.later))
    more = (words.and_more(len(items) - MOST_ROWS),) if len(items) > MOST_ROWS else ()
    return (*items[:MOST_ROWS], *more)
