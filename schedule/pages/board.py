"""Plans -> the board: patients as rows, two weeks of days as columns; a cell says kinds and how many, no drug.

What a patient has on every day is worked out once (`strip_of`) and kept for as long as it holds
(`service/ward_kept`); a board of any two weeks is cut from the strips, so that a ward of hundreds is quick to show.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple, assert_never

from msgspec import Struct

from schedule.engine.day_names import label_of, label_on, starts_early
from schedule.engine.entries import due_findings
from schedule.engine.moved import days_left_empty, moved_day_zero
from schedule.engine.need import Need, need, not_recorded
from schedule.engine.open_today import to_be_decided
from schedule.engine.shown_days import days_of_span
from schedule.model.dates import add
from schedule.model.notation import WEEKDAYS, spell, spell_clock, spell_day_month, spell_range
from schedule.model.plan import AnyPlan, ListedEvent, Standing, Status, standing_of
from schedule.model.protocol import Protocol
from schedule.model.sizes import FEW, PIECES
from schedule.words import board as words
from schedule.words.dates import day_zero_of, zero_in_hand
from schedule.words.day_labels import day_named
from schedule.words.findings import point_title
from schedule.words.moved import moved_by, moved_unsigned, nothing_on

DAYS = 14
"""Columns of a board."""
WALL_DAYS = 7
"""The same on the wall, where a line is read from a metre."""

Kind = Literal["not-recorded", "infusion", "dose", "task", "donor", "last", "expires", "left"]
NoteKind = Literal["not-allowed", "not-recorded", "moved", "decides", "overdue"]


class BoardEntry(NamedTuple):
    """Things of one kind of a day, in a few short words; `more` goes on in full where there is room for it."""

    words: str
    kind: Kind
    more: str = ""


class BoardNote(NamedTuple):
    """What is to be known of a patient before any day: it has a shape. `signed` ends with who did it."""

    kind: NoteKind
    words: str
    signed: str = ""


Stands = Literal["open", "happened", "held"]


class OnDay(NamedTuple):
    """What the board shows of one thing on a day: what it is counted as, if at all, how it stands, whether it is the
    donor's, and of the infusion its words."""

    kind: Literal["dose", "task", ""]
    stands: Stands
    donor: bool
    cells: str


LACKING = OnDay("", "open", donor=False, cells="")
"""What has no record: it is counted as that alone. Only this has no kind, no donor and no cells."""


class BoardCell(NamedTuple):
    """A patient's day: `label` is what it is called."""

    day: date
    label: str
    things: tuple[BoardEntry, ...]


class Strip(Struct, frozen=True, kw_only=True):
    """What a patient has on every day of the schedule, as of one moment: see `BoardRow`."""

    code: str
    need: Need
    named: str
    zero: str
    today: str
    notes: tuple[BoardNote, ...]
    cancelled: bool
    things: Mapping[date, tuple[BoardEntry, ...]]
    standing: Standing
    protocol: Protocol
    early: Mapping[int, date]

    def cell(self, day: date) -> BoardCell:
        """What there is on a day, and what the day is called where there is anything."""
        things = self.things.get(day, ())
        return BoardCell(day, str(label_on(self.standing, self.protocol, day, self.early)) if things else "", things)


class BoardRow(NamedTuple):
    """One patient's line of the board: what today is called, day 0 with its name, and what is open."""

    code: str
    today: str
    named: str
    zero: str
    notes: tuple[BoardNote, ...]
    cells: tuple[BoardCell, ...]


class BoardDay(NamedTuple):
    """The head of a column. `full` is the whole date; `crowd` says how many patients have their infusion then, if
    several."""

    weekday: str
    on: str
    full: str
    today: bool
    weekend: bool
    crowd: str

    @property
    def marks(self) -> str:
        """By which its column is told from the others: `now` and `off`."""
        return f"{'now ' if self.today else ''}{'off ' if self.weekend else ''}"


