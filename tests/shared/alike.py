"""Whether all outputs of a revision say the same of every event: on which day and at which hour, and what became of it."""

import csv
import io
from collections import Counter
from datetime import UTC, timedelta

from schedule.model.ids import entry_uid
from schedule.model.notation import spell
from schedule.output.data import plan_csv
from schedule.output.ics import calendar
from schedule.pages.calendar import worded
from schedule.pages.overview import overview
from schedule.pages.sheets import day_sheets
from schedule.words.plan import frame
from schedule.words.titles import held_word, title_of
from shared.ward_rules import calendar_lines, live

MARKS = {"given": (b"GIVEN ",), "done": (b"DONE ",), "held": (b"HELD ", b"NOT DONE "), "cancelled": (b"CANCELLED: ",)}


def check_alike(plan, entries, at):
    """Hold CSV, calendar, sheets and overview against the events, and give the calendar's lines; `entries` are those of
    its calendar, `at` is when they are made."""
    check_csv(plan)
    data = calendar(worded(entries), schedule_id=plan.schedule_id, name="n", description="d")
    lines = calendar_lines(data)
    check_calendar(plan, lines)
    check_sheets(plan, at)
    check_overview(plan)
    return lines


def check_csv(plan):
    rows = csv.DictReader(io.StringIO(plan_csv(plan).removeprefix("\ufeff")))
    keys = ("date", "status", "planned", "booked", "actual", "earliest", "latest")
    shown = {row["id"]: tuple(row[key] for key in keys) for row in rows if row["date"]}
    assert shown == {
        event.id: (event.on.isoformat(), event.status, *(text_of(getattr(event, key)) for key in keys[2:]))
        for event in plan.events
    }


def text_of(moment):
    """A moment as the CSV has it."""
    if moment is None:
        return ""
    return moment.at.isoformat(timespec="minutes") if moment.at else moment.on.isoformat()


def check_calendar(plan, entries):
    for event in plan.events:
        values, _ = entries[entry_uid(plan.schedule_id, event.id).encode()]
        starts = f"{event.start.astimezone(UTC):%Y%m%dT%H%M%SZ}" if event.start else f"{event.on:%Y%m%d}"
        assert values[b"DTSTART" if event.start else b"DTSTART;VALUE=DATE"] == starts.encode(), event.id
        marks = MARKS.get(event.status)
        assert values[b"SUMMARY"].startswith(marks) if marks else True, (event.id, values[b"SUMMARY"])
        assert (values[b"STATUS"] == b"CANCELLED") == (event.status == "cancelled")


def check_sheets(plan, at):
    on_paper = Counter(
        (sheet.anchor, line.name, line.state, line.at)
        for sheet in day_sheets(plan, frame(plan, at))
        for page in sheet.pages for block in page.blocks for line in block.rows
    )  # fmt: skip
    planned = Counter()
    for event in live(plan).values():
        for number in range(((event.last_date or event.on) - event.on).days + 1):
            day = event.on + timedelta(days=number)
            recorded = event.record if number == 0 or event.status == "held" else None
            state = held_word(event) if event.status == "held" else recorded.outcome.upper() if recorded else ""
            hour = f"{recorded.at:%H:%M}" if recorded and recorded.timed and event.status != "held" else ""
            name = event.title.text.partition(", ")[0]
            planned[f"{'donor' if event.donor else 'patient'}-{day}", name, state, hour] += 1
    assert on_paper == planned


def check_overview(plan):
    days = overview(plan).days
    for event in live(plan).values():
        told = [things for day, things in days if day.startswith(spell(event.on))]
        if not event.task:
            assert any(title_of(event) in things for things in told), event.id
        if event.status == "held":
            assert event.task or any(held_word(event) in things.upper() for things in told), event.id
