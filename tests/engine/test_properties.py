"""Relations that must hold between two plans, whatever the patient: what moves together, and what moves nothing.

Relations that need a slip of day 0 wait for slips.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from shared import ROOT, SHIPPED, TESTS

from schedule.engine.plan import lay_out
from schedule.files.protocol_file import read_protocol
from schedule.model.notation import MONTHS

DAY_ZERO = st.dates(date(2025, 1, 1), date(2030, 12, 31))
NAMES = (
    "transplant", "taper-completed", "gvhd-prophylaxis-last", "chemotherapy-last", "venetoclax-last", "dli-last", "disease-assessment",
    "marrow", "organ-function", "virology",
)  # fmt: skip
GAPS = st.fixed_dictionaries({}, optional={name: st.lists(st.integers(-3, 90), min_size=1, max_size=2, unique=True) for name in NAMES})
EVERYTHING = {
    "il2-days": "+1 to +13 every 2 days", "dlt-end": "+28", "donor-collection": "-1", "response-marrow": "+28 ±3",
    "chimerism-after-infusion": "+7, +14", "follow-up": "+42, +100", "pregnancy-test-window": "-7 to -1", "virology-window": "-42 to -1",
}  # fmt: skip


@pytest.fixture(scope="module")
def full_site(site_of):
    """A site that gives every parameter and some hours outside the night, so that no clock change is in the way."""
    return site_of(EVERYTHING, {"fludarabine": "09:00", "il2": "20:00"})


def dates_before(day, gaps):
    return {name: [day - timedelta(days=gap) for gap in values] for name, values in gaps.items()}


def window(event):
    """The first and the last date of an event's window, if it has one."""
    return (event.earliest.on, event.latest.on) if event.earliest is not None else None


def shown(events):
    return {(e.id, e.on, e.last_date, window(e), e.start, e.end, e.label, e.basis, e.title, e.status) for e in events}


# Moving day 0 --------------------------------------------------------------------------------------------------------


@given(DAY_ZERO, st.integers(-400, 400))
def test_moving_day_zero_by_n_days_moves_every_event_by_n_days(plan_of, full_site, day, n):
    """But for months, which are counted in the calendar from the last IL-2 dose."""
    first, second = (plan_of(full_site, planned_day_zero=at) for at in (day, day + timedelta(days=n)))
    moved = {e.id: (e.on - day, e.label if e.activity != "contraception-end" else "") for e in first.events}
    assert {e.id: (e.on - day - timedelta(days=n), e.label if e.activity != "contraception-end" else "") for e in second.events}.keys() == moved.keys()
    for before in first.events:
        after = next(event for event in second.events if event.id == before.id)
        if before.activity == "contraception-end":
            continue
        assert (after.id, after.on - before.on) == (before.id, timedelta(days=n))
        assert (after.label, after.day, after.of) == (before.label, before.day, before.of)
        if window(before):
            assert [b - a for a, b in zip(window(before), window(after), strict=True)] == [timedelta(days=n)] * 2
        if before.start:
            assert (after.start.time(), after.end.time()) == (before.start.time(), before.end.time())


@given(DAY_ZERO, st.integers(-400, 400), GAPS)
def test_moving_the_patient_with_day_zero_changes_no_verdict_that_counts_in_days(plan_of, full_site, day, n, gaps):
    gaps = {name: values for name, values in gaps.items() if name != "transplant"}
    later = day + timedelta(days=n)
    first, second = (
        plan_of(full_site, planned_day_zero=at, dates=dates_before(at, gaps), as_of=datetime.combine(at, time()) - timedelta(days=9))
        for at in (day, later)
    )
    move = timedelta(days=n)
    for before, after in zip(first.findings, second.findings, strict=True):
        if before.rule in ("T8", "T9"):
            continue  # months after the transplant
        assert (after.ref, after.point, after.status, after.overdue) == (before.ref, before.point, before.status, before.overdue)
        for name in ("actual", "earliest", "latest", "expires"):
            was = getattr(before, name)
            assert (name, getattr(after, name)) == (name, was + move if was else None)
    moved = tuple((a + move if a else None, b + move if b else None, status) for a, b, status in first.feasible.intervals)
    assert second.feasible.intervals == moved
    assert (second.feasible.binding, second.feasible.next) == (first.feasible.binding, first.feasible.next)


@given(st.integers(1, 28), st.integers(1, 3650))
def test_after_a_leap_day_dates_of_2028_lie_one_calendar_day_before_those_of_2027(plan_of, site_of, day, offset):
    """The same day and month of February as day 0: whatever lies after 29-Feb-2028 is one day earlier in its year."""
    site = site_of({"follow-up": f"+{min(offset, 300)}"})
    common, leap = (plan_of(site, planned_day_zero=date(year, 2, day)).events[-1].on for year in (2027, 2028))
    if (leap.month, leap.day) > (2, 28):
        assert leap + timedelta(days=1) == (common.replace(year=2028) if common.year == 2027 else common.replace(year=2029))
    else:
        assert leap == common.replace(year=2028)


