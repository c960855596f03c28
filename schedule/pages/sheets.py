"""Plan -> the day sheets, worded: one for every day of the patient's, or of the donor's, that has anything on it.

Every date and word that the template shows arrives ready from here.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time

from schedule.engine.labels import day_name, label_of
from schedule.model.dates import add
from schedule.model.ids import check_code
from schedule.model.notation import DayLabel, plural, spell, spell_offset, spell_range, spell_span
from schedule.model.plan import Event, Finding, Plan
from schedule.model.reasons.basis import FromDayZero, FromPlannedDayZero
from schedule.pages.page_breaks import Block, Foot, Infusion, Page, Row, divide
from schedule.words.basis import basis_of, days_off_of, ground_of
from schedule.words.findings import finding_basis, finding_flags, point_title
from schedule.words.gaps import gap_in_words
from schedule.words.plan import (
    Frame,
    clock_of,
    distance_of,
    due_points,
    infusion_word,
    latest_start,
    shortened,
    zero_label,
    zero_of,
)
from schedule.words.titles import full_title, title_of

MOST_ROWS = 9
"""Rows in a block: what one can run through without losing the place (Gawande's checklist for checklists)."""
LONGEST_SPAN = 60
"""A span of more days than this makes a sheet on its first and last day only; sheets between that exist show it."""

PARTS = (time(12, 0), time(18, 0), time.max)
PART_TITLES = ("00:00 to 11:59", "12:00 to 17:59", "18:00 to 23:59", "No hour stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One day of the patient's or the donor's. `number` of `of` counts the sheets of that person."""

    anchor: str
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
    return (*_Sheets(plan, shared, donor=False).made(), *_Sheets(plan, shared, donor=True).made())


class _Sheets:
    """The sheets of the patient, or of the donor."""

    def __init__(self, plan: Plan, shared: Frame, *, donor: bool) -> None:
        self.plan, self.shared, self.donor = plan, shared, donor
        self.day_zero = zero_of(plan)
        self.events = [event for event in plan.events if event.donor == donor and event.status != "cancelled"]
        self.on: dict[date, list[Event]] = defaultdict(list)
        self.spans: list[Event] = []
        for event in self.events:
            if event.last_date is not None and event.last_date > event.on:
                self.spans.append(event)
            else:
                self.on[event.on].append(event)
        self.due = [] if donor else due_points(plan)
        self.days = sorted({*self.on, *self.days_of_spans(), *(f.latest for f, _ in self.due if f.latest)})
        self.rows_on = {day: self.rows(day) for day in self.days}

    def days_of_spans(self) -> set[date]:
        days: set[date] = set()
        for event in self.spans:
            last = event.last_date or event.on
            length = (last - event.on).days + 1
            days |= {event.on, last}
            if length <= LONGEST_SPAN:
                days |= {add(event.on, number, "days", "clamp") for number in range(length)}
        return days

    def made(self) -> list[Sheet]:
        plan = self.plan
        return [
            Sheet(
                anchor=f"{'donor' if self.donor else 'patient'}-{day.isoformat()}",
                donor=self.donor,
                day=label_of(plan, day),
                on=spell(day),
                distance=distance_of(plan, day),
                number=number,
                of=len(self.days),
                check=check_code(plan.schedule_id, plan.revision, day, donor=self.donor),
                pages=divide(self.blocks(day), self.infusion(day), self.foot(day), self.shared.banner_short),
            )
            for number, day in enumerate(self.days, 1)
        ]

    def rows(self, day: date) -> list[tuple[int, Row]]:
        """The day's tasks with the number of their part of the day, in order of time."""
        spans = [event for event in self.spans if event.on <= day <= (event.last_date or event.on)]
        return [(self.part_of(event), self.row(event, day)) for event in (*self.on.get(day, ()), *spans)]

    @staticmethod
    def part_of(event: Event) -> int:
        if event.start is None:
            return len(PARTS)
        clock = event.start.time()
        return next(number for number, end in enumerate(PARTS) if clock < end)

    def blocks(self, day: date) -> list[Block]:
        parts: dict[int, list[Row]] = defaultdict(list)
        for part, row in self.rows_on[day]:
            parts[part].append(row)
        return [
            Block(
                PART_TITLES[part]
                + (f", continued: {first + 1} to {first + len(rows[first : first + MOST_ROWS])}" if first else ""),
                tuple(rows[first : first + MOST_ROWS]),
            )
            for part, rows in sorted(parts.items())
            for first in range(0, len(rows), MOST_ROWS)
        ]

    def row(self, event: Event, day: date) -> Row:
        return Row(
            due=clock_of(event),
            task=title_of(event),
            notes=tuple(self.notes(event, day)),
            site=event.task,
            verify=event.verify,
            dose=event.category == "treatment" and event.of > 1,
        )

    def notes(self, event: Event, day: date) -> list[str]:
        """What stands below a task: how long it lasts, what to look out for, and the words its date rests on."""
        notes = []
        if event.last_date is not None and event.last_date > event.on:
            total = (event.last_date - event.on).days + 1
            notes.append(f"day {(day - event.on).days + 1} of {total}: {spell_span(event.on, event.last_date)}")
        if event.status not in ("planned", "unconfirmed"):
            notes.append(f"recorded: {event.status}")
        if event.window:
            notes.append(f"window: {spell_range(*event.window)}")
        if event.tolerance:
            notes.append(f"no more than {plural(event.tolerance, 'hours')} earlier or later")
        notes += [f"falls on: {off}" for off in days_off_of(event)]
        if not event.task:
            notes.append(self.source(event))
        return notes

    def source(self, event: Event) -> str:
        """The words a date rests on; the arithmetic too, unless it is the one that the foot of the sheet shows."""
        counted = event.basis.counted
        in_days = all(unit == "days" for _, unit in counted.shifts)
        at_foot = isinstance(counted.anchor, FromDayZero | FromPlannedDayZero) and counted.on == self.day_zero
        if at_foot and in_days:
            return ground_of(event, known=self.plan.protocol.id)
        return basis_of(event, self.plan.protocol.zero)

    def infusion(self, day: date) -> Infusion | None:
        zero = self.plan.protocol.day_zero
        if not any(event.activity == zero and event.number == 1 for event in self.on.get(day, ())):
            return None
        limit = latest_start(self.plan)
        gaps = tuple(gap_in_words(gap) for gap in self.plan.not_stated)
        if limit is None:
            return Infusion("", "", gaps)
        finding, moment = limit
        return Infusion(moment, f"{finding_basis(finding, self.plan.protocol.zero)} ({finding.ref})", gaps)

    def foot(self, day: date) -> Foot:
        plan = self.plan
        today = tuple(
            (f"{point_title(plan, finding)} ({refs})", "; ".join((self.asked(finding), *finding_flags(finding))))
            for finding, refs in self.due
            if finding.latest == day
        )
        windows = tuple(
            f"{point_title(plan, finding)} ({refs}): until {spell(finding.latest)}"
            for finding, refs in self.due
            if finding.earliest is not None and finding.latest is not None and finding.earliest <= day < finding.latest
        )
        activities = plan.protocol.activities
        going_on = tuple(
            f"{full_title(event.title)}; since {spell(event.on)}"
            for event in self.events
            if event.on < day and event.activity in activities and activities[event.activity].until is not None
        )
        return Foot(today, windows, going_on, *self.tomorrow(day), self.reckoning(day))

    def reckoning(self, day: date) -> str:
        """`Day −5 = day 0 (Mon 15-Jun-2026) − 5 days`: the arithmetic that every date of the sheet rests on."""
        protocol = self.plan.protocol
        if day == self.day_zero:
            return f"{zero_label(self.plan)} = the day of the {infusion_word(self.plan)}"
        zero = protocol.zero
        label, offset = label_of(self.plan, day), (day - self.day_zero).days
        if label != day_name(protocol, self.day_zero, self.plan.case.dates, day):
            return f"Planned as {label}; now {distance_of(self.plan, day)}, {zero} ({spell(self.day_zero)})"
        return f"{label} = {zero} ({spell(self.day_zero)}){spell_offset(offset)}"

    @staticmethod
    def asked(finding: Finding) -> str:
        if finding.earliest is None or finding.earliest == finding.latest:
            return "last day today"
        return f"last day today; open since {spell(finding.earliest)}"

    def tomorrow(self, day: date) -> tuple[str, tuple[str, ...]]:
        """The next day in words, and what is on it: the first nine things, if there are more."""
        tomorrow = add(day, 1, "days", "clamp")
        heading = f"{label_of(self.plan, tomorrow)}, {spell(tomorrow)}"
        items = [shortened(f"{row.due} {row.task}".strip(), 200) for _, row in self.rows_on.get(tomorrow, ())]
        if items:
            more = (f"and {len(items) - MOST_ROWS} more: see its sheet",) if len(items) > MOST_ROWS else ()
            return heading, (*items[:MOST_ROWS], *more)
        later = next((other for other in self.days if other > day), None)
        after = (
            f"The next sheet is {label_of(self.plan, later)}, {spell(later)}." if later else "This is the last sheet."
        )
        return heading, ("Nothing is planned.", after)
