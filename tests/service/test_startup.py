"""Before an act: a clock before the release is refused, and a Python that reckons differently ends it, with plain sentences."""

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from shared import ROOT
from shared.desk import CODE, SURE, desk, planned  # noqa: F401
from shared.failures import said
from shared.web_ward import open_ward

from schedule.model.errors import NotDone, Reckoning
from schedule.service import startup
from schedule.words.failures import error_in_words


@pytest.fixture(autouse=True)
def fresh():
    """The check is made once in a process; here in every test."""
    startup.check_reckoning.cache_clear()
    yield
    startup.check_reckoning.cache_clear()


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2025, 6, 15, tzinfo=UTC), startup.BUILT - timedelta(seconds=1)])
def test_a_clock_before_the_release_is_refused_with_both_dates(now):
    with pytest.raises(NotDone) as refused:
        startup.check_clock(now)
    text = said(refused.value)
    assert f"{now:%d}-" in text and "Dayzero was made after Fri 02-Jan-2026. Set the clock right; nothing was saved." in text


@pytest.mark.parametrize("now", [startup.BUILT, datetime(2028, 2, 29, 23, 59, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)])
def test_any_later_clock_will_do(now):
    startup.ready(now)


def test_the_cases_come_out_and_take_milliseconds():
    begin = time.perf_counter()
    startup.check_reckoning()
    assert time.perf_counter() - begin < 0.1
    assert len(startup.SUMS) + len(startup.LIMITS) >= 18


def one_late(real, unit):
    return lambda start, count, kind, months: real(start, count, kind, months) + timedelta(days=kind == unit)


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_each_kind_of_sum_that_comes_out_differently_is_seen(monkeypatch, unit):
    monkeypatch.setattr(startup, "add", one_late(startup.add, unit))
    with pytest.raises(Reckoning) as seen:
        startup.check_reckoning()
    assert "does not calculate correctly" in error_in_words(seen.value, "terminal")


def test_zone_data_without_summer_time_are_seen(monkeypatch):
    from zoneinfo import ZoneInfo

    monkeypatch.setattr(startup, "zone", lambda name: ZoneInfo("Etc/GMT+5"))
    with pytest.raises(Reckoning) as seen:
        startup.check_reckoning()
    said = "48 hours from 2026-06-15T10:00-04:00 in New York is 2026-06-17T10:00-04:00"
    assert said in error_in_words(seen.value, "terminal")


def test_a_month_of_thirty_days_is_seen_and_the_sentence_says_what_differs(monkeypatch):
    real = startup.add
    monkeypatch.setattr(
        startup, "add", lambda start, n, unit, rule: start + timedelta(days=30 * n) if unit == "months" else real(start, n, unit, rule)
    )
    with pytest.raises(Reckoning) as seen:
        startup.check_reckoning()
    assert error_in_words(seen.value, "terminal").startswith(
        "Dayzero does not calculate correctly on this computer: Tue 20-Jan-2026 + 2 months is Fri 20-Mar-2026, but comes out as Sat 21-Mar-2026."
    )
    assert date(2026, 1, 20) + timedelta(days=60) == date(2026, 3, 21)


def test_an_act_by_an_early_clock_ends_with_3_and_saves_nothing(planned):
    planned.seconds = int(datetime(2020, 2, 29, tzinfo=UTC).timestamp())
    planned.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(planned.seconds))
    code, out, err = planned.run("note", CODE, "x")
    assert (code, out) == (3, "") and "Dayzero was made after" in err
    assert planned.revisions == [1]


def test_an_act_on_a_computer_that_reckons_wrong_ends_with_70_and_saves_nothing(planned, monkeypatch):
    startup.check_reckoning.cache_clear()  # the plan that was made has passed it
    monkeypatch.setattr(startup, "add", one_late(startup.add, "days"))
    code, out, err = planned.run("slip", CODE, "--to", "2026-06-22 10:00", *SURE)
    assert (code, out) == (70, "")
    assert err.startswith("Dayzero does not calculate correctly on this computer:") and "Traceback" not in err and len(err.splitlines()) == 1
    assert planned.revisions == [1]


# the ward page asks it as well ---------------------------------------------------------------------------------------


@pytest.fixture
def ward(tmp_path):
    with open_ward(tmp_path) as made:
        yield made


def test_an_act_of_the_ward_page_on_a_computer_that_reckons_wrong_saves_nothing(ward, monkeypatch):
    before = ward.revisions("SLIP-1")
    startup.check_reckoning.cache_clear()  # the acts that made the ward have passed it
    monkeypatch.setattr(startup, "add", one_late(startup.add, "days"))
    for do in ("check", "save"):
        answer = ward.post("/p/SLIP-1/note", {"based-on": str(before[-1]), "text": "told", "do": do})
        assert answer.status_code == 500
    assert ward.revisions("SLIP-1") == before


def test_an_act_of_the_ward_page_by_an_early_clock_saves_nothing(ward):
    before = ward.revisions("SLIP-1")
    ward.at("2020-02-29 08:00")
    answer = ward.post("/p/SLIP-1/note", {"based-on": str(before[-1]), "text": "told", "do": "check"})
    assert answer.status_code == 503 and "Nothing was saved" in answer.text
    assert ward.revisions("SLIP-1") == before


def test_no_environment_variable_is_the_clock_of_an_act():
    """SOURCE_DATE_EPOCH, which builds set, dates the demonstration alone: an act under it would be dated in 2026-05."""
    code = "from schedule.commands.common import made_at, now; print(now().isoformat(), made_at().isoformat())"
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1779796800", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    acted, made = map(datetime.fromisoformat, done.stdout.split())
    assert abs((acted - datetime.now(UTC)).total_seconds()) < 120
    assert made == datetime(2026, 5, 26, 12, tzinfo=UTC)
