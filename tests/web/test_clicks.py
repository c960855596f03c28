"""What the six things that a nurse does most cost her: clicks and fields, counted by the driver of a real browser without
JavaScript on a real `dayzero serve`, each from the page of the shift on. At the end of each walk its act is in the ledger.

A click is a link or a button; a tick, a choice or a typed value is a field. All on Fri 12-Jun-2026 at 14:05: lymphodepletion
from Wed 10-Jun (fludarabine 09:00, cyclophosphamide 11:00), day 0 Mon 15-Jun 10:00.
"""

import os
import re
import socket
import subprocess
import sys
from datetime import datetime

import pytest
from shared import ROOT
from shared.browser import chromium  # noqa: F401
from shared.web_ward import TIMES, ZONE, Book, Clock, moment_at

from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Create, GiveRuling, Move, RecordDay
from schedule.model.case import NEVER
from schedule.service.revisions import newest, plan_of

NOW = moment_at("2026-06-12 14:05")
BEGUN = ("DAY-1", "DOSE-1", "MOVE-1", "RULE-1")
"""Patients whose doses of the first two days are recorded; that of today is not."""
NINE = {
    "transplant": "20 Jan 2026", "taper-completed": "4 May 2026", "gvhd-prophylaxis-last": "4 May 2026",
    "chemotherapy-last": "May 11, 2026", "count-control-last": "2026-06-05", "disease-assessment": "22 Jun 2026",
    "marrow": "22 Jun 2026", "chimerism": "23 Jun 2026 0910", "virology": "22 Jun 2026",
}  # fmt: skip


def small_ward(store, clock):
    """The patients of the walks; day 0 of ZERO-1 is today, and that of RULE-1 moved to Tue 16-Jun for the donor, on which
    the protocol is silent."""
    books = {
        code: Book(clock, store, planned="2026-06-15T10:00:00", times=TIMES, code=code, as_of="2026-05-20 08:00") for code in BEGUN
    }
    books["ZERO-1"] = Book(clock, store, planned="2026-06-12T10:00:00", times=TIMES, code="ZERO-1", as_of="2026-05-20 08:00")
    doses = [("fludarabine-1", "09:00"), ("cyclophosphamide-1", "11:00"), ("fludarabine-2", "09:00"), ("cyclophosphamide-2", "11:00")]
    for code, first in (*((code, 10) for code in BEGUN), ("ZERO-1", 7)):
        for number, (event, hour) in enumerate(doses):
            books[code].record(event, "given", f"2026-06-{first + number // 2:02d} {hour}")
    books["ZERO-1"].record("fludarabine-3", "given", "2026-06-09 09:00")
    books["ZERO-1"].record("donor-collection-1", "done", "2026-06-11 08:00")
    books["RULE-1"].slip("2026-06-16 10:00", "2026-06-11 16:00", cause="donor", reason="collection late")


class Nurse:
    """A browser's tab, and what it has cost so far."""

    def __init__(self, tab, address, store):
        self.tab, self.address, self.store, self.clicks, self.fields = tab, address, store, 0, 0

    def begins(self):
        """The page of the shift, from which everything is counted."""
        self.tab.goto(self.address)
        self.clicks = self.fields = 0
        assert self.tab.inner_text("h1") == "Fri 12-Jun-2026"

    def click(self, link_or_button):
        found = self.tab.locator(link_or_button).first
        assert found.evaluate("one => one.matches('a[href], button')"), f"{link_or_button} is neither a link nor a button"
        found.click()
        self.clicks += 1

    def type(self, field, text):
        self.tab.fill(field, text)
        self.fields += 1

    def choose(self, field):
        """Tick a box, or choose one of several."""
        self.tab.check(field)
        self.fields += 1

    @property
    def said(self):
        return " ".join(self.tab.inner_text("main").replace("\u00a0", " ").split())

    def newest(self, code):
        """The newest act of a patient, and how many there are."""
        with SqliteStore(self.store) as store:
            rows = store.history(code)
            return rows[-1].act, len(rows)

    def plan(self, code):
        with SqliteStore(self.store) as store:
            return plan_of(store, newest(store, code))

    def has_paid(self, *, clicks, fields):
        assert self.clicks <= clicks and self.fields <= fields, f"{self.clicks} clicks and {self.fields} fields"