@given(DAY_ZERO, GAPS)
def test_a_day_zero_that_plans_without_violation_and_question_is_a_feasible_one(plan_of, full_site, day, gaps):
    """What the findings say of the planned day and what the feasible days say of it agree, dates still open apart."""
    plan = plan_of(full_site, planned_day_zero=day, dates=dates_before(day, gaps))
    status = next(
        (s for first, last, s in plan.feasible.intervals if (first is None or first <= day) and (last is None or day <= last)), "none"
    )
    found = {finding.status for finding in plan.findings}
    known = "met" if gaps else "due"
    assert status == ("none" if "violated" in found else "boundary" if "boundary" in found else known)


# Windows -------------------------------------------------------------------------------------------------------------


@given(DAY_ZERO, GAPS)
def test_a_window_begins_before_it_ends_and_holds_its_date_or_the_rule_is_not_met(plan_of, full_site, day, gaps):
    plan = plan_of(full_site, planned_day_zero=day, dates=dates_before(day, gaps))
    for event in plan.events:
        assert window(event) is None or window(event)[0] <= event.on <= window(event)[1]
        assert event.last_date is None or event.on <= event.last_date
        assert event.start is None or (event.start.date() == event.on and event.start <= event.end)
    for f in plan.findings:
        if f.earliest and f.latest:
            assert f.earliest <= f.latest
        if f.aim and f.status == "due":
            assert (f.earliest or f.aim[0]) <= f.aim[0] <= f.aim[1] <= (f.latest or f.aim[1])
        if f.status == "met" and f.actual and str(f.point) in NAMES:
            assert (f.earliest or f.actual) <= f.actual <= (f.latest or f.actual)
        if f.status in ("boundary", "violated") and f.actual and str(f.point) in NAMES and (f.earliest or f.latest):
            assert not (f.earliest or f.actual) <= f.actual <= (f.latest or f.actual)


@given(DAY_ZERO, GAPS, st.sampled_from(NAMES), st.integers(1, 60))
def test_an_earlier_last_dose_never_makes_a_verdict_worse(plan_of, full_site, day, gaps, name, earlier):
    """Washouts only: the transplant, the taper and the last doses; tests have two ends."""
    if name in ("disease-assessment", "marrow", "organ-function", "virology"):
        return
    order = {"violated": 0, "boundary": 1, "due": 2, "met": 3}
    before = {name: [day - timedelta(days=gap) for gap in gaps.get(name, [10])]}
    after = {name: [at - timedelta(days=earlier) for at in before[name]]}
    found = [
        {f.ref: order[f.status] for f in plan_of(full_site, planned_day_zero=day, dates=dates).findings if str(f.point) == name}
        for dates in (before, after)
    ]
    assert found[0].keys() == found[1].keys() != set()
    assert all(found[1][ref] >= grade for ref, grade in found[0].items())


# What changes nothing ------------------------------------------------------------------------------------------------


@given(DAY_ZERO, st.integers(-60, 200), st.sampled_from(["", 'at = "06:00"', 'at = "02:30"']))
def test_a_task_of_the_sites_own_leaves_all_other_events_and_verdicts_alone(plan_of, site_of, day, offset, at):
    task = f'[[tasks]]\nid = "weight"\ntitle = "weigh"\ndays = "{offset}"\n{at}\n'
    less, more = (
        plan_of(site_of(EVERYTHING, {"il2": "20:00"}, f"tasks = [{text}]"), planned_day_zero=day, dates={"marrow": day - timedelta(days=9)})
        for text in ("", inline(task))
    )
    assert shown(less.events) == {entry for entry in shown(more.events) if entry[0] != "weight-1"}
    assert len(more.events) == len(less.events) + 1
    assert less.findings == tuple(f for f in more.findings if f.rule != "clock-change")
    assert less.feasible == more.feasible


def inline(task):
    """A [[tasks]] table as one inline table."""
    return "{ " + ", ".join(line for line in task.splitlines()[1:] if line) + " }"


def blocks_of(text):
    """The protocol file cut into its head and its tables, each table with the tables of its list behind it."""
    parts = re.split(r"(?m)^(?=\[(?!\[))", text)
    return parts[0], parts[1:]


