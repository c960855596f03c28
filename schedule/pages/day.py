"""What a day's records come to, each said back before it is saved: a wrong hour is seen here or never."""

from datetime import date
from typing import Literal, NamedTuple

from schedule.engine.day_items import follow_any, items_of_day
from schedule.engine.day_names import label_of
from schedule.model.acts import Deed, RecordDay, RecordEvent
from schedule.model.plan import Event, Plan
from schedule.words import day as words
from schedule.words.day_labels import day_named
from schedule.words.plan import infusion_word, zero_of
from schedule.words.sheets import apart_in_words

SaidState = Literal["given", "done", "held", "planned"]
"""How a record is shown: each has a shape. What is taken back is planned again."""


class SaidRecord(NamedTuple):
    """One record of a day: its state and that in a word; what it is of; when it was, with its weekday; and how that
    lies to the plan, or why it was not."""

    state: SaidState
    said: str
    what: str
    when: str
    beside: str


def said_back(plan: Plan, deed: Deed) -> tuple[SaidRecord, ...]:
    """Each record of a day, in order of time; of any other deed none. `plan` is the one before it."""
    if not isinstance(deed, RecordDay):
        return ()
    events, typed = {event.id: event for event in plan.events}, [one.event for one in deed.records]
    known = [(events[one.event], one) for one in deed.records if one.event in events]
    follow = follow_any(plan, typed, typed)
    return tuple(_said(event, one, event.id in follow) for event, one in sorted(known, key=_order))


def _order(pair: tuple[Event, RecordEvent]) -> tuple[date, float, str]:
    event, one = pair
    when = one.record.start if one.record is not None else event.when
    return when.on, when.instant.timestamp() if when.instant is not None else 0.0, event.id


def _said(event: Event, one: RecordEvent, follows: bool) -> SaidRecord:
    """One record; of what `follows` another of them, which may move it, the planned hour is not named."""
    record = one.record
    held = record is None or record.outcome == "held"
    return SaidRecord(
        state="planned" if record is None else record.outcome,
        said=words.said_as(event, record),
        what=words.whose(event),
        when=words.said_when(one),
        beside=words.beside_plan(event, record) if held or not follows else "",
    )


def left_open(plan: Plan, deed: Deed) -> tuple[str, ...]:
    """What of a day, and of the time before it, is due and stays not recorded. `plan` is the one after it."""
    if not isinstance(deed, RecordDay):
        return ()
    items = items_of_day(plan, deed.on)
    return tuple(words.whose(event) for event in (*items.due, *items.earlier))


def day_told(plan: Plan, day: date) -> str:
    """`Day −3; 3 days before the infusion`: what a day is called as day 0 now stands, the sign in words, too."""
    apart = (day - zero_of(plan, label_of(plan, day).cycle)).days
    return f"{day_named(plan, day)}; {apart_in_words(apart, infusion_word(plan))}"
