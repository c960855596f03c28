"""The worked cases of tests/cases: each row was worked out by hand, with its arithmetic, before the code was there.

A row is a patient (`dates`, `attestations`, `rulings`), a site (`site` for its parameters, `times`), a planned day 0 and
what must come out. Findings are named "T7/disease-assessment": the reference, and the point where there is one.
"""

import tomllib
from datetime import date, datetime

import pytest
from shared import TESTS
from shared.cases import DATES, compared, iso, named

from schedule.model.notation import read_date

FOLDER = TESTS / "cases"
ROW_KEYS = {
    "name", "arithmetic", "planned-day-zero", "as-of", "site", "times", "dates", "attestations", "rulings", "expect",
}  # fmt: skip
EXPECT_KEYS = {"findings", "windows", "aims", "expires", "events", "feasible", "intervals"}
STATUSES = {"met", "boundary", "violated", "due", "not stated", "not applicable", "ruled"}

FILES = {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
ROWS = [row for content in FILES.values() for row in content["case"]]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_case_worked_by_hand_comes_out_as_it_was_worked(row, site_of, plan_of):
    site = site_of(row.get("site"), row.get("times"))
    keys = {key: row[key] for key in ("planned-day-zero", "dates", "attestations", "rulings") if key in row}
    as_of = datetime.strptime(row.get("as-of", "2026-01-01 00:00"), "%Y-%m-%d %H:%M")
    plan = plan_of(site, as_of=as_of, **keys)
    findings = named(plan.findings)
    spans = {name: [iso(f.earliest), iso(f.latest)] for name, f in findings.items()}
    aims = {name: [iso(day) for day in f.aim] if f.aim else [] for name, f in findings.items()}
    feasible = {
        "earliest": iso(plan.feasible.earliest), "latest": iso(plan.feasible.latest),
        "binding": list(plan.feasible.binding), "next": list(plan.feasible.next),
        "assumes": list(plan.feasible.assumes),
    }  # fmt: skip
    found = {
        "findings": {name: f.status for name, f in findings.items()},
        "windows": spans,
        "aims": aims,
        "expires": {name: iso(f.expires) for name, f in findings.items()},
        "events": {event.id: iso(event.on) for event in plan.events},
        "feasible": feasible,
    }
    expect = dict(row["expect"])
    intervals = expect.pop("intervals", None)
    assert {key: compared(entries, found[key]) for key, entries in expect.items()} == expect
    if intervals is not None:
        assert [[iso(first), iso(last), status] for first, last, status in plan.feasible.intervals] == intervals


def test_there_are_at_least_120_cases():
    assert len(ROWS) >= 120


def test_every_case_has_a_name_of_its_own():
    names = [row["name"] for row in ROWS]
    assert [name for name in names if names.count(name) > 1] == []


def test_every_case_shows_its_arithmetic():
    assert [row["name"] for row in ROWS if not row.get("arithmetic", "").strip()] == []


def test_the_weekdays_in_the_arithmetic_are_right():
    """`read_date` refuses a weekday that is not that date's; test_days checks it against an oracle."""
    wrong = []
    for row in ROWS:
        for text in DATES.findall(row["arithmetic"]):
            try:
                read_date(text)
            except ValueError as error:
                wrong.append(f"{row['name']}: {error}")
    assert wrong == []


def test_no_case_holds_a_key_that_nothing_looks_at():
    strange = [
        (row["name"], key)
        for row in ROWS
        for key in [*(set(row) - ROW_KEYS), *(set(row["expect"]) - EXPECT_KEYS)]
    ]
    assert strange == []
    assert [name for name, content in FILES.items() if set(content) != {"case"}] == []


def test_every_case_expects_something_of_a_known_kind():
    assert [row["name"] for row in ROWS if not any(row["expect"].values())] == []
    statuses = {status for row in ROWS for status in row["expect"].get("findings", {}).values()}
    assert statuses <= STATUSES
    assert {"met", "boundary", "violated", "due", "not stated", "not applicable", "ruled"} <= statuses


def test_a_case_without_a_planned_day_zero_asks_for_findings_and_feasible_days_only():
    wrong = [
        row["name"]
        for row in ROWS
        if "planned-day-zero" not in row and set(row["expect"]) - {"findings", "feasible", "intervals"}
    ]
    assert wrong == []


def test_every_rule_of_the_trial_is_in_some_expectation():
    refs = {name.partition("/")[0] for row in ROWS for name in row["expect"].get("findings", {})}
    assert [f"T{number}" for number in range(1, 41) if f"T{number}" not in refs] == []


def test_the_cases_hold_a_leap_day_two_month_ends_and_both_clock_changes():
    """New York's clocks go forward on 8-Mar-2026 and back on 1-Nov-2026."""
    days = {row["planned-day-zero"] for row in ROWS if "planned-day-zero" in row}
    dates = {day for row in ROWS for value in row.get("dates", {}).values() for day in (value if isinstance(value, list) else [value])}
    events = {date.fromisoformat(day) for row in ROWS for day in row["expect"].get("events", {}).values() if day}
    everything = {day for day in days | dates | events if isinstance(day, date)}
    assert any((day.month, day.day) == (2, 29) for day in everything)
    assert {(12, 31), (8, 31)} <= {(day.month, day.day) for day in everything}
    assert {date(2026, 3, 8), date(2026, 11, 1)} <= everything
