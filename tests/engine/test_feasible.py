"""Which days 0 are possible: in days and in hours, as a move there would be judged."""

from datetime import date, time, timedelta

import pytest
from oracle.generate import world
from shared.player import Player, if_day_zero
from shared.small_patients import NEW_YORK, finding, planned, record

from schedule.engine.feasible import day_status
from schedule.engine.replay import replay
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.model.notation import NO_BREAK
from schedule.model.reasons.refusals import BeyondLimit, HoursMissing, NewlyViolated, WaitsForRuling
from schedule.words.findings import feasible_in_words, feasible_lines

OF_RULES = (BeyondLimit, HoursMissing, NewlyViolated, WaitsForRuling)


# One answer about a day 0 ---------------------------------------------------------------------------------------------


def status_in(found, day):
    """What the feasible days say of one day."""
    for first, last, status in found.intervals:
        if (first is None or first <= day) and (last is None or day <= last):
            return "met" if status == "due" else status
    return "violated"


def same_hour(zero, day, zone):
    try:
        return Moment(on=day, at=at_wall_time(day, zero.at.time(), zone)) if zero.at and zone else Moment(on=day)
    except WallTimeError:
        return Moment(on=day)


def differing_days(plan):
    """The days within 60 of day 0 on which a move would be judged otherwise than the feasible days say; how many were
    asked. A day 0 that is out of the question, whatever the rules say, is not asked."""
    found, asked, wrong = plan.feasible, 0, []
    zero = replay(plan.history).day_zero(found.cycle)
    for apart in range(-60, 61):
        day = zero.on + timedelta(days=apart)
        try:
            after, verdict = if_day_zero(plan, same_hour(zero, day, plan.site.zone), plan.as_of, cycle=found.cycle)
        except Refused:
            continue
        if not all(isinstance(one, OF_RULES) for one in verdict.refusals) or (apart == 0 and verdict.unchanged):
            continue
        asked += 1
        status = day_status(one for one in after.findings if one.rule in plan.protocol.rules)
        if status_in(found, day) != ("met" if status == "due" else status):
            wrong.append((day, status_in(found, day), status))
    return asked, wrong


@pytest.mark.parametrize("seed", [2, 9, 17, 23, 38, 54, 71, 140])
def test_a_day_zero_is_judged_alike_by_the_feasible_days_and_by_a_move_to_it(seed):
    made = world(seed, 8)
    player = Player(made.protocol, made.site, made.case)
    outcomes = [player.act(act) for act in made.acts]
    assert any(outcome["saved"] for outcome in outcomes)
    if player.plan.feasible is not None:
        asked, wrong = differing_days(player.plan)
        assert wrong == [] and asked > 0


# Hours ----------------------------------------------------------------------------------------------------------------

GAP = """
[courses.before]
title = "Treatment before the cells"
from = "planned-day-zero"
[activities.drug-a]
title = "drug A"
unit = "dose"
course = "before"
days = "-1"
category = "treatment"
quote = "Drug A on day -1."
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "Cells on day 0."
[rules.GAP]
title = "Cells {title} after drug A"
quote = "a gap"
[[rules.GAP.bounds]]
point = "day-zero"
safe = {safe}
"""
AFTERNOON = NEW_YORK + '[times]\ndrug-a = "14:00 to 18:00"\n'


def plain(text):
    return text.replace(NO_BREAK, " ")


def gap(*sentences):
    return GAP.format(title="so long", safe=list(sentences)).replace("'", '"')