class Board(NamedTuple):
    """Some days of a ward. `rows` are the patients with something on these days or open, in the order of need; `quiet`
    have neither: code, and day 0 with its name; `gone` are those whose plan was cancelled. `named` is what day 0 is
    called, in each trial that there is."""

    title: str
    days: tuple[BoardDay, ...]
    rows: tuple[BoardRow, ...]
    quiet: tuple[tuple[str, str, str], ...]
    gone: tuple[str, ...]
    named: str

    @property
    def emptied(self) -> bool:
        """Whether some day has nothing on it any more, since day 0 moved."""
        return any(thing.kind == "left" for row in self.rows for cell in row.cells for thing in cell.things)


def strip_of(plan: AnyPlan) -> Strip:
    """What the board keeps of a plan with a day 0."""
    missing, cancelled = not_recorded(plan), standing_of(plan).cancelled
    return Strip(
        code=plan.case.code,
        need=need(plan),
        named=zero_in_hand(plan),
        zero=day_zero_of(plan),
        today=day_named(plan, plan.as_of.date()),
        notes=() if cancelled else tuple(_notes(plan, len(missing))),
        cancelled=cancelled,
        things=_things(plan, {event.id for event in missing}),
        standing=standing_of(plan),
        protocol=plan.protocol,
        early=starts_early(plan),
    )


def board(strips: Iterable[Strip], first: date, today: date, days: int = DAYS) -> Board:
    """The board of so many days from `first` on, patients in the order of need."""
    shown = [add(first, number, "days", "clamp") for number in range(days)]
    rows, quiet, gone = [], [], []
    infusions: Counter[date] = Counter()
    named: dict[str, None] = {}
    for strip in sorted(strips, key=lambda strip: strip.need):
        named[strip.protocol.zero] = None
        if strip.cancelled:
            gone.append(strip.code)
            continue
        cells = tuple(map(strip.cell, shown))
        infusions.update(cell.day for cell in cells if any(thing.kind == "infusion" for thing in cell.things))
        if strip.notes or any(cell.things for cell in cells):
            rows.append(BoardRow(strip.code, strip.today, strip.named, strip.zero, strip.notes, cells))
        else:
            quiet.append((strip.code, strip.named, strip.zero))
    heads = tuple(_head(day, today, infusions[day]) for day in shown)
    title = spell_range(shown[0], shown[-1])
    every = " or ".join(sorted(named)) or "day 0"
    return Board(title, heads, tuple(rows), tuple(quiet), tuple(sorted(gone)), every)


def _head(day: date, today: date, infusions: int) -> BoardDay:
    return BoardDay(
        weekday=WEEKDAYS[day.weekday()],
        on=spell_day_month(day),
        full=spell(day),
        today=day == today,
        weekend=day.weekday() >= 5,
        crowd=words.with_cells(infusions) if infusions > 1 else "",
    )


# What is on a day ----------------------------------------------------------------------------------------------------


def _things(plan: AnyPlan, missing: set[str]) -> dict[date, tuple[BoardEntry, ...]]:
    """What each day holds: what is not recorded, the infusion, doses, tasks, the donor's days, the last days of what is
    due, and the last day 0 that tests can serve; and of today and tomorrow, that a move of day 0 has left nothing."""
    on: dict[date, list[OnDay]] = defaultdict(list)
    for event in plan.events:
        if event.status != "cancelled" and event.category != "milestone":
            one = LACKING if event.id in missing else _on_day(event, event.activity == plan.protocol.day_zero)
            for day in days_of_span(event.on, event.last_date or event.on):
                on[day].append(one)
    found = {day: _kinds(tuple(events)) for day, events in on.items()}
    last = Counter(finding.latest for finding, _ in due_findings(plan) if finding.latest is not None)
    for day, count in last.items():
        found[day] = (*found.get(day, ()), BoardEntry(words.last_days(count), "last"))
    for day in _expiries(plan):
        found[day] = (*found.get(day, ()), BoardEntry(words.EXPIRES, "expires"))
    today, left = plan.as_of.date(), days_left_empty(plan)
    for day, now in left.items():
        if day not in found and 0 <= (day - today).days <= 1:
            brief, more = nothing_on(label_of(plan, now), now).split(":", 1)
            found[day] = (BoardEntry(brief, "left", f":{more}"),)
    return found


