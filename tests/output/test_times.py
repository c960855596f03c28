"""An event's three times in plan.json, plan.csv and on the terminal: each shows it when it is, and says when it was planned.

Day 0 on Mon 15-Jun-2026 10:00 in New York. The second dose is due on Mon 29-Jun (day 14, from day 12, Sat 27-Jun, to day
20, Sun 05-Jul), the visit on Sun 05-Jul (day 20 ±2: Fri 03-Jul to Tue 07-Jul).
"""

import csv
import io
from datetime import UTC, datetime

import click.testing
import pytest
from msgspec.structs import replace
from shared.player import Player
from shared.small_trials import BY_HOURS, CASE, CYCLES, HEAD, SITE, VISITS

from schedule.commands.common import say_events
from schedule.engine.entries import entries_of
from schedule.model.notation import NO_BREAK
from schedule.model.reasons.alerts import ToConfirm
from schedule.output.data import EVENT_KEYS, plan_csv, plan_values
from schedule.pages.calendar import worded
from schedule.pages.go import go_pages
from schedule.pages.patient import patient_page
from schedule.pages.sheets import day_sheets
from schedule.words.alerts import banner, banner_short
from schedule.words.dates import day_zero_of, zero_in_hand
from schedule.words.outputs import calendar_description
from schedule.words.plan import frame

WHEN = datetime(2026, 6, 20, 12, tzinfo=UTC)


def plain(text):
    return text.replace(NO_BREAK, " ")


class Patient(Player):
    """A patient whose first plan is made."""

    def __init__(self, trial=HEAD + VISITS, planned="2026-06-15T10:00:00"):
        super().__init__(trial, SITE, CASE.format(planned))
        self.done("plan", "2026-06-01 09:00")

    def done(self, act, as_of, **keys):
        outcome = self.act({"act": act, "as_of": as_of, **keys})
        assert outcome["saved"], outcome

    def cells(self):
        self.done("record", "2026-06-15 12:00", event="cells-1", word="given", at="2026-06-15 10:00")
        return self

    def event(self, name):
        return next(event for event in plan_values(self.plan)["events"] if event["id"] == name)

    def row(self, name):
        text = plan_csv(self.plan).removeprefix("\ufeff")
        return next(row for row in csv.DictReader(io.StringIO(text, newline="")) if row["id"] == name)

    def shown(self):
        """What the terminal says of the events, by title and all that follows."""
        with click.testing.CliRunner().isolation() as streams:
            say_events(self.plan)
            text = streams[0].getvalue().decode()
        return [" ".join(line.replace(NO_BREAK, " ").split()) for line in text.splitlines()]


def test_what_is_planned_has_a_planned_time_alone_and_its_window():
    visit = Patient().event("visit-1")
    assert (visit["date"], visit["planned"], visit["booked"], visit["actual"]) == ("2026-07-05", "2026-07-05", None, None)
    assert (visit["earliest"], visit["latest"], visit["status"]) == ("2026-07-03", "2026-07-07", "planned")
    cells = Patient().event("cells-1")
    assert (cells["planned"], cells["earliest"], cells["latest"]) == ("2026-06-15T10:00-04:00", None, None)


def test_what_was_given_on_another_day_is_shown_on_that_day_and_says_when_it_was_planned():
    """The second dose on Wed 01-Jul 11:30, day 16."""
    patient = Patient().cells()
    patient.done("record", "2026-07-01 12:00", event="second-dose-1", word="given", at="2026-07-01 11:30")
    dose = patient.event("second-dose-1")
    assert (dose["date"], dose["start"], dose["actual"]) == ("2026-07-01", *["2026-07-01T11:30-04:00"] * 2)
    assert (dose["planned"], dose["label"], dose["day"], dose["status"]) == ("2026-06-29", f"planned{NO_BREAK}Day{NO_BREAK}+14", 14, "given")
    assert "planned Day +14 Wed 01-Jul-2026 11:30 second dose; given on day +16; planned Mon 29-Jun-2026;" in " ".join(patient.shown())


def test_a_booked_visit_is_shown_where_it_is_booked():
    """Booked for Mon 06-Jul, day 21, inside its window."""
    patient = Patient().cells()
    patient.done("book", "2026-06-25 09:00", event="visit-1", at="2026-07-06")
    visit = patient.event("visit-1")
    assert (visit["date"], visit["booked"], visit["planned"], visit["actual"]) == ("2026-07-06", "2026-07-06", "2026-07-05", None)
    assert (visit["status"], visit["label"]) == ("planned", f"planned{NO_BREAK}Day{NO_BREAK}+20")
    said = "planned Day +20 Mon 06-Jul-2026 visit; booked for day +21; planned Sun 05-Jul-2026; window Fri 03-Jul-2026 to"
    assert said in " ".join(patient.shown())