@pytest.mark.parametrize(
    ("sentences", "zero", "status", "days", "start"),
    [
        pytest.param(["day-zero at least 16 hours after drug-a.last"], "2026-06-15 10:00", "met", [(None, None, "met")], (None, None), id="20 hours, 16 asked"),
        pytest.param(["day-zero at least 22 hours after drug-a.last"], "2026-06-15 10:00", "violated", [], (time(12), None), id="20 hours, 22 asked"),
        pytest.param(["day-zero at most 18 hours after drug-a.last"], "2026-06-15 10:00", "violated", [], (None, time(8)), id="20 hours, at most 18"),
        pytest.param(["day-zero at least 22 hours after drug-a.last"], "2026-06-15", "boundary", [(None, None, "boundary")], (time(12), None), id="no hour"),
        pytest.param(["day-zero at least 18 hours after drug-a.last ends"], "2026-06-15 10:00", "violated", [], (time(12), None), id="16 hours from the end"),
        pytest.param(["day-zero at least 16 hours after drug-a.last ends"], "2026-06-15 10:00", "met", [(None, None, "met")], (None, None), id="16 from the end"),
        pytest.param(
            ["day-zero at least 17 hours after drug-a.last", "day-zero at most 3 days after drug-a.last"], "2026-06-15 07:00", "met",
            [(None, None, "met")], (None, None), id="hours and days in one entry",
        ),
        pytest.param(
            ["day-zero at least 17 hours after drug-a.last", "day-zero at most 3 days after drug-a.last"], "2026-06-15 06:59", "violated",
            [], (time(7), None), id="a minute too early: no ruling can allow it",
        ),
    ],
)  # fmt: skip
def test_what_moves_with_day_zero_is_kept_on_every_day_or_on_none(sentences, zero, status, days, start):
    """Drug A from 14:00 to 18:00 on the day before; New York's clocks change within the years around."""
    plan = planned(gap(*sentences), zero, site=AFTERNOON)
    assert finding(plan, "GAP").status == status
    found = plan.feasible
    usual = [one for one in found.intervals if one[0] is None or one[0] != one[1]]
    assert {one[2] for one in usual} == {one[2] for one in days}
    assert found.start == start
    assert ("GAP" in found.binding) == (days == [] or days[0][2] != "met")


def test_beside_a_change_of_the_clocks_elapsed_hours_decide():
    """20 hours by the clock: 21 elapsed on Sun 1-Nov-2026, 19 on Sun 14-Mar-2027."""
    plan = planned(gap("day-zero at least 20 hours after drug-a.last"), "2026-06-15 10:00", site=AFTERNOON)
    assert [status_in(plan.feasible, day) for day in (date(2027, 3, 13), date(2027, 3, 14), date(2027, 3, 15))] == ["met", "violated", "met"]
    other = planned(gap("day-zero at least 21 hours after drug-a.last"), "2026-06-15 10:00", site=AFTERNOON)
    assert [status_in(other.feasible, day) for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2))] == ["violated", "met", "violated"]


def test_the_hours_that_would_do_are_told():
    plan = planned(gap("day-zero at least 22 hours after drug-a.last"), "2026-06-15 10:00", site=AFTERNOON)
    assert feasible_in_words(plan) == "No day 0 at 10:00 keeps every rule. What is counted in hours would be kept from 12:00 on."
    assert feasible_lines(plan) == ("Limited by: GAP Cells so long after drug A",)


SCAN = """
[dates.scan]
title = "scan"
kind = "test"
required = true
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "Cells on day 0."
[rules.SCAN]
title = "A scan 2 to 12 hours before the cells"
quote = "a scan"
[[rules.SCAN.bounds]]
point = "scan"
safe = ["day-zero at least 2 hours after scan", "day-zero at most 12 hours after scan"]
"""


def test_a_missing_test_is_due_with_its_hours_and_nothing_can_be_judged():
    """Mon 15-Jun-2026 10:00 less 12 and less 2 hours; the shipped sentence of a patient of whom nothing is known."""
    plan = planned(SCAN, "2026-06-15 10:00")
    found = finding(plan, "SCAN", "scan")
    assert (found.status, found.earliest, found.latest) == ("due", date(2026, 6, 14), date(2026, 6, 15))
    assert [(one.on, one.at.time()) for one in (found.basis[0].first, found.basis[0].last)] == [
        (date(2026, 6, 14), time(22)), (date(2026, 6, 15), time(8))
    ]  # fmt: skip
    assert plan.feasible.missing == ("scan",) and plan.feasible.earliest is None
    assert plan.feasible.intervals == ((None, None, "due"),)
    assert feasible_in_words(plan) == "Which day 0 is possible cannot be judged: 1 date is missing."
    assert feasible_lines(plan) == ("Missing: scan",)


