"""Plan -> the patient's own calendar: large, in plain words, months in full, and nothing that the record doesn't say.

It gives what happens on which day. What a thing feels like, or what a patient should take, is for people to say.
"""

from datetime import date
from typing import NamedTuple

from msgspec import Struct

from schedule.engine.day_names import label_of
from schedule.model.notation import spell_in_full
from schedule.model.plan import Event, Plan, standing_of
from schedule.words import patient as words
from schedule.words.findings import point_title
from schedule.words.plan import due_points, infusion_word, zero_label, zero_of
from schedule.words.sheets import apart_in_words
from schedule.words.titles import title_of


class PatientDay(NamedTuple):
    """One day: its date in full, its number, how far it is from the infusion, and what happens."""

    on: str
    label: str
    distance: str
    things: tuple[tuple[str, str], ...]


class Leaflet(Struct, frozen=True):
    """The patient's calendar. `dates` are for the team to explain; `words` those that occur, explained."""

    heading: str
    infusion: str
    to_arrange: tuple[tuple[str, str], ...]
    days: tuple[PatientDay, ...]
    dates: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]


def patient_page(plan: Plan) -> Leaflet:
    """The patient's treatments, tests and visits by day; the site's own tasks and the donor's days are not on it."""
    cycle = standing_of(plan).in_hand
    by_day: dict[date, list[Event]] = {}
    milestones = []
    for event in plan.events:
        if event.donor or event.task or event.status in ("cancelled", "held"):
            continue
        if event.category == "milestone":
            milestones.append((spell_in_full(event.on), title_of(event)))
        else:
            by_day.setdefault(event.on, []).append(event)
    to_arrange = tuple(
        (point_title(plan, finding), words.between(*finding.asked))
        for finding, _ in due_points(plan)
        if (known := plan.protocol.date_at(finding.point)) is not None and known.test
    )
    days = tuple(
        PatientDay(
            spell_in_full(day),
            str(label_of(plan, day)),
            apart_in_words((day - zero_of(plan, label_of(plan, day).cycle)).days, infusion_word(plan), whose="your"),
            tuple(_thing(event) for event in events),
        )
        for day, events in by_day.items()
    )
    shown = " ".join([what for day in days for _, what in day.things] + [what for what, _ in to_arrange]).lower()
    zero = standing_of(plan).of(cycle).day_zero
    at = f", {words.time_of_day(zero.at)}" if zero.at is not None else ""
    return Leaflet(
        heading=words.day_of_your(infusion_word(plan), zero_label(plan)),
        infusion=f"{spell_in_full(zero.on)}{at}",
        to_arrange=to_arrange,
        days=days,
        dates=tuple(milestones),
        words=tuple((word, meaning) for word, meaning in words.WORDS if word in shown),
    )


def _thing(event: Event) -> tuple[str, str]:
    """When on the day, and what: the record's own words."""
    title = title_of(event)
    if event.last_date is not None and event.last_date > event.on:
        title = words.until_day(title, event.last_date)
    if event.start is None:
        return words.NO_TIME_YET, title
    return words.clock_range(event.start, event.end if event.lasts else None), title