def test_a_held_dose_says_so_first_and_keeps_its_time():
    patient = Patient().cells()
    patient.done("record", "2026-06-29 12:00", event="second-dose-1", word="held", at="2026-06-29")
    dose = patient.event("second-dose-1")
    assert (dose["title"], dose["date"], dose["actual"], dose["status"]) == ("HELD: second dose", "2026-06-29", None, "held")
    (line,) = [line for line in patient.shown() if "second dose" in line]
    assert line.startswith("Day +14 Mon 29-Jun-2026 HELD: second dose")


@pytest.mark.parametrize("name", ["visit-1", "second-dose-1", "cells-1"])
def test_a_row_of_the_csv_has_the_same_times_under_the_same_names(name):
    patient = Patient().cells()
    patient.done("book", "2026-06-25 09:00", event="visit-1", at="2026-07-06")
    event, row = patient.event(name), patient.row(name)
    for key in ("date", "start", "planned", "booked", "actual", "earliest", "latest", "title"):
        assert row[key] == (event[key] or "")


def test_once_the_infusion_is_recorded_no_day_is_feasible_any_more():
    assert plan_values(Patient().plan)["feasible"] is not None
    assert plan_values(Patient().cells().plan)["feasible"] is None


# What has no date ------------------------------------------------------------------------------------------------------


def test_what_has_no_date_for_want_of_an_hour_stays_in_the_plan_and_is_named_in_the_banner():
    """Day 0 without an hour: nothing counted in hours from it can be dated."""
    patient = Patient(HEAD + BY_HOURS, "2026-06-15")
    undated = [event for event in plan_values(patient.plan)["events"] if event["status"] == "not stated"]
    assert [event["id"] for event in undated] == ["drug-1", "drug-2", "drug-3"]
    assert set(undated[0]) == set(EVENT_KEYS)
    assert (undated[1]["title"], undated[1]["number"], undated[1]["of"]) == ("drug C (dose 2 of 3)", 2, 3)
    empty = ("date", "last_date", "start", "end", "planned", "booked", "actual", "earliest", "latest", "day", "label")
    assert {undated[0][key] for key in empty} == {None}
    assert "counted in hours from cells, whose hour is not stated" in undated[0]["basis"]
    assert banner(patient.plan) == "NO DATE YET: drug C (dose 1 of 3); drug C (dose 2 of 3); drug C (dose 3 of 3)"
    assert banner_short(patient.plan) == "NO DATE YET: drug C"
    assert patient.row("drug-2")["date"] == "" and patient.row("drug-2")["status"] == "not stated"
    assert [line for line in patient.shown() if line.startswith("no date drug C (dose 1 of 3); counted in hours from cells")]


def test_with_an_hour_it_has_its_dates_under_the_same_ids():
    """10:00 + 4 hours = 14:00, then 22:00 and 06:00 of the next day."""
    patient = Patient(HEAD + BY_HOURS, "2026-06-15")
    patient.done("fact", "2026-06-02 09:00", name="planned-day-zero", value="2026-06-15 10:00")
    assert [patient.event(f"drug-{n}")["start"] for n in (1, 2, 3)] == [
        "2026-06-15T14:00-04:00", "2026-06-15T22:00-04:00", "2026-06-16T06:00-04:00",
    ]  # fmt: skip
    assert banner(patient.plan) is None


# Cycles ----------------------------------------------------------------------------------------------------------------


def test_each_cycle_says_where_its_planned_day_0_and_its_day_0_stand():
    """Day 6 of cycle 1 on Mon 15-Jun, so day 1 on Wed 10-Jun; cycle 2 begins 21 days later, its day 6 is Mon 06-Jul. Drug A
    of cycle 1 is given; the cells slip by 3 days, to Thu 18-Jun: cycle 2 begins 21 days after where cycle 1 now stands."""
    patient = Patient(CYCLES, "2026-06-15")
    values = plan_values(patient.plan)
    assert values["cycles"] == [
        {"cycle": 1, "planned_day_zero": "2026-06-15", "day_zero": "2026-06-15"},
        {"cycle": 2, "planned_day_zero": "2026-07-06", "day_zero": "2026-07-06"},
    ]
    for number, day in ((1, "2026-06-10"), (2, "2026-06-11")):
        patient.done("record", "2026-06-11 12:00", event=f"drug-a-{number}", word="given", at=day)
    patient.done("move", "2026-06-12 09:00", to="2026-06-18", cause="product")
    values = plan_values(patient.plan)
    assert (values["planned_day_zero"], values["day_zero"]) == ("2026-06-15", "2026-06-18")
    assert [(one["planned_day_zero"], one["day_zero"]) for one in values["cycles"]] == [
        ("2026-06-15", "2026-06-18"), ("2026-07-09", "2026-07-09"),
    ]  # fmt: skip
    told = {event["id"]: (event["label"].replace(NO_BREAK, " "), event["date"]) for event in values["events"]}
    assert told == {
        "drug-a-1": ("planned Cycle 1 Day 1", "2026-06-10"), "drug-a-2": ("planned Cycle 1 Day 2", "2026-06-11"),
        "cells-1": ("Cycle 1 Day 6", "2026-06-18"),
        "drug-a-3": ("Cycle 2 Day 1", "2026-07-04"), "drug-a-4": ("Cycle 2 Day 2", "2026-07-05"),
        "cells-2": ("Cycle 2 Day 6", "2026-07-09"),
    }  # fmt: skip


