"""Plans -> the page of a shift: what was due and has no record, what is on today and tomorrow, where day 0 has moved.

What a patient's plan gives is worked out once (`patient_shift`) and kept for as long as it holds; the page is put
together from those (`shift`), in the order in which patients are needed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Literal, NamedTuple, assert_never

from msgspec import Struct

from schedule.engine.day_names import label_of
from schedule.engine.entries import due_findings
from schedule.engine.moved import days_left_empty, moved_day_zero
from schedule.engine.need import Need, need, not_recorded, sheets_on_day
from schedule.engine.open_today import events_on, to_be_decided
from schedule.model.dates import add
from schedule.model.plan import AnyPlan, ListedEvent, standing_of
from schedule.words import shift as words
from schedule.words.board import rules_named
from schedule.words.dates import spell_day_zero, zero_in_cycle
from schedule.words.day_labels import day_named
from schedule.words.deadlines import donors
from schedule.words.findings import point_title
from schedule.words.moved import moved_by, moved_lately, moved_to_and_fro, nothing_on, which_zero
from schedule.words.titles import full_title
from schedule.words.verdict import verdict_kind

ItemState = Literal["not-recorded", "given", "done", "held", "not-done", "due", "last-day", "planned"]
"""How a thing of the day stands: each has a shape and a word."""


class ShiftItem(NamedTuple):
    """One thing of a day: its hour, how it stands, what it is, and why where it was not done. `now`: it is what to look
    at."""

    when: str
    shape: ItemState
    said: str
    what: str
    why: str
    now: bool


class ShiftRow(NamedTuple):
    """One patient's lines of one day. `label` is what the day is called; `moved` that day 0 has; `may_move`: the cells
    of some cycle are not recorded; `zero` is what day 0 is called. `empty`: a move of day 0 has left nothing on it."""

    code: str
    label: str
    moved: str
    items: tuple[ShiftItem, ...]
    day: date
    may_move: bool
    zero: str
    empty: bool


class MovedNotice(NamedTuple):
    """That day 0 of a patient has moved: from where to where; where it is now, when it was moved, and by whom; and the
    first rule on which the principal investigator is to decide, empty where there is none. `which` is what day 0 is
    called."""

    code: str
    which: str
    to_and_fro: str
    more: str
    rule: str


class PatientShift(Struct, frozen=True, kw_only=True):
    """What the page keeps of one patient; of a day with nothing, None. `missing` counts what is not recorded, `sheets`
    the sheets of today and tomorrow."""

    need_today: Need
    need_tomorrow: Need
    missing: int
    today: ShiftRow | None
    tomorrow: ShiftRow | None
    moved: MovedNotice | None
    sheets: tuple[int, int]


class Shift(NamedTuple):
    """The page: notices of moves, then whose items are not recorded, then the others of today, then tomorrow."""

    moved: tuple[MovedNotice, ...]
    missing: tuple[ShiftRow, ...]
    today: tuple[ShiftRow, ...]
    tomorrow: tuple[ShiftRow, ...]
    items_missing: int
    sheets: tuple[int, int]

    @property
    def patients_on(self) -> tuple[int, int]:
        """How many have anything today or not recorded, and tomorrow."""
        here, ahead = ([one for one in rows if not one.empty] for rows in (self.today, self.tomorrow))
        return len(self.missing) + len(here), len(ahead)


def patient_shift(plan: AnyPlan) -> PatientShift:
    """What is kept of a plan, seen at its as-of."""
    today = plan.as_of.date()
    tomorrow = add(today, 1, "days", "clamp")
    missing, left = not_recorded(plan), days_left_empty(plan)
    sheets = sheets_on_day(plan, today), sheets_on_day(plan, tomorrow)
    return PatientShift(
        need_today=need(plan),
        need_tomorrow=need(plan, tomorrow),
        missing=len(missing),
        today=_row(plan, today, _today(plan, missing)) if missing or sheets[0] else _emptied(plan, today, left),
        tomorrow=_row(plan, tomorrow, _tomorrow(plan, tomorrow)) if sheets[1] else _emptied(plan, tomorrow, left),
        moved=_moved(plan),
        sheets=sheets,
    )


def shift(patients: Iterable[PatientShift]) -> Shift:
    """The page of these patients."""
    today = sorted(patients, key=lambda one: one.need_today)
    tomorrow = sorted(today, key=lambda one: one.need_tomorrow)
    return Shift(
        moved=tuple(one.moved for one in today if one.moved is not None),
        missing=tuple(one.today for one in today if one.today is not None and one.missing),
        today=tuple(one.today for one in today if one.today is not None and not one.missing),
        tomorrow=tuple(one.tomorrow for one in tomorrow if one.tomorrow is not None),
        items_missing=sum(one.missing for one in today),
        sheets=(sum(one.sheets[0] for one in today), sum(one.sheets[1] for one in today)),
    )


def _moved(plan: AnyPlan) -> MovedNotice | None:
    moved = moved_day_zero(plan)
    if moved is None:
        return None
    said = f"Now {spell_day_zero(moved.now)}. Moved {moved_lately(moved, plan.as_of.date())}{moved_by(moved)}."
    asked = to_be_decided(plan) if verdict_kind(plan) == "decides" else ()
    more = f"{said} {words.must_decide(rules_named(asked, plan.protocol))}" if asked else said
    rule = next((one.rule for one in asked if one.rule in plan.protocol.rules), "")
    return MovedNotice(plan.case.code, which_zero(moved, plan.protocol), moved_to_and_fro(moved), more, rule)


def _emptied(plan: AnyPlan, day: date, left: Mapping[date, date]) -> ShiftRow | None:
    """The row of a day on which nothing is any more, since day 0 moved; None of any other."""
    if day not in left:
        return None
    said = nothing_on(label_of(plan, left[day]), left[day])
    return _row(plan, day, (ShiftItem("", "planned", "", "", said, False),), empty=True)


def _row(plan: AnyPlan, day: date, items: tuple[ShiftItem, ...], *, empty: bool = False) -> ShiftRow:
    moved = moved_day_zero(plan)
    open_cells = (one for one in plan.events if one.activity == plan.protocol.day_zero and one.actual is None)
    return ShiftRow(
        code=plan.case.code,
        label=day_named(plan, day),
        moved=words.is_now(zero_in_cycle(plan.protocol.zero, moved.cycle), moved.now.on) if moved is not None else "",
        items=items,
        day=day,
        may_move=not standing_of(plan).cancelled and any(one.status != "cancelled" for one in open_cells),
        zero=plan.protocol.zero,
        empty=empty,
    )


def _today(plan: AnyPlan, missing: tuple[ListedEvent, ...]) -> tuple[ShiftItem, ...]:
    """What has no record first, then the day in order of time: what has no hour after what is due by now."""
    today, now = plan.as_of.date(), plan.as_of.time()
    others = [one for one in events_on(plan, today) if one not in missing]
    others.sort(key=lambda one: (one.start.time() if one.start else now, one.id))
    return (
        *(_missing(one, today) for one in missing),
        *_last_days(plan, today),
        *(_item(one, today) for one in others),
    )


def _tomorrow(plan: AnyPlan, day: date) -> tuple[ShiftItem, ...]:
    there = sorted(events_on(plan, day), key=lambda one: (one.start.time() if one.start else time.max, one.id))
    ahead = (ShiftItem(words.when_due(one, day), "planned", "", _whose(one), "", False) for one in there)
    return (*_last_days(plan, day), *ahead)


def _last_days(plan: AnyPlan, day: date) -> tuple[ShiftItem, ...]:
    """What must have been done by the end of a day."""
    due = [(finding, ", ".join(refs)) for finding, refs in due_findings(plan) if finding.latest == day]
    return tuple(
        ShiftItem(words.ANY_TIME, "last-day", words.LAST_DAY, f"{point_title(plan, finding)} ({refs})", "", False)
        for finding, refs in due
    )


def _missing(event: ListedEvent, today: date) -> ShiftItem:
    return ShiftItem(words.when_due(event, today), "not-recorded", words.NOT_RECORDED, _whose(event), "", True)


def _item(event: ListedEvent, today: date) -> ShiftItem:
    when, what = words.when_due(event, today), _whose(event)
    match event.status:
        case "given" | "done" as happened:
            return ShiftItem(when, happened, words.recorded_at(event), what, "", False)
        case "held":
            dose = event.category == "treatment" and not event.task
            why = event.record.reason if event.record else ""
            if dose:
                return ShiftItem(when, "held", words.HELD, what, why, False)
            return ShiftItem(when, "not-done", words.NOT_DONE, what, why, False)
        case "planned" | "unconfirmed" | "cancelled":
            said = "" if event.category == "milestone" else words.DUE
            return ShiftItem(when, "due", said, what, "", False)
        case _:
            assert_never(event.status)


def _whose(event: ListedEvent) -> str:
    """What it is: of a treatment the drug and which dose, of anything else the whole title."""
    brief = event.category == "treatment" and not event.task
    title = words.drug_and_dose(event.title) if brief else full_title(event.title)
    return donors(title) if event.donor else title
