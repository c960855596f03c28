"""Plan -> the overview: the timeline with its months beside it on one page, and the same in words on the next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from schedule.engine.day_names import label_of
from schedule.engine.moved import events_before_the_move, moved_day_zero
from schedule.engine.site_days import closed_because
from schedule.model.dates import add
from schedule.model.notation import MONTHS_IN_FULL, NO_BREAK, WEEKDAYS_IN_FULL, DayLabel, signed_number, spell
from schedule.model.plan import Event, Plan, standing_of
from schedule.pages.lanes import Lane, lanes_of
from schedule.pages.page_breaks import BOLD, lines
from schedule.pages.timeline import Picture, Room, feasible_words, fits, picture, width_of
from schedule.words import overview as words
from schedule.words.alerts import banner_short
from schedule.words.day_labels import label_told
from schedule.words.days_off import closure_in_words
from schedule.words.deadlines import donors, last_day
from schedule.words.findings import point_title
from schedule.words.gaps import gaps_on_paper
from schedule.words.moved import moved_from, moved_when
from schedule.words.plan import due_points, zero_of, zeros_of
from schedule.words.timeline import SIGNS
from schedule.words.titles import cell_title, short, title_of

WIDE = Room(width=714.0, height=592.0, labels=264.0)
"""Beside its months on a landscape page."""
TALL = Room(width=702.0, height=860.0, labels=264.0), Room(width=702.0, height=860.0, labels=300.0)
"""Alone on an upright page; where the lanes are too many, with longer lines for their names and narrower days."""
CELL = 32.0
"""So wide is what stands in a cell of the months beside it."""
MONTH, WEEK, LINE, LEGEND = 40.0, 20.0, 15.4, 175.0
"""Heights beside it: of a month's heads, of a week, of each line of labels in it, and of what the marks mean."""
MOST_MONTHS = 2
"""Beside the picture."""


class DayCell(Struct, frozen=True):
    """One day of a grid, empty outside the month. `small` is its label, as short as there is room for: the planned one
    in brackets, where something has `kept` its date. `closed` is why the site does not work that day, if no weekend."""

    number: str
    label: str
    small: str
    closed: str
    things: tuple[str, ...]
    zero: bool
    dose: bool
    weekend: bool
    kept: bool


class Month(NamedTuple):
    """A month in weeks from Monday to Sunday."""

    title: str
    weeks: tuple[tuple[DayCell, ...], ...]