def _expiries(plan: AnyPlan) -> set[date]:
    """The last days 0 that tests already done can serve, from today on; where several rules ask for a test, the first
    to end counts."""
    last: dict[str, date] = {}
    standing = standing_of(plan)
    for finding in (one for one in plan.findings if not standing.of(one.cycle).infused):
        if finding.expires is not None and finding.expires >= plan.as_of.date():
            title = point_title(plan, finding)
            last[title] = min(last.get(title, finding.expires), finding.expires)
    return set(last.values())


def _on_day(event: ListedEvent, is_infusion: bool) -> OnDay:
    is_task = event.task or not (event.donor or event.category == "treatment")
    kind: Literal["dose", "task", ""] = "task" if is_task else "" if event.donor or is_infusion else "dose"
    return OnDay(kind, _stands(event.status), event.donor, _cells(event) if is_infusion else "")


@lru_cache(maxsize=PIECES)
def _kinds(events: tuple[OnDay, ...]) -> tuple[BoardEntry, ...]:
    """The things of one day, those of a kind together: first how many have no record."""
    lack, stand = events.count(LACKING), Counter((one.kind, one.stands) for one in events)
    return (
        *((_lacking(lack),) if lack else ()),
        *(BoardEntry(one.cells, "infusion") for one in events if one.cells),
        *_counted("dose", *(stand["dose", so] for so in ("open", "happened", "held"))),
        *_counted("task", *(stand["task", so] for so in ("open", "happened", "held"))),
        *((BoardEntry(words.DONOR, "donor"),) if any(one.donor for one in events) else ()),
    )


@lru_cache(maxsize=FEW)
def _lacking(count: int) -> BoardEntry:
    return BoardEntry(str(count), "not-recorded", words.not_recorded(count).removeprefix(str(count)))


@lru_cache(maxsize=PIECES)
def _counted(kind: Literal["dose", "task"], ahead: int, happened: int, held: int) -> tuple[BoardEntry, ...]:
    """`2 doses`, or `1 given` where no more is to come, and `1 HELD`."""
    dose = words.doses, words.GIVEN, words.HELD
    unit, done, not_so = dose if kind == "dose" else (words.tasks, words.DONE, words.NOT_DONE)
    said = [unit(ahead)] if ahead else [words.so_many(happened, done)] if happened else []
    said += [words.so_many(held, not_so)] if held else []
    return tuple(BoardEntry(text, kind) for text in said)


@lru_cache(maxsize=FEW)
def _stands(status: Status) -> Stands:
    match status:
        case "given" | "done":
            return "happened"
        case "held":
            return "held"
        case "planned" | "unconfirmed" | "cancelled":
            return "open"
        case _:
            assert_never(status)


def _cells(event: ListedEvent) -> str:
    hour = spell_clock(event.start) if event.start is not None else ""
    if event.status == "held":
        return words.cells_so(words.HELD)
    return words.cells_so(words.GIVEN, hour) if event.actual is not None else words.cells_at(hour)


# What is open --------------------------------------------------------------------------------------------------------


def _notes(plan: AnyPlan, missing: int) -> Iterator[BoardNote]:
    """What is open as of now and would not be seen on a day to come, worst first."""
    if plan.violated:
        yield BoardNote("not-allowed", words.by_rules(words.NOT_ALLOWED, plan.violated, plan.protocol))
    if missing:
        yield BoardNote("not-recorded", words.not_recorded(missing))
    moved = moved_day_zero(plan)
    if moved is not None:
        yield BoardNote("moved", moved_unsigned(moved, plan.protocol, plan.as_of.date()), moved_by(moved))
    asked = to_be_decided(plan)
    if asked:
        yield BoardNote("decides", words.by_rules(words.DECIDES, asked, plan.protocol))
    overdue = sum(finding.overdue for finding, _ in due_findings(plan))
    if overdue:
        yield BoardNote("overdue", words.overdue(overdue))