@pytest.mark.parametrize(
    ("scan", "status", "met"),
    [
        ("2026-06-14T22:00:00", "met", [date(2026, 6, 15)]),
        ("2026-06-14T21:59:00", "violated", []),
        ("2026-06-15T08:00:00", "met", [date(2026, 6, 15)]),
        ("2026-06-15T08:01:00", "violated", []),
        ("2026-06-15", "boundary", []),
        ("2026-06-16", "violated", []),
    ],
)
def test_a_known_date_with_its_hour_is_judged_to_the_minute(scan, status, met):
    plan = planned(SCAN, "2026-06-15 10:00", dates=f"scan = {scan}")
    assert finding(plan, "SCAN", "scan").status == status
    assert [day for day in (date(2026, 6, 14), date(2026, 6, 15), date(2026, 6, 16)) if status_in(plan.feasible, day) == "met"] == met


def test_a_scan_serves_at_the_hour_that_day_zero_has():
    """Mon 8-Jun-2026 21:00 + 12 hours is Tue 9-Jun 09:00: cells at 10:00 on the 9th are an hour too late."""
    for hour, last in (("08:00", date(2026, 6, 9)), ("10:00", None)):
        plan = planned(SCAN, f"2026-06-15 {hour}", dates="scan = 2026-06-08T21:00:00")
        assert finding(plan, "SCAN", "scan").expires == last


# A slip, the end ------------------------------------------------------------------------------------------------------

LIMIT = GAP.partition("[rules.GAP]")[0] + """
[rules.DELAY]
title = "48 hours"
quote = "48 hours"
[[rules.DELAY.bounds]]
point = "day-zero"
safe = ["day-zero at most 48 hours after planned-day-zero"]
"""
BEGUN = record("drug-a-1", "given", "2026-06-14 14:00")
CELLS = record("cells-1", "given", "2026-06-15 10:00")


def test_after_treatment_has_begun_a_delay_within_the_limit_is_the_principal_investigators():
    plan = planned(LIMIT, "2026-06-15 10:00", BEGUN, site=AFTERNOON)
    assert plan.feasible.intervals == (
        (date(2026, 6, 15), date(2026, 6, 15), "met"), (date(2026, 6, 16), date(2026, 6, 17), "boundary"),
    )  # fmt: skip


def test_a_limit_for_any_cause_allows_the_days_within_it():
    text = LIMIT.replace("safe = [", "any-cause = true\nsafe = [")
    plan = planned(text, "2026-06-15 10:00", BEGUN, site=AFTERNOON)
    assert plan.feasible.intervals == ((date(2026, 6, 15), date(2026, 6, 17), "met"),)


def test_once_the_infusion_is_recorded_day_zero_no_longer_moves():
    plan = planned(LIMIT, "2026-06-15 10:00", BEGUN, CELLS, site=AFTERNOON)
    assert plan.feasible is None
    assert plain(feasible_in_words(plan)) == "Day 0 no longer moves: the infusion is recorded."
    assert feasible_lines(plan) == ()


def test_in_a_later_cycle_its_own_day_zero_is_asked():
    text = LIMIT.replace("[courses.before]", "[cycles]\nlength = \"21 days\"\ncount = 2\nquote = \"two\"\n[courses.before]")
    text = text.replace('days = "-1"', 'days = "-1"\ncycles = "1 to 2"').replace('days = "0"', 'days = "0"\ncycles = "1 to 2"')
    plan = planned(text, "2026-06-15 10:00", BEGUN, CELLS, site=AFTERNOON)
    assert (plan.feasible.cycle, plan.feasible.intervals) == (2, ((None, None, "met"),))
    assert plain(feasible_in_words(plan)).startswith("Day 0 of cycle 2 can be")


