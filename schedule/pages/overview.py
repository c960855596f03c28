"""Plan -> the overview: month grids of the months that hold a treatment, the timeline, and what lies outside them."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from schedule.engine.day_names import label_of
from schedule.engine.site_days import closed_because
from schedule.model.dates import add
from schedule.model.notation import MONTHS_IN_FULL, WEEKDAYS_IN_FULL, spell
from schedule.model.plan import Plan
from schedule.pages.timeline import Picture, pictures
from schedule.words.days_off import closure_in_words
from schedule.words.deadlines import donors, last_day
from schedule.words.findings import point_title
from schedule.words.overview import limit_of_a_delay
from schedule.words.plan import due_points, zero_of
from schedule.words.titles import cell_title, short, title_of


class DayCell(NamedTuple):
    """One day of a grid, empty outside the month.
    `closed` is why the site does not work that day, if it is no weekend.
    """

    number: str
    label: str
    closed: str
    things: tuple[str, ...]
    zero: bool


class Month(NamedTuple):
    """A month in weeks from Monday to Sunday."""

    title: str
    weeks: tuple[tuple[DayCell, ...], ...]


class Overview(NamedTuple):
    """The whole schedule to look at. `words` is the picture in text; `others` is what no grid shows."""

    pictures: tuple[Picture, ...]
    words: tuple[str, ...]
    weekdays: tuple[str, ...]
    months: tuple[Month, ...]
    others: tuple[tuple[str, str], ...]


EMPTY = DayCell("", "", "", (), False)


def overview(plan: Plan) -> Overview:
    """Timeline, grids, and the rest."""
    things = _things(plan)
    shown = sorted({(e.on.year, e.on.month) for e in plan.events if e.category == "treatment" and not e.donor})
    drawn = pictures(plan)
    first = drawn[0]
    words = [f"{first.zero_words}.", *(f"{text}." for text in first.feasible_words)]
    if first.limit is not None:
        words.append(limit_of_a_delay(first.limit_words))
    words += [f"{lane.words}." for picture in drawn for lane in picture.lanes]
    return Overview(
        pictures=drawn,
        words=tuple(words),
        weekdays=WEEKDAYS_IN_FULL,
        months=tuple(_month(plan, year, month, things) for year, month in shown),
        others=tuple(
            (f"{spell(day)}, {label_of(plan, day)}", "; ".join(what for what, _ in found))
            for day, found in sorted(things.items())
            if (day.year, day.month) not in shown
        ),
    )


def _things(plan: Plan) -> dict[date, list[tuple[str, str]]]:
    """What each day holds, in full and short: the protocol's events and the last days; the site's tasks are on the
    sheets.
    """
    found: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for event in plan.events:
        if event.task or event.status == "cancelled":
            continue
        full, brief = title_of(event), cell_title(event.title)
        full, brief = (donors(full), donors(brief)) if event.donor else (full, brief)
        found[event.on].append((full, brief))
        if event.last_date is not None and event.last_date > event.on:
            found[event.last_date].append((last_day(full), last_day(brief)))
    for finding, _ in due_points(plan):
        if finding.latest is not None:
            title = point_title(plan, finding)
            found[finding.latest].append((last_day(title), last_day(short(title))))
    return found


def _month(plan: Plan, year: int, month: int, things: dict[date, list[tuple[str, str]]]) -> Month:
    zero = zero_of(plan)
    weeks = []
    monday = add(date(year, month, 1), -date(year, month, 1).weekday(), "days", "clamp")
    while (monday.year, monday.month) <= (year, month):
        week = [add(monday, number, "days", "clamp") for number in range(7)]
        monday = add(monday, 7, "days", "clamp")
        cells = []
        for day in week:
            if day.month != month:
                cells.append(EMPTY)
                continue
            cells.append(
                DayCell(
                    number=str(day.day),
                    label=label_of(plan, day).bare,
                    closed=closure_in_words(closed_because(plan.site, day)),
                    things=tuple(brief for _, brief in things.get(day, ())),
                    zero=day == zero,
                )
            )
        weeks.append(tuple(cells))
    return Month(f"{MONTHS_IN_FULL[month - 1]} {year}", tuple(weeks))