TABLES = len(re.findall(r"(?m)^\[(?!\[)", SHIPPED.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def plans_of(protocol, protocol_text, full_site, case_of):
    """The same patient's plan by the shipped file and by the file as `rewrite` leaves it."""

    def make(rewrite, day, gaps):
        other = read_protocol(rewrite(protocol_text), "rewritten.toml")
        assert (set(other.rules), set(other.activities)) == (set(protocol.rules), set(protocol.activities))
        case = case_of(full_site, planned_day_zero=day, dates=dates_before(day, gaps))
        return [lay_out(which, full_site, case, datetime(2026, 1, 1)) for which in (protocol, other)]

    return make


@settings(max_examples=100)
@given(st.permutations(range(TABLES)), DAY_ZERO, GAPS)
@example(list(reversed(range(TABLES))), date(2026, 6, 15), {"taper-completed": [5], "marrow": [9]})
def test_the_order_of_activities_and_rules_in_the_file_changes_no_date_and_no_verdict(plans_of, order, day, gaps):
    def shuffled(text):
        head, blocks = blocks_of(text)
        assert len(blocks) == TABLES
        return head + "".join(blocks[number].rstrip("\n") + "\n" for number in order)

    first, second = plans_of(shuffled, day, gaps)
    assert shown(first.events) == shown(second.events)
    assert {said(f) for f in first.findings if tied(first, f)} == {said(f) for f in second.findings if tied(second, f)}
    for name in ("earliest", "latest", "intervals"):
        assert getattr(first.feasible, name) == getattr(second.feasible, name)
    for name in ("assumes", "binding", "next"):
        assert (name, set(getattr(first.feasible, name))) == (name, set(getattr(second.feasible, name)))


def tied(plan, finding):
    """Not the rules about assessment, taper and transplant while they leave the assessment no date: there the first of two
    rules in conflict is named."""
    lost = any(f.rule == "T6" and f.actual is None and f.status in ("boundary", "violated") for f in plan.findings)
    return not (lost and finding.rule in ("T6", "T7", "T8", "T9"))


def said(finding):
    """What a finding says, but for the order in which its basis names rules."""
    return replace(finding, basis="")


@settings(max_examples=100)
@given(DAY_ZERO, GAPS)
def test_titles_change_no_date_and_no_verdict(plans_of, day, gaps):
    def renamed(text):
        found = re.sub(r'(?m)^title = ".*"$', 'title = "something else"', text)
        assert tomllib.loads(found) != tomllib.loads(text)
        return found

    first, second = plans_of(renamed, day, gaps)
    assert [(e.id, e.on, e.start) for e in first.events] == [(e.id, e.on, e.start) for e in second.events]
    plain = [(f.ref, f.point, f.status, f.earliest, f.latest, f.aim, f.expires) for f in first.findings]
    assert plain == [(f.ref, f.point, f.status, f.earliest, f.latest, f.aim, f.expires) for f in second.findings]
    assert first.feasible == second.feasible


@given(DAY_ZERO, GAPS, st.integers(6 * 24 * 60, 400 * 24 * 60))
def test_before_treatment_the_moment_of_as_of_changes_no_date_and_no_verdict_of_known_dates(plan_of, full_site, day, gaps, minutes):
    dates, as_of = dates_before(day, gaps), datetime.combine(day, time()) - timedelta(minutes=minutes)
    first, second = (plan_of(full_site, as_of=at, planned_day_zero=day, dates=dates) for at in (datetime(2024, 1, 1), as_of))
    assert [(e.id, e.on, e.start) for e in first.events] == [(e.id, e.on, e.start) for e in second.events]
    assert [(f.ref, f.status, f.earliest, f.latest) for f in first.findings] == [
        (f.ref, f.status, f.earliest, f.latest) for f in second.findings
    ]
    assert first.feasible == second.feasible


PROBE = """
import json, locale, sys, time
from datetime import datetime
from pathlib import Path
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
if hasattr(time, "tzset"):
    time.tzset()
from schedule.engine.plan import lay_out
from schedule.files.protocol_file import read_protocol
from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.words.basis import basis_of
from schedule.words.findings import finding_basis
root = Path(sys.argv[1])
text = lambda *parts: root.joinpath(*parts).read_text(encoding="utf-8")
protocol = read_protocol(text("schedule", "protocols", "nct04024761.toml"), "p")
site = read_site(text("examples", "site.toml"), "s", protocol)
case = read_case(text("examples", "ciml-017.toml"), "c", protocol, site)
plan = lay_out(protocol, site, case, datetime(2026, 5, 26, 8))
said = [basis_of(one, "day 0") for one in plan.events] + [finding_basis(one, "day 0") for one in plan.findings]
values = repr((plan.events, plan.findings, plan.feasible, plan.not_stated, plan.schedule_id, said))
print(json.dumps({"zone": time.timezone, "plan": values}))
"""


def probed(**environment):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV", "HOME")}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(ROOT)], env=kept | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True, check=True, timeout=60, cwd=TESTS,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_zone_language_and_hash_seed_of_the_machine_change_nothing():
    plain = probed(TZ="UTC", LC_ALL="C", PYTHONHASHSEED="0")
    others = [
        probed(TZ="Pacific/Apia", LC_ALL="C", PYTHONHASHSEED="1"),
        probed(TZ="America/New_York", LC_ALL="C.UTF-8", PYTHONHASHSEED="2"),
        probed(TZ="Asia/Kolkata", LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8", PYTHONHASHSEED="3"),
        probed(TZ="Australia/Lord_Howe", LC_ALL="ar_EG.UTF-8", LANGUAGE="ar", PYTHONHASHSEED="4", PYTHONUTF8="0"),
    ]
    assert {probe["zone"] for probe in (plain, *others)} == {0, -13 * 3600, 5 * 3600, -19800, -37800}
    assert [probe["plan"] for probe in others] == [plain["plan"]] * 4
    assert any(month in plain["plan"] for month in MONTHS)