def test_once_the_cells_of_a_cycle_are_recorded_every_output_names_day_0_of_the_next():
    """Day 6 of cycle 1 on Mon 15-Jun, of cycle 2 on Mon 06-Jul. An entry names the day 0 that it is counted from."""
    patient = Patient(CYCLES, "2026-06-15")
    assert (zero_in_hand(patient.plan), day_zero_of(patient.plan)) == ("day 6", "Mon 15-Jun-2026")
    patient.done("record", "2026-06-15 12:00", event="cells-1", word="given", at="2026-06-15 10:00")
    assert (zero_in_hand(patient.plan), day_zero_of(patient.plan)) == (f"day 6 of cycle{NO_BREAK}2", "Mon 06-Jul-2026")
    assert frame(patient.plan, WHEN).day_zero.replace(NO_BREAK, " ") == "Cycle 2 Day 6 = Mon 06-Jul-2026"
    assert calendar_description(patient.plan, WHEN).split(". ")[1] == f"Day 6 of cycle{NO_BREAK}2 Mon 06-Jul-2026."
    entries = {one.id: one.text for one in worded(entries_of(patient.plan, WHEN))}
    assert f"Day 6 of cycle{NO_BREAK}2 used: Mon 06-Jul-2026 (America/New_York)." in entries["drug-a-3"]
    assert "Day 6 used: Mon 15-Jun-2026 10:00 (America/New_York)." in entries["drug-a-1"]


def test_the_paper_of_a_later_cycle_speaks_of_its_own_infusion():
    """Day 6 of cycle 2 is Mon 06-Jul: its sheet has the box for the product, too; drug A before it is on Wed 01-Jul."""
    patient = Patient(CYCLES, "2026-06-15")
    boxes = {one.on for one in day_sheets(patient.plan, frame(patient.plan, WHEN)) if one.pages[0].infusion}
    assert boxes == {"Mon 15-Jun-2026", "Mon 06-Jul-2026"}
    patient.done("record", "2026-06-15 12:00", event="cells-1", word="given", at="2026-06-15 10:00")
    assert [plain(page.begins) for page in go_pages(patient.plan)] == ["first dose Wed 01-Jul-2026, Cycle 2 Day 1", "cells (infusion 2 of 2), Mon 06-Jul-2026, Cycle 2 Day 6"]
    leaflet = patient_page(patient.plan)
    assert leaflet.infusion == "Monday 6 July 2026"
    assert [(day.on, day.distance) for day in leaflet.days if "Cycle\u00a02" in day.label] == [
        ("Wednesday 1 July 2026", "5 days before your infusion"), ("Thursday 2 July 2026", "4 days before your infusion"),
        ("Monday 6 July 2026", "the day of your infusion"),
    ]  # fmt: skip


def test_a_cancelled_plan_names_the_day_0_of_what_was_given():
    patient = Patient(CYCLES, "2026-06-15")
    patient.done("record", "2026-06-15 12:00", event="cells-1", word="given", at="2026-06-15 10:00")
    patient.done("cancel", "2026-06-20 12:00", reason="withdrawn")
    assert (zero_in_hand(patient.plan), day_zero_of(patient.plan)) == ("day 6", "Mon 15-Jun-2026 10:00")


def test_a_warning_stands_on_day_0_of_the_cycle_in_hand():
    """The word about a decision that is wanted stands on Mon 06-Jul, not on what is past."""
    patient = Patient(CYCLES, "2026-06-15")
    assert warned(patient.plan) == {"2026-06-15"}
    patient.done("record", "2026-06-15 12:00", event="cells-1", word="given", at="2026-06-15 10:00")
    assert warned(patient.plan) == {"2026-07-06"}


def warned(plan):
    """On which days a calendar would say that the principal investigator must decide."""
    asked = replace(plan, alerts=(ToConfirm(findings=()),))
    return {entry.first.isoformat() for entry in entries_of(asked, WHEN) if entry.subject.alert}


def test_without_cycles_there_are_none():
    assert plan_values(Patient().plan)["cycles"] == []