class Overview(Struct, frozen=True):
    """The whole schedule to look at. `zero` is what day 0 is called. `beside` are the months that stand beside the
    only picture; without them the pictures stand alone. `months` are all that hold a treatment. `days` is every day in
    words, `words` the lanes."""

    zero: str
    pictures: tuple[Picture, ...]
    beside: tuple[Month, ...]
    moved: str
    words: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]
    weekdays: tuple[str, ...]
    months: tuple[Month, ...]
    days: tuple[tuple[str, str], ...]
    undated: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether something has kept its date where day 0 has moved."""
        return any(cell.kept for month in self.months for week in month.weeks for cell in week)


EMPTY = DayCell("", "", "", "", (), False, False, False, False)


def overview(plan: Plan, today: date | None = None) -> Overview:
    """Timeline, months, and the same in words; where day 0 moved a short time ago, with the dates that things had. A
    page gives `today`, which is marked; paper does not."""
    lanes = lanes_of(plan, events_before_the_move(plan))
    things, on = _things(plan), _events_by_day(plan)
    months = tuple(_month(plan, year, month, things, on) for year, month in _months_with_a_dose(plan))
    drawn = _pictures(plan, lanes, today)
    return Overview(
        zero=plan.protocol.zero,
        pictures=drawn,
        beside=_beside(plan, months, _below_banner(plan, WIDE)) if drawn[0].width == WIDE.width else (),
        moved=_moved(plan),
        words=tuple(f"{text}." for text in (*drawn[0].words[:1], *feasible_words(plan), *(one.words for one in lanes))),
        signs=SIGNS,
        weekdays=WEEKDAYS_IN_FULL,
        months=months,
        days=tuple(
            (_day(plan, day, on.get(day, ())), "; ".join(what for what, _ in found))
            for day, found in sorted(things.items())
        ),
        undated=gaps_on_paper((one.gap for one in plan.undated), plan.protocol.parameters),
    )


def _months_with_a_dose(plan: Plan) -> list[tuple[int, int]]:
    """Year and month of each that holds a treatment of the patient's; of a plan that was cancelled before any, that of
    day 0."""
    doses = (one for one in plan.events if one.category == "treatment" and not one.donor and one.status != "cancelled")
    zero = zero_of(plan)
    return sorted({(one.on.year, one.on.month) for one in doses}) or [(zero.year, zero.month)]


def _moved(plan: Plan) -> str:
    moved = moved_day_zero(plan)
    return f"{moved_from(moved, plan.protocol)}, {moved_when(moved)}" if moved is not None else ""


def _pictures(plan: Plan, lanes: Sequence[Lane], today: date | None) -> tuple[Picture, ...]:
    """One beside its months where there is room; else alone, on as many upright pages as the lanes need."""
    wide, short, long = (_below_banner(plan, room) for room in (WIDE, *TALL))
    if fits(lanes, wide):
        return (picture(plan, lanes, wide, today=today),)
    room = short if fits(lanes, short) else long
    pages: list[list[Lane]] = [[]]
    for lane in lanes:
        if pages[-1] and not fits([*pages[-1], lane], room):
            pages.append([])
        pages[-1].append(lane)
    return tuple(picture(plan, some, room, (number, len(pages)), today) for number, some in enumerate(pages, 1))


def _below_banner(plan: Plan, room: Room) -> Room:
    """The same room without what the banner takes of it."""
    said = banner_short(plan)
    taken = 16 + 18 * lines(said, (room.width if room is not WIDE else 930) / 96 * 25.4, BOLD * 11 / 12) if said else 0
    return room._replace(height=room.height - taken)


def _beside(plan: Plan, months: Sequence[Month], beside: Room) -> tuple[Month, ...]:
    """The month of day 0 (of the cycle in hand) and the next one with a treatment, or the last two; the month of day 0
    alone where there is no room for two."""
    zero = zero_of(plan, standing_of(plan).in_hand)
    title = _month_title(zero.year, zero.month)
    place = next((number for number, month in enumerate(months) if month.title == title), 0)
    found = tuple(months[max(min(place, len(months) - MOST_MONTHS), 0) :][:MOST_MONTHS])
    return found if sum(map(_tall, found)) + LEGEND <= beside.height else (months[place],)


def _tall(month: Month) -> float:
    labels = (max(len(cell.small.split(" ")) if cell.small else 1 for cell in week) for week in month.weeks)
    return MONTH + sum(WEEK + LINE * most for most in labels)


def _things(plan: Plan) -> dict[date, list[tuple[str, str]]]:
    """What each day holds, in full and short: the protocol's events and the last days; the site's tasks are on the
    sheets.
    """
    found: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for event in plan.events:
        if event.task or event.status == "cancelled":
            continue
        full, brief = words.stands_for(event, title_of(event)), words.stands_for(event, cell_title(event.title))
        full, brief = (donors(full), donors(brief)) if event.donor else (full, brief)
        found[event.on].append((full, brief))
        if event.last_date is not None and event.last_date > event.on:
            found[event.last_date].append((last_day(full), last_day(brief)))
    for finding, _ in due_points(plan):
        if finding.latest is not None:
            title = point_title(plan, finding)
            found[finding.latest].append((last_day(title), last_day(short(title))))
    return found


def _events_by_day(plan: Plan) -> Mapping[date, Sequence[Event]]:
    """What begins on each day, as it stands in the plan; nothing cancelled."""
    found: dict[date, list[Event]] = defaultdict(list)
    for event in plan.events:
        if event.status != "cancelled":
            found[event.on].append(event)
    return found


def _day(plan: Plan, day: date, on_day: Sequence[Event]) -> str:
    """What a day is called: as it was planned, where what stands on it has kept its date."""
    kept = _kept(plan, on_day)
    return f"{spell(day)}, {label_told(plan, kept) if kept is not None else label_of(plan, day)}"


def _kept(plan: Plan, on_day: Sequence[Event]) -> Event | None:
    """An event of a day that lies off its label."""
    return next((one for one in on_day if not one.label.clock and label_told(plan, one) != str(one.label)), None)


def _fitting(label: DayLabel, *, kept: bool) -> str:
    """A label for a small cell, its words below one another, in brackets where what is there keeps a planned day; of a
    cycle's the number alone where one of the words does not fit; empty where that is too wide as well."""
    number = (signed_number(label.number, label.numbering),) if label.cycle else ()
    for text in (label.brief, *number):
        words_of = (f"({text})" if kept else text).split(NO_BREAK)
        if all(width_of(one) <= CELL for one in words_of):
            return " ".join(words_of)
    return ""


def _month_title(year: int, month: int) -> str:
    return f"{MONTHS_IN_FULL[month - 1]} {year}"


def _month(
    plan: Plan,
    year: int,
    month: int,
    things: Mapping[date, Sequence[tuple[str, str]]],
    on: Mapping[date, Sequence[Event]],
) -> Month:
    weeks, zeros = [], zeros_of(plan)
    monday = add(date(year, month, 1), -date(year, month, 1).weekday(), "days", "clamp")
    while (monday.year, monday.month) <= (year, month):
        week = [add(monday, number, "days", "clamp") for number in range(7)]
        monday = add(monday, 7, "days", "clamp")
        cells = (
            _cell(plan, day, things.get(day, ()), on.get(day, ()), zero=day in zeros) if day.month == month else EMPTY
            for day in week
        )
        weeks.append(tuple(cells))
    return Month(_month_title(year, month), tuple(weeks))


def _cell(plan: Plan, day: date, things: Sequence[tuple[str, str]], on_day: Sequence[Event], *, zero: bool) -> DayCell:
    kept, label = _kept(plan, on_day), label_of(plan, day)
    doses = (one for one in on_day if one.category == "treatment" and not one.donor)
    return DayCell(
        number=str(day.day),
        label=label_told(plan, kept) if kept is not None else label.bare,
        small=_fitting(kept.label if kept is not None else label, kept=kept is not None),
        closed=closure_in_words(closed_because(plan.site, day)),
        things=tuple(brief for _, brief in things),
        zero=zero,
        dose=any(event.status != "held" for event in doses),
        weekend=day.weekday() in plan.site.weekend,
        kept=kept is not None,
    )