AT_THAT_MOMENT = f"""
from datetime import UTC, datetime
from schedule.commands import serve
serve.now = lambda: datetime.fromtimestamp({NOW.timestamp()}, UTC)
serve.serve()
"""
"""The command itself, but for its clock, which no environment sets."""


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    """A real `dayzero serve` at 14:05 of that day: where the nurse is let in, and the ledger."""
    folder = tmp_path_factory.mktemp("clicks")
    ledger, site = folder / "ledger.sqlite", folder / "site.toml"
    with SqliteStore(ledger) as store:
        small_ward(store, Clock(datetime(2026, 5, 20, 12, tzinfo=NOW.tzinfo)))
    times = "".join(f'{name} = "{hour}"\n' for name, hour in TIMES.items())
    site.write_text(f'format = 1\nzone = "{ZONE.key}"\n[times]\n{times}', encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", AT_THAT_MOMENT, "--store", str(ledger), "--site", str(site), "--port", str(port), "--user", "kim"]
    with (folder / "log").open("wb") as log:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        try:
            let_in = re.search(r"http://\S+", process.stdout.readline())[0]
            yield let_in, ledger
        finally:
            process.terminate()
            process.communicate(timeout=30)


@pytest.fixture(scope="module")
def tab(chromium, serving):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(serving[0])
    yield page
    context.close()


@pytest.fixture
def nurse(tab, serving):
    let_in, ledger = serving
    found = Nurse(tab, let_in.partition("/?")[0], ledger)
    found.begins()
    return found


def records(act):
    """What an act recorded of a day: event, outcome, wall time."""
    assert isinstance(act.deed, RecordDay)
    return {one.event: (one.record.outcome, f"{one.record.at:%Y-%m-%d %H:%M}") for one in act.deed.records}


def test_todays_sheets_of_the_whole_ward_are_one_click(nurse):
    nurse.click("a:has-text('Print today')")
    for code in (*BEGUN, "ZERO-1"):
        assert code in nurse.tab.inner_text("body")
    assert "Fri 12-Jun-2026" in nurse.tab.inner_text("body").replace("\u00a0", " ")
    nurse.has_paid(clicks=1, fields=0)


def test_a_whole_day_as_planned_is_three_clicks(nurse):
    _, before = nurse.newest("DAY-1")
    nurse.click("a[href='/p/DAY-1/day/2026-06-12']")
    nurse.click("button:has-text('All as planned')")
    assert nurse.newest("DAY-1")[1] == before, "a check saves nothing"
    nurse.click(".save button[value=save]")
    nurse.has_paid(clicks=3, fields=0)
    act, now = nurse.newest("DAY-1")
    assert now == before + 1 and act.by == "kim"
    assert records(act) == {"fludarabine-3": ("given", "2026-06-12 09:00")}


def test_the_day_of_the_cells_is_three_clicks_and_their_hour(nurse):
    """Given at 10:20, not at 10:00 as planned: the hour becomes day 0."""
    _, before = nurse.newest("ZERO-1")
    nurse.click("a[href='/p/ZERO-1/day/2026-06-12']")
    nurse.type("#nk-infusion-1-time", "1020")
    nurse.click("button:has-text('All as planned')")
    nurse.click(".save button[value=save]")
    nurse.has_paid(clicks=3, fields=1)
    act, now = nurse.newest("ZERO-1")
    assert now == before + 1 and records(act)["nk-infusion-1"] == ("given", "2026-06-12 10:20")
    assert f"{nurse.plan('ZERO-1').standing.day_zero.at:%Y-%m-%d %H:%M}" == "2026-06-12 10:20"


def test_one_dose_at_0910_is_three_clicks_and_a_field(nurse):
    _, before = nurse.newest("DOSE-1")
    nurse.click("a[href='/p/DOSE-1/day/2026-06-12']")
    nurse.type("#fludarabine-3-time", "0910")
    nurse.click(".buttons button[value=check]")
    assert "Fri 12-Jun-2026 09:10" in nurse.said
    nurse.click(".save button[value=save]")
    nurse.has_paid(clicks=3, fields=1)
    act, now = nurse.newest("DOSE-1")
    assert now == before + 1 and records(act) == {"fludarabine-3": ("given", "2026-06-12 09:10")}


def test_moving_day_0_by_a_day_is_three_clicks_and_three_fields(nurse):
    """For the patient's illness, of which the protocol speaks: 48 hours, of which 24 are used."""
    _, before = nurse.newest("MOVE-1")
    nurse.click("a[href='/p/MOVE-1/slip']")
    nurse.choose("input[name=cause][value=illness]")
    nurse.click("button[name=to][value='2026-06-16']")
    assert nurse.newest("MOVE-1")[1] == before and "allowed" in nurse.said
    nurse.type("#reason", "fever 39.1")
    nurse.type("#confirm", "MOVE-1")
    nurse.click(".save button[value=save]")
    nurse.has_paid(clicks=3, fields=3)
    act, now = nurse.newest("MOVE-1")
    assert now == before + 1 and isinstance(act.deed, Move) and (act.deed.cause, act.reason) == ("illness", "fever 39.1")
    assert act.deed.to.at.isoformat() == "2026-06-16T10:00:00-04:00"


def test_the_principal_investigators_decision_after_it_is_three_clicks_and_three_fields(nurse):
    _, before = nurse.newest("RULE-1")
    nurse.click("a[href='/p/RULE-1/rule/T36']")
    nurse.choose("input[name=outcome][value=allowed]")
    nurse.type("#reason", "cells will keep")
    nurse.click(".buttons button[value=check]")
    assert "allowed for day 0 Tue 16-Jun-2026, ruled by PI" in nurse.said and nurse.newest("RULE-1")[1] == before
    nurse.type("#confirm", "RULE-1")
    nurse.click(".save button[value=save]")
    nurse.has_paid(clicks=3, fields=3)
    act, now = nurse.newest("RULE-1")
    assert now == before + 1 and isinstance(act.deed, GiveRuling)
    ruling = act.deed.ruling
    assert (ruling.rule, ruling.outcome, ruling.by, f"{ruling.day_zero}") == ("T36", "allowed", "PI, entered by kim", "2026-06-16")
    assert ruling.reason == "cells will keep"


def test_a_new_patient_with_nine_dates_known_is_four_clicks_and_what_is_known(nurse):
    """The fields: the code, planned day 0, nine dates, and one tick for the rest of the drugs."""
    nurse.click("nav >> text=New patient")
    nurse.click("main a:has-text('NCT04024761')")
    nurse.type("#code", "CIML-077")
    nurse.type("#planned-day-zero", "15 Jul 2026 10:00")
    for name, typed in NINE.items():
        nurse.type(f"#date-{name}", typed)
    nurse.choose("#rest-never")
    nurse.click(".buttons button[value=check]")
    assert re.search(r" allowed (\d+ (still due, first|statements? still to be)[^;]+; )+no rule is violated ", nurse.said) and "Never: last dose of a systemic corticosteroid" in nurse.said
    nurse.click(".save button[value=save]")
    nurse.has_paid(clicks=4, fields=2 + len(NINE) + 1)
    act, now = nurse.newest("CIML-077")
    assert now == 1 and isinstance(act.deed, Create) and act.by == "kim"
    case = nurse.plan("CIML-077").case
    assert {name for name, days in case.dates.items() if days} == set(NINE)
    assert sum(days == NEVER for days in case.dates.values()) == 9
    assert [at.isoformat() for at in case.hours["chimerism"]] == ["2026-06-23T09:10:00-04:00"]


def test_a_click_or_a_field_too_many_is_seen(nurse):
    nurse.click("nav >> text=New patient")
    nurse.click("main a:has-text('NCT04024761')")
    nurse.type("#code", "CIML-078")
    nurse.has_paid(clicks=2, fields=1)
    for too_few in ({"clicks": 1, "fields": 1}, {"clicks": 2, "fields": 0}):
        with pytest.raises(AssertionError, match="2 clicks and 1 fields"):
            nurse.has_paid(**too_few)
    with pytest.raises(AssertionError, match="neither a link nor a button"):
        nurse.click("#code")
